/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/query.h"

#include "reader/index-data.h"

#include <string.h>

/* @first: ordinal of the first span of the block. A span that cannot be read is empty, at the end
 * of its lane. */
static void
unpack (const GanderIndex *index,
        GanderLaneId lane,
        guint32 ordinal,
        guint32 first,
        GanderBlockView *view,
        GanderSpan *out)
{
  guint i = ordinal - first;

  if (G_UNLIKELY (i >= view->n))
    {
      i = GANDER_BLOCK_SPANS - 1;
      view->begin[i] = view->end[i] = gander_index_lane (index, lane)->end;
      view->kind[i] = G_MAXUINT32;
      view->link[i] = 0;
    }
  gander_blocks_unpack (&index->blocks, lane, ordinal, view, i, out);
}

void
gander_query_span (const GanderIndex *index, GanderLaneId lane, guint32 ordinal, GanderSpan *out)
{
  const GanderBlocks *blocks = &index->blocks;
  const GanderLaneRow *row = NULL;
  GanderBlockView view;
  guint32 block = 0;

  g_return_if_fail (lane < blocks->n_lanes);
  row = gander_index_lane (index, lane);
  g_return_if_fail (ordinal < row->n_spans);
  block = gander_blocks_find_span (blocks, row, ordinal);
  gander_blocks_view (blocks, row, block, &view);
  unpack (index, lane, ordinal, gander_blocks_get_first (blocks, row, block), &view, out);
}

guint32
gander_query_find (const GanderIndex *index, GanderLaneId lane, GanderTime time)
{
  const GanderLaneRow *row = NULL;
  GanderBlockView view;
  guint32 block = 0;

  g_return_val_if_fail (lane < index->blocks.n_lanes, 0);
  row = gander_index_lane (index, lane);
  block = gander_blocks_find (&index->blocks, row, time, 0);
  gander_blocks_view_states (&index->blocks, row, block, &view);
  return (guint32)MIN ((guint64)gander_blocks_get_first (&index->blocks, row, block) +
                           gander_block_view_find (&view, time),
                       row->n_spans);
}

gboolean
gander_query_span_at (const GanderIndex *index, GanderLaneId lane, GanderTime time, GanderSpan *out)
{
  guint32 ordinal = 0;

  g_return_val_if_fail (lane < index->blocks.n_lanes, FALSE);
  ordinal = gander_query_find (index, lane, time);
  if (ordinal >= gander_index_lane (index, lane)->n_spans)
    return FALSE;
  gander_query_span (index, lane, ordinal, out);
  return out->begin <= time && time < out->end;
}

void
gander_span_iter_init (GanderSpanIter *self,
                       const GanderIndex *index,
                       GanderLaneId lane,
                       GanderTime begin,
                       GanderTime end)
{
  const GanderLaneRow *row = NULL;

  /* Member by member: the view is large. */
  self->index = index;
  self->lane = lane;
  self->end = end;
  self->ordinal = self->first = 0;
  self->block = G_MAXUINT32;
  g_return_if_fail (lane < index->blocks.n_lanes);
  row = gander_index_lane (index, lane);
  self->block = gander_blocks_find (&index->blocks, row, begin, 0);
  gander_blocks_view (&index->blocks, row, self->block, &self->view);
  self->first = gander_blocks_get_first (&index->blocks, row, self->block);
  self->ordinal = (guint32)MIN ((guint64)self->first + gander_block_view_find (&self->view, begin),
                                row->n_spans);
}

/* Views the block that the next span is in. */
static void
enter_block (GanderSpanIter *self, const GanderLaneRow *row)
{
  const GanderBlocks *blocks = &self->index->blocks;
  guint32 block = gander_blocks_find_span (blocks, row, self->ordinal);

  if (block == self->block)
    return;
  self->block = block;
  self->first = gander_blocks_get_first (blocks, row, block);
  gander_blocks_view (blocks, row, block, &self->view);
}

gboolean
gander_span_iter_next (GanderSpanIter *self, GanderSpan *out)
{
  const GanderLaneRow *row = NULL;

  if (self->lane >= self->index->blocks.n_lanes)
    return FALSE;
  row = gander_index_lane (self->index, self->lane);
  if (self->ordinal >= row->n_spans)
    return FALSE;
  if (self->ordinal - self->first >= self->view.n)
    enter_block (self, row);
  unpack (self->index, self->lane, self->ordinal, self->first, &self->view, out);
  if (out->begin >= self->end)
    return FALSE;
  self->ordinal++;
  return TRUE;
}

gboolean
gander_query_wake (const GanderIndex *index, const GanderSpan *span, GanderSpan *wake)
{
  GanderSpan found;

  g_return_val_if_fail (span->lane < index->blocks.n_lanes, FALSE);
  if (span->state == GANDER_STATE_RUNNABLE)
    found = *span;
  else if (span->state == GANDER_STATE_BLOCKED &&
           span->ordinal + 1 < gander_index_lane (index, span->lane)->n_spans)
    gander_query_span (index, span->lane, span->ordinal + 1, &found);
  else
    return FALSE;
  if (found.state != GANDER_STATE_RUNNABLE ||
      (found.cause != GANDER_CAUSE_WOKEN && found.cause != GANDER_CAUSE_CREATED &&
       found.cause != GANDER_CAUSE_SWITCHED))
    return FALSE;
  *wake = found;
  return TRUE;
}

void
gander_query_wakeups (const GanderIndex *index,
                      GanderLaneId waker,
                      GanderTime begin,
                      GanderTime end,
                      guint32 *first,
                      guint32 *n)
{
  const GanderPacked *wakeups = gander_index_packed (index, WAKEUPS);
  guint64 from = 0;
  guint64 to = 0;

  *first = *n = 0;
  g_return_if_fail (waker < index->blocks.n_lanes);
  gander_clamp_rows (gander_index_lane (index, waker)->first_wakeup,
                     gander_index_lane (index, waker + 1)->first_wakeup,
                     wakeups->n,
                     first,
                     n);
  to = *first + (guint64)*n;
  from =
      gander_packed_find (wakeups, *first, to, GANDER_WAKEUP_COLUMN_TIME, (guint64)MAX (begin, 0));
  to = gander_packed_find (wakeups, from, to, GANDER_WAKEUP_COLUMN_TIME, (guint64)MAX (end, 0));
  *first = (guint32)from;
  *n = (guint32)(to - from);
}

void
gander_query_wakeup (const GanderIndex *index, guint32 row, GanderWakeup *out)
{
  GanderWakeupRow packed;
  GanderLaneId low = 0;
  GanderLaneId high = index->blocks.n_lanes;

  g_return_if_fail (row < gander_index_packed_n (index, WAKEUPS));
  gander_packed_get (gander_index_packed (index, WAKEUPS), row, &packed);
  /* The waker is the last lane whose rows begin at or before this one. */
  while (high - low > 1)
    {
      GanderLaneId middle = low + (high - low) / 2;
      if (gander_index_lane (index, middle)->first_wakeup <= row)
        low = middle;
      else
        high = middle;
    }
  *out = (GanderWakeup){ .time = MAX (packed.time, 0),
                         .waker = gander_index_clamp_lane (index, low),
                         .wakee = gander_index_clamp_lane (index, packed.wakee),
                         .created = packed.created != 0 };
}

const guint32 *
gander_query_extremes (const GanderIndex *index, GanderLaneId lane, guint32 *n)
{
  guint32 first = 0;

  *n = 0;
  g_return_val_if_fail (lane < index->blocks.n_lanes, NULL);
  gander_index_lane_rows (index, lane, first_extreme, EXTREMES, &first, n);
  return gander_index_run (index, EXTREMES, guint32, first, *n);
}

guint32
gander_query_find_point (const GanderPoint *points, guint32 n, GanderTime time)
{
  guint32 low = 0;
  guint32 high = n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (points[middle].time <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
gander_query_counter (const GanderIndex *index,
                      GanderCounter counter,
                      GanderTime time,
                      guint64 *value)
{
  guint32 n = 0;
  const GanderPoint *points = gander_index_get_counter (index, counter, &n);
  guint32 next = gander_query_find_point (points, n, time);

  if (next == 0)
    return FALSE;
  *value = points[next - 1].value;
  return TRUE;
}

/* How a packed table is searched. */
typedef guint64 (
    *FindFunc) (const GanderPacked *self, guint64 first, guint64 end, guint column, guint64 value);

static guint32
find_range (const GanderIndex *index,
            GanderRangeKind kind,
            guint32 row,
            GanderTime time,
            FindFunc find)
{
  guint64 first = index->facts_row.first_range[kind];
  guint32 n = gander_index_get_n_ranges (index, kind);

  if (row >= n || time == G_MAXINT64)
    return n;
  /* The first that ends after, that is at the next nanosecond or later. */
  return (guint32)(find (gander_index_packed (index, RANGES),
                         first + row,
                         first + n,
                         GANDER_RANGE_COLUMN_LATEST,
                         (guint64)MAX (time + 1, 0)) -
                   first);
}

guint32
gander_query_find_range (const GanderIndex *index, GanderRangeKind kind, GanderTime time)
{
  g_return_val_if_fail (kind < GANDER_N_RANGE_KINDS, 0);
  return find_range (index, kind, 0, time, gander_packed_find);
}

guint32
gander_query_find_range_near (const GanderIndex *index,
                              GanderRangeKind kind,
                              guint32 row,
                              GanderTime time)
{
  g_return_val_if_fail (kind < GANDER_N_RANGE_KINDS, 0);
  return find_range (index, kind, row, time, gander_packed_find_near);
}
