/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/profile-labels.h"

/* Regions that are gone over one by one until those of a goroutine are looked up. */
#define REGIONS_NEAR 256

typedef struct
{
  gint64 id;
  GanderLaneId lane; /* that began it, or NONE */
  GanderTime begin;
  GanderTime end;
  GanderStringId type;
} OwnTask;

GanderProfileLabels
gander_labeller_get_useful (const GanderIndex *index, GanderProfileLabels labels)
{
  if (gander_index_get_n_regions (index) == 0)
    labels &= ~(guint)GANDER_LABEL_REGION;
  if (gander_index_get_n_tasks (index) == 0)
    labels &= ~(guint)GANDER_LABEL_TASK;
  return labels;
}

static int
compare_tasks (gconstpointer a, gconstpointer b)
{
  const OwnTask *x = a;
  const OwnTask *y = b;

  if (x->lane != y->lane)
    return x->lane < y->lane ? -1 : 1;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static void
load_tasks (GanderLabeller *self)
{
  GanderTime duration = gander_index_get_facts (self->index)->duration;

  self->own_tasks = g_array_new (FALSE, FALSE, sizeof (OwnTask));
  self->task_types = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint32 row = 0; row < gander_index_get_n_tasks (self->index); row++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&self->rows, row);
      OwnTask own = { .id = (gint64)task->id,
                      .lane = task->begin >= 0 ? task->creator : GANDER_LANE_NONE,
                      .begin = task->begin,
                      .end = task->end >= 0 ? task->end : duration,
                      .type = task->type };
      g_array_append_val (self->own_tasks, own);
    }
  g_array_sort (self->own_tasks, compare_tasks);
  for (guint i = 0; i < self->own_tasks->len; i++)
    g_hash_table_insert (self->task_types,
                         &g_array_index (self->own_tasks, OwnTask, i).id,
                         GUINT_TO_POINTER (i));
}

void
gander_labeller_init (GanderLabeller *self, const GanderIndex *index, GanderProfileLabels labels)
{
  *self = (GanderLabeller){ .index = index,
                            .wanted = gander_labeller_get_useful (index, labels),
                            .key.goroutine = GANDER_LANE_NONE };
  gander_row_cursor_init (&self->rows, index);
  self->open = g_array_new (FALSE, FALSE, sizeof (GanderRegion));
  self->open_tasks = g_array_new (FALSE, FALSE, sizeof (guint));
  if ((self->wanted & GANDER_LABEL_TASK) != 0)
    load_tasks (self);
}

void
gander_labeller_clear (GanderLabeller *self)
{
  g_clear_pointer (&self->open, g_array_unref);
  g_clear_pointer (&self->open_tasks, g_array_unref);
  g_clear_pointer (&self->task_types, g_hash_table_unref);
  g_clear_pointer (&self->own_tasks, g_array_unref);
}

/* Returns: the first task that a goroutine from @lane on began. */
static guint
find_own_tasks (const GanderLabeller *self, GanderLaneId lane)
{
  guint low = 0;
  guint high = self->own_tasks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (self->own_tasks, OwnTask, middle).lane < lane)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Goroutines come one after the other, most of them with few regions: their next one is near. */
static void
go_to_lane (GanderLabeller *self, GanderLaneId lane)
{
  guint32 n_regions = gander_index_get_n_regions (self->index);
  guint32 n = 0;

  for (guint i = 0; lane > self->lane && i < REGIONS_NEAR; i++)
    {
      if (self->region == n_regions ||
          gander_row_cursor_get_region (&self->rows, self->region)->lane >= lane)
        {
          self->lane = lane;
          return;
        }
      self->region++;
    }
  gander_index_get_regions_of (self->index, lane, &self->region, &n);
  self->lane = lane;
}

void
gander_labeller_set_goroutine (GanderLabeller *self, GanderLaneId lane)
{
  g_array_set_size (self->open, 0);
  g_array_set_size (self->open_tasks, 0);
  self->key = (GanderCellKey){ .goroutine = GANDER_LANE_NONE };
  if ((self->wanted & GANDER_LABEL_GOROUTINE) != 0)
    self->key.goroutine = lane;
  if ((self->wanted & GANDER_LABEL_FUNCTION) != 0)
    {
      GanderGroup group;
      gander_index_get_group (self->index, gander_index_get_group_of (self->index, lane), &group);
      self->key.function = group.name;
    }
  if ((self->wanted & (GANDER_LABEL_REGION | GANDER_LABEL_TASK)) != 0)
    go_to_lane (self, lane);
  if ((self->wanted & GANDER_LABEL_TASK) != 0)
    {
      self->task = find_own_tasks (self, lane);
      self->end_task = find_own_tasks (self, lane + 1);
    }
}

static const GanderRegion *
get_open (const GanderLabeller *self, guint i)
{
  return &g_array_index (self->open, GanderRegion, i);
}

/* Regions of a goroutine are nested. */
static void
go_to_regions (GanderLabeller *self, GanderTime time)
{
  while (self->region < gander_index_get_n_regions (self->index))
    {
      GanderRegion region = *gander_row_cursor_get_region (&self->rows, self->region);
      if (region.lane != self->lane || region.begin > time)
        break;
      self->region++;
      while (self->open->len > 0 && get_open (self, self->open->len - 1)->end <= region.begin)
        g_array_set_size (self->open, self->open->len - 1);
      g_array_append_val (self->open, region);
    }
  while (self->open->len > 0 && get_open (self, self->open->len - 1)->end <= time)
    g_array_set_size (self->open, self->open->len - 1);
}

/* Tasks that a goroutine began need not be nested: those that ended are taken out where they are.
 */
static void
go_to_tasks (GanderLabeller *self, GanderTime time)
{
  guint n = 0;

  for (; self->task < self->end_task; self->task++)
    {
      if (g_array_index (self->own_tasks, OwnTask, self->task).begin > time)
        break;
      g_array_append_val (self->open_tasks, self->task);
    }
  for (guint i = 0; i < self->open_tasks->len; i++)
    {
      guint row = g_array_index (self->open_tasks, guint, i);
      if (g_array_index (self->own_tasks, OwnTask, row).end > time)
        g_array_index (self->open_tasks, guint, n++) = row;
    }
  g_array_set_size (self->open_tasks, n);
}

/* The task of the innermost region that has one, else the last one that the goroutine began. */
static GanderStringId
get_task (const GanderLabeller *self)
{
  gpointer row = NULL;
  gint64 id = 0;

  for (guint i = self->open->len; i > 0 && id == 0; i--)
    id = (gint64)get_open (self, i - 1)->task;
  if (id != 0 && g_hash_table_lookup_extended (self->task_types, &id, NULL, &row))
    return g_array_index (self->own_tasks, OwnTask, GPOINTER_TO_UINT (row)).type;
  if (self->open_tasks->len == 0)
    return 0;
  return g_array_index (self->own_tasks,
                        OwnTask,
                        g_array_index (self->open_tasks, guint, self->open_tasks->len - 1))
      .type;
}

void
gander_labeller_get (GanderLabeller *self, GanderTime time, GanderCellKey *out)
{
  *out = self->key;
  if ((self->wanted & (GANDER_LABEL_REGION | GANDER_LABEL_TASK)) == 0)
    return;
  go_to_regions (self, time);
  if ((self->wanted & GANDER_LABEL_REGION) != 0 && self->open->len > 0)
    out->region = get_open (self, self->open->len - 1)->type;
  if ((self->wanted & GANDER_LABEL_TASK) != 0)
    {
      go_to_tasks (self, time);
      out->task = get_task (self);
    }
}
