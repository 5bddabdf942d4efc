/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/bytes.h"

#include "reader/reader-error.h"

void
gander_bytes_init (GanderBytes *self, const guint8 *data, gsize size, guint64 base)
{
  *self = (GanderBytes){ .data = data, .size = size, .base = base };
}

gboolean
gander_bytes_uvarint_slow (GanderBytes *self, guint64 *value, GError **error)
{
  guint64 result = 0;

  for (guint i = 0; i < GANDER_UVARINT_MAX; i++)
    {
      guint8 byte;

      if (self->pos + i == self->size)
        {
          gander_reader_error_set (error,
                                   GANDER_READER_ERROR_TRUNCATED,
                                   gander_bytes_offset (self),
                                   "number runs past the end of its batch");
          return FALSE;
        }

      byte = self->data[self->pos + i];
      if (i == GANDER_UVARINT_MAX - 1 && byte > 1)
        break;

      result |= (guint64)(byte & 0x7f) << (7 * i);
      if (byte < 0x80)
        {
          self->pos += i + 1;
          *value = result;
          return TRUE;
        }
    }

  gander_reader_error_set (error,
                           GANDER_READER_ERROR_CORRUPT,
                           gander_bytes_offset (self),
                           "number does not fit in 64 bits");
  return FALSE;
}

gboolean
gander_bytes_byte (GanderBytes *self, guint8 *value, GError **error)
{
  const guint8 *byte = gander_bytes_take (self, 1, error);

  if (byte == NULL)
    return FALSE;
  *value = *byte;
  return TRUE;
}

const guint8 *
gander_bytes_take (GanderBytes *self, gsize size, GError **error)
{
  const guint8 *start;

  if (size > gander_bytes_left (self))
    {
      gander_reader_error_set (error,
                               GANDER_READER_ERROR_TRUNCATED,
                               gander_bytes_offset (self),
                               "%" G_GSIZE_FORMAT " bytes wanted, %" G_GSIZE_FORMAT " left",
                               size,
                               gander_bytes_left (self));
      return NULL;
    }

  start = self->data + self->pos;
  self->pos += size;
  return start;
}
