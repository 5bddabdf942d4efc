/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/lane.h"

#include "widgets/draw/lane-memo.h"

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
  g_clear_pointer (&self->boxes, g_array_unref);
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

/* The layout of some pixels of a lane. */
typedef struct
{
  const GanderIndex *index;
  const GanderScale *scale;
  GanderLaneId lane;
  GArray *boxes;
  guint first_box; /* of those that touch the pixels */
  int height;
  int x0, x1; /* the pixels */
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
  GanderLaneBox box = {
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
  g_array_append_val (self->boxes, box);
}

static void
walk_spans (Walk *self, GanderTime begin, GanderTime end)
{
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, self->index, self->lane, begin, end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (span.state == GANDER_STATE_NONE)
        continue;
      if (is_box (self, &span))
        add_box (self, &span);
      else
        self->has_short = TRUE;
    }
}

/* A span of two pixels fills at least one column without beginning in it; only there can a box be.
 * The columns are those of the pixels and one more on either side. */
static void
find_boxes (Walk *self, const GanderLaneScratch *scratch)
{
  GanderTime done = G_MININT64;

  self->has_short = TRUE;
  for (int i = 0; i < self->x1 - self->x0 + 2; i++)
    {
      GanderSpan span;
      GanderTime begin = scratch->edges[i];
      GanderTime length = scratch->edges[i + 1] - begin;
      gboolean full = FALSE;

      for (guint s = GANDER_STATE_NONE + 1; s < GANDER_N_STATES && !full; s++)
        full = scratch->mixes[i].time[s] == length;
      if (!full || begin < done)
        continue;
      if (!gander_query_span_at (self->index, self->lane, begin, &span))
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

static gboolean
has_columns (const GanderColumn *columns, int n)
{
  for (int i = 0; i < n; i++)
    if (!is_empty (&columns[i]))
      return TRUE;
  return FALSE;
}

/* Fills the columns that hold anything else than boxes. */
static void
stack_columns (const Walk *self, const GanderLaneScratch *scratch, GanderColumn *columns)
{
  guint next = self->first_box;

  for (int i = 0; i < self->x1 - self->x0; i++)
    {
      GanderColumn *column = &columns[self->x0 + i];
      const GanderMix *mix = &scratch->mixes[i + 1];
      GanderTime begin = scratch->edges[i + 1];
      GanderTime end = scratch->edges[i + 2];
      GanderTime parts[GANDER_N_PARTS];

      if (known_time (mix) <= boxed_time (self->boxes, &next, begin, end))
        continue;
      gander_column_get_parts (mix, parts);
      gander_column_stack (column, parts, end - begin, self->height);
      column->dense = scratch->spans[i + 1] >= DENSE_FROM;
    }
}

/* Looks at the pixels [x0, x1): appends the boxes that touch them, or the next pixel, and fills
 * their columns, which are zero. Returns: whether there are columns. */
static gboolean
look (Walk *self, GanderLaneScratch *scratch, GanderColumn *columns)
{
  guint n = (guint)(self->x1 - self->x0) + 2;
  GanderTime begin = gander_scale_get_time (self->scale, self->x0 - 1);
  GanderTime end = gander_scale_get_time (self->scale, self->x1 + 1);
  gboolean many = FALSE;

  self->first_box = self->boxes->len;
  if (self->x0 >= self->x1)
    return FALSE;
  many = gander_query_find (self->index, self->lane, end) -
             gander_query_find (self->index, self->lane, begin) >
         2 * n;
  if (!many)
    walk_spans (self, begin, end);
  if (!many && !self->has_short)
    return FALSE;
  gander_lane_scratch_reserve (scratch, n);
  gander_scale_get_edges (self->scale, self->x0 - 1, n, scratch->edges);
  gander_query_mixes_about (self->index,
                            self->lane,
                            scratch->edges,
                            n,
                            self->scale->grain,
                            scratch->mixes,
                            scratch->spans);
  if (many)
    find_boxes (self, scratch);
  stack_columns (self, scratch, columns);
  return has_columns (columns + self->x0, self->x1 - self->x0);
}

/* Where the boxes are, without the pixels that columns took; those out of view go. */
static void
place_boxes (const GanderScale *scale, GArray *boxes, guint first, const GanderColumn *columns)
{
  int width = scale->width;
  guint n = first;

  for (guint i = first; i < boxes->len; i++)
    {
      GanderLaneBox box = g_array_index (boxes, GanderLaneBox, i);

      box.x0 = MAX (gander_scale_get_x (scale, box.begin), -MARGIN);
      box.x1 = MIN (gander_scale_get_x (scale, box.end), width + MARGIN);
      if (box.x1 <= 0 || box.x0 >= width)
        continue;
      while (columns != NULL && box.x0 >= 0 && box.x0 < MIN (box.x1, width) &&
             !is_empty (&columns[box.x0]))
        box.x0++;
      while (columns != NULL && box.x1 <= width && box.x1 > MAX (box.x0, 0) &&
             !is_empty (&columns[box.x1 - 1]))
        box.x1--;
      g_array_index (boxes, GanderLaneBox, n++) = box;
    }
  g_array_set_size (boxes, n);
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

/* Most goroutines are short: there is nothing to ask before their birth and after their death. */
static void
set_pixels (Walk *self, const GanderLane *life, int x0, int x1)
{
  self->x0 = CLAMP (gander_scale_get_x (self->scale, life->begin) - 1, x0, x1);
  self->x1 = CLAMP (gander_scale_get_x (self->scale, life->end) + 1, self->x0, x1);
  self->has_short = FALSE;
}

/* Takes over the boxes that touch the pixels [x0, x1) or one next to them; what is in @boxes from
 * @first on lies to the left. */
static void
join_boxes (const GanderScale *scale,
            int x0,
            int x1,
            const GanderLaneBox *others,
            guint n,
            GArray *boxes,
            guint first)
{
  GanderTime begin = gander_scale_get_time (scale, x0 - 1);
  GanderTime end = gander_scale_get_time (scale, x1 + 1);

  for (guint i = 0; i < n; i++)
    if (others[i].end > begin && others[i].begin < end &&
        (boxes->len == first ||
         others[i].ordinal > g_array_index (boxes, GanderLaneBox, boxes->len - 1).ordinal))
      g_array_append_val (boxes, others[i]);
}

/* Returns: whether there are any of the columns from number @first on. */
static gboolean
copy_columns (const GanderLanePixels *known, gint64 first, int n, GanderColumn *out)
{
  if (known->columns == NULL)
    {
      memset (out, 0, (gsize)n * sizeof *out);
      return FALSE;
    }
  memcpy (out, known->columns + (first - known->first), (gsize)n * sizeof *out);
  return has_columns (out, n);
}

/* All pixels, left to right: new ones, those that @known has, new ones. Returns: whether there are
 * columns. */
static gboolean
look_at_all (Walk *walk,
             const GanderLanePixels *known,
             GanderLaneScratch *scratch,
             GArray *boxes,
             GanderColumn *line)
{
  int width = walk->scale->width;
  GanderLane life;
  guint first = boxes->len;
  gboolean any = FALSE;
  int x[4] = { 0, width, width, width };

  gander_index_get_lane (walk->index, walk->lane, &life);
  if (known != NULL)
    {
      x[1] = (int)CLAMP (known->first - walk->scale->first, 0, width);
      x[2] = (int)CLAMP (known->first - walk->scale->first + known->n, x[1], width);
    }
  for (guint part = 0; part < 3; part++)
    {
      if (x[part] == x[part + 1])
        continue;
      g_array_set_size (walk->boxes, 0);
      if (part == 1)
        {
          any |= copy_columns (known, walk->scale->first + x[1], x[2] - x[1], line + x[1]);
          join_boxes (walk->scale, x[1], x[2], known->boxes, known->n_boxes, boxes, first);
          continue;
        }
      memset (line + x[part], 0, (gsize)(x[part + 1] - x[part]) * sizeof *line);
      set_pixels (walk, &life, x[part], x[part + 1]);
      any |= look (walk, scratch, line);
      join_boxes (walk->scale,
                  x[part],
                  x[part + 1],
                  (const GanderLaneBox *)walk->boxes->data,
                  walk->boxes->len,
                  boxes,
                  first);
    }
  return any;
}

void
gander_lane_layout (const GanderIndex *index,
                    GanderLaneId lane,
                    const GanderScale *scale,
                    int height,
                    int thin_below,
                    GanderLaneScratch *scratch,
                    GanderLaneMemo *memo,
                    GArray *boxes,
                    GArray *columns,
                    GanderLaneItems *out)
{
  Walk walk = { .index = index, .scale = scale, .lane = lane, .height = height };
  GanderLanePixels known;
  gboolean knows = memo != NULL && gander_lane_memo_get (memo, lane, height, &known);
  guint n = columns->len;
  GanderColumn *line = NULL;

  if (scratch->boxes == NULL)
    scratch->boxes = g_array_new (FALSE, FALSE, sizeof (GanderLaneBox));
  walk.boxes = scratch->boxes;
  *out = (GanderLaneItems){ .first_box = boxes->len, .first_column = -1 };
  g_array_set_size (columns, n + (guint)scale->width);
  line = &g_array_index (columns, GanderColumn, n);

  if (look_at_all (&walk, knows ? &known : NULL, scratch, boxes, line))
    out->first_column = n;
  if (memo != NULL)
    gander_lane_memo_set (memo,
                          lane,
                          &(GanderLanePixels){
                              .first = scale->first,
                              .n = scale->width,
                              .height = height,
                              .columns = out->first_column >= 0 ? line : NULL,
                              .boxes = &g_array_index (boxes, GanderLaneBox, out->first_box),
                              .n_boxes = boxes->len - out->first_box,
                          });
  place_boxes (scale, boxes, out->first_box, out->first_column >= 0 ? line : NULL);
  if (mark_thin (boxes, out->first_box, thin_below))
    {
      out->first_column = n;
      paint_thin (boxes, out->first_box, height, scale->width, line);
    }
  if (out->first_column < 0)
    g_array_set_size (columns, n);
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
