/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/timeline-view.h"

#include "analysis/analysis.h"
#include "widgets/details-panel.h"
#include "widgets/lane-area.h"
#include "widgets/legend.h"
#include "widgets/overview-strip.h"

#include <glib/gi18n.h>

#define DETAILS_HEIGHT     243 /* px, at the start */
#define DETAILS_MIN_HEIGHT 140

struct _GanderTimelineView
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
  GtkWidget *lanes;
  GtkWidget *details;

  GtkWidget *box;
  GtkBox *legend_place;
  GtkMenuButton *group_button;
  GtkMenuButton *duration_button;
  GtkPaned *paned;
  GtkBox *canvas;
  gboolean divider_placed;
};

G_DEFINE_FINAL_TYPE (GanderTimelineView, gander_timeline_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_GROUP_BY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *id;
  const char *label;
} group_bys[GANDER_N_GROUP_BYS] = {
  [GANDER_GROUP_BY_FUNCTION] = { "function", N_ ("Function") },
  [GANDER_GROUP_BY_CREATOR] = { "creator", N_ ("Creator") },
  [GANDER_GROUP_BY_STATE] = { "state", N_ ("State") },
  [GANDER_GROUP_BY_PROC] = { "processor", N_ ("Processor") },
  [GANDER_GROUP_BY_TASK] = { "task", N_ ("Task") },
  [GANDER_GROUP_BY_NONE] = { "none", N_ ("None") },
};

static GanderGroupBy
get_group_by (GanderTimelineView *self)
{
  return gander_trace_session_get_row_options (self->session)->group_by;
}

static void
set_group_by (GanderTimelineView *self, const char *id)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  change.options = *gander_trace_session_get_row_options (self->session);
  for (guint i = 0; i < GANDER_N_GROUP_BYS; i++)
    if (g_strcmp0 (group_bys[i].id, id) == 0 && change.options.group_by != (GanderGroupBy)i)
      {
        change.options.group_by = (GanderGroupBy)i;
        change.options.at =
            gander_viewport_get_end (gander_trace_session_get_viewport (self->session));
        gander_trace_session_change_rows (self->session, &change);
        return;
      }
}

static void
viewport_changed_cb (GanderTimelineView *self)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderTime begin = MAX (gander_viewport_get_begin (viewport), 0);
  const GanderTime end =
      MIN (gander_viewport_get_end (viewport), gander_viewport_get_duration (viewport));
  g_autofree char *text = gander_duration_to_short (end - begin);

  gtk_menu_button_set_label (self->duration_button, text);
}

static void
rows_changed_cb (GanderTimelineView *self)
{
  g_autofree char *text =
      g_strdup_printf (_ ("Group by: %s"), _ (group_bys[get_group_by (self)].label));

  gtk_menu_button_set_label (self->group_button, text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GROUP_BY]);
}

static void
history_changed_cb (GanderTimelineView *self)
{
  GanderHistory *history = gander_trace_session_get_history (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                 "timeline.forward",
                                 gander_history_can_go (history, 1));
}

/* Gives the details their usual height once the pane has one. */
static void
place_divider_cb (GanderTimelineView *self)
{
  int most = 0;

  g_object_get (self->paned, "max-position", &most, NULL);
  if (self->divider_placed || most <= 0 || most == G_MAXINT)
    return;
  self->divider_placed = TRUE;
  gtk_paned_set_position (self->paned,
                          MAX (most - (DETAILS_HEIGHT - DETAILS_MIN_HEIGHT), most / 2));
}

static void
toggle_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanderTimelineView *self = GANDER_TIMELINE_VIEW (widget);

  gtk_widget_set_visible (self->details, !gtk_widget_get_visible (self->details));
  if (!gtk_widget_get_visible (self->details))
    gtk_widget_grab_focus (self->lanes);
}

static void
show_duration (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanderTimelineView *self = GANDER_TIMELINE_VIEW (widget);
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  const GanderTime length = g_variant_get_int64 (parameter);
  GanderTime begin, end, middle;
  GanderSpan span;

  gander_viewport_get_target (viewport, &begin, &end);
  middle = begin + (end - begin) / 2;
  if (gander_selection_get_span (gander_trace_session_get_selection (self->session),
                                 gander_trace_session_get_index (self->session),
                                 &span) &&
      span.begin < end && span.end > begin)
    middle = span.begin + (span.end - span.begin) / 2;
  gander_trace_session_settle (self->session);
  gander_viewport_jump (viewport, middle - length / 2, middle - length / 2 + length, widget);
}

static void
forward (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (GANDER_TIMELINE_VIEW (widget)->lanes, name, parameter);
}

static void
add_parts (GanderTimelineView *self)
{
  self->lanes = gander_lane_area_new (self->session);
  gtk_widget_set_vexpand (self->lanes, TRUE);
  self->details = gander_details_panel_new (self->session);
  gtk_widget_set_size_request (self->details, -1, DETAILS_MIN_HEIGHT);
  gtk_box_append (self->legend_place, gander_legend_new (self->session));
  gtk_box_append (self->canvas, gander_overview_strip_new (self->session));
  gtk_box_append (self->canvas, self->lanes);
  gtk_paned_set_end_child (self->paned, self->details);
}

GtkWidget *
gander_timeline_view_new (GanderTraceSession *session)
{
  GanderTimelineView *self = g_object_new (GANDER_TYPE_TIMELINE_VIEW, NULL);

  self->session = g_object_ref (session);
  add_parts (self);
  g_signal_connect_object (gander_trace_session_get_viewport (session),
                           "changed",
                           G_CALLBACK (viewport_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session,
                           "rows-changed",
                           G_CALLBACK (rows_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gander_trace_session_get_history (session),
                           "changed",
                           G_CALLBACK (history_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  viewport_changed_cb (self);
  rows_changed_cb (self);
  history_changed_cb (self);
  return GTK_WIDGET (self);
}

GanderTraceSession *
gander_timeline_view_get_session (GanderTimelineView *self)
{
  g_return_val_if_fail (GANDER_IS_TIMELINE_VIEW (self), NULL);
  return self->session;
}

void
gander_timeline_view_focus_lanes (GanderTimelineView *self)
{
  g_return_if_fail (GANDER_IS_TIMELINE_VIEW (self));
  gtk_widget_grab_focus (self->lanes);
}

static void
gander_timeline_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanderTimelineView *self = GANDER_TIMELINE_VIEW (object);

  if (id != PROP_GROUP_BY)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (self->session != NULL)
    g_value_set_string (value, group_bys[get_group_by (self)].id);
}

static void
gander_timeline_view_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  GanderTimelineView *self = GANDER_TIMELINE_VIEW (object);

  if (id != PROP_GROUP_BY)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (self->session != NULL)
    set_group_by (self, g_value_get_string (value));
}

static void
gander_timeline_view_dispose (GObject *object)
{
  GanderTimelineView *self = GANDER_TIMELINE_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gander_timeline_view_parent_class)->dispose (object);
}

static void
gander_timeline_view_class_init (GanderTimelineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gander_timeline_view_dispose;
  object_class->get_property = gander_timeline_view_get_property;
  object_class->set_property = gander_timeline_view_set_property;
  properties[PROP_GROUP_BY] =
      g_param_spec_string ("group-by",
                           NULL,
                           NULL,
                           group_bys[0].id,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gander/Gander/widgets/timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, box);
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, legend_place);
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, group_button);
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, duration_button);
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, paned);
  gtk_widget_class_bind_template_child (widget_class, GanderTimelineView, canvas);
  gtk_widget_class_bind_template_callback (widget_class, place_divider_cb);

  gander_lane_area_forward_commands (widget_class, forward);
  gtk_widget_class_install_action (widget_class, "timeline.toggle-details", NULL, toggle_details);
  gtk_widget_class_install_action (widget_class, "timeline.show-duration", "x", show_duration);
  gtk_widget_class_install_property_action (widget_class, "timeline.group-by", "group-by");
  gtk_widget_class_add_binding_action (widget_class,
                                       GDK_KEY_F9,
                                       0,
                                       "timeline.toggle-details",
                                       NULL);
}

static void
gander_timeline_view_init (GanderTimelineView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
