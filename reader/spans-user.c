/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program itself says (tasks, regions, logs), and what is sampled (CPU, metrics). */
#include "reader/spans-private.h"

#include <string.h>

/* How far down the open regions an end looks for its begin when it is not the newest. */
#define SEARCH_LIMIT 64

/* Names of metrics: Go has three, they come from the reader and not from the file. */
#define METRIC_LIMIT 64

/* A heap goal above this is a known fault of the runtime (golang/go#63864) and means none. */
#define GOAL_LIMIT (G_GUINT64_CONSTANT (1) << 50)

/* Returns: (nullable) the row of a task that is new. */
static GanderTask *
open_task (GanderSpans *self, guint64 id)
{
  guint32 row = self->free_task;
  GanderTask *task = NULL;

  if (row != 0)
    {
      task = gander_pages_get (&self->open_tasks, row - 1);
      self->free_task = (guint32)task->id;
      memset (task, 0, sizeof *task);
    }
  else
    {
      task = gander_pages_add (&self->open_tasks);
      row = self->open_tasks.n;
    }
  if (task == NULL || !gander_id_pages_set (&self->task_ids, id, row))
    {
      self->no_memory = TRUE;
      return NULL;
    }
  task->id = id;
  task->begin = task->end = -1;
  task->creator = task->ender = GANDER_LANE_NONE;
  return task;
}

/* Returns: (nullable) the task's row, made when it is new; NULL when it is closed. */
static GanderTask *
need_task (GanderSpans *self, guint64 id)
{
  guint32 found = gander_id_pages_get (&self->task_ids, id);

  if (found == GANDER_TASK_CLOSED)
    return NULL;
  return found != 0 ? gander_pages_get (&self->open_tasks, found - 1) : open_task (self, id);
}

/* What has begun and ended is put aside. */
static void
close_task (GanderSpans *self, GanderTask *task)
{
  guint64 id = task->id;

  if (task->begin < 0 || task->end < 0)
    return;
  gander_row_file_add (&self->tasks, task);
  task->id = self->free_task;
  self->free_task = gander_id_pages_get (&self->task_ids, id);
  /* It has a place already. */
  (void)gander_id_pages_set (&self->task_ids, id, GANDER_TASK_CLOSED);
}

static void
add_task_begin (GanderSpans *self, const GanderEvent *event, guint32 goroutine)
{
  GanderTask *task = need_task (self, (guint64)event->id);

  if (task == NULL || task->begin >= 0)
    return;
  task->type = event->name;
  task->begin = self->now;
  task->creator = goroutine - 1;
  task->stack = event->stack;
  if (task->parent == 0)
    task->parent = event->value[0];
  close_task (self, task);
}

static void
add_task_end (GanderSpans *self, const GanderEvent *event, guint32 goroutine)
{
  GanderTask *task = need_task (self, (guint64)event->id);

  if (task == NULL || task->end >= 0)
    return;
  task->end = self->now;
  task->ender = goroutine - 1;
  if (task->parent == 0)
    task->parent = event->value[0];
  close_task (self, task);
}

void
gander_spans_put_tasks_aside (GanderSpans *self)
{
  for (guint32 row = 1; row <= self->open_tasks.n; row++)
    {
      const GanderTask *task = gander_pages_get (&self->open_tasks, row - 1);
      if (gander_id_pages_get (&self->task_ids, task->id) == row)
        gander_row_file_add (&self->tasks, task);
    }
  gander_pages_clear (&self->open_tasks);
  gander_id_pages_clear (&self->task_ids);
}

static void
write_region (GanderSpans *self,
              guint32 goroutine,
              const GanderOpenItem *item,
              GanderTime end,
              GanderSpanFlags flags)
{
  GanderRegion *region = gander_row_file_take (&self->regions);

  if (region != NULL)
    *region = (GanderRegion){ .lane = goroutine - 1,
                              .depth = item->depth,
                              .task = item->task,
                              .type = item->name,
                              .begin = item->begin,
                              .end = end,
                              .flags = item->flags | flags,
                              .stack = item->stack };
}

static void
add_region_begin (GanderSpans *self, const GanderEvent *event, GanderGo *go)
{
  GanderOpenItem item = {
    .name = event->name, .stack = event->stack, .task = (guint64)event->id, .begin = self->now
  };

  need_task (self, item.task);
  if (go == NULL)
    return;
  if (go->open_region != 0)
    item.depth =
        ((GanderOpenItem *)gander_pages_get (&self->open_items, go->open_region - 1))->depth + 1;
  gander_spans_push_item (self, &go->open_region, &item);
}

static void
add_region_end (GanderSpans *self, const GanderEvent *event, GanderGo *go)
{
  guint32 *link = NULL;
  GanderOpenItem item = { .name = event->name,
                          .task = (guint64)event->id,
                          .flags = GANDER_SPAN_OPEN_BEGIN };

  need_task (self, item.task);
  if (go == NULL)
    return;
  link = &go->open_region;
  item.begin = go->begin;
  for (guint i = 0; *link != 0 && i < SEARCH_LIMIT; i++)
    {
      GanderOpenItem *open = gander_pages_get (&self->open_items, *link - 1);
      if (open->name == event->name && open->task == (guint64)event->id)
        {
          item = gander_spans_take_item (self, link);
          break;
        }
      link = &open->next;
    }
  write_region (self, go->row, &item, self->now, 0);
}

static void
add_log (GanderSpans *self, const GanderEvent *event, guint32 goroutine)
{
  GanderLog row = { 0 };

  need_task (self, (guint64)event->id);
  row.time = self->now;
  row.lane = goroutine - 1;
  row.task = (guint64)event->id;
  row.category = event->name;
  row.message = event->text;
  row.stack = event->stack;
  gander_row_file_add (&self->logs, &row);
}

void
gander_spans_add_user (GanderSpans *self, const GanderEvent *event)
{
  guint32 place = gander_spans_find_go (self, event->goroutine);
  GanderGo *go = place == 0 ? NULL : gander_spans_get_go (self, place);
  guint32 goroutine = go != NULL ? go->row : gander_spans_find_ended_row (self, event->goroutine);

  if (event->kind == GANDER_EVENT_TASK_BEGIN)
    add_task_begin (self, event, goroutine);
  else if (event->kind == GANDER_EVENT_TASK_END)
    add_task_end (self, event, goroutine);
  else if (event->kind == GANDER_EVENT_REGION_BEGIN)
    add_region_begin (self, event, go);
  else if (event->kind == GANDER_EVENT_REGION_END)
    add_region_end (self, event, go);
  else
    add_log (self, event, goroutine);
}

void
gander_spans_close_regions (GanderSpans *self, GanderGo *go, GanderTime end, gboolean open_end)
{
  guint32 *head = &go->open_region;

  while (*head != 0)
    {
      GanderOpenItem item = gander_spans_take_item (self, head);
      write_region (self, go->row, &item, end, open_end ? GANDER_SPAN_OPEN_END : 0);
    }
}

/* Metrics are few: a handful of names. */
static void
sum_metric (GanderSpans *self, GanderStringId name, guint64 value)
{
  GanderRuntimeMetric row;
  GanderRuntimeMetric *metric = NULL;

  for (guint i = 0; i < self->metrics->len && metric == NULL; i++)
    if (g_array_index (self->metrics, GanderRuntimeMetric, i).name == name)
      metric = &g_array_index (self->metrics, GanderRuntimeMetric, i);
  if (metric == NULL)
    {
      if (self->metrics->len == METRIC_LIMIT)
        return;
      /* Member by member: the padding must be zero in the file. */
      memset (&row, 0, sizeof row);
      row.name = name;
      row.min = row.max = row.first = row.last = value;
      g_array_append_val (self->metrics, row);
      metric = &g_array_index (self->metrics, GanderRuntimeMetric, self->metrics->len - 1);
    }
  metric->count++;
  metric->min = MIN (metric->min, value);
  metric->max = MAX (metric->max, value);
  metric->last = value;
}

void
gander_spans_add_metric (GanderSpans *self, const GanderEvent *event)
{
  GanderText text = gander_spans_classify (self, event->name);
  GanderPoint point = { .time = self->now, .value = event->value[0] };
  GanderCounter counter = GANDER_COUNTER_HEAP;

  sum_metric (self, event->name, point.value);
  if (text == GANDER_TEXT_METRIC_GOAL)
    {
      counter = GANDER_COUNTER_GOAL;
      if (point.value > GOAL_LIMIT)
        point.value = 0;
    }
  else if (text == GANDER_TEXT_METRIC_GOMAXPROCS)
    {
      counter = GANDER_COUNTER_GOMAXPROCS;
      self->gomaxprocs = MAX (self->gomaxprocs, (guint32)MIN (point.value, G_MAXINT32));
    }
  else if (text != GANDER_TEXT_METRIC_HEAP)
    return;
  if (gander_row_file_get_n (&self->points[counter]) > 0 &&
      self->last_point[counter].value == point.value)
    return;
  self->last_point[counter] = point;
  gander_row_file_add (&self->points[counter], &point);
}

void
gander_spans_add_sample (GanderSpans *self, const GanderEvent *event)
{
  GanderSample sample = {
    .time = self->now,
    .goroutine = gander_spans_find_row (self, event->goroutine) - 1,
    .proc = gander_spans_find_executor (self, GANDER_LANE_PROC, event->proc) - 1,
    .thread = gander_spans_find_executor (self, GANDER_LANE_THREAD, event->thread) - 1,
    .stack = event->stack
  };

  gander_row_file_add (&self->samples, &sample);
}
