/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Walks the ranges of one kind that overlap a stretch of time. Private to analysis/. */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  GanderRowCursor cursor;
  GanderRangeKind kind;
  GanderTime begin;
  GanderTime end;
  guint32 row; /* of the range given last */
  guint32 next;
  guint32 n;
} GanderRangeIter;

void gander_range_iter_init (GanderRangeIter *self,
                             const GanderIndex *index,
                             GanderRangeKind kind,
                             GanderTime begin,
                             GanderTime end);

/* Returns: FALSE after the last; @out is as in the trace, not cut. */
gboolean gander_range_iter_next (GanderRangeIter *self, GanderRange *out);

/* Returns: how much of @range lies in the stretch, more than 0. */
GanderTime gander_range_iter_get_length (const GanderRangeIter *self, const GanderRange *range);

G_END_DECLS
