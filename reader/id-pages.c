/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/id-pages.h"

#define PAGE_IDS 64

void
gander_id_pages_init (GanderIdPages *self)
{
  *self = (GanderIdPages){ .rows = { .row_size = PAGE_IDS * sizeof (guint32) } };
  gander_id_map_init (&self->pages);
}

void
gander_id_pages_clear (GanderIdPages *self)
{
  gander_id_map_clear (&self->pages);
  gander_pages_clear (&self->rows);
}

/* Returns: (nullable) where the row of @id stands. */
static guint32 *
find_place (const GanderIdPages *self, guint64 id)
{
  guint32 page = gander_id_map_get (&self->pages, id / PAGE_IDS);

  if (page == GANDER_ID_NONE)
    return NULL;
  return (guint32 *)gander_pages_get (&self->rows, page) + id % PAGE_IDS;
}

guint32
gander_id_pages_get (const GanderIdPages *self, guint64 id)
{
  const guint32 *place = find_place (self, id);

  return place == NULL ? 0 : *place;
}

gboolean
gander_id_pages_set (GanderIdPages *self, guint64 id, guint32 row_plus_one)
{
  guint32 *place = find_place (self, id);

  if (place == NULL)
    {
      if (gander_pages_add (&self->rows) == NULL)
        return FALSE;
      gander_id_map_set (&self->pages, id / PAGE_IDS, self->rows.n - 1);
      place = find_place (self, id);
    }
  *place = row_plus_one;
  return TRUE;
}
