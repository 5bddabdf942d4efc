/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/cover.h"

#define FIRST_LIMIT (1 << 16)

void
gander_cover_init (GanderCover *self, const GanderStretch *stretches, guint n)
{
  *self = (GanderCover){ .stretches = stretches,
                         .n = n,
                         .changes = g_new0 (gint32, n + 1),
                         .parts = g_array_new (FALSE, FALSE, sizeof (GanderStretch)),
                         .limit = FIRST_LIMIT };
}

void
gander_cover_clear (GanderCover *self)
{
  g_clear_pointer (&self->changes, g_free);
  g_clear_pointer (&self->parts, g_array_unref);
}

static int
compare_stretches (gconstpointer a, gconstpointer b)
{
  const GanderStretch *x = a;
  const GanderStretch *y = b;

  return (x->begin > y->begin) - (x->begin < y->begin);
}

/* Sorts and joins what overlaps or touches. */
static void
join (GArray *parts)
{
  GanderStretch *list = NULL;
  guint n = 0;

  g_array_sort (parts, compare_stretches);
  list = (GanderStretch *)(gpointer)parts->data;
  for (guint i = 0; i < parts->len; i++)
    if (n > 0 && list[i].begin <= list[n - 1].end)
      list[n - 1].end = MAX (list[n - 1].end, list[i].end);
    else
      list[n++] = list[i];
  g_array_set_size (parts, n);
}

static void
add_part (GanderCover *self, GanderTime begin, GanderTime end)
{
  const GanderStretch part = { begin, end };

  if (self->parts->len >= self->limit)
    {
      join (self->parts);
      self->limit = MAX (FIRST_LIMIT, 2 * self->parts->len);
    }
  g_array_append_val (self->parts, part);
}

/* Returns: the first stretch that ends after @time, or n. Gallops from the hint. */
static guint
find (const GanderCover *self, GanderTime time)
{
  guint low = 0, high = self->n;
  guint step = 1;

  if (self->hint > 0 && self->stretches[self->hint - 1].end > time)
    high = self->hint - 1;
  else
    {
      low = self->hint;
      while (low + step < self->n && self->stretches[low + step - 1].end <= time)
        {
          low += step;
          step *= 2;
        }
      high = MIN (low + step, self->n);
    }
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->stretches[middle].end <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
gander_cover_add (GanderCover *self, GanderTime begin, GanderTime end)
{
  guint first = find (self, begin);
  guint last;

  if (first == self->n || begin >= end)
    return;
  self->hint = first;
  last = self->stretches[first].end >= end ? first : find (self, end - 1);
  if (last == self->n || self->stretches[last].begin >= end)
    {
      if (last == first)
        return;
      last--;
    }
  for (guint i = first; i <= last; i = i == first && last > first ? last : last + 1)
    {
      const GanderStretch *stretch = &self->stretches[i];
      gboolean whole = begin <= stretch->begin && end >= stretch->end;

      if (whole)
        {
          self->changes[i]++;
          self->changes[i + 1]--;
        }
      else
        add_part (self, MAX (begin, stretch->begin), MIN (end, stretch->end));
    }
  if (last > first + 1)
    {
      self->changes[first + 1]++;
      self->changes[last]--;
    }
}

void
gander_cover_add_all (GanderCover *self, const GanderCover *other)
{
  for (guint i = 0; i <= self->n; i++)
    self->changes[i] += other->changes[i];
  g_array_append_vals (self->parts, other->parts->data, other->parts->len);
}

GArray *
gander_cover_finish (GanderCover *self)
{
  gint64 covering = 0;

  for (guint i = 0; i < self->n; i++)
    {
      covering += self->changes[i];
      if (covering > 0)
        g_array_append_val (self->parts, self->stretches[i]);
    }
  join (self->parts);
  return g_array_ref (self->parts);
}
