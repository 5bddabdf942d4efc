/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies over the picture of the rows and beside it: selection, pointer, ruler and card. */
#include "widgets/lane-area-private.h"

#include "widgets/style.h"

static void
append_overlay (GtkSnapshot *snapshot,
                GanderTimeline *timeline,
                const GanderOverlay *overlay,
                int width,
                int height)
{
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));

  gander_timeline_paint_overlay (timeline, cr, gander_style_get_theme (), overlay);
  cairo_destroy (cr);
}

/* The layout may be of an earlier view: the line goes to the instant that it shows there. */
static void
snapshot_pointer (GanderLaneArea *self,
                  GtkSnapshot *snapshot,
                  GanderTimeline *timeline,
                  int width,
                  int height)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderTime pointer = gander_viewport_get_pointer (viewport);
  const GanderTime begin = gander_viewport_get_begin (viewport);
  const double length = (double)(gander_viewport_get_end (viewport) - begin);
  GanderOverlay overlay = GANDER_OVERLAY_INIT;
  double x;

  if (pointer == GANDER_VIEWPORT_NO_POINTER)
    return;
  x = GANDER_LABEL_WIDTH +
      (double)(pointer - begin) / MAX (length, 1) * gander_lane_area_get_axis_width (self);
  overlay.pointer =
      gander_lane_area_is_settled (self) ? pointer : gander_timeline_get_time (timeline, x);
  append_overlay (snapshot, timeline, &overlay, width, height);
}

void
gander_lane_area_snapshot_overlay (GanderLaneArea *self,
                                   GtkSnapshot *snapshot,
                                   int width,
                                   int height)
{
  GanderSelection *selection = gander_trace_session_get_selection (self->session);
  GanderTimeline *timeline = gander_lane_picture_get_timeline (self->picture);
  const GanderSelected *selected = gander_selection_get (selection);
  GanderOverlay overlay = GANDER_OVERLAY_INIT;

  if (timeline == NULL)
    return;
  if (selected->kind == GANDER_SELECTED_SPAN)
    {
      overlay.selected_lane = selected->lane;
      overlay.selected_ordinal = selected->row;
      overlay.arrow = TRUE;
    }
  else if (gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    {
      overlay.focus_row = gander_lane_area_get_selected_row (self);
    }
  gander_lane_picture_push (self->picture, snapshot);
  append_overlay (snapshot, timeline, &overlay, width, height);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
  snapshot_pointer (self, snapshot, timeline, width, height);
}

void
gander_lane_area_snapshot_ruler (GanderLaneArea *self, GtkSnapshot *snapshot, int width, int y)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderTime pointer = gander_viewport_get_pointer (viewport);
  GanderRulerView view = { 0 };
  cairo_t *cr;

  view.begin = gander_viewport_get_begin (viewport);
  view.end = gander_viewport_get_end (viewport);
  view.width = width;
  view.height = GANDER_RULER_HEIGHT;
  view.label_width = GANDER_LABEL_WIDTH;
  view.scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  view.zero = gander_trace_session_get_zero (self->session);
  view.pointer = pointer == GANDER_VIEWPORT_NO_POINTER ? -1 : pointer;
  view.range_begin = -1;
  view.range_end = -1;
  view.title = self->ruler_title;
  gander_ruler_layout (self->ruler, &view);
  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0,
                                                       (float)y,
                                                       (float)width,
                                                       GANDER_RULER_HEIGHT));
  cairo_translate (cr, 0, y);
  gander_ruler_paint (self->ruler, cr, gander_style_get_theme ());
  cairo_destroy (cr);
}

void
gander_lane_area_snapshot_tip (GanderLaneArea *self, GtkSnapshot *snapshot)
{
  const GanderHit *hit = &self->tip_hit;
  const GdkRectangle avoid = { hit->x, hit->y, hit->width, hit->height };

  if (self->tip == NULL)
    return;
  gander_tip_snapshot (self->tip, GTK_WIDGET (self), snapshot, self->tip_x, self->tip_y, &avoid);
}
