/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Writes to files that are mapped later. */

#include <glib.h>

G_BEGIN_DECLS

/* Writes all of @data, in pieces of a window of a map: Linux keeps what is written at once
 * together, and maps all of that when one byte is touched.
 *
 * Returns: 0, or an errno. */
int gander_write_at (int fd, gconstpointer data, gsize size, guint64 offset);

G_END_DECLS
