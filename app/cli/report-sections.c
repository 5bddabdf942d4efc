/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-page.h"

/* Which tables a report for people has, and where each comes from. */

#define N_(text) text

static gboolean
make_states (const GanderReportPage *page,
             G_GNUC_UNUSED guint what,
             GanderReportSection *out,
             G_GNUC_UNUSED GError **error)
{
  out->table = gander_summary_get_states (&page->summary);
  return TRUE;
}

static gboolean
make_stats (const GanderReportPage *page, guint by, GanderReportSection *out, GError **error)
{
  GanderStatsQuery query = { .by = (GanderStatsBy)by, .brief = TRUE };

  out->table = gander_stats_get_table (page->report->index,
                                       page->report->scope,
                                       &query,
                                       page->report->cancellable,
                                       error);
  return out->table != NULL;
}

enum
{
  REASON_NAME,
  REASON_TOTAL,
  REASON_SHARE,
  REASON_COUNT,
  REASON_MEAN,
  N_REASON_COLUMNS,
};

static const GanderColumn reason_columns[N_REASON_COLUMNS] = {
  [REASON_NAME] = { "reason", N_ ("Reason"), GANDER_COLUMN_TEXT, FALSE },
  [REASON_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [REASON_SHARE] = { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  [REASON_COUNT] = { "count", N_ ("Waits"), GANDER_COLUMN_COUNT, FALSE },
  [REASON_MEAN] = { "mean", N_ ("Mean"), GANDER_COLUMN_DURATION, FALSE },
};

static GanderTable *
table_of_reasons (const GanderIndex *index, const GanderStatsRow *row)
{
  GanderTable *table = gander_table_new (reason_columns, N_REASON_COLUMNS);
  GanderTime all = gander_times_get_waiting (row->times);

  for (guint i = 0; i < row->n_reasons; i++)
    {
      const GanderReasonTimes *times = &row->reasons[i];
      const char *name = gander_index_get_string (index, times->reason);
      guint cell = gander_table_append (table);

      gander_table_set_text (table, cell, REASON_NAME, *name == '\0' ? "(none told)" : name);
      gander_table_set_integer (table, cell, REASON_TOTAL, times->total);
      gander_table_set_share (table,
                              cell,
                              REASON_SHARE,
                              all == 0 ? 0 : (double)times->total / (double)all);
      gander_table_set_integer (table, cell, REASON_COUNT, (gint64)times->count);
      gander_table_set_integer (table,
                                cell,
                                REASON_MEAN,
                                times->count == 0 ? 0 : times->total / (gint64)times->count);
    }
  gander_table_sort (table, REASON_TOTAL, TRUE);
  return table;
}

static gboolean
make_reasons (const GanderReportPage *page,
              G_GNUC_UNUSED guint what,
              GanderReportSection *out,
              GError **error)
{
  const GanderReport *report = page->report;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GanderStats) stats = gander_stats_new (report->index,
                                                    report->scope,
                                                    GANDER_STATS_BY_ALL,
                                                    0,
                                                    report->cancellable,
                                                    error);
  GanderStatsRow row;

  if (stats == NULL)
    return FALSE;
  if (gander_stats_next (stats, &row, report->cancellable, &failure))
    out->table = table_of_reasons (report->index, &row);
  else if (failure == NULL)
    out->table = gander_table_new (reason_columns, N_REASON_COLUMNS);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return out->table != NULL;
}

static gboolean
make_profile (const GanderReportPage *page, guint kind, GanderReportSection *out, GError **error)
{
  const GanderReport *report = page->report;
  GanderProfileOptions options = { .kind = (GanderProfileKind)kind, .percentiles = TRUE };
  g_autoptr (GanderProfile) profile = NULL;
  const GanderProfileRecord *records;
  guint n;

  profile =
      gander_profile_compute (report->index, report->scope, &options, report->cancellable, error);
  if (profile == NULL)
    return FALSE;
  records = gander_profile_get_records (profile, &n);
  out->figures = *gander_profile_get_sum (profile);
  out->table = gander_profile_to_table (profile);
  out->stacks = g_new0 (GanderStackId, n);
  for (guint i = 0; i < n; i++)
    out->stacks[i] = records[i].stack;
  return TRUE;
}

/* @sort names the column to sort by, largest first, in a table that is in order of time. */
static void
sort_by (GanderTable *table, const char *sort)
{
  int column = gander_table_find_column (table, sort);

  g_assert (column >= 0);
  gander_table_sort (table, (guint)column, TRUE);
}

static gboolean
make_gc (const GanderReportPage *page,
         guint by,
         GanderReportSection *out,
         G_GNUC_UNUSED GError **error)
{
  out->table = gander_gc_get_table (&page->gc, page->report->index, (GanderGcBy)by);
  if (by == GANDER_GC_BY_CYCLE)
    sort_by (out->table, "mark");
  if (by == GANDER_GC_BY_PAUSE)
    sort_by (out->table, "duration");
  return TRUE;
}

static gboolean
make_procs (const GanderReportPage *page,
            G_GNUC_UNUSED guint what,
            GanderReportSection *out,
            GError **error)
{
  const GanderReport *report = page->report;
  g_auto (GanderSchedProcs) procs = { 0 };

  if (!gander_sched_compute_procs (report->index,
                                   page->summary.begin,
                                   page->summary.end,
                                   &procs,
                                   report->cancellable,
                                   error))
    return FALSE;
  out->table = gander_sched_get_proc_table (&procs);
  return TRUE;
}

#define SHOWN_RUNS 10

static gboolean
make_runs (const GanderReportPage *page,
           G_GNUC_UNUSED guint what,
           GanderReportSection *out,
           GError **error)
{
  const GanderReport *report = page->report;
  g_auto (GanderSched) sched = { 0 };

  if (!gander_sched_compute (report->index,
                             page->summary.begin,
                             page->summary.end,
                             &sched,
                             NULL,
                             report->cancellable,
                             error))
    return FALSE;
  out->table = gander_sched_get_run_table (&sched, report->index);
  /* There are more runs than are kept, so how many were left out cannot be said. */
  gander_table_truncate (out->table, SHOWN_RUNS);
  return TRUE;
}

static gboolean
make_tasks (const GanderReportPage *page, guint by, GanderReportSection *out, GError **error)
{
  GanderUserFilter filter;

  gander_user_filter_init (&filter, page->report->index);
  out->table = gander_tasks_make_table (page->report->index,
                                        (GanderTasksBy)by,
                                        &filter,
                                        NULL,
                                        page->report->cancellable,
                                        error);
  return out->table != NULL;
}

/* Why the trace is not complete. */
static const GanderColumn damage_columns[] = {
  { "sentence", N_ ("What is wrong"), GANDER_COLUMN_TEXT, FALSE },
  { "offset", N_ ("Byte"), GANDER_COLUMN_COUNT, FALSE },
  { "times", N_ ("Times"), GANDER_COLUMN_COUNT, FALSE },
};

static gboolean
make_damage (const GanderReportPage *page,
             G_GNUC_UNUSED guint what,
             GanderReportSection *out,
             G_GNUC_UNUSED GError **error)
{
  const GanderIndex *index = page->report->index;

  out->table = gander_table_new (damage_columns, G_N_ELEMENTS (damage_columns));
  for (guint32 i = 0; i < gander_index_get_n_damage (index); i++)
    {
      guint row = gander_table_append (out->table);
      GanderDamage damage;

      gander_index_get_damage (index, i, &damage);
      gander_table_set_text (out->table, row, 0, gander_damage_get_sentence (damage.code));
      gander_table_set_integer (out->table, row, 1, (gint64)damage.offset);
      gander_table_set_integer (out->table, row, 2, (gint64)damage.count);
    }
  return TRUE;
}

#define PROFILE_COLUMNS "place total share count mean p50 p99 max"
#define SPLIT_BAR \
  "running sched-wait syscall blocking-syscall sync-block network-wait sleep gc-wait other-wait"
#define STATS_COLUMNS \
  " total running sched-wait sync-block network-wait syscall blocking-syscall sleep"

static const GanderReportSectionSpec specs[] = {
  {
      .chapter = N_ ("Where the time went"),
      .id = "states",
      .note = N_ ("What all goroutines did, added up."),
      .columns = "state kind total share count",
      .top = 20,
      .make = make_states,
  },
  {
      .id = "groups",
      .title = N_ ("By start function"),
      .columns = "function goroutines" STATS_COLUMNS,
      .bar = SPLIT_BAR,
      .top = 20,
      .make = make_stats,
      .what = GANDER_STATS_BY_FUNCTION,
  },
  {
      .chapter = N_ ("What goroutines waited for"),
      .id = "reasons",
      .title = N_ ("By reason"),
      .columns = "reason total share count mean",
      .bar = "total",
      .relative = TRUE,
      .top = 20,
      .make = make_reasons,
  },
  {
      .id = "sync",
      .title = N_ ("Channels, locks and select"),
      .note = N_ ("By the place that waited."),
      .columns = PROFILE_COLUMNS,
      .bar = "total",
      .relative = TRUE,
      .top = 10,
      .make = make_profile,
      .what = GANDER_PROFILE_SYNC,
  },
  {
      .id = "net",
      .title = N_ ("Network"),
      .note = N_ ("By the place that waited."),
      .columns = PROFILE_COLUMNS,
      .bar = "total",
      .relative = TRUE,
      .top = 10,
      .make = make_profile,
      .what = GANDER_PROFILE_NET,
  },
  {
      .id = "syscall",
      .title = N_ ("System calls"),
      .note = N_ ("By the place that called, with a processor and without."),
      .columns = PROFILE_COLUMNS,
      .bar = "total",
      .relative = TRUE,
      .top = 10,
      .make = make_profile,
      .what = GANDER_PROFILE_SYSCALL,
  },
  {
      .id = "sched",
      .title = N_ ("Waiting for a processor"),
      .note = N_ ("By the place that made a goroutine runnable: its waker, its creator, or its own "
                  "when it was stopped."),
      .columns = PROFILE_COLUMNS,
      .bar = "total",
      .relative = TRUE,
      .top = 10,
      .make = make_profile,
      .what = GANDER_PROFILE_SCHED,
  },
  {
      .chapter = N_ ("Garbage collection"),
      .id = "pauses",
      .title = N_ ("Stops of the world by kind"),
      .columns = "kind count total mean longest share",
      .top = 20,
      .make = make_gc,
      .what = GANDER_GC_BY_KIND,
  },
  {
      .id = "longest-pauses",
      .title = N_ ("Longest stops of the world"),
      .columns = "kind begin duration stopped goroutine place",
      .top = 10,
      .make = make_gc,
      .what = GANDER_GC_BY_PAUSE,
  },
  {
      .id = "cycles",
      .title = N_ ("Longest cycles"),
      .columns = "cycle begin mark trigger heap-before heap-after goal pause assist dedicated",
      .top = 10,
      .make = make_gc,
      .what = GANDER_GC_BY_CYCLE,
  },
  {
      .id = "assists",
      .title = N_ ("Where goroutines were made to help"),
      .note = N_ ("By the place that allocated."),
      .columns = "place goroutines count total running longest",
      .bar = "total",
      .relative = TRUE,
      .top = 10,
      .make = make_gc,
      .what = GANDER_GC_BY_ASSIST_STACK,
  },
  {
      .chapter = N_ ("Processors"),
      .id = "procs",
      .columns = "proc running share go-running go-syscall scheduling gc-work idle starts "
                 "go-intervals",
      .bar = "go-running go-syscall scheduling idle",
      .top = 64,
      .make = make_procs,
  },
  {
      .id = "runs",
      .title = N_ ("Longest runs without a break"),
      .columns = "function goroutine proc begin duration ended place",
      .top = SHOWN_RUNS,
      .make = make_runs,
  },
  {
      .chapter = N_ ("Tasks and regions"),
      .id = "task-types",
      .title = N_ ("Tasks by type"),
      .columns = "type tasks open p50 p95 p99 max total where",
      .bar = SPLIT_BAR,
      .top = 20,
      .make = make_tasks,
      .what = GANDER_TASKS_BY_TYPE,
  },
  {
      .id = "tasks",
      .title = N_ ("Slowest tasks"),
      .columns = "type task start duration goroutines regions logs where",
      .bar = SPLIT_BAR,
      .top = 10,
      .make = make_tasks,
      .what = GANDER_TASKS_BY_TASK,
  },
  {
      .id = "regions",
      .title = N_ ("Regions by type"),
      .columns = "type regions goroutines p50 p95 p99 max total where",
      .bar = SPLIT_BAR,
      .top = 20,
      .make = make_tasks,
      .what = GANDER_TASKS_BY_REGION,
  },
  {
      .chapter = N_ ("What could not be read"),
      .id = "damage",
      .columns = "sentence offset times",
      .top = 20,
      .make = make_damage,
  },
};

const GanderReportSectionSpec *
gander_report_get_section_specs (guint *n)
{
  *n = G_N_ELEMENTS (specs);
  return specs;
}
