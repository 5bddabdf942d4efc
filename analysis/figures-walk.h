/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the figures are made of: the life of a goroutine as stretches, each a whole interval in one
 * state, with the finer kinds of waiting that only the stack tells.
 */

#include "analysis/figures.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_STRETCH_RUNNING, /* with work for the garbage collector */
  GANDER_STRETCH_RUNNABLE,
  GANDER_STRETCH_SYSCALL,
  GANDER_STRETCH_UNKNOWN,
  GANDER_STRETCH_MUTEX, /* from here on waits */
  GANDER_STRETCH_RWLOCK,
  GANDER_STRETCH_RLOCK,
  GANDER_STRETCH_WAIT_GROUP,
  GANDER_STRETCH_COND,
  GANDER_STRETCH_OTHER_SYNC,
  GANDER_STRETCH_CHAN_SEND,
  GANDER_STRETCH_CHAN_RECEIVE,
  GANDER_STRETCH_SELECT,
  GANDER_STRETCH_NETWORK,
  GANDER_STRETCH_SLEEP,
  GANDER_STRETCH_GC,
  GANDER_STRETCH_FOREVER,
  GANDER_STRETCH_OTHER,
  GANDER_N_STRETCHES,
} GanderStretchKind;

/* The bits of all kinds of wait. */
#define GANDER_STRETCH_WAITS ((1u << GANDER_N_STRETCHES) - (1u << GANDER_STRETCH_MUTEX))

/* An interval, cut at the borders of the range. */
typedef struct
{
  GanderStretchKind kind;
  GanderTime begin;
  GanderTime end;
  GanderSpan first;        /* its first span */
  gboolean lost_processor; /* a system call that did */
  GanderTime assist;       /* of a run: made to help the garbage collector */
  gboolean has_next;
  GanderSpan next; /* what follows it in the range */
} GanderStretch;

/* A question on its way over the goroutines. */
typedef struct
{
  const GanderIndex *index;
  GanderTime begin;
  GanderTime end;
  GanderFigureSelector selector;
  guint32 kinds; /* the bits of the kinds that the selector names */

  GanderSpanIter iter; /* private from here on */
  gboolean has_ahead;
  GanderSpan ahead;
  GByteArray *locks; /* by stack: 0 = not looked at, else GanderLock + 1 */
  GByteArray *at;    /* by stack: 0 = not looked at, 1 = not there, 2 = there */
} GanderFigureWalk;

void gander_figure_walk_clear (GanderFigureWalk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderFigureWalk, gander_figure_walk_clear)

/* Whether the goroutines of a group are asked for: those that start at the selector's function, or
 * those of the program. */
gboolean gander_figure_walk_has_group (const GanderFigureWalk *self, guint32 group);

/* Goes to the first stretch of @lane in the range. */
void gander_figure_walk_start (GanderFigureWalk *self, GanderLaneId lane);
gboolean gander_figure_walk_next (GanderFigureWalk *self, GanderStretch *out);

/* Whether a stretch is in the selector's state and at its function. */
gboolean gander_figure_walk_selects (GanderFigureWalk *self, const GanderStretch *stretch);

/* A goroutine that was woken, until it is known whether that was in vain. */
typedef struct
{
  gboolean watching;
  GanderStretch wait; /* that was ended */
  GanderTime running; /* since */
} GanderFutile;

/* @wait was ended by a wake-up. */
void gander_futile_begin (GanderFutile *self, const GanderStretch *wait);

/* Takes the next stretch of the goroutine.
 *
 * Returns: TRUE when it shows that the wake-up was in vain. */
gboolean
gander_futile_meet (GanderFutile *self, const GanderFigureWalk *walk, const GanderStretch *stretch);

#define GANDER_FIGURE_MS 1e6 /* ns */

/* Returns: @part of @whole, 0 of nothing. */
static inline double
gander_figure_ratio (double part, double whole)
{
  return whole > 0 ? part / whole : 0;
}

/* Returns: ns that all processors together had; their first number holds from the beginning. */
double gander_figure_get_processor_time (const GanderFigureWalk *walk);

/* Figures that come from the tables of the index, as figures.def names them. */
double gander_figure_get_procs (GanderFigureWalk *walk);
double gander_figure_get_gc_cycles (GanderFigureWalk *walk);
double gander_figure_get_gc_share (GanderFigureWalk *walk);
double gander_figure_get_stw_count (GanderFigureWalk *walk);
double gander_figure_get_stw_share (GanderFigureWalk *walk);
double gander_figure_get_stw_max (GanderFigureWalk *walk);
double gander_figure_get_region_p50 (GanderFigureWalk *walk);
double gander_figure_get_region_share (GanderFigureWalk *walk);
double gander_figure_get_task_count (GanderFigureWalk *walk);
double gander_figure_get_task_p50 (GanderFigureWalk *walk);
double gander_figure_get_task_p99 (GanderFigureWalk *walk);
double gander_figure_get_task_p99_over_p50 (GanderFigureWalk *walk);

G_END_DECLS
