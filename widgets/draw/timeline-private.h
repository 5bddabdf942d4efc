/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What layout of the timeline leaves for paint, hit and the overlay. Device pixels; x counts from
 * the left end of the time axis except in label texts, where it counts from the left end of the
 * picture.
 */

#include "widgets/draw/bar.h"
#include "widgets/draw/counter.h"
#include "widgets/draw/lane.h"
#include "widgets/draw/timeline.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_INK_TEXT,
  GANDER_INK_SECONDARY,
  GANDER_INK_REGION,
  GANDER_INK_SHADE, /* + GanderShade */
} GanderInk;

typedef struct
{
  int x, y, width;       /* y: the middle of the line */
  guint text;            /* offset in texts */
  guint8 style;          /* GanderLabelStyle */
  guint8 ink;            /* GanderInk */
  cairo_surface_t *mask; /* (nullable) (owned) from the first paint on an image on */
} GanderTextItem;

typedef struct
{
  int x; /* middle */
  GanderTime time;
  guint32 item; /* ordinal or log row */
  guint32 n;    /* merged */
  guint8 kind;  /* GanderMarkKind */
} GanderMarkItem;

typedef enum
{
  GANDER_SUMMARY_NONE,
  GANDER_SUMMARY_MEMBERS, /* of a group: blocked members are stacked too */
  GANDER_SUMMARY_BUSY,    /* of a section: without the blocked, translucent */
} GanderSummary;

typedef struct
{
  guint32 row;
  int y0, y1;         /* whole row; may reach out of the picture */
  int bar_y0, bar_y1; /* what is drawn in it */
  GanderLaneItems lane;
  GanderSummary summary;
  int strip_line;     /* of the columns, while painting */
  GanderTime members; /* that a full summary column stands for */
  guint first_bar, n_bars;
  guint first_mark, n_marks;
  guint first_label, n_labels; /* texts */
  guint first_text, n_texts;
  gssize first_value; /* of scale.width values; -1 = no counter */
  gssize first_goal;
  double top;           /* counter value at the upper edge */
  int birth_x, death_x; /* of a goroutine, or G_MININT */
  int triangle_x;       /* middle, in the picture; -1 = none */
  int title_x;
  guint8 has_mix;
  GanderMix mix; /* composition bar */
} GanderTimelineRow;

struct _GanderTimeline
{
  char *family; /* (nullable) */
  double em;
  GanderLabels *labels;
  double labels_scale;

  GanderRows *rows; /* (nullable) */
  GanderIndex *index;
  GanderTimelineFrame view;
  double factor; /* device pixels per px */
  GanderScale scale;
  int left;          /* where the time axis begins */
  int width, height; /* of the picture */
  int pinned_bottom;

  GArray *items; /* GanderTimelineRow: the pinned ones, then the others */
  guint n_pinned;
  GArray *boxes;       /* GanderLaneBox */
  GArray *columns;     /* GanderColumn */
  GArray *bars;        /* GanderBar */
  GArray *bands;       /* GanderBar: stop-the-world, full height */
  GArray *marks;       /* GanderMarkItem */
  GArray *rail;        /* guint32: see timeline-text.c; all 0 between lanes */
  GArray *values;      /* float */
  GArray *label_texts; /* GanderTextItem: label column */
  GArray *span_texts;  /* GanderTextItem: time axis */
  GArray *ticks;       /* GanderTick */
  GString *texts;
  GanderLaneScratch scratch;
  GanderLaneMemo *memo;
  GanderTime *sums; /* parts of summary columns */
  gsize n_sums;
  GanderStrip strip;
  cairo_surface_t *stamps[2][GANDER_N_MARKS]; /* marks painted once; 1: their halos */
  GHashTable *most;                           /* key of group -> most members at once */
  GHashTable *extents;                        /* lane -> begins and ends of its extreme waits */
  guint n_extents;
  GanderRows *grouped;   /* (nullable) whose groups @most and @summaries are of */
  GHashTable *summaries; /* key of row -> what its summary was in the last frames */
  double counter_tops[GANDER_N_COUNTERS];
};

static inline int
gander_timeline_px (const GanderTimeline *self, double px)
{
  return (int)(px * self->factor + 0.5);
}

/* The steps of layout. */
GHashTable *gander_timeline_summaries_new (void);
/* Forgets those of other groups, of another scale, and those that nobody asked for in a while. */
void gander_timeline_forget_summaries (GanderTimeline *self);
void gander_timeline_layout_summary (GanderTimeline *self,
                                     const GanderRow *row,
                                     GanderTimelineRow *item);
void
gander_timeline_layout_label (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item);
void gander_timeline_layout_span_texts (GanderTimeline *self);
void
gander_timeline_layout_marks (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item);

void gander_timeline_add_text (GanderTimeline *self,
                               GArray *list,
                               GanderLabelStyle style,
                               GanderInk ink,
                               int x,
                               int y,
                               int width,
                               const char *text);

/* Returns: (nullable) the item of @row in the index of rows. */
const GanderTimelineRow *gander_timeline_find_item (const GanderTimeline *self, guint32 row);

/* Rows next to each other and the lines that they may be painted on. */
typedef struct
{
  guint first, n;
  guint near, n_near; /* those whose texts and marks may reach these lines */
  int y0, y1;
} GanderTimelinePart;

/* The steps of paint. For an image, the first; for anything else, the second: all columns of the
 * picture go into the strip before any is painted. */
void gander_timeline_prepare_texts (GanderTimeline *self);
void gander_timeline_write_columns (GanderTimeline *self, cairo_t *cr, const GanderTheme *theme);

/* These may be called by several threads, each with a canvas of its own, if that is an image. */
void gander_timeline_paint_label_column (GanderTimeline *self,
                                         GanderCanvas *canvas,
                                         const GanderTheme *theme,
                                         const GanderTimelinePart *part);
void gander_timeline_paint_rows (GanderTimeline *self,
                                 GanderCanvas *canvas,
                                 const GanderTheme *theme,
                                 const GanderTimelinePart *part);
/* The fills of all boxes: below everything else of them. */
void gander_timeline_paint_fills (GanderTimeline *self,
                                  GanderCanvas *canvas,
                                  const GanderTheme *theme,
                                  guint first,
                                  guint n);
void gander_timeline_paint_boxes (GanderTimeline *self,
                                  GanderCanvas *canvas,
                                  const GanderTheme *theme,
                                  guint first,
                                  guint n);
void gander_timeline_paint_bars (GanderTimeline *self,
                                 GanderCanvas *canvas,
                                 const GanderTheme *theme,
                                 guint first,
                                 guint n);
/* @labels: those of the label column, else those of the time axis. */
void gander_timeline_paint_texts (GanderTimeline *self,
                                  GanderCanvas *canvas,
                                  const GanderTheme *theme,
                                  const GanderTimelinePart *part,
                                  gboolean labels);
void gander_timeline_paint_marks (GanderTimeline *self,
                                  GanderCanvas *canvas,
                                  const GanderTheme *theme,
                                  const GanderTimelinePart *part);

/* What marks are painted with on an image, at the present factor. */
void gander_timeline_make_stamps (GanderTimeline *self);
void gander_timeline_clear_stamps (GanderTimeline *self);

G_END_DECLS
