/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What stands in a trace file, event by event in the order of its bytes, not decoded: for looking
 * at the format itself. The text is that of Go's “go tool trace -d=wire” (golang/go
 * src/internal/trace/raw): a name and its arguments as numbers, frames and data on lines of their
 * own.
 */

#include "reader/trace.h"

G_BEGIN_DECLS

/* One event: its code, its @n_bytes in the file, its text with a newline. Code 0 is a remark about
 * bytes that are no event; its text begins with '#'.
 *
 * Returns: FALSE to stop. */
typedef gboolean (*GanderWireFunc) (guint8 code,
                                    guint64 n_bytes,
                                    const GString *text,
                                    gpointer data);

/* Calls @visit for every event of @path ("-" is standard input).
 *
 * Returns: FALSE with the errors of gander_trace_read (). */
gboolean gander_wire_dump (const char *path,
                           const GanderTraceOptions *options,
                           GanderWireFunc visit,
                           gpointer data,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
