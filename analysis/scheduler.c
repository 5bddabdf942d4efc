/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/cover.h"
#include "analysis/range-iter.h"
#include "analysis/scheduler-private.h"
#include "analysis/stack-set.h"
#include "analysis/workers.h"

#define PART 1024 /* goroutines between two looks at the cancellable */

/* What one worker found on its walk over goroutines. */
typedef struct
{
  const GanderIndex *index;
  GanderSched sched; /* counts and runs */
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
  keep_run (self->sched.runs, &self->run);
  self->run.end = -1;
}

static void
add_running (Walk *self, const GanderSpan *span)
{
  GanderTime end = MIN (span->end, self->sched.end);

  if (self->run.end >= 0 && (span->flags & GANDER_SPAN_CONTINUES) != 0)
    {
      self->run.end = end;
      return;
    }
  end_run (self, span);
  self->run.goroutine = span->lane;
  self->run.proc = span->link;
  self->run.begin = MAX (span->begin, self->sched.begin);
  self->run.end = end;
}

static void
count_preemption (Walk *self, gpointer stack, gsize count)
{
  count += GPOINTER_TO_SIZE (g_hash_table_lookup (self->preemptions, stack));
  g_hash_table_insert (self->preemptions, stack, GSIZE_TO_POINTER (count));
}

static void
add_stop (Walk *self, const GanderSpan *span)
{
  if (span->begin < self->sched.begin)
    return;
  self->sched.yielded += span->cause == GANDER_CAUSE_YIELDED;
  if (span->cause != GANDER_CAUSE_PREEMPTED)
    return;
  self->sched.preempted++;
  count_preemption (self, GUINT_TO_POINTER (span->stack), 1);
}

static void
walk_goroutine (Walk *self, GanderLaneId lane, gboolean system)
{
  const GanderSched *sched = &self->sched;
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

static void
walk_init (Walk *self, const GanderIndex *index, const GanderSched *sched, const GArray *idle)
{
  *self = (Walk){ .index = index, .sched = *sched, .run.end = -1 };
  self->sched.runs = g_array_new (FALSE, TRUE, sizeof (GanderSchedRun));
  self->preemptions = g_hash_table_new (NULL, NULL);
  gander_cover_init (&self->idle, (const GanderStretch *)(gpointer)idle->data, idle->len);
}

static void
walk_clear (Walk *self)
{
  g_array_unref (self->sched.runs);
  g_hash_table_unref (self->preemptions);
  gander_cover_clear (&self->idle);
  gander_durations_clear (&self->latency);
}

/* Adds what another worker found. */
static void
walk_add (Walk *self, const Walk *other)
{
  GHashTableIter iter;
  gpointer stack, count;

  self->sched.preempted += other->sched.preempted;
  self->sched.yielded += other->sched.yielded;
  for (guint i = 0; i < other->sched.runs->len; i++)
    keep_run (self->sched.runs, &g_array_index (other->sched.runs, GanderSchedRun, i));
  for (gsize i = 0; i < other->latency.n; i++)
    gander_durations_add (&self->latency, other->latency.values[i]);
  gander_cover_add_all (&self->idle, &other->idle);
  g_hash_table_iter_init (&iter, other->preemptions);
  while (g_hash_table_iter_next (&iter, &stack, &count))
    count_preemption (self, stack, GPOINTER_TO_SIZE (count));
}

/* What the workers share. */
typedef struct
{
  GanderLaneId first;
  GCancellable *cancellable;
  Walk walks[GANDER_MAX_WORKERS];
} Share;

static gboolean
walk_part (gpointer data, guint worker, guint32 first, guint32 n)
{
  Share *share = data;
  Walk *walk = &share->walks[worker];

  if (g_cancellable_is_cancelled (share->cancellable))
    return FALSE;
  for (GanderLaneId id = share->first + first; id < share->first + first + n; id++)
    {
      GanderLane lane;

      gander_index_get_life (walk->index, id, &lane);
      if (lane.begin < walk->sched.end && lane.end > walk->sched.begin)
        walk_goroutine (walk, id, (lane.flags & GANDER_LANE_SYSTEM) != 0);
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

/* Takes over what all the workers found. */
static void
take_over (GanderSched *self, const GanderIndex *index, Walk *walk)
{
  g_autoptr (GArray) waited = gander_cover_finish (&walk->idle);

  self->preempted = walk->sched.preempted;
  self->yielded = walk->sched.yielded;
  g_array_append_vals (self->runs, walk->sched.runs->data, walk->sched.runs->len);
  gander_durations_get_quantiles (&walk->latency, &self->latency);
  add_idle (self, index, waited);
  add_preemptions (self, index, walk->preemptions);
}

static gboolean
walk_goroutines (GanderSched *self,
                 const GanderIndex *index,
                 const GArray *idle,
                 GCancellable *cancellable)
{
  Share share = { .cancellable = cancellable };
  guint32 n;
  guint n_workers;
  gboolean done;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &share.first, &n);
  n_workers = gander_workers_get_n (n);
  for (guint i = 0; i < n_workers; i++)
    walk_init (&share.walks[i], index, self, idle);
  done = gander_workers_run (n, PART, walk_part, &share);
  for (guint i = 1; i < n_workers; i++)
    {
      if (done)
        walk_add (&share.walks[0], &share.walks[i]);
      walk_clear (&share.walks[i]);
    }
  if (done)
    take_over (self, index, &share.walks[0]);
  walk_clear (&share.walks[0]);
  return done;
}

static gboolean
compute (GanderSched *self,
         const GanderIndex *index,
         GanderSchedProcs *procs,
         GCancellable *cancellable)
{
  g_auto (GanderSteps) running = { 0 };
  g_autoptr (GArray) idle = NULL;

  gander_steps_init (&running);
  if (!gander_sched_compute_running (index, procs, &running, cancellable))
    return FALSE;
  idle = find_idle (index, self->begin, self->end, &running);
  return walk_goroutines (self, index, idle, cancellable);
}

gboolean
gander_sched_compute (const GanderIndex *index,
                      GanderTime begin,
                      GanderTime end,
                      GanderSched *out,
                      GanderSchedProcs *procs,
                      GCancellable *cancellable,
                      GError **error)
{
  GanderSchedProcs own;
  gboolean done;

  gander_sched_procs_init (&own, begin, end);
  *out = (GanderSched){ .begin = begin,
                        .end = end,
                        .runs = g_array_new (FALSE, TRUE, sizeof (GanderSchedRun)),
                        .preemptions = g_array_new (FALSE, TRUE, sizeof (GanderSchedPreemption)) };
  done = compute (out, index, &own, cancellable);
  if (done && procs != NULL)
    *procs = own;
  else
    gander_sched_procs_clear (&own);
  if (done)
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
