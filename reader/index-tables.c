/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of an index that are rows of public structs. */
#include "reader/index-data.h"

guint32
gander_index_get_n_ranges (const GanderIndex *self, GanderRangeKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_RANGE_KINDS, 0);
  return self->facts_row.first_range[kind + 1] - self->facts_row.first_range[kind];
}

static void
clamp_range (const GanderIndex *self, gpointer row)
{
  GanderRange *out = &((GanderRangeRow *)row)->range;

  out->lane = gander_index_clamp_lane (self, out->lane);
  out->goroutine = gander_index_clamp_lane (self, out->goroutine);
}

void
gander_index_get_range (const GanderIndex *self,
                        GanderRangeKind kind,
                        guint32 row,
                        GanderRange *out)
{
  GanderRangeRow packed;

  g_return_if_fail (row < gander_index_get_n_ranges (self, kind));
  gander_packed_get (gander_index_packed (self, RANGES),
                     self->facts_row.first_range[kind] + row,
                     &packed);
  clamp_range (self, &packed);
  *out = packed.range;
  out->kind = kind;
}

const GanderRangeSum *
gander_index_get_range_sum (const GanderIndex *self, GanderRangeKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_RANGE_KINDS, NULL);
  return &self->facts_row.ranges[kind];
}

guint32
gander_index_get_n_tasks (const GanderIndex *self)
{
  return gander_index_packed_n (self, TASKS);
}

static void
clamp_task (const GanderIndex *self, gpointer row)
{
  GanderTask *out = row;

  out->creator = gander_index_clamp_lane (self, out->creator);
  out->ender = gander_index_clamp_lane (self, out->ender);
}

void
gander_index_get_task (const GanderIndex *self, guint32 row, GanderTask *out)
{
  g_return_if_fail (row < gander_index_packed_n (self, TASKS));
  gander_packed_get (gander_index_packed (self, TASKS), row, out);
  clamp_task (self, out);
}

static guint64
get_task_id (const GanderIndex *self, guint64 row)
{
  return (guint64)gander_packed_get_number (gander_index_packed (self, TASKS),
                                            row,
                                            GANDER_TASK_COLUMN_ID);
}

guint32
gander_index_find_task (const GanderIndex *self, guint64 id)
{
  const GanderPacked *tasks = gander_index_packed (self, TASKS);
  guint64 guess = 0;

  if (tasks->n == 0)
    return 0;
  /* Go gives ids one after the other. */
  guess = id - get_task_id (self, 0);
  if (guess < tasks->n && get_task_id (self, guess) == id &&
      (guess == 0 || get_task_id (self, guess - 1) < id))
    return (guint32)guess;
  return (guint32)gander_packed_find (tasks, 0, tasks->n, GANDER_TASK_COLUMN_ID, id);
}

guint32
gander_index_get_n_regions (const GanderIndex *self)
{
  return gander_index_packed_n (self, REGIONS);
}

static void
clamp_region (const GanderIndex *self, gpointer row)
{
  GanderRegion *out = row;

  out->lane = gander_index_clamp_lane (self, out->lane);
}

void
gander_index_get_region (const GanderIndex *self, guint32 row, GanderRegion *out)
{
  g_return_if_fail (row < gander_index_packed_n (self, REGIONS));
  gander_packed_get (gander_index_packed (self, REGIONS), row, out);
  clamp_region (self, out);
}

/* Returns: the first region of [@first, @end) whose @column is at least @value. Most ask for one
 * that is near. */
static guint64
find_region (const GanderIndex *self, guint64 first, guint64 end, guint column, guint64 value)
{
  const GanderPacked *regions = gander_index_packed (self, REGIONS);
  guint64 near = MIN (first + GANDER_PACKED_ROWS, end);
  guint64 found = gander_packed_find (regions, first, near, column, value);

  return found == near ? gander_packed_find (regions, near, end, column, value) : found;
}

void
gander_index_get_regions_of (const GanderIndex *self, GanderLaneId lane, guint32 *first, guint32 *n)
{
  guint64 n_regions = gander_index_packed_n (self, REGIONS);
  guint64 begin = 0;

  g_return_if_fail (lane < self->blocks.n_lanes);
  begin = gander_packed_find (gander_index_packed (self, REGIONS),
                              0,
                              n_regions,
                              GANDER_REGION_COLUMN_LANE,
                              lane);
  *first = (guint32)begin;
  *n = (guint32)(find_region (self, begin, n_regions, GANDER_REGION_COLUMN_LANE, lane + 1) - begin);
}

guint32
gander_index_find_region (const GanderIndex *self, guint32 first, guint32 end, GanderTime time)
{
  end = MIN (end, gander_index_get_n_regions (self));
  first = MIN (first, end);
  return (
      guint32)find_region (self, first, end, GANDER_REGION_COLUMN_BEGIN, (guint64)MAX (time, 0));
}

guint32
gander_index_get_n_logs (const GanderIndex *self)
{
  return gander_index_packed_n (self, LOGS);
}

static void
clamp_log (const GanderIndex *self, gpointer row)
{
  GanderLog *out = row;

  out->lane = gander_index_clamp_lane (self, out->lane);
}

void
gander_index_get_log (const GanderIndex *self, guint32 row, GanderLog *out)
{
  g_return_if_fail (row < gander_index_packed_n (self, LOGS));
  gander_packed_get (gander_index_packed (self, LOGS), row, out);
  clamp_log (self, out);
}

void
gander_row_cursor_init (GanderRowCursor *self, const GanderIndex *index)
{
  self->index = index;
  self->table = NULL;
}

/* Returns: row @row of a table, from the copies of some from it on. */
static gpointer
get_row (GanderRowCursor *self,
         const GanderPacked *table,
         guint32 row,
         void (*clamp) (const GanderIndex *index, gpointer row))
{
  guint8 *rows = (gpointer)&self->rows;
  gsize row_size = table->shape->row_size;

  g_return_val_if_fail (row < table->n, NULL);
  if (self->table != table || row - self->first >= self->n)
    {
      self->table = table;
      self->first = row;
      self->n = gander_packed_get_some (table, row, GANDER_CURSOR_ROWS, rows);
      for (guint i = 0; i < self->n; i++)
        clamp (self->index, rows + i * row_size);
    }
  return rows + (row - self->first) * row_size;
}

G_STATIC_ASSERT (sizeof (GanderRangeRow) ==
                 sizeof ((GanderRowCursor *)NULL)->rows.ranges / GANDER_CURSOR_ROWS);

const GanderRange *
gander_row_cursor_get_range (GanderRowCursor *self, GanderRangeKind kind, guint32 row)
{
  GanderRangeRow *found = NULL;

  g_return_val_if_fail (row < gander_index_get_n_ranges (self->index, kind), NULL);
  found = get_row (self,
                   gander_index_packed (self->index, RANGES),
                   self->index->facts_row.first_range[kind] + row,
                   clamp_range);
  found->range.kind = kind;
  return &found->range;
}

const GanderTask *
gander_row_cursor_get_task (GanderRowCursor *self, guint32 row)
{
  return get_row (self, gander_index_packed (self->index, TASKS), row, clamp_task);
}

const GanderRegion *
gander_row_cursor_get_region (GanderRowCursor *self, guint32 row)
{
  return get_row (self, gander_index_packed (self->index, REGIONS), row, clamp_region);
}

const GanderLog *
gander_row_cursor_get_log (GanderRowCursor *self, guint32 row)
{
  return get_row (self, gander_index_packed (self->index, LOGS), row, clamp_log);
}

guint32
gander_index_get_n_samples (const GanderIndex *self)
{
  return gander_index_packed_n (self, SAMPLES);
}

void
gander_index_get_sample (const GanderIndex *self, guint32 row, GanderSample *out)
{
  g_return_if_fail (row < gander_index_packed_n (self, SAMPLES));
  gander_packed_get (gander_index_packed (self, SAMPLES), row, out);
  out->goroutine = gander_index_clamp_lane (self, out->goroutine);
  out->proc = gander_index_clamp_lane (self, out->proc);
  out->thread = gander_index_clamp_lane (self, out->thread);
}

guint32
gander_index_get_n_metrics (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, METRICS);
}

void
gander_index_get_metric (const GanderIndex *self, guint32 row, GanderRuntimeMetric *out)
{
  g_return_if_fail (row < gander_index_n (self, METRICS));
  *out = gander_index_rows (self, METRICS, GanderRuntimeMetric)[row];
}

guint64
gander_index_get_n_events (const GanderIndex *self, GanderEventKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_EVENT_KINDS, 0);
  return gander_index_rows (self, COUNTS, GanderCountsRow)->events[kind];
}

guint64
gander_index_get_n_transitions (const GanderIndex *self,
                                GanderResource resource,
                                GanderGoState from,
                                GanderGoState to)
{
  const GanderCountsRow *counts = gander_index_rows (self, COUNTS, GanderCountsRow);

  g_return_val_if_fail (from < GANDER_N_GO_STATES && to < GANDER_N_GO_STATES, 0);
  return resource == GANDER_RESOURCE_PROC ? counts->procs[from][to] : counts->goroutines[from][to];
}

GanderTime
gander_index_get_first_seen (const GanderIndex *self, GanderLaneId goroutine)
{
  const GanderPacked *table = gander_index_packed (self, FIRST_SEEN);
  GanderFirstSeenRow row = { .lane = GANDER_LANE_NONE };
  guint64 found = 0;

  g_return_val_if_fail (goroutine < self->blocks.n_lanes, -1);
  found = gander_packed_find (table, 0, table->n, GANDER_FIRST_SEEN_COLUMN_LANE, goroutine);
  if (found < table->n)
    gander_packed_get (table, found, &row);
  return row.lane == goroutine ? row.time : gander_index_lane (self, goroutine)->begin;
}

guint32
gander_index_get_n_generations (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, GENERATIONS);
}

void
gander_index_get_generation (const GanderIndex *self, guint32 row, GanderGeneration *out)
{
  g_return_if_fail (row < gander_index_n (self, GENERATIONS));
  *out = gander_index_rows (self, GENERATIONS, GanderGeneration)[row];
}

guint32
gander_index_get_n_damage (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, DAMAGE);
}

void
gander_index_get_damage (const GanderIndex *self, guint32 row, GanderDamage *out)
{
  g_return_if_fail (row < gander_index_n (self, DAMAGE));
  *out = gander_index_rows (self, DAMAGE, GanderDamage)[row];
  out->code = MIN (out->code, GANDER_N_DAMAGE_CODES - 1);
}

const GanderPoint *
gander_index_get_counter (const GanderIndex *self, GanderCounter counter, guint32 *n)
{
  const guint32 *first = self->facts_row.first_point;

  *n = 0;
  g_return_val_if_fail (counter < GANDER_N_COUNTERS, NULL);
  *n = first[counter + 1] - first[counter];
  return gander_index_run (self, POINTS, GanderPoint, first[counter], *n);
}
