/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/rows-private.h"
#include "widgets/draw/theme.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
gander_heading_clear (GanderHeading *self)
{
  g_clear_pointer (&self->owned, g_free);
  g_clear_pointer (&self->sorted, g_free);
}

static double
busy_time (const GanderMix *mix)
{
  return (double)(mix->time[GANDER_STATE_RUNNING] + mix->time[GANDER_STATE_SYSCALL] +
                  mix->time[GANDER_STATE_GC_WORK] + mix->time[GANDER_STATE_GC_ASSIST]);
}

static GanderTime
longest_wait (const GanderIndex *index, GanderLaneId lane)
{
  GanderTime longest = 0;
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    if (span.state == GANDER_STATE_BLOCKED || span.state == GANDER_STATE_RUNNABLE)
      longest = MAX (longest, span.end - span.begin);
  return longest;
}

/* What a lane is ordered by; larger comes first. */
static double
lane_weight (const GanderIndex *index, const GanderLane *lane, GanderLaneId id, GanderRowSort sort)
{
  switch (sort)
    {
    case GANDER_ROW_SORT_RUNNING:
      return busy_time (&lane->total);
    case GANDER_ROW_SORT_BLOCKED:
      return (double)lane->total.time[GANDER_STATE_BLOCKED];
    case GANDER_ROW_SORT_RUNNABLE:
      return (double)lane->total.time[GANDER_STATE_RUNNABLE];
    case GANDER_ROW_SORT_LONGEST_WAIT:
      return (double)longest_wait (index, id);
    case GANDER_ROW_SORT_COUNT:
      return lane->n_spans;
    case GANDER_ROW_SORT_FIRST_SEEN:
      return -(double)lane->begin;
    case GANDER_ROW_SORT_ID:
    case GANDER_ROW_SORT_NAME:
    case GANDER_N_ROW_SORTS:
    default:
      return -(double)lane->id;
    }
}

typedef struct
{
  double weight;
  GanderLaneId lane;
} Weighed;

static int
compare_weighed (gconstpointer a, gconstpointer b)
{
  const Weighed *x = a;
  const Weighed *y = b;

  if (x->weight != y->weight)
    return x->weight > y->weight ? -1 : 1;
  return x->lane < y->lane ? -1 : x->lane > y->lane;
}

const GanderLaneId *
gander_heading_sort (GanderHeading *self, const GanderIndex *index, const GanderRowOptions *options)
{
  g_autofree Weighed *members = NULL;
  GanderLaneId *sorted = NULL;

  if (self->sorted != NULL)
    return self->sorted;

  members = g_new (Weighed, self->n);
  for (guint32 i = 0; i < self->n; i++)
    {
      GanderLane lane;

      gander_index_get_lane (index, self->lanes[i], &lane);
      members[i].lane = self->lanes[i];
      members[i].weight = lane_weight (index, &lane, self->lanes[i], options->sort);
    }
  qsort (members, self->n, sizeof *members, compare_weighed);

  sorted = g_new (GanderLaneId, self->n);
  for (guint32 i = 0; i < self->n; i++)
    sorted[i] = members[options->reverse ? self->n - 1 - i : i].lane;
  /* Other rows with the same headings may be read on another thread. */
  g_atomic_pointer_set (&self->sorted, sorted);
  return sorted;
}

/* Collects lanes under headings told apart by a number. */
typedef struct
{
  GHashTable *by_id; /* id + 1 -> index in headings + 1 */
  GArray *headings;
  GPtrArray *lists; /* GArray of GanderLaneId, one a heading */
} Collector;

static void
collect (Collector *self, guint32 id, const char *name, guint32 group, GanderLaneId lane)
{
  gpointer found = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));
  guint pos = GPOINTER_TO_UINT (found);

  if (pos == 0)
    {
      GanderHeading heading = { .name = name, .group = group, .id = id };

      g_array_append_val (self->headings, heading);
      g_ptr_array_add (self->lists, g_array_new (FALSE, FALSE, sizeof (GanderLaneId)));
      pos = self->headings->len;
      g_hash_table_insert (self->by_id, GUINT_TO_POINTER (id), GUINT_TO_POINTER (pos));
    }
  g_array_append_val ((GArray *)self->lists->pdata[pos - 1], lane);
}

#define RUNTIME_ID G_MAXUINT32

static const char *
creator_name (const GanderIndex *index, const GanderLane *lane, guint32 *id)
{
  GanderFrame frame;

  *id = 0;
  if (gander_index_get_stack_depth (index, lane->creation_stack) == 0)
    return _ ("Created before the trace");
  gander_index_get_frame (index, lane->creation_stack, 0, &frame);
  *id = frame.function;
  return gander_index_get_string (index, frame.function);
}

static const char *
state_name (const GanderIndex *index, GanderLaneId lane, GanderTime at, guint32 *id)
{
  GanderSpan span;
  GanderShade shade;

  if (!gander_query_span_at (index, lane, at, &span))
    {
      *id = GANDER_N_SHADES;
      return _ ("Not there");
    }
  shade = gander_shade_of_state (span.state);
  *id = shade;
  return shade < GANDER_N_SHADES ? gander_shade_get_name (shade) : _ ("Unknown");
}

static const char *
proc_name (const GanderIndex *index, const GanderLane *lane, GanderLaneId id_of_lane, guint32 *id)
{
  for (guint32 i = lane->n_spans; i > 0; i--)
    {
      GanderSpan span;
      GanderLane proc;

      gander_query_span (index, id_of_lane, i - 1, &span);
      if (gander_shade_of_state (span.state) == GANDER_SHADE_BLOCKED ||
          span.state == GANDER_STATE_RUNNABLE || span.link >= gander_index_get_n_lanes (index))
        continue;
      gander_index_get_lane (index, span.link, &proc);
      if (proc.kind != GANDER_LANE_PROC)
        continue;
      *id = (guint32)proc.id;
      return NULL;
    }
  *id = G_MAXUINT32 - 1;
  return _ ("Never ran");
}

static const char *
task_name (const GanderIndex *index, GanderLaneId lane, guint32 *id)
{
  GanderRowCursor regions;
  guint32 first;
  guint32 n;

  gander_row_cursor_init (&regions, index);
  gander_index_get_regions_of (index, lane, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&regions, first + i);
      guint32 row = region->task != 0 ? gander_index_find_task (index, region->task) : G_MAXUINT32;
      GanderTask task;

      if (row >= gander_index_get_n_tasks (index))
        continue;
      gander_index_get_task (index, row, &task);
      if (task.id != region->task)
        continue;
      *id = task.type;
      return gander_index_get_string (index, task.type);
    }
  *id = G_MAXUINT32 - 1;
  return _ ("No task");
}

/* Processor headings are named once for all: their names must outlive the rows. */
static const char *
intern_proc_name (guint32 id)
{
  char name[32];

  g_snprintf (name, sizeof name, "P%u", id);
  return g_intern_string (name);
}

static void
collect_lane (Collector *self,
              const GanderIndex *index,
              const GanderRowOptions *options,
              GanderLaneId id_of_lane)
{
  GanderLane lane;
  guint32 id = 0;
  guint32 group = GANDER_GROUP_OTHER;
  const char *name = NULL;

  gander_index_get_lane (index, id_of_lane, &lane);
  if (lane.flags & GANDER_LANE_SYSTEM)
    {
      if (!options->no_runtime)
        collect (self, RUNTIME_ID, _ ("Runtime"), GANDER_GROUP_RUNTIME, id_of_lane);
      return;
    }

  switch (options->group_by)
    {
    case GANDER_GROUP_BY_CREATOR:
      name = creator_name (index, &lane, &id);
      break;
    case GANDER_GROUP_BY_STATE:
      name = state_name (index, id_of_lane, options->at, &id);
      break;
    case GANDER_GROUP_BY_PROC:
      name = proc_name (index, &lane, id_of_lane, &id);
      if (name == NULL)
        name = intern_proc_name (id);
      break;
    case GANDER_GROUP_BY_TASK:
      name = task_name (index, id_of_lane, &id);
      break;
    case GANDER_GROUP_BY_NONE:
      name = _ ("All goroutines");
      group = GANDER_GROUP_ALL;
      break;
    case GANDER_GROUP_BY_FUNCTION:
    case GANDER_N_GROUP_BYS:
    default:
      id = group = gander_index_get_group_of (index, id_of_lane);
      name = gander_index_get_string (index, lane.name);
      break;
    }
  collect (self, id, name[0] != '\0' ? name : _ ("Unknown function"), group, id_of_lane);
}

static gboolean
is_listed (const GanderLaneId *filter, guint32 n, GanderLaneId lane)
{
  guint32 low = 0;
  guint32 high = n;

  if (filter == NULL)
    return TRUE;
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (filter[middle] < lane)
        low = middle + 1;
      else
        high = middle;
    }
  return low < n && filter[low] == lane;
}

/* The usual grouping of a whole trace comes straight from the index, however many goroutines. */
static void
take_groups (const GanderIndex *index, const GanderRowOptions *options, Collector *collector)
{
  guint32 n_groups = gander_index_get_n_groups (index);

  for (guint32 i = 0; i < n_groups; i++)
    {
      GanderGroup group;
      GanderHeading heading = { .group = i, .id = i };

      gander_index_get_group (index, i, &group);
      heading.lanes = gander_index_get_group_lanes (index, i, &heading.n);
      if (group.system)
        {
          for (guint32 j = 0; j < heading.n && !options->no_runtime; j++)
            collect (collector, RUNTIME_ID, _ ("Runtime"), GANDER_GROUP_RUNTIME, heading.lanes[j]);
          continue;
        }
      heading.name = gander_index_get_string (index, group.name);
      if (heading.name[0] == '\0')
        heading.name = _ ("Unknown function");
      g_array_append_val (collector->headings, heading);
      g_ptr_array_add (collector->lists, NULL);
    }
}

/* Returns: TRUE if the index knows what all members of a group of its own amount to. */
static gboolean
weigh_by_total (GanderHeading *self, const GanderIndex *index, GanderRowSort sort)
{
  GanderGroup group;

  if (self->owned != NULL || self->group >= gander_index_get_n_groups (index))
    return FALSE;
  gander_index_get_group (index, self->group, &group);
  if (sort == GANDER_ROW_SORT_RUNNING)
    self->weight = busy_time (&group.total);
  else if (sort == GANDER_ROW_SORT_BLOCKED)
    self->weight = (double)group.total.time[GANDER_STATE_BLOCKED];
  else if (sort == GANDER_ROW_SORT_RUNNABLE)
    self->weight = (double)group.total.time[GANDER_STATE_RUNNABLE];
  else if (sort != GANDER_ROW_SORT_NAME)
    return FALSE;
  return TRUE;
}

static void
weigh_heading (GanderHeading *self, const GanderIndex *index, GanderRowSort sort)
{
  double weight = 0;

  if (weigh_by_total (self, index, sort))
    return;
  for (guint32 i = 0; i < self->n; i++)
    {
      GanderLane lane;
      double one;

      gander_index_get_lane (index, self->lanes[i], &lane);
      one = lane_weight (index, &lane, self->lanes[i], sort);
      if (sort == GANDER_ROW_SORT_RUNNING || sort == GANDER_ROW_SORT_BLOCKED ||
          sort == GANDER_ROW_SORT_RUNNABLE || sort == GANDER_ROW_SORT_COUNT)
        weight += one;
      else
        weight = i == 0 ? one : MAX (weight, one);
    }
  self->weight = weight;
}

static int
compare_headings (gconstpointer a, gconstpointer b, gpointer data)
{
  const GanderHeading *x = a;
  const GanderHeading *y = b;
  const GanderRowOptions *options = data;
  gboolean x_last = x->group == GANDER_GROUP_RUNTIME;
  gboolean y_last = y->group == GANDER_GROUP_RUNTIME;
  int order = 0;

  if (x_last != y_last)
    return x_last - y_last;
  if (options->sort == GANDER_ROW_SORT_NAME)
    order = strcmp (x->name, y->name);
  else if (x->weight != y->weight)
    order = x->weight > y->weight ? -1 : 1;
  if (order == 0)
    return x->id < y->id ? -1 : x->id > y->id;
  return options->reverse ? -order : order;
}

GArray *
gander_headings_new (const GanderIndex *index,
                     const GanderRowOptions *options,
                     const GanderLaneId *filter,
                     guint32 n_filter)
{
  Collector collector = {
    .by_id = g_hash_table_new (NULL, NULL),
    .headings = g_array_new (FALSE, FALSE, sizeof (GanderHeading)),
    .lists = g_ptr_array_new (),
  };

  g_array_set_clear_func (collector.headings, (GDestroyNotify)gander_heading_clear);
  if (filter == NULL && options->group_by == GANDER_GROUP_BY_FUNCTION)
    {
      take_groups (index, options, &collector);
    }
  else
    {
      GanderLaneId first;
      guint32 n;

      gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
      for (guint32 i = 0; i < n; i++)
        if (is_listed (filter, n_filter, first + i))
          collect_lane (&collector, index, options, first + i);
    }

  for (guint i = 0; i < collector.headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (collector.headings, GanderHeading, i);
      GArray *list = collector.lists->pdata[i];

      if (list != NULL)
        {
          heading->n = list->len;
          heading->owned = (GanderLaneId *)g_array_free (list, FALSE);
          heading->lanes = heading->owned;
        }
      weigh_heading (heading, index, options->sort);
    }
  g_array_sort_with_data (collector.headings, compare_headings, (gpointer)options);
  g_hash_table_unref (collector.by_id);
  g_ptr_array_unref (collector.lists);
  return collector.headings;
}
