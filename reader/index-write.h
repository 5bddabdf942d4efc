/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Writes all of an index that comes after the blocks, when the last event has been seen: lanes,
 * summaries, groups, extremes, tables, texts; then footer and header.
 */

#include "reader/spans.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* @spans has been finished at @duration. Returns: FALSE with G_FILE_ERROR or G_IO_ERROR_CANCELLED,
 * or TOO_LARGE when memory or a 32-bit number of rows does not suffice. */
gboolean gander_index_write (GanderSpans *spans,
                             GanderTime duration,
                             const GanderTraceInfo *info,
                             const GanderIdentity *identity,
                             guint n_threads,
                             GanderProgress *progress,
                             GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
