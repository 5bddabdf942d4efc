/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/pattern.h"

#include <math.h>

typedef struct
{
  double pitch; /* px */
  double width; /* px, of a line */
} Shape;

static const Shape shapes[GANDER_N_PATTERNS] = {
  [GANDER_PATTERN_DIAGONAL] = { 4, 1 },      [GANDER_PATTERN_WIDE_DIAGONAL] = { 6, 1.4 },
  [GANDER_PATTERN_BACK_DIAGONAL] = { 4, 1 }, [GANDER_PATTERN_VERTICAL] = { 4, 1 },
  [GANDER_PATTERN_CROSSED] = { 5, 1 },       [GANDER_PATTERN_DOTS] = { 4, 1 },
};

/* Lines run over the borders of the tile, so that tiles meet without a seam. */
static void
add_diagonals (cairo_t *cr, double size, gboolean backward)
{
  for (int i = -1; i <= 1; i++)
    {
      double x = i * size;

      cairo_move_to (cr, x - size, backward ? -size : 2 * size);
      cairo_line_to (cr, x + 2 * size, backward ? 2 * size : -size);
    }
  cairo_stroke (cr);
}

static void
draw_tile (cairo_t *cr, GanderPattern pattern, int size, double width)
{
  cairo_set_line_width (cr, width);
  switch (pattern)
    {
    case GANDER_PATTERN_DIAGONAL:
    case GANDER_PATTERN_WIDE_DIAGONAL:
      add_diagonals (cr, size, FALSE);
      break;
    case GANDER_PATTERN_BACK_DIAGONAL:
      add_diagonals (cr, size, TRUE);
      break;
    case GANDER_PATTERN_CROSSED:
      add_diagonals (cr, size, FALSE);
      add_diagonals (cr, size, TRUE);
      break;
    case GANDER_PATTERN_VERTICAL:
      cairo_rectangle (cr, 0, 0, MAX (1, round (width)), size);
      cairo_fill (cr);
      break;
    case GANDER_PATTERN_DOTS:
      cairo_rectangle (cr, 1, 1, MAX (1, round (width)), MAX (1, round (width)));
      cairo_fill (cr);
      break;
    default:
      break;
    }
}

/* Takes @tile, which repeats every @size pixels. */
static cairo_pattern_t *
repeat (cairo_surface_t *tile, int size, gint64 shift)
{
  cairo_pattern_t *source = cairo_pattern_create_for_surface (tile);
  cairo_matrix_t matrix;

  cairo_surface_destroy (tile);
  cairo_pattern_set_extend (source, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (source, CAIRO_FILTER_NEAREST);
  cairo_matrix_init_translate (&matrix, (double)(shift % size), 0);
  cairo_pattern_set_matrix (source, &matrix);
  return source;
}

cairo_pattern_t *
gander_pattern_new (GanderPattern pattern,
                    const GanderColor *color,
                    double alpha,
                    double scale,
                    double weight,
                    gint64 shift)
{
  const Shape *shape = &shapes[pattern];
  int size = MAX (2, (int)lround (shape->pitch * scale));
  cairo_surface_t *tile;
  cairo_t *cr;

  if (shape->pitch <= 0)
    return NULL;
  tile = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cr = cairo_create (tile);
  gander_theme_set_color (cr, color, alpha);
  draw_tile (cr, pattern, size, shape->width * scale * weight);
  cairo_destroy (cr);

  return repeat (tile, size, shift);
}

cairo_pattern_t *
gander_pattern_new_dotted (const GanderColor *color, double alpha, gint64 shift)
{
  cairo_surface_t *tile = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 4, 1);
  cairo_t *cr = cairo_create (tile);

  gander_theme_set_color (cr, color, alpha);
  cairo_rectangle (cr, 0, 0, 2, 1);
  cairo_fill (cr);
  cairo_destroy (cr);
  return repeat (tile, 4, shift);
}
