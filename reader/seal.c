/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block that is written is described in FORMAT.md. Jobs are done in the order they came, so
 * that the bytes are the same with a thread and without.
 */
#include "reader/seal.h"

#include "reader/large.h"
#include "reader/unaligned.h"

#include <string.h>

#define BUFFER_SIZE (1u << 18)

typedef struct
{
  guint64 lengths[GANDER_BLOCK_SPANS];
  guint64 gaps[GANDER_BLOCK_SPANS]; /* after the span, of those in the mask */
  guint32 kinds[GANDER_BLOCK_SPANS];
  guint32 links[GANDER_N_LINKS][GANDER_BLOCK_SPANS];
  guint8 states[GANDER_BLOCK_SPANS];
  guint n_links[GANDER_N_LINKS];
  guint64 gap_mask;
  guint64 all_lengths, all_gaps; /* or'ed */
  guint32 all_kinds, all_links[GANDER_N_LINKS];
} Columns;

/* Shortens the spans that end before the next one begins. */
static void
take_gaps_out (const GanderSealJob *job, Columns *out)
{
  for (guint64 mask = job->gaps->mask; mask != 0; mask &= mask - 1)
    {
      guint i = (guint)__builtin_ctzll (mask);
      guint64 length = (guint64)(job->gaps->end[i] - job->spans[i].begin);
      guint64 gap = out->lengths[i] - length;

      out->lengths[i] = length;
      if (gap == 0 || i + 1u == job->n)
        continue;
      out->gaps[i] = gap;
      out->all_gaps |= gap;
      out->gap_mask |= G_GUINT64_CONSTANT (1) << i;
    }
  out->all_lengths = 0;
  for (guint i = 0; i < job->n; i++)
    out->all_lengths |= out->lengths[i];
}

static void
fill_lengths (const GanderSealJob *job, Columns *out)
{
  const GanderOpenSpan *spans = job->spans;
  guint last = job->n - 1u;
  guint64 all = (guint64)(job->end - spans[last].begin);

  out->lengths[last] = all;
  for (guint i = 0; i < last; i++)
    {
      guint64 length = (guint64)(spans[i + 1].begin - spans[i].begin);
      out->lengths[i] = length;
      all |= length;
    }
  out->all_lengths = all;
  out->gap_mask = out->all_gaps = 0;
  if (job->gaps != NULL)
    take_gaps_out (job, out);
}

static void
fill_columns (const GanderSealJob *job, Columns *out)
{
  const GanderOpenSpan *spans = job->spans;
  const GanderKindRow *kinds = job->kinds;
  guint n = job->n;
  guint32 all_kinds = 0;
  guint32 all_links[GANDER_N_LINKS] = { 0 };
  guint32 *next[GANDER_N_LINKS] = { out->links[0], out->links[1], out->links[2] };

  fill_lengths (job, out);
  for (guint i = 0; i < n; i++)
    {
      guint32 kind = spans[i].kind;
      guint8 state = kinds[kind].state;
      guint column = gander_link_columns[state];
      out->kinds[i] = kind;
      out->states[i] = state;
      all_kinds |= kind;
      all_links[column] |= spans[i].link;
      *next[column]++ = spans[i].link;
    }
  out->all_kinds = all_kinds;
  for (guint column = 0; column < GANDER_N_LINKS; column++)
    {
      out->n_links[column] = (guint)(next[column] - out->links[column]);
      out->all_links[column] = all_links[column];
    }
}

/* The stores touch eight bytes each, whatever the width. */

static inline guint8 *
store_64 (const guint64 *values, guint n, guint width, guint8 *at)
{
  for (guint i = 0; i < n; i++, at += width)
    gander_unaligned_store (at, values[i]);
  return at;
}

static inline guint8 *
store_32 (const guint32 *values, guint n, guint width, guint8 *at)
{
  for (guint i = 0; i < n; i++, at += width)
    gander_unaligned_store (at, values[i]);
  return at;
}

/* The usual widths as numbers that the compiler knows. */

static guint8 *
store_lengths (const Columns *columns, guint n, guint width, guint8 *at)
{
  if (width == 2)
    return store_64 (columns->lengths, n, 2, at);
  if (width == 3)
    return store_64 (columns->lengths, n, 3, at);
  return store_64 (columns->lengths, n, width, at);
}

static guint8 *
store_column (const guint32 *restrict values, guint n, guint width, guint8 *restrict at)
{
  if (width == 0)
    return at;
  if (width == 1)
    {
      for (guint i = 0; i < n; i++)
        at[i] = (guint8)values[i];
      return at + n;
    }
  if (width == 2)
    return store_32 (values, n, 2, at);
  return store_32 (values, n, width, at);
}

/* Returns: bytes of the block. */
static gsize
encode (const GanderSealJob *job, const Columns *columns, guint8 *out)
{
  guint time = gander_unaligned_width (columns->all_lengths);
  guint gap = gander_unaligned_width (columns->all_gaps);
  guint kind = gander_unaligned_width (columns->all_kinds);
  guint partner = gander_unaligned_width (columns->all_links[GANDER_LINK_PARTNER]);
  guint waker = gander_unaligned_width (columns->all_links[GANDER_LINK_WAKER]);
  gboolean has_begin = job->chunk->has_gaps && job->is_first;
  GanderBlockHeader header = { .n = (guint8)(job->n | (has_begin ? GANDER_BLOCK_HAS_BEGIN : 0)),
                               .times = (guint8)(time | gap << 4),
                               .kinds = (guint8)(kind | partner << 4),
                               .links = (guint8)waker };
  guint8 *at = out;

  memcpy (at, &header, sizeof header);
  at += sizeof header;
  if (has_begin)
    {
      gander_unaligned_store (at, (guint64)job->spans[0].begin);
      at += 8;
    }
  if (gap > 0)
    {
      gander_unaligned_store (at, columns->gap_mask);
      at += 8;
    }
  at = store_lengths (columns, job->n, time, at);
  at = store_column (columns->kinds, job->n, kind, at);
  for (guint64 mask = columns->gap_mask; mask != 0; mask &= mask - 1, at += gap)
    gander_unaligned_store (at, columns->gaps[__builtin_ctzll (mask)]);
  at = store_column (columns->links[GANDER_LINK_PARTNER],
                     columns->n_links[GANDER_LINK_PARTNER],
                     partner,
                     at);
  at = store_column (columns->links[GANDER_LINK_WAKER],
                     columns->n_links[GANDER_LINK_WAKER],
                     waker,
                     at);
  return (gsize)(at - out);
}

static void
note_long_wait (GanderSealer *self, GanderChunk *chunk, GanderState state, gint64 length)
{
  int wait = gander_long_wait_kind (state);
  guint8 bucket = gander_long_wait_bucket (length);

  if (wait < 0)
    return;
  self->long_waits[wait][bucket]++;
  chunk->long_wait[wait] = MAX (chunk->long_wait[wait], bucket);
}

/* Whether a wait of a lane that is one block stands out; of longer lanes it is found out later. */
static gboolean
has_outlier (const GanderSealJob *job, const Columns *columns)
{
  gint64 lengths[GANDER_BLOCK_SPANS];

  for (int wait = 0; wait < 2; wait++)
    {
      gint64 longest = 0;
      gsize n = 0;
      if (job->chunk->long_wait[wait] == 0)
        continue;
      for (guint i = 0; i < job->n; i++)
        if (gander_long_wait_kind (columns->states[i]) == wait)
          {
            lengths[n] = (gint64)columns->lengths[i];
            longest = MAX (longest, lengths[n]);
            n++;
          }
      if (gander_long_wait_stands_out (longest, gander_long_wait_median (lengths, n)))
        return TRUE;
    }
  return FALSE;
}

/* Adds the spans of a goroutine's chunk to the totals. */
static void
count_spans (GanderSealer *self,
             const GanderSealJob *job,
             const Columns *columns,
             GanderTotalsCursor *cursor)
{
  GanderChunk *chunk = job->chunk;

  const GanderKindRow *kinds = job->kinds;
  guint32 owner = job->owner;
  guint n = job->n;

  for (guint i = 0; columns->all_lengths >= GANDER_LONG_WAIT && i < n; i++)
    if ((gint64)columns->lengths[i] >= GANDER_LONG_WAIT)
      note_long_wait (self, chunk, columns->states[i], (gint64)columns->lengths[i]);
  for (guint i = 0; job->counted && i < n; i++)
    {
      guint32 kind = columns->kinds[i];
      gint64 length = (gint64)columns->lengths[i];
      gander_totals_add (&self->totals, cursor, owner, kind, kinds[kind].flags, length);
    }
  if ((chunk->long_wait[0] | chunk->long_wait[1]) != 0)
    chunk->stands_out |= chunk->past != NULL || has_outlier (job, columns);
}

/* Keeps in mind where a block of a lane with several is, and what was before it. */
static void
note_block (GanderSealer *self, const GanderSealJob *job, const Columns *columns)
{
  GanderChunkPast *past = job->chunk->past;
  guint n_spans = job->n;
  guint64 note[GANDER_NOTE_SIZE + GANDER_N_STATES] = {
    [GANDER_NOTE_BEFORE] = past->last_note,
    [GANDER_NOTE_BEGIN] = (guint64)job->spans[0].begin,
    [GANDER_NOTE_OFFSET] = job->chunk->last_block,
  };
  guint n = GANDER_NOTE_SIZE;

  for (guint state = 0; state < GANDER_N_STATES; state++)
    if (past->time[state] != 0)
      {
        note[GANDER_NOTE_STATES] |= G_GUINT64_CONSTANT (1) << state;
        note[n++] = (guint64)past->time[state];
      }
  past->last_note = gander_row_file_get_n (&self->notes) + 1;
  gander_row_file_add_n (&self->notes, note, n);
  for (guint i = 0; i < n_spans; i++)
    past->time[columns->states[i]] += (gint64)columns->lengths[i];
}

static void
seal_spans (GanderSealer *self, const GanderSealJob *job, GanderTotalsCursor *cursor)
{
  guint8 out[sizeof (GanderBlockHeader) + 16 + GANDER_BLOCK_SPANS * 24 + 8];
  Columns columns;
  gsize size = 0;

  fill_columns (job, &columns);
  size = encode (job, &columns, out);
  job->chunk->last_block = gander_index_file_get_size (self->file);
  gander_index_file_append (self->file, out, size);
  if (!job->chunk->has_gaps)
    count_spans (self, job, &columns, cursor);
  if (job->chunk->past != NULL)
    note_block (self, job, &columns);
}

static void
seal (GanderSealer *self, const GanderSealJob *job)
{
  GanderTotalsCursor of_one_block = GANDER_TOTALS_CURSOR_INIT;
  GanderTotalsCursor *cursor = job->chunk->past != NULL ? &job->chunk->past->cursor : &of_one_block;

  if (job->n > 0)
    seal_spans (self, job, cursor);
  if (job->open && job->counted)
    gander_totals_add_open (&self->totals, cursor, job->owner);
  if (G_UNLIKELY (self->file->error != NULL || self->totals.no_memory))
    g_atomic_int_set (&self->failed, TRUE);
}

void
gander_sealer_init (GanderSealer *self, GanderIndexFile *file, const char *directory)
{
  *self = (GanderSealer){ .file = file };
  gander_row_file_init (&self->notes, sizeof (guint64), directory);
}

void
gander_sealer_clear (GanderSealer *self)
{
  gander_sealer_stop (self);
  gander_totals_clear (&self->totals);
  gander_row_file_clear (&self->notes);
}

/* A job in a buffer, then its spans, then its gaps. */
static gsize
get_job_size (const GanderSealJob *job)
{
  return sizeof *job + job->n * sizeof *job->spans + (job->gaps != NULL ? sizeof *job->gaps : 0);
}

static void
copy_job (const GanderSealJob *job, guint8 *out)
{
  GanderSealJob *copy = (gpointer)out;
  GanderOpenSpan *spans = (gpointer)(copy + 1);

  *copy = *job;
  if (job->n > 0)
    copy->spans = memcpy (spans, job->spans, job->n * sizeof *spans);
  if (job->gaps != NULL)
    copy->gaps = memcpy (spans + job->n, job->gaps, sizeof *job->gaps);
}

static void
seal_buffer (gpointer data)
{
  GanderSealBuffer *buffer = data;
  GanderSealer *self = buffer->sealer;
  guint n = 0;

  for (gsize at = 0; at < buffer->n; n++)
    {
      const GanderSealJob *job = (gpointer)(buffer->bytes + at);
      seal (self, job);
      at += get_job_size (job);
    }
  buffer->n = 0;
  g_atomic_int_add (&self->n_done, n);
}

void
gander_sealer_start (GanderSealer *self, GanderChores *chores)
{
  self->bytes = gander_large_try_new (GANDER_SEAL_BUFFERS * BUFFER_SIZE);
  self->chores = chores;
  self->filling = 0;
  for (guint i = 0; self->bytes != NULL && i < GANDER_SEAL_BUFFERS; i++)
    self->buffers[i] =
        (GanderSealBuffer){ .sealer = self, .bytes = self->bytes + (gsize)i * BUFFER_SIZE };
}

static void
hand_over (GanderSealer *self)
{
  GanderSealBuffer *buffer = &self->buffers[self->filling];

  gander_chores_add (self->chores, &buffer->chore, &self->series, seal_buffer, buffer);
}

void
gander_sealer_stop (GanderSealer *self)
{
  if (self->bytes == NULL)
    return;
  hand_over (self);
  gander_chores_finish (self->chores, &self->buffers[self->filling].chore);
  g_clear_pointer (&self->bytes, g_free);
}

void
gander_sealer_add (GanderSealer *self, const GanderSealJob *job)
{
  GanderSealBuffer *buffer = &self->buffers[self->filling];
  gsize size = get_job_size (job);

  self->n_added++;
  if (self->bytes == NULL)
    {
      seal (self, job);
      self->n_done++;
      return;
    }
  if (buffer->n + size > BUFFER_SIZE)
    {
      hand_over (self);
      self->filling = (self->filling + 1) % GANDER_SEAL_BUFFERS;
      buffer = &self->buffers[self->filling];
      gander_chores_finish (self->chores, &buffer->chore);
    }
  copy_job (job, buffer->bytes + buffer->n);
  buffer->n += size;
}
