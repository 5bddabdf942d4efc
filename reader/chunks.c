/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the memory of open chunks (one slab allocator, freed at once) and the dictionary of span
 * kinds. The block that seal () writes is described in FORMAT.md.
 */
#include "reader/chunks.h"

#include "reader/unaligned.h"

#include <string.h>

#define SLAB_SIZE (1u << 20)

static const guint8 capacities[] = { 4, 16, GANDER_BLOCK_SPANS };

/* Stands for the table before there is one. */
static GanderKindSlot no_slot;

void
gander_chunks_init (GanderChunks *self, GanderIndexFile *file, const char *directory)
{
  *self = (GanderChunks){ .file = file,
                          .kind_slots = &no_slot,
                          .slabs = g_ptr_array_new_with_free_func (g_free) };
  gander_row_file_init (&self->notes, sizeof (guint64), directory);
}

static void
free_slots (GanderChunks *self)
{
  if (self->kind_slots != &no_slot)
    g_free (self->kind_slots);
}

void
gander_chunks_clear (GanderChunks *self)
{
  g_clear_pointer (&self->slabs, g_ptr_array_unref);
  g_clear_pointer (&self->kinds, g_free);
  free_slots (self);
  gander_totals_clear (&self->totals);
  gander_row_file_clear (&self->notes);
}

/* Returns: the slot of @kind, or the free one that it can have. */
static GanderKindSlot *
find_slot (const GanderChunks *self, GanderKind kind)
{
  guint32 slot = gander_kind_hash (kind) & self->kind_mask;

  while (self->kind_slots[slot].row != 0 && (self->kind_slots[slot].kind.head != kind.head ||
                                             self->kind_slots[slot].kind.stack != kind.stack))
    slot = (slot + 1) & self->kind_mask;
  return &self->kind_slots[slot];
}

static void
fill_slot (const GanderChunks *self, guint32 row)
{
  const GanderKindRow *of = &self->kinds[row];
  GanderKind kind = gander_kind (of->state, of->cause, of->flags, of->reason, of->stack);

  *find_slot (self, kind) = (GanderKindSlot){ .kind = kind, .row = row + 1 };
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
  free_slots (self);
  self->kind_slots = slots;
  self->kind_mask = n_slots - 1;
  self->kinds_capacity = capacity;
  for (guint32 row = 0; row < self->n_kinds; row++)
    fill_slot (self, row);
  return TRUE;
}

guint32
gander_chunks_intern_slowly (GanderChunks *self, GanderKind kind)
{
  guint32 row = 0;

  if (self->n_kinds == self->kinds_capacity && !grow_kinds (self))
    return 0;
  row = find_slot (self, kind)->row;
  if (row != 0)
    return row - 1;
  self->kinds[self->n_kinds] = (GanderKindRow){ .state = (guint8)kind.head,
                                                .cause = (guint8)(kind.head >> 8),
                                                .flags = (guint8)(kind.head >> 16),
                                                .reason = (guint32)(kind.head >> 32),
                                                .stack = kind.stack };
  fill_slot (self, self->n_kinds);
  return self->n_kinds++;
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
  if (chunk->has_gaps && chunk->gaps == NULL)
    {
      chunk->gaps = take_memory (self, sizeof *chunk->gaps);
      if (chunk->gaps == NULL)
        return FALSE;
      chunk->gaps->mask = 0;
    }
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
enum
{
  LINK_NONE,
  LINK_PARTNER,
  LINK_WAKER,
  N_LINKS
};

static const guint8 link_columns[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = LINK_PARTNER,    [GANDER_STATE_RUNNING] = LINK_PARTNER,
  [GANDER_STATE_RUNNABLE] = LINK_WAKER,  [GANDER_STATE_BLOCKED] = LINK_NONE,
  [GANDER_STATE_SYSCALL] = LINK_PARTNER, [GANDER_STATE_SYSCALL_BLOCKED] = LINK_PARTNER,
  [GANDER_STATE_GC_WORK] = LINK_PARTNER, [GANDER_STATE_GC_ASSIST] = LINK_PARTNER,
  [GANDER_STATE_SCHEDULING] = LINK_NONE, [GANDER_STATE_UNKNOWN] = LINK_PARTNER,
};

typedef struct
{
  guint64 lengths[GANDER_BLOCK_SPANS];
  guint64 gaps[GANDER_BLOCK_SPANS]; /* after the span, of those in the mask */
  guint8 states[GANDER_BLOCK_SPANS];
  guint64 gap_mask;
  guint64 all_lengths, all_gaps; /* or'ed */
  guint32 all_kinds, all_links[N_LINKS];
  guint64 link_masks[N_LINKS];
} Columns;

/* Shortens the spans that end before the next one begins. */
static void
take_gaps_out (const GanderChunk *chunk, Columns *out)
{
  for (guint64 mask = chunk->gaps->mask; mask != 0; mask &= mask - 1)
    {
      guint i = (guint)__builtin_ctzll (mask);
      guint64 length = (guint64)(chunk->gaps->end[i] - chunk->spans[i].begin);
      guint64 gap = out->lengths[i] - length;

      out->lengths[i] = length;
      if (gap == 0 || i + 1u == chunk->n)
        continue;
      out->gaps[i] = gap;
      out->all_gaps |= gap;
      out->gap_mask |= G_GUINT64_CONSTANT (1) << i;
    }
}

/* One thing at a time: each loop is short. */
static void
fill_columns (const GanderChunks *self, const GanderChunk *chunk, gint64 end, Columns *out)
{
  const GanderOpenSpan *spans = chunk->spans;
  guint n = chunk->n;
  guint64 all_lengths = 0;
  guint32 all_kinds = 0;

  out->gap_mask = out->all_gaps = 0;
  memset (out->all_links, 0, sizeof out->all_links);
  memset (out->link_masks, 0, sizeof out->link_masks);
  for (guint i = 0; i + 1 < n; i++)
    out->lengths[i] = (guint64)(spans[i + 1].begin - spans[i].begin);
  out->lengths[n - 1] = (guint64)(end - spans[n - 1].begin);
  if (chunk->gaps != NULL && chunk->gaps->mask != 0)
    take_gaps_out (chunk, out);
  for (guint i = 0; i < n; i++)
    all_lengths |= out->lengths[i];
  for (guint i = 0; i < n; i++)
    {
      guint8 state = self->kinds[spans[i].kind].state;
      guint column = link_columns[state];
      out->states[i] = state;
      all_kinds |= spans[i].kind;
      out->all_links[column] |= spans[i].link;
      out->link_masks[column] |= G_GUINT64_CONSTANT (1) << i;
    }
  out->all_lengths = all_lengths;
  out->all_kinds = all_kinds;
}

static guint8 *
store_lengths (const Columns *columns, guint n, guint width, guint8 *at)
{
  for (guint i = 0; i < n; i++, at += width)
    gander_unaligned_store (at, columns->lengths[i]);
  return at;
}

static guint8 *
store_kinds (const GanderChunk *chunk, guint width, guint8 *at)
{
  for (guint i = 0; i < chunk->n; i++, at += width)
    gander_unaligned_store (at, chunk->spans[i].kind);
  return at;
}

static guint8 *
store_links (const GanderChunk *chunk, guint64 mask, guint width, guint8 *at)
{
  if (width == 0)
    return at;
  for (; mask != 0; mask &= mask - 1, at += width)
    gander_unaligned_store (at, chunk->spans[__builtin_ctzll (mask)].link);
  return at;
}

/* Returns: bytes of the block. */
static gsize
encode (const GanderChunk *chunk, const Columns *columns, guint8 *out)
{
  guint time = gander_unaligned_width (columns->all_lengths);
  guint gap = gander_unaligned_width (columns->all_gaps);
  guint kind = gander_unaligned_width (columns->all_kinds);
  guint partner = gander_unaligned_width (columns->all_links[LINK_PARTNER]);
  guint waker = gander_unaligned_width (columns->all_links[LINK_WAKER]);
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
  at = store_lengths (columns, chunk->n, time, at);
  at = store_kinds (chunk, kind, at);
  for (guint64 mask = columns->gap_mask; mask != 0; mask &= mask - 1, at += gap)
    gander_unaligned_store (at, columns->gaps[__builtin_ctzll (mask)]);
  at = store_links (chunk, columns->link_masks[LINK_PARTNER], partner, at);
  at = store_links (chunk, columns->link_masks[LINK_WAKER], waker, at);
  return (gsize)(at - out);
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
  if (chunk->gaps != NULL)
    chunk->gaps->mask = 0;
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
gander_chunks_append_slowly (GanderChunks *self,
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
  chunk->n++;
}

void
gander_chunks_end_span (GanderChunk *chunk, gint64 end)
{
  guint64 last = 0;

  if (chunk->n == 0 || chunk->gaps == NULL)
    return;
  last = G_GUINT64_CONSTANT (1) << (chunk->n - 1);
  if ((chunk->gaps->mask & last) != 0)
    return;
  if (chunk->spans[chunk->n - 1].begin == end)
    {
      /* An empty span goes; the one before it ends here too. */
      chunk->n--;
      last >>= 1;
      if (last == 0 || (chunk->gaps->mask & last) != 0)
        return;
    }
  chunk->gaps->end[chunk->n - 1] = end;
  chunk->gaps->mask |= last;
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
