/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/assert-write.h"

#include "app/cli/cli-json.h"

#include <math.h>
#include <string.h>

static const struct
{
  const char *id;    /* in JSON */
  const char *label; /* in text */
} results[] = {
  [GANDER_ASSERT_PASSED] = { "passed", "ok" },
  [GANDER_ASSERT_FAILED] = { "failed", "FAIL" },
  [GANDER_ASSERT_NOT_KNOWN] = { "not-known", "FAIL" },
};

static const char *const units[GANDER_N_COLUMN_TYPES] = {
  [GANDER_COLUMN_COUNT] = "count",
  [GANDER_COLUMN_DURATION] = "ns",
  [GANDER_COLUMN_BYTES] = "bytes",
  [GANDER_COLUMN_SHARE] = "share",
};

guint
gander_assert_count_failed (const GanderAssertOutcome *self)
{
  guint n = 0;

  for (guint i = 0; i < self->conditions->len; i++)
    n += g_array_index (self->conditions, GanderAssertCondition, i).result != GANDER_ASSERT_PASSED;
  return n;
}

static char *
format_figure (const GanderAssertFigure *figure, const GanderTimesStyle *style)
{
  return figure->known ? gander_value_format (&figure->value, style) : g_strdup ("not known");
}

/* Returns: (transfer full) "sched.p99 = 7.31ms, gc.cycles = 3". */
static char *
format_measured (const GanderAssertOutcome *self,
                 const GanderAssertCondition *condition,
                 const GanderTimesStyle *style)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < condition->figures->len; i++)
    {
      guint number = g_array_index (condition->figures, guint, i);
      const GanderAssertFigure *figure = &g_array_index (self->figures, GanderAssertFigure, number);
      g_autofree char *value = format_figure (figure, style);

      g_string_append_printf (text, "%s%s = %s", i == 0 ? "" : ", ", figure->name, value);
    }
  return g_string_free (text, FALSE);
}

static const GanderColumn condition_columns[] = {
  { "result", "Result", GANDER_COLUMN_TEXT, FALSE },
  { "condition", "Fail if", GANDER_COLUMN_TEXT, FALSE },
  { "measured", "Measured", GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn figure_columns[] = {
  { "name", "Figure", GANDER_COLUMN_TEXT, FALSE },
  { "value", "Value", GANDER_COLUMN_FIGURE, FALSE },
  { "meaning", "Meaning", GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn name_columns[] = {
  { "name", "Figure", GANDER_COLUMN_TEXT, FALSE },
  { "unit", "Unit", GANDER_COLUMN_TEXT, FALSE },
  { "meaning", "Meaning", GANDER_COLUMN_TEXT, FALSE },
};

static void
write_conditions (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  g_autoptr (GanderTable) table =
      gander_table_new (condition_columns, G_N_ELEMENTS (condition_columns));

  for (guint i = 0; i < self->conditions->len; i++)
    {
      const GanderAssertCondition *condition =
          &g_array_index (self->conditions, GanderAssertCondition, i);
      g_autofree char *measured = format_measured (self, condition, &call->times);
      guint row = gander_table_append (table);

      gander_table_set_text (table, row, 0, results[condition->result].label);
      gander_table_set_text (table, row, 1, condition->text);
      gander_table_set_text (table, row, 2, measured);
    }
  gander_call_write_table (call, output, table);
}

static void
write_figures (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  g_autoptr (GanderTable) table =
      self->index == NULL ? gander_table_new (name_columns, G_N_ELEMENTS (name_columns))
                          : gander_table_new (figure_columns, G_N_ELEMENTS (figure_columns));

  for (guint i = 0; i < self->figures->len; i++)
    {
      const GanderAssertFigure *figure = &g_array_index (self->figures, GanderAssertFigure, i);
      g_autofree char *value = format_figure (figure, &call->times);
      guint row = gander_table_append (table);

      gander_table_set_text (table, row, 0, figure->name);
      gander_table_set_text (table,
                             row,
                             1,
                             self->index == NULL ? units[figure->value.type] : value);
      gander_table_set_text (table, row, 2, figure->meaning);
    }
  gander_call_write_table (call, output, table);
}

static void
write_text (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  if (self->conditions->len > 0)
    write_conditions (self, call, output);
  else
    write_figures (self, call, output);
}

static JsonObject *
json_from_figure (const GanderAssertFigure *figure)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", figure->name);
  json_object_set_string_member (object, "unit", units[figure->value.type]);
  if (!figure->known || (figure->value.type == GANDER_COLUMN_SHARE && isnan (figure->value.share)))
    json_object_set_null_member (object, "value");
  else if (figure->value.type == GANDER_COLUMN_SHARE)
    json_object_set_double_member (object, "value", figure->value.share);
  else
    json_object_set_int_member (object, "value", figure->value.integer);
  return object;
}

static JsonObject *
json_from_condition (const GanderAssertOutcome *self, const GanderAssertCondition *condition)
{
  JsonObject *object = json_object_new ();
  JsonArray *names = json_array_new ();

  json_object_set_string_member (object, "condition", condition->text);
  json_object_set_string_member (object, "result", results[condition->result].id);
  for (guint i = 0; i < condition->figures->len; i++)
    {
      guint number = g_array_index (condition->figures, guint, i);

      json_array_add_string_element (names,
                                     g_array_index (self->figures, GanderAssertFigure, number)
                                         .name);
    }
  json_object_set_array_member (object, "figures", names);
  return object;
}

static void
write_json (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  JsonObject *object = gander_json_new ("assert");
  JsonArray *conditions = json_array_new ();
  JsonArray *figures = json_array_new ();

  (void)call;
  if (self->index != NULL)
    {
      gander_json_set_trace (object, self->index);
      json_object_set_int_member (object, "begin_ns", self->begin);
      json_object_set_int_member (object, "end_ns", self->end);
    }
  for (guint i = 0; i < self->conditions->len; i++)
    json_array_add_object_element (conditions,
                                   json_from_condition (self,
                                                        &g_array_index (self->conditions,
                                                                        GanderAssertCondition,
                                                                        i)));
  for (guint i = 0; i < self->figures->len; i++)
    json_array_add_object_element (figures,
                                   json_from_figure (
                                       &g_array_index (self->figures, GanderAssertFigure, i)));
  json_object_set_array_member (object, "conditions", conditions);
  json_object_set_array_member (object, "figures", figures);
  json_object_set_int_member (object, "failed", gander_assert_count_failed (self));
  gander_json_write (output, object, TRUE);
}

/* XML 1.0 has no way to write most control characters. */
static char *
escape_xml (const char *text)
{
  g_autofree char *harmless = gander_text_escape (text);

  return g_markup_escape_text (harmless, -1);
}

static void
write_junit (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  g_autofree char *path = escape_xml (self->path);

  gander_output_printf (output,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<testsuite name=\"gander assert\" tests=\"%u\" failures=\"%u\">\n",
                        self->conditions->len,
                        gander_assert_count_failed (self));
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const GanderAssertCondition *condition =
          &g_array_index (self->conditions, GanderAssertCondition, i);
      g_autofree char *measured = format_measured (self, condition, &call->times);
      g_autofree char *escaped = escape_xml (measured);
      g_autofree char *text = escape_xml (condition->text);

      gander_output_printf (output, "  <testcase classname=\"%s\" name=\"not: %s\">\n", path, text);
      if (condition->result == GANDER_ASSERT_PASSED)
        gander_output_printf (output, "    <system-out>%s</system-out>\n", escaped);
      else
        gander_output_printf (output, "    <failure message=\"%s\"/>\n", escaped);
      gander_output_write (output, "  </testcase>\n", -1);
    }
  gander_output_write (output, "</testsuite>\n", -1);
}

/* The data of a workflow command of GitHub. */
static char *
escape_github (const char *text)
{
  GString *escaped = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (strchr ("%\r\n", *p) != NULL)
      g_string_append_printf (escaped, "%%%02X", *p);
    else
      g_string_append_c (escaped, *p);
  return g_string_free (escaped, FALSE);
}

static void
write_github (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  for (guint i = 0; i < self->conditions->len; i++)
    {
      const GanderAssertCondition *condition =
          &g_array_index (self->conditions, GanderAssertCondition, i);
      g_autofree char *measured = format_measured (self, condition, &call->times);
      g_autofree char *line =
          g_strdup_printf ("%s (%s): %s", condition->text, self->path, measured);
      g_autofree char *escaped = escape_github (line);

      gander_output_printf (output,
                            "::%s title=gander assert::%s\n",
                            condition->result == GANDER_ASSERT_PASSED ? "notice" : "error",
                            escaped);
    }
}

static const struct
{
  const char *id;
  void (*write) (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output);
} writers[] = {
  { "text", write_text },
  { "json", write_json },
  { "junit", write_junit },
  { "github", write_github },
};

void
gander_assert_write (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++)
    if (g_str_equal (call->format, writers[i].id))
      writers[i].write (self, call, output);
}
