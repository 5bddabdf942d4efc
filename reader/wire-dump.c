/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/wire-dump.h"

#include "reader/batch.h"
#include "reader/bytes.h"
#include "reader/events.h"
#include "reader/reader-error.h"
#include "reader/sniff.h"
#include "reader/wire.h"

#include <string.h>

typedef struct
{
  GanderSource *source;
  GanderWireFunc visit;
  gpointer data;
  GString *text;
  guint8 *buffer; /* of a batch */
  gboolean stopped;
} Dumper;

static void
emit (Dumper *self, guint8 code, guint64 n_bytes)
{
  g_string_append_c (self->text, '\n');
  self->stopped = self->stopped || !self->visit (code, n_bytes, self->text, self->data);
  g_string_truncate (self->text, 0);
}

static void
append_escaped (GString *text, gunichar character)
{
  static const char letters[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\"\"";

  for (gsize i = 0; i + 1 < sizeof letters; i += 2)
    if (character == (guchar)letters[i])
      {
        g_string_append_printf (text, "\\%c", letters[i + 1]);
        return;
      }
  if (character == ' ' || (g_unichar_isprint (character) && !g_unichar_isspace (character)))
    g_string_append_unichar (text, character);
  else if (character < 0x80)
    g_string_append_printf (text, "\\x%02x", character);
  else
    g_string_append_printf (text, character < 0x10000 ? "\\u%04x" : "\\U%08x", character);
}

/* As strconv.Quote does. */
static void
append_quoted (GString *text, const guint8 *bytes, gsize size)
{
  const char *p = (const char *)bytes;
  const char *end = p + size;

  g_string_append_c (text, '"');
  while (p < end)
    {
      gunichar character = g_utf8_get_char_validated (p, end - p);

      /* A NUL looks like the end to GLib. */
      if (*p == '\0')
        character = 0;
      if (character >= (gunichar)-2)
        {
          g_string_append_printf (text, "\\x%02x", (guchar)*p++);
          continue;
        }
      append_escaped (text, character);
      p += g_unichar_to_utf8 (character, NULL);
    }
  g_string_append_c (text, '"');
}

/* Reads one number for each blank-separated name; *@kept is the @keep-th of them. */
static gboolean
append_arguments (GString *text, const char *names, GanderBytes *bytes, guint keep, guint64 *kept)
{
  for (guint i = 0; *names != '\0'; i++)
    {
      gsize size = strcspn (names, " ");
      guint64 value;

      if (!gander_bytes_uvarint (bytes, &value, NULL))
        return FALSE;
      g_string_append_printf (text, " %.*s=%" G_GUINT64_FORMAT, (int)size, names, value);
      if (i == keep)
        *kept = value;
      names += size;
      names += *names == ' ';
    }
  return TRUE;
}

static gboolean
append_frames (GString *text, GanderBytes *bytes, guint64 n_frames)
{
  guint64 ignored;

  for (guint64 i = 0; i < n_frames; i++)
    {
      gsize begin = text->len;

      if (!append_arguments (text, "pc func file line", bytes, G_MAXUINT, &ignored))
        return FALSE;
      g_string_erase (text, (gssize)begin, 1);
      g_string_insert (text, (gssize)begin, "\n\t");
    }
  return TRUE;
}

static gboolean
append_data (GString *text, GanderBytes *bytes)
{
  guint64 size;
  const guint8 *data;

  if (!gander_bytes_uvarint (bytes, &size, NULL) || size > gander_bytes_left (bytes))
    return FALSE;
  data = gander_bytes_take (bytes, (gsize)size, NULL);
  if (data == NULL || size == 0)
    return data != NULL || size == 0;
  g_string_append (text, "\n\tdata=");
  append_quoted (text, data, (gsize)size);
  return TRUE;
}

/* Returns: FALSE when the bytes are no event, or end in it. */
static gboolean
append_event (GString *text, GanderBytes *bytes, guint8 *code)
{
  guint64 n_frames = 0;

  if (!gander_bytes_byte (bytes, code, NULL) || gander_wire_event_get_name (*code) == NULL)
    return FALSE;
  g_string_append (text, gander_wire_event_get_name (*code));
  if (!append_arguments (text, gander_wire_event_get_arguments (*code), bytes, 1, &n_frames))
    return FALSE;
  if (*code == GANDER_WIRE_STACK)
    return append_frames (text, bytes, n_frames);
  return *code != GANDER_WIRE_STRING || append_data (text, bytes);
}

static void
dump_events (Dumper *self, GanderBytes *bytes)
{
  while (gander_bytes_left (bytes) > 0 && !self->stopped)
    {
      gsize begin = bytes->pos;
      guint64 offset = gander_bytes_offset (bytes);
      guint8 code = 0;

      if (append_event (self->text, bytes, &code))
        {
          emit (self, code, bytes->pos - begin);
          continue;
        }
      g_string_printf (self->text,
                       "# byte %" G_GUINT64_FORMAT
                       ": no event; the rest of the batch, %" G_GSIZE_FORMAT " bytes, is left out",
                       offset,
                       bytes->size - begin);
      emit (self, 0, bytes->size - begin);
      return;
    }
}

static void
dump_batch (Dumper *self, const GanderBatch *batch)
{
  GanderBytes bytes;
  gsize got;
  const guint8 *data =
      gander_source_get (self->source, batch->offset, batch->size, self->buffer, &got);
  guint64 head = batch->offset - batch->begin;

  gander_bytes_init (&bytes, data, got, batch->offset);
  if (batch->experiment < 0)
    {
      g_string_append_printf (self->text,
                              "EventBatch gen=%" G_GUINT64_FORMAT " m=%" G_GUINT64_FORMAT
                              " time=%" G_GUINT64_FORMAT " size=%u",
                              batch->generation,
                              (guint64)batch->thread,
                              batch->time,
                              batch->size);
      emit (self, GANDER_WIRE_EVENT_BATCH, head);
      dump_events (self, &bytes);
      return;
    }
  g_string_append_printf (self->text,
                          "ExperimentalBatch exp=%d gen=%" G_GUINT64_FORMAT " m=%" G_GUINT64_FORMAT
                          " time=%" G_GUINT64_FORMAT,
                          batch->experiment,
                          batch->generation,
                          (guint64)batch->thread,
                          batch->time);
  if (got > 0)
    {
      g_string_append (self->text, "\n\tdata=");
      append_quoted (self->text, data, got);
    }
  emit (self, GANDER_WIRE_EXPERIMENTAL_BATCH, head + got);
}

static guint64
skip_damage (Dumper *self, GanderScanner *scanner, guint64 pos)
{
  guint64 next = gander_scanner_resync (scanner, pos, NULL, FALSE);

  g_string_printf (self->text,
                   "# byte %" G_GUINT64_FORMAT ": no batch; %" G_GUINT64_FORMAT
                   " bytes are left out",
                   pos,
                   next - pos);
  emit (self, 0, next - pos);
  return next;
}

static gboolean
dump_source (Dumper *self, GanderScanner *scanner, GCancellable *cancellable, GError **error)
{
  guint64 end = gander_source_get_size (self->source);
  guint64 pos = GANDER_HEADER_SIZE;

  if (gander_scanner_version (scanner, 0) == 0)
    {
      guint8 head[64];
      gsize got;
      const guint8 *bytes = gander_source_get (self->source, 0, sizeof head, head, &got);

      gander_reader_error_set (error,
                               GANDER_READER_ERROR_NOT_A_TRACE,
                               0,
                               "not a Go execution trace; %s",
                               gander_sniff_describe (bytes, got, FALSE));
      return FALSE;
    }
  while (pos < end && !self->stopped)
    {
      GanderBatch batch;
      guint64 next;
      GanderItem item = gander_scanner_read (scanner, pos, &batch, &next);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (item == GANDER_ITEM_BATCH || item == GANDER_ITEM_CUT_BATCH)
        dump_batch (self, &batch);
      else if (item == GANDER_ITEM_END_OF_GENERATION)
        {
          g_string_append (self->text, gander_wire_event_get_name (GANDER_WIRE_END_OF_GENERATION));
          emit (self, GANDER_WIRE_END_OF_GENERATION, next - pos);
        }
      else
        next = skip_damage (self, scanner, pos);
      pos = MAX (next, pos + 1);
    }
  return TRUE;
}

gboolean
gander_wire_dump (const char *path,
                  const GanderTraceOptions *options,
                  GanderWireFunc visit,
                  gpointer data,
                  GCancellable *cancellable,
                  GError **error)
{
  guint64 limit = options->unpack_limit == 0 ? GANDER_UNPACK_LIMIT_DEFAULT : options->unpack_limit;
  g_autoptr (GanderSource) source = gander_source_open (path, limit, NULL, cancellable, error);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint8 *buffer = NULL;
  GanderScanner scanner;
  Dumper dumper;
  gboolean done;

  if (source == NULL)
    return FALSE;
  buffer = g_malloc (GANDER_BATCH_MAX);
  dumper =
      (Dumper){ .source = source, .visit = visit, .data = data, .text = text, .buffer = buffer };
  gander_scanner_init (&scanner, source);
  done = dump_source (&dumper, &scanner, cancellable, error);
  gander_scanner_clear (&scanner);
  return done;
}
