/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include "widgets/draw/pattern.h"

#include <math.h>

#define PATTERN_FROM_PX 5
#define MARK_HEIGHT_PX  6
#define RAIL_PX         3
#define GAP_FROM_PX     4
#define RAIL_MARK_PX    5
#define CROWDED_PX      30 /* fewer px a mark than this are a crowd */

static const GanderColor black = { 0, 0, 0 };
static const GanderColor white = { 1, 1, 1 };

typedef struct
{
  GanderTimeline *self;
  cairo_t *cr;
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
  const GanderLaneBox *box = &g_array_index (self->boxes, GanderLaneBox, item->lane.first_box + i);
  int gap_from = gander_timeline_px (self, GAP_FROM_PX);
  Rect rect = { box->x0, item->bar_y0, box->x1 - box->x0, item->bar_y1 - item->bar_y0 };

  if (i + 1 < item->lane.n_boxes && rect.width >= gap_from && box[1].x0 == box->x1 &&
      box[1].x1 - box[1].x0 >= gap_from)
    rect.width--;
  return rect;
}

/* One path and one fill for all boxes that pass the test. */
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
              &g_array_index (self->boxes, GanderLaneBox, item->lane.first_box + i);
          Rect rect;

          if (box->thin || !test (box, what))
            continue;
          rect = part (self, box_rect (self, item, i));
          if (rect.width <= 0 || rect.height <= 0)
            continue;
          cairo_rectangle (p->cr, rect.x, rect.y, rect.width, rect.height);
          any = TRUE;
        }
    }
  if (any)
    cairo_fill (p->cr);
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
  cairo_set_source (p->cr, source);
  cairo_pattern_destroy (source);
  fill_boxes (p, test, what, part);
}

static void
paint_fills (const Painter *p)
{
  for (guint shade = 0; shade < GANDER_SHADE_STW; shade++)
    {
      gander_theme_set_color (p->cr, &p->theme->shade[shade], shade_alpha (p, shade));
      fill_boxes (p, has_shade, shade, whole);
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

  gander_theme_set_color (p->cr, &black, 0.55 * shade_alpha (p, GANDER_SHADE_SYSCALL));
  fill_boxes (p, has_shade, GANDER_SHADE_SYSCALL, rail);
  gander_theme_set_color (p->cr,
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
add_outline (cairo_t *cr, const GanderLaneBox *box, Rect rect, int line)
{
  cairo_rectangle (cr, rect.x, rect.y, rect.width, line);
  cairo_rectangle (cr, rect.x, rect.y + rect.height - line, rect.width, line);
  if (!(box->flags & GANDER_SPAN_OPEN_BEGIN))
    cairo_rectangle (cr, rect.x, rect.y + line, line, rect.height - 2 * line);
  if (!(box->flags & GANDER_SPAN_OPEN_END))
    cairo_rectangle (cr, rect.x + rect.width - line, rect.y + line, line, rect.height - 2 * line);
}

static void
add_dash (cairo_t *cr, Rect rect, double scale, gint64 shift)
{
  double y = rect.y + rect.height / 2.0;
  double dash = 4 * scale;
  const double dashes[] = { dash, dash };

  cairo_set_dash (cr, dashes, 2, fmod ((double)shift + rect.x, 2 * dash));
  cairo_move_to (cr, rect.x, y);
  cairo_line_to (cr, rect.x + rect.width, y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
paint_hollow (const Painter *p, const GanderTimelineRow *item, guint i, int line)
{
  const GanderTimeline *self = p->self;
  const GanderLaneBox *box = &g_array_index (self->boxes, GanderLaneBox, item->lane.first_box + i);
  Rect rect = box_rect (self, item, i);

  if (box->state == GANDER_STATE_UNKNOWN)
    return;
  if (box->wait == GANDER_WAIT_FOREVER)
    line *= 2;
  add_outline (p->cr, box, rect, line);
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

static void
paint_outlines (const Painter *p)
{
  GanderTimeline *self = p->self;
  int line = MAX (1, (int)floor (self->factor * p->theme->outline_width));

  for (guint pass = 0; pass < 2; pass++)
    {
      gboolean dashes = pass == 1;

      for (guint r = p->first; r < p->first + p->n; r++)
        {
          const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);

          for (guint i = 0; i < item->lane.n_boxes; i++)
            {
              const GanderLaneBox *box =
                  &g_array_index (self->boxes, GanderLaneBox, item->lane.first_box + i);

              if (box->thin || !is_hollow (box))
                continue;
              if (!dashes)
                paint_hollow (p, item, i, line);
              else if (box->state == GANDER_STATE_UNKNOWN)
                stroke_unknown (p, box_rect (self, item, i), line);
              else if (box->state == GANDER_STATE_BLOCKED && box->wait == GANDER_WAIT_SLEEP)
                add_dash (p->cr,
                          mark_area (self, box_rect (self, item, i)),
                          self->factor,
                          self->scale.first);
            }
        }
      gander_theme_set_color (p->cr,
                              &p->theme->blocked_outline,
                              shade_alpha (p, GANDER_SHADE_BLOCKED));
      if (!dashes)
        {
          cairo_fill (p->cr);
          gander_theme_set_color (p->cr,
                                  &p->theme->wait_mark,
                                  shade_alpha (p, GANDER_SHADE_BLOCKED));
          cairo_set_line_width (p->cr, line);
        }
    }
}

/* In high contrast every span has an outline, so that neighbours of one colour stay two. */
static void
paint_contrast_outlines (const Painter *p)
{
  int line = MAX (1, (int)floor (p->self->factor));

  for (guint r = p->first; r < p->first + p->n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (p->self->items, GanderTimelineRow, r);

      for (guint i = 0; i < item->lane.n_boxes; i++)
        {
          const GanderLaneBox *box =
              &g_array_index (p->self->boxes, GanderLaneBox, item->lane.first_box + i);

          if (!box->thin && !is_hollow (box) &&
              gander_shade_of_state (box->state) < GANDER_N_SHADES)
            add_outline (p->cr, box, box_rect (p->self, item, i), line);
        }
    }
  gander_theme_set_color (p->cr, &p->theme->text, 1);
  cairo_fill (p->cr);
}

void
gander_timeline_paint_boxes (GanderTimeline *self,
                             cairo_t *cr,
                             const GanderTheme *theme,
                             guint first,
                             guint n)
{
  Painter p = { self, cr, theme, first, n };

  paint_fills (&p);
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
          const GanderBar *bar = &g_array_index (self->bars, GanderBar, i);
          Rect rect = { bar->x0, bar->y0, bar->x1 - bar->x0, bar->y1 - bar->y0 };

          if (bar->kind != kind)
            continue;
          rect = part (self, rect);
          if (kind == GANDER_BAR_REGION && rect.width >= gander_timeline_px (self, 6))
            round_rect (p->cr, rect.x, rect.y, rect.width - 1, rect.height, 2 * self->factor);
          else
            cairo_rectangle (p->cr, rect.x, rect.y, rect.width, rect.height);
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
  gander_theme_set_color (p->cr, color, alpha);
  add_bars (p, kind, whole);
  cairo_fill (p->cr);
  if (striped)
    {
      cairo_pattern_t *source = gander_pattern_new (GANDER_PATTERN_VERTICAL,
                                                    &black,
                                                    0.28 * alpha,
                                                    p->self->factor,
                                                    p->theme->high_contrast ? 2 : 1,
                                                    p->self->scale.first);

      cairo_set_source (p->cr, source);
      cairo_pattern_destroy (source);
      add_bars (p, kind, whole);
      cairo_fill (p->cr);
    }
}

void
gander_timeline_paint_bars (GanderTimeline *self,
                            cairo_t *cr,
                            const GanderTheme *theme,
                            guint first,
                            guint n)
{
  Painter p = { self, cr, theme, first, n };
  double gc = shade_alpha (&p, GANDER_SHADE_GC);

  paint_bars_of (&p, GANDER_BAR_MARK, &theme->shade[GANDER_SHADE_GC], gc, TRUE);
  paint_bars_of (&p, GANDER_BAR_ASSIST, &theme->shade[GANDER_SHADE_GC], gc, TRUE);
  gander_theme_set_color (cr, &theme->shade[GANDER_SHADE_RUNNING], gc);
  add_bars (&p, GANDER_BAR_ASSIST, foot);
  cairo_fill (cr);
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
        if (g_array_index (self->bars, GanderBar, i).kind == GANDER_BAR_TASK)
          paint_task (&p, &g_array_index (self->bars, GanderBar, i));
    }
}

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

/* A rail full of marks is told in a quieter voice: no halo. */
void
gander_timeline_paint_marks (GanderTimeline *self,
                             cairo_t *cr,
                             const GanderTheme *theme,
                             guint first,
                             guint n)
{
  double size = RAIL_MARK_PX * self->factor;
  /* Without a halo they must be seen on blocked columns, which are light in every theme. */
  const GanderColor *quiet = theme->dark ? &theme->canvas : &theme->secondary;
  guint crowd = (guint)(self->scale.width / gander_timeline_px (self, CROWDED_PX));

  cairo_set_line_width (cr, 2 * self->factor);
  for (guint r = first; r < first + n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, r);
      gboolean crowded = item->n_marks > crowd;

      for (guint i = item->first_mark; i < item->first_mark + item->n_marks; i++)
        {
          const GanderMarkItem *mark = &g_array_index (self->marks, GanderMarkItem, i);

          add_mark_path (cr, mark->kind, mark->x, item->bar_y0 - self->factor, size);
        }
      if (!crowded)
        {
          gander_theme_set_color (cr, &theme->canvas, 1);
          cairo_stroke_preserve (cr);
        }
      gander_theme_set_color (cr, crowded ? quiet : &theme->text, 1);
      cairo_fill (cr);
    }
}
