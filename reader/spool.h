/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Bytes that arrive one after another and are read again later at any place: what a compressed
 * file unpacks to, or what comes out of a pipe. Kept in memory while they are few, in an unlinked
 * temporary file when they are many, and refused beyond a limit.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GByteArray *memory; /* (nullable) while small */
  int fd;             /* -1 while in memory */
  guint64 size;
  guint64 limit;
} GanderSpool;

void gander_spool_init (GanderSpool *self, guint64 limit);
void gander_spool_clear (GanderSpool *self);

/* Returns: FALSE with GANDER_READER_ERROR_TOO_LARGE at the limit, or a G_IO_ERROR. */
gboolean gander_spool_append (GanderSpool *self, const guint8 *data, gsize size, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Returns: the number of bytes got, fewer than @size at the end or when they cannot be read. */
gsize gander_spool_read (const GanderSpool *self, guint64 offset, guint8 *buffer, gsize size);

/* pread until @size bytes are there. Returns: the number of bytes got. */
gsize gander_spool_pread (int fd, guint64 offset, guint8 *buffer, gsize size);

G_END_DECLS
