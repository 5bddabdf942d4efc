/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of a GanderIndex, for the files of reader/ that read one. */

#include "reader/blocks.h"
#include "reader/index.h"

G_BEGIN_DECLS

typedef struct
{
  gconstpointer rows;
  guint64 n;
} GanderSectionView;

struct _GanderIndex
{
  gatomicrefcount references;
  const guint8 *map;
  gsize map_size;
  guint8 *checked;
  gint broken;
  GanderSectionView sections[GANDER_N_SECTIONS];
  GanderBlocks blocks;
  GanderLaneId first_lane[GANDER_N_LANE_KINDS + 1];
  const GanderFactsRow *facts_row;
  GanderFacts facts;
  char *path;
  char *cache_trouble; /* NULL = none */
};

/* Maps and checks an index file.
 *
 * Returns: (transfer full) the index, or NULL with BAD_INDEX when anything is not as it should be.
 * @identity (nullable): what the index must be of. @fd stays the caller's. */
GanderIndex *gander_index_open_fd (int fd,
                                   const char *path,
                                   const GanderIdentity *identity,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define gander_index_rows(self, SECTION, type) \
  ((const type *)(self)->sections[GANDER_SECTION_##SECTION].rows)
#define gander_index_n(self, SECTION) ((self)->sections[GANDER_SECTION_##SECTION].n)

static inline guint64
gander_index_get_n_wakeups (const GanderIndex *self)
{
  return (gander_index_n (self, WAKEUPS) - GANDER_BLOCK_SLACK) /
         (4 + self->facts_row->wakeup_time_width);
}

/* Returns: @lane, or NONE when the index has no such lane. */
static inline GanderLaneId
gander_index_clamp_lane (const GanderIndex *self, GanderLaneId lane)
{
  return lane < self->blocks.n_lanes ? lane : GANDER_LANE_NONE;
}

/* Rows [first, first + n) of @section that belong to @lane, by the starts that the lane and the
 * lane after it state. */
#define gander_index_lane_rows(self, lane, member, SECTION, first_out, n_out) \
  gander_clamp_rows ((self)->blocks.lanes[lane].member,                       \
                     (self)->blocks.lanes[(lane) + 1].member,                 \
                     gander_index_n (self, SECTION),                          \
                     first_out,                                               \
                     n_out)

static inline void
gander_clamp_rows (guint32 begin, guint32 end, guint64 size, guint32 *first, guint32 *n)
{
  *first = (guint32)MIN (begin, size);
  end = (guint32)MIN (end, size);
  *n = end > *first ? end - *first : 0;
}

G_END_DECLS
