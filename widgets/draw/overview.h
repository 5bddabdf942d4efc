/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The strip with the whole trace: stacked average counts of goroutines (running, system call,
 * collector, runnable), collector cycles and stop-the-world ticks along the top, ticks for findings
 * and search hits along the bottom, and the box of what is in view. Positions in px, as in
 * timeline.h.
 */

#include "widgets/draw/label.h"
#include "widgets/draw/scale.h"
#include "widgets/draw/timeline.h"

G_BEGIN_DECLS

typedef struct
{
  GanderTime begin; /* in view: the box */
  GanderTime end;
  GanderTime first; /* at the left end of the strip, and at the right one; first = last: the */
  GanderTime last;  /* ends of the trace */
  int width;        /* px, label column included */
  int height;
  int label_width;
  double scale;            /* device pixels per px; 0 = 1 */
  const GanderMark *marks; /* (unowned) (nullable) ticks along the bottom */
  gsize n_marks;
} GanderOverviewView;

typedef enum
{
  GANDER_OVERVIEW_NOTHING,
  GANDER_OVERVIEW_OUTSIDE, /* of the box */
  GANDER_OVERVIEW_INSIDE,
  GANDER_OVERVIEW_LEFT, /* handles */
  GANDER_OVERVIEW_RIGHT,
} GanderOverviewHit;

typedef struct _GanderOverview GanderOverview;

GanderOverview *gander_overview_new (const char *font_family, double em) G_GNUC_WARN_UNUSED_RESULT;
void gander_overview_free (GanderOverview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderOverview, gander_overview_free)

/* Asks the index only when it, the width or the scale is another one than before. */
void gander_overview_layout (GanderOverview *self,
                             const GanderIndex *index,
                             const GanderOverviewView *view);
void gander_overview_paint (GanderOverview *self, cairo_t *cr, const GanderTheme *theme);
/* @time (out) (nullable): the instant at @x. */
GanderOverviewHit
gander_overview_hit (const GanderOverview *self, double x, double y, GanderTime *time);

#define GANDER_OVERVIEW_HEIGHT       58 /* px */
#define GANDER_OVERVIEW_SMALL_HEIGHT 34

G_END_DECLS
