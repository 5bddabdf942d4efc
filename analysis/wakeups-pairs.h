/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Wake-ups added up by waker and wakee. Private to the files wakeups*.c. */

#include "analysis/describe.h"

G_BEGIN_DECLS

/* What stands for a side of a pair: a group, a lane, or a stack. */
typedef guint32 GanderSide;

typedef struct
{
  GanderSide waker; /* 0 when no goroutine did it */
  GanderSide wakee;
  GanderWaker kind;
  guint64 count;
  GanderTime waited;
  GanderTime longest;
  guint64 burst;

  GanderLaneId seen; /* for finding bursts: the waker looked at, and its last wake-ups here */
  guint32 oldest;
  guint32 newest;
  guint64 together;
} GanderWakePair;

typedef struct
{
  GArray *pairs;  /* GanderWakePair, in the order of first use */
  GArray *events; /* who of the goroutines woke, when, and which pair that is */
  guint32 *slots; /* pair + 1; 0 = free */
  guint32 mask;   /* slots - 1 */
  guint32 last;   /* pair that was found last */
} GanderWakePairs;

void gander_wake_pairs_init (GanderWakePairs *self);
void gander_wake_pairs_clear (GanderWakePairs *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderWakePairs, gander_wake_pairs_clear)

/* Adds one wake-up at @time. @lane is the goroutine that did it, or NONE with another @kind. */
void gander_wake_pairs_add (GanderWakePairs *self,
                            GanderWaker kind,
                            GanderSide waker,
                            GanderSide wakee,
                            GanderLaneId lane,
                            GanderTime time,
                            GanderTime waited);

/* What a side of one kind of pair is in another. */
typedef GanderSide (*GanderSideFunc) (GanderSide side, gpointer data);

/* Adds all that is in @other, with what its sides are here. */
void gander_wake_pairs_merge (GanderWakePairs *self,
                              const GanderWakePairs *other,
                              GanderSideFunc convert,
                              gpointer data);

/* Fills in the bursts, once all is added. @n_lanes is the number of lanes there are. */
void gander_wake_pairs_find_bursts (GanderWakePairs *self, guint32 n_lanes);

/* Puts the pairs in order, most wake-ups first; nothing may be added any more. */
void gander_wake_pairs_sort (GanderWakePairs *self);

G_END_DECLS
