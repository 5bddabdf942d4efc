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

/* Returns: the median, by nearest rank; reorders @lengths. 0 of none. */
gint64 gander_long_wait_median (gint64 *lengths, gsize n);

/* Returns: whether a long wait is far above what is usual. */
static inline gboolean
gander_long_wait_stands_out (gint64 length, gint64 median)
{
  return length >= GANDER_LONG_WAIT && length / GANDER_WAIT_FACTOR >= median;
}

G_END_DECLS
