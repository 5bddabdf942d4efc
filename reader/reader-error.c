/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader-error.h"

typedef struct
{
  gint64 offset; /* -1 = none */
} GanderReaderErrorPrivate;

static void
gander_reader_error_private_init (GanderReaderErrorPrivate *priv)
{
  priv->offset = -1;
}

static void
gander_reader_error_private_copy (const GanderReaderErrorPrivate *source,
                                  GanderReaderErrorPrivate *target)
{
  target->offset = source->offset;
}

static void
gander_reader_error_private_clear (GanderReaderErrorPrivate *priv)
{
  priv->offset = -1;
}

G_DEFINE_EXTENDED_ERROR (GanderReaderError, gander_reader_error)

void
gander_reader_error_set (GError **error,
                         GanderReaderError code,
                         guint64 offset,
                         const char *format,
                         ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  if (error == NULL)
    return;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error,
               GANDER_READER_ERROR,
               (int)code,
               "byte %" G_GUINT64_FORMAT ": %s",
               offset,
               what);
  gander_reader_error_get_private (*error)->offset = (gint64)offset;
}

gint64
gander_reader_error_get_offset (const GError *error)
{
  if (error == NULL || error->domain != GANDER_READER_ERROR)
    return -1;
  return gander_reader_error_get_private (error)->offset;
}
