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
  guint64 key;        /* of the row */
  guint8 kind;        /* GanderRowKind */
  guint8 section;     /* GanderSection */
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

/* What rows hold: who lays out some of them has a sheet of his own. */
typedef struct
{
  GArray *boxes;   /* GanderLaneBox */
  GArray *columns; /* GanderColumn */
  GArray *bars;    /* GanderBar */
  GArray *marks;   /* GanderMarkItem */
  GArray *values;  /* float */
  GArray *rail;    /* guint32: see timeline-rail.c; all 0 between lanes */
  GanderLaneScratch scratch;
  GanderTime *sums; /* parts of summary columns */
  gsize n_sums;
} GanderTimelineSheet;

/* What outlives a layout. Who lays out a row has what is kept for it to himself; the tables are for
 * all. */
typedef struct
{
  GMutex mutex;
  GHashTable *most;      /* key of group -> most members at once */
  GHashTable *extents;   /* lane -> begins and ends of its extreme waits */
  GHashTable *logs;      /* lane -> GArray of GanderTime: when its messages were logged */
  GHashTable *summaries; /* key of row -> what its summary was in the last frames */
  GHashTable *regions;   /* key of row -> what its bars of regions were */
  guint n_extents;       /* of waits and messages */
  GanderRows *grouped;   /* (nullable) whose groups @most and @summaries are of */
} GanderTimelineMemory;

#define GANDER_TIMELINE_MOST_THREADS 4

struct _GanderTimeline
{
  guint most_threads; /* for layout and paint */
  char *family;       /* (nullable) */
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
  GanderTimelineSheet sheet;
  GanderTimelineSheet others[GANDER_TIMELINE_MOST_THREADS - 1]; /* of helpers, empty after layout */
  GArray *bands;       /* GanderBar: stop-the-world, full height */
  GArray *label_texts; /* GanderTextItem: label column */
  GArray *span_texts;  /* GanderTextItem: time axis */
  GArray *ticks;       /* GanderTick */
  GString *texts;
  GanderLaneMemo *memo;
  GanderTimelineMemory *memory;
  GanderStrip strip;
  const GanderTheme *painted; /* (nullable) that an image of this layout was painted with */
  cairo_surface_t *stamps[2][GANDER_N_MARKS]; /* marks painted once; 1: their halos */
  double counter_tops[GANDER_N_COUNTERS];
};

static inline int
gander_timeline_px (const GanderTimeline *self, double px)
{
  return (int)(px * self->factor + 0.5);
}

GanderTimelineMemory *gander_timeline_memory_new (void);
void gander_timeline_memory_free (GanderTimelineMemory *self);
/* Of another index. */
void gander_timeline_memory_forget (GanderTimelineMemory *self);

/* Returns: (transfer none) (nullable) what @table, one of the memory's by key of row, has for a
 * row.
 */
gpointer
gander_timeline_recall (const GanderTimeline *self, GHashTable *table, const GanderRow *row);
/* @value: (transfer full) in place of what the table had. */
void gander_timeline_remember (const GanderTimeline *self,
                               GHashTable *table,
                               const GanderRow *row,
                               gpointer value);

/* Bars of regions that are remembered. */
void gander_timeline_free_regions (gpointer regions);
/* Returns: whether they are of no use for the frame that begins. */
gboolean gander_timeline_regions_are_old (const GanderTimeline *self, gpointer regions);

void gander_timeline_sheet_init (GanderTimelineSheet *self);
void gander_timeline_sheet_clear (GanderTimelineSheet *self);
/* Forgets what it holds. */
void gander_timeline_sheet_reset (GanderTimelineSheet *self);

/* The steps of layout. */
/* Fills the sheet with what all items hold, by several threads if that is worth it. */
void gander_timeline_layout_contents (GanderTimeline *self);
/* Forgets what is of other groups, summaries of another scale or that nobody asked for in a while,
 * and extents when there are too many. */
void gander_timeline_forget_old (GanderTimeline *self);
void gander_timeline_layout_summary (GanderTimeline *self,
                                     const GanderRow *row,
                                     GanderTimelineRow *item);
void gander_timeline_layout_regions (GanderTimeline *self,
                                     const GanderRow *row,
                                     const GanderTimelineRow *item);
void
gander_timeline_layout_label (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item);
/* What the composition bar and the figure beside it say of a lane. */
void
gander_timeline_layout_mix (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item);
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

/* Whether marks of a row, or pauses, are so many that they are painted in a quieter way. */
gboolean gander_timeline_is_crowded (const GanderTimeline *self, const GanderTimelineRow *item);
gboolean gander_timeline_has_crowded_bands (const GanderTimeline *self);

/* Pixels [x0, x1). */
typedef struct
{
  int x0, x1;
} GanderTimelineSpan;

/* An image of an earlier layout, of which a pan leaves most as it is. */
typedef struct
{
  const GanderTimeline *before;
  const guint32 *pixels; /* the one at the left end of the time axis, first line */
  gssize stride;
  int shift; /* px that things are further left now */
} GanderTimelineReuse;

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

/* Returns: FALSE if nothing of @picture, an image like @canvas that @before was painted on, is of
 * use. */
gboolean gander_timeline_reuse_init (GanderTimelineReuse *self,
                                     const GanderTimeline *now,
                                     const GanderTimeline *before,
                                     cairo_surface_t *picture,
                                     const GanderCanvas *canvas,
                                     const GanderTheme *theme);
/* Copies to @canvas, an image, what of the lines of @part is as it was. Appends the
 * GanderTimelineSpan that are to be painted to @spans, in order. */
void gander_timeline_reuse_part (const GanderTimelineReuse *self,
                                 const GanderTimeline *now,
                                 const GanderTimelinePart *part,
                                 const GanderCanvas *canvas,
                                 GArray *spans);

/* What marks are painted with on an image, at the present factor. */
void gander_timeline_make_stamps (GanderTimeline *self);
void gander_timeline_clear_stamps (GanderTimeline *self);

G_END_DECLS
