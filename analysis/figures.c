/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figures.h"

#include "analysis/analysis-error.h"
#include "analysis/figures-walk.h"
#include "analysis/quantiles.h"

#include <string.h>

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

/* Figures of stretches. */

static double
compute_duration (GanderFigureWalk *walk)
{
  return (double)(walk->end - walk->begin) / GANDER_FIGURE_MS;
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
  return gander_figure_ratio ((double)quantiles.total, (double)sums.life);
}

static void
get_stretches (GanderFigureWalk *walk, GanderQuantiles *out)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  gander_durations_get_quantiles (&sums.in_state, out);
}

/* Returns: in milliseconds, the member of GanderQuantiles at @offset. */
static double
get_stretch (GanderFigureWalk *walk, glong offset)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return (double)G_STRUCT_MEMBER (GanderTime, &quantiles, offset) / GANDER_FIGURE_MS;
}

static double
compute_total (GanderFigureWalk *walk)
{
  return get_stretch (walk, G_STRUCT_OFFSET (GanderQuantiles, total));
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
  return gander_figure_ratio ((double)quantiles.total, (double)quantiles.count) / GANDER_FIGURE_MS;
}

static double
compute_p50 (GanderFigureWalk *walk)
{
  return get_stretch (walk, G_STRUCT_OFFSET (GanderQuantiles, p50));
}

static double
compute_p99 (GanderFigureWalk *walk)
{
  return get_stretch (walk, G_STRUCT_OFFSET (GanderQuantiles, p99));
}

static double
compute_max (GanderFigureWalk *walk)
{
  return get_stretch (walk, G_STRUCT_OFFSET (GanderQuantiles, max));
}

static double
compute_queue (GanderFigureWalk *walk)
{
  GanderQuantiles quantiles;

  get_stretches (walk, &quantiles);
  return gander_figure_ratio ((double)quantiles.total, (double)(walk->end - walk->begin));
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
  return gander_figure_ratio ((double)sums.busiest * (double)sums.n_lanes, (double)sums.load);
}

static double
compute_wake_mean (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };
  GanderQuantiles quantiles;

  sum_up (walk, &sums);
  gander_durations_get_quantiles (&sums.wakes, &quantiles);
  return gander_figure_ratio ((double)quantiles.total, (double)quantiles.count) / GANDER_FIGURE_MS;
}

static double
compute_wake_p99 (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return (double)gander_durations_get_percentile (&sums.wakes, 99) / GANDER_FIGURE_MS;
}

static double
compute_yield_share (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return gander_figure_ratio ((double)sums.yielded, (double)sums.running);
}

static double
compute_timer_wakes (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return gander_figure_ratio ((double)sums.timer_wakes * NS_PER_SECOND,
                              (double)(walk->end - walk->begin));
}

static double
compute_assist_share (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return gander_figure_ratio ((double)sums.assist, (double)sums.running);
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
  return gander_figure_ratio ((double)n_futile, (double)n_wakes);
}

static double
compute_utilisation (GanderFigureWalk *walk)
{
  g_auto (Sums) sums = { 0 };

  sum_up (walk, &sums);
  return MIN (gander_figure_ratio ((double)sums.executing, gander_figure_get_processor_time (walk)),
              1);
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
