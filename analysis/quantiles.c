/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/quantiles.h"

void
gander_durations_add (GanderDurations *self, GanderTime duration)
{
  if (self->n == self->capacity)
    {
      self->capacity = MAX (64, self->capacity * 2);
      self->values = g_renew (GanderTime, self->values, self->capacity);
    }
  self->values[self->n++] = duration;
  self->sorted = FALSE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  GanderTime x = *(const GanderTime *)a;
  GanderTime y = *(const GanderTime *)b;

  return x < y ? -1 : x > y;
}

static void
sort (GanderDurations *self)
{
  if (!self->sorted && self->n > 1)
    qsort (self->values, self->n, sizeof *self->values, compare_times);
  self->sorted = TRUE;
}

GanderTime
gander_durations_get_percentile (GanderDurations *self, guint percent)
{
  gsize rank = 0;

  if (self->n == 0)
    return 0;
  sort (self);
  rank = (self->n / 100) * percent + ((self->n % 100) * percent + 99) / 100;
  return self->values[CLAMP (rank, 1, self->n) - 1];
}

void
gander_durations_get_quantiles (GanderDurations *self, GanderQuantiles *out)
{
  *out = (GanderQuantiles){ .count = self->n };
  if (self->n == 0)
    return;
  sort (self);
  for (gsize i = 0; i < self->n; i++)
    out->total += self->values[i];
  out->min = self->values[0];
  out->max = self->values[self->n - 1];
  out->p50 = gander_durations_get_percentile (self, 50);
  out->p95 = gander_durations_get_percentile (self, 95);
  out->p99 = gander_durations_get_percentile (self, 99);
}

void
gander_durations_empty (GanderDurations *self)
{
  self->n = 0;
}

void
gander_durations_clear (GanderDurations *self)
{
  g_clear_pointer (&self->values, g_free);
  *self = (GanderDurations){ 0 };
}
