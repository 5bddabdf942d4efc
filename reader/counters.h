/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A counter that changes with nearly every event, kept in bounded memory: exact points while
 * they are few; then bins of equal width, each with the largest value seen in it, the width
 * doubling as the trace grows.
 */

#include "reader/types.h"

G_BEGIN_DECLS

#define GANDER_COUNTER_LIMIT 16384 /* points */

typedef struct
{
  GanderTime time;
  gint64 value;
} GanderCounterPoint;

typedef struct
{
  GanderCounterPoint *points;
  guint32 n;
  gint64 width;       /* ns of a bin, a power of two */
  GanderTime bin_end; /* of the bin of the last point */
  gint64 now;         /* value since the last change */
  gint64 base;        /* what held from the beginning, learned later: added to every point */
} GanderCounterBins;

void gander_counter_bins_init (GanderCounterBins *self);
void gander_counter_bins_clear (GanderCounterBins *self);

/* The same as gander_counter_bins_add (), for all cases. */
void gander_counter_bins_add_slowly (GanderCounterBins *self, GanderTime time, gint64 change);

/* The counter changes by @change at @time; times ascend. */
static inline void
gander_counter_bins_add (GanderCounterBins *self, GanderTime time, gint64 change)
{
  GanderCounterPoint *last = &self->points[self->n - 1];

  if (G_UNLIKELY (time >= self->bin_end))
    {
      gander_counter_bins_add_slowly (self, time, change);
      return;
    }
  self->now += change;
  last->value = self->width == 1 ? self->now : MAX (last->value, self->now);
}

/* Point @i as it is to be shown. */
GanderPoint gander_counter_bins_get (const GanderCounterBins *self, guint32 i);

G_END_DECLS
