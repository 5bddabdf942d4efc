/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#define THIN_PX    8 /* narrower boxes are painted with the columns */
#define STW_MIN_PX 2
#define WORTH_IT   40000 /* pixels of rows: less is done before a thread has begun */

void
gander_timeline_sheet_init (GanderTimelineSheet *self)
{
  *self = (GanderTimelineSheet){
    .boxes = g_array_new (FALSE, FALSE, sizeof (GanderLaneBox)),
    .columns = g_array_new (FALSE, FALSE, sizeof (GanderColumn)),
    .bars = g_array_new (FALSE, FALSE, sizeof (GanderBar)),
    .marks = g_array_new (FALSE, FALSE, sizeof (GanderMarkItem)),
    .values = g_array_new (FALSE, FALSE, sizeof (float)),
    .rail = g_array_new (FALSE, TRUE, sizeof (guint32)),
  };
}

void
gander_timeline_sheet_clear (GanderTimelineSheet *self)
{
  g_array_unref (self->boxes);
  g_array_unref (self->columns);
  g_array_unref (self->bars);
  g_array_unref (self->marks);
  g_array_unref (self->values);
  g_array_unref (self->rail);
  gander_lane_scratch_clear (&self->scratch);
  g_free (self->sums);
}

void
gander_timeline_sheet_reset (GanderTimelineSheet *self)
{
  g_array_set_size (self->boxes, 0);
  g_array_set_size (self->columns, 0);
  g_array_set_size (self->bars, 0);
  g_array_set_size (self->marks, 0);
  g_array_set_size (self->values, 0);
}

static void
layout_lane (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  GanderLane lane;

  gander_lane_layout (self->index,
                      row->lane,
                      &self->scale,
                      item->bar_y1 - item->bar_y0,
                      gander_timeline_px (self, THIN_PX),
                      &self->sheet.scratch,
                      self->memo,
                      self->sheet.boxes,
                      self->sheet.columns,
                      &item->lane);
  gander_index_get_lane (self->index, row->lane, &lane);
  if (lane.kind != GANDER_LANE_GOROUTINE)
    return;
  if (!(lane.flags & GANDER_LANE_EXISTED))
    item->birth_x = gander_scale_get_x (&self->scale, lane.begin);
  if (!(lane.flags & GANDER_LANE_ALIVE))
    item->death_x = gander_scale_get_x (&self->scale, lane.end);
}

static void
layout_counter (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  item->first_value = self->sheet.values->len;
  gander_counter_layout (self->index, row->counter, &self->scale, self->sheet.values);
  if (row->counter == GANDER_COUNTER_HEAP && self->counter_tops[GANDER_COUNTER_GOAL] > 0)
    {
      item->first_goal = self->sheet.values->len;
      gander_counter_layout (self->index, GANDER_COUNTER_GOAL, &self->scale, self->sheet.values);
    }
  item->top = self->counter_tops[row->counter] * 1.05;
}

static void
layout_tasks (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  const GanderTaskType *type = gander_rows_get_tasks (self->rows, item->row);

  if (row->kind == GANDER_ROW_TASK)
    {
      gander_bars_add_task (self->sheet.bars,
                            self->rows,
                            row->task,
                            &self->scale,
                            item->bar_y0,
                            item->bar_y1);
      return;
    }
  if (type == NULL)
    return;
  if (type->most <= 1)
    {
      gander_bars_add_tasks (self->sheet.bars,
                             self->rows,
                             type,
                             &self->scale,
                             item->bar_y0,
                             item->bar_y1);
      return;
    }
  item->first_value = self->sheet.values->len;
  item->top = type->most;
  gander_counter_layout_tasks (type, &self->scale, self->sheet.values);
}

static void
layout_gc (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  int min_px = gander_timeline_px (self, STW_MIN_PX);
  int middle = item->bar_y0 + (item->bar_y1 - item->bar_y0);

  if (row->kind == GANDER_ROW_RANGES)
    {
      gander_bars_add_ranges (self->sheet.bars,
                              self->index,
                              row->range_kind,
                              &self->scale,
                              item->bar_y0,
                              item->bar_y1,
                              min_px);
      return;
    }
  gander_bars_add_ranges (self->sheet.bars,
                          self->index,
                          GANDER_RANGE_GC_MARK,
                          &self->scale,
                          item->bar_y0,
                          middle,
                          1);
  gander_bars_add_ranges (self->sheet.bars,
                          self->index,
                          GANDER_RANGE_STW,
                          &self->scale,
                          item->bar_y0,
                          item->bar_y1,
                          min_px);
}

static void
layout_content (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  item->first_bar = self->sheet.bars->len;
  item->first_mark = self->sheet.marks->len;
  if (row->section == GANDER_SECTION_TASKS)
    layout_tasks (self, row, item);
  else if (row->section == GANDER_SECTION_COUNTERS)
    layout_counter (self, row, item);
  else if (row->section == GANDER_SECTION_GC)
    layout_gc (self, row, item);
  else if (row->kind == GANDER_ROW_REGIONS)
    gander_timeline_layout_regions (self, row, item);
  else if (row->lane != GANDER_LANE_NONE)
    layout_lane (self, row, item);
  else if (row->kind == GANDER_ROW_GROUP || row->kind == GANDER_ROW_SECTION)
    gander_timeline_layout_summary (self, row, item);
  item->n_bars = self->sheet.bars->len - item->first_bar;
  gander_timeline_layout_mix (self, row, item);
  if (row->lane != GANDER_LANE_NONE && row->kind != GANDER_ROW_REGIONS && !self->view.rough)
    gander_timeline_layout_marks (self, row, item);
  item->n_marks = self->sheet.marks->len - item->first_mark;
}

/* Rows shared out over threads, each with a sheet of its own. */
typedef struct
{
  GanderTimeline *timeline; /* as the thread sees it */
  const GArray *numbers;    /* guint: of the items to lay out */
  guint *next;              /* atomic */
  GArray *done;             /* guint: those that this thread took */
} Share;

static gpointer
share_thread (gpointer data)
{
  Share *share = data;
  GanderTimeline *self = share->timeline;
  guint i = 0;

  while ((i = (guint)g_atomic_int_add (share->next, 1)) < share->numbers->len)
    {
      guint number = g_array_index (share->numbers, guint, i);
      GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, number);

      layout_content (self, gander_rows_get (self->rows, item->row), item);
      g_array_append_val (share->done, number);
    }
  return NULL;
}

/* Appends the sheet of a helper, which is empty then; what the items in @done hold is where it
 * went.
 */
static void
take_sheet (GanderTimeline *self, GanderTimelineSheet *other, const GArray *done)
{
  GanderTimelineSheet *sheet = &self->sheet;

  for (guint i = 0; i < done->len; i++)
    {
      GanderTimelineRow *item =
          &g_array_index (self->items, GanderTimelineRow, g_array_index (done, guint, i));

      item->lane.first_box += sheet->boxes->len;
      item->lane.first_column += item->lane.first_column >= 0 ? sheet->columns->len : 0;
      item->first_bar += sheet->bars->len;
      item->first_mark += sheet->marks->len;
      item->first_value += item->first_value >= 0 ? sheet->values->len : 0;
      item->first_goal += item->first_goal >= 0 ? sheet->values->len : 0;
    }
  g_array_append_vals (sheet->boxes, other->boxes->data, other->boxes->len);
  g_array_append_vals (sheet->columns, other->columns->data, other->columns->len);
  g_array_append_vals (sheet->bars, other->bars->data, other->bars->len);
  g_array_append_vals (sheet->marks, other->marks->data, other->marks->len);
  g_array_append_vals (sheet->values, other->values->data, other->values->len);
  gander_timeline_sheet_reset (other);
}

static void
share_out (GanderTimeline *self, const GArray *numbers, guint n_helpers)
{
  GanderTimeline helpers[G_N_ELEMENTS (self->others)];
  Share shares[G_N_ELEMENTS (self->others) + 1];
  GThread *threads[G_N_ELEMENTS (self->others)];
  guint next = 0;

  for (guint i = 0; i <= n_helpers; i++)
    shares[i] = (Share){ self, numbers, &next, g_array_new (FALSE, FALSE, sizeof (guint)) };
  for (guint i = 0; i < n_helpers; i++)
    {
      helpers[i] = *self;
      helpers[i].sheet = self->others[i];
      shares[i].timeline = &helpers[i];
      threads[i] = g_thread_try_new ("layout", share_thread, &shares[i], NULL);
    }
  /* Where no thread can be had, this one does it all. */
  share_thread (&shares[n_helpers]);
  for (guint i = 0; i < n_helpers; i++)
    {
      if (threads[i] != NULL)
        g_thread_join (threads[i]);
      self->others[i] = helpers[i].sheet;
      take_sheet (self, &self->others[i], shares[i].done);
    }
  for (guint i = 0; i <= n_helpers; i++)
    g_array_unref (shares[i].done);
}

/* A lane that is shown twice, as those of pinned goroutines are, is laid out by one thread after
 * the other. */
void
gander_timeline_layout_contents (GanderTimeline *self)
{
  gboolean worth_it = (gint64)self->items->len * self->scale.width >= WORTH_IT;
  g_autoptr (GArray) once = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) again = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      const GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);
      gboolean fresh = row->lane == GANDER_LANE_NONE || row->kind == GANDER_ROW_REGIONS ||
                       g_hash_table_add (seen, GUINT_TO_POINTER (row->lane));

      g_array_append_val (fresh ? once : again, i);
    }
  share_out (self, once, worth_it ? self->most_threads - 1 : 0);
  share_out (self, again, 0);
}
