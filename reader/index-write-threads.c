/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of which pieces the lane of a thread is put together: the stretches of blocks that it shares with
 * the processor it held, and between them its own blocks. Both have summaries already, which the
 * pieces refer to.
 */
#include "reader/index-write-private.h"

#include <string.h>

/* The lane at hand. */
typedef struct
{
  GanderIndexWriter *writer;
  const GanderStretch *stretches;
  GanderRowFile numbers; /* guint32: the stretches of the lane, the last one first */
  GanderLaneRow own;     /* as a lane of only its own blocks */
  guint16 states;
  guint64 n_pieces;
  guint32 n_own; /* blocks so far */
  guint32 n_blocks;
  guint32 n_spans;
  GanderMix shared; /* time in the stretches so far */
} Lane;

/* Returns: the numbers of block @block in the summary of @lane. */
static const gint64 *
get_row (const Lane *self, const GanderLaneRow *lane, guint32 block)
{
  return self->writer->blocks.summaries + lane->block +
         (guint64)block * gander_lane_row_get_stride (lane);
}

static void
get_proc (const Lane *self, const GanderStretch *stretch, GanderLaneRow *out)
{
  const GanderPages *procs = &self->writer->spans->procs;

  gander_index_writer_get_executor (self->writer, gander_pages_get (procs, stretch->proc), out);
}

/* Adds the time in each state in a stretch: it has whole blocks. */
static void
add_stretch (const Lane *self, const GanderStretch *stretch, GanderMix *sum)
{
  GanderLaneRow proc;
  GanderMix total;

  get_proc (self, stretch, &proc);
  if (proc.states == 0)
    {
      gander_blocks_get_total (&self->writer->blocks, &proc, &total);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        sum->time[state] += total.time[state];
    }
  else
    {
      const gint64 *before = get_row (self, &proc, stretch->first_block) + 2;
      const gint64 *after = get_row (self, &proc, stretch->first_block + stretch->n) + 2;
      for (guint state = 0; state < GANDER_N_STATES; state++)
        if ((proc.states & (1u << state)) != 0)
          sum->time[state] += *after++ - *before++;
    }
}

/* Returns: the place of the blocks [first, first + n) of a lane with a summary. */
static guint64
find_place (const Lane *self, const GanderLaneRow *lane, guint32 first, guint32 n)
{
  const gint64 *row = get_row (self, lane, first);

  if (n == 1)
    return (guint64)row[1];
  return (guint64)(row - self->writer->blocks.summaries) | (guint64)lane->states
                                                               << GANDER_PIECE_STATES;
}

/* The piece begins after all that was added so far. */
static void
append_piece (const Lane *self, GanderTime begin, guint64 place)
{
  GanderIndexFile *file = self->writer->file;
  GanderPieceRow row = {
    .begin = begin, .place = place, .ordinal = self->n_spans, .block = self->n_blocks
  };
  const gint64 *own = get_row (self, &self->own, self->n_own) + 2;

  gander_index_file_append (file, &row, sizeof row);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    {
      gint64 time = self->shared.time[state];
      if ((self->own.states & (1u << state)) != 0)
        time += *own++;
      if ((self->states & (1u << state)) != 0)
        gander_index_file_append (file, &time, sizeof time);
    }
}

/* The thread's own blocks up to @end. */
static void
append_own (Lane *self, guint32 end)
{
  guint32 n = end - self->n_own;

  if (n == 0)
    return;
  append_piece (self,
                *get_row (self, &self->own, self->n_own),
                find_place (self, &self->own, self->n_own, n));
  self->n_own = end;
  self->n_blocks += n;
  self->n_spans += n * GANDER_BLOCK_SPANS;
}

static void
append_stretch (Lane *self, const GanderStretch *stretch)
{
  GanderLaneRow proc;

  get_proc (self, stretch, &proc);
  self->n_spans = stretch->ordinal;
  append_piece (self,
                stretch->begin,
                proc.states == 0 ? proc.block
                                 : find_place (self, &proc, stretch->first_block, stretch->n));
  add_stretch (self, stretch, &self->shared);
  self->n_blocks += stretch->n;
  self->n_spans += stretch->n * GANDER_BLOCK_SPANS;
}

/* Goes through the stretches, of which each leads to the one before. */
static gboolean
collect (Lane *self, const GanderExecutor *thread, GError **error)
{
  const GanderStretch *stretch = NULL;
  guint32 n_own = thread->chunk.n_blocks;
  GanderMix total = { 0 };

  self->n_pieces = 0;
  for (guint32 next = thread->last_stretch; next != 0; next = stretch->before)
    {
      guint32 number = next - 1;
      stretch = &self->stretches[number];
      gander_row_file_add (&self->numbers, &number);
      self->n_pieces += stretch->n_blocks < n_own ? 2 : 1;
      n_own = stretch->n_blocks;
      add_stretch (self, stretch, &total);
      if (!gander_index_writer_go_on (self->writer, 1, error))
        return FALSE;
    }
  self->n_pieces += n_own > 0;
  self->states = self->own.states | gander_index_writer_find_states (total.time);
  return TRUE;
}

static gboolean
write_pieces (Lane *self, GanderExecutor *thread, GError **error)
{
  GanderIndexFile *file = self->writer->file;
  guint64 n = 0;
  const guint32 *numbers = NULL;

  gander_index_writer_get_executor (self->writer, thread, &self->own);
  if (!collect (self, thread, error))
    return FALSE;
  n = gander_row_file_get_n (&self->numbers);
  numbers = gander_row_file_map (&self->numbers, error);
  if (numbers == NULL)
    return FALSE;
  thread->states = self->states;
  thread->chunk.last_block = gander_index_file_get_size (file) / sizeof (gint64);
  gander_index_file_append (file, &self->n_pieces, sizeof self->n_pieces);
  self->n_own = self->n_blocks = self->n_spans = 0;
  memset (&self->shared, 0, sizeof self->shared);
  while (n-- > 0)
    {
      append_own (self, self->stretches[numbers[n]].n_blocks);
      append_stretch (self, &self->stretches[numbers[n]]);
    }
  append_own (self, thread->chunk.n_blocks);
  self->n_spans = gander_executor_get_n_spans (thread);
  append_piece (self, self->writer->duration, 0);
  gander_row_file_empty (&self->numbers);
  return TRUE;
}

static gboolean
write_all (Lane *self, GError **error)
{
  const GanderPages *threads = &self->writer->spans->threads;

  for (guint32 i = 0; i < threads->n; i++)
    {
      GanderExecutor *thread = gander_pages_get (threads, i);
      /* Others have one block. */
      if ((thread->last_stretch != 0 || thread->states != 0) && !write_pieces (self, thread, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
gander_index_write_pieces (GanderIndexWriter *self, GError **error)
{
  GanderRowFile *stretches = &self->spans->stretches;
  Lane lane = { .writer = self };
  gboolean good = FALSE;

  lane.stretches = gander_row_file_map (stretches, error);
  if (lane.stretches == NULL || !gander_index_writer_map_file (self, error))
    return FALSE;
  gander_row_file_init (&lane.numbers, sizeof (guint32), self->spans->directory);
  good = write_all (&lane, error);
  gander_row_file_clear (&lane.numbers);
  gander_row_file_clear (stretches);
  return good;
}
