/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

#include <string.h>

/* What statistics and the summary say of every trace in tests/corpus equals the reference reports
 * in tests/corpus/figures in every field of goroutines[], groups[] and occupancy, in their order.
 */

/* With more threads than this, Go's own order of events with equal times is an accident of an
 * unstable sort: ours is the documented one, and a sum may differ by 2 ns for each interval. */
#define MANY_THREADS 12

#define SHOWN 8 /* differences that are printed per trace */

static guint n_agree, n_traces;

typedef struct
{
  GanderIndex *index;
  JsonObject *report;
  gboolean loose;
  guint n_wrong;
} Case;

/* Members that are zero may be left out. */
static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

/* @intervals: how many the sum is made of; 0 = it must be equal. */
static void
same (Case *test, const char *who, const char *what, gint64 intervals, gint64 ours, gint64 theirs)
{
  gint64 slack = test->loose ? 2 * intervals : 0;

  if (ABS (ours - theirs) > slack && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                    who,
                    what,
                    ours,
                    theirs);
}

static void
same_text (Case *test, const char *who, const char *what, const char *ours, const char *theirs)
{
  if (!g_str_equal (ours, theirs) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s is \"%s\", not \"%s\"", who, what, ours, theirs);
}

static gint64
n_intervals (const GanderTimes *times)
{
  return (gint64)(times->n_running + times->n_runnable + times->n_syscall +
                  gander_times_get_n_waiting (times));
}

/* What a report calls a number of ours. */
typedef struct
{
  const char *member;
  gint64 value;
} Number;

/* Every number that @report has must be among @numbers and equal, and those that it leaves out 0.
 */
static void
same_numbers (Case *test,
              const char *who,
              gint64 intervals,
              const Number *numbers,
              gsize n,
              JsonObject *report)
{
  g_autoptr (GList) members = json_object_get_members (report);

  for (gsize i = 0; i < n; i++)
    same (test,
          who,
          numbers[i].member,
          g_str_has_suffix (numbers[i].member, "_ns") ? intervals : 0,
          numbers[i].value,
          get_int (report, numbers[i].member));
  for (GList *member = members; member != NULL; member = member->next)
    {
      gboolean found =
          json_node_get_value_type (json_object_get_member (report, member->data)) != G_TYPE_INT64;
      for (gsize i = 0; i < n && !found; i++)
        found = g_str_equal (numbers[i].member, member->data);
      same (test, who, member->data, 0, found, TRUE);
    }
}

static void
same_reasons (Case *test, const char *who, const GanderStatsRow *row, JsonObject *report)
{
  JsonObject *waiting = json_object_get_object_member (report, "waiting");
  const char *before = NULL;

  same (test, who, "reasons", 0, row->n_reasons, json_object_get_size (waiting));
  for (guint i = 0; i < row->n_reasons; i++)
    {
      const GanderReasonTimes *ours = &row->reasons[i];
      const char *text = gander_index_get_string (test->index, ours->reason);
      JsonObject *theirs = NULL;

      if (before != NULL)
        g_assert_cmpstr (before, <, text);
      before = text;
      if (!json_object_has_member (waiting, text))
        {
          same_text (test, who, "reason", text, "none");
          continue;
        }
      theirs = json_object_get_object_member (waiting, text);
      same (test, who, text, 0, (gint64)ours->count, get_int (theirs, "count"));
      same (test, who, text, (gint64)ours->count, ours->total, get_int (theirs, "ns"));
    }
}

/* TIMES of the reports. */
#define TIMES(t)                                                                          \
  { "running_ns", (t)->running }, { "runnable_ns", (t)->runnable },                       \
      { "syscall_p_ns", (t)->syscall }, { "syscall_nop_ns", (t)->syscall_blocked },       \
      { "unknown_ns", (t)->unknown }, { "n_running", (gint64)(t)->n_running },            \
      { "n_runnable", (gint64)(t)->n_runnable }, { "n_syscall", (gint64)(t)->n_syscall }, \
      { "n_syscall_nop", (gint64)(t)->n_syscall_blocked }, { "total_ns", (t)->total },    \
  {                                                                                       \
    "transitions", (gint64)(t)->n_transitions                                             \
  }

static void
check_row_of_goroutine (Case *test, const GanderStatsRow *row, JsonObject *report)
{
  const GanderTimes *t = row->times;
  g_auto (GanderGoroutineLife) life = { 0 };
  g_autofree char *who = NULL;

  gander_stats_get_life (test->index, row->lane, &life);
  who = g_strdup_printf ("G%" G_GINT64_FORMAT ".%u", life.id, life.life);
  same_text (test, who, "name", row->name, get_text (report, "name"));
  same_text (test, who, "name", life.name, get_text (report, "name"));
  same_text (test, who, "creator", life.creator, get_text (report, "creator"));
  same_text (test, who, "state", life.state, get_text (report, "state_at_end"));
  same (test,
        who,
        "existed",
        0,
        life.existed,
        json_object_get_boolean_member_with_default (report, "existed_before", FALSE));
  same (test,
        who,
        "life",
        0,
        life.life,
        json_object_get_int_member_with_default (report, "life", 1));
  same (test, who, "created at", 1, life.created, get_int (report, "created_at"));
  same (test, who, "ended at", 1, life.ended, get_int (report, "ended_at"));
  same (test, who, "parent", 0, life.parent, get_int (report, "parent"));
  same_reasons (test, who, row, report);
  {
    const Number numbers[] = {
      TIMES (t),
      { "id", life.id },
      { "life", json_object_has_member (report, "life") ? life.life : 0 },
      { "parent", life.parent },
      { "created_at",
        life.created + (test->loose ? get_int (report, "created_at") - life.created : 0) },
      { "ended_at", life.ended + (test->loose ? get_int (report, "ended_at") - life.ended : 0) },
      { "wakeups", (gint64)t->n_wakeups },
      { "longest_wait_ns", t->longest_wait },
      { "longest_runnable_ns", t->longest_runnable },
      { "created_goroutines", (gint64)row->created_goroutines },
      { "cpu_samples", (gint64)row->cpu_samples },
      { "assists", (gint64)row->n_assists },
      { "assist_ns", row->assist },
      { "assist_running_ns", t->gc_assist },
      { "sweep_ns", row->sweep },
      { "stw_overlap_ns", row->stw_overlap },
      { "stw_caused_ns", row->stw_caused },
    };
    same_numbers (test, who, n_intervals (t), numbers, G_N_ELEMENTS (numbers), report);
  }
}

static void
check_row_of_group (Case *test, const GanderStatsRow *row, JsonObject *report)
{
  const GanderTimes *t = row->times;
  const Number numbers[] = {
    TIMES (t),
    { "count", (gint64)row->count },
    { "execution_ns", t->running },
    { "network_wait_ns", t->waiting[GANDER_WAIT_NETWORK] },
    { "sync_block_ns", t->sync_block },
    { "blocking_syscall_ns", t->syscall_blocked },
    { "syscall_execution_ns", t->syscall },
    { "sched_wait_ns", t->runnable },
    { "wakeups", (gint64)t->n_wakeups },
    { "longest_wait_ns", t->longest_wait },
    { "created", (gint64)t->created },
    { "ended", (gint64)t->ended },
    { "assist_ns", row->assist },
    { "sweep_ns", row->sweep },
  };

  same_text (test, row->name, "name", row->name, get_text (report, "name"));
  same (test,
        row->name,
        "system",
        0,
        row->system,
        json_object_get_boolean_member_with_default (report, "system", FALSE));
  same_reasons (test, row->name, row, report);
  same_numbers (test, row->name, n_intervals (t), numbers, G_N_ELEMENTS (numbers), report);
}

static void
check_row_of_all (Case *test, const GanderStatsRow *row, JsonObject *report)
{
  const Number numbers[] = { TIMES (row->times), { "count", (gint64)row->count } };

  same_reasons (test, "all", row, report);
  same_numbers (test, "all", n_intervals (row->times), numbers, G_N_ELEMENTS (numbers), report);
}

/* Of the types of regions what is not about their lengths: those are of tests of regions. */
static void
check_row_of_region (Case *test, const GanderStatsRow *row, JsonObject *report)
{
  gint64 n = n_intervals (row->times);

  same_text (test, "region", "type", row->name, get_text (report, "type"));
  same (test, row->name, "count", 0, (gint64)row->count, get_int (report, "count"));
  same (test,
        row->name,
        "goroutines",
        0,
        (gint64)row->times->n_lanes,
        get_int (report, "goroutines"));
  same (test, row->name, "total", n, row->times->total, get_int (report, "total_ns"));
  same (test, row->name, "running", n, row->times->running, get_int (report, "running_ns"));
  same (test, row->name, "runnable", n, row->times->runnable, get_int (report, "runnable_ns"));
  same (test, row->name, "syscall", n, row->times->syscall, get_int (report, "syscall_p_ns"));
  same (test,
        row->name,
        "blocking syscall",
        n,
        row->times->syscall_blocked,
        get_int (report, "syscall_nop_ns"));
}

/* Walks the rows of a grouping beside those of the report. @parts only says which way they are
 * computed. */
static void
check_rows (Case *test,
            GanderStatsBy by,
            GanderStatsParts parts,
            JsonArray *reports,
            void (*check) (Case *test, const GanderStatsRow *row, JsonObject *report))
{
  g_autoptr (GanderScope) scope = gander_scope_new (test->index, 0, G_MAXINT64);
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderStats) stats =
      gander_stats_new (test->index, scope, by, parts | GANDER_STATS_RANGES, NULL, &error);
  GanderStatsRow row;
  guint n = 0;

  g_assert_no_error (error);
  for (; gander_stats_next (stats, &row, NULL, &error); n++)
    if (n < json_array_get_length (reports))
      check (test, &row, json_array_get_object_element (reports, n));
  g_assert_no_error (error);
  same (test, gander_stats_by_get_id (by), "number", 0, n, json_array_get_length (reports));
}

static void
check_summary (Case *test)
{
  JsonObject *gc = json_object_get_object_member (test->report, "gc");
  JsonObject *stw = json_object_get_object_member (gc, "stw");
  JsonObject *trace = json_object_get_object_member (test->report, "trace");
  JsonObject *assist = json_object_get_object_member (gc, "assist");
  JsonObject *procs = json_object_get_object_member (test->report, "procs");
  GanderSummary s;
  gint64 n;

  g_assert_true (gander_summary_compute (test->index,
                                         0,
                                         gander_index_get_facts (test->index)->duration,
                                         &s,
                                         NULL,
                                         NULL));
  n = n_intervals (&s.times);
  same (test, "all", "goroutines", 0, (gint64)s.times.n_lanes, get_int (trace, "goroutines"));
  same (test, "all", "created", 0, (gint64)s.created, get_int (trace, "goroutines_created"));
  same (test, "all", "ended", 0, (gint64)s.ended, get_int (trace, "goroutines_ended"));
  same (test, "all", "alive", 0, (gint64)s.alive, get_int (trace, "goroutines_at_end"));
  same (test, "all", "generations", 0, s.n_generations, get_int (trace, "generations"));
  same (test, "gc", "cycles", 0, (gint64)s.gc_cycles.count, get_int (gc, "cycles"));
  same (test, "gc", "mark", n, s.gc_cycles.total, get_int (gc, "mark_ns"));
  same (test, "gc", "longest mark", n, s.gc_cycles.longest, get_int (gc, "mark_max_ns"));
  same (test,
        "stw",
        "count",
        0,
        (gint64)(s.stw.count + s.tracer_stw.count),
        get_int (stw, "count"));
  same (test, "stw", "total", n, s.stw.total + s.tracer_stw.total, get_int (stw, "total_ns"));
  same (test,
        "stw",
        "longest",
        n,
        MAX (s.stw.longest, s.tracer_stw.longest),
        get_int (stw, "max_ns"));
  same (test, "assist", "count", 0, (gint64)s.assists.count, get_int (assist, "count"));
  same (test, "assist", "total", n, s.assists.total, get_int (assist, "total_ns"));
  same (test, "procs", "running", n, s.procs_running, get_int (procs, "running_total_ns"));
}

static void
test_trace (gconstpointer data)
{
  const char *name = data;
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  g_autoptr (JsonNode) root = test_corpus_load_figures (name);
  g_autoptr (JsonArray) all = json_array_new ();
  Case test = { .index = index, .report = json_node_get_object (root) };
  JsonArray *groups = json_object_get_array_member (test.report, "groups");

  test.loose = gander_index_get_facts (index)->n_threads > MANY_THREADS;
  json_array_add_element (all, json_node_copy (json_object_get_member (test.report, "occupancy")));
  check_summary (&test);
  check_rows (&test,
              GANDER_STATS_BY_GOROUTINE,
              0,
              json_object_get_array_member (test.report, "goroutines"),
              check_row_of_goroutine);
  check_rows (&test,
              GANDER_STATS_BY_REGION,
              0,
              json_object_get_array_member (test.report, "region_types"),
              check_row_of_region);
  /* From totals, and from all spans. */
  for (guint parts = 0; parts <= GANDER_STATS_DELAYS; parts += GANDER_STATS_DELAYS)
    {
      check_rows (&test, GANDER_STATS_BY_FUNCTION, parts, groups, check_row_of_group);
      check_rows (&test, GANDER_STATS_BY_ALL, parts, all, check_row_of_all);
    }
  n_agree += test.n_wrong == 0;
  g_assert_cmpuint (test.n_wrong, ==, 0);
}

/* The traces that have a report. */
static void
add_traces (void)
{
  g_auto (GStrv) names = test_corpus_get_names ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *file = g_strconcat (names[i], ".json.zst", NULL);
      g_autofree char *figures =
          g_test_build_filename (G_TEST_DIST, "corpus", "figures", file, NULL);
      g_autofree char *path = g_strconcat ("/analysis/stats/figures/", names[i], NULL);

      if (!g_file_test (figures, G_FILE_TEST_EXISTS))
        continue;
      n_traces++;
      g_test_add_data_func_full (path, g_strdup (names[i]), test_trace, g_free);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  add_traces ();
  status = g_test_run ();
  g_print ("# agree %u of %u\n", n_agree, n_traces);
  return status;
}
