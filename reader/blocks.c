/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/block.h"

#include <string.h>

const GanderKindRow gander_blocks_unknown_kind = { .state = GANDER_STATE_UNKNOWN };

guint8 *
gander_blocks_new_states (const GanderBlocks *self)
{
  guint8 *states = g_new (guint8, GANDER_BLOCKS_N_STATES);
  guint32 n = (guint32)MIN (self->n_kinds, GANDER_BLOCKS_N_STATES);

  for (guint32 kind = 0; kind < n; kind++)
    states[kind] = gander_blocks_get_kind (self, kind)->state;
  memset (states + n, gander_blocks_unknown_kind.state, GANDER_BLOCKS_N_STATES - n);
  return states;
}

/* What pieces are looked up by. */
typedef enum
{
  BY_TIME,
  BY_BLOCK,
  BY_SPAN,
} Key;

/* Returns: numbers of a piece and the times before it. */
static guint
get_piece_stride (const GanderLaneRow *lane)
{
  return sizeof (GanderPieceRow) / sizeof (gint64) + (guint)__builtin_popcount (lane->states);
}

/* Returns: pieces of a lane that has such, as the size of the file allows; one more can be read. */
static guint64
get_n_pieces (const GanderBlocks *self, const GanderLaneRow *lane)
{
  guint64 n = 0;

  if (lane->block >= self->n_summaries)
    return 0;
  n = (guint64)*gander_blocks_get_numbers (self, lane->block, 1);
  return n < (self->n_summaries - lane->block - 1) / get_piece_stride (lane) ? n : 0;
}

static inline const GanderPieceRow *
get_piece_row (const GanderBlocks *self, const GanderLaneRow *lane, guint64 piece)
{
  guint stride = get_piece_stride (lane);

  return (gconstpointer)gander_blocks_get_numbers (self, lane->block + 1 + piece * stride, stride);
}

static gint64
get_key (const GanderPieceRow *row, Key key)
{
  return key == BY_TIME ? row->begin : key == BY_BLOCK ? row->block : row->ordinal;
}

static void
fill_piece (const GanderBlocks *self,
            const GanderLaneRow *lane,
            const GanderPieceRow *row,
            guint32 n_blocks,
            GanderPiece *out)
{
  GanderMix first;

  out->lane = (GanderLaneRow){ .begin = row->begin, .block = row->place, .n_spans = n_blocks };
  out->block = row->block;
  out->ordinal = row->ordinal;
  gander_blocks_spread_times ((const gint64 *)(row + 1), lane->states, &out->before);
  if (n_blocks <= 1)
    return;
  out->lane.states = (guint16)(row->place >> GANDER_PIECE_STATES);
  out->lane.block = row->place & ((G_GUINT64_CONSTANT (1) << GANDER_PIECE_STATES) - 1);
  out->lane.n_spans = (guint32)MIN ((guint64)n_blocks * GANDER_BLOCK_SPANS, G_MAXUINT32);
  gander_blocks_get_before (self, &out->lane, 0, &first);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    out->before.time[state] = gander_wrap_subtract (out->before.time[state], first.time[state]);
}

/* Finds the last piece whose @key is at most @value, or the first one. */
static void
find_piece (const GanderBlocks *self,
            const GanderLaneRow *lane,
            Key key,
            gint64 value,
            GanderPiece *out)
{
  guint64 n = get_n_pieces (self, lane);
  guint64 low = 0;
  guint64 high = n;
  const GanderPieceRow *row = NULL;
  const GanderPieceRow *next = NULL;

  *out = (GanderPiece){ .end = G_MAXINT64 };
  if (n == 0)
    return;
  while (high - low > 1)
    {
      guint64 middle = low + (high - low) / 2;
      if (get_key (get_piece_row (self, lane, middle), key) <= value)
        low = middle;
      else
        high = middle;
    }
  row = get_piece_row (self, lane, low);
  next = get_piece_row (self, lane, low + 1);
  fill_piece (self, lane, row, next->block - row->block, out);
  if (low + 1 < n)
    out->end = next->begin;
}

void
gander_blocks_find_piece (const GanderBlocks *self,
                          const GanderLaneRow *lane,
                          GanderTime time,
                          GanderPiece *out)
{
  find_piece (self, lane, BY_TIME, time, out);
}

static guint32
get_n_in_pieces (const GanderBlocks *self, const GanderLaneRow *lane)
{
  guint64 n = get_n_pieces (self, lane);

  return n > 0 ? get_piece_row (self, lane, n)->block : 0;
}

guint32
gander_blocks_get_n (const GanderBlocks *self, const GanderLaneRow *lane)
{
  guint32 n = lane->n_spans / GANDER_BLOCK_SPANS + (lane->n_spans % GANDER_BLOCK_SPANS != 0);

  if (G_UNLIKELY (gander_lane_row_has_pieces (lane)))
    return get_n_in_pieces (self, lane);
  if (n <= 1)
    return n;
  return lane->block < self->n_summaries && ((guint64)n + 1) * gander_lane_row_get_stride (lane) <=
                                                self->n_summaries - lane->block
             ? n
             : 0;
}

static void
view_block (const GanderBlocks *self,
            const GanderLaneRow *lane,
            guint32 ordinal,
            gboolean links,
            GanderBlockView *view)
{
  GanderPiece piece;

  if (G_LIKELY (!gander_lane_row_has_pieces (lane)))
    {
      gander_block_view (self, lane, ordinal, links, view);
      return;
    }
  find_piece (self, lane, BY_BLOCK, ordinal, &piece);
  gander_block_view (self, &piece.lane, ordinal - piece.block, links, view);
  if (view->n == 0)
    gander_blocks_report_broken (self);
}

void
gander_blocks_view (const GanderBlocks *self,
                    const GanderLaneRow *lane,
                    guint32 ordinal,
                    GanderBlockView *view)
{
  view_block (self, lane, ordinal, TRUE, view);
}

void
gander_blocks_view_states (const GanderBlocks *self,
                           const GanderLaneRow *lane,
                           guint32 ordinal,
                           GanderBlockView *view)
{
  view_block (self, lane, ordinal, FALSE, view);
}

guint
gander_block_view_find (const GanderBlockView *self, GanderTime time)
{
  guint low = 0;
  guint high = self->n;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (self->end[middle] > time)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

guint32
gander_blocks_find (const GanderBlocks *self,
                    const GanderLaneRow *lane,
                    GanderTime time,
                    guint32 hint)
{
  guint32 n = gander_blocks_get_n (self, lane);
  guint32 low = 0;
  guint32 high = n;
  guint32 step = 1;
  GanderPiece piece;

  if (n <= 1)
    return 0;
  if (G_UNLIKELY (gander_lane_row_has_pieces (lane)))
    {
      find_piece (self, lane, BY_TIME, time, &piece);
      return piece.block + gander_blocks_find (self, &piece.lane, time, hint - piece.block);
    }
  /* Gallop from the hint: neighbouring questions have neighbouring answers. */
  if (hint < n && *gander_blocks_get_summary (self, lane, hint) <= time)
    {
      low = hint;
      while (step < n - low && *gander_blocks_get_summary (self, lane, low + step) <= time)
        {
          low += step;
          step *= 2;
        }
      high = step < n - low ? low + step : n;
    }
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      if (*gander_blocks_get_summary (self, lane, middle) <= time)
        low = middle;
      else
        high = middle;
    }
  return low;
}

GanderTime
gander_blocks_get_begin (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal)
{
  GanderPiece piece;

  if (G_UNLIKELY (gander_lane_row_has_pieces (lane)))
    {
      find_piece (self, lane, BY_BLOCK, ordinal, &piece);
      return gander_blocks_get_begin (self, &piece.lane, ordinal - piece.block);
    }
  return ordinal < gander_blocks_get_n (self, lane) && lane->n_spans > GANDER_BLOCK_SPANS
             ? *gander_blocks_get_summary (self, lane, ordinal)
             : lane->begin;
}

guint32
gander_blocks_get_first (const GanderBlocks *self, const GanderLaneRow *lane, guint32 block)
{
  GanderPiece piece;

  if (G_LIKELY (!gander_lane_row_has_pieces (lane)))
    return block * GANDER_BLOCK_SPANS;
  find_piece (self, lane, BY_BLOCK, block, &piece);
  return piece.ordinal + (block - piece.block) * GANDER_BLOCK_SPANS;
}

guint32
gander_blocks_find_span (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal)
{
  GanderPiece piece;

  if (G_LIKELY (!gander_lane_row_has_pieces (lane)))
    return ordinal / GANDER_BLOCK_SPANS;
  find_piece (self, lane, BY_SPAN, ordinal, &piece);
  return piece.block + (ordinal - piece.ordinal) / GANDER_BLOCK_SPANS;
}

static void
get_before_in_piece (const GanderBlocks *self,
                     const GanderLaneRow *lane,
                     guint32 block,
                     GanderMix *out)
{
  guint64 n = get_n_pieces (self, lane);
  GanderPiece piece;

  if (n > 0 && block == get_piece_row (self, lane, n)->block)
    {
      gander_blocks_spread_times ((const gint64 *)(get_piece_row (self, lane, n) + 1),
                                  lane->states,
                                  out);
      return;
    }
  find_piece (self, lane, BY_BLOCK, block, &piece);
  gander_blocks_get_before (self, &piece.lane, block - piece.block, out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    gander_mix_add (out, state, piece.before.time[state]);
}

void
gander_blocks_get_before (const GanderBlocks *self,
                          const GanderLaneRow *lane,
                          guint32 ordinal,
                          GanderMix *out)
{
  memset (out, 0, sizeof *out);
  if (G_UNLIKELY (gander_lane_row_has_pieces (lane)))
    get_before_in_piece (self, lane, ordinal, out);
  else if (lane->n_spans > GANDER_BLOCK_SPANS && gander_blocks_get_n (self, lane) > 0 &&
           ordinal <= gander_blocks_get_n (self, lane))
    gander_blocks_spread_times (gander_blocks_get_summary (self, lane, ordinal) + 2,
                                lane->states,
                                out);
}

void
gander_blocks_get_total (const GanderBlocks *self, const GanderLaneRow *lane, GanderMix *out)
{
  guint32 n = gander_blocks_get_n (self, lane);
  GanderBlockView view;

  memset (out, 0, sizeof *out);
  if (n == 0)
    return;
  if (n > 1)
    {
      gander_blocks_get_before (self, lane, n, out);
      return;
    }
  gander_blocks_view_states (self, lane, 0, &view);
  for (guint i = 0; i < view.n; i++)
    {
      GanderState state = gander_blocks_get_kind (self, view.kind[i])->state;
      gander_mix_add (out, state, view.end[i] - view.begin[i]);
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
                      const GanderBlockView *view,
                      guint i,
                      GanderSpan *out)
{
  const GanderLaneRow *row = &self->lanes[lane];
  const GanderKindRow *kind = gander_blocks_get_kind (self, view->kind[i]);
  gboolean last = ordinal + 1 == row->n_spans && (row->flags & GANDER_LANE_ALIVE) != 0 &&
                  view->end[i] >= row->end;

  *out = (GanderSpan){ .lane = lane,
                       .ordinal = ordinal,
                       .begin = view->begin[i],
                       .end = view->end[i],
                       .state = kind->state,
                       .cause = MIN (kind->cause, GANDER_CAUSE_SWITCHED),
                       .flags = kind->flags | (last ? GANDER_SPAN_OPEN_END : 0),
                       .reason = kind->reason,
                       .stack = kind->stack,
                       .link = unpack_link (self, row->kind, kind->state, view->link[i]) };
}
