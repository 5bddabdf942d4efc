/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <math.h>
#include <string.h>

#define SLACK_PX    3
#define TRIANGLE_PX 12

static const GanderTimelineRow *
item_at (const GanderTimeline *self, int y)
{
  gboolean pinned = y < self->pinned_bottom;

  for (guint i = pinned ? 0 : self->n_pinned; i < (pinned ? self->n_pinned : self->items->len); i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);

      if (item->y0 <= y && y < item->y1)
        return item;
    }
  return NULL;
}

/* Device pixels of the time axis to px of the picture. */
static void
set_rect (const GanderTimeline *self, GanderHit *out, int x0, int x1, int y0, int y1)
{
  int left = self->left + MAX (x0, 0);
  int right = self->left + MIN (x1, self->scale.width);

  out->x = (int)floor (left / self->factor);
  out->y = (int)floor (y0 / self->factor);
  out->width = (int)ceil (right / self->factor) - out->x;
  out->height = (int)ceil (y1 / self->factor) - out->y;
}

static gboolean
hit_mark (const GanderTimeline *self, const GanderTimelineRow *item, int x, int y, GanderHit *out)
{
  int slack = gander_timeline_px (self, SLACK_PX);

  if (y >= item->bar_y0 + 2 * slack)
    return FALSE;
  for (guint i = item->first_mark; i < item->first_mark + item->n_marks; i++)
    {
      const GanderMarkItem *mark = &g_array_index (self->sheet.marks, GanderMarkItem, i);

      if (ABS (mark->x - x) > slack)
        continue;
      out->kind = GANDER_HIT_MARK;
      out->mark = mark->kind;
      out->begin = out->end = mark->time;
      out->n = mark->n;
      if (mark->kind == GANDER_MARK_EXTREME)
        out->ordinal = mark->item;
      out->item = mark->item;
      set_rect (self,
                out,
                mark->x - slack,
                mark->x + slack + 1,
                item->bar_y0,
                item->bar_y0 + 2 * slack);
      return TRUE;
    }
  return FALSE;
}

static GanderState
largest_state (const GanderMix *mix)
{
  guint best = GANDER_STATE_NONE + 1;

  for (guint s = best; s < GANDER_N_STATES; s++)
    if (mix->time[s] > mix->time[best])
      best = s;
  return best;
}

static gboolean
has_column (const GanderTimeline *self, const GanderTimelineRow *item, int x)
{
  static const GanderColumn empty;

  return item->lane.first_column >= 0 && x >= 0 && x < self->scale.width &&
         memcmp (&g_array_index (self->sheet.columns, GanderColumn, item->lane.first_column + x),
                 &empty,
                 sizeof empty) != 0;
}

static void
hit_column (const GanderTimeline *self,
            const GanderTimelineRow *item,
            GanderLaneId lane,
            int x,
            GanderHit *out)
{
  GanderTime edges[2];

  gander_scale_get_edges (&self->scale, x, 1, edges);
  gander_query_mixes (self->index, lane, edges, 1, &out->mix, &out->n);
  out->kind = GANDER_HIT_COLUMN;
  out->lane = lane;
  out->begin = edges[0];
  out->end = edges[1];
  out->state = largest_state (&out->mix);
  out->ordinal = gander_query_find (self->index, lane, edges[0]);
  set_rect (self, out, x, x + 1, item->bar_y0, item->bar_y1);
}

static void
hit_lane (const GanderTimeline *self,
          const GanderTimelineRow *item,
          GanderLaneId lane,
          int x,
          GanderHit *out)
{
  const GanderLaneBox *boxes =
      &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box);
  const GanderLaneBox *box = gander_lane_hit (boxes, item->lane.n_boxes, x, 0);

  if (box == NULL && has_column (self, item, x))
    {
      hit_column (self, item, lane, x, out);
      return;
    }
  if (box == NULL)
    box = gander_lane_hit (boxes, item->lane.n_boxes, x, gander_timeline_px (self, SLACK_PX));
  if (box == NULL)
    return;
  out->kind = GANDER_HIT_SPAN;
  out->lane = lane;
  out->ordinal = box->ordinal;
  out->state = box->state;
  out->begin = box->begin;
  out->end = box->end;
  out->n = 1;
  set_rect (self, out, box->x0, box->x1, item->bar_y0, item->bar_y1);
}

static void
hit_bar (const GanderTimeline *self, const GanderTimelineRow *item, int x, int y, GanderHit *out)
{
  static const GanderHitKind kinds[GANDER_N_BARS] = {
    [GANDER_BAR_MARK] = GANDER_HIT_RANGE,   [GANDER_BAR_STW] = GANDER_HIT_RANGE,
    [GANDER_BAR_ASSIST] = GANDER_HIT_RANGE, [GANDER_BAR_REGION] = GANDER_HIT_REGION,
    [GANDER_BAR_TASK] = GANDER_HIT_TASK,
  };
  static const GanderRangeKind ranges[GANDER_N_BARS] = {
    [GANDER_BAR_MARK] = GANDER_RANGE_GC_MARK,
    [GANDER_BAR_STW] = GANDER_RANGE_STW,
    [GANDER_BAR_ASSIST] = GANDER_RANGE_ASSIST,
  };
  const GanderBar *bar = NULL;
  int slack = gander_timeline_px (self, SLACK_PX);

  /* What is painted last lies on top. The whole pitch of a row counts, not only its bar. */
  for (guint i = item->n_bars; i > 0; i--)
    {
      const GanderBar *one = &g_array_index (self->sheet.bars, GanderBar, item->first_bar + i - 1);

      if (gander_bars_hit (one, 1, x, CLAMP (y, item->bar_y0, item->bar_y1 - 1), slack) != NULL &&
          (bar == NULL || (x >= one->x0 && x < one->x1 && (x < bar->x0 || x >= bar->x1))))
        bar = one;
    }
  if (bar == NULL)
    return;
  out->kind = kinds[bar->kind];
  out->range_kind = ranges[bar->kind];
  out->item = bar->item;
  out->n = bar->n;
  out->begin = bar->begin;
  out->end = bar->end;
  set_rect (self, out, bar->x0, bar->x1, bar->y0, bar->y1);
}

static void
hit_summary (const GanderTimeline *self,
             const GanderTimelineRow *item,
             const GanderRow *row,
             int x,
             GanderHit *out)
{
  GanderTime edges[2];

  gander_scale_get_edges (&self->scale, x, 1, edges);
  out->kind = GANDER_HIT_SUMMARY;
  out->begin = edges[0];
  out->end = edges[1];
  out->n = row->n;
  if (row->group < GANDER_GROUP_OTHER || row->section == GANDER_SECTION_GOROUTINES)
    gander_query_group_mixes (self->index,
                              row->group < GANDER_GROUP_OTHER ? row->group : GANDER_GROUP_ALL,
                              edges,
                              1,
                              &out->mix);
  out->state = largest_state (&out->mix);
  set_rect (self, out, x, x + 1, item->bar_y0, item->bar_y1);
}

static void
hit_counter (const GanderTimeline *self,
             const GanderTimelineRow *item,
             const GanderRow *row,
             int x,
             GanderHit *out)
{
  float value = g_array_index (self->sheet.values, float, item->first_value + x);

  if (isnan (value))
    return;
  out->kind = GANDER_HIT_COUNTER;
  out->counter = row->counter;
  out->value = (guint64)value;
  if (row->section == GANDER_SECTION_COUNTERS)
    gander_query_counter (self->index, row->counter, out->time, &out->value);
  set_rect (self, out, x, x + 1, item->bar_y0, item->bar_y1);
}

/* Pauses lie over everything, but only where nothing else is they are what is meant. */
static void
hit_band (const GanderTimeline *self, int x, GanderHit *out)
{
  int slack = gander_timeline_px (self, 1);

  for (guint i = 0; i < self->bands->len; i++)
    {
      const GanderBar *band = &g_array_index (self->bands, GanderBar, i);

      if (x < band->x0 - slack || x >= band->x1 + slack)
        continue;
      out->kind = GANDER_HIT_RANGE;
      out->range_kind = GANDER_RANGE_STW;
      out->item = band->item;
      out->n = band->n;
      out->begin = band->begin;
      out->end = band->end;
      set_rect (self, out, band->x0, band->x1, 0, self->height);
      return;
    }
}

static void
hit_content (const GanderTimeline *self,
             const GanderTimelineRow *item,
             const GanderRow *row,
             int x,
             int y,
             GanderHit *out)
{
  if (row->lane != GANDER_LANE_NONE && row->kind != GANDER_ROW_REGIONS &&
      hit_mark (self, item, x, y, out))
    return;
  if (item->first_value >= 0)
    hit_counter (self, item, row, x, out);
  else if (item->n_bars > 0)
    hit_bar (self, item, x, y, out);
  else if (item->summary != GANDER_SUMMARY_NONE)
    hit_summary (self, item, row, x, out);
  else if (row->lane != GANDER_LANE_NONE && row->kind != GANDER_ROW_REGIONS)
    hit_lane (self, item, row->lane, x, out);
  if (out->kind == GANDER_HIT_ROW)
    hit_band (self, x, out);
}

gboolean
gander_timeline_hit (const GanderTimeline *self, double px, double py, GanderHit *out)
{
  int x = (int)floor (px * self->factor);
  int y = (int)floor (py * self->factor);
  const GanderTimelineRow *item = NULL;
  const GanderRow *row;

  *out = (GanderHit){
    .row = GANDER_ROW_NONE,
    .lane = GANDER_LANE_NONE,
    .time = gander_timeline_get_time (self, px),
  };
  if (self->rows != NULL && x >= 0 && x < self->width && y >= 0 && y < self->height)
    item = item_at (self, y);
  if (item == NULL || item->row >= gander_rows_get_n (self->rows))
    return FALSE;

  row = gander_rows_get (self->rows, item->row);
  out->kind = x < self->left ? GANDER_HIT_LABEL : GANDER_HIT_ROW;
  out->row = item->row;
  out->lane = row->lane;
  set_rect (self, out, 0, self->scale.width, item->y0, item->y1);
  if (row->kind == GANDER_ROW_MORE || row->kind == GANDER_ROW_HIDDEN)
    out->kind = GANDER_HIT_MORE;
  else if (x >= self->left)
    hit_content (self, item, row, x - self->left, y, out);
  else if (item->triangle_x >= 0 &&
           ABS (x - item->triangle_x) <= gander_timeline_px (self, TRIANGLE_PX))
    out->kind = GANDER_HIT_DISCLOSURE;
  return TRUE;
}
