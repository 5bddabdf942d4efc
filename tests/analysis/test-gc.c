/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"
#include "tests/support/gc-example.h"

/* Collections of every trace in tests/corpus equal the reference reports in every field. Then laws
 * that hold for any range, and what the reports do not tell.
 */

static void
compute (const GanderIndex *index, GanderTime begin, GanderTime end, GanderGc *gc)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_gc_compute (index, begin, end, gc, NULL, &error));
  g_assert_no_error (error);
}

static void
same_sum (TestAgree *test, const char *what, const GanderRangeSum *ours, JsonObject *theirs)
{
  gint64 slack = 4 * (gint64)ours->count;

  test_agree_int (test, what, "count", 0, (gint64)ours->count, test_agree_get (theirs, "count"));
  test_agree_int (test, what, "total", slack, ours->total, test_agree_get (theirs, "total_ns"));
  if (json_object_has_member (theirs, "max_ns"))
    test_agree_int (test, what, "max", 4, ours->longest, test_agree_get (theirs, "max_ns"));
}

static void
check_cycles (TestAgree *test, const GanderGc *gc, JsonObject *report)
{
  JsonArray *list = json_object_get_array_member (report, "cycle_list");

  test_agree_int (test,
                  "gc",
                  "cycles",
                  0,
                  (gint64)gc->cycles.count,
                  test_agree_get (report, "cycles"));
  test_agree_int (test,
                  "gc",
                  "mark",
                  4 * (gint64)gc->cycles.count,
                  gc->cycles.total,
                  test_agree_get (report, "mark_ns"));
  test_agree_int (test,
                  "gc",
                  "mark max",
                  4,
                  gc->cycles.longest,
                  test_agree_get (report, "mark_max_ns"));
  test_agree_int (test, "gc", "list", 0, gc->cycle_list->len, json_array_get_length (list));
  for (guint i = 0; i < MIN (gc->cycle_list->len, json_array_get_length (list)); i++)
    {
      const GanderGcCycle *ours = &g_array_index (gc->cycle_list, GanderGcCycle, i);
      JsonObject *theirs = json_array_get_object_element (list, i);
      gboolean open_begin =
          json_object_get_boolean_member_with_default (theirs, "open_start", FALSE);
      gboolean open_end = json_object_get_boolean_member_with_default (theirs, "open_end", FALSE);

      test_agree_int (test, "cycle", "start", 2, ours->begin, test_agree_get (theirs, "start"));
      test_agree_int (test, "cycle", "end", 2, ours->end, test_agree_get (theirs, "end"));
      test_agree_int (test,
                      "cycle",
                      "open",
                      0,
                      ours->flags,
                      (open_begin ? GANDER_SPAN_OPEN_BEGIN : 0) |
                          (open_end ? GANDER_SPAN_OPEN_END : 0));
    }
}

static gint64
get_id (const GanderIndex *index, GanderLaneId lane)
{
  GanderLane facts;

  if (lane == GANDER_LANE_NONE)
    return -1;
  gander_index_get_life (index, lane, &facts);
  return facts.id;
}

static void
check_pauses (TestAgree *test, const GanderGc *gc, JsonObject *report)
{
  JsonArray *list = json_object_get_array_member (report, "stw_list");
  JsonObject *kinds = json_object_get_object_member (report, "stw_by_kind");

  same_sum (test, "stw", &gc->pauses, json_object_get_object_member (report, "stw"));
  test_agree_int (test, "stw", "kinds", 0, gc->kinds->len, json_object_get_size (kinds));
  for (guint i = 0; i < gc->kinds->len; i++)
    {
      const GanderGcPauseKind *kind = &g_array_index (gc->kinds, GanderGcPauseKind, i);

      if (json_object_has_member (kinds, kind->name))
        same_sum (test, kind->name, &kind->sum, json_object_get_object_member (kinds, kind->name));
      else
        test_agree_text (test, "stw", "kind", kind->name, "there");
    }
  test_agree_int (test, "stw", "list", 0, gc->pause_list->len, json_array_get_length (list));
  for (guint i = 0; i < MIN (gc->pause_list->len, json_array_get_length (list)); i++)
    {
      const GanderGcPause *ours = &g_array_index (gc->pause_list, GanderGcPause, i);
      JsonObject *theirs = json_array_get_object_element (list, i);

      test_agree_text (test,
                       "pause",
                       "kind",
                       g_array_index (gc->kinds, GanderGcPauseKind, ours->kind).name,
                       json_object_get_string_member (theirs, "kind"));
      test_agree_int (test, "pause", "start", 2, ours->begin, test_agree_get (theirs, "start"));
      test_agree_int (test,
                      "pause",
                      "length",
                      4,
                      ours->end - ours->begin,
                      test_agree_get (theirs, "dur_ns"));
      test_agree_int (test,
                      "pause",
                      "goroutine",
                      0,
                      get_id (test->index, ours->goroutine),
                      test_agree_get (theirs, "g"));
      test_agree_int (test,
                      "pause",
                      "open",
                      0,
                      (ours->flags & GANDER_SPAN_OPEN_END) != 0,
                      json_object_get_boolean_member_with_default (theirs, "open", FALSE));
    }
}

static void
check_work (TestAgree *test, const GanderGc *gc, JsonObject *report)
{
  JsonObject *assist = json_object_get_object_member (report, "assist");
  JsonObject *sweep = json_object_get_object_member (report, "sweep");
  JsonObject *workers = json_object_get_object_member (report, "workers");
  guint n_workers = 0;

  same_sum (test, "assist", &gc->assists, assist);
  test_agree_int (test,
                  "assist",
                  "running",
                  4 * (gint64)gc->assists.count,
                  gc->assist_running,
                  test_agree_get (assist, "running_ns"));
  test_agree_int (test,
                  "assist",
                  "goroutines",
                  0,
                  gc->n_assisting,
                  test_agree_get (assist, "goroutines"));
  same_sum (test, "sweep", &gc->sweeps, sweep);
  test_agree_int (test,
                  "sweep",
                  "goroutines",
                  4 * (gint64)gc->sweeps.count,
                  gc->sweep_goroutine,
                  test_agree_get (sweep, "goroutine_ns"));
  test_agree_int (test,
                  "sweep",
                  "swept",
                  0,
                  (gint64)gc->swept,
                  test_agree_get (sweep, "bytes_swept"));
  test_agree_int (test,
                  "sweep",
                  "reclaimed",
                  0,
                  (gint64)gc->reclaimed,
                  test_agree_get (sweep, "bytes_reclaimed"));
  for (guint i = GANDER_GC_WORK_DEDICATED; i < GANDER_N_GC_WORKS; i++)
    {
      const char *label = gander_gc_work_get_label ((GanderGcWork)i);

      n_workers += gc->workers[i].count > 0;
      if (json_object_has_member (workers, label))
        same_sum (test, label, &gc->workers[i], json_object_get_object_member (workers, label));
    }
  test_agree_int (test, "workers", "labels", 0, n_workers, json_object_get_size (workers));
}

static void
check (TestAgree *test)
{
  JsonObject *report = json_object_get_object_member (test->report, "gc");
  g_auto (GanderGc) gc = { 0 };

  compute (test->index, 0, gander_index_get_facts (test->index)->duration, &gc);
  check_cycles (test, &gc, report);
  check_pauses (test, &gc, report);
  check_work (test, &gc, report);
}

/* Laws. */

static gint64
cell (const GanderTable *table, guint row, const char *column)
{
  return gander_table_get_integer (table, row, (guint)gander_table_find_column (table, column));
}

static gint64
sum_column (const GanderTable *table, const char *column)
{
  gint64 sum = 0;

  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    sum += cell (table, row, column);
  return sum;
}

static void
check_tables (const GanderGc *gc, const GanderIndex *index)
{
  GanderTable *tables[GANDER_N_GC_BY] = { NULL };

  for (guint by = 0; by < GANDER_N_GC_BY; by++)
    tables[by] = gander_gc_get_table (gc, index, (GanderGcBy)by);
  g_assert_cmpuint (gander_table_get_n_rows (tables[GANDER_GC_BY_CYCLE]), ==, gc->cycle_list->len);
  g_assert_cmpuint (gander_table_get_n_rows (tables[GANDER_GC_BY_PAUSE]), ==, gc->pause_list->len);
  g_assert_cmpint (sum_column (tables[GANDER_GC_BY_KIND], "total"), ==, gc->pauses.total);
  for (guint by = GANDER_GC_BY_ASSIST; by <= GANDER_GC_BY_ASSIST_STACK; by++)
    {
      g_assert_cmpint (sum_column (tables[by], "count"), ==, (gint64)gc->assists.count);
      g_assert_cmpint (sum_column (tables[by], "total"), ==, gc->assists.total);
      g_assert_cmpint (sum_column (tables[by], "running"), ==, gc->assist_running);
    }
  for (guint by = GANDER_GC_BY_SWEEP; by <= GANDER_GC_BY_SWEEP_STACK; by++)
    {
      g_assert_cmpint (sum_column (tables[by], "count"), ==, (gint64)gc->sweeps.count);
      g_assert_cmpint (sum_column (tables[by], "total"), ==, gc->sweeps.total);
      g_assert_cmpint (sum_column (tables[by], "swept"), ==, (gint64)gc->swept);
    }
  g_assert_cmpuint (gander_table_get_n_rows (tables[GANDER_GC_BY_ASSIST]), ==, gc->n_assisting);
  for (guint i = 0; i < GANDER_N_GC_BY; i++)
    g_clear_pointer (&tables[i], gander_table_unref);
}

/* Cycles are disjoint, so what was done during them is not more than all. */
static void
check_cycle_sums (const GanderGc *gc)
{
  GanderTime work[GANDER_N_GC_WORKS] = { 0 };
  guint64 n_pauses = 0;

  for (guint i = 0; i < gc->cycle_list->len; i++)
    {
      const GanderGcCycle *cycle = &g_array_index (gc->cycle_list, GanderGcCycle, i);

      n_pauses += cycle->n_pauses;
      for (guint j = 0; j < GANDER_N_GC_WORKS; j++)
        work[j] += cycle->work[j];
    }
  g_assert_cmpuint (n_pauses, <=, gc->gc_pauses.count);
  g_assert_cmpint (work[GANDER_GC_WORK_ASSIST], <=, gc->assist_running);
  for (guint i = GANDER_GC_WORK_DEDICATED; i < GANDER_N_GC_WORKS; i++)
    g_assert_cmpint (work[i], <=, gc->workers[i].total);
  g_assert_true (gc->share >= 0 && gc->share <= 1);
}

/* What lies on both sides of a cut is the whole. */
static void
check_cut (const GanderIndex *index, const GanderGc *whole, GanderTime cut)
{
  g_auto (GanderGc) before = { 0 };
  g_auto (GanderGc) after = { 0 };

  compute (index, whole->begin, cut, &before);
  compute (index, cut, whole->end, &after);
  g_assert_cmpint (before.cycles.total + after.cycles.total, ==, whole->cycles.total);
  g_assert_cmpint (before.pauses.total + after.pauses.total, ==, whole->pauses.total);
  g_assert_cmpint (before.gc_pauses.total + after.gc_pauses.total, ==, whole->gc_pauses.total);
  g_assert_cmpint (before.assists.total + after.assists.total, ==, whole->assists.total);
  g_assert_cmpint (before.assist_running + after.assist_running, ==, whole->assist_running);
  g_assert_cmpint (before.sweeps.total + after.sweeps.total, ==, whole->sweeps.total);
  g_assert_cmpint (before.running + after.running, ==, whole->running);
  for (guint i = GANDER_GC_WORK_DEDICATED; i < GANDER_N_GC_WORKS; i++)
    {
      g_assert_cmpuint (before.workers[i].count + after.workers[i].count,
                        ==,
                        whole->workers[i].count);
      g_assert_cmpint (before.workers[i].total + after.workers[i].total,
                       ==,
                       whole->workers[i].total);
    }
}

static void
check_laws (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_auto (GanderGc) whole = { 0 };

  compute (index, 0, duration, &whole);
  check_tables (&whole, index);
  check_cycle_sums (&whole);
  for (guint i = 0; i <= 6; i++)
    check_cut (index, &whole, duration * i / 6);
  if (whole.cycle_list->len > 0)
    {
      const GanderGcCycle *cycle = &g_array_index (whole.cycle_list, GanderGcCycle, 0);

      check_cut (index, &whole, cycle->begin + (cycle->end - cycle->begin) / 2);
    }
}

static const char *const traces[] = { "v122-gcgens", "v123-gcgens", "v124-gc",      "v125-pool",
                                      "v126-gcgens", "v126-stw",    "v126-memlimit" };

static void
test_laws (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autoptr (GanderIndex) whole = test_corpus_load (traces[i]);
      g_autoptr (GanderIndex) part = test_corpus_load_part (traces[i], 70);

      check_laws (whole);
      check_laws (part);
    }
}

static void
test_example (void)
{
  g_autoptr (GanderIndex) index = gc_example_load ();
  g_auto (GanderGc) gc = { 0 };
  const GanderGcCycle *cycle = NULL;
  const GanderGcPause *pause = NULL;
  GanderLaneId stopped = GANDER_LANE_NONE;
  GanderGcTaken taken;

  compute (index, 0, gander_index_get_facts (index)->duration, &gc);
  g_assert_cmpuint (gc.cycles.count, ==, 1);
  g_assert_cmpint (gc.cycles.total, ==, 28000);
  cycle = &g_array_index (gc.cycle_list, GanderGcCycle, 0);
  g_assert_cmpint (cycle->trigger, ==, GANDER_GC_TRIGGER_CALL);
  g_assert_true (cycle->heap_known);
  g_assert_cmpint (cycle->heap_before, ==, 1000);
  g_assert_cmpint (cycle->heap_after, ==, 700);
  g_assert_cmpint (cycle->goal, ==, 4000);
  g_assert_cmpint (cycle->next_goal, ==, 1400);
  g_assert_cmpuint (cycle->n_pauses, ==, 1);
  g_assert_cmpint (cycle->pause, ==, 5000);
  g_assert_cmpint (cycle->work[GANDER_GC_WORK_DEDICATED], ==, 21000);
  g_assert_cmpuint (gc.workers[GANDER_GC_WORK_DEDICATED].count, ==, 1);
  g_assert_cmpint (gc.workers[GANDER_GC_WORK_DEDICATED].total, ==, 21000);
  /* G1 ran to 42 of 101 µs, G2 always. */
  g_assert_cmpfloat_with_epsilon (gc.share, 21.0 / (42 + 101), 1e-12);
  gander_gc_get_taken (&gc, GC_EXAMPLE_ZERO + 38000, GC_EXAMPLE_ZERO + 44000, &taken);
  g_assert_cmpint (taken.pause, ==, 4000);
  g_assert_cmpint (taken.work[GANDER_GC_WORK_DEDICATED], ==, 3000);
  g_assert_cmpuint (gc.pause_list->len, ==, 1);
  pause = &g_array_index (gc.pause_list, GanderGcPause, 0);
  g_assert_cmpstr (g_array_index (gc.kinds, GanderGcPauseKind, pause->kind).name,
                   ==,
                   "GC mark termination");
  g_assert_cmpint (get_id (index, pause->goroutine), ==, 2);
  g_assert_cmpuint (gander_gc_get_stopped (index, pause, &stopped, 1), ==, 1);
  g_assert_cmpint (get_id (index, stopped), ==, 1);
  check_laws (index);
}

/* What the stacks of real traces tell. */
static void
test_triggers (void)
{
  static const struct
  {
    const char *trace;
    GanderGcTrigger trigger;
  } cases[] = {
    { "v126-weak", GANDER_GC_TRIGGER_CALL },
    { "v122-gc", GANDER_GC_TRIGGER_GOAL },
    { "v126-gc", GANDER_GC_TRIGGER_GOAL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (cases[i].trace);
      g_auto (GanderGc) gc = { 0 };
      guint n = 0;

      compute (index, 0, gander_index_get_facts (index)->duration, &gc);
      for (guint j = 0; j < gc.cycle_list->len; j++)
        n += g_array_index (gc.cycle_list, GanderGcCycle, j).trigger == cases[i].trigger;
      g_assert_cmpuint (n, >, gc.cycle_list->len / 2);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-gc");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GanderGc gc;

  g_cancellable_cancel (cancellable);
  g_assert_false (gander_gc_compute (index,
                                     0,
                                     gander_index_get_facts (index)->duration,
                                     &gc,
                                     cancellable,
                                     &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gc/laws", test_laws);
  g_test_add_func ("/gc/example", test_example);
  g_test_add_func ("/gc/triggers", test_triggers);
  g_test_add_func ("/gc/cancelled", test_cancelled);
  test_agree_add ("/gc/agree", check);
  return test_agree_run ();
}
