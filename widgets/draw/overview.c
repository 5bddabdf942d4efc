/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/overview.h"

#include "widgets/draw/bar.h"
#include "widgets/draw/column.h"
#include "widgets/draw/lane.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define TOP_PX    8 /* collector band */
#define BOTTOM_PX 5 /* ticks of findings and search hits */
#define HANDLE_PX 6
#define EDGE_PX   10
#define CLIPPED   0.995 /* of the columns are not */
#define DIMMED    0.55

struct _GanderOverview
{
  char *family; /* (nullable) */
  double em;
  GanderLabels *labels;
  double labels_scale;
  GanderOverviewView view;
  GanderIndex *index;
  double factor;
  GanderScale scale;
  int left, width, height;
  int area_y0, area_y1;
  GanderColumn *columns;
  gboolean *capped;
  GArray *bars; /* GanderBar */
  GanderLaneScratch scratch;
  GanderStrip strip;
  int laid_out_width, laid_out_height;
};

GanderOverview *
gander_overview_new (const char *font_family, double em)
{
  GanderOverview *self = g_new0 (GanderOverview, 1);

  self->family = g_strdup (font_family);
  self->em = em;
  self->factor = 1;
  self->bars = g_array_new (FALSE, FALSE, sizeof (GanderBar));
  return self;
}

void
gander_overview_free (GanderOverview *self)
{
  if (self == NULL)
    return;
  g_free (self->family);
  gander_labels_free (self->labels);
  g_clear_pointer (&self->index, gander_index_unref);
  g_free (self->columns);
  g_free (self->capped);
  g_array_unref (self->bars);
  gander_lane_scratch_clear (&self->scratch);
  gander_strip_clear (&self->strip);
  g_free (self);
}

static int
to_pixels (const GanderOverview *self, double px)
{
  return (int)lround (px * self->factor);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const GanderTime *x = a;
  const GanderTime *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* Time of all goroutines in one column, without the blocked: they would flatten the rest. */
static GanderTime
stacked_parts (const GanderMix *mix, GanderTime parts[GANDER_N_PARTS])
{
  GanderTime sum = 0;

  gander_column_get_parts (mix, parts);
  parts[GANDER_PART_BLOCKED] = 0;
  for (guint p = 0; p < GANDER_N_PARTS; p++)
    sum += parts[p];
  return sum;
}

static void
layout_area (GanderOverview *self)
{
  guint n = (guint)self->scale.width;
  int height = CLAMP (self->area_y1 - self->area_y0, 1, 255);
  g_autofree GanderTime *sums = g_new (GanderTime, n);
  GanderTime parts[GANDER_N_PARTS];
  GanderTime most;

  gander_lane_scratch_reserve (&self->scratch, n);
  gander_scale_get_edges (&self->scale, 0, n, self->scratch.edges);
  gander_query_group_mixes_about (self->index,
                                  G_MAXUINT32,
                                  self->scratch.edges,
                                  n,
                                  self->scale.grain,
                                  self->scratch.mixes);
  for (guint i = 0; i < n; i++)
    sums[i] = stacked_parts (&self->scratch.mixes[i], parts);
  qsort (sums, n, sizeof *sums, compare_times);
  most = MAX (sums[(guint)((n - 1) * CLIPPED)], 1);

  self->columns = g_renew (GanderColumn, self->columns, n);
  self->capped = g_renew (gboolean, self->capped, n);
  for (guint i = 0; i < n; i++)
    {
      GanderTime sum = stacked_parts (&self->scratch.mixes[i], parts);

      self->capped[i] = sum > most;
      gander_column_stack (&self->columns[i], parts, MAX (sum, most), height);
    }
}

static void
layout_bars (GanderOverview *self)
{
  int height = to_pixels (self, TOP_PX);

  g_array_set_size (self->bars, 0);
  gander_bars_add_ranges (self->bars,
                          self->index,
                          GANDER_RANGE_GC_MARK,
                          &self->scale,
                          0,
                          height,
                          1);
  gander_bars_add_ranges (self->bars,
                          self->index,
                          GANDER_RANGE_STW,
                          &self->scale,
                          0,
                          height,
                          to_pixels (self, 2));
}

void
gander_overview_layout (GanderOverview *self,
                        const GanderIndex *index,
                        const GanderOverviewView *view)
{
  double factor = view->scale > 0 ? view->scale : 1;
  gboolean same = self->index == index && self->factor == factor &&
                  self->view.first == view->first && self->view.last == view->last;

  g_return_if_fail (self != NULL && index != NULL);

  self->view = *view;
  self->factor = factor;
  self->left = to_pixels (self, view->label_width);
  self->width = to_pixels (self, view->width);
  self->height = to_pixels (self, view->height);
  gander_scale_init (&self->scale,
                     view->first,
                     view->first < view->last ? view->last
                                              : gander_index_get_facts (index)->duration,
                     self->width - self->left);
  self->area_y0 = to_pixels (self, TOP_PX);
  self->area_y1 = self->height - to_pixels (self, BOTTOM_PX);
  if (same && self->laid_out_width == self->scale.width && self->laid_out_height == self->height)
    return;

  if (self->index != index)
    {
      g_clear_pointer (&self->index, gander_index_unref);
      self->index = gander_index_ref ((GanderIndex *)index);
    }
  if (self->labels == NULL || self->labels_scale != factor)
    {
      gander_labels_free (self->labels);
      self->labels = gander_labels_new (self->family, self->em, factor);
      self->labels_scale = factor;
    }
  self->laid_out_width = self->scale.width;
  self->laid_out_height = self->height;
  layout_area (self);
  layout_bars (self);
}

static void
fill_rect (cairo_t *cr, const GanderColor *color, double alpha, int x, int y, int width, int height)
{
  gander_theme_set_color (cr, color, alpha);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

static void
paint_texts (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  const GanderFacts *facts = gander_index_get_facts (self->index);
  GanderTime shown = MAX (MIN (self->view.end, facts->duration) - MAX (self->view.begin, 0), 0);
  gboolean small = self->view.height < GANDER_OVERVIEW_HEIGHT;
  int x = to_pixels (self, 12);
  int width = self->left - 2 * x;
  char time[GANDER_TEXT_SIZE];
  char share[GANDER_TEXT_SIZE];
  char count[GANDER_TEXT_SIZE];
  char text[256];

  gander_scale_format_duration (shown, time);
  g_snprintf (text, sizeof text, _ ("Visible %s"), time);
  gander_theme_set_color (cr, &theme->text, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_GROUP,
                       text,
                       x,
                       to_pixels (self, small ? 10 : 14),
                       width);

  gander_theme_set_color (cr, &theme->secondary, 1);
  gander_scale_format_duration (facts->duration, time);
  gander_scale_format_share (shown, facts->duration, share);
  g_snprintf (text, sizeof text, _ ("of %s \u00b7 %s"), time, share);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_RULER,
                       text,
                       x,
                       to_pixels (self, small ? 25 : 31),
                       width);
  if (small)
    return;
  gander_scale_format_count (facts->n_goroutines, count);
  g_snprintf (text,
              sizeof text,
              ngettext ("%u P \u00b7 %s goroutines", "%u Ps \u00b7 %s goroutines", facts->n_procs),
              facts->n_procs,
              count);
  gander_labels_paint (self->labels, cr, GANDER_LABEL_RULER, text, x, to_pixels (self, 46), width);
}

static void
paint_area (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  int height = self->area_y1 - self->area_y0;
  int line = gander_theme_get_hairline (self->factor);
  GanderInks inks;
  int line_of_area;

  gander_inks_init (&inks, theme, 0, 0, 1);
  gander_strip_reset (&self->strip, cr, self->scale.width, height);
  line_of_area = gander_strip_write (&self->strip, self->columns, self->scale.width, &inks, height);
  gander_strip_paint (&self->strip, cr, line_of_area, self->scale.width, 0, self->area_y0, height);
  for (int x = 0; x < self->scale.width; x++)
    if (self->capped[x])
      cairo_rectangle (cr, x, self->area_y0, 1, line);
  gander_theme_set_color (cr, &theme->text, 1);
  cairo_fill (cr);
}

static void
paint_bars (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  static const GanderBarKind kinds[] = { GANDER_BAR_MARK, GANDER_BAR_STW };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      for (guint i = 0; i < self->bars->len; i++)
        {
          const GanderBar *bar = &g_array_index (self->bars, GanderBar, i);

          if (bar->kind == kinds[k])
            cairo_rectangle (cr, bar->x0, bar->y0, bar->x1 - bar->x0, bar->y1 - bar->y0);
        }
      gander_theme_set_color (cr,
                              &theme->shade[kinds[k] == GANDER_BAR_STW ? GANDER_SHADE_STW
                                                                       : GANDER_SHADE_GC],
                              1);
      cairo_fill (cr);
    }
}

/* Marks along the bottom: findings as triangles, all others as ticks. Ticks that would fall on one
 * pixel are painted once. */
static void
paint_ticks (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  int size = to_pixels (self, BOTTOM_PX);
  int y = self->height - size;
  int last = -1;

  for (gsize i = 0; i < self->view.n_marks; i++)
    {
      const GanderMark *mark = &self->view.marks[i];
      int x = gander_scale_get_x (&self->scale, mark->time);

      if (x == last)
        continue;
      last = x;
      if (mark->kind != GANDER_MARK_FINDING)
        {
          cairo_rectangle (cr, x, y, gander_theme_get_hairline (self->factor), size);
          continue;
        }
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + size * 0.7, y + size);
      cairo_line_to (cr, x - size * 0.7, y + size);
      cairo_close_path (cr);
    }
  gander_theme_set_color (cr, &theme->text, 0.85);
  cairo_fill (cr);
}

/* Beside a longer trace there is room after the end of this one: says so where it fits. */
static void
paint_end (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  int x = gander_scale_get_x (&self->scale, gander_index_get_facts (self->index)->duration);
  int pad = to_pixels (self, 8);
  int room = self->scale.width - x - 2 * pad;
  const char *text = _ ("the trace ends here");

  if (gander_labels_get_width (self->labels, GANDER_LABEL_RULER, text) > room)
    return;
  fill_rect (cr, &theme->label_column, 1, x, 0, self->scale.width - x, self->height);
  fill_rect (cr, &theme->hairline, 1, x, 0, gander_theme_get_hairline (self->factor), self->height);
  gander_theme_set_color (cr, &theme->secondary, 1);
  gander_labels_paint (self->labels, cr, GANDER_LABEL_RULER, text, x + pad, self->height / 2, room);
}

static void
get_box (const GanderOverview *self, int *x0, int *x1)
{
  int least = to_pixels (self, 4);

  *x0 = CLAMP (gander_scale_get_x (&self->scale, self->view.begin), 0, self->scale.width);
  *x1 = CLAMP (gander_scale_get_x (&self->scale, self->view.end), 0, self->scale.width);
  if (*x1 - *x0 < least)
    {
      *x0 = CLAMP ((*x0 + *x1 - least) / 2, 0, MAX (self->scale.width - least, 0));
      *x1 = *x0 + least;
    }
}

static void
paint_handle (GanderOverview *self, cairo_t *cr, int x)
{
  double width = HANDLE_PX * self->factor;
  double height = 18 * self->factor;
  double y = (self->height - height) / 2;
  double r = 3 * self->factor;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width / 2 - r, y + r, r, -G_PI_2, 0);
  cairo_arc (cr, x + width / 2 - r, y + height - r, r, 0, G_PI_2);
  cairo_arc (cr, x - width / 2 + r, y + height - r, r, G_PI_2, G_PI);
  cairo_arc (cr, x - width / 2 + r, y + r, r, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
paint_box (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  int line = to_pixels (self, 2);
  int x0;
  int x1;

  get_box (self, &x0, &x1);
  fill_rect (cr, &theme->canvas, DIMMED, 0, 0, x0, self->height);
  fill_rect (cr, &theme->canvas, DIMMED, x1, 0, self->scale.width - x1, self->height);
  gander_theme_set_color (cr, &theme->accent, 1);
  cairo_rectangle (cr, x0, 0, x1 - x0, line);
  cairo_rectangle (cr, x0, self->height - line, x1 - x0, line);
  cairo_rectangle (cr, x0, 0, line, self->height);
  cairo_rectangle (cr, x1 - line, 0, line, self->height);
  paint_handle (self, cr, x0 + line / 2);
  paint_handle (self, cr, x1 - line / 2);
  cairo_fill (cr);
}

void
gander_overview_paint (GanderOverview *self, cairo_t *cr, const GanderTheme *theme)
{
  int line = gander_theme_get_hairline (self->factor);

  g_return_if_fail (self != NULL && self->index != NULL);

  cairo_save (cr);
  cairo_scale (cr, 1 / self->factor, 1 / self->factor);
  fill_rect (cr, &theme->label_column, 1, 0, 0, self->left, self->height);
  if (self->left > 0)
    paint_texts (self, cr, theme);
  fill_rect (cr, &theme->canvas, 1, self->left, 0, self->scale.width, self->height);

  cairo_save (cr);
  cairo_rectangle (cr, self->left, 0, self->scale.width, self->height);
  cairo_clip (cr);
  cairo_translate (cr, self->left, 0);
  paint_area (self, cr, theme);
  paint_bars (self, cr, theme);
  paint_ticks (self, cr, theme);
  paint_end (self, cr, theme);
  if (self->view.begin > self->scale.begin || self->view.end < self->scale.end)
    paint_box (self, cr, theme);
  cairo_restore (cr);

  fill_rect (cr, &theme->hairline, 1, 0, self->height - line, self->width, line);
  if (self->left > 0)
    fill_rect (cr, &theme->hairline, 1, self->left - line, 0, line, self->height);
  cairo_restore (cr);
}

GanderOverviewHit
gander_overview_hit (const GanderOverview *self, double px, double py, GanderTime *time)
{
  int x = (int)floor (px * self->factor) - self->left;
  int y = (int)floor (py * self->factor);
  int slack = to_pixels (self, HANDLE_PX);
  int x0;
  int x1;

  if (time != NULL)
    *time = gander_scale_get_time (&self->scale, px * self->factor - self->left);
  if (self->index == NULL || x < 0 || x >= self->scale.width || y < 0 || y >= self->height)
    return GANDER_OVERVIEW_NOTHING;
  get_box (self, &x0, &x1);
  /* In a narrow box the handles must leave something to drag. */
  if (x1 - x0 < 3 * slack)
    slack = 0;
  if (x >= x0 - HANDLE_PX && x < x0 + MAX (slack, 1))
    return GANDER_OVERVIEW_LEFT;
  if (x >= x1 - MAX (slack, 1) && x < x1 + HANDLE_PX)
    return GANDER_OVERVIEW_RIGHT;
  return x >= x0 && x < x1 ? GANDER_OVERVIEW_INSIDE : GANDER_OVERVIEW_OUTSIDE;
}
