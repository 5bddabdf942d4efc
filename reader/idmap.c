/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/idmap.h"

#include <string.h>

#define SMALLEST 16
#define KEEP     4096

void
gander_id_map_init (GanderIdMap *self)
{
  *self = (GanderIdMap){ .seed = (guint64)g_random_int () << 32 | g_random_int () };
}

void
gander_id_map_clear (GanderIdMap *self)
{
  g_clear_pointer (&self->slots, g_free);
  self->mask = 0;
  self->n = 0;
}

void
gander_id_map_empty (GanderIdMap *self)
{
  self->n = 0;
  if (self->mask >= KEEP)
    gander_id_map_clear (self);
  for (guint32 i = 0; self->slots != NULL && i <= self->mask; i++)
    self->slots[i].value = GANDER_ID_NONE;
}

static void
resize (GanderIdMap *self, guint32 n_slots)
{
  GanderIdMap old = *self;

  self->slots = g_malloc0_n (n_slots, sizeof *self->slots);
  self->mask = n_slots - 1;
  self->shift = 64 - (guint)__builtin_popcount (self->mask);
  self->n = 0;
  for (guint32 i = 0; i < n_slots; i++)
    self->slots[i].value = GANDER_ID_NONE;

  for (guint32 i = 0; old.slots != NULL && i <= old.mask; i++)
    if (old.slots[i].value != GANDER_ID_NONE)
      gander_id_map_set (self, old.slots[i].key, old.slots[i].value);
  g_free (old.slots);
}

void
gander_id_map_set (GanderIdMap *self, guint64 key, guint32 value)
{
  guint32 i;

  if (self->mask == 0)
    resize (self, SMALLEST);
  else if (self->n >= self->mask / 2)
    resize (self, (self->mask + 1) * 2);

  i = gander_id_map_get_home (self, key);
  while (self->slots[i].value != GANDER_ID_NONE && self->slots[i].key != key)
    i = (i + 1) & self->mask;
  if (self->slots[i].value == GANDER_ID_NONE)
    self->n++;
  self->slots[i].key = key;
  self->slots[i].value = value;
}

/* Closes the hole by moving later keys of the same run back, so that no tombstones are needed. */
void
gander_id_map_remove (GanderIdMap *self, guint64 key)
{
  guint32 hole;
  guint32 i;

  if (gander_id_map_get (self, key) == GANDER_ID_NONE)
    return;

  hole = gander_id_map_get_home (self, key);
  while (self->slots[hole].key != key || self->slots[hole].value == GANDER_ID_NONE)
    hole = (hole + 1) & self->mask;

  i = (hole + 1) & self->mask;
  while (self->slots[i].value != GANDER_ID_NONE)
    {
      guint32 home = gander_id_map_get_home (self, self->slots[i].key);

      if (((i - home) & self->mask) >= ((i - hole) & self->mask))
        {
          self->slots[hole] = self->slots[i];
          hole = i;
        }
      i = (i + 1) & self->mask;
    }
  self->slots[hole].value = GANDER_ID_NONE;
  self->n--;
}
