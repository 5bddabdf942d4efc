/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* gzip and zstd, streamed from a source into a spool. */

#include "reader/sniff.h"
#include "reader/source.h"
#include "reader/spool.h"

G_BEGIN_DECLS

/* @cut is set when the packed data breaks off or is damaged after at least one byte came out.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED, GANDER_READER_ERROR_TOO_LARGE, or
 * GANDER_READER_ERROR_CORRUPT when nothing could be unpacked. */
gboolean gander_unpack (GanderSource *packed,
                        GanderPacking packing,
                        GanderSpool *unpacked,
                        gboolean *cut,
                        GanderProgress *progress,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
