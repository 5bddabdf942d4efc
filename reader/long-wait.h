/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Waits that may be extreme: BLOCKED and RUNNABLE spans of at least GANDER_LONG_WAIT ns. Noticed
 * while spans are sealed, settled when the index is written.
 */

#include "reader/types.h"

G_BEGIN_DECLS

#define GANDER_LONG_WAIT   (G_GINT64_CONSTANT (1) * 1000 * 1000)
#define GANDER_WAIT_FACTOR 10 /* above the median of its lane */

/* Returns: 0 for BLOCKED, 1 for RUNNABLE, -1 for what is no wait. */
static inline int
gander_long_wait_kind (GanderState state)
{
  return state == GANDER_STATE_BLOCKED ? 0 : state == GANDER_STATE_RUNNABLE ? 1 : -1;
}

#define GANDER_N_WAIT_BUCKETS 256

/* Returns: a number for lengths that are alike, larger for longer ones; 0 for what is not long. */
static inline guint8
gander_long_wait_bucket (gint64 length)
{
  guint octave = 0;

  if (length < GANDER_LONG_WAIT)
    return 0;
  octave = 63 - (guint)__builtin_clzll ((guint64)length);
  return (guint8)(1 + 4 * (octave - 19) + (length >> (octave - 2) & 3));
}

/* Lengths are told apart to within 3 %: 32 steps per octave. */
#define GANDER_N_WAIT_STEPS (60 * 32)

static inline guint
gander_long_wait_step (gint64 length)
{
  guint octave = 0;

  if (length < 32)
    return (guint)MAX (length, 0);
  octave = 63 - (guint)__builtin_clzll ((guint64)length);
  return (octave - 4) * 32 + (guint)(length >> (octave - 5) & 31);
}

/* Returns: the shortest length of a step. */
static inline gint64
gander_long_wait_step_begin (guint step)
{
  return step < 32 ? step : (gint64)(32 + step % 32) << (step / 32 - 1);
}

/* Returns: the begin of the step of the median, by nearest rank; reorders @lengths. 0 of none. */
gint64 gander_long_wait_median (gint64 *lengths, gsize n);

/* The waits of one lane, however many: a few as they are, more as counts by step. */
#define GANDER_WAITS_KEPT 1024

typedef struct
{
  gint64 kept[GANDER_WAITS_KEPT];
  guint32 counts[GANDER_N_WAIT_STEPS]; /* of all, when there are more */
  guint32 n;
} GanderWaits;

/* Forgets all; a new one is all zeros. */
void gander_waits_reset (GanderWaits *self);
void gander_waits_add_slowly (GanderWaits *self, gint64 length);

static inline void
gander_waits_add (GanderWaits *self, gint64 length)
{
  if (G_LIKELY (self->n < GANDER_WAITS_KEPT))
    self->kept[self->n++] = length;
  else
    gander_waits_add_slowly (self, length);
}

/* Returns: as gander_long_wait_median () does; reorders what is kept. */
gint64 gander_waits_get_median (GanderWaits *self);

/* Returns: whether a long wait is far above what is usual. */
static inline gboolean
gander_long_wait_stands_out (gint64 length, gint64 median)
{
  return length >= GANDER_LONG_WAIT && length / GANDER_WAIT_FACTOR >= median;
}

G_END_DECLS
