/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/range-iter.h"
#include "analysis/scheduler-private.h"
#include "analysis/workers.h"

#define CANCEL_STEP 65536

/* The walk over the lane of one processor. */
typedef struct
{
  const GanderIndex *index;
  const GanderSchedProcs *procs;
  GanderSteps steps; /* of all processors that the worker walks */
  GanderSchedProc *proc;
  GanderTime run_begin; /* of the stretch that the processor runs; -1 = it does not */
  GanderSpan last;
} Walk;

/* Whether the call of @span went on without the processor, which @span ends with. */
static gboolean
has_lost (const GanderIndex *index, const GanderSpan *span)
{
  GanderSpan next;

  return span->state == GANDER_STATE_SYSCALL && span->link != GANDER_LANE_NONE &&
         gander_query_span_at (index, span->link, span->end, &next) &&
         next.state == GANDER_STATE_SYSCALL_BLOCKED;
}

static void
end_run (Walk *self, GanderTime time)
{
  if (self->run_begin >= 0)
    gander_steps_add (&self->steps,
                      MAX (self->run_begin, self->procs->begin),
                      MIN (time, self->procs->end));
  self->run_begin = -1;
}

/* What lies between two spans of a processor that do not touch, or belong to two goroutines. */
static void
end_last (Walk *self, const GanderSpan *next)
{
  gboolean touches = next != NULL && next->begin == self->last.end;

  if (self->run_begin < 0)
    return;
  if ((!touches || next->link != self->last.link) && self->last.end < self->procs->end &&
      has_lost (self->index, &self->last))
    self->proc->syscalls_lost++;
  if (!touches || next->state == GANDER_STATE_UNKNOWN)
    end_run (self, self->last.end);
}

static void
add_span (Walk *self, const GanderSpan *span)
{
  GanderSchedProc *proc = self->proc;
  GanderTime length = MIN (span->end, self->procs->end) - MAX (span->begin, self->procs->begin);

  if (span->state == GANDER_STATE_UNKNOWN)
    {
      proc->unknown += length;
      return;
    }
  if (self->run_begin < 0)
    {
      self->run_begin = span->begin;
      proc->starts += span->begin >= self->procs->begin;
    }
  proc->running += length;
  if (gander_state_is_running (span->state))
    {
      proc->go_running += length;
      proc->gc_work += span->state == GANDER_STATE_RUNNING ? 0 : length;
      proc->go_intervals +=
          (span->flags & GANDER_SPAN_CONTINUES) == 0 || span->begin < self->procs->begin;
    }
  else if (span->state == GANDER_STATE_SYSCALL)
    {
      proc->go_syscall += length;
      proc->go_intervals++;
    }
}

/* What ends just where the range begins is part of the story. */
static void
begin_walk (Walk *self, GanderLaneId lane)
{
  guint32 first = gander_query_find (self->index, lane, self->procs->begin);

  self->run_begin = -1;
  if (first == 0)
    return;
  gander_query_span (self->index, lane, first - 1, &self->last);
  if (self->last.end == self->procs->begin && self->last.state != GANDER_STATE_UNKNOWN)
    self->run_begin = self->last.begin;
}

static gboolean
walk_proc (Walk *self, GanderLaneId lane, GCancellable *cancellable)
{
  GanderSpanIter iter;
  GanderSpan span;

  begin_walk (self, lane);
  gander_span_iter_init (&iter, self->index, lane, self->procs->begin, self->procs->end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (span.ordinal % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      end_last (self, &span);
      add_span (self, &span);
      self->last = span;
    }
  end_last (self, NULL);
  return TRUE;
}

static int
compare_procs (gconstpointer a, gconstpointer b)
{
  const GanderSchedProc *x = a;
  const GanderSchedProc *y = b;

  return (x->id > y->id) - (x->id < y->id);
}

/* What the workers share. */
typedef struct
{
  GanderSchedProcs *procs;
  GanderLaneId first;
  GCancellable *cancellable;
  Walk walks[GANDER_MAX_WORKERS];
} Share;

static gboolean
walk_part (gpointer data, guint worker, guint32 first, guint32 n)
{
  Share *share = data;
  Walk *walk = &share->walks[worker];

  for (guint32 i = first; i < first + n; i++)
    {
      GanderSchedProc *proc = &g_array_index (share->procs->procs, GanderSchedProc, i);
      GanderLane facts;

      proc->lane = share->first + i;
      gander_index_get_life (walk->index, proc->lane, &facts);
      proc->id = facts.id;
      walk->proc = proc;
      if (!walk_proc (walk, proc->lane, share->cancellable))
        return FALSE;
    }
  return TRUE;
}

static gboolean
walk_procs (GanderSchedProcs *self,
            const GanderIndex *index,
            GanderSteps *steps,
            GCancellable *cancellable)
{
  Share share = { .procs = self, .cancellable = cancellable };
  guint32 n;
  gboolean done;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &share.first, &n);
  g_array_set_size (self->procs, n);
  for (guint i = 0; i < gander_workers_get_n (n); i++)
    {
      share.walks[i].index = index;
      share.walks[i].procs = self;
      gander_steps_init (&share.walks[i].steps);
    }
  done = gander_workers_run (n, 1, walk_part, &share);
  for (guint i = 0; i < gander_workers_get_n (n); i++)
    {
      const GArray *points = share.walks[i].steps.points;

      g_array_append_vals (steps->points, points->data, points->len);
      gander_steps_clear (&share.walks[i].steps);
    }
  for (guint32 i = 0; i < n; i++)
    {
      const GanderSchedProc *proc = &g_array_index (self->procs, GanderSchedProc, i);

      self->running += proc->running;
      self->go_running += proc->go_running;
      self->go_syscall += proc->go_syscall;
      self->syscalls_lost += proc->syscalls_lost;
    }
  return done;
}

/* The rows of processors are in the order of their lanes. */
static void
add_sweeps (GanderSchedProcs *self, const GanderIndex *index)
{
  GanderRangeIter iter;
  GanderRange range;
  GanderLaneId first;
  guint32 n_procs;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &first, &n_procs);
  gander_range_iter_init (&iter, index, GANDER_RANGE_SWEEP, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      GanderSchedProc *proc;

      if (range.lane < first || range.lane - first >= n_procs)
        continue;
      proc = &g_array_index (self->procs, GanderSchedProc, range.lane - first);
      proc->sweeps++;
      proc->sweep += gander_range_iter_get_length (&iter, &range);
    }
}

/* Time with each number of processors. */
static void
add_histogram (GanderSchedProcs *self, const GanderSteps *steps)
{
  GanderTime time = self->begin;
  gint64 running = 0;

  g_array_set_size (self->histogram, self->procs->len + 1);
  for (guint i = 0; i <= steps->points->len; i++)
    {
      const GanderStepPoint *point =
          i < steps->points->len ? &g_array_index (steps->points, GanderStepPoint, i) : NULL;
      GanderTime next = point == NULL ? self->end : point->time;

      if (running >= 0 && running < (gint64)self->histogram->len)
        g_array_index (self->histogram, GanderTime, running) += next - time;
      time = next;
      running = point == NULL ? 0 : point->value;
    }
  while (self->histogram->len > 1 &&
         g_array_index (self->histogram, GanderTime, self->histogram->len - 1) == 0)
    g_array_set_size (self->histogram, self->histogram->len - 1);
}

void
gander_sched_add_gomaxprocs (const GanderIndex *index,
                             GanderTime begin,
                             GanderTime end,
                             GanderSteps *steps)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOMAXPROCS, &n);
  guint64 now = 0;

  for (guint32 i = 0; i < n && points[i].time < end; i++)
    {
      guint64 value = MIN (points[i].value, GANDER_SCHED_MAX_PROCS);

      if (value != now)
        gander_steps_change (steps, MAX (points[i].time, begin), (gint64)value - (gint64)now);
      now = value;
    }
  gander_steps_change (steps, end, -(gint64)now);
}

GanderTime
gander_sched_get_capacity (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_auto (GanderSteps) procs = { 0 };

  gander_steps_init (&procs);
  gander_sched_add_gomaxprocs (index, begin, end, &procs);
  gander_steps_finish (&procs);
  return gander_steps_get_area (&procs, begin, end);
}

/* Idle is what was not used of what is known. */
static void
add_capacity (GanderSchedProcs *self, const GanderIndex *index, const GanderSteps *running)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOMAXPROCS, &n);

  self->capacity = gander_sched_get_capacity (index, self->begin, self->end);
  if (self->capacity > 0)
    self->idle =
        MAX (0,
             self->capacity -
                 gander_steps_get_area (running, MAX (self->begin, points[0].time), self->end));
}

void
gander_sched_procs_init (GanderSchedProcs *self, GanderTime begin, GanderTime end)
{
  *self = (GanderSchedProcs){ .begin = begin,
                              .end = end,
                              .procs = g_array_new (FALSE, TRUE, sizeof (GanderSchedProc)),
                              .histogram = g_array_new (FALSE, TRUE, sizeof (GanderTime)) };
}

gboolean
gander_sched_compute_running (const GanderIndex *index,
                              GanderSchedProcs *out,
                              GanderSteps *running,
                              GCancellable *cancellable)
{
  if (!walk_procs (out, index, running, cancellable))
    return FALSE;
  add_sweeps (out, index);
  gander_steps_finish (running);
  g_array_sort (out->procs, compare_procs);
  add_histogram (out, running);
  add_capacity (out, index, running);
  return TRUE;
}

gboolean
gander_sched_compute_procs (const GanderIndex *index,
                            GanderTime begin,
                            GanderTime end,
                            GanderSchedProcs *out,
                            GCancellable *cancellable,
                            GError **error)
{
  g_auto (GanderSteps) running = { 0 };

  gander_steps_init (&running);
  gander_sched_procs_init (out, begin, end);
  if (gander_sched_compute_running (index, out, &running, cancellable))
    return TRUE;
  gander_sched_procs_clear (out);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

void
gander_sched_procs_clear (GanderSchedProcs *self)
{
  g_clear_pointer (&self->procs, g_array_unref);
  g_clear_pointer (&self->histogram, g_array_unref);
}
