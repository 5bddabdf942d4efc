/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats-table.h"

#include <string.h>

/* With a limit, the table is cut back to it each time it has more than twice as many rows, and
 * twice these. */
#define SPARE_ROWS 1024

#define N_(text) text

/* The numbers that all tables have. */
#define STATS(id, title, type, detail, parts, value) { id, title, GANDER_COLUMN_##type, detail },
#define DELAYS(id, title, delay)                                   \
  { id "-count", title " count", GANDER_COLUMN_COUNT, TRUE },      \
      { id "-mean", title " mean", GANDER_COLUMN_DURATION, TRUE }, \
      { id "-min", title " min", GANDER_COLUMN_DURATION, TRUE },   \
      { id "-max", title " max", GANDER_COLUMN_DURATION, TRUE },   \
      { id "-p50", title " p50", GANDER_COLUMN_DURATION, TRUE },   \
      { id "-p95", title " p95", GANDER_COLUMN_DURATION, TRUE },   \
      { id "-p99", title " p99", GANDER_COLUMN_DURATION, TRUE },
static const GanderColumn numbers[] = {
#include "analysis/stats.def"
};
#undef STATS
#undef DELAYS

/* Which parts of a row each of them is made from. */
#define STATS(id, title, type, detail, parts, value) (parts),
#define DELAYS(id, title, delay)                                                      \
  GANDER_STATS_DELAYS, GANDER_STATS_DELAYS, GANDER_STATS_DELAYS, GANDER_STATS_DELAYS, \
      GANDER_STATS_DELAYS, GANDER_STATS_DELAYS, GANDER_STATS_DELAYS,
static const guint8 number_parts[] = {
#include "analysis/stats.def"
};
#undef STATS
#undef DELAYS

#define N_NUMBERS G_N_ELEMENTS (numbers)
#define MAX_HEAD  2
#define MAX_TAIL  6
#define MAX_ALL   (MAX_HEAD + N_NUMBERS + MAX_TAIL)

/* Cells that are no numbers of stats.def. */
typedef enum
{
  CELL_COUNT,
  CELL_GOROUTINES,
  CELL_ID,
  CELL_LIFE,
  CELL_GC_SHARE,
  CELL_CREATED,
  CELL_ENDED,
  CELL_PARENT,
  CELL_STATE,
  CELL_NAME,
} Cell;

typedef struct
{
  Cell cell;
  GanderColumn column;
} Other;

/* What stands before the numbers and after them. */
typedef struct
{
  guint n_head;
  guint n_tail;
  Other head[MAX_HEAD];
  Other tail[MAX_TAIL];
} Layout;

#define COUNT(id, title)                         \
  {                                              \
    CELL_COUNT,                                  \
    {                                            \
      id, N_ (title), GANDER_COLUMN_COUNT, FALSE \
    }                                            \
  }
#define NAME(id, title)                         \
  {                                             \
    CELL_NAME,                                  \
    {                                           \
      id, N_ (title), GANDER_COLUMN_TEXT, FALSE \
    }                                           \
  }
#define DETAIL(cell, id, title, type)            \
  {                                              \
    cell,                                        \
    {                                            \
      id, N_ (title), GANDER_COLUMN_##type, TRUE \
    }                                            \
  }
#define GOROUTINES DETAIL (CELL_GOROUTINES, "goroutines", "Goroutines", COUNT)
#define GC_SHARE                                              \
  {                                                           \
    CELL_GC_SHARE,                                            \
    {                                                         \
      "gc-share", N_ ("GC share"), GANDER_COLUMN_SHARE, FALSE \
    }                                                         \
  }

static const Layout layouts[GANDER_N_STATS_BY] = {
  [GANDER_STATS_BY_FUNCTION] = { 1,
                                 2,
                                 { COUNT ("goroutines", "Count") },
                                 { GC_SHARE, NAME ("function", "Start function") } },
  [GANDER_STATS_BY_GOROUTINE] = { 2,
                                  6,
                                  { { CELL_ID,
                                      { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE } },
                                    DETAIL (CELL_LIFE, "life", "Life", COUNT) },
                                  { GC_SHARE,
                                    DETAIL (CELL_CREATED, "created-at", "Created at", TIME),
                                    DETAIL (CELL_ENDED, "ended-at", "Ended at", TIME),
                                    DETAIL (CELL_PARENT, "parent", "Parent", ID),
                                    DETAIL (CELL_STATE, "state", "State at the end", TEXT),
                                    NAME ("function", "Start function") } },
  [GANDER_STATS_BY_CREATOR] = { 1,
                                2,
                                { COUNT ("goroutines", "Count") },
                                { GC_SHARE, NAME ("creator", "Created at") } },
  [GANDER_STATS_BY_PACKAGE] = { 1,
                                2,
                                { COUNT ("goroutines", "Count") },
                                { GC_SHARE, NAME ("package", "Package") } },
  [GANDER_STATS_BY_TASK] = { 2,
                             2,
                             { COUNT ("tasks", "Tasks"), GOROUTINES },
                             { GC_SHARE, NAME ("task", "Type of task") } },
  [GANDER_STATS_BY_REGION] = { 2,
                               2,
                               { COUNT ("regions", "Regions"), GOROUTINES },
                               { GC_SHARE, NAME ("region", "Type of region") } },
  [GANDER_STATS_BY_ALL] = { 1, 1, { COUNT ("goroutines", "Count") }, { GC_SHARE } },
};

/* What a column of a table is filled with: a number of stats.def, or something else. */
typedef struct
{
  gboolean is_number;
  guint number;
  Cell cell;
} Source;

/* All columns by @by, and what fills them. Returns: how many. */
static guint
list_columns (GanderStatsBy by, GanderColumn *columns, Source *sources)
{
  const Layout *layout = &layouts[by];
  guint n = 0;

  for (guint i = 0; i < layout->n_head; i++, n++)
    {
      columns[n] = layout->head[i].column;
      sources[n] = (Source){ .cell = layout->head[i].cell };
    }
  for (guint i = 0; i < N_NUMBERS; i++, n++)
    {
      columns[n] = numbers[i];
      sources[n] = (Source){ .is_number = TRUE, .number = i };
    }
  for (guint i = 0; i < layout->n_tail; i++, n++)
    {
      columns[n] = layout->tail[i].column;
      sources[n] = (Source){ .cell = layout->tail[i].cell };
    }
  return n;
}

static const char *
get_sort (const GanderStatsQuery *query, gboolean *descending)
{
  const char *sort = query->sort == NULL ? "running" : query->sort;

  *descending = *sort != '-';
  return sort + (*descending ? 0 : 1);
}

/* The columns that answers to @query have, and what fills them. Returns: how many. */
static guint
choose_columns (const GanderStatsQuery *query, GanderColumn *columns, Source *sources)
{
  guint all = list_columns (query->by, columns, sources);
  gboolean descending = FALSE;
  const char *sort = get_sort (query, &descending);
  guint n = 0;

  for (guint i = 0; i < all; i++)
    {
      gboolean asked = g_str_equal (columns[i].id, sort) ||
                       (query->more != NULL && g_strv_contains (query->more, columns[i].id));
      if (query->brief && columns[i].detail && !asked)
        continue;
      columns[n] = columns[i];
      columns[n].detail = columns[i].detail && !asked;
      sources[n++] = sources[i];
    }
  return n;
}

GanderTable *
gander_stats_new_table (const GanderStatsQuery *query)
{
  GanderColumn columns[MAX_ALL];
  Source sources[MAX_ALL];
  gboolean descending = FALSE;
  guint n = choose_columns (query, columns, sources);
  g_autoptr (GanderTable) table = gander_table_new (columns, n);

  if (gander_table_find_column (table, get_sort (query, &descending)) < 0)
    return NULL;
  return g_steal_pointer (&table);
}

static gint64
get_mean (const GanderQuantiles *quantiles)
{
  return quantiles->count == 0 ? 0 : quantiles->total / (gint64)quantiles->count;
}

static void
get_numbers (const GanderStatsRow *r, gint64 *out)
{
  const GanderTimes *t = r->times;
#define STATS(id, title, type, detail, parts, value) (gint64) (value),
#define DELAYS(id, title, delay)                                                       \
  (gint64) r->delays[delay].count, get_mean (&r->delays[delay]), r->delays[delay].min, \
      r->delays[delay].max, r->delays[delay].p50, r->delays[delay].p95, r->delays[delay].p99,
  const gint64 values[] = {
#include "analysis/stats.def"
  };
#undef STATS
#undef DELAYS

  memcpy (out, values, sizeof values);
}

/* An answer in the making. */
typedef struct
{
  const GanderIndex *index;
  const GanderStatsQuery *query;
  GanderTable *table;
  guint n_columns;
  Source sources[MAX_ALL];
  guint column; /* to sort by */
  gboolean descending;
  gboolean full; /* there are as many rows as are wanted, and @worst is the last one's value */
  gint64 worst;
} Collector;

static void
set_cell (const Collector *self,
          guint row,
          guint column,
          const GanderStatsRow *r,
          const GanderGoroutineLife *life)
{
  GanderTable *table = self->table;
  const GanderTimes *t = r->times;

  switch (self->sources[column].cell)
    {
    case CELL_COUNT:
      gander_table_set_integer (table, row, column, (gint64)r->count);
      break;
    case CELL_GOROUTINES:
      gander_table_set_integer (table, row, column, (gint64)t->n_lanes);
      break;
    case CELL_ID:
      gander_table_set_integer (table, row, column, life->id);
      break;
    case CELL_LIFE:
      gander_table_set_integer (table, row, column, life->life);
      break;
    case CELL_GC_SHARE:
      gander_table_set_share (table,
                              row,
                              column,
                              t->running == 0
                                  ? 0
                                  : (double)(t->gc_work + t->gc_assist) / (double)t->running);
      break;
    case CELL_CREATED:
      gander_table_set_integer (table, row, column, life->created);
      break;
    case CELL_ENDED:
      gander_table_set_integer (table, row, column, life->ended);
      break;
    case CELL_PARENT:
      gander_table_set_integer (table, row, column, life->parent);
      break;
    case CELL_STATE:
      gander_table_set_text (table, row, column, life->state);
      break;
    case CELL_NAME:
      gander_table_set_text (table, row, column, r->name);
      break;
    }
}

static void
append_row (const Collector *self, const GanderStatsRow *r, const gint64 *values)
{
  guint row = gander_table_append (self->table);
  g_auto (GanderGoroutineLife) life = { 0 };

  if (r->lane != GANDER_LANE_NONE)
    gander_stats_get_life (self->index, r->lane, &life);
  for (guint column = 0; column < self->n_columns; column++)
    if (self->sources[column].is_number)
      gander_table_set_integer (self->table, row, column, values[self->sources[column].number]);
    else
      set_cell (self, row, column, r, &life);
}

static void
sort_and_cut (Collector *self)
{
  gander_table_sort (self->table, self->column, self->descending);
  if (self->query->top > 0)
    gander_table_truncate (self->table, self->query->top);
}

/* Numbers only: a row that would not be among the first need not be made. */
static gboolean
is_wanted (const Collector *self, const gint64 *values)
{
  const Source *source = &self->sources[self->column];

  if (!self->full || !source->is_number)
    return TRUE;
  return self->descending ? values[source->number] > self->worst
                          : values[source->number] < self->worst;
}

/* Whether the table is sorted by a part of the life of goroutines. */
static gboolean
is_within_total (const Collector *self)
{
  const Source *source = &self->sources[self->column];

  return source->is_number && number_parts[source->number] == 0 &&
         numbers[source->number].type == GANDER_COLUMN_DURATION;
}

static void
cut_if_long (Collector *self)
{
  guint top = self->query->top;

  if (top == 0 || gander_table_get_n_rows (self->table) / 2 < top + SPARE_ROWS)
    return;
  sort_and_cut (self);
  self->full = TRUE;
  if (self->sources[self->column].is_number)
    self->worst = gander_table_get_integer (self->table, top - 1, self->column);
}

static void
add_row (Collector *self, const GanderStatsRow *row)
{
  gint64 values[N_NUMBERS];
  guint last = 0;

  get_numbers (row, values);
  if (!is_wanted (self, values))
    return;
  append_row (self, row, values);
  last = gander_table_get_n_rows (self->table) - 1;
  if (self->query->filter != NULL &&
      !self->query->filter (self->table, last, self->query->filter_data))
    gander_table_truncate (self->table, last);
  else
    cut_if_long (self);
}

static GanderStatsParts
get_parts (const Collector *self)
{
  GanderStatsParts parts = 0;

  for (guint i = 0; i < self->n_columns; i++)
    if (self->sources[i].is_number)
      parts |= number_parts[self->sources[i].number];
  return parts;
}

static gboolean
add_rows (Collector *self, const GanderScope *scope, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (GanderStats) stats =
      gander_stats_new (self->index, scope, self->query->by, get_parts (self), cancellable, error);
  GanderStatsRow row;

  if (stats == NULL)
    return FALSE;
  while (gander_stats_next (stats, &row, cancellable, &failed))
    {
      add_row (self, &row);
      if (self->full && self->descending && is_within_total (self))
        gander_stats_set_floor (stats, self->worst);
    }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

GanderTable *
gander_stats_get_table (const GanderIndex *index,
                        const GanderScope *scope,
                        const GanderStatsQuery *query,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GanderTable) table = gander_stats_new_table (query);
  Collector self = { .index = index, .query = query, .table = table };
  GanderColumn columns[MAX_ALL];

  g_return_val_if_fail (table != NULL, NULL);
  self.n_columns = choose_columns (query, columns, self.sources);
  self.column = (guint)gander_table_find_column (table, get_sort (query, &self.descending));
  if (!add_rows (&self, scope, cancellable, error))
    return NULL;
  sort_and_cut (&self);
  return g_steal_pointer (&table);
}
