/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Spans in words: the only place that knows how a state, a wait and a waker are called. The window
 * and the command line show these texts as they are. Everything is a query on the index; the texts
 * are plain English, valid UTF-8, and may hold any character a Go name holds (not markup).
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* Returns: (transfer none) "running", "runnable", "blocked", "system call", … */
const char *gander_describe_state (GanderState state);

/* Returns: (transfer none) the word of a kind of wait, as on labels: "chan receive", "sync", … */
const char *gander_describe_wait (GanderWait wait);

/* Returns: (transfer full) the Go release that wrote a trace, as far as it tells: "1.22", "1.23 or
 * 1.24", "1.26". */
char *gander_describe_go_version (const GanderFacts *facts) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) "G37 main.worker", "P2", "M5"; a goroutine whose id was used before says
 * which life it is: "G37 (life 2) main.worker". @lane may be NONE: "nobody". */
char *gander_describe_lane (const GanderIndex *index, GanderLaneId lane) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the lane without a function: "G37", "P2", "M5". */
char *gander_describe_lane_id (const GanderIndex *index,
                               GanderLaneId lane) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the title of a span: "Blocked on a channel receive", "Waiting for a
 * processor", "Running on P2", "In system call read". Cheap; for tooltips and accessible names. */
char *gander_describe_span_title (const GanderIndex *index,
                                  const GanderSpan *span) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) state and kind: "blocked · chan receive", "runnable · woken". */
char *gander_describe_span_state (const GanderIndex *index,
                                  const GanderSpan *span) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a frame belongs to the runtime and the packages that only carry a wait: runtime, sync,
 * internal/…, syscall. What is left is what the user wrote or called. */
gboolean gander_describe_is_runtime_frame (const GanderIndex *index, const GanderFrame *frame);

/* The first frame outside the runtime, else the leaf.
 *
 * Returns: FALSE for an empty stack. @level (nullable) is the number of the frame. */
gboolean gander_describe_user_frame (const GanderIndex *index,
                                     GanderStackId stack,
                                     GanderFrame *frame,
                                     guint *level);

/* Returns: (transfer full) a frame as "main.(*Stage).process (pipeline.go:41)". */
char *gander_describe_frame (const GanderIndex *index,
                             const GanderFrame *frame) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the first user frame, or "" for an empty stack. */
char *gander_describe_place (const GanderIndex *index,
                             GanderStackId stack) G_GNUC_WARN_UNUSED_RESULT;

/* What a wait that the trace calls "sync" is for. */
typedef enum
{
  GANDER_LOCK_NONE, /* the stack does not tell */
  GANDER_LOCK_READ,
  GANDER_LOCK_WRITE, /* of a read-write lock */
  GANDER_LOCK_WAIT_GROUP,
  GANDER_LOCK_ONCE,
  GANDER_LOCK_FILE,
  GANDER_LOCK_MUTEX,
} GanderLock;

/* Returns: what is waited for in @stack, the stack of a wait. */
GanderLock gander_describe_lock (const GanderIndex *index, GanderStackId stack);

/* Who ended a wait. */
typedef enum
{
  GANDER_WAKER_NONE,      /* not a wait, or nobody needs to end it (preempted, yielded) */
  GANDER_WAKER_GOROUTINE, /* the wake has its lane and stack */
  GANDER_WAKER_NETWORK,
  GANDER_WAKER_TIMER,
  GANDER_WAKER_GC,
  GANDER_WAKER_RUNTIME, /* the scheduler, a signal, …: no goroutine did it */
  GANDER_WAKER_UNSEEN,  /* the trace does not hold it */
} GanderWaker;

/* Returns: (transfer none) "the network poller", "a timer", …; "" for NONE and GOROUTINE. */
const char *gander_waker_get_words (GanderWaker waker);

/* Returns: who ends a wait of this kind when no goroutine did it. */
GanderWaker gander_waker_of_wait (GanderWait wait);

/* One step of the chain that explains a wait. */
typedef struct
{
  GanderSpan span;   /* what it stands for; a link goes there */
  char *text;        /* "G34 main.producer ran", "Blocked on a channel receive" */
  gboolean selected; /* the span that was asked for */
} GanderStep;

#define GANDER_MAX_STEPS 5
#define GANDER_MAX_THEN  2

/* Everything the details of a span say. */
typedef struct
{
  char *title;
  char *subtitle; /* "G37 waited 16.47 ms in main.(*Stage).process" */
  char *state;    /* "blocked · chan receive" */
  char *begin;    /* exact to the ns, from the start of the trace */
  char *end;
  char *duration;
  char *rank; /* "3rd longest of 118 in G37", among those in the same state; "" when it is the only
                 one, or the lane has over a million spans */

  gboolean has_where;  /* the rest of this block is "" and 0 without */
  GanderFrame where;   /* first user frame of @stack */
  char *where_text;    /* "main.(*Stage).process (pipeline.go:41)" */
  GanderStackId stack; /* where it happened: the goroutine's own stack; 0 = not known */

  GanderWaker waker;
  char *woken_by;          /* "G34 main.worker", "the network poller", "a timer", "not seen in this
                              trace"; "" with GANDER_WAKER_NONE */
  GanderLaneId waker_lane; /* or NONE */
  gboolean has_waker_span;
  GanderSpan waker_span;     /* what the waker was doing at that instant */
  GanderStackId waker_stack; /* woken from; 0 = none */
  gboolean created;          /* the waker created the goroutine, it did not wake it */

  GanderStep then[GANDER_MAX_THEN]; /* what it did next, in words */
  guint n_then;
  GanderStep steps[GANDER_MAX_STEPS]; /* why it was stuck, in time order; empty when it was not */
  guint n_steps;

  char *line; /* all of it in one line, to copy */
} GanderSpanFacts;

/* Fills @out, to be cleared after use. Walks the lane once for the rank. */
void gander_describe_span (const GanderIndex *index, const GanderSpan *span, GanderSpanFacts *out);

void gander_span_facts_clear (GanderSpanFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSpanFacts, gander_span_facts_clear)

G_END_DECLS
