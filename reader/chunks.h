/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The spans of a lane while it is being built: an open chunk of 4, 16, then 64 small records,
 * sealed into a block of the index file when it is full or the lane ends. Of the blocks of a lane
 * that has several, notes are kept aside: begin, place, and the time in each state before it.
 */

#include "reader/index-file.h"
#include "reader/long-wait.h"
#include "reader/row-file.h"
#include "reader/totals.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 begin;
  guint32 kind; /* row of the kinds table */
  guint32 link; /* row + 1; 0 = nobody */
} GanderOpenSpan;

/* Of a lane that has more than one block: what is known of the spans before the open chunk. */
typedef struct
{
  gint64 time[GANDER_N_STATES];
  guint64 last_note; /* number of its first word + 1 */
  GanderTotalsCursor cursor;
} GanderChunkPast;

/* What a note consists of; the times of the states in the mask follow. */
enum
{
  GANDER_NOTE_BEFORE, /* the lane's note before, as last_note */
  GANDER_NOTE_BEGIN,
  GANDER_NOTE_OFFSET,
  GANDER_NOTE_STATES, /* a mask */
  GANDER_NOTE_SIZE,
};

typedef struct
{
  GanderOpenSpan *spans;
  gint64 *ends;          /* lanes with gaps only: end of each, G_MAXINT64 while open */
  GanderChunkPast *past; /* NULL until a full block was sealed */
  guint64 last_block;
  guint32 n_blocks;
  GanderStringId name; /* of a goroutine's start function, 0 = not known yet */
  guint8 n;
  guint8 capacity;
  guint8 lane_kind;
  guint8 has_gaps;
  guint8 uncounted;    /* not in the totals: it had no name when its first block was sealed */
  guint8 stands_out;   /* a wait of it may be far longer than its others */
  guint8 long_wait[2]; /* bucket of the longest blocked and runnable one, 0 = not long */
} GanderChunk;

/* A kind and its row + 1, 0 in a free slot; together, as that is one look at memory. */
typedef struct
{
  GanderKindRow kind;
  guint32 row;
} GanderKindSlot;

/* What every chunk of one load shares. */
typedef struct
{
  GanderIndexFile *file; /* its present section is BLOCKS */
  GanderKindRow *kinds;
  guint32 n_kinds;
  guint32 kinds_capacity;
  GanderKindSlot *kind_slots;
  guint32 n_kind_slots;
  GanderTotals totals; /* of goroutines */
  guint64 long_waits[2][GANDER_N_WAIT_BUCKETS];
  GanderRowFile notes; /* guint64 */
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

/* Returns: the row of this kind of span, new or known. */
guint32 gander_chunks_intern (GanderChunks *self, const GanderKindRow *kind);

/* Opens a span at @begin and thereby ends the one before it, unless that was ended already. A span
 * that would be empty is replaced. @begin must not be before the span before. */
void gander_chunks_append (GanderChunks *self,
                           GanderChunk *chunk,
                           gint64 begin,
                           guint32 kind,
                           guint32 link);

/* Ends the last span of a lane with gaps. */
void gander_chunks_end_span (GanderChunk *chunk, gint64 end);

/* Seals what is left; the lane ends at @end, @open when that is the end of the trace alone. The
 * chunk's memory goes to others. */
void gander_chunks_finish (GanderChunks *self, GanderChunk *chunk, gint64 end, gboolean open);

/* Returns: spans of the lane so far. */
guint32 gander_chunk_get_n_spans (const GanderChunk *chunk);

G_END_DECLS
