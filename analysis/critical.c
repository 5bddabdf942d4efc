/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/critical.h"

/* Hops between two looks at the cancellable. */
#define CANCEL_STEP 1024

typedef struct
{
  const GanderIndex *index;
  GanderPath *path;
  GanderLaneId lane;
  GanderTime time;     /* all from here on is on the path already */
  GanderStackId stack; /* where the goroutine was at that instant; 0 = not known */
  GanderLaneId served; /* whom this goroutine of the runtime worked for, or NONE */
} Walk;

#define STATE(name) (1u << GANDER_STATE_##name)
#define EXECUTING   (STATE (RUNNING) | STATE (GC_WORK) | STATE (GC_ASSIST))
#define STOPPED     (STATE (BLOCKED) | STATE (SYSCALL) | STATE (SYSCALL_BLOCKED))

static const GanderPathEnd ends_of_waker[] = {
  [GANDER_WAKER_NONE] = GANDER_PATH_BEGIN,      [GANDER_WAKER_GOROUTINE] = GANDER_PATH_BEGIN,
  [GANDER_WAKER_NETWORK] = GANDER_PATH_NETWORK, [GANDER_WAKER_TIMER] = GANDER_PATH_TIMER,
  [GANDER_WAKER_GC] = GANDER_PATH_GC,           [GANDER_WAKER_RUNTIME] = GANDER_PATH_RUNTIME,
  [GANDER_WAKER_UNSEEN] = GANDER_PATH_WAITING,
};

static void
add_hop (Walk *self, GanderHop *hop)
{
  hop->begin = MAX (hop->begin, self->path->begin);
  hop->added = hop->end - hop->begin;
  g_array_append_val (self->path->hops, *hop);
  self->time = hop->begin;
}

/* What is left down to the begin of the path, and not explained. */
static void
add_rest (Walk *self, GanderPathEnd why)
{
  GanderHop hop = {
    .span = { .lane = GANDER_LANE_NONE, .state = GANDER_STATE_UNKNOWN, .link = GANDER_LANE_NONE },
    .begin = self->path->begin,
    .end = self->time,
    .to = GANDER_LANE_NONE,
    .next = GANDER_NEXT_END,
  };

  self->path->why_end = why;
  if (hop.begin < hop.end)
    add_hop (self, &hop);
}

/* The stretch of @lane before the walk's time that the trace is silent about. */
static void
add_gap (Walk *self, const GanderLane *lane)
{
  GanderHop hop = {
    .span = { .lane = self->lane, .state = GANDER_STATE_UNKNOWN, .link = GANDER_LANE_NONE },
    .begin = lane->begin,
    .end = self->time,
    .to = GANDER_LANE_NONE,
  };
  guint32 next = gander_query_find (self->index, self->lane, self->time - 1);
  GanderSpan before;

  if (next > 0)
    {
      gander_query_span (self->index, self->lane, next - 1, &before);
      hop.begin = MAX (hop.begin, before.end);
    }
  hop.span.begin = hop.begin;
  hop.span.end = hop.end;
  add_hop (self, &hop);
}

static gboolean
is_system (const GanderIndex *index, GanderLaneId id)
{
  GanderLane lane;

  gander_index_get_lane (index, id, &lane);
  return (lane.flags & GANDER_LANE_SYSTEM) != 0;
}

/* Goes on in @to, which is at @stack then, if there is such a goroutine.
 *
 * Returns: whether there is. */
static gboolean
jump (Walk *self, GanderHop *hop, GanderLaneId to, GanderStackId stack, GanderNext next)
{
  if (to == GANDER_LANE_NONE || to == self->lane)
    return FALSE;
  if (!is_system (self->index, to))
    self->served = GANDER_LANE_NONE;
  else if (!is_system (self->index, self->lane))
    self->served = self->lane;
  hop->next = next;
  hop->to = to;
  self->lane = to;
  self->stack = stack;
  return TRUE;
}

/* A wait that ended at the walk's time, as @wake tells: others explain it, or it stands for itself.
 */
static void
add_ended_wait (Walk *self, const GanderSpan *wait, const GanderSpan *wake)
{
  GanderHop hop = {
    .span = *wait,
    .begin = MAX (wait->begin, self->path->begin),
    .end = self->time,
    .stack = wait->stack,
    .to = GANDER_LANE_NONE,
    .waker = GANDER_WAKER_GOROUTINE,
  };

  if (jump (self, &hop, wake->link, wake->stack, GANDER_NEXT_WAKER))
    {
      g_array_append_val (self->path->hops, hop);
      return;
    }
  hop.waker = gander_waker_of_wait (gander_index_get_wait (self->index, wait->reason));
  if (jump (self, &hop, self->served, 0, GANDER_NEXT_SERVED))
    {
      g_array_append_val (self->path->hops, hop);
      return;
    }
  self->stack = wait->stack;
  add_hop (self, &hop);
}

static gboolean
was_woken (const GanderSpan *span)
{
  return span->state == GANDER_STATE_RUNNABLE &&
         (span->cause == GANDER_CAUSE_WOKEN || span->cause == GANDER_CAUSE_SWITCHED);
}

/* Returns: the goroutine's own stack at the begin of a span; 0 = the trace does not tell. */
static GanderStackId
own_stack (const GanderSpan *span)
{
  if ((STOPPED & 1u << span->state) != 0 || span->cause == GANDER_CAUSE_YIELDED ||
      span->cause == GANDER_CAUSE_PREEMPTED)
    return span->stack;
  return 0;
}

static void
add_span (Walk *self, const GanderSpan *span)
{
  gboolean executing = (EXECUTING & 1u << span->state) != 0;
  GanderHop hop = {
    .span = *span,
    .begin = span->begin,
    .end = self->time,
    .stack = executing ? self->stack : own_stack (span),
    .to = GANDER_LANE_NONE,
    .waker = span->state == GANDER_STATE_BLOCKED ? GANDER_WAKER_UNSEEN : GANDER_WAKER_NONE,
  };
  GanderSpan other;

  if (span->state == GANDER_STATE_BLOCKED && span->end == self->time &&
      gander_query_wake (self->index, span, &other))
    {
      add_ended_wait (self, span, &other);
      return;
    }
  self->stack = own_stack (span);
  add_hop (self, &hop);
  if (self->time == self->path->begin || !was_woken (span) || span->ordinal == 0)
    return;
  gander_query_span (self->index, span->lane, span->ordinal - 1, &other);
  if (other.state == GANDER_STATE_BLOCKED && other.end == span->begin)
    add_ended_wait (self, &other, span);
}

/* The goroutine begins at the walk's time, or later when the path came back to it.
 *
 * Returns: FALSE when the walk ends. */
static gboolean
pass_birth (Walk *self, const GanderLane *lane)
{
  GArray *hops = self->path->hops;
  GanderHop *hop = hops->len > 0 ? &g_array_index (hops, GanderHop, hops->len - 1) : NULL;
  GanderLane creator;

  if (hop == NULL || (lane->flags & GANDER_LANE_EXISTED) != 0)
    add_rest (self, self->time <= 0 ? GANDER_PATH_BORDER : GANDER_PATH_UNKNOWN);
  else if (lane->creator == GANDER_LANE_NONE)
    add_rest (self, GANDER_PATH_NOBODY);
  else
    {
      gander_index_get_lane (self->index, lane->creator, &creator);
      if (creator.begin < lane->begin &&
          jump (self, hop, lane->creator, lane->creation_stack, GANDER_NEXT_CREATOR))
        return TRUE;
      add_rest (self, GANDER_PATH_UNKNOWN);
    }
  return FALSE;
}

/* Each step goes back in time, but a birth, which leads to a goroutine that is older.
 *
 * Returns: FALSE when the walk ends. */
static gboolean
step (Walk *self)
{
  GanderLane lane;
  GanderSpan span;

  gander_index_get_lane (self->index, self->lane, &lane);
  if (self->time <= lane.begin)
    return pass_birth (self, &lane);
  if (gander_query_span_at (self->index, self->lane, self->time - 1, &span))
    add_span (self, &span);
  else
    add_gap (self, &lane);
  return TRUE;
}

/* Says of the last hop and of the path why it ended where it did, at the begin. */
static void
finish (Walk *self)
{
  GArray *hops = self->path->hops;
  GanderHop *last;

  if (hops->len == 0)
    return;
  last = &g_array_index (hops, GanderHop, hops->len - 1);
  last->next = GANDER_NEXT_END;
  if (self->path->begin <= 0)
    self->path->why_end = GANDER_PATH_BORDER;
  else if (last->span.state == GANDER_STATE_BLOCKED)
    self->path->why_end = ends_of_waker[last->waker];
  else if (last->span.state == GANDER_STATE_SYSCALL ||
           last->span.state == GANDER_STATE_SYSCALL_BLOCKED)
    self->path->why_end = GANDER_PATH_SYSCALL;
  else if (last->span.state == GANDER_STATE_UNKNOWN)
    self->path->why_end = GANDER_PATH_UNKNOWN;
}

gboolean
gander_path_compute (const GanderIndex *index,
                     GanderLaneId lane,
                     GanderTime begin,
                     GanderTime end,
                     guint max_hops,
                     GanderPath *out,
                     GCancellable *cancellable,
                     GError **error)
{
  GanderLane facts;
  Walk walk = {
    .index = index,
    .path = out,
    .lane = lane,
    .served = GANDER_LANE_NONE,
  };

  gander_index_get_lane (index, lane, &facts);
  *out = (GanderPath){
    .begin = MAX (begin, 0),
    .end = MIN (end, facts.end),
    .hops = g_array_new (FALSE, FALSE, sizeof (GanderHop)),
    .why_end = GANDER_PATH_BEGIN,
  };
  out->end = MAX (out->end, out->begin);
  walk.time = out->end;
  for (guint steps = 0; walk.time > out->begin; steps++)
    {
      if (steps % CANCEL_STEP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (out->hops->len >= max_hops)
        {
          add_rest (&walk, GANDER_PATH_LIMIT);
          return TRUE;
        }
      if (!step (&walk))
        return TRUE;
    }
  finish (&walk);
  return TRUE;
}

void
gander_path_clear (GanderPath *self)
{
  g_clear_pointer (&self->hops, g_array_unref);
}
