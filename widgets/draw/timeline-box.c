/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include "widgets/draw/pattern.h"

#include <math.h>

#define PATTERN_FROM_PX 5
#define MARK_HEIGHT_PX  6
#define RAIL_PX         3
#define GAP_FROM_PX     4

static const GanderColor black = { 0, 0, 0 };
static const GanderColor white = { 1, 1, 1 };

typedef struct
{
  GanderTimeline *self;
  GanderCanvas *canvas;
  cairo_t *cr; /* of the canvas */
  const GanderTheme *theme;
  guint first, n;
} Painter;

typedef gboolean (*BoxTest) (const GanderLaneBox *box, guint what);
typedef struct
{
  int x, y, width, height;
} Rect;
/* Where in a box something goes. */
typedef Rect (*BoxPart) (const GanderTimeline *self, Rect box);

static gboolean
has_shade (const GanderLaneBox *box, guint shade)
{
  return gander_shade_of_state (box->state) == shade;
}

static gboolean
has_state (const GanderLaneBox *box, guint state)
{
  return box->state == state;
}

static gboolean
has_mark (const GanderLaneBox *box, guint pattern)
{
  return box->state == GANDER_STATE_BLOCKED && gander_pattern_of_wait (box->wait) == pattern;
}

static Rect
whole (const GanderTimeline *self, Rect box)
{
  (void)self;
  return box;
}

static Rect
foot (const GanderTimeline *self, Rect box)
{
  int height = MIN (gander_timeline_px (self, RAIL_PX), box.height);

  return (Rect){ box.x, box.y + box.height - height, box.width, height };
}

static Rect
rail (const GanderTimeline *self, Rect box)
{
  return (Rect){ box.x, box.y, box.width, MIN (gander_timeline_px (self, RAIL_PX), box.height) };
}

/* The lowest pixels, within the outline. */
static Rect
mark_area (const GanderTimeline *self, Rect box)
{
  int line = MAX (1, (int)floor (self->factor));
  int height = gander_timeline_px (self, MARK_HEIGHT_PX);

  if (box.height <= gander_timeline_px (self, 10))
    height = box.height;
  return (Rect){
    box.x + line, box.y + box.height - height, MAX (box.width - 2 * line, 0), MAX (height - line, 0)
  };
}

/* A gap of one pixel parts neighbours that are wide enough to spare it. */
static Rect
box_rect (const GanderTimeline *self, const GanderTimelineRow *item, guint i)
{
  const GanderLaneBox *box =
      &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);
  int gap_from = gander_timeline_px (self, GAP_FROM_PX);
  Rect rect = { box->x0, item->bar_y0, box->x1 - box->x0, item->bar_y1 - item->bar_y0 };

  if (i + 1 < item->lane.n_boxes && rect.width >= gap_from && box[1].x0 == box->x1 &&
      box[1].x1 - box[1].x0 >= gap_from)
    rect.width--;
  return rect;
}

/* One source and one fill for all boxes that pass the test. */
static void
fill_boxes (const Painter *p, BoxTest test, guint what, BoxPart part)
{
  GanderTimeline *self = p->self;
  gboolean any = FALSE;

  for (guint r = p->first; r < p->first + p->n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);

      for (guint i = 0; i < item->lane.n_boxes; i++)
        {
          const GanderLaneBox *box =
              &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);
          Rect rect;

          if (box->thin || !test (box, what))
            continue;
          rect = part (self, box_rect (self, item, i));
          if (rect.width <= 0 || rect.height <= 0)
            continue;
          gander_canvas_add (p->canvas, rect.x, rect.y, rect.width, rect.height);
          any = TRUE;
        }
    }
  if (any)
    gander_canvas_fill (p->canvas);
}

static double
shade_alpha (const Painter *p, GanderShade shade)
{
  return gander_shade_get_alpha (shade, p->self->view.hidden_shades, p->self->view.focus_shades);
}

static void
fill_pattern (const Painter *p,
              GanderPattern pattern,
              const GanderColor *color,
              double alpha,
              BoxTest test,
              guint what,
              BoxPart part)
{
  /* Marks of waits cover the whole bar in high contrast and must leave some of it. */
  double heavy = test == has_mark ? 1.4 : 2;
  cairo_pattern_t *source = gander_pattern_new (pattern,
                                                color,
                                                alpha,
                                                p->self->factor,
                                                p->theme->high_contrast ? heavy : 1,
                                                p->self->scale.first);

  if (source == NULL)
    return;
  gander_canvas_set_pattern (p->canvas, source);
  cairo_pattern_destroy (source);
  fill_boxes (p, test, what, part);
}

void
gander_timeline_paint_fills (GanderTimeline *self,
                             GanderCanvas *canvas,
                             const GanderTheme *theme,
                             guint first,
                             guint n)
{
  Painter p = { self, canvas, canvas->cr, theme, first, n };

  for (guint shade = 0; shade < GANDER_SHADE_STW; shade++)
    {
      gander_canvas_set_color (canvas, &theme->shade[shade], shade_alpha (&p, shade));
      fill_boxes (&p, has_shade, shade, whole);
    }
}

static void
paint_patterns (const Painter *p)
{
  const GanderTheme *theme = p->theme;

  fill_pattern (p,
                GANDER_PATTERN_WIDE_DIAGONAL,
                &white,
                0.30 * shade_alpha (p, GANDER_SHADE_RUNNABLE),
                has_shade,
                GANDER_SHADE_RUNNABLE,
                whole);
  fill_pattern (p,
                GANDER_PATTERN_VERTICAL,
                &black,
                0.28 * shade_alpha (p, GANDER_SHADE_GC),
                has_shade,
                GANDER_SHADE_GC,
                whole);
  for (guint pattern = GANDER_PATTERN_DIAGONAL; pattern < GANDER_PATTERN_DASH; pattern++)
    fill_pattern (p,
                  pattern,
                  pattern == GANDER_PATTERN_BACK_DIAGONAL ? &theme->shade[GANDER_SHADE_GC]
                                                          : &theme->wait_mark,
                  shade_alpha (p, GANDER_SHADE_BLOCKED),
                  has_mark,
                  pattern,
                  theme->high_contrast ? whole : mark_area);
}

/* Rails and feet: what tells a system call and an assist without colour. */
static void
paint_edges (const Painter *p)
{
  const GanderTheme *theme = p->theme;

  gander_canvas_set_color (p->canvas, &black, 0.55 * shade_alpha (p, GANDER_SHADE_SYSCALL));
  fill_boxes (p, has_shade, GANDER_SHADE_SYSCALL, rail);
  gander_canvas_set_color (p->canvas,
                           &theme->shade[GANDER_SHADE_RUNNING],
                           shade_alpha (p, GANDER_SHADE_GC));
  fill_boxes (p, has_state, GANDER_STATE_GC_ASSIST, foot);
}

static gboolean
is_hollow (const GanderLaneBox *box)
{
  return box->state == GANDER_STATE_BLOCKED || box->state == GANDER_STATE_UNKNOWN ||
         box->state == GANDER_STATE_SYSCALL_BLOCKED;
}

/* Frame of a box as four bars; an end that is not in the trace stays open. */
static void
add_outline (GanderCanvas *canvas, const GanderLaneBox *box, Rect rect, int line)
{
  int sides = rect.height - 2 * line;

  gander_canvas_add (canvas, rect.x, rect.y, rect.width, line);
  gander_canvas_add (canvas, rect.x, rect.y + rect.height - line, rect.width, line);
  if (!(box->flags & GANDER_SPAN_OPEN_BEGIN))
    gander_canvas_add (canvas, rect.x, rect.y + line, line, sides);
  if (!(box->flags & GANDER_SPAN_OPEN_END))
    gander_canvas_add (canvas, rect.x + rect.width - line, rect.y + line, line, sides);
}

/* A line through the middle, half of it gaps that pan with the spans. */
static void
add_dash (GanderCanvas *canvas, Rect rect, int line, double scale, gint64 shift)
{
  int dash = MAX (1, (int)lround (4 * scale));
  int end = rect.x + rect.width;
  int x = rect.x - (int)((shift + rect.x) % (2 * dash));

  for (; x < end; x += 2 * dash)
    {
      int begin = MAX (x, rect.x);
      gander_canvas_add (canvas,
                         begin,
                         rect.y + (rect.height - line) / 2,
                         MIN (x + dash, end) - begin,
                         line);
    }
}

static void
paint_hollow (const Painter *p, const GanderTimelineRow *item, guint i, int line)
{
  const GanderTimeline *self = p->self;
  const GanderLaneBox *box =
      &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);
  Rect rect = box_rect (self, item, i);

  if (box->state == GANDER_STATE_UNKNOWN)
    return;
  if (box->wait == GANDER_WAIT_FOREVER)
    line *= 2;
  add_outline (p->canvas, box, rect, line);
}

static void
stroke_unknown (const Painter *p, Rect rect, int line)
{
  const double dashes[] = { 3.0 * line, 3.0 * line };

  cairo_set_dash (p->cr, dashes, 2, 0);
  cairo_rectangle (p->cr,
                   rect.x + line / 2.0,
                   rect.y + line / 2.0,
                   MAX (rect.width - line, 1),
                   rect.height - line);
  cairo_stroke (p->cr);
  cairo_set_dash (p->cr, NULL, 0, 0);
}

/* Calls @paint for every box that has an outline of its own. */
static void
for_hollow (const Painter *p,
            int line,
            void (*paint) (const Painter *p, const GanderTimelineRow *item, guint i, int line))
{
  for (guint r = p->first; r < p->first + p->n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (p->self->items, GanderTimelineRow, r);

      for (guint i = 0; i < item->lane.n_boxes; i++)
        {
          const GanderLaneBox *box =
              &g_array_index (p->self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);

          if (!box->thin && is_hollow (box))
            paint (p, item, i, line);
        }
    }
}

static void
paint_sleep (const Painter *p, const GanderTimelineRow *item, guint i, int line)
{
  GanderTimeline *self = p->self;
  const GanderLaneBox *box =
      &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);

  if (box->state == GANDER_STATE_BLOCKED && box->wait == GANDER_WAIT_SLEEP)
    add_dash (p->canvas,
              mark_area (self, box_rect (self, item, i)),
              line,
              self->factor,
              self->scale.first);
}

static void
paint_unknown (const Painter *p, const GanderTimelineRow *item, guint i, int line)
{
  const GanderLaneBox *box =
      &g_array_index (p->self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);

  if (box->state == GANDER_STATE_UNKNOWN)
    stroke_unknown (p, box_rect (p->self, item, i), line);
}

static void
paint_outlines (const Painter *p)
{
  int line = MAX (1, (int)floor (p->self->factor * p->theme->outline_width));
  double alpha = shade_alpha (p, GANDER_SHADE_BLOCKED);

  gander_canvas_set_color (p->canvas, &p->theme->blocked_outline, alpha);
  for_hollow (p, line, paint_hollow);
  gander_canvas_fill (p->canvas);
  gander_canvas_set_color (p->canvas, &p->theme->wait_mark, alpha);
  for_hollow (p, line, paint_sleep);
  gander_canvas_fill (p->canvas);
  gander_theme_set_color (p->cr, &p->theme->wait_mark, alpha);
  cairo_set_line_width (p->cr, line);
  for_hollow (p, line, paint_unknown);
}

/* In high contrast every span has an outline, so that neighbours of one colour stay two. */
static void
paint_contrast_outlines (const Painter *p)
{
  int line = MAX (1, (int)floor (p->self->factor));

  gander_canvas_set_color (p->canvas, &p->theme->text, 1);
  for (guint r = p->first; r < p->first + p->n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (p->self->items, GanderTimelineRow, r);

      for (guint i = 0; i < item->lane.n_boxes; i++)
        {
          const GanderLaneBox *box =
              &g_array_index (p->self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);

          if (!box->thin && !is_hollow (box) &&
              gander_shade_of_state (box->state) < GANDER_N_SHADES)
            add_outline (p->canvas, box, box_rect (p->self, item, i), line);
        }
    }
  gander_canvas_fill (p->canvas);
}

void
gander_timeline_paint_boxes (GanderTimeline *self,
                             GanderCanvas *canvas,
                             const GanderTheme *theme,
                             guint first,
                             guint n)
{
  Painter p = { self, canvas, canvas->cr, theme, first, n };

  paint_patterns (&p);
  paint_edges (&p);
  paint_outlines (&p);
  if (theme->high_contrast)
    paint_contrast_outlines (&p);
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

/* Paths of all bars of one kind. */
static void
add_bars (const Painter *p, GanderBarKind kind, BoxPart part)
{
  GanderTimeline *self = p->self;

  for (guint r = p->first; r < p->first + p->n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);

      for (guint i = item->first_bar; i < item->first_bar + item->n_bars; i++)
        {
          const GanderBar *bar = &g_array_index (self->sheet.bars, GanderBar, i);
          Rect rect = { bar->x0, bar->y0, bar->x1 - bar->x0, bar->y1 - bar->y0 };

          if (bar->kind != kind)
            continue;
          rect = part (self, rect);
          if (kind == GANDER_BAR_REGION && rect.width >= gander_timeline_px (self, 6))
            round_rect (p->cr, rect.x, rect.y, rect.width - 1, rect.height, 2 * self->factor);
          else
            gander_canvas_add (p->canvas, rect.x, rect.y, rect.width, rect.height);
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
  gander_canvas_set_color (p->canvas, color, alpha);
  gander_theme_set_color (p->cr, color, alpha);
  add_bars (p, kind, whole);
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
      add_bars (p, kind, whole);
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
  add_bars (&p, GANDER_BAR_ASSIST, foot);
  gander_canvas_fill (canvas);
  paint_bars_of (&p,
                 GANDER_BAR_STW,
                 &theme->shade[GANDER_SHADE_STW],
                 shade_alpha (&p, GANDER_SHADE_STW),
                 FALSE);
  paint_bars_of (&p, GANDER_BAR_REGION, &theme->region, 1, FALSE);
  for (guint r = first; r < first + n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);

      for (guint i = item->first_bar; i < item->first_bar + item->n_bars; i++)
        if (g_array_index (self->sheet.bars, GanderBar, i).kind == GANDER_BAR_TASK)
          paint_task (&p, &g_array_index (self->sheet.bars, GanderBar, i));
    }
}
