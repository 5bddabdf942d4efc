/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/compare-view.h"

struct _GanderCompareView
{
  GtkWidget parent_instance;

  GanderTraceSession *sessions[2];
  GanderTime shift;
};

G_DEFINE_FINAL_TYPE (GanderCompareView, gander_compare_view, GTK_TYPE_WIDGET)

GtkWidget *
gander_compare_view_new (GanderTraceSession *a, GanderTraceSession *b)
{
  GanderCompareView *self = g_object_new (GANDER_TYPE_COMPARE_VIEW, NULL);

  self->sessions[0] = g_object_ref (a);
  self->sessions[1] = g_object_ref (b);
  return GTK_WIDGET (self);
}

static void
gander_compare_view_dispose (GObject *object)
{
  g_clear_object (&GANDER_COMPARE_VIEW (object)->sessions[0]);
  g_clear_object (&GANDER_COMPARE_VIEW (object)->sessions[1]);
  G_OBJECT_CLASS (gander_compare_view_parent_class)->dispose (object);
}

static void
gander_compare_view_class_init (GanderCompareViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_compare_view_dispose;
}

static void
gander_compare_view_init (GanderCompareView *self)
{
}

GanderTraceSession *
gander_compare_view_get_session (GanderCompareView *self, gboolean b)
{
  return self->sessions[b ? 1 : 0];
}

GanderTime
gander_compare_view_get_shift (GanderCompareView *self)
{
  return self->shift;
}

void
gander_compare_view_set_shift (GanderCompareView *self, GanderTime shift)
{
  self->shift = shift;
}
