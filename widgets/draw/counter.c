/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/counter.h"

#include <math.h>

/* Returns: the first point after @time. */
static guint32
find_point (const GanderPoint *points, guint32 n, GanderTime time)
{
  guint32 low = 0;
  guint32 high = n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (points[middle].time <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
gander_counter_layout (const GanderIndex *index,
                       GanderCounter counter,
                       const GanderScale *scale,
                       GArray *values)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, counter, &n);
  guint32 next = find_point (points, n, scale->begin);

  for (int x = 0; x < scale->width; x++)
    {
      GanderTime begin = gander_scale_get_time (scale, x);
      GanderTime end = gander_scale_get_time (scale, x + 1);
      float value = NAN;

      if (next > 0 && begin < duration && end > 0)
        value = (float)points[next - 1].value;
      for (; next < n && points[next].time < end; next++)
        value = fmaxf (value, (float)points[next].value);
      g_array_append_val (values, value);
    }
}

static double
integral_at (const GanderTaskType *type, GanderTime time)
{
  guint32 next = find_point (type->steps, type->n_steps, time);

  if (next == 0)
    return 0;
  return (double)type->integral[next - 1] +
         (double)(time - type->steps[next - 1].time) * (double)type->steps[next - 1].value;
}

void
gander_counter_layout_tasks (const GanderTaskType *type, const GanderScale *scale, GArray *values)
{
  double before = integral_at (type, gander_scale_get_time (scale, 0));

  for (int x = 0; x < scale->width; x++)
    {
      double after = integral_at (type, gander_scale_get_time (scale, x + 1));
      float value = (float)((after - before) / MAX (scale->per_pixel, 1));

      g_array_append_val (values, value);
      before = after;
    }
}

static double
y_of (float value, double top, int y0, int y1)
{
  return y1 - CLAMP ((double)value / top, 0, 1) * (y1 - y0);
}

/* Returns: the end of the run of numbers from @x on. */
static int
add_run (cairo_t *cr, const float *values, int n, int x, double top, int y0, int y1)
{
  gboolean first = TRUE;

  for (; x < n && !isnan (values[x]); x++)
    {
      double y = y_of (values[x], top, y0, y1);

      if (first)
        cairo_move_to (cr, x, y);
      else if (values[x] != values[x - 1])
        cairo_line_to (cr, x, y);
      first = FALSE;
      if (x + 1 == n || isnan (values[x + 1]) || values[x + 1] != values[x])
        cairo_line_to (cr, x + 1, y);
    }
  return x;
}

void
gander_counter_paint (cairo_t *cr,
                      const float *values,
                      int n,
                      double top,
                      int y0,
                      int y1,
                      double line_width,
                      const GanderColor *color)
{
  if (top <= 0)
    return;
  cairo_set_line_width (cr, line_width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (int x = 0; x < n; x++)
    {
      int begin;

      if (isnan (values[x]))
        continue;
      begin = x;
      x = add_run (cr, values, n, x, top, y0, y1);
      gander_theme_set_color (cr, color, 1);
      cairo_stroke_preserve (cr);
      cairo_line_to (cr, x, y1);
      cairo_line_to (cr, begin, y1);
      cairo_close_path (cr);
      gander_theme_set_color (cr, color, 0.35);
      cairo_fill (cr);
    }
}

void
gander_counter_paint_goal (cairo_t *cr,
                           const float *values,
                           int n,
                           double top,
                           int y0,
                           int y1,
                           double line_width,
                           const GanderColor *color)
{
  const double dashes[] = { 5 * line_width, 4 * line_width };

  if (top <= 0)
    return;
  cairo_save (cr);
  cairo_set_line_width (cr, line_width);
  cairo_set_dash (cr, dashes, 2, 0);
  gander_theme_set_color (cr, color, 1);
  for (int x = 0; x < n; x++)
    if (!isnan (values[x]) && values[x] > 0)
      {
        x = add_run (cr, values, n, x, top, y0, y1);
        cairo_stroke (cr);
      }
  cairo_restore (cr);
}
