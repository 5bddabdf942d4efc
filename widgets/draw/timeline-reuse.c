/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pixels of an earlier picture are still right after a pan. Nothing is assumed about why
 * things are where they are: what both layouts have at the same place of the trace is as it was,
 * and all around what only one of them has is painted anew. */
#include "widgets/draw/timeline-private.h"

#include <string.h>

#define CELL     32  /* px that are painted or copied together */
#define MIN_KEPT 256 /* px: fewer are painted with what is beside them */
#define EDGE_PX  8   /* that outlines, ticks and feet reach */
#define ROOM_PX  10  /* from which on nothing of a thing is to be seen; less than bars stick out */
#define MARK_PX  10  /* of a mark and its halo, to either side */

/* The cells of some lines. */
typedef struct
{
  const GanderTimelineReuse *reuse;
  const GanderTimeline *now;
  const GanderTimeline *was;
  int shift;
  int x0, x1; /* that both pictures have, where it is now */
  guint8 *cells;
  guint n_cells;
} Damage;

static void
spoil (Damage *self, int x0, int x1)
{
  x0 = MAX (x0, 0);
  x1 = MIN (x1, self->now->scale.width);
  if (x0 < x1)
    memset (self->cells + x0 / CELL, 1, (gsize)((x1 - 1) / CELL - x0 / CELL + 1));
}

static void
spoil_all (Damage *self)
{
  memset (self->cells, 1, self->n_cells);
}

static gboolean
is_spoilt (const Damage *self)
{
  return memchr (self->cells, 0, self->n_cells) == NULL;
}

/* An end of something that is far enough outside to make no difference may be anywhere. */
static int
clamp_end (const Damage *self, int x)
{
  int room = gander_timeline_px (self->now, ROOM_PX);

  return CLAMP (x, self->x0 - room, self->x1 + room);
}

static gboolean
same_end (const Damage *self, int now, int was)
{
  return clamp_end (self, now) == clamp_end (self, was - self->shift);
}

static void
spoil_ends (Damage *self, int x0, int x1, int reach_px)
{
  int reach = gander_timeline_px (self->now, reach_px);

  spoil (self, x0 - reach, x1 + reach);
}

/* Dashes begin at the end of a box, in view or not. */
static gboolean
same_box (const Damage *self, const GanderLaneBox *now, const GanderLaneBox *was)
{
  return now->state == was->state && now->wait == was->wait && now->flags == was->flags &&
         now->thin == was->thin && same_end (self, now->x0, was->x0) &&
         same_end (self, now->x1, was->x1) &&
         (now->state != GANDER_STATE_UNKNOWN ||
          (now->x0 == was->x0 - self->shift && now->x1 == was->x1 - self->shift));
}

static void
compare_boxes (Damage *self, const GanderTimelineRow *now, const GanderTimelineRow *was)
{
  const GanderLaneBox *a =
      (const GanderLaneBox *)(gpointer)self->now->sheet.boxes->data + now->lane.first_box;
  const GanderLaneBox *b =
      (const GanderLaneBox *)(gpointer)self->was->sheet.boxes->data + was->lane.first_box;
  const GanderLaneBox *a_end = a + now->lane.n_boxes;
  const GanderLaneBox *b_end = b + was->lane.n_boxes;

  while (a < a_end || b < b_end)
    {
      gboolean take_a = b == b_end || (a < a_end && a->ordinal <= b->ordinal);
      gboolean take_b = a == a_end || (b < b_end && b->ordinal <= a->ordinal);

      if (!take_a || !take_b || !same_box (self, a, b))
        {
          if (take_a)
            spoil_ends (self, a->x0, a->x1, EDGE_PX);
          if (take_b)
            spoil_ends (self, b->x0 - self->shift, b->x1 - self->shift, EDGE_PX);
        }
      a += take_a;
      b += take_b;
    }
}

/* Compares @size bytes of each pixel, by cells. @now, @was (nullable): all 0. */
static void
compare_pixels (Damage *self, const void *now, const void *was, gsize size, int reach_px)
{
  static const guint8 nothing[CELL * sizeof (GanderColumn)];

  G_STATIC_ASSERT (sizeof (float) <= sizeof (GanderColumn));

  if (now == NULL && was == NULL)
    return;
  for (int x = self->x0; x < self->x1; x += CELL - x % CELL)
    {
      int end = MIN (x + CELL - x % CELL, self->x1);
      const void *a = now != NULL ? (const guint8 *)now + (gsize)x * size : nothing;
      const void *b = was != NULL ? (const guint8 *)was + (gsize)(x + self->shift) * size : nothing;

      if (memcmp (a, b, (gsize)(end - x) * size) != 0)
        spoil_ends (self, x, end, reach_px);
    }
}

static const GanderColumn *
columns_of (const GanderTimeline *timeline, const GanderTimelineRow *item)
{
  return item->lane.first_column >= 0
             ? &g_array_index (timeline->sheet.columns, GanderColumn, item->lane.first_column)
             : NULL;
}

static const float *
values_of (const GanderTimeline *timeline, gssize first)
{
  return first >= 0 ? &g_array_index (timeline->sheet.values, float, first) : NULL;
}

/* Bars of one kind and row, from left to right. */
static void
compare_bars (Damage *self, const GanderBar *now, guint n_now, const GanderBar *was, guint n_was)
{
  const GanderBar *now_end = now + n_now;
  const GanderBar *was_end = was + n_was;

  while (now < now_end || was < was_end)
    {
      int left_now = now < now_end ? clamp_end (self, now->x0) : G_MAXINT;
      int left_was = was < was_end ? clamp_end (self, was->x0 - self->shift) : G_MAXINT;
      gboolean take_now = left_now <= left_was;
      gboolean take_was = left_was <= left_now;

      if (!take_now || !take_was || !same_end (self, now->x1, was->x1))
        {
          if (take_now)
            spoil_ends (self, now->x0, now->x1, EDGE_PX);
          if (take_was)
            spoil_ends (self, was->x0 - self->shift, was->x1 - self->shift, EDGE_PX);
        }
      now += take_now;
      was += take_was;
    }
}

/* Returns: the bars of @kind, which lie together. */
static const GanderBar *
find_bars (const GanderTimeline *timeline,
           const GanderTimelineRow *item,
           GanderBarKind kind,
           guint *n)
{
  const GanderBar *bars = (const GanderBar *)(gpointer)timeline->sheet.bars->data + item->first_bar;
  guint first = 0;
  guint end;

  while (first < item->n_bars && bars[first].kind != kind)
    first++;
  for (end = first; end < item->n_bars && bars[end].kind == kind;)
    end++;
  *n = end - first;
  return bars + first;
}

static void
compare_all_bars (Damage *self, const GanderTimelineRow *now, const GanderTimelineRow *was)
{
  for (guint kind = 0; kind < GANDER_N_BARS; kind++)
    {
      guint n_now, n_was;
      const GanderBar *bars_now = find_bars (self->now, now, kind, &n_now);
      const GanderBar *bars_was = find_bars (self->was, was, kind, &n_was);

      compare_bars (self, bars_now, n_now, bars_was, n_was);
    }
}

/* All of a row but its texts and marks. */
static void
compare_rows (Damage *self, const GanderTimelineRow *now, const GanderTimelineRow *was)
{
  gboolean has_now = now->lane.first_column >= 0 || now->lane.n_boxes > 0;
  gboolean has_was = was->lane.first_column >= 0 || was->lane.n_boxes > 0;

  /* Dashes of a goal begin at the left end of the view. */
  if (now->first_goal >= 0 || was->first_goal >= 0 ||
      (has_now != has_was && now->kind != GANDER_ROW_LANE) || now->summary != was->summary ||
      now->top != was->top || (now->first_value >= 0) != (was->first_value >= 0))
    {
      spoil_all (self);
      return;
    }
  compare_pixels (self,
                  columns_of (self->now, now),
                  columns_of (self->was, was),
                  sizeof (GanderColumn),
                  0);
  compare_pixels (self,
                  values_of (self->now, now->first_value),
                  values_of (self->was, was->first_value),
                  sizeof (float),
                  EDGE_PX);
  compare_boxes (self, now, was);
  compare_all_bars (self, now, was);
}

static void
spoil_text (Damage *self, const GanderTextItem *item, int shift)
{
  int reach = gander_timeline_px (self->now, EDGE_PX);
  double left = 0;
  double top = 0;
  int width = item->width;

  if (item->mask != NULL)
    {
      cairo_surface_get_device_offset (item->mask, &left, &top);
      width = MAX (width, cairo_image_surface_get_width (item->mask));
    }
  spoil (self, item->x - shift - (int)left - reach, item->x - shift - (int)left + width + reach);
}

static gboolean
has_text (const GanderTimeline *timeline,
          const GanderTimelineRow *row,
          const char *text,
          const GanderTextItem *like,
          int x)
{
  for (guint i = row->first_text; i < row->first_text + row->n_texts; i++)
    {
      const GanderTextItem *item = &g_array_index (timeline->span_texts, GanderTextItem, i);

      if (item->x == x && item->y == like->y && item->width == like->width &&
          item->style == like->style && item->ink == like->ink &&
          strcmp (timeline->texts->str + item->text, text) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
compare_texts (Damage *self, const GanderTimelineRow *now, const GanderTimelineRow *was)
{
  for (guint i = now->first_text; i < now->first_text + now->n_texts; i++)
    {
      const GanderTextItem *item = &g_array_index (self->now->span_texts, GanderTextItem, i);

      if (!has_text (self->was,
                     was,
                     self->now->texts->str + item->text,
                     item,
                     item->x + self->shift))
        spoil_text (self, item, 0);
    }
  for (guint i = was->first_text; i < was->first_text + was->n_texts; i++)
    {
      const GanderTextItem *item = &g_array_index (self->was->span_texts, GanderTextItem, i);

      if (!has_text (self->now,
                     now,
                     self->was->texts->str + item->text,
                     item,
                     item->x - self->shift))
        spoil_text (self, item, self->shift);
    }
}

/* Returns: the next mark of @kind, or @end. */
static const GanderMarkItem *
next_mark (const GanderMarkItem *mark, const GanderMarkItem *end, GanderMarkKind kind)
{
  while (mark < end && mark->kind != kind)
    mark++;
  return mark;
}

static void
compare_marks_of (Damage *self,
                  const GanderTimelineRow *now,
                  const GanderTimelineRow *was,
                  GanderMarkKind kind)
{
  const GanderMarkItem *a =
      (const GanderMarkItem *)(gpointer)self->now->sheet.marks->data + now->first_mark;
  const GanderMarkItem *b =
      (const GanderMarkItem *)(gpointer)self->was->sheet.marks->data + was->first_mark;
  const GanderMarkItem *a_end = a + now->n_marks;
  const GanderMarkItem *b_end = b + was->n_marks;

  a = next_mark (a, a_end, kind);
  b = next_mark (b, b_end, kind);
  while (a < a_end || b < b_end)
    {
      int x_now = a < a_end ? a->x : G_MAXINT;
      int x_was = b < b_end ? b->x - self->shift : G_MAXINT;

      if (x_now < x_was)
        spoil_ends (self, x_now, x_now, MARK_PX);
      if (x_was < x_now)
        spoil_ends (self, x_was, x_was, MARK_PX);
      if (x_now <= x_was)
        a = next_mark (a + 1, a_end, kind);
      if (x_was <= x_now)
        b = next_mark (b + 1, b_end, kind);
    }
}

static void
compare_marks (Damage *self, const GanderTimelineRow *now, const GanderTimelineRow *was)
{
  if (gander_timeline_is_crowded (self->now, now) != gander_timeline_is_crowded (self->was, was))
    {
      spoil_all (self);
      return;
    }
  for (guint kind = 0; kind < GANDER_N_MARKS; kind++)
    compare_marks_of (self, now, was, kind);
}

static gboolean
same_places (const GanderTimeline *now, const GanderTimeline *was)
{
  for (guint i = 0; i < now->items->len; i++)
    {
      const GanderTimelineRow *a = &g_array_index (now->items, GanderTimelineRow, i);
      const GanderTimelineRow *b = &g_array_index (was->items, GanderTimelineRow, i);

      if (a->key != b->key || a->kind != b->kind || a->section != b->section || a->y0 != b->y0 ||
          a->y1 != b->y1 || a->bar_y0 != b->bar_y0 || a->bar_y1 != b->bar_y1)
        return FALSE;
    }
  return TRUE;
}

static gboolean
same_view (const GanderTimeline *now, const GanderTimeline *was)
{
  return now->index == was->index && now->factor == was->factor && now->left == was->left &&
         now->width == was->width && now->height == was->height &&
         now->pinned_bottom == was->pinned_bottom && now->n_pinned == was->n_pinned &&
         now->items->len == was->items->len && now->scale.per_pixel == was->scale.per_pixel &&
         now->view.zero == was->view.zero && now->view.hidden_shades == was->view.hidden_shades &&
         now->view.focus_shades == was->view.focus_shades && now->em == was->em &&
         g_strcmp0 (now->family, was->family) == 0 &&
         gander_timeline_has_crowded_bands (now) == gander_timeline_has_crowded_bands (was);
}

/* Returns: FALSE unless @picture is as large as what @canvas paints on. */
static gboolean
take_picture (GanderTimelineReuse *self,
              const GanderTimeline *now,
              cairo_surface_t *picture,
              const GanderCanvas *canvas)
{
  if (canvas->pixels == NULL || picture == canvas->image ||
      cairo_surface_get_type (picture) != CAIRO_SURFACE_TYPE_IMAGE ||
      cairo_surface_status (picture) != CAIRO_STATUS_SUCCESS ||
      cairo_image_surface_get_format (picture) != cairo_image_surface_get_format (canvas->image) ||
      cairo_image_surface_get_width (picture) != cairo_image_surface_get_width (canvas->image) ||
      cairo_image_surface_get_height (picture) != cairo_image_surface_get_height (canvas->image))
    return FALSE;
  self->stride = cairo_image_surface_get_stride (picture) / (gssize)sizeof *self->pixels;
  self->pixels = (const guint32 *)(gpointer)cairo_image_surface_get_data (picture) +
                 canvas->top * self->stride + canvas->left + now->left;
  return TRUE;
}

gboolean
gander_timeline_reuse_init (GanderTimelineReuse *self,
                            const GanderTimeline *now,
                            const GanderTimeline *before,
                            cairo_surface_t *picture,
                            const GanderCanvas *canvas,
                            const GanderTheme *theme)
{
  gint64 shift = now->scale.first - before->scale.first;

  *self = (GanderTimelineReuse){ .before = before, .shift = (int)shift };
  return before->painted == theme && ABS (shift) < now->scale.width && same_view (now, before) &&
         same_places (now, before) && take_picture (self, now, picture, canvas);
}

/* What comes into view, and what may be cut at the ends otherwise than it was. */
static void
spoil_borders (Damage *self)
{
  int reach = gander_timeline_px (self->now, MARK_PX);
  int width = self->now->scale.width;

  spoil (self, 0, MAX (self->x0, 0) + reach);
  spoil (self, MIN (self->x1, width) - reach, width);
}

static void
find_damage (Damage *self, const GanderTimelinePart *part)
{
  spoil_borders (self);
  compare_bars (self,
                (const GanderBar *)(gpointer)self->now->bands->data,
                self->now->bands->len,
                (const GanderBar *)(gpointer)self->was->bands->data,
                self->was->bands->len);
  for (guint i = part->near; i < part->near + part->n_near && !is_spoilt (self); i++)
    {
      const GanderTimelineRow *now = &g_array_index (self->now->items, GanderTimelineRow, i);
      const GanderTimelineRow *was = &g_array_index (self->was->items, GanderTimelineRow, i);

      if (i >= part->first && i < part->first + part->n)
        compare_rows (self, now, was);
      compare_texts (self, now, was);
      compare_marks (self, now, was);
    }
}

static void
copy_pixels (const Damage *self,
             const GanderTimelinePart *part,
             const GanderCanvas *canvas,
             int x0,
             int x1)
{
  const GanderTimelineReuse *reuse = self->reuse;

  for (int y = part->y0; y < part->y1; y++)
    memcpy (canvas->pixels + y * canvas->stride + self->now->left + x0,
            reuse->pixels + y * reuse->stride + x0 + self->shift,
            (gsize)(x1 - x0) * sizeof *reuse->pixels);
}

/* Returns: the end of the cells like the one that @x begins. */
static int
find_end (const Damage *self, int x)
{
  guint cell = (guint)(x / CELL);
  guint8 like = self->cells[cell];

  while (cell < self->n_cells && self->cells[cell] == like)
    cell++;
  return MIN ((int)cell * CELL, self->now->scale.width);
}

void
gander_timeline_reuse_part (const GanderTimelineReuse *self,
                            const GanderTimeline *now,
                            const GanderTimelinePart *part,
                            const GanderCanvas *canvas,
                            GArray *spans)
{
  int width = now->scale.width;
  guint n_cells = (guint)((width + CELL - 1) / CELL);
  g_autofree guint8 *cells = g_malloc0 (n_cells);
  Damage damage = { .reuse = self,
                    .now = now,
                    .was = self->before,
                    .shift = self->shift,
                    .x0 = MAX (-self->shift, 0),
                    .x1 = MIN (width - self->shift, width),
                    .cells = cells,
                    .n_cells = n_cells };
  GanderTimelineSpan *last = NULL;

  /* The line below the pinned rows lies over them. */
  if (part->y0 < now->pinned_bottom &&
      part->y1 > now->pinned_bottom - gander_theme_get_hairline (now->factor))
    spoil_all (&damage);
  else
    find_damage (&damage, part);
  for (int x = 0; x < width;)
    {
      GanderTimelineSpan span = { x, find_end (&damage, x) };
      gboolean spoilt = cells[x / CELL] != 0;

      x = span.x1;
      if (last != NULL && last->x1 == span.x0 && (spoilt || span.x1 - span.x0 < MIN_KEPT))
        last->x1 = span.x1;
      else if (spoilt)
        {
          g_array_append_val (spans, span);
          last = &g_array_index (spans, GanderTimelineSpan, spans->len - 1);
        }
      else
        copy_pixels (&damage, part, canvas, span.x0, span.x1);
    }
}
