/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define INDENT_PX         16
#define COMPACT_INDENT_PX 12
#define EDGE_PX           10
#define GAP_PX            6
#define BAR_WIDTH_PX      58
#define BAR_HEIGHT_PX     8

static GanderTime
mix_sum (const GanderMix *mix)
{
  GanderTime sum = 0;

  for (guint s = GANDER_STATE_NONE + 1; s < GANDER_N_STATES; s++)
    sum += mix->time[s];
  return sum;
}

static GanderTime
busy_time (const GanderMix *mix)
{
  return mix_sum (mix) - mix->time[GANDER_STATE_RUNNABLE] - mix->time[GANDER_STATE_BLOCKED] -
         mix->time[GANDER_STATE_SCHEDULING] - mix->time[GANDER_STATE_UNKNOWN];
}

static void
shown_range (const GanderTimeline *self, GanderTime *begin, GanderTime *end)
{
  GanderTime duration = gander_index_get_facts (self->index)->duration;

  *begin = self->view.whole_trace ? 0 : CLAMP (self->scale.begin, 0, duration);
  *end = self->view.whole_trace ? duration : CLAMP (self->scale.end, 0, duration);
}

/* Three digits are enough in the little room beside a name. */
static GanderTime
round_time (GanderTime time)
{
  GanderTime grain = 1;

  while (time / grain >= 1000)
    grain *= 10;
  return (time + grain / 2) / grain * grain;
}

static void
print_goroutine_figure (const GanderTimeline *self, const GanderMix *mix, char *out, gsize size)
{
  char text[GANDER_TEXT_SIZE];
  GanderTime whole = mix_sum (mix);

  out[0] = '\0';
  if (whole == 0)
    return;
  switch (gander_rows_get_options (self->rows)->sort)
    {
    case GANDER_ROW_SORT_RUNNABLE:
      gander_scale_format_share (mix->time[GANDER_STATE_RUNNABLE], whole, text);
      g_snprintf (out, size, _ ("runnable %s"), text);
      return;
    case GANDER_ROW_SORT_RUNNING:
      if (busy_time (mix) > 0)
        {
          gander_scale_format_duration (round_time (busy_time (mix)), text);
          g_snprintf (out, size, _ ("ran %s"), text);
          return;
        }
      break;
    default:
      break;
    }
  gander_scale_format_share (mix->time[GANDER_STATE_BLOCKED], whole, text);
  g_snprintf (out, size, _ ("blocked %s"), text);
}

static gboolean
has_lane_figure (const GanderRow *row)
{
  return row->kind == GANDER_ROW_LANE || (row->kind == GANDER_ROW_GROUP && row->n == 1);
}

void
gander_timeline_layout_mix (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  GanderTime begin;
  GanderTime end;

  if (!has_lane_figure (row) || self->left <= 0)
    return;
  shown_range (self, &begin, &end);
  gander_query_mix (self->index, row->lane, begin, end, &item->mix);
}

static void
print_lane_figure (GanderTimeline *self,
                   const GanderRow *row,
                   GanderTimelineRow *item,
                   char *out,
                   gsize size)
{
  GanderTime begin;
  GanderTime end;
  GanderLane lane;

  gander_index_get_lane (self->index, row->lane, &lane);
  shown_range (self, &begin, &end);
  if (lane.kind == GANDER_LANE_GOROUTINE)
    {
      item->has_mix = mix_sum (&item->mix) > 0;
      print_goroutine_figure (self, &item->mix, out, size);
    }
  else
    {
      gander_scale_format_share (busy_time (&item->mix), end - begin, out);
    }
}

static void
print_procs_figure (GanderTimeline *self, char *out, gsize size)
{
  GanderTime begin;
  GanderTime end;
  GanderTime busy = 0;
  GanderLaneId first;
  guint32 n;
  char share[GANDER_TEXT_SIZE];

  shown_range (self, &begin, &end);
  gander_index_get_lanes_of (self->index, GANDER_LANE_PROC, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      GanderMix mix;

      gander_query_mix (self->index, first + i, begin, end, &mix);
      busy += busy_time (&mix);
    }
  gander_scale_format_share (busy, (end - begin) * (GanderTime)n, share);
  g_snprintf (out, size, _ ("%s busy"), share);
}

static void
print_counter (GanderCounter counter, guint64 value, char out[GANDER_TEXT_SIZE])
{
  if (counter == GANDER_COUNTER_HEAP || counter == GANDER_COUNTER_GOAL)
    gander_scale_format_bytes (value, out);
  else
    gander_scale_format_count (value, out);
}

static void
print_counter_figure (GanderTimeline *self, const GanderRow *row, char *out, gsize size)
{
  GanderTime begin;
  GanderTime end;
  guint64 value;
  char text[GANDER_TEXT_SIZE];
  char goal[GANDER_TEXT_SIZE];

  out[0] = '\0';
  shown_range (self, &begin, &end);
  if (!gander_query_counter (self->index, row->counter, MAX (end - 1, 0), &value))
    return;
  print_counter (row->counter, value, text);
  g_strlcpy (out, text, size);
  if (row->counter != GANDER_COUNTER_HEAP ||
      !gander_query_counter (self->index, GANDER_COUNTER_GOAL, MAX (end - 1, 0), &value) ||
      value == 0)
    return;
  print_counter (GANDER_COUNTER_GOAL, value, goal);
  g_snprintf (out, size, _ ("%s / goal %s"), text, goal);
}

static void
print_gc_figure (GanderTimeline *self, char *out, gsize size)
{
  char cycles[GANDER_TEXT_SIZE];
  char pauses[GANDER_TEXT_SIZE];
  guint32 n = gander_index_get_n_ranges (self->index, GANDER_RANGE_GC_MARK);

  gander_scale_format_count (n, cycles);
  gander_scale_format_count (gander_index_get_n_ranges (self->index, GANDER_RANGE_STW), pauses);
  g_snprintf (out,
              size,
              ngettext ("%s cycle \u00b7 %s STW", "%s cycles \u00b7 %s STW", n),
              cycles,
              pauses);
}

/* The text at the right end of the label. */
static void
print_figure (GanderTimeline *self,
              const GanderRow *row,
              GanderTimelineRow *item,
              char *out,
              gsize size)
{
  out[0] = '\0';
  if (row->kind == GANDER_ROW_SECTION && row->section == GANDER_SECTION_GC)
    print_gc_figure (self, out, size);
  else if (row->section == GANDER_SECTION_COUNTERS)
    print_counter_figure (self, row, out, size);
  else if (row->kind == GANDER_ROW_SECTION && row->section == GANDER_SECTION_PROCS)
    print_procs_figure (self, out, size);
  else if (row->kind == GANDER_ROW_RANGES)
    gander_scale_format_count (row->n, out);
  else if (has_lane_figure (row))
    print_lane_figure (self, row, item, out, size);
  else if (row->kind == GANDER_ROW_TASK)
    {
      GanderTask task;
      GanderTime begin;
      GanderTime end;

      gander_index_get_task (self->index, row->task, &task);
      gander_rows_get_task_time (self->rows, &task, &begin, &end);
      gander_scale_format_duration (end - begin, out);
    }
}

/* The number of members beside a heading. */
static void
print_count (const GanderRow *row, char *out, gsize size)
{
  char count[GANDER_TEXT_SIZE];

  out[0] = '\0';
  if (row->kind == GANDER_ROW_GROUP || row->kind == GANDER_ROW_TASK_TYPE)
    g_snprintf (out, size, "\u00d7%s", gander_scale_format_count (row->n, count));
  else if (row->kind == GANDER_ROW_SECTION && row->section != GANDER_SECTION_GC &&
           row->section != GANDER_SECTION_COUNTERS)
    gander_scale_format_count (row->n, out);
}

/* Long package paths say least at their beginning. */
static const char *
shorten (GanderTimeline *self, GanderLabelStyle style, const char *name, int width)
{
  const char *slash = strrchr (name, '/');

  if (slash == NULL || gander_labels_get_width (self->labels, style, name) <= width)
    return name;
  return slash + 1;
}

typedef struct
{
  GanderLabelStyle title;
  GanderLabelStyle small;
  GanderInk ink;
} Styles;

static Styles
get_styles (const GanderTimeline *self, const GanderRow *row)
{
  gboolean compact = gander_rows_get_options (self->rows)->compact;
  GanderInk ink = row->kind == GANDER_ROW_REGIONS ? GANDER_INK_SECONDARY : GANDER_INK_TEXT;

  if (row->kind == GANDER_ROW_REGIONS || (compact && row->kind == GANDER_ROW_LANE))
    return (Styles){ GANDER_LABEL_COMPACT, GANDER_LABEL_COMPACT, ink };
  if (row->kind == GANDER_ROW_SECTION)
    return (Styles){ GANDER_LABEL_GROUP, GANDER_LABEL_RULER, ink };
  return (Styles){ GANDER_LABEL_LANE, GANDER_LABEL_RULER, ink };
}

/* Cuts @figure at its first separator if it does not fit @width, and drops it if that is not
 * enough. */
static int
fit_figure (GanderTimeline *self, GanderLabelStyle style, char *figure, int width)
{
  static const char *const separators[] = { " \u00b7 ", " / " };

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      char *end = strstr (figure, separators[i]);

      if (end != NULL && gander_labels_get_width (self->labels, style, figure) > width)
        *end = '\0';
    }
  if (gander_labels_get_width (self->labels, style, figure) > width)
    figure[0] = '\0';
  return gander_labels_get_width (self->labels, style, figure);
}

/* From the left: triangle, title, count; from the right: composition bar, figure. The title needs
 * its room first, then the count, then the figure. */
void
gander_timeline_layout_label (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  gboolean compact = gander_rows_get_options (self->rows)->compact;
  Styles styles = get_styles (self, row);
  int gap = gander_timeline_px (self, GAP_PX);
  int middle = (item->y0 + item->y1) / 2;
  int right = self->left - gander_timeline_px (self, EDGE_PX);
  int room;
  int title_width;
  int count_width;
  int figure_width;
  char title[512];
  char count[GANDER_TEXT_SIZE + 8];
  char figure[256];
  const char *name;

  if (self->left <= 0)
    return;
  item->title_x =
      gander_timeline_px (self, 24 + row->indent * (compact ? COMPACT_INDENT_PX : INDENT_PX));
  if (row->openable)
    item->triangle_x = item->title_x - gander_timeline_px (self, 14);
  print_figure (self, row, item, figure, sizeof figure);
  print_count (row, count, sizeof count);
  gander_rows_get_title (self->rows, item->row, title, sizeof title);
  if (item->has_mix)
    right -= gander_timeline_px (self, BAR_WIDTH_PX) + gap;
  room = right - item->title_x;

  name = row->kind == GANDER_ROW_GROUP ? shorten (self, styles.title, title, room) : title;
  title_width = gander_labels_get_width (self->labels, styles.title, name);
  count_width = gander_labels_get_width (self->labels, styles.small, count);
  if (row->n == 1 && title_width + gap + count_width > room)
    count_width = 0;
  title_width = MIN (title_width, room - (count_width > 0 ? count_width + gap : 0));
  gander_timeline_add_text (self,
                            self->label_texts,
                            styles.title,
                            styles.ink,
                            item->title_x,
                            middle,
                            title_width,
                            name);
  room -= title_width + gap;
  if (count_width > 0)
    {
      gander_timeline_add_text (self,
                                self->label_texts,
                                styles.small,
                                GANDER_INK_SECONDARY,
                                item->title_x + title_width + gap,
                                middle,
                                count_width,
                                count);
      room -= count_width + gap;
    }
  figure_width = fit_figure (self, styles.small, figure, room);
  gander_timeline_add_text (self,
                            self->label_texts,
                            styles.small,
                            GANDER_INK_SECONDARY,
                            right - figure_width,
                            middle,
                            figure_width,
                            figure);
}

static void
paint_triangle (GanderTimeline *self, cairo_t *cr, const GanderTimelineRow *item, gboolean open)
{
  double x = item->triangle_x;
  double y = (item->y0 + item->y1) / 2.0;
  double size = 3.5 * self->factor;

  if (open)
    {
      cairo_move_to (cr, x - size, y - size * 0.6);
      cairo_line_to (cr, x + size, y - size * 0.6);
      cairo_line_to (cr, x, y + size * 0.7);
    }
  else
    {
      cairo_move_to (cr, x - size * 0.6, y - size);
      cairo_line_to (cr, x + size * 0.7, y);
      cairo_line_to (cr, x - size * 0.6, y + size);
    }
  cairo_close_path (cr);
}

static void
add_rect (GanderCanvas *canvas,
          const GanderColor *color,
          double alpha,
          int x,
          int y,
          int width,
          int height)
{
  gander_canvas_set_color (canvas, color, alpha);
  gander_canvas_add (canvas, x, y, width, height);
  gander_canvas_fill (canvas);
}

static void
paint_composition (GanderTimeline *self,
                   GanderCanvas *canvas,
                   const GanderTheme *theme,
                   const GanderTimelineRow *item)
{
  int width = gander_timeline_px (self, BAR_WIDTH_PX);
  int height = MIN (gander_timeline_px (self, BAR_HEIGHT_PX), item->y1 - item->y0 - 2);
  int x = self->left - gander_timeline_px (self, EDGE_PX) - width;
  int y = (item->y0 + item->y1 - height) / 2;
  int line = gander_theme_get_hairline (self->factor);
  GanderTime whole = MAX (mix_sum (&item->mix), 1);
  GanderTime parts[GANDER_N_PARTS];
  GanderColumn column;
  int left = x;

  gander_column_get_parts (&item->mix, parts);
  gander_column_stack (&column, parts, whole, MIN (width, 255));
  for (guint p = 0; p < GANDER_N_PARTS; p++)
    {
      add_rect (canvas,
                p == GANDER_PART_BLOCKED ? &theme->blocked_column
                                         : &theme->shade[gander_shade_of_part (p)],
                1,
                left,
                y,
                column.height[p],
                height);
      left += column.height[p];
    }
  gander_canvas_set_color (canvas, &theme->secondary, 0.8);
  gander_canvas_add (canvas, x - line, y - line, width + 2 * line, line);
  gander_canvas_add (canvas, x - line, y + height, width + 2 * line, line);
  gander_canvas_add (canvas, x - line, y, line, height);
  gander_canvas_add (canvas, x + width, y, line, height);
  gander_canvas_fill (canvas);
}

static void
paint_row_background (GanderTimeline *self,
                      GanderCanvas *canvas,
                      const GanderTheme *theme,
                      const GanderTimelineRow *item,
                      const GanderRow *row)
{
  int height = item->y1 - item->y0;

  if (row->key == self->view.chosen_key && self->view.chosen_key != 0)
    {
      add_rect (canvas, &theme->accent, 0.18, 0, item->y0, self->left, height);
      add_rect (canvas, &theme->accent, 1, 0, item->y0, gander_timeline_px (self, 3), height);
    }
  if (row->kind == GANDER_ROW_SECTION || row->kind == GANDER_ROW_GROUP ||
      row->kind == GANDER_ROW_TASK_TYPE)
    add_rect (canvas,
              &theme->hairline,
              1,
              0,
              item->y0,
              self->left,
              gander_theme_get_hairline (self->factor));
}

void
gander_timeline_paint_label_column (GanderTimeline *self,
                                    GanderCanvas *canvas,
                                    const GanderTheme *theme,
                                    const GanderTimelinePart *part)
{
  add_rect (canvas, &theme->label_column, 1, 0, part->y0, self->left, part->y1 - part->y0);
  for (guint i = part->first; i < part->first + part->n; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);

      paint_row_background (self, canvas, theme, item, row);
      if (item->has_mix)
        paint_composition (self, canvas, theme, item);
      if (item->triangle_x >= 0)
        {
          paint_triangle (self, canvas->cr, item, row->open);
          gander_theme_set_color (canvas->cr, &theme->secondary, 1);
          cairo_fill (canvas->cr);
        }
    }
}

/* Labels belong to one thread: whatever the others need of them is asked for here. */
static void
prepare_texts (GanderTimeline *self, GArray *texts)
{
  for (guint i = 0; i < texts->len; i++)
    {
      GanderTextItem *item = &g_array_index (texts, GanderTextItem, i);

      (void)gander_labels_get_height (self->labels, item->style);
      if (item->mask == NULL)
        item->mask = gander_labels_get_mask (self->labels,
                                             item->style,
                                             self->texts->str + item->text,
                                             item->width);
    }
}

void
gander_timeline_prepare_texts (GanderTimeline *self)
{
  prepare_texts (self, self->label_texts);
  prepare_texts (self, self->span_texts);
}

static const GanderColor *
ink_color (const GanderTheme *theme, guint8 ink)
{
  switch (ink)
    {
    case GANDER_INK_TEXT:
      return &theme->text;
    case GANDER_INK_SECONDARY:
      return &theme->secondary;
    case GANDER_INK_REGION:
      return &theme->region_ink;
    default:
      return &theme->ink[ink - GANDER_INK_SHADE];
    }
}

/* Patterns cover whole bars in high contrast, so texts on them bring their own ground. */
static void
paint_text (GanderTimeline *self,
            GanderCanvas *canvas,
            const GanderTheme *theme,
            const GanderTextItem *item)
{
  int line = gander_theme_get_hairline (self->factor);
  int height = gander_labels_get_height (self->labels, item->style);
  int ground = height - 3 * line;
  double alpha = 1;

  if (item->ink >= GANDER_INK_SHADE)
    alpha = gander_shade_get_alpha (item->ink - GANDER_INK_SHADE,
                                    self->view.hidden_shades,
                                    self->view.focus_shades);
  if (alpha < 0.2)
    return;
  if (theme->high_contrast && item->ink >= GANDER_INK_SHADE)
    add_rect (canvas,
              &theme->shade[item->ink - GANDER_INK_SHADE],
              alpha,
              item->x - line,
              item->y - ground / 2,
              item->width + 2 * line,
              ground);
  gander_canvas_set_color (canvas, ink_color (theme, item->ink), alpha);
  if (canvas->pixels != NULL && item->mask != NULL)
    gander_canvas_add_mask (canvas, item->mask, item->x, item->y - height / 2);
  else if (canvas->pixels == NULL)
    gander_labels_paint (self->labels,
                         canvas->cr,
                         item->style,
                         self->texts->str + item->text,
                         item->x,
                         item->y,
                         item->width);
}

void
gander_timeline_paint_texts (GanderTimeline *self,
                             GanderCanvas *canvas,
                             const GanderTheme *theme,
                             const GanderTimelinePart *part,
                             gboolean labels)
{
  const GArray *texts = labels ? self->label_texts : self->span_texts;

  for (guint r = part->near; r < part->near + part->n_near; r++)
    {
      const GanderTimelineRow *row = &g_array_index (self->items, GanderTimelineRow, r);
      guint first = labels ? row->first_label : row->first_text;
      guint n = labels ? row->n_labels : row->n_texts;

      for (guint i = first; i < first + n; i++)
        paint_text (self, canvas, theme, &g_array_index (texts, GanderTextItem, i));
    }
  if (canvas->pixels != NULL)
    gander_canvas_fill (canvas);
}
