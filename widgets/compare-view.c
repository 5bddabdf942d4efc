/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/compare-view.h"

#include "analysis/analysis.h"
#include "widgets/axis-link.h"
#include "widgets/diff-table.h"
#include "widgets/lane-area.h"
#include "widgets/overview-strip.h"

#include <glib/gi18n.h>

#define TABLE_HEIGHT     260 /* px, at the start */
#define TABLE_MIN_HEIGHT 120

struct _GanderCompareView
{
  GtkWidget parent_instance;

  GanderTraceSession *sessions[2]; /* A and B */
  GtkWidget *lanes[2];
  GanderAxisLink *link;
  GtkWidget *table;
  GanderTime drag_shift; /* shift when a drag of B began */
  guint figures_id;

  GtkWidget *box;
  GtkLabel *name_a;
  GtkLabel *name_b;
  GtkEntry *shift_entry;
  GtkLabel *verdict;
  GtkPaned *paned;
  GtkBox *timelines;
  gboolean divider_placed;
};

G_DEFINE_FINAL_TYPE (GanderCompareView, gander_compare_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_LINKED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
link_changed_cb (GanderCompareView *self)
{
  const GanderTime shift = gander_axis_link_get_shift (self->link);
  g_autofree char *text = gander_duration_to_string (shift);

  gtk_editable_set_text (GTK_EDITABLE (self->shift_entry), text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->shift_entry), "error");
  gander_trace_session_set_zero (self->sessions[1], -shift);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LINKED]);
}

static void
shift_entered_cb (GanderCompareView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->shift_entry));
  GanderTime shift;

  if (gander_duration_parse (text, &shift, NULL))
    gander_compare_view_set_shift (self, shift);
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->shift_entry), "error");
}

/* Shift+Alt and a drag move B against A. */
static void
drag_begin_cb (GanderCompareView *self, double x, double y, GtkGesture *gesture)
{
  const GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  const GdkModifierType wanted = GDK_SHIFT_MASK | GDK_ALT_MASK;

  if ((state & wanted) != wanted)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->drag_shift = gander_axis_link_get_shift (self->link);
}

static void
drag_update_cb (GanderCompareView *self, double dx, double dy)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->sessions[0]);
  const int width = gtk_widget_get_width (self->lanes[1]) - GANDER_LABEL_WIDTH;
  const double per_px =
      (double)(gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport)) /
      MAX (width, 1);

  gander_compare_view_set_shift (self, self->drag_shift + (GanderTime)(dx * per_px));
}

static void
add_shift_drag (GanderCompareView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (self->lanes[1], GTK_EVENT_CONTROLLER (drag));
}

/* What stands in the label column beside an overview: letter, name and main facts. */
static GtkWidget *
create_caption (GanderTraceSession *session, gboolean b)
{
  const GanderFacts *facts = gander_index_get_facts (gander_trace_session_get_index (session));
  g_autofree char *duration = gander_duration_to_short (facts->duration);
  g_autofree char *goroutines = gander_text_count (facts->n_goroutines);
  g_autofree char *words =
      g_strdup_printf (_ ("Go 1.%u · %s · %s goroutines"), facts->go_version, duration, goroutines);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *badge = gtk_label_new (b ? "B" : "A");
  GtkWidget *name = gtk_label_new (gander_trace_session_get_title (session));
  GtkWidget *line = gtk_label_new (words);

  gtk_widget_add_css_class (badge, "gander-badge");
  gtk_widget_add_css_class (badge, b ? "gander-badge-b" : "gander-badge-a");
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 1);
  gtk_widget_add_css_class (name, "gander-strong");
  gtk_label_set_xalign (GTK_LABEL (line), 0);
  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (line), 1);
  gtk_widget_set_tooltip_text (line, words);
  gtk_widget_add_css_class (line, "caption");
  gtk_widget_add_css_class (line, "dim-label");
  gtk_box_append (GTK_BOX (text), name);
  gtk_box_append (GTK_BOX (text), line);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), text);
  gtk_widget_set_halign (box, GTK_ALIGN_START);
  gtk_widget_set_size_request (box, GANDER_LABEL_WIDTH, -1);
  gtk_widget_set_overflow (box, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (box, "gander-caption");
  return box;
}

static void
add_timeline (GanderCompareView *self, gboolean b)
{
  GanderTraceSession *session = self->sessions[b ? 1 : 0];
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *lanes = gander_lane_area_new (session);

  gtk_overlay_set_child (GTK_OVERLAY (overlay), gander_overview_strip_new (session));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_caption (session, b));
  gander_lane_area_set_ruler (GANDER_LANE_AREA (lanes),
                              b ? GANDER_RULER_HIDDEN : GANDER_RULER_BOTTOM,
                              _ ("Time since A began"));
  gtk_widget_set_vexpand (lanes, TRUE);
  gtk_box_append (self->timelines, overlay);
  gtk_box_append (self->timelines, lanes);
  self->lanes[b ? 1 : 0] = lanes;
}

static gboolean
figures_cb (gpointer data)
{
  GanderCompareView *self = data;
  GanderMetrics metrics[2] = { 0 };
  GanderComparison comparison;
  g_autofree char *words = NULL;

  self->figures_id = 0;
  for (int i = 0; i < 2; i++)
    {
      const GanderIndex *index = gander_trace_session_get_index (self->sessions[i]);
      const GanderTime duration = gander_index_get_facts (index)->duration;

      if (!gander_metrics_compute (index, 0, duration, &metrics[i], NULL, NULL))
        return G_SOURCE_REMOVE;
    }
  gander_compare (&metrics[0], &metrics[1], &comparison);
  gander_diff_table_set (GANDER_DIFF_TABLE (self->table), &comparison);
  words = gander_compare_verdict (&comparison);
  gtk_label_set_text (self->verdict, words);
  return G_SOURCE_REMOVE;
}

/* Builds the two timelines anew: at the start, and after a swap. */
static void
rebuild (GanderCompareView *self, GanderTime shift)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->timelines))) != NULL)
    gtk_box_remove (self->timelines, child);
  g_clear_object (&self->link);
  gtk_label_set_text (self->name_a, gander_trace_session_get_title (self->sessions[0]));
  gtk_label_set_text (self->name_b, gander_trace_session_get_title (self->sessions[1]));
  gander_trace_session_set_zero (self->sessions[0], 0);
  add_timeline (self, FALSE);
  add_timeline (self, TRUE);
  add_shift_drag (self);
  self->link = gander_axis_link_new (gander_trace_session_get_viewport (self->sessions[0]),
                                     gander_trace_session_get_viewport (self->sessions[1]));
  gander_axis_link_set_shift (self->link, shift);
  gander_viewport_fit (gander_trace_session_get_viewport (self->sessions[0]), NULL);
  g_signal_connect_object (self->link,
                           "changed",
                           G_CALLBACK (link_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  link_changed_cb (self);
  if (self->figures_id == 0)
    self->figures_id = g_idle_add (figures_cb, self);
}

static void
use_compact_rows (GanderTraceSession *session)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  change.options = *gander_trace_session_get_row_options (session);
  change.options.compact = TRUE;
  gander_trace_session_change_rows (session, &change);
}

GtkWidget *
gander_compare_view_new (GanderTraceSession *a, GanderTraceSession *b)
{
  GanderCompareView *self = g_object_new (GANDER_TYPE_COMPARE_VIEW, NULL);

  self->sessions[0] = g_object_ref (a);
  self->sessions[1] = g_object_ref (b);
  use_compact_rows (a);
  use_compact_rows (b);
  rebuild (self, 0);
  return GTK_WIDGET (self);
}

GanderTraceSession *
gander_compare_view_get_session (GanderCompareView *self, gboolean b)
{
  g_return_val_if_fail (GANDER_IS_COMPARE_VIEW (self), NULL);
  return self->sessions[b ? 1 : 0];
}

GanderTime
gander_compare_view_get_shift (GanderCompareView *self)
{
  g_return_val_if_fail (GANDER_IS_COMPARE_VIEW (self), 0);
  return gander_axis_link_get_shift (self->link);
}

void
gander_compare_view_set_shift (GanderCompareView *self, GanderTime shift)
{
  g_return_if_fail (GANDER_IS_COMPARE_VIEW (self));
  gander_axis_link_set_shift (self->link, shift);
}

static void
swap (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanderCompareView *self = GANDER_COMPARE_VIEW (widget);
  GanderTraceSession *a = self->sessions[0];

  self->sessions[0] = self->sessions[1];
  self->sessions[1] = a;
  rebuild (self, -gander_axis_link_get_shift (self->link));
}

static void
forward (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanderCompareView *self = GANDER_COMPARE_VIEW (widget);
  const gboolean b = gtk_widget_has_focus (self->lanes[1]);

  gtk_widget_activate_action_variant (self->lanes[b ? 1 : 0], name, parameter);
}

static void
place_divider_cb (GanderCompareView *self)
{
  int most = 0;

  g_object_get (self->paned, "max-position", &most, NULL);
  if (self->divider_placed || most <= 0 || most == G_MAXINT)
    return;
  self->divider_placed = TRUE;
  gtk_paned_set_position (self->paned, MAX (most - (TABLE_HEIGHT - TABLE_MIN_HEIGHT), most / 2));
}

static void
gander_compare_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanderCompareView *self = GANDER_COMPARE_VIEW (object);

  if (id != PROP_LINKED)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else
    g_value_set_boolean (value, self->link != NULL && gander_axis_link_get_linked (self->link));
}

static void
gander_compare_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GanderCompareView *self = GANDER_COMPARE_VIEW (object);

  if (id != PROP_LINKED)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (self->link != NULL)
    gander_axis_link_set_linked (self->link, g_value_get_boolean (value));
}

/* The keys of a timeline work from the lanes, so that is where the focus belongs. */
static gboolean
gander_compare_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GANDER_COMPARE_VIEW (widget)->lanes[0]);
}

static void
gander_compare_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gander_compare_view_parent_class)->map (widget);
  gtk_widget_grab_focus (widget);
}

static void
gander_compare_view_dispose (GObject *object)
{
  GanderCompareView *self = GANDER_COMPARE_VIEW (object);

  g_clear_handle_id (&self->figures_id, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->link);
  g_clear_object (&self->sessions[0]);
  g_clear_object (&self->sessions[1]);
  G_OBJECT_CLASS (gander_compare_view_parent_class)->dispose (object);
}

static void
gander_compare_view_class_init (GanderCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = gander_compare_view_dispose;
  widget_class->grab_focus = gander_compare_view_grab_focus;
  widget_class->map = gander_compare_view_map;
  object_class->get_property = gander_compare_view_get_property;
  object_class->set_property = gander_compare_view_set_property;
  properties[PROP_LINKED] =
      g_param_spec_boolean ("linked",
                            NULL,
                            NULL,
                            TRUE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/gander/Gander/widgets/compare-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, box);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, name_a);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, name_b);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, shift_entry);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, verdict);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, paned);
  gtk_widget_class_bind_template_child (widget_class, GanderCompareView, timelines);
  gtk_widget_class_bind_template_callback (widget_class, shift_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_divider_cb);

  gander_lane_area_forward_commands (widget_class, forward);
  gtk_widget_class_install_action (widget_class, "compare.swap", NULL, swap);
  gtk_widget_class_install_property_action (widget_class, "compare.link", "linked");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, 0, "compare.link", NULL);
  gtk_widget_class_add_binding_action (widget_class,
                                       GDK_KEY_x,
                                       GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "compare.swap",
                                       NULL);
}

static void
gander_compare_view_init (GanderCompareView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->table = gander_diff_table_new ();
  gtk_widget_set_size_request (self->table, -1, TABLE_MIN_HEIGHT);
  gtk_paned_set_end_child (self->paned, self->table);
}
