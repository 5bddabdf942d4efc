/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Writes the container of an index: sections one after the other through a buffer and pwrite,
 * each page with its checksum, then the checksums, footer and header. Errors stick: the first one
 * is kept, whatever is appended after it is dropped, and finish reports it.
 */

#include "reader/schema.h"

G_BEGIN_DECLS

typedef struct
{
  int fd;
  guint8 *buffer;
  gsize n_buffered;
  gsize n_summed;  /* of the buffer: its checksum is taken */
  guint64 flushed; /* file offset of the buffer's first byte */
  GanderSection section;
  GanderSectionEntry entries[GANDER_N_SECTIONS];
  GArray *page_sums; /* guint32, of the pages of all sections, in the order they were written */
  guint32 page_crc;  /* of the last page, so far */
  gsize page_filled;
  guint64 n_copied; /* of a part: by whom took it over */
  GError *error;
} GanderIndexFile;

/* @fd stays the caller's; it must be empty and readable too. */
void gander_index_file_init (GanderIndexFile *self, int fd);
/* The same for sections that another thread writes to a file of their own, from where they are
 * copied. */
void gander_index_file_init_part (GanderIndexFile *self, int fd);
void gander_index_file_clear (GanderIndexFile *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderIndexFile, gander_index_file_clear)

void gander_index_file_begin (GanderIndexFile *self, GanderSection section);
void gander_index_file_append (GanderIndexFile *self, gconstpointer data, gsize size);

/* Returns: bytes appended to the present section. */
guint64 gander_index_file_get_size (const GanderIndexFile *self);
void gander_index_file_end (GanderIndexFile *self);

/* A whole section of @n rows. */
void
gander_index_file_put (GanderIndexFile *self, GanderSection section, gconstpointer rows, gsize n);

/* Between sections: takes over those that @part has written, and its error; then copies their
 * bytes, a megabyte at a time, until _copy () returns FALSE. */
void gander_index_file_adopt (GanderIndexFile *self, GanderIndexFile *part);
gboolean gander_index_file_copy (GanderIndexFile *self, GanderIndexFile *part);

/* Writes out what is buffered, so that the bytes can be read from the file. */
void gander_index_file_flush (GanderIndexFile *self);

/* Checksums, footer, then header. Returns: FALSE with the first error of the whole writing. */
gboolean gander_index_file_finish (GanderIndexFile *self,
                                   const GanderIdentity *identity,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
