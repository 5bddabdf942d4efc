/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#define RING_PX     2
#define HALO_PX     6
#define ARROW_PX    5
#define RANGE_ALPHA 0.16
#define DIM_ALPHA   0.06

static void
fill_rect (cairo_t *cr, const GanderColor *color, double alpha, int x, int y, int width, int height)
{
  gander_theme_set_color (cr, color, alpha);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

static void
paint_range (GanderTimeline *self,
             cairo_t *cr,
             const GanderTheme *theme,
             const GanderOverlay *overlay)
{
  int line = gander_theme_get_hairline (self->factor);
  int x0 = gander_scale_get_x (&self->scale, overlay->range_begin);
  int x1 = MAX (gander_scale_get_x (&self->scale, overlay->range_end), x0 + 1);
  int right = MAX (self->scale.width, 0);

  fill_rect (cr, &theme->text, DIM_ALPHA, 0, 0, CLAMP (x0, 0, right), self->height);
  fill_rect (cr,
             &theme->text,
             DIM_ALPHA,
             CLAMP (x1, 0, right),
             0,
             right - CLAMP (x1, 0, right),
             self->height);
  fill_rect (cr, &theme->accent, RANGE_ALPHA, x0, 0, x1 - x0, self->height);
  fill_rect (cr, &theme->text, 1, x0, 0, line, self->height);
  fill_rect (cr, &theme->text, 1, x1 - line, 0, line, self->height);
}

/* The item that shows a lane, or the closed group it is in. */
static const GanderTimelineRow *
find_lane_item (const GanderTimeline *self, GanderLaneId lane)
{
  guint32 row;

  for (guint i = 0; i < self->items->len; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *details = gander_rows_get (self->rows, item->row);

      if (details->kind == GANDER_ROW_LANE && details->lane == lane)
        return item;
    }
  row = gander_rows_find_lane (self->rows, lane);
  return row != GANDER_ROW_NONE ? gander_timeline_find_item (self, row) : NULL;
}

static void
paint_ring (GanderTimeline *self,
            cairo_t *cr,
            const GanderTheme *theme,
            const GanderTimelineRow *item,
            const GanderSpan *span)
{
  double ring = RING_PX * self->factor;
  int x0 = gander_scale_get_x (&self->scale, span->begin);
  int x1 = MAX (gander_scale_get_x (&self->scale, span->end), x0 + 1);
  double x = x0 - ring / 2;
  double y = item->bar_y0 - ring / 2;
  double width = x1 - x0 + ring;
  double height = item->bar_y1 - item->bar_y0 + ring;

  cairo_rectangle (cr, x, y, width, height);
  gander_theme_set_color (cr, &theme->canvas, 1);
  cairo_set_line_width (cr, ring + 2 * self->factor);
  cairo_stroke_preserve (cr);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_set_line_width (cr, ring);
  cairo_stroke (cr);
}

/* A pill that says where an arrow goes to beyond the edge of the picture. */
static void
paint_pill (GanderTimeline *self,
            cairo_t *cr,
            const GanderTheme *theme,
            const char *text,
            int x,
            int y)
{
  int width = gander_labels_get_width (self->labels, GANDER_LABEL_PILL, text);
  int height = gander_labels_get_height (self->labels, GANDER_LABEL_PILL);
  int padding = gander_timeline_px (self, 6);
  double radius = (height + padding / 2.0) / 2;
  double left =
      CLAMP (x - width / 2 - padding, 0, MAX (self->scale.width - width - 2 * padding, 0));

  cairo_new_sub_path (cr);
  cairo_arc (cr, left + radius, y, radius, G_PI_2, 3 * G_PI_2);
  cairo_arc (cr, left + width + 2 * padding - radius, y, radius, -G_PI_2, G_PI_2);
  cairo_close_path (cr);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_fill (cr);
  gander_theme_set_color (cr, &theme->canvas, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_PILL,
                       text,
                       (int)left + padding,
                       y,
                       width + 1);
}

static void
trace_arrow (cairo_t *cr, double x, double from, double to, double head)
{
  double back = from < to ? -head : head;

  cairo_move_to (cr, x, from);
  cairo_line_to (cr, x, to + back);
  cairo_stroke (cr);
  cairo_move_to (cr, x, to);
  cairo_line_to (cr, x - head, to + back * 1.4);
  cairo_line_to (cr, x + head, to + back * 1.4);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_dot (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme, double x, double y)
{
  cairo_arc (cr, x, y, 4 * self->factor, 0, 2 * G_PI);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_fill_preserve (cr);
  gander_theme_set_color (cr, &theme->canvas, 1);
  cairo_set_line_width (cr, 1.5 * self->factor);
  cairo_stroke (cr);
}

/* What woke a goroutine when no goroutine did. */
static const char *
source_glyph (const GanderTimeline *self, const GanderSpan *span)
{
  switch (gander_index_get_wait (self->index, span->reason))
    {
    case GANDER_WAIT_SLEEP:
      return "\u23f2";
    case GANDER_WAIT_NETWORK:
      return "\u21c5";
    case GANDER_WAIT_GC:
      return "\u267a";
    default:
      return NULL;
    }
}

static void
paint_source (GanderTimeline *self,
              cairo_t *cr,
              const GanderTheme *theme,
              const GanderTimelineRow *item,
              const GanderSpan *span,
              const GanderSpan *wake)
{
  const char *glyph = span->state == GANDER_STATE_BLOCKED ? source_glyph (self, span) : NULL;

  if (glyph != NULL)
    paint_pill (self,
                cr,
                theme,
                glyph,
                gander_scale_get_x (&self->scale, wake->begin),
                item->bar_y1 + gander_timeline_px (self, 6));
}

/* From a dot on the waker, or a pill with its name at the edge of the picture, straight to the
 * lane. */
static void
paint_arrow (GanderTimeline *self,
             cairo_t *cr,
             const GanderTheme *theme,
             const GanderTimelineRow *item,
             const GanderSpan *wake)
{
  const GanderTimelineRow *waker = find_lane_item (self, wake->link);
  double x = gander_scale_get_x (&self->scale, wake->begin) + 0.5 * self->factor;
  double edge = 8 * self->factor;
  double from = 0;
  double to;
  char text[64];
  GanderLane lane;

  if (waker == item)
    return;
  if (waker != NULL)
    from = (waker->bar_y0 + waker->bar_y1) / 2.0;
  else if (gander_rows_find_lane (self->rows, wake->link) < item->row)
    from = edge;
  else
    from = self->height - edge;
  to = from < item->bar_y0 ? item->bar_y0 - self->factor : item->bar_y1 + self->factor;

  gander_theme_set_color (cr, &theme->canvas, 0.9);
  cairo_set_line_width (cr, HALO_PX * self->factor);
  cairo_move_to (cr, x, from);
  cairo_line_to (cr, x, to);
  cairo_stroke (cr);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_set_line_width (cr, 1.5 * self->factor);
  trace_arrow (cr, x, from, to, ARROW_PX * self->factor);
  if (waker != NULL)
    {
      paint_dot (self, cr, theme, x, from);
      return;
    }
  gander_index_get_lane (self->index, wake->link, &lane);
  g_snprintf (text,
              sizeof text,
              "G%" G_GINT64_FORMAT " %s",
              lane.id,
              from < to ? "\u25b4" : "\u25be");
  paint_pill (self, cr, theme, text, (int)x, (int)from);
}

static void
paint_wake (GanderTimeline *self,
            cairo_t *cr,
            const GanderTheme *theme,
            const GanderTimelineRow *item,
            const GanderSpan *span)
{
  GanderSpan wake;

  if (!gander_query_wake (self->index, span, &wake))
    return;
  if (wake.link < gander_index_get_n_lanes (self->index))
    paint_arrow (self, cr, theme, item, &wake);
  else
    paint_source (self, cr, theme, item, span, &wake);
}

static void
paint_selection (GanderTimeline *self,
                 cairo_t *cr,
                 const GanderTheme *theme,
                 const GanderOverlay *overlay)
{
  const GanderTimelineRow *item;
  GanderLane lane;
  GanderSpan span;

  if (overlay->selected_lane >= gander_index_get_n_lanes (self->index))
    return;
  gander_index_get_lane (self->index, overlay->selected_lane, &lane);
  item = find_lane_item (self, overlay->selected_lane);
  if (item == NULL || overlay->selected_ordinal >= lane.n_spans)
    return;
  gander_query_span (self->index, overlay->selected_lane, overlay->selected_ordinal, &span);
  if (overlay->arrow)
    paint_wake (self, cr, theme, item, &span);
  paint_ring (self, cr, theme, item, &span);
}

void
gander_timeline_paint_overlay (GanderTimeline *self,
                               cairo_t *cr,
                               const GanderTheme *theme,
                               const GanderOverlay *overlay)
{
  int line = gander_theme_get_hairline (self->factor);
  const GanderTimelineRow *focus;

  g_return_if_fail (self != NULL && self->rows != NULL);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  focus = overlay->focus_row != GANDER_ROW_NONE
              ? gander_timeline_find_item (self, overlay->focus_row)
              : NULL;
  if (focus != NULL)
    {
      gander_theme_set_color (cr, &theme->accent, 1);
      cairo_set_line_width (cr, 2 * self->factor);
      cairo_rectangle (cr,
                       self->factor,
                       focus->y0 + self->factor,
                       self->width - 2 * self->factor,
                       focus->y1 - focus->y0 - 2 * self->factor);
      cairo_stroke (cr);
    }
  cairo_rectangle (cr, self->left, 0, self->width - self->left, self->height);
  cairo_clip (cr);
  cairo_translate (cr, self->left, 0);
  if (overlay->range_begin >= 0 && overlay->range_end > overlay->range_begin)
    paint_range (self, cr, theme, overlay);
  if (overlay->selected_lane != GANDER_LANE_NONE)
    paint_selection (self, cr, theme, overlay);
  if (overlay->pointer >= 0)
    fill_rect (cr,
               &theme->text,
               0.8,
               gander_scale_get_x (&self->scale, overlay->pointer),
               0,
               line,
               self->height);
  cairo_restore (cr);
}
