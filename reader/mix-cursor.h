/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The time in each state within adjacent ranges of one lane, from running totals. */

#include "reader/block.h"

G_BEGIN_DECLS

/* Running totals of one lane, asked at ascending times: keeps the block and the place in it. */
typedef struct
{
  const GanderBlocks *blocks;
  const GanderLaneRow *lane;
  GanderTime grain;   /* blocks up to this length need not be looked into */
  const gint64 *rows; /* of summaries, one for each block and one behind; NULL = a single block */
  guint32 n_blocks;
  guint stride;
  guint n_states; /* that rows have columns of */
  guint32 first;  /* ordinal of its first span */
  guint8 states[GANDER_N_STATES];
  guint32 checked[2];   /* rows [0] … [1] - 1 lie in a page that was seen to */
  guint32 found;        /* block last found */
  guint32 step;         /* to it from the one before: the next may be as far */
  GanderTime found_end; /* begin of the block after it */
  guint32 block;        /* of @scan */
  guint32 n_begun;      /* spans, at the time last asked */
  GanderState state;    /* at that time … */
  GanderTime until;     /* … and up to this one */
  GanderBlockScan scan;
} GanderMixCursor;

/* Begins with a lane without pieces. Blocks that last up to @grain count as mixed evenly. */
void gander_mix_cursor_init (GanderMixCursor *self,
                             const GanderBlocks *blocks,
                             const GanderLaneRow *lane,
                             GanderTime grain);

/* What is in the @n ranges between @n + 1 ascending @edges, which do not go back behind those asked
 * for before; @spans (nullable): how many begin in each. */
void gander_mix_cursor_ask (GanderMixCursor *self,
                            const GanderTime *edges,
                            guint n,
                            GanderMix *out,
                            guint32 *spans);

/* The same for a whole lane that is put together of pieces. */
void gander_mix_ask_pieces (const GanderBlocks *blocks,
                            const GanderLaneRow *lane,
                            const GanderTime *edges,
                            guint n,
                            GanderTime grain,
                            GanderMix *out,
                            guint32 *spans);

G_END_DECLS
