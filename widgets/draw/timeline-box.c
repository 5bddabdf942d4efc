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
  int x, y, width, height;
} Rect;

/* A box on the canvas that is wide enough for edges. */
typedef struct
{
  const GanderLaneBox *box;
  Rect rect;
} Found;

typedef struct
{
  GanderTimeline *self;
  GanderCanvas *canvas;
  cairo_t *cr; /* of the canvas */
  const GanderTheme *theme;
  guint first, n;
  GArray *found; /* Found: looked for once, gone over for each kind of edge and filling */
} Painter;

typedef gboolean (*BoxTest) (const GanderLaneBox *box, guint what);
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
  int line = gander_theme_get_hairline (self->factor);
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

/* Returns: the first of the boxes of @item that ends after @x. */
static guint
find_box (const GanderTimeline *self, const GanderTimelineRow *item, int x)
{
  guint low = 0;
  guint high = item->lane.n_boxes;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + middle).x1 <= x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
painter_init (Painter *self,
              GanderTimeline *timeline,
              GanderCanvas *canvas,
              const GanderTheme *theme,
              guint first,
              guint n)
{
  gboolean clips = canvas->pixels != NULL;

  *self = (Painter){ timeline, canvas, canvas->cr, theme, first, n, NULL };
  self->found = g_array_new (FALSE, FALSE, sizeof (Found));
  for (guint r = first; r < first + n; r++)
    {
      const GanderTimelineRow *item = &g_array_index (timeline->items, GanderTimelineRow, r);
      guint i = clips ? find_box (timeline, item, canvas->x0) : 0;

      for (; i < item->lane.n_boxes; i++)
        {
          const GanderLaneBox *box =
              &g_array_index (timeline->sheet.boxes, GanderLaneBox, item->lane.first_box + i);
          Found found = { box, box_rect (timeline, item, i) };

          if (clips && box->x0 >= canvas->x1)
            break;
          if (!box->thin)
            g_array_append_val (self->found, found);
        }
    }
}

static void
painter_clear (Painter *self)
{
  g_array_unref (self->found);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Painter, painter_clear)

static gboolean
has_boxes (const Painter *p, BoxTest test, guint what)
{
  for (guint i = 0; i < p->found->len; i++)
    if (test (g_array_index (p->found, Found, i).box, what))
      return TRUE;
  return FALSE;
}

/* One fill for all boxes that pass the test. */
static void
fill_boxes (const Painter *p, BoxTest test, guint what, BoxPart part)
{
  gboolean any = FALSE;

  for (guint i = 0; i < p->found->len; i++)
    {
      const Found *found = &g_array_index (p->found, Found, i);
      Rect rect;

      if (!test (found->box, what))
        continue;
      rect = part (p->self, found->rect);
      if (rect.width <= 0 || rect.height <= 0)
        continue;
      gander_canvas_add (p->canvas, rect.x, rect.y, rect.width, rect.height);
      any = TRUE;
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
  cairo_pattern_t *source = NULL;

  if (!has_boxes (p, test, what))
    return;
  source = gander_pattern_new (pattern,
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
  g_auto (Painter) p;

  painter_init (&p, self, canvas, theme, first, n);
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
paint_hollow (const Painter *p, const Found *found, int line)
{
  if (found->box->state == GANDER_STATE_UNKNOWN)
    return;
  if (found->box->wait == GANDER_WAIT_FOREVER)
    line *= 2;
  add_outline (p->canvas, found->box, found->rect, line);
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
            void (*paint) (const Painter *p, const Found *found, int line))
{
  for (guint i = 0; i < p->found->len; i++)
    {
      const Found *found = &g_array_index (p->found, Found, i);

      if (is_hollow (found->box))
        paint (p, found, line);
    }
}

static void
paint_sleep (const Painter *p, const Found *found, int line)
{
  if (found->box->state == GANDER_STATE_BLOCKED && found->box->wait == GANDER_WAIT_SLEEP)
    add_dash (p->canvas,
              mark_area (p->self, found->rect),
              line,
              p->self->factor,
              p->self->scale.first);
}

static void
paint_unknown (const Painter *p, const Found *found, int line)
{
  if (found->box->state == GANDER_STATE_UNKNOWN)
    stroke_unknown (p, found->rect, line);
}

static void
paint_outlines (const Painter *p)
{
  int line = gander_theme_get_hairline (p->self->factor * p->theme->outline_width);
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
  int line = gander_theme_get_hairline (p->self->factor);

  gander_canvas_set_color (p->canvas, &p->theme->text, 1);
  for (guint i = 0; i < p->found->len; i++)
    {
      const Found *found = &g_array_index (p->found, Found, i);

      if (!is_hollow (found->box) && gander_shade_of_state (found->box->state) < GANDER_N_SHADES)
        add_outline (p->canvas, found->box, found->rect, line);
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
  g_auto (Painter) p;

  painter_init (&p, self, canvas, theme, first, n);
  if (p.found->len == 0)
    return;
  paint_patterns (&p);
  paint_edges (&p);
  paint_outlines (&p);
  if (theme->high_contrast)
    paint_contrast_outlines (&p);
}
