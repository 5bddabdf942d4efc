/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/rows-private.h"

#include <string.h>

typedef struct
{
  GanderTime begin;
  GanderTime end;
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
compare_times (gconstpointer a, gconstpointer b)
{
  const GanderTime *x = a;
  const GanderTime *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* Most tasks have ids in the order of their begins. */
static void
sort (gpointer data, gsize n, gsize size, int (*compare) (gconstpointer a, gconstpointer b))
{
  const char *elements = data;

  for (gsize i = 1; i < n; i++)
    if (compare (elements + (i - 1) * size, elements + i * size) > 0)
      {
        qsort (data, n, size, compare);
        return;
      }
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
  sort (ends, self->n, sizeof *ends, compare_times);

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
complete (GanderTaskType *self, const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime latest = -1;
  /* One more, so that qsort never sees NULL. */
  g_autofree Task *tasks = g_new (Task, (gsize)self->n + 1);
  GanderRowCursor cursor;

  gander_row_cursor_init (&cursor, index);
  for (guint32 i = 0; i < self->n; i++)
    {
      guint32 row = self->members != NULL ? self->members[i] : i;
      const GanderTask *task = gander_row_cursor_get_task (&cursor, row);

      tasks[i].begin = MAX (task->begin, 0);
      tasks[i].end = MAX (task->end < 0 ? duration : task->end, tasks[i].begin);
      tasks[i].task = row;
    }
  sort (tasks, self->n, sizeof *tasks, compare_begins);
  self->tasks = g_new (guint32, self->n);
  self->ends = g_new (GanderTime, self->n);
  for (guint32 i = 0; i < self->n; i++)
    {
      latest = MAX (latest, tasks[i].end);
      self->tasks[i] = tasks[i].task;
      self->ends[i] = latest;
    }
  count_flights (self, tasks);
}

void
gander_task_type_complete (GanderTaskType *self, const GanderIndex *index)
{
  static GMutex mutex;

  g_mutex_lock (&mutex);
  if (!self->complete)
    complete (self, index);
  self->complete = TRUE;
  g_mutex_unlock (&mutex);
}

static void
clear_type (gpointer data)
{
  GanderTaskType *type = data;

  g_free (type->members);
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

/* Tasks by type, each with how many there are and the one that began first. */
static GHashTable *
count_types (const GanderIndex *index, GArray *types)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL); /* type -> element of @types */
  g_autofree GanderTime *begins = NULL;
  guint32 n = gander_index_get_n_tasks (index);
  GanderStringId last_type = 0;
  guint number = 0;
  GanderRowCursor tasks;

  gander_row_cursor_init (&tasks, index);
  for (guint32 i = 0; i < n; i++)
    {
      GanderTaskType *type = NULL;
      const GanderTask *task = gander_row_cursor_get_task (&tasks, i);

      if (number == 0 || task->type != last_type)
        number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, GUINT_TO_POINTER (task->type)));
      if (number == 0)
        {
          GanderTaskType fresh = { .type = task->type, .first = i };

          number = types->len;
          fresh.name = gander_index_get_string (index, task->type);
          g_array_append_val (types, fresh);
          begins = g_renew (GanderTime, begins, types->len);
          begins[number] = MAX (task->begin, 0);
          g_hash_table_insert (numbers, GUINT_TO_POINTER (task->type), GUINT_TO_POINTER (number));
        }
      last_type = task->type;
      type = &g_array_index (types, GanderTaskType, number);
      if (MAX (task->begin, 0) < begins[number])
        {
          begins[number] = MAX (task->begin, 0);
          type->first = i;
        }
      type->n++;
    }
  return g_steal_pointer (&numbers);
}

static void
list_members (const GanderIndex *index, GArray *types, GHashTable *numbers)
{
  guint32 n = gander_index_get_n_tasks (index);
  g_autofree guint32 *counts = g_new0 (guint32, types->len);
  GanderStringId last_type = 0;
  guint number = 0;
  GanderRowCursor tasks;

  gander_row_cursor_init (&tasks, index);
  for (guint i = 1; i < types->len; i++)
    {
      GanderTaskType *type = &g_array_index (types, GanderTaskType, i);

      type->members = g_new (guint32, type->n);
    }
  for (guint32 i = 0; i < n; i++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&tasks, i);

      if (number == 0 || task->type != last_type)
        number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, GUINT_TO_POINTER (task->type)));
      last_type = task->type;
      g_array_index (types, GanderTaskType, number).members[counts[number]++] = i;
    }
}

GArray *
gander_task_types_new (const GanderIndex *index)
{
  GArray *types = g_array_new (FALSE, FALSE, sizeof (GanderTaskType));
  GanderTaskType all = { .n = gander_index_get_n_tasks (index) };
  g_autoptr (GHashTable) numbers = NULL;

  g_array_set_clear_func (types, clear_type);
  g_array_append_val (types, all);
  numbers = count_types (index, types);
  list_members (index, types, numbers);
  if (types->len > 2)
    qsort (&g_array_index (types, GanderTaskType, 1),
           types->len - 1,
           sizeof (GanderTaskType),
           compare_counts);
  return types;
}
