/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Goroutines that never wake up again, as far as a trace can tell.
 *
 * A wait is stuck when it is open at the end of the range, of length T, has lasted T/4, 50 ms or
 * T/2, and five times as long as the longest wait at its place that ended; where one is stuck, so
 * is every open one of five times the longest and T/100. A place is the first line of the user's
 * code on the stack.
 *
 * A stuck wait is a leak when it is
 * - a channel send, or for ever (a nil channel, an empty select);
 * - on a WaitGroup, and none of the goroutines that the waiter made is alive, or three that began
 *   like it have ended since;
 * - a receive, select or Cond, and its kin (same start function, same place) were not all born at
 *   once (within T/20) with none that ever ended, and (a) there are three, born over T/5, and three
 *   younger waits at the place ended meanwhile, or (b) three that began like it have ended, and
 *   three such waits, or (c) there are ten, born over T/5, none ended and none was overtaken.
 *
 * Queues of waiters are served in order, so that one that is overtaken waits for something of its
 * own. Resting pools, tickers, Accept loops, locks, and the runtime's own goroutines are no leaks.
 */

#include "reader/reader.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable) the lanes (GanderLaneId) of leaked goroutines within [begin,
 * end), by start function; NULL with G_IO_ERROR_CANCELLED. */
GArray *gander_leaks_find (const GanderIndex *index,
                           GanderTime begin,
                           GanderTime end,
                           GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
