/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"
#include "app/cli/json-stream.h"

/* What --by says, one of the choices of the command. */
static GanderStatsBy
get_by (const GanderCall *call)
{
  for (guint by = 0; by < GANDER_N_STATS_BY; by++)
    if (g_strcmp0 (call->options.by, gander_stats_by_get_id ((GanderStatsBy)by)) == 0)
      return (GanderStatsBy)by;
  return GANDER_STATS_BY_FUNCTION;
}

static void
write_json (GanderOutput *output,
            const GanderIndex *index,
            const GanderTable *table,
            GanderStatsBy by,
            gboolean damaged)
{
  g_auto (GanderJsonStream) stream = { 0 };

  gander_json_stream_init (&stream, output);
  gander_json_stream_begin_object (&stream, NULL);
  gander_json_stream_add_boolean (&stream, "at_least", damaged);
  gander_json_stream_add_string (&stream, "by", gander_stats_by_get_id (by));
  gander_json_stream_add_damage (&stream, index);
  gander_json_stream_add_string (&stream, "generator", "gander " GANDER_VERSION);
  gander_json_stream_add_table (&stream, "rows", table);
  gander_json_stream_add_string (&stream, "schema", "gander/stats/1");
  gander_json_stream_add_trace (&stream, index);
  gander_json_stream_end (&stream);
}

/* Reads --sort and --filter; @filter is for all columns. A text for people leaves details out but
 * for the columns that are asked about; @more (of const char) receives those. */
static gboolean
get_query (GanderCall *call,
           GanderStatsQuery *query,
           GanderCallFilter *filter,
           GPtrArray *more,
           GError **error)
{
  const GanderStatsQuery all = { .by = query->by };
  g_autoptr (GanderTable) table = gander_stats_new_table (&all);

  if (!gander_call_check_sort (call, table, error) ||
      !gander_call_get_filter (call, table, filter, error))
    return FALSE;
  query->sort = call->options.sort;
  query->top = (guint)call->options.top;
  query->brief = g_str_equal (call->format, "text");
  if (filter->condition == NULL)
    return TRUE;
  for (guint i = 0; i < gander_condition_get_n_names (filter->condition); i++)
    {
      int column = 0;
      g_ptr_array_add (more, (gpointer)gander_condition_get_name (filter->condition, i, &column));
    }
  g_ptr_array_add (more, NULL);
  query->more = (const char *const *)more->pdata;
  query->filter = gander_call_filter_fits;
  return TRUE;
}

gboolean
gander_command_stats (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderTable) model = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  g_autoptr (GPtrArray) more = g_ptr_array_new ();
  g_auto (GanderCallFilter) asked = { 0 };
  g_auto (GanderCallFilter) filter = { 0 };
  GanderStatsQuery query = { .by = get_by (call), .filter_data = &filter };

  if (!get_query (call, &query, &asked, more, error))
    return FALSE;
  model = gander_stats_new_table (&query);
  index = gander_call_load (call, call->files[0], error);
  scope = index == NULL ? NULL : gander_call_get_scope (call, index, error);
  if (scope == NULL || !gander_call_get_filter (call, model, &filter, error))
    return FALSE;
  table = gander_stats_get_table (index, scope, &query, call->cancellable, error);
  output = table == NULL ? NULL : gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, index, table, query.by, call->damaged);
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}
