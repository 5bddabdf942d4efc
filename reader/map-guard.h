/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A net below mapped files. What is mapped may be cut short by another program, or its disk may
 * fail: the kernel then sends SIGBUS to whoever reads there. In a map that is guarded such a page
 * reads as zeros instead, and its owner learns of it. SIGBUS elsewhere is what it was before.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Guards [map, map + size). @broken is set to 1 when a page of it could not be read.
 *
 * Returns: FALSE when there are too many maps already; this one is then not guarded. */
gboolean gander_map_guard_add (gconstpointer map, gsize size, gint *broken);

/* To be called before the map goes. One that is not guarded is no error. */
void gander_map_guard_remove (gconstpointer map);

G_END_DECLS
