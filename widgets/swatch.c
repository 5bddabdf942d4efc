/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/swatch.h"

#include "widgets/style.h"

struct _GanderSwatch
{
  GtkWidget parent_instance;

  GanderShade shade;
  int size; /* px */
};

G_DEFINE_FINAL_TYPE (GanderSwatch, gander_swatch, GTK_TYPE_WIDGET)

GtkWidget *
gander_swatch_new (GanderShade shade, int size)
{
  GanderSwatch *self = g_object_new (GANDER_TYPE_SWATCH, NULL);

  self->shade = shade;
  self->size = size;
  return GTK_WIDGET (self);
}

static void
gander_swatch_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = GANDER_SWATCH (widget)->size;
  *natural = *minimum;
}

static void
gander_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GanderSwatch *self = GANDER_SWATCH (widget);
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  const double x = (width - self->size) / 2;
  const double y = (height - self->size) / 2;
  cairo_t *cr;

  if (self->shade >= GANDER_N_SHADES)
    return;
  cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
  gander_theme_paint_swatch (cr,
                             gander_style_get_theme (),
                             self->shade,
                             x,
                             y,
                             self->size,
                             self->size);
  cairo_destroy (cr);
}

static void
gander_swatch_class_init (GanderSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = gander_swatch_measure;
  widget_class->snapshot = gander_swatch_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
gander_swatch_init (GanderSwatch *self)
{
  gander_style_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}
