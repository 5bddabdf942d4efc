/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/rows-private.h"

#include <string.h>

typedef struct
{
  GanderTime begin;
  GanderTime end;
  GanderStringId type;
  guint32 task;
} Task;

static int
compare_begins (gconstpointer a, gconstpointer b)
{
  const Task *x = a;
  const Task *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->task < y->task ? -1 : x->task > y->task;
}

static int
compare_types (gconstpointer a, gconstpointer b)
{
  const Task *x = a;
  const Task *y = b;

  if (x->type != y->type)
    return x->type < y->type ? -1 : 1;
  return compare_begins (a, b);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const GanderTime *x = a;
  const GanderTime *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* The number in flight: up at every begin, down at every end. */
static void
count_flights (GanderTaskType *self, const Task *tasks)
{
  g_autofree GanderTime *ends = g_new (GanderTime, self->n + 1);
  guint32 b = 0;
  guint32 e = 0;
  guint32 now = 0;

  for (guint32 i = 0; i < self->n; i++)
    ends[i] = tasks[i].end;
  qsort (ends, self->n, sizeof *ends, compare_times);

  self->steps = g_new (GanderPoint, 2 * (gsize)self->n);
  self->integral = g_new (GanderTime, 2 * (gsize)self->n);
  while (e < self->n)
    {
      gboolean up = b < self->n && tasks[b].begin < ends[e];
      GanderTime time = up ? tasks[b].begin : ends[e];
      guint32 last = self->n_steps - 1;

      /* A task of no length goes down before it went up; it was never in flight. */
      if (up)
        b++, now++;
      else if (now > 0)
        e++, now--;
      else
        e++, b++;
      self->most = MAX (self->most, now);
      if (self->n_steps > 0 && self->steps[last].time == time)
        {
          self->steps[last].value = now;
          continue;
        }
      self->integral[self->n_steps] =
          self->n_steps == 0 ? 0
                             : self->integral[last] + (time - self->steps[last].time) *
                                                          (GanderTime)self->steps[last].value;
      self->steps[self->n_steps++] = (GanderPoint){ time, now };
    }
}

static void
add_type (GArray *types, const GanderIndex *index, const Task *tasks, guint32 n, gboolean all)
{
  GanderTaskType type = { .n = n };
  GanderTime latest = -1;

  if (!all && n > 0)
    {
      type.type = tasks[0].type;
      type.name = gander_index_get_string (index, type.type);
    }
  type.tasks = g_new (guint32, n);
  type.ends = g_new (GanderTime, n);
  for (guint32 i = 0; i < n; i++)
    {
      latest = MAX (latest, tasks[i].end);
      type.tasks[i] = tasks[i].task;
      type.ends[i] = latest;
    }
  count_flights (&type, tasks);
  g_array_append_val (types, type);
}

static void
clear_type (gpointer data)
{
  GanderTaskType *type = data;

  g_free (type->tasks);
  g_free (type->ends);
  g_free (type->steps);
  g_free (type->integral);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const GanderTaskType *x = a;
  const GanderTaskType *y = b;

  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  return strcmp (x->name, y->name);
}

GArray *
gander_task_types_new (const GanderIndex *index)
{
  GArray *types = g_array_new (FALSE, FALSE, sizeof (GanderTaskType));
  guint32 n = gander_index_get_n_tasks (index);
  GanderTime duration = gander_index_get_facts (index)->duration;
  /* One more, so that qsort never sees NULL. */
  g_autofree Task *tasks = g_new (Task, n + 1);

  g_array_set_clear_func (types, clear_type);
  for (guint32 i = 0; i < n; i++)
    {
      GanderTask task;

      gander_index_get_task (index, i, &task);
      tasks[i].begin = MAX (task.begin, 0);
      tasks[i].end = MAX (task.end < 0 ? duration : task.end, tasks[i].begin);
      tasks[i].type = task.type;
      tasks[i].task = i;
    }

  qsort (tasks, n, sizeof *tasks, compare_begins);
  add_type (types, index, tasks, n, TRUE);
  qsort (tasks, n, sizeof *tasks, compare_types);
  for (guint32 i = 0, first = 0; i < n; i++)
    if (i + 1 == n || tasks[i + 1].type != tasks[i].type)
      {
        add_type (types, index, tasks + first, i + 1 - first, FALSE);
        first = i + 1;
      }
  if (types->len > 2)
    qsort (&g_array_index (types, GanderTaskType, 1),
           types->len - 1,
           sizeof (GanderTaskType),
           compare_counts);
  return types;
}
