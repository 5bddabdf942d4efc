/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Little-endian numbers of 0 to 8 bytes in columns. Both functions touch eight bytes, whatever
 * the width: there must be room behind the last number.
 */

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Returns: bytes that @value takes; 0 takes none. */
static inline guint
gander_unaligned_width (guint64 value)
{
  return value == 0 ? 0 : (71 - (guint)__builtin_clzll (value)) / 8;
}

static inline guint64
gander_unaligned_load (const guint8 *bytes, guint width)
{
  guint64 value = 0;

  memcpy (&value, bytes, 8);
  value = GUINT64_FROM_LE (value);
  /* Two shifts: one of 64 is none. */
  return width == 0 ? 0 : value << (64 - 8 * width) >> (64 - 8 * width);
}

static inline void
gander_unaligned_store (guint8 *bytes, guint64 value)
{
  value = GUINT64_TO_LE (value);
  memcpy (bytes, &value, 8);
}

G_END_DECLS
