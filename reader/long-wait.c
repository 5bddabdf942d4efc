/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/long-wait.h"

#include <string.h>

/* Hoare's selection; the pivot is the median of three, so that sorted lengths are no bad case. */
static gint64
select_nth (gint64 *values, gsize n, gsize wanted)
{
  gsize low = 0;
  gsize high = n - 1;

  while (low < high)
    {
      gint64 a = values[low];
      gint64 b = values[low + (high - low) / 2];
      gint64 c = values[high];
      gint64 pivot = MAX (MIN (a, b), MIN (MAX (a, b), c));
      gsize i = low;
      gsize j = high;

      while (TRUE)
        {
          gint64 kept = 0;
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          kept = values[i];
          values[i++] = values[j];
          values[j--] = kept;
        }
      if (wanted <= j)
        high = j;
      else
        low = j + 1;
    }
  return values[wanted];
}

gint64
gander_long_wait_median (gint64 *lengths, gsize n)
{
  if (n == 0)
    return 0;
  return gander_long_wait_step_begin (
      gander_long_wait_step (select_nth (lengths, n, (n + 1) / 2 - 1)));
}

void
gander_waits_reset (GanderWaits *self)
{
  if (self->n > GANDER_WAITS_KEPT)
    memset (self->counts, 0, sizeof self->counts);
  self->n = 0;
}

void
gander_waits_add_slowly (GanderWaits *self, gint64 length)
{
  if (self->n == GANDER_WAITS_KEPT)
    for (guint i = 0; i < GANDER_WAITS_KEPT; i++)
      self->counts[gander_long_wait_step (self->kept[i])]++;
  self->counts[gander_long_wait_step (length)]++;
  self->n++;
}

gint64
gander_waits_get_median (GanderWaits *self)
{
  guint64 wanted = ((guint64)self->n + 1) / 2;
  guint step = 0;

  if (self->n <= GANDER_WAITS_KEPT)
    return gander_long_wait_median (self->kept, self->n);
  for (guint64 before = self->counts[0]; before < wanted; before += self->counts[step])
    step++;
  return gander_long_wait_step_begin (step);
}
