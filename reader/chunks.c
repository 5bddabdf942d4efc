/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the memory of open chunks (one slab allocator, freed at once) and the dictionary of span
 * kinds. A table of kinds that has become too small stays: the sealer may still read it.
 */
#include "reader/chunks.h"

#include "reader/large.h"

#include <string.h>

#define SLAB_SIZE (2u << 20)

static const guint8 capacities[] = { 4, 16, GANDER_BLOCK_SPANS };

/* Stands for the table before there is one. */
static GanderKindSlot no_slot;

void
gander_chunks_init (GanderChunks *self, GanderIndexFile *file, const char *directory)
{
  *self = (GanderChunks){ .labels = GANDER_LABEL_TOTALS_INIT,
                          .kind_slots = &no_slot,
                          .old_kinds = g_ptr_array_new_with_free_func (g_free),
                          .slabs = g_ptr_array_new_with_free_func (g_free) };
  gander_sealer_init (&self->sealer, file, directory);
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
  gander_sealer_clear (&self->sealer);
  gander_label_totals_clear (&self->labels);
  g_clear_pointer (&self->slabs, g_ptr_array_unref);
  g_clear_pointer (&self->old_kinds, g_ptr_array_unref);
  g_clear_pointer (&self->kinds, g_free);
  free_slots (self);
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
  GanderKindRow *kinds = g_try_new (GanderKindRow, capacity);
  GanderKindSlot *slots = g_try_malloc0_n (n_slots, sizeof *slots);

  if (kinds == NULL || slots == NULL)
    {
      g_free (kinds);
      g_free (slots);
      self->no_memory = TRUE;
      return FALSE;
    }
  if (self->n_kinds > 0)
    memcpy (kinds, self->kinds, self->n_kinds * sizeof *kinds);
  if (self->kinds != NULL)
    g_ptr_array_add (self->old_kinds, self->kinds);
  self->kinds = kinds;
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
      self->slab = gander_large_try_new (SLAB_SIZE);
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
seal (GanderChunks *self, GanderChunk *chunk, gint64 end, gboolean open)
{
  GanderSealJob job = { .chunk = chunk,
                        .spans = chunk->spans,
                        .kinds = self->kinds,
                        .end = end,
                        .owner = gander_chunk_get_owner (chunk),
                        .n = chunk->n,
                        .is_first = chunk->n_blocks == 0,
                        .counted = !chunk->has_gaps && !chunk->uncounted,
                        .open = open ? 1 : 0 };

  if (chunk->has_gaps && chunk->gaps != NULL && chunk->gaps->mask != 0)
    job.gaps = chunk->gaps;
  gander_sealer_add (&self->sealer, &job);
  if (!chunk->has_gaps && chunk->labelling != NULL)
    gander_label_totals_count (&self->labels, chunk, self->kinds, end);
  if (job.gaps != NULL)
    chunk->gaps->mask = 0;
  chunk->n_blocks += chunk->n > 0;
}

/* A full chunk whose lane goes on. Its name may be told later: then it is counted at the end. */
static void
seal_full (GanderChunks *self, GanderChunk *chunk, gint64 end)
{
  if (!need_past (self, chunk))
    return;
  chunk->uncounted |= chunk->name == 0 && chunk->n_blocks == 0;
  seal (self, chunk, end, FALSE);
  chunk->n = 0;
}

gboolean
gander_chunks_cut (GanderChunks *self, GanderChunk *chunk, gint64 end)
{
  if (self->no_memory || !need_past (self, chunk))
    return FALSE;
  if (chunk->n > 0)
    seal (self, chunk, end, FALSE);
  chunk->n = 0;
  return TRUE;
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

  if (chunk->n == 0 || !chunk->has_gaps || chunk->gaps == NULL)
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
  if (chunk->n > 0 && chunk->spans[chunk->n - 1].begin == end)
    chunk->n--;
  if (!self->no_memory && (chunk->n > 0 || (open && chunk->past != NULL)))
    seal (self, chunk, end, open);
  if (!chunk->has_gaps)
    gander_label_totals_release (&self->labels, chunk);
  if (chunk->n == GANDER_BLOCK_SPANS)
    chunk->n = 0;
  if (chunk->capacity > 0)
    give_back (self, chunk->spans, chunk->capacity);
  chunk->spans = NULL;
  chunk->capacity = 0;
}

void
gander_chunks_stop (GanderChunks *self)
{
  gander_sealer_stop (&self->sealer);
  self->no_memory |= self->sealer.totals.no_memory || self->labels.no_memory;
}

guint32
gander_chunk_get_n_spans (const GanderChunk *chunk)
{
  /* A finished lane keeps the number of its last, partly filled block in n. */
  gboolean counted = chunk->capacity == 0 && chunk->n > 0 && chunk->n_blocks > 0;

  return (chunk->n_blocks - (counted ? 1 : 0)) * GANDER_BLOCK_SPANS + chunk->n;
}
