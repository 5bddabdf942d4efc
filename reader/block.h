/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One block: where its columns are, all of its spans at once, or the time in each state up to one
 * instant after the other. Of lanes without pieces; blocks.h knows those too.
 */

#include "reader/blocks.h"

G_BEGIN_DECLS

/* Larger than any block. */
#define GANDER_BLOCK_MAX_SIZE 2048u

/* The parts of a block. */
typedef struct
{
  gint64 begin;
  const guint8 *bytes;
  const guint8 *end; /* of what may be read, slack aside */
  const guint8 *times;
  const guint8 *kinds;
  const guint8 *gaps;
  const guint8 *links;
  guint64 gap_mask; /* spans that a gap follows */
  guint n;
  guint time_width, gap_width, kind_width, partner_width, waker_width;
  gboolean safe;                        /* no sum of its times can wrap, nor are there gaps */
  guint8 buffer[GANDER_BLOCK_MAX_SIZE]; /* of a block that was read */
} GanderBlockParts;

/* Finds the parts of block @ordinal of a lane without pieces.
 *
 * Returns: FALSE when there is no such block; when it is not as it should be, the index is broken
 * from then on. */
gboolean gander_block_find_parts (const GanderBlocks *blocks,
                                  const GanderLaneRow *lane,
                                  guint32 ordinal,
                                  GanderBlockParts *out);

/* Takes block @ordinal of a lane without pieces apart; without @links these stay undefined. One
 * that cannot be read has no spans. */
void gander_block_view (const GanderBlocks *blocks,
                        const GanderLaneRow *lane,
                        guint32 ordinal,
                        gboolean links,
                        GanderBlockView *view);

/* Goes through the spans of a block as far as is asked for, and no further. */
typedef struct
{
  const GanderBlocks *blocks;
  GanderTime begin; /* of span @i, if there is one */
  GanderTime end;
  guint i;
  guint n;
  const guint8 *gap; /* the next one */
  GanderBlockParts parts;
} GanderBlockScan;

/* Begins with block @ordinal of a lane without pieces. One that cannot be read has no spans. */
void gander_block_scan_init (GanderBlockScan *self,
                             const GanderBlocks *blocks,
                             const GanderLaneRow *lane,
                             guint32 ordinal);

/* Goes on to the first span that ends after @to, which does not go back. Adds the time in each
 * state from @from, which is where it was asked to go before or earlier than all spans, to @to.
 *
 * Returns: the state at @to, NONE between spans and outside of the block. */
GanderState
gander_block_scan_add (GanderBlockScan *self, GanderTime from, GanderTime to, GanderMix *out);

G_END_DECLS
