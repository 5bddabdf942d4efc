/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The timeline: label column and rows. Layout asks the index once for everything in view; paint and
 * hit work on what layout found and ask nothing. What follows the pointer or the selection is an
 * overlay, painted without a new layout.
 *
 * Every position given by or to a caller is in px (application pixels); inside, everything is in
 * whole device pixels. The time axis covers [label_width, width).
 */

#include "widgets/draw/label.h"
#include "widgets/draw/rows.h"
#include "widgets/draw/scale.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_MARK_LOG,     /* ● found by layout itself */
  GANDER_MARK_EXTREME, /* ▼ found by layout itself */
  GANDER_MARK_SEARCH,  /* ■ given */
  GANDER_MARK_FINDING, /* ▲ given */
  GANDER_N_MARKS,
} GanderMarkKind;

/* Something rare that stays visible at any zoom. */
typedef struct
{
  GanderLaneId lane;
  GanderMarkKind kind;
  GanderTime time;
} GanderMark;

typedef struct
{
  GanderTime begin; /* in view */
  GanderTime end;
  GanderTime zero; /* the instant that the ruler calls 0: lines of the grid count from it */
  int width;       /* px, label column included */
  int height;
  int label_width;
  double scroll_y;         /* px that the rows below the pinned ones are scrolled up */
  double scale;            /* device pixels per px; 0 = 1 */
  guint hidden_shades;     /* (1 << GanderShade): these fade to 12 % */
  guint focus_shades;      /* if not 0, all others fade to 35 % */
  guint64 chosen_key;      /* row with a tinted label, 0 = none */
  gboolean rough;          /* for a first look: without marks, pixels nearly what they are */
  gboolean whole_trace;    /* composition bars of the whole trace, not of what is in view */
  const GanderMark *marks; /* (unowned) (nullable) sorted by lane, then time */
  gsize n_marks;
} GanderTimelineFrame;

typedef enum
{
  GANDER_HIT_NOTHING,    /* outside, or below the last row */
  GANDER_HIT_ROW,        /* the empty part of a row */
  GANDER_HIT_LABEL,      /* label column of a row */
  GANDER_HIT_DISCLOSURE, /* its triangle */
  GANDER_HIT_SPAN,       /* one span: lane, ordinal */
  GANDER_HIT_COLUMN,     /* spans too short to tell apart: lane, begin, end, n, mix */
  GANDER_HIT_SUMMARY,    /* of a group or section: begin, end, mix in lane-nanoseconds */
  GANDER_HIT_RANGE,      /* range_kind, item = row in the index; n > 1: merged with the next */
  GANDER_HIT_REGION,     /* item = row in the index; n > 1: merged */
  GANDER_HIT_TASK,       /* item = row in the index; n > 1: merged */
  GANDER_HIT_COUNTER,    /* counter, value */
  GANDER_HIT_MARK,       /* mark, begin, n marks merged; ordinal of an EXTREME, item of a LOG */
  GANDER_HIT_MORE,       /* a row "N more" or "N hidden" */
} GanderHitKind;

typedef struct
{
  GanderHitKind kind;
  guint32 row;      /* or GANDER_ROW_NONE */
  GanderTime time;  /* at x, also outside of things */
  GanderTime begin; /* of the thing; after clipping to the trace */
  GanderTime end;
  GanderLaneId lane; /* or NONE */
  guint32 ordinal;   /* of a span in its lane */
  guint32 item;      /* row in a table of the index */
  guint32 n;         /* spans or things merged here */
  GanderState state;
  GanderRangeKind range_kind;
  GanderMarkKind mark;
  GanderCounter counter;
  guint64 value;
  GanderMix mix;
  int x, y, width, height; /* px, of the thing; what a tooltip must not cover */
} GanderHit;

/* What lies over the rows and changes often. Fill with GANDER_OVERLAY_INIT. */
typedef struct
{
  GanderTime pointer;     /* full-height line; -1 = none */
  GanderTime range_begin; /* range selection; -1 = none */
  GanderTime range_end;
  GanderLaneId selected_lane; /* ring round a span; NONE = none */
  guint32 selected_ordinal;
  gboolean arrow;    /* wake-up arrow that ended the selected wait */
  guint32 focus_row; /* row with a focus ring; GANDER_ROW_NONE = none */
} GanderOverlay;

#define GANDER_OVERLAY_INIT                                                               \
  {                                                                                       \
    .pointer = -1, .range_begin = -1, .range_end = -1, .selected_lane = GANDER_LANE_NONE, \
    .focus_row = GANDER_ROW_NONE                                                          \
  }

typedef struct _GanderTimeline GanderTimeline;

/* @font_family (nullable) and @em: the system font, its size in px. Memory is reused from frame to
 * frame. */
GanderTimeline *gander_timeline_new (const char *font_family, double em) G_GNUC_WARN_UNUSED_RESULT;
void gander_timeline_free (GanderTimeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderTimeline, gander_timeline_free)

/* Finds out what to draw; keeps a reference to @rows. */
void gander_timeline_layout (GanderTimeline *self,
                             const GanderRows *rows,
                             const GanderTimelineFrame *view);

/* What @other found out for its last layouts and may be of use for the next one of @self, which
 * knows nothing else afterwards. The items of @other stay. */
void gander_timeline_take_memory (GanderTimeline *self, GanderTimeline *other);

/* Paints label column and rows with the top left corner at the origin of @cr. */
void gander_timeline_paint (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme);

/* The same on an image. @picture, another image of its size, is what @before was painted on last,
 * at the same place: what a pan left as it was is copied from there. Other threads may look at
 * @before and @picture meanwhile. */
void gander_timeline_paint_after (GanderTimeline *self,
                                  cairo_t *cr,
                                  const GanderTheme *theme,
                                  const GanderTimeline *before,
                                  cairo_surface_t *picture);

/* Paints what lies over them. Needs a layout, not a paint. */
void gander_timeline_paint_overlay (GanderTimeline *self,
                                    cairo_t *cr,
                                    const GanderTheme *theme,
                                    const GanderOverlay *overlay);

/* What is at (@x, @y). Boxes narrower than 6 px are found within 3 px, the longer one first.
 * Returns: TRUE if @out->kind is not NOTHING. */
gboolean gander_timeline_hit (const GanderTimeline *self, double x, double y, GanderHit *out);

/* Returns: the x of @time, px; the time at @x; clamped far outside. */
double gander_timeline_get_x (const GanderTimeline *self, GanderTime time);
GanderTime gander_timeline_get_time (const GanderTimeline *self, double x);
/* Returns: FALSE if @row is not in view, else its top and height in px. */
gboolean
gander_timeline_get_row_rect (const GanderTimeline *self, guint32 row, int *y, int *height);
/* Returns: the height of the pinned rows as shown: at most 40 % of the height, px. */
int gander_timeline_get_pinned_height (const GanderTimeline *self);
/* Returns: the rows in view, pinned ones aside: [first, first + n). */
void gander_timeline_get_visible (const GanderTimeline *self, guint32 *first, guint32 *n);

G_END_DECLS
