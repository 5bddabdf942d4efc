/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

static gboolean
get_by (const GanderCall *call, GanderStatsBy *by, GError **error)
{
  const char *name = call->options.by;
  g_autoptr (GString) known = g_string_new (NULL);

  *by = GANDER_STATS_BY_FUNCTION;
  if (name == NULL)
    return TRUE;
  for (guint i = 0; i < GANDER_N_STATS_BY; i++)
    {
      const char *id = gander_stats_by_get_id ((GanderStatsBy)i);

      if (g_str_equal (id, name))
        {
          *by = (GanderStatsBy)i;
          return TRUE;
        }
      g_string_append_printf (known, "%s%s", i == 0 ? "" : " or ", id);
    }
  return gander_cli_error_set_usage (error, "--by %s: it is %s", name, known->str);
}

static void
write_json (GanderOutput *output,
            const GanderIndex *index,
            const GanderTable *table,
            GanderStatsBy by)
{
  JsonObject *object = gander_json_new ("stats");

  gander_json_set_trace (object, index);
  json_object_set_string_member (object, "by", gander_stats_by_get_id (by));
  json_object_set_array_member (object, "rows", gander_json_from_table (table));
  gander_json_write (output, object, TRUE);
}

gboolean
gander_command_stats (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  GanderStatsBy by;
  GanderTime begin, end;

  if (!get_by (call, &by, error))
    return FALSE;
  index = gander_call_load (call, call->files[0], error);
  if (index == NULL || !gander_cli_options_get_range (&call->options,
                                                      gander_index_get_facts (index)->duration,
                                                      &begin,
                                                      &end,
                                                      error))
    return FALSE;
  table = gander_stats_compute (index, by, begin, end, call->cancellable, error);
  if (table == NULL || !gander_call_select_rows (call, table, error))
    return FALSE;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, index, table, by);
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}
