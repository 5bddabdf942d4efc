/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/quantiles.h"

#include <string.h>

/* From so many values on, they are sorted without comparing them. */
#define MANY 1024

#define N_DIGITS 8

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

void
gander_durations_add_all (GanderDurations *self, const GanderDurations *other)
{
  if (other->n == 0)
    return;
  if (self->capacity - self->n < other->n)
    {
      self->capacity = MAX (self->n + other->n, self->capacity * 2);
      self->values = g_renew (GanderTime, self->values, self->capacity);
    }
  memcpy (self->values + self->n, other->values, other->n * sizeof *other->values);
  self->n += other->n;
  self->sorted = FALSE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  GanderTime x = *(const GanderTime *)a;
  GanderTime y = *(const GanderTime *)b;

  return x < y ? -1 : x > y;
}

/* The byte @digit of a time, counted from the least, so that negative ones come first. */
static guint
get_digit (GanderTime time, guint digit)
{
  return (guint)(((guint64)time ^ (G_GUINT64_CONSTANT (1) << 63)) >> (digit * 8)) & 0xff;
}

/* Sorts byte by byte, from the least; a byte that all values share costs nothing more. */
static void
sort_by_digits (GanderTime *values, gsize n)
{
  g_autofree gsize *counts = g_new0 (gsize, N_DIGITS * 256);
  g_autofree GanderTime *spare = g_new (GanderTime, n);
  GanderTime *from = values;
  GanderTime *to = spare;

  for (gsize i = 0; i < n; i++)
    for (guint digit = 0; digit < N_DIGITS; digit++)
      counts[digit * 256 + get_digit (values[i], digit)]++;
  for (guint digit = 0; digit < N_DIGITS; digit++)
    {
      gsize *places = counts + (gsize)digit * 256;
      GanderTime *swap = from;
      if (places[get_digit (values[0], digit)] == n)
        continue;
      for (gsize i = 0, sum = 0; i < 256; i++)
        {
          gsize count = places[i];
          places[i] = sum;
          sum += count;
        }
      for (gsize i = 0; i < n; i++)
        to[places[get_digit (from[i], digit)]++] = from[i];
      from = to;
      to = swap;
    }
  if (from != values)
    memcpy (values, from, n * sizeof *values);
}

static void
sort (GanderDurations *self)
{
  if (!self->sorted && self->n >= MANY)
    sort_by_digits (self->values, self->n);
  else if (!self->sorted && self->n > 1)
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
