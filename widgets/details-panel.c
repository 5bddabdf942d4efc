/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-panel.h"

#include "widgets/details-private.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *name; /* of the stack page */
  GtkWidget *(*build) (GanderTraceSession *session);
} Tab;

static const Tab tabs[] = {
  { "span", gander_details_build_span },
  { "goroutine", gander_details_build_goroutine },
  { "stacks", gander_details_build_stacks },
};

struct _GanderDetailsPanel
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
  GtkWidget *box;
  GtkStack *stack;
  GtkStackPage *goroutine_page;
  guint stale; /* bits of the tabs that show an older selection */
  guint update_id;
};

G_DEFINE_FINAL_TYPE (GanderDetailsPanel, gander_details_panel, GTK_TYPE_WIDGET)

/* Only the tab in sight is filled: a walk over the spans of a lane is not free. */
static void
fill_visible_tab (GanderDetailsPanel *self)
{
  const char *visible = gtk_stack_get_visible_child_name (self->stack);
  GtkWidget *page = gtk_stack_get_visible_child (self->stack);
  GtkWidget *focus = NULL;
  gboolean had_focus;

  for (gsize i = 0; i < G_N_ELEMENTS (tabs); i++)
    if (g_strcmp0 (tabs[i].name, visible) == 0 && (self->stale & (1u << i)) != 0)
      {
        if (gtk_widget_get_root (page) != NULL)
          focus = gtk_root_get_focus (gtk_widget_get_root (page));
        had_focus = focus != NULL && gtk_widget_is_ancestor (focus, page);
        gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), tabs[i].build (self->session));
        if (had_focus && !gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD))
          gtk_widget_grab_focus (GTK_WIDGET (self->stack));
        self->stale &= ~(1u << i);
      }
}

static void
update_title (GanderDetailsPanel *self)
{
  const GanderIndex *index = gander_trace_session_get_index (self->session);
  const GanderLaneId lane =
      gander_selection_get_lane (gander_trace_session_get_selection (self->session));
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;
  GanderLane row;

  if (lane < gander_index_get_n_lanes (index))
    {
      gander_index_get_lane (index, lane, &row);
      if (row.kind == GANDER_LANE_GOROUTINE)
        id = gander_describe_lane_id (index, lane);
    }
  title = id == NULL ? g_strdup (_ ("Goroutine")) : g_strdup_printf (_ ("Goroutine %s"), id);
  gtk_stack_page_set_title (self->goroutine_page, title);
}

static void
show_fitting_tab (GanderDetailsPanel *self)
{
  const GanderSelected *selected =
      gander_selection_get (gander_trace_session_get_selection (self->session));

  if (selected->kind == GANDER_SELECTED_LANE)
    gtk_stack_set_visible_child_name (self->stack, "goroutine");
  else if (selected->kind == GANDER_SELECTED_RANGE || selected->kind == GANDER_SELECTED_REGION ||
           selected->kind == GANDER_SELECTED_TASK)
    gtk_stack_set_visible_child_name (self->stack, "span");
}

static gboolean
update_cb (gpointer data)
{
  GanderDetailsPanel *self = data;

  self->update_id = 0;
  show_fitting_tab (self);
  update_title (self);
  fill_visible_tab (self);
  return G_SOURCE_REMOVE;
}

/* Filled from idle: a key held down selects faster than anybody reads. */
static void
selection_changed_cb (GanderDetailsPanel *self)
{
  self->stale = (1u << G_N_ELEMENTS (tabs)) - 1;
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, update_cb, self, NULL);
}

static void
tab_changed_cb (GanderDetailsPanel *self)
{
  if (self->session != NULL)
    fill_visible_tab (self);
}

GtkWidget *
gander_details_panel_new (GanderTraceSession *session)
{
  GanderDetailsPanel *self = g_object_new (GANDER_TYPE_DETAILS_PANEL, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (gander_trace_session_get_selection (session),
                           "changed",
                           G_CALLBACK (selection_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  self->stale = (1u << G_N_ELEMENTS (tabs)) - 1;
  show_fitting_tab (self);
  update_title (self);
  fill_visible_tab (self);
  return GTK_WIDGET (self);
}

static void
gander_details_panel_dispose (GObject *object)
{
  GanderDetailsPanel *self = GANDER_DETAILS_PANEL (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gander_details_panel_parent_class)->dispose (object);
}

static void
gander_details_panel_class_init (GanderDetailsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gander_details_panel_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gander/Gander/widgets/details-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderDetailsPanel, box);
  gtk_widget_class_bind_template_child (widget_class, GanderDetailsPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, GanderDetailsPanel, goroutine_page);
  gtk_widget_class_bind_template_callback (widget_class, tab_changed_cb);
}

static void
gander_details_panel_init (GanderDetailsPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Details"),
                                  -1);
}
