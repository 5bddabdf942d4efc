/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/cover.h"
#include "analysis/range-iter.h"
#include "analysis/scheduler-private.h"
#include "analysis/stack-set.h"

#define CANCEL_STEP 1024

/* The walk over all goroutines. */
typedef struct
{
  const GanderIndex *index;
  GanderSched *sched;
  GanderDurations latency;
  GanderCover idle;        /* processors idle, and which part of it a goroutine waited */
  GHashTable *preemptions; /* stack -> count */
  GanderSchedRun run;      /* of the goroutine walked now; end = -1: it does not run */
} Walk;

/* Longest first, then earliest. */
static int
compare_runs (gconstpointer a, gconstpointer b)
{
  const GanderSchedRun *x = a;
  const GanderSchedRun *y = b;
  GanderTime length_x = x->end - x->begin;
  GanderTime length_y = y->end - y->begin;

  if (length_x != length_y)
    return length_x > length_y ? -1 : 1;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->goroutine > y->goroutine) - (x->goroutine < y->goroutine);
}

/* Keeps the longest; @runs is in order once it is full. */
static void
keep_run (GArray *runs, const GanderSchedRun *run)
{
  guint place = runs->len;

  if (place == GANDER_SCHED_RUNS)
    {
      if (compare_runs (run, &g_array_index (runs, GanderSchedRun, place - 1)) > 0)
        return;
      g_array_set_size (runs, --place);
    }
  while (place > 0 && compare_runs (run, &g_array_index (runs, GanderSchedRun, place - 1)) < 0)
    place--;
  g_array_insert_val (runs, place, *run);
}

static void
end_run (Walk *self, const GanderSpan *next)
{
  if (self->run.end < 0)
    return;
  self->run.has_next = next != NULL;
  if (next != NULL)
    self->run.next = *next;
  keep_run (self->sched->runs, &self->run);
  self->run.end = -1;
}

static void
add_running (Walk *self, const GanderSpan *span)
{
  GanderTime end = MIN (span->end, self->sched->end);

  if (self->run.end >= 0 && (span->flags & GANDER_SPAN_CONTINUES) != 0)
    {
      self->run.end = end;
      return;
    }
  end_run (self, span);
  self->run.goroutine = span->lane;
  self->run.proc = span->link;
  self->run.begin = MAX (span->begin, self->sched->begin);
  self->run.end = end;
}

static void
add_stop (Walk *self, const GanderSpan *span)
{
  gpointer stack = GUINT_TO_POINTER (span->stack);
  gsize count = GPOINTER_TO_SIZE (g_hash_table_lookup (self->preemptions, stack));

  if (span->begin < self->sched->begin)
    return;
  self->sched->yielded += span->cause == GANDER_CAUSE_YIELDED;
  if (span->cause != GANDER_CAUSE_PREEMPTED)
    return;
  self->sched->preempted++;
  g_hash_table_insert (self->preemptions, stack, GSIZE_TO_POINTER (count + 1));
}

static void
walk_goroutine (Walk *self, GanderLaneId lane, gboolean system)
{
  GanderSched *sched = self->sched;
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, self->index, lane, sched->begin, sched->end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (span.state == GANDER_STATE_RUNNABLE)
        {
          GanderTime begin = MAX (span.begin, sched->begin);
          GanderTime end = MIN (span.end, sched->end);

          gander_cover_add (&self->idle, begin, end);
          if (system)
            continue;
          gander_durations_add (&self->latency, end - begin);
          if (span.cause == GANDER_CAUSE_YIELDED || span.cause == GANDER_CAUSE_PREEMPTED)
            add_stop (self, &span);
        }
      if (system)
        continue;
      if (gander_state_is_running (span.state))
        add_running (self, &span);
      else
        end_run (self, &span);
    }
  end_run (self, NULL);
}

static gboolean
walk_goroutines (Walk *self, GCancellable *cancellable)
{
  GanderLaneId first;
  guint32 n;

  self->run.end = -1;
  gander_index_get_lanes_of (self->index, GANDER_LANE_GOROUTINE, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      GanderLane lane;

      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      gander_index_get_life (self->index, first + i, &lane);
      if (lane.begin < self->sched->end && lane.end > self->sched->begin)
        walk_goroutine (self, first + i, (lane.flags & GANDER_LANE_SYSTEM) != 0);
    }
  return TRUE;
}

/* Idle processors. */

/* Two step functions side by side. */
typedef struct
{
  const GanderSteps *steps[2];
  guint next[2];
  gint64 value[2];
} Pair;

/* Returns: FALSE after the last step. */
static gboolean
pair_next (Pair *self, GanderTime *time)
{
  *time = G_MAXINT64;
  for (guint i = 0; i < 2; i++)
    if (self->next[i] < self->steps[i]->points->len)
      *time =
          MIN (*time, g_array_index (self->steps[i]->points, GanderStepPoint, self->next[i]).time);
  for (guint i = 0; i < 2; i++)
    if (self->next[i] < self->steps[i]->points->len &&
        g_array_index (self->steps[i]->points, GanderStepPoint, self->next[i]).time == *time)
      self->value[i] =
          g_array_index (self->steps[i]->points, GanderStepPoint, self->next[i]++).value;
  return *time != G_MAXINT64;
}

/* Returns: (transfer full) an array of GanderStretch in which more processors may run than do. */
static GArray *
find_idle (const GanderIndex *index, GanderTime begin, GanderTime end, const GanderSteps *running)
{
  GArray *idle = g_array_new (FALSE, FALSE, sizeof (GanderStretch));
  g_auto (GanderSteps) limit = { 0 };
  Pair pair = { .steps = { &limit, running } };
  GanderStretch stretch = { .begin = -1 };
  GanderTime time;

  gander_steps_init (&limit);
  gander_sched_add_gomaxprocs (index, begin, end, &limit);
  gander_steps_finish (&limit);
  while (pair_next (&pair, &time))
    {
      gboolean is_idle = pair.value[0] > pair.value[1];

      if (is_idle && stretch.begin < 0)
        stretch.begin = time;
      if (is_idle || stretch.begin < 0)
        continue;
      stretch.end = MIN (time, end);
      if (stretch.begin < stretch.end)
        g_array_append_val (idle, stretch);
      stretch.begin = -1;
    }
  return idle;
}

static void
add_idle (GanderSched *self, const GanderIndex *index, const GArray *waited)
{
  g_auto (GanderCover) stopped = { 0 };
  g_autoptr (GArray) both = NULL;
  GanderRangeIter iter;
  GanderRange range;

  for (guint i = 0; i < waited->len; i++)
    {
      const GanderStretch *stretch = &g_array_index (waited, GanderStretch, i);

      self->idle_runnable += stretch->end - stretch->begin;
      self->longest_idle_runnable =
          MAX (self->longest_idle_runnable, stretch->end - stretch->begin);
    }
  gander_cover_init (&stopped, (const GanderStretch *)(gpointer)waited->data, waited->len);
  gander_range_iter_init (&iter, index, GANDER_RANGE_STW, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    gander_cover_add (&stopped, range.begin, range.end);
  both = gander_cover_finish (&stopped);
  for (guint i = 0; i < both->len; i++)
    self->idle_runnable_stw +=
        g_array_index (both, GanderStretch, i).end - g_array_index (both, GanderStretch, i).begin;
}

/* Preemptions. */

static int
compare_preemptions (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const GanderSchedPreemption *x = a;
  const GanderSchedPreemption *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return gander_stack_compare (user_data, x->stack, y->stack);
}

/* Stacks that read the same become one. */
static void
add_preemptions (GanderSched *self, const GanderIndex *index, GHashTable *counts)
{
  g_autoptr (GanderStackSet) set = gander_stack_set_new (index);
  GHashTableIter iter;
  gpointer stack, count;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &stack, &count))
    {
      guint number = gander_stack_set_get_number (set, GPOINTER_TO_UINT (stack));
      GanderSchedPreemption *row;

      if (number == self->preemptions->len)
        g_array_set_size (self->preemptions, number + 1);
      row = &g_array_index (self->preemptions, GanderSchedPreemption, number);
      /* The least of those that read the same, whatever the order of the table. */
      row->stack =
          row->count == 0 ? GPOINTER_TO_UINT (stack) : MIN (row->stack, GPOINTER_TO_UINT (stack));
      row->count += GPOINTER_TO_SIZE (count);
    }
  g_array_sort_with_data (self->preemptions, compare_preemptions, (gpointer)index);
}

/* Returns: (transfer full) (nullable) where processors are idle. */
static GArray *
compute_idle (const GanderSched *self, const GanderIndex *index, GCancellable *cancellable)
{
  g_auto (GanderSteps) running = { 0 };
  g_auto (GanderSchedProcs) procs = { 0 };

  gander_steps_init (&running);
  gander_sched_procs_init (&procs, self->begin, self->end);
  if (!gander_sched_compute_running (index, &procs, &running, cancellable))
    return NULL;
  return find_idle (index, self->begin, self->end, &running);
}

static gboolean
compute (GanderSched *self, const GanderIndex *index, GCancellable *cancellable)
{
  g_autoptr (GArray) idle = compute_idle (self, index, cancellable);
  g_autoptr (GHashTable) preemptions = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) waited = NULL;
  Walk walk = { .index = index, .sched = self, .preemptions = preemptions };
  gboolean done;

  if (idle == NULL)
    return FALSE;
  gander_cover_init (&walk.idle, (const GanderStretch *)(gpointer)idle->data, idle->len);
  done = walk_goroutines (&walk, cancellable);
  if (done)
    {
      gander_durations_get_quantiles (&walk.latency, &self->latency);
      waited = gander_cover_finish (&walk.idle);
      add_idle (self, index, waited);
      add_preemptions (self, index, preemptions);
    }
  gander_durations_clear (&walk.latency);
  gander_cover_clear (&walk.idle);
  return done;
}

gboolean
gander_sched_compute (const GanderIndex *index,
                      GanderTime begin,
                      GanderTime end,
                      GanderSched *out,
                      GCancellable *cancellable,
                      GError **error)
{
  *out = (GanderSched){ .begin = begin,
                        .end = end,
                        .runs = g_array_new (FALSE, TRUE, sizeof (GanderSchedRun)),
                        .preemptions = g_array_new (FALSE, TRUE, sizeof (GanderSchedPreemption)) };
  if (compute (out, index, cancellable))
    return TRUE;
  gander_sched_clear (out);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

void
gander_sched_clear (GanderSched *self)
{
  g_clear_pointer (&self->runs, g_array_unref);
  g_clear_pointer (&self->preemptions, g_array_unref);
}
