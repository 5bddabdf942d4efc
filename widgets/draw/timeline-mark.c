/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <math.h>

#define MARK_PX    5
#define CROWDED_PX 30 /* fewer px a mark than this are a crowd */
#define MARGIN_PX  1  /* of a stamp */
#define HALO_PX    4  /* the same for halo and tips */

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

/* Returns: (transfer full) a mark as a mask: a picture may show twenty thousand. Its origin is the
 * middle of the line that the mark begins in. */
static cairo_surface_t *
make_stamp (const GanderTimeline *self, GanderMarkKind kind, gboolean halo)
{
  double size = MARK_PX * self->factor;
  int margin = (int)ceil ((halo ? HALO_PX : MARGIN_PX) * self->factor);
  int length = (int)ceil (size) + 2 * margin;
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A8, length, length + 1);
  cairo_t *cr;

  cairo_surface_set_device_offset (mask, length / 2, margin - floor (-self->factor));
  cr = cairo_create (mask);
  add_mark_path (cr, kind, 0, -self->factor, size);
  cairo_set_line_width (cr, 2 * self->factor);
  if (halo)
    cairo_stroke (cr);
  else
    cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (mask);
  return mask;
}

void
gander_timeline_clear_stamps (GanderTimeline *self)
{
  for (guint kind = 0; kind < GANDER_N_MARKS; kind++)
    for (guint halo = 0; halo < 2; halo++)
      g_clear_pointer (&self->stamps[halo][kind], cairo_surface_destroy);
}

void
gander_timeline_make_stamps (GanderTimeline *self)
{
  gander_timeline_clear_stamps (self);
  for (guint kind = 0; kind < GANDER_N_MARKS; kind++)
    for (guint halo = 0; halo < 2; halo++)
      self->stamps[halo][kind] = make_stamp (self, kind, halo == 1);
}

static void
paint_row_stamps (const GanderTimeline *self,
                  GanderCanvas *canvas,
                  const GanderTimelineRow *item,
                  const GanderColor *color,
                  gboolean halo)
{
  gander_canvas_set_color (canvas, color, 1);
  for (guint i = item->first_mark; i < item->first_mark + item->n_marks; i++)
    {
      const GanderMarkItem *mark = &g_array_index (self->sheet.marks, GanderMarkItem, i);

      gander_canvas_add_mask (canvas,
                              self->stamps[halo][MIN (mark->kind, GANDER_N_MARKS - 1)],
                              mark->x,
                              item->bar_y0);
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
      const GanderMarkItem *mark = &g_array_index (self->sheet.marks, GanderMarkItem, i);

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

gboolean
gander_timeline_is_crowded (const GanderTimeline *self, const GanderTimelineRow *item)
{
  return item->n_marks > (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));
}

/* A rail full of marks is told in a quieter voice: no halo. */
void
gander_timeline_paint_marks (GanderTimeline *self,
                             GanderCanvas *canvas,
                             const GanderTheme *theme,
                             const GanderTimelinePart *part)
{
  /* Without a halo they must be seen on blocked columns, which are light in every theme. */
  const GanderColor *quiet = theme->dark ? &theme->canvas : &theme->secondary;

  cairo_set_line_width (canvas->cr, 2 * self->factor);
  for (guint r = part->near; r < part->near + part->n_near; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);
      gboolean crowded = gander_timeline_is_crowded (self, item);
      const GanderColor *color = crowded ? quiet : &theme->text;

      if (canvas->pixels == NULL)
        {
          paint_row_paths (self, canvas->cr, item, color, crowded ? NULL : &theme->canvas);
          continue;
        }
      if (!crowded)
        paint_row_stamps (self, canvas, item, &theme->canvas, TRUE);
      paint_row_stamps (self, canvas, item, color, FALSE);
    }
  if (canvas->pixels != NULL)
    gander_canvas_fill (canvas);
}
