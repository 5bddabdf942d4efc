/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a program logged into its trace. */

#include "analysis/regions.h"
#include "analysis/table.h"

G_BEGIN_DECLS

/* The name of the filter is searched for in category and message.
 *
 * Returns: (transfer full) (nullable) a table with a row per log, in the order of events: time,
 * goroutine, task, category, message; NULL with G_IO_ERROR_CANCELLED. */
GanderTable *gander_logs_compute (const GanderIndex *index,
                                  const GanderUserFilter *filter,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
