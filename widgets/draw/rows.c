/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/rows.h"

#include "widgets/draw/rows-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define CLOSED_FROM      51  /* members: larger groups start closed */
#define MANY             500 /* members: larger groups list only the first */
#define FIRST_OF_MANY    200
#define MAX_REGION_DEPTH 8

/* Log rows by lane, then time: made when somebody asks, shared by rows that come from one another.
 */
typedef struct
{
  GMutex mutex;
  gboolean made;
  guint32 *rows;  /* (nullable) without logs */
  guint32 *first; /* one more than lanes */
} LogOrder;

struct _GanderRows
{
  gatomicrefcount ref_count;
  GanderIndex *index;
  GanderRowOptions options;
  GArray *rows; /* GanderRow */
  GArray *tops; /* gint64, one more than rows */
  guint32 n_pinned;
  GArray *headings;   /* GanderHeading */
  GArray *tasks;      /* GanderTaskType */
  GArray *filter;     /* (nullable) GanderLaneId */
  GArray *pinned;     /* GanderLaneId */
  GHashTable *hidden; /* set of lane + 1 */
  GHashTable *open;   /* key -> GINT 0 or 1, where it is not as usual */
  GHashTable *all;    /* keys of groups that list all members */
  LogOrder *logs;     /* atomic box */
};

/* Keys: what a row is and of what. */
static guint64
make_key (GanderRowKind kind, GanderSection section, guint extra, guint32 id)
{
  return (guint64)(kind + 1) << 56 | (guint64)section << 48 | (guint64)(extra & 0xffff) << 32 | id;
}

static gboolean
get_open (const GanderRows *self, guint64 key, gboolean usual)
{
  gpointer value;

  if (g_hash_table_lookup_extended (self->open, &key, NULL, &value))
    return GPOINTER_TO_INT (value);
  return usual;
}

typedef struct
{
  guint8 comfortable;
  guint8 compact;
} Height;

static const Height heights[GANDER_N_ROW_KINDS] = {
  [GANDER_ROW_SECTION] = { 25, 20 },   [GANDER_ROW_RANGES] = { 20, 12 },
  [GANDER_ROW_COUNTER] = { 33, 24 },   [GANDER_ROW_GROUP] = { 25, 20 },
  [GANDER_ROW_LANE] = { 24, 12 },      [GANDER_ROW_REGIONS] = { 15, 7 },
  [GANDER_ROW_TASK_TYPE] = { 24, 11 }, [GANDER_ROW_TASK] = { 24, 11 },
  [GANDER_ROW_MORE] = { 24, 20 },      [GANDER_ROW_HIDDEN] = { 24, 20 },
};

static const Height proc_height = { 18, 11 };

static int
row_height (const GanderRows *self, const GanderRow *row)
{
  Height height = heights[row->kind];
  double scale = self->options.text_scale > 0 ? self->options.text_scale : 1;

  if (row->kind == GANDER_ROW_LANE && row->section == GANDER_SECTION_PROCS)
    height = proc_height;
  if (row->kind == GANDER_ROW_COUNTER ||
      (row->kind == GANDER_ROW_SECTION && row->section == GANDER_SECTION_COUNTERS))
    {
      height = heights[GANDER_ROW_COUNTER];
      if (self->options.counter_height > 0)
        return CLAMP (self->options.counter_height, 24, 160);
    }
  return (int)lround ((self->options.compact ? height.compact : height.comfortable) *
                      MAX (scale, 1));
}

static GanderRow *
add_row (GanderRows *self, GanderRowKind kind, GanderSection section, guint extra, guint32 id)
{
  GanderRow row = {
    .kind = kind,
    .section = section,
    .lane = GANDER_LANE_NONE,
    .group = GANDER_GROUP_ALL,
    .name = "",
    .key = make_key (kind, section, extra, id),
  };
  gint64 top = g_array_index (self->tops, gint64, self->rows->len);

  row.height = row_height (self, &row);
  top += row.height;
  g_array_append_val (self->tops, top);
  g_array_append_val (self->rows, row);
  return &g_array_index (self->rows, GanderRow, self->rows->len - 1);
}

static GanderRow *
add_openable (GanderRows *self,
              GanderRowKind kind,
              GanderSection section,
              guint32 id,
              guint32 n,
              gboolean usual)
{
  GanderRow *row = add_row (self, kind, section, self->options.group_by, id);

  row->openable = TRUE;
  row->n = n;
  row->open = get_open (self, row->key, usual);
  return row;
}

static guint
region_depths (const GanderRows *self, GanderLaneId lane)
{
  guint32 first;
  guint32 n;
  guint depths = 0;

  gander_index_get_regions_of (self->index, lane, &first, &n);
  /* Rows are made when a group opens: a goroutine with very many regions is judged by its first. */
  for (guint32 i = 0; i < MIN (n, 4096) && depths < MAX_REGION_DEPTH; i++)
    {
      GanderRegion region;

      gander_index_get_region (self->index, first + i, &region);
      depths = MAX (depths, region.depth + 1);
    }
  return MIN (depths, MAX_REGION_DEPTH);
}

static void
add_lane (GanderRows *self, GanderSection section, GanderLaneId lane, guint32 group, guint8 indent)
{
  gboolean is_goroutine = section == GANDER_SECTION_GOROUTINES || section == GANDER_SECTION_PINNED;
  guint depths = is_goroutine ? region_depths (self, lane) : 0;
  GanderRow *row = add_row (self, GANDER_ROW_LANE, section, 0, lane);
  gboolean open = depths > 0 && get_open (self, row->key, TRUE);

  row->lane = lane;
  row->group = group;
  row->indent = indent;
  row->openable = depths > 0;
  row->open = open;
  row->n = depths;
  for (guint depth = 0; open && depth < depths; depth++)
    {
      row = add_row (self, GANDER_ROW_REGIONS, section, depth, lane);
      row->lane = lane;
      row->group = group;
      row->indent = indent;
      row->region_depth = (guint16)depth;
      row->name = depth == 0 ? _ ("regions") : "";
    }
}

static gboolean
is_hidden (const GanderRows *self, GanderLaneId lane)
{
  return g_hash_table_contains (self->hidden, GUINT_TO_POINTER (lane + 1));
}

static void
add_pinned (GanderRows *self)
{
  GanderRow *row;

  if (self->pinned->len == 0 || self->options.sections & (1 << GANDER_SECTION_PINNED))
    return;
  row = add_openable (self, GANDER_ROW_SECTION, GANDER_SECTION_PINNED, 0, self->pinned->len, TRUE);
  row->name = _ ("Pinned");
  if (row->open)
    for (guint i = 0; i < self->pinned->len; i++)
      add_lane (self,
                GANDER_SECTION_PINNED,
                g_array_index (self->pinned, GanderLaneId, i),
                GANDER_GROUP_OTHER,
                1);
}

static void
add_gc (GanderRows *self)
{
  static const struct
  {
    GanderRangeKind kind;
    const char *name;
  } children[] = {
    { GANDER_RANGE_STW, N_ ("Stop-the-world") },
    { GANDER_RANGE_ASSIST, N_ ("Mark assist") },
  };
  guint32 cycles = gander_index_get_n_ranges (self->index, GANDER_RANGE_GC_MARK);
  guint32 pauses = gander_index_get_n_ranges (self->index, GANDER_RANGE_STW);
  guint32 assists = gander_index_get_n_ranges (self->index, GANDER_RANGE_ASSIST);
  GanderRow *row;

  if (cycles + pauses + assists == 0)
    return;
  row = add_openable (self, GANDER_ROW_SECTION, GANDER_SECTION_GC, 0, cycles, assists > 0);
  row->name = _ ("Garbage collector");
  if (!row->open)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      row = add_row (self, GANDER_ROW_RANGES, GANDER_SECTION_GC, 0, children[i].kind);
      row->range_kind = children[i].kind;
      row->n = gander_index_get_n_ranges (self->index, children[i].kind);
      row->name = _ (children[i].name);
      row->indent = 1;
    }
}

static void
add_counters (GanderRows *self)
{
  static const struct
  {
    GanderCounter counter;
    const char *name;
  } counters[] = {
    { GANDER_COUNTER_HEAP, N_ ("Heap") },
    { GANDER_COUNTER_GOROUTINES, N_ ("Goroutines alive") },
    { GANDER_COUNTER_RUNNABLE, N_ ("Runnable goroutines") },
    { GANDER_COUNTER_GOMAXPROCS, N_ ("GOMAXPROCS") },
  };
  gboolean first = TRUE;
  gboolean open = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (counters) && open; i++)
    {
      guint32 n;
      GanderRow *row;

      gander_index_get_counter (self->index, counters[i].counter, &n);
      if (n == 0)
        continue;
      /* The first is the section itself. */
      if (first)
        {
          row = add_openable (self, GANDER_ROW_SECTION, GANDER_SECTION_COUNTERS, 0, 0, FALSE);
          open = row->open;
        }
      else
        {
          row = add_row (self, GANDER_ROW_COUNTER, GANDER_SECTION_COUNTERS, 0, counters[i].counter);
          row->indent = 1;
        }
      row->counter = counters[i].counter;
      row->name = _ (counters[i].name);
      first = FALSE;
    }
}

static void
add_lanes_of_kind (GanderRows *self,
                   GanderSection section,
                   GanderLaneKind kind,
                   const char *name,
                   guint32 usually_open_to)
{
  GanderLaneId first;
  guint32 n;
  GanderRow *row;

  gander_index_get_lanes_of (self->index, kind, &first, &n);
  if (n == 0)
    return;
  row = add_openable (self, GANDER_ROW_SECTION, section, 0, n, n <= usually_open_to);
  row->name = name;
  if (!row->open)
    return;
  for (guint32 i = 0; i < n; i++)
    if (!is_hidden (self, first + i))
      add_lane (self, section, first + i, GANDER_GROUP_OTHER, 1);
}

static void
add_members (GanderRows *self, GanderHeading *heading, guint64 key)
{
  const GanderLaneId *lanes = gander_heading_sort (heading, self->index, &self->options);
  gboolean all = heading->n <= MANY || g_hash_table_contains (self->all, &key);
  guint32 n = all ? heading->n : FIRST_OF_MANY;

  for (guint32 i = 0; i < n; i++)
    if (!is_hidden (self, lanes[i]))
      add_lane (self, GANDER_SECTION_GOROUTINES, lanes[i], heading->group, 2);
  if (n < heading->n)
    {
      GanderRow *row = add_row (self,
                                GANDER_ROW_MORE,
                                GANDER_SECTION_GOROUTINES,
                                self->options.group_by,
                                heading->id);

      row->group = heading->group;
      row->n = heading->n - n;
      row->indent = 2;
    }
}

static void
add_goroutines (GanderRows *self)
{
  guint32 n = 0;
  GanderRow *row;

  for (guint i = 0; i < self->headings->len; i++)
    n += g_array_index (self->headings, GanderHeading, i).n;
  if (n == 0)
    return;
  row = add_openable (self, GANDER_ROW_SECTION, GANDER_SECTION_GOROUTINES, 0, n, TRUE);
  row->name = _ ("Goroutines");
  if (!row->open)
    return;

  for (guint i = 0; i < self->headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (self->headings, GanderHeading, i);
      gboolean usual =
          heading->n > 1 && heading->n < CLOSED_FROM && heading->group != GANDER_GROUP_RUNTIME;
      guint64 key;

      row = add_openable (self,
                          GANDER_ROW_GROUP,
                          GANDER_SECTION_GOROUTINES,
                          heading->id,
                          heading->n,
                          usual);
      row->group = heading->group;
      row->name = heading->name;
      row->indent = 1;
      if (heading->n == 1)
        row->lane = heading->lanes[0];
      key = row->key;
      if (row->open)
        add_members (self, heading, key);
    }
}

static void
add_task_type (GanderRows *self, GanderTaskType *type)
{
  GanderRow *row = NULL;
  gboolean all;
  guint32 n;

  if (type->n < CLOSED_FROM)
    gander_task_type_complete (type, self->index);
  row = add_openable (self,
                      GANDER_ROW_TASK_TYPE,
                      GANDER_SECTION_TASKS,
                      type->type,
                      type->n,
                      type->n < CLOSED_FROM && type->most > 1);
  all = type->n <= MANY || g_hash_table_contains (self->all, &row->key);
  n = all ? type->n : FIRST_OF_MANY;
  row->name = type->name;
  row->indent = 1;
  row->task = type->first;
  if (!row->open)
    return;
  gander_task_type_complete (type, self->index);
  for (guint32 i = 0; i < n; i++)
    {
      row = add_row (self, GANDER_ROW_TASK, GANDER_SECTION_TASKS, 0, type->tasks[i]);
      row->task = type->tasks[i];
      row->name = type->name;
      row->indent = 2;
    }
  if (n < type->n)
    {
      row =
          add_row (self, GANDER_ROW_MORE, GANDER_SECTION_TASKS, self->options.group_by, type->type);
      row->n = type->n - n;
      row->indent = 2;
    }
}

static void
add_tasks (GanderRows *self)
{
  const GanderTaskType *all = &g_array_index (self->tasks, GanderTaskType, 0);
  GanderRow *row;

  if (all->n == 0)
    return;
  row = add_openable (self, GANDER_ROW_SECTION, GANDER_SECTION_TASKS, 0, all->n, TRUE);
  row->name = _ ("User tasks");
  if (!row->open)
    return;
  for (guint i = 1; i < self->tasks->len; i++)
    add_task_type (self, &g_array_index (self->tasks, GanderTaskType, i));
}

static gboolean
wants (const GanderRows *self, GanderSection section)
{
  return !(self->options.sections & (1u << section));
}

static void
rebuild (GanderRows *self)
{
  gint64 top = 0;

  g_array_set_size (self->rows, 0);
  g_array_set_size (self->tops, 0);
  g_array_append_val (self->tops, top);
  add_pinned (self);
  self->n_pinned = self->rows->len;
  if (wants (self, GANDER_SECTION_GC))
    add_gc (self);
  if (wants (self, GANDER_SECTION_COUNTERS))
    add_counters (self);
  if (wants (self, GANDER_SECTION_PROCS))
    add_lanes_of_kind (self, GANDER_SECTION_PROCS, GANDER_LANE_PROC, _ ("Processors"), 16);
  if (wants (self, GANDER_SECTION_THREADS))
    add_lanes_of_kind (self, GANDER_SECTION_THREADS, GANDER_LANE_THREAD, _ ("Threads"), 0);
  if (wants (self, GANDER_SECTION_GOROUTINES))
    add_goroutines (self);
  if (wants (self, GANDER_SECTION_TASKS))
    add_tasks (self);
  if (g_hash_table_size (self->hidden) > 0)
    add_row (self, GANDER_ROW_HIDDEN, GANDER_SECTION_GOROUTINES, 0, 0)->n =
        g_hash_table_size (self->hidden);
}

static void
regroup (GanderRows *self)
{
  g_clear_pointer (&self->headings, g_array_unref);
  self->headings =
      gander_headings_new (self->index,
                           &self->options,
                           self->filter != NULL ? (GanderLaneId *)self->filter->data : NULL,
                           self->filter != NULL ? self->filter->len : 0);
}

/* Log rows are in the order of time; a counting sort by lane keeps that order within a lane. */
static void
sort_logs (LogOrder *self, const GanderIndex *index)
{
  guint32 n = gander_index_get_n_logs (index);
  guint32 n_lanes = gander_index_get_n_lanes (index);
  GanderLog log;

  if (n == 0)
    return;
  self->rows = g_new0 (guint32, n);
  self->first = g_new0 (guint32, (gsize)n_lanes + 2);
  for (guint32 i = 0; i < n; i++)
    {
      gander_index_get_log (index, i, &log);
      self->first[MIN (log.lane, n_lanes) + 1]++;
    }
  for (guint32 lane = 0; lane <= n_lanes; lane++)
    self->first[lane + 1] += self->first[lane];
  for (guint32 i = n; i > 0; i--)
    {
      gander_index_get_log (index, i - 1, &log);
      self->rows[--self->first[MIN (log.lane, n_lanes) + 1]] = i - 1;
    }
  /* Now first[lane + 1] is where the lane begins. */
  memmove (self->first, self->first + 1, ((gsize)n_lanes + 1) * sizeof *self->first);
  self->first[n_lanes + 1] = n;
}

static const LogOrder *
get_log_order (const GanderRows *self)
{
  g_mutex_lock (&self->logs->mutex);
  if (!self->logs->made)
    sort_logs (self->logs, self->index);
  self->logs->made = TRUE;
  g_mutex_unlock (&self->logs->mutex);
  return self->logs;
}

static void
log_order_clear (gpointer data)
{
  LogOrder *self = data;

  g_mutex_clear (&self->mutex);
  g_free (self->rows);
  g_free (self->first);
}

static GanderRows *
new_empty (GanderIndex *index)
{
  GanderRows *self = g_new0 (GanderRows, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->index = gander_index_ref (index);
  self->rows = g_array_new (FALSE, FALSE, sizeof (GanderRow));
  self->tops = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->all = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->hidden = g_hash_table_new (NULL, NULL);
  return self;
}

GanderRows *
gander_rows_new (GanderIndex *index)
{
  GanderRows *self = NULL;

  g_return_val_if_fail (index != NULL, NULL);

  self = new_empty (index);
  self->pinned = g_array_new (FALSE, FALSE, sizeof (GanderLaneId));
  self->tasks = gander_task_types_new (index);
  self->logs = g_atomic_rc_box_new0 (LogOrder);
  g_mutex_init (&self->logs->mutex);
  regroup (self);
  rebuild (self);
  return self;
}

static void
copy_set (GHashTable *from, GHashTable *to, gboolean of_keys)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer copy = of_keys ? g_memdup2 (key, sizeof (guint64)) : key;

      g_hash_table_insert (to, copy, of_keys && value == key ? copy : value);
    }
}

/* Shares what is never changed in place: headings, tasks, logs, the filter. */
static GanderRows *
copy (const GanderRows *other)
{
  GanderRows *self = new_empty (other->index);

  self->options = other->options;
  g_array_append_vals (self->rows, other->rows->data, other->rows->len);
  g_array_append_vals (self->tops, other->tops->data, other->tops->len);
  self->n_pinned = other->n_pinned;
  self->headings = g_array_ref (other->headings);
  self->tasks = g_array_ref (other->tasks);
  self->filter = other->filter != NULL ? g_array_ref (other->filter) : NULL;
  self->pinned = g_array_copy (other->pinned);
  copy_set (other->hidden, self->hidden, FALSE);
  copy_set (other->open, self->open, TRUE);
  copy_set (other->all, self->all, TRUE);
  self->logs = g_atomic_rc_box_acquire (other->logs);
  return self;
}

static void
apply (GanderRows *self, const GanderRowChange *change)
{
  switch (change->kind)
    {
    case GANDER_ROW_CHANGE_OPTIONS:
      gander_rows_set_options (self, &change->options);
      break;
    case GANDER_ROW_CHANGE_OPEN:
      gander_rows_set_open (self, change->key, change->on);
      break;
    case GANDER_ROW_CHANGE_ALL_OPEN:
      gander_rows_set_all_open (self, change->on);
      break;
    case GANDER_ROW_CHANGE_SHOW_ALL:
      gander_rows_show_all (self, change->key);
      break;
    case GANDER_ROW_CHANGE_REVEAL:
      gander_rows_reveal (self, change->lane);
      break;
    case GANDER_ROW_CHANGE_PINNED:
      gander_rows_set_pinned (self, change->lane, change->on);
      break;
    case GANDER_ROW_CHANGE_HIDDEN:
      gander_rows_set_hidden (self, change->lane, change->on);
      break;
    case GANDER_ROW_CHANGE_SHOW_HIDDEN:
      gander_rows_show_hidden (self);
      break;
    case GANDER_N_ROW_CHANGES:
    default:
      break;
    }
}

GanderRows *
gander_rows_new_changed (const GanderRows *self, const GanderRowChange *changes, guint n)
{
  GanderRows *changed = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  changed = copy (self);
  for (guint i = 0; i < n; i++)
    apply (changed, &changes[i]);
  return changed;
}

GanderRows *
gander_rows_ref (const GanderRows *self)
{
  GanderRows *rows = (GanderRows *)self;

  g_atomic_ref_count_inc (&rows->ref_count);
  return rows;
}

void
gander_rows_unref (GanderRows *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->rows);
  g_array_unref (self->tops);
  g_array_unref (self->headings);
  g_array_unref (self->tasks);
  g_array_unref (self->pinned);
  g_clear_pointer (&self->filter, g_array_unref);
  g_hash_table_unref (self->hidden);
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->all);
  g_atomic_rc_box_release_full (self->logs, log_order_clear);
  gander_index_unref (self->index);
  g_free (self);
}

GanderIndex *
gander_rows_get_index (const GanderRows *self)
{
  return self->index;
}

void
gander_rows_set_options (GanderRows *self, const GanderRowOptions *options)
{
  gboolean same =
      self->options.group_by == options->group_by && self->options.sort == options->sort &&
      self->options.reverse == options->reverse &&
      self->options.no_runtime == options->no_runtime && self->options.at == options->at;

  self->options = *options;
  if (!same)
    regroup (self);
  rebuild (self);
}

const GanderRowOptions *
gander_rows_get_options (const GanderRows *self)
{
  return &self->options;
}

guint32
gander_rows_get_n (const GanderRows *self)
{
  return self->rows->len;
}

guint32
gander_rows_get_n_pinned (const GanderRows *self)
{
  return self->n_pinned;
}

const GanderRow *
gander_rows_get (const GanderRows *self, guint32 row)
{
  g_return_val_if_fail (row < self->rows->len, NULL);
  return &g_array_index (self->rows, GanderRow, row);
}

gint64
gander_rows_get_y (const GanderRows *self, guint32 row)
{
  g_return_val_if_fail (row < self->tops->len, 0);
  return g_array_index (self->tops, gint64, row);
}

gint64
gander_rows_get_height (const GanderRows *self)
{
  return g_array_index (self->tops, gint64, self->rows->len);
}

guint32
gander_rows_find_y (const GanderRows *self, gint64 y)
{
  guint32 low = 0;
  guint32 high = self->rows->len;

  if (y < 0 || y >= gander_rows_get_height (self))
    return GANDER_ROW_NONE;
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;

      if (g_array_index (self->tops, gint64, middle) <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

guint32
gander_rows_find_key (const GanderRows *self, guint64 key)
{
  for (guint32 i = 0; i < self->rows->len; i++)
    if (g_array_index (self->rows, GanderRow, i).key == key)
      return i;
  return GANDER_ROW_NONE;
}

static GanderHeading *
find_heading (const GanderRows *self, GanderLaneId lane)
{
  for (guint i = 0; i < self->headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (self->headings, GanderHeading, i);

      for (guint32 j = 0; j < heading->n; j++)
        if (heading->lanes[j] == lane)
          return heading;
    }
  return NULL;
}

static guint64
heading_key (const GanderRows *self, const GanderHeading *heading)
{
  return make_key (GANDER_ROW_GROUP,
                   GANDER_SECTION_GOROUTINES,
                   self->options.group_by,
                   heading->id);
}

static guint64
section_key (const GanderRows *self, GanderSection section)
{
  return make_key (GANDER_ROW_SECTION, section, self->options.group_by, 0);
}

guint32
gander_rows_find_lane (const GanderRows *self, GanderLaneId lane)
{
  const GanderHeading *heading;

  for (guint32 i = self->n_pinned; i < self->rows->len; i++)
    {
      const GanderRow *row = &g_array_index (self->rows, GanderRow, i);

      if (row->kind == GANDER_ROW_LANE && row->lane == lane)
        return i;
    }
  heading = find_heading (self, lane);
  return heading != NULL ? gander_rows_find_key (self, heading_key (self, heading))
                         : GANDER_ROW_NONE;
}

static void
add_to_set (GHashTable *set, guint64 key)
{
  g_hash_table_add (set, g_memdup2 (&key, sizeof key));
}

static void
note_open (GanderRows *self, guint64 key, gboolean open)
{
  g_hash_table_insert (self->open, g_memdup2 (&key, sizeof key), GINT_TO_POINTER (open != FALSE));
}

void
gander_rows_set_open (GanderRows *self, guint64 key, gboolean open)
{
  note_open (self, key, open);
  rebuild (self);
}

/* Returns: (nullable) the heading of @self that is called like @row. Groups are numbered by what
 * they cost, so that their keys differ between indexes. */
static const GanderRow *
find_namesake (const GanderRows *self, const GanderRow *row)
{
  for (guint32 i = 0; i < gander_rows_get_n (self); i++)
    {
      const GanderRow *own = gander_rows_get (self, i);
      if (own->kind == row->kind && own->section == row->section && own->openable &&
          g_str_equal (own->name, row->name))
        return own;
    }
  return NULL;
}

void
gander_rows_follow (GanderRows *self, const GanderRows *other)
{
  gander_rows_set_options (self, &other->options);
  for (guint32 i = 0; i < gander_rows_get_n (other); i++)
    {
      const GanderRow *row = gander_rows_get (other, i);
      const GanderRow *own = row->openable ? find_namesake (self, row) : NULL;
      if (own != NULL && own->open != row->open)
        gander_rows_set_open (self, own->key, row->open);
    }
  for (guint32 i = 0; i < gander_rows_get_n_pinned (other); i++)
    {
      const GanderRow *row = gander_rows_get (other, i);
      GanderLane lane;
      if (row->lane == GANDER_LANE_NONE)
        continue;
      gander_index_get_lane (other->index, row->lane, &lane);
      /* Goroutines come first and keep their numbers when more of a trace is read. */
      if (lane.kind == GANDER_LANE_GOROUTINE)
        gander_rows_set_pinned (self, row->lane, TRUE);
    }
}

void
gander_rows_show_all (GanderRows *self, guint64 key)
{
  guint32 more = gander_rows_find_key (self, key);
  const GanderRow *row;

  if (more == GANDER_ROW_NONE)
    return;
  row = gander_rows_get (self, more);
  if (row->kind != GANDER_ROW_MORE)
    return;
  add_to_set (self->all,
              make_key (row->section == GANDER_SECTION_TASKS ? GANDER_ROW_TASK_TYPE
                                                             : GANDER_ROW_GROUP,
                        row->section,
                        self->options.group_by,
                        (guint32)row->key));
  rebuild (self);
}

void
gander_rows_set_all_open (GanderRows *self, gboolean open)
{
  for (guint32 i = 0; i < self->rows->len; i++)
    {
      const GanderRow *row = &g_array_index (self->rows, GanderRow, i);

      if (row->openable && row->kind != GANDER_ROW_LANE)
        note_open (self, row->key, open);
    }
  rebuild (self);
}

guint32
gander_rows_reveal (GanderRows *self, GanderLaneId lane)
{
  static const GanderSection sections[GANDER_N_LANE_KINDS] = {
    [GANDER_LANE_GOROUTINE] = GANDER_SECTION_GOROUTINES,
    [GANDER_LANE_PROC] = GANDER_SECTION_PROCS,
    [GANDER_LANE_THREAD] = GANDER_SECTION_THREADS,
  };
  guint32 row = gander_rows_find_lane (self, lane);
  const GanderHeading *heading;
  GanderLane details;

  if (lane >= gander_index_get_n_lanes (self->index))
    return GANDER_ROW_NONE;
  if (row != GANDER_ROW_NONE && gander_rows_get (self, row)->kind == GANDER_ROW_LANE)
    return row;

  g_hash_table_remove (self->hidden, GUINT_TO_POINTER (lane + 1));
  gander_index_get_lane (self->index, lane, &details);
  note_open (self, section_key (self, sections[details.kind]), TRUE);
  heading = find_heading (self, lane);
  if (heading != NULL)
    note_open (self, heading_key (self, heading), TRUE);
  rebuild (self);
  row = gander_rows_find_lane (self, lane);
  if (heading == NULL || row == GANDER_ROW_NONE ||
      gander_rows_get (self, row)->kind == GANDER_ROW_LANE)
    return row;

  add_to_set (self->all, heading_key (self, heading));
  rebuild (self);
  return gander_rows_find_lane (self, lane);
}

gboolean
gander_rows_get_pinned (const GanderRows *self, GanderLaneId lane)
{
  for (guint i = 0; i < self->pinned->len; i++)
    if (g_array_index (self->pinned, GanderLaneId, i) == lane)
      return TRUE;
  return FALSE;
}

void
gander_rows_set_pinned (GanderRows *self, GanderLaneId lane, gboolean pinned)
{
  if (pinned == gander_rows_get_pinned (self, lane) ||
      lane >= gander_index_get_n_lanes (self->index))
    return;
  if (pinned)
    g_array_append_val (self->pinned, lane);
  else
    for (guint i = 0; i < self->pinned->len; i++)
      if (g_array_index (self->pinned, GanderLaneId, i) == lane)
        {
          g_array_remove_index (self->pinned, i);
          break;
        }
  rebuild (self);
}

void
gander_rows_set_hidden (GanderRows *self, GanderLaneId lane, gboolean hidden)
{
  if (lane >= gander_index_get_n_lanes (self->index))
    return;
  if (hidden)
    g_hash_table_add (self->hidden, GUINT_TO_POINTER (lane + 1));
  else
    g_hash_table_remove (self->hidden, GUINT_TO_POINTER (lane + 1));
  rebuild (self);
}

void
gander_rows_show_hidden (GanderRows *self)
{
  g_hash_table_remove_all (self->hidden);
  rebuild (self);
}

void
gander_rows_set_filter (GanderRows *self, const GanderLaneId *lanes, guint32 n)
{
  g_clear_pointer (&self->filter, g_array_unref);
  if (lanes != NULL)
    {
      /* Room for one keeps the data of an empty filter from being NULL, which is none. */
      self->filter = g_array_sized_new (FALSE, FALSE, sizeof *lanes, MAX (n, 1));
      g_array_append_vals (self->filter, lanes, n);
    }
  regroup (self);
  rebuild (self);
}

const GanderLaneId *
gander_rows_get_members (const GanderRows *self, guint32 row, guint32 *n)
{
  const GanderRow *details = gander_rows_get (self, row);
  const GanderLaneId *sorted = NULL;

  *n = 0;
  if (details == NULL || details->kind != GANDER_ROW_GROUP)
    return NULL;
  for (guint i = 0; i < self->headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (self->headings, GanderHeading, i);

      if (heading_key (self, heading) != details->key)
        continue;
      *n = heading->n;
      sorted = g_atomic_pointer_get (&heading->sorted);
      return sorted != NULL ? sorted : heading->lanes;
    }
  return NULL;
}

gconstpointer
gander_rows_get_grouping (const GanderRows *self)
{
  return self->headings;
}

const guint32 *
gander_rows_get_logs (const GanderRows *self, GanderLaneId lane, guint32 *n)
{
  const LogOrder *logs = get_log_order (self);

  *n = 0;
  if (logs->rows == NULL || lane >= gander_index_get_n_lanes (self->index))
    return NULL;
  *n = logs->first[lane + 1] - logs->first[lane];
  return logs->rows + logs->first[lane];
}

static GanderTaskType *
find_tasks (const GanderRows *self, const GanderRow *row)
{
  if (row == NULL || row->section != GANDER_SECTION_TASKS)
    return NULL;
  if (row->kind == GANDER_ROW_SECTION)
    return &g_array_index (self->tasks, GanderTaskType, 0);
  if (row->kind == GANDER_ROW_TASK_TYPE)
    for (guint i = 1; i < self->tasks->len; i++)
      if (g_array_index (self->tasks, GanderTaskType, i).type == (guint32)row->key)
        return &g_array_index (self->tasks, GanderTaskType, i);
  return NULL;
}

const GanderTaskType *
gander_rows_get_tasks (const GanderRows *self, guint32 row)
{
  GanderTaskType *type = find_tasks (self, gander_rows_get (self, row));

  if (type != NULL)
    gander_task_type_complete (type, self->index);
  return type;
}

void
gander_rows_get_task_time (const GanderRows *self,
                           const GanderTask *task,
                           GanderTime *begin,
                           GanderTime *end)
{
  *begin = MAX (task->begin, 0);
  *end = MAX (task->end < 0 ? gander_index_get_facts (self->index)->duration : task->end, *begin);
}

static void
lane_title (const GanderRows *self, const GanderRow *row, char *out, gsize size)
{
  static const char letters[GANDER_N_LANE_KINDS] = { 'G', 'P', 'M' };
  GanderLane lane;
  const char *name = "";
  const char *last;
  char life[16] = "";

  gander_index_get_lane (self->index, row->lane, &lane);
  if (row->group >= GANDER_GROUP_OTHER && lane.kind == GANDER_LANE_GOROUTINE)
    name = gander_index_get_string (self->index, lane.name);
  last = strrchr (name, '/');
  if (lane.life > 1)
    g_snprintf (life, sizeof life, "(%u)", lane.life);
  g_snprintf (out,
              size,
              "%c%" G_GINT64_FORMAT "%s%s%s",
              letters[lane.kind],
              lane.id,
              life,
              name[0] != '\0' ? " " : "",
              last != NULL ? last + 1 : name);
}

const char *
gander_rows_get_title (const GanderRows *self, guint32 row, char *out, gsize size)
{
  const GanderRow *details = gander_rows_get (self, row);

  g_return_val_if_fail (details != NULL, "");

  switch (details->kind)
    {
    case GANDER_ROW_LANE:
      lane_title (self, details, out, size);
      break;
    case GANDER_ROW_TASK:
      {
        GanderTask task;

        gander_index_get_task (self->index, details->task, &task);
        g_snprintf (out, size, "%s #%" G_GUINT64_FORMAT, details->name, task.id);
        break;
      }
    case GANDER_ROW_MORE:
      g_snprintf (out,
                  size,
                  ngettext ("%u more \u2014 show all", "%u more \u2014 show all", details->n),
                  details->n);
      break;
    case GANDER_ROW_HIDDEN:
      g_snprintf (out,
                  size,
                  ngettext ("%u lane hidden \u2014 show",
                            "%u lanes hidden \u2014 show",
                            details->n),
                  details->n);
      break;
    default:
      g_strlcpy (out, details->name, size);
      break;
    }
  return out;
}
