/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/table.h"

#include <string.h>

#define PAGE_ROWS (1u << GANDER_TABLE_PAGE_BITS)

void
gander_table_clear (GanderTable *self)
{
  for (guint32 i = 0; i < self->n_pages; i++)
    g_free (self->pages[i]);
  g_clear_pointer (&self->pages, g_free);
  self->n = self->n_pages = self->pages_capacity = 0;
}

static gboolean
add_page (GanderTable *self)
{
  if (self->n_pages == self->pages_capacity)
    {
      guint32 capacity = MAX (16, self->pages_capacity * 2);
      guint8 **pages = g_try_realloc_n (self->pages, capacity, sizeof *pages);
      if (pages == NULL)
        return FALSE;
      self->pages = pages;
      self->pages_capacity = capacity;
    }
  self->pages[self->n_pages] = g_try_malloc0_n (PAGE_ROWS, self->row_size);
  if (self->pages[self->n_pages] == NULL)
    return FALSE;
  self->n_pages++;
  return TRUE;
}

gpointer
gander_table_add (GanderTable *self)
{
  if (self->n == G_MAXUINT32 - PAGE_ROWS)
    return NULL;
  if (self->n >> GANDER_TABLE_PAGE_BITS == self->n_pages && !add_page (self))
    return NULL;
  self->n++;
  return gander_table_get (self, self->n - 1);
}

void
gander_id_map_clear (GanderIdMap *self)
{
  g_clear_pointer (&self->ids, g_free);
  g_clear_pointer (&self->rows, g_free);
  self->size = self->n = 0;
}

/* The ids are small and dense in honest traces; the finalizer of splitmix64 spreads chosen ones,
 * and a seed of this process keeps a trace from choosing. */
static gsize
slot_of (const GanderIdMap *self, gint64 id)
{
  static guint64 seed = 0;
  guint64 x = 0;

  if (G_UNLIKELY (seed == 0))
    seed = ((guint64)g_random_int () << 32 | g_random_int ()) | 1;
  x = (guint64)id ^ seed;
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (gsize)(x ^ (x >> 31)) & (self->size - 1);
}

guint32
gander_id_map_find (const GanderIdMap *self, gint64 id)
{
  if (self->size == 0)
    return 0;
  for (gsize i = slot_of (self, id);; i = (i + 1) & (self->size - 1))
    if (self->rows[i] == 0 || self->ids[i] == id)
      return self->rows[i];
}

static void
put (GanderIdMap *self, gint64 id, guint32 row_plus_one)
{
  gsize i = slot_of (self, id);

  while (self->rows[i] != 0 && self->ids[i] != id)
    i = (i + 1) & (self->size - 1);
  self->n += self->rows[i] == 0;
  self->ids[i] = id;
  self->rows[i] = row_plus_one;
}

static gboolean
grow (GanderIdMap *self)
{
  GanderIdMap bigger = { .size = MAX (64, self->size * 2) };

  bigger.ids = g_try_malloc_n (bigger.size, sizeof *bigger.ids);
  bigger.rows = g_try_malloc0_n (bigger.size, sizeof *bigger.rows);
  if (bigger.ids == NULL || bigger.rows == NULL)
    {
      gander_id_map_clear (&bigger);
      return FALSE;
    }
  for (gsize i = 0; i < self->size; i++)
    if (self->rows[i] != 0)
      put (&bigger, self->ids[i], self->rows[i]);
  gander_id_map_clear (self);
  *self = bigger;
  return TRUE;
}

gboolean
gander_id_map_set (GanderIdMap *self, gint64 id, guint32 row)
{
  if ((self->n + 1) * 3 > self->size * 2 && !grow (self))
    return FALSE;
  put (self, id, row + 1);
  return TRUE;
}
