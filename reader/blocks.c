/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block is decoded as a whole, column by column, by loops that know the width of their numbers:
 * that takes little more than finding a single span in it would.
 */
#include "reader/blocks.h"

#include "reader/spool.h"
#include "reader/unaligned.h"

#include <string.h>

/* Lengths of up to so many bytes cannot get a sum of 64 beyond GANDER_INDEX_TIME_MAX. */
#define SAFE_WIDTH 6
#define SAFE_BEGIN (G_GUINT64_CONSTANT (1) << 62)

/* Lanes whose blocks are on their way while one is read. */
#define LANES_AHEAD 4

/* Larger than any block. */
#define MAX_SIZE 2048u

const GanderKindRow gander_blocks_unknown_kind = { .state = GANDER_STATE_UNKNOWN };

/* The parts of a block. */
typedef struct
{
  gint64 begin;
  const guint8 *bytes;
  const guint8 *end; /* of what may be read, slack aside */
  const guint8 *times;
  const guint8 *kinds;
  const guint8 *gaps;
  const guint8 *links;
  guint64 gap_mask; /* spans that a gap follows */
  guint n;
  guint time_width, gap_width, kind_width, partner_width, waker_width;
  guint8 buffer[MAX_SIZE]; /* of a block that was read */
} Parts;

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

static inline const gint64 *
get_numbers (const GanderBlocks *self, guint64 first, guint64 n)
{
  if (self->summary_pages != NULL)
    (void)gander_page_sums_check (self->summary_pages,
                                  first * sizeof (gint64),
                                  n * sizeof (gint64));
  return self->summaries + first;
}

/* Returns: pieces of a lane that has such, as the size of the file allows; one more can be read. */
static guint64
get_n_pieces (const GanderBlocks *self, const GanderLaneRow *lane)
{
  guint64 n = 0;

  if (lane->block >= self->n_summaries)
    return 0;
  n = (guint64)*get_numbers (self, lane->block, 1);
  return n < (self->n_summaries - lane->block - 1) / get_piece_stride (lane) ? n : 0;
}

static inline const GanderPieceRow *
get_piece_row (const GanderBlocks *self, const GanderLaneRow *lane, guint64 piece)
{
  guint stride = get_piece_stride (lane);

  return (gconstpointer)get_numbers (self, lane->block + 1 + piece * stride, stride);
}

static gint64
get_key (const GanderPieceRow *row, Key key)
{
  return key == BY_TIME ? row->begin : key == BY_BLOCK ? row->block : row->ordinal;
}

/* Gives each of @states its number. */
static void
spread_times (const gint64 *times, guint16 states, GanderMix *out)
{
  memset (out, 0, sizeof *out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((states & (1u << state)) != 0)
      out->time[state] = *times++;
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
  spread_times ((const gint64 *)(row + 1), lane->states, &out->before);
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
report_broken (const GanderBlocks *self)
{
  if (self->broken != NULL)
    g_atomic_int_set (self->broken, 1);
}

static gboolean
check_block (const GanderBlocks *self, guint64 offset)
{
  return self->block_pages == NULL ||
         gander_page_sums_check (self->block_pages,
                                 offset,
                                 MIN (MAX_SIZE, self->blocks_size - offset));
}

/* Returns: the numbers of block @ordinal in summaries, which are there. */
static inline const gint64 *
get_summary (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal)
{
  guint64 stride = gander_lane_row_get_stride (lane);

  return get_numbers (self, lane->block + ordinal * stride, stride);
}

/* Blocks lie in the order in which they were filled, not in that of their lanes: asks memory for
 * the one that is likely to be wanted next. A hint, so an offset need not be checked. */
static void
hint_at_next (const GanderBlocks *self, const GanderLaneRow *lane, const gint64 *row)
{
  if (row != NULL)
    gander_blocks_hint (self, (guint64)row[gander_lane_row_get_stride (lane) + 1]);
  else if (lane >= self->lanes && lane + LANES_AHEAD < self->lanes + self->n_lanes)
    gander_blocks_hint (self, lane[LANES_AHEAD].block);
}

/* The blocks of a lane lie far apart: to map a page and those around it for each, and to let go of
 * them again, takes longer than to copy it. */
static gboolean
read_block (const GanderBlocks *self, guint64 offset, guint8 *buffer)
{
  gsize wanted = (gsize)MIN (MAX_SIZE, self->blocks_size - offset);

  return gander_spool_pread (*self->file, self->file_offset + offset, buffer, wanted) == wanted;
}

static gboolean
read_header (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal, Parts *out)
{
  guint64 offset = lane->block;
  GanderBlockHeader header;
  const guint8 *at = NULL;
  const gint64 *row = NULL;
  gsize room = 0;

  out->begin = lane->begin;
  out->gap_mask = 0;
  if (lane->n_spans > GANDER_BLOCK_SPANS)
    {
      row = get_summary (self, lane, ordinal);
      out->begin = row[0];
      offset = (guint64)row[1];
    }
  hint_at_next (self, lane, row);
  if (self->blocks_size < sizeof header + GANDER_BLOCK_SLACK ||
      offset > self->blocks_size - sizeof header - GANDER_BLOCK_SLACK ||
      !check_block (self, offset))
    return FALSE;
  room = (gsize)(self->blocks_size - offset) - GANDER_BLOCK_SLACK;
  out->bytes = at = self->blocks + offset;
  if (row != NULL && self->file != NULL)
    {
      if (!read_block (self, offset, out->buffer))
        return FALSE;
      out->bytes = at = out->buffer;
      room = MIN (room, MAX_SIZE - GANDER_BLOCK_SLACK);
    }
  out->end = at + room;
  memcpy (&header, at, sizeof header);
  at += sizeof header;
  out->n = header.n & ~GANDER_BLOCK_HAS_BEGIN;
  out->time_width = header.times & 15;
  out->gap_width = header.times >> 4;
  out->kind_width = header.kinds & 15;
  out->partner_width = header.kinds >> 4;
  out->waker_width = header.links;
  if (out->n == 0 || out->n > GANDER_BLOCK_SPANS || out->time_width > 8 || out->gap_width > 8 ||
      out->kind_width > 4 || out->partner_width > 4 || out->waker_width > 4)
    return FALSE;
  if ((header.n & GANDER_BLOCK_HAS_BEGIN) != 0)
    {
      out->begin = (gint64)gander_unaligned_load (at, 8);
      at += 8;
    }
  if (out->gap_width > 0 && at <= out->end)
    {
      out->gap_mask = gander_unaligned_load (at, 8);
      at += 8;
    }
  out->times = at;
  out->kinds = out->times + out->n * out->time_width;
  out->gaps = out->kinds + out->n * out->kind_width;
  out->links = out->gaps + (guint)__builtin_popcountll (out->gap_mask) * out->gap_width;
  return (gsize)(out->links - out->bytes) <= room && out->begin >= 0 &&
         (guint64)out->begin <= GANDER_INDEX_TIME_MAX;
}

static inline __attribute__ ((always_inline)) void
widen_64 (const guint8 *bytes, guint n, guint width, guint64 *out)
{
  for (guint i = 0; i < n; i++)
    out[i] = gander_unaligned_load (bytes + i * width, width);
}

/* The same loop with the width known. */
static void
read_times (const Parts *parts, guint64 *out)
{
  switch (parts->time_width)
    {
    case 1:
      widen_64 (parts->times, parts->n, 1, out);
      break;
    case 2:
      widen_64 (parts->times, parts->n, 2, out);
      break;
    case 3:
      widen_64 (parts->times, parts->n, 3, out);
      break;
    case 4:
      widen_64 (parts->times, parts->n, 4, out);
      break;
    default:
      widen_64 (parts->times, parts->n, parts->time_width, out);
    }
}

static void
read_kinds (const Parts *parts, guint32 *out)
{
  if (parts->kind_width == 1)
    for (guint i = 0; i < parts->n; i++)
      out[i] = parts->kinds[i];
  else
    for (guint i = 0; i < parts->n; i++)
      out[i] =
          (guint32)gander_unaligned_load (parts->kinds + i * parts->kind_width, parts->kind_width);
}

/* From lengths and gaps to begins and ends. */
static void
add_up (const Parts *parts, const guint64 *lengths, GanderBlockView *view)
{
  guint64 time = (guint64)parts->begin;

  if (G_LIKELY (parts->time_width <= SAFE_WIDTH && parts->gap_mask == 0 && time <= SAFE_BEGIN))
    {
      for (guint i = 0; i < parts->n; i++)
        {
          view->begin[i] = (gint64)time;
          time += lengths[i];
          view->end[i] = (gint64)time;
        }
    }
  else
    {
      const guint8 *gap = parts->gaps;
      for (guint i = 0; i < parts->n; i++)
        {
          view->begin[i] = (gint64)time;
          time = MIN (time + MIN (lengths[i], GANDER_INDEX_TIME_MAX), GANDER_INDEX_TIME_MAX);
          view->end[i] = (gint64)time;
          if ((parts->gap_mask >> i & 1) == 0)
            continue;
          time += MIN (gander_unaligned_load (gap, parts->gap_width), GANDER_INDEX_TIME_MAX);
          time = MIN (time, GANDER_INDEX_TIME_MAX);
          gap += parts->gap_width;
        }
    }
}

/* Spans that wait for nobody in particular have no link; RUNNABLE ones have a waker, in a column of
 * its own; all others a partner. */
static gboolean
read_links (const GanderBlocks *self, const Parts *parts, GanderBlockView *view)
{
  enum
  {
    NONE,
    PARTNER,
    WAKER,
    N_CLASSES
  };
  static const guint8 classes[GANDER_N_STATES] = {
    [GANDER_STATE_NONE] = PARTNER,    [GANDER_STATE_RUNNING] = PARTNER,
    [GANDER_STATE_RUNNABLE] = WAKER,  [GANDER_STATE_BLOCKED] = NONE,
    [GANDER_STATE_SYSCALL] = PARTNER, [GANDER_STATE_SYSCALL_BLOCKED] = PARTNER,
    [GANDER_STATE_GC_WORK] = PARTNER, [GANDER_STATE_GC_ASSIST] = PARTNER,
    [GANDER_STATE_SCHEDULING] = NONE, [GANDER_STATE_UNKNOWN] = PARTNER,
  };
  const guint width[N_CLASSES] = { 0, parts->partner_width, parts->waker_width };
  const guint8 *at[N_CLASSES] = { parts->links, parts->links, parts->links };
  guint8 class[GANDER_BLOCK_SPANS];

  for (guint i = 0; i < parts->n; i++)
    {
      class[i] = classes[gander_blocks_get_kind (self, view->kind[i])->state];
      at[WAKER] += class[i] == PARTNER ? parts->partner_width : 0;
    }
  if (parts->end - at[WAKER] < (gssize)(parts->n * parts->waker_width))
    {
      const guint8 *end = at[WAKER];
      for (guint i = 0; i < parts->n; i++)
        end += class[i] == WAKER ? parts->waker_width : 0;
      if (end > parts->end)
        return FALSE;
    }
  for (guint i = 0; i < parts->n; i++)
    {
      view->link[i] = (guint32)gander_unaligned_load (at[class[i]], width[class[i]]);
      at[class[i]] += width[class[i]];
    }
  return TRUE;
}

static void
view_plain (const GanderBlocks *self,
            const GanderLaneRow *lane,
            guint32 ordinal,
            gboolean links,
            GanderBlockView *view)
{
  guint64 lengths[GANDER_BLOCK_SPANS];
  Parts parts;

  view->n = 0;
  if (ordinal >= gander_blocks_get_n (self, lane))
    return;
  if (read_header (self, lane, ordinal, &parts))
    {
      read_times (&parts, lengths);
      add_up (&parts, lengths, view);
      read_kinds (&parts, view->kind);
      if (!links || read_links (self, &parts, view))
        {
          view->n = parts.n;
          return;
        }
    }
  report_broken (self);
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
      view_plain (self, lane, ordinal, links, view);
      return;
    }
  find_piece (self, lane, BY_BLOCK, ordinal, &piece);
  view_plain (self, &piece.lane, ordinal - piece.block, links, view);
  if (view->n == 0)
    report_broken (self);
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
  if (hint < n && *get_summary (self, lane, hint) <= time)
    {
      low = hint;
      while (step < n - low && *get_summary (self, lane, low + step) <= time)
        {
          low += step;
          step *= 2;
        }
      high = step < n - low ? low + step : n;
    }
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      if (*get_summary (self, lane, middle) <= time)
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
             ? *get_summary (self, lane, ordinal)
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
      spread_times ((const gint64 *)(get_piece_row (self, lane, n) + 1), lane->states, out);
      return;
    }
  find_piece (self, lane, BY_BLOCK, block, &piece);
  gander_blocks_get_before (self, &piece.lane, block - piece.block, out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    out->time[state] = gander_wrap_add (out->time[state], piece.before.time[state]);
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
    spread_times (get_summary (self, lane, ordinal) + 2, lane->states, out);
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
      out->time[state] = gander_wrap_add (out->time[state], view.end[i] - view.begin[i]);
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
