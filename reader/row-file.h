/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Rows that come in one order while a trace is read and are wanted in another at the end: kept in
 * a buffer, and beyond a megabyte in an unlinked file, so that memory does not grow with the
 * trace. Errors stick and are told by gander_row_file_map ().
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize row_size;
  guint8 *buffer;
  gsize n_buffered; /* bytes */
  gsize capacity;
  int fd; /* -1 = nothing spilled yet */
  guint64 spilled;
  guint8 *map;
  const char *directory; /* (unowned) for the file */
  int failed;            /* errno */
} GanderRowFile;

/* One that is zeroed holds nothing and may be cleared. */
void gander_row_file_init (GanderRowFile *self, gsize row_size, const char *directory);
void gander_row_file_clear (GanderRowFile *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderRowFile, gander_row_file_clear)

/* Forgets all rows; after that rows can be added again. */
void gander_row_file_empty (GanderRowFile *self);

/* Copies one row. */
void gander_row_file_add (GanderRowFile *self, gconstpointer row);

/* Copies @n rows, few of them. */
void gander_row_file_add_n (GanderRowFile *self, gconstpointer rows, gsize n);

/* Returns: rows so far. */
guint64 gander_row_file_get_n (const GanderRowFile *self);

/* Returns: (transfer none) all rows, in the order they came; NULL with @error. Nothing may be added
 * afterwards. */
gconstpointer gander_row_file_map (GanderRowFile *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lets go of the pages of the map that were read; they can be read again. */
void gander_row_file_forget_pages (const GanderRowFile *self);

/* Returns: a descriptor of a new file without a name in @directory or, where that is not
 * possible, in the system's temporary folder or in memory; -1 with errno. */
int gander_row_file_open_unlinked (const char *directory);

/* Closes the last descriptor of such a file. What a large one takes the system to free, a second
 * for a gigabyte or more when its disk is busy, passes on a thread: nobody waits for that. */
void gander_row_file_close_unlinked (int fd);

G_END_DECLS
