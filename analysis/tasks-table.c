/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/tasks-table.h"

#include "analysis/histogram.h"
#include "analysis/logs.h"

#define N_(text) text

/* Parts of the whole that words name. */
#define DESCRIBED 3

static const char *const part_words[GANDER_N_SPLITS] = {
  [GANDER_SPLIT_RUNNING] = "running",
  [GANDER_SPLIT_RUNNABLE] = "sched wait",
  [GANDER_SPLIT_SYNC] = "sync",
  [GANDER_SPLIT_NETWORK] = "network",
  [GANDER_SPLIT_SLEEP] = "sleep",
  [GANDER_SPLIT_GC] = "GC wait",
  [GANDER_SPLIT_OTHER] = "other wait",
  [GANDER_SPLIT_SYSCALL] = "syscall",
  [GANDER_SPLIT_SYSCALL_BLOCKED] = "blocking syscall",
  [GANDER_SPLIT_UNKNOWN] = "unknown",
};

/* In the order of GanderSplitPart. */
#define SPLIT_COLUMNS                                                        \
  { "where", N_ ("Where the time went"), GANDER_COLUMN_FIGURE, FALSE },      \
      { "running", N_ ("Running"), GANDER_COLUMN_DURATION, TRUE },           \
      { "sched-wait", N_ ("Sched wait"), GANDER_COLUMN_DURATION, TRUE },     \
      { "sync-block", N_ ("Sync block"), GANDER_COLUMN_DURATION, TRUE },     \
      { "network-wait", N_ ("Network"), GANDER_COLUMN_DURATION, TRUE },      \
      { "sleep", N_ ("Sleep"), GANDER_COLUMN_DURATION, TRUE },               \
      { "gc-wait", N_ ("GC wait"), GANDER_COLUMN_DURATION, TRUE },           \
      { "other-wait", N_ ("Other"), GANDER_COLUMN_DURATION, TRUE },          \
      { "syscall", N_ ("Syscall"), GANDER_COLUMN_DURATION, TRUE },           \
      { "blocking-syscall", N_ ("Blocking"), GANDER_COLUMN_DURATION, TRUE }, \
  {                                                                          \
    "unknown", N_ ("Unknown"), GANDER_COLUMN_DURATION, TRUE                  \
  }

/* In the order of what add_quantiles () sets. */
#define QUANTILE_COLUMNS                                    \
  { "min", N_ ("Min"), GANDER_COLUMN_DURATION, TRUE },      \
      { "p50", N_ ("p50"), GANDER_COLUMN_DURATION, FALSE }, \
      { "p95", N_ ("p95"), GANDER_COLUMN_DURATION, FALSE }, \
      { "p99", N_ ("p99"), GANDER_COLUMN_DURATION, FALSE }, \
      { "max", N_ ("Max"), GANDER_COLUMN_DURATION, FALSE }, \
  {                                                         \
    "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE    \
  }

static const GanderColumn type_columns[] = {
  { "tasks", N_ ("Tasks"), GANDER_COLUMN_COUNT, FALSE },
  { "open", N_ ("Open"), GANDER_COLUMN_COUNT, FALSE },
  { "orphan", N_ ("Orphan"), GANDER_COLUMN_COUNT, FALSE },
  { "complete", N_ ("Complete"), GANDER_COLUMN_COUNT, TRUE },
  { "peak", N_ ("At once"), GANDER_COLUMN_COUNT, TRUE },
  QUANTILE_COLUMNS,
  SPLIT_COLUMNS,
  { "type", N_ ("Type"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn task_columns[] = {
  { "task", N_ ("Task"), GANDER_COLUMN_ID, FALSE },
  { "parent", N_ ("Parent"), GANDER_COLUMN_ID, FALSE },
  { "start", N_ ("Start"), GANDER_COLUMN_TIME, FALSE },
  { "end", N_ ("End"), GANDER_COLUMN_TIME, FALSE },
  { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, FALSE },
  { "complete", N_ ("Complete"), GANDER_COLUMN_COUNT, TRUE },
  { "creator", N_ ("Begun by"), GANDER_COLUMN_ID, TRUE },
  { "ender", N_ ("Ended by"), GANDER_COLUMN_ID, TRUE },
  { "goroutines", N_ ("Goroutines"), GANDER_COLUMN_COUNT, FALSE },
  { "regions", N_ ("Regions"), GANDER_COLUMN_COUNT, FALSE },
  { "logs", N_ ("Logs"), GANDER_COLUMN_COUNT, FALSE },
  { "children", N_ ("Children"), GANDER_COLUMN_COUNT, TRUE },
  SPLIT_COLUMNS,
  { "type", N_ ("Type"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn region_columns[] = {
  { "regions", N_ ("Regions"), GANDER_COLUMN_COUNT, FALSE },
  { "goroutines", N_ ("Goroutines"), GANDER_COLUMN_COUNT, FALSE },
  { "open", N_ ("Open"), GANDER_COLUMN_COUNT, FALSE },
  { "orphan", N_ ("Orphan"), GANDER_COLUMN_COUNT, TRUE },
  { "transitions", N_ ("Transitions"), GANDER_COLUMN_COUNT, TRUE },
  QUANTILE_COLUMNS,
  SPLIT_COLUMNS,
  { "type", N_ ("Type"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn histogram_columns[] = {
  { "from", N_ ("From"), GANDER_COLUMN_DURATION, FALSE },
  { "to", N_ ("To"), GANDER_COLUMN_DURATION, FALSE },
  { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  { "type", N_ ("Type"), GANDER_COLUMN_TEXT, FALSE },
};

char *
gander_split_describe (const GanderSplit *split)
{
  GString *text = g_string_new (NULL);
  GanderTime total = 0;
  guint named = 0;

  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    total += split->time[i];
  for (guint n = 0; n < DESCRIBED && total > 0; n++)
    {
      guint best = GANDER_N_SPLITS;

      for (guint i = 0; i < GANDER_N_SPLITS; i++)
        if ((named & (1u << i)) == 0 &&
            (best == GANDER_N_SPLITS || split->time[i] > split->time[best]))
          best = i;
      named |= 1u << best;
      /* Half a percent is shown as 1 %, less is not worth a word. */
      if ((double)split->time[best] < 0.005 * (double)total)
        break;
      g_string_append_printf (text,
                              "%s%.0f%% %s",
                              n == 0 ? "" : ", ",
                              100.0 * (double)split->time[best] / (double)total,
                              part_words[best]);
    }
  return g_string_free (text, FALSE);
}

/* Each of the following sets the next cells of a row, and returns the column after them. */
static guint
add_integer (GanderTable *table, guint row, guint column, gint64 value)
{
  gander_table_set_integer (table, row, column, value);
  return column + 1;
}

static guint
add_quantiles (GanderTable *table, guint row, guint column, const GanderQuantiles *quantiles)
{
  column = add_integer (table, row, column, quantiles->min);
  column = add_integer (table, row, column, quantiles->p50);
  column = add_integer (table, row, column, quantiles->p95);
  column = add_integer (table, row, column, quantiles->p99);
  column = add_integer (table, row, column, quantiles->max);
  return add_integer (table, row, column, quantiles->total);
}

static guint
add_split (GanderTable *table, guint row, guint column, const GanderSplit *split)
{
  /* The words come later. */
  column++;
  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    column = add_integer (table, row, column, split->time[i]);
  return column;
}

void
gander_tasks_add_words (GanderTable *table)
{
  int where = gander_table_find_column (table, "where");
  guint first = (guint)where + 1;

  if (where < 0)
    return;
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      GanderSplit split;
      g_autofree char *words = NULL;

      for (guint i = 0; i < GANDER_N_SPLITS; i++)
        split.time[i] = gander_table_get_integer (table, row, first + i);
      words = gander_split_describe (&split);
      gander_table_set_text (table, row, (guint)where, words);
    }
}

/* Appends how @n @durations spread, with a row per bucket from the first to the last that is not
 * empty. @table may be NULL. */
static void
add_histogram (GanderTable *table, const char *type, const GanderTime *durations, guint32 n)
{
  GanderHistogram histogram = { 0 };
  guint first = 0;
  guint last = 0;

  if (table == NULL)
    return;
  for (guint32 i = 0; i < n; i++)
    gander_histogram_add (&histogram, durations[i]);
  if (!gander_histogram_get_extent (&histogram, &first, &last))
    return;
  for (guint i = first; i <= last; i++)
    {
      guint row = gander_table_append (table);
      guint column = add_integer (table, row, 0, gander_histogram_get_edge (i));
      column = add_integer (table, row, column, gander_histogram_get_edge (i + 1));
      column = add_integer (table, row, column, (gint64)histogram.counts[i]);
      gander_table_set_share (table, row, column++, (double)histogram.counts[i] / n);
      gander_table_set_text (table, row, column, type);
    }
}

static void
add_type (GanderTable *table, const GanderIndex *index, const GanderTaskTypeRow *type)
{
  guint row = gander_table_append (table);
  guint column = add_integer (table, row, 0, type->count);

  column = add_integer (table, row, column, type->n_open);
  column = add_integer (table, row, column, type->n_orphan);
  column = add_integer (table, row, column, type->count - type->n_incomplete);
  column = add_integer (table, row, column, type->peak);
  column = add_quantiles (table, row, column, &type->durations);
  column = add_split (table, row, column, &type->split);
  gander_table_set_text (table, row, column, gander_index_get_string (index, type->type));
}

static void
add_task (GanderTable *table, const GanderIndex *index, const GanderTaskRow *figures)
{
  guint row = gander_table_append (table);
  guint column = 0;
  GanderTask task;

  gander_index_get_task (index, figures->row, &task);
  column = add_integer (table, row, column, (gint64)task.id);
  column = add_integer (table, row, column, (gint64)task.parent);
  column = add_integer (table, row, column, task.begin);
  column = add_integer (table, row, column, task.end);
  column = add_integer (table, row, column, figures->duration);
  column = add_integer (table, row, column, figures->complete);
  column = add_integer (table, row, column, gander_index_get_lane_id (index, task.creator));
  column = add_integer (table, row, column, gander_index_get_lane_id (index, task.ender));
  column = add_integer (table, row, column, figures->n_goroutines);
  column = add_integer (table, row, column, figures->n_regions);
  column = add_integer (table, row, column, figures->n_logs);
  column = add_integer (table, row, column, figures->n_children);
  column = add_split (table, row, column, &figures->split);
  gander_table_set_text (table, row, column, gander_index_get_string (index, task.type));
}

static void
add_region_type (GanderTable *table, const GanderIndex *index, const GanderRegionRow *type)
{
  guint row = gander_table_append (table);
  guint column = add_integer (table, row, 0, (gint64)type->durations.count);

  column = add_integer (table, row, column, type->n_goroutines);
  column = add_integer (table, row, column, type->n_open);
  column = add_integer (table, row, column, type->n_open_start);
  column = add_integer (table, row, column, (gint64)type->transitions);
  column = add_quantiles (table, row, column, &type->durations);
  column = add_split (table, row, column, &type->split);
  gander_table_set_text (table, row, column, gander_index_get_string (index, type->type));
}

static GanderTable *
make_types (const GanderIndex *index,
            const GanderUserFilter *filter,
            GanderTable *histogram,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GanderTasks) tasks = gander_tasks_compute (index, filter, cancellable, error);
  GanderTable *table = NULL;
  const GanderTaskTypeRow *types = NULL;
  guint32 n = 0;

  if (tasks == NULL)
    return NULL;
  table = gander_table_new (type_columns, G_N_ELEMENTS (type_columns));
  types = gander_tasks_get_types (tasks, &n);
  for (guint32 i = 0; i < n; i++)
    {
      guint32 n_durations = 0;
      const GanderTime *durations = gander_tasks_get_durations (tasks, i, &n_durations);
      add_type (table, index, &types[i]);
      add_histogram (histogram,
                     gander_index_get_string (index, types[i].type),
                     durations,
                     n_durations);
    }
  return table;
}

static GanderTable *
make_tasks (const GanderIndex *index,
            const GanderUserFilter *filter,
            G_GNUC_UNUSED GanderTable *histogram,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GanderTasks) tasks = gander_tasks_compute (index, filter, cancellable, error);
  GanderTable *table = NULL;
  const GanderTaskRow *rows = NULL;
  guint32 n = 0;

  if (tasks == NULL)
    return NULL;
  table = gander_table_new (task_columns, G_N_ELEMENTS (task_columns));
  rows = gander_tasks_get_rows (tasks, &n);
  for (guint32 i = 0; i < n; i++)
    add_task (table, index, &rows[i]);
  return table;
}

static GanderTable *
make_regions (const GanderIndex *index,
              const GanderUserFilter *filter,
              GanderTable *histogram,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GanderRegions) regions =
      gander_regions_compute_types (index, filter, cancellable, error);
  GanderTable *table = NULL;
  const GanderRegionRow *types = NULL;
  guint32 n = 0;

  if (regions == NULL)
    return NULL;
  table = gander_table_new (region_columns, G_N_ELEMENTS (region_columns));
  types = gander_regions_get_by_type (regions, &n);
  for (guint32 i = 0; i < n; i++)
    {
      guint32 n_durations = 0;
      const GanderTime *durations = gander_regions_get_durations (regions, i, &n_durations);
      add_region_type (table, index, &types[i]);
      add_histogram (histogram,
                     gander_index_get_string (index, types[i].type),
                     durations,
                     n_durations);
    }
  return table;
}

static GanderTable *
make_logs (const GanderIndex *index,
           const GanderUserFilter *filter,
           G_GNUC_UNUSED GanderTable *histogram,
           GCancellable *cancellable,
           GError **error)
{
  return gander_logs_compute (index, filter, cancellable, error);
}

static const struct
{
  const char *id;
  GanderTable *(*make) (const GanderIndex *index,
                        const GanderUserFilter *filter,
                        GanderTable *histogram,
                        GCancellable *cancellable,
                        GError **error);
  const char *order; /* the column that the largest come first by; NULL = as they are */
  gboolean has_histogram;
} kinds[GANDER_N_TASKS_BY] = {
  [GANDER_TASKS_BY_TYPE] = { "type", make_types, "total", TRUE },
  [GANDER_TASKS_BY_TASK] = { "task", make_tasks, "duration", FALSE },
  [GANDER_TASKS_BY_REGION] = { "region", make_regions, "total", TRUE },
  [GANDER_TASKS_BY_LOG] = { "log", make_logs, NULL, FALSE },
};

const char *
gander_tasks_by_get_id (GanderTasksBy by)
{
  g_return_val_if_fail (by < GANDER_N_TASKS_BY, NULL);
  return kinds[by].id;
}

GanderTable *
gander_tasks_make_table (const GanderIndex *index,
                         GanderTasksBy by,
                         const GanderUserFilter *filter,
                         GanderTable **histogram,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GanderTable) spread = NULL;
  g_autoptr (GanderTable) table = NULL;

  g_return_val_if_fail (by < GANDER_N_TASKS_BY, NULL);

  if (histogram != NULL && kinds[by].has_histogram)
    spread = gander_table_new (histogram_columns, G_N_ELEMENTS (histogram_columns));
  table = kinds[by].make (index, filter, spread, cancellable, error);
  if (table == NULL)
    return NULL;
  if (kinds[by].order != NULL)
    gander_table_sort (table, (guint)gander_table_find_column (table, kinds[by].order), TRUE);
  if (histogram != NULL)
    *histogram = g_steal_pointer (&spread);
  return g_steal_pointer (&table);
}
