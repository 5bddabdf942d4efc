/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of rows, made from what is open, hidden, pinned and chosen. */
#include "widgets/draw/rows-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define CLOSED_FROM      51  /* members: larger groups start closed */
#define MANY             500 /* members: larger groups list only the first */
#define FIRST_OF_MANY    200
#define MAX_REGION_DEPTH 8

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
    .key = gander_rows_make_key (kind, section, extra, id),
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
  GanderRowCursor regions;

  gander_row_cursor_init (&regions, self->index);
  gander_index_get_regions_of (self->index, lane, &first, &n);
  /* Rows are made when a group opens: a goroutine with very many regions is judged by its first. */
  for (guint32 i = 0; i < MIN (n, 4096) && depths < MAX_REGION_DEPTH; i++)
    depths = MAX (depths, gander_row_cursor_get_region (&regions, first + i)->depth + 1);
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
  const GanderTaskType *all = NULL;
  GanderRow *row;

  if (self->tasks == NULL)
    return;
  all = &g_array_index (self->tasks, GanderTaskType, 0);
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

void
gander_rows_rebuild (GanderRows *self)
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

void
gander_rows_regroup (GanderRows *self)
{
  g_clear_pointer (&self->headings, g_array_unref);
  self->headings =
      gander_headings_new (self->index,
                           &self->options,
                           self->filter != NULL ? (GanderLaneId *)self->filter->data : NULL,
                           self->filter != NULL ? self->filter->len : 0);
}
