/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/steps.h"

void
gander_steps_init (GanderSteps *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (GanderStepPoint));
}

void
gander_steps_clear (GanderSteps *self)
{
  g_clear_pointer (&self->points, g_array_unref);
}

void
gander_steps_change (GanderSteps *self, GanderTime time, gint64 change)
{
  GanderStepPoint point = { .time = time, .value = change };

  g_array_append_val (self->points, point);
}

void
gander_steps_add (GanderSteps *self, GanderTime begin, GanderTime end)
{
  if (begin >= end)
    return;
  gander_steps_change (self, begin, 1);
  gander_steps_change (self, end, -1);
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const GanderStepPoint *x = a;
  const GanderStepPoint *y = b;

  return (x->time > y->time) - (x->time < y->time);
}

/* Times and numbers of a damaged trace may be anything: sums wrap. */
static gint64
area_between (const GanderStepPoint *point, GanderTime time)
{
  return (gint64)((guint64)point->value * ((guint64)time - (guint64)point->time));
}

void
gander_steps_finish (GanderSteps *self)
{
  GanderStepPoint *points = (GanderStepPoint *)(gpointer)self->points->data;
  guint n = 0;
  gint64 value = 0;

  g_array_sort (self->points, compare_points);
  for (guint i = 0; i < self->points->len; i++)
    {
      GanderStepPoint point = points[i];

      value += point.value;
      if (n > 0 && points[n - 1].time == point.time)
        {
          points[n - 1].value = value;
          continue;
        }
      point.value = value;
      point.area = n == 0 ? 0 : points[n - 1].area + area_between (&points[n - 1], point.time);
      points[n++] = point;
    }
  g_array_set_size (self->points, n);
}

/* Returns: the area before @time. */
static gint64
get_area_before (const GanderSteps *self, GanderTime time)
{
  guint low = 0, high = self->points->len;
  const GanderStepPoint *point;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->points, GanderStepPoint, middle).time <= time)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == 0)
    return 0;
  point = &g_array_index (self->points, GanderStepPoint, low - 1);
  return point->area + area_between (point, time);
}

GanderTime
gander_steps_get_area (const GanderSteps *self, GanderTime begin, GanderTime end)
{
  return begin >= end ? 0 : get_area_before (self, end) - get_area_before (self, begin);
}
