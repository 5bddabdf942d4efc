/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-chart.h"

#include "widgets/draw/draw.h"

#include <cairo-svg.h>

#include <math.h>

/* Size of the curves, and the room for their axes, in px. */
#define WIDTH  1040
#define HEIGHT 210
#define LEFT   72
#define RIGHT  8
#define TOP    10
#define BOTTOM 26

#define INNER_WIDTH  (WIDTH - LEFT - RIGHT)
#define INNER_HEIGHT (HEIGHT - TOP - BOTTOM)

/* More than any heap: the runtime's way to say that there is no goal. */
#define NO_GOAL (G_GUINT64_CONSTANT (1) << 50)

/* Numbers with a point in every locale. */
static void
append_number (GString *out, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (digits, sizeof digits, "%.5g", value));
}

static void
append_attribute (GString *out, const char *name, double value)
{
  g_string_append_printf (out, " %s=\"", name);
  append_number (out, value);
  g_string_append_c (out, '"');
}

void
gander_report_append_bar (GString *out,
                          const GanderReportPart *parts,
                          guint n,
                          GanderTime whole,
                          const char *words)
{
  g_autofree char *label = g_markup_escape_text (words, -1);
  double x = 0;

  g_string_append_printf (out,
                          "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                          "role=\"img\" aria-label=\"%s\"><title>%s</title>",
                          label,
                          label);
  for (guint i = 0; i < n && whole > 0; i++)
    {
      double width = 100.0 * (double)parts[i].length / (double)whole;

      if (width < 0.01)
        continue;
      g_string_append_printf (out, "<rect class=\"%s\" y=\"0\" height=\"10\"", parts[i].style);
      append_attribute (out, "x", x);
      append_attribute (out, "width", width);
      g_string_append (out, "/>");
      x += width;
    }
  g_string_append (out, "</svg>");
}

static void
append_text (GString *out, const char *anchor, double x, double y, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (out, "<text text-anchor=\"%s\"", anchor);
  append_attribute (out, "x", x);
  append_attribute (out, "y", y);
  g_string_append_printf (out, ">%s</text>", escaped);
}

static void
append_line (GString *out, const char *style, double x1, double y1, double x2, double y2)
{
  g_string_append_printf (out, "<line class=\"%s\"", style);
  append_attribute (out, "x1", x1);
  append_attribute (out, "y1", y1);
  append_attribute (out, "x2", x2);
  append_attribute (out, "y2", y2);
  g_string_append (out, "/>");
}

static void
begin_chart (GString *out, const char *words)
{
  g_string_append_printf (out,
                          "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
                          "aria-label=\"%s\">",
                          WIDTH,
                          HEIGHT,
                          words);
}

static double
y_of (double share)
{
  return TOP + INNER_HEIGHT * (1 - share);
}

static void
append_level (GString *out, double share, const char *label)
{
  append_line (out, "grid", LEFT, y_of (share), WIDTH - RIGHT, y_of (share));
  append_text (out, "end", LEFT - 8, y_of (share) + 4, label);
}

/* The axis of time below. */
static void
append_times (GString *out, const GanderScale *scale)
{
  g_autoptr (GArray) ticks = g_array_new (FALSE, FALSE, sizeof (GanderTick));
  GanderTime step = gander_scale_get_ticks (scale, 0, 130, ticks);
  char text[GANDER_TEXT_SIZE];

  for (guint i = 0; i < ticks->len; i++)
    {
      const GanderTick *tick = &g_array_index (ticks, GanderTick, i);
      double x = LEFT + tick->x;

      if (!tick->major || tick->x < 0 || tick->x > INNER_WIDTH)
        continue;
      append_line (out, "tick", x, TOP + INNER_HEIGHT, x, TOP + INNER_HEIGHT + 4);
      append_text (out,
                   tick->x < 40                 ? "start"
                   : tick->x > INNER_WIDTH - 40 ? "end"
                                                : "middle",
                   x,
                   HEIGHT - 6,
                   gander_scale_format_instant (tick->time, step, text));
    }
}

/* The largest value of each column of pixels, what came before included; -1 = not told. */
static void
fill_columns (const GanderScale *scale,
              const GanderPoint *points,
              guint32 n,
              guint64 limit,
              double *columns)
{
  double last = -1;
  guint32 next = 0;

  for (int x = 0; x < INNER_WIDTH; x++)
    {
      GanderTime end = gander_scale_get_time (scale, x + 1);
      double most = last;

      for (; next < n && points[next].time < end; next++)
        {
          gboolean none = limit > 0 && (points[next].value == 0 || points[next].value > limit);

          last = none ? -1 : (double)points[next].value;
          most = MAX (most, last);
        }
      columns[x] = most;
    }
}

/* A line in steps; with @area down to the axis. */
static void
append_steps (GString *out, const char *style, const double *columns, double most, gboolean area)
{
  double height = -1;

  g_string_append_printf (out, "<path class=\"%s\" d=\"", style);
  for (int x = 0; x < INNER_WIDTH; x++)
    {
      double y = columns[x] < 0 ? -1 : round (10 * y_of (columns[x] / most)) / 10;

      if (y == height && x < INNER_WIDTH - 1)
        continue;
      if (height >= 0)
        g_string_append_printf (out, "H%d", LEFT + x);
      if (area && height >= 0 && y < 0)
        g_string_append_printf (out, "V%dZ", TOP + INNER_HEIGHT);
      if (y >= 0)
        {
          if (height < 0)
            g_string_append_printf (out, "M%d ", LEFT + x);
          if (height < 0 && area)
            g_string_append_printf (out, "%dV", TOP + INNER_HEIGHT);
          else if (height >= 0)
            g_string_append_c (out, 'V');
          append_number (out, y);
        }
      height = y;
    }
  if (height >= 0)
    g_string_append_printf (out, "H%d", WIDTH - RIGHT);
  if (height >= 0 && area)
    g_string_append_printf (out, "V%dZ", TOP + INNER_HEIGHT);
  g_string_append (out, "\"/>");
}

/* When marking ran; what is within one pixel is one box. */
static void
append_cycles (GString *out, const GanderScale *scale, const GanderGc *gc)
{
  int done = -1;

  for (guint i = 0; i < gc->cycle_list->len; i++)
    {
      const GanderGcCycle *cycle = &g_array_index (gc->cycle_list, GanderGcCycle, i);
      int from = CLAMP (gander_scale_get_x (scale, cycle->begin), done, INNER_WIDTH);
      int to = CLAMP (gander_scale_get_x (scale, cycle->end), from + 1, INNER_WIDTH);

      from = MAX (from, 0);
      if (to <= from)
        continue;
      g_string_append_printf (out,
                              "<rect class=\"gc band\" x=\"%d\" y=\"%d\" width=\"%d\" "
                              "height=\"%d\"/>",
                              LEFT + from,
                              TOP,
                              to - from,
                              INNER_HEIGHT);
      done = to;
    }
}

static double
largest (const double *columns, double most)
{
  for (int x = 0; x < INNER_WIDTH; x++)
    most = MAX (most, columns[x]);
  return most;
}

void
gander_report_append_heap (GString *out, const GanderIndex *index, const GanderGc *gc)
{
  double heap[INNER_WIDTH], goal[INNER_WIDTH];
  GanderScale scale;
  const GanderPoint *points;
  double most, step = 1;
  guint32 n;

  points = gander_index_get_counter (index, GANDER_COUNTER_HEAP, &n);
  gander_scale_init (&scale, gc->begin, gc->end, INNER_WIDTH);
  fill_columns (&scale, points, n, 0, heap);
  points = gander_index_get_counter (index, GANDER_COUNTER_GOAL, &n);
  fill_columns (&scale, points, n, NO_GOAL, goal);
  /* A damaged trace may tell of any number; what is higher than this is not drawn. */
  most = MIN (largest (goal, largest (heap, 0)), (double)NO_GOAL);
  if (most <= 0)
    return;
  while (most / step > 4)
    step *= 2;
  most = step * ceil (most / step);
  begin_chart (out, "Live heap over time, with its goal and the times of marking");
  append_cycles (out, &scale, gc);
  for (double level = 0; level <= most; level += step)
    {
      g_autofree char *label = gander_text_bytes ((gint64)level);
      append_level (out, level / most, label);
    }
  append_steps (out, "area", heap, most, TRUE);
  append_steps (out, "line", heap, most, FALSE);
  append_steps (out, "goal", goal, most, FALSE);
  append_times (out, &scale);
  g_string_append (out, "</svg>");
}

#define MMU_FIRST  1000.0 /* ns: the shortest window */
#define MMU_POINTS 12     /* in a decade */

void
gander_report_append_mmu (GString *out, const GanderMmu *mmu)
{
  double length = (double)(gander_mmu_get_end (mmu) - gander_mmu_get_begin (mmu));
  double decades, window;
  int n;

  if (!gander_mmu_is_known (mmu) || length <= MMU_FIRST)
    return;
  decades = log10 (length / MMU_FIRST);
  n = (int)ceil (decades * MMU_POINTS);
  begin_chart (out, "Minimum mutator utilisation by length of window");
  for (int quarter = 0; quarter <= 4; quarter++)
    {
      g_autofree char *label = g_strdup_printf ("%d\u202f%%", 25 * quarter);
      append_level (out, quarter / 4.0, label);
    }
  for (window = MMU_FIRST; window <= length; window *= 10)
    {
      g_autofree char *label = gander_duration_to_short ((GanderTime)window);
      double x = LEFT + INNER_WIDTH * log10 (window / MMU_FIRST) / decades;

      append_line (out, "tick", x, TOP + INNER_HEIGHT, x, TOP + INNER_HEIGHT + 4);
      append_text (out, x < LEFT + 20 ? "start" : "middle", x, HEIGHT - 6, label);
    }
  g_string_append (out, "<path class=\"line\" d=\"");
  for (int i = 0; i <= n; i++)
    {
      window = MMU_FIRST * pow (10, decades * i / n);
      g_string_append (out, i == 0 ? "M" : "L");
      append_number (out, LEFT + (double)INNER_WIDTH * i / n);
      g_string_append_c (out, ' ');
      append_number (out, y_of (gander_mmu_get (mmu, (GanderTime)window, NULL)));
    }
  g_string_append (out, "\"/></svg>");
}

#define TIMELINE_ROWS 24

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int size)
{
  g_byte_array_append (closure, data, size);
  return CAIRO_STATUS_SUCCESS;
}

/* Returns: (transfer full) the picture as SVG in base64. */
static char *
draw_timeline (const GanderRows *rows, gboolean dark)
{
  GanderPageOptions options = GANDER_PAGE_OPTIONS_INIT;
  g_autoptr (GByteArray) svg = g_byte_array_new ();
  g_autoptr (GanderPage) page = NULL;
  cairo_surface_t *surface;
  cairo_t *cr;
  int width, height;

  options.width = WIDTH;
  options.max_rows = TIMELINE_ROWS;
  page = gander_page_new (rows, &options, 1);
  gander_page_get_size (page, &width, &height);
  surface = cairo_svg_surface_create_for_stream (append_bytes, svg, width, height);
  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  cr = cairo_create (surface);
  gander_page_paint (page, cr, gander_theme_get (dark, FALSE));
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return g_base64_encode (svg->data, svg->len);
}

void
gander_report_append_timeline (GString *out, GanderIndex *index)
{
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autofree char *light = draw_timeline (rows, FALSE);
  g_autofree char *dark = draw_timeline (rows, TRUE);

  g_string_append_printf (out,
                          "<picture><source media=\"screen and (prefers-color-scheme: dark)\" "
                          "srcset=\"data:image/svg+xml;base64,%s\"/>"
                          "<img src=\"data:image/svg+xml;base64,%s\" alt=\"Timeline: processors "
                          "and goroutines over time, coloured by what they did. The tables below "
                          "say the same in numbers.\"/></picture>",
                          dark,
                          light);
}
