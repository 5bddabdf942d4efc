/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats-table.h"

#include <string.h>

/* With a limit, the table is cut back to it each time it has grown by this many rows. */
#define SPARE_ROWS 4096

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

/* What stands before the numbers and after them. */
typedef struct
{
  guint n_head;
  guint n_tail;
  GanderColumn head[MAX_HEAD];
  GanderColumn tail[MAX_TAIL];
} Layout;

#define GC_SHARE                                            \
  {                                                         \
    "gc-share", N_ ("GC share"), GANDER_COLUMN_SHARE, FALSE \
  }

static const Layout layouts[GANDER_N_STATS_BY] = {
  [GANDER_STATS_BY_FUNCTION] = {
    1, 2,
    { { "goroutines", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE } },
    { GC_SHARE, { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_GOROUTINE] = {
    2, 6,
    { { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE },
      { "life", N_ ("Life"), GANDER_COLUMN_COUNT, TRUE } },
    { GC_SHARE,
      { "created-at", N_ ("Created at"), GANDER_COLUMN_TIME, TRUE },
      { "ended-at", N_ ("Ended at"), GANDER_COLUMN_TIME, TRUE },
      { "parent", N_ ("Parent"), GANDER_COLUMN_ID, TRUE },
      { "state", N_ ("State at the end"), GANDER_COLUMN_TEXT, TRUE },
      { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_CREATOR] = {
    1, 2,
    { { "goroutines", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE } },
    { GC_SHARE, { "creator", N_ ("Created at"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_PACKAGE] = {
    1, 2,
    { { "goroutines", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE } },
    { GC_SHARE, { "package", N_ ("Package"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_TASK] = {
    2, 2,
    { { "tasks", N_ ("Tasks"), GANDER_COLUMN_COUNT, FALSE },
      { "goroutines", N_ ("Goroutines"), GANDER_COLUMN_COUNT, TRUE } },
    { GC_SHARE, { "task", N_ ("Type of task"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_REGION] = {
    2, 2,
    { { "regions", N_ ("Regions"), GANDER_COLUMN_COUNT, FALSE },
      { "goroutines", N_ ("Goroutines"), GANDER_COLUMN_COUNT, TRUE } },
    { GC_SHARE, { "region", N_ ("Type of region"), GANDER_COLUMN_TEXT, FALSE } },
  },
  [GANDER_STATS_BY_ALL] = {
    1, 1,
    { { "goroutines", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE } },
    { GC_SHARE },
  },
};

/* Stays for ever: tables point to their columns. */
static GanderColumn columns[GANDER_N_STATS_BY][MAX_HEAD + N_NUMBERS + MAX_TAIL];

static void
put_columns_together (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  for (guint by = 0; by < GANDER_N_STATS_BY; by++)
    {
      const Layout *layout = &layouts[by];
      memcpy (columns[by], layout->head, sizeof *columns[by] * layout->n_head);
      memcpy (columns[by] + layout->n_head, numbers, sizeof numbers);
      memcpy (columns[by] + layout->n_head + N_NUMBERS,
              layout->tail,
              sizeof *columns[by] * layout->n_tail);
    }
  g_once_init_leave (&done, 1);
}

const GanderColumn *
gander_stats_get_columns (GanderStatsBy by, guint *n)
{
  g_return_val_if_fail (by < GANDER_N_STATS_BY, NULL);
  put_columns_together ();
  *n = layouts[by].n_head + (guint)N_NUMBERS + layouts[by].n_tail;
  return columns[by];
}

GanderStatsParts
gander_stats_get_parts (GanderStatsBy by, guint column)
{
  guint number = column - layouts[by].n_head;

  return column >= layouts[by].n_head && number < N_NUMBERS ? number_parts[number] : 0;
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

static void
set_goroutine (GanderTable *table,
               guint row,
               guint tail,
               const GanderIndex *index,
               GanderLaneId lane)
{
  g_auto (GanderGoroutineLife) life = { 0 };

  gander_stats_get_life (index, lane, &life);
  gander_table_set_integer (table, row, 0, life.id);
  gander_table_set_integer (table, row, 1, life.life);
  gander_table_set_integer (table, row, tail + 1, life.created);
  gander_table_set_integer (table, row, tail + 2, life.ended);
  gander_table_set_integer (table, row, tail + 3, life.parent);
  gander_table_set_text (table, row, tail + 4, life.state);
}

static void
append_row (GanderTable *table,
            const GanderIndex *index,
            GanderStatsBy by,
            const GanderStatsRow *r,
            const gint64 *values)
{
  const Layout *layout = &layouts[by];
  guint row = gander_table_append (table);
  guint tail = layout->n_head + (guint)N_NUMBERS;
  const GanderTimes *t = r->times;
  double gc = (double)(t->gc_work + t->gc_assist);

  if (by == GANDER_STATS_BY_GOROUTINE)
    set_goroutine (table, row, tail, index, r->lane);
  else
    gander_table_set_integer (table, row, 0, (gint64)r->count);
  if (by == GANDER_STATS_BY_TASK || by == GANDER_STATS_BY_REGION)
    gander_table_set_integer (table, row, 1, (gint64)t->n_lanes);
  for (guint i = 0; i < N_NUMBERS; i++)
    gander_table_set_integer (table, row, layout->n_head + i, values[i]);
  gander_table_set_share (table, row, tail, t->running == 0 ? 0 : gc / (double)t->running);
  if (by != GANDER_STATS_BY_ALL)
    gander_table_set_text (table, row, tail + layout->n_tail - 1, r->name);
}

/* What is asked, made ready. */
typedef struct
{
  const GanderIndex *index;
  const GanderStatsQuery *query;
  GanderTable *table;
  guint column; /* to sort by */
  gboolean descending;
  gboolean full; /* there are as many rows as are wanted, and @worst is the last one's value */
  gint64 worst;
} Collector;

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
  guint number = self->column - layouts[self->query->by].n_head;

  if (!self->full || self->column < layouts[self->query->by].n_head || number >= N_NUMBERS)
    return TRUE;
  return self->descending ? values[number] > self->worst : values[number] < self->worst;
}

static void
cut_if_long (Collector *self)
{
  guint top = self->query->top;

  if (top == 0 || gander_table_get_n_rows (self->table) < top + SPARE_ROWS)
    return;
  sort_and_cut (self);
  self->full = TRUE;
  if (gander_table_get_column (self->table, self->column)->type > GANDER_COLUMN_FIGURE &&
      gander_table_get_column (self->table, self->column)->type < GANDER_COLUMN_SHARE)
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
  append_row (self->table, self->index, self->query->by, row, values);
  last = gander_table_get_n_rows (self->table) - 1;
  if (self->query->filter != NULL &&
      !self->query->filter (self->table, last, self->query->filter_data))
    gander_table_truncate (self->table, last);
  else
    cut_if_long (self);
}

GanderTable *
gander_stats_get_table (const GanderIndex *index,
                        const GanderScope *scope,
                        const GanderStatsQuery *query,
                        GCancellable *cancellable,
                        GError **error)
{
  const char *sort = query->sort == NULL ? "running" : query->sort;
  Collector self = { .index = index, .query = query, .descending = *sort != '-' };
  guint n = 0;
  const GanderColumn *own = gander_stats_get_columns (query->by, &n);
  g_autoptr (GanderTable) table = gander_table_new (own, n);
  g_autoptr (GanderStats) stats = NULL;
  g_autoptr (GError) failed = NULL;
  GanderStatsParts parts = query->parts;
  int column = gander_table_find_column (table, sort + !self.descending);
  GanderStatsRow row;

  g_return_val_if_fail (column >= 0, NULL);
  self.table = table;
  self.column = (guint)column;
  parts |= gander_stats_get_parts (query->by, self.column);
  stats = gander_stats_new (index, scope, query->by, parts, cancellable, error);
  if (stats == NULL)
    return NULL;
  while (gander_stats_next (stats, &row, cancellable, &failed))
    add_row (&self, &row);
  if (failed != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }
  sort_and_cut (&self);
  return g_steal_pointer (&table);
}
