/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the bytes of a trace come from: a file, a pipe, something compressed, or memory; behind
 * it all the same: an unpacked size and reads at any place. A file is read with pread and never
 * mapped, so one that shrinks meanwhile gives short reads.
 */

#include "reader/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanderSource GanderSource;

/* @path: "-" is standard input. gzip and zstd are unpacked here, up to @unpack_limit bytes.
 *
 * Returns: (transfer full) the source, or NULL with a GANDER_READER_ERROR, G_FILE_ERROR or
 * G_IO_ERROR. */
GanderSource *gander_source_open (const char *path,
                                  guint64 unpack_limit,
                                  GanderProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) a source over @data, which must outlive it. */
GanderSource *gander_source_new_bytes (const guint8 *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

void gander_source_free (GanderSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderSource, gander_source_free)

/* Returns: the size of the unpacked trace. */
guint64 gander_source_get_size (const GanderSource *self);

/* Returns: the size of the file itself. */
guint64 gander_source_get_file_size (const GanderSource *self);

/* Returns: TRUE when unpacking stopped at broken data; the bytes before it are there. */
gboolean gander_source_is_cut (const GanderSource *self);

/* Returns: (transfer none) the bytes from @offset, *@got of them, at most @size: inside the source
 * or copied to @buffer, which has room for @size. Fewer come at the end and after a failure. */
const guint8 *
gander_source_get (GanderSource *self, guint64 offset, gsize size, guint8 *buffer, gsize *got);

/* Returns: TRUE when gander_source_get () will not need a buffer. */
gboolean gander_source_is_memory (const GanderSource *self);

G_END_DECLS
