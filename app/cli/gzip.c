/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/gzip.h"

#define LEVEL 6

void
gander_gzip_init (GanderGzip *self, GanderOutput *output)
{
  self->output = output;
  self->compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL));
}

/* With memory to write to, deflate has nothing to fail on but the lack of input. */
static void
convert (GanderGzip *self, const guint8 *data, gsize size, GConverterFlags flags)
{
  guint8 chunk[16384];
  gsize n_read = 0;
  gsize n_written = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result == G_CONVERTER_CONVERTED && (size > 0 || flags != G_CONVERTER_NO_FLAGS))
    {
      result = g_converter_convert (self->compressor,
                                    data,
                                    size,
                                    chunk,
                                    sizeof chunk,
                                    flags,
                                    &n_read,
                                    &n_written,
                                    NULL);
      if (result == G_CONVERTER_ERROR)
        return;
      gander_output_write (self->output, (const char *)chunk, (gssize)n_written);
      data += n_read;
      size -= n_read;
    }
}

void
gander_gzip_write (GanderGzip *self, gconstpointer data, gsize size)
{
  convert (self, data, size, G_CONVERTER_NO_FLAGS);
}

void
gander_gzip_clear (GanderGzip *self)
{
  if (self->compressor == NULL)
    return;
  convert (self, (const guint8 *)"", 0, G_CONVERTER_INPUT_AT_END);
  g_clear_object (&self->compressor);
}
