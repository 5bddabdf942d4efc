/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/pattern.h"
#include "widgets/draw/timeline-private.h"

#include <math.h>

#define SUMMARY_ALPHA 0.65
#define STW_ALPHA     0.30
#define MOST_THREADS  4
#define SLICE_PX      60
#define THREAD_AREA   1000000 /* px: less is painted before a thread has begun */
#define CROWDED_PX \
  16 /* a pause in fewer px than this: tints alone, or nothing else could be seen */

static double
line_width (const GanderTimeline *self)
{
  return MAX (1, floor (self->factor));
}

static void
fill_rect (cairo_t *cr, const GanderColor *color, double alpha, int x, int y, int width, int height)
{
  gander_theme_set_color (cr, color, alpha);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

/* The pinned rows, or all others: each kind is clipped by its own part of the picture. */
typedef struct
{
  guint first, n;
  guint first_label, n_labels;
  guint first_text, n_texts;
  int y0, y1;
} Part;

static Part
get_part (const GanderTimeline *self, gboolean pinned)
{
  if (pinned)
    return (
        Part){ 0, self->n_pinned,     0, self->n_pinned_label_texts, 0, self->n_pinned_span_texts,
               0, self->pinned_bottom };
  return (Part){ self->n_pinned,
                 self->items->len - self->n_pinned,
                 self->n_pinned_label_texts,
                 self->label_texts->len - self->n_pinned_label_texts,
                 self->n_pinned_span_texts,
                 self->span_texts->len - self->n_pinned_span_texts,
                 self->pinned_bottom,
                 self->height };
}

static void
clip_to (cairo_t *cr, int x0, int x1, int y0, int y1)
{
  cairo_rectangle (cr, x0, y0, MAX (x1 - x0, 0), MAX (y1 - y0, 0));
  cairo_clip (cr);
}

/* Whether it covers all of its place: with columns, boxes, or the ground of a lane. */
static gboolean
has_bar (const GanderTimeline *self, const GanderTimelineRow *item)
{
  return item->lane.first_column >= 0 || item->lane.n_boxes > 0 ||
         gander_rows_get (self->rows, item->row)->kind == GANDER_ROW_LANE;
}

/* The canvas and its grid on the lines [y0, y1). */
static void
paint_gap (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, int y0, int y1)
{
  if (y1 <= y0)
    return;
  gander_canvas_set_color (canvas, &theme->canvas, 1);
  gander_canvas_add (canvas, 0, y0, self->scale.width, y1 - y0);
  gander_canvas_fill (canvas);
  gander_canvas_set_color (canvas, &theme->grid, 1);
  for (guint i = 0; i < self->ticks->len; i++)
    {
      const GanderTick *tick = &g_array_index (self->ticks, GanderTick, i);

      if (tick->major)
        gander_canvas_add (canvas, tick->x, y0, (int)line_width (self), y1 - y0);
    }
  gander_canvas_fill (canvas);
}

/* Where no bar will be. */
static void
paint_background (GanderTimeline *self,
                  GanderCanvas *canvas,
                  const GanderTheme *theme,
                  const Part *part)
{
  int y = part->y0;

  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (!has_bar (self, item))
        continue;
      paint_gap (self, canvas, theme, y, MIN (item->bar_y0, part->y1));
      y = MAX (y, item->bar_y1);
    }
  paint_gap (self, canvas, theme, y, part->y1);
}

static int
strip_height (const GanderTimeline *self)
{
  int height = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->lane.first_column >= 0)
        height += item->bar_y1 - item->bar_y0;
    }
  return height;
}

typedef struct
{
  GanderInks solid;
  GanderInks pale;
} Inks;

static void
inks_init (Inks *self, const GanderTimelineFrame *view, const GanderTheme *theme)
{
  gander_inks_init (&self->solid, theme, view->hidden_shades, view->focus_shades, 1);
  gander_inks_init (&self->pale,
                    theme,
                    view->hidden_shades,
                    view->focus_shades,
                    theme->high_contrast ? 1 : SUMMARY_ALPHA);
}

static const GanderInks *
inks_of (const Inks *self, const GanderTimelineRow *item)
{
  return item->summary == GANDER_SUMMARY_BUSY ? &self->pale : &self->solid;
}

static const GanderColumn *
columns_of (const GanderTimeline *self, const GanderTimelineRow *item)
{
  return &g_array_index (self->columns, GanderColumn, item->lane.first_column);
}

/* All columns of the picture go into the strip before any is painted. */
static void
write_columns (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  Inks inks;

  inks_init (&inks, &self->view, theme);
  gander_strip_reset (&self->strip, cr, self->scale.width, strip_height (self));
  for (guint i = 0; i < self->items->len; i++)
    {
      GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      item->strip_line = -1;
      if (item->lane.first_column >= 0)
        item->strip_line = gander_strip_write (&self->strip,
                                               columns_of (self, item),
                                               self->scale.width,
                                               inks_of (&inks, item),
                                               item->bar_y1 - item->bar_y0);
    }
}

/* On an image each pixel of a bar is stored once: of its ground, its boxes or its columns. */
static void
store_bars (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, const Part *part)
{
  int width = self->scale.width;
  g_autofree guint32 *ground = g_new (guint32, width);
  Inks inks;

  inks_init (&inks, &self->view, theme);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      g_auto (GanderCanvas) line = { 0 };

      if (!has_bar (self, item))
        continue;
      gander_canvas_init_line (&line, ground, width, item->bar_y0);
      gander_canvas_set_color (&line, &theme->lane, 1);
      gander_canvas_add (&line, 0, item->bar_y0, width, 1);
      gander_timeline_paint_fills (self, &line, theme, i, 1);
      gander_columns_store (item->lane.first_column >= 0 ? columns_of (self, item) : NULL,
                            width,
                            inks_of (&inks, item),
                            ground,
                            canvas,
                            item->bar_y0,
                            item->bar_y1 - item->bar_y0);
    }
}

/* The same by cairo, with columns from the strip, which bring their own ground. */
static void
paint_bars (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, const Part *part)
{
  int width = self->scale.width;

  gander_canvas_set_color (canvas, &theme->lane, 1);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->lane.first_column < 0 && has_bar (self, item))
        gander_canvas_add (canvas, 0, item->bar_y0, width, item->bar_y1 - item->bar_y0);
    }
  gander_canvas_fill (canvas);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->lane.first_column >= 0)
        gander_strip_paint (&self->strip,
                            canvas->cr,
                            item->strip_line,
                            width,
                            0,
                            item->bar_y0,
                            item->bar_y1 - item->bar_y0);
    }
  gander_timeline_paint_fills (self, canvas, theme, part->first, part->n);
}

/* A line above every heading. */
static void
paint_headings (GanderTimeline *self,
                GanderCanvas *canvas,
                const GanderTheme *theme,
                const Part *part)
{
  gander_canvas_set_color (canvas, &theme->hairline, 1);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      GanderRowKind kind = gander_rows_get (self->rows, item->row)->kind;

      if (kind == GANDER_ROW_SECTION || kind == GANDER_ROW_GROUP || kind == GANDER_ROW_TASK_TYPE)
        gander_canvas_add (canvas, 0, item->y0, self->scale.width, (int)line_width (self));
    }
  gander_canvas_fill (canvas);
}

/* Dots over columns of very many spans. */
static void
paint_dense (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, const Part *part)
{
  cairo_pattern_t *dots = gander_pattern_new_dotted (&theme->text, 0.7, self->scale.first);

  gander_canvas_set_pattern (canvas, dots);
  cairo_pattern_destroy (dots);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->lane.first_column >= 0)
        gander_columns_add_dense (columns_of (self, item), self->scale.width, canvas, item->bar_y0);
    }
  gander_canvas_fill (canvas);
}

static void
paint_counters (GanderTimeline *self,
                GanderCanvas *canvas,
                const GanderTheme *theme,
                guint first,
                guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);

      if (item->first_goal >= 0)
        gander_counter_paint_goal (canvas,
                                   &g_array_index (self->values, float, item->first_goal),
                                   self->scale.width,
                                   item->top,
                                   item->bar_y0,
                                   item->bar_y1,
                                   (int)line_width (self),
                                   &theme->counter);
      if (item->first_value >= 0)
        gander_counter_paint (canvas,
                              &g_array_index (self->values, float, item->first_value),
                              self->scale.width,
                              item->top,
                              item->bar_y0,
                              item->bar_y1,
                              (int)line_width (self),
                              row->section == GANDER_SECTION_TASKS ? &theme->region
                                                                   : &theme->counter);
    }
}

/* The birth of a goroutine is a tick with a foot to the right, its death one to the left. */
static void
paint_lives (GanderTimeline *self,
             GanderCanvas *canvas,
             const GanderTheme *theme,
             guint first,
             guint n)
{
  int line = (int)line_width (self);
  int foot = gander_timeline_px (self, 4);

  gander_canvas_set_color (canvas, &theme->secondary, 1);
  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      int y0 = item->bar_y0 - line;
      int y1 = item->bar_y1 + line;

      if (item->birth_x > -foot && item->birth_x < self->scale.width)
        {
          gander_canvas_add (canvas, item->birth_x - line, y0, line, y1 - y0);
          gander_canvas_add (canvas, item->birth_x - line, y1, foot, line);
        }
      if (item->death_x > 0 && item->death_x < self->scale.width + foot)
        {
          gander_canvas_add (canvas, item->death_x, y0, line, y1 - y0);
          gander_canvas_add (canvas, item->death_x + line - foot, y1, foot, line);
        }
    }
  gander_canvas_fill (canvas);
}

/* A tint with a solid leading line; in high contrast, which has no tints, a line at either end. */
static void
paint_bands (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, const Part *part)
{
  const GanderColor *color = &theme->shade[GANDER_SHADE_STW];
  double alpha =
      gander_shade_get_alpha (GANDER_SHADE_STW, self->view.hidden_shades, self->view.focus_shades);
  int line = (int)line_width (self);
  int height = part->y1 - part->y0;
  guint n = self->bands->len;
  gboolean crowded = n > (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));
  g_autofree GanderStripe *stripes = g_new (GanderStripe, 2 * n);
  const GanderBar *bands = (const GanderBar *)(gpointer)self->bands->data;

  if (!theme->high_contrast)
    {
      for (guint i = 0; i < n; i++)
        stripes[i] = (GanderStripe){ bands[i].x0, bands[i].x1 - bands[i].x0 };
      gander_canvas_set_color (canvas, color, alpha * (crowded ? STW_ALPHA / 2 : STW_ALPHA));
      gander_canvas_add_stripes (canvas, stripes, n, part->y0, height);
      gander_canvas_fill (canvas);
      if (crowded)
        return;
    }
  for (guint i = 0; i < n; i++)
    {
      stripes[i] = (GanderStripe){ bands[i].x0, theme->high_contrast ? 2 * line : line };
      stripes[n + i] = (GanderStripe){ bands[i].x1 - 2 * line, 2 * line };
    }
  gander_canvas_set_color (canvas, color, alpha);
  gander_canvas_add_stripes (canvas, stripes, theme->high_contrast ? 2 * n : n, part->y0, height);
  gander_canvas_fill (canvas);
}

static const GanderColor *
ink_color (const GanderTheme *theme, guint8 ink)
{
  switch (ink)
    {
    case GANDER_INK_TEXT:
      return &theme->text;
    case GANDER_INK_SECONDARY:
      return &theme->secondary;
    case GANDER_INK_REGION:
      return &theme->region_ink;
    default:
      return &theme->ink[ink - GANDER_INK_SHADE];
    }
}

/* Patterns cover whole bars in high contrast, so texts on them bring their own ground. */
void
gander_timeline_paint_texts (GanderTimeline *self,
                             cairo_t *cr,
                             const GanderTheme *theme,
                             const GArray *texts,
                             guint first,
                             guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      const GanderTextItem *item = &g_array_index (texts, GanderTextItem, i);
      int line = (int)line_width (self);
      int height = gander_labels_get_height (self->labels, item->style) - 3 * line;
      double alpha = 1;

      if (item->ink >= GANDER_INK_SHADE)
        alpha = gander_shade_get_alpha (item->ink - GANDER_INK_SHADE,
                                        self->view.hidden_shades,
                                        self->view.focus_shades);
      if (alpha < 0.2)
        continue;
      if (theme->high_contrast && item->ink >= GANDER_INK_SHADE)
        fill_rect (cr,
                   &theme->shade[item->ink - GANDER_INK_SHADE],
                   alpha,
                   item->x - line,
                   item->y - height / 2,
                   gander_labels_get_width (self->labels,
                                            item->style,
                                            self->texts->str + item->text) +
                       2 * line,
                   height);
      gander_theme_set_color (cr, ink_color (theme, item->ink), alpha);
      gander_labels_paint (self->labels,
                           cr,
                           item->style,
                           self->texts->str + item->text,
                           item->x,
                           item->y,
                           item->width);
    }
}

static void
paint_rows (GanderTimeline *self, GanderCanvas *canvas, const GanderTheme *theme, const Part *part)
{
  guint first = part->first;
  guint n = part->n;

  paint_background (self, canvas, theme, part);
  if (canvas->pixels != NULL)
    store_bars (self, canvas, theme, part);
  else
    paint_bars (self, canvas, theme, part);
  paint_headings (self, canvas, theme, part);
  paint_dense (self, canvas, theme, part);
  paint_counters (self, canvas, theme, first, n);
  gander_timeline_paint_boxes (self, canvas, theme, first, n);
  gander_timeline_paint_bars (self, canvas, theme, first, n);
  paint_lives (self, canvas, theme, first, n);
  paint_bands (self, canvas, theme, part);
}

static void
paint_labels (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, const Part *part)
{
  cairo_save (cr);
  clip_to (cr, 0, self->left, part->y0, part->y1);
  gander_timeline_paint_label_column (self, cr, theme, part->first, part->n);
  gander_timeline_paint_texts (self,
                               cr,
                               theme,
                               self->label_texts,
                               part->first_label,
                               part->n_labels);
  cairo_restore (cr);
}

/* The time axis of a part, some rows at a time: their pixels stay in the cache from the ground to
 * the last line. */
typedef struct
{
  GanderTimeline *self;
  const GanderTheme *theme;
  const GanderCanvas *whole;
  const Part *part;
  guint n_rows; /* of a slice */
  guint next;   /* row; atomic */
} Slices;

/* The rows from number @i of the part on, with those beside them that may reach over. */
static Part
get_slice (const Slices *slices, guint i)
{
  const GanderTimelineRow *items =
      (const GanderTimelineRow *)(gpointer)slices->self->items->data + slices->part->first;
  int overhang = 2 * (int)line_width (slices->self);
  Part part = *slices->part;
  guint end = MIN (i + slices->n_rows, part.n);

  if (i > 0)
    part.y0 = CLAMP (items[i].y0, part.y0, part.y1);
  if (end < part.n)
    part.y1 = CLAMP (items[end].y0, part.y0, part.y1);
  if (i > 0 && items[i - 1].bar_y1 + overhang > items[i - 1].y1)
    i--;
  if (end < part.n && items[end].bar_y0 - overhang < items[end].y0)
    end++;
  part.first += i;
  part.n = end - i;
  return part;
}

static gpointer
slices_thread (gpointer data)
{
  Slices *slices = data;
  guint i = 0;

  while ((i = (guint)g_atomic_int_add (&slices->next, slices->n_rows)) < MAX (slices->part->n, 1))
    {
      Part part = get_slice (slices, i);
      cairo_t *cr = gander_canvas_slice (slices->whole, part.y0, part.y1);
      g_auto (GanderCanvas) canvas = { 0 };

      gander_canvas_init (&canvas, cr);
      paint_rows (slices->self, &canvas, slices->theme, &part);
      cairo_destroy (cr);
    }
  return NULL;
}

/* Begins to paint on the time axis of a part, until cairo_restore (). */
static void
enter_axis (const GanderTimeline *self, cairo_t *cr, const Part *part)
{
  cairo_save (cr);
  clip_to (cr, self->left, self->width, part->y0, part->y1);
  cairo_translate (cr, self->left, 0);
}

/* Label column and rows, by several threads if that is worth it. */
static void
paint_labels_and_rows (GanderTimeline *self,
                       cairo_t *cr,
                       const GanderTheme *theme,
                       const Part *part)
{
  gint64 area = (gint64)self->scale.width * (part->y1 - part->y0);
  guint n_threads = (guint)MIN (MIN (g_get_num_processors (), MOST_THREADS), area / THREAD_AREA);
  GThread *threads[MOST_THREADS];
  g_auto (GanderCanvas) canvas = { 0 };
  Slices slices = { self, theme, &canvas, part, 0, 0 };

  slices.n_rows = 1 + part->n * SLICE_PX / (guint)(part->y1 - part->y0);
  enter_axis (self, cr, part);
  gander_canvas_init (&canvas, cr);
  if (canvas.pixels == NULL)
    paint_rows (self, &canvas, theme, part);
  cairo_restore (cr);
  for (guint i = 1; i < n_threads && canvas.pixels != NULL; i++)
    threads[i] = g_thread_new ("rows", slices_thread, &slices);
  paint_labels (self, cr, theme, part);
  if (canvas.pixels == NULL)
    return;
  slices_thread (&slices);
  for (guint i = 1; i < n_threads; i++)
    g_thread_join (threads[i]);
  gander_canvas_fill (&canvas);
}

static void
paint_part (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, const Part *part)
{
  paint_labels_and_rows (self, cr, theme, part);
  enter_axis (self, cr, part);
  gander_timeline_paint_texts (self, cr, theme, self->span_texts, part->first_text, part->n_texts);
  gander_timeline_paint_marks (self, cr, theme, part->first, part->n);
  cairo_restore (cr);
}

void
gander_timeline_paint (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  g_auto (GanderCanvas) canvas = { 0 };
  int line = (int)line_width (self);

  g_return_if_fail (self != NULL && self->rows != NULL);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  clip_to (cr, 0, self->width, 0, self->height);
  fill_rect (cr, &theme->label_column, 1, 0, 0, self->left, self->height);
  gander_canvas_init (&canvas, cr);
  if (canvas.pixels == NULL)
    write_columns (self, cr, theme);
  for (guint pinned = 0; pinned < 2; pinned++)
    {
      Part part = get_part (self, pinned == 0);

      if (part.y1 <= part.y0)
        continue;
      paint_part (self, cr, theme, &part);
    }
  if (self->left > 0)
    fill_rect (cr, &theme->hairline, 1, self->left - line, 0, line, self->height);
  if (self->pinned_bottom > 0)
    fill_rect (cr, &theme->secondary, 0.6, 0, self->pinned_bottom - line, self->width, line);
  cairo_restore (cr);
}
