/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A few threads share a walk over very many things, like all goroutines. Which thread gets which is
 * an accident: results must not depend on it. Private to analysis/.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_MAX_WORKERS 4

/* Returns: how many threads there are for @n things, at least 1, at most GANDER_MAX_WORKERS. */
guint gander_workers_get_n (guint32 n);

/* From now on there are @n threads, whatever the machine has; 0 = by its processors again. For
 * tests, while nothing is shared. */
void gander_workers_set_n (guint n);

/* Does its part for things [first, first + n) of them; @worker counts from 0.
 *
 * Returns: FALSE to stop everything. */
typedef gboolean (*GanderWork) (gpointer data, guint worker, guint32 first, guint32 n);

/* Calls @work for [0, @n) in parts of @part, on gander_workers_get_n (@n) threads, and returns when
 * all is done.
 *
 * Returns: FALSE if one of them did. */
gboolean gander_workers_run (guint32 n, guint32 part, GanderWork work, gpointer data);

G_END_DECLS
