/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"
#include "tests/support/trace-builder.h"

/* What processors did in every trace in tests/corpus equals the reference reports. Then laws that
 * hold for any range, and what the reports do not tell.
 */

static void
compute (const GanderIndex *index, GanderTime begin, GanderTime end, GanderSchedProcs *procs)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_sched_compute_procs (index, begin, end, procs, NULL, &error));
  g_assert_no_error (error);
}

static void
same_proc (TestAgree *test, const GanderSchedProc *ours, JsonObject *theirs)
{
  g_autofree char *where = g_strdup_printf ("P%" G_GINT64_FORMAT, ours->id);
  const struct
  {
    const char *member;
    gint64 slack; /* intervals */
    gint64 value;
  } fields[] = {
    { "id", 0, ours->id },
    { "running_ns", (gint64)ours->starts + 1, ours->running },
    { "go_running_ns", (gint64)ours->go_intervals, ours->go_running },
    { "go_syscall_ns", (gint64)ours->go_intervals, ours->go_syscall },
    { "sweeps", 0, (gint64)ours->sweeps },
    { "sweep_ns", (gint64)ours->sweeps, ours->sweep },
    { "starts", 0, (gint64)ours->starts },
    { "go_intervals", 0, (gint64)ours->go_intervals },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    test_agree_int (test,
                    where,
                    fields[i].member,
                    2 * fields[i].slack,
                    fields[i].value,
                    test_agree_get (theirs, fields[i].member));
}

static void
check (TestAgree *test)
{
  JsonObject *report = json_object_get_object_member (test->report, "procs");
  JsonArray *list = json_object_get_array_member (report, "per_p");
  JsonObject *histogram = json_object_get_object_member (report, "running_histogram_ns");
  g_auto (GanderSchedProcs) procs = { 0 };
  guint n_levels = 0;
  gint64 slack = 2;

  compute (test->index, 0, gander_index_get_facts (test->index)->duration, &procs);
  test_agree_int (test, "procs", "number", 0, procs.procs->len, json_array_get_length (list));
  for (guint i = 0; i < MIN (procs.procs->len, json_array_get_length (list)); i++)
    {
      const GanderSchedProc *proc = &g_array_index (procs.procs, GanderSchedProc, i);

      slack += 4 * (gint64)(proc->starts + 1);
      same_proc (test, proc, json_array_get_object_element (list, i));
    }
  for (guint i = 0; i < procs.histogram->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      GanderTime time = g_array_index (procs.histogram, GanderTime, i);

      n_levels += time > 0;
      test_agree_int (test, "histogram", name, slack, time, test_agree_get (histogram, name));
    }
  test_agree_int (test, "histogram", "size", 0, n_levels, json_object_get_size (histogram));
  test_agree_int (test,
                  "procs",
                  "running",
                  slack,
                  procs.running,
                  test_agree_get (report, "running_total_ns"));
  test_agree_int (test,
                  "procs",
                  "lost",
                  0,
                  (gint64)procs.syscalls_lost,
                  test_agree_get (report, "syscalls_that_lost_their_p"));
}

static void
compute_sched (const GanderIndex *index, GanderTime begin, GanderTime end, GanderSched *sched)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_sched_compute (index, begin, end, sched, NULL, NULL, &error));
  g_assert_no_error (error);
}

static gint64
sum_column (const GanderTable *table, const char *column)
{
  gint64 sum = 0;

  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    sum += gander_table_get_integer (table, row, (guint)gander_table_find_column (table, column));
  return sum;
}

static void
check_procs (const GanderSchedProcs *procs)
{
  GanderTime time = 0, running = 0;

  for (guint i = 0; i < procs->histogram->len; i++)
    {
      time += g_array_index (procs->histogram, GanderTime, i);
      running += i * g_array_index (procs->histogram, GanderTime, i);
    }
  g_assert_cmpint (time, ==, procs->end - procs->begin);
  g_assert_cmpint (running, ==, procs->running);
  for (guint i = 0; i < procs->procs->len; i++)
    {
      const GanderSchedProc *proc = &g_array_index (procs->procs, GanderSchedProc, i);

      g_assert_cmpint (proc->go_running + proc->go_syscall, <=, proc->running);
      g_assert_cmpint (proc->running + proc->unknown, <=, procs->end - procs->begin);
      g_assert_cmpint (proc->gc_work, <=, proc->go_running);
    }
}

static void
check_procs_cut (const GanderIndex *index, const GanderSchedProcs *whole, GanderTime cut)
{
  g_auto (GanderSchedProcs) before = { 0 };
  g_auto (GanderSchedProcs) after = { 0 };

  compute (index, whole->begin, cut, &before);
  compute (index, cut, whole->end, &after);
  check_procs (&before);
  check_procs (&after);
  g_assert_cmpint (before.running + after.running, ==, whole->running);
  g_assert_cmpint (before.go_running + after.go_running, ==, whole->go_running);
  g_assert_cmpint (before.go_syscall + after.go_syscall, ==, whole->go_syscall);
  g_assert_cmpint (before.capacity + after.capacity, ==, whole->capacity);
  g_assert_cmpuint (before.syscalls_lost + after.syscalls_lost, ==, whole->syscalls_lost);
  for (guint i = 0; i < whole->procs->len; i++)
    g_assert_cmpuint (g_array_index (before.procs, GanderSchedProc, i).starts +
                          g_array_index (after.procs, GanderSchedProc, i).starts,
                      ==,
                      g_array_index (whole->procs, GanderSchedProc, i).starts);
}

/* One thing more or less at an instant. */
typedef struct
{
  GanderTime time;
  gint idle;     /* processors that may run and do not */
  gint runnable; /* goroutines */
} Change;

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  GanderTime x = ((const Change *)a)->time;
  GanderTime y = ((const Change *)b)->time;

  return (x > y) - (x < y);
}

static void
add_change (GArray *changes, GanderTime time, gint idle, gint runnable)
{
  const Change change = { time, idle, runnable };

  g_array_append_val (changes, change);
}

static void
add_lanes (GArray *changes, const GanderIndex *index, GanderLaneKind kind)
{
  GanderTime end = gander_index_get_facts (index)->duration;
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, kind, &first, &n);
  for (GanderLaneId lane = first; lane < first + n; lane++)
    {
      GanderSpanIter iter;
      GanderSpan span;

      gander_span_iter_init (&iter, index, lane, 0, end);
      while (gander_span_iter_next (&iter, &span))
        if (kind == GANDER_LANE_GOROUTINE && span.state == GANDER_STATE_RUNNABLE)
          {
            add_change (changes, span.begin, 0, 1);
            add_change (changes, span.end, 0, -1);
          }
        else if (kind == GANDER_LANE_PROC && span.state != GANDER_STATE_UNKNOWN)
          {
            add_change (changes, span.begin, -1, 0);
            add_change (changes, span.end, 1, 0);
          }
    }
}

/* All changes in one list: the slow way. */
static GanderTime
find_idle_runnable (const GanderIndex *index)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOMAXPROCS, &n);
  GanderTime sum = 0;
  gint idle = 0, runnable = 0;

  add_lanes (changes, index, GANDER_LANE_GOROUTINE);
  add_lanes (changes, index, GANDER_LANE_PROC);
  for (guint32 i = 0; i < n; i++)
    add_change (changes,
                points[i].time,
                (gint)points[i].value - (i == 0 ? 0 : (gint)points[i - 1].value),
                0);
  g_array_sort (changes, compare_changes);
  for (guint i = 0; i + 1 < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);

      idle += change->idle;
      runnable += change->runnable;
      if (idle > 0 && runnable > 0)
        sum += g_array_index (changes, Change, i + 1).time - change->time;
    }
  return sum;
}

/* Sums of the whole trace, from the running totals of the index. */
static void
check_latency (const GanderIndex *index, const GanderSched *sched)
{
  GanderTime runnable = 0;

  for (guint32 i = 0; i < gander_index_get_n_groups (index); i++)
    {
      GanderGroup group;

      gander_index_get_group (index, i, &group);
      if (!group.system)
        runnable += group.total.time[GANDER_STATE_RUNNABLE];
    }
  g_assert_cmpint (sched->latency.total, ==, runnable);
  g_assert_cmpint (sched->latency.p50, <=, sched->latency.p95);
  g_assert_cmpint (sched->latency.p95, <=, sched->latency.p99);
  g_assert_cmpint (sched->latency.p99, <=, sched->latency.max);
}

static void
check_sched (const GanderIndex *index, const GanderSched *sched)
{
  g_autoptr (GanderTable) runs = gander_sched_get_run_table (sched, index);
  g_autoptr (GanderTable) preemptions = gander_sched_get_preemption_table (sched, index);

  g_assert_cmpint (sched->idle_runnable_stw, <=, sched->idle_runnable);
  g_assert_cmpint (sched->longest_idle_runnable, <=, sched->idle_runnable);
  g_assert_cmpint (sum_column (preemptions, "count"), ==, (gint64)sched->preempted);
  g_assert_cmpuint (gander_table_get_n_rows (runs), ==, sched->runs->len);
  g_assert_cmpuint (sched->runs->len, <=, GANDER_SCHED_RUNS);
  for (guint i = 0; i < sched->runs->len; i++)
    {
      const GanderSchedRun *run = &g_array_index (sched->runs, GanderSchedRun, i);
      GanderMix mix;

      g_assert_true (run->begin >= sched->begin && run->begin < run->end && run->end <= sched->end);
      g_assert_true (i == 0 || run->end - run->begin <= run[-1].end - run[-1].begin);
      gander_query_mix (index, run->goroutine, run->begin, run->end, &mix);
      g_assert_cmpint (mix.time[GANDER_STATE_RUNNING] + mix.time[GANDER_STATE_GC_WORK] +
                           mix.time[GANDER_STATE_GC_ASSIST],
                       ==,
                       run->end - run->begin);
    }
}

static void
check_sched_cut (const GanderIndex *index, const GanderSched *whole, GanderTime cut)
{
  g_auto (GanderSched) before = { 0 };
  g_auto (GanderSched) after = { 0 };

  compute_sched (index, whole->begin, cut, &before);
  compute_sched (index, cut, whole->end, &after);
  check_sched (index, &before);
  check_sched (index, &after);
  g_assert_cmpint (before.latency.total + after.latency.total, ==, whole->latency.total);
  g_assert_cmpint (before.idle_runnable + after.idle_runnable, ==, whole->idle_runnable);
  g_assert_cmpint (before.idle_runnable_stw + after.idle_runnable_stw,
                   ==,
                   whole->idle_runnable_stw);
  g_assert_cmpuint (before.preempted + after.preempted, ==, whole->preempted);
  g_assert_cmpuint (before.yielded + after.yielded, ==, whole->yielded);
}

/* Parts of the time together are all of it. */
static void
check_time (const GanderIndex *index, const GanderSchedProcs *procs)
{
  g_autoptr (GanderTable) table = gander_sched_get_time_table (index, procs->begin, procs->end, 37);
  g_autoptr (GanderTable) gomaxprocs =
      gander_sched_get_gomaxprocs_table (index, procs->begin, procs->end);
  g_autoptr (GanderTable) nothing = gander_sched_get_time_table (index, procs->end, procs->end, 37);
  GanderTime sums[GANDER_N_STATES] = { 0 };

  g_assert_cmpuint (gander_table_get_n_rows (nothing), ==, 0);
  for (guint32 i = 0; i < gander_index_get_n_groups (index); i++)
    {
      GanderGroup group;

      gander_index_get_group (index, i, &group);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        sums[state] += group.total.time[state];
    }
  g_assert_cmpint (sum_column (table, "duration"), ==, procs->end - procs->begin);
  g_assert_cmpint (sum_column (table, "busy-time"), ==, procs->running);
  g_assert_cmpint (sum_column (table, "runnable-time"), ==, sums[GANDER_STATE_RUNNABLE]);
  g_assert_cmpint (sum_column (table, "blocked-time"), ==, sums[GANDER_STATE_BLOCKED]);
  for (guint row = 0; row < gander_table_get_n_rows (gomaxprocs); row++)
    g_assert_true (row == 0 || gander_table_get_integer (gomaxprocs, row, 2) !=
                                   gander_table_get_integer (gomaxprocs, row - 1, 2));
}

static void
check_laws (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_auto (GanderSchedProcs) procs = { 0 };
  g_auto (GanderSched) sched = { 0 };

  compute (index, 0, duration, &procs);
  check_procs (&procs);
  check_time (index, &procs);
  compute_sched (index, 0, duration, &sched);
  check_sched (index, &sched);
  check_latency (index, &sched);
  g_assert_cmpint (sched.idle_runnable, ==, find_idle_runnable (index));
  for (guint i = 0; i <= 4; i++)
    {
      check_procs_cut (index, &procs, duration * i / 4);
      check_sched_cut (index, &sched, duration * i / 4);
    }
}

static void
test_laws (void)
{
  static const char *const traces[] = { "v122-syscalls", "v123-coro", "v125-cgo", "v125-flight",
                                        "v126-grow",     "v126-http", "v126-stw", "v126-empty" };

  for (gsize i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autoptr (GanderIndex) whole = test_corpus_load (traces[i]);
      g_autoptr (GanderIndex) part = test_corpus_load_part (traces[i], 70);

      check_laws (whole);
      check_laws (part);
    }
}

/* A trace by hand. */

#define NS G_GUINT64_CONSTANT (1000000000)
#define T0 1000

enum
{
  STRING_MAIN = 1,
  STRING_F,
  STRING_FILE,
  STRING_PREEMPTED,
  STRING_SYNC,
};

enum
{
  STACK_MAIN = 1,
  STACK_F,
};

static void
put_tables (TraceBuilder *b)
{
  trace_builder_begin (b, 1, TRACE_BUILDER_NO_THREAD, T0);
  PUT (b, 4);
  trace_builder_string (b, STRING_MAIN, "main.main");
  trace_builder_string (b, STRING_F, "main.f");
  trace_builder_string (b, STRING_FILE, "m.go");
  trace_builder_string (b, STRING_PREEMPTED, "preempted");
  trace_builder_string (b, STRING_SYNC, "sync");
  trace_builder_end (b);
  trace_builder_begin (b, 1, TRACE_BUILDER_NO_THREAD, T0);
  PUT (b, 2);
  PUT (b, 3, STACK_MAIN, 1, 4096, STRING_MAIN, STRING_FILE, 7);
  PUT (b, 3, STACK_F, 1, 8192, STRING_F, STRING_FILE, 14);
  trace_builder_end (b);
}

/* G1 runs on P0 and starts G2 at 100, which waits until P1 starts at 300 and takes it at 310. At
 * 900 G2 is preempted, at 905 P1 stops. At 950 G1 blocks, and P0 takes G2 at 960. GOMAXPROCS is 2
 * from 10 on; the trace ends at 2,000. */
static GanderIndex *
load_example (void)
{
  TraceBuilder b;
  GanderIndex *index = NULL;

  trace_builder_init (&b, 22);
  trace_builder_clock (&b, 1, T0, NS);
  put_tables (&b);
  trace_builder_begin (&b, 1, 100, T0);
  PUT (&b, 13, 1, 0, 1);                      /* P0 is running */
  PUT (&b, 25, 1, 1, 100, 2);                 /* G1 is running */
  PUT (&b, 13, 1, 1, 2);                      /* P1 is idle */
  PUT (&b, 9, 7, 2, 0);                       /* 10: GOMAXPROCS */
  PUT (&b, 14, 90, 2, STACK_F, STACK_MAIN);   /* 100: G2 is created */
  PUT (&b, 20, 850, STRING_SYNC, STACK_MAIN); /* 950: G1 blocks */
  PUT (&b, 16, 10, 2, 2);                     /* 960: G2 starts */
  PUT (&b, 37, 1039, 4096);                   /* 1,999: the last event */
  trace_builder_end (&b);
  trace_builder_begin (&b, 1, 101, T0);
  PUT (&b, 10, 300, 1, 1);                      /* 300: P1 starts */
  PUT (&b, 16, 10, 2, 1);                       /* 310: G2 starts */
  PUT (&b, 19, 590, STRING_PREEMPTED, STACK_F); /* 900: G2 stops */
  PUT (&b, 11, 5);                              /* 905: P1 stops */
  trace_builder_end (&b);
  trace_builder_end_generation (&b);
  index = test_corpus_load_bytes (b.bytes->data, b.bytes->len);
  trace_builder_clear (&b);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  g_assert_cmpint (gander_index_get_facts (index)->duration, ==, 2000);
  return index;
}

static void
test_example_procs (void)
{
  g_autoptr (GanderIndex) index = load_example ();
  g_auto (GanderSchedProcs) procs = { 0 };
  const GanderSchedProc *p = NULL;

  compute (index, 0, 2000, &procs);
  p = &g_array_index (procs.procs, GanderSchedProc, 0);
  g_assert_cmpint (p[0].running, ==, 2000);
  g_assert_cmpint (p[0].go_running, ==, 950 + 1040);
  g_assert_cmpint (p[1].running, ==, 605);
  g_assert_cmpint (p[1].go_running, ==, 590);
  g_assert_cmpuint (p[1].starts, ==, 1);
  g_assert_cmpint (g_array_index (procs.histogram, GanderTime, 1), ==, 2000 - 605);
  g_assert_cmpint (g_array_index (procs.histogram, GanderTime, 2), ==, 605);
  g_assert_cmpint (procs.capacity, ==, 2 * 1990);
  g_assert_cmpint (procs.idle, ==, 2 * 1990 - 1990 - 605);
  check_laws (index);
}

static void
test_example_goroutines (void)
{
  g_autoptr (GanderIndex) index = load_example ();
  static const GanderTime runs[] = { 1040, 950, 590 };
  g_auto (GanderSched) sched = { 0 };
  g_autoptr (GanderTable) table = NULL;

  compute_sched (index, 0, 2000, &sched);
  /* P1 is idle to 300 and from 905 on; G2 waits from 100 to 310 and from 900 to 960. */
  g_assert_cmpint (sched.idle_runnable, ==, 200 + 55);
  g_assert_cmpint (sched.longest_idle_runnable, ==, 200);
  g_assert_cmpint (sched.idle_runnable_stw, ==, 0);
  g_assert_cmpuint (sched.latency.count, ==, 2);
  g_assert_cmpint (sched.latency.p50, ==, 60);
  g_assert_cmpint (sched.latency.max, ==, 210);
  g_assert_cmpuint (sched.preempted, ==, 1);
  g_assert_cmpuint (sched.yielded, ==, 0);
  g_assert_cmpuint (sched.runs->len, ==, G_N_ELEMENTS (runs));
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      const GanderSchedRun *run = &g_array_index (sched.runs, GanderSchedRun, i);

      g_assert_cmpint (run->end - run->begin, ==, runs[i]);
      g_assert_cmpint (run->has_next, ==, i > 0);
    }
  table = gander_sched_get_preemption_table (&sched, index);
  g_assert_cmpstr (gander_table_get_text (table, 0, 2), ==, "main.f");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scheduler/laws", test_laws);
  g_test_add_func ("/scheduler/example/procs", test_example_procs);
  g_test_add_func ("/scheduler/example/goroutines", test_example_goroutines);
  test_agree_add ("/scheduler/agree", check);
  return test_agree_run ();
}
