/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/trace.h"

#include "reader/merge.h"
#include "reader/reader-error.h"
#include "reader/sniff.h"

#include <string.h>

/* Generation after generation: walk its batch headers, read its tables, merge its events. No more
 * than the batch list of one generation, its tables and one batch per thread are in memory.
 */

#define NEWEST_VERSION 26
#define OLDEST_VERSION 22
/* Threads go over to the next generation one by one; ns. */
#define OVERLAP 1000000000
/* How far into a file its header may be. */
#define HEADER_WITHIN 65536

typedef struct
{
  GanderSource *source;         /* (unowned) */
  const GanderSink *sink;       /* (unowned) */
  gpointer sink_data;           /* (unowned) */
  GanderDictionary *dictionary; /* (unowned) */
  GanderTraceInfo *info;        /* (unowned) */
  GanderProgress *progress;     /* (unowned) (nullable) */
  GCancellable *cancellable;    /* (unowned) (nullable) */
  guint64 n_wanted;             /* events; 0 = all */

  guint version; /* as read, at most the newest known */
  guint64 pos;
  guint64 size;
  GanderScanner scanner;
  GanderDamageLog log;
  GanderTables tables;
  GanderOrder order;
  GanderMerge merge;

  /* The generation at hand. */
  GArray *batches; /* GanderBatch */
  guint64 begin;
  guint64 end;
  gboolean finished;
  guint64 n_serious; /* damage before it */

  guint64 last_generation; /* 0 = none yet */
  guint64 smallest;        /* time of the first batch of the generation before, clock units */
  gboolean broken;         /* bytes were skipped since the generation before */
  gint64 clock_zero;       /* trace clock at time 0 */
  GanderTime last;         /* time of the last event, -1 before the first */
} Reader;

static void
report_progress (Reader *self, guint64 offset)
{
  gander_progress_set_events (self->progress, self->info->events);
  gander_progress_report (self->progress, GANDER_PHASE_READING, offset, self->size);
}

static void
send (gpointer data, GanderEvent *event)
{
  Reader *self = data;
  GanderEvent *room = NULL;

  event->time = MAX (event->time - self->clock_zero, self->last + 1);
  self->last = event->time;
  self->log.now = event->time;
  if (event->kind != GANDER_EVENT_GAP && (++self->info->events & 0xfff) == 0)
    report_progress (self, event->offset);
  if (self->sink->take != NULL)
    room = self->sink->take (self->sink_data, event);
  else
    self->sink->event (self->sink_data, event);
  self->order.queue = room != NULL ? room : self->order.own_queue;
}

static void
skip_to_batch (Reader *self)
{
  const GanderBatch *like = NULL;
  guint64 next;

  if (self->batches->len > 0)
    like = &g_array_index (self->batches, GanderBatch, self->batches->len - 1);
  next = gander_scanner_resync (&self->scanner, self->pos, like, FALSE);
  gander_damage_log_at (&self->log,
                        GANDER_DAMAGE_BATCH_FRAMING,
                        self->pos,
                        next - self->pos,
                        -1,
                        0);
  self->pos = next;
  self->broken = TRUE;
}

/* Something at the front of the file that is no item. */
static void
skip_bad (Reader *self)
{
  if (gander_scanner_version (&self->scanner, self->pos) != 0)
    {
      gander_damage_log_at (&self->log,
                            GANDER_DAMAGE_SECOND_TRACE,
                            self->pos,
                            self->size - self->pos,
                            -1,
                            0);
      self->pos = self->size;
      return;
    }
  skip_to_batch (self);
}

static void
add_batch (Reader *self, const GanderBatch *batch)
{
  if (batch->experiment >= 0)
    self->info->experimental_batches++;
  if (batch->size > 0)
    g_array_append_vals (self->batches, batch, 1);
}

/* A body that is not all there: either the trace ends in it, which is the usual case, or its size
 * is wrong and batches follow all the same, which takes strong evidence. */
static void
take_cut_batch (Reader *self, const GanderBatch *batch)
{
  guint64 next = gander_scanner_resync (&self->scanner, self->pos, batch, TRUE);

  if (next < self->size)
    {
      gander_damage_log_at (&self->log,
                            GANDER_DAMAGE_BATCH_FRAMING,
                            self->pos,
                            next - self->pos,
                            batch->thread,
                            0);
      self->pos = next;
      self->broken = TRUE;
      return;
    }
  gander_damage_log_at (&self->log,
                        GANDER_DAMAGE_TRACE_CUT,
                        self->pos,
                        self->size - self->pos,
                        batch->thread,
                        0);
  add_batch (self, batch);
  self->pos = self->size;
}

/* Whether a batch of another generation is alone among those of the present one. */
static gboolean
is_stray (Reader *self, guint64 next, guint64 generation)
{
  GanderBatch batch;
  guint64 after;
  GanderItem item = gander_scanner_read (&self->scanner, next, &batch, &after);

  return (item == GANDER_ITEM_BATCH || item == GANDER_ITEM_CUT_BATCH) &&
         batch.generation == generation;
}

/* Returns: FALSE when @batch is of the next generation. */
static gboolean
take_batch (Reader *self, const GanderBatch *batch, guint64 next)
{
  guint64 generation = batch->generation;

  if (self->batches->len > 0)
    generation = g_array_index (self->batches, GanderBatch, 0).generation;
  if (batch->generation != generation)
    {
      if (!is_stray (self, next, generation))
        return FALSE;
      gander_damage_log_at (&self->log,
                            GANDER_DAMAGE_BATCH_STRAY,
                            self->pos,
                            next - self->pos,
                            batch->thread,
                            0);
      self->pos = next;
      return TRUE;
    }
  add_batch (self, batch);
  self->pos = next;
  return TRUE;
}

/* Takes one item. Returns: FALSE at the end of the generation. */
static gboolean
take_item (Reader *self)
{
  GanderBatch batch;
  guint64 next;

  switch (gander_scanner_read (&self->scanner, self->pos, &batch, &next))
    {
    case GANDER_ITEM_BATCH:
      return take_batch (self, &batch, next);

    case GANDER_ITEM_CUT_BATCH:
      if (self->batches->len > 0 &&
          batch.generation != g_array_index (self->batches, GanderBatch, 0).generation)
        return FALSE;
      take_cut_batch (self, &batch);
      return TRUE;

    case GANDER_ITEM_END_OF_GENERATION:
      if (self->version >= 26)
        {
          self->pos = next;
          self->finished = self->batches->len > 0;
          return !self->finished;
        }
      skip_bad (self);
      return TRUE;

    case GANDER_ITEM_CUT:
      gander_damage_log_at (&self->log,
                            GANDER_DAMAGE_TRACE_CUT,
                            self->pos,
                            self->size - self->pos,
                            -1,
                            0);
      self->pos = self->size;
      return FALSE;

    case GANDER_ITEM_BAD:
      skip_bad (self);
      return TRUE;

    case GANDER_ITEM_END:
    default:
      return FALSE;
    }
}

/* Returns: FALSE at the end of the trace. */
static gboolean
gather (Reader *self)
{
  g_array_set_size (self->batches, 0);
  self->finished = FALSE;
  self->n_serious = self->log.n_serious;
  self->begin = self->pos;
  while (take_item (self))
    ;
  self->end = self->pos;
  return self->batches->len > 0;
}

/* Whether the generation at hand goes on from the one before; if not, that is damage. */
static gboolean
is_anew (Reader *self, guint64 generation)
{
  if (self->last_generation == 0)
    return TRUE;
  if (generation == self->last_generation + 1 || (self->version >= 26 && !self->broken))
    return FALSE;
  gander_damage_log_at (&self->log, GANDER_DAMAGE_GENERATION_ORDER, self->begin, 0, -1, 0);
  return TRUE;
}

/* The time of the first batch, in clock units; none is before those of the generation before. */
static guint64
smallest_time (Reader *self)
{
  guint64 smallest = G_MAXUINT64;

  for (guint i = 0; i < self->batches->len; i++)
    {
      guint64 time = g_array_index (self->batches, GanderBatch, i).time;

      if (time >= self->smallest)
        smallest = MIN (smallest, time);
    }
  self->smallest = smallest == G_MAXUINT64 ? self->smallest : smallest;
  return self->smallest;
}

/* The runtime writes a generation's stacks when all its events are written; and events are not
 * later than the next generation begins, but for some overlap. (The last batch of strings tells
 * nothing: it is as old as its first string.) */
static void
find_latest (Reader *self)
{
  guint64 first = g_array_index (self->batches, GanderBatch, 0).time;
  guint64 generation = g_array_index (self->batches, GanderBatch, 0).generation;
  guint64 stacks = 0;
  GanderBatch next;
  guint64 after;

  self->tables.latest = GANDER_TIME_LIMIT;
  for (guint i = 0; i < self->batches->len; i++)
    {
      const GanderBatch *batch = &g_array_index (self->batches, GanderBatch, i);

      if (batch->kind == GANDER_WIRE_STACKS)
        stacks = MAX (stacks, batch->time);
    }
  if (stacks > first)
    self->tables.latest = gander_clock_convert (&self->tables.clock, stacks) + OVERLAP;
  if (gander_scanner_read (&self->scanner, self->end, &next, &after) == GANDER_ITEM_BATCH &&
      next.generation == generation + 1 && next.time >= first)
    self->tables.latest =
        MIN (self->tables.latest, gander_clock_convert (&self->tables.clock, next.time) + OVERLAP);
}

static void
send_gap (Reader *self)
{
  GanderEvent gap = { .kind = GANDER_EVENT_GAP,
                      .thread = -1,
                      .proc = -1,
                      .goroutine = -1,
                      .id = -1,
                      .generation = self->log.generation,
                      .offset = self->begin };

  send (self, &gap);
}

/* The Sync before a generation. */
static void
begin_generation (Reader *self)
{
  GanderClock *clock = &self->tables.clock;
  gint64 time = gander_clock_convert (clock, smallest_time (self));
  GanderGeneration row = { .number = self->log.generation,
                           .offset = self->begin,
                           .size = self->end - self->begin };
  GanderEvent sync = { .time = time,
                       .kind = GANDER_EVENT_SYNC,
                       .thread = -1,
                       .proc = -1,
                       .goroutine = -1,
                       .id = -1,
                       .generation = row.number,
                       .offset = row.offset };

  if (self->last < 0)
    self->info->start_clock_ns = self->clock_zero = time;
  if (self->tables.has_snapshot)
    {
      row.mono_ns = (gint64)self->tables.mono_ns;
      row.wall_ns = self->tables.wall_ns;
      row.snapshot = gander_clock_convert (clock, self->tables.snapshot_units) - self->clock_zero;
      sync.value[0] = (guint64)row.snapshot;
      sync.value[1] = self->tables.mono_ns;
      sync.value[2] = (guint64)row.wall_ns;
    }
  row.begin = MAX (time - self->clock_zero, self->last + 1);

  self->sink->generation (self->sink_data, &row);
  send (self, &sync);
  self->info->n_generations++;
}

/* Whether something of the generation is missing. The runtime writes strings in each. */
static gboolean
is_suspect (const Reader *self)
{
  gboolean has_strings = FALSE;

  for (guint i = 0; i < self->batches->len; i++)
    has_strings |= g_array_index (self->batches, GanderBatch, i).kind == GANDER_WIRE_STRINGS;
  return !has_strings || self->log.n_serious > self->n_serious ||
         (self->version >= 26 && !self->finished);
}

static gboolean
read_generation (Reader *self)
{
  guint64 generation = g_array_index (self->batches, GanderBatch, 0).generation;
  gboolean anew;
  guint64 clamped;
  gboolean ok;

  self->log.generation = generation;
  anew = is_anew (self, generation);
  gander_tables_read (&self->tables, self->source, self->batches, self->version);
  gander_order_begin (&self->order, generation, anew);
  if (anew)
    self->smallest = 0;
  find_latest (self);
  begin_generation (self);
  if (anew && self->last_generation != 0)
    send_gap (self);

  clamped = self->tables.clock.n_clamped;
  ok = gander_merge_run (&self->merge, self->batches, self->version, is_suspect (self));
  if (self->tables.clock.n_clamped > clamped)
    gander_damage_log_at (&self->log, GANDER_DAMAGE_TIME_RANGE, self->begin, 0, -1, 0);
  if (self->version >= 26 && !self->finished)
    gander_damage_log_at (&self->log, GANDER_DAMAGE_GENERATION_UNFINISHED, self->end, 0, -1, 0);
  gander_damage_log_flush (&self->log);
  self->last_generation = generation;
  self->broken = FALSE;
  return ok;
}

static gboolean
is_enough (const Reader *self)
{
  return self->merge.n_wanted > 0 && self->merge.n_done >= self->merge.n_wanted;
}

static gboolean
read_generations (Reader *self, GError **error)
{
  while (!is_enough (self) && gather (self))
    {
      if (!read_generation (self) ||
          g_cancellable_set_error_if_cancelled (self->cancellable, error))
        {
          g_clear_error (error);
          if (!g_cancellable_set_error_if_cancelled (self->cancellable, error))
            g_set_error_literal (error,
                                 G_FILE_ERROR,
                                 G_FILE_ERROR_NOMEM,
                                 "not enough memory for the goroutines of this trace");
          return FALSE;
        }
    }
  gander_damage_log_flush (&self->log);

  if (self->pos < self->size && !is_enough (self))
    gander_damage_log_at (&self->log,
                          GANDER_DAMAGE_READ_FAILED,
                          self->pos,
                          self->size - self->pos,
                          -1,
                          0);
  if (gander_source_is_cut (self->source))
    gander_damage_log_at (&self->log, GANDER_DAMAGE_UNPACK_FAILED, self->size, 0, -1, 0);
  if (self->info->n_generations > 0)
    {
      GanderEvent sync = { .time = 0,
                           .kind = GANDER_EVENT_SYNC,
                           .thread = -1,
                           .proc = -1,
                           .goroutine = -1,
                           .id = -1,
                           .offset = self->size };

      sync.time = self->last + self->clock_zero;
      send (self, &sync);
    }
  self->info->duration = MAX (0, self->last);

  if (self->info->events <= self->info->n_generations + 1 && self->version < 26)
    {
      gander_reader_error_set (error,
                               GANDER_READER_ERROR_NOTHING_READABLE,
                               GANDER_HEADER_SIZE,
                               "the trace has a header but not one event");
      return FALSE;
    }
  return TRUE;
}

/* Returns: where the header is within the first bytes, or -1. */
static gint64
find_header (const guint8 *head, gsize size)
{
  const guint8 *at = head;

  while (size - (gsize)(at - head) >= GANDER_HEADER_SIZE)
    {
      at = memmem (at, size - (gsize)(at - head), "go 1.", 5);
      if (at == NULL)
        return -1;
      if (gander_sniff_version (at, size - (gsize)(at - head)) != 0)
        return at - head;
      at++;
    }
  return -1;
}

/* Reads the header; @self->pos is behind it afterwards. */
static gboolean
read_header (Reader *self, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (HEADER_WITHIN);
  gsize got;
  const guint8 *head = gander_source_get (self->source, 0, HEADER_WITHIN, buffer, &got);
  gint64 at = find_header (head, got);
  guint version;

  if (got == 0)
    {
      gander_reader_error_set (error, GANDER_READER_ERROR_EMPTY, 0, "the file is empty");
      return FALSE;
    }
  if (at < 0)
    {
      gboolean unpacked =
          gander_source_get_file_size (self->source) != gander_source_get_size (self->source);

      gander_reader_error_set (error,
                               GANDER_READER_ERROR_NOT_A_TRACE,
                               0,
                               "not a Go execution trace: %s",
                               gander_sniff_describe (head, got, unpacked));
      return FALSE;
    }

  version = gander_sniff_version (head + at, got - (gsize)at);
  if (version < OLDEST_VERSION)
    {
      gander_reader_error_set (error,
                               GANDER_READER_ERROR_UNSUPPORTED_VERSION,
                               (guint64)at,
                               "this trace has the format of Go 1.%u; traces of Go 1.22 and later "
                               "can be read",
                               version);
      return FALSE;
    }

  self->info->version = version;
  self->info->newer = version > NEWEST_VERSION;
  self->version = MIN (version, NEWEST_VERSION);
  self->pos = (guint64)at + GANDER_HEADER_SIZE;
  if (at > 0)
    gander_damage_log_at (&self->log, GANDER_DAMAGE_BYTES_BEFORE_HEADER, 0, (guint64)at, -1, 0);
  if (self->info->newer)
    gander_damage_log_at (&self->log,
                          GANDER_DAMAGE_NEWER_VERSION,
                          (guint64)at,
                          GANDER_HEADER_SIZE,
                          -1,
                          0);
  return TRUE;
}

static void
reader_init (Reader *self)
{
  self->size = gander_source_get_size (self->source);
  self->last = -1;
  self->log = (GanderDamageLog){ .sink = self->sink, .sink_data = self->sink_data, .now = -1 };
  self->batches = g_array_new (FALSE, FALSE, sizeof (GanderBatch));
  gander_scanner_init (&self->scanner, self->source);
  gander_tables_init (&self->tables, self->dictionary, &self->log);
  gander_order_init (&self->order, &self->tables, self->dictionary, &self->log);
  gander_merge_init (&self->merge, self->source, &self->tables, &self->order);
  self->merge.cancellable = self->cancellable;
  self->merge.n_wanted = self->n_wanted;
  self->merge.func = send;
  self->merge.data = self;
}

static void
reader_clear (Reader *self)
{
  gander_merge_clear (&self->merge);
  gander_order_clear (&self->order);
  gander_tables_clear (&self->tables);
  gander_scanner_clear (&self->scanner);
  g_array_unref (self->batches);
}

static gboolean
read_source (Reader *self, GError **error)
{
  gboolean ok;

  *self->info = (GanderTraceInfo){ .bytes = gander_source_get_size (self->source),
                                   .file_bytes = gander_source_get_file_size (self->source) };
  reader_init (self);
  ok = read_header (self, error) && read_generations (self, error);
  reader_clear (self);
  return ok;
}

gboolean
gander_trace_read (const char *path,
                   const GanderTraceOptions *options,
                   GanderDictionary *dictionary,
                   const GanderSink *sink,
                   gpointer sink_data,
                   GanderTraceInfo *info,
                   GanderProgress *progress,
                   GCancellable *cancellable,
                   GError **error)
{
  guint64 limit = options == NULL ? 0 : options->unpack_limit;
  g_autoptr (GanderSource) source = NULL;
  Reader reader = { .sink = sink,
                    .sink_data = sink_data,
                    .dictionary = dictionary,
                    .info = info,
                    .progress = progress,
                    .n_wanted = options == NULL ? 0 : options->n_events,
                    .cancellable = cancellable };

  g_return_val_if_fail (path != NULL, FALSE);

  if (limit == 0)
    limit = GANDER_UNPACK_LIMIT_DEFAULT;
  source = gander_source_open (path, limit, progress, cancellable, error);
  if (source == NULL)
    return FALSE;
  reader.source = source;
  return read_source (&reader, error);
}

gboolean
gander_trace_read_bytes (const guint8 *data,
                         gsize size,
                         GanderDictionary *dictionary,
                         const GanderSink *sink,
                         gpointer sink_data,
                         GanderTraceInfo *info,
                         GError **error)
{
  g_autoptr (GanderSource) source = gander_source_new_bytes (data, size);
  Reader reader = {
    .source = source, .sink = sink, .sink_data = sink_data, .dictionary = dictionary, .info = info
  };

  return read_source (&reader, error);
}
