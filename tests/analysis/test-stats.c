/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <zstd.h>

/* What the summary and the tables say of every trace in tests/corpus equals the reference reports
 * in tests/corpus/figures: whole-trace occupancy, groups, single goroutines, collections and
 * pauses. Then laws that hold for any range.
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

/* The frame of a report says how large it is. */
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
  text = g_malloc (size);
  size = ZSTD_decompress (text, size, packed, packed_size);
  g_assert_false (ZSTD_isError (size));
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

/* Sums of the report's "waiting" over reasons that mean @wait. */
static void
sum_waits (JsonObject *times, GanderWait wait, gint64 *ns, gint64 *count)
{
  JsonObject *waits = json_object_get_object_member (times, "waiting");
  g_autoptr (GList) reasons = json_object_get_members (waits);

  *ns = *count = 0;
  for (GList *reason = reasons; reason != NULL; reason = reason->next)
    if (gander_wait_from_reason (reason->data) == wait)
      {
        JsonObject *sum = json_object_get_object_member (waits, reason->data);

        *ns += get_int (sum, "ns");
        *count += get_int (sum, "count");
      }
}

static gint64
n_intervals (const GanderTimes *times)
{
  return (gint64)(times->n_running + times->n_runnable + times->n_syscall +
                  gander_times_get_n_waiting (times));
}

static void
same_times (Case *test, const char *who, const GanderTimes *times, JsonObject *report)
{
  gint64 n = n_intervals (times);

  same (test, who, "running", n, times->running, get_int (report, "running_ns"));
  same (test, who, "runnable", n, times->runnable, get_int (report, "runnable_ns"));
  same (test, who, "syscall", n, times->syscall, get_int (report, "syscall_p_ns"));
  same (test, who, "blocking", n, times->syscall_blocked, get_int (report, "syscall_nop_ns"));
  same (test, who, "unknown", n, times->unknown, get_int (report, "unknown_ns"));
  same (test, who, "total", n, times->total, get_int (report, "total_ns"));
  same (test, who, "n running", 0, (gint64)times->n_running, get_int (report, "n_running"));
  same (test, who, "n runnable", 0, (gint64)times->n_runnable, get_int (report, "n_runnable"));
  same (test, who, "n syscall", 0, (gint64)times->n_syscall, get_int (report, "n_syscall"));
  same (test,
        who,
        "n blocking",
        0,
        (gint64)times->n_syscall_blocked,
        get_int (report, "n_syscall_nop"));
  for (guint wait = 0; wait < GANDER_N_WAITS; wait++)
    {
      gint64 ns, count;
      const char *word = gander_describe_wait ((GanderWait)wait);

      sum_waits (report, (GanderWait)wait, &ns, &count);
      same (test, who, word, n, times->waiting[wait], ns);
      same (test, who, word, 0, (gint64)times->n_waiting[wait], count);
    }
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
  same_times (test, "all", &s.times, json_object_get_object_member (test->report, "occupancy"));
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

static gint64
cell (const GanderTable *table, guint row, const char *column)
{
  return gander_table_get_integer (table, row, (guint)gander_table_find_column (table, column));
}

static const struct
{
  const char *column;
  const char *member;
} group_columns[] = {
  { "goroutines", "count" },
  { "total", "total_ns" },
  { "running", "execution_ns" },
  { "sched-wait", "sched_wait_ns" },
  { "sync-block", "sync_block_ns" },
  { "network-wait", "network_wait_ns" },
  { "syscall", "syscall_execution_ns" },
  { "blocking-syscall", "blocking_syscall_ns" },
  { "unknown", "unknown_ns" },
  { "runs", "n_running" },
  { "sched-waits", "n_runnable" },
  { "syscalls", "n_syscall" },
  { "longest-wait", "longest_wait_ns" },
};

static JsonObject *
find_group (JsonArray *groups, const char *name)
{
  for (guint i = 0; i < json_array_get_length (groups); i++)
    {
      JsonObject *group = json_array_get_object_element (groups, i);

      if (g_str_equal (json_object_get_string_member_with_default (group, "name", ""), name))
        return group;
    }
  return NULL;
}

static void
check_groups (Case *test)
{
  JsonArray *groups = json_object_get_array_member (test->report, "groups");
  g_autoptr (GanderTable) table =
      gander_stats_compute (test->index,
                            GANDER_STATS_BY_FUNCTION,
                            0,
                            gander_index_get_facts (test->index)->duration,
                            NULL,
                            NULL);
  guint name_column = (guint)gander_table_find_column (table, "function");

  same (test,
        "groups",
        "number",
        0,
        gander_table_get_n_rows (table),
        json_array_get_length (groups));
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      const char *name = gander_table_get_text (table, row, name_column);
      JsonObject *group = find_group (groups, name);
      gint64 n = cell (table, row, "runs") + cell (table, row, "sched-waits") +
                 cell (table, row, "waits") + cell (table, row, "syscalls");

      if (group == NULL)
        {
          same (test, name, "is a group", 0, 1, 0);
          continue;
        }
      for (gsize i = 0; i < G_N_ELEMENTS (group_columns); i++)
        same (test,
              name,
              group_columns[i].column,
              n,
              cell (table, row, group_columns[i].column),
              get_int (group, group_columns[i].member));
    }
}

static void
check_goroutines (Case *test)
{
  JsonArray *list = json_object_get_array_member (test->report, "goroutines");
  GanderTime duration = gander_index_get_facts (test->index)->duration;
  g_autoptr (GHashTable) lanes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (test->index, GANDER_LANE_GOROUTINE, &first, &n);
  same (test, "goroutines", "number", 0, n, json_array_get_length (list));
  for (GanderLaneId lane = first; lane < first + n; lane++)
    {
      GanderLane facts;

      gander_index_get_lane (test->index, lane, &facts);
      g_hash_table_insert (lanes,
                           g_strdup_printf ("G%" G_GINT64_FORMAT ".%u", facts.id, facts.life),
                           GUINT_TO_POINTER (lane));
    }
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *goroutine = json_array_get_object_element (list, i);
      g_autofree char *who =
          g_strdup_printf ("G%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                           get_int (goroutine, "id"),
                           json_object_get_int_member_with_default (goroutine, "life", 1));
      gpointer lane;
      GanderTimes times = { 0 };

      if (!g_hash_table_lookup_extended (lanes, who, NULL, &lane))
        {
          same (test, who, "is there", 0, 0, 1);
          continue;
        }
      gander_times_add_lane (&times, test->index, GPOINTER_TO_UINT (lane), 0, duration);
      same_times (test, who, &times, goroutine);
      same (test,
            who,
            "longest wait",
            1,
            times.longest_wait,
            get_int (goroutine, "longest_wait_ns"));
      same (test,
            who,
            "longest runnable",
            1,
            times.longest_runnable,
            get_int (goroutine, "longest_runnable_ns"));
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
  check_summary (&test);
  check_groups (&test);
  check_goroutines (&test);
  n_agree += test.n_wrong == 0;
  g_assert_cmpuint (test.n_wrong, ==, 0);
}

/* For any cut, the times on both sides add up to the whole, and every side to its length. */
static void
test_ranges (void)
{
  static const char *const names[] = { "v126-gcgens", "v125-cgo", "v122-syscalls" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GanderIndex) index = load (names[i]);
      GanderTime duration = gander_index_get_facts (index)->duration;
      GanderLaneId first;
      guint32 n;

      gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
      for (guint round = 0; round < 2000; round++)
        {
          GanderLaneId lane = first + (GanderLaneId)g_test_rand_int_range (0, (gint32)n);
          GanderTime cut = (GanderTime)((double)duration * g_test_rand_double ());
          GanderTimes whole = { 0 }, before = { 0 }, after = { 0 };

          gander_times_add_lane (&whole, index, lane, 0, duration);
          gander_times_add_lane (&before, index, lane, 0, cut);
          gander_times_add_lane (&after, index, lane, cut, duration);
          g_assert_cmpint (before.running + after.running, ==, whole.running);
          g_assert_cmpint (before.runnable + after.runnable, ==, whole.runnable);
          g_assert_cmpint (before.total + after.total, ==, whole.total);
          g_assert_cmpint (gander_times_get_waiting (&before) + gander_times_get_waiting (&after),
                           ==,
                           gander_times_get_waiting (&whole));
          g_assert_cmpint (after.running + after.runnable + gander_times_get_waiting (&after) +
                               after.syscall + after.syscall_blocked + after.unknown,
                           ==,
                           after.total);
        }
    }
}

static void
test_cancel (void)
{
  g_autoptr (GanderIndex) index = load ("v126-many");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) stats_error = NULL;
  g_autoptr (GError) summary_error = NULL;
  GanderSummary summary;

  g_cancellable_cancel (cancellable);
  for (guint by = 0; by < GANDER_N_STATS_BY; by++)
    {
      g_clear_error (&stats_error);
      g_assert_null (gander_stats_compute (index,
                                           (GanderStatsBy)by,
                                           0,
                                           G_MAXINT64,
                                           cancellable,
                                           &stats_error));
      g_assert_error (stats_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_assert_false (
      gander_summary_compute (index, 0, G_MAXINT64, &summary, cancellable, &summary_error));
  g_assert_error (summary_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
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
        g_autofree char *path = g_strconcat ("/analysis/stats/figures/", name, NULL);

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
  g_test_add_func ("/analysis/stats/ranges", test_ranges);
  g_test_add_func ("/analysis/stats/cancel", test_cancel);
  status = g_test_run ();
  g_print ("# agree %u of %u\n", n_agree, n_traces);
  return status;
}
