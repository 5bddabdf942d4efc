/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures that come from the tables of the index: counters, ranges, tasks and regions. */
#include "analysis/figures-walk.h"

#include "analysis/quantiles.h"

#include <string.h>

/* Figures of processors and of the garbage collector. */

double
gander_figure_get_procs (GanderFigureWalk *walk)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (walk->index, GANDER_COUNTER_GOMAXPROCS, &n);
  guint32 last = gander_query_find_point (points, n, walk->end);
  guint32 first = gander_query_find_point (points, n, walk->begin);
  guint64 most = 0;

  for (guint32 i = first > 0 ? first - 1 : 0; i < last; i++)
    most = MAX (most, points[i].value);
  return (double)most;
}

double
gander_figure_get_processor_time (const GanderFigureWalk *walk)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (walk->index, GANDER_COUNTER_GOMAXPROCS, &n);
  double sum = 0;

  for (guint32 i = 0; i < n; i++)
    {
      GanderTime begin = MAX (i == 0 ? 0 : points[i].time, walk->begin);
      GanderTime end = MIN (i + 1 < n ? points[i + 1].time : G_MAXINT64, walk->end);

      if (begin < end)
        sum += (double)(end - begin) * (double)points[i].value;
    }
  return sum;
}

double
gander_figure_get_gc_cycles (GanderFigureWalk *walk)
{
  guint64 n = 0;

  for (guint32 row = 0; row < gander_index_get_n_ranges (walk->index, GANDER_RANGE_GC_MARK); row++)
    {
      GanderRange range;

      gander_index_get_range (walk->index, GANDER_RANGE_GC_MARK, row, &range);
      n += range.begin < walk->end && range.end > walk->begin;
    }
  return (double)n;
}

/* Returns: how long @lane worked as a mark worker for which there was nothing else to do. */
static GanderTime
idle_work (const GanderFigureWalk *walk, GanderLaneId lane)
{
  GanderSpanIter iter;
  GanderSpan span;
  GanderTime sum = 0;

  gander_span_iter_init (&iter, walk->index, lane, walk->begin, walk->end);
  while (gander_span_iter_next (&iter, &span))
    if (span.state == GANDER_STATE_GC_WORK &&
        g_str_equal (gander_index_get_string (walk->index, span.reason), "GC (idle)"))
      sum += MIN (span.end, walk->end) - MAX (span.begin, walk->begin);
  return sum;
}

double
gander_figure_get_gc_share (GanderFigureWalk *walk)
{
  GanderTime collecting = 0, running = 0;
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (walk->index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + n; id++)
    {
      GanderLane lane;
      GanderMix mix;
      GanderTime idle = 0;

      gander_index_get_lane (walk->index, id, &lane);
      gander_query_mix (walk->index, id, walk->begin, walk->end, &mix);
      if (lane.flags & GANDER_LANE_LABELLED)
        idle = idle_work (walk, id);
      collecting += mix.time[GANDER_STATE_GC_WORK] + mix.time[GANDER_STATE_GC_ASSIST] - idle;
      running += mix.time[GANDER_STATE_RUNNING] + mix.time[GANDER_STATE_GC_WORK] +
                 mix.time[GANDER_STATE_GC_ASSIST] - idle;
    }
  return gander_figure_ratio ((double)collecting, (double)running);
}

typedef struct
{
  guint64 count;
  GanderTime total;
  GanderTime longest;
} Pauses;

static void
get_pauses (const GanderFigureWalk *walk, Pauses *out)
{
  const char *name = walk->selector.name;

  *out = (Pauses){ 0 };
  for (guint32 row = 0; row < gander_index_get_n_ranges (walk->index, GANDER_RANGE_STW); row++)
    {
      GanderRange range;
      const char *kind;
      GanderTime length;

      gander_index_get_range (walk->index, GANDER_RANGE_STW, row, &range);
      kind = gander_index_get_string (walk->index, range.name);
      length = MIN (range.end, walk->end) - MAX (range.begin, walk->begin);
      if (length < 0 || strstr (kind, "start trace") != NULL ||
          strstr (kind, "stop trace") != NULL || (name != NULL && strstr (kind, name) == NULL))
        continue;
      out->count++;
      out->total += length;
      out->longest = MAX (out->longest, length);
    }
}

double
gander_figure_get_stw_count (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return (double)pauses.count;
}

double
gander_figure_get_stw_share (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return gander_figure_ratio ((double)pauses.total, (double)(walk->end - walk->begin));
}

double
gander_figure_get_stw_max (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return (double)pauses.longest / GANDER_FIGURE_MS;
}

/* Figures of tasks and regions. */

static gboolean
is_named (const GanderFigureWalk *walk, GanderStringId type)
{
  const char *name = walk->selector.name;

  return name == NULL || g_str_equal (gander_index_get_string (walk->index, type), name);
}

static void
get_regions (const GanderFigureWalk *walk, GanderQuantiles *out)
{
  g_auto (GanderDurations) durations = { 0 };
  GanderRowCursor regions;

  gander_row_cursor_init (&regions, walk->index);
  for (guint32 row = 0; row < gander_index_get_n_regions (walk->index); row++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&regions, row);

      if (region->begin >= walk->begin && region->begin < walk->end &&
          is_named (walk, region->type))
        gander_durations_add (&durations, region->end - region->begin);
    }
  gander_durations_get_quantiles (&durations, out);
}

/* @all: whatever their type. */
static void
get_tasks (const GanderFigureWalk *walk, gboolean all, GanderQuantiles *out)
{
  g_auto (GanderDurations) durations = { 0 };
  GanderRowCursor tasks;

  gander_row_cursor_init (&tasks, walk->index);
  for (guint32 row = 0; row < gander_index_get_n_tasks (walk->index); row++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&tasks, row);

      if (task->begin >= walk->begin && task->begin < walk->end && task->end >= 0 &&
          (all || is_named (walk, task->type)))
        gander_durations_add (&durations, task->end - task->begin);
    }
  gander_durations_get_quantiles (&durations, out);
}

double
gander_figure_get_region_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles regions;

  get_regions (walk, &regions);
  return (double)regions.p50 / GANDER_FIGURE_MS;
}

double
gander_figure_get_region_share (GanderFigureWalk *walk)
{
  GanderQuantiles regions, tasks;

  get_regions (walk, &regions);
  get_tasks (walk, TRUE, &tasks);
  return gander_figure_ratio ((double)regions.total, (double)tasks.total);
}

double
gander_figure_get_task_count (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.count;
}

double
gander_figure_get_task_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.p50 / GANDER_FIGURE_MS;
}

double
gander_figure_get_task_p99 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.p99 / GANDER_FIGURE_MS;
}

double
gander_figure_get_task_p99_over_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return gander_figure_ratio ((double)tasks.p99, (double)tasks.p50);
}
