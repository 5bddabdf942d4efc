/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small scheduler that plays a random, legal run of goroutines on processors and threads. It
 * hands out the events that a trace of the run would hold, and knows by itself, without any of
 * the code under test, what each goroutine did when. The same seed gives the same run.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* What one goroutine did from @begin to the begin of the next. */
typedef struct
{
  GanderTime begin;
  GanderState state;
  GanderStringId reason; /* BLOCKED */
  GanderCause cause;     /* RUNNABLE */
  gint64 by;             /* RUNNABLE: id of the goroutine that made it so, or -1 */
} GanderTrueSpan;

typedef struct
{
  gint64 id;
  guint life;
  GanderTime begin;
  GanderTime end;
  gboolean existed;
  gboolean alive;
  gint64 parent;
  GArray *spans; /* GanderTrueSpan */
} GanderTrueLife;

/* What one thread did, the same way. */
typedef struct
{
  GanderTime begin;
  GanderState state; /* NONE: it rests */
  gint64 goroutine;  /* id, or -1 */
} GanderTrueShow;

#define GANDER_RANDOM_THREADS      12
#define GANDER_RANDOM_FIRST_THREAD 100 /* its id */

typedef struct
{
  GanderDictionary *dictionary;
  GArray *events;                         /* GanderEvent */
  GArray *lives;                          /* GanderTrueLife, by first appearance */
  GArray *threads[GANDER_RANDOM_THREADS]; /* GanderTrueShow */
  GanderTime duration;
  guint n_procs;
  guint n_wakeups;
  guint n_regions;
} GanderRandomTrace;

/* About @n_steps things happen; at most @n_goroutines are alive at a time. */
GanderRandomTrace *gander_random_trace_new (guint32 seed, guint n_goroutines, guint n_steps);

/* The same, but processors change their threads rarely. */
GanderRandomTrace *gander_random_trace_new_steady (guint32 seed, guint n_goroutines, guint n_steps);

void gander_random_trace_free (GanderRandomTrace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderRandomTrace, gander_random_trace_free)

/* Returns: (transfer full) the index that the reader makes of the run; also written to @fd, an
 * empty file, unless that is -1. */
GanderIndex *gander_random_trace_build (GanderRandomTrace *self, int fd);

/* The same of any events, SYNC first and last, with their dictionary. */
GanderIndex *
gander_build_events (GanderDictionary *dictionary, const GanderEvent *events, gsize n, int fd);

G_END_DECLS
