/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline.h"

#include "widgets/draw/timeline-private.h"

#include <math.h>
#include <string.h>

#define PINNED_SHARE 0.4 /* of the height, at most */
#define STW_MIN_PX   2
#define TICK_PX      95

static void
clear_text (gpointer data)
{
  g_clear_pointer (&((GanderTextItem *)data)->mask, cairo_surface_destroy);
}

GanderTimeline *
gander_timeline_new (const char *font_family, double em)
{
  GanderTimeline *self = g_new0 (GanderTimeline, 1);

  self->most_threads = MIN (g_get_num_processors (), GANDER_TIMELINE_MOST_THREADS);
  self->family = g_strdup (font_family);
  self->em = em;
  self->factor = 1;
  self->items = g_array_new (FALSE, TRUE, sizeof (GanderTimelineRow));
  gander_timeline_sheet_init (&self->sheet);
  for (guint i = 0; i < G_N_ELEMENTS (self->others); i++)
    gander_timeline_sheet_init (&self->others[i]);
  self->bands = g_array_new (FALSE, FALSE, sizeof (GanderBar));
  self->label_texts = g_array_new (FALSE, FALSE, sizeof (GanderTextItem));
  self->span_texts = g_array_new (FALSE, FALSE, sizeof (GanderTextItem));
  g_array_set_clear_func (self->label_texts, clear_text);
  g_array_set_clear_func (self->span_texts, clear_text);
  self->ticks = g_array_new (FALSE, FALSE, sizeof (GanderTick));
  self->texts = g_string_new (NULL);
  self->memory = gander_timeline_memory_new ();
  self->memo = gander_lane_memo_new ();
  gander_scale_init (&self->scale, 0, 1, 1);
  return self;
}

void
gander_timeline_free (GanderTimeline *self)
{
  if (self == NULL)
    return;
  g_free (self->family);
  gander_labels_free (self->labels);
  g_clear_pointer (&self->rows, gander_rows_unref);
  g_clear_pointer (&self->index, gander_index_unref);
  g_array_unref (self->items);
  gander_timeline_sheet_clear (&self->sheet);
  for (guint i = 0; i < G_N_ELEMENTS (self->others); i++)
    gander_timeline_sheet_clear (&self->others[i]);
  g_array_unref (self->bands);
  g_array_unref (self->label_texts);
  g_array_unref (self->span_texts);
  g_array_unref (self->ticks);
  g_string_free (self->texts, TRUE);
  gander_lane_memo_free (self->memo);
  gander_strip_clear (&self->strip);
  gander_timeline_clear_stamps (self);
  gander_timeline_memory_free (self->memory);
  g_free (self);
}

void
gander_timeline_add_text (GanderTimeline *self,
                          GArray *list,
                          GanderLabelStyle style,
                          GanderInk ink,
                          int x,
                          int y,
                          int width,
                          const char *text)
{
  GanderTextItem item = { x, y, width, (guint)self->texts->len, (guint8)style, (guint8)ink, NULL };

  if (width <= 0 || text[0] == '\0')
    return;
  g_string_append_len (self->texts, text, (gssize)strlen (text) + 1);
  g_array_append_val (list, item);
}

static void
forget (GanderTimeline *self)
{
  g_array_set_size (self->items, 0);
  g_array_set_size (self->bands, 0);
  gander_timeline_sheet_reset (&self->sheet);
  g_array_set_size (self->label_texts, 0);
  g_array_set_size (self->span_texts, 0);
  g_array_set_size (self->ticks, 0);
  g_string_truncate (self->texts, 0);
}

static double
find_top (const GanderIndex *index, GanderCounter counter)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, counter, &n);
  guint64 top = 0;

  for (guint32 i = 0; i < n; i++)
    top = MAX (top, points[i].value);
  return (double)top;
}

/* What is the same for every view of an index. */
static void
take_index (GanderTimeline *self, GanderIndex *index)
{
  if (self->index == index)
    return;
  g_clear_pointer (&self->index, gander_index_unref);
  self->index = gander_index_ref (index);
  gander_timeline_memory_forget (self->memory);
  for (guint i = 0; i < GANDER_N_COUNTERS; i++)
    self->counter_tops[i] = find_top (index, i);
  self->counter_tops[GANDER_COUNTER_HEAP] =
      MAX (self->counter_tops[GANDER_COUNTER_HEAP], self->counter_tops[GANDER_COUNTER_GOAL]);
}

typedef struct
{
  guint8 comfortable;
  guint8 compact;
} BarHeight;

static const BarHeight bar_heights[GANDER_N_ROW_KINDS] = {
  [GANDER_ROW_SECTION] = { 17, 14 },  [GANDER_ROW_RANGES] = { 16, 10 },
  [GANDER_ROW_COUNTER] = { 29, 20 },  [GANDER_ROW_GROUP] = { 18, 16 },
  [GANDER_ROW_LANE] = { 18, 10 },     [GANDER_ROW_REGIONS] = { 12, 6 },
  [GANDER_ROW_TASK_TYPE] = { 18, 8 }, [GANDER_ROW_TASK] = { 18, 8 },
  [GANDER_ROW_MORE] = { 0, 0 },       [GANDER_ROW_HIDDEN] = { 0, 0 },
};

static void
place_bar (const GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  gboolean compact = gander_rows_get_options (self->rows)->compact;
  int height = compact ? bar_heights[row->kind].compact : bar_heights[row->kind].comfortable;

  if (row->kind == GANDER_ROW_LANE && row->section == GANDER_SECTION_PROCS)
    height = compact ? 10 : 16;
  if (row->section == GANDER_SECTION_COUNTERS)
    height = row->height - 4;
  height = MIN (gander_timeline_px (self, height), MIN (item->y1 - item->y0, 255));
  item->bar_y0 = item->y0 + (item->y1 - item->y0 - height) / 2;
  item->bar_y1 = item->bar_y0 + height;
}

/* @y: of the row in px of the picture. */
static void
add_item (GanderTimeline *self, guint32 number, double y)
{
  const GanderRow *row = gander_rows_get (self->rows, number);
  GanderTimelineRow item = {
    .row = number,
    .key = row->key,
    .kind = (guint8)row->kind,
    .section = (guint8)row->section,
    .y0 = (int)lround (y * self->factor),
    .y1 = (int)lround ((y + row->height) * self->factor),
    .lane = { .first_column = -1 },
    .first_value = -1,
    .first_goal = -1,
    .birth_x = G_MININT,
    .death_x = G_MININT,
    .triangle_x = -1,
  };

  place_bar (self, row, &item);
  g_array_append_val (self->items, item);
}

static void
add_items (GanderTimeline *self)
{
  const GanderRows *rows = self->rows;
  guint32 n = gander_rows_get_n (rows);
  guint32 n_pinned = gander_rows_get_n_pinned (rows);
  gint64 pinned = gander_rows_get_y (rows, n_pinned);
  double shown = MIN ((double)pinned, self->view.height * PINNED_SHARE);
  double top = shown - (double)pinned - self->view.scroll_y;
  guint32 first;

  for (guint32 i = 0; i < n_pinned && (double)gander_rows_get_y (rows, i) < shown; i++)
    add_item (self, i, (double)gander_rows_get_y (rows, i));
  self->n_pinned = self->items->len;
  self->pinned_bottom = (int)lround (shown * self->factor);

  first = gander_rows_find_y (rows, (gint64)floor (shown - top));
  if (first == GANDER_ROW_NONE || first < n_pinned)
    first = shown - top < (double)pinned ? n_pinned : n;
  for (guint32 i = first; i < n; i++)
    {
      double y = (double)gander_rows_get_y (rows, i) + top;

      if (y >= self->view.height)
        break;
      add_item (self, i, y);
    }
}

static void
layout_labels (GanderTimeline *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);

      item->first_label = self->label_texts->len;
      gander_timeline_layout_label (self, row, item);
      item->n_labels = self->label_texts->len - item->first_label;
    }
}

void
gander_timeline_layout (GanderTimeline *self,
                        const GanderRows *rows,
                        const GanderTimelineFrame *view)
{
  g_return_if_fail (self != NULL && rows != NULL && view != NULL);

  self->view = *view;
  if (self->rows != rows)
    {
      g_clear_pointer (&self->rows, gander_rows_unref);
      self->rows = gander_rows_ref (rows);
    }
  self->factor = view->scale > 0 ? view->scale : 1;
  self->left = gander_timeline_px (self, view->label_width);
  self->width = gander_timeline_px (self, view->width);
  self->height = gander_timeline_px (self, view->height);
  take_index (self, gander_rows_get_index (rows));
  gander_scale_init (&self->scale, view->begin, view->end, self->width - self->left);
  if (view->rough)
    gander_scale_make_rough (&self->scale);
  if (self->labels == NULL || self->labels_scale != self->factor)
    {
      gander_labels_free (self->labels);
      self->labels = gander_labels_new (self->family, self->em, self->factor);
      self->labels_scale = self->factor;
      gander_timeline_make_stamps (self);
    }

  forget (self);
  self->painted = NULL;
  gander_lane_memo_begin (self->memo, self->index, &self->scale);
  gander_timeline_forget_old (self);
  gander_scale_get_ticks (&self->scale,
                          view->zero,
                          gander_timeline_px (self, TICK_PX),
                          self->ticks);
  gander_bars_add_ranges (self->bands,
                          self->index,
                          GANDER_RANGE_STW,
                          &self->scale,
                          0,
                          self->height,
                          gander_timeline_px (self, STW_MIN_PX));
  add_items (self);
  gander_timeline_layout_contents (self);
  layout_labels (self);
  gander_timeline_layout_span_texts (self);
}

void
gander_timeline_take_memory (GanderTimeline *self, GanderTimeline *other)
{
  GanderLaneMemo *memo = self->memo;
  GanderTimelineMemory *memory = self->memory;

  g_return_if_fail (self != NULL && other != NULL && self != other);

  if (self->index == NULL && other->index != NULL)
    {
      self->index = gander_index_ref (other->index);
      memcpy (self->counter_tops, other->counter_tops, sizeof self->counter_tops);
    }
  if (self->index != other->index)
    return;
  self->memo = other->memo;
  other->memo = memo;
  self->memory = other->memory;
  other->memory = memory;
}

double
gander_timeline_get_x (const GanderTimeline *self, GanderTime time)
{
  return (self->left + gander_scale_get_x (&self->scale, time)) / self->factor;
}

GanderTime
gander_timeline_get_time (const GanderTimeline *self, double x)
{
  return gander_scale_get_time (&self->scale, x * self->factor - self->left);
}

const GanderTimelineRow *
gander_timeline_find_item (const GanderTimeline *self, guint32 row)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->row == row)
        return item;
    }
  return NULL;
}

gboolean
gander_timeline_get_row_rect (const GanderTimeline *self, guint32 row, int *y, int *height)
{
  const GanderTimelineRow *item = gander_timeline_find_item (self, row);

  if (item == NULL)
    return FALSE;
  *y = (int)lround (item->y0 / self->factor);
  *height = (int)lround ((item->y1 - item->y0) / self->factor);
  return TRUE;
}

int
gander_timeline_get_pinned_height (const GanderTimeline *self)
{
  return (int)lround (self->pinned_bottom / self->factor);
}

void
gander_timeline_get_visible (const GanderTimeline *self, guint32 *first, guint32 *n)
{
  *n = self->items->len - self->n_pinned;
  *first = *n > 0 ? g_array_index (self->items, GanderTimelineRow, self->n_pinned).row : 0;
}
