/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the steps matters: the summaries are made from the chains of blocks, then the
 * blocks can be queried like a finished index, and groups, grids and extremes are read from them.
 * A goroutine's record keeps what the lane row needs until the rows are written at last.
 */
#include "reader/index-write-private.h"

#include "reader/large.h"
#include "reader/reader-error.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

gpointer
gander_index_writer_allocate (gsize n, gsize size, GError **error)
{
  gpointer memory = NULL;

  n = MAX (n, 1);
  if (n <= G_MAXSIZE / size)
    memory = gander_large_try_new (n * size);
  if (memory != NULL)
    memset (memory, 0, n * size);
  else
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
  const GanderChunks *chunks = &self->spans->chunks;

  if (!self->spans->no_memory && !chunks->sealer.totals.no_memory && !chunks->labels.no_memory)
    return FALSE;
  g_set_error_literal (error,
                       GANDER_READER_ERROR,
                       GANDER_READER_ERROR_TOO_LARGE,
                       "not enough memory for the goroutines of this trace");
  return TRUE;
}

/* What tells where a block of several is lies in the file too. */
void
gander_index_writer_use_block (const GanderIndexWriter *self,
                               GanderMapUse *use,
                               const GanderLaneRow *lane,
                               guint32 ordinal)
{
  const GanderBlocks *blocks = &self->blocks;
  guint64 offset = lane->block;

  if (lane->n_spans > GANDER_BLOCK_SPANS)
    {
      const gint64 *row =
          blocks->summaries + lane->block + (guint64)ordinal * gander_lane_row_get_stride (lane);
      gander_map_use_touch (use, row);
      return;
    }
  gander_map_use_touch (use, blocks->blocks + offset);
}

gboolean
gander_index_writer_map_file (GanderIndexWriter *self, GError **error)
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
    .file = &self->file->fd,
    .file_offset = entries[GANDER_SECTION_BLOCKS].offset,
    .broken = &self->broken,
    .n_kinds = self->spans->chunks.n_kinds,
    .summaries = (const gint64 *)(self->map + entries[GANDER_SECTION_SUMMARIES].offset),
    .n_summaries = entries[GANDER_SECTION_SUMMARIES].size / sizeof (gint64),
  };
  return TRUE;
}

static void
append_string (GanderIndexWriter *self, const char *bytes, gsize size)
{
  g_autofree char *valid = NULL;

  if (g_utf8_validate_len (bytes, size, NULL))
    {
      gander_index_file_append (self->file, bytes, size + 1);
      return;
    }
  valid = g_utf8_make_valid (bytes, (gssize)size);
  gander_index_file_append (self->file, valid, strlen (valid) + 1);
}

/* Texts are made valid UTF-8 here, once: bad bytes and NULs become U+FFFD. */
static gboolean
write_strings (GanderIndexWriter *self, GError **error)
{
  const GanderDictionary *dictionary = self->spans->dictionary;
  guint32 n = gander_dictionary_get_n_strings (dictionary);
  g_autofree guint64 *offsets = gander_index_writer_allocate (n, sizeof *offsets, error);
  g_autofree guint8 *waits = offsets == NULL ? NULL : gander_index_writer_allocate (n, 1, error);

  if (waits == NULL)
    return FALSE;
  gander_index_file_begin (self->file, GANDER_SECTION_STRING_BYTES);
  for (guint32 i = 0; i < n; i++)
    {
      gsize size = 0;
      const char *bytes = gander_dictionary_get_string (dictionary, i, &size);
      offsets[i] = gander_index_file_get_size (self->file);
      append_string (self, bytes, size);
      waits[i] = (guint8)gander_wait_from_reason (bytes);
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  if (n == 0)
    gander_index_file_append (self->file, "", 1);
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_STRING_OFFSETS, offsets, MAX (n, 1));
  gander_index_file_put (self->file, GANDER_SECTION_WAITS, waits, MAX (n, 1));
  return TRUE;
}

static gboolean
write_stacks (GanderIndexWriter *self, GError **error)
{
  const GanderDictionary *dictionary = self->spans->dictionary;
  guint32 n_frames = gander_dictionary_get_n_frames (dictionary);
  guint32 n_stacks = gander_dictionary_get_n_stacks (dictionary);
  g_autofree guint64 *offsets =
      gander_index_writer_allocate ((gsize)n_stacks + 1, sizeof *offsets, error);

  if (offsets == NULL)
    return FALSE;
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
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_STACK_OFFSETS, offsets, (gsize)n_stacks + 1);
  return TRUE;
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
  g_auto (GanderBeside) wakeups = { 0 };
  g_auto (GanderBeside) tables = { 0 };

  gander_index_file_append (self->file, slack, sizeof slack);
  gander_index_file_end (self->file);
  self->n_goroutines = spans->n_goroutines;
  if (!gander_index_write_wakeups (self, &wakeups, error) ||
      !gander_index_writer_gather_lives (self, error) ||
      !gander_index_writer_number_lanes (self, error) ||
      !gander_index_write_large_tables (self, &tables, error) ||
      !gander_index_writer_map_file (self, error) || !gander_index_write_summaries (self, error) ||
      !gander_index_writer_map_file (self, error) || !gander_index_write_groups (self, error) ||
      !gander_index_write_grids (self, error) || !gander_beside_finish (&wakeups, error) ||
      !gander_index_write_lanes (self, error))
    return FALSE;
  gander_index_file_put (self->file,
                         GANDER_SECTION_KINDS,
                         spans->chunks.kinds,
                         spans->chunks.n_kinds);
  if (!gander_index_write_ids (self, error) || !gander_index_write_small_tables (self, error) ||
      !gander_beside_finish (&tables, error) || !write_strings (self, error) ||
      !write_stacks (self, error))
    return FALSE;
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
  g_free (self.lives);
  g_free (self.first_wakeups);
  g_free (self.proc_lanes);
  g_free (self.proc_order);
  g_free (self.group_of);
  g_free (self.groups);
  g_free (self.by_id);
  g_free (self.group_lanes);
  return good;
}
