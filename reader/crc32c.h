/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* CRC-32C (Castagnoli), the checksum of everything in an index file. Uses the instruction of
 * x86-64 where there is one (some 20 GB/s), a table elsewhere; both give the same number.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Returns: the checksum of what @crc covers followed by @data; start with 0. */
guint32 gander_crc32c (guint32 crc, gconstpointer data, gsize size);

G_END_DECLS
