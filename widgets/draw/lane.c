/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/lane.h"

#include <math.h>
#include <string.h>

#define BOX_PX     2  /* spans at least this long are boxes */
#define DENSE_FROM 9  /* spans in one column */
#define MARGIN     64 /* px that a box may stick out of the view */

void
gander_lane_scratch_clear (GanderLaneScratch *self)
{
  g_free (self->edges);
  g_free (self->mixes);
  g_free (self->spans);
  *self = (GanderLaneScratch){ 0 };
}

void
gander_lane_scratch_reserve (GanderLaneScratch *self, guint n)
{
  if (n <= self->capacity)
    return;
  self->edges = g_renew (GanderTime, self->edges, n + 1);
  self->mixes = g_renew (GanderMix, self->mixes, n);
  self->spans = g_renew (guint32, self->spans, n);
  self->capacity = n;
}

typedef struct
{
  const GanderIndex *index;
  const GanderScale *scale;
  GArray *boxes;
  int x0, x1; /* columns in which the lane lives */
  gboolean has_short;
} Walk;

static gboolean
is_box (const Walk *self, const GanderSpan *span)
{
  return (double)(span->end - span->begin) >= BOX_PX * self->scale->per_pixel;
}

static void
add_box (Walk *self, const GanderSpan *span)
{
  int width = self->scale->width;
  GanderLaneBox box = {
    .x0 = MAX (gander_scale_get_x (self->scale, span->begin), -MARGIN),
    .x1 = MIN (gander_scale_get_x (self->scale, span->end), width + MARGIN),
    .begin = span->begin,
    .end = span->end,
    .ordinal = span->ordinal,
    .link = span->link,
    .reason = span->reason,
    .state = (guint8)span->state,
    .flags = (guint8)span->flags,
  };

  if (span->state == GANDER_STATE_BLOCKED)
    box.wait = (guint8)gander_index_get_wait (self->index, span->reason);
  if (box.x1 > 0 && box.x0 < width)
    g_array_append_val (self->boxes, box);
}

static void
add_span (Walk *self, const GanderSpan *span)
{
  if (span->state == GANDER_STATE_NONE)
    return;
  if (is_box (self, span))
    add_box (self, span);
  else
    self->has_short = TRUE;
}

static void
walk_spans (Walk *self, GanderLaneId lane)
{
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, self->index, lane, self->scale->begin, self->scale->end);
  while (gander_span_iter_next (&iter, &span))
    add_span (self, &span);
}

/* A span of two pixels fills at least one column without beginning in it; only there can a box be.
 */
static void
find_boxes (Walk *self, GanderLaneId lane, const GanderLaneScratch *scratch)
{
  GanderTime done = G_MININT64;

  self->has_short = TRUE;
  for (int i = 0; i < self->x1 - self->x0; i++)
    {
      GanderSpan span;
      GanderTime begin = scratch->edges[i];
      GanderTime length = scratch->edges[i + 1] - begin;
      gboolean full = FALSE;

      for (guint s = GANDER_STATE_NONE + 1; s < GANDER_N_STATES && !full; s++)
        full = scratch->mixes[i].time[s] == length;
      if (!full || begin < done)
        continue;
      if (!gander_query_span_at (self->index, lane, begin, &span))
        continue;
      done = span.end;
      if (is_box (self, &span))
        add_box (self, &span);
    }
}

static GanderTime
known_time (const GanderMix *mix)
{
  GanderTime sum = 0;

  for (guint s = GANDER_STATE_NONE + 1; s < GANDER_N_STATES; s++)
    sum += mix->time[s];
  return sum;
}

/* The time in [begin, end) that boxes cover; @next moves on with the columns. */
static GanderTime
boxed_time (const GArray *boxes, guint *next, GanderTime begin, GanderTime end)
{
  GanderTime sum = 0;

  while (*next < boxes->len && g_array_index (boxes, GanderLaneBox, *next).end <= begin)
    (*next)++;
  for (guint i = *next; i < boxes->len; i++)
    {
      const GanderLaneBox *box = &g_array_index (boxes, GanderLaneBox, i);

      if (box->begin >= end)
        break;
      sum += MIN (box->end, end) - MAX (box->begin, begin);
    }
  return sum;
}

static gboolean
is_empty (const GanderColumn *column)
{
  static const GanderColumn empty;

  return memcmp (column, &empty, sizeof empty) == 0;
}

/* Fills the columns that hold anything else than boxes, and takes these pixels from the boxes. */
static void
stack_columns (const Walk *self,
               const GanderLaneScratch *scratch,
               guint first_box,
               int height,
               GanderColumn *columns)
{
  guint next = first_box;
  int width = self->scale->width;

  for (int i = 0; i < self->x1 - self->x0; i++)
    {
      GanderColumn *column = &columns[self->x0 + i];
      GanderTime begin = scratch->edges[i];
      GanderTime end = scratch->edges[i + 1];
      GanderTime parts[GANDER_N_PARTS];

      if (known_time (&scratch->mixes[i]) <= boxed_time (self->boxes, &next, begin, end))
        continue;
      gander_column_get_parts (&scratch->mixes[i], parts);
      gander_column_stack (column, parts, end - begin, height);
      column->dense = scratch->spans[i] >= DENSE_FROM;
    }

  for (guint i = first_box; i < self->boxes->len; i++)
    {
      GanderLaneBox *box = &g_array_index (self->boxes, GanderLaneBox, i);

      while (box->x0 >= 0 && box->x0 < MIN (box->x1, width) && !is_empty (&columns[box->x0]))
        box->x0++;
      while (box->x1 <= width && box->x1 > MAX (box->x0, 0) && !is_empty (&columns[box->x1 - 1]))
        box->x1--;
    }
}

/* Boxes too narrow for an edge become solid columns. */
static void
paint_thin (GArray *boxes, guint first, int height, int width, GanderColumn *columns)
{
  for (guint i = first; i < boxes->len; i++)
    {
      const GanderLaneBox *box = &g_array_index (boxes, GanderLaneBox, i);
      GanderPart part = gander_part_of_state (box->state);

      if (!box->thin || part == GANDER_N_PARTS)
        continue;
      for (int x = MAX (box->x0, 0); x < MIN (box->x1, width); x++)
        columns[x].height[part] = (guint8)MIN (height, 255);
    }
}

/* Most goroutines are short: there is nothing to ask before their birth and after their death. */
static void
find_life (Walk *self, GanderLaneId lane)
{
  GanderLane life;

  gander_index_get_lane (self->index, lane, &life);
  self->x0 = CLAMP (gander_scale_get_x (self->scale, life.begin) - 1, 0, self->scale->width);
  self->x1 = CLAMP (gander_scale_get_x (self->scale, life.end) + 1, self->x0, self->scale->width);
}

/* Returns: TRUE if a box of this lane is too narrow for edges. */
static gboolean
mark_thin (GArray *boxes, guint first, int thin_below)
{
  gboolean any = FALSE;

  for (guint i = first; i < boxes->len; i++)
    {
      GanderLaneBox *box = &g_array_index (boxes, GanderLaneBox, i);

      box->thin = box->x1 - box->x0 < thin_below;
      any |= box->thin;
    }
  return any;
}

static GanderColumn *
append_columns (GArray *columns, guint n, GanderLaneItems *out)
{
  GanderColumn *line;

  out->first_column = columns->len;
  g_array_set_size (columns, columns->len + n);
  line = &g_array_index (columns, GanderColumn, out->first_column);
  memset (line, 0, n * sizeof *line);
  return line;
}

void
gander_lane_layout (const GanderIndex *index,
                    GanderLaneId lane,
                    const GanderScale *scale,
                    int height,
                    int thin_below,
                    GanderLaneScratch *scratch,
                    GArray *boxes,
                    GArray *columns,
                    GanderLaneItems *out)
{
  Walk walk = { .index = index, .scale = scale, .boxes = boxes };
  guint width = (guint)scale->width;
  guint32 last = gander_query_find (index, lane, scale->end);
  gboolean many = last - gander_query_find (index, lane, scale->begin) > 2 * width;
  GanderColumn *line = NULL;

  *out = (GanderLaneItems){ .first_box = boxes->len, .first_column = -1 };
  if (!many)
    walk_spans (&walk, lane);
  if (many || walk.has_short)
    {
      guint n;

      find_life (&walk, lane);
      n = (guint)(walk.x1 - walk.x0);
      gander_lane_scratch_reserve (scratch, n);
      gander_scale_get_edges (scale, walk.x0, n, scratch->edges);
      gander_query_mixes (index, lane, scratch->edges, n, scratch->mixes, scratch->spans);
    }
  if (many)
    find_boxes (&walk, lane, scratch);
  if (walk.has_short)
    {
      line = append_columns (columns, width, out);
      stack_columns (&walk, scratch, out->first_box, height, line);
    }
  if (mark_thin (boxes, out->first_box, thin_below))
    {
      if (line == NULL)
        line = append_columns (columns, width, out);
      paint_thin (boxes, out->first_box, height, scale->width, line);
    }
  out->n_boxes = boxes->len - out->first_box;
}

const GanderLaneBox *
gander_lane_hit (const GanderLaneBox *boxes, guint n, int x, int slack)
{
  const GanderLaneBox *best = NULL;
  guint low = 0;
  guint high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (boxes[middle].x1 <= x - slack)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < n && boxes[low].x0 <= x + slack; low++)
    {
      if (boxes[low].x0 <= x && x < boxes[low].x1)
        return &boxes[low];
      if (best == NULL || boxes[low].end - boxes[low].begin > best->end - best->begin)
        best = &boxes[low];
    }
  return best;
}
