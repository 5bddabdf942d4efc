/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the steps matters: the summaries are made from the chains of blocks, then the
 * blocks can be queried like a finished index, and groups, grids and extremes are read from them.
 * A goroutine's record keeps what the lane row needs until the rows are written at last.
 */
#include "reader/index-write-private.h"

#include "reader/reader-error.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Rows of a tight loop between two looks whether to go on. */
#define ROWS_AT_ONCE 65536

/* Notes on blocks that are read until their pages are given back. */
#define NOTES_AT_ONCE (1u << 18)

gpointer
gander_index_writer_allocate (gsize n, gsize size, GError **error)
{
  gpointer memory = g_try_malloc0_n (MAX (n, 1), size);

  if (memory == NULL)
    g_set_error (error,
                 GANDER_READER_ERROR,
                 GANDER_READER_ERROR_TOO_LARGE,
                 "not enough memory for %" G_GSIZE_FORMAT " rows",
                 n);
  return memory;
}

gboolean
gander_index_writer_no_memory (const GanderIndexWriter *self, GError **error)
{
  if (!self->spans->no_memory && !self->spans->chunks.sealer.totals.no_memory)
    return FALSE;
  g_set_error_literal (error,
                       GANDER_READER_ERROR,
                       GANDER_READER_ERROR_TOO_LARGE,
                       "not enough memory for the goroutines of this trace");
  return TRUE;
}

void
gander_index_writer_forget_pages (const GanderIndexWriter *self)
{
  madvise (self->map, self->map_size, MADV_DONTNEED);
}

static void
fill_lane (const GanderChunk *chunk, GanderLaneRow *out)
{
  out->n_spans = gander_chunk_get_n_spans (chunk);
  out->block = chunk->last_block;
  out->kind = chunk->lane_kind;
  for (guint state = 0; out->n_spans > GANDER_BLOCK_SPANS && state < GANDER_N_STATES; state++)
    if (chunk->past->time[state] != 0)
      out->states |= (guint16)(1u << state);
}

void
gander_index_writer_get_goroutine (const GanderIndexWriter *self, guint32 row, GanderLaneRow *out)
{
  const GanderGo *go = gander_pages_get (&self->spans->goroutines, row);

  *out = (GanderLaneRow){ .id = go->id,
                          .begin = go->begin,
                          .end = go->end,
                          .life = go->life,
                          .creator = go->creator - 1,
                          .creation_stack = go->creation_stack,
                          .flags = go->flags };
  if (self->group_of != NULL && self->group_of[go->chunk.name] != 0)
    out->group = self->group_of[go->chunk.name] - 1;
  fill_lane (&go->chunk, out);
}

static gboolean
map_file (GanderIndexWriter *self, GError **error)
{
  const GanderSectionEntry *entries = self->file->entries;

  gander_index_file_flush (self->file);
  if (self->file->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->file->error));
      return FALSE;
    }
  if (self->map != NULL)
    munmap (self->map, self->map_size);
  self->map_size = self->file->flushed;
  self->map = mmap (NULL, self->map_size, PROT_READ, MAP_SHARED, self->file->fd, 0);
  if (self->map == MAP_FAILED)
    {
      self->map = NULL;
      g_set_error (error,
                   G_FILE_ERROR,
                   g_file_error_from_errno (errno),
                   "mapping the index: %s",
                   g_strerror (errno));
      return FALSE;
    }
  self->blocks = (GanderBlocks){
    .blocks = self->map + entries[GANDER_SECTION_BLOCKS].offset,
    .blocks_size = entries[GANDER_SECTION_BLOCKS].size,
    .kinds = self->spans->chunks.kinds,
    .n_kinds = self->spans->chunks.n_kinds,
    .summaries = (const gint64 *)(self->map + entries[GANDER_SECTION_SUMMARIES].offset),
    .n_summaries = entries[GANDER_SECTION_SUMMARIES].count,
  };
  return TRUE;
}

/* Writes the summary of one lane, from the notes on its blocks, of which the last one leads to the
 * one before. */
static void
summarize (GanderIndexWriter *self,
           GanderChunk *chunk,
           GanderTime end,
           const guint64 *notes,
           GArray *rows)
{
  guint64 first = gander_index_file_get_size (self->file) / sizeof (gint64);
  guint64 note = chunk->past->last_note;
  GanderLaneRow lane = { 0 };
  guint stride = 0;
  gint64 *row = NULL;

  fill_lane (chunk, &lane);
  stride = gander_lane_row_get_stride (&lane);
  g_array_set_size (rows, (chunk->n_blocks + 1) * stride);
  row = (gint64 *)(gpointer)rows->data + (gsize)chunk->n_blocks * stride;
  *row++ = end;
  *row++ = 0;
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((lane.states & (1u << state)) != 0)
      *row++ = chunk->past->time[state];
  for (guint32 block = chunk->n_blocks; block-- > 0;)
    {
      const guint64 *from = notes + note - 1;
      guint64 states = from[GANDER_NOTE_STATES];
      const guint64 *times = from + GANDER_NOTE_SIZE;
      row = (gint64 *)(gpointer)rows->data + (gsize)block * stride;
      *row++ = (gint64)from[GANDER_NOTE_BEGIN];
      *row++ = (gint64)from[GANDER_NOTE_OFFSET];
      for (guint state = 0; state < GANDER_N_STATES; state++)
        if ((lane.states & (1u << state)) != 0)
          *row++ = (states >> state & 1) != 0 ? (gint64)*times++ : 0;
      note = from[GANDER_NOTE_BEFORE];
    }
  gander_index_file_append (self->file, rows->data, rows->len * sizeof (gint64));
  chunk->last_block = first;
}

static gboolean
write_summaries (GanderIndexWriter *self, GError **error)
{
  const guint64 *notes = gander_row_file_map (&self->spans->chunks.sealer.notes, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  const GanderPages *tables[] = { &self->spans->goroutines,
                                  &self->spans->procs,
                                  &self->spans->threads };
  guint64 n_noted = 0;

  if (notes == NULL)
    return FALSE;
  gander_index_file_begin (self->file, GANDER_SECTION_SUMMARIES);
  for (guint kind = 0; kind < GANDER_N_LANE_KINDS; kind++)
    for (guint32 row = 0; row < tables[kind]->n; row++)
      {
        /* Both kinds of record begin with the chunk. */
        GanderChunk *chunk = gander_pages_get (tables[kind], row);
        GanderTime end = kind == GANDER_LANE_GOROUTINE ? ((GanderGo *)chunk)->end : self->duration;
        if (!gander_index_writer_go_on (self, 1 + chunk->n_blocks, error))
          return FALSE;
        if (gander_chunk_get_n_spans (chunk) <= GANDER_BLOCK_SPANS)
          continue;
        summarize (self, chunk, end, notes, rows);
        n_noted += chunk->n_blocks;
        if (n_noted < NOTES_AT_ONCE)
          continue;
        gander_row_file_forget_pages (&self->spans->chunks.sealer.notes);
        n_noted = 0;
      }
  gander_index_file_end (self->file);
  gander_row_file_clear (&self->spans->chunks.sealer.notes);
  return TRUE;
}

typedef struct
{
  gint64 id;
  guint32 row;
} ExecutorId;

static int
compare_executors (gconstpointer a, gconstpointer b)
{
  const ExecutorId *x = a;
  const ExecutorId *y = b;

  return x->id < y->id ? -1 : x->id > y->id;
}

/* Returns: (transfer full) the rows of @table by id, or NULL. */
static guint32 *
sort_executors (GanderIndexWriter *self, const GanderPages *table, GError **error)
{
  g_auto (GanderRowFile) ids;
  g_auto (GanderRowSort) sorted = { 0 };
  g_autofree guint32 *rows = gander_index_writer_allocate (table->n, sizeof *rows, error);

  gander_row_file_init (&ids, sizeof (ExecutorId), self->spans->regions.directory);
  for (guint32 i = 0; i < table->n; i++)
    {
      const GanderExecutor *executor = gander_pages_get (table, i);
      gander_row_file_add (&ids, &(ExecutorId){ executor->id, i });
    }
  if (rows == NULL || !gander_row_sort_init (&sorted, self, &ids, compare_executors, error))
    return NULL;
  for (guint32 i = 0; i < table->n; i++)
    {
      const ExecutorId *next = gander_row_sort_next (&sorted, error);
      if (next == NULL)
        return NULL;
      rows[i] = next->row;
    }
  return g_steal_pointer (&rows);
}

/* Goroutines by id, then life: their rows are in order of life. A radix sort, as they are many and
 * their ids small. */
static guint32 *
sort_goroutines (GanderIndexWriter *self, GError **error)
{
  const GanderPages *table = &self->spans->goroutines;
  g_autofree guint64 *ids = gander_index_writer_allocate (table->n, sizeof *ids, error);
  g_autofree guint32 *from =
      ids == NULL ? NULL : gander_index_writer_allocate (table->n, sizeof *from, error);
  g_autofree guint32 *to =
      from == NULL ? NULL : gander_index_writer_allocate (table->n, sizeof *to, error);
  guint64 all = 0;

  if (to == NULL)
    return NULL;
  for (guint32 i = 0; i < table->n; i++)
    {
      from[i] = i;
      ids[i] = (guint64)((const GanderGo *)gander_pages_get (table, i))->id;
      all |= ids[i];
      if (!gander_index_writer_go_on (self, 1, error))
        return NULL;
    }
  for (guint shift = 0; shift < 64 && all >> shift != 0; shift += 8)
    {
      guint32 next[257] = { 0 };
      guint32 *kept = from;
      for (guint32 i = 0; i < table->n; i++)
        next[(ids[i] >> shift & 255) + 1]++;
      for (guint digit = 0; digit < 256; digit++)
        next[digit + 1] += next[digit];
      for (guint32 i = 0; i < table->n; i++)
        {
          to[next[ids[from[i]] >> shift & 255]++] = from[i];
          if (i % ROWS_AT_ONCE == 0 && !gander_index_writer_go_on (self, ROWS_AT_ONCE / 4, error))
            return NULL;
        }
      from = to;
      to = kept;
    }
  return g_steal_pointer (&from);
}

static gboolean
number_lanes (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;

  if ((guint64)spans->goroutines.n + spans->procs.n + spans->threads.n >= G_MAXINT32)
    {
      g_set_error_literal (error,
                           GANDER_READER_ERROR,
                           GANDER_READER_ERROR_TOO_LARGE,
                           "more goroutines than can be numbered");
      return FALSE;
    }
  self->proc_order = sort_executors (self, &spans->procs, error);
  self->by_id = self->proc_order == NULL ? NULL : sort_goroutines (self, error);
  if (self->by_id == NULL)
    return FALSE;
  self->proc_lanes = gander_index_writer_allocate (spans->procs.n, sizeof (guint32), error);
  if (self->proc_lanes == NULL)
    return FALSE;
  for (guint32 i = 0; i < spans->procs.n; i++)
    self->proc_lanes[self->proc_order[i]] = self->n_goroutines + i;
  return TRUE;
}

static void
write_executor (GanderIndexWriter *self, const GanderExecutor *executor, GanderLaneRow *next)
{
  GanderLaneRow row = *next;

  row.id = executor->id;
  row.begin = executor->begin;
  row.end = self->duration;
  row.life = 1;
  row.creator = GANDER_LANE_NONE;
  row.group = G_MAXUINT32;
  row.flags = executor->flags;
  fill_lane (&executor->chunk, &row);
  gander_index_file_append (self->file, &row, sizeof row);
}

static gboolean
write_lanes (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;
  GanderLaneRow next = { 0 };

  gander_index_file_begin (self->file, GANDER_SECTION_LANES);
  for (guint32 i = 0; i < spans->goroutines.n; i++)
    {
      const GanderGo *go = gander_pages_get (&spans->goroutines, i);
      GanderLaneRow row;
      gander_index_writer_get_goroutine (self, i, &row);
      if (self->groups[row.group].system)
        row.flags |= GANDER_LANE_SYSTEM;
      row.first_wakeup = next.first_wakeup;
      row.first_extreme = next.first_extreme;
      next.first_wakeup += go->n_wakeups;
      next.first_extreme += go->n_extremes;
      gander_index_file_append (self->file, &row, sizeof row);
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  for (guint32 i = 0; i < spans->procs.n; i++)
    write_executor (self, gander_pages_get (&spans->procs, self->proc_order[i]), &next);
  for (guint32 i = 0; i < spans->threads.n; i++)
    write_executor (self, gander_pages_get (&spans->threads, i), &next);
  gander_index_file_append (self->file, &next, sizeof next);
  gander_index_file_end (self->file);
  return TRUE;
}

static gboolean
write_ids (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;
  guint32 first_thread = self->n_goroutines + spans->procs.n;
  g_autofree guint32 *threads = sort_executors (self, &spans->threads, error);

  if (threads == NULL)
    return FALSE;
  gander_index_file_begin (self->file, GANDER_SECTION_LANES_BY_ID);
  if (!gander_index_writer_append (self, self->by_id, self->n_goroutines, sizeof (guint32), error))
    return FALSE;
  for (guint32 i = 0; i < spans->procs.n; i++)
    gander_index_file_append (self->file, &(guint32){ self->n_goroutines + i }, sizeof (guint32));
  for (guint32 i = 0; i < spans->threads.n; i++)
    gander_index_file_append (self->file,
                              &(guint32){ first_thread + threads[i] },
                              sizeof (guint32));
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_PROCS, self->proc_lanes, spans->procs.n);
  return TRUE;
}

/* Texts are made valid UTF-8 here, once: bad bytes and NULs become U+FFFD. */
static void
write_strings (GanderIndexWriter *self)
{
  const GanderDictionary *dictionary = self->spans->dictionary;
  guint32 n = gander_dictionary_get_n_strings (dictionary);
  g_autofree guint64 *offsets = g_malloc0_n (MAX (n, 1), sizeof *offsets);
  g_autofree guint8 *waits = g_malloc0 (MAX (n, 1));

  gander_index_file_begin (self->file, GANDER_SECTION_STRING_BYTES);
  for (guint32 i = 0; i < n; i++)
    {
      gsize size = 0;
      const char *bytes = gander_dictionary_get_string (dictionary, i, &size);
      offsets[i] = gander_index_file_get_size (self->file);
      if (g_utf8_validate_len (bytes, size, NULL))
        gander_index_file_append (self->file, bytes, size + 1);
      else
        {
          g_autofree char *valid = g_utf8_make_valid (bytes, (gssize)size);
          gander_index_file_append (self->file, valid, strlen (valid) + 1);
        }
      waits[i] = (guint8)gander_wait_from_reason (bytes);
    }
  if (n == 0)
    gander_index_file_append (self->file, "", 1);
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_STRING_OFFSETS, offsets, MAX (n, 1));
  gander_index_file_put (self->file, GANDER_SECTION_WAITS, waits, MAX (n, 1));
}

static void
write_stacks (GanderIndexWriter *self)
{
  const GanderDictionary *dictionary = self->spans->dictionary;
  guint32 n_frames = gander_dictionary_get_n_frames (dictionary);
  guint32 n_stacks = gander_dictionary_get_n_stacks (dictionary);
  g_autofree guint64 *offsets = g_malloc0_n ((gsize)n_stacks + 1, sizeof *offsets);

  gander_index_file_begin (self->file, GANDER_SECTION_FRAMES);
  for (guint32 i = 0; i < n_frames; i++)
    gander_index_file_append (self->file,
                              gander_dictionary_get_frame (dictionary, i),
                              sizeof (GanderFrame));
  gander_index_file_end (self->file);
  gander_index_file_begin (self->file, GANDER_SECTION_STACK_FRAMES);
  for (guint32 i = 0; i < n_stacks; i++)
    {
      guint n = 0;
      const guint32 *frames = gander_dictionary_get_stack (dictionary, i, &n);
      if (n > 0)
        gander_index_file_append (self->file, frames, n * sizeof *frames);
      offsets[i + 1] = offsets[i] + n;
    }
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_STACK_OFFSETS, offsets, (gsize)n_stacks + 1);
}

static gboolean
starts_midway (const GanderIndexWriter *self)
{
  guint n = 0;

  /* Tracing is always begun by one goroutine of the program. */
  for (guint32 i = 0; i < self->n_goroutines && n < 2; i++)
    {
      GanderLaneRow row;
      gander_index_writer_get_goroutine (self, i, &row);
      n += (row.flags & GANDER_LANE_EXISTED) != 0 && !self->groups[row.group].system;
    }
  return n >= 2;
}

static void
write_facts (GanderIndexWriter *self, const GanderTraceInfo *info)
{
  GanderSpans *spans = self->spans;
  GanderFactsRow *facts = &self->facts;

  facts->duration = self->duration;
  facts->start_clock_ns = info->start_clock_ns;
  facts->bytes = info->bytes;
  facts->n_events = spans->n_events;
  facts->n_transitions = spans->n_transitions;
  facts->go_version = info->version;
  facts->newer_format = info->newer;
  facts->n_goroutines = self->n_goroutines;
  facts->n_procs = spans->procs.n;
  facts->n_threads = spans->threads.n;
  facts->gomaxprocs = spans->gomaxprocs;
  facts->starts_midway = starts_midway (self);
  for (guint i = spans->generations->len; i > 0; i--)
    {
      const GanderGeneration *generation =
          &g_array_index (spans->generations, GanderGeneration, i - 1);
      if (generation->wall_ns != 0)
        facts->wall_ns = generation->wall_ns - generation->snapshot;
    }
  gander_index_file_put (self->file, GANDER_SECTION_FACTS, facts, 1);
}

static gboolean
write_all (GanderIndexWriter *self, const GanderTraceInfo *info, GError **error)
{
  static const guint8 slack[GANDER_BLOCK_SLACK] = { 0 };
  GanderSpans *spans = self->spans;
  g_auto (GanderWakeupSort) wakeups = { 0 };

  gander_index_file_append (self->file, slack, sizeof slack);
  gander_index_file_end (self->file);
  self->n_goroutines = spans->goroutines.n;
  if (!gander_wakeup_sort_start (&wakeups, self, error) || !number_lanes (self, error) ||
      !map_file (self, error) || !write_summaries (self, error) || !map_file (self, error) ||
      !gander_index_write_groups (self, error) || !gander_index_write_grids (self, error))
    return FALSE;
  if (!write_lanes (self, error))
    return FALSE;
  gander_index_file_put (self->file,
                         GANDER_SECTION_KINDS,
                         spans->chunks.kinds,
                         spans->chunks.n_kinds);
  if (!write_ids (self, error) || !gander_index_write_tables (self, error) ||
      !gander_wakeup_sort_finish (&wakeups, self, error))
    return FALSE;
  write_strings (self);
  write_stacks (self);
  write_facts (self, info);
  return TRUE;
}

gboolean
gander_index_write (GanderSpans *spans,
                    GanderTime duration,
                    const GanderTraceInfo *info,
                    const GanderIdentity *identity,
                    guint n_threads,
                    GanderProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  GanderIndexWriter self = {
    .spans = spans,
    .file = spans->file,
    .duration = duration,
    .progress = progress,
    .cancellable = cancellable,
    .n_threads = n_threads,
  };
  gboolean good = FALSE;

  gander_index_writer_plan (&self);
  gander_progress_report (progress, GANDER_PHASE_WRITING, 0, 1);
  if (!gander_index_writer_no_memory (&self, error))
    good = write_all (&self, info, error) && gander_index_file_finish (self.file, identity, error);
  if (self.map != NULL)
    munmap (self.map, self.map_size);
  g_free (self.proc_lanes);
  g_free (self.proc_order);
  g_free (self.group_of);
  g_free (self.groups);
  g_free (self.by_id);
  g_free (self.group_lanes);
  return good;
}
