/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-area-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_NOTCH     1.25
#define ZOOM_FINE      1.06
#define PAN_NOTCH      0.10 /* of the window */
#define SCROLL_NOTCH   72   /* px */
#define TOUCHPAD_NOTCH 50.0 /* px of a touchpad that make a notch */
#define DRAG_START_PX  4
#define TIP_RETRY_MS   20 /* while the picture of the lanes is not there yet */
#define TIP_DELAY_MS   150
#define SEARCH_MAX     4096  /* spans of a column searched for the longest */
#define MOMENTUM_DECAY 0.004 /* of the speed, per ms */
#define MOMENTUM_STOP  0.05  /* px per ms */

void
gander_lane_area_update_pointer (GanderLaneArea *self)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);

  if (self->has_pointer && self->pointer_x >= GANDER_LABEL_WIDTH)
    gander_viewport_set_pointer (viewport, gander_lane_area_get_time (self, self->pointer_x));
}

void
gander_lane_area_drop_tip (GanderLaneArea *self)
{
  g_clear_handle_id (&self->tip_id, g_source_remove);
  if (self->tip == NULL)
    return;
  g_clear_pointer (&self->tip, gander_tip_free);
  gander_lane_area_queue_overlay (self);
}

static gboolean
same_thing (const GanderHit *a, const GanderHit *b)
{
  return a->kind == b->kind && a->row == b->row && a->lane == b->lane && a->ordinal == b->ordinal &&
         a->item == b->item && a->begin == b->begin;
}

static void
show_tip (GanderLaneArea *self, const GanderHit *hit, double x, double y)
{
  gander_lane_area_drop_tip (self);
  self->tip = gander_tip_new (self->session, hit);
  self->tip_hit = *hit;
  self->tip_x = x;
  self->tip_y = y;
  gander_lane_area_queue_overlay (self);
}

void
gander_lane_area_show_tip_at (GanderLaneArea *self, double x, double y)
{
  GanderHit hit = { 0 };

  if (gander_lane_area_hit (self, x, y, &hit))
    show_tip (self, &hit, x, y);
}

static gboolean
tip_cb (gpointer data)
{
  GanderLaneArea *self = data;
  GanderHit hit = { 0 };

  self->tip_id = 0;
  if (self->has_pointer && !gander_lane_area_is_settled (self))
    self->tip_id = g_timeout_add (TIP_RETRY_MS, tip_cb, self);
  else if (self->has_pointer && !self->dragging && !self->no_tips &&
           gander_lane_area_hit (self, self->pointer_x, self->pointer_y, &hit))
    show_tip (self, &hit, self->pointer_x, self->pointer_y);
  return G_SOURCE_REMOVE;
}

/* After a moment of rest; at once when another card is open already. */
static void
update_tip (GanderLaneArea *self)
{
  GanderHit hit = { 0 };

  if (self->no_tips || self->dragging)
    return;
  if (self->tip == NULL)
    {
      g_clear_handle_id (&self->tip_id, g_source_remove);
      self->tip_id = g_timeout_add (TIP_DELAY_MS, tip_cb, self);
      return;
    }
  self->tip_x = self->pointer_x;
  self->tip_y = self->pointer_y;
  if (!gander_lane_area_is_settled (self) ||
      !gander_lane_area_hit (self, self->pointer_x, self->pointer_y, &hit))
    gander_lane_area_drop_tip (self);
  else if (!same_thing (&hit, &self->tip_hit))
    show_tip (self, &hit, self->pointer_x, self->pointer_y);
}

static void
drop_pointer (GanderLaneArea *self)
{
  gander_viewport_set_pointer (gander_trace_session_get_viewport (self->session),
                               GANDER_VIEWPORT_NO_POINTER);
}

static void
motion_cb (GanderLaneArea *self, double x, double y)
{
  self->has_pointer = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  if (x < GANDER_LABEL_WIDTH)
    drop_pointer (self);
  gander_lane_area_update_pointer (self);
  update_tip (self);
  gander_lane_area_queue_overlay (self);
}

static void
leave_cb (GanderLaneArea *self)
{
  self->has_pointer = FALSE;
  gander_lane_area_drop_tip (self);
  drop_pointer (self);
}

/* Wheel and touchpad. */

static void
zoom_at_pointer (GanderLaneArea *self, double factor)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const double x = self->has_pointer
                       ? MAX (self->pointer_x, GANDER_LABEL_WIDTH)
                       : GANDER_LABEL_WIDTH + gander_lane_area_get_axis_width (self) / 2.0;

  gander_viewport_zoom (viewport, factor, gander_lane_area_get_time (self, x));
}

static void
pan_notches (GanderLaneArea *self, double notches)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  GanderTime begin, end;

  gander_viewport_get_target (viewport, &begin, &end);
  gander_viewport_pan (viewport, (GanderTime)((double)(end - begin) * PAN_NOTCH * notches));
}

static gboolean
scroll_cb (GanderLaneArea *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  const GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  const gboolean control = (state & GDK_CONTROL_MASK) != 0;
  const gboolean shift = (state & GDK_SHIFT_MASK) != 0;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    {
      dx /= TOUCHPAD_NOTCH;
      dy /= TOUCHPAD_NOTCH;
    }
  if (control || (self->has_pointer && gander_lane_area_is_ruler (self, self->pointer_y)))
    zoom_at_pointer (self, pow (shift ? ZOOM_FINE : ZOOM_NOTCH, dy != 0 ? dy : dx));
  else if (shift)
    pan_notches (self, dy != 0 ? dy : dx);
  else
    {
      if (dx != 0)
        pan_notches (self, dx);
      gtk_adjustment_set_value (self->adjustment,
                                gtk_adjustment_get_value (self->adjustment) + dy * SCROLL_NOTCH);
    }
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GanderLaneArea *self)
{
  self->last_scale = 1;
}

static void
pinch_cb (GanderLaneArea *self, double scale, GtkGesture *gesture)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  double x, y;

  if (scale <= 0 || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;
  gander_viewport_zoom (viewport, self->last_scale / scale, gander_lane_area_get_time (self, x));
  self->last_scale = scale;
}

/* Selecting. */

static gboolean
select_longest (GanderLaneArea *self, const GanderHit *hit)
{
  const GanderIndex *index = gander_trace_session_get_index (self->session);
  GanderSpan span, longest = { .ordinal = G_MAXUINT32 };
  GanderSpanIter iter;
  guint n = 0;

  gander_span_iter_init (&iter, index, hit->lane, hit->begin, hit->end);
  while (n++ < SEARCH_MAX && gander_span_iter_next (&iter, &span))
    if (longest.ordinal == G_MAXUINT32 || span.end - span.begin > longest.end - longest.begin)
      longest = span;
  if (longest.ordinal == G_MAXUINT32)
    return FALSE;
  gander_selection_set_span (gander_trace_session_get_selection (self->session),
                             hit->lane,
                             longest.ordinal);
  return TRUE;
}

gboolean
gander_lane_area_select_hit (GanderLaneArea *self, const GanderHit *hit)
{
  GanderSelection *selection = gander_trace_session_get_selection (self->session);
  const GanderRows *rows = gander_trace_session_get_rows (self->session);
  GanderSelected selected = { .lane = hit->lane, .row = hit->item };

  if (hit->row != GANDER_ROW_NONE && hit->kind != GANDER_HIT_NOTHING)
    selected.key = gander_rows_get (rows, hit->row)->key;

  switch (hit->kind)
    {
    case GANDER_HIT_SPAN:
      gander_selection_set_span (selection, hit->lane, hit->ordinal);
      return TRUE;
    case GANDER_HIT_COLUMN:
      return select_longest (self, hit);
    case GANDER_HIT_MARK:
      if (hit->mark != GANDER_MARK_EXTREME)
        return FALSE;
      gander_selection_set_span (selection, hit->lane, hit->ordinal);
      return TRUE;
    case GANDER_HIT_RANGE:
      selected.kind = GANDER_SELECTED_RANGE;
      selected.lane = 0;
      selected.range_kind = hit->range_kind;
      break;
    case GANDER_HIT_REGION:
      selected.kind = GANDER_SELECTED_REGION;
      break;
    case GANDER_HIT_TASK:
      selected.kind = GANDER_SELECTED_TASK;
      selected.lane = 0;
      break;
    case GANDER_HIT_LABEL:
      if (gander_rows_get (rows, hit->row)->kind == GANDER_ROW_LANE)
        {
          gander_selection_set_lane (selection, gander_rows_get (rows, hit->row)->lane);
          return TRUE;
        }
      selected = (GanderSelected){ .kind = GANDER_SELECTED_ROW,
                                   .key = gander_rows_get (rows, hit->row)->key };
      break;
    default:
      return FALSE;
    }
  gander_selection_set (selection, &selected);
  return TRUE;
}

static void
click (GanderLaneArea *self, double x, double y)
{
  GanderHit hit = { .row = GANDER_ROW_NONE };

  if (gander_lane_area_is_ruler (self, y))
    return;
  gander_lane_area_hit (self, x, y, &hit);
  if (hit.kind == GANDER_HIT_DISCLOSURE || hit.kind == GANDER_HIT_MORE)
    gander_lane_area_toggle_row (self, hit.row);
  else if (!gander_lane_area_select_hit (self, &hit) && x >= GANDER_LABEL_WIDTH)
    gander_selection_clear (gander_trace_session_get_selection (self->session));
  if (x >= GANDER_LABEL_WIDTH)
    self->cursor = gander_lane_area_get_time (self, x);
}

static void
double_click (GanderLaneArea *self, double x, double y)
{
  const GanderIndex *index = gander_trace_session_get_index (self->session);
  GanderHit hit = { .row = GANDER_ROW_NONE };
  GanderLane lane;

  if (!gander_lane_area_hit (self, x, y, &hit))
    return;
  if (hit.kind == GANDER_HIT_LABEL && hit.lane != GANDER_LANE_NONE)
    {
      gander_index_get_lane (index, hit.lane, &lane);
      gander_trace_session_zoom_to (self->session, lane.begin, lane.end, GTK_WIDGET (self));
    }
  else if (hit.kind == GANDER_HIT_LABEL)
    gander_lane_area_toggle_row (self, hit.row);
  else if (hit.end > hit.begin && hit.kind != GANDER_HIT_ROW)
    gander_trace_session_zoom_to (self->session, hit.begin, hit.end, GTK_WIDGET (self));
}

static void
pressed_cb (GanderLaneArea *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press == 2)
    double_click (self, x, y);
}

static void
released_cb (GanderLaneArea *self, int n_press, double x, double y)
{
  if (n_press == 1 && !self->dragged)
    click (self, x, y);
}

static void
history_button_cb (GanderLaneArea *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  const guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (button == 8 || button == 9)
    gander_trace_session_walk (self->session, button == 8 ? -1 : 1, GTK_WIDGET (self));
}

/* Dragging. */

static void
stop_momentum (GanderLaneArea *self)
{
  if (self->momentum_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->momentum_id);
  self->momentum_id = 0;
}

static void
drag_begin_cb (GanderLaneArea *self, double x, double y)
{
  GanderTime end;

  stop_momentum (self);
  self->dragging = FALSE;
  self->dragged = FALSE;
  self->velocity_x = 0;
  self->drag_x = x;
  self->last_x = x;
  self->last_motion = g_get_monotonic_time ();
  self->drag_scroll = gtk_adjustment_get_value (self->adjustment);
  gander_viewport_get_target (gander_trace_session_get_viewport (self->session),
                              &self->drag_begin,
                              &end);
}

static void
track_velocity (GanderLaneArea *self, double x)
{
  const gint64 now = g_get_monotonic_time ();
  const double elapsed = (double)(now - self->last_motion) / 1000;

  if (elapsed <= 0)
    return;
  self->velocity_x = 0.6 * (x - self->last_x) / elapsed + 0.4 * self->velocity_x;
  self->last_x = x;
  self->last_motion = now;
}

static void
drag_update_cb (GanderLaneArea *self, double dx, double dy)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  GanderTime begin, end;
  double per_px;

  if (!self->dragging && hypot (dx, dy) < DRAG_START_PX)
    return;
  if (!self->dragging)
    {
      self->dragging = TRUE;
      self->dragged = TRUE;
      gander_lane_area_drop_tip (self);
      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
    }
  if (self->drag_x >= GANDER_LABEL_WIDTH)
    {
      gander_viewport_get_target (viewport, &begin, &end);
      per_px = (double)(end - begin) / gander_lane_area_get_axis_width (self);
      gander_viewport_pan (viewport, self->drag_begin - (GanderTime)(dx * per_px) - begin);
      track_velocity (self, self->drag_x + dx);
    }
  gtk_adjustment_set_value (self->adjustment, self->drag_scroll - dy);
}

static gboolean
momentum_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  GanderLaneArea *self = GANDER_LANE_AREA (widget);
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const gint64 now = gdk_frame_clock_get_frame_time (clock);
  const double elapsed = CLAMP ((double)(now - self->last_motion) / 1000, 0, 100);
  const GanderTime begin = gander_viewport_get_begin (viewport);
  const GanderTime end = gander_viewport_get_end (viewport);
  const double per_px = (double)(end - begin) / gander_lane_area_get_axis_width (self);

  self->last_motion = now;
  gander_viewport_pan (viewport, (GanderTime)(-self->velocity_x * elapsed * per_px));
  self->velocity_x *= exp (-MOMENTUM_DECAY * elapsed);
  if (fabs (self->velocity_x) > MOMENTUM_STOP && gander_viewport_get_begin (viewport) != begin)
    return G_SOURCE_CONTINUE;
  self->momentum_id = 0;
  return G_SOURCE_REMOVE;
}

static void
drag_end_cb (GanderLaneArea *self)
{
  gboolean animate = TRUE;

  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  if (!self->dragging)
    return;
  self->dragging = FALSE;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)),
                "gtk-enable-animations",
                &animate,
                NULL);
  if (animate && g_get_monotonic_time () - self->last_motion < 50000 &&
      fabs (self->velocity_x) > 4 * MOMENTUM_STOP)
    {
      self->last_motion = g_get_monotonic_time ();
      self->momentum_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), momentum_cb, NULL, NULL);
    }
}

/* The menu. */

static GMenuModel *
build_menu (gboolean label_column)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) first = g_menu_new ();
  g_autoptr (GMenu) second = g_menu_new ();

  if (label_column)
    {
      g_menu_append (first, _ ("Pin or Unpin"), "timeline.pin");
      g_menu_append (first, _ ("Hide"), "timeline.hide");
      g_menu_append (first, _ ("Zoom to Lifetime"), "timeline.zoom-selection");
      g_menu_append (second, _ ("Collapse or Expand"), "timeline.collapse");
      g_menu_append (second, _ ("Collapse or Expand All"), "timeline.collapse-all");
      g_menu_append (second, _ ("Compact Rows"), "timeline.compact");
    }
  else
    {
      g_menu_append (first, _ ("Zoom to Span"), "timeline.zoom-selection");
      g_menu_append (first, _ ("Follow Wake-up"), "timeline.follow-wakeup");
      g_menu_append (first, _ ("What It Woke"), "timeline.follow-wakee");
      g_menu_append (first, _ ("Previous in Same State"), "timeline.previous-same-state");
      g_menu_append (first, _ ("Next in Same State"), "timeline.next-same-state");
      g_menu_append (second, _ ("Copy Summary"), "timeline.copy");
      g_menu_append (second, _ ("Fit Whole Trace"), "timeline.fit");
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (first));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (second));
  return G_MENU_MODEL (menu);
}

static void
menu_cb (GanderLaneArea *self, int n_press, double x, double y)
{
  g_autoptr (GMenuModel) model = build_menu (x < GANDER_LABEL_WIDTH);
  GanderHit hit = { .row = GANDER_ROW_NONE };

  if (gander_lane_area_hit (self, x, y, &hit))
    gander_lane_area_select_hit (self, &hit);
  gander_lane_area_drop_tip (self);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_menu_new_from_model (model);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
add_click (GanderLaneArea *self, guint button, const char *signal, GCallback callback)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), button);
  g_signal_connect_swapped (gesture, signal, callback, self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

void
gander_lane_area_init_input (GanderLaneArea *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  add_click (self, GDK_BUTTON_PRIMARY, "pressed", G_CALLBACK (pressed_cb));
  add_click (self, GDK_BUTTON_PRIMARY, "released", G_CALLBACK (released_cb));
  add_click (self, GDK_BUTTON_SECONDARY, "pressed", G_CALLBACK (menu_cb));
  add_click (self, 0, "pressed", G_CALLBACK (history_button_cb));
}

void
gander_lane_area_clear_input (GanderLaneArea *self)
{
  g_clear_handle_id (&self->tip_id, g_source_remove);
  g_clear_pointer (&self->tip, gander_tip_free);
  stop_momentum (self);
}
