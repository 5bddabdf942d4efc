/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/ruler.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MIN_LABEL_PX 95
#define EDGE_PX      10

typedef struct
{
  int x;
  int width; /* of the pill; 0 = hidden by another */
  char text[GANDER_TEXT_SIZE];
} Pill;

struct _GanderRuler
{
  char *family; /* (nullable) */
  double em;
  GanderLabels *labels;
  double labels_scale;
  GanderRulerView view;
  double factor;
  GanderScale scale;
  int left, width, height;
  GArray *ticks;           /* GanderTick, relative to zero */
  GArray *labels_of_ticks; /* Pill */
  GArray *pills;           /* Pill */
  GArray *flags;           /* int, x */
};

GanderRuler *
gander_ruler_new (const char *font_family, double em)
{
  GanderRuler *self = g_new0 (GanderRuler, 1);

  self->family = g_strdup (font_family);
  self->em = em;
  self->factor = 1;
  self->ticks = g_array_new (FALSE, FALSE, sizeof (GanderTick));
  self->labels_of_ticks = g_array_new (FALSE, FALSE, sizeof (Pill));
  self->pills = g_array_new (FALSE, FALSE, sizeof (Pill));
  self->flags = g_array_new (FALSE, FALSE, sizeof (int));
  return self;
}

void
gander_ruler_free (GanderRuler *self)
{
  if (self == NULL)
    return;
  g_free (self->family);
  gander_labels_free (self->labels);
  g_array_unref (self->ticks);
  g_array_unref (self->labels_of_ticks);
  g_array_unref (self->pills);
  g_array_unref (self->flags);
  g_free (self);
}

static int
to_pixels (const GanderRuler *self, double px)
{
  return (int)lround (px * self->factor);
}

static void
add_pill (GanderRuler *self, GanderTime time, GanderTime step)
{
  Pill pill = { .x = gander_scale_get_x (&self->scale, time) };

  if (time < self->scale.begin || time >= self->scale.end)
    return;
  gander_scale_format_instant (time - self->view.zero, step, pill.text);
  pill.width =
      gander_labels_get_width (self->labels, GANDER_LABEL_PILL, pill.text) + to_pixels (self, 14);
  pill.x = CLAMP (pill.x, pill.width / 2, MAX (self->scale.width - pill.width / 2, pill.width / 2));
  g_array_append_val (self->pills, pill);
}

static void
layout_ticks (GanderRuler *self)
{
  GanderTime step = gander_scale_get_ticks (&self->scale,
                                            self->view.zero,
                                            to_pixels (self, MIN_LABEL_PX),
                                            self->ticks);

  for (guint i = 0; i < self->ticks->len; i++)
    {
      const GanderTick *tick = &g_array_index (self->ticks, GanderTick, i);
      Pill label;

      if (!tick->major)
        continue;
      label.x = tick->x + to_pixels (self, 4);
      gander_scale_format_instant (tick->time, step, label.text);
      label.width = gander_labels_get_width (self->labels, GANDER_LABEL_RULER, label.text);
      if (label.x + label.width <= self->scale.width)
        g_array_append_val (self->labels_of_ticks, label);
    }
}

void
gander_ruler_layout (GanderRuler *self, const GanderRulerView *view)
{
  GanderTime grain;

  g_return_if_fail (self != NULL && view != NULL);

  self->view = *view;
  self->factor = view->scale > 0 ? view->scale : 1;
  self->left = to_pixels (self, view->label_width);
  self->width = to_pixels (self, view->width);
  self->height = to_pixels (self, view->height);
  gander_scale_init (&self->scale, view->begin, view->end, self->width - self->left);
  if (self->labels == NULL || self->labels_scale != self->factor)
    {
      gander_labels_free (self->labels);
      self->labels = gander_labels_new (self->family, self->em, self->factor);
      self->labels_scale = self->factor;
    }
  g_array_set_size (self->ticks, 0);
  g_array_set_size (self->labels_of_ticks, 0);
  g_array_set_size (self->pills, 0);
  g_array_set_size (self->flags, 0);

  layout_ticks (self);
  grain = (GanderTime)(self->scale.per_pixel * self->factor);
  if (view->pointer >= 0)
    add_pill (self, view->pointer, grain);
  if (view->range_begin >= 0 && view->range_end > view->range_begin)
    {
      add_pill (self, view->range_begin, grain);
      add_pill (self, view->range_end, grain);
    }
  for (gsize i = 0; i < view->n_flags; i++)
    {
      int x = gander_scale_get_x (&self->scale, view->flags[i].time);

      g_array_append_val (self->flags, x);
    }
}

static void
paint_pill (GanderRuler *self, cairo_t *cr, const GanderTheme *theme, const Pill *pill)
{
  double radius = 4 * self->factor;
  double x = pill->x - pill->width / 2;
  double y = 2 * self->factor;
  double height = self->height - 4 * self->factor;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + pill->width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + pill->width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_fill (cr);
  gander_theme_set_color (cr, &theme->canvas, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_PILL,
                       pill->text,
                       (int)x + to_pixels (self, 7),
                       self->height / 2,
                       pill->width);
}

static void
paint_flag (GanderRuler *self, cairo_t *cr, const GanderTheme *theme, int x)
{
  double size = 8 * self->factor;

  cairo_move_to (cr, x, self->height);
  cairo_line_to (cr, x, self->height - 2 * size);
  cairo_line_to (cr, x + size, self->height - 1.5 * size);
  cairo_line_to (cr, x + self->factor, self->height - size);
  cairo_line_to (cr, x + self->factor, self->height);
  cairo_close_path (cr);
  gander_theme_set_color (cr, &theme->accent, 1);
  cairo_fill (cr);
}

/* The selected range, its duration in the middle if there is room. */
static void
paint_range (GanderRuler *self, cairo_t *cr, const GanderTheme *theme)
{
  const GanderRulerView *view = &self->view;
  int x0 = gander_scale_get_x (&self->scale, view->range_begin);
  int x1 = gander_scale_get_x (&self->scale, view->range_end);
  char text[GANDER_TEXT_SIZE];
  int width;

  gander_theme_set_color (cr, &theme->accent, 0.25);
  cairo_rectangle (cr, x0, 0, x1 - x0, self->height);
  cairo_fill (cr);
  gander_scale_format_duration (view->range_end - view->range_begin, text);
  width = gander_labels_get_width (self->labels, GANDER_LABEL_PILL, text);
  if (x1 - x0 < width + to_pixels (self, 170))
    return;
  gander_theme_set_color (cr, &theme->text, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_PILL,
                       text,
                       (x0 + x1 - width) / 2,
                       self->height / 2,
                       width + 1);
}

static void
paint_ticks (GanderRuler *self, cairo_t *cr, const GanderTheme *theme)
{
  int line = gander_theme_get_hairline (self->factor);

  for (guint i = 0; i < self->ticks->len; i++)
    {
      const GanderTick *tick = &g_array_index (self->ticks, GanderTick, i);
      int length = tick->major ? to_pixels (self, 16) : to_pixels (self, 4);

      cairo_rectangle (cr, tick->x, self->height - length, line, length);
    }
  gander_theme_set_color (cr, &theme->secondary, 0.6);
  cairo_fill (cr);
  gander_theme_set_color (cr, &theme->secondary, 1);
  for (guint i = 0; i < self->labels_of_ticks->len; i++)
    {
      const Pill *label = &g_array_index (self->labels_of_ticks, Pill, i);

      gander_labels_paint (self->labels,
                           cr,
                           GANDER_LABEL_RULER,
                           label->text,
                           label->x,
                           self->height / 2,
                           label->width + 1);
    }
}

void
gander_ruler_paint (GanderRuler *self, cairo_t *cr, const GanderTheme *theme)
{
  int line = gander_theme_get_hairline (self->factor);

  g_return_if_fail (self != NULL && self->labels != NULL);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  gander_theme_set_color (cr, &theme->label_column, 1);
  cairo_rectangle (cr, 0, 0, self->width, self->height);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  gander_theme_set_color (cr, &theme->secondary, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_RULER,
                       self->view.title != NULL ? self->view.title : _ ("Time since trace start"),
                       to_pixels (self, EDGE_PX),
                       self->height / 2,
                       self->left - 2 * to_pixels (self, EDGE_PX));
  gander_theme_set_color (cr, &theme->hairline, 1);
  cairo_rectangle (cr, 0, self->height - line, self->width, line);
  if (self->left > 0)
    cairo_rectangle (cr, self->left - line, 0, line, self->height);
  cairo_fill (cr);

  cairo_rectangle (cr, self->left, 0, self->width - self->left, self->height);
  cairo_clip (cr);
  cairo_translate (cr, self->left, 0);
  paint_ticks (self, cr, theme);
  if (self->view.range_begin >= 0 && self->view.range_end > self->view.range_begin)
    paint_range (self, cr, theme);
  for (guint i = 0; i < self->flags->len; i++)
    paint_flag (self, cr, theme, g_array_index (self->flags, int, i));
  for (guint i = self->pills->len; i > 0; i--)
    paint_pill (self, cr, theme, &g_array_index (self->pills, Pill, i - 1));
  cairo_restore (cr);
}

int
gander_ruler_hit (const GanderRuler *self, double px, double py)
{
  int x = (int)floor (px * self->factor) - self->left;

  if (py < 0 || py * self->factor >= self->height)
    return -1;
  for (guint i = 0; i < self->flags->len; i++)
    {
      int flag = g_array_index (self->flags, int, i);

      if (x >= flag - to_pixels (self, 3) && x <= flag + to_pixels (self, 9))
        return (int)i;
    }
  return -1;
}
