/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/id-pages.h"

#include <stdlib.h>

typedef struct
{
  guint32 rows[GANDER_ID_PAGE]; /* + 1, 0 = nobody */
  guint32 n;                    /* of them that are somebody; of a free page: the next one + 1 */
} Page;

void
gander_id_pages_init (GanderIdPages *self)
{
  *self = (GanderIdPages){ .pages = GANDER_PAGES_INIT (Page) };
  gander_id_map_init (&self->numbers);
}

void
gander_id_pages_clear (GanderIdPages *self)
{
  gander_id_map_clear (&self->numbers);
  gander_pages_clear (&self->pages);
  self->free_page = 0;
}

/* Returns: (nullable) the page of @id. */
static Page *
find_page (const GanderIdPages *self, guint64 id)
{
  guint32 page = gander_id_map_get (&self->numbers, id / GANDER_ID_PAGE);

  return page == GANDER_ID_NONE ? NULL : gander_pages_get (&self->pages, page);
}

guint32
gander_id_pages_get (const GanderIdPages *self, guint64 id)
{
  const Page *page = find_page (self, id);

  return page == NULL ? 0 : page->rows[id % GANDER_ID_PAGE];
}

/* Returns: (nullable) an empty page for @id and those near it. */
static Page *
add_page (GanderIdPages *self, guint64 id)
{
  guint32 number = self->free_page;
  Page *page = NULL;

  if (number != 0)
    {
      page = gander_pages_get (&self->pages, number - 1);
      self->free_page = page->n;
      page->n = 0;
    }
  else
    {
      page = gander_pages_add (&self->pages);
      number = self->pages.n;
    }
  if (page != NULL)
    gander_id_map_set (&self->numbers, id / GANDER_ID_PAGE, number - 1);
  return page;
}

gboolean
gander_id_pages_set (GanderIdPages *self, guint64 id, guint32 row_plus_one)
{
  Page *page = find_page (self, id);
  guint32 *row = NULL;

  if (page == NULL)
    page = add_page (self, id);
  if (page == NULL)
    return FALSE;
  row = &page->rows[id % GANDER_ID_PAGE];
  page->n += *row == 0;
  *row = row_plus_one;
  return TRUE;
}

void
gander_id_pages_remove (GanderIdPages *self, guint64 id)
{
  guint32 number = gander_id_map_get (&self->numbers, id / GANDER_ID_PAGE);
  Page *page = number == GANDER_ID_NONE ? NULL : gander_pages_get (&self->pages, number);

  if (page == NULL || page->rows[id % GANDER_ID_PAGE] == 0)
    return;
  page->rows[id % GANDER_ID_PAGE] = 0;
  if (--page->n > 0)
    return;
  gander_id_map_remove (&self->numbers, id / GANDER_ID_PAGE);
  page->n = self->free_page;
  self->free_page = number + 1;
}

guint32
gander_id_pages_get_n (const GanderIdPages *self)
{
  return self->numbers.n;
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

  for (guint32 i = 0; self->numbers.slots != NULL && i <= self->numbers.mask; i++)
    if (self->numbers.slots[i].value != GANDER_ID_NONE)
      numbers[n++] = self->numbers.slots[i].key;
  qsort (numbers, n, sizeof *numbers, compare_numbers);
}

const guint32 *
gander_id_pages_get_page (const GanderIdPages *self, guint64 number)
{
  return find_page (self, number * GANDER_ID_PAGE)->rows;
}
