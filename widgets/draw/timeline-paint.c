/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/pattern.h"
#include "widgets/draw/timeline-private.h"

#include <math.h>

#define SUMMARY_ALPHA 0.65
#define STW_ALPHA     0.30
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

static void
paint_background (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  fill_rect (cr, &theme->canvas, 1, self->left, 0, self->width - self->left, self->height);
  for (guint i = 0; i < self->ticks->len; i++)
    {
      const GanderTick *tick = &g_array_index (self->ticks, GanderTick, i);

      if (tick->major)
        cairo_rectangle (cr, self->left + tick->x, 0, line_width (self), self->height);
    }
  gander_theme_set_color (cr, &theme->grid, 1);
  cairo_fill (cr);
}

/* The ground of lanes without columns, which bring their own, and a line above every heading. */
static void
paint_grounds (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, guint first, guint n)
{
  int width = self->scale.width;

  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);

      if (item->lane.first_column < 0 && (row->kind == GANDER_ROW_LANE || item->lane.n_boxes > 0))
        cairo_rectangle (cr, 0, item->bar_y0, width, item->bar_y1 - item->bar_y0);
    }
  gander_theme_set_color (cr, &theme->lane, 1);
  cairo_fill (cr);
  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      GanderRowKind kind = gander_rows_get (self->rows, item->row)->kind;

      if (kind == GANDER_ROW_SECTION || kind == GANDER_ROW_GROUP || kind == GANDER_ROW_TASK_TYPE)
        cairo_rectangle (cr, 0, item->y0, width, line_width (self));
    }
  gander_theme_set_color (cr, &theme->hairline, 1);
  cairo_fill (cr);
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

/* All columns of the picture go into the strip before any is painted. */
static void
write_columns (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  const GanderTimelineFrame *view = &self->view;
  GanderInks solid;
  GanderInks pale;

  gander_inks_init (&solid, theme, view->hidden_shades, view->focus_shades, 1);
  gander_inks_init (&pale,
                    theme,
                    view->hidden_shades,
                    view->focus_shades,
                    theme->high_contrast ? 1 : SUMMARY_ALPHA);
  gander_strip_reset (&self->strip, cr, self->scale.width, strip_height (self));
  for (guint i = 0; i < self->items->len; i++)
    {
      GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      item->strip_line = -1;
      if (item->lane.first_column >= 0)
        item->strip_line =
            gander_strip_write (&self->strip,
                                &g_array_index (self->columns,
                                                GanderColumn,
                                                item->lane.first_column),
                                self->scale.width,
                                item->summary == GANDER_SUMMARY_BUSY ? &pale : &solid,
                                item->bar_y1 - item->bar_y0);
    }
}

static void
paint_columns (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, guint first, guint n)
{
  cairo_pattern_t *dots = gander_pattern_new_dotted (&theme->text, 0.7, self->scale.first);

  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      gander_strip_paint (&self->strip,
                          cr,
                          item->strip_line,
                          self->scale.width,
                          0,
                          item->bar_y0,
                          item->bar_y1 - item->bar_y0);
    }
  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->lane.first_column >= 0)
        gander_columns_add_dense (cr,
                                  &g_array_index (self->columns,
                                                  GanderColumn,
                                                  item->lane.first_column),
                                  self->scale.width,
                                  0,
                                  item->bar_y0);
    }
  cairo_set_source (cr, dots);
  cairo_pattern_destroy (dots);
  cairo_fill (cr);
}

static void
paint_counters (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);

      if (item->first_goal >= 0)
        gander_counter_paint_goal (cr,
                                   &g_array_index (self->values, float, item->first_goal),
                                   self->scale.width,
                                   item->top,
                                   item->bar_y0,
                                   item->bar_y1,
                                   (int)line_width (self),
                                   &theme->counter);
      if (item->first_value >= 0)
        gander_counter_paint (cr,
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
paint_lives (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, guint first, guint n)
{
  int line = (int)line_width (self);
  int foot = gander_timeline_px (self, 4);

  for (guint i = first; i < first + n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      int y0 = item->bar_y0 - line;
      int y1 = item->bar_y1 + line;

      if (item->birth_x > -foot && item->birth_x < self->scale.width)
        {
          cairo_rectangle (cr, item->birth_x - line, y0, line, y1 - y0);
          cairo_rectangle (cr, item->birth_x - line, y1, foot, line);
        }
      if (item->death_x > 0 && item->death_x < self->scale.width + foot)
        {
          cairo_rectangle (cr, item->death_x, y0, line, y1 - y0);
          cairo_rectangle (cr, item->death_x + line - foot, y1, foot, line);
        }
    }
  gander_theme_set_color (cr, &theme->secondary, 1);
  cairo_fill (cr);
}

/* A tint with a solid leading line; in high contrast, which has no tints, a line at either end. */
static void
paint_bands (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  const GanderColor *color = &theme->shade[GANDER_SHADE_STW];
  double alpha =
      gander_shade_get_alpha (GANDER_SHADE_STW, self->view.hidden_shades, self->view.focus_shades);
  int line = (int)line_width (self);
  gboolean crowded =
      self->bands->len > (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));

  for (guint i = 0; i < self->bands->len && !theme->high_contrast; i++)
    {
      const GanderBar *band = &g_array_index (self->bands, GanderBar, i);

      cairo_rectangle (cr, band->x0, 0, band->x1 - band->x0, self->height);
    }
  gander_theme_set_color (cr, color, alpha * (crowded ? STW_ALPHA / 2 : STW_ALPHA));
  cairo_fill (cr);
  for (guint i = 0; i < self->bands->len && (theme->high_contrast || !crowded); i++)
    {
      const GanderBar *band = &g_array_index (self->bands, GanderBar, i);

      cairo_rectangle (cr, band->x0, 0, theme->high_contrast ? 2 * line : line, self->height);
      if (theme->high_contrast)
        cairo_rectangle (cr, band->x1 - 2 * line, 0, 2 * line, self->height);
    }
  gander_theme_set_color (cr, color, alpha);
  cairo_fill (cr);
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
paint_rows (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, guint first, guint n)
{
  paint_grounds (self, cr, theme, first, n);
  paint_columns (self, cr, theme, first, n);
  paint_counters (self, cr, theme, first, n);
  gander_timeline_paint_boxes (self, cr, theme, first, n);
  gander_timeline_paint_bars (self, cr, theme, first, n);
  paint_lives (self, cr, theme, first, n);
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

static void
paint_time_axis (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, const Part *part)
{
  cairo_save (cr);
  clip_to (cr, self->left, self->width, part->y0, part->y1);
  cairo_translate (cr, self->left, 0);
  paint_rows (self, cr, theme, part->first, part->n);
  paint_bands (self, cr, theme);
  gander_timeline_paint_texts (self, cr, theme, self->span_texts, part->first_text, part->n_texts);
  gander_timeline_paint_marks (self, cr, theme, part->first, part->n);
  cairo_restore (cr);
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

void
gander_timeline_paint (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme)
{
  int line = (int)line_width (self);

  g_return_if_fail (self != NULL && self->rows != NULL);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  clip_to (cr, 0, self->width, 0, self->height);
  paint_background (self, cr, theme);
  fill_rect (cr, &theme->label_column, 1, 0, 0, self->left, self->height);
  write_columns (self, cr, theme);
  for (guint pinned = 0; pinned < 2; pinned++)
    {
      Part part = get_part (self, pinned == 0);

      if (part.y1 <= part.y0)
        continue;
      paint_time_axis (self, cr, theme, &part);
      paint_labels (self, cr, theme, &part);
    }
  if (self->left > 0)
    fill_rect (cr, &theme->hairline, 1, self->left - line, 0, line, self->height);
  if (self->pinned_bottom > 0)
    fill_rect (cr, &theme->secondary, 0.6, 0, self->pinned_bottom - line, self->width, line);
  cairo_restore (cr);
}
