/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/blocks.h"

#include "reader/crc32c.h"

#include <string.h>

/* Above the 2^62 at which times of damaged traces are cut off. */
#define TIME_LIMIT (G_GINT64_CONSTANT (3) << 61)

static const GanderKindRow unknown_kind = { .state = GANDER_STATE_UNKNOWN };

static guint64
load (const guint8 *bytes, guint width, guint i)
{
  guint64 value = 0;

  if (width == 0)
    return 0;
  memcpy (&value, bytes + (gsize)i * width, 8);
  value = GUINT64_FROM_LE (value);
  return width == 8 ? value : value & ((G_GUINT64_CONSTANT (1) << (8 * width)) - 1);
}

static gint64
time_at (const GanderBlockView *view, const guint8 *column, guint i)
{
  guint64 time = (guint64)view->begin + load (column, view->time_width, i);

  return (gint64)MIN (time, (guint64)TIME_LIMIT);
}

guint32
gander_blocks_get_n (const GanderBlocks *self, const GanderLaneRow *lane)
{
  guint32 n = lane->n_spans / GANDER_BLOCK_SPANS + (lane->n_spans % GANDER_BLOCK_SPANS != 0);

  if (n <= 1)
    return n;
  return lane->block < self->n_summaries && n < self->n_summaries - lane->block ? n : 0;
}

static void
report_broken (const GanderBlocks *self)
{
  if (self->broken != NULL)
    g_atomic_int_set (self->broken, 1);
}

/* Two threads may both compute the sum of a block and set its bit: no harm. */
static gboolean
check_once (const GanderBlocks *self, guint64 offset, gsize size)
{
  guint64 bit = offset / 8;
  guint8 mask = (guint8)(1u << (bit % 8));
  guint32 crc = 0;

  if (self->checked == NULL ||
      (__atomic_load_n (&self->checked[bit / 8], __ATOMIC_RELAXED) & mask) != 0)
    return TRUE;
  memcpy (&crc, self->blocks + offset, 4);
  if (gander_crc32c (0, self->blocks + offset + 4, size - 4) != crc)
    return FALSE;
  __atomic_fetch_or (&self->checked[bit / 8], mask, __ATOMIC_RELAXED);
  return TRUE;
}

static gboolean
open_block (const GanderBlocks *self, guint64 offset, GanderBlockView *view)
{
  GanderBlockHeader header = { 0 };
  gsize size = sizeof header;

  if (offset % 8 != 0 || self->blocks_size < sizeof header + GANDER_BLOCK_SLACK ||
      offset > self->blocks_size - sizeof header - GANDER_BLOCK_SLACK)
    return FALSE;
  memcpy (&header, self->blocks + offset, sizeof header);
  if (header.n == 0 || header.n > GANDER_BLOCK_SPANS || header.time_width > 8 ||
      header.kind_width > 4 || header.link_width > 4 ||
      (header.end_width != 0 && header.end_width != header.time_width) || header.begin < 0 ||
      header.begin > TIME_LIMIT)
    return FALSE;
  if (header.ordinal > 0)
    size += 8 + 8 * (gsize)__builtin_popcount (header.states);
  view->bytes = self->blocks + offset;
  view->begin = header.begin;
  view->times = view->bytes + size;
  size += (gsize)header.n * header.time_width;
  view->kinds = view->bytes + size;
  size += (gsize)header.n * header.kind_width;
  view->links = view->bytes + size;
  size += (gsize)header.n * header.link_width;
  view->ends = header.end_width != 0 ? view->bytes + size : NULL;
  size += (gsize)header.n * header.end_width;
  size = (size + 7) & ~(gsize)7;
  if (size + GANDER_BLOCK_SLACK > self->blocks_size - offset || !check_once (self, offset, size))
    return FALSE;
  view->time_width = header.time_width;
  view->kind_width = header.kind_width;
  view->link_width = header.link_width;
  view->n = header.n;
  return TRUE;
}

void
gander_blocks_view (const GanderBlocks *self,
                    const GanderLaneRow *lane,
                    guint32 ordinal,
                    GanderBlockView *view)
{
  guint64 offset = lane->block;

  view->n = 0;
  if (ordinal >= gander_blocks_get_n (self, lane))
    return;
  if (lane->n_spans > GANDER_BLOCK_SPANS)
    offset = self->summaries[lane->block + ordinal].offset;
  if (!open_block (self, offset, view))
    {
      view->n = 0;
      report_broken (self);
    }
}

void
gander_block_view_get (const GanderBlockView *self, guint i, GanderRawSpan *out)
{
  out->begin = i == 0 ? self->begin : time_at (self, self->times, i - 1);
  out->end = time_at (self, self->ends != NULL ? self->ends : self->times, i);
  out->end = MAX (out->begin, out->end);
  out->kind = (guint32)load (self->kinds, self->kind_width, i);
  out->link = (guint32)load (self->links, self->link_width, i);
}

guint
gander_block_view_find (const GanderBlockView *self, GanderTime time)
{
  const guint8 *ends = self->ends != NULL ? self->ends : self->times;
  guint low = 0;
  guint high = self->n;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (time_at (self, ends, middle) > time)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

const GanderKindRow *
gander_blocks_get_kind (const GanderBlocks *self, guint32 kind)
{
  if (kind >= self->n_kinds || self->kinds[kind].state >= GANDER_N_STATES)
    return &unknown_kind;
  return &self->kinds[kind];
}

guint32
gander_blocks_find (const GanderBlocks *self,
                    const GanderLaneRow *lane,
                    GanderTime time,
                    guint32 hint)
{
  guint32 n = gander_blocks_get_n (self, lane);
  const GanderSummaryRow *rows = NULL;
  guint32 low = 0;
  guint32 high = n;
  guint32 step = 1;

  if (n <= 1)
    return 0;
  rows = self->summaries + lane->block;
  /* Gallop from the hint: neighbouring questions have neighbouring answers. */
  if (hint < n && rows[hint].begin <= time)
    {
      low = hint;
      while (step < n - low && rows[low + step].begin <= time)
        {
          low += step;
          step *= 2;
        }
      high = step < n - low ? low + step : n;
    }
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      if (rows[middle].begin <= time)
        low = middle;
      else
        high = middle;
    }
  return low;
}

void
gander_blocks_get_before (const GanderBlocks *self,
                          const GanderLaneRow *lane,
                          guint32 ordinal,
                          GanderMix *out)
{
  if (lane->n_spans > GANDER_BLOCK_SPANS && lane->block < self->n_summaries &&
      ordinal < self->n_summaries - lane->block)
    memcpy (out->time, self->summaries[lane->block + ordinal].before, sizeof out->time);
  else
    memset (out, 0, sizeof *out);
}

void
gander_blocks_get_total (const GanderBlocks *self, const GanderLaneRow *lane, GanderMix *out)
{
  guint32 n = gander_blocks_get_n (self, lane);
  GanderBlockView view = { 0 };

  memset (out, 0, sizeof *out);
  if (n == 0)
    return;
  if (n > 1)
    {
      gander_blocks_get_before (self, lane, n, out);
      return;
    }
  gander_blocks_view (self, lane, 0, &view);
  for (guint i = 0; i < view.n; i++)
    {
      GanderRawSpan span;
      GanderState state = GANDER_STATE_NONE;
      gander_block_view_get (&view, i, &span);
      state = gander_blocks_get_kind (self, span.kind)->state;
      out->time[state] = gander_wrap_add (out->time[state], span.end - span.begin);
    }
}

static GanderLaneId
unpack_link (const GanderBlocks *self, GanderLaneKind lane_kind, GanderState state, guint32 link)
{
  GanderLaneId lane = GANDER_LANE_NONE;

  if (link == 0)
    return GANDER_LANE_NONE;
  if (lane_kind != GANDER_LANE_GOROUTINE || state == GANDER_STATE_RUNNABLE)
    return link - 1 < self->n_goroutines ? link - 1 : GANDER_LANE_NONE;
  if (link - 1 < self->n_procs)
    lane = self->procs[link - 1];
  return lane < self->n_lanes ? lane : GANDER_LANE_NONE;
}

void
gander_blocks_unpack (const GanderBlocks *self,
                      GanderLaneId lane,
                      guint32 ordinal,
                      const GanderRawSpan *raw,
                      GanderSpan *out)
{
  const GanderLaneRow *row = &self->lanes[lane];
  const GanderKindRow *kind = gander_blocks_get_kind (self, raw->kind);
  gboolean last =
      ordinal + 1 == row->n_spans && (row->flags & GANDER_LANE_ALIVE) != 0 && raw->end >= row->end;

  *out = (GanderSpan){ .lane = lane,
                       .ordinal = ordinal,
                       .begin = raw->begin,
                       .end = raw->end,
                       .state = kind->state,
                       .cause = MIN (kind->cause, GANDER_CAUSE_SWITCHED),
                       .flags = kind->flags | (last ? GANDER_SPAN_OPEN_END : 0),
                       .reason = kind->reason,
                       .stack = kind->stack,
                       .link = unpack_link (self, row->kind, kind->state, raw->link) };
}

void
gander_block_walk_init (GanderBlockWalk *self,
                        const GanderBlocks *blocks,
                        const GanderLaneRow *lane)
{
  *self = (GanderBlockWalk){ .blocks = blocks, .lane = lane };
  self->n_blocks = gander_blocks_get_n (blocks, lane);
}

gboolean
gander_block_walk_next (GanderBlockWalk *self, GanderRawSpan *out)
{
  while (self->i >= self->view.n)
    {
      if (self->next_block >= self->n_blocks)
        return FALSE;
      gander_blocks_view (self->blocks, self->lane, self->next_block++, &self->view);
      self->i = 0;
    }
  gander_block_view_get (&self->view, self->i++, out);
  return TRUE;
}
