/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block is decoded as a whole, column by column, by loops that know the width of their numbers:
 * that takes little more than finding a single span in it would.
 */
#include "reader/block.h"

#include "reader/spool.h"
#include "reader/unaligned.h"

#include <string.h>

/* Lengths of up to so many bytes cannot get a sum of 64 beyond GANDER_INDEX_TIME_MAX. */
#define SAFE_WIDTH 6
#define SAFE_BEGIN (G_GUINT64_CONSTANT (1) << 62)

/* Lanes whose blocks are on their way while one is read. */
#define LANES_AHEAD 4

/* So many bytes are read of a block at first. */
#define USUAL_SIZE 512

/* Of the bytes of a block, so many at most are header, begin and mask of gaps. */
#define HEAD_SIZE (sizeof (GanderBlockHeader) + 16)

const guint8 gander_link_columns[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = GANDER_LINK_PARTNER,
  [GANDER_STATE_RUNNING] = GANDER_LINK_PARTNER,
  [GANDER_STATE_RUNNABLE] = GANDER_LINK_WAKER,
  [GANDER_STATE_BLOCKED] = GANDER_LINK_NONE,
  [GANDER_STATE_SYSCALL] = GANDER_LINK_PARTNER,
  [GANDER_STATE_SYSCALL_BLOCKED] = GANDER_LINK_PARTNER,
  [GANDER_STATE_GC_WORK] = GANDER_LINK_PARTNER,
  [GANDER_STATE_GC_ASSIST] = GANDER_LINK_PARTNER,
  [GANDER_STATE_SCHEDULING] = GANDER_LINK_NONE,
  [GANDER_STATE_UNKNOWN] = GANDER_LINK_PARTNER,
};

/* Looks at the page, rarely two, of the first @size bytes of a block. */
static inline gboolean
check_block (const GanderBlocks *self, guint64 offset, guint64 size)
{
  return self->block_pages == NULL ||
         gander_page_sums_check (self->block_pages, offset, MIN (size, self->blocks_size - offset));
}

/* Fills bytes [begin, end) of the buffer for the block at @offset, as far as there are such. The
 * blocks of a lane lie far apart: to map a page and those around it for each, and to let go of them
 * again, takes longer than to copy it. */
static gboolean
read_block (const GanderBlocks *self, guint64 offset, guint8 *buffer, gsize begin, gsize end)
{
  gsize size = (gsize)MIN (end, self->blocks_size - offset);

  return size <= begin || gander_spool_pread (*self->file,
                                              self->file_offset + offset + begin,
                                              buffer + begin,
                                              size - begin) == size - begin;
}

/* Returns: as many bytes as the links of a block may have. */
static inline gsize
get_links_size (const GanderBlockParts *parts)
{
  return parts->n * MAX (parts->partner_width, parts->waker_width);
}

static gboolean
find_parts (const GanderBlocks *self,
            const GanderLaneRow *lane,
            guint32 ordinal,
            GanderBlockParts *out)
{
  guint64 offset = lane->block;
  GanderBlockHeader header;
  const guint8 *at = NULL;
  const gint64 *row = NULL;
  gsize room = 0;
  gsize size = 0;

  out->begin = lane->begin;
  out->gap_mask = 0;
  if (lane->n_spans > GANDER_BLOCK_SPANS)
    {
      row = gander_blocks_get_summary (self, lane, ordinal);
      out->begin = row[0];
      offset = (guint64)row[1];
    }
  if (self->blocks_size < sizeof header + GANDER_BLOCK_SLACK ||
      offset > self->blocks_size - sizeof header - GANDER_BLOCK_SLACK ||
      !check_block (self, offset, HEAD_SIZE))
    return FALSE;
  room = (gsize)(self->blocks_size - offset) - GANDER_BLOCK_SLACK;
  out->bytes = at = self->blocks + offset;
  if (row != NULL && self->file != NULL)
    {
      if (!read_block (self, offset, out->buffer, 0, USUAL_SIZE))
        return FALSE;
      out->bytes = at = out->buffer;
      room = MIN (room, GANDER_BLOCK_MAX_SIZE - GANDER_BLOCK_SLACK);
    }
  out->end = at + room;
  memcpy (&header, at, sizeof header);
  at += sizeof header;
  out->n = header.n & ~GANDER_BLOCK_HAS_BEGIN;
  out->time_width = header.times & 15;
  out->gap_width = header.times >> 4;
  out->kind_width = header.kinds & 15;
  out->partner_width = header.kinds >> 4;
  out->waker_width = header.links;
  if (out->n == 0 || out->n > GANDER_BLOCK_SPANS || out->time_width > 8 || out->gap_width > 8 ||
      out->kind_width > 4 || out->partner_width > 4 || out->waker_width > 4)
    return FALSE;
  if ((header.n & GANDER_BLOCK_HAS_BEGIN) != 0)
    {
      out->begin = (gint64)gander_unaligned_load (at, 8);
      at += 8;
    }
  if (out->gap_width > 0 && at <= out->end)
    {
      out->gap_mask = gander_unaligned_load (at, 8);
      at += 8;
    }
  out->times = at;
  out->kinds = out->times + out->n * out->time_width;
  out->gaps = out->kinds + out->n * out->kind_width;
  out->links = out->gaps + (guint)__builtin_popcountll (out->gap_mask) * out->gap_width;
  out->safe =
      out->time_width <= SAFE_WIDTH && out->gap_mask == 0 && (guint64)out->begin <= SAFE_BEGIN;
  size = (gsize)(out->links - out->bytes);
  if (size > room || out->begin < 0 || (guint64)out->begin > GANDER_INDEX_TIME_MAX)
    return FALSE;
  size += get_links_size (out);
  if (out->bytes == out->buffer && size > USUAL_SIZE - GANDER_BLOCK_SLACK &&
      !read_block (self, offset, out->buffer, USUAL_SIZE, GANDER_BLOCK_MAX_SIZE))
    return FALSE;
  return check_block (self, offset, size);
}

gboolean
gander_block_find_parts (const GanderBlocks *blocks,
                         const GanderLaneRow *lane,
                         guint32 ordinal,
                         GanderBlockParts *out)
{
  if (ordinal >= gander_blocks_get_n (blocks, lane))
    return FALSE;
  if (find_parts (blocks, lane, ordinal, out))
    return TRUE;
  gander_blocks_report_broken (blocks);
  return FALSE;
}

static inline __attribute__ ((always_inline)) void
widen_64 (const guint8 *bytes, guint n, guint width, guint64 *out)
{
  for (guint i = 0; i < n; i++)
    out[i] = gander_unaligned_load (bytes + i * width, width);
}

/* The same loop with the width known. */
static void
read_times (const GanderBlockParts *parts, guint64 *out)
{
  switch (parts->time_width)
    {
    case 1:
      widen_64 (parts->times, parts->n, 1, out);
      break;
    case 2:
      widen_64 (parts->times, parts->n, 2, out);
      break;
    case 3:
      widen_64 (parts->times, parts->n, 3, out);
      break;
    case 4:
      widen_64 (parts->times, parts->n, 4, out);
      break;
    default:
      widen_64 (parts->times, parts->n, parts->time_width, out);
    }
}

static void
read_kinds (const GanderBlockParts *parts, guint32 *out)
{
  if (parts->kind_width == 1)
    for (guint i = 0; i < parts->n; i++)
      out[i] = parts->kinds[i];
  else
    for (guint i = 0; i < parts->n; i++)
      out[i] =
          (guint32)gander_unaligned_load (parts->kinds + i * parts->kind_width, parts->kind_width);
}

/* From lengths and gaps to begins and ends. */
static void
add_up (const GanderBlockParts *parts, const guint64 *lengths, GanderBlockView *view)
{
  guint64 time = (guint64)parts->begin;

  if (G_LIKELY (parts->safe))
    {
      for (guint i = 0; i < parts->n; i++)
        {
          view->begin[i] = (gint64)time;
          time += lengths[i];
          view->end[i] = (gint64)time;
        }
    }
  else
    {
      const guint8 *gap = parts->gaps;
      for (guint i = 0; i < parts->n; i++)
        {
          view->begin[i] = (gint64)time;
          time = MIN (time + MIN (lengths[i], GANDER_INDEX_TIME_MAX), GANDER_INDEX_TIME_MAX);
          view->end[i] = (gint64)time;
          if ((parts->gap_mask >> i & 1) == 0)
            continue;
          time += MIN (gander_unaligned_load (gap, parts->gap_width), GANDER_INDEX_TIME_MAX);
          time = MIN (time, GANDER_INDEX_TIME_MAX);
          gap += parts->gap_width;
        }
    }
}

static gboolean
read_links (const GanderBlocks *self, const GanderBlockParts *parts, GanderBlockView *view)
{
  const guint width[GANDER_N_LINKS] = { 0, parts->partner_width, parts->waker_width };
  const guint8 *at[GANDER_N_LINKS] = { parts->links, parts->links, parts->links };
  guint8 column[GANDER_BLOCK_SPANS];

  for (guint i = 0; i < parts->n; i++)
    {
      column[i] = gander_link_columns[gander_blocks_get_kind (self, view->kind[i])->state];
      at[GANDER_LINK_WAKER] += column[i] == GANDER_LINK_PARTNER ? parts->partner_width : 0;
    }
  if (parts->end - at[GANDER_LINK_WAKER] < (gssize)(parts->n * parts->waker_width))
    {
      const guint8 *end = at[GANDER_LINK_WAKER];
      for (guint i = 0; i < parts->n; i++)
        end += column[i] == GANDER_LINK_WAKER ? parts->waker_width : 0;
      if (end > parts->end)
        return FALSE;
    }
  for (guint i = 0; i < parts->n; i++)
    {
      view->link[i] = (guint32)gander_unaligned_load (at[column[i]], width[column[i]]);
      at[column[i]] += width[column[i]];
    }
  return TRUE;
}

/* Blocks lie in the order in which they were filled, not in that of their lanes: asks memory for
 * the one that is likely to be wanted next. A hint, so an offset need not be checked. */
static void
hint_at_next (const GanderBlocks *self, const GanderLaneRow *lane, guint32 ordinal)
{
  if (lane->n_spans > GANDER_BLOCK_SPANS)
    gander_blocks_hint (self, (guint64)gander_blocks_get_summary (self, lane, ordinal + 1)[1]);
  else if (lane >= self->lanes && lane + LANES_AHEAD < self->lanes + self->n_lanes)
    gander_blocks_hint (self, lane[LANES_AHEAD].block);
}

void
gander_block_view (const GanderBlocks *blocks,
                   const GanderLaneRow *lane,
                   guint32 ordinal,
                   gboolean links,
                   GanderBlockView *view)
{
  guint64 lengths[GANDER_BLOCK_SPANS];
  GanderBlockParts parts;

  view->n = 0;
  if (ordinal >= gander_blocks_get_n (blocks, lane))
    return;
  hint_at_next (blocks, lane, ordinal);
  if (!gander_block_find_parts (blocks, lane, ordinal, &parts))
    return;
  read_times (&parts, lengths);
  add_up (&parts, lengths, view);
  read_kinds (&parts, view->kind);
  if (!links || read_links (blocks, &parts, view))
    view->n = parts.n;
  else
    gander_blocks_report_broken (blocks);
}
