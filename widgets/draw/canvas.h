/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Rectangles of whole device pixels. Where the target is an image and user space is its pixels they
 * are stored straight into it, which takes a tenth of what cairo takes for a rectangle; anywhere
 * else (a page of another scale, SVG, PDF) cairo draws them. Both look the same, but for rounding.
 * Rectangles between a source and gander_canvas_fill () must not overlap unless they are opaque.
 */

#include "widgets/draw/theme.h"

G_BEGIN_DECLS

typedef struct _GanderWeave GanderWeave;

typedef struct
{
  cairo_t *cr;            /* (nullable) NULL: a line */
  cairo_surface_t *image; /* (nullable) with @pixels: what it paints on */
  guint32 *pixels;        /* (nullable) the one at the origin of user space; NULL = cairo draws */
  gssize stride;
  int left, top;            /* of the origin in the image */
  int x0, y0, x1, y1;       /* what may be painted */
  guint32 color;            /* premultiplied */
  cairo_pattern_t *pattern; /* (nullable) (owned) instead of @color */
  GanderWeave *weave;       /* (nullable) (owned) what @pattern does to the image */
} GanderCanvas;

/* Begins to paint on @cr as it is now translated and clipped. Others may paint on it whenever all
 * that was added is filled. */
void gander_canvas_init (GanderCanvas *self, cairo_t *cr);
void gander_canvas_clear (GanderCanvas *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCanvas, gander_canvas_clear)

/* Begins to paint on @line, the pixels of the line @y of user space from 0 on, between @x0 and @x1.
 */
void gander_canvas_init_line (GanderCanvas *self, guint32 *line, int x0, int x1, int y);

/* What the rectangles from now on are filled with: a colour, or one of the sources of pattern.h. */
void gander_canvas_set_color (GanderCanvas *self, const GanderColor *color, double alpha);
void gander_canvas_set_pattern (GanderCanvas *self, cairo_pattern_t *pattern);

/* Adds a rectangle; an empty one is none. */
void gander_canvas_add (GanderCanvas *self, int x, int y, int width, int height);
/* The same for @n rectangles from @y to @y + @height, in order: their @x and @width. */
typedef struct
{
  int x;
  int width;
} GanderStripe;
void gander_canvas_add_stripes (GanderCanvas *self,
                                const GanderStripe *stripes,
                                guint n,
                                int y,
                                int height);
/* Adds @mask, an A8 image, with its origin at (@x, @y). Only on an image. */
void gander_canvas_add_mask (GanderCanvas *self, cairo_surface_t *mask, int x, int y);
/* All rectangles since the last time are there after this. */
void gander_canvas_fill (GanderCanvas *self);

/* Returns: (transfer full) a context for the lines [@y0, @y1) of the image alone, with the same
 * user space: what another thread may paint on meanwhile. */
cairo_t *gander_canvas_slice (const GanderCanvas *self, int y0, int y1) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
