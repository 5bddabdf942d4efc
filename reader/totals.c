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

static inline guint32
hash (GanderStringId name, guint32 kind)
{
  guint64 x = ((guint64)name << 32 | kind) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32)(x >> 32);
}

static gboolean
grow (GanderTotals *self)
{
  guint32 capacity = MAX (SMALLEST, self->capacity * 2);
  guint32 mask = capacity * 2 - 1;
  GanderTotalRow *rows = g_try_realloc_n (self->rows, capacity, sizeof *rows);
  guint32 *slots = g_try_malloc0_n ((gsize)mask + 1, sizeof *slots);

  if (rows != NULL)
    self->rows = rows;
  if (rows == NULL || slots == NULL)
    {
      g_free (slots);
      self->no_memory = TRUE;
      return FALSE;
    }
  for (guint32 i = 0; i < self->n; i++)
    {
      guint32 slot = hash (rows[i].group, rows[i].kind) & mask;
      while (slots[slot] != 0)
        slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
  g_free (self->slots);
  self->slots = slots;
  self->n_slots = mask + 1;
  self->capacity = capacity;
  return TRUE;
}

static GanderTotalRow *
find (GanderTotals *self, GanderStringId name, guint32 kind)
{
  guint32 slot = 0;

  if (G_UNLIKELY (self->n == self->capacity) && !grow (self))
    return &nowhere;
  slot = hash (name, kind) & (self->n_slots - 1);
  for (; self->slots[slot] != 0; slot = (slot + 1) & (self->n_slots - 1))
    {
      GanderTotalRow *row = &self->rows[self->slots[slot] - 1];
      if (row->group == name && row->kind == kind)
        return row;
    }
  self->rows[self->n] = (GanderTotalRow){ .group = name, .kind = kind };
  self->slots[slot] = ++self->n;
  return &self->rows[self->n - 1];
}

void
gander_totals_add (GanderTotals *self,
                   GanderTotalsCursor *cursor,
                   GanderStringId name,
                   guint32 kind,
                   GanderSpanFlags flags,
                   gint64 length)
{
  GanderTotalRow *row = find (self, name, kind);

  row->count++;
  row->total = (gint64)((guint64)row->total + (guint64)length);
  row->longest = MAX (row->longest, length);
  if (G_UNLIKELY ((flags & GANDER_SPAN_CONTINUES) != 0 && cursor->last != G_MAXUINT32))
    {
      cursor->length = (gint64)((guint64)cursor->length + (guint64)length);
      row = find (self, name, cursor->begun);
      row->longest = MAX (row->longest, cursor->length);
    }
  else
    {
      cursor->length = length;
      cursor->begun = kind;
    }
  cursor->last = kind;
}

void
gander_totals_add_open (GanderTotals *self, const GanderTotalsCursor *cursor, GanderStringId name)
{
  if (cursor->last != G_MAXUINT32)
    find (self, name, cursor->last)->open++;
}
