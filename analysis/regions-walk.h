/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a goroutine has done up to an instant, asked at ascending instants: the difference of two
 * answers is exactly what it did in between. One pass over the spans of a goroutine so answers for
 * all of its regions and tasks, however they overlap. For regions and tasks; others ask queries.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* Where time went. */
typedef enum
{
  GANDER_SPLIT_RUNNING, /* with work for the garbage collector */
  GANDER_SPLIT_RUNNABLE,
  GANDER_SPLIT_SYNC, /* waiting for channels, locks, select: Go's synchronization */
  GANDER_SPLIT_NETWORK,
  GANDER_SPLIT_SLEEP,
  GANDER_SPLIT_GC, /* waiting for the garbage collector */
  GANDER_SPLIT_OTHER,
  GANDER_SPLIT_SYSCALL,         /* with a processor */
  GANDER_SPLIT_SYSCALL_BLOCKED, /* without */
  GANDER_SPLIT_UNKNOWN,
  GANDER_N_SPLITS,
} GanderSplitPart;

/* A stretch of a goroutine sums to its length. */
typedef struct
{
  GanderTime time[GANDER_N_SPLITS];
} GanderSplit;

/* Waits by reason text that are kept apart; a sound trace has about twenty. What is more, counts to
 * the last. */
#define GANDER_WALK_REASONS 63

typedef struct
{
  const GanderIndex *index;

  /* The goroutine walked. */
  GanderLane lane;
  GanderSpanIter iter;
  GanderSpan span; /* that holds the instant last asked, if @has_span */
  gboolean has_span;
  GanderTime now;
  GanderSplit split; /* of the spans before @span; UNKNOWN not summed */
  GanderTime waits[GANDER_WALK_REASONS];
  guint64 transitions;

  /* Of all goroutines. */
  guint n_reasons;                             /* at least 1 */
  GanderStringId reasons[GANDER_WALK_REASONS]; /* by text */
  GanderSplitPart parts[GANDER_WALK_REASONS];
  guint8 *columns; /* per string: its place in @reasons + 1 */
} GanderWalk;

void gander_walk_init (GanderWalk *self, const GanderIndex *index);
void gander_walk_clear (GanderWalk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderWalk, gander_walk_clear)

/* Returns: the place of @reason in the list of reasons. */
guint gander_walk_get_column (const GanderWalk *self, GanderStringId reason);

/* Goes to goroutine @lane; @begin is the first instant that will be asked. */
void gander_walk_start (GanderWalk *self, GanderLaneId lane, GanderTime begin);

/* Goes to @time, not before where it is. */
void gander_walk_seek (GanderWalk *self, GanderTime time);

/* Goes to @time, for which nothing is wanted of what came before: may skip it. */
void gander_walk_skip (GanderWalk *self, GanderTime time);

/* The sums from some fixed instant to where it is. UNKNOWN is what the others leave of the time. */
void gander_walk_get_split (const GanderWalk *self, GanderSplit *out);

/* The same of the waits by reason; @out has room for GANDER_WALK_REASONS. */
void gander_walk_get_waits (const GanderWalk *self, GanderTime *out);

/* Transitions between states, the goroutine's creation and end included. */
guint64 gander_walk_get_transitions (const GanderWalk *self);

void gander_split_add (GanderSplit *self, const GanderSplit *other);
void gander_split_subtract (GanderSplit *self, const GanderSplit *other);

/* A part of the life of one goroutine, about something. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  guint32 subject;
} GanderStretch;

/* Where a stretch begins or ends. */
typedef struct
{
  GanderTime time;
  guint32 stretch;
  gboolean is_end;
} GanderEdge;

/* Fills @edges with the edges of @stretches, which are sorted by begin, by time; of one stretch the
 * begin comes first. */
void gander_edges_fill (GArray *edges, const GanderStretch *stretches, guint32 n);

G_END_DECLS
