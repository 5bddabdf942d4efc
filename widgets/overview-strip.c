/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/overview-strip.h"

struct _GanderOverviewStrip
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
};

G_DEFINE_FINAL_TYPE (GanderOverviewStrip, gander_overview_strip, GTK_TYPE_WIDGET)

GtkWidget *
gander_overview_strip_new (GanderTraceSession *session)
{
  GanderOverviewStrip *self = g_object_new (GANDER_TYPE_OVERVIEW_STRIP, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

static void
gander_overview_strip_dispose (GObject *object)
{
  g_clear_object (&GANDER_OVERVIEW_STRIP (object)->session);
  G_OBJECT_CLASS (gander_overview_strip_parent_class)->dispose (object);
}

static void
gander_overview_strip_class_init (GanderOverviewStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_overview_strip_dispose;
}

static void
gander_overview_strip_init (GanderOverviewStrip *self)
{
}
