/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/totals.h"

#define SMALLEST 256

/* What is counted when there is no memory for a row. */
static GanderTotalRow nowhere;

void
gander_totals_clear (GanderTotals *self)
{
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->slots, g_free);
}

/* Returns: the slot of @key, or the free one that it can have. */
static GanderTotalSlot *
find_slot (const GanderTotals *self, guint64 key)
{
  guint32 slot = gander_totals_hash (key) & self->mask;

  while (self->slots[slot].row != 0 && self->slots[slot].key != key)
    slot = (slot + 1) & self->mask;
  return &self->slots[slot];
}

static void
fill_slot (const GanderTotals *self, guint32 row)
{
  guint64 key = (guint64)self->rows[row].group << 32 | self->rows[row].kind;

  *find_slot (self, key) = (GanderTotalSlot){ .key = key, .row = row + 1 };
}

static gboolean
grow (GanderTotals *self)
{
  guint32 capacity = MAX (SMALLEST, self->capacity * 2);
  guint32 mask = capacity * 2 - 1;
  GanderTotalRow *rows = g_try_realloc_n (self->rows, capacity, sizeof *rows);
  GanderTotalSlot *slots = g_try_malloc0_n ((gsize)mask + 1, sizeof *slots);

  if (rows != NULL)
    self->rows = rows;
  if (rows == NULL || slots == NULL)
    {
      g_free (slots);
      self->no_memory = TRUE;
      return FALSE;
    }
  g_free (self->slots);
  self->slots = slots;
  self->mask = mask;
  self->capacity = capacity;
  for (guint32 row = 0; row < self->n; row++)
    fill_slot (self, row);
  return TRUE;
}

GanderTotalRow *
gander_totals_find_slowly (GanderTotals *self, guint32 owner, guint32 kind)
{
  guint32 row = 0;

  if (self->n == self->capacity && !grow (self))
    return &nowhere;
  row = find_slot (self, (guint64)owner << 32 | kind)->row;
  if (row != 0)
    return &self->rows[row - 1];
  self->rows[self->n] = (GanderTotalRow){ .group = owner, .kind = kind };
  fill_slot (self, self->n);
  return &self->rows[self->n++];
}

void
gander_totals_add_open (GanderTotals *self, const GanderTotalsCursor *cursor, guint32 owner)
{
  if (cursor->last != G_MAXUINT32)
    gander_totals_find (self, owner, cursor->last)->open++;
}
