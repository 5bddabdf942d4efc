/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scheduler's figures as tables. */
#include "analysis/describe.h"
#include "analysis/scheduler.h"

#include <math.h>

#define N_(text) text

static const char *const ids[GANDER_N_SCHED_BY] = {
  [GANDER_SCHED_BY_PROC] = "proc",
  [GANDER_SCHED_BY_BUSY] = "busy",
  [GANDER_SCHED_BY_TIME] = "time",
  [GANDER_SCHED_BY_RUN] = "run",
  [GANDER_SCHED_BY_PREEMPTION] = "preemption",
  [GANDER_SCHED_BY_GOMAXPROCS] = "gomaxprocs",
};

const char *
gander_sched_by_get_id (GanderSchedBy by)
{
  g_return_val_if_fail (by < GANDER_N_SCHED_BY, NULL);
  return ids[by];
}

static double
share_of (GanderTime part, GanderTime whole)
{
  return whole <= 0 ? 0 : (double)part / (double)whole;
}

enum
{
  PROC_ID,
  PROC_RUNNING,
  PROC_SHARE,
  PROC_GO_RUNNING,
  PROC_GO_SYSCALL,
  PROC_SCHEDULING,
  PROC_GC_WORK,
  PROC_IDLE,
  PROC_UNKNOWN,
  PROC_STARTS,
  PROC_INTERVALS,
  PROC_SWEEPS,
  PROC_SWEEP,
};

static const GanderColumn proc_columns[] = {
  [PROC_ID] = { "proc", N_ ("P"), GANDER_COLUMN_ID, FALSE },
  [PROC_RUNNING] = { "running", N_ ("Running"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_SHARE] = { "share", N_ ("Of the time"), GANDER_COLUMN_SHARE, FALSE },
  [PROC_GO_RUNNING] = { "go-running", N_ ("Goroutines"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_GO_SYSCALL] = { "go-syscall", N_ ("Syscalls"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_SCHEDULING] = { "scheduling", N_ ("Scheduling"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_GC_WORK] = { "gc-work", N_ ("GC work"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_IDLE] = { "idle", N_ ("Idle"), GANDER_COLUMN_DURATION, FALSE },
  [PROC_UNKNOWN] = { "unknown", N_ ("Unknown"), GANDER_COLUMN_DURATION, TRUE },
  [PROC_STARTS] = { "starts", N_ ("Starts"), GANDER_COLUMN_COUNT, FALSE },
  [PROC_INTERVALS] = { "go-intervals", N_ ("Runs"), GANDER_COLUMN_COUNT, FALSE },
  [PROC_SWEEPS] = { "sweeps", N_ ("Sweeps"), GANDER_COLUMN_COUNT, TRUE },
  [PROC_SWEEP] = { "sweep", N_ ("Sweeping"), GANDER_COLUMN_DURATION, TRUE },
};

GanderTable *
gander_sched_get_proc_table (const GanderSchedProcs *self)
{
  GanderTable *table = gander_table_new (proc_columns, G_N_ELEMENTS (proc_columns));
  GanderTime length = self->end - self->begin;

  for (guint i = 0; i < self->procs->len; i++)
    {
      const GanderSchedProc *proc = &g_array_index (self->procs, GanderSchedProc, i);
      const gint64 cells[] = {
        [PROC_ID] = proc->id,
        [PROC_RUNNING] = proc->running,
        [PROC_GO_RUNNING] = proc->go_running,
        [PROC_GO_SYSCALL] = proc->go_syscall,
        [PROC_SCHEDULING] = proc->running - proc->go_running - proc->go_syscall,
        [PROC_GC_WORK] = proc->gc_work,
        [PROC_IDLE] = length - proc->running - proc->unknown,
        [PROC_UNKNOWN] = proc->unknown,
        [PROC_STARTS] = (gint64)proc->starts,
        [PROC_INTERVALS] = (gint64)proc->go_intervals,
        [PROC_SWEEPS] = (gint64)proc->sweeps,
        [PROC_SWEEP] = proc->sweep,
      };
      guint row = gander_table_append (table);

      for (guint column = 0; column < G_N_ELEMENTS (cells); column++)
        if (column != PROC_SHARE)
          gander_table_set_integer (table, row, column, cells[column]);
      gander_table_set_share (table, row, PROC_SHARE, share_of (proc->running, length));
    }
  return table;
}

enum
{
  BUSY_PROCS,
  BUSY_TIME,
  BUSY_SHARE,
};

static const GanderColumn busy_columns[] = {
  [BUSY_PROCS] = { "running", N_ ("Running"), GANDER_COLUMN_ID, FALSE },
  [BUSY_TIME] = { "time", N_ ("Time"), GANDER_COLUMN_DURATION, FALSE },
  [BUSY_SHARE] = { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
};

GanderTable *
gander_sched_get_busy_table (const GanderSchedProcs *self)
{
  GanderTable *table = gander_table_new (busy_columns, G_N_ELEMENTS (busy_columns));

  for (guint i = 0; i < self->histogram->len; i++)
    {
      GanderTime time = g_array_index (self->histogram, GanderTime, i);
      guint row;

      if (time == 0)
        continue;
      row = gander_table_append (table);
      gander_table_set_integer (table, row, BUSY_PROCS, i);
      gander_table_set_integer (table, row, BUSY_TIME, time);
      gander_table_set_share (table, row, BUSY_SHARE, share_of (time, self->end - self->begin));
    }
  return table;
}

enum
{
  RUN_BEGIN,
  RUN_DURATION,
  RUN_PROC,
  RUN_GOROUTINE,
  RUN_END,
  RUN_FUNCTION,
  RUN_PLACE,
};

static const GanderColumn run_columns[] = {
  [RUN_BEGIN] = { "begin", N_ ("Begin"), GANDER_COLUMN_TIME, FALSE },
  [RUN_DURATION] = { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, FALSE },
  [RUN_PROC] = { "proc", N_ ("P"), GANDER_COLUMN_ID, FALSE },
  [RUN_GOROUTINE] = { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE },
  [RUN_END] = { "ended", N_ ("Ended"), GANDER_COLUMN_TEXT, FALSE },
  [RUN_FUNCTION] = { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
  [RUN_PLACE] = { "place", N_ ("Ended in"), GANDER_COLUMN_TEXT, FALSE },
};

static gint64
id_of (const GanderIndex *index, GanderLaneId lane, GanderLane *facts)
{
  *facts = (GanderLane){ .id = -1 };
  if (lane != GANDER_LANE_NONE)
    gander_index_get_life (index, lane, facts);
  return facts->id;
}

/* Returns: what ended a run, in words; @stack: the goroutine's own at that instant, or 0. */
static const char *
explain_end (const GanderSchedRun *run, const GanderIndex *index, GanderStackId *stack)
{
  const GanderSpan *next = &run->next;

  *stack = 0;
  if (!run->has_next)
    return "";
  switch (next->state)
    {
    case GANDER_STATE_RUNNABLE:
      *stack = next->stack;
      return next->cause == GANDER_CAUSE_YIELDED ? "yielded" : "preempted";
    case GANDER_STATE_BLOCKED:
      *stack = next->stack;
      return gander_index_get_string (index, next->reason);
    case GANDER_STATE_SYSCALL:
    case GANDER_STATE_SYSCALL_BLOCKED:
      *stack = next->stack;
      return "system call";
    default:
      return "";
    }
}

GanderTable *
gander_sched_get_run_table (const GanderSched *self, const GanderIndex *index)
{
  GanderTable *table = gander_table_new (run_columns, G_N_ELEMENTS (run_columns));

  for (guint i = 0; i < self->runs->len; i++)
    {
      const GanderSchedRun *run = &g_array_index (self->runs, GanderSchedRun, i);
      GanderStackId stack;
      const char *end = explain_end (run, index, &stack);
      g_autofree char *place = gander_describe_place (index, stack);
      GanderLane lane;
      guint row = gander_table_append (table);

      gander_table_set_integer (table, row, RUN_BEGIN, run->begin);
      gander_table_set_integer (table, row, RUN_DURATION, run->end - run->begin);
      gander_table_set_integer (table, row, RUN_PROC, id_of (index, run->proc, &lane));
      gander_table_set_integer (table, row, RUN_GOROUTINE, id_of (index, run->goroutine, &lane));
      gander_table_set_text (table, row, RUN_FUNCTION, gander_index_get_string (index, lane.name));
      gander_table_set_text (table, row, RUN_END, end);
      gander_table_set_text (table, row, RUN_PLACE, place);
    }
  return table;
}

static const GanderColumn preemption_columns[] = {
  { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  { "function", N_ ("Function"), GANDER_COLUMN_TEXT, FALSE },
};

/* By the function that the program was in: the places of one loop are many. */
GanderTable *
gander_sched_get_preemption_table (const GanderSched *self, const GanderIndex *index)
{
  GanderTable *table = gander_table_new (preemption_columns, G_N_ELEMENTS (preemption_columns));
  g_autoptr (GHashTable) rows = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->preemptions->len; i++)
    {
      const GanderSchedPreemption *item =
          &g_array_index (self->preemptions, GanderSchedPreemption, i);
      GanderFrame frame = { 0 };
      gpointer key, found;
      guint row;

      gander_describe_user_frame (index, item->stack, &frame, NULL);
      key = GUINT_TO_POINTER (frame.function);
      found = g_hash_table_lookup (rows, key);
      row = found == NULL ? gander_table_append (table) : GPOINTER_TO_UINT (found) - 1;
      g_hash_table_insert (rows, key, GUINT_TO_POINTER (row + 1));
      gander_table_set_integer (table,
                                row,
                                0,
                                gander_table_get_integer (table, row, 0) + (gint64)item->count);
      gander_table_set_text (table, row, 2, gander_index_get_string (index, frame.function));
    }
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    gander_table_set_share (table,
                            row,
                            1,
                            share_of (gander_table_get_integer (table, row, 0),
                                      (gint64)self->preempted));
  gander_table_sort (table, 0, TRUE);
  return table;
}

static const GanderColumn gomaxprocs_columns[] = {
  { "begin", N_ ("Begin"), GANDER_COLUMN_TIME, FALSE },
  { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, FALSE },
  { "gomaxprocs", N_ ("GOMAXPROCS"), GANDER_COLUMN_COUNT, FALSE },
};

static void
end_row (GanderTable *table, GanderTime time)
{
  guint n = gander_table_get_n_rows (table);

  if (n > 0)
    gander_table_set_integer (table, n - 1, 1, time - gander_table_get_integer (table, n - 1, 0));
}

GanderTable *
gander_sched_get_gomaxprocs_table (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  GanderTable *table = gander_table_new (gomaxprocs_columns, G_N_ELEMENTS (gomaxprocs_columns));
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOMAXPROCS, &n);
  guint32 first = gander_query_find_point (points, n, begin);

  for (guint32 i = first > 0 ? first - 1 : 0; i < n && points[i].time < end; i++)
    {
      guint n_rows = gander_table_get_n_rows (table);
      guint row;

      if (n_rows > 0 && gander_table_get_integer (table, n_rows - 1, 2) == (gint64)points[i].value)
        continue;
      end_row (table, points[i].time);
      row = gander_table_append (table);
      gander_table_set_integer (table, row, 0, MAX (points[i].time, begin));
      gander_table_set_integer (table, row, 2, (gint64)points[i].value);
    }
  end_row (table, end);
  return table;
}
