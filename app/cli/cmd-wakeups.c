/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

#include <string.h>

/* A path with more hops is for nobody to read. */
#define MAX_HOPS 500000

#define TASK "task:"

/* What a critical path is asked of. */
typedef struct
{
  GanderLaneId lane;
  GanderTime begin;
  GanderTime end;
} Question;

/* What --by says, one of the choices of the command. */
static GanderWakeupsBy
get_by (const GanderCall *call)
{
  for (guint by = 0; by < GANDER_N_WAKEUPS_BY; by++)
    if (g_strcmp0 (call->options.by, gander_wakeups_by_get_id ((GanderWakeupsBy)by)) == 0)
      return (GanderWakeupsBy)by;
  return GANDER_WAKEUPS_BY_FUNCTION;
}

/* Returns: the goroutine's life at @time, or its last one, or NONE. */
static GanderLaneId
find_life (const GanderIndex *index, gint64 id, GanderTime time)
{
  GanderLaneId last = gander_index_find_lane (index, GANDER_LANE_GOROUTINE, id);
  GanderLaneId first;
  GanderLane lane;
  guint32 n;

  if (last == GANDER_LANE_NONE)
    return last;
  gander_index_get_lane (index, last, &lane);
  if (lane.life == 1 || (lane.begin <= time && time < lane.end))
    return last;
  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId other = first; other < first + n; other++)
    {
      gander_index_get_lane (index, other, &lane);
      if (lane.id == id && lane.begin <= time && time < lane.end)
        return other;
    }
  return last;
}

static gboolean
ask_task (const GanderCall *call, const GanderIndex *index, Question *out, GError **error)
{
  const char *text = call->options.path;
  GanderTask task;
  guint64 id;

  if (!g_ascii_string_to_unsigned (text + strlen (TASK), 10, 0, G_MAXUINT64, &id, NULL))
    return gander_cli_error_set_usage (error, "--path %s: a task is a number", text);
  for (guint32 row = 0; row < gander_index_get_n_tasks (index); row++)
    {
      gander_index_get_task (index, row, &task);
      if (task.id != id)
        continue;
      out->lane = task.ender == GANDER_LANE_NONE ? task.creator : task.ender;
      out->begin = MAX (task.begin, 0);
      out->end = task.end < 0 ? gander_index_get_facts (index)->duration : task.end;
      if (out->lane != GANDER_LANE_NONE)
        return TRUE;
      return gander_cli_error_set_usage (
          error, "--path %s: neither begin nor end of the task are in the trace", text);
    }
  return gander_cli_error_set_usage (error, "--path %s: there is no such task", text);
}

/* The span that a goroutine is in. */
static gboolean
ask_span (const GanderCall *call,
          const GanderIndex *index,
          gint64 id,
          const char *when,
          Question *out,
          GError **error)
{
  GanderSpan span;
  GanderTime time;

  if (!gander_duration_parse (when, &time, NULL))
    return gander_cli_error_set_usage (error,
                                       "--path %s: “%s” is no time like 1.5ms",
                                       call->options.path,
                                       when);
  out->lane = find_life (index, id, time);
  if (out->lane == GANDER_LANE_NONE || !gander_query_span_at (index, out->lane, time, &span))
    return gander_cli_error_set_usage (error,
                                       "--path %s: there is no such goroutine at that time",
                                       call->options.path);
  out->begin = span.begin;
  out->end = span.end;
  return TRUE;
}

static gboolean
ask_goroutine (const GanderCall *call, const GanderIndex *index, Question *out, GError **error)
{
  const char *text = call->options.path;
  const char *at = strchr (text, '@');
  g_autofree char *number = at == NULL ? g_strdup (text) : g_strndup (text, (gsize)(at - text));
  GanderTime begin, end;
  GanderLane lane;
  gint64 id;

  if (!g_ascii_string_to_signed (number + (g_ascii_toupper (*number) == 'G'),
                                 10,
                                 0,
                                 G_MAXINT64,
                                 &id,
                                 NULL))
    return gander_cli_error_set_usage (error, "--path %s: it is G37, G37@1.5ms or task:5", text);
  if (!gander_cli_options_get_range (&call->options,
                                     gander_index_get_facts (index)->duration,
                                     &begin,
                                     &end,
                                     error))
    return FALSE;
  if (at != NULL)
    return ask_span (call, index, id, at + 1, out, error);
  out->lane = find_life (index, id, end - 1);
  if (out->lane == GANDER_LANE_NONE)
    return gander_cli_error_set_usage (error, "--path %s: there is no such goroutine", text);
  gander_index_get_lane (index, out->lane, &lane);
  out->begin = MAX (begin, lane.begin);
  out->end = MIN (end, lane.end);
  return TRUE;
}

static void
write_json (GanderOutput *output,
            const GanderIndex *index,
            const GanderTable *table,
            const char *by,
            JsonObject *path)
{
  JsonObject *object = gander_json_new ("wakeups");

  gander_json_set_trace (object, index);
  json_object_set_string_member (object, "by", by);
  json_object_set_boolean_member (object, "at_least", gander_index_get_n_damage (index) > 0);
  if (path != NULL)
    json_object_set_object_member (object, "path", path);
  json_object_set_array_member (object, "rows", gander_json_from_table (table));
  gander_json_write (output, object, TRUE);
}

static JsonObject *
json_from_path (const GanderIndex *index, GanderLaneId lane, const GanderPath *path)
{
  JsonObject *object = json_object_new ();
  GanderLane facts;

  gander_index_get_lane (index, lane, &facts);
  json_object_set_int_member (object, "goroutine", facts.id);
  json_object_set_int_member (object, "life", facts.life);
  json_object_set_int_member (object, "begin_ns", path->begin);
  json_object_set_int_member (object, "end_ns", path->end);
  json_object_set_int_member (object, "duration_ns", path->end - path->begin);
  json_object_set_int_member (object, "hops", path->hops->len);
  json_object_set_string_member (object, "end", gander_path_end_get_id (path->why_end));
  return object;
}

/* For people: what the path is of, before its table. */
static void
write_path_head (GanderOutput *output,
                 const GanderIndex *index,
                 GanderLaneId lane,
                 const GanderPath *path)
{
  g_autofree char *who = gander_describe_lane (index, lane);
  g_autofree char *escaped = gander_text_escape (who);
  g_autofree char *begin = gander_duration_to_string (path->begin);
  g_autofree char *end = gander_duration_to_string (path->end);
  g_autofree char *length = gander_duration_to_string (path->end - path->begin);

  gander_output_printf (output,
                        "%s, back from %s to %s: %s in %u %s; at its begin, %s.\n\n",
                        escaped,
                        end,
                        begin,
                        length,
                        path->hops->len,
                        path->hops->len == 1 ? "hop" : "hops",
                        gander_path_end_get_words (path->why_end));
}

static gboolean
write_path (GanderCall *call, const GanderIndex *index, GError **error)
{
  gboolean parts = call->options.by != NULL;
  Question question = { .lane = GANDER_LANE_NONE };
  g_auto (GanderPath) path = { 0 };
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;

  if (parts && !g_str_equal (call->options.by, "func"))
    return gander_cli_error_set_usage (error,
                                       "--by %s: a path is by hop or func",
                                       call->options.by);
  if (!(g_str_has_prefix (call->options.path, TASK)
            ? ask_task
            : ask_goroutine) (call, index, &question, error) ||
      !gander_path_compute (index,
                            question.lane,
                            question.begin,
                            question.end,
                            MAX_HOPS,
                            &path,
                            call->cancellable,
                            error))
    return FALSE;
  table = parts ? gander_path_get_parts (index, &path) : gander_path_get_table (index, &path);
  if (!gander_call_select_rows (call, table, error))
    return FALSE;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output,
                index,
                table,
                parts ? "func" : "hop",
                json_from_path (index, question.lane, &path));
  else
    {
      if (g_str_equal (call->format, "text"))
        write_path_head (output, index, question.lane, &path);
      gander_call_write_table (call, output, table);
    }
  return gander_output_close (output, error);
}

static gboolean
write_pairs (GanderCall *call, const GanderIndex *index, GError **error)
{
  GanderWakeupsBy by = get_by (call);
  g_autoptr (GanderScope) scope = gander_call_get_scope (call, index, error);
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;

  if (scope == NULL)
    return FALSE;
  table = gander_wakeups_compute (index, scope, by, call->cancellable, error);
  if (table == NULL || !gander_call_select_rows (call, table, error))
    return FALSE;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, index, table, gander_wakeups_by_get_id (by), NULL);
  else
    {
      if (g_str_equal (call->format, "text") && gander_index_get_n_damage (index) > 0)
        gander_output_write (output, "At least, since the trace is damaged:\n", -1);
      gander_call_write_table (call, output, table);
    }
  return gander_output_close (output, error);
}

gboolean
gander_command_wakeups (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = gander_call_load (call, call->files[0], error);

  if (index == NULL)
    return FALSE;
  return call->options.path == NULL ? write_pairs (call, index, error)
                                    : write_path (call, index, error);
}
