/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/range-iter.h"

void
gander_range_iter_init (GanderRangeIter *self,
                        const GanderIndex *index,
                        GanderRangeKind kind,
                        GanderTime begin,
                        GanderTime end)
{
  *self = (GanderRangeIter){ .index = index,
                             .kind = kind,
                             .begin = begin,
                             .end = end,
                             .next = gander_query_find_range (index, kind, begin),
                             .n = gander_index_get_n_ranges (index, kind) };
}

gboolean
gander_range_iter_next (GanderRangeIter *self, GanderRange *out)
{
  while (self->next < self->n)
    {
      self->row = self->next++;
      gander_index_get_range (self->index, self->kind, self->row, out);
      if (out->begin >= self->end)
        return FALSE;
      if (gander_range_iter_get_length (self, out) > 0)
        return TRUE;
    }
  return FALSE;
}

GanderTime
gander_range_iter_get_length (const GanderRangeIter *self, const GanderRange *range)
{
  return MIN (range->end, self->end) - MAX (range->begin, self->begin);
}
