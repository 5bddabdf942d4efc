/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <math.h>

#define MARK_PX    5
#define CROWDED_PX 30 /* fewer px a mark than this are a crowd */
#define MARGIN_PX  4  /* of a stamp, for halo and tips */

/* @x: of the middle. @y: of the upper end. */
static void
add_mark_path (cairo_t *cr, GanderMarkKind kind, double x, double y, double size)
{
  switch (kind)
    {
    case GANDER_MARK_EXTREME:
      cairo_move_to (cr, x - size / 2, y);
      cairo_line_to (cr, x + size / 2, y);
      cairo_line_to (cr, x, y + size);
      break;
    case GANDER_MARK_FINDING:
      cairo_move_to (cr, x - size / 2, y + size);
      cairo_line_to (cr, x + size / 2, y + size);
      cairo_line_to (cr, x, y);
      break;
    case GANDER_MARK_SEARCH:
      cairo_rectangle (cr, x - size / 2, y, size, size);
      break;
    case GANDER_MARK_LOG:
    case GANDER_N_MARKS:
    default:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y + size / 2, size / 2, 0, 2 * G_PI);
      break;
    }
  cairo_close_path (cr);
}

/* A mark as an image painted once: a picture may show twenty thousand. */
typedef struct
{
  cairo_surface_t *mask; /* A8 */
  int x, y;              /* of its origin from the middle, from the line that the mark begins in */
} Stamp;

static void
stamp_init (Stamp *self, const GanderTimeline *timeline, GanderMarkKind kind, gboolean halo)
{
  double size = MARK_PX * timeline->factor;
  int margin = (int)ceil (MARGIN_PX * timeline->factor);
  int length = (int)ceil (size) + 2 * margin;
  double y = -timeline->factor;
  cairo_t *cr;

  self->x = -length / 2;
  self->y = (int)floor (y) - margin;
  self->mask = cairo_image_surface_create (CAIRO_FORMAT_A8, length, length + 1);
  cr = cairo_create (self->mask);
  cairo_translate (cr, -self->x, -self->y);
  add_mark_path (cr, kind, 0, y, size);
  cairo_set_line_width (cr, 2 * timeline->factor);
  if (halo)
    cairo_stroke (cr);
  else
    cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (self->mask);
}

static void
paint_row_stamps (const GanderTimeline *self,
                  GanderCanvas *canvas,
                  const GanderTimelineRow *item,
                  const Stamp *stamps)
{
  for (guint i = item->first_mark; i < item->first_mark + item->n_marks; i++)
    {
      const GanderMarkItem *mark = &g_array_index (self->marks, GanderMarkItem, i);
      const Stamp *stamp = &stamps[MIN (mark->kind, GANDER_N_MARKS - 1)];

      gander_canvas_add_mask (canvas, stamp->mask, mark->x + stamp->x, item->bar_y0 + stamp->y);
    }
}

static void
paint_row_paths (const GanderTimeline *self,
                 cairo_t *cr,
                 const GanderTimelineRow *item,
                 const GanderColor *color,
                 const GanderColor *halo)
{
  for (guint i = item->first_mark; i < item->first_mark + item->n_marks; i++)
    {
      const GanderMarkItem *mark = &g_array_index (self->marks, GanderMarkItem, i);

      add_mark_path (cr, mark->kind, mark->x, item->bar_y0 - self->factor, MARK_PX * self->factor);
    }
  if (halo != NULL)
    {
      gander_theme_set_color (cr, halo, 1);
      cairo_stroke_preserve (cr);
    }
  gander_theme_set_color (cr, color, 1);
  cairo_fill (cr);
}

/* A rail full of marks is told in a quieter voice: no halo. */
void
gander_timeline_paint_marks (GanderTimeline *self,
                             cairo_t *cr,
                             const GanderTheme *theme,
                             guint first,
                             guint n)
{
  /* Without a halo they must be seen on blocked columns, which are light in every theme. */
  const GanderColor *quiet = theme->dark ? &theme->canvas : &theme->secondary;
  guint crowd = (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));
  g_auto (GanderCanvas) canvas = { 0 };
  Stamp stamps[2][GANDER_N_MARKS];

  gander_canvas_init (&canvas, cr);
  for (guint kind = 0; kind < GANDER_N_MARKS; kind++)
    for (guint halo = 0; halo < 2; halo++)
      stamp_init (&stamps[halo][kind], self, kind, halo == 1);
  cairo_set_line_width (cr, 2 * self->factor);
  for (guint r = first; r < first + n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);
      gboolean crowded = item->n_marks > crowd;
      const GanderColor *color = crowded ? quiet : &theme->text;

      if (canvas.pixels == NULL)
        {
          paint_row_paths (self, cr, item, color, crowded ? NULL : &theme->canvas);
          continue;
        }
      gander_canvas_set_color (&canvas, &theme->canvas, 1);
      if (!crowded)
        paint_row_stamps (self, &canvas, item, stamps[1]);
      gander_canvas_set_color (&canvas, color, 1);
      paint_row_stamps (self, &canvas, item, stamps[0]);
    }
  if (canvas.pixels != NULL)
    gander_canvas_fill (&canvas);
  for (guint kind = 0; kind < GANDER_N_MARKS; kind++)
    for (guint halo = 0; halo < 2; halo++)
      cairo_surface_destroy (stamps[halo][kind].mask);
}
