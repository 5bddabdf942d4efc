/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/stream.h"

/* Number of arguments besides dt, by code; NOT_TIMED for what cannot stand among events. */
#define NOT_TIMED 0xff

static guint8 n_arguments[256];

static guint8
count_arguments (const char *arguments, gboolean has_handler)
{
  guint8 n = 0;

  if (!has_handler)
    return NOT_TIMED;
  for (const char *c = arguments; *c != '\0'; c++)
    n = (guint8)(n + (*c == ' '));
  return n;
}

static void
fill_table (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  for (guint code = 0; code < 256; code++)
    n_arguments[code] = NOT_TIMED;
#define EVENT(code, NAME, name, since, arguments, handler) \
  n_arguments[code] = count_arguments (arguments, #handler[0] == 'g');
#include "reader/events.def"
#undef EVENT
  g_once_init_leave (&done, 1);
}

void
gander_stream_clear (GanderStream *self)
{
  g_clear_pointer (&self->buffer, g_free);
  self->capacity = 0;
}

static void
load_batch (GanderStream *self, GanderSource *source, GanderTables *tables, const GArray *batches)
{
  const GanderBatch *batch = &g_array_index (batches, GanderBatch, self->batch);
  const guint8 *data;
  gsize got;

  if (batch->size > self->capacity && !gander_source_is_memory (source))
    {
      self->capacity = batch->size;
      g_free (self->buffer);
      self->buffer = g_malloc (self->capacity);
    }
  data = gander_source_get (source, batch->offset, batch->size, self->buffer, &got);
  gander_bytes_init (&self->bytes, data, got, batch->offset);
  self->event.time = gander_clock_convert (&tables->clock, batch->time);
  self->batch = batch->next;
  fill_table ();
  if (G_UNLIKELY (got < batch->size))
    {
      gander_damage_log_at (tables->log,
                            GANDER_DAMAGE_READ_FAILED,
                            batch->offset + got,
                            batch->size - got,
                            self->thread,
                            1);
      self->has_lost = TRUE;
    }
}

static gboolean
decode (GanderStream *self, GanderTables *tables)
{
  GanderBytes *bytes = &self->bytes;
  guint8 code = bytes->data[bytes->pos];
  guint8 n = n_arguments[code];
  guint64 dt;

  self->event.offset = gander_bytes_offset (bytes);
  self->event.code = code;
  if (G_UNLIKELY (n == NOT_TIMED))
    return FALSE;
  bytes->pos++;
  if (G_UNLIKELY (!gander_bytes_uvarint (bytes, &dt, NULL)))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (G_UNLIKELY (!gander_bytes_uvarint (bytes, &self->event.args[i], NULL)))
      return FALSE;
  self->event.time = gander_clock_add (&tables->clock, self->event.time, dt);
  return TRUE;
}

/* Leaves the rest of the batch out. */
static void
lose_batch (GanderStream *self, GanderTables *tables)
{
  guint64 end = self->bytes.base + self->bytes.size;
  gboolean unknown = n_arguments[self->event.code] == NOT_TIMED;

  gander_damage_log_at (tables->log,
                        unknown ? GANDER_DAMAGE_EVENT_TYPE : GANDER_DAMAGE_EVENT_CUT,
                        self->event.offset,
                        end - self->event.offset,
                        self->thread,
                        1);
  self->bytes.pos = self->bytes.size;
  self->has_lost = TRUE;
}

gboolean
gander_stream_next (GanderStream *self,
                    GanderSource *source,
                    GanderTables *tables,
                    const GArray *batches)
{
  while (TRUE)
    {
      while (gander_bytes_left (&self->bytes) == 0)
        {
          if (self->batch == GANDER_ID_NONE)
            return FALSE;
          load_batch (self, source, tables, batches);
        }
      if (G_LIKELY (decode (self, tables)))
        return TRUE;
      lose_batch (self, tables);
    }
}
