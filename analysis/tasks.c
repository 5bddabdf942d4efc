/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three passes: counts, from regions and logs; splits, goroutine by goroutine with one walk over
 * its spans; types. A goroutine may be in several regions of a task at once, so that a task has a
 * depth while its goroutine is walked: only from 0 to 1 and back counts.
 */
#include "analysis/tasks.h"

#include "analysis/matcher.h"

#include <string.h>

/* Rows or edges between two looks at the cancellable. */
#define CANCEL_STEP 4096

struct _GanderTasks
{
  const GanderIndex *index;
  GArray *rows;            /* GanderTaskRow, by id */
  GArray *types;           /* GanderTaskTypeRow, by type */
  GanderTime *durations;   /* of one type after the other, ascending */
  guint32 *first_duration; /* per type, and one more */
};

/* That a goroutine had to do with a task. */
typedef struct
{
  guint32 task;
  GanderLaneId lane;
} Part;

/* The stretch of a task that one goroutine began and ended. */
typedef struct
{
  GanderLaneId lane;
  GanderStretch stretch;
} Own;

typedef struct
{
  GanderTasks *answer;
  const GanderUserFilter *filter;
  guint32 n;
  GanderLaneId first_lane; /* of the goroutines */
  guint32 n_lanes;
  guint64 first_id;    /* of the tasks */
  gboolean dense;      /* their ids have no gap */
  guint32 *place;      /* per row of the index: number + 1 in the answer's rows; 0 = left out */
  guint32 *depths;     /* per task of the answer, on the present goroutine */
  GanderLaneId *lanes; /* per task of the answer: the first that had to do with it */
  GArray *parts;       /* Part, of others */
  GArray *own;         /* Own, by goroutine and begin */
  GanderRowCursor cursor;
} Builder;

static guint64
get_id (const GanderIndex *index, guint32 row)
{
  GanderTask task;

  gander_index_get_task (index, row, &task);
  return task.id;
}

gboolean
gander_tasks_find (const GanderIndex *index, guint64 id, guint32 *row)
{
  *row = gander_index_find_task (index, id);
  return *row < gander_index_get_n_tasks (index) && get_id (index, *row) == id;
}

static GanderTaskRow *
row_at (const GanderTasks *self, guint32 i)
{
  return &g_array_index (self->rows, GanderTaskRow, i);
}

/* Returns: (nullable) the row of task @id in the answer. Go gives ids one after the other, so that
 * it is mostly known without a search. */
static GanderTaskRow *
find_row (const Builder *self, guint64 id)
{
  guint32 row = 0;

  if (self->dense && id >= self->first_id && id - self->first_id < self->n)
    row = (guint32)(id - self->first_id);
  else if (!gander_tasks_find (self->answer->index, id, &row))
    return NULL;
  if (self->place[row] == 0)
    return NULL;
  return row_at (self->answer, self->place[row] - 1);
}

/* Nearly all tasks stay on one goroutine: only of others the parts are kept. */
static void
add_part (Builder *self, GanderTaskRow *row, GanderLaneId lane)
{
  guint32 number = (guint32)(row - row_at (self->answer, 0));
  Part part = { number, lane };

  if (lane == GANDER_LANE_NONE || (row->n_goroutines > 0 && self->lanes[number] == lane))
    return;
  if (row->n_goroutines++ == 0)
    self->lanes[number] = lane;
  else
    g_array_append_val (self->parts, part);
}

/* The task's part in the range is that of its begin to its end. */
static void
add_task (Builder *self, GanderMatcher *matcher, guint32 i)
{
  const GanderUserFilter *filter = self->filter;
  GanderTime duration = gander_index_get_facts (self->answer->index)->duration;
  GanderTaskRow row = { .row = i };
  const GanderTask *task = gander_row_cursor_get_task (&self->cursor, i);
  GanderTime begin, end;

  begin = MAX (task->begin, 0);
  end = task->end < 0 ? duration : task->end;
  row.complete = task->begin >= 0 && task->end >= 0;
  row.duration = end - begin;
  if (row.duration < filter->min_duration || !gander_matcher_matches (matcher, task->type) ||
      begin >= filter->end || end <= filter->begin)
    return;
  g_array_append_val (self->answer->rows, row);
  self->place[i] = self->answer->rows->len;
  add_part (self, row_at (self->answer, self->place[i] - 1), task->creator);
  add_part (self, row_at (self->answer, self->place[i] - 1), task->ender);
  if (row.complete && task->creator == task->ender &&
      task->creator - self->first_lane < self->n_lanes)
    {
      Own own = { task->creator, { begin, end, self->place[i] - 1 } };
      g_array_append_val (self->own, own);
    }
}

static int
compare_own (gconstpointer a, gconstpointer b)
{
  const Own *x = a;
  const Own *y = b;

  if (x->lane != y->lane)
    return x->lane < y->lane ? -1 : 1;
  return x->stretch.begin < y->stretch.begin ? -1 : x->stretch.begin > y->stretch.begin;
}

/* By goroutine, then begin. Ids rise with time, so that it is enough nearly always to bring them
 * goroutine by goroutine. */
static void
sort_own (Builder *self)
{
  guint n = self->own->len;
  const Own *own = (const Own *)(gconstpointer)self->own->data;
  g_autofree guint32 *next = NULL;
  GArray *sorted = NULL;
  Own *out = NULL;

  if (n == 0)
    return;
  next = g_new0 (guint32, (gsize)self->n_lanes + 1);
  sorted = g_array_new (FALSE, FALSE, sizeof (Own));
  g_array_set_size (sorted, n);
  out = (Own *)(gpointer)sorted->data;
  for (guint i = 0; i < n; i++)
    next[own[i].lane - self->first_lane + 1]++;
  for (guint32 i = 1; i <= self->n_lanes; i++)
    next[i] += next[i - 1];
  for (guint i = 0; i < n; i++)
    out[next[own[i].lane - self->first_lane]++] = own[i];
  g_array_unref (self->own);
  self->own = sorted;
  for (guint i = 1; i < n; i++)
    if (compare_own (&out[i - 1], &out[i]) > 0)
      {
        g_array_sort (self->own, compare_own);
        return;
      }
}

static void
choose_tasks (Builder *self)
{
  g_auto (GanderMatcher) matcher = { 0 };
  GanderTask task;

  gander_matcher_init (&matcher, self->answer->index, self->filter->name);
  for (guint32 i = 0; i < self->n; i++)
    add_task (self, &matcher, i);
  sort_own (self);
  for (guint32 i = 0; i < self->n; i++)
    {
      GanderTaskRow *parent = NULL;
      gander_index_get_task (self->answer->index, i, &task);
      parent = task.parent == 0 ? NULL : find_row (self, task.parent);
      if (parent != NULL)
        parent->n_children++;
    }
}

static void
count_logs (Builder *self)
{
  for (guint32 i = 0; i < gander_index_get_n_logs (self->answer->index); i++)
    {
      const GanderLog *log = gander_row_cursor_get_log (&self->cursor, i);
      GanderTaskRow *row = find_row (self, log->task);
      if (row == NULL)
        continue;
      row->n_logs++;
      add_part (self, row, log->lane);
    }
}

static int
compare_lanes (gconstpointer a, gconstpointer b)
{
  GanderLaneId x = *(const GanderLaneId *)a;
  GanderLaneId y = *(const GanderLaneId *)b;

  return x < y ? -1 : x > y;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* Returns: how many different goroutine ids @lanes have; lives of one id are one. */
static guint32
count_ids (const GanderIndex *index, GanderLaneId *lanes, guint32 n)
{
  g_autofree gint64 *ids = NULL;
  guint32 n_lanes = 0;
  guint32 n_ids = 0;

  qsort (lanes, n, sizeof *lanes, compare_lanes);
  for (guint32 i = 0; i < n; i++)
    if (i == 0 || lanes[i] != lanes[i - 1])
      lanes[n_lanes++] = lanes[i];
  if (n_lanes < 2)
    return n_lanes;
  ids = g_new (gint64, n_lanes);
  for (guint32 i = 0; i < n_lanes; i++)
    {
      GanderLane lane;
      gander_index_get_life (index, lanes[i], &lane);
      ids[i] = lane.id;
    }
  qsort (ids, n_lanes, sizeof *ids, compare_ids);
  for (guint32 i = 0; i < n_lanes; i++)
    n_ids += i == 0 || ids[i] != ids[i - 1];
  return n_ids;
}

/* Where there is more than one part, counts the goroutines. */
static void
count_goroutines (Builder *self)
{
  guint32 n = self->answer->rows->len;
  g_autofree guint32 *first = g_new0 (guint32, (gsize)n + 2);
  g_autofree GanderLaneId *lanes = NULL;

  for (guint32 i = 0; i < n; i++)
    first[i + 2] = row_at (self->answer, i)->n_goroutines;
  for (guint32 i = 2; i < n + 2; i++)
    first[i] += first[i - 1];
  lanes = g_new (GanderLaneId, MAX (first[n + 1], 1));
  for (guint32 i = 0; i < n; i++)
    if (row_at (self->answer, i)->n_goroutines > 0)
      lanes[first[i + 1]++] = self->lanes[i];
  for (guint32 i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);
      lanes[first[part->task + 1]++] = part->lane;
    }
  for (guint32 i = 0; i < n; i++)
    if (row_at (self->answer, i)->n_goroutines > 1)
      row_at (self->answer, i)->n_goroutines =
          count_ids (self->answer->index, lanes + first[i], first[i + 1] - first[i]);
}

/* The part of @stretch in the range, if any. */
static void
add_stretch (const Builder *self, GArray *stretches, GanderStretch stretch)
{
  stretch.begin = MAX (stretch.begin, self->filter->begin);
  stretch.end = MIN (stretch.end, self->filter->end);
  if (stretch.begin < stretch.end)
    g_array_append_val (stretches, stretch);
}

/* Gathers what one goroutine did for tasks, by begin: the regions from @region on and the tasks
 * from
 * @own on, both of which are moved on. */
static void
gather (Builder *self, GanderLaneId lane, guint32 *region, guint32 *own, GArray *stretches)
{
  const GanderIndex *index = self->answer->index;
  guint32 n_regions = gander_index_get_n_regions (index);
  const GanderRegion *row = NULL;

  g_array_set_size (stretches, 0);
  for (;;)
    {
      const Own *next = *own < self->own->len ? &g_array_index (self->own, Own, *own) : NULL;
      gboolean has_region = FALSE;
      GanderTaskRow *task = NULL;

      if (*region < n_regions)
        {
          row = gander_row_cursor_get_region (&self->cursor, *region);
          has_region = row->lane == lane;
        }
      if (next != NULL && next->lane == lane && (!has_region || next->stretch.begin <= row->begin))
        {
          add_stretch (self, stretches, next->stretch);
          (*own)++;
          continue;
        }
      if (!has_region)
        return;
      (*region)++;
      task = find_row (self, row->task);
      if (task == NULL)
        continue;
      task->n_regions++;
      add_part (self, task, lane);
      add_stretch (self,
                   stretches,
                   (GanderStretch){
                       row->begin, row->end, (guint32)(task - row_at (self->answer, 0)) });
    }
}

static void
add_edge (Builder *self, const GanderWalk *walk, guint32 number, gboolean is_end)
{
  GanderTaskRow *row = row_at (self->answer, number);
  GanderSplit split;

  if (is_end ? --self->depths[number] > 0 : self->depths[number]++ > 0)
    return;
  gander_walk_get_split (walk, &split);
  if (is_end)
    gander_split_add (&row->split, &split);
  else
    gander_split_subtract (&row->split, &split);
}

static void
walk_goroutine (Builder *self,
                GanderWalk *walk,
                GanderLaneId lane,
                const GArray *stretches,
                const GArray *edges,
                GCancellable *cancellable)
{
  guint n_open = 0;

  gander_walk_start (walk, lane, g_array_index (edges, GanderEdge, 0).time);
  for (guint i = 0; i < edges->len; i++)
    {
      const GanderEdge *edge = &g_array_index (edges, GanderEdge, i);
      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return;
      if (n_open == 0)
        gander_walk_skip (walk, edge->time);
      else
        gander_walk_seek (walk, edge->time);
      n_open = edge->is_end ? n_open - 1 : n_open + 1;
      add_edge (self,
                walk,
                g_array_index (stretches, GanderStretch, edge->stretch).subject,
                edge->is_end);
    }
}

/* Counts regions, and splits the time of tasks. */
static void
walk_goroutines (Builder *self, GCancellable *cancellable)
{
  const GanderIndex *index = self->answer->index;
  g_auto (GanderWalk) walk = { 0 };
  g_autoptr (GArray) stretches = g_array_new (FALSE, FALSE, sizeof (GanderStretch));
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (GanderEdge));
  guint32 n_regions = gander_index_get_n_regions (index);
  guint32 region = 0;
  guint32 own = 0;

  gander_walk_init (&walk, index);
  while ((region < n_regions || own < self->own->len) && !g_cancellable_is_cancelled (cancellable))
    {
      GanderLaneId lane = GANDER_LANE_NONE;

      if (region < n_regions)
        lane = gander_row_cursor_get_region (&self->cursor, region)->lane;
      if (own < self->own->len)
        lane = MIN (lane, g_array_index (self->own, Own, own).lane);
      gather (self, lane, &region, &own, stretches);
      if (stretches->len == 0)
        continue;
      gander_edges_fill (edges, &g_array_index (stretches, GanderStretch, 0), stretches->len);
      walk_goroutine (self, &walk, lane, stretches, edges, cancellable);
    }
}

static int
compare_types (gconstpointer a, gconstpointer b, gpointer index)
{
  const GanderTaskTypeRow *x = a;
  const GanderTaskTypeRow *y = b;

  return strcmp (gander_index_get_string (index, x->type),
                 gander_index_get_string (index, y->type));
}

/* Lists the types.
 *
 * Returns: (transfer full) per string, the row of its type. */
static guint32 *
list_types (GanderTasks *self)
{
  gsize n_strings = MAX (gander_index_get_n_strings (self->index), 1);
  guint32 *type_of = g_new0 (guint32, n_strings);
  GanderTask task;

  for (guint32 i = 0; i < self->rows->len; i++)
    {
      gander_index_get_task (self->index, row_at (self, i)->row, &task);
      if (type_of[task.type] == 0)
        {
          GanderTaskTypeRow type = { .type = task.type };
          g_array_append_val (self->types, type);
          type_of[task.type] = self->types->len;
        }
    }
  g_array_sort_with_data (self->types, compare_types, (gpointer)self->index);
  for (guint32 i = 0; i < self->types->len; i++)
    type_of[g_array_index (self->types, GanderTaskTypeRow, i).type] = i;
  return type_of;
}

/* The tasks of one type while they are summed. */
typedef struct
{
  GanderDurations durations;
  GanderDurations begins;
  GanderDurations ends;
} TypeSums;

/* Returns: how many of the intervals overlap at most. */
static guint32
find_peak (TypeSums *sums)
{
  guint32 peak = 0;
  gsize j = 0;

  /* Asking for a percentile sorts. */
  gander_durations_get_percentile (&sums->begins, 100);
  gander_durations_get_percentile (&sums->ends, 100);
  for (gsize i = 0; i < sums->begins.n; i++)
    {
      while (j < sums->ends.n && sums->ends.values[j] <= sums->begins.values[i])
        j++;
      peak = MAX (peak, (guint32)(i + 1 - j));
    }
  return peak;
}

static void
add_to_type (GanderTasks *self, GanderTaskTypeRow *type, const GanderTaskRow *row, TypeSums *sums)
{
  GanderTask task;
  GanderTime begin;

  gander_index_get_task (self->index, row->row, &task);
  begin = MAX (task.begin, 0);
  type->count++;
  type->n_incomplete += !row->complete;
  type->n_open += task.end < 0;
  type->n_orphan += task.begin < 0;
  gander_split_add (&type->split, &row->split);
  gander_durations_add (&sums->begins, begin);
  gander_durations_add (&sums->ends, begin + row->duration);
  if (row->complete)
    gander_durations_add (&sums->durations, row->duration);
}

/* Returns: (transfer full) the rows of the first type, then the second, …; @first says where. */
static guint32 *
arrange_rows (const GanderTasks *self, const guint32 *type_of, guint32 *first)
{
  guint32 n_types = self->types->len;
  guint32 *order = g_new (guint32, MAX (self->rows->len, 1));
  g_autofree guint32 *types = g_new (guint32, MAX (self->rows->len, 1));
  GanderTask task;

  memset (first, 0, ((gsize)n_types + 2) * sizeof *first);
  for (guint32 i = 0; i < self->rows->len; i++)
    {
      gander_index_get_task (self->index, row_at (self, i)->row, &task);
      types[i] = type_of[task.type];
      first[types[i] + 2]++;
    }
  for (guint32 i = 2; i < n_types + 2; i++)
    first[i] += first[i - 1];
  for (guint32 i = 0; i < self->rows->len; i++)
    order[first[types[i] + 1]++] = i;
  return order;
}

static void
sum_types (GanderTasks *self)
{
  g_autofree guint32 *type_of = list_types (self);
  guint32 n_types = self->types->len;
  g_autofree guint32 *first_row = g_new (guint32, (gsize)n_types + 2);
  g_autofree guint32 *order = arrange_rows (self, type_of, first_row);
  TypeSums sums = { 0 };

  self->durations = g_new (GanderTime, MAX (self->rows->len, 1));
  self->first_duration = g_new0 (guint32, (gsize)n_types + 1);
  for (guint32 i = 0; i < n_types; i++)
    {
      GanderTaskTypeRow *type = &g_array_index (self->types, GanderTaskTypeRow, i);
      guint32 first = self->first_duration[i];

      gander_durations_empty (&sums.durations);
      gander_durations_empty (&sums.begins);
      gander_durations_empty (&sums.ends);
      for (guint32 j = first_row[i]; j < first_row[i + 1]; j++)
        add_to_type (self, type, row_at (self, order[j]), &sums);
      type->peak = find_peak (&sums);
      gander_durations_get_quantiles (&sums.durations, &type->durations);
      for (gsize j = 0; j < sums.durations.n; j++)
        self->durations[first + j] = sums.durations.values[j];
      self->first_duration[i + 1] = first + (guint32)sums.durations.n;
    }
  gander_durations_clear (&sums.durations);
  gander_durations_clear (&sums.begins);
  gander_durations_clear (&sums.ends);
}

GanderTasks *
gander_tasks_compute (const GanderIndex *index,
                      const GanderUserFilter *filter,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GanderTasks) self = g_new0 (GanderTasks, 1);
  Builder builder = { .answer = self,
                      .filter = filter,
                      .n = gander_index_get_n_tasks (index),
                      .cursor = { .index = index } };

  self->index = index;
  self->rows = g_array_new (FALSE, FALSE, sizeof (GanderTaskRow));
  self->types = g_array_new (FALSE, FALSE, sizeof (GanderTaskTypeRow));
  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &builder.first_lane, &builder.n_lanes);
  if (builder.n > 0)
    {
      builder.first_id = get_id (index, 0);
      builder.dense = get_id (index, builder.n - 1) - builder.first_id == builder.n - 1;
    }
  builder.place = g_new0 (guint32, MAX (builder.n, 1));
  builder.depths = g_new0 (guint32, MAX (builder.n, 1));
  builder.lanes = g_new (GanderLaneId, MAX (builder.n, 1));
  builder.parts = g_array_new (FALSE, FALSE, sizeof (Part));
  builder.own = g_array_new (FALSE, FALSE, sizeof (Own));
  choose_tasks (&builder);
  count_logs (&builder);
  walk_goroutines (&builder, cancellable);
  count_goroutines (&builder);
  sum_types (self);
  g_free (builder.place);
  g_free (builder.depths);
  g_free (builder.lanes);
  g_array_unref (builder.parts);
  g_array_unref (builder.own);
  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&self);
}

void
gander_tasks_free (GanderTasks *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rows);
  g_array_unref (self->types);
  g_free (self->durations);
  g_free (self->first_duration);
  g_free (self);
}

const GanderTaskRow *
gander_tasks_get_rows (const GanderTasks *self, guint32 *n)
{
  *n = self->rows->len;
  return (const GanderTaskRow *)(gconstpointer)self->rows->data;
}

const GanderTaskTypeRow *
gander_tasks_get_types (const GanderTasks *self, guint32 *n)
{
  *n = self->types->len;
  return (const GanderTaskTypeRow *)(gconstpointer)self->types->data;
}

const GanderTime *
gander_tasks_get_durations (const GanderTasks *self, guint32 type, guint32 *n)
{
  g_return_val_if_fail (type < self->types->len, NULL);
  *n = self->first_duration[type + 1] - self->first_duration[type];
  return self->durations + self->first_duration[type];
}
