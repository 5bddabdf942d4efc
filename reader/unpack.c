/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/unpack.h"

#include "reader/reader-error.h"

#include <zstd.h>

#define STEP        (1u << 17)
#define ZSTD_WINDOW 27 /* 128 MiB: what the decoder may allocate */
#define RATIO_MAX   1000
#define RATIO_FROM  (G_GUINT64_CONSTANT (1) << 30)

typedef enum
{
  STEP_MORE,
  STEP_END,
  STEP_BROKEN,
} Step;

/* One decoder behind two libraries. */
typedef struct
{
  ZSTD_DStream *zstd;
  GConverter *gzip;
  gboolean between; /* a frame or member has ended, none has begun since */
} Decoder;

static void
decoder_init (Decoder *self, GanderPacking packing)
{
  *self = (Decoder){ 0 };
  if (packing == GANDER_PACKING_ZSTD)
    {
      self->zstd = ZSTD_createDStream ();
      ZSTD_DCtx_setParameter (self->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW);
    }
  else
    self->gzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

static void
decoder_clear (Decoder *self)
{
  ZSTD_freeDStream (self->zstd);
  g_clear_object (&self->gzip);
}

static Step
step_zstd (Decoder *self, const guint8 *in, gsize n_in, gsize *used, guint8 *out, gsize *n_out)
{
  ZSTD_inBuffer input = { in, n_in, 0 };
  ZSTD_outBuffer output = { out, STEP, 0 };
  gsize left = ZSTD_decompressStream (self->zstd, &output, &input);

  *used = input.pos;
  *n_out = output.pos;
  if (ZSTD_isError (left))
    return STEP_BROKEN;
  self->between = left == 0;
  return STEP_MORE;
}

static Step
step_gzip (Decoder *self, const guint8 *in, gsize n_in, gsize *used, guint8 *out, gsize *n_out)
{
  g_autoptr (GError) error = NULL;
  GConverterResult result;

  *used = 0;
  *n_out = 0;
  result = g_converter_convert (self->gzip,
                                in,
                                n_in,
                                out,
                                STEP,
                                G_CONVERTER_NO_FLAGS,
                                used,
                                n_out,
                                &error);
  self->between = result == G_CONVERTER_FINISHED;
  if (result == G_CONVERTER_FINISHED)
    g_converter_reset (self->gzip);
  if (result == G_CONVERTER_ERROR)
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ? STEP_END : STEP_BROKEN;
  return STEP_MORE;
}

static gboolean
check_ratio (guint64 packed, guint64 unpacked, GError **error)
{
  if (unpacked < RATIO_FROM || unpacked / RATIO_MAX < packed)
    return TRUE;
  gander_reader_error_set (error,
                           GANDER_READER_ERROR_TOO_LARGE,
                           packed,
                           "unpacks to more than %d times its size",
                           RATIO_MAX);
  return FALSE;
}

gboolean
gander_unpack (GanderSource *packed,
               GanderPacking packing,
               GanderSpool *unpacked,
               gboolean *cut,
               GanderProgress *progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree guint8 *buffer = g_malloc (STEP);
  g_autofree guint8 *out = g_malloc (STEP);
  guint64 size = gander_source_get_size (packed);
  guint64 pos = 0;
  gboolean ok = TRUE;
  Step step = STEP_MORE;
  Decoder decoder;

  decoder_init (&decoder, packing);
  while (ok && step == STEP_MORE)
    {
      gsize got;
      gsize used;
      gsize n_out;
      const guint8 *in = gander_source_get (packed, pos, STEP, buffer, &got);

      if (got == 0 && decoder.between)
        break;
      if (decoder.zstd != NULL)
        step = step_zstd (&decoder, in, got, &used, out, &n_out);
      else
        step = step_gzip (&decoder, in, got, &used, out, &n_out);

      pos += used;
      ok = gander_spool_append (unpacked, out, n_out, error) &&
           check_ratio (pos, unpacked->size, error) &&
           !g_cancellable_set_error_if_cancelled (cancellable, error);
      gander_progress_report (progress, GANDER_PHASE_UNPACKING, pos, size);
      if (step == STEP_MORE && used == 0 && n_out == 0)
        step = STEP_END;
    }
  decoder_clear (&decoder);

  *cut = step != STEP_MORE;
  if (ok && unpacked->size == 0 && *cut)
    {
      gander_reader_error_set (error,
                               GANDER_READER_ERROR_CORRUPT,
                               pos,
                               "the %s data cannot be unpacked",
                               gander_packing_get_name (packing));
      ok = FALSE;
    }
  return ok;
}
