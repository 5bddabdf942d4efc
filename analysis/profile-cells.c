/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/profile-cells.h"

#include <string.h>

#define FIRST_SLOTS 256

G_STATIC_ASSERT (sizeof (GanderCellKey) == 32);

static void
clear_cell (gpointer cell)
{
  gander_durations_clear (&((GanderCell *)cell)->durations);
}

void
gander_cells_init (GanderCells *self)
{
  *self = (GanderCells){ .cells = g_array_new (FALSE, TRUE, sizeof (GanderCell)) };
  g_array_set_clear_func (self->cells, clear_cell);
  self->slots = g_new0 (guint32, FIRST_SLOTS);
  self->mask = FIRST_SLOTS - 1;
}

void
gander_cells_clear (GanderCells *self)
{
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_pointer (&self->slots, g_free);
}

static guint32
hash_key (const GanderCellKey *key)
{
  guint64 words[sizeof *key / 8];
  guint64 hash = 0;

  memcpy (words, key, sizeof words);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      hash = (hash ^ words[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return (guint32)hash;
}

static gboolean
is_same_key (const GanderCellKey *a, const GanderCellKey *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

static GanderCell *
get_cell (const GanderCells *self, guint32 i)
{
  return &g_array_index (self->cells, GanderCell, i);
}

static guint32
find_slot (const GanderCells *self, const GanderCellKey *key)
{
  guint32 slot = hash_key (key) & self->mask;

  while (self->slots[slot] != 0 && !is_same_key (&get_cell (self, self->slots[slot] - 1)->key, key))
    slot = (slot + 1) & self->mask;
  return slot;
}

static void
grow (GanderCells *self)
{
  self->mask = self->mask * 2 + 1;
  g_free (self->slots);
  self->slots = g_new0 (guint32, (gsize)self->mask + 1);
  for (guint32 i = 0; i < self->cells->len; i++)
    self->slots[find_slot (self, &get_cell (self, i)->key)] = i + 1;
}

GanderCell *
gander_cells_get (GanderCells *self, const GanderCellKey *key)
{
  guint32 slot = 0;

  if (self->last < self->cells->len && is_same_key (&get_cell (self, self->last)->key, key))
    return get_cell (self, self->last);
  slot = find_slot (self, key);
  if (self->slots[slot] == 0)
    {
      if (self->cells->len >= self->mask / 2)
        {
          grow (self);
          slot = find_slot (self, key);
        }
      g_array_set_size (self->cells, self->cells->len + 1);
      self->slots[slot] = self->cells->len;
      get_cell (self, self->cells->len - 1)->key = *key;
    }
  self->last = self->slots[slot] - 1;
  return get_cell (self, self->last);
}

static void
take_durations (GanderDurations *self, GanderDurations *other)
{
  if (self->n == 0)
    {
      gander_durations_clear (self);
      *self = *other;
      *other = (GanderDurations){ 0 };
    }
  for (gsize i = 0; i < other->n; i++)
    gander_durations_add (self, other->values[i]);
  gander_durations_clear (other);
}

void
gander_cell_add (GanderCell *self, GanderCell *other)
{
  self->count += other->count;
  self->open += other->open;
  self->total += other->total;
  self->max = MAX (self->max, other->max);
  take_durations (&self->durations, &other->durations);
}

void
gander_cells_merge (GanderCells *self, GanderCells *other)
{
  for (guint i = 0; i < other->cells->len; i++)
    {
      GanderCell *cell = get_cell (other, i);
      gander_cell_add (gander_cells_get (self, &cell->key), cell);
    }
}
