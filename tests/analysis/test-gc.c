/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_agree_add ("/gc/agree", check);
  return test_agree_run ();
}
