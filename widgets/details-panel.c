/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-panel.h"

struct _GanderDetailsPanel
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
};

G_DEFINE_FINAL_TYPE (GanderDetailsPanel, gander_details_panel, GTK_TYPE_WIDGET)

GtkWidget *
gander_details_panel_new (GanderTraceSession *session)
{
  GanderDetailsPanel *self = g_object_new (GANDER_TYPE_DETAILS_PANEL, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

static void
gander_details_panel_dispose (GObject *object)
{
  g_clear_object (&GANDER_DETAILS_PANEL (object)->session);
  G_OBJECT_CLASS (gander_details_panel_parent_class)->dispose (object);
}

static void
gander_details_panel_class_init (GanderDetailsPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_details_panel_dispose;
}

static void
gander_details_panel_init (GanderDetailsPanel *self)
{
}
