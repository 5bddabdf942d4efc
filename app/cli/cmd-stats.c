/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

/* What --by says, one of the choices of the command. */
static GanderStatsBy
get_by (const GanderCall *call)
{
  for (guint by = 0; by < GANDER_N_STATS_BY; by++)
    if (g_strcmp0 (call->options.by, gander_stats_by_get_id ((GanderStatsBy)by)) == 0)
      return (GanderStatsBy)by;
  return GANDER_STATS_BY_FUNCTION;
}

/* Texts leave details out, so what only details need is not computed for them, but for a column
 * that is asked for. */
static GanderStatsParts
get_parts (const GanderCall *call, GanderStatsBy by, const GanderCallFilter *filter)
{
  GanderStatsParts parts = 0;

  if (!g_str_equal (call->format, "text"))
    return GANDER_STATS_RANGES | GANDER_STATS_DELAYS;
  for (guint i = 0;
       filter->condition != NULL && i < gander_condition_get_n_names (filter->condition);
       i++)
    {
      int column = -1;
      gander_condition_get_name (filter->condition, i, &column);
      parts |= gander_stats_get_parts (by, (guint)column);
    }
  return parts;
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
  json_object_set_boolean_member (object, "at_least", gander_index_get_n_damage (index) > 0);
  json_object_set_array_member (object, "rows", gander_json_from_table (table));
  gander_json_write (output, object, TRUE);
}

static void
write_text (const GanderCall *call,
            GanderOutput *output,
            const GanderIndex *index,
            const GanderTable *table)
{
  if (g_str_equal (call->format, "text") && gander_index_get_n_damage (index) > 0)
    gander_output_write (output, "At least, since the trace is damaged:\n", -1);
  gander_call_write_table (call, output, table);
}

gboolean
gander_command_stats (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderTable) model = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  g_auto (GanderCallFilter) filter = { 0 };
  GanderStatsQuery query = { .sort = call->options.sort, .top = (guint)call->options.top };
  const GanderColumn *columns = NULL;
  guint n_columns = 0;

  query.by = get_by (call);
  columns = gander_stats_get_columns (query.by, &n_columns);
  model = gander_table_new (columns, n_columns);
  if (!gander_call_check_sort (call, model, error) ||
      !gander_call_get_filter (call, model, &filter, error))
    return FALSE;
  query.parts = get_parts (call, query.by, &filter);
  query.filter = filter.condition == NULL ? NULL : gander_call_filter_fits;
  query.filter_data = &filter;
  index = gander_call_load (call, call->files[0], error);
  scope = index == NULL ? NULL : gander_call_get_scope (call, index, error);
  if (scope == NULL)
    return FALSE;
  table = gander_stats_get_table (index, scope, &query, call->cancellable, error);
  output = table == NULL ? NULL : gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, index, table, query.by);
  else
    write_text (call, output, index, table);
  return gander_output_close (output, error);
}
