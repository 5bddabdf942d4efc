/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the memory of open chunks (one slab allocator, freed at once) and the dictionary of span
 * kinds. The block that seal () writes is described in FORMAT.md.
 */
#include "reader/chunks.h"

#include "reader/unaligned.h"

#include <string.h>

#define SLAB_SIZE (1u << 20)

static const guint8 capacities[] = { 4, 16, GANDER_BLOCK_SPANS };

void
gander_chunks_init (GanderChunks *self, GanderIndexFile *file, const char *directory)
{
  *self = (GanderChunks){ .file = file, .slabs = g_ptr_array_new_with_free_func (g_free) };
  gander_row_file_init (&self->notes, sizeof (guint64), directory);
}

void
gander_chunks_clear (GanderChunks *self)
{
  g_clear_pointer (&self->slabs, g_ptr_array_unref);
  g_clear_pointer (&self->kinds, g_free);
  g_clear_pointer (&self->kind_slots, g_free);
  gander_totals_clear (&self->totals);
  gander_row_file_clear (&self->notes);
}

static inline guint32
hash_kind (const GanderKindRow *kind)
{
  guint64 x =
      ((guint64)kind->reason << 32 | kind->stack) ^
      ((guint64)kind->state << 56 | (guint64)kind->cause << 48 | (guint64)kind->flags << 40);

  x *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint32)(x >> 32);
}

static gboolean
grow_kinds (GanderChunks *self)
{
  guint32 capacity = MAX (512, self->kinds_capacity * 2);
  guint32 n_slots = capacity * 4;
  GanderKindRow *kinds = g_try_realloc_n (self->kinds, capacity, sizeof *kinds);
  GanderKindSlot *slots = g_try_malloc0_n (n_slots, sizeof *slots);

  if (kinds != NULL)
    self->kinds = kinds;
  if (kinds == NULL || slots == NULL)
    {
      g_free (slots);
      self->no_memory = TRUE;
      return FALSE;
    }
  for (guint32 i = 0; i < self->n_kinds; i++)
    {
      guint32 slot = hash_kind (&kinds[i]) & (n_slots - 1);
      while (slots[slot].row != 0)
        slot = (slot + 1) & (n_slots - 1);
      slots[slot] = (GanderKindSlot){ .kind = kinds[i], .row = i + 1 };
    }
  g_free (self->kind_slots);
  self->kind_slots = slots;
  self->n_kind_slots = n_slots;
  self->kinds_capacity = capacity;
  return TRUE;
}

guint32
gander_chunks_intern (GanderChunks *self, const GanderKindRow *kind)
{
  guint32 slot = 0;

  if (self->n_kinds == self->kinds_capacity && !grow_kinds (self))
    return 0;
  slot = hash_kind (kind) & (self->n_kind_slots - 1);
  for (; self->kind_slots[slot].row != 0; slot = (slot + 1) & (self->n_kind_slots - 1))
    if (memcmp (&self->kind_slots[slot].kind, kind, sizeof *kind) == 0)
      return self->kind_slots[slot].row - 1;
  self->kinds[self->n_kinds] = *kind;
  self->kind_slots[slot] = (GanderKindSlot){ .kind = *kind, .row = ++self->n_kinds };
  return self->n_kinds - 1;
}

static gpointer
take_memory (GanderChunks *self, gsize size)
{
  gpointer memory = NULL;

  if (self->slab_left < size)
    {
      self->slab = g_try_malloc (SLAB_SIZE);
      if (self->slab == NULL)
        {
          self->no_memory = TRUE;
          return NULL;
        }
      g_ptr_array_add (self->slabs, self->slab);
      self->slab_left = SLAB_SIZE;
    }
  memory = self->slab;
  self->slab += size;
  self->slab_left -= size;
  return memory;
}

static guint
size_class (guint capacity)
{
  return capacity == 4 ? 0 : capacity == 16 ? 1 : 2;
}

static void
give_back (GanderChunks *self, GanderOpenSpan *spans, guint capacity)
{
  guint size = size_class (capacity);

  memcpy (spans, &self->free_chunks[size], sizeof (gpointer));
  self->free_chunks[size] = spans;
}

static GanderOpenSpan *
take_spans (GanderChunks *self, guint size)
{
  gpointer spans = self->free_chunks[size];

  if (spans == NULL)
    return take_memory (self, capacities[size] * sizeof (GanderOpenSpan));
  memcpy (&self->free_chunks[size], spans, sizeof (gpointer));
  return spans;
}

static gboolean
grow_chunk (GanderChunks *self, GanderChunk *chunk)
{
  guint size = chunk->capacity == 0 ? 0 : size_class (chunk->capacity) + 1;
  GanderOpenSpan *spans = take_spans (self, size);

  if (spans == NULL)
    return FALSE;
  if (chunk->has_gaps && chunk->ends == NULL)
    chunk->ends = take_memory (self, GANDER_BLOCK_SPANS * sizeof *chunk->ends);
  if (chunk->has_gaps && chunk->ends == NULL)
    return FALSE;
  if (chunk->capacity > 0)
    {
      memcpy (spans, chunk->spans, chunk->n * sizeof *spans);
      give_back (self, chunk->spans, chunk->capacity);
    }
  chunk->spans = spans;
  chunk->capacity = capacities[size];
  return TRUE;
}

/* Which column the link of a span goes to. */
static inline gboolean
has_partner (guint8 state)
{
  return state != GANDER_STATE_BLOCKED && state != GANDER_STATE_RUNNABLE &&
         state != GANDER_STATE_SCHEDULING;
}

typedef struct
{
  guint64 lengths[GANDER_BLOCK_SPANS];
  guint64 gaps[GANDER_BLOCK_SPANS]; /* after the span */
  guint8 states[GANDER_BLOCK_SPANS];
  guint64 all_lengths, all_gaps, gap_mask; /* or'ed */
  guint32 all_kinds, all_partners, all_wakers;
} Columns;

static void
fill_columns (const GanderChunks *self, const GanderChunk *chunk, gint64 end, Columns *out)
{
  out->all_lengths = out->all_gaps = out->gap_mask = 0;
  out->all_kinds = out->all_partners = out->all_wakers = 0;
  for (guint i = 0; i < chunk->n; i++)
    {
      const GanderOpenSpan *span = &chunk->spans[i];
      gint64 next = i + 1u < chunk->n ? span[1].begin : end;
      guint8 state = self->kinds[span->kind].state;

      if (chunk->has_gaps && chunk->ends[i] != G_MAXINT64)
        {
          if (i + 1u < chunk->n && next > chunk->ends[i])
            {
              out->gaps[i] = (guint64)(next - chunk->ends[i]);
              out->all_gaps |= out->gaps[i];
              out->gap_mask |= G_GUINT64_CONSTANT (1) << i;
            }
          next = chunk->ends[i];
        }
      out->lengths[i] = (guint64)(next - span->begin);
      out->states[i] = state;
      out->all_lengths |= out->lengths[i];
      out->all_kinds |= span->kind;
      if (state == GANDER_STATE_RUNNABLE)
        out->all_wakers |= span->link;
      else if (has_partner (state))
        out->all_partners |= span->link;
    }
}

static guint8 *
store_links (const GanderChunk *chunk,
             const Columns *columns,
             guint8 *at,
             guint partner,
             guint waker)
{
  for (guint i = 0; partner > 0 && i < chunk->n; i++)
    if (has_partner (columns->states[i]))
      {
        gander_unaligned_store (at, chunk->spans[i].link);
        at += partner;
      }
  for (guint i = 0; waker > 0 && i < chunk->n; i++)
    if (columns->states[i] == GANDER_STATE_RUNNABLE)
      {
        gander_unaligned_store (at, chunk->spans[i].link);
        at += waker;
      }
  return at;
}

/* Returns: bytes of the block. */
static gsize
encode (const GanderChunk *chunk, const Columns *columns, guint8 *out)
{
  guint time = gander_unaligned_width (columns->all_lengths);
  guint gap = gander_unaligned_width (columns->all_gaps);
  guint kind = gander_unaligned_width (columns->all_kinds);
  guint partner = gander_unaligned_width (columns->all_partners);
  guint waker = gander_unaligned_width (columns->all_wakers);
  gboolean has_begin = chunk->has_gaps && chunk->n_blocks == 0;
  GanderBlockHeader header = { .n = (guint8)(chunk->n | (has_begin ? GANDER_BLOCK_HAS_BEGIN : 0)),
                               .times = (guint8)(time | gap << 4),
                               .kinds = (guint8)(kind | partner << 4),
                               .links = (guint8)waker };
  guint8 *at = out;

  memcpy (at, &header, sizeof header);
  at += sizeof header;
  if (has_begin)
    {
      gander_unaligned_store (at, (guint64)chunk->spans[0].begin);
      at += 8;
    }
  if (gap > 0)
    {
      gander_unaligned_store (at, columns->gap_mask);
      at += 8;
    }
  for (guint i = 0; i < chunk->n; i++, at += time)
    gander_unaligned_store (at, columns->lengths[i]);
  for (guint i = 0; i < chunk->n; i++, at += kind)
    gander_unaligned_store (at, chunk->spans[i].kind);
  for (guint64 mask = columns->gap_mask; mask != 0; mask &= mask - 1, at += gap)
    gander_unaligned_store (at, columns->gaps[__builtin_ctzll (mask)]);
  return (gsize)(store_links (chunk, columns, at, partner, waker) - out);
}

static gboolean
need_past (GanderChunks *self, GanderChunk *chunk)
{
  if (chunk->past != NULL)
    return TRUE;
  chunk->past = take_memory (self, sizeof *chunk->past);
  if (chunk->past == NULL)
    return FALSE;
  *chunk->past = (GanderChunkPast){ .cursor = GANDER_TOTALS_CURSOR_INIT };
  return TRUE;
}

static void
note_long_wait (GanderChunks *self, GanderChunk *chunk, GanderState state, gint64 length)
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
has_outlier (const GanderChunk *chunk, const Columns *columns)
{
  gint64 lengths[GANDER_BLOCK_SPANS];

  for (int wait = 0; wait < 2; wait++)
    {
      gint64 longest = 0;
      gsize n = 0;
      if (chunk->long_wait[wait] == 0)
        continue;
      for (guint i = 0; i < chunk->n; i++)
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
count_spans (GanderChunks *self,
             GanderChunk *chunk,
             const Columns *columns,
             GanderTotalsCursor *cursor)
{
  for (guint i = 0; i < chunk->n; i++)
    {
      guint32 kind = chunk->spans[i].kind;
      gint64 length = (gint64)columns->lengths[i];

      if (G_UNLIKELY (length >= GANDER_LONG_WAIT))
        note_long_wait (self, chunk, columns->states[i], length);
      if (!chunk->uncounted)
        gander_totals_add (&self->totals,
                           cursor,
                           chunk->name,
                           kind,
                           self->kinds[kind].flags,
                           length);
    }
  if ((chunk->long_wait[0] | chunk->long_wait[1]) != 0)
    chunk->stands_out |= chunk->past != NULL || has_outlier (chunk, columns);
}

/* Keeps in mind where a block of a lane with several is, and what was before it. */
static void
note_block (GanderChunks *self, GanderChunk *chunk, const Columns *columns)
{
  GanderChunkPast *past = chunk->past;
  guint64 note[GANDER_NOTE_SIZE + GANDER_N_STATES] = {
    [GANDER_NOTE_BEFORE] = past->last_note,
    [GANDER_NOTE_BEGIN] = (guint64)chunk->spans[0].begin,
    [GANDER_NOTE_OFFSET] = chunk->last_block,
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
  for (guint i = 0; i < chunk->n; i++)
    past->time[columns->states[i]] += (gint64)columns->lengths[i];
}

static void
seal (GanderChunks *self, GanderChunk *chunk, gint64 end, GanderTotalsCursor *cursor)
{
  guint8 out[sizeof (GanderBlockHeader) + 16 + GANDER_BLOCK_SPANS * 24 + 8];
  Columns columns;
  gsize size = 0;

  fill_columns (self, chunk, end, &columns);
  size = encode (chunk, &columns, out);
  chunk->last_block = gander_index_file_get_size (self->file);
  gander_index_file_append (self->file, out, size);
  if (!chunk->has_gaps)
    count_spans (self, chunk, &columns, cursor);
  if (chunk->past != NULL)
    note_block (self, chunk, &columns);
  chunk->n_blocks++;
  chunk->n = 0;
}

/* A full chunk whose lane goes on. Its name may be told later: then it is counted at the end. */
static void
seal_full (GanderChunks *self, GanderChunk *chunk, gint64 end)
{
  if (!need_past (self, chunk))
    return;
  chunk->uncounted |= chunk->name == 0 && chunk->n_blocks == 0;
  seal (self, chunk, end, &chunk->past->cursor);
}

void
gander_chunks_append (GanderChunks *self,
                      GanderChunk *chunk,
                      gint64 begin,
                      guint32 kind,
                      guint32 link)
{
  if (self->no_memory)
    return;
  if (chunk->n > 0 && chunk->spans[chunk->n - 1].begin == begin)
    chunk->n--;
  if (chunk->n == GANDER_BLOCK_SPANS)
    seal_full (self, chunk, begin);
  if (chunk->n == chunk->capacity && !grow_chunk (self, chunk))
    return;
  chunk->spans[chunk->n] = (GanderOpenSpan){ .begin = begin, .kind = kind, .link = link };
  if (chunk->has_gaps)
    chunk->ends[chunk->n] = G_MAXINT64;
  chunk->n++;
}

void
gander_chunks_end_span (GanderChunk *chunk, gint64 end)
{
  if (chunk->n == 0 || !chunk->has_gaps || chunk->ends[chunk->n - 1] != G_MAXINT64)
    return;
  if (chunk->spans[chunk->n - 1].begin == end)
    chunk->n--;
  else
    chunk->ends[chunk->n - 1] = end;
}

void
gander_chunks_finish (GanderChunks *self, GanderChunk *chunk, gint64 end, gboolean open)
{
  GanderTotalsCursor cursor = GANDER_TOTALS_CURSOR_INIT;

  if (chunk->past != NULL)
    cursor = chunk->past->cursor;
  if (chunk->n > 0 && chunk->spans[chunk->n - 1].begin == end)
    chunk->n--;
  if (chunk->n > 0 && !self->no_memory)
    {
      guint8 n = chunk->n;
      seal (self, chunk, end, &cursor);
      chunk->n = n == GANDER_BLOCK_SPANS ? 0 : n;
    }
  if (open && !chunk->has_gaps && !chunk->uncounted)
    gander_totals_add_open (&self->totals, &cursor, chunk->name);
  if (chunk->capacity > 0)
    give_back (self, chunk->spans, chunk->capacity);
  chunk->spans = NULL;
  chunk->capacity = 0;
  self->no_memory |= self->totals.no_memory;
}

guint32
gander_chunk_get_n_spans (const GanderChunk *chunk)
{
  /* A finished lane keeps the number of its last, partly filled block in n. */
  gboolean counted = chunk->capacity == 0 && chunk->n > 0 && chunk->n_blocks > 0;

  return (chunk->n_blocks - (counted ? 1 : 0)) * GANDER_BLOCK_SPANS + chunk->n;
}
