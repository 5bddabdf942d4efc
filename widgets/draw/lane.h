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
} GanderLaneScratch;

void gander_lane_scratch_clear (GanderLaneScratch *self);
void gander_lane_scratch_reserve (GanderLaneScratch *self, guint n);

/* Appends the GanderLaneBox and, if there are short spans, scale->width GanderColumn.
 * @height: of the bar. @thin_below: boxes narrower than this are painted with the columns. */
void gander_lane_layout (const GanderIndex *index,
                         GanderLaneId lane,
                         const GanderScale *scale,
                         int height,
                         int thin_below,
                         GanderLaneScratch *scratch,
                         GArray *boxes,
                         GArray *columns,
                         GanderLaneItems *out);

/* Returns: (transfer none) (nullable) the box at @x, or within @slack of it the longest. */
const GanderLaneBox *gander_lane_hit (const GanderLaneBox *boxes, guint n, int x, int slack);

G_END_DECLS
