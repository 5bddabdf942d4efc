/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Colours and patterns of every picture: light, dark, and both with high contrast. One rule in all
 * of them: green runs, blue waits for a processor, white is blocked, red is garbage collection.
 * Colour is never the only sign, so each state also has a pattern or an edge.
 */

#include "reader/reader.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  double r, g, b;
} GanderColor;

/* The entries of the legend: what a person tells apart. Also the bits of "hidden" masks. */
typedef enum
{
  GANDER_SHADE_RUNNING,
  GANDER_SHADE_RUNNABLE,
  GANDER_SHADE_BLOCKED,
  GANDER_SHADE_SYSCALL,
  GANDER_SHADE_GC,
  GANDER_SHADE_STW,
  GANDER_N_SHADES,
} GanderShade;

typedef enum
{
  GANDER_PATTERN_NONE,
  GANDER_PATTERN_DIAGONAL,      /* ╱, 4 px: sync */
  GANDER_PATTERN_WIDE_DIAGONAL, /* ╱, 6 px: runnable */
  GANDER_PATTERN_BACK_DIAGONAL, /* ╲: waits for the collector */
  GANDER_PATTERN_VERTICAL,      /* channels, collector work */
  GANDER_PATTERN_CROSSED,       /* select */
  GANDER_PATTERN_DOTS,          /* network */
  GANDER_PATTERN_DASH,          /* sleep: one dashed centre line */
  GANDER_PATTERN_HEAVY_OUTLINE, /* forever */
  GANDER_PATTERN_FOOT,          /* system call without its processor: a coloured foot */
  GANDER_N_PATTERNS,
} GanderPattern;

typedef struct
{
  const char *id;
  gboolean dark;
  gboolean high_contrast;
  GanderColor shade[GANDER_N_SHADES]; /* fill */
  GanderColor ink[GANDER_N_SHADES];   /* label on that fill */
  GanderColor blocked_outline;
  GanderColor blocked_column; /* blocked where there is no room for an outline */
  GanderColor wait_mark;      /* mark of the kind of wait */
  GanderColor window, view, canvas, lane, label_column;
  GanderColor text, secondary;
  GanderColor grid, hairline;
  GanderColor region, region_ink;
  GanderColor counter;
  GanderColor accent; /* window box, chosen lane, badges; never fills a span */
  GanderColor link;
  GanderColor trace_a, trace_b;
  GanderColor better, worse;
  double outline_width; /* px, of hollow spans */
} GanderTheme;

/* Returns: (transfer none) the theme; static. */
const GanderTheme *gander_theme_get (gboolean dark, gboolean high_contrast);

/* Returns: the legend entry of a state, or GANDER_N_SHADES for NONE, UNKNOWN and SCHEDULING. */
GanderShade gander_shade_of_state (GanderState state);

/* Returns: (transfer none) the translated word of the legend ("Runnable"). */
const char *gander_shade_get_name (GanderShade shade);

/* Returns: the mark in the lowest pixels of a wait of this kind. */
GanderPattern gander_pattern_of_wait (GanderWait wait);

/* Returns: (transfer none) (nullable) the translated short word on a wait ("chan recv"); NULL for
 * NONE and OTHER, whose reason text is the word. */
const char *gander_wait_get_word (GanderWait wait);

/* Returns: how thick a line of one px is where @scale device pixels are a px: whole pixels, at
 * least one. */
int gander_theme_get_hairline (double scale);

/* Makes @color the source of @cr. */
void gander_theme_set_color (cairo_t *cr, const GanderColor *color, double alpha);

/* Paints the box of one legend entry as it looks on the canvas: fill, pattern, edge. In px. */
void gander_theme_paint_swatch (cairo_t *cr,
                                const GanderTheme *self,
                                GanderShade shade,
                                double x,
                                double y,
                                double width,
                                double height);

G_END_DECLS
