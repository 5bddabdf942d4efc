/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/clock.h"

#define SLOWEST 1000
#define FASTEST G_GUINT64_CONSTANT (100000000000)

gboolean
gander_clock_init (GanderClock *self, guint64 frequency)
{
  gboolean sane = frequency >= SLOWEST && frequency <= FASTEST;

  if (!sane)
    frequency = GANDER_FREQUENCY_USUAL;

  /* The very expression of golang/go src/internal/trace/batch.go, so that rounding agrees. */
  *self = (GanderClock){ .ns_per_unit = 1.0 / ((double)frequency / 1e9) };
  if (frequency == GANDER_FREQUENCY_USUAL)
    self->exact = 64;
  return sane;
}
