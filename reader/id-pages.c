/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/id-pages.h"

#include <stdlib.h>

void
gander_id_pages_init (GanderIdPages *self)
{
  *self = (GanderIdPages){ .rows = { .row_size = GANDER_ID_PAGE * sizeof (guint32) } };
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
  guint32 page = gander_id_map_get (&self->pages, id / GANDER_ID_PAGE);

  if (page == GANDER_ID_NONE)
    return NULL;
  return (guint32 *)gander_pages_get (&self->rows, page) + id % GANDER_ID_PAGE;
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
      gander_id_map_set (&self->pages, id / GANDER_ID_PAGE, self->rows.n - 1);
      place = find_place (self, id);
    }
  *place = row_plus_one;
  return TRUE;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *)a;
  guint64 y = *(const guint64 *)b;

  return x < y ? -1 : x > y;
}

void
gander_id_pages_list (const GanderIdPages *self, guint64 *numbers)
{
  guint32 n = 0;

  for (guint32 i = 0; self->pages.slots != NULL && i <= self->pages.mask; i++)
    if (self->pages.slots[i].value != GANDER_ID_NONE)
      numbers[n++] = self->pages.slots[i].key;
  qsort (numbers, n, sizeof *numbers, compare_numbers);
}

const guint32 *
gander_id_pages_get_page (const GanderIdPages *self, guint64 number)
{
  return gander_pages_get (&self->rows, gander_id_map_get (&self->pages, number));
}
