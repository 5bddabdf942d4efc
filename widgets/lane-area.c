/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-area.h"

struct _GanderLaneArea
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
};

G_DEFINE_FINAL_TYPE (GanderLaneArea, gander_lane_area, GTK_TYPE_WIDGET)

GtkWidget *
gander_lane_area_new (GanderTraceSession *session)
{
  GanderLaneArea *self = g_object_new (GANDER_TYPE_LANE_AREA, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

static void
gander_lane_area_dispose (GObject *object)
{
  g_clear_object (&GANDER_LANE_AREA (object)->session);
  G_OBJECT_CLASS (gander_lane_area_parent_class)->dispose (object);
}

static void
gander_lane_area_class_init (GanderLaneAreaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_lane_area_dispose;
}

static void
gander_lane_area_init (GanderLaneArea *self)
{
}

GanderTraceSession *
gander_lane_area_get_session (GanderLaneArea *self)
{
  return self->session;
}

const char *const *
gander_lane_area_get_commands (void)
{
  static const char *const names[] = { NULL };

  return names;
}
