/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/pages.h"

#include <string.h>

#define PAGE_ROWS (1u << GANDER_PAGES_PAGE_BITS)

void
gander_pages_clear (GanderPages *self)
{
  for (guint32 i = 0; i < self->n_pages; i++)
    g_free (self->pages[i]);
  g_clear_pointer (&self->pages, g_free);
  self->n = self->n_pages = self->pages_capacity = 0;
}

static gboolean
add_page (GanderPages *self)
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
  self->pages[self->n_pages] = g_try_malloc_n (PAGE_ROWS, self->row_size);
  if (self->pages[self->n_pages] == NULL)
    return FALSE;
  self->n_pages++;
  return TRUE;
}

gpointer
gander_pages_add (GanderPages *self)
{
  gpointer row = NULL;

  if (self->n == G_MAXUINT32 - PAGE_ROWS)
    return NULL;
  if (self->n >> GANDER_PAGES_PAGE_BITS == self->n_pages && !add_page (self))
    return NULL;
  row = gander_pages_get (self, self->n);
  self->n++;
  /* Written before it is read: a fresh page of memory that is read first costs two faults, and the
   * second of them interrupts the other threads. */
  return memset (row, 0, self->row_size);
}
