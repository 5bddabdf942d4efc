/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long each state lasted within ranges of time, of a lane or a group. */
#include "reader/query.h"

#include "reader/index-data.h"
#include "reader/mix-cursor.h"

#include <string.h>

#define MEMBER_RANGES 32 /* of a member of a group, asked for at a time */

#define MAX_ASKED_MEMBERS 64 /* of a group that has a grid */

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

void
gander_query_mixes (const GanderIndex *index,
                    GanderLaneId lane,
                    const GanderTime *edges,
                    guint n,
                    GanderMix *out,
                    guint32 *spans)
{
  gander_query_mixes_about (index, lane, edges, n, 0, out, spans);
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
  const GanderLaneRow *row = NULL;
  GanderMixCursor cursor;

  g_return_if_fail (lane < index->blocks.n_lanes);

  row = gander_index_lane (index, lane);
  if (gander_lane_row_has_pieces (row))
    {
      gander_mix_ask_pieces (&index->blocks, row, edges, n, grain, out, spans);
      return;
    }
  gander_mix_cursor_init (&cursor, &index->blocks, row, grain);
  gander_mix_cursor_ask (&cursor, edges, n, out, spans);
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
          gander_mix_add (out, state, (gint64)(((__int128)row[columns] - *row) * offset / width));
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
  GanderMixCursor cursor;
  guint i = 0;

  /* Only the ranges that the lane's life touches. */
  while (i < n && edges[i + 1] <= row->begin)
    i++;
  if (i == n || edges[i] >= row->end)
    return;
  gander_mix_cursor_init (&cursor, &index->blocks, row, grain);
  while (i < n && edges[i] < row->end)
    {
      guint first = i;
      while (i < n && i - first < MEMBER_RANGES && edges[i] < row->end)
        i++;
      gander_mix_cursor_ask (&cursor, edges + first, i - first, mixes, NULL);
      for (guint r = first; r < i; r++)
        for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
          gander_mix_add (&out[r], state, mixes[r - first].time[state]);
    }
}

/* Edge by edge: each is the end of one range and the begin of the next. */
static void
ask_cells (const GanderIndex *index,
           const GanderGridRow *grid,
           const GanderTime *edges,
           guint n,
           GanderMix *out)
{
  const gint64 *cells = gander_index_rows (index, GRID_CELLS, gint64);
  GanderMix mixes[2];

  ask_grid (grid, cells, index->facts.duration, edges[0], &mixes[0]);
  for (guint i = 0; i < n; i++)
    {
      ask_grid (grid, cells, index->facts.duration, edges[i + 1], &mixes[(i + 1) & 1]);
      for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
        out[i].time[state] =
            gander_wrap_subtract (mixes[(i + 1) & 1].time[state], mixes[i & 1].time[state]);
    }
}

/* Whether the cells of the grid are wider than ranges, and the members few enough to be asked. */
static gboolean
is_too_coarse (const GanderGridRow *grid, guint32 n_lanes, const GanderTime *edges, guint n)
{
  return n_lanes <= MAX_ASKED_MEMBERS &&
         gander_wrap_subtract (edges[n], edges[0]) / n < grid->width;
}

void
gander_query_group_mixes (const GanderIndex *index,
                          guint32 group,
                          const GanderTime *edges,
                          guint n,
                          GanderMix *out)
{
  gander_query_group_mixes_about (index, group, edges, n, 0, out);
}

void
gander_query_group_mixes_about (const GanderIndex *index,
                                guint32 group,
                                const GanderTime *edges,
                                guint n,
                                GanderTime grain,
                                GanderMix *out)
{
  const GanderGridRow *grid = NULL;
  const GanderLaneId *lanes = NULL;
  guint32 n_lanes = index->first_lane[GANDER_LANE_PROC];

  g_return_if_fail (group == G_MAXUINT32 || group < gander_index_n (index, GROUPS));

  if (n == 0)
    return;
  grid = find_grid (index, group);
  if (group != G_MAXUINT32)
    lanes = gander_index_get_group_lanes (index, group, &n_lanes);
  memset (out, 0, n * sizeof *out);
  if (grid != NULL && !is_too_coarse (grid, n_lanes, edges, n))
    ask_cells (index, grid, edges, n, out);
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
