/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything the details of one span say, put together from queries and the words of describe.c.
 *
 * The chain that explains a wait, worked out for G37 that was selected while blocked:
 *
 *   G34  running ######|######            the waker's span at the wake-up
 *   G37  blocked ______|                  this wait
 *   G37                 ====              the wait for a processor that followed
 *   G37                     ######        the run again
 */
#include "analysis/describe.h"

#include "analysis/duration.h"
#include "analysis/text.h"

static const char *const waker_words[] = {
  [GANDER_WAKER_NONE] = "",
  [GANDER_WAKER_GOROUTINE] = "",
  [GANDER_WAKER_NETWORK] = "the network poller",
  [GANDER_WAKER_TIMER] = "a timer",
  [GANDER_WAKER_GC] = "the garbage collector",
  [GANDER_WAKER_RUNTIME] = "the runtime",
  [GANDER_WAKER_UNSEEN] = "not seen in this trace",
};

/* Who ends a wait of this kind when no goroutine did. A channel that is received from without a
 * goroutine sending is a timer's: time.After, Ticker, a context's deadline. */
static const GanderWaker silent_wakers[GANDER_N_WAITS] = {
  [GANDER_WAIT_NONE] = GANDER_WAKER_RUNTIME,
  [GANDER_WAIT_SYNC] = GANDER_WAKER_RUNTIME,
  [GANDER_WAIT_COND] = GANDER_WAKER_RUNTIME,
  [GANDER_WAIT_CHAN_SEND] = GANDER_WAKER_RUNTIME,
  [GANDER_WAIT_CHAN_RECEIVE] = GANDER_WAKER_TIMER,
  [GANDER_WAIT_SELECT] = GANDER_WAKER_TIMER,
  [GANDER_WAIT_NETWORK] = GANDER_WAKER_NETWORK,
  [GANDER_WAIT_SLEEP] = GANDER_WAKER_TIMER,
  [GANDER_WAIT_GC] = GANDER_WAKER_GC,
  [GANDER_WAIT_FOREVER] = GANDER_WAKER_RUNTIME,
  [GANDER_WAIT_OTHER] = GANDER_WAKER_RUNTIME,
};

const char *
gander_waker_get_words (GanderWaker waker)
{
  g_return_val_if_fail (waker <= GANDER_WAKER_UNSEEN, "");
  return waker_words[waker];
}

GanderWaker
gander_waker_of_wait (GanderWait wait)
{
  g_return_val_if_fail (wait < GANDER_N_WAITS, GANDER_WAKER_RUNTIME);
  return silent_wakers[wait];
}

static char *
lower_first (const char *text)
{
  char *lowered = g_strdup (text);

  /* "In a C function" stays readable; Go names never begin a title. */
  lowered[0] = g_ascii_tolower (lowered[0]);
  return lowered;
}

/* What a goroutine did in the past tense, "waited 478 µs for a processor". */
static char *
clause (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *length = gander_duration_to_short (span->end - span->begin);
  g_autofree char *title = NULL;
  g_autofree char *lowered = NULL;
  g_autofree char *processor = NULL;

  if (span->link != GANDER_LANE_NONE)
    processor = gander_describe_lane_id (index, span->link);
  switch (span->state)
    {
    case GANDER_STATE_RUNNING:
      return processor == NULL ? g_strdup_printf ("ran %s", length)
                               : g_strdup_printf ("ran %s on %s", length, processor);
    case GANDER_STATE_GC_WORK:
      return g_strdup_printf ("marked for the garbage collector for %s", length);
    case GANDER_STATE_GC_ASSIST:
      return g_strdup_printf ("helped the garbage collector for %s", length);
    case GANDER_STATE_RUNNABLE:
      return g_strdup_printf ("waited %s for a processor", length);
    case GANDER_STATE_SYSCALL:
    case GANDER_STATE_SYSCALL_BLOCKED:
    case GANDER_STATE_BLOCKED:
      title = gander_describe_span_title (index, span);
      lowered = lower_first (title);
      return g_strdup_printf ("was %s for %s", lowered, length);
    default:
      return g_strdup_printf ("is unknown for %s", length);
    }
}

static char *
upper_first (char *text)
{
  text[0] = g_ascii_toupper (text[0]);
  return text;
}

static char *
subtitle (const GanderIndex *index, const GanderSpan *span, const GanderSpanFacts *facts)
{
  g_autofree char *lane = gander_describe_lane_id (index, span->lane);
  g_autofree char *words = NULL;
  const char *function = "";

  if (span->state == GANDER_STATE_BLOCKED)
    {
      g_autofree char *length = gander_duration_to_short (span->end - span->begin);

      words = g_strdup_printf ("waited %s", length);
    }
  else
    words = clause (index, span);
  if (facts->has_where)
    function = gander_text_short_function (gander_index_get_string (index, facts->where.function));
  return g_strconcat (lane, " ", words, *function == '\0' ? "" : " in ", function, NULL);
}

static char *
carrier_subtitle (const GanderIndex *index, const GanderSpan *span, const char *title)
{
  g_autofree char *lane = gander_describe_lane_id (index, span->lane);
  g_autofree char *length = gander_duration_to_short (span->end - span->begin);
  g_autofree char *lowered = lower_first (title);

  return g_strdup_printf ("%s was %s for %s", lane, lowered, length);
}

static const char *
ordinal_suffix (guint64 n)
{
  if (n % 100 >= 11 && n % 100 <= 13)
    return "th";
  return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

/* A lane with more spans is not walked for a rank: a click must be answered at once. */
#define MAX_RANKED (1 << 20)

/* The place of a span among those of its lane that are in the same state. */
static char *
rank (const GanderIndex *index, const GanderSpan *span, const GanderLane *lane)
{
  GanderSpanIter iter;
  GanderSpan other;
  guint64 longer = 0, all = 0;
  g_autofree char *id = NULL;
  g_autofree char *count = NULL;

  if (lane->n_spans > MAX_RANKED)
    return g_strdup ("");
  gander_span_iter_init (&iter, index, span->lane, lane->begin, lane->end);
  while (gander_span_iter_next (&iter, &other))
    if (other.state == span->state)
      {
        all++;
        longer += other.end - other.begin > span->end - span->begin;
      }
  if (all < 2)
    return g_strdup ("");
  id = gander_describe_lane_id (index, span->lane);
  count = gander_text_count ((gint64)all);
  if (longer == 0)
    return g_strdup_printf ("longest of %s in %s", count, id);
  return g_strdup_printf ("%" G_GUINT64_FORMAT "%s longest of %s in %s",
                          longer + 1,
                          ordinal_suffix (longer + 1),
                          count,
                          id);
}

/* The kind of the wait that @runnable ended. */
static GanderWait
wait_before (const GanderIndex *index, const GanderSpan *runnable)
{
  GanderSpan before;

  if (runnable->ordinal == 0)
    return GANDER_WAIT_NONE;
  gander_query_span (index, runnable->lane, runnable->ordinal - 1, &before);
  return before.state == GANDER_STATE_BLOCKED ? gander_index_get_wait (index, before.reason)
                                              : GANDER_WAIT_NONE;
}

/* Fills who ended the wait; @wake is the RUNNABLE span that tells it. */
static void
fill_waker (const GanderIndex *index, const GanderSpan *wake, GanderSpanFacts *facts)
{
  facts->created = wake->cause == GANDER_CAUSE_CREATED;
  facts->waker_stack = wake->stack;
  facts->waker_lane = wake->link;
  if (wake->link == GANDER_LANE_NONE)
    {
      facts->waker =
          facts->created ? GANDER_WAKER_RUNTIME : gander_waker_of_wait (wait_before (index, wake));
      return;
    }
  facts->waker = GANDER_WAKER_GOROUTINE;
  facts->has_waker_span = gander_query_span_at (index, wake->link, wake->begin, &facts->waker_span);
}

static void
find_waker (const GanderIndex *index, const GanderSpan *span, GanderSpanFacts *facts)
{
  GanderSpan wake;
  gboolean is_wait = span->state == GANDER_STATE_BLOCKED;
  gboolean is_woken = span->state == GANDER_STATE_RUNNABLE &&
                      (span->cause == GANDER_CAUSE_WOKEN || span->cause == GANDER_CAUSE_CREATED ||
                       span->cause == GANDER_CAUSE_SWITCHED);
  gboolean is_open = span->state == GANDER_STATE_RUNNABLE && span->cause == GANDER_CAUSE_NONE;

  facts->waker = GANDER_WAKER_NONE;
  facts->waker_lane = GANDER_LANE_NONE;
  if (is_woken)
    fill_waker (index, span, facts);
  else if (is_wait && gander_query_wake (index, span, &wake))
    fill_waker (index, &wake, facts);
  else if (is_wait || is_open)
    facts->waker = GANDER_WAKER_UNSEEN;
  facts->woken_by = facts->waker == GANDER_WAKER_GOROUTINE
                        ? gander_describe_lane (index, facts->waker_lane)
                        : g_strdup (gander_waker_get_words (facts->waker));
}

static void
fill_then (const GanderIndex *index,
           const GanderSpan *span,
           const GanderLane *lane,
           GanderSpanFacts *facts)
{
  GanderSpan next = *span;

  while (facts->n_then < GANDER_MAX_THEN && next.ordinal + 1 < lane->n_spans)
    {
      GanderStep *step = &facts->then[facts->n_then++];

      gander_query_span (index, span->lane, next.ordinal + 1, &next);
      step->span = next;
      step->text = upper_first (clause (index, &next));
    }
  if (facts->n_then < GANDER_MAX_THEN)
    facts->then[facts->n_then++] = (GanderStep){
      .span = next,
      .text =
          g_strdup (lane->flags & GANDER_LANE_ALIVE ? "The trace ended" : "The goroutine ended"),
    };
}

static char *
step_words (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *processor = NULL;

  if (span->state == GANDER_STATE_RUNNABLE)
    return g_strdup ("Waited for a processor");
  if (span->state != GANDER_STATE_RUNNING || span->link == GANDER_LANE_NONE)
    return gander_describe_span_title (index, span);
  processor = gander_describe_lane_id (index, span->link);
  return g_strdup_printf ("Ran on %s", processor);
}

static void
add_step (GanderSpanFacts *facts, const GanderSpan *span, const GanderSpan *selected, char *text)
{
  facts->steps[facts->n_steps++] = (GanderStep){
    .span = *span,
    .text = text,
    .selected = span->lane == selected->lane && span->ordinal == selected->ordinal,
  };
}

/* Walks back from @span to the wait that led to it: over the run and the wait for a processor
 * between them.
 *
 * Returns: FALSE when there was none. */
static gboolean
find_wait (const GanderIndex *index, const GanderSpan *span, GanderSpan *wait)
{
  *wait = *span;
  for (guint i = 0; i < 2 && wait->state != GANDER_STATE_BLOCKED && wait->ordinal > 0; i++)
    gander_query_span (index, span->lane, wait->ordinal - 1, wait);
  return wait->state == GANDER_STATE_BLOCKED;
}

static void
fill_steps (const GanderIndex *index,
            const GanderSpan *span,
            const GanderLane *lane,
            GanderSpanFacts *facts)
{
  GanderSpan step, wake, waker;
  gboolean ran = FALSE;

  if (!find_wait (index, span, &step))
    return;
  if (gander_query_wake (index, &step, &wake) && wake.link != GANDER_LANE_NONE &&
      gander_query_span_at (index, wake.link, wake.begin, &waker))
    {
      g_autofree char *who = gander_describe_lane (index, waker.lane);

      add_step (facts, &waker, span, g_strconcat (who, " ran and woke it", NULL));
    }
  add_step (facts, &step, span, step_words (index, &step));
  while (facts->n_steps < GANDER_MAX_STEPS && step.ordinal + 1 < lane->n_spans && !ran)
    {
      gander_query_span (index, span->lane, step.ordinal + 1, &step);
      add_step (facts, &step, span, step_words (index, &step));
      ran = step.state == GANDER_STATE_RUNNING;
    }
}

static char *
copy_line (const GanderIndex *index, const GanderSpan *span, const GanderSpanFacts *facts)
{
  g_autofree char *lane = gander_describe_lane (index, span->lane);
  g_autofree char *length = gander_duration_to_string (span->end - span->begin);
  g_autofree char *begin = gander_duration_to_string (span->begin);
  GString *line = g_string_new (lane);

  g_string_append_printf (line, ": %s, %s at %s", facts->title, length, begin);
  if (facts->has_where)
    g_string_append_printf (line, ", in %s", facts->where_text);
  if (facts->waker == GANDER_WAKER_UNSEEN)
    g_string_append (line, ", its end not seen in this trace");
  else if (facts->waker != GANDER_WAKER_NONE)
    g_string_append_printf (line,
                            ", %s by %s",
                            facts->created ? "created" : "woken",
                            facts->woken_by);
  return g_string_free (line, FALSE);
}

/* The goroutine's own stack at a span: for one that was woken it is the stack of the wait. */
static GanderStackId
own_stack (const GanderIndex *index, const GanderSpan *span)
{
  GanderSpan wait;

  if (span->state == GANDER_STATE_RUNNABLE && span->cause != GANDER_CAUSE_YIELDED &&
      span->cause != GANDER_CAUSE_PREEMPTED)
    return find_wait (index, span, &wait) ? wait.stack : 0;
  return span->stack;
}

static void
fill_where (const GanderIndex *index, GanderSpanFacts *facts, GanderStackId stack)
{
  facts->stack = stack;
  facts->has_where = gander_describe_user_frame (index, stack, &facts->where, NULL);
  facts->where_text =
      facts->has_where ? gander_describe_frame (index, &facts->where) : g_strdup ("");
}

void
gander_describe_span (const GanderIndex *index, const GanderSpan *span, GanderSpanFacts *out)
{
  GanderLane lane;
  gboolean is_goroutine;

  gander_index_get_lane (index, span->lane, &lane);
  is_goroutine = lane.kind == GANDER_LANE_GOROUTINE;
  *out = (GanderSpanFacts){
    .title = gander_describe_span_title (index, span),
    .state = gander_describe_span_state (index, span),
    .begin = gander_duration_to_exact (span->begin),
    .end = gander_duration_to_exact (span->end),
    .duration = gander_duration_to_exact (span->end - span->begin),
    .rank = rank (index, span, &lane),
    .waker_lane = GANDER_LANE_NONE,
  };
  fill_where (index, out, is_goroutine ? own_stack (index, span) : 0);
  if (is_goroutine)
    {
      find_waker (index, span, out);
      out->subtitle = subtitle (index, span, out);
      fill_then (index, span, &lane, out);
      fill_steps (index, span, &lane, out);
    }
  else
    {
      out->woken_by = g_strdup ("");
      out->subtitle = carrier_subtitle (index, span, out->title);
    }
  out->line = copy_line (index, span, out);
}

void
gander_span_facts_clear (GanderSpanFacts *self)
{
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->state);
  g_free (self->begin);
  g_free (self->end);
  g_free (self->duration);
  g_free (self->rank);
  g_free (self->where_text);
  g_free (self->woken_by);
  g_free (self->line);
  for (guint i = 0; i < self->n_then; i++)
    g_free (self->then[i].text);
  for (guint i = 0; i < self->n_steps; i++)
    g_free (self->steps[i].text);
  *self = (GanderSpanFacts){ 0 };
}
