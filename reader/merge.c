/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/merge.h"

#include "reader/heap.h"

#include <string.h>

/* The earliest event first; when it has to wait for one of another thread, the others in the
 * order of their times. Ties have no meaning, but to print the sequence that golang/go prints the
 * heap here is the same array heap, down to which of two equal events moves (format/v2.md of the
 * reference says how; golang/go src/internal/trace/batchcursor.go, Go 1.26).
 *
 * A stream whose event waits is not tried again before what it waits for changes. With few
 * threads it stays in the heap, which keeps golang/go's order of ties, and is passed over; with
 * many it is parked outside, so that a waiting thread costs nothing.
 */

#define PARK_FROM     256 /* streams */
#define STEPS_AT_ONCE 256

/* Where events are missing, none waits longer than this (ns of the trace) while others go on.
 * Clocks of different processors are microseconds apart. Otherwise a thread whose next event waits
 * for a lost one would come to rest, and all that it did be told at the end. */
#define PATIENCE 1000000

static GanderStream *
stream_at (const GanderMerge *self, guint32 number)
{
  return &g_array_index (self->streams, GanderStream, number);
}

/* Wakes all streams that wait for @key. Two things whose keys collide are woken together: then
 * some are tried once in vain. */
static void
wake (GanderMerge *self, guint64 key)
{
  guint32 number = gander_id_map_get (&self->waiting, key);

  if (number == GANDER_ID_NONE)
    return;
  gander_id_map_remove (&self->waiting, key);
  while (number != GANDER_ID_NONE)
    {
      GanderStream *stream = stream_at (self, number);

      stream->waits = FALSE;
      self->order->n_waiting--;
      if (self->parks)
        g_array_append_val (self->woken, number);
      number = stream->next_waiting;
    }
}

static void
changed_cb (gpointer data, guint64 key)
{
  wake (data, key);
}

/* Whether an entry of the parked still stands for a stream that waits. If it does not it is about
 * to be dropped, and the stream will need a new one. */
static gboolean
is_parked (const GanderMerge *self, const GanderHeapEntry *e)
{
  GanderStream *stream = stream_at (self, e->stream);

  if (stream->parked_time != e->time)
    return FALSE;
  if (!stream->waits)
    stream->parked_time = -1;
  return stream->waits;
}

/* Drops entries of streams that went on since, when they are most of them. */
static void
compact_parked (GanderMerge *self)
{
  guint kept = 0;

  if (self->parked->len < 2 * self->streams->len + 1024)
    return;
  for (guint i = 0; i < self->parked->len; i++)
    if (is_parked (self, gander_heap_at (self->parked, i)))
      *gander_heap_at (self->parked, kept++) = *gander_heap_at (self->parked, i);
  g_array_set_size (self->parked, kept);
  for (guint i = 1; i < kept; i++)
    gander_heap_up (self->parked, i);
}

/* The stream at @i of the heap has to wait. */
static void
wait_at (GanderMerge *self, guint i)
{
  guint32 number = gander_heap_at (self->heap, i)->stream;
  GanderStream *stream = stream_at (self, number);

  stream->waits = TRUE;
  stream->wait_key = self->order->wait_key;
  stream->next_waiting = gander_id_map_get (&self->waiting, stream->wait_key);
  gander_id_map_set (&self->waiting, stream->wait_key, number);
  self->order->n_waiting++;
  if (!self->parks)
    return;

  gander_heap_remove (self->heap, i);
  if (stream->parked_time == stream->event.time)
    return;
  stream->parked_time = stream->event.time;
  gander_heap_push (self->parked, stream->event.time, number);
  compact_parked (self);
}

static void
flush_queue (GanderMerge *self)
{
  GanderEvent *queue = self->order->queue;
  guint n = self->order->n_queue;

  self->order->n_queue = 0;
  for (guint i = 0; i < n; i++)
    self->func (self->data, &queue[i]);
}

/* The event of @stream is done with. Returns: whether there is another one. */
static inline gboolean
step_stream (GanderMerge *self, GanderStream *stream, const GArray *batches)
{
  flush_queue (self);
  stream->parked_time = -1;
  return gander_stream_next (stream, self->source, self->tables, batches);
}

/* @stream, which is at @i, has gone on from its event at @time. */
static void
settle (GanderMerge *self, guint i, GanderStream *stream, GanderTime time, gboolean more)
{
  if (G_UNLIKELY (stream->has_lost))
    {
      stream->has_lost = FALSE;
      gander_order_lose (self->order, stream, time);
      flush_queue (self);
    }

  if (more)
    {
      gander_heap_at (self->heap, i)->time = stream->event.time;
      if ((i > 0 || !gander_heap_is_led (self->heap)) && gander_heap_up (self->heap, i) == i)
        gander_heap_down (self->heap, i);
    }
  else
    {
      gander_stream_clear (stream);
      gander_heap_remove (self->heap, i);
    }
}

/* The event of @stream, which is at @i, is done with. */
static void
step (GanderMerge *self, guint i, GanderStream *stream, const GArray *batches)
{
  GanderTime time = stream->event.time;
  gboolean more = step_stream (self, stream, batches);

  settle (self, i, stream, time, more);
}

/* Goes on with the leader while its events come before those of all others, which are many one
 * after another, and before @limit, and nothing is to be decided. Returns: events done, of
 * @n_max. */
static guint
follow_leader (GanderMerge *self, const GArray *batches, gint64 limit, guint n_max)
{
  const GanderHeapEntry *e = gander_heap_at (self->heap, 0);
  GanderStream *stream = stream_at (self, e->stream);
  GanderTime time = 0;
  gboolean more = TRUE;
  guint n = 0;

  if (stream->waits || self->suspect)
    return 0;
  for (guint i = 1; i < MIN (3, self->heap->len); i++)
    limit = MIN (limit, e[i].time);
  while (n < n_max && more && !stream->has_lost && stream->event.time <= limit &&
         self->woken->len == 0 && gander_order_advance (self->order, stream) == GANDER_ADVANCE_OK)
    {
      time = stream->event.time;
      more = step_stream (self, stream, batches);
      n++;
    }
  if (n > 0)
    settle (self, 0, stream, time, more);
  return n;
}

/* Returns: the time of the earliest event that waits, or the end of time. */
static gint64
earliest_waiting (GanderMerge *self)
{
  if (self->parks)
    {
      while (self->parked->len > 0 && !is_parked (self, gander_heap_at (self->parked, 0)))
        gander_heap_remove (self->parked, 0);
      return self->parked->len > 0 ? gander_heap_at (self->parked, 0)->time : G_MAXINT64;
    }
  return stream_at (self, gander_heap_at (self->heap, 0)->stream)->waits
             ? gander_heap_at (self->heap, 0)->time
             : G_MAXINT64;
}

typedef enum
{
  TRIED_DONE,
  TRIED_WAITS,
  TRIED_CLASHES, /* but an earlier one waits: it is more likely that something before it is lost */
} Tried;

/* Tries the stream at @i. */
static Tried
try (GanderMerge *self, guint i, const GArray *batches)
{
  GanderStream *stream = stream_at (self, gander_heap_at (self->heap, i)->stream);
  GanderAdvance result;

  if (stream->waits)
    return TRIED_WAITS;
  result = gander_order_advance (self->order, stream);
  if (result == GANDER_ADVANCE_WAIT)
    {
      wait_at (self, i);
      return TRIED_WAITS;
    }
  if (G_UNLIKELY (result == GANDER_ADVANCE_BAD))
    {
      self->suspect = TRUE;
      if (earliest_waiting (self) < stream->event.time)
        return TRIED_CLASHES;
      gander_order_force (self->order, stream);
    }
  step (self, i, stream, batches);
  return TRIED_DONE;
}

/* Moves the earliest of the parked back into the heap; @at is where it lands. Returns: FALSE when
 * it went on long ago. */
static gboolean
unpark_earliest (GanderMerge *self, guint *at)
{
  GanderHeapEntry earliest = *gander_heap_at (self->parked, 0);
  GanderStream *stream = stream_at (self, earliest.stream);
  gboolean parked = is_parked (self, &earliest);

  gander_heap_remove (self->parked, 0);
  if (!parked)
    return FALSE;
  stream->parked_time = -1;
  wake (self, stream->wait_key);
  for (guint i = 0; i < self->woken->len; i++)
    if (g_array_index (self->woken, guint32, i) == earliest.stream)
      {
        g_array_remove_index_fast (self->woken, i);
        break;
      }
  gander_heap_push (self->heap, earliest.time, earliest.stream);
  *at = self->heap->len - 1;
  while (*at > 0 && gander_heap_at (self->heap, *at)->stream != earliest.stream)
    *at = (*at - 1) / 2;
  return TRUE;
}

/* Something waits for what will not come: the earliest is forced. */
static void
force_earliest (GanderMerge *self, const GArray *batches)
{
  GanderStream *stream;
  guint at = 0;

  self->suspect = TRUE;
  if (self->parks && !unpark_earliest (self, &at))
    return;
  stream = stream_at (self, gander_heap_at (self->heap, at)->stream);
  if (stream->waits)
    wake (self, stream->wait_key);
  gander_order_force (self->order, stream);
  step (self, at, stream, batches);
}

static void
push_woken (GanderMerge *self)
{
  if (G_LIKELY (self->woken->len == 0))
    return;
  for (guint i = 0; i < self->woken->len; i++)
    {
      guint32 number = g_array_index (self->woken, guint32, i);

      gander_heap_push (self->heap, stream_at (self, number)->event.time, number);
    }
  g_array_set_size (self->woken, 0);
}

/* Whether the earliest that waits has waited long enough for one at @time. */
static gboolean
is_late (GanderMerge *self, gint64 time)
{
  gint64 waiting;

  if (G_LIKELY (!self->suspect))
    return FALSE;
  waiting = earliest_waiting (self);
  return waiting < time && time - waiting > PATIENCE;
}

/* Many threads: those that wait are not in the heap. */
static void
advance_parking (GanderMerge *self, const GArray *batches)
{
  if (self->heap->len == 0 || is_late (self, gander_heap_at (self->heap, 0)->time) ||
      try (self, 0, batches) == TRIED_CLASHES)
    force_earliest (self, batches);
}

/* Few threads: those that wait are, and all are tried in the order of their times. */
static void
advance (GanderMerge *self, const GArray *batches)
{
  if (try (self, 0, batches) == TRIED_DONE)
    return;
  gander_heap_sort (self->heap);
  for (guint i = 1; i < self->heap->len; i++)
    {
      Tried tried;

      if (is_late (self, gander_heap_at (self->heap, i)->time))
        break;
      tried = try (self, i, batches);
      if (tried == TRIED_DONE)
        return;
      if (tried == TRIED_CLASHES)
        break;
    }
  force_earliest (self, batches);
}

static void
emit_sample (GanderMerge *self, const GanderTableSample *sample)
{
  GanderTables *tables = self->tables;
  guint32 stack = sample->stack == 0 ? 0 : gander_id_map_get (&tables->stacks, sample->stack);
  GanderEvent event = { .time = MIN (sample->time, tables->latest),
                        .kind = GANDER_EVENT_SAMPLE,
                        .thread = sample->thread,
                        .proc = sample->proc,
                        .goroutine = sample->goroutine,
                        .id = -1,
                        .stack = stack == GANDER_ID_NONE ? 0 : stack,
                        .generation = self->order->generation,
                        .offset = sample->offset };

  self->func (self->data, &event);
}

/* One stream per thread, in the order in which the threads appear in the file. */
static void
make_streams (GanderMerge *self, GArray *batches, guint version)
{
  GanderIdMap by_thread;

  gander_id_map_init (&by_thread);
  g_array_set_size (self->streams, 0);
  for (guint i = 0; i < batches->len; i++)
    {
      GanderBatch *batch = &g_array_index (batches, GanderBatch, i);
      guint32 number;

      batch->next = GANDER_ID_NONE;
      if (!gander_batch_has_events (batch, version))
        continue;
      number = gander_id_map_get (&by_thread, (guint64)batch->thread);
      if (number == GANDER_ID_NONE)
        {
          GanderStream stream = {
            .thread = batch->thread,
            .order_thread = gander_order_find_thread (self->order, batch->thread),
            .batch = i,
            .last_batch = i,
            .parked_time = -1,
          };

          number = self->streams->len;
          g_array_append_val (self->streams, stream);
          gander_id_map_set (&by_thread, (guint64)batch->thread, number);
        }
      else
        {
          GanderStream *stream = stream_at (self, number);

          g_array_index (batches, GanderBatch, stream->last_batch).next = i;
          stream->last_batch = i;
        }
    }
  gander_id_map_clear (&by_thread);
}

static void
fill_heap (GanderMerge *self, const GArray *batches)
{
  for (guint32 i = 0; i < self->streams->len; i++)
    {
      GanderStream *stream = stream_at (self, i);

      if (gander_stream_next (stream, self->source, self->tables, batches))
        gander_heap_push (self->heap, stream->event.time, i);
      else
        gander_stream_clear (stream);
      if (stream->has_lost)
        {
          stream->has_lost = FALSE;
          gander_order_lose (self->order, stream, 0);
          flush_queue (self);
        }
    }
}

void
gander_merge_init (GanderMerge *self,
                   GanderSource *source,
                   GanderTables *tables,
                   GanderOrder *order)
{
  *self = (GanderMerge){ .source = source, .tables = tables, .order = order };
  self->streams = g_array_new (FALSE, FALSE, sizeof (GanderStream));
  self->heap = g_array_new (FALSE, FALSE, sizeof (GanderHeapEntry));
  self->parked = g_array_new (FALSE, FALSE, sizeof (GanderHeapEntry));
  self->woken = g_array_new (FALSE, FALSE, sizeof (guint32));
  gander_id_map_init (&self->waiting);
  order->changed = changed_cb;
  order->changed_data = self;
}

static void
clear_streams (GanderMerge *self)
{
  for (guint i = 0; i < self->streams->len; i++)
    gander_stream_clear (stream_at (self, i));
  g_array_set_size (self->streams, 0);
}

void
gander_merge_clear (GanderMerge *self)
{
  clear_streams (self);
  g_array_unref (self->streams);
  g_array_unref (self->heap);
  g_array_unref (self->parked);
  g_array_unref (self->woken);
  gander_id_map_clear (&self->waiting);
}

gboolean
gander_merge_run (GanderMerge *self, GArray *batches, guint version, gboolean suspect)
{
  const GArray *samples = self->tables->samples;
  guint next_sample = 0;
  guint steps = 0;

  g_array_set_size (self->heap, 0);
  g_array_set_size (self->parked, 0);
  g_array_set_size (self->woken, 0);
  gander_id_map_empty (&self->waiting);
  make_streams (self, batches, version);
  self->parks = self->streams->len >= PARK_FROM;
  self->suspect = suspect;
  fill_heap (self, batches);

  while (self->heap->len > 0 || next_sample < samples->len || self->parked->len > 0)
    {
      const GanderTableSample *sample = NULL;
      gint64 limit = G_MAXINT64;
      guint n = 0;

      if (steps >= STEPS_AT_ONCE)
        {
          gboolean cancelled = g_cancellable_is_cancelled (self->cancellable);
          self->n_done += steps;
          steps = 0;
          if (cancelled || (self->n_wanted > 0 && self->n_done >= self->n_wanted))
            {
              clear_streams (self);
              return !cancelled;
            }
          if (self->order->no_memory)
            break;
        }
      if (next_sample < samples->len)
        {
          sample = &g_array_index (samples, GanderTableSample, next_sample);
          limit = sample->time;
        }
      if (sample != NULL && (self->heap->len == 0 || limit < gander_heap_at (self->heap, 0)->time))
        {
          emit_sample (self, sample);
          next_sample++;
          steps++;
          continue;
        }
      if (self->heap->len > 0)
        n = follow_leader (self, batches, limit, STEPS_AT_ONCE);
      steps += MAX (n, 1);
      if (n == 0 && self->parks)
        advance_parking (self, batches);
      else if (n == 0)
        advance (self, batches);
      push_woken (self);
    }
  self->n_done += steps;
  clear_streams (self);
  return !self->order->no_memory;
}
