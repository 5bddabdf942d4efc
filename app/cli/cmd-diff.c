/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

static gboolean
measure (GanderCall *call, const GanderIndex *index, GanderMetrics *out, GError **error)
{
  GanderTime begin, end;

  return gander_cli_options_get_range (&call->options,
                                       gander_index_get_facts (index)->duration,
                                       &begin,
                                       &end,
                                       error) &&
         gander_metrics_compute (index, begin, end, out, call->cancellable, error);
}

/* Traces of unlike machines or programs are compared all the same, but not without a word. */
static void
warn_of_differences (GanderCall *call, const GanderIndex *a, const GanderIndex *b)
{
  const GanderFacts *facts_a = gander_index_get_facts (a);
  const GanderFacts *facts_b = gander_index_get_facts (b);

  if (facts_a->gomaxprocs != facts_b->gomaxprocs)
    gander_call_note (call,
                      call->files[1],
                      "the traces differ in processors (%u and %u): times may not be comparable",
                      facts_a->gomaxprocs,
                      facts_b->gomaxprocs);
  if (facts_a->go_version != facts_b->go_version)
    gander_call_note (call,
                      call->files[1],
                      "the traces were written by different Go versions (1.%u and 1.%u)",
                      facts_a->go_version,
                      facts_b->go_version);
}

static const char *const verdict_colors[GANDER_N_VERDICTS] = {
  [GANDER_VERDICT_SAME] = "",
  [GANDER_VERDICT_NEUTRAL] = "",
  [GANDER_VERDICT_BETTER] = "\033[32m",
  [GANDER_VERDICT_WORSE] = "\033[31m",
};

static void
print_text (GanderCall *call, GanderOutput *output, const GanderComparison *comparison)
{
  g_autoptr (GanderTable) table = gander_compare_get_shown_table (comparison);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *verdict = gander_compare_verdict (comparison);
  g_autofree char *a = gander_text_escape (call->files[0]);
  g_autofree char *b = gander_text_escape (call->files[1]);
  g_auto (GStrv) lines = NULL;
  gboolean color = gander_call_use_color (call, output);

  gander_table_write_text (table, text);
  lines = g_strsplit (text->str, "\n", -1);
  gander_output_printf (output, "A  %s\nB  %s\n%s\n\n%s\n", a, b, verdict, lines[0]);
  for (guint i = 0; i < GANDER_N_METRICS; i++)
    {
      const char *paint = color ? verdict_colors[comparison->rows[i].verdict] : "";

      gander_output_printf (output,
                            "%s%s%s\n",
                            paint,
                            lines[i + 1],
                            *paint == '\0' ? "" : "\033[0m");
    }
  gander_output_write (output, gander_call_get_remark (call), -1);
}

static void
write_json (GanderOutput *output,
            const GanderIndex *a,
            const GanderIndex *b,
            const GanderComparison *comparison,
            const GanderTable *table)
{
  JsonObject *object = gander_json_new ("diff");
  JsonObject *damage = json_object_new ();
  g_autofree char *verdict = gander_compare_verdict (comparison);

  json_object_set_object_member (object, "a", gander_json_from_facts (a));
  json_object_set_object_member (object, "b", gander_json_from_facts (b));
  json_object_set_array_member (damage, "a", gander_json_from_damage (a));
  json_object_set_array_member (damage, "b", gander_json_from_damage (b));
  json_object_set_object_member (object, "damage", damage);
  json_object_set_string_member (object, "verdict", verdict);
  json_object_set_array_member (object, "rows", gander_json_from_table (table));
  gander_json_write (output, object, TRUE);
}

gboolean
gander_command_diff (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) a = NULL;
  g_autoptr (GanderIndex) b = NULL;
  g_autoptr (GanderOutput) output = NULL;
  g_autoptr (GanderTable) table = NULL;
  GanderMetrics metrics_a, metrics_b;
  GanderComparison comparison;

  a = gander_call_load (call, call->files[0], error);
  if (a == NULL)
    return FALSE;
  b = gander_call_load (call, call->files[1], error);
  if (b == NULL || !measure (call, a, &metrics_a, error) || !measure (call, b, &metrics_b, error))
    return FALSE;
  warn_of_differences (call, a, b);
  gander_compare (&metrics_a, &metrics_b, &comparison);
  table = gander_compare_get_table (&comparison);
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, a, b, &comparison, table);
  else if (g_str_equal (call->format, "text"))
    print_text (call, output, &comparison);
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}
