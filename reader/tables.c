/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/tables.h"

#include "reader/bytes.h"
#include "reader/wire.h"

/* A batch that is damaged inside keeps what came before the damage. Strings are read first,
 * because stacks name them and the order of batches means nothing.
 */

typedef enum
{
  READ_OK,
  READ_BAD,
} ReadResult;

typedef ReadResult (*ItemReader) (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch);

void
gander_tables_init (GanderTables *self, GanderDictionary *dictionary, GanderDamageLog *log)
{
  *self = (GanderTables){ .dictionary = dictionary, .log = log };
  gander_id_map_init (&self->strings);
  gander_id_map_init (&self->stacks);
  gander_id_map_init (&self->frames);
  self->samples = g_array_new (FALSE, FALSE, sizeof (GanderTableSample));
  self->buffer = g_malloc (GANDER_BATCH_MAX);
  gander_clock_init (&self->clock, GANDER_FREQUENCY_USUAL);
}

void
gander_tables_clear (GanderTables *self)
{
  gander_id_map_clear (&self->strings);
  gander_id_map_clear (&self->stacks);
  gander_id_map_clear (&self->frames);
  g_clear_pointer (&self->samples, g_array_unref);
  g_clear_pointer (&self->buffer, g_free);
}

gboolean
gander_batch_has_events (const GanderBatch *batch, guint version)
{
  if (batch->experiment >= 0 || batch->size == 0)
    return FALSE;
  switch (batch->kind)
    {
    case GANDER_WIRE_STACKS:
    case GANDER_WIRE_STRINGS:
    case GANDER_WIRE_CPU_SAMPLES:
      return FALSE;
    case GANDER_WIRE_FREQUENCY:
      return version >= 25;
    case GANDER_WIRE_SYNC:
      return version < 25;
    default:
      return TRUE;
    }
}

static ReadResult
read_string (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch)
{
  guint64 offset = gander_bytes_offset (bytes);
  guint64 id;
  guint64 size;
  guint8 type;
  const guint8 *text;
  GanderStringId string;

  if (!gander_bytes_byte (bytes, &type, NULL) || type != GANDER_WIRE_STRING ||
      !gander_bytes_uvarint (bytes, &id, NULL) || !gander_bytes_uvarint (bytes, &size, NULL) ||
      size > GANDER_STRING_MAX)
    return READ_BAD;
  text = gander_bytes_take (bytes, (gsize)size, NULL);
  if (text == NULL)
    return READ_BAD;

  if (id == 0 || gander_id_map_get (&self->strings, id) != GANDER_ID_NONE)
    {
      gander_damage_log_at (self->log, GANDER_DAMAGE_STRING_TWICE, offset, 0, batch->thread, 0);
      return READ_OK;
    }
  string = gander_dictionary_intern_string (self->dictionary, (const char *)text, (gsize)size);
  gander_id_map_set (&self->strings, id, string);
  return READ_OK;
}

static GanderStringId
placeholder (GanderTables *self, guint64 id)
{
  char text[40];
  int size = g_snprintf (text, sizeof text, "<string %" G_GUINT64_FORMAT ">", id);

  return gander_dictionary_intern_string (self->dictionary, text, (gsize)size);
}

static GanderStringId
frame_string (GanderTables *self, guint64 id, guint64 offset)
{
  guint32 string = id == 0 ? 0 : gander_id_map_get (&self->strings, id);

  if (string != GANDER_ID_NONE)
    return string;
  gander_damage_log_count (self->log, GANDER_DAMAGE_FRAME_STRING, offset, -1, 0);
  string = placeholder (self, id);
  gander_id_map_set (&self->strings, id, string);
  return string;
}

/* Go keeps one frame per PC in a generation: the first definition holds for all stacks. */
static gboolean
read_frame (GanderTables *self, GanderBytes *bytes, guint32 *number)
{
  guint64 offset = gander_bytes_offset (bytes);
  guint64 pc;
  guint64 function;
  guint64 file;
  guint64 line;
  GanderFrame frame;

  if (!gander_bytes_uvarint (bytes, &pc, NULL) || !gander_bytes_uvarint (bytes, &function, NULL) ||
      !gander_bytes_uvarint (bytes, &file, NULL) || !gander_bytes_uvarint (bytes, &line, NULL))
    return FALSE;

  *number = gander_id_map_get (&self->frames, pc);
  if (*number != GANDER_ID_NONE)
    return TRUE;

  frame = (GanderFrame){ .function = frame_string (self, function, offset),
                         .file = frame_string (self, file, offset),
                         .line = line,
                         .pc = pc };
  *number = gander_dictionary_intern_frame (self->dictionary, &frame);
  gander_id_map_set (&self->frames, pc, *number);
  return TRUE;
}

static ReadResult
read_stack (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch)
{
  guint64 offset = gander_bytes_offset (bytes);
  guint64 id;
  guint64 n_frames;
  guint8 type;
  guint32 numbers[GANDER_FRAMES_MAX];

  if (!gander_bytes_byte (bytes, &type, NULL) || type != GANDER_WIRE_STACK ||
      !gander_bytes_uvarint (bytes, &id, NULL) || !gander_bytes_uvarint (bytes, &n_frames, NULL) ||
      n_frames > GANDER_FRAMES_MAX)
    return READ_BAD;
  for (guint i = 0; i < n_frames; i++)
    if (!read_frame (self, bytes, &numbers[i]))
      return READ_BAD;

  if (id == 0 || gander_id_map_get (&self->stacks, id) != GANDER_ID_NONE)
    {
      gander_damage_log_at (self->log, GANDER_DAMAGE_STACK_TWICE, offset, 0, batch->thread, 0);
      return READ_OK;
    }
  gander_id_map_set (&self->stacks,
                     id,
                     gander_dictionary_intern_frames (self->dictionary, numbers, (guint)n_frames));
  return READ_OK;
}

static ReadResult
read_sample (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch G_GNUC_UNUSED)
{
  GanderTableSample sample = { .offset = gander_bytes_offset (bytes) };
  guint64 fields[5];
  guint8 type;

  if (!gander_bytes_byte (bytes, &type, NULL) || type != GANDER_WIRE_CPU_SAMPLE)
    return READ_BAD;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!gander_bytes_uvarint (bytes, &fields[i], NULL))
      return READ_BAD;

  /* Units for now: the frequency may not be known yet. */
  sample.time = (gint64)MIN (fields[0], (guint64)G_MAXINT64);
  sample.thread = (gint64)fields[1];
  sample.proc = (gint64)fields[2];
  sample.goroutine = fields[3] == 0 ? -1 : (gint64)fields[3];
  sample.stack = fields[4];
  g_array_append_val (self->samples, sample);
  return READ_OK;
}

static ReadResult
read_frequency (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch)
{
  guint64 offset = gander_bytes_offset (bytes) - 1;
  guint64 frequency;

  if (!gander_bytes_uvarint (bytes, &frequency, NULL))
    return READ_BAD;
  if (self->has_frequency)
    {
      gander_damage_log_at (self->log, GANDER_DAMAGE_FREQUENCY_TWICE, offset, 0, batch->thread, 0);
      return READ_OK;
    }
  self->has_frequency = TRUE;
  self->frequency = frequency;
  return READ_OK;
}

static ReadResult
read_snapshot (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch)
{
  guint64 offset = gander_bytes_offset (bytes) - 1;
  guint64 dt;
  guint64 mono;
  guint64 seconds;
  guint64 ns;

  if (!gander_bytes_uvarint (bytes, &dt, NULL) || !gander_bytes_uvarint (bytes, &mono, NULL) ||
      !gander_bytes_uvarint (bytes, &seconds, NULL) || !gander_bytes_uvarint (bytes, &ns, NULL))
    return READ_BAD;
  if (self->has_snapshot)
    {
      gander_damage_log_at (self->log, GANDER_DAMAGE_SNAPSHOT_TWICE, offset, 0, batch->thread, 0);
      return READ_OK;
    }
  self->has_snapshot = TRUE;
  self->snapshot_units = batch->time + dt;
  self->mono_ns = mono;
  self->wall_ns = (gint64)(seconds * 1000000000 + ns);
  return READ_OK;
}

/* One item of a Sync batch, or the lone frequency of the older headers. */
static ReadResult
read_clock_item (GanderTables *self, GanderBytes *bytes, const GanderBatch *batch)
{
  guint8 type;

  if (!gander_bytes_byte (bytes, &type, NULL))
    return READ_BAD;
  if (type == GANDER_WIRE_FREQUENCY)
    return read_frequency (self, bytes, batch);
  if (type == GANDER_WIRE_CLOCK_SNAPSHOT)
    return read_snapshot (self, bytes, batch);
  return READ_BAD;
}

typedef struct
{
  guint8 kind;
  guint8 skip; /* bytes before the first item: the kind itself, where it is no item */
  GanderDamageCode damage;
  ItemReader read;
} TableKind;

static const TableKind table_kinds[] = {
  { GANDER_WIRE_STRINGS, 1, GANDER_DAMAGE_STRINGS_BATCH, read_string },
  { GANDER_WIRE_STACKS, 1, GANDER_DAMAGE_STACKS_BATCH, read_stack },
  { GANDER_WIRE_CPU_SAMPLES, 1, GANDER_DAMAGE_SAMPLES_BATCH, read_sample },
  { GANDER_WIRE_SYNC, 1, GANDER_DAMAGE_SYNC_BATCH, read_clock_item },
  { GANDER_WIRE_FREQUENCY, 0, GANDER_DAMAGE_SYNC_BATCH, read_clock_item },
};

static void
read_batch (GanderTables *self,
            GanderSource *source,
            const GanderBatch *batch,
            const TableKind *kind)
{
  GanderBytes bytes;
  gsize got;
  const guint8 *data = gander_source_get (source, batch->offset, batch->size, self->buffer, &got);

  gander_bytes_init (&bytes, data, got, batch->offset);
  if (got < batch->size)
    gander_damage_log_at (self->log,
                          GANDER_DAMAGE_READ_FAILED,
                          batch->offset + got,
                          batch->size - got,
                          batch->thread,
                          0);
  if (gander_bytes_take (&bytes, kind->skip, NULL) == NULL)
    return;
  while (gander_bytes_left (&bytes) > 0)
    {
      guint64 offset = gander_bytes_offset (&bytes);

      if (kind->read (self, &bytes, batch) == READ_OK)
        continue;
      gander_damage_log_at (self->log,
                            kind->damage,
                            offset,
                            batch->offset + batch->size - offset,
                            batch->thread,
                            0);
      return;
    }
}

static gint
compare_samples (gconstpointer a, gconstpointer b)
{
  const GanderTableSample *left = a;
  const GanderTableSample *right = b;

  if (left->time != right->time)
    return left->time < right->time ? -1 : 1;
  return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static void
settle_clock (GanderTables *self, guint version, guint64 offset)
{
  if (!self->has_frequency)
    {
      gander_damage_log_at (self->log, GANDER_DAMAGE_FREQUENCY_MISSING, offset, 0, -1, 0);
      /* The generation before is the best guess, and the first one has the usual frequency. */
    }
  else if (!gander_clock_init (&self->clock, self->frequency))
    gander_damage_log_at (self->log, GANDER_DAMAGE_FREQUENCY_BAD, offset, 0, -1, 0);

  if (version >= 25 && !self->has_snapshot)
    gander_damage_log_at (self->log, GANDER_DAMAGE_SNAPSHOT_MISSING, offset, 0, -1, 0);

  for (guint i = 0; i < self->samples->len; i++)
    {
      GanderTableSample *sample = &g_array_index (self->samples, GanderTableSample, i);

      sample->time = gander_clock_convert (&self->clock, (guint64)sample->time);
    }
  g_array_sort (self->samples, compare_samples);
}

void
gander_tables_read (GanderTables *self, GanderSource *source, const GArray *batches, guint version)
{
  gander_id_map_empty (&self->strings);
  gander_id_map_empty (&self->stacks);
  gander_id_map_empty (&self->frames);
  g_array_set_size (self->samples, 0);
  self->has_frequency = FALSE;
  self->has_snapshot = FALSE;

  for (guint k = 0; k < G_N_ELEMENTS (table_kinds); k++)
    for (guint i = 0; i < batches->len; i++)
      {
        const GanderBatch *batch = &g_array_index (batches, GanderBatch, i);

        if (batch->kind == table_kinds[k].kind && batch->size > 0 && batch->experiment < 0 &&
            !gander_batch_has_events (batch, version))
          read_batch (self, source, batch, &table_kinds[k]);
      }

  settle_clock (self, version, g_array_index (batches, GanderBatch, 0).begin);
}

GanderStringId
gander_tables_string (GanderTables *self, guint64 id, guint64 offset)
{
  guint32 string = id == 0 ? 0 : gander_id_map_get (&self->strings, id);

  if (G_LIKELY (string != GANDER_ID_NONE))
    return string;
  gander_damage_log_count (self->log, GANDER_DAMAGE_STRING_UNKNOWN, offset, -1, 0);
  return placeholder (self, id);
}

GanderStackId
gander_tables_stack (GanderTables *self, guint64 id, guint64 offset)
{
  guint32 stack = id == 0 ? 0 : gander_id_map_get (&self->stacks, id);

  if (G_LIKELY (stack != GANDER_ID_NONE))
    return stack;
  gander_damage_log_count (self->log, GANDER_DAMAGE_STACK_UNKNOWN, offset, -1, 0);
  return 0;
}
