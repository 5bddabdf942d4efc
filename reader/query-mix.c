/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long each state lasted within ranges of time, of a lane or a group. */
#include "reader/query.h"

#include "reader/index-data.h"

#include <string.h>

/* So many edges have their blocks found before the first of them is looked into, so that the bytes
 * are on their way from memory. */
#define AHEAD      16
#define CACHE_LINE 64
#define BLOCK_SIZE 320 /* of times and kinds, usually */

#define MEMBER_RANGES 32 /* of a member of a group, asked for at a time */

/* Running totals of one lane, asked at ascending times: keeps the block and the place in it. */
typedef struct
{
  const GanderBlocks *blocks;
  const GanderLaneRow *lane;
  GanderTime grain;   /* blocks up to this length need not be looked into */
  const gint64 *rows; /* of summaries, one for each block and one behind; NULL = a single block */
  guint32 n_blocks;
  guint stride;
  guint n_states; /* that rows have columns of */
  guint8 states[GANDER_N_STATES];
  guint32 checked[2];   /* rows [0] … [1] - 1 lie in a page that was seen to */
  guint32 found;        /* block last found */
  guint32 step;         /* to it from the one before: the next may be as far */
  GanderTime found_end; /* begin of the block after it */
  guint32 block;        /* in @view */
  guint i;              /* spans of the block that are in @sum */
  GanderMix sum;        /* up to the begin of span @i */
  guint32 n_begun;      /* spans, at the time last asked */
  GanderState state;    /* at that time … */
  GanderTime until;     /* … and up to this one */
  GanderBlockView view;
} Cursor;

static void
cursor_init (Cursor *self, const GanderBlocks *blocks, const GanderLaneRow *lane, GanderTime grain)
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
  self->until = G_MININT64;
}

/* Returns: row @block of summaries, after a look at its page. */
static const gint64 *
cursor_check_row (Cursor *self, guint32 block)
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
cursor_get_row (Cursor *self, guint32 block)
{
  if (block < self->checked[0] || block >= self->checked[1])
    return cursor_check_row (self, block);
  return self->rows + block * (gsize)self->stride;
}

static inline gboolean
cursor_begins_by (Cursor *self, guint32 block, GanderTime time)
{
  return *cursor_get_row (self, block) <= time;
}

/* Returns: the last block that begins at or before @time, or 0. Neighbouring questions have
 * neighbouring answers: looks where the next one should be and in growing steps from there. */
static guint32
cursor_find (Cursor *self, GanderTime time)
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
cursor_takes_evenly (const Cursor *self, const gint64 *row, const gint64 *next)
{
  return row[0] >= 0 && next[0] > row[0] && next[0] - row[0] <= self->grain;
}

/* Finds the blocks of @n times and asks memory for those that will be looked into. */
static void
cursor_look_ahead (Cursor *self, const GanderTime *times, guint n, guint32 *blocks)
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

static inline void
add_to (GanderMix *mix, GanderState state, gint64 time)
{
  mix->time[state] = gander_wrap_add (mix->time[state], time);
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
cursor_ask_evenly (Cursor *self, guint32 block, GanderTime time, GanderMix *out)
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
  self->n_begun = block * GANDER_BLOCK_SPANS + (guint32)(GANDER_BLOCK_SPANS * share);
  self->until = time;
  return TRUE;
}

static void
cursor_load (Cursor *self, guint32 block)
{
  const gint64 *row = NULL;

  self->block = block;
  self->i = 0;
  memset (&self->sum, 0, sizeof self->sum);
  gander_blocks_view_states (self->blocks, self->lane, block, &self->view);
  if (self->rows == NULL)
    return;
  row = cursor_get_row (self, block);
  for (guint i = 0; i < self->n_states; i++)
    self->sum.time[self->states[i]] = row[i + 2];
}

/* The state of the span that the cursor is at. */
static inline GanderState
cursor_state (const Cursor *self)
{
  return gander_blocks_get_kind (self->blocks, self->view.kind[self->i])->state;
}

/* The time in each state before @time, which is in @block. */
static void
cursor_ask (Cursor *self, guint32 block, GanderTime time, GanderMix *out)
{
  const GanderBlockView *view = &self->view;

  if (cursor_ask_evenly (self, block, time, out))
    return;
  if (block != self->block)
    cursor_load (self, block);
  for (; self->i < view->n && view->end[self->i] <= time; self->i++)
    add_to (&self->sum, cursor_state (self), view->end[self->i] - view->begin[self->i]);
  *out = self->sum;
  self->n_begun = block * GANDER_BLOCK_SPANS + self->i;
  self->state = GANDER_STATE_NONE;
  if (self->i < view->n && view->begin[self->i] < time)
    {
      self->state = cursor_state (self);
      self->until = view->end[self->i];
      self->n_begun++;
      add_to (out, self->state, time - view->begin[self->i]);
    }
  else if (self->i < view->n)
    self->until = view->begin[self->i];
  else
    self->until =
        block + 1 < self->n_blocks ? *cursor_get_row (self, block + 1) : (GanderTime)G_MAXINT64;
}

/* @out = @after - @before, and NONE what is missing to @length. */
static void
subtract (const GanderMix *before, const GanderMix *after, GanderTime length, GanderMix *out)
{
  GanderTime known = 0;

  for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
    {
      out->time[state] = gander_wrap_subtract (after->time[state], before->time[state]);
      known = gander_wrap_add (known, out->time[state]);
    }
  out->time[GANDER_STATE_NONE] = gander_wrap_subtract (length, known);
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
  add_to (mix, longest, mix->time[GANDER_STATE_NONE]);
  mix->time[GANDER_STATE_NONE] = 0;
}

void
gander_query_mix (const GanderIndex *index,
                  GanderLaneId lane,
                  GanderTime begin,
                  GanderTime end,
                  GanderMix *out)
{
  GanderTime edges[2] = { begin, MAX (begin, end) };

  gander_query_mixes (index, lane, edges, 1, out, NULL);
}

/* What is in @n adjacent ranges. */
static void
cursor_ask_ranges (Cursor *self, const GanderTime *edges, guint n, GanderMix *out, guint32 *spans)
{
  GanderMix totals[2];
  GanderMix *before = &totals[0];
  GanderMix *after = &totals[1];
  guint32 blocks[AHEAD];
  guint32 n_begun = 0;

  cursor_ask (self, cursor_find (self, edges[0]), edges[0], before);
  for (guint i = 0; i < n; i++)
    {
      GanderTime length = gander_wrap_subtract (edges[i + 1], edges[i]);

      if (i % AHEAD == 0)
        cursor_look_ahead (self, edges + i + 1, MIN (AHEAD, n - i), blocks);
      n_begun = self->n_begun;
      if (edges[i + 1] <= self->until)
        {
          memset (&out[i], 0, sizeof out[i]);
          out[i].time[self->state] = length;
          add_to (before, self->state, length);
        }
      else
        {
          GanderMix *last = before;
          cursor_ask (self, blocks[i % AHEAD], edges[i + 1], after);
          subtract (before, after, length, &out[i]);
          before = after;
          after = last;
          if (self->grain > 0)
            trim (&out[i]);
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
  Cursor cursor;
} PieceCursor;

/* The time in each state before @time. */
static void
piece_cursor_ask (PieceCursor *self, GanderTime time, GanderMix *out)
{
  Cursor *cursor = &self->cursor;

  if (time >= self->piece.end)
    {
      gander_blocks_find_piece (cursor->blocks, self->lane, time, &self->piece);
      cursor_init (cursor, cursor->blocks, &self->piece.lane, cursor->grain);
    }
  cursor_ask (cursor, cursor_find (cursor, time), time, out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    add_to (out, state, self->piece.before.time[state]);
  cursor->n_begun += self->piece.ordinal;
}

static void
ask_pieces (const GanderBlocks *blocks,
            const GanderLaneRow *lane,
            const GanderTime *edges,
            guint n,
            GanderTime grain,
            GanderMix *out,
            guint32 *spans)
{
  PieceCursor self;
  GanderMix totals[2];

  self.lane = lane;
  self.piece.end = G_MININT64;
  self.cursor.blocks = blocks;
  self.cursor.grain = grain;
  piece_cursor_ask (&self, edges[0], &totals[0]);
  for (guint i = 0; i < n; i++)
    {
      guint32 n_begun = self.cursor.n_begun;
      piece_cursor_ask (&self, edges[i + 1], &totals[(i + 1) & 1]);
      subtract (&totals[i & 1],
                &totals[(i + 1) & 1],
                gander_wrap_subtract (edges[i + 1], edges[i]),
                &out[i]);
      if (grain > 0)
        trim (&out[i]);
      if (spans != NULL)
        spans[i] = self.cursor.n_begun - n_begun;
    }
}

static void
ask_lane (const GanderIndex *index,
          GanderLaneId lane,
          const GanderTime *edges,
          guint n,
          GanderTime grain,
          GanderMix *out,
          guint32 *spans)
{
  const GanderLaneRow *row = gander_index_lane (index, lane);
  Cursor cursor;

  if (gander_lane_row_has_pieces (row))
    {
      ask_pieces (&index->blocks, row, edges, n, grain, out, spans);
      return;
    }
  cursor_init (&cursor, &index->blocks, row, grain);
  cursor_ask_ranges (&cursor, edges, n, out, spans);
}

void
gander_query_mixes (const GanderIndex *index,
                    GanderLaneId lane,
                    const GanderTime *edges,
                    guint n,
                    GanderMix *out,
                    guint32 *spans)
{
  g_return_if_fail (lane < index->blocks.n_lanes);
  ask_lane (index, lane, edges, n, 0, out, spans);
}

void
gander_query_mixes_about (const GanderIndex *index,
                          GanderLaneId lane,
                          const GanderTime *edges,
                          guint n,
                          GanderTime grain,
                          GanderMix *out,
                          guint32 *spans)
{
  g_return_if_fail (lane < index->blocks.n_lanes);
  ask_lane (index, lane, edges, n, grain, out, spans);
}

static const GanderGridRow *
find_grid (const GanderIndex *index, guint32 group)
{
  const GanderGridRow *grids = gander_index_rows (index, GRIDS, GanderGridRow);
  guint64 n_cells = gander_index_n (index, GRID_CELLS);

  for (guint64 i = 0; i < gander_index_n (index, GRIDS); i++)
    {
      guint64 columns = (guint64)__builtin_popcount (grids[i].states);
      if (grids[i].group == group && grids[i].width > 0 && grids[i].n_cells > 0 &&
          grids[i].first <= n_cells &&
          ((guint64)grids[i].n_cells + 1) * columns <= n_cells - grids[i].first)
        return &grids[i];
    }
  return NULL;
}

static void
ask_grid (const GanderGridRow *grid,
          const gint64 *cells,
          GanderTime duration,
          GanderTime time,
          GanderMix *out)
{
  guint columns = (guint)__builtin_popcount (grid->states);
  guint64 cell = time <= 0 ? 0 : (guint64)(time / grid->width);
  GanderTime offset = time <= 0 ? 0 : time % grid->width;
  GanderTime width = grid->width;
  const gint64 *row = NULL;

  memset (out, 0, sizeof *out);
  /* The window may end within a cell: what lies in it lies before that end. */
  if (time - offset < duration && duration - (time - offset) < width)
    width = duration - (time - offset);
  offset = MIN (offset, width);
  if (cell >= grid->n_cells)
    {
      cell = grid->n_cells;
      offset = 0;
    }
  row = cells + grid->first + cell * columns;
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((grid->states & (1u << state)) != 0)
      {
        out->time[state] = *row;
        if (offset > 0)
          add_to (out, state, (gint64)(((__int128)row[columns] - *row) * offset / width));
        row++;
      }
}

static void
add_mixes (const GanderIndex *index,
           GanderLaneId lane,
           const GanderTime *edges,
           guint n,
           GanderTime grain,
           GanderMix *out)
{
  const GanderLaneRow *row = gander_index_lane (index, lane);
  GanderMix mixes[MEMBER_RANGES];
  Cursor cursor;
  guint i = 0;

  /* Only the ranges that the lane's life touches. */
  while (i < n && edges[i + 1] <= row->begin)
    i++;
  if (i == n || edges[i] >= row->end)
    return;
  cursor_init (&cursor, &index->blocks, row, grain);
  while (i < n && edges[i] < row->end)
    {
      guint first = i;
      while (i < n && i - first < MEMBER_RANGES && edges[i] < row->end)
        i++;
      cursor_ask_ranges (&cursor, edges + first, i - first, mixes, NULL);
      for (guint r = first; r < i; r++)
        for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
          add_to (&out[r], state, mixes[r - first].time[state]);
    }
}

static void
ask_group (const GanderIndex *index,
           guint32 group,
           const GanderTime *edges,
           guint n,
           GanderTime grain,
           GanderMix *out)
{
  const GanderGridRow *grid = find_grid (index, group);
  const gint64 *cells = gander_index_rows (index, GRID_CELLS, gint64);
  GanderMix mixes[2];
  const GanderLaneId *lanes = NULL;
  guint32 n_lanes = index->first_lane[GANDER_LANE_PROC];

  if (group != G_MAXUINT32)
    lanes = gander_index_get_group_lanes (index, group, &n_lanes);
  memset (out, 0, n * sizeof *out);
  if (grid != NULL)
    {
      ask_grid (grid, cells, index->facts.duration, edges[0], &mixes[0]);
      for (guint i = 0; i < n; i++)
        {
          ask_grid (grid, cells, index->facts.duration, edges[i + 1], &mixes[(i + 1) & 1]);
          for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
            out[i].time[state] =
                gander_wrap_subtract (mixes[(i + 1) & 1].time[state], mixes[i & 1].time[state]);
        }
    }
  else
    for (guint32 i = 0; i < n_lanes; i++)
      {
        GanderLaneId lane = gander_index_clamp_lane (index, lanes == NULL ? i : lanes[i]);
        if (lane != GANDER_LANE_NONE)
          add_mixes (index, lane, edges, n, grain, out);
      }
  for (guint i = 0; i < n; i++)
    {
      out[i].time[GANDER_STATE_NONE] =
          (gint64)((guint64)gander_wrap_subtract (edges[i + 1], edges[i]) * n_lanes);
      for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
        out[i].time[GANDER_STATE_NONE] =
            gander_wrap_subtract (out[i].time[GANDER_STATE_NONE], out[i].time[state]);
    }
}

void
gander_query_group_mixes (const GanderIndex *index,
                          guint32 group,
                          const GanderTime *edges,
                          guint n,
                          GanderMix *out)
{
  g_return_if_fail (group == G_MAXUINT32 || group < gander_index_n (index, GROUPS));
  ask_group (index, group, edges, n, 0, out);
}

void
gander_query_group_mixes_about (const GanderIndex *index,
                                guint32 group,
                                const GanderTime *edges,
                                guint n,
                                GanderTime grain,
                                GanderMix *out)
{
  g_return_if_fail (group == G_MAXUINT32 || group < gander_index_n (index, GROUPS));
  ask_group (index, group, edges, n, grain, out);
}
