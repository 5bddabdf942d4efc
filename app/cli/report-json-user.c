/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-private.h"

/* What the program told of itself: tasks, regions and logs. */

/* Longer lists are cut here, and the document says how many there are. */
#define MAX_LOGS 10000

void
gander_report_json_add_logs (const GanderReport *self, GanderJsonStream *stream)
{
  const GanderIndex *index = self->index;
  guint32 n = gander_index_get_n_logs (index);

  gander_json_stream_begin_array (stream, "logs");
  for (guint32 row = 0; row < MIN (n, MAX_LOGS); row++)
    {
      GanderLog log;

      gander_index_get_log (index, row, &log);
      gander_json_stream_begin_object (stream, NULL);
      gander_json_stream_add_string (stream,
                                     "category",
                                     gander_index_get_string (index, log.category));
      gander_json_stream_add_integer (stream, "g", gander_index_get_lane_id (index, log.lane));
      gander_json_stream_add_string (stream,
                                     "message",
                                     gander_index_get_string (index, log.message));
      gander_json_stream_add_integer (stream, "t", log.time);
      gander_json_stream_add_unsigned (stream, "task", log.task);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
  gander_json_stream_add_unsigned (stream, "logs_total", n);
}

static void
add_waits (GanderJsonStream *stream, const GanderIndex *index, const GanderRegionRow *row)
{
  gander_json_stream_begin_object (stream, "waiting");
  for (guint i = 0; i < row->n_waits; i++)
    {
      gander_json_stream_begin_object (stream,
                                       gander_index_get_string (index, row->waits[i].reason));
      gander_json_stream_add_integer (stream, "ns", row->waits[i].time);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

static void
add_percentiles (GanderJsonStream *stream, const GanderQuantiles *durations)
{
  gander_json_stream_add_integer (stream, "p50_ns", durations->p50);
  gander_json_stream_add_integer (stream, "p95_ns", durations->p95);
  gander_json_stream_add_integer (stream, "p99_ns", durations->p99);
}

/* A row of one goroutine, or of all. */
static void
add_region (GanderJsonStream *stream, const GanderIndex *index, const GanderRegionRow *row)
{
  const GanderTime *times = row->split.time;
  GanderLane lane = { .id = -1, .life = 1 };

  if (row->lane != GANDER_LANE_NONE)
    gander_index_get_life (index, row->lane, &lane);
  gander_json_stream_begin_object (stream, NULL);
  gander_json_stream_add_unsigned (stream, "count", row->durations.count);
  gander_json_stream_add_integer (stream, "g", lane.id);
  if (row->lane == GANDER_LANE_NONE)
    gander_json_stream_add_unsigned (stream, "goroutines", row->n_goroutines);
  if (lane.life > 1)
    gander_json_stream_add_unsigned (stream, "life", lane.life);
  gander_json_stream_add_integer (stream, "max_ns", row->durations.max);
  gander_json_stream_add_integer (stream, "min_ns", row->durations.min);
  gander_json_stream_add_unsigned (stream, "open", row->n_open);
  gander_json_stream_add_unsigned (stream, "open_start", row->n_open_start);
  add_percentiles (stream, &row->durations);
  gander_json_stream_add_integer (stream, "runnable_ns", times[GANDER_SPLIT_RUNNABLE]);
  gander_json_stream_add_integer (stream, "running_ns", times[GANDER_SPLIT_RUNNING]);
  gander_json_stream_add_integer (stream, "syscall_nop_ns", times[GANDER_SPLIT_SYSCALL_BLOCKED]);
  gander_json_stream_add_integer (stream, "syscall_p_ns", times[GANDER_SPLIT_SYSCALL]);
  gander_json_stream_add_integer (stream, "total_ns", row->durations.total);
  gander_json_stream_add_unsigned (stream, "transitions", row->transitions);
  gander_json_stream_add_string (stream, "type", gander_index_get_string (index, row->type));
  gander_json_stream_add_integer (stream, "unknown_ns", times[GANDER_SPLIT_UNKNOWN]);
  add_waits (stream, index, row);
  gander_json_stream_end (stream);
}

static void
add_regions (GanderJsonStream *stream,
             const char *name,
             const GanderIndex *index,
             const GanderRegionRow *rows,
             guint32 n)
{
  gander_json_stream_begin_array (stream, name);
  for (guint32 i = 0; i < n; i++)
    add_region (stream, index, &rows[i]);
  gander_json_stream_end (stream);
}

gboolean
gander_report_json_add_regions (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  g_autoptr (GanderRegions) regions = NULL;
  GanderUserFilter filter;
  const GanderRegionRow *rows;
  guint32 n;

  gander_user_filter_init (&filter, self->index);
  regions = gander_regions_compute (self->index, &filter, self->cancellable, error);
  if (regions == NULL)
    return FALSE;
  rows = gander_regions_get_by_type (regions, &n);
  add_regions (stream, "region_types", self->index, rows, n);
  rows = gander_regions_get_by_goroutine (regions, &n);
  add_regions (stream, "regions", self->index, rows, n);
  return TRUE;
}

static void
add_task_type (GanderJsonStream *stream, const GanderIndex *index, const GanderTaskTypeRow *row)
{
  gander_json_stream_begin_object (stream, NULL);
  gander_json_stream_add_unsigned (stream, "count", row->count);
  gander_json_stream_add_unsigned (stream, "incomplete", row->n_incomplete);
  gander_json_stream_add_integer (stream, "max_ns", row->durations.max);
  gander_json_stream_add_integer (stream, "min_ns", row->durations.min);
  add_percentiles (stream, &row->durations);
  gander_json_stream_add_integer (stream, "total_ns", row->durations.total);
  gander_json_stream_add_string (stream, "type", gander_index_get_string (index, row->type));
  gander_json_stream_end (stream);
}

static void
add_task (GanderJsonStream *stream, const GanderIndex *index, const GanderTaskRow *row)
{
  GanderTask task;

  gander_index_get_task (index, row->row, &task);
  gander_json_stream_begin_object (stream, NULL);
  gander_json_stream_add_boolean (stream, "complete", row->complete);
  gander_json_stream_add_integer (stream,
                                  "creator",
                                  gander_index_get_lane_id (index, task.creator));
  gander_json_stream_add_integer (stream, "dur_ns", row->duration);
  gander_json_stream_add_integer (stream, "end", task.end);
  gander_json_stream_add_integer (stream, "ender", gander_index_get_lane_id (index, task.ender));
  gander_json_stream_add_unsigned (stream, "goroutines", row->n_goroutines);
  gander_json_stream_add_unsigned (stream, "id", task.id);
  gander_json_stream_add_unsigned (stream, "logs", row->n_logs);
  gander_json_stream_add_unsigned (stream, "parent", task.parent);
  gander_json_stream_add_unsigned (stream, "regions", row->n_regions);
  gander_json_stream_add_integer (stream, "start", task.begin);
  gander_json_stream_add_string (stream, "type", gander_index_get_string (index, task.type));
  gander_json_stream_end (stream);
}

gboolean
gander_report_json_add_tasks (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  g_autoptr (GanderTasks) tasks = NULL;
  GanderUserFilter filter;
  const GanderTaskTypeRow *types;
  const GanderTaskRow *rows;
  guint32 n;

  gander_user_filter_init (&filter, self->index);
  tasks = gander_tasks_compute (self->index, &filter, self->cancellable, error);
  if (tasks == NULL)
    return FALSE;
  types = gander_tasks_get_types (tasks, &n);
  gander_json_stream_begin_array (stream, "task_types");
  for (guint32 i = 0; i < n; i++)
    add_task_type (stream, self->index, &types[i]);
  gander_json_stream_end (stream);
  rows = gander_tasks_get_rows (tasks, &n);
  gander_json_stream_begin_array (stream, "tasks");
  for (guint32 i = 0; i < n; i++)
    add_task (stream, self->index, &rows[i]);
  gander_json_stream_end (stream);
  return TRUE;
}
