/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"
#include "app/cli/profile-write.h"

#include <string.h>

/* Formats that are made from the table. */
#define TABLE_FORMATS "text csv tsv json"

static const struct
{
  const char *name;
  GanderProfileLabels label;
} labels[] = {
  { "state", GANDER_LABEL_STATE },       { "reason", GANDER_LABEL_REASON },
  { "function", GANDER_LABEL_FUNCTION }, { "task", GANDER_LABEL_TASK },
  { "region", GANDER_LABEL_REGION },     { "goroutine", GANDER_LABEL_GOROUTINE },
};

static const struct
{
  const char *id;
  void (*write) (const GanderProfileView *view, GanderOutput *output);
} writers[] = {
  { "pprof", gander_profile_write_pprof },
  { "folded", gander_profile_write_folded },
  { "speedscope", gander_profile_write_speedscope },
  { "svg", gander_profile_write_svg },
};

/* What the end of a file's name says; the longer ends first. */
static const struct
{
  const char *suffix;
  const char *format;
} suffixes[] = {
  { ".speedscope.json", "speedscope" },
  { ".json", "json" },
  { ".folded", "folded" },
  { ".csv", "csv" },
  { ".tsv", "tsv" },
  { ".txt", "text" },
  { ".svg", "svg" },
};

static gboolean
get_kind (const GanderCall *call, GanderProfileKind *kind, GError **error)
{
  const char *name = call->options.type;

  if (name == NULL)
    return gander_cli_error_set_usage (error,
                                       "say which profile: --type net, sync, syscall, sched or "
                                       "waker");
  for (guint i = 0; i < GANDER_N_PROFILES; i++)
    if (g_str_equal (name, gander_profile_kind_get_id ((GanderProfileKind)i)))
      *kind = (GanderProfileKind)i;
  return TRUE;
}

static gboolean
get_rule (const GanderCall *call, GanderProfileOptions *options, GError **error)
{
  if (call->options.compat == NULL)
    return TRUE;
  options->rule = GANDER_PROFILE_GO;
  if (options->kind != GANDER_PROFILE_WAKER)
    return TRUE;
  return gander_cli_error_set_usage (error, "--compat go: go tool trace has no profile by waker");
}

static gboolean
add_label (const char *name, GanderProfileLabels *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].name, name))
      {
        *out |= labels[i].label;
        return TRUE;
      }
  return FALSE;
}

/* Without --labels, all; but a sample for each goroutine only where they are few. */
static gboolean
get_labels (const GanderCall *call,
            const GanderIndex *index,
            GanderProfileLabels *out,
            GError **error)
{
  const char *list = call->options.labels;
  g_auto (GStrv) names = g_strsplit (list == NULL ? "" : list, ",", -1);

  *out = 0;
  if (list == NULL)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
        *out |= labels[i].label;
      if (gander_index_get_facts (index)->n_goroutines > GANDER_FEW_GOROUTINES)
        *out &= ~(guint)GANDER_LABEL_GOROUTINE;
      return TRUE;
    }
  if (g_str_equal (list, "none"))
    return TRUE;
  for (guint i = 0; names[i] != NULL; i++)
    if (!add_label (names[i], out))
      return gander_cli_error_set_usage (error,
                                         "--labels %s: there are state, reason, function, task, "
                                         "region, goroutine, or none of them: none",
                                         names[i]);
  return TRUE;
}

/* On a terminal one wants to read; elsewhere goes what pprof reads. */
static const char *
choose_format (const GanderCall *call, const GanderOutput *output)
{
  const char *path = call->options.output;

  if (call->options.format != NULL || call->options.json)
    return call->format;
  if (path != NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
      if (g_str_has_suffix (path, suffixes[i].suffix))
        return suffixes[i].format;
  return gander_output_is_terminal (output) ? "text" : call->format;
}

static gboolean
is_table (const char *format)
{
  g_auto (GStrv) list = g_strsplit (TABLE_FORMATS, " ", -1);

  return g_strv_contains ((const char *const *)list, format);
}

/* Returns: (transfer full) a 1 for each record that has a row in @table. */
static guint8 *
find_kept (const GanderProfile *profile, const GanderTable *table)
{
  guint n = 0;
  guint column = (guint)gander_table_find_column (table, "rank");
  guint8 *keep = NULL;

  (void)gander_profile_get_records (profile, &n);
  keep = g_malloc0 (MAX (n, 1));
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    keep[gander_table_get_integer (table, row, column) - 1] = 1;
  return keep;
}

static void
write_heading (const GanderProfileView *view, GanderOutput *output)
{
  const GanderProfileOptions *options = gander_profile_get_options (view->profile);
  g_autoptr (GString) sum = g_string_new (NULL);

  gander_profile_append_sum (view, sum);
  gander_output_printf (output,
                        "%s: %s%s\n%s\n\n",
                        gander_profile_kind_get_id (options->kind),
                        gander_profile_kind_get_title (options->kind),
                        options->rule == GANDER_PROFILE_GO ? ", as go tool trace counts" : "",
                        sum->str);
}

static JsonArray *
make_stack (const GanderProfileView *view, gint64 rank)
{
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (view->profile, &n);
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint depth = gander_stack_get_frames (view->index, records[rank - 1].stack, frames);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < depth; i++)
    {
      g_autofree char *text = gander_stack_format_frame (view->index, &frames[i]);
      json_array_add_string_element (array, text);
    }
  return array;
}

static void
write_json (const GanderProfileView *view, const GanderTable *table, GanderOutput *output)
{
  const GanderProfileFigures *sum = gander_profile_get_sum (view->profile);
  const GanderProfileOptions *options = gander_profile_get_options (view->profile);
  JsonObject *object = gander_json_new ("profile");
  JsonObject *figures = json_object_new ();
  JsonArray *records = gander_json_from_table (table);

  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonObject *record = json_array_get_object_element (records, i);
      json_object_set_array_member (record,
                                    "stack",
                                    make_stack (view, json_object_get_int_member (record, "rank")));
    }
  json_object_set_int_member (figures, "count", (gint64)sum->count);
  json_object_set_int_member (figures, "open", (gint64)sum->open);
  json_object_set_int_member (figures, "total_ns", sum->total);
  json_object_set_int_member (figures, "max_ns", sum->max);
  json_object_set_int_member (figures, "p50_ns", sum->p50);
  json_object_set_int_member (figures, "p95_ns", sum->p95);
  json_object_set_int_member (figures, "p99_ns", sum->p99);
  gander_json_set_trace (object, view->index);
  json_object_set_string_member (object, "type", gander_profile_kind_get_id (options->kind));
  json_object_set_string_member (object,
                                 "rule",
                                 options->rule == GANDER_PROFILE_GO ? "go" : "sound");
  json_object_set_boolean_member (object, "at_least", view->at_least);
  json_object_set_int_member (object, "begin_ns", view->begin);
  json_object_set_int_member (object, "end_ns", view->end);
  json_object_set_object_member (object, "sum", figures);
  json_object_set_array_member (object, "records", records);
  gander_json_write (output, object, TRUE);
}

static void
write_table (GanderCall *call,
             GanderProfileView *view,
             const GanderTable *table,
             GanderOutput *output)
{
  gboolean text = g_str_equal (call->format, "text");

  if (g_str_equal (call->format, "json"))
    {
      write_json (view, table, output);
      return;
    }
  if (text)
    write_heading (view, output);
  gander_call_write_table (call, output, table);
  if (text && call->options.stacks)
    gander_profile_write_stacks (view, output);
}

static gboolean
write_profile (GanderCall *call, GanderProfileView *view, GanderOutput *output, GError **error)
{
  gboolean selects =
      call->options.filter != NULL || call->options.sort != NULL || call->options.top > 0;
  g_autoptr (GanderTable) table = NULL;
  g_autofree guint8 *keep = NULL;

  if (selects || is_table (call->format))
    table = gander_profile_to_table (view->profile);
  if (selects)
    {
      if (!gander_call_select_rows (call, table, error))
        return FALSE;
      view->keep = keep = find_kept (view->profile, table);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (writers); i++)
    if (g_str_equal (call->format, writers[i].id))
      writers[i].write (view, output);
  if (is_table (call->format))
    write_table (call, view, table, output);
  return gander_output_close (output, error);
}

gboolean
gander_command_profile (GanderCall *call, GError **error)
{
  GanderProfileOptions options = { 0 };
  GanderProfileView view = { 0 };
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderProfile) profile = NULL;
  g_autoptr (GanderOutput) output = NULL;

  if (!get_kind (call, &options.kind, error) || !get_rule (call, &options, error))
    return FALSE;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  call->format = choose_format (call, output);
  if (g_str_equal (call->format, "pprof") && gander_output_is_terminal (output))
    return gander_cli_error_set_usage (error,
                                       "a pprof file is not for a terminal; send it on with | or "
                                       ">, or name a file with --output");
  index = gander_call_load (call, call->files[0], error);
  if (index == NULL)
    return FALSE;
  scope = gander_call_get_scope (call, index, error);
  if (scope == NULL || !get_labels (call, index, &options.labels, error))
    return FALSE;
  options.percentiles = call->options.filter != NULL || call->options.sort != NULL ||
                        (is_table (call->format) && !g_str_equal (call->format, "text"));
  if (!g_str_equal (call->format, "pprof"))
    options.labels = 0;
  profile = gander_profile_compute (index, scope, &options, call->cancellable, error);
  if (profile == NULL)
    return FALSE;
  view = (GanderProfileView){ .index = index,
                              .profile = profile,
                              .begin = gander_scope_get_begin (scope),
                              .end = gander_scope_get_end (scope),
                              .at_least = call->damaged,
                              .times = &call->times };
  return write_profile (call, &view, output, error);
}
