/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The events on the wire: names and arguments, from the one table events.def. */

#include "reader/event.h"

G_BEGIN_DECLS

/* Returns: (transfer none) (nullable) Go's name of a wire event ("GoBlock"), NULL for an unknown
 * code. */
const char *gander_wire_event_get_name (guint8 code);

/* Returns: (transfer none) its arguments, blank-separated, "dt reason_string stack"; NULL for an
 * unknown code. */
const char *gander_wire_event_get_arguments (guint8 code);

G_END_DECLS
