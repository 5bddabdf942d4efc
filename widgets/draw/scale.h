/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Time to pixel and back. Pixel borders are anchored to absolute trace time: with q = time per
 * pixel, column k covers [k q, (k + 1) q) whatever is in view, so a pan moves pixels and never
 * changes them.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* @begin may be negative and @end beyond the trace: the margins. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  int width;        /* pixels */
  double per_pixel; /* ns; the same for two scales of one length and width */
  gint64 first;     /* number of the column at x = 0 */
  GanderTime grain; /* blocks of spans up to this length count as mixed evenly */
} GanderScale;

/* An empty range counts as one nanosecond and an empty width as one pixel. The grain is so small
 * that it does not show. */
void gander_scale_init (GanderScale *self, GanderTime begin, GanderTime end, int width);

/* From now on the grain is a pixel: nothing is looked into that is no longer. */
void gander_scale_make_rough (GanderScale *self);

/* Returns: the pixel border next to @time, clamped to [-32000, width + 32000]. */
int gander_scale_get_x (const GanderScale *self, GanderTime time);
/* Returns: the time at the left border of pixel @x; fractions are interpolated. */
GanderTime gander_scale_get_time (const GanderScale *self, double x);

/* Fills the @n + 1 borders of the columns [x0, x0 + n). Ascending. */
void gander_scale_get_edges (const GanderScale *self, int x0, guint n, GanderTime *edges);

typedef struct
{
  int x;
  GanderTime time; /* counted from the instant that the axis calls 0 */
  gboolean major;  /* has a label */
} GanderTick;

/* Steps of 1, 2 or 5 from @zero with major ticks at least @min_px apart and five minor ones to a
 * major. Appends GanderTick to @ticks, and gives the major step. */
GanderTime
gander_scale_get_ticks (const GanderScale *self, GanderTime zero, int min_px, GArray *ticks);

/* Room for any text of the functions below, NUL included. */
#define GANDER_TEXT_SIZE 64

/* "478 µs", "16.47 ms", "1.842 s", "2 m 04 s": at most four significant digits and a narrow
 * no-break space before the unit. Returns: @out. */
const char *gander_scale_format_duration (GanderTime time, char out[GANDER_TEXT_SIZE]);
/* All nanoseconds, "16.469 218 ms". Returns: @out. */
const char *gander_scale_format_duration_exact (GanderTime time, char out[GANDER_TEXT_SIZE]);
/* An instant on an axis with the given step: just enough digits, "737.81 ms". Returns: @out. */
const char *
gander_scale_format_instant (GanderTime time, GanderTime step, char out[GANDER_TEXT_SIZE]);
/* "59 %", "3.5 %": no decimals from 10 %. @part of @whole. Returns: @out. */
const char *
gander_scale_format_share (GanderTime part, GanderTime whole, char out[GANDER_TEXT_SIZE]);
/* "47.3 MiB". Returns: @out. */
const char *gander_scale_format_bytes (guint64 bytes, char out[GANDER_TEXT_SIZE]);
/* "1,284", with the separator of the locale. Returns: @out. */
const char *gander_scale_format_count (guint64 n, char out[GANDER_TEXT_SIZE]);

G_END_DECLS
