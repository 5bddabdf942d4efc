/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/stream.h"

/* Number of arguments besides dt, by code; NOT_TIMED for what cannot stand among events. */
#define NOT_TIMED 0xff

/* Bytes of the longest event: code, dt, arguments. */
#define EVENT_MAX (1 + (1 + GANDER_ARGUMENTS_MAX) * GANDER_UVARINT_MAX)

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

/* A thread writes its batches one after another, so an event is not later than the batch after
 * its own begins. When those two contradict each other, what came before decides which of them is
 * wrong, and for the first batch the third one.
 * Returns: the latest time that an event of @batch can have. */
static gint64
latest_time (const GanderStream *self,
             GanderTables *tables,
             const GArray *batches,
             const GanderBatch *batch)
{
  gint64 third = tables->latest;
  const GanderBatch *next;
  gint64 latest;

  if (batch->next == GANDER_ID_NONE)
    return tables->latest;
  next = &g_array_index (batches, GanderBatch, batch->next);
  latest = gander_clock_convert (&tables->clock, next->time);
  if (next->time >= batch->time)
    return latest;

  if (next->next != GANDER_ID_NONE)
    third = gander_clock_convert (&tables->clock,
                                  g_array_index (batches, GanderBatch, next->next).time);
  if (self->event.time > 0)
    return latest >= self->event.time ? latest : third;
  return third >= gander_clock_convert (&tables->clock, batch->time) ? third : latest;
}

/* Puts a time where it can be, which is damage. One wrong bit must not move all that follows. */
static gint64
move_time (const GanderStream *self, GanderTables *tables, gint64 time)
{
  gander_damage_log_count (tables->log,
                           GANDER_DAMAGE_TIME_ORDER,
                           gander_bytes_offset (&self->bytes),
                           self->thread,
                           0);
  return time;
}

static void
load_batch (GanderStream *self, GanderSource *source, GanderTables *tables, const GArray *batches)
{
  const GanderBatch *batch = &g_array_index (batches, GanderBatch, self->batch);
  gint64 time = gander_clock_convert (&tables->clock, batch->time);
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
  self->batch = batch->next;
  fill_table ();
  self->latest = MAX (latest_time (self, tables, batches, batch), self->event.time);
  if (G_UNLIKELY (time < self->event.time))
    time = move_time (self, tables, self->event.time);
  if (G_UNLIKELY (time > self->latest))
    time = move_time (self, tables, self->latest);
  self->event.time = time;
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
  if (G_UNLIKELY (self->event.time > self->latest))
    self->event.time = move_time (self, tables, self->latest);
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

/* The same as decode () where the longest event fits before the end of the batch. On failure
 * nothing has happened. */
static inline gboolean
decode_quickly (GanderStream *self, GanderTables *tables)
{
  GanderWireEvent *event = &self->event;
  const guint8 *at = self->bytes.data + self->bytes.pos;
  guint8 n = n_arguments[*at];
  guint64 dt;
  gint64 time;

  if (G_UNLIKELY (n == NOT_TIMED))
    return FALSE;
  event->code = *at;
  event->offset = gander_bytes_offset (&self->bytes);
  at = gander_uvarint_take (at + 1, &dt);
  for (guint i = 0; i < n && at != NULL; i++)
    at = gander_uvarint_take (at, &event->args[i]);
  if (G_UNLIKELY (at == NULL))
    return FALSE;
  time = gander_clock_add (&tables->clock, event->time, dt);
  if (G_UNLIKELY (time > self->latest))
    return FALSE;
  event->time = time;
  self->bytes.pos = (gsize)(at - self->bytes.data);
  return TRUE;
}

/* Not inline: what it needs of registers nobody else shall save. */
static G_NO_INLINE gboolean
next_slowly (GanderStream *self, GanderSource *source, GanderTables *tables, const GArray *batches)
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

gboolean
gander_stream_next (GanderStream *self,
                    GanderSource *source,
                    GanderTables *tables,
                    const GArray *batches)
{
  if (G_LIKELY (gander_bytes_left (&self->bytes) >= EVENT_MAX) && decode_quickly (self, tables))
    return TRUE;
  return next_slowly (self, source, tables, batches);
}
