/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats-times.h"

#include <string.h>

/* Pieces between two looks at the cancellable. */
#define CANCEL_STEP 1024

/* A reason that was met; kept when the tally is reset, since the next sum meets the same ones. */
typedef struct
{
  GanderReasonTimes times;
  GanderTime longest;
  GanderWait wait;
  gboolean sync;
} Slot;

struct _GanderTally
{
  const GanderIndex *index;
  GanderTimes times;
  GanderLaneId lane; /* of the piece added last, or NONE */
  guint32 *slot_of;  /* by string id: number + 1 of its slot; 0 = not met */
  guint32 n_strings; /* at least 1 */
  GArray *slots;     /* Slot */
  GArray *touched;   /* guint32, slots that are not 0 */
  GArray *reasons;   /* GanderReasonTimes, what was asked last */
  gboolean with_delays;
  GanderDurations delays[GANDER_N_DELAYS];
  GanderTime syscall; /* length so far of a system call that may go on */
};

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

GanderTally *
gander_tally_new (const GanderIndex *index, gboolean delays)
{
  GanderTally *self = g_new0 (GanderTally, 1);

  self->index = index;
  self->lane = GANDER_LANE_NONE;
  self->n_strings = MAX (gander_index_get_n_strings (index), 1);
  self->slot_of = g_new0 (guint32, self->n_strings);
  self->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  self->touched = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->reasons = g_array_new (FALSE, FALSE, sizeof (GanderReasonTimes));
  self->with_delays = delays;
  return self;
}

void
gander_tally_free (GanderTally *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < GANDER_N_DELAYS; i++)
    gander_durations_clear (&self->delays[i]);
  g_array_unref (self->slots);
  g_array_unref (self->touched);
  g_array_unref (self->reasons);
  g_free (self->slot_of);
  g_free (self);
}

static Slot *
get_touched (const GanderTally *self, guint i)
{
  return &g_array_index (self->slots, Slot, g_array_index (self->touched, guint32, i));
}

void
gander_tally_reset (GanderTally *self)
{
  self->times = (GanderTimes){ 0 };
  self->lane = GANDER_LANE_NONE;
  for (guint i = 0; i < self->touched->len; i++)
    {
      Slot *slot = get_touched (self, i);
      slot->times.count = 0;
      slot->times.total = slot->longest = 0;
    }
  g_array_set_size (self->touched, 0);
  for (guint i = 0; i < GANDER_N_DELAYS; i++)
    gander_durations_empty (&self->delays[i]);
}

/* Go's own predicate (golang/go src/internal/trace/traceviewer/pprof.go, 1.26): the reason says
 * channel, sync or select, "synctest" included. */
gboolean
gander_times_is_sync_reason (const GanderIndex *index, GanderStringId reason)
{
  const char *text = gander_index_get_string (index, reason);

  return strstr (text, "chan") != NULL || strstr (text, "sync") != NULL ||
         strstr (text, "select") != NULL;
}

static void
make_slot (GanderTally *self, GanderStringId reason)
{
  Slot slot = { .times.reason = reason,
                .wait = gander_index_get_wait (self->index, reason),
                .sync = gander_times_is_sync_reason (self->index, reason) };

  g_array_append_val (self->slots, slot);
  self->slot_of[reason] = self->slots->len;
}

static Slot *
add_to_slot (GanderTally *self,
             GanderStringId reason,
             guint64 count,
             GanderTime total,
             GanderTime longest)
{
  Slot *slot = NULL;
  guint32 number = 0;

  if (G_UNLIKELY (reason >= self->n_strings))
    reason = 0;
  if (G_UNLIKELY (self->slot_of[reason] == 0))
    make_slot (self, reason);
  number = self->slot_of[reason] - 1;
  slot = &g_array_index (self->slots, Slot, number);
  if (slot->times.count == 0)
    g_array_append_val (self->touched, number);
  slot->times.count += count;
  slot->times.total += total;
  slot->longest = MAX (slot->longest, longest);
  return slot;
}

static void
add_wait (GanderTally *self, GanderStringId reason, GanderTime length)
{
  const Slot *slot = add_to_slot (self, reason, 1, length, length);

  if (!self->with_delays)
    return;
  gander_durations_add (&self->delays[GANDER_DELAY_WAIT], length);
  if (slot->sync)
    gander_durations_add (&self->delays[GANDER_DELAY_SYNC], length);
  if (slot->wait == GANDER_WAIT_NETWORK)
    gander_durations_add (&self->delays[GANDER_DELAY_NETWORK], length);
}

static void
end_syscall (GanderTally *self)
{
  if (self->syscall > 0)
    gander_durations_add (&self->delays[GANDER_DELAY_SYSCALL], self->syscall);
  self->syscall = 0;
}

static void
add_syscall (GanderTally *self, GanderTime *sum, GanderTime length, gboolean first)
{
  *sum += length;
  self->times.n_syscall += first;
  if (!self->with_delays)
    return;
  if (first)
    end_syscall (self);
  self->syscall += length;
}

/* @first: no earlier span of the same interval was counted. */
static void
add_span (GanderTally *self, const GanderSpan *span, GanderTime length, gboolean first)
{
  GanderTimes *times = &self->times;

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
      if (self->with_delays)
        gander_durations_add (&self->delays[GANDER_DELAY_SCHED], length);
      break;
    case GANDER_STATE_BLOCKED:
      add_wait (self, span->reason, length);
      break;
    case GANDER_STATE_SYSCALL:
      add_syscall (self, &times->syscall, length, first);
      break;
    case GANDER_STATE_SYSCALL_BLOCKED:
      add_syscall (self, &times->syscall_blocked, length, first);
      times->n_syscall_blocked++;
      break;
    default:
      times->unknown += length;
    }
}

/* A span whose begin is a change of state: not the rest of another one, not where the trace finds
 * the goroutine, not where reading lost it. */
static gboolean
begins_by_change (GanderState state, GanderSpanFlags flags)
{
  return (flags & (GANDER_SPAN_CONTINUES | GANDER_SPAN_OPEN_BEGIN)) == 0 &&
         state != GANDER_STATE_UNKNOWN;
}

static gboolean
is_wakeup (GanderState state, GanderCause cause)
{
  return state == GANDER_STATE_RUNNABLE &&
         (cause == GANDER_CAUSE_WOKEN || cause == GANDER_CAUSE_SWITCHED);
}

void
gander_tally_add_piece (GanderTally *self, const GanderPiece *piece)
{
  GanderTimes *times = &self->times;
  GanderLane life;
  GanderSpanIter iter;
  GanderSpan span;
  GanderTime known = 0;
  gboolean first = TRUE;

  gander_index_get_life (self->index, piece->lane, &life);
  times->n_lanes += piece->lane != self->lane;
  self->lane = piece->lane;
  times->created += piece->begin == life.begin && (life.flags & GANDER_LANE_EXISTED) == 0;
  if (piece->end == life.end && (life.flags & GANDER_LANE_ALIVE) == 0)
    {
      times->ended++;
      times->n_transitions++;
    }
  times->total += piece->end - piece->begin;
  gander_span_iter_init (&iter, self->index, piece->lane, piece->begin, piece->end);
  while (gander_span_iter_next (&iter, &span))
    {
      GanderTime length = MIN (span.end, piece->end) - MAX (span.begin, piece->begin);
      add_span (self, &span, length, first || (span.flags & GANDER_SPAN_CONTINUES) == 0);
      if (span.begin >= piece->begin && begins_by_change (span.state, span.flags))
        {
          times->n_transitions++;
          times->n_wakeups += is_wakeup (span.state, span.cause);
        }
      known += length;
      first = FALSE;
    }
  end_syscall (self);
  times->unknown += piece->end - piece->begin - known;
}

static void
add_total (GanderTally *self, const GanderTotal *total)
{
  GanderTimes *times = &self->times;
  guint64 intervals = (total->flags & GANDER_SPAN_CONTINUES) == 0 ? total->count : 0;

  times->total += total->total;
  times->ended -= total->open;
  if ((total->flags & GANDER_SPAN_OPEN_BEGIN) != 0)
    times->created -= intervals;
  if (begins_by_change (total->state, total->flags))
    times->n_transitions += intervals;
  switch (total->state)
    {
    case GANDER_STATE_GC_WORK:
    case GANDER_STATE_GC_ASSIST:
      *(total->state == GANDER_STATE_GC_WORK ? &times->gc_work : &times->gc_assist) += total->total;
      /* fall through */
    case GANDER_STATE_RUNNING:
      times->running += total->total;
      times->n_running += intervals;
      break;
    case GANDER_STATE_RUNNABLE:
      times->runnable += total->total;
      times->n_runnable += total->count;
      times->longest_runnable = MAX (times->longest_runnable, total->longest);
      times->n_wakeups += is_wakeup (total->state, total->cause) ? intervals : 0;
      break;
    case GANDER_STATE_BLOCKED:
      add_to_slot (self, total->reason, total->count, total->total, total->longest);
      break;
    case GANDER_STATE_SYSCALL:
      times->syscall += total->total;
      times->n_syscall += intervals;
      break;
    case GANDER_STATE_SYSCALL_BLOCKED:
      times->syscall_blocked += total->total;
      times->n_syscall += intervals;
      times->n_syscall_blocked += total->count;
      break;
    default:
      times->unknown += total->total;
    }
}

void
gander_tally_add_group (GanderTally *self, guint32 group)
{
  GanderGroup facts;
  guint32 first = 0;
  guint32 n = 0;
  guint64 ended = self->times.ended;

  gander_index_get_group (self->index, group, &facts);
  self->times.n_lanes += facts.n_lanes;
  self->times.created += facts.n_lanes;
  self->times.ended += facts.n_lanes;
  gander_index_get_totals_of (self->index, group, &first, &n);
  for (guint32 row = first; row < first + n; row++)
    {
      GanderTotal total;
      gander_index_get_total (self->index, row, &total);
      add_total (self, &total);
    }
  self->times.n_transitions += self->times.ended - ended;
}

/* Sums and extremes that are not made from the slots. */
static void
add_times (GanderTimes *times, const GanderTimes *other)
{
  times->running += other->running;
  times->runnable += other->runnable;
  times->syscall += other->syscall;
  times->syscall_blocked += other->syscall_blocked;
  times->unknown += other->unknown;
  times->gc_work += other->gc_work;
  times->gc_assist += other->gc_assist;
  times->total += other->total;
  times->n_lanes += other->n_lanes;
  times->created += other->created;
  times->ended += other->ended;
  times->n_running += other->n_running;
  times->n_runnable += other->n_runnable;
  times->n_syscall += other->n_syscall;
  times->n_syscall_blocked += other->n_syscall_blocked;
  times->n_transitions += other->n_transitions;
  times->n_wakeups += other->n_wakeups;
  times->longest_runnable = MAX (times->longest_runnable, other->longest_runnable);
}

void
gander_tally_add_tally (GanderTally *self, const GanderTally *other)
{
  add_times (&self->times, &other->times);
  for (guint i = 0; i < other->touched->len; i++)
    {
      const Slot *slot = get_touched (other, i);
      add_to_slot (self, slot->times.reason, slot->times.count, slot->times.total, slot->longest);
    }
  for (guint i = 0; i < GANDER_N_DELAYS; i++)
    gander_durations_add_all (&self->delays[i], &other->delays[i]);
}

gboolean
gander_tally_add_scope (GanderTally *self,
                        const GanderScope *scope,
                        GCancellable *cancellable,
                        GError **error)
{
  gboolean whole = gander_scope_is_whole (scope) && !self->with_delays;
  GanderScopeIter iter;
  GanderPiece piece;

  for (guint32 i = 0; whole && i < gander_index_get_n_groups (self->index); i++)
    gander_tally_add_group (self, i);
  gander_scope_iter_init (&iter, scope);
  for (guint i = 0; !whole && gander_scope_iter_next (&iter, &piece); i++)
    {
      if (i % CANCEL_STEP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gander_tally_add_piece (self, &piece);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
gander_tally_is_empty (const GanderTally *self)
{
  return self->times.n_lanes == 0;
}

const GanderTimes *
gander_tally_get_times (GanderTally *self)
{
  GanderTimes *times = &self->times;

  memset (times->waiting, 0, sizeof times->waiting);
  memset (times->n_waiting, 0, sizeof times->n_waiting);
  times->sync_block = times->longest_wait = 0;
  for (guint i = 0; i < self->touched->len; i++)
    {
      const Slot *slot = get_touched (self, i);
      times->waiting[slot->wait] += slot->times.total;
      times->n_waiting[slot->wait] += slot->times.count;
      times->longest_wait = MAX (times->longest_wait, slot->longest);
      if (slot->sync)
        times->sync_block += slot->times.total;
    }
  return times;
}

static int
compare_reasons (gconstpointer a, gconstpointer b, gpointer data)
{
  const GanderReasonTimes *x = a;
  const GanderReasonTimes *y = b;
  int order =
      strcmp (gander_index_get_string (data, x->reason), gander_index_get_string (data, y->reason));

  if (order != 0)
    return order;
  return x->reason < y->reason ? -1 : x->reason > y->reason;
}

const GanderReasonTimes *
gander_tally_get_reasons (GanderTally *self, guint *n)
{
  g_array_set_size (self->reasons, 0);
  for (guint i = 0; i < self->touched->len; i++)
    g_array_append_val (self->reasons, get_touched (self, i)->times);
  g_array_sort_with_data (self->reasons, compare_reasons, (gpointer)self->index);
  *n = self->reasons->len;
  return (const GanderReasonTimes *)(gconstpointer)self->reasons->data;
}

void
gander_tally_get_delays (GanderTally *self, GanderDelay delay, GanderQuantiles *out)
{
  g_return_if_fail (delay < GANDER_N_DELAYS);
  gander_durations_get_quantiles (&self->delays[delay], out);
}
