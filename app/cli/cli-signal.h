/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Ctrl+C as a cancellation: work stops where it can and removes what it leaves behind. */

#include <gio/gio.h>

G_BEGIN_DECLS

/* From now on SIGINT, SIGTERM and SIGHUP cancel @cancellable; a second one, or two seconds, ends
 * the process. A closed pipe is an error of writing, not a signal. Call it once, before any thread
 * is started. */
void gander_signal_watch (GCancellable *cancellable);

/* Returns: the signal that came, or 0. */
int gander_signal_get_received (void);

G_END_DECLS
