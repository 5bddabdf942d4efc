/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reads the blocks of an index in place: the spans of a lane by number or by time, and the time
 * in each state up to an instant. Used by the queries on a finished index and by the writer on
 * one that is nearly so. Nothing here trusts the bytes: a block that is out of bounds or fails
 * its checksum reads as no spans, times never go backwards, states and kinds are clamped.
 */

#include "reader/schema.h"

G_BEGIN_DECLS

typedef struct
{
  const guint8 *blocks;
  guint64 blocks_size; /* with the slack */
  const GanderKindRow *kinds;
  guint64 n_kinds;
  const GanderSummaryRow *summaries;
  guint64 n_summaries;
  const GanderLaneRow *lanes;
  guint32 n_lanes;
  guint32 n_goroutines;
  const guint32 *procs; /* lane of each processor by first appearance */
  guint64 n_procs;
  guint8 *checked; /* (nullable) a bit per 8 bytes: checksum seen; NULL = no need to check */
  gint *broken;    /* (nullable) set when a block was not as it should be */
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

/* One block, opened. n = 0 when it cannot be read. */
typedef struct
{
  gint64 begin;
  const guint8 *bytes;
  const guint8 *times;
  const guint8 *kinds;
  const guint8 *links;
  const guint8 *ends; /* NULL when the spans touch */
  guint8 time_width, kind_width, link_width;
  guint8 n;
} GanderBlockView;

/* One span as it lies in a block. */
typedef struct
{
  gint64 begin;
  gint64 end;
  guint32 kind;
  guint32 link; /* row + 1; 0 = nobody */
} GanderRawSpan;

/* Returns: blocks of the lane, as its row and the size of the file allow. */
guint32 gander_blocks_get_n (const GanderBlocks *self, const GanderLaneRow *lane);

/* Opens block @ordinal of @lane. */
void gander_blocks_view (const GanderBlocks *self,
                         const GanderLaneRow *lane,
                         guint32 ordinal,
                         GanderBlockView *view);

void gander_block_view_get (const GanderBlockView *self, guint i, GanderRawSpan *out);

/* Returns: the first span of the block that ends after @time, or n. */
guint gander_block_view_find (const GanderBlockView *self, GanderTime time);

const GanderKindRow *gander_blocks_get_kind (const GanderBlocks *self, guint32 kind);

/* Returns: the last block of @lane that begins at or before @time, or 0; looks at @hint and the
 * blocks after it first. */
guint32 gander_blocks_find (const GanderBlocks *self,
                            const GanderLaneRow *lane,
                            GanderTime time,
                            guint32 hint);

/* Time in each state from the lane's begin to the begin of block @ordinal. */
void gander_blocks_get_before (const GanderBlocks *self,
                               const GanderLaneRow *lane,
                               guint32 ordinal,
                               GanderMix *out);

/* Time in each state over the whole lane, NONE left 0. */
void gander_blocks_get_total (const GanderBlocks *self, const GanderLaneRow *lane, GanderMix *out);

/* Fills a public span from a raw one; OPEN_END is told by the lane. */
void gander_blocks_unpack (const GanderBlocks *self,
                           GanderLaneId lane,
                           guint32 ordinal,
                           const GanderRawSpan *raw,
                           GanderSpan *out);

/* Walks all spans of a lane, or those from one block on. */
typedef struct
{
  const GanderBlocks *blocks;
  const GanderLaneRow *lane;
  GanderBlockView view;
  guint32 n_blocks;
  guint32 next_block;
  guint i;
} GanderBlockWalk;

void gander_block_walk_init (GanderBlockWalk *self,
                             const GanderBlocks *blocks,
                             const GanderLaneRow *lane);
gboolean gander_block_walk_next (GanderBlockWalk *self, GanderRawSpan *out);

G_END_DECLS
