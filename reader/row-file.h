/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Rows that come in one order while a trace is read and are wanted in another at the end: kept in
 * a buffer, and beyond a megabyte in an unlinked file, so that memory does not grow with the
 * trace. With an order each megabyte, a run, is sorted before it goes to the file. Errors stick and
 * are told by gander_row_file_map ().
 */

#include "reader/chores.h"
#include "reader/row-order.h"

#include <string.h>

G_BEGIN_DECLS

/* A buffer on its way to the file. */
typedef struct
{
  guint8 *buffer; /* (nullable) */
  gsize n;        /* bytes */
  guint64 at;     /* where in the file */
  int failed;     /* errno */
} GanderRowSpill;

typedef struct
{
  gsize row_size;
  guint8 *buffer;
  gsize n_buffered; /* bytes */
  gsize capacity;
  int fd; /* -1 = nothing spilled yet */
  guint64 spilled;
  guint8 *map;
  const GanderRowOrder *order; /* (nullable) (unowned) of each run */
  gsize run_size;              /* bytes of all runs but the last; 0 = there is one */
  gboolean sorted;             /* what is in the buffer is */
  const char *directory;       /* (unowned) for the file */
  int failed;                  /* errno */
  GanderChores *chores;        /* (nullable) (unowned) */
  GanderChore chore;           /* when it is done all that was spilled is in the file */
  GanderChoreSeries series;
  GanderRowSpill spill; /* the chore's */
} GanderRowFile;

/* One that is zeroed holds nothing and may be cleared. */
void gander_row_file_init (GanderRowFile *self, gsize row_size, const char *directory);
void gander_row_file_clear (GanderRowFile *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderRowFile, gander_row_file_clear)

/* Sorts what is added from now on in runs; only for rows that are added one by one. @order must
 * outlive @self. */
void gander_row_file_set_order (GanderRowFile *self, const GanderRowOrder *order);

/* Leaves it to @chores, which must outlive @self, to sort and write runs, until these are stopped;
 * costs a buffer more meanwhile. */
void gander_row_file_set_chores (GanderRowFile *self, GanderChores *chores);

/* Forgets all rows; after that rows can be added again. */
void gander_row_file_empty (GanderRowFile *self);

/* Makes sure of room for @size bytes more in the buffer. Returns: FALSE when rows cannot be kept.
 */
gboolean gander_row_file_make_room (GanderRowFile *self, gsize size);

/* Returns: (nullable) (transfer none) room for one row, to be filled before anything else is done;
 * NULL when rows cannot be kept. */
static inline gpointer
gander_row_file_take (GanderRowFile *self)
{
  guint8 *row = NULL;

  if (G_LIKELY (self->row_size <= self->capacity - self->n_buffered) ||
      gander_row_file_make_room (self, self->row_size))
    {
      row = self->buffer + self->n_buffered;
      self->n_buffered += self->row_size;
    }
  return row;
}

/* Copies one row. */
static inline void
gander_row_file_add (GanderRowFile *self, gconstpointer row)
{
  gpointer room = gander_row_file_take (self);

  if (room != NULL)
    memcpy (room, row, self->row_size);
}

/* Copies @n rows, few of them. */
void gander_row_file_add_n (GanderRowFile *self, gconstpointer rows, gsize n);

/* Returns: rows so far. */
guint64 gander_row_file_get_n (const GanderRowFile *self);

/* Returns: (transfer none) all rows, in the order they came or in runs; NULL with @error. Nothing
 * may be added afterwards. */
gconstpointer gander_row_file_map (GanderRowFile *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: rows of a run, but for the last of them; of all when there is one. At least 1. */
guint64 gander_row_file_get_run (const GanderRowFile *self);

/* Lets go of the pages of the map that were read; they can be read again. */
void gander_row_file_forget_pages (const GanderRowFile *self);

/* Returns: a descriptor of a new file without a name in @directory or, where that is not
 * possible, in the system's temporary folder or in memory; -1 with errno. */
int gander_row_file_open_unlinked (const char *directory);

/* Closes the last descriptor of such a file. What a large one takes the system to free, a second
 * for a gigabyte or more when its disk is busy, passes on a thread: nobody waits for that. */
void gander_row_file_close_unlinked (int fd);

G_END_DECLS
