/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/range-iter.h"

void
gander_range_iter_init (GanderRangeIter *self,
                        const GanderIndex *index,
                        GanderRangeKind kind,
                        GanderTime begin,
                        GanderTime end)
{
  gander_row_cursor_init (&self->cursor, index);
  self->kind = kind;
  self->begin = begin;
  self->end = end;
  self->row = 0;
  self->next = gander_query_find_range (index, kind, begin);
  self->n = gander_index_get_n_ranges (index, kind);
}

gboolean
gander_range_iter_next (GanderRangeIter *self, GanderRange *out)
{
  while (self->next < self->n)
    {
      self->row = self->next++;
      *out = *gander_row_cursor_get_range (&self->cursor, self->kind, self->row);
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
