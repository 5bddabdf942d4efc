/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cycles, pauses, assists, regions and tasks. */
#include "widgets/draw/timeline-private.h"

#include "widgets/draw/pattern.h"

#define FOOT_PX     3
#define OVERHANG_PX 2 /* that the outline of a short task reaches out of its bar */

static const GanderColor black = { 0, 0, 0 };

typedef struct
{
  GanderTimeline *self;
  GanderCanvas *canvas;
  cairo_t *cr; /* of the canvas */
  const GanderTheme *theme;
  guint first, n;
} Painter;

static double
shade_alpha (const Painter *p, GanderShade shade)
{
  return gander_shade_get_alpha (shade, p->self->view.hidden_shades, p->self->view.focus_shades);
}

static void
round_rect (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
paint_task (const Painter *p, const GanderBar *bar)
{
  double line = 1.4 * p->self->factor;

  round_rect (p->cr,
              bar->x0 + line / 2,
              bar->y0 + line / 2,
              MAX (bar->x1 - bar->x0 - line, 1),
              bar->y1 - bar->y0 - line,
              4 * p->self->factor);
  gander_theme_set_color (p->cr, &p->theme->region, 0.16);
  cairo_fill_preserve (p->cr);
  gander_theme_set_color (p->cr, &p->theme->region, 1);
  cairo_set_line_width (p->cr, line);
  cairo_stroke (p->cr);
}

/* Returns: the bars of @item on the canvas, and how many in @n, if one may be of @kind. */
static const GanderBar *
find_bars (const Painter *p, const GanderTimelineRow *item, GanderBarKind kind, guint *n)
{
  const GanderBar *bars = (const GanderBar *)(gpointer)p->self->sheet.bars->data + item->first_bar;
  gboolean one_kind =
      item->n_bars > 0 && (bars->kind == GANDER_BAR_REGION || bars->kind == GANDER_BAR_TASK);
  int overhang = gander_timeline_px (p->self, OVERHANG_PX);
  guint low = 0;
  guint high = item->n_bars;

  *n = item->n_bars;
  if (!one_kind || p->canvas->pixels == NULL)
    return bars;
  if (bars->kind != kind)
    *n = 0;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (bars[middle].x1 + overhang <= p->canvas->x0)
        low = middle + 1;
      else
        high = middle;
    }
  while (high < *n && bars[high].x0 - overhang < p->canvas->x1)
    high++;
  *n = MIN (*n, high) - MIN (*n, low);
  return bars + low;
}

static gboolean
has_bars (const Painter *p, GanderBarKind kind)
{
  for (guint r = p->first; r < p->first + p->n; r++)
    {
      guint n;
      const GanderBar *bars =
          find_bars (p, &g_array_index (p->self->items, GanderTimelineRow, r), kind, &n);

      for (guint i = 0; i < n; i++)
        if (bars[i].kind == kind)
          return TRUE;
    }
  return FALSE;
}

/* Paths of all bars of one kind, or of their lowest lines. */
static void
add_bars (const Painter *p, GanderBarKind kind, gboolean foot)
{
  GanderTimeline *self = p->self;

  for (guint r = p->first; r < p->first + p->n; r++)
    {
      guint n;
      const GanderBar *bars =
          find_bars (p, &g_array_index (self->items, GanderTimelineRow, r), kind, &n);

      for (guint i = 0; i < n; i++)
        {
          const GanderBar *bar = &bars[i];
          int width = bar->x1 - bar->x0;
          int whole = bar->y1 - bar->y0;
          int height = foot ? MIN (gander_timeline_px (self, FOOT_PX), whole) : whole;
          int y = bar->y1 - height;

          if (bar->kind != kind)
            continue;
          if (kind == GANDER_BAR_REGION && width >= gander_timeline_px (self, 6))
            round_rect (p->cr, bar->x0, y, width - 1, height, 2 * self->factor);
          else
            gander_canvas_add (p->canvas, bar->x0, y, width, height);
        }
    }
}

static void
paint_bars_of (const Painter *p,
               GanderBarKind kind,
               const GanderColor *color,
               double alpha,
               gboolean striped)
{
  if (!has_bars (p, kind))
    return;
  gander_canvas_set_color (p->canvas, color, alpha);
  gander_theme_set_color (p->cr, color, alpha);
  add_bars (p, kind, FALSE);
  gander_canvas_fill (p->canvas);
  cairo_fill (p->cr);
  if (striped)
    {
      cairo_pattern_t *source = gander_pattern_new (GANDER_PATTERN_VERTICAL,
                                                    &black,
                                                    0.28 * alpha,
                                                    p->self->factor,
                                                    p->theme->high_contrast ? 2 : 1,
                                                    p->self->scale.first);

      gander_canvas_set_pattern (p->canvas, source);
      cairo_pattern_destroy (source);
      add_bars (p, kind, FALSE);
      gander_canvas_fill (p->canvas);
    }
}

void
gander_timeline_paint_bars (GanderTimeline *self,
                            GanderCanvas *canvas,
                            const GanderTheme *theme,
                            guint first,
                            guint n)
{
  Painter p = { self, canvas, canvas->cr, theme, first, n };
  double gc = shade_alpha (&p, GANDER_SHADE_GC);

  paint_bars_of (&p, GANDER_BAR_MARK, &theme->shade[GANDER_SHADE_GC], gc, TRUE);
  paint_bars_of (&p, GANDER_BAR_ASSIST, &theme->shade[GANDER_SHADE_GC], gc, TRUE);
  gander_canvas_set_color (canvas, &theme->shade[GANDER_SHADE_RUNNING], gc);
  add_bars (&p, GANDER_BAR_ASSIST, TRUE);
  gander_canvas_fill (canvas);
  paint_bars_of (&p,
                 GANDER_BAR_STW,
                 &theme->shade[GANDER_SHADE_STW],
                 shade_alpha (&p, GANDER_SHADE_STW),
                 FALSE);
  paint_bars_of (&p, GANDER_BAR_REGION, &theme->region, 1, FALSE);
  for (guint r = first; r < first + n; r++)
    {
      guint n_bars;
      const GanderBar *bars = find_bars (&p,
                                         &g_array_index (self->items, GanderTimelineRow, r),
                                         GANDER_BAR_TASK,
                                         &n_bars);

      for (guint i = 0; i < n_bars; i++)
        if (bars[i].kind == GANDER_BAR_TASK)
          paint_task (&p, &bars[i]);
    }
}
