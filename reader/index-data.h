/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of a GanderIndex, for the files of reader/ that read one. */

#include "reader/blocks.h"
#include "reader/index.h"
#include "reader/packed.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_SECTION_UNSEEN,
  GANDER_SECTION_GOOD,
  GANDER_SECTION_BROKEN,
} GanderSectionHealth;

typedef struct
{
  gconstpointer rows;
  guint64 n;
  GanderPageSums pages;
  gint health; /* GanderSectionHealth: of the whole, once it was asked for as a whole */
} GanderSectionView;

struct _GanderIndex
{
  gatomicrefcount references;
  const guint8 *map;
  gsize map_size;
  guint8 *checked; /* pages of all sections: see GanderPageSums */
  gint broken;
  GanderSectionView sections[GANDER_N_SECTIONS];
  GanderPacked packed[GANDER_N_SECTIONS]; /* of those that are packed */
  GanderBlocks blocks;
  guint8 *states; /* of the kinds: see GanderBlocks */
  GanderLaneId first_lane[GANDER_N_LANE_KINDS + 1];
  GanderFactsRow facts_row; /* a copy: the limits that everything is compared with */
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

/* Looks at the checksums of a whole section. */
GanderSectionHealth gander_index_check (const GanderIndex *self, GanderSection section);

static inline gconstpointer
gander_index_use (const GanderIndex *self, GanderSection section)
{
  const GanderSectionView *view = &self->sections[section];

  if (G_UNLIKELY (g_atomic_int_get (&view->health) == GANDER_SECTION_UNSEEN))
    gander_index_check (self, section);
  return view->rows;
}

static inline gconstpointer
gander_index_use_part (const GanderIndex *self, GanderSection section, guint64 offset, guint64 size)
{
  const GanderSectionView *view = &self->sections[section];

  (void)gander_page_sums_check (&view->pages, offset, size);
  return view->pages.bytes + offset;
}

/* Three ways to rows, by how much of a section is read; all look at the checksums of just that.
 * Rows of a page that is not as it was written are what is there, and the index is broken from then
 * on. */
#define gander_index_rows(self, SECTION, type) \
  ((const type *)gander_index_use (self, GANDER_SECTION_##SECTION))
#define gander_index_run(self, SECTION, type, first, n)                   \
  ((const type *)gander_index_use_part (self,                             \
                                        GANDER_SECTION_##SECTION,         \
                                        (guint64)(first) * sizeof (type), \
                                        (guint64)(n) * sizeof (type)))
#define gander_index_row(self, SECTION, type, row) gander_index_run (self, SECTION, type, row, 1)

#define gander_index_n(self, SECTION) ((self)->sections[GANDER_SECTION_##SECTION].n)

/* A packed table, and its rows. */
#define gander_index_packed(self, SECTION)   (&(self)->packed[GANDER_SECTION_##SECTION])
#define gander_index_packed_n(self, SECTION) ((guint32)gander_index_packed (self, SECTION)->n)

/* Returns: the row of a lane below n_lanes + 1. */
static inline const GanderLaneRow *
gander_index_lane (const GanderIndex *self, GanderLaneId lane)
{
  return gander_index_row (self, LANES, GanderLaneRow, lane);
}

/* Returns: @lane, or NONE when the index has no such lane. */
static inline GanderLaneId
gander_index_clamp_lane (const GanderIndex *self, GanderLaneId lane)
{
  return lane < self->blocks.n_lanes ? lane : GANDER_LANE_NONE;
}

static inline GanderLaneId
gander_index_clamp_goroutine (const GanderIndex *self, GanderLaneId lane)
{
  return lane < self->first_lane[GANDER_LANE_PROC] ? lane : GANDER_LANE_NONE;
}

/* Rows [first, first + n) of @section that belong to @lane, by the starts that the lane and the
 * lane after it state. */
#define gander_index_lane_rows(self, lane, member, SECTION, first_out, n_out) \
  gander_clamp_rows (gander_index_lane (self, lane)->member,                  \
                     gander_index_lane (self, (lane) + 1)->member,            \
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
