/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* events --wire and --footprint. */

#include "app/cli/cli-call.h"

G_BEGIN_DECLS

/* Writes the events of the call's file as they stand in it, or with --footprint what each kind
 * takes; only those of @kinds (NULL-terminated; nullable: all). */
gboolean gander_events_wire (GanderCall *call,
                             const char *const *kinds,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
