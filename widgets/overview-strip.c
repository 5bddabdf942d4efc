/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/overview-strip.h"

#include "analysis/analysis.h"
#include "widgets/lane-area.h"
#include "widgets/style.h"

#include <glib/gi18n.h>
#include <math.h>

#define ZOOM_NOTCH 1.25

struct _GanderOverviewStrip
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
  GanderOverview *overview;
  double em;
  char *font_family;

  /* A drag under way. */
  GanderOverviewHit grip;
  GanderTime grip_begin; /* range when it began */
  GanderTime grip_end;
  GanderTime grip_time; /* under the pointer when it began */
  double start_x;
  double pointer_x;
};

G_DEFINE_FINAL_TYPE (GanderOverviewStrip, gander_overview_strip, GTK_TYPE_WIDGET)

static GanderViewport *
get_viewport (GanderOverviewStrip *self)
{
  return gander_trace_session_get_viewport (self->session);
}

/* Brings the picture up to date: the parts of the trace are counted only when the width changed. */
static void
ensure_layout (GanderOverviewStrip *self)
{
  const char *family;
  const double em = gander_style_get_font (GTK_WIDGET (self), &family);
  GanderOverviewView view = { 0 };

  if (self->overview == NULL || em != self->em || g_strcmp0 (family, self->font_family) != 0)
    {
      g_clear_pointer (&self->overview, gander_overview_free);
      g_free (self->font_family);
      self->overview = gander_overview_new (family, em);
      self->font_family = g_strdup (family);
      self->em = em;
    }
  view.begin = gander_viewport_get_begin (get_viewport (self));
  view.end = gander_viewport_get_end (get_viewport (self));
  /* As wide as the lanes of a view that shows everything: both stand on one axis then. */
  gander_viewport_get_limits (get_viewport (self), &view.first, &view.last);
  view.width = gtk_widget_get_width (GTK_WIDGET (self));
  view.height = gtk_widget_get_height (GTK_WIDGET (self));
  view.label_width = GANDER_LABEL_WIDTH;
  view.scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gander_overview_layout (self->overview, gander_trace_session_get_index (self->session), &view);
}

/* With all of the trace in view there is no box to drag: a drag makes one. */
static gboolean
is_fit (GanderOverviewStrip *self)
{
  GanderTime begin, end, first, last;

  gander_viewport_get_target (get_viewport (self), &begin, &end);
  gander_viewport_get_limits (get_viewport (self), &first, &last);
  return begin == first && end == last;
}

static GanderOverviewHit
hit (GanderOverviewStrip *self, double x, double y, GanderTime *time)
{
  GanderOverviewHit what;

  ensure_layout (self);
  what = gander_overview_hit (self->overview, x, y, time);
  return what == GANDER_OVERVIEW_INSIDE && is_fit (self) ? GANDER_OVERVIEW_OUTSIDE : what;
}

static void
gander_overview_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GanderOverviewStrip *self = GANDER_OVERVIEW_STRIP (widget);
  const float width = (float)gtk_widget_get_width (widget);
  const float height = (float)gtk_widget_get_height (widget);
  cairo_t *cr;

  if (width < GANDER_LABEL_WIDTH || height < 1)
    return;
  ensure_layout (self);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gander_overview_paint (self->overview, cr, gander_style_get_theme ());
  cairo_destroy (cr);
}

static void
gander_overview_strip_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  const gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? GANDER_LABEL_WIDTH + 80 : GANDER_OVERVIEW_HEIGHT;
  *natural = horizontal ? 900 : GANDER_OVERVIEW_HEIGHT;
}

static void
drag_begin_cb (GanderOverviewStrip *self, double x, double y)
{
  self->grip = hit (self, x, y, &self->grip_time);
  self->start_x = x;
  gander_viewport_get_target (get_viewport (self), &self->grip_begin, &self->grip_end);
}

static void
drag_update_cb (GanderOverviewStrip *self, double dx, double dy)
{
  GanderViewport *viewport = get_viewport (self);
  GanderTime time;

  if (self->grip == GANDER_OVERVIEW_NOTHING || fabs (dx) < 2)
    return;
  hit (self, self->start_x + dx, 1, &time);
  switch (self->grip)
    {
    case GANDER_OVERVIEW_INSIDE:
      gander_viewport_set_range (viewport,
                                 self->grip_begin + (time - self->grip_time),
                                 self->grip_end + (time - self->grip_time));
      break;
    case GANDER_OVERVIEW_LEFT:
      gander_viewport_set_range (viewport,
                                 MIN (time, self->grip_end - GANDER_VIEWPORT_SHORTEST),
                                 self->grip_end);
      break;
    case GANDER_OVERVIEW_RIGHT:
      gander_viewport_set_range (viewport,
                                 self->grip_begin,
                                 MAX (time, self->grip_begin + GANDER_VIEWPORT_SHORTEST));
      break;
    case GANDER_OVERVIEW_OUTSIDE:
      gander_viewport_set_range (viewport,
                                 MIN (time, self->grip_time),
                                 MAX (time, self->grip_time));
      break;
    case GANDER_OVERVIEW_NOTHING:
      break;
    }
}

/* A click outside the box centres the view there; a double click anywhere shows all. */
static void
pressed_cb (GanderOverviewStrip *self, int n_press, double x, double y)
{
  GanderViewport *viewport = get_viewport (self);
  GanderTime time;
  GanderOverviewHit what;

  what = hit (self, x, y, &time);
  if (n_press == 2)
    {
      gander_trace_session_settle (self->session);
      gander_viewport_fit (viewport, GTK_WIDGET (self));
    }
  else if (what == GANDER_OVERVIEW_OUTSIDE && !is_fit (self))
    {
      GanderTime begin, end;

      gander_viewport_get_target (viewport, &begin, &end);
      gander_trace_session_settle (self->session);
      gander_viewport_jump (viewport,
                            time - (end - begin) / 2,
                            time + (end - begin) / 2,
                            GTK_WIDGET (self));
    }
}

static void
motion_cb (GanderOverviewStrip *self, double x, double y)
{
  static const char *const cursors[] = {
    [GANDER_OVERVIEW_NOTHING] = NULL,      [GANDER_OVERVIEW_OUTSIDE] = "crosshair",
    [GANDER_OVERVIEW_INSIDE] = "grab",     [GANDER_OVERVIEW_LEFT] = "ew-resize",
    [GANDER_OVERVIEW_RIGHT] = "ew-resize",
  };
  GanderTime time;

  self->pointer_x = x;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), cursors[hit (self, x, y, &time)]);
}

static gboolean
scroll_cb (GanderOverviewStrip *self, double dx, double dy)
{
  GanderViewport *viewport = get_viewport (self);
  GanderTime begin, end, time;

  gander_viewport_get_target (viewport, &begin, &end);
  if (dx != 0)
    gander_viewport_pan (viewport, (GanderTime)((double)(end - begin) * dx / 10));
  if (dy == 0)
    return GDK_EVENT_STOP;
  hit (self, self->pointer_x, 1, &time);
  if (time < begin || time >= end)
    time = begin + (end - begin) / 2;
  gander_viewport_zoom (viewport, pow (ZOOM_NOTCH, dy), time);
  return GDK_EVENT_STOP;
}

static void
viewport_changed_cb (GanderOverviewStrip *self)
{
  GanderViewport *viewport = get_viewport (self);
  g_autofree char *begin = gander_duration_to_short (MAX (gander_viewport_get_begin (viewport), 0));
  g_autofree char *end = gander_duration_to_short (
      MIN (gander_viewport_get_end (viewport), gander_viewport_get_duration (viewport)));
  g_autofree char *words = g_strdup_printf (_ ("Visible: %s to %s"), begin, end);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
gander_overview_strip_new (GanderTraceSession *session)
{
  GanderOverviewStrip *self = g_object_new (GANDER_TYPE_OVERVIEW_STRIP, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (get_viewport (self),
                           "changed",
                           G_CALLBACK (viewport_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  viewport_changed_cb (self);
  return GTK_WIDGET (self);
}

static void
gander_overview_strip_dispose (GObject *object)
{
  GanderOverviewStrip *self = GANDER_OVERVIEW_STRIP (object);

  g_clear_pointer (&self->overview, gander_overview_free);
  g_clear_pointer (&self->font_family, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gander_overview_strip_parent_class)->dispose (object);
}

static void
gander_overview_strip_class_init (GanderOverviewStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gander_overview_strip_dispose;
  widget_class->snapshot = gander_overview_strip_snapshot;
  widget_class->measure = gander_overview_strip_measure;
  gtk_widget_class_set_css_name (widget_class, "gander-overview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
gander_overview_strip_init (GanderOverviewStrip *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (widget, scroll);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Overview of the whole trace"),
                                  -1);
  gander_style_watch (widget, gtk_widget_queue_draw);
}
