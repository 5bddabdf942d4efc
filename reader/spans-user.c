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

static GanderOpenItem *
get_item (const GanderSpans *self, guint32 item)
{
  return gander_pages_get (&self->open_items, item - 1);
}

static GanderOpenTask *
get_task (const GanderSpans *self, guint32 row)
{
  return gander_pages_get (&self->open_tasks, row - 1);
}

/* What @go does from now on is labelled with its innermost region, and the task of that or of the
 * nearest region around it with one; without any, with the last task that it began itself. */
static void
relabel (GanderSpans *self, GanderGo *go)
{
  GanderUserLabel label = { 0 };
  gboolean has_task = FALSE;

  if (go->open_region != 0)
    {
      const GanderOpenItem *region = get_item (self, go->open_region);
      label = (GanderUserLabel){ .task = region->task_type, .region = region->name };
      has_task = region->has_task;
    }
  if (!has_task && go->chunk.labelling != NULL && go->chunk.labelling->open_task != 0)
    label.task = get_task (self, go->chunk.labelling->open_task)->task.type;
  gander_label_totals_set (&self->chunks.labels, &go->chunk, self->chunks.kinds, self->now, label);
}

/* Puts a task in front of those that the goroutine at @place began. */
static void
link_task (GanderSpans *self, GanderOpenTask *task, guint32 place)
{
  GanderGo *go = gander_spans_get_go (self, place);
  GanderLabelling *labelling = gander_label_totals_need (&self->chunks.labels, &go->chunk, 0);
  GanderOpenTask *older = NULL;

  if (labelling == NULL)
    return;
  task->place = place;
  task->older = labelling->open_task;
  labelling->open_task = task->row;
  if (task->older != 0)
    {
      older = get_task (self, task->older);
      older->newer = task->row;
      /* Of tasks that began at once the one with the larger id is the last. */
      if (older->task.begin == task->task.begin && older->task.id > task->task.id)
        gander_label_totals_give_up (&self->chunks.labels);
    }
  relabel (self, go);
}

/* Takes an ended task out, if its creator is still there. */
static void
unlink_task (GanderSpans *self, const GanderOpenTask *task)
{
  GanderGo *go = task->place == 0 ? NULL : gander_spans_get_go (self, task->place);

  if (go == NULL || go->row != task->task.creator + 1 || go->ended || go->chunk.labelling == NULL)
    return;
  if (task->older != 0)
    get_task (self, task->older)->newer = task->newer;
  if (task->newer != 0)
    {
      get_task (self, task->newer)->older = task->older;
      return;
    }
  go->chunk.labelling->open_task = task->older;
  relabel (self, go);
}

/* Returns: (nullable) the row of a task that is new. */
static GanderOpenTask *
open_task (GanderSpans *self, guint64 id)
{
  guint32 row = self->free_task;
  GanderOpenTask *task = NULL;

  if (row != 0)
    {
      task = get_task (self, row);
      self->free_task = (guint32)task->task.id;
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
  task->row = row;
  task->task.id = id;
  task->task.begin = task->task.end = -1;
  task->task.creator = task->task.ender = GANDER_LANE_NONE;
  return task;
}

/* Returns: (nullable) the task's row, made when it is new; NULL when it is closed. */
static GanderOpenTask *
need_task (GanderSpans *self, guint64 id)
{
  guint32 found = gander_id_pages_get (&self->task_ids, id);

  if ((found & GANDER_TASK_CLOSED) != 0)
    return NULL;
  return found != 0 ? get_task (self, found) : open_task (self, id);
}

/* Returns: the type of a task that a region belongs to, as far as it is known. */
static GanderStringId
use_task (GanderSpans *self, guint64 id)
{
  guint32 found = gander_id_pages_get (&self->task_ids, id);
  GanderOpenTask *task = NULL;

  if ((found & GANDER_TASK_CLOSED) != 0)
    return found & ~GANDER_TASK_CLOSED;
  task = found != 0 ? get_task (self, found) : open_task (self, id);
  if (task == NULL)
    return 0;
  task->used |= task->task.begin < 0;
  return task->task.type;
}

/* What has begun and ended is put aside. */
static void
close_task (GanderSpans *self, GanderOpenTask *task)
{
  guint64 id = task->task.id;

  if (task->task.begin < 0 || task->task.end < 0)
    return;
  gander_row_file_add (&self->tasks, &task->task);
  if ((task->task.type & GANDER_TASK_CLOSED) != 0)
    gander_label_totals_give_up (&self->chunks.labels);
  task->task.id = self->free_task;
  self->free_task = task->row;
  /* It has a place already. */
  (void)gander_id_pages_set (&self->task_ids, id, GANDER_TASK_CLOSED | task->task.type);
}

static void
add_task_begin (GanderSpans *self, const GanderEvent *event, guint32 goroutine, guint32 place)
{
  GanderOpenTask *open = need_task (self, (guint64)event->id);
  GanderTask *task = open == NULL ? NULL : &open->task;

  if (task == NULL || task->begin >= 0)
    return;
  task->type = event->name;
  task->begin = self->now;
  task->creator = goroutine - 1;
  task->stack = event->stack;
  if (task->parent == 0)
    task->parent = event->value[0];
  if (open->used)
    gander_label_totals_give_up (&self->chunks.labels);
  if (task->end < 0 && place != 0)
    link_task (self, open, place);
  close_task (self, open);
}

static void
add_task_end (GanderSpans *self, const GanderEvent *event, guint32 goroutine)
{
  GanderOpenTask *open = need_task (self, (guint64)event->id);
  GanderTask *task = open == NULL ? NULL : &open->task;

  if (task == NULL || task->end >= 0)
    return;
  task->end = self->now;
  task->ender = goroutine - 1;
  if (task->parent == 0)
    task->parent = event->value[0];
  unlink_task (self, open);
  close_task (self, open);
}

void
gander_spans_put_tasks_aside (GanderSpans *self)
{
  for (guint32 row = 1; row <= self->open_tasks.n; row++)
    {
      const GanderTask *task = &get_task (self, row)->task;
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
  GanderStringId type = use_task (self, item.task);
  guint32 around = go == NULL ? 0 : go->open_region;
  GanderOpenItem *region = NULL;

  if (go == NULL)
    return;
  if (around != 0)
    item.depth = get_item (self, around)->depth + 1;
  if (gander_spans_push_item (self, &go->open_region, &item) == 0)
    return;
  region = get_item (self, go->open_region);
  region->has_task = item.task != 0;
  region->task_type = type;
  if (item.task == 0 && around != 0)
    {
      region->has_task = get_item (self, around)->has_task;
      region->task_type = get_item (self, around)->task_type;
    }
  relabel (self, go);
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
      GanderOpenItem *open = get_item (self, *link);
      if (open->name == event->name && open->task == (guint64)event->id)
        {
          item = gander_spans_take_item (self, link);
          break;
        }
      link = &open->next;
    }
  write_region (self, go->row, &item, self->now, 0);
  /* It was not there when it should have labelled. */
  if ((item.flags & GANDER_SPAN_OPEN_BEGIN) != 0)
    gander_label_totals_give_up (&self->chunks.labels);
  relabel (self, go);
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
    add_task_begin (self, event, goroutine, place);
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
