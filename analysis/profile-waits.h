/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Finds the waits of a profile and adds them up. Private to the profile files. */

#include "analysis/profile-cells.h"
#include "analysis/profile.h"

G_BEGIN_DECLS

/* Adds every wait of what @options say inside @scope to @cells.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_waits_collect (const GanderIndex *index,
                               const GanderScope *scope,
                               const GanderProfileOptions *options,
                               GanderCells *cells,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
