/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <math.h>
#include <string.h>

/* Groups that are none of the index are added up from their members; of more members than this only
 * every second, third, … column is asked for. */
#define MEMBERS_PER_COLUMN 256
#define MOST_COLUMNS       1024 /* of the whole trace, to find the most members at once */

static void
reserve_sums (GanderTimeline *self, gsize n)
{
  if (n > self->n_sums)
    {
      self->sums = g_renew (GanderTime, self->sums, n);
      self->n_sums = n;
    }
  memset (self->sums, 0, n * sizeof *self->sums);
}

static void
add_mixes (GanderTimeline *self, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      GanderTime parts[GANDER_N_PARTS];

      gander_column_get_parts (&self->scratch.mixes[i], parts);
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        self->sums[i * GANDER_N_PARTS + p] += parts[p];
    }
}

/* Sums of lanes in steps of @step columns, spread over them. */
static void
add_lanes (GanderTimeline *self,
           const GanderLaneId *lanes,
           GanderLaneId first,
           guint32 n_lanes,
           guint n)
{
  guint step = 1 + n_lanes / MEMBERS_PER_COLUMN;
  guint n_steps = (n + step - 1) / step;
  GanderTime *edges = self->scratch.edges;

  for (guint i = 0; i < n_steps; i++)
    edges[i] = edges[i * step];
  edges[n_steps] = edges[n];
  for (guint32 i = 0; i < n_lanes; i++)
    {
      gander_query_mixes (self->index,
                          lanes != NULL ? lanes[i] : first + i,
                          edges,
                          n_steps,
                          self->scratch.mixes,
                          NULL);
      add_mixes (self, n_steps);
    }
  for (guint i = n; i > 0 && step > 1; i--)
    for (guint p = 0; p < GANDER_N_PARTS; p++)
      self->sums[(i - 1) * GANDER_N_PARTS + p] =
          self->sums[(i - 1) / step * GANDER_N_PARTS + p] / step;
}

/* Fills sums with the times of the members of a row between the edges. */
static void
add_members (GanderTimeline *self, const GanderRow *row, guint32 number, guint n)
{
  GanderLaneId first;
  guint32 n_lanes;
  const GanderLaneId *lanes;

  if (row->section == GANDER_SECTION_PROCS || row->section == GANDER_SECTION_THREADS)
    {
      gander_index_get_lanes_of (self->index,
                                 row->section == GANDER_SECTION_PROCS ? GANDER_LANE_PROC
                                                                      : GANDER_LANE_THREAD,
                                 &first,
                                 &n_lanes);
      add_lanes (self, NULL, first, n_lanes, n);
      return;
    }
  if (row->group < GANDER_GROUP_OTHER || row->group == GANDER_GROUP_ALL)
    {
      gander_query_group_mixes (self->index,
                                row->group,
                                self->scratch.edges,
                                n,
                                self->scratch.mixes);
      add_mixes (self, n);
      return;
    }
  lanes = gander_rows_get_members (self->rows, number, &n_lanes);
  add_lanes (self, lanes, 0, n_lanes, n);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* The most members at once in the whole trace, as an average over a small part of it: the upper
 * edge of the summary. It is the same for every view, so heights can be compared after a zoom. */
static double
find_most (GanderTimeline *self, const GanderRow *row, guint32 number, gboolean with_blocked)
{
  double *known = g_hash_table_lookup (self->most, &row->key);
  GanderTime duration = gander_index_get_facts (self->index)->duration;
  double counts[MOST_COLUMNS];
  double most;

  if (known != NULL)
    return *known;
  gander_lane_scratch_reserve (&self->scratch, MOST_COLUMNS);
  reserve_sums (self, MOST_COLUMNS * GANDER_N_PARTS);
  for (guint i = 0; i <= MOST_COLUMNS; i++)
    self->scratch.edges[i] = (GanderTime)((double)duration * i / MOST_COLUMNS);
  add_members (self, row, number, MOST_COLUMNS);
  for (guint i = 0; i < MOST_COLUMNS; i++)
    {
      GanderTime sum = 0;

      for (guint p = 0; p < (with_blocked ? GANDER_N_PARTS : (guint)GANDER_PART_BLOCKED); p++)
        sum += self->sums[i * GANDER_N_PARTS + p];
      counts[i] = (double)sum * MOST_COLUMNS / (double)MAX (duration, 1);
    }
  qsort (counts, MOST_COLUMNS, sizeof *counts, compare_doubles);
  /* Of all goroutines a few crowded moments would flatten the rest. */
  most = counts[row->group == GANDER_GROUP_ALL ? MOST_COLUMNS * 995 / 1000 : MOST_COLUMNS - 1];
  g_hash_table_insert (self->most,
                       g_memdup2 (&row->key, sizeof row->key),
                       g_memdup2 (&most, sizeof most));
  return most;
}

void
gander_timeline_layout_summary (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  guint width = (guint)self->scale.width;
  gboolean with_blocked = row->kind == GANDER_ROW_GROUP;
  int height = item->bar_y1 - item->bar_y0;
  double most;
  GanderColumn *line;

  if (row->section == GANDER_SECTION_PINNED)
    return;
  most = row->section == GANDER_SECTION_PROCS ? row->n
                                              : find_most (self, row, item->row, with_blocked);
  gander_lane_scratch_reserve (&self->scratch, width);
  reserve_sums (self, (gsize)width * GANDER_N_PARTS);
  gander_scale_get_edges (&self->scale, 0, width, self->scratch.edges);
  add_members (self, row, item->row, width);

  item->summary = with_blocked ? GANDER_SUMMARY_MEMBERS : GANDER_SUMMARY_BUSY;
  item->lane.first_column = self->columns->len;
  g_array_set_size (self->columns, self->columns->len + width);
  line = &g_array_index (self->columns, GanderColumn, item->lane.first_column);
  for (guint i = 0; i < width; i++)
    {
      GanderTime *parts = self->sums + (gsize)i * GANDER_N_PARTS;
      GanderTime whole = (GanderTime)ceil (most * self->scale.per_pixel);
      GanderTime sum = 0;

      if (!with_blocked)
        parts[GANDER_PART_BLOCKED] = 0;
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        sum += parts[p];
      gander_column_stack (&line[i], parts, MAX (whole, sum), height);
    }
}
