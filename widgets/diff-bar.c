/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/diff-bar.h"

#include "widgets/style.h"

#include <math.h>

#define BAR_HEIGHT  10 /* px */
#define HATCH_PITCH 5

struct _GanderDiffBar
{
  GtkWidget parent_instance;

  double percent;
  GanderVerdict verdict;
};

G_DEFINE_FINAL_TYPE (GanderDiffBar, gander_diff_bar, GTK_TYPE_WIDGET)

GtkWidget *
gander_diff_bar_new (void)
{
  return g_object_new (GANDER_TYPE_DIFF_BAR, NULL);
}

void
gander_diff_bar_set (GanderDiffBar *self, double percent, GanderVerdict verdict)
{
  g_return_if_fail (GANDER_IS_DIFF_BAR (self));

  self->percent = CLAMP (percent, -100, 100);
  self->verdict = verdict;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static const GanderColor *
get_color (GanderDiffBar *self, const GanderTheme *theme)
{
  switch (self->verdict)
    {
    case GANDER_VERDICT_BETTER:
      return &theme->better;
    case GANDER_VERDICT_WORSE:
      return &theme->worse;
    default:
      return &theme->secondary;
    }
}

static void
paint_hatch (cairo_t *cr, const GanderTheme *theme, double x, double y, double width)
{
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, BAR_HEIGHT);
  cairo_clip (cr);
  gander_theme_set_color (cr, &theme->view, 0.55);
  cairo_set_line_width (cr, 1.2);
  for (double at = x - BAR_HEIGHT; at < x + width; at += HATCH_PITCH)
    {
      cairo_move_to (cr, at, y + BAR_HEIGHT);
      cairo_line_to (cr, at + BAR_HEIGHT, y);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
gander_diff_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GanderDiffBar *self = GANDER_DIFF_BAR (widget);
  const GanderTheme *theme = gander_style_get_theme ();
  const int width = gtk_widget_get_width (widget);
  const int height = gtk_widget_get_height (widget);
  const double middle = width / 2;
  const double length = round (fabs (self->percent) / 100 * (middle - 2));
  const double x = self->percent < 0 ? middle - length : middle + 1;
  const double y = (height - BAR_HEIGHT) / 2;
  cairo_t *cr;

  cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
  gander_theme_set_color (cr, &theme->hairline, 1);
  cairo_rectangle (cr, middle, 0, 1, height);
  cairo_fill (cr);
  gander_theme_set_color (cr, get_color (self, theme), 1);
  cairo_rectangle (cr, x, y, length, BAR_HEIGHT);
  cairo_fill (cr);
  if (self->verdict == GANDER_VERDICT_WORSE)
    paint_hatch (cr, theme, x, y, length);
  cairo_destroy (cr);
}

static void
gander_diff_bar_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 80 : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : BAR_HEIGHT;
}

static void
gander_diff_bar_class_init (GanderDiffBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = gander_diff_bar_snapshot;
  widget_class->measure = gander_diff_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
gander_diff_bar_init (GanderDiffBar *self)
{
  gander_style_watch (GTK_WIDGET (self), gtk_widget_queue_draw);
}
