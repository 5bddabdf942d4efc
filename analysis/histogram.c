/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/histogram.h"

GanderTime
gander_histogram_get_edge (guint bucket)
{
  static const GanderTime steps[] = { 1, 2, 5 };
  GanderTime edge = 1;

  if (bucket == 0)
    return 0;
  if (bucket >= GANDER_HISTOGRAM_BUCKETS)
    return G_MAXINT64;
  for (guint i = 0; i < (bucket - 1) / 3; i++)
    edge *= 10;
  return edge * steps[(bucket - 1) % 3];
}

void
gander_histogram_add (GanderHistogram *self, GanderTime duration)
{
  guint low = 0;
  guint high = GANDER_HISTOGRAM_BUCKETS;

  while (high - low > 1)
    {
      guint middle = (low + high) / 2;
      if (gander_histogram_get_edge (middle) <= duration)
        low = middle;
      else
        high = middle;
    }
  self->counts[low]++;
}

gboolean
gander_histogram_get_extent (const GanderHistogram *self, guint *first, guint *last)
{
  guint i = 0;
  guint j = GANDER_HISTOGRAM_BUCKETS;

  while (i < GANDER_HISTOGRAM_BUCKETS && self->counts[i] == 0)
    i++;
  if (i == GANDER_HISTOGRAM_BUCKETS)
    return FALSE;
  while (self->counts[j - 1] == 0)
    j--;
  *first = i;
  *last = j - 1;
  return TRUE;
}
