/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/pattern.h"
#include "widgets/draw/timeline-private.h"

#define SUMMARY_ALPHA 0.65
#define STW_ALPHA     0.30
#define CROWDED_PX \
  16 /* a pause in fewer px than this: tints alone, or nothing else could be seen */

static int
line_width (const GanderTimeline *self)
{
  return gander_theme_get_hairline (self->factor);
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
        gander_canvas_add (canvas, tick->x, y0, line_width (self), y1 - y0);
    }
  gander_canvas_fill (canvas);
}

/* Where no bar will be. */
static void
paint_background (GanderTimeline *self,
                  GanderCanvas *canvas,
                  const GanderTheme *theme,
                  const GanderTimelinePart *part)
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
  return &g_array_index (self->sheet.columns, GanderColumn, item->lane.first_column);
}

void
gander_timeline_write_columns (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
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
store_bars (GanderTimeline *self,
            GanderCanvas *canvas,
            const GanderTheme *theme,
            const GanderTimelinePart *part)
{
  g_autofree guint32 *ground = NULL;
  Inks inks;

  if (canvas->x1 <= canvas->x0)
    return;
  ground = g_new (guint32, canvas->x1);

  inks_init (&inks, &self->view, theme);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      g_auto (GanderCanvas) line = { 0 };

      if (!has_bar (self, item))
        continue;
      gander_canvas_init_line (&line, ground, canvas->x0, canvas->x1, item->bar_y0);
      gander_canvas_set_color (&line, &theme->lane, 1);
      gander_canvas_add (&line, 0, item->bar_y0, canvas->x1, 1);
      gander_timeline_paint_fills (self, &line, theme, i, 1);
      gander_columns_store (item->lane.first_column >= 0 ? columns_of (self, item) : NULL,
                            self->scale.width,
                            inks_of (&inks, item),
                            ground,
                            canvas,
                            item->bar_y0,
                            item->bar_y1 - item->bar_y0);
    }
}

/* The same by cairo, with columns from the strip, which bring their own ground. */
static void
paint_bars (GanderTimeline *self,
            GanderCanvas *canvas,
            const GanderTheme *theme,
            const GanderTimelinePart *part)
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
                const GanderTimelinePart *part)
{
  gander_canvas_set_color (canvas, &theme->hairline, 1);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      GanderRowKind kind = gander_rows_get (self->rows, item->row)->kind;

      if (kind == GANDER_ROW_SECTION || kind == GANDER_ROW_GROUP || kind == GANDER_ROW_TASK_TYPE)
        gander_canvas_add (canvas, 0, item->y0, self->scale.width, line_width (self));
    }
  gander_canvas_fill (canvas);
}

static gboolean
has_dense (const GanderTimeline *self, const GanderCanvas *canvas, const GanderTimelineRow *item)
{
  const GanderColumn *columns = NULL;
  int x0 = canvas->pixels != NULL ? MAX (canvas->x0, 0) : 0;
  int x1 = canvas->pixels != NULL ? MIN (canvas->x1, self->scale.width) : self->scale.width;

  if (item->lane.first_column < 0)
    return FALSE;
  columns = columns_of (self, item);
  for (int x = x0; x < x1; x++)
    if (columns[x].dense)
      return TRUE;
  return FALSE;
}

/* Dots over columns of very many spans. */
static void
paint_dense (GanderTimeline *self,
             GanderCanvas *canvas,
             const GanderTheme *theme,
             const GanderTimelinePart *part)
{
  cairo_pattern_t *dots = NULL;
  gboolean any = FALSE;

  for (guint i = part->first; i < part->first + part->n && !any; i++)
    any = has_dense (self, canvas, &g_array_index (self->items, GanderTimelineRow, i));
  if (!any)
    return;
  dots = gander_pattern_new_dotted (&theme->text, 0.7, self->scale.first);
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
                                   &g_array_index (self->sheet.values, float, item->first_goal),
                                   self->scale.width,
                                   item->top,
                                   item->bar_y0,
                                   item->bar_y1,
                                   line_width (self),
                                   &theme->counter);
      if (item->first_value >= 0)
        gander_counter_paint (canvas,
                              &g_array_index (self->sheet.values, float, item->first_value),
                              self->scale.width,
                              item->top,
                              item->bar_y0,
                              item->bar_y1,
                              line_width (self),
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
  int line = line_width (self);
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

gboolean
gander_timeline_has_crowded_bands (const GanderTimeline *self)
{
  return self->bands->len > (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));
}

/* Fills @out with a line of @width at the left end of each band, and if @both one at the right end.
 * Where there is no room for two the band is one. Returns: how many there are; in order, none over
 * another. */
static guint
get_ends (const GArray *bands, int width, gboolean both, GanderStripe *out)
{
  guint n = 0;

  for (guint i = 0; i < bands->len; i++)
    {
      const GanderBar *band = &g_array_index (bands, GanderBar, i);
      int length = band->x1 - band->x0;

      out[n++] = (GanderStripe){ band->x0, both && length < 2 * width ? length : width };
      if (both && length >= 2 * width)
        out[n++] = (GanderStripe){ band->x1 - width, width };
    }
  return n;
}

/* A tint with a solid leading line; in high contrast, which has no tints, a line at either end. */
static void
paint_bands (GanderTimeline *self,
             GanderCanvas *canvas,
             const GanderTheme *theme,
             const GanderTimelinePart *part)
{
  const GanderColor *color = &theme->shade[GANDER_SHADE_STW];
  double alpha =
      gander_shade_get_alpha (GANDER_SHADE_STW, self->view.hidden_shades, self->view.focus_shades);
  int line = line_width (self);
  int height = part->y1 - part->y0;
  guint n = self->bands->len;
  gboolean crowded = gander_timeline_has_crowded_bands (self);
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
  n = get_ends (self->bands, theme->high_contrast ? 2 * line : line, theme->high_contrast, stripes);
  gander_canvas_set_color (canvas, color, alpha);
  gander_canvas_add_stripes (canvas, stripes, n, part->y0, height);
  gander_canvas_fill (canvas);
}

void
gander_timeline_paint_rows (GanderTimeline *self,
                            GanderCanvas *canvas,
                            const GanderTheme *theme,
                            const GanderTimelinePart *part)
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
