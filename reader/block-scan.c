/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture asks of a block lies in its first spans as often as in its last ones: lengths and
 * kinds are gone through together, up to there, and nothing is stored but sums.
 */
#include "reader/block.h"

#include "reader/unaligned.h"

#include <string.h>

/* Widths with loops of their own. */
#define MAX_TIME_WIDTH 4
#define MAX_KIND_WIDTH 2

static inline __attribute__ ((always_inline)) guint32
load_kind (const GanderBlockScan *self, guint i, guint width)
{
  const guint8 *at = self->parts.kinds + i * width;

  return width == 1 ? *at : (guint32)gander_unaligned_load (at, width);
}

static inline GanderState
get_state (const GanderBlockScan *self, guint i)
{
  guint32 kind = load_kind (self, i, self->parts.kind_width);

  return gander_blocks_get_kind (self->blocks, kind)->state;
}

/* The spans that end by @to, when there are no gaps, no time can wrap, and kinds have at most two
 * bytes. */
static inline __attribute__ ((always_inline)) void
add_spans (GanderBlockScan *self,
           GanderTime from,
           GanderTime to,
           guint time_width,
           guint kind_width,
           GanderMix *out)
{
  const guint8 *lengths = self->parts.times;
  const guint8 *states = self->blocks->states;
  GanderTime begin = self->begin;
  GanderTime end = self->end;
  guint n = self->n;
  guint i = self->i;

  from = MAX (begin, from);
  do
    {
      gander_mix_add (out, states[load_kind (self, i, kind_width)], end - from);
      from = begin = end;
      if (++i == n)
        break;
      end = begin + (GanderTime)gander_unaligned_load (lengths + i * time_width, time_width);
    }
  while (end <= to);
  self->begin = begin;
  self->end = end;
  self->i = i;
}

/* The same with everything that there may be. */
static void
add_with_care (GanderBlockScan *self, GanderTime from, GanderTime to, GanderMix *out)
{
  const GanderBlockParts *parts = &self->parts;

  while (self->i < self->n && self->end <= to)
    {
      guint64 next = (guint64)self->end;
      guint i = self->i++;

      if (from < self->end)
        gander_mix_add (out, get_state (self, i), self->end - MAX (self->begin, from));
      if ((parts->gap_mask >> i & 1) != 0)
        {
          next += MIN (gander_unaligned_load (self->gap, parts->gap_width), GANDER_INDEX_TIME_MAX);
          next = MIN (next, GANDER_INDEX_TIME_MAX);
          self->gap += parts->gap_width;
        }
      self->begin = (GanderTime)next;
      if (self->i == self->n)
        return;
      next += MIN (gander_unaligned_load (parts->times + self->i * parts->time_width,
                                          parts->time_width),
                   GANDER_INDEX_TIME_MAX);
      self->end = (GanderTime)MIN (next, GANDER_INDEX_TIME_MAX);
    }
}

typedef void (*AddFunc) (GanderBlockScan *self, GanderTime from, GanderTime to, GanderMix *out);

#define ADD(t, k)                                   \
  static void add_##t##_##k (GanderBlockScan *self, \
                             GanderTime from,       \
                             GanderTime to,         \
                             GanderMix *out)        \
  {                                                 \
    add_spans (self, from, to, t, k, out);          \
  }
ADD (1, 1)
ADD (2, 1)
ADD (3, 1)
ADD (4, 1)
ADD (1, 2)
ADD (2, 2)
ADD (3, 2)
ADD (4, 2)
#undef ADD

/* By the widths of kinds and lengths. */
static const AddFunc add_by_width[MAX_KIND_WIDTH][MAX_TIME_WIDTH] = {
  { add_1_1, add_2_1, add_3_1, add_4_1 },
  { add_1_2, add_2_2, add_3_2, add_4_2 },
};

GanderState
gander_block_scan_add (GanderBlockScan *self, GanderTime from, GanderTime to, GanderMix *out)
{
  const GanderBlockParts *parts = &self->parts;
  GanderState state = GANDER_STATE_NONE;

  if (self->i < self->n && self->end <= to)
    {
      if (G_LIKELY (parts->safe && self->blocks->states != NULL &&
                    parts->time_width - 1 < MAX_TIME_WIDTH &&
                    parts->kind_width - 1 < MAX_KIND_WIDTH))
        add_by_width[parts->kind_width - 1][parts->time_width - 1](self, from, to, out);
      else
        add_with_care (self, from, to, out);
    }
  if (self->i >= self->n || self->begin >= to)
    return state;
  state = get_state (self, self->i);
  gander_mix_add (out, state, to - MAX (self->begin, from));
  return state;
}

void
gander_block_scan_init (GanderBlockScan *self,
                        const GanderBlocks *blocks,
                        const GanderLaneRow *lane,
                        guint32 ordinal)
{
  const GanderBlockParts *parts = &self->parts;

  self->blocks = blocks;
  self->i = 0;
  self->n = 0;
  if (!gander_block_find_parts (blocks, lane, ordinal, &self->parts))
    return;
  self->n = parts->n;
  self->gap = parts->gaps;
  self->begin = parts->begin;
  self->end = (GanderTime)MIN ((guint64)parts->begin +
                                   MIN (gander_unaligned_load (parts->times, parts->time_width),
                                        GANDER_INDEX_TIME_MAX),
                               GANDER_INDEX_TIME_MAX);
}
