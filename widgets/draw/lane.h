/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a lane looks like between two pixels: spans of at least two pixels as boxes, all shorter
 * ones as columns. A column and a box never cover the same pixel, so every pixel tells exactly what
 * it shows. x is in device pixels from the left end of the time axis.
 */

#include "widgets/draw/column.h"
#include "widgets/draw/scale.h"

G_BEGIN_DECLS

typedef struct
{
  int x0;
  int x1;
  GanderTime begin;
  GanderTime end;
  guint32 ordinal;
  GanderLaneId link;
  GanderStringId reason;
  guint8 state; /* GanderState */
  guint8 wait;  /* GanderWait */
  guint8 flags; /* GanderSpanFlags */
  guint8 thin;  /* painted with the columns: too narrow for edges */
} GanderLaneBox;

typedef struct
{
  guint first_box;
  guint n_boxes;
  gssize first_column; /* -1: all is boxes */
} GanderLaneItems;

/* Working memory, reused from lane to lane. */
typedef struct
{
  GanderTime *edges;
  GanderMix *mixes;
  guint32 *spans;
  guint capacity;
  GArray *boxes; /* GanderLaneBox */
} GanderLaneScratch;

void gander_lane_scratch_clear (GanderLaneScratch *self);
void gander_lane_scratch_reserve (GanderLaneScratch *self, guint n);

/* What lanes looked like in the last frame. Pixels are anchored to the trace, so a pan needs to ask
 * for the new ones only. */
typedef struct _GanderLaneMemo GanderLaneMemo;

GanderLaneMemo *gander_lane_memo_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gander_lane_memo_free (GanderLaneMemo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderLaneMemo, gander_lane_memo_free)

/* A frame begins: lanes that the last one did not show are forgotten, and all when the scale or the
 * index is another. */
void
gander_lane_memo_begin (GanderLaneMemo *self, const GanderIndex *index, const GanderScale *scale);

/* Appends the GanderLaneBox and, if there are short spans, scale->width GanderColumn.
 * @height: of the bar. @thin_below: boxes narrower than this are painted with the columns. @memo
 * (nullable): where the pixels that the last frame had are taken from. */
void gander_lane_layout (const GanderIndex *index,
                         GanderLaneId lane,
                         const GanderScale *scale,
                         int height,
                         int thin_below,
                         GanderLaneScratch *scratch,
                         GanderLaneMemo *memo,
                         GArray *boxes,
                         GArray *columns,
                         GanderLaneItems *out);

/* Returns: (transfer none) (nullable) the box at @x, or within @slack of it the longest. */
const GanderLaneBox *gander_lane_hit (const GanderLaneBox *boxes, guint n, int x, int slack);

G_END_DECLS
