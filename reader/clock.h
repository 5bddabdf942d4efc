/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Clock units of one generation to nanoseconds, as Go's reader converts them. */

#include "reader/types.h"

G_BEGIN_DECLS

/* Units are 64 ns everywhere but on Windows and ppc64. */
#define GANDER_FREQUENCY_USUAL 15625000

/* 2^62 ns, 146 years: times beyond are set to it and flagged. */
#define GANDER_TIME_LIMIT (G_GINT64_CONSTANT (1) << 62)

typedef struct
{
  double ns_per_unit;
  guint64 exact; /* whole ns per unit, or 0 */
  guint64 n_clamped;
} GanderClock;

/* Returns: FALSE when @frequency (units per second) is absurd; then the usual one is set. */
gboolean gander_clock_init (GanderClock *self, guint64 frequency);

/* Returns: nanoseconds, truncated, at most GANDER_TIME_LIMIT. */
static inline gint64
gander_clock_convert (GanderClock *self, guint64 units)
{
  double ns;

  /* Below 2^53 the product with a whole number is exact in a double too. */
  if (G_LIKELY (self->exact != 0 && units < G_GUINT64_CONSTANT (1) << 53))
    return (gint64)(units * self->exact);
  ns = (double)units * self->ns_per_unit;
  if (ns < (double)GANDER_TIME_LIMIT)
    return (gint64)ns;
  self->n_clamped++;
  return GANDER_TIME_LIMIT;
}

/* Returns: @time (not negative) + @units, at most GANDER_TIME_LIMIT. */
static inline gint64
gander_clock_add (GanderClock *self, gint64 time, guint64 units)
{
  gint64 distance = gander_clock_convert (self, units);

  if (G_LIKELY (distance <= GANDER_TIME_LIMIT - time))
    return time + distance;
  self->n_clamped++;
  return GANDER_TIME_LIMIT;
}

G_END_DECLS
