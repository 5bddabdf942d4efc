/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <zstd.h>

/* Tasks, regions and logs of every trace in tests/corpus equal the reference reports in
 * tests/corpus/figures in every field. Then laws that hold on any trace and for any range.
 */

/* With more threads than this, Go's own order of events with equal times is an accident of an
 * unstable sort: ours is the documented one, and an instant may differ by 2 ns. */
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

static char *
corpus_file (const char *folder, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_test_build_filename (G_TEST_DIST, "corpus", folder, file, NULL);
}

static GanderIndex *
load (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path = corpus_file ("", name, ".trace.zst");
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

/* A NUL in a text of the trace is shown as other bytes that no text can have: U+FFFD. */
static void
replace_nul (char *json)
{
  static const char from[] = "\\u0000";
  static const char to[] = "\\ufffd";

  for (char *at = strstr (json, from); at != NULL; at = strstr (at, from))
    memcpy (at, to, strlen (to));
}

static JsonNode *
load_report (const char *name)
{
  g_autofree char *path = corpus_file ("figures", name, ".json.zst");
  g_autofree char *packed = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  gsize packed_size = 0, size;
  unsigned long long frame;

  g_assert_true (g_file_get_contents (path, &packed, &packed_size, NULL));
  frame = ZSTD_getFrameContentSize (packed, packed_size);
  size = frame == ZSTD_CONTENTSIZE_UNKNOWN ? 64 << 20 : (gsize)frame;
  text = g_malloc (size + 1);
  size = ZSTD_decompress (text, size, packed, packed_size);
  g_assert_false (ZSTD_isError (size));
  text[size] = '\0';
  replace_nul (text);
  json_parser_load_from_data (parser, text, (gssize)size, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

/* Members that are zero may be left out. */
static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static void
same (Case *test, const char *who, const char *what, gint64 slack, gint64 ours, gint64 theirs)
{
  if (ABS (ours - theirs) > (test->loose ? slack : 0) && test->n_wrong++ < SHOWN)
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

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static gint64
id_of (const GanderIndex *index, GanderLaneId id)
{
  GanderLane lane;

  if (id == GANDER_LANE_NONE)
    return -1;
  gander_index_get_lane (index, id, &lane);
  return lane.id;
}

static void
same_quantiles (Case *test, const char *who, const GanderQuantiles *ours, JsonObject *theirs)
{
  same (test, who, "total", 4 * (gint64)ours->count, ours->total, get_int (theirs, "total_ns"));
  same (test, who, "min", 4, ours->min, get_int (theirs, "min_ns"));
  same (test, who, "max", 4, ours->max, get_int (theirs, "max_ns"));
  same (test, who, "p50", 4, ours->p50, get_int (theirs, "p50_ns"));
  same (test, who, "p95", 4, ours->p95, get_int (theirs, "p95_ns"));
  same (test, who, "p99", 4, ours->p99, get_int (theirs, "p99_ns"));
}

static void
check_tasks (Case *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "tasks");
  GanderUserFilter filter;
  g_autoptr (GanderTasks) tasks = NULL;
  const GanderTaskRow *rows = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, test->index);
  tasks = gander_tasks_compute (test->index, &filter, NULL, NULL);
  rows = gander_tasks_get_rows (tasks, &n);
  same (test, "tasks", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *who = g_strdup_printf ("task %u", i);
      GanderTask task;

      gander_index_get_task (test->index, rows[i].row, &task);
      same (test, who, "id", 0, (gint64)task.id, get_int (object, "id"));
      same (test, who, "parent", 0, (gint64)task.parent, get_int (object, "parent"));
      same_text (test,
                 who,
                 "type",
                 gander_index_get_string (test->index, task.type),
                 get_text (object, "type"));
      same (test, who, "start", 2, task.begin, get_int (object, "start"));
      same (test, who, "end", 2, task.end, get_int (object, "end"));
      same (test,
            who,
            "complete",
            0,
            rows[i].complete,
            json_object_get_boolean_member_with_default (object, "complete", FALSE));
      same (test, who, "duration", 4, rows[i].duration, get_int (object, "dur_ns"));
      same (test,
            who,
            "creator",
            0,
            id_of (test->index, task.creator),
            get_int (object, "creator"));
      same (test, who, "ender", 0, id_of (test->index, task.ender), get_int (object, "ender"));
      same (test, who, "goroutines", 0, rows[i].n_goroutines, get_int (object, "goroutines"));
      same (test, who, "regions", 0, rows[i].n_regions, get_int (object, "regions"));
      same (test, who, "logs", 0, rows[i].n_logs, get_int (object, "logs"));
    }
}

static void
check_task_types (Case *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "task_types");
  GanderUserFilter filter;
  g_autoptr (GanderTasks) tasks = NULL;
  const GanderTaskTypeRow *types = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, test->index);
  tasks = gander_tasks_compute (test->index, &filter, NULL, NULL);
  types = gander_tasks_get_types (tasks, &n);
  same (test, "task types", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      const char *who = gander_index_get_string (test->index, types[i].type);

      same_text (test, "task types", "type", who, get_text (object, "type"));
      same (test, who, "count", 0, types[i].count, get_int (object, "count"));
      same (test, who, "incomplete", 0, types[i].n_incomplete, get_int (object, "incomplete"));
      same_quantiles (test, who, &types[i].durations, object);
    }
}

static void
check_waits (Case *test, const char *who, const GanderRegionRow *row, JsonObject *object)
{
  JsonObject *waits = json_object_get_object_member (object, "waiting");

  same (test, who, "reasons", 0, row->n_waits, waits == NULL ? 0 : json_object_get_size (waits));
  for (guint i = 0; i < row->n_waits; i++)
    {
      const char *reason = gander_index_get_string (test->index, row->waits[i].reason);
      JsonObject *sum = waits != NULL && json_object_has_member (waits, reason)
                            ? json_object_get_object_member (waits, reason)
                            : NULL;

      same (test,
            who,
            reason,
            4 * (gint64)row->transitions,
            row->waits[i].time,
            sum == NULL ? 0 : get_int (sum, "ns"));
    }
}

static void
check_region_row (Case *test, const GanderRegionRow *row, JsonObject *object)
{
  const char *who = gander_index_get_string (test->index, row->type);
  gint64 slack = 4 * (gint64)(row->transitions + row->durations.count);
  const GanderTime *time = row->split.time;

  same_text (test, "regions", "type", who, get_text (object, "type"));
  same (test, who, "g", 0, id_of (test->index, row->lane), get_int (object, "g"));
  same (test, who, "count", 0, (gint64)row->durations.count, get_int (object, "count"));
  same (test, who, "open", 0, row->n_open, get_int (object, "open"));
  same (test, who, "open_start", 0, row->n_open_start, get_int (object, "open_start"));
  same (test, who, "transitions", 0, (gint64)row->transitions, get_int (object, "transitions"));
  same_quantiles (test, who, &row->durations, object);
  same (test, who, "running", slack, time[GANDER_SPLIT_RUNNING], get_int (object, "running_ns"));
  same (test, who, "runnable", slack, time[GANDER_SPLIT_RUNNABLE], get_int (object, "runnable_ns"));
  same (test, who, "syscall", slack, time[GANDER_SPLIT_SYSCALL], get_int (object, "syscall_p_ns"));
  same (test,
        who,
        "blocking",
        slack,
        time[GANDER_SPLIT_SYSCALL_BLOCKED],
        get_int (object, "syscall_nop_ns"));
  same (test, who, "unknown", 0, time[GANDER_SPLIT_UNKNOWN], get_int (object, "unknown_ns"));
  check_waits (test, who, row, object);
}

static void
check_regions (Case *test)
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
  same (test, "regions", "number", 0, n, json_array_get_length (list));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      GanderLane lane;

      gander_index_get_lane (test->index, rows[i].lane, &lane);
      same (test,
            "regions",
            "life",
            0,
            lane.life,
            json_object_get_int_member_with_default (object, "life", 1));
      check_region_row (test, &rows[i], object);
    }
  rows = gander_regions_get_by_type (regions, &n);
  same (test, "region types", "number", 0, n, json_array_get_length (types));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (types)); i++)
    {
      JsonObject *object = json_array_get_object_element (types, i);

      same (test,
            "region types",
            "goroutines",
            0,
            rows[i].n_goroutines,
            get_int (object, "goroutines"));
      check_region_row (test, &rows[i], object);
    }
}

static void
check_logs (Case *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "logs");
  guint32 n = gander_index_get_n_logs (test->index);

  same (test, "logs", "number", 0, n, get_int (test->report, "logs_total"));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (list)); i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *who = g_strdup_printf ("log %u", i);
      GanderLog log;

      gander_index_get_log (test->index, i, &log);
      same (test, who, "t", 2, log.time, get_int (object, "t"));
      same (test, who, "g", 0, id_of (test->index, log.lane), get_int (object, "g"));
      same (test, who, "task", 0, (gint64)log.task, get_int (object, "task"));
      same_text (test,
                 who,
                 "category",
                 gander_index_get_string (test->index, log.category),
                 get_text (object, "category"));
      same_text (test,
                 who,
                 "message",
                 gander_index_get_string (test->index, log.message),
                 get_text (object, "message"));
    }
}

static void
test_trace (gconstpointer data)
{
  const char *name = data;
  g_autoptr (GanderIndex) index = load (name);
  g_autoptr (JsonNode) root = load_report (name);
  Case test = { .index = index, .report = json_node_get_object (root) };

  test.loose = gander_index_get_facts (index)->n_threads > MANY_THREADS;
  check_tasks (&test);
  check_task_types (&test);
  check_regions (&test);
  check_logs (&test);
  n_agree += test.n_wrong == 0;
  g_assert_cmpuint (test.n_wrong, ==, 0);
}

/* The traces that have a report and a format that is read. */
static void
add_traces (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "corpus", "figures", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  g_assert_nonnull (dir);
  for (file = g_dir_read_name (dir); file != NULL; file = g_dir_read_name (dir))
    if (g_str_has_suffix (file, ".json.zst"))
      {
        char *name = g_strndup (file, strlen (file) - strlen (".json.zst"));
        g_autofree char *path = g_strconcat ("/analysis/tasks/figures/", name, NULL);

        n_traces++;
        g_test_add_data_func_full (path, name, test_trace, g_free);
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
