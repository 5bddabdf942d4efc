/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long each state lasted within ranges of time, of a lane or a group. */
#include "reader/query.h"

#include "reader/index-data.h"

#include <string.h>

/* Running totals of one lane, asked at ascending times: keeps the block and the place in it. */
typedef struct
{
  const GanderBlocks *blocks;
  const GanderLaneRow *lane;
  GanderTime grain; /* blocks up to this length need not be looked into */
  guint32 hint;     /* block last found */
  GanderBlockView view;
  guint32 block;   /* in @view */
  guint i;         /* spans of the block that are in @sum */
  GanderMix sum;   /* up to the begin of span @i */
  guint32 n_begun; /* of the block, at the time last asked */
} Cursor;

static void
cursor_load (Cursor *self, guint32 block)
{
  self->block = block;
  self->i = 0;
  gander_blocks_view_states (self->blocks, self->lane, block, &self->view);
  gander_blocks_get_before (self->blocks, self->lane, block, &self->sum);
}

static void
cursor_init (Cursor *self, const GanderBlocks *blocks, const GanderLaneRow *lane, GanderTime grain)
{
  self->blocks = blocks;
  self->lane = lane;
  self->grain = grain;
  self->hint = 0;
  self->block = G_MAXUINT32;
  self->n_begun = 0;
}

/* The state of the span that the cursor is at. */
static GanderState
cursor_state (const Cursor *self)
{
  return gander_blocks_get_kind (self->blocks, self->view.kind[self->i])->state;
}

static void
add_to (GanderMix *mix, GanderState state, gint64 time)
{
  mix->time[state] = gander_wrap_add (mix->time[state], time);
}

/* The same from the totals before and after @block, if that is short enough. */
static gboolean
cursor_ask_evenly (Cursor *self, guint32 block, GanderTime time, GanderMix *out)
{
  GanderTime begin, end;
  GanderMix after;

  if (self->grain <= 0 || block + 1 >= gander_blocks_get_n (self->blocks, self->lane))
    return FALSE;
  begin = gander_blocks_get_begin (self->blocks, self->lane, block);
  end = gander_blocks_get_begin (self->blocks, self->lane, block + 1);
  if (begin < 0 || time < begin || time >= end || end - begin > self->grain)
    return FALSE;
  gander_blocks_get_before (self->blocks, self->lane, block, out);
  gander_blocks_get_before (self->blocks, self->lane, block + 1, &after);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if (after.time[state] != out->time[state])
      add_to (out,
              state,
              (gint64)(((__int128)after.time[state] - out->time[state]) * (time - begin) /
                       (end - begin)));
  self->n_begun = block * GANDER_BLOCK_SPANS +
                  (guint32)((__int128)GANDER_BLOCK_SPANS * (time - begin) / (end - begin));
  return TRUE;
}

/* The time in each state before @time. */
static void
cursor_ask (Cursor *self, GanderTime time, GanderMix *out)
{
  guint32 block = gander_blocks_find (self->blocks, self->lane, time, self->hint);
  const GanderBlockView *view = &self->view;

  self->hint = block;
  if (cursor_ask_evenly (self, block, time, out))
    return;
  if (block != self->block)
    cursor_load (self, block);
  for (; self->i < view->n && view->end[self->i] <= time; self->i++)
    add_to (&self->sum, cursor_state (self), view->end[self->i] - view->begin[self->i]);
  *out = self->sum;
  self->n_begun = self->block * GANDER_BLOCK_SPANS + self->i;
  if (self->i < view->n && view->begin[self->i] < time)
    {
      add_to (out, cursor_state (self), time - view->begin[self->i]);
      self->n_begun++;
    }
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

static void
ask_lane (const GanderIndex *index,
          GanderLaneId lane,
          const GanderTime *edges,
          guint n,
          GanderTime grain,
          GanderMix *out,
          guint32 *spans)
{
  Cursor cursor;
  GanderMix mixes[2];
  guint32 n_begun = 0;

  cursor_init (&cursor, &index->blocks, gander_index_lane (index, lane), grain);
  cursor_ask (&cursor, edges[0], &mixes[0]);
  for (guint i = 0; i < n; i++)
    {
      n_begun = cursor.n_begun;
      cursor_ask (&cursor, edges[i + 1], &mixes[(i + 1) & 1]);
      subtract (&mixes[i & 1], &mixes[(i + 1) & 1], edges[i + 1] - edges[i], &out[i]);
      if (grain > 0)
        trim (&out[i]);
      if (spans != NULL)
        spans[i] = cursor.n_begun - n_begun;
    }
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
  Cursor cursor;
  GanderMix mixes[2];
  guint first = 0;

  /* Only the ranges that the lane's life touches. */
  while (first < n && edges[first + 1] <= row->begin)
    first++;
  if (first == n || edges[first] >= row->end)
    return;
  cursor_init (&cursor, &index->blocks, row, grain);
  cursor_ask (&cursor, edges[first], &mixes[first & 1]);
  for (guint i = first; i < n && edges[i] < row->end; i++)
    {
      cursor_ask (&cursor, edges[i + 1], &mixes[(i + 1) & 1]);
      for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
        add_to (&out[i],
                state,
                gander_wrap_subtract (mixes[(i + 1) & 1].time[state], mixes[i & 1].time[state]));
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
      out[i].time[GANDER_STATE_NONE] = (gint64)((guint64)(edges[i + 1] - edges[i]) * n_lanes);
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
