/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The spans of a lane while it is being built: an open chunk of 4, 16, then 64 small records. What
 * is marked as the sealer's belongs to its chores until they are done.
 */

#include "reader/totals.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 begin;
  guint32 kind; /* row of the kinds table */
  guint32 link; /* row + 1; 0 = nobody */
} GanderOpenSpan;

/* Of a lane that has more than one block, the sealer's: what is known of the spans before. */
typedef struct
{
  gint64 time[GANDER_N_STATES];
  guint64 last_note; /* number of its first word + 1 */
  GanderTotalsCursor cursor;
} GanderChunkPast;

/* Where spans of a lane with gaps end before the next one begins. */
typedef struct
{
  guint64 mask; /* of the spans whose end is here; the others end where the next begins */
  gint64 end[GANDER_BLOCK_SPANS];
} GanderChunkGaps;

/* See label-totals.h. */
typedef struct _GanderLabelling GanderLabelling;

typedef struct
{
  GanderOpenSpan *spans;
  union
  {
    GanderChunkGaps *gaps;      /* (nullable) of a lane with gaps, from its first span on */
    GanderLabelling *labelling; /* (nullable) of one without: a goroutine */
  };
  GanderChunkPast *past; /* NULL until a block was full */
  guint64 last_block;    /* the sealer's: where it is */
  guint32 n_blocks;
  GanderStringId name; /* of a goroutine's start function, 0 = not known yet */
  guint8 n;
  guint8 capacity;
  guint8 lane_kind;
  guint8 has_gaps;
  guint8 uncounted;    /* not in the totals: it had no name when its first block was full */
  guint8 stands_out;   /* the sealer's: a wait of it may be far longer than its others */
  guint8 long_wait[2]; /* the sealer's: bucket of the longest blocked, runnable one, 0 = short */
} GanderChunk;

G_END_DECLS
