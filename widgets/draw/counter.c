/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/counter.h"

#include <math.h>

/* Returns: the larger one; @b when @a is none. A function of the C library takes as long as the
 * rest of a point. */
static inline float
larger (float a, float b)
{
  return a >= b ? a : b;
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
  guint32 next = gander_query_find_point (points, n, scale->begin);

  for (int x = 0; x < scale->width; x++)
    {
      GanderTime begin = gander_scale_get_time (scale, x);
      GanderTime end = gander_scale_get_time (scale, x + 1);
      float value = NAN;

      if (next > 0 && begin < duration && end > 0)
        value = (float)points[next - 1].value;
      for (; next < n && points[next].time < end; next++)
        value = larger (value, (float)points[next].value);
      g_array_append_val (values, value);
    }
}

static double
integral_at (const GanderTaskType *type, GanderTime time)
{
  guint32 next = gander_query_find_point (type->steps, type->n_steps, time);

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

/* Walks runs of equal values. Returns: the end of the one at @x, or of a run without a value. */
static int
run_end (const float *values, int n, int x)
{
  float value = values[x];

  for (x++; x < n; x++)
    if (isnan (value) ? !isnan (values[x]) : values[x] != value)
      break;
  return x;
}

/* Whole pixels in one path: much cheaper than a stroke around as many corners. */
static void
add_area (GanderCanvas *canvas, const float *values, int n, double top, int y0, int y1)
{
  for (int x = 0; x < n;)
    {
      int end = run_end (values, n, x);

      if (!isnan (values[x]))
        {
          int y = (int)round (y_of (values[x], top, y0, y1));

          gander_canvas_add (canvas, x, y, end - x, y1 - y);
        }
      x = end;
    }
}

static void
add_line (GanderCanvas *canvas, const float *values, int n, double top, int y0, int y1, int width)
{
  int last = G_MININT;

  for (int x = 0; x < n;)
    {
      int end = run_end (values, n, x);
      int y = G_MININT;

      if (!isnan (values[x]))
        {
          y = MIN ((int)round (y_of (values[x], top, y0, y1)), y1 - width);
          gander_canvas_add (canvas, x, y, end - x, width);
          if (last != G_MININT && ABS (last - y) > width)
            gander_canvas_add (canvas, x, MIN (last, y), width, ABS (last - y));
        }
      last = y;
      x = end;
    }
}

void
gander_counter_paint (GanderCanvas *canvas,
                      const float *values,
                      int n,
                      double top,
                      int y0,
                      int y1,
                      int line_width,
                      const GanderColor *color)
{
  if (top <= 0)
    return;
  gander_canvas_set_color (canvas, color, 0.35);
  add_area (canvas, values, n, top, y0, y1);
  gander_canvas_fill (canvas);
  gander_canvas_set_color (canvas, color, 1);
  add_line (canvas, values, n, top, y0, y1, line_width);
  gander_canvas_fill (canvas);
}

void
gander_counter_paint_goal (GanderCanvas *canvas,
                           const float *values,
                           int n,
                           double top,
                           int y0,
                           int y1,
                           int line_width,
                           const GanderColor *color)
{
  int on = 5 * line_width;
  int period = 9 * line_width;

  if (top <= 0)
    return;
  gander_canvas_set_color (canvas, color, 1);
  for (int x = 0; x < n; x += period)
    {
      int y;

      if (isnan (values[x]) || values[x] <= 0)
        continue;
      y = MIN ((int)round (y_of (values[x], top, y0, y1)), y1 - line_width);
      gander_canvas_add (canvas, x, y, MIN (on, n - x), line_width);
    }
  gander_canvas_fill (canvas);
}
