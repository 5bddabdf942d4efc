/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the memory of open chunks (one slab allocator, freed at once) and the dictionary of span
 * kinds. The block that seal () writes is described in FORMAT.md.
 */
#include "reader/chunks.h"

#include "reader/crc32c.h"

#include <string.h>

#define SLAB_SIZE (1u << 20)

static const guint8 capacities[] = { 4, 16, GANDER_BLOCK_SPANS };

void
gander_chunks_init (GanderChunks *self, GanderIndexFile *file)
{
  *self = (GanderChunks){ .file = file, .slabs = g_ptr_array_new_with_free_func (g_free) };
}

void
gander_chunks_clear (GanderChunks *self)
{
  g_clear_pointer (&self->slabs, g_ptr_array_unref);
  g_clear_pointer (&self->kinds, g_free);
  g_clear_pointer (&self->kind_slots, g_free);
  gander_totals_clear (&self->totals);
}

static guint32
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
  guint32 n_slots = capacity * 2;
  GanderKindRow *kinds = g_try_realloc_n (self->kinds, capacity, sizeof *kinds);
  guint32 *slots = g_try_malloc0_n (n_slots, sizeof *slots);

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
      while (slots[slot] != 0)
        slot = (slot + 1) & (n_slots - 1);
      slots[slot] = i + 1;
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
  for (; self->kind_slots[slot] != 0; slot = (slot + 1) & (self->n_kind_slots - 1))
    if (memcmp (&self->kinds[self->kind_slots[slot] - 1], kind, sizeof *kind) == 0)
      return self->kind_slots[slot] - 1;
  self->kinds[self->n_kinds] = *kind;
  self->kind_slots[slot] = ++self->n_kinds;
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

static guint8
width_of (guint64 value)
{
  return (guint8)((64 - (guint)__builtin_clzll (value | 1) + 7) / 8);
}

static void
store (guint8 *out, guint64 value, guint width)
{
  value = GUINT64_TO_LE (value);
  if (width == 0)
    return;
  /* All eight bytes: what is too much is written over by the next value, or lies in the slack. */
  memcpy (out, &value, 8);
}

static gint64
span_end (const GanderChunk *chunk, guint i, gint64 end)
{
  if (chunk->has_gaps && chunk->ends[i] != G_MAXINT64)
    return chunk->ends[i];
  return i + 1u < chunk->n ? chunk->spans[i + 1].begin : end;
}

static gsize
encode (const GanderChunk *chunk, guint32 row, gint64 end, guint8 *out)
{
  GanderBlockHeader header = { .row = row,
                               .begin = chunk->spans[0].begin,
                               .ordinal = chunk->n_blocks,
                               .lane_kind = chunk->lane_kind,
                               .n = chunk->n };
  guint32 max_kind = 0;
  guint32 max_link = 0;
  gsize pos = sizeof header;

  for (guint i = 0; i < chunk->n; i++)
    {
      max_kind = MAX (max_kind, chunk->spans[i].kind);
      max_link = MAX (max_link, chunk->spans[i].link);
    }
  header.time_width = width_of ((guint64)(span_end (chunk, chunk->n - 1u, end) - header.begin));
  header.end_width = chunk->has_gaps ? header.time_width : 0;
  header.kind_width = width_of (max_kind);
  header.link_width = max_link == 0 ? 0 : width_of (max_link);
  if (chunk->n_blocks > 0)
    {
      memcpy (out + pos, &chunk->last_block, 8);
      pos += 8;
      for (guint state = 0; state < GANDER_N_STATES; state++)
        if (chunk->past->time[state] != 0)
          {
            header.states |= (guint16)(1u << state);
            memcpy (out + pos, &chunk->past->time[state], 8);
            pos += 8;
          }
    }
  for (guint i = 0; i < chunk->n; i++, pos += header.time_width)
    store (out + pos,
           (guint64)((i + 1u < chunk->n ? chunk->spans[i + 1].begin : span_end (chunk, i, end)) -
                     header.begin),
           header.time_width);
  for (guint i = 0; i < chunk->n; i++, pos += header.kind_width)
    store (out + pos, chunk->spans[i].kind, header.kind_width);
  for (guint i = 0; i < chunk->n; i++, pos += header.link_width)
    store (out + pos, chunk->spans[i].link, header.link_width);
  for (guint i = 0; chunk->has_gaps && i < chunk->n; i++, pos += header.end_width)
    store (out + pos, (guint64)(span_end (chunk, i, end) - header.begin), header.end_width);
  while (pos % 8 != 0)
    out[pos++] = 0;
  memcpy (out, &header, sizeof header);
  header.crc = gander_crc32c (0, out + 4, pos - 4);
  memcpy (out, &header.crc, 4);
  return pos;
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

/* Adds the spans of a goroutine's chunk to the totals. */
static void
count_spans (GanderChunks *self, GanderChunk *chunk, gint64 end, GanderTotalsCursor *cursor)
{
  for (guint i = 0; i < chunk->n; i++)
    {
      const GanderKindRow *kind = &self->kinds[chunk->spans[i].kind];
      gint64 length = span_end (chunk, i, end) - chunk->spans[i].begin;

      chunk->has_long_wait |= length >= GANDER_LONG_WAIT && (kind->state == GANDER_STATE_BLOCKED ||
                                                             kind->state == GANDER_STATE_RUNNABLE);
      if (!chunk->uncounted)
        gander_totals_add (&self->totals,
                           cursor,
                           chunk->name,
                           chunk->spans[i].kind,
                           kind->flags,
                           length);
    }
}

static void
seal (GanderChunks *self, GanderChunk *chunk, guint32 row, gint64 end, GanderTotalsCursor *cursor)
{
  guint8 out[sizeof (GanderBlockHeader) + 8 + 8 * GANDER_N_STATES + GANDER_BLOCK_SPANS * 24 + 16];
  gsize size = encode (chunk, row, end, out);

  chunk->last_block = gander_index_file_get_size (self->file);
  gander_index_file_append (self->file, out, size);
  if (!chunk->has_gaps)
    count_spans (self, chunk, end, cursor);
  for (guint i = 0; chunk->past != NULL && i < chunk->n; i++)
    chunk->past->time[self->kinds[chunk->spans[i].kind].state] +=
        span_end (chunk, i, end) - chunk->spans[i].begin;
  chunk->n_blocks++;
  chunk->n = 0;
}

/* A full chunk whose lane goes on. Its name may be told later: then it is counted at the end. */
static void
seal_full (GanderChunks *self, GanderChunk *chunk, guint32 row, gint64 end)
{
  if (!need_past (self, chunk))
    return;
  chunk->uncounted |= chunk->name == 0 && chunk->n_blocks == 0;
  seal (self, chunk, row, end, &chunk->past->cursor);
}

void
gander_chunks_append (GanderChunks *self,
                      GanderChunk *chunk,
                      guint32 row,
                      gint64 begin,
                      guint32 kind,
                      guint32 link)
{
  if (self->no_memory)
    return;
  if (chunk->n > 0 && chunk->spans[chunk->n - 1].begin == begin)
    chunk->n--;
  if (chunk->n == GANDER_BLOCK_SPANS)
    seal_full (self, chunk, row, begin);
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
gander_chunks_finish (GanderChunks *self,
                      GanderChunk *chunk,
                      guint32 row,
                      gint64 end,
                      gboolean open)
{
  GanderTotalsCursor cursor = GANDER_TOTALS_CURSOR_INIT;

  if (chunk->past != NULL)
    cursor = chunk->past->cursor;
  if (chunk->n > 0 && chunk->spans[chunk->n - 1].begin == end)
    chunk->n--;
  if (chunk->n > 0 && !self->no_memory)
    {
      guint8 n = chunk->n;
      seal (self, chunk, row, end, &cursor);
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
