/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#define SLICE_PX    60
#define THREAD_AREA 1000000 /* px: less is painted before a thread has begun */

static void
fill_rect (cairo_t *cr, const GanderColor *color, double alpha, int x, int y, int width, int height)
{
  gander_theme_set_color (cr, color, alpha);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

static void
clip_to (cairo_t *cr, int x0, int x1, int y0, int y1)
{
  cairo_rectangle (cr, x0, y0, MAX (x1 - x0, 0), MAX (y1 - y0, 0));
  cairo_clip (cr);
}

/* The pinned rows, or all others: each kind is clipped by its own part of the picture. */
static GanderTimelinePart
get_part (const GanderTimeline *self, gboolean pinned)
{
  guint first = pinned ? 0 : self->n_pinned;
  guint n = pinned ? self->n_pinned : self->items->len - self->n_pinned;

  return (GanderTimelinePart){ first,
                               n,
                               first,
                               n,
                               pinned ? 0 : self->pinned_bottom,
                               pinned ? self->pinned_bottom : self->height };
}

static void
paint_labels (GanderTimeline *self,
              cairo_t *cr,
              const GanderTheme *theme,
              const GanderTimelinePart *part)
{
  g_auto (GanderCanvas) canvas = { 0 };

  cairo_save (cr);
  clip_to (cr, 0, self->left, part->y0, part->y1);
  gander_canvas_init (&canvas, cr);
  gander_timeline_paint_label_column (self, &canvas, theme, part);
  gander_timeline_paint_texts (self, &canvas, theme, part, TRUE);
  cairo_restore (cr);
}

/* Those of its pixels in @span. */
static void
paint_axis (GanderTimeline *self,
            cairo_t *cr,
            const GanderTheme *theme,
            const GanderTimelinePart *part,
            GanderTimelineSpan span)
{
  g_auto (GanderCanvas) canvas = { 0 };

  cairo_save (cr);
  clip_to (cr, self->left + span.x0, self->left + span.x1, part->y0, part->y1);
  cairo_translate (cr, self->left, 0);
  gander_canvas_init (&canvas, cr);
  gander_timeline_paint_rows (self, &canvas, theme, part);
  gander_timeline_paint_texts (self, &canvas, theme, part, FALSE);
  gander_timeline_paint_marks (self, &canvas, theme, part);
  cairo_restore (cr);
}

/* A part, some rows at a time: their pixels stay in the cache from the ground to the last text. */
typedef struct
{
  GanderTimeline *self;
  const GanderTheme *theme;
  const GanderCanvas *whole;
  const GanderTimelinePart *part;
  const GanderTimelineReuse *reuse; /* (nullable) */
  guint n_rows;                     /* of a slice */
  guint next;                       /* row; atomic */
} Slices;

/* The rows from number @i of the part on, with those beside them that may reach over. */
static GanderTimelinePart
get_slice (const Slices *slices, guint i)
{
  const GanderTimelineRow *items =
      (const GanderTimelineRow *)(gpointer)slices->self->items->data + slices->part->first;
  int overhang = 2 * gander_theme_get_hairline (slices->self->factor);
  GanderTimelinePart part = *slices->part;
  guint end = MIN (i + slices->n_rows, part.n);
  guint near_end = MIN (end + 1, part.n);

  if (i > 0)
    part.y0 = CLAMP (items[i].y0, part.y0, part.y1);
  if (end < part.n)
    part.y1 = CLAMP (items[end].y0, part.y0, part.y1);
  part.near = part.first + (i > 0 ? i - 1 : 0);
  part.n_near = part.first + near_end - part.near;
  if (i > 0 && items[i - 1].bar_y1 + overhang > items[i - 1].y1)
    i--;
  if (end < part.n && items[end].bar_y0 - overhang < items[end].y0)
    end++;
  part.first += i;
  part.n = end - i;
  return part;
}

static void
paint_slice (const Slices *slices, const GanderTimelinePart *part, GArray *spans)
{
  GanderTimeline *self = slices->self;
  GanderTimelineSpan all = { 0, self->scale.width };
  cairo_t *cr = gander_canvas_slice (slices->whole, part->y0, part->y1);

  g_array_set_size (spans, 0);
  if (slices->reuse != NULL)
    gander_timeline_reuse_part (slices->reuse, self, part, slices->whole, spans);
  else
    g_array_append_val (spans, all);
  paint_labels (self, cr, slices->theme, part);
  for (guint i = 0; i < spans->len; i++)
    paint_axis (self, cr, slices->theme, part, g_array_index (spans, GanderTimelineSpan, i));
  cairo_destroy (cr);
}

static gpointer
slices_thread (gpointer data)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (GanderTimelineSpan));
  Slices *slices = data;
  guint i = 0;

  while ((i = (guint)g_atomic_int_add (&slices->next, slices->n_rows)) < MAX (slices->part->n, 1))
    {
      GanderTimelinePart part = get_slice (slices, i);

      paint_slice (slices, &part, spans);
    }
  return NULL;
}

/* By several threads if that is worth it and they can be had. */
static void
paint_slices (GanderTimeline *self,
              const GanderCanvas *canvas,
              const GanderTheme *theme,
              const GanderTimelinePart *part,
              const GanderTimelineReuse *reuse)
{
  gint64 area = (gint64)self->scale.width * (part->y1 - part->y0);
  guint n_threads = (guint)MIN (self->most_threads, area / THREAD_AREA);
  GThread *threads[GANDER_TIMELINE_MOST_THREADS];
  Slices slices = { self, theme, canvas, part, reuse, 0, 0 };

  slices.n_rows = 1 + part->n * SLICE_PX / (guint)(part->y1 - part->y0);
  for (guint i = 1; i < n_threads; i++)
    threads[i] = g_thread_try_new ("rows", slices_thread, &slices, NULL);
  slices_thread (&slices);
  for (guint i = 1; i < n_threads; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

static void
paint_part (GanderTimeline *self,
            GanderCanvas *canvas,
            const GanderTheme *theme,
            const GanderTimelinePart *part,
            const GanderTimelineReuse *reuse)
{
  if (part->y1 <= part->y0)
    return;
  if (canvas->pixels == NULL)
    {
      paint_labels (self, canvas->cr, theme, part);
      paint_axis (self, canvas->cr, theme, part, (GanderTimelineSpan){ 0, self->scale.width });
      return;
    }
  paint_slices (self, canvas, theme, part, reuse);
  gander_canvas_fill (canvas);
}

/* @before, @picture (nullable): both or none. */
static void
paint_all (GanderTimeline *self,
           cairo_t *cr,
           const GanderTheme *theme,
           const GanderTimeline *before,
           cairo_surface_t *picture)
{
  g_auto (GanderCanvas) canvas = { 0 };
  GanderTimelinePart others = get_part (self, FALSE);
  GanderTimelinePart pinned = get_part (self, TRUE);
  GanderTimelineReuse reuse = { 0 };
  gboolean reuses = FALSE;
  int line = gander_theme_get_hairline (self->factor);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  clip_to (cr, 0, self->width, 0, self->height);
  gander_canvas_init (&canvas, cr);
  if (canvas.pixels == NULL)
    gander_timeline_write_columns (self, cr, theme);
  else
    gander_timeline_prepare_texts (self);
  if (picture != NULL)
    reuses = gander_timeline_reuse_init (&reuse, self, before, picture, &canvas, theme);
  paint_part (self, &canvas, theme, &others, reuses ? &reuse : NULL);
  paint_part (self, &canvas, theme, &pinned, reuses ? &reuse : NULL);
  if (self->left > 0)
    fill_rect (cr, &theme->hairline, 1, self->left - line, 0, line, self->height);
  if (self->pinned_bottom > 0)
    fill_rect (cr, &theme->secondary, 0.6, 0, self->pinned_bottom - line, self->width, line);
  cairo_restore (cr);
  self->painted = theme;
}

void
gander_timeline_paint (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  g_return_if_fail (self != NULL && self->rows != NULL);

  paint_all (self, cr, theme, NULL, NULL);
}

void
gander_timeline_paint_after (GanderTimeline *self,
                             cairo_t *cr,
                             const GanderTheme *theme,
                             const GanderTimeline *before,
                             cairo_surface_t *picture)
{
  g_return_if_fail (self != NULL && self->rows != NULL);
  g_return_if_fail (before != NULL && before != self && picture != NULL);

  paint_all (self, cr, theme, before, picture);
}
