/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pages hold zeroed rows of the loader, so a row never moves and growing never copies.
 * Memory that is not to be had is an answer (NULL), not an abort: its size depends on the input.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_PAGES_PAGE_BITS 10

typedef struct
{
  guint8 **pages;
  gsize row_size;
  guint32 n;
  guint32 n_pages;
  guint32 pages_capacity;
} GanderPages;

#define GANDER_PAGES_INIT(type) \
  {                             \
    .row_size = sizeof (type)   \
  }

void gander_pages_clear (GanderPages *self);

/* Returns: (nullable) a new zeroed row, NULL without memory. */
gpointer gander_pages_add (GanderPages *self);

/* Returns: row @row, which must be below n. */
static inline gpointer
gander_pages_get (const GanderPages *self, guint32 row)
{
  return self->pages[row >> GANDER_PAGES_PAGE_BITS] +
         (row & ((1u << GANDER_PAGES_PAGE_BITS) - 1)) * self->row_size;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderPages, gander_pages_clear)

G_END_DECLS
