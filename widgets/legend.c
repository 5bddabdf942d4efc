/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/legend.h"

#include "widgets/swatch.h"

#include <glib/gi18n.h>

#define SWATCH_SIZE 14

struct _GanderLegend
{
  GtkWidget parent_instance;

  GanderTraceSession *session;
  GtkWidget *row;    /* the chips side by side */
  GtkWidget *button; /* a menu with the same chips, where there is no room */
  GtkToggleButton *chips[2][GANDER_N_SHADES];
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (GanderLegend, gander_legend, GTK_TYPE_WIDGET)

static GanderShade
find_shade (GanderLegend *self, gpointer chip)
{
  for (int shade = 0; shade < GANDER_N_SHADES; shade++)
    if ((gpointer)self->chips[0][shade] == chip || (gpointer)self->chips[1][shade] == chip)
      return (GanderShade)shade;
  g_return_val_if_reached (GANDER_SHADE_RUNNING);
}

static void
update (GanderLegend *self)
{
  const guint hidden = gander_trace_session_get_hidden_shades (self->session);

  self->updating = TRUE;
  for (int shade = 0; shade < GANDER_N_SHADES; shade++)
    for (int set = 0; set < 2; set++)
      gtk_toggle_button_set_active (self->chips[set][shade], (hidden & (1u << shade)) == 0);
  self->updating = FALSE;
}

static void
toggled_cb (GanderLegend *self, GtkToggleButton *chip)
{
  const guint bit = 1u << find_shade (self, chip);
  const guint hidden = gander_trace_session_get_hidden_shades (self->session);

  if (!self->updating)
    gander_trace_session_set_hidden_shades (self->session,
                                            gtk_toggle_button_get_active (chip) ? hidden & ~bit
                                                                                : hidden | bit);
}

/* Ctrl+click: only this one; again: all. */
static void
pressed_cb (GanderLegend *self, int n_press, double x, double y, GtkGesture *gesture)
{
  const guint all = (1u << GANDER_N_SHADES) - 1;
  const GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *chip = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  const guint others = all & ~(1u << find_shade (self, chip));

  if ((state & GDK_CONTROL_MASK) == 0)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gander_trace_session_set_hidden_shades (self->session,
                                          gander_trace_session_get_hidden_shades (self->session) ==
                                                  others
                                              ? 0
                                              : others);
}

static void
enter_cb (GanderLegend *self, double x, double y, GtkEventController *controller)
{
  GtkWidget *chip = gtk_event_controller_get_widget (controller);

  gander_trace_session_set_focus_shades (self->session, 1u << find_shade (self, chip));
}

static void
leave_cb (GanderLegend *self)
{
  gander_trace_session_set_focus_shades (self->session, 0);
}

static void
add_chip (GanderLegend *self, GtkWidget *box, int set, GanderShade shade)
{
  GtkWidget *chip = gtk_toggle_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (gander_shade_get_name (shade));
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  g_autofree char *tip = g_strdup_printf (_ ("Show “%s” in Colour\nCtrl+Click for Only This One"),
                                          gander_shade_get_name (shade));

  gtk_box_append (GTK_BOX (content), gander_swatch_new (shade, SWATCH_SIZE));
  gtk_box_append (GTK_BOX (content), label);
  gtk_button_set_child (GTK_BUTTON (chip), content);
  gtk_widget_add_css_class (chip, "gander-chip");
  gtk_widget_set_tooltip_text (chip, tip);
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gander_shade_get_name (shade),
                                  -1);
  self->chips[set][shade] = GTK_TOGGLE_BUTTON (chip);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (chip, motion);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (chip, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (chip, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (box), chip);
}

static void
add_chips (GanderLegend *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (int shade = 0; shade < GANDER_N_SHADES; shade++)
    {
      add_chip (self, self->row, 0, (GanderShade)shade);
      add_chip (self, list, 1, (GanderShade)shade);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
}

GtkWidget *
gander_legend_new (GanderTraceSession *session)
{
  GanderLegend *self = g_object_new (GANDER_TYPE_LEGEND, NULL);

  self->session = g_object_ref (session);
  add_chips (self);
  g_signal_connect_object (session, "rows-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

/* As wide as the chips if it may, as the button if it must. */
static void
gander_legend_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  GanderLegend *self = GANDER_LEGEND (widget);
  int row_minimum, row_natural, button_minimum, button_natural;

  gtk_widget_measure (self->row, orientation, -1, &row_minimum, &row_natural, NULL, NULL);
  gtk_widget_measure (self->button, orientation, -1, &button_minimum, &button_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (row_minimum, button_minimum);
  else
    *minimum = MAX (row_minimum, button_minimum);
  *natural = MAX (row_natural, *minimum);
}

static void
gander_legend_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GanderLegend *self = GANDER_LEGEND (widget);
  GtkWidget *shown;
  int row_minimum, natural;

  gtk_widget_measure (self->row, GTK_ORIENTATION_HORIZONTAL, -1, &row_minimum, NULL, NULL, NULL);
  shown = row_minimum <= width ? self->row : self->button;
  gtk_widget_set_child_visible (self->row, shown == self->row);
  gtk_widget_set_child_visible (self->button, shown == self->button);
  gtk_widget_measure (shown, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  gtk_widget_size_allocate (shown, &(GtkAllocation){ 0, 0, MIN (natural, width), height }, -1);
}

static void
gander_legend_dispose (GObject *object)
{
  GanderLegend *self = GANDER_LEGEND (object);

  g_clear_pointer (&self->row, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gander_legend_parent_class)->dispose (object);
}

static void
gander_legend_class_init (GanderLegendClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gander_legend_dispose;
  widget_class->measure = gander_legend_measure;
  widget_class->size_allocate = gander_legend_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
gander_legend_init (GanderLegend *self)
{
  self->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_parent (self->row, GTK_WIDGET (self));
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), _ ("Legend"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "gander-menu-chip");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Legend"),
                                  -1);
}
