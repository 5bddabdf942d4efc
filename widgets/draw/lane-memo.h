/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The inside of a GanderLaneMemo, for the layout of lanes. */

#include "widgets/draw/lane.h"

G_BEGIN_DECLS

/* How the pixels [first, first + n) of a lane look. */
typedef struct
{
  gint64 first; /* absolute number of the column, as GanderScale counts them */
  int n;
  int height;                  /* of the bar that columns are made for */
  const GanderColumn *columns; /* (nullable) n; NULL: nothing but boxes */
  const GanderLaneBox *boxes;  /* all that touch the pixels, by time; not placed yet */
  guint n_boxes;
} GanderLanePixels;

/* Returns: FALSE when nothing is known of @lane with a bar of @height. What @out points to is valid
 * until the lane is set. */
gboolean
gander_lane_memo_get (GanderLaneMemo *self, GanderLaneId lane, int height, GanderLanePixels *out);

/* Copies @pixels. */
void gander_lane_memo_set (GanderLaneMemo *self, GanderLaneId lane, const GanderLanePixels *pixels);

G_END_DECLS
