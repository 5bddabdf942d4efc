/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats.h"

#include <string.h>

/* Goroutines between two looks at the cancellable. */
#define CANCEL_STEP 1024

/* Go's own predicate (golang/go src/internal/trace/traceviewer/pprof.go, 1.26): the reason says
 * channel, sync or select, "synctest" included. */
gboolean
gander_times_is_sync_reason (const GanderIndex *index, GanderStringId reason)
{
  const char *text;

  switch (gander_index_get_wait (index, reason))
    {
    case GANDER_WAIT_SYNC:
    case GANDER_WAIT_COND:
    case GANDER_WAIT_CHAN_SEND:
    case GANDER_WAIT_CHAN_RECEIVE:
    case GANDER_WAIT_SELECT:
      return TRUE;
    case GANDER_WAIT_OTHER:
      text = gander_index_get_string (index, reason);
      return strstr (text, "chan") != NULL || strstr (text, "sync") != NULL ||
             strstr (text, "select") != NULL;
    default:
      return FALSE;
    }
}

static void
add_wait (GanderTimes *times, const GanderIndex *index, const GanderSpan *span, GanderTime length)
{
  GanderWait wait = gander_index_get_wait (index, span->reason);

  times->waiting[wait] += length;
  times->n_waiting[wait]++;
  times->longest_wait = MAX (times->longest_wait, length);
  if (gander_times_is_sync_reason (index, span->reason))
    times->sync_block += length;
}

/* @first: no earlier span of the same interval was counted. */
static void
add_span (GanderTimes *times,
          const GanderIndex *index,
          const GanderSpan *span,
          GanderTime length,
          gboolean first)
{
  switch (span->state)
    {
    case GANDER_STATE_GC_WORK:
    case GANDER_STATE_GC_ASSIST:
      *(span->state == GANDER_STATE_GC_WORK ? &times->gc_work : &times->gc_assist) += length;
      /* fall through */
    case GANDER_STATE_RUNNING:
      times->running += length;
      times->n_running += first;
      break;
    case GANDER_STATE_RUNNABLE:
      times->runnable += length;
      times->n_runnable++;
      times->longest_runnable = MAX (times->longest_runnable, length);
      break;
    case GANDER_STATE_BLOCKED:
      add_wait (times, index, span, length);
      break;
    case GANDER_STATE_SYSCALL:
      times->syscall += length;
      times->n_syscall += first;
      break;
    case GANDER_STATE_SYSCALL_BLOCKED:
      times->syscall_blocked += length;
      times->n_syscall += first;
      times->n_syscall_blocked++;
      break;
    default:
      times->unknown += length;
    }
}

void
gander_times_add_lane (GanderTimes *times,
                       const GanderIndex *index,
                       GanderLaneId lane,
                       GanderTime begin,
                       GanderTime end)
{
  GanderLane facts;
  GanderSpanIter iter;
  GanderSpan span;
  GanderTime known = 0;
  gboolean first = TRUE;

  gander_index_get_lane (index, lane, &facts);
  begin = MAX (begin, facts.begin);
  end = MIN (end, facts.end);
  if (begin >= end)
    return;
  times->n_lanes++;
  times->total += end - begin;
  gander_span_iter_init (&iter, index, lane, begin, end);
  while (gander_span_iter_next (&iter, &span))
    {
      GanderTime length = MIN (span.end, end) - MAX (span.begin, begin);

      add_span (times, index, &span, length, first || !(span.flags & GANDER_SPAN_CONTINUES));
      known += length;
      first = FALSE;
    }
  times->unknown += end - begin - known;
}

void
gander_times_add (GanderTimes *times, const GanderTimes *other)
{
  times->running += other->running;
  times->runnable += other->runnable;
  times->syscall += other->syscall;
  times->syscall_blocked += other->syscall_blocked;
  times->unknown += other->unknown;
  times->gc_work += other->gc_work;
  times->gc_assist += other->gc_assist;
  times->sync_block += other->sync_block;
  times->total += other->total;
  times->n_lanes += other->n_lanes;
  times->n_running += other->n_running;
  times->n_runnable += other->n_runnable;
  times->n_syscall += other->n_syscall;
  times->n_syscall_blocked += other->n_syscall_blocked;
  for (guint i = 0; i < GANDER_N_WAITS; i++)
    {
      times->waiting[i] += other->waiting[i];
      times->n_waiting[i] += other->n_waiting[i];
    }
  times->longest_wait = MAX (times->longest_wait, other->longest_wait);
  times->longest_runnable = MAX (times->longest_runnable, other->longest_runnable);
}

GanderTime
gander_times_get_waiting (const GanderTimes *times)
{
  GanderTime sum = 0;

  for (guint i = 0; i < GANDER_N_WAITS; i++)
    sum += times->waiting[i];
  return sum;
}

guint64
gander_times_get_n_waiting (const GanderTimes *times)
{
  guint64 sum = 0;

  for (guint i = 0; i < GANDER_N_WAITS; i++)
    sum += times->n_waiting[i];
  return sum;
}

GanderTime
gander_times_get_other (const GanderTimes *times)
{
  return gander_times_get_waiting (times) - times->sync_block -
         times->waiting[GANDER_WAIT_NETWORK] - times->waiting[GANDER_WAIT_SLEEP] -
         times->waiting[GANDER_WAIT_GC];
}

#define N_(text)                              text
#define STATS(id, title, type, detail, value) { id, title, GANDER_COLUMN_##type, detail },

static const GanderColumn function_columns[] = {
  { "goroutines", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
#include "analysis/stats.def"
  { "gc-share", N_ ("GC share"), GANDER_COLUMN_SHARE, FALSE },
  { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn goroutine_columns[] = {
  { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE },
  { "life", N_ ("Life"), GANDER_COLUMN_COUNT, TRUE },
#include "analysis/stats.def"
  { "gc-share", N_ ("GC share"), GANDER_COLUMN_SHARE, FALSE },
  { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
};

#undef STATS

/* Fills the row from @column on with what both tables share. */
static void
set_times (GanderTable *table, guint row, guint column, const GanderTimes *t, const char *name)
{
#define STATS(id, title, type, detail, value) (gint64) (value),
  const gint64 values[] = {
#include "analysis/stats.def"
  };
#undef STATS

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    gander_table_set_integer (table, row, column++, values[i]);
  gander_table_set_share (table,
                          row,
                          column++,
                          t->running == 0
                              ? 0
                              : (double)(t->gc_work + t->gc_assist) / (double)t->running);
  gander_table_set_text (table, row, column, name);
}

static void
add_group (GanderTable *table,
           const GanderIndex *index,
           guint32 number,
           GanderTime begin,
           GanderTime end,
           GCancellable *cancellable)
{
  GanderGroup group;
  GanderTimes times = { 0 };
  guint32 n;
  const GanderLaneId *lanes = gander_index_get_group_lanes (index, number, &n);
  guint row;

  for (guint32 i = 0; i < n; i++)
    {
      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return;
      gander_times_add_lane (&times, index, lanes[i], begin, end);
    }
  if (times.n_lanes == 0)
    return;
  gander_index_get_group (index, number, &group);
  row = gander_table_append (table);
  gander_table_set_integer (table, row, 0, (gint64)times.n_lanes);
  set_times (table, row, 1, &times, gander_index_get_string (index, group.name));
}

static void
add_goroutine (GanderTable *table,
               const GanderIndex *index,
               GanderLaneId lane,
               GanderTime begin,
               GanderTime end)
{
  GanderLane facts;
  GanderTimes times = { 0 };
  guint row;

  gander_times_add_lane (&times, index, lane, begin, end);
  if (times.n_lanes == 0)
    return;
  gander_index_get_lane (index, lane, &facts);
  row = gander_table_append (table);
  gander_table_set_integer (table, row, 0, facts.id);
  gander_table_set_integer (table, row, 1, facts.life);
  set_times (table, row, 2, &times, gander_index_get_string (index, facts.name));
}

static GanderTable *
compute_functions (const GanderIndex *index,
                   GanderTime begin,
                   GanderTime end,
                   GCancellable *cancellable)
{
  GanderTable *table = gander_table_new (function_columns, G_N_ELEMENTS (function_columns));

  for (guint32 i = 0; i < gander_index_get_n_groups (index); i++)
    add_group (table, index, i, begin, end, cancellable);
  return table;
}

static GanderTable *
compute_goroutines (const GanderIndex *index,
                    GanderTime begin,
                    GanderTime end,
                    GCancellable *cancellable)
{
  GanderTable *table = gander_table_new (goroutine_columns, G_N_ELEMENTS (goroutine_columns));
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        break;
      add_goroutine (table, index, first + i, begin, end);
    }
  return table;
}

static const struct
{
  const char *id;
  GanderTable *(*compute) (const GanderIndex *index,
                           GanderTime begin,
                           GanderTime end,
                           GCancellable *cancellable);
} kinds[GANDER_N_STATS_BY] = {
  [GANDER_STATS_BY_FUNCTION] = { "func", compute_functions },
  [GANDER_STATS_BY_GOROUTINE] = { "goroutine", compute_goroutines },
};

const char *
gander_stats_by_get_id (GanderStatsBy by)
{
  g_return_val_if_fail (by < GANDER_N_STATS_BY, NULL);
  return kinds[by].id;
}

GanderTable *
gander_stats_compute (const GanderIndex *index,
                      GanderStatsBy by,
                      GanderTime begin,
                      GanderTime end,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GanderTable) table = NULL;

  g_return_val_if_fail (by < GANDER_N_STATS_BY, NULL);

  table = kinds[by].compute (index, begin, end, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  gander_table_sort (table, (guint)gander_table_find_column (table, "running"), TRUE);
  return g_steal_pointer (&table);
}
