/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Bars: things with a beginning and an end that are not states of a lane: collector cycles, pauses,
 * assists, regions, tasks. What would overlap on screen is one bar that knows how many it stands
 * for. x is in device pixels from the left end of the time axis.
 */

#include "widgets/draw/rows.h"
#include "widgets/draw/scale.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_BAR_MARK, /* collector cycle */
  GANDER_BAR_STW,
  GANDER_BAR_ASSIST,
  GANDER_BAR_REGION,
  GANDER_BAR_TASK,
  GANDER_N_BARS,
} GanderBarKind;

typedef struct
{
  int x0, x1, y0, y1;
  GanderTime begin;
  GanderTime end;
  guint32 item; /* row in the index, of the first */
  guint32 n;    /* merged here */
  guint8 kind;  /* GanderBarKind */
  guint8 flags; /* GanderSpanFlags */
} GanderBar;

/* Bars that were found in a view of the same scale. */
typedef struct
{
  const GanderBar *bars;
  guint n;
  gint64 first; /* number of the column at x = 0, as GanderScale counts them */
  int width;
} GanderKnownBars;

/* All append GanderBar between @y0 and @y1, each at least @min_px wide. The work depends on the
 * width, not on how many there are. */
void gander_bars_add_ranges (GArray *bars,
                             const GanderIndex *index,
                             GanderRangeKind kind,
                             const GanderScale *scale,
                             int y0,
                             int y1,
                             int min_px);
/* @known (nullable): of the same lane and depth; only what it lacks is asked for. */
void gander_bars_add_regions (GArray *bars,
                              const GanderIndex *index,
                              GanderLaneId lane,
                              guint depth,
                              const GanderScale *scale,
                              int y0,
                              int y1,
                              const GanderKnownBars *known);
void gander_bars_add_tasks (GArray *bars,
                            const GanderRows *rows,
                            const GanderTaskType *type,
                            const GanderScale *scale,
                            int y0,
                            int y1);
void gander_bars_add_task (GArray *bars,
                           const GanderRows *rows,
                           guint32 task,
                           const GanderScale *scale,
                           int y0,
                           int y1);

/* Returns: (transfer none) (nullable) the bar at (@x, @y), or the longest within @slack of @x. */
const GanderBar *gander_bars_hit (const GanderBar *bars, guint n, int x, int y, int slack);

G_END_DECLS
