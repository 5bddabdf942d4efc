/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/summary.h"

#include "analysis/describe.h"

#include <string.h>

static void
add_range (GanderRangeSum *sum, GanderTime length)
{
  sum->count++;
  sum->total += length;
  sum->longest = MAX (sum->longest, length);
}

/* Go's text names the kind, "stop-the-world (GC mark termination)"; "start trace" is the pause of
 * the tracer itself, in every trace and in no program. */
static void
add_stw (GanderSummary *self, const char *name, GanderTime length)
{
  if (strstr (name, "(start trace)") != NULL)
    {
      add_range (&self->tracer_stw, length);
      return;
    }
  add_range (&self->stw, length);
  if (strstr (name, "GC") != NULL)
    add_range (&self->gc_stw, length);
}

static void
sum_ranges (GanderSummary *self, const GanderIndex *index, GanderRangeKind kind)
{
  GanderRangeSum *const sums[GANDER_N_RANGE_KINDS] = {
    [GANDER_RANGE_GC_MARK] = &self->gc_cycles,
    [GANDER_RANGE_ASSIST] = &self->assists,
    [GANDER_RANGE_SWEEP] = &self->sweeps,
  };
  guint32 n = gander_index_get_n_ranges (index, kind);
  GanderRowCursor cursor;

  if (sums[kind] != NULL && self->begin == 0 && self->end == self->facts->duration)
    {
      *sums[kind] = *gander_index_get_range_sum (index, kind);
      return;
    }
  gander_row_cursor_init (&cursor, index);
  for (guint32 row = gander_query_find_range (index, kind, self->begin); row < n; row++)
    {
      const GanderRange *range = gander_row_cursor_get_range (&cursor, kind, row);
      GanderTime length;

      if (range->begin >= self->end)
        break;
      if (range->end <= self->begin)
        continue;
      length = MIN (range->end, self->end) - MAX (range->begin, self->begin);
      if (kind == GANDER_RANGE_STW)
        add_stw (self, gander_index_get_string (index, range->name), length);
      else
        add_range (sums[kind], length);
    }
}

static gboolean
sum_goroutines (GanderSummary *self,
                const GanderIndex *index,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, self->begin, self->end);
  g_autoptr (GanderTally) tally = gander_tally_new (index, FALSE);

  if (!gander_tally_add_scope (tally, scope, cancellable, error))
    return FALSE;
  self->times = *gander_tally_get_times (tally);
  self->created = self->times.created;
  self->ended = self->times.ended;
  self->alive = self->times.n_lanes - self->times.ended;
  return TRUE;
}

static void
sum_procs (GanderSummary *self, const GanderIndex *index)
{
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &first, &n);
  for (GanderLaneId lane = first; lane < first + n; lane++)
    {
      GanderMix mix;

      gander_query_mix (index, lane, self->begin, self->end, &mix);
      for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
        if (state != GANDER_STATE_UNKNOWN)
          self->procs_running += mix.time[state];
    }
}

static void
sum_heap (GanderSummary *self, const GanderIndex *index)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_HEAP, &n);
  gboolean known =
      gander_query_counter (index, GANDER_COUNTER_HEAP, self->begin, &self->heap_first);

  self->heap_peak = self->heap_last = self->heap_first;
  for (guint32 i = 0; i < n && points[i].time < self->end; i++)
    {
      if (points[i].time < self->begin)
        continue;
      if (!known)
        self->heap_first = points[i].value;
      known = TRUE;
      self->heap_peak = MAX (self->heap_peak, points[i].value);
      self->heap_last = points[i].value;
    }
}

gboolean
gander_summary_compute (const GanderIndex *index,
                        GanderTime begin,
                        GanderTime end,
                        GanderSummary *out,
                        GCancellable *cancellable,
                        GError **error)
{
  GanderSummary self = {
    .facts = gander_index_get_facts (index),
    .begin = begin,
    .end = end,
    .n_generations = gander_index_get_n_generations (index),
    .n_damage = gander_index_get_n_damage (index),
  };

  if (!sum_goroutines (&self, index, cancellable, error))
    return FALSE;
  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    sum_ranges (&self, index, (GanderRangeKind)kind);
  sum_procs (&self, index);
  sum_heap (&self, index);
  *out = self;
  return TRUE;
}

static const GanderColumn state_columns[] = {
  { "state", "State", GANDER_COLUMN_TEXT, FALSE },
  { "kind", "Kind", GANDER_COLUMN_TEXT, FALSE },
  { "total", "Total", GANDER_COLUMN_DURATION, FALSE },
  { "share", "Share", GANDER_COLUMN_SHARE, FALSE },
  { "count", "Intervals", GANDER_COLUMN_COUNT, FALSE },
};

static void
add_state (GanderTable *table,
           const GanderSummary *self,
           GanderState state,
           const char *kind,
           GanderTime total,
           guint64 count)
{
  guint row;

  if (total == 0 && count == 0)
    return;
  row = gander_table_append (table);
  gander_table_set_text (table, row, 0, gander_describe_state (state));
  gander_table_set_text (table, row, 1, kind);
  gander_table_set_integer (table, row, 2, total);
  gander_table_set_share (table,
                          row,
                          3,
                          self->times.total == 0 ? 0 : (double)total / (double)self->times.total);
  gander_table_set_integer (table, row, 4, (gint64)count);
}

GanderTable *
gander_summary_get_states (const GanderSummary *self)
{
  const GanderTimes *times = &self->times;
  GanderTable *table = gander_table_new (state_columns, G_N_ELEMENTS (state_columns));

  add_state (table, self, GANDER_STATE_RUNNING, "", times->running, times->n_running);
  add_state (table, self, GANDER_STATE_RUNNABLE, "", times->runnable, times->n_runnable);
  for (guint wait = 0; wait < GANDER_N_WAITS; wait++)
    add_state (table,
               self,
               GANDER_STATE_BLOCKED,
               gander_describe_wait ((GanderWait)wait),
               times->waiting[wait],
               times->n_waiting[wait]);
  add_state (table, self, GANDER_STATE_SYSCALL, "", times->syscall, times->n_syscall);
  add_state (table,
             self,
             GANDER_STATE_SYSCALL_BLOCKED,
             "",
             times->syscall_blocked,
             times->n_syscall_blocked);
  add_state (table, self, GANDER_STATE_UNKNOWN, "", times->unknown, 0);
  return table;
}
