/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Columns: one device pixel of time as a small stacked bar. The parts have the heights of their
 * exact shares, rounded by largest remainder, but whatever is there at all gets a pixel. Columns
 * are painted as pixels of an image, not as boxes: a box each would take most of the frame.
 */

#include "widgets/draw/canvas.h"

G_BEGIN_DECLS

/* Parts from bottom to top. */
typedef enum
{
  GANDER_PART_RUNNING,
  GANDER_PART_SYSCALL,
  GANDER_PART_GC,
  GANDER_PART_RUNNABLE,
  GANDER_PART_BLOCKED,
  GANDER_N_PARTS,
} GanderPart;

typedef struct
{
  guint8 height[GANDER_N_PARTS]; /* device pixels */
  guint8 dense;                  /* more spans than a person could count here */
} GanderColumn;

/* Returns: the part a state belongs to, or GANDER_N_PARTS for none. */
GanderPart gander_part_of_state (GanderState state);
GanderShade gander_shade_of_part (GanderPart part);

/* Times of @mix by part. */
void gander_column_get_parts (const GanderMix *mix, GanderTime parts[GANDER_N_PARTS]);

/* Shares of @whole, which is at least their sum, as pixels of @height (at most 255). */
void gander_column_stack (GanderColumn *self,
                          const GanderTime parts[GANDER_N_PARTS],
                          GanderTime whole,
                          int height);

/* A reusable image that takes columns. */
typedef struct
{
  cairo_surface_t *surface; /* (owned) (nullable) */
  int width;
  int height;
  int used; /* lines given out since the last reset */
} GanderStrip;

void gander_strip_clear (GanderStrip *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderStrip, gander_strip_clear)
/* Empties it and makes room for @height lines of @width. What @cr may have recorded
 * of the image before stays as it was. */
void gander_strip_reset (GanderStrip *self, cairo_t *cr, int width, int height);

/* The colours of the parts on the ground of lanes, ready to store. */
typedef struct
{
  guint32 part[GANDER_N_PARTS];
  guint32 ground;  /* where nothing is, in a strip */
  guint32 outline; /* upper and lower end of a blocked part at the border of the bar; 0 = none */
} GanderInks;

/* Makes inks. */
void gander_inks_init (GanderInks *self,
                       const GanderTheme *theme,
                       guint hidden_shades,
                       guint focus_shades,
                       double alpha);

/* Writes the bars of @n columns, ground included. All is written before anything is painted.
 * Returns: the first of @height lines taken, or -1 if there is no room. */
int gander_strip_write (GanderStrip *self,
                        const GanderColumn *columns,
                        int n,
                        const GanderInks *inks,
                        int height);
/* Paints @n columns of the @height lines from @line with (@x, @y) the top left of the bar. */
void gander_strip_paint (const GanderStrip *self,
                         cairo_t *cr,
                         int line,
                         int n,
                         int x,
                         int y,
                         int height);

/* Stores the bars of @n columns straight into the image of @canvas, (0, @y) the top left. @columns
 * (nullable): NULL where there are none. @ground: a line of @n pixels, what shows behind them. */
void gander_columns_store (const GanderColumn *columns,
                           int n,
                           const GanderInks *inks,
                           const guint32 *ground,
                           GanderCanvas *canvas,
                           int y,
                           int height);

/* Adds the line above @y over each run of dense columns. */
void gander_columns_add_dense (const GanderColumn *columns, int n, GanderCanvas *canvas, int y);

/* Returns: how strongly a shade is painted, 1, 0.35 or 0.12. */
double gander_shade_get_alpha (GanderShade shade, guint hidden_shades, guint focus_shades);

G_END_DECLS
