/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/batch.h"

#include "reader/bytes.h"
#include "reader/sniff.h"
#include "reader/wire.h"

/* Room for a header: a byte, an experiment, four numbers, the first byte of the data. */
#define HEADER_MAX 64
/* What one read fetches while walking, and while looking for a batch: the header that follows a
 * candidate is at most a batch away, so that few candidates need a read of their own. */
#define WALK_WINDOW   4096
#define RESYNC_WINDOW (4 * GANDER_BATCH_MAX)
/* Clock units, two minutes at the usual frequency: further apart is no neighbour. A generation
 * takes about a second. */
#define NEAR (G_GUINT64_CONSTANT (1) << 31)

void
gander_scanner_init (GanderScanner *self, GanderSource *source)
{
  *self = (GanderScanner){ .source = source };
  if (!gander_source_is_memory (source))
    self->window = g_malloc (RESYNC_WINDOW);
}

void
gander_scanner_clear (GanderScanner *self)
{
  g_clear_pointer (&self->window, g_free);
}

/* Returns: a cursor at @pos that sees a whole header, unless the trace ends there. */
static GanderBytes
look (GanderScanner *self, guint64 pos, gsize window)
{
  GanderBytes cursor;

  if (pos < self->at || pos + HEADER_MAX > self->at + self->size)
    {
      self->bytes = gander_source_get (self->source, pos, window, self->window, &self->size);
      self->at = pos;
    }
  gander_bytes_init (&cursor,
                     self->bytes + (pos - self->at),
                     (gsize)MIN (HEADER_MAX, self->at + self->size - pos),
                     pos);
  return cursor;
}

static GanderItem
read_header (GanderBytes *cursor, GanderBatch *batch)
{
  guint64 thread;
  guint64 size;
  guint8 type;
  guint8 experiment;

  if (!gander_bytes_byte (cursor, &type, NULL))
    return GANDER_ITEM_END;
  if (type == GANDER_WIRE_END_OF_GENERATION)
    return GANDER_ITEM_END_OF_GENERATION;
  if (type != GANDER_WIRE_EVENT_BATCH && type != GANDER_WIRE_EXPERIMENTAL_BATCH)
    return GANDER_ITEM_BAD;

  batch->experiment = -1;
  if (type == GANDER_WIRE_EXPERIMENTAL_BATCH)
    {
      if (!gander_bytes_byte (cursor, &experiment, NULL))
        return GANDER_ITEM_CUT;
      batch->experiment = experiment;
    }

  if (!gander_bytes_uvarint (cursor, &batch->generation, NULL) ||
      !gander_bytes_uvarint (cursor, &thread, NULL) ||
      !gander_bytes_uvarint (cursor, &batch->time, NULL) ||
      !gander_bytes_uvarint (cursor, &size, NULL))
    return gander_bytes_left (cursor) < 10 ? GANDER_ITEM_CUT : GANDER_ITEM_BAD;
  if (batch->generation == 0 || size > GANDER_BATCH_MAX)
    return GANDER_ITEM_BAD;

  batch->thread = (gint64)thread;
  batch->size = (guint32)size;
  batch->kind = 0;
  if (size > 0 && gander_bytes_left (cursor) > 0)
    batch->kind = cursor->data[cursor->pos];
  return GANDER_ITEM_BATCH;
}

static GanderItem
read_item (GanderScanner *self, guint64 pos, gsize window, GanderBatch *batch, guint64 *next)
{
  GanderBytes cursor = look (self, pos, window);
  guint64 end = gander_source_get_size (self->source);
  GanderItem item;

  *batch = (GanderBatch){ .begin = pos };
  item = read_header (&cursor, batch);
  /* A number that breaks off where the trace goes on is not cut but wrong. */
  if (item == GANDER_ITEM_CUT && pos + HEADER_MAX <= end)
    item = GANDER_ITEM_BAD;

  *next = pos;
  if (item == GANDER_ITEM_BATCH)
    {
      batch->offset = gander_bytes_offset (&cursor);
      if (batch->size > end - batch->offset)
        {
          batch->size = (guint32)(end - batch->offset);
          item = GANDER_ITEM_CUT_BATCH;
        }
      *next = batch->offset + batch->size;
    }
  else if (item == GANDER_ITEM_END_OF_GENERATION)
    *next = pos + 1;
  return item;
}

GanderItem
gander_scanner_read (GanderScanner *self, guint64 pos, GanderBatch *batch, guint64 *next)
{
  return read_item (self, pos, WALK_WINDOW, batch, next);
}

static gboolean
is_plausible (const GanderBatch *batch, const GanderBatch *like)
{
  gboolean thread = batch->thread == -1 || (batch->thread >= 0 && batch->thread <= G_MAXUINT32);

  if (!thread || batch->kind == 0)
    return FALSE;
  if (like == NULL)
    return TRUE;
  return batch->generation - like->generation <= 1 && batch->time - like->time + NEAR <= 2 * NEAR;
}

guint64
gander_scanner_resync (GanderScanner *self, guint64 pos, const GanderBatch *like, gboolean strict)
{
  guint64 end = gander_source_get_size (self->source);

  for (pos++; pos < end; pos++)
    {
      GanderBatch batch;
      GanderBatch second;
      guint64 next;
      guint64 after;
      GanderItem item = read_item (self, pos, RESYNC_WINDOW, &batch, &next);

      if (item != GANDER_ITEM_BATCH || !is_plausible (&batch, like))
        continue;
      item = read_item (self, next, RESYNC_WINDOW, &second, &after);
      if (item == GANDER_ITEM_BATCH || item == GANDER_ITEM_CUT_BATCH)
        {
          if (is_plausible (&second, &batch))
            return pos;
        }
      else if (item != GANDER_ITEM_BAD && !strict)
        return pos;
    }
  return end;
}

guint
gander_scanner_version (GanderScanner *self, guint64 pos)
{
  GanderBytes cursor = look (self, pos, WALK_WINDOW);

  return gander_sniff_version (cursor.data, gander_bytes_left (&cursor));
}
