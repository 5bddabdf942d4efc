/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a file is, from its first bytes. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GANDER_PACKING_NONE,
  GANDER_PACKING_GZIP,
  GANDER_PACKING_ZSTD,
} GanderPacking;

/* Length of a trace's header, "go 1.22 trace" and three NUL bytes. */
#define GANDER_HEADER_SIZE 16

GanderPacking gander_sniff_packing (const guint8 *head, gsize size);

/* Returns: (transfer none) "gzip" or "zstd". */
const char *gander_packing_get_name (GanderPacking packing);

/* Returns: the number in a trace header, 22 for "go 1.22 trace", or 0 when @head is none. */
guint gander_sniff_version (const guint8 *head, gsize size);

/* Returns: (transfer none) what it looks like and what to do with it ("it looks like a pprof
 * profile; go tool pprof reads this file"), or "what it is cannot be told". @unpacked: it came
 * out of gzip or zstd. */
const char *gander_sniff_describe (const guint8 *head, gsize size, gboolean unpacked);

/* Returns: TRUE when a stream that starts so need not be read on: it cannot hold a trace. */
gboolean gander_sniff_is_hopeless (const guint8 *head, gsize size);

G_END_DECLS
