/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Two containers of the loader. A table holds zeroed rows in pages, so a row never moves and
 * growing never copies; a map goes from a 64-bit id of the file to a row number. Memory that is
 * not to be had is an answer (NULL, FALSE), not an abort: their size depends on the input.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_TABLE_PAGE_BITS 10

typedef struct
{
  guint8 **pages;
  gsize row_size;
  guint32 n;
  guint32 n_pages;
  guint32 pages_capacity;
} GanderTable;

#define GANDER_TABLE_INIT(type) \
  {                             \
    .row_size = sizeof (type)   \
  }

void gander_table_clear (GanderTable *self);

/* Returns: (nullable) a new zeroed row, NULL without memory. */
gpointer gander_table_add (GanderTable *self);

/* Returns: row @row, which must be below n. */
static inline gpointer
gander_table_get (const GanderTable *self, guint32 row)
{
  return self->pages[row >> GANDER_TABLE_PAGE_BITS] +
         (row & ((1u << GANDER_TABLE_PAGE_BITS) - 1)) * self->row_size;
}

typedef struct
{
  gint64 *ids;
  guint32 *rows; /* row + 1; 0 = free */
  gsize size;    /* power of two */
  gsize n;
} GanderIdMap;

void gander_id_map_clear (GanderIdMap *self);

/* Returns: row + 1 of @id, or 0. */
guint32 gander_id_map_find (const GanderIdMap *self, gint64 id);

/* Puts @row in place of what @id had. Returns: FALSE without memory. */
gboolean gander_id_map_set (GanderIdMap *self, gint64 id, guint32 row);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderTable, gander_table_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderIdMap, gander_id_map_clear)

G_END_DECLS
