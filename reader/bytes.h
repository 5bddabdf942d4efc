/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A bounds-checked cursor over bytes that somebody else owns. Every number of a trace is read
 * through this module. A read that does not fit returns FALSE, sets @error with the byte offset,
 * and leaves the cursor where it was, so that a caller can report the start of the broken item.
 */

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

typedef struct
{
  const guint8 *data; /* (unowned) must outlive the cursor */
  gsize size;
  gsize pos;    /* invariant: pos <= size */
  guint64 base; /* offset of data[0] in the trace, for error messages */
} GanderBytes;

void gander_bytes_init (GanderBytes *self, const guint8 *data, gsize size, guint64 base);

static inline gsize
gander_bytes_left (const GanderBytes *self)
{
  return self->size - self->pos;
}

/* Returns: where in the trace the cursor stands. */
static inline guint64
gander_bytes_offset (const GanderBytes *self)
{
  return self->base + self->pos;
}

/* A number takes at most so many bytes. */
#define GANDER_UVARINT_MAX 10

/* LEB128, at most 10 bytes, of any length. @value is untouched on failure. */
gboolean gander_bytes_uvarint_slow (GanderBytes *self,
                                    guint64 *value,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same; most numbers of a trace are one or two bytes long. */
static inline gboolean
gander_bytes_uvarint (GanderBytes *self, guint64 *value, GError **error)
{
  if (G_LIKELY (gander_bytes_left (self) >= 2))
    {
      guint8 first = self->data[self->pos];
      guint8 second = self->data[self->pos + 1];

      if (first < 0x80)
        {
          *value = first;
          self->pos += 1;
          return TRUE;
        }
      if (second < 0x80)
        {
          *value = (guint64)(first & 0x7f) | (guint64)second << 7;
          self->pos += 2;
          return TRUE;
        }
    }
  return gander_bytes_uvarint_slow (self, value, error);
}

/* For whoever has made sure that GANDER_UVARINT_MAX bytes can be read at @at. Returns: (nullable)
 * what comes behind the number, NULL when it has more than eight bytes. */
static inline const guint8 *
gander_uvarint_take (const guint8 *at, guint64 *value)
{
  guint64 word, ends;

  if (G_LIKELY (at[0] < 0x80))
    {
      *value = at[0];
      return at + 1;
    }
  if (G_LIKELY (at[1] < 0x80))
    {
      *value = (guint64)(at[0] & 0x7f) | (guint64)at[1] << 7;
      return at + 2;
    }
  /* All bytes up to the first without the high bit, closed up in pairs, fours, eights. */
  memcpy (&word, at, sizeof word);
  word = GUINT64_FROM_LE (word);
  ends = ~word & G_GUINT64_CONSTANT (0x8080808080808080);
  if (G_UNLIKELY (ends == 0))
    return NULL;
  word &= (ends ^ (ends - 1)) & G_GUINT64_CONSTANT (0x7f7f7f7f7f7f7f7f);
  word = (word & G_GUINT64_CONSTANT (0x7f007f007f007f00)) >> 1 |
         (word & G_GUINT64_CONSTANT (0x007f007f007f007f));
  word = (word & G_GUINT64_CONSTANT (0x3fff00003fff0000)) >> 2 |
         (word & G_GUINT64_CONSTANT (0x00003fff00003fff));
  *value = (word & G_GUINT64_CONSTANT (0x0fffffff00000000)) >> 4 | (word & 0x0fffffff);
  return at + (guint)__builtin_ctzll (ends) / 8 + 1;
}

gboolean
gander_bytes_byte (GanderBytes *self, guint8 *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) @size bytes inside the input, or NULL. */
const guint8 *
gander_bytes_take (GanderBytes *self, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
