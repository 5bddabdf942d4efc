/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The critical path: what an instant of a goroutine had to wait for, hop by hop, walking back from
 * it. While the goroutine runs or is in a system call, that is on the path; while it is runnable,
 * the scheduler's delay is; when it was woken, the path goes on in the goroutine that woke it, at
 * the instant it did; a wait that no goroutine ended is on the path itself; and a birth leads to
 * the creator. A goroutine of the runtime that rests delays nobody: the path goes back from there
 * to the goroutine that it worked for, which was waiting or doing something else. Of a single wait
 * it is the chain that explains it: what the others did meanwhile.
 *
 * The hops add up to the time that was asked about, exactly, and each goes back in time, so that
 * there are no circles.
 */

#include "analysis/describe.h"
#include "analysis/table.h"

G_BEGIN_DECLS

/* How the walk went on from a hop, back in time. */
typedef enum
{
  GANDER_NEXT_BEFORE,  /* to what the goroutine did before */
  GANDER_NEXT_WAKER,   /* to the goroutine that ended the wait */
  GANDER_NEXT_CREATOR, /* to the goroutine that created this one */
  GANDER_NEXT_SERVED,  /* from a goroutine of the runtime that had nothing to do: back to the one it
                          worked for */
  GANDER_NEXT_END,     /* nowhere: the path's end says why */
} GanderNext;

/* Why the walk ended. */
typedef enum
{
  GANDER_PATH_BEGIN,   /* what was asked about begins within a run or a wait for a processor */
  GANDER_PATH_TIMER,   /* … within a wait that only a timer ends */
  GANDER_PATH_NETWORK, /* … the network poller ends */
  GANDER_PATH_SYSCALL, /* … within a system call */
  GANDER_PATH_GC,      /* … within a wait for the garbage collector */
  GANDER_PATH_RUNTIME, /* … within a wait that the runtime ended, no goroutine */
  GANDER_PATH_WAITING, /* … within a wait that lasts to the end of what was asked about */
  GANDER_PATH_BORDER,  /* the trace begins */
  GANDER_PATH_NOBODY,  /* a goroutine was created, and not by a goroutine: a timer's function */
  GANDER_PATH_UNKNOWN, /* the trace is damaged */
  GANDER_PATH_LIMIT,   /* there are more hops than were asked for */
  GANDER_N_PATH_ENDS,
} GanderPathEnd;

typedef struct
{
  GanderSpan span;     /* lane NONE: the rest, of which nothing is known */
  GanderTime begin;    /* of the span, cut at what was asked about */
  GanderTime end;      /* where the walk met it */
  GanderTime added;    /* ns of the path: end - begin, or 0 for a wait that others explain */
  GanderStackId stack; /* where it waited or was called from, where a run ended; 0 = not known */
  GanderWaker waker;   /* who ended it: of a wait */
  GanderNext next;
  GanderLaneId to; /* where it went on, or NONE: in the same goroutine, or nowhere */
} GanderHop;

typedef struct
{
  GanderTime begin;
  GanderTime end;
  GArray *hops; /* GanderHop, the last in time first */
  GanderPathEnd why_end;
} GanderPath;

/* Walks back from @lane at @end to @begin, over at most @max_hops hops; what lies before them is
 * one more. What is asked about is cut at the end of the goroutine and the begin of the trace.
 *
 * Fills @out, to be cleared after use. Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_path_compute (const GanderIndex *index,
                              GanderLaneId lane,
                              GanderTime begin,
                              GanderTime end,
                              guint max_hops,
                              GanderPath *out,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_path_clear (GanderPath *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderPath, gander_path_clear)

/* Returns: (transfer none) stable identifiers for machines: "timer", "border", … */
const char *gander_path_end_get_id (GanderPathEnd end);

/* Returns: (transfer none) why the walk ended, for people, as a sentence without its dot. */
const char *gander_path_end_get_words (GanderPathEnd end);

/* Returns: (transfer full) how the walk goes on: "woken by G34 main.producer", "created by G1
 * main.main", "ended by a timer", or "" when it goes on in the same goroutine. */
char *gander_hop_describe (const GanderIndex *index,
                           const GanderHop *hop) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) a row per hop, the last in time first. */
GanderTable *gander_path_get_table (const GanderIndex *index,
                                    const GanderPath *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) what the path is made of: a row per start function and state, the
 * largest part first. */
GanderTable *gander_path_get_parts (const GanderIndex *index,
                                    const GanderPath *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
