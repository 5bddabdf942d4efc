/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Who woke whom: how often, and how long those who were woken had waited. Only ends of waits count;
 * a goroutine that is created was not woken.
 */

#include "analysis/scope.h"
#include "analysis/table.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_WAKEUPS_BY_FUNCTION, /* a row per pair of start functions */
  GANDER_WAKEUPS_BY_GOROUTINE,
  GANDER_WAKEUPS_BY_PLACE, /* where the waker was and where the one that it woke had waited */
  GANDER_N_WAKEUPS_BY,
} GanderWakeupsBy;

/* Returns: (transfer none) "func", "goroutine" or "place". */
const char *gander_wakeups_by_get_id (GanderWakeupsBy by);

/* The wake-ups of the goroutines in @scope, dated by the end of the wait; the waker may be any
 * goroutine, or none: a timer, the network poller. A wait counts with its whole length, so that
 * adjacent ranges add up. "burst" is the most wake-ups of its row by one goroutine within a
 * millisecond, 0 where no goroutine did them.
 *
 * Returns: (transfer full) (nullable) most wake-ups first; NULL with G_IO_ERROR_CANCELLED. */
GanderTable *gander_wakeups_compute (const GanderIndex *index,
                                     const GanderScope *scope,
                                     GanderWakeupsBy by,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
