/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reads the blocks of an index: the spans of a lane by number or by time, and the time in each
 * state up to an instant. Used by the queries on a finished index and by the writer on one that
 * is nearly so. Nothing here trusts the bytes: a block that is out of bounds or fails its
 * checksum reads as no spans, times never go backwards, states and kinds are clamped.
 */

#include "reader/page-sums.h"
#include "reader/schema.h"

#include <string.h>

G_BEGIN_DECLS

typedef struct
{
  const guint8 *blocks;
  guint64 blocks_size; /* with the slack */
  const GanderKindRow *kinds;
  guint64 n_kinds;
  const guint8 *states; /* (nullable) of each kind that two bytes can tell, whether there is such or
                           not */
  const gint64 *summaries;
  guint64 n_summaries;
  const GanderLaneRow *lanes;
  guint32 n_lanes;
  guint32 n_goroutines;
  const guint32 *procs; /* lane of each processor by first appearance */
  guint64 n_procs;
  const GanderPageSums *block_pages;   /* (nullable) NULL = no need to check */
  const GanderPageSums *summary_pages; /* (nullable) the same */
  const int *file;     /* (nullable) descriptor; blocks of lanes with several are read from it */
  guint64 file_offset; /* of the blocks there */
  gint *broken;        /* (nullable) set when a block was not as it should be */
} GanderBlocks;

/* Sums that wrap instead of overflowing: the totals of a forged index may be anything. */
static inline gint64
gander_wrap_add (gint64 a, gint64 b)
{
  return (gint64)((guint64)a + (guint64)b);
}

static inline gint64
gander_wrap_subtract (gint64 a, gint64 b)
{
  return (gint64)((guint64)a - (guint64)b);
}

/* Adds to the time in one state. */
static inline void
gander_mix_add (GanderMix *mix, GanderState state, gint64 time)
{
  mix->time[state] = gander_wrap_add (mix->time[state], time);
}

/* A block was not as it should be. */
static inline void
gander_blocks_report_broken (const GanderBlocks *self)
{
  if (self->broken != NULL)
    g_atomic_int_set (self->broken, 1);
}

/* Returns: blocks of the lane, as its row and the size of the file allow. All but the last hold 64
 * spans, but for lanes of threads: those are put together of blocks of their own, which may hold
 * fewer, and blocks of processors. */
guint32 gander_blocks_get_n (const GanderBlocks *self, const GanderLaneRow *lane);

/* Takes block @ordinal of @lane apart. */
void gander_blocks_view (const GanderBlocks *self,
                         const GanderLaneRow *lane,
                         guint32 ordinal,
                         GanderBlockView *view);

/* The same but for the links, which stay undefined. */
void gander_blocks_view_states (const GanderBlocks *self,
                                const GanderLaneRow *lane,
                                guint32 ordinal,
                                GanderBlockView *view);

/* What is at @offset will be read soon. Any number will do. */
static inline void
gander_blocks_hint (const GanderBlocks *self, guint64 offset)
{
  if (offset < self->blocks_size)
    __builtin_prefetch (self->blocks + offset);
}

/* Returns: the first span of the block that ends after @time, or n. */
guint gander_block_view_find (const GanderBlockView *self, GanderTime time);

extern const GanderKindRow gander_blocks_unknown_kind;

static inline const GanderKindRow *
gander_blocks_get_kind (const GanderBlocks *self, guint32 kind)
{
  if (G_UNLIKELY (kind >= self->n_kinds || self->kinds[kind].state >= GANDER_N_STATES))
    return &gander_blocks_unknown_kind;
  return &self->kinds[kind];
}

#define GANDER_BLOCKS_N_STATES 65536

/* Returns: (transfer full) what @states is to be. */
guint8 *gander_blocks_new_states (const GanderBlocks *self);

/* Returns: the last block of @lane that begins at or before @time, or 0; looks at @hint and the
 * blocks after it first. */
guint32 gander_blocks_find (const GanderBlocks *self,
                            const GanderLaneRow *lane,
                            GanderTime time,
                            guint32 hint);

/* Returns: when block @ordinal of several begins. */
GanderTime
gander_blocks_get_begin (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal);

/* Returns: the ordinal of the first span of block @block. */
guint32
gander_blocks_get_first (const GanderBlocks *self, const GanderLaneRow *lane, guint32 block);

/* Returns: the block that span @ordinal is in. */
guint32
gander_blocks_find_span (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal);

/* Time in each state from the lane's begin to the begin of block @ordinal. */
void gander_blocks_get_before (const GanderBlocks *self,
                               const GanderLaneRow *lane,
                               guint32 ordinal,
                               GanderMix *out);

/* Time in each state over the whole lane, NONE left 0. */
void gander_blocks_get_total (const GanderBlocks *self, const GanderLaneRow *lane, GanderMix *out);

/* Fills a public span with span @i of a block; OPEN_END is told by the lane. */
void gander_blocks_unpack (const GanderBlocks *self,
                           GanderLaneId lane,
                           guint32 ordinal,
                           const GanderBlockView *view,
                           guint i,
                           GanderSpan *out);

/* Numbers of a block in summaries: begin, offset, and the time before it in each of the lane's
 * states. */
static inline guint
gander_lane_row_get_stride (const GanderLaneRow *lane)
{
  return 2 + (guint)__builtin_popcount (lane->states);
}

/* Returns: numbers [first, first + n) of summaries, which are there, after a look at their pages.
 */
static inline const gint64 *
gander_blocks_get_numbers (const GanderBlocks *self, guint64 first, guint64 n)
{
  if (self->summary_pages != NULL)
    (void)gander_page_sums_check (self->summary_pages,
                                  first * sizeof (gint64),
                                  n * sizeof (gint64));
  return self->summaries + first;
}

/* Returns: the numbers of block @ordinal in summaries, which are there. */
static inline const gint64 *
gander_blocks_get_summary (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal)
{
  guint64 stride = gander_lane_row_get_stride (lane);

  return gander_blocks_get_numbers (self, lane->block + ordinal * stride, stride);
}

/* Gives each of @states its number. */
static inline void
gander_blocks_spread_times (const gint64 *times, guint16 states, GanderMix *out)
{
  memset (out, 0, sizeof *out);
  for (guint state = 0; state < GANDER_N_STATES; state++)
    if ((states & (1u << state)) != 0)
      out->time[state] = *times++;
}

/* Whether the lane is put together of pieces, that of a thread: its own blocks, one after the other
 * as far as nothing lies between, and such of the processor that it held. */
static inline gboolean
gander_lane_row_has_pieces (const GanderLaneRow *lane)
{
  return lane->kind == GANDER_LANE_THREAD && lane->states != 0;
}

/* One of these, as a lane that has just its blocks. */
typedef struct
{
  GanderLaneRow lane;
  guint32 block;    /* of all pieces, its first one */
  guint32 ordinal;  /* of its first span */
  GanderTime end;   /* begin of the next piece; of the last one G_MAXINT64 */
  GanderMix before; /* what is to be added to the running totals of @lane */
} GanderPiece;

/* Finds the last piece that begins at or before @time, or the first one; one without blocks when
 * the lane's summary is not as it should be. */
void gander_blocks_find_piece (const GanderBlocks *self,
                               const GanderLaneRow *lane,
                               GanderTime time,
                               GanderPiece *out);

G_END_DECLS
