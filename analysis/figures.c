/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figures.h"

#include "analysis/analysis-error.h"
#include "analysis/figures-walk.h"
#include "analysis/quantiles.h"

#include <string.h>

#define NS_PER_MS     1e6
#define NS_PER_SECOND 1e9

/* A system call that is shorter keeps a processor busy; a longer one is waiting. */
#define SHORT_SYSCALL (100 * G_GINT64_CONSTANT (1000))

static const struct
{
  const char *id;
  guint32 kinds; /* a bit for each GanderStretchKind */
} states[] = {
#define KIND(NAME) (1u << GANDER_STRETCH_##NAME)
#define LOCKS      (KIND (MUTEX) | KIND (RWLOCK) | KIND (RLOCK))
#define CHANNELS   (KIND (CHAN_SEND) | KIND (CHAN_RECEIVE) | KIND (SELECT))
  { "running", KIND (RUNNING) },
  { "runnable", KIND (RUNNABLE) },
  { "syscall", KIND (SYSCALL) },
  { "mutex", KIND (MUTEX) },
  { "rwlock", KIND (RWLOCK) },
  { "rlock", KIND (RLOCK) },
  { "waitgroup", KIND (WAIT_GROUP) },
  { "cond", KIND (COND) },
  { "chan-send", KIND (CHAN_SEND) },
  { "chan-recv", KIND (CHAN_RECEIVE) },
  { "select", KIND (SELECT) },
  { "network", KIND (NETWORK) },
  { "sleep", KIND (SLEEP) },
  { "forever", KIND (FOREVER) },
  { "lock", LOCKS },
  { "sync", LOCKS | KIND (WAIT_GROUP) | KIND (COND) | KIND (OTHER_SYNC) },
  { "channel", CHANNELS },
  { "blocked", GANDER_STRETCH_WAITS },
};

/* What is waited for when a timer, and no goroutine, may end it. */
#define TIMED (KIND (SLEEP) | KIND (SELECT) | KIND (CHAN_RECEIVE))
/* What keeps a goroutine at its own work. */
#define LOAD (KIND (RUNNING) | KIND (RUNNABLE) | KIND (SYSCALL) | KIND (SLEEP) | KIND (NETWORK))

/* What one walk over the selected goroutines brings. */
typedef struct
{
  guint64 n_lanes;
  GanderTime life;
  GanderTime running;
  GanderTime executing; /* with short system calls */
  GanderTime yielded;   /* of @running */
  GanderTime assist;    /* of @running */
  GanderTime load;
  GanderTime busiest; /* largest load of a goroutine */
  guint64 stuck;
  guint64 timer_wakes;
  GanderDurations in_state;
  GanderDurations wakes; /* waits for a processor after a wake-up or a system call */
} Sums;

static void
clear_sums (Sums *self)
{
  gander_durations_clear (&self->in_state);
  gander_durations_clear (&self->wakes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sums, clear_sums)

static void
add_running (Sums *sums, const GanderStretch *stretch)
{
  GanderTime length = stretch->end - stretch->begin;

  sums->running += length;
  sums->executing += length;
  sums->assist += stretch->assist;
  if (stretch->has_next && stretch->next.state == GANDER_STATE_RUNNABLE &&
      stretch->next.cause == GANDER_CAUSE_YIELDED)
    sums->yielded += length;
}

static void
add_runnable (Sums *sums, const GanderStretch *stretch, GanderStretchKind before)
{
  const GanderSpan *span = &stretch->first;

  if (span->cause == GANDER_CAUSE_WOKEN || span->cause == GANDER_CAUSE_SYSCALL)
    gander_durations_add (&sums->wakes, stretch->end - stretch->begin);
  if (span->cause == GANDER_CAUSE_WOKEN && span->link == GANDER_LANE_NONE &&
      (TIMED & 1u << before) != 0)
    sums->timer_wakes++;
}

static void
add_stretch (Sums *sums, const GanderStretch *stretch, GanderStretchKind before, gboolean selected)
{
  GanderTime length = stretch->end - stretch->begin;

  if (selected)
    gander_durations_add (&sums->in_state, length);
  switch (stretch->kind)
    {
    case GANDER_STRETCH_RUNNING:
      add_running (sums, stretch);
      break;
    case GANDER_STRETCH_RUNNABLE:
      add_runnable (sums, stretch, before);
      break;
    case GANDER_STRETCH_SYSCALL:
      sums->executing += stretch->lost_processor || length >= SHORT_SYSCALL ? 0 : length;
      break;
    default:
      break;
    }
}

static void
add_lane (Sums *sums, GanderFigureWalk *walk, GanderLaneId id)
{
  GanderLane lane;
  GanderStretch stretch;
  GanderStretchKind before = GANDER_STRETCH_OTHER;
  GanderTime load = 0;
  gboolean stuck = FALSE;

  gander_index_get_lane (walk->index, id, &lane);
  if (lane.begin >= walk->end || lane.end <= walk->begin)
    return;
  sums->n_lanes++;
  sums->life += MIN (lane.end, walk->end) - MAX (lane.begin, walk->begin);
  if (!(lane.flags & GANDER_LANE_EXISTED) && lane.creator == GANDER_LANE_NONE &&
      lane.begin >= walk->begin)
    sums->timer_wakes++;
  gander_figure_walk_start (walk, id);
  while (gander_figure_walk_next (walk, &stretch))
    {
      gboolean selected = gander_figure_walk_selects (walk, &stretch);

      add_stretch (sums, &stretch, before, selected);
      if ((LOAD & 1u << stretch.kind) != 0)
        load += stretch.end - stretch.begin;
      stuck = selected && stretch.end == walk->end && !stretch.has_next &&
              (GANDER_STRETCH_WAITS & 1u << stretch.kind) != 0;
      before = stretch.kind;
    }
  sums->stuck += stuck;
  sums->load += load;
  sums->busiest = MAX (sums->busiest, load);
}

static void
sum_up (GanderFigureWalk *walk, Sums *sums)
{
  for (guint32 group = 0; group < gander_index_get_n_groups (walk->index); group++)
    {
      guint32 n = 0;
      const GanderLaneId *lanes = gander_index_get_group_lanes (walk->index, group, &n);

      if (!gander_figure_walk_has_group (walk, group))
        continue;
      for (guint32 i = 0; i < n; i++)
        add_lane (sums, walk, lanes[i]);
    }
}

static double
ratio (double part, double whole)
{
  return whole > 0 ? part / whole : 0;
}

/* Figures of stretches. */

static double
compute_duration (GanderFigureWalk *walk)
{
  return (double)(walk->end - walk->begin) / NS_PER_MS;
}

static double
compute_goroutines (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return (double)sums.n_lanes;
}

static double
compute_share (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };
  GanderQuantiles quantiles;

  sum_up (walk, &sums);
  gander_durations_get_quantiles (&sums.in_state, &quantiles);
  return ratio ((double)quantiles.total, (double)sums.life);
}

static void
get_stretches (GanderFigureWalk *walk, GanderQuantiles *out)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  gander_durations_get_quantiles (&sums.in_state, out);
}

static double
compute_total (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)quantiles.total / NS_PER_MS;
}

static double
compute_count (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)quantiles.count;
}

static double
compute_mean (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return ratio ((double)quantiles.total, (double)quantiles.count) / NS_PER_MS;
}

static double
compute_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)quantiles.p50 / NS_PER_MS;
}

static double
compute_p99 (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)quantiles.p99 / NS_PER_MS;
}

static double
compute_max (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)quantiles.max / NS_PER_MS;
}

static double
compute_queue (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return ratio ((double)quantiles.total, (double)(walk->end - walk->begin));
}

static double
compute_stuck (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return (double)sums.stuck;
}

static double
compute_imbalance (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return ratio ((double)sums.busiest * (double)sums.n_lanes, (double)sums.load);
}

static double
compute_wake_mean (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };
  GanderQuantiles quantiles;

  sum_up (walk, &sums);
  gander_durations_get_quantiles (&sums.wakes, &quantiles);
  return ratio ((double)quantiles.total, (double)quantiles.count) / NS_PER_MS;
}

static double
compute_wake_p99 (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return (double)gander_durations_get_percentile (&sums.wakes, 99) / NS_PER_MS;
}

static double
compute_yield_share (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return ratio ((double)sums.yielded, (double)sums.running);
}

static double
compute_timer_wakes (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return ratio ((double)sums.timer_wakes * NS_PER_SECOND, (double)(walk->end - walk->begin));
}

static double
compute_assist_share (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return ratio ((double)sums.assist, (double)sums.running);
}

/* Futile wake-ups. */

static void
count_futile (GanderFigureWalk *walk, GanderLaneId lane, guint64 *n_wakes, guint64 *n_futile)
{
  GanderFutile futile = { 0 };
  GanderStretch stretch;

  gander_figure_walk_start (walk, lane);
  while (gander_figure_walk_next (walk, &stretch))
    {
      *n_futile += gander_futile_meet (&futile, walk, &stretch);
      if ((GANDER_STRETCH_WAITS & 1u << stretch.kind) == 0 || !stretch.has_next ||
          stretch.next.state != GANDER_STATE_RUNNABLE ||
          !gander_figure_walk_selects (walk, &stretch))
        continue;
      (*n_wakes)++;
      gander_futile_begin (&futile, &stretch);
    }
}

static double
compute_futile_share (GanderFigureWalk *walk)
{
  guint64 n_wakes = 0, n_futile = 0;

  for (guint32 group = 0; group < gander_index_get_n_groups (walk->index); group++)
    {
      guint32 n = 0;
      const GanderLaneId *lanes = gander_index_get_group_lanes (walk->index, group, &n);

      if (!gander_figure_walk_has_group (walk, group))
        continue;
      for (guint32 i = 0; i < n; i++)
        count_futile (walk, lanes[i], &n_wakes, &n_futile);
    }
  return ratio ((double)n_futile, (double)n_wakes);
}

/* Figures of processors and of the garbage collector. */

static double
compute_procs (GanderFigureWalk *walk)
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

/* Returns: the time that all processors together had; the first number holds from the beginning. */
static double
processor_time (const GanderFigureWalk *walk)
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

static double
compute_utilisation (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return MIN (ratio ((double)sums.executing, processor_time (walk)), 1);
}

static double
compute_gc_cycles (GanderFigureWalk *walk)
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

static double
compute_gc_share (GanderFigureWalk *walk)
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
  return ratio ((double)collecting, (double)running);
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

static double
compute_stw_count (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return (double)pauses.count;
}

static double
compute_stw_share (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return ratio ((double)pauses.total, (double)(walk->end - walk->begin));
}

static double
compute_stw_max (GanderFigureWalk *walk)
{
  Pauses pauses;

  get_pauses (walk, &pauses);
  return (double)pauses.longest / NS_PER_MS;
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

  for (guint32 row = 0; row < gander_index_get_n_regions (walk->index); row++)
    {
      GanderRegion region;

      gander_index_get_region (walk->index, row, &region);
      if (region.begin >= walk->begin && region.begin < walk->end && is_named (walk, region.type))
        gander_durations_add (&durations, region.end - region.begin);
    }
  gander_durations_get_quantiles (&durations, out);
}

/* @all: whatever their type. */
static void
get_tasks (const GanderFigureWalk *walk, gboolean all, GanderQuantiles *out)
{
  g_auto (GanderDurations) durations = { 0 };

  for (guint32 row = 0; row < gander_index_get_n_tasks (walk->index); row++)
    {
      GanderTask task;

      gander_index_get_task (walk->index, row, &task);
      if (task.begin >= walk->begin && task.begin < walk->end && task.end >= 0 &&
          (all || is_named (walk, task.type)))
        gander_durations_add (&durations, task.end - task.begin);
    }
  gander_durations_get_quantiles (&durations, out);
}

static double
compute_region_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles regions;

  get_regions (walk, &regions);
  return (double)regions.p50 / NS_PER_MS;
}

static double
compute_region_share (GanderFigureWalk *walk)
{
  GanderQuantiles regions, tasks;

  get_regions (walk, &regions);
  get_tasks (walk, TRUE, &tasks);
  return ratio ((double)regions.total, (double)tasks.total);
}

static double
compute_task_count (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.count;
}

static double
compute_task_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.p50 / NS_PER_MS;
}

static double
compute_task_p99 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return (double)tasks.p99 / NS_PER_MS;
}

static double
compute_task_p99_over_p50 (GanderFigureWalk *walk)
{
  GanderQuantiles tasks;

  get_tasks (walk, FALSE, &tasks);
  return ratio ((double)tasks.p99, (double)tasks.p50);
}

static const struct
{
  const char *id;
  GanderFigureUnit unit;
  double (*compute) (GanderFigureWalk *walk);
} figures[GANDER_N_FIGURES] = {
#define FIGURE(NAME, id, unit, compute) { id, GANDER_FIGURE_UNIT_##unit, compute },
#include "analysis/figures.def"
#undef FIGURE
};

int
gander_figure_find (const char *id)
{
  for (guint i = 0; i < GANDER_N_FIGURES; i++)
    if (g_str_equal (figures[i].id, id))
      return (int)i;
  return -1;
}

const char *
gander_figure_get_id (GanderFigure figure)
{
  g_return_val_if_fail (figure < GANDER_N_FIGURES, NULL);
  return figures[figure].id;
}

GanderFigureUnit
gander_figure_get_unit (GanderFigure figure)
{
  g_return_val_if_fail (figure < GANDER_N_FIGURES, GANDER_FIGURE_UNIT_COUNT);
  return figures[figure].unit;
}

const char *const *
gander_figure_get_states (void)
{
  static const char *ids[G_N_ELEMENTS (states) + 1];
  static gsize done;

  if (g_once_init_enter (&done))
    {
      for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
        ids[i] = states[i].id;
      g_once_init_leave (&done, 1);
    }
  return ids;
}

/* Returns: the kinds that @state names, none = all; FALSE when it names none. */
static gboolean
find_state (const char *state, guint32 *kinds)
{
  *kinds = G_MAXUINT32;
  if (state == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].id, state))
      {
        *kinds = states[i].kinds;
        return TRUE;
      }
  return FALSE;
}

gboolean
gander_figure_compute (const GanderIndex *index,
                       GanderTime begin,
                       GanderTime end,
                       GanderFigure figure,
                       const GanderFigureSelector *selector,
                       double *out,
                       GError **error)
{
  static const GanderFigureSelector everything;
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_auto (GanderFigureWalk) walk = { .index = index };

  g_return_val_if_fail (figure < GANDER_N_FIGURES, FALSE);

  walk.begin = CLAMP (begin, 0, duration);
  walk.end = CLAMP (end, walk.begin, duration);
  walk.selector = selector == NULL ? everything : *selector;
  if (!find_state (walk.selector.state, &walk.kinds))
    {
      g_set_error (error,
                   GANDER_ANALYSIS_ERROR,
                   GANDER_ANALYSIS_ERROR_UNKNOWN_NAME,
                   "There is no state “%s”",
                   walk.selector.state);
      return FALSE;
    }
  *out = figures[figure].compute (&walk);
  return TRUE;
}
