/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/counters.h"

void
gander_counter_bins_init (GanderCounterBins *self)
{
  *self = (GanderCounterBins){ .width = 1, .bin_end = 1 };
  /* Room for the point that closes a bin beside the one that opens the next. */
  self->points = g_new (GanderCounterPoint, GANDER_COUNTER_LIMIT + 2);
  self->points[self->n++] = (GanderCounterPoint){ 0, 0 };
}

void
gander_counter_bins_clear (GanderCounterBins *self)
{
  g_clear_pointer (&self->points, g_free);
}

/* Adds that the counter is @value from @time on, after having been @previous. Where points fall
 * into one bin, the largest value stands for it, and a point at its end tells how it went on. A
 * lone point keeps its time. */
static void
put (GanderCounterBins *self, GanderTime time, gint64 previous, gint64 value)
{
  GanderCounterPoint *last = &self->points[self->n - 1];
  GanderTime bin_end = self->bin_end;

  if (time < bin_end)
    {
      last->value = self->width == 1 ? value : MAX (last->value, value);
      return;
    }
  if (last->value != previous && bin_end < time)
    self->points[self->n++] = (GanderCounterPoint){ bin_end, previous };
  self->points[self->n++] = (GanderCounterPoint){ time, value };
  self->bin_end = (time / self->width + 1) * self->width;
}

/* The points become the changes of a coarser counter, in place: a bin gives two points only
 * when it was made of two. */
static void
coarsen (GanderCounterBins *self)
{
  guint32 n = self->n;
  gint64 previous = self->points[0].value;

  self->width *= 2;
  self->n = 1;
  self->bin_end = (self->points[0].time / self->width + 1) * self->width;
  for (guint32 i = 1; i < n; i++)
    {
      GanderCounterPoint point = self->points[i];
      put (self, point.time, previous, point.value);
      previous = point.value;
    }
}

void
gander_counter_bins_add_slowly (GanderCounterBins *self, GanderTime time, gint64 change)
{
  gint64 previous = self->now;

  self->now += change;
  put (self, MAX (time, self->points[self->n - 1].time), previous, self->now);
  while (self->n >= GANDER_COUNTER_LIMIT)
    coarsen (self);
}

GanderPoint
gander_counter_bins_get (const GanderCounterBins *self, guint32 i)
{
  gint64 value = self->points[i].value + self->base;

  return (GanderPoint){ .time = self->points[i].time, .value = (guint64)MAX (value, 0) };
}
