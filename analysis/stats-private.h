/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files stats*.c share. */

#include "analysis/stats.h"

G_BEGIN_DECLS

/* A part of a goroutine, and the row that it counts for. */
typedef struct
{
  GanderLaneId lane;
  guint32 key;
  GanderTime begin;
  GanderTime end;
} GanderKeyedPiece;

/* The rows of a grouping and what belongs to each. */
typedef struct
{
  guint32 n_keys;
  GPtrArray *names; /* const char by key; NULL = by goroutine */
  GStringChunk *texts;
  guint64 *counts;       /* by key: tasks or regions in the scope; NULL = rows count goroutines */
  guint32 *key_of_group; /* where whole groups belong together, else NULL */
  GArray *pieces;        /* GanderKeyedPiece by key, lane, begin; NULL until wanted */
} GanderStatsKeys;

void gander_stats_keys_init (GanderStatsKeys *self,
                             const GanderIndex *index,
                             const GanderScope *scope,
                             GanderStatsBy by);
void gander_stats_keys_clear (GanderStatsKeys *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderStatsKeys, gander_stats_keys_clear)

/* Fills @pieces, unless it is so already. */
void gander_stats_keys_need_pieces (GanderStatsKeys *self,
                                    const GanderIndex *index,
                                    const GanderScope *scope,
                                    GanderStatsBy by);

/* Returns: (transfer full) (array) the numbers 0 … @n - 1 ordered by @keys, equal ones as they
 * were; @starts (n_keys + 1 numbers) receives where each key begins. */
guint32 *gander_stats_order (const guint32 *keys, guint32 n, guint32 n_keys, guint32 *starts)
    G_GNUC_WARN_UNUSED_RESULT;

/* By task and by region: fills names, counts and pieces. */
void gander_stats_keys_add_tasks (GanderStatsKeys *self,
                                  const GanderIndex *index,
                                  const GanderScope *scope);
void gander_stats_keys_add_regions (GanderStatsKeys *self,
                                    const GanderIndex *index,
                                    const GanderScope *scope);

/* Sorts @pieces by key, equal ones as they were. */
void gander_stats_keys_sort (GanderStatsKeys *self);

/* What lies beside the spans of goroutines, by goroutine. */
typedef struct _GanderLaneRanges GanderLaneRanges;

GanderLaneRanges *gander_lane_ranges_new (const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;
void gander_lane_ranges_free (GanderLaneRanges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderLaneRanges, gander_lane_ranges_free)

/* Adds what falls into a part of a goroutine to the members of @row that come with RANGES. */
void gander_lane_ranges_add (const GanderLaneRanges *self,
                             const GanderPiece *piece,
                             GanderStatsRow *row);

G_END_DECLS
