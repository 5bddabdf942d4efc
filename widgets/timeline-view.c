/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/timeline-view.h"

struct _GanderTimelineView
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
};

G_DEFINE_FINAL_TYPE (GanderTimelineView, gander_timeline_view, GTK_TYPE_WIDGET)

GtkWidget *
gander_timeline_view_new (GanderTraceSession *session)
{
  GanderTimelineView *self = g_object_new (GANDER_TYPE_TIMELINE_VIEW, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

static void
gander_timeline_view_dispose (GObject *object)
{
  g_clear_object (&GANDER_TIMELINE_VIEW (object)->session);
  G_OBJECT_CLASS (gander_timeline_view_parent_class)->dispose (object);
}

static void
gander_timeline_view_class_init (GanderTimelineViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_timeline_view_dispose;
}

static void
gander_timeline_view_init (GanderTimelineView *self)
{
}

GanderTraceSession *
gander_timeline_view_get_session (GanderTimelineView *self)
{
  return self->session;
}

void
gander_timeline_view_focus_lanes (GanderTimelineView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}
