/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Spans are put into the open chunk of their lane, which is sealed into a block of the index file
 * when it is full or the lane ends.
 */

#include "reader/label-totals.h"
#include "reader/seal.h"

G_BEGIN_DECLS

/* What a span is, as the numbers by which it is looked up: they stay in registers where a row of
 * narrow fields would go through memory. */
typedef struct
{
  guint64 head; /* state, cause, flags, reason */
  GanderStackId stack;
} GanderKind;

static inline GanderKind
gander_kind (GanderState state,
             GanderCause cause,
             GanderSpanFlags flags,
             GanderStringId reason,
             GanderStackId stack)
{
  return (GanderKind){ .head = (guint64)reason << 32 | (guint64)flags << 16 | (guint64)cause << 8 |
                               (guint64)state,
                       .stack = stack };
}

/* A kind and its row + 1, 0 in a free slot; together, as that is one look at memory. */
typedef struct
{
  GanderKind kind;
  guint32 row;
} GanderKindSlot;

/* What every chunk of one load shares. */
typedef struct
{
  GanderSealer sealer;
  GanderLabelTotals labels;
  GanderKindRow *kinds;
  guint32 n_kinds;
  guint32 kinds_capacity;
  GanderKindSlot *kind_slots;
  guint32 kind_mask; /* slots - 1 */
  GPtrArray *old_kinds;
  GPtrArray *slabs;
  guint8 *slab;
  gsize slab_left;
  gpointer free_chunks[3]; /* by capacity */
  gboolean no_memory;
} GanderChunks;

/* @directory (nullable, must outlive @self) is where notes are put aside. */
void gander_chunks_init (GanderChunks *self, GanderIndexFile *file, const char *directory);
void gander_chunks_clear (GanderChunks *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderChunks, gander_chunks_clear)

/* Returns: where to look first. */
static inline guint32
gander_kind_hash (GanderKind kind)
{
  return (guint32)((kind.head ^ (guint64)kind.stack << 11) *
                       G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >>
                   32);
}

/* The same as gander_chunks_intern () and gander_chunks_append (), for all cases. */
guint32 gander_chunks_intern_slowly (GanderChunks *self, GanderKind kind);
void gander_chunks_append_slowly (GanderChunks *self,
                                  GanderChunk *chunk,
                                  gint64 begin,
                                  guint32 kind,
                                  guint32 link);

/* Returns: the row of this kind of span, new or known. */
static inline guint32
gander_chunks_intern (GanderChunks *self, GanderKind kind)
{
  const GanderKindSlot *slot = &self->kind_slots[gander_kind_hash (kind) & self->kind_mask];

  if (G_LIKELY (slot->row != 0 && slot->kind.head == kind.head && slot->kind.stack == kind.stack))
    return slot->row - 1;
  return gander_chunks_intern_slowly (self, kind);
}

/* Opens a span at @begin and thereby ends the one before it, unless that was ended already. A span
 * that would be empty is replaced. @begin must not be before the span before. */
static inline void
gander_chunks_append (GanderChunks *self,
                      GanderChunk *chunk,
                      gint64 begin,
                      guint32 kind,
                      guint32 link)
{
  guint n = chunk->n;

  if (G_UNLIKELY (n == 0 || n == chunk->capacity || chunk->spans[n - 1].begin == begin))
    {
      gander_chunks_append_slowly (self, chunk, begin, kind, link);
      return;
    }
  chunk->spans[n] = (GanderOpenSpan){ .begin = begin, .kind = kind, .link = link };
  chunk->n = (guint8)(n + 1);
}

/* Seals what there is, be it less than a block, before blocks of another lane that are this one's
 * too; the last span ends at @end at the latest.
 *
 * Returns: FALSE without memory. */
gboolean gander_chunks_cut (GanderChunks *self, GanderChunk *chunk, gint64 end);

/* Ends the last span of a lane with gaps. */
void gander_chunks_end_span (GanderChunk *chunk, gint64 end);

/* Seals what is left; the lane ends at @end, @open when that is the end of the trace alone. The
 * chunk's memory goes to others. */
void gander_chunks_finish (GanderChunks *self, GanderChunk *chunk, gint64 end, gboolean open);

/* Nothing is written any more; what the sealer knows can be read. */
void gander_chunks_stop (GanderChunks *self);

/* Returns: spans of the lane so far. */
guint32 gander_chunk_get_n_spans (const GanderChunk *chunk);

G_END_DECLS
