/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture asks for some thousand ranges of a lane, of which each begins where the one before
 * ends: what they have in common is looked up once, and memory is asked for what comes.
 */
#include "reader/mix-cursor.h"

#include <string.h>

/* So many edges have their blocks found before the first of them is looked into, so that the bytes
 * are on their way from memory. */
#define AHEAD      16
#define CACHE_LINE 64
#define BLOCK_SIZE 320 /* of times and kinds, usually */

void
gander_mix_cursor_init (GanderMixCursor *self,
                        const GanderBlocks *blocks,
                        const GanderLaneRow *lane,
                        GanderTime grain)
{
  self->blocks = blocks;
  self->lane = lane;
  self->grain = grain;
  self->n_blocks = gander_blocks_get_n (blocks, lane);
  self->rows = self->n_blocks > 1 ? blocks->summaries + lane->block : NULL;
  self->stride = gander_lane_row_get_stride (lane);
  self->n_states = 0;
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((lane->states & (1u << state)) != 0)
      self->states[self->n_states++] = (guint8)state;
  self->checked[0] = self->checked[1] = 0;
  self->found = self->rows != NULL ? G_MAXUINT32 : 0;
  self->found_end = self->rows != NULL ? G_MININT64 : G_MAXINT64;
  self->step = 1;
  self->block = G_MAXUINT32;
  self->n_begun = 0;
  self->first = 0;
  self->until = G_MININT64;
}

/* Returns: row @block of summaries, after a look at its page. */
static const gint64 *
cursor_check_row (GanderMixCursor *self, guint32 block)
{
  guint64 size = self->stride * sizeof (gint64);
  guint64 offset = self->lane->block * sizeof (gint64) + block * size;
  guint64 room = GANDER_INDEX_PAGE - 1 - (offset + size - 1) % GANDER_INDEX_PAGE;

  if (self->blocks->summary_pages != NULL)
    (void)gander_page_sums_check (self->blocks->summary_pages, offset, size);
  self->checked[0] = block;
  self->checked[1] = block + 1 + (guint32)(room / size);
  return self->rows + block * (gsize)self->stride;
}

static inline const gint64 *
cursor_get_row (GanderMixCursor *self, guint32 block)
{
  if (block < self->checked[0] || block >= self->checked[1])
    return cursor_check_row (self, block);
  return self->rows + block * (gsize)self->stride;
}

static inline gboolean
cursor_begins_by (GanderMixCursor *self, guint32 block, GanderTime time)
{
  return *cursor_get_row (self, block) <= time;
}

/* Returns: the last block that begins at or before @time, or 0. Neighbouring questions have
 * neighbouring answers: looks where the next one should be and in growing steps from there. */
static guint32
cursor_find (GanderMixCursor *self, GanderTime time)
{
  guint32 low = self->found + 1;
  guint32 high = self->n_blocks;
  guint32 step = 1;

  if (time < self->found_end)
    return self->found;
  if (self->step - 1 < high - low && !cursor_begins_by (self, low + self->step - 1, time))
    {
      high = low + self->step - 1;
      for (; step < high - low && !cursor_begins_by (self, high - step, time); step *= 2)
        high -= step;
      low = step < high - low ? high - step : low;
    }
  else
    {
      low = self->step - 1 < high - low ? low + self->step - 1 : low;
      for (; step < high - low && cursor_begins_by (self, low + step, time); step *= 2)
        low += step;
      high = step < high - low ? low + step : high;
    }
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      if (cursor_begins_by (self, middle, time))
        low = middle;
      else
        high = middle;
    }
  self->step = low - self->found;
  self->found = low;
  self->found_end = low + 1 < self->n_blocks ? *cursor_get_row (self, low + 1) : G_MAXINT64;
  return low;
}

/* Whether the block from @row to @next is so short that it counts as mixed evenly. */
static inline gboolean
cursor_takes_evenly (const GanderMixCursor *self, const gint64 *row, const gint64 *next)
{
  return row[0] >= 0 && next[0] > row[0] && next[0] - row[0] <= self->grain;
}

/* Finds the blocks of @n times and asks memory for those that will be looked into. To do so for one
 * time between two answers takes a tenth longer: less is then on its way at once. */
static void
cursor_look_ahead (GanderMixCursor *self, const GanderTime *times, guint n, guint32 *blocks)
{
  guint32 last = self->block;

  for (guint i = 0; i < n; i++)
    {
      blocks[i] = cursor_find (self, times[i]);
      if (blocks[i] == last || self->rows == NULL)
        continue;
      last = blocks[i];
      if (!cursor_takes_evenly (self, cursor_get_row (self, last), cursor_get_row (self, last + 1)))
        for (guint at = 0; at < BLOCK_SIZE; at += CACHE_LINE)
          gander_blocks_hint (self->blocks, (guint64)cursor_get_row (self, last)[1] + at);
    }
}

/* @share, at most 1, of the time between two totals. */
static inline gint64
take_share (gint64 before, gint64 after, double share)
{
  double part = (double)gander_wrap_subtract (after, before) * share;

  return part >= 0 && part < (double)G_MAXINT64 ? (gint64)part : 0;
}

/* Answers from the totals before and after @block, if that is short enough. */
static gboolean
cursor_ask_evenly (GanderMixCursor *self, guint32 block, GanderTime time, GanderMix *out)
{
  const gint64 *row = NULL;
  const gint64 *next = NULL;
  double share;

  if (self->grain <= 0 || block + 1 >= self->n_blocks)
    return FALSE;
  row = cursor_get_row (self, block);
  next = cursor_get_row (self, block + 1);
  if (!cursor_takes_evenly (self, row, next) || time < row[0] || time >= next[0])
    return FALSE;
  share = (double)(time - row[0]) / (double)(next[0] - row[0]);
  memset (out, 0, sizeof *out);
  for (guint i = 0; i < self->n_states; i++)
    out->time[self->states[i]] =
        gander_wrap_add (row[i + 2], take_share (row[i + 2], next[i + 2], share));
  self->n_begun = self->first + block * GANDER_BLOCK_SPANS + (guint32)(GANDER_BLOCK_SPANS * share);
  self->until = time;
  return TRUE;
}

/* Where the cursor is now: at @time, in @state. */
static inline void
cursor_settle (GanderMixCursor *self, GanderTime time, GanderState state)
{
  const GanderBlockScan *scan = &self->scan;

  self->n_begun = self->first + self->block * GANDER_BLOCK_SPANS + scan->i;
  self->state = state;
  if (scan->i >= scan->n)
    self->until = self->block + 1 < self->n_blocks ? *cursor_get_row (self, self->block + 1)
                                                   : (GanderTime)G_MAXINT64;
  else if (scan->begin < time)
    {
      self->until = scan->end;
      self->n_begun++;
    }
  else
    self->until = scan->begin;
}

/* The time in each state before @time, which is in @block. */
static void
cursor_ask (GanderMixCursor *self, guint32 block, GanderTime time, GanderMix *out)
{
  if (cursor_ask_evenly (self, block, time, out))
    {
      self->block = G_MAXUINT32;
      return;
    }
  if (self->rows != NULL)
    gander_blocks_spread_times (cursor_get_row (self, block) + 2, self->lane->states, out);
  else
    memset (out, 0, sizeof *out);
  self->block = block;
  gander_block_scan_init (&self->scan, self->blocks, self->lane, block);
  cursor_settle (self, time, gander_block_scan_add (&self->scan, G_MININT64, time, out));
}

/* Rounding in blocks that are mixed evenly can make a range longer than it is, by as many ns as
 * there are states. */
static void
trim (GanderMix *mix)
{
  guint longest = GANDER_STATE_NONE + 1;

  if (mix->time[GANDER_STATE_NONE] >= 0)
    return;
  for (guint state = longest + 1; state < GANDER_N_STATES; state++)
    if (mix->time[state] > mix->time[longest])
      longest = state;
  gander_mix_add (mix, longest, mix->time[GANDER_STATE_NONE]);
  mix->time[GANDER_STATE_NONE] = 0;
}

/* @out = @after - @before, and NONE what is missing to @length; by a cursor of that @grain. */
static void
subtract (const GanderMix *before,
          const GanderMix *after,
          GanderTime length,
          GanderTime grain,
          GanderMix *out)
{
  GanderTime known = 0;

  for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
    {
      out->time[state] = gander_wrap_subtract (after->time[state], before->time[state]);
      known = gander_wrap_add (known, out->time[state]);
    }
  out->time[GANDER_STATE_NONE] = gander_wrap_subtract (length, known);
  if (grain > 0)
    trim (out);
}

/* What is from @from, where the cursor is, to @to, if that is in the same span or block; @total is
 * what there was before @from.
 *
 * Returns: FALSE when it is not. */
static inline gboolean
cursor_go_on (GanderMixCursor *self,
              guint32 block,
              GanderTime from,
              GanderTime to,
              GanderMix *total,
              GanderMix *out)
{
  GanderTime length = gander_wrap_subtract (to, from);
  GanderTime known = 0;

  if (to <= self->until)
    {
      memset (out, 0, sizeof *out);
      out->time[self->state] = length;
      gander_mix_add (total, self->state, length);
      return TRUE;
    }
  if (block != self->block)
    return FALSE;
  memset (out, 0, sizeof *out);
  cursor_settle (self, to, gander_block_scan_add (&self->scan, from, to, out));
  for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
    {
      gander_mix_add (total, state, out->time[state]);
      known = gander_wrap_add (known, out->time[state]);
    }
  out->time[GANDER_STATE_NONE] = gander_wrap_subtract (length, known);
  return TRUE;
}

void
gander_mix_cursor_ask (GanderMixCursor *self,
                       const GanderTime *edges,
                       guint n,
                       GanderMix *out,
                       guint32 *spans)
{
  GanderMix totals[2];
  GanderMix *before = &totals[0];
  GanderMix *after = &totals[1];
  guint32 blocks[AHEAD];

  cursor_ask (self, cursor_find (self, edges[0]), edges[0], before);
  for (guint i = 0; i < n; i++)
    {
      GanderMix *last = before;
      guint32 n_begun = self->n_begun;

      if (i % AHEAD == 0)
        cursor_look_ahead (self, edges + i + 1, MIN (AHEAD, n - i), blocks);
      if (!cursor_go_on (self, blocks[i % AHEAD], edges[i], edges[i + 1], before, &out[i]))
        {
          cursor_ask (self, blocks[i % AHEAD], edges[i + 1], after);
          subtract (before,
                    after,
                    gander_wrap_subtract (edges[i + 1], edges[i]),
                    self->grain,
                    &out[i]);
          before = after;
          after = last;
        }
      if (spans != NULL)
        spans[i] = self->n_begun - n_begun;
    }
}

/* A cursor for a lane that is put together of pieces: each is asked as a lane of its own. */
typedef struct
{
  const GanderLaneRow *lane;
  GanderPiece piece; /* that @cursor is of */
  GanderMixCursor cursor;
} PieceCursor;

/* The time in each state before @time. */
static void
piece_cursor_ask (PieceCursor *self, GanderTime time, GanderMix *out)
{
  GanderMixCursor *cursor = &self->cursor;

  if (time >= self->piece.end)
    {
      gander_blocks_find_piece (cursor->blocks, self->lane, time, &self->piece);
      gander_mix_cursor_init (cursor, cursor->blocks, &self->piece.lane, cursor->grain);
      cursor->first = self->piece.ordinal;
    }
  cursor_ask (cursor, cursor_find (cursor, time), time, out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    gander_mix_add (out, state, self->piece.before.time[state]);
}

static gboolean
piece_cursor_go_on (PieceCursor *self,
                    GanderTime from,
                    GanderTime to,
                    GanderMix *total,
                    GanderMix *out)
{
  GanderMixCursor *cursor = &self->cursor;

  return to < self->piece.end &&
         cursor_go_on (cursor, cursor_find (cursor, to), from, to, total, out);
}

void
gander_mix_ask_pieces (const GanderBlocks *blocks,
                       const GanderLaneRow *lane,
                       const GanderTime *edges,
                       guint n,
                       GanderTime grain,
                       GanderMix *out,
                       guint32 *spans)
{
  PieceCursor self;
  GanderMix totals[2];
  GanderMix *before = &totals[0];
  GanderMix *after = &totals[1];

  self.lane = lane;
  self.piece.end = G_MININT64;
  self.cursor.blocks = blocks;
  self.cursor.grain = grain;
  piece_cursor_ask (&self, edges[0], before);
  for (guint i = 0; i < n; i++)
    {
      guint32 n_begun = self.cursor.n_begun;
      GanderMix *last = before;

      if (!piece_cursor_go_on (&self, edges[i], edges[i + 1], before, &out[i]))
        {
          piece_cursor_ask (&self, edges[i + 1], after);
          subtract (before, after, gander_wrap_subtract (edges[i + 1], edges[i]), grain, &out[i]);
          before = after;
          after = last;
        }
      if (spans != NULL)
        spans[i] = self.cursor.n_begun - n_begun;
    }
}
