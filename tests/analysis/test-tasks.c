/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"

/* Tasks, regions and logs of every trace in tests/corpus equal the reference reports in every
 * field.
 */

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
same_quantiles (TestAgree *test, const char *who, const GanderQuantiles *ours, JsonObject *theirs)
{
  test_agree_int (test,
                  who,
                  "total",
                  4 * (gint64)ours->count,
                  ours->total,
                  test_agree_get (theirs, "total_ns"));
  test_agree_int (test, who, "min", 4, ours->min, test_agree_get (theirs, "min_ns"));
  test_agree_int (test, who, "max", 4, ours->max, test_agree_get (theirs, "max_ns"));
  test_agree_int (test, who, "p50", 4, ours->p50, test_agree_get (theirs, "p50_ns"));
  test_agree_int (test, who, "p95", 4, ours->p95, test_agree_get (theirs, "p95_ns"));
  test_agree_int (test, who, "p99", 4, ours->p99, test_agree_get (theirs, "p99_ns"));
}

static void
check_tasks (TestAgree *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "tasks");
  GanderUserFilter filter;
  g_autoptr (GanderTasks) tasks = NULL;
  const GanderTaskRow *rows = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, test->index);
  tasks = gander_tasks_compute (test->index, &filter, NULL, NULL);
  rows = gander_tasks_get_rows (tasks, &n);
  test_agree_int (test, "tasks", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *who = g_strdup_printf ("task %u", i);
      GanderTask task;

      gander_index_get_task (test->index, rows[i].row, &task);
      test_agree_int (test, who, "id", 0, (gint64)task.id, test_agree_get (object, "id"));
      test_agree_int (test,
                      who,
                      "parent",
                      0,
                      (gint64)task.parent,
                      test_agree_get (object, "parent"));
      test_agree_text (test,
                       who,
                       "type",
                       gander_index_get_string (test->index, task.type),
                       get_text (object, "type"));
      test_agree_int (test, who, "start", 2, task.begin, test_agree_get (object, "start"));
      test_agree_int (test, who, "end", 2, task.end, test_agree_get (object, "end"));
      test_agree_int (test,
                      who,
                      "complete",
                      0,
                      rows[i].complete,
                      json_object_get_boolean_member_with_default (object, "complete", FALSE));
      test_agree_int (test,
                      who,
                      "duration",
                      4,
                      rows[i].duration,
                      test_agree_get (object, "dur_ns"));
      test_agree_int (test,
                      who,
                      "creator",
                      0,
                      gander_index_get_lane_id (test->index, task.creator),
                      test_agree_get (object, "creator"));
      test_agree_int (test,
                      who,
                      "ender",
                      0,
                      gander_index_get_lane_id (test->index, task.ender),
                      test_agree_get (object, "ender"));
      test_agree_int (test,
                      who,
                      "goroutines",
                      0,
                      rows[i].n_goroutines,
                      test_agree_get (object, "goroutines"));
      test_agree_int (test,
                      who,
                      "regions",
                      0,
                      rows[i].n_regions,
                      test_agree_get (object, "regions"));
      test_agree_int (test, who, "logs", 0, rows[i].n_logs, test_agree_get (object, "logs"));
    }
}

static void
check_task_types (TestAgree *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "task_types");
  GanderUserFilter filter;
  g_autoptr (GanderTasks) tasks = NULL;
  const GanderTaskTypeRow *types = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, test->index);
  tasks = gander_tasks_compute (test->index, &filter, NULL, NULL);
  types = gander_tasks_get_types (tasks, &n);
  test_agree_int (test, "task types", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      const char *who = gander_index_get_string (test->index, types[i].type);

      test_agree_text (test, "task types", "type", who, get_text (object, "type"));
      test_agree_int (test, who, "count", 0, types[i].count, test_agree_get (object, "count"));
      test_agree_int (test,
                      who,
                      "incomplete",
                      0,
                      types[i].n_incomplete,
                      test_agree_get (object, "incomplete"));
      same_quantiles (test, who, &types[i].durations, object);
    }
}

static void
check_waits (TestAgree *test, const char *who, const GanderRegionRow *row, JsonObject *object)
{
  JsonObject *waits = json_object_get_object_member (object, "waiting");

  test_agree_int (test,
                  who,
                  "reasons",
                  0,
                  row->n_waits,
                  waits == NULL ? 0 : json_object_get_size (waits));
  for (guint i = 0; i < row->n_waits; i++)
    {
      const char *reason = gander_index_get_string (test->index, row->waits[i].reason);
      JsonObject *sum = waits != NULL && json_object_has_member (waits, reason)
                            ? json_object_get_object_member (waits, reason)
                            : NULL;

      test_agree_int (test,
                      who,
                      reason,
                      4 * (gint64)row->transitions,
                      row->waits[i].time,
                      sum == NULL ? 0 : test_agree_get (sum, "ns"));
    }
}

static void
check_region_row (TestAgree *test, const GanderRegionRow *row, JsonObject *object)
{
  const char *who = gander_index_get_string (test->index, row->type);
  gint64 slack = 4 * (gint64)(row->transitions + row->durations.count);
  const GanderTime *time = row->split.time;

  test_agree_text (test, "regions", "type", who, get_text (object, "type"));
  test_agree_int (test,
                  who,
                  "g",
                  0,
                  gander_index_get_lane_id (test->index, row->lane),
                  test_agree_get (object, "g"));
  test_agree_int (test,
                  who,
                  "count",
                  0,
                  (gint64)row->durations.count,
                  test_agree_get (object, "count"));
  test_agree_int (test, who, "open", 0, row->n_open, test_agree_get (object, "open"));
  test_agree_int (test,
                  who,
                  "open_start",
                  0,
                  row->n_open_start,
                  test_agree_get (object, "open_start"));
  test_agree_int (test,
                  who,
                  "transitions",
                  0,
                  (gint64)row->transitions,
                  test_agree_get (object, "transitions"));
  same_quantiles (test, who, &row->durations, object);
  test_agree_int (test,
                  who,
                  "running",
                  slack,
                  time[GANDER_SPLIT_RUNNING],
                  test_agree_get (object, "running_ns"));
  test_agree_int (test,
                  who,
                  "runnable",
                  slack,
                  time[GANDER_SPLIT_RUNNABLE],
                  test_agree_get (object, "runnable_ns"));
  test_agree_int (test,
                  who,
                  "syscall",
                  slack,
                  time[GANDER_SPLIT_SYSCALL],
                  test_agree_get (object, "syscall_p_ns"));
  test_agree_int (test,
                  who,
                  "blocking",
                  slack,
                  time[GANDER_SPLIT_SYSCALL_BLOCKED],
                  test_agree_get (object, "syscall_nop_ns"));
  test_agree_int (test,
                  who,
                  "unknown",
                  0,
                  time[GANDER_SPLIT_UNKNOWN],
                  test_agree_get (object, "unknown_ns"));
  check_waits (test, who, row, object);
}

static void
check_regions (TestAgree *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "regions");
  JsonArray *types = json_object_get_array_member (test->report, "region_types");
  GanderUserFilter filter;
  g_autoptr (GanderRegions) regions = NULL;
  const GanderRegionRow *rows = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, test->index);
  regions = gander_regions_compute (test->index, &filter, NULL, NULL);
  rows = gander_regions_get_by_goroutine (regions, &n);
  test_agree_int (test, "regions", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      GanderLane lane;

      gander_index_get_lane (test->index, rows[i].lane, &lane);
      test_agree_int (test,
                      "regions",
                      "life",
                      0,
                      lane.life,
                      json_object_get_int_member_with_default (object, "life", 1));
      check_region_row (test, &rows[i], object);
    }
  rows = gander_regions_get_by_type (regions, &n);
  test_agree_int (test, "region types", "number", 0, n, json_array_get_length (types));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (types)); i++)
    {
      JsonObject *object = json_array_get_object_element (types, i);

      test_agree_int (test,
                      "region types",
                      "goroutines",
                      0,
                      rows[i].n_goroutines,
                      test_agree_get (object, "goroutines"));
      check_region_row (test, &rows[i], object);
    }
}

static void
check_logs (TestAgree *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "logs");
  guint32 n = gander_index_get_n_logs (test->index);

  test_agree_int (test, "logs", "number", 0, n, test_agree_get (test->report, "logs_total"));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *who = g_strdup_printf ("log %u", i);
      GanderLog log;

      gander_index_get_log (test->index, i, &log);
      test_agree_int (test, who, "t", 2, log.time, test_agree_get (object, "t"));
      test_agree_int (test,
                      who,
                      "g",
                      0,
                      gander_index_get_lane_id (test->index, log.lane),
                      test_agree_get (object, "g"));
      test_agree_int (test, who, "task", 0, (gint64)log.task, test_agree_get (object, "task"));
      test_agree_text (test,
                       who,
                       "category",
                       gander_index_get_string (test->index, log.category),
                       get_text (object, "category"));
      test_agree_text (test,
                       who,
                       "message",
                       gander_index_get_string (test->index, log.message),
                       get_text (object, "message"));
    }
}

static void
check_trace (TestAgree *test)
{
  check_tasks (test);
  check_task_types (test);
  check_regions (test);
  check_logs (test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_agree_add ("/analysis/tasks/figures", check_trace);
  return test_agree_run ();
}
