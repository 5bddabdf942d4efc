/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "analysis/histogram.h"
#include "tests/support/corpus.h"
#include "tests/support/random-trace.h"
#include "tests/support/trace-builder.h"

#include <glib/gstdio.h>
#include <string.h>

/* What holds of tasks, regions and logs on any trace and for any part of it: on those of
 * tests/corpus that have any, whole and cut short, and on simulated runs. Then small traces whose
 * figures are worked out by hand.
 */

#define N_RANDOM 30
#define N_CUTS   6
#define N_TASKS  200 /* that are looked at one by one in a trace */

static const char *const corpus[] = { "v122-regions", "v123-allocfree", "v125-cgo",
                                      "v125-flight",  "v126-tasks",     "v126-second",
                                      "v126-regions" };

/* What regions of one type did, the slow way: region by region, with queries about each. */
typedef struct
{
  guint64 count;
  GanderSplit split;
  GanderTime *waits; /* per string */
  guint64 transitions;
} Sums;

static void
add_mix (GanderSplit *split, const GanderMix *mix, const GanderTime *blocked)
{
  split->time[GANDER_SPLIT_RUNNING] += mix->time[GANDER_STATE_RUNNING] +
                                       mix->time[GANDER_STATE_GC_WORK] +
                                       mix->time[GANDER_STATE_GC_ASSIST];
  split->time[GANDER_SPLIT_RUNNABLE] += mix->time[GANDER_STATE_RUNNABLE];
  split->time[GANDER_SPLIT_SYSCALL] += mix->time[GANDER_STATE_SYSCALL];
  split->time[GANDER_SPLIT_SYSCALL_BLOCKED] += mix->time[GANDER_STATE_SYSCALL_BLOCKED];
  split->time[GANDER_SPLIT_UNKNOWN] +=
      mix->time[GANDER_STATE_UNKNOWN] + mix->time[GANDER_STATE_NONE];
  for (guint i = GANDER_SPLIT_SYNC; i <= GANDER_SPLIT_OTHER; i++)
    split->time[i] += blocked[i];
}

static GanderSplitPart
part_of (const GanderIndex *index, GanderStringId reason)
{
  if (gander_times_is_sync_reason (index, reason))
    return GANDER_SPLIT_SYNC;
  switch (gander_index_get_wait (index, reason))
    {
    case GANDER_WAIT_NETWORK:
      return GANDER_SPLIT_NETWORK;
    case GANDER_WAIT_SLEEP:
      return GANDER_SPLIT_SLEEP;
    case GANDER_WAIT_GC:
      return GANDER_SPLIT_GC;
    default:
      return GANDER_SPLIT_OTHER;
    }
}

/* @open_begin: what the goroutine was created by is inside, too. */
static void
add_slowly (const GanderIndex *index,
            GanderLaneId id,
            GanderTime begin,
            GanderTime end,
            gboolean open_begin,
            Sums *sums)
{
  GanderTime blocked[GANDER_N_SPLITS] = { 0 };
  GanderLane lane;
  GanderSpanIter iter;
  GanderSpan span;
  GanderMix mix;

  gander_index_get_lane (index, id, &lane);
  gander_span_iter_init (&iter, index, id, begin, end);
  while (gander_span_iter_next (&iter, &span))
    {
      gboolean was_there = span.ordinal == 0 && (lane.flags & GANDER_LANE_EXISTED) != 0;
      gboolean continues = (span.flags & GANDER_SPAN_CONTINUES) != 0;
      gboolean inside = span.begin > begin || (open_begin && span.begin == begin);
      if (inside && !was_there && !continues)
        sums->transitions++;
      if (span.state != GANDER_STATE_BLOCKED)
        continue;
      blocked[part_of (index, span.reason)] += MIN (span.end, end) - MAX (span.begin, begin);
      sums->waits[span.reason] += MIN (span.end, end) - MAX (span.begin, begin);
    }
  if (end == lane.end && (lane.flags & GANDER_LANE_ALIVE) == 0)
    sums->transitions++;
  gander_query_mix (index, id, begin, end, &mix);
  add_mix (&sums->split, &mix, blocked);
}

static void
sum_slowly (const GanderIndex *index,
            const GanderUserFilter *filter,
            GanderStringId type,
            Sums *out)
{
  *out = (Sums){ .waits = g_new0 (GanderTime, gander_index_get_n_strings (index)) };
  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      GanderRegion region;
      GanderTime begin, end;

      gander_index_get_region (index, i, &region);
      begin = MAX (region.begin, filter->begin);
      end = MIN (region.end, filter->end);
      if (region.type != type || begin >= end || region.end - region.begin < filter->min_duration)
        continue;
      out->count++;
      add_slowly (index,
                  region.lane,
                  begin,
                  end,
                  (region.flags & GANDER_SPAN_OPEN_BEGIN) != 0,
                  out);
    }
}

static void
assert_same_split (const GanderSplit *a, const GanderSplit *b)
{
  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    g_assert_cmpint (a->time[i], ==, b->time[i]);
}

static GanderTime
sum_of (const GanderSplit *split)
{
  GanderTime sum = 0;

  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    sum += split->time[i];
  return sum;
}

static GanderRegions *
get_regions (const GanderIndex *index, const GanderUserFilter *filter)
{
  g_autoptr (GError) error = NULL;
  GanderRegions *regions = gander_regions_compute (index, filter, NULL, &error);

  g_assert_no_error (error);
  return regions;
}

static GanderTasks *
get_tasks (const GanderIndex *index, const GanderUserFilter *filter)
{
  g_autoptr (GError) error = NULL;
  GanderTasks *tasks = gander_tasks_compute (index, filter, NULL, &error);

  g_assert_no_error (error);
  return tasks;
}

/* What a row says in two ways. */
static void
check_region_row (const GanderIndex *index, const GanderRegionRow *row, gboolean whole)
{
  GanderTime parts[GANDER_N_SPLITS] = { 0 };

  for (guint i = 0; i < row->n_waits; i++)
    {
      g_assert_cmpint (row->waits[i].time, >, 0);
      if (i > 0)
        g_assert_cmpint (g_strcmp0 (gander_index_get_string (index, row->waits[i - 1].reason),
                                    gander_index_get_string (index, row->waits[i].reason)),
                         <,
                         0);
      parts[part_of (index, row->waits[i].reason)] += row->waits[i].time;
    }
  for (guint i = GANDER_SPLIT_SYNC; i <= GANDER_SPLIT_OTHER; i++)
    g_assert_cmpint (row->split.time[i], ==, parts[i]);
  if (whole)
    g_assert_cmpint (sum_of (&row->split), ==, row->durations.total);
  else
    g_assert_cmpint (sum_of (&row->split), <=, row->durations.total);
}

static void
check_type (const GanderIndex *index, const GanderUserFilter *filter, const GanderRegionRow *row)
{
  Sums sums;

  sum_slowly (index, filter, row->type, &sums);
  g_assert_cmpuint (row->durations.count, ==, sums.count);
  g_assert_cmpuint (row->transitions, ==, sums.transitions);
  assert_same_split (&row->split, &sums.split);
  for (guint i = 0; i < row->n_waits; i++)
    {
      g_assert_cmpint (row->waits[i].time, ==, sums.waits[row->waits[i].reason]);
      sums.waits[row->waits[i].reason] = 0;
    }
  for (guint32 i = 0; i < gander_index_get_n_strings (index); i++)
    g_assert_cmpint (sums.waits[i], ==, 0);
  g_free (sums.waits);
}

/* Rows per type are sums over goroutines, and equal what queries say of each region. */
static void
check_regions (const GanderIndex *index, const GanderUserFilter *filter)
{
  g_autoptr (GanderRegions) regions = get_regions (index, filter);
  gboolean whole = filter->begin == 0 && filter->end == gander_index_get_facts (index)->duration;
  const GanderRegionRow *rows = NULL;
  guint32 n = 0;
  guint64 counts[2] = { 0 };

  rows = gander_regions_get_by_goroutine (regions, &n);
  for (guint32 i = 0; i < n; i++)
    {
      check_region_row (index, &rows[i], whole);
      counts[0] += rows[i].durations.count;
    }
  rows = gander_regions_get_by_type (regions, &n);
  for (guint32 i = 0; i < n; i++)
    {
      guint32 n_durations = 0;
      const GanderTime *durations = gander_regions_get_durations (regions, i, &n_durations);

      check_region_row (index, &rows[i], whole);
      check_type (index, filter, &rows[i]);
      counts[1] += rows[i].durations.count;
      g_assert_cmpuint (n_durations, ==, rows[i].durations.count);
      for (guint32 j = 1; j < n_durations; j++)
        g_assert_cmpint (durations[j - 1], <=, durations[j]);
    }
  g_assert_cmpuint (counts[0], ==, counts[1]);
  if (whole && filter->min_duration == 0)
    g_assert_cmpuint (counts[0], ==, gander_index_get_n_regions (index));
}

/* The time of a task without children is that of the part of the trace that it is. */
static void
check_task (const GanderIndex *index, const GanderUserFilter *filter, const GanderTaskRow *row)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, filter->begin, filter->end);
  Sums sums = { .waits = g_new0 (GanderTime, gander_index_get_n_strings (index)) };
  GanderScopeIter iter;
  GanderPiece piece;
  GanderTask task;

  gander_index_get_task (index, row->row, &task);
  gander_scope_keep_tasks (scope, NULL, task.id);
  gander_scope_iter_init (&iter, scope);
  while (gander_scope_iter_next (&iter, &piece))
    add_slowly (index, piece.lane, piece.begin, piece.end, FALSE, &sums);
  assert_same_split (&row->split, &sums.split);
  g_free (sums.waits);
}

/* How many tasks of a type are there when one of them begins, the slow way. */
static guint32
find_peak (const GanderIndex *index, const GanderTasks *tasks, GanderStringId type)
{
  guint32 n = 0;
  guint32 peak = 0;
  const GanderTaskRow *rows = gander_tasks_get_rows (tasks, &n);

  for (guint32 i = 0; i < n; i++)
    {
      GanderTask one, other;
      guint32 there = 0;

      gander_index_get_task (index, rows[i].row, &one);
      if (one.type != type)
        continue;
      for (guint32 j = 0; j < n; j++)
        {
          gander_index_get_task (index, rows[j].row, &other);
          there += other.type == type && MAX (other.begin, 0) <= MAX (one.begin, 0) &&
                   MAX (other.begin, 0) + rows[j].duration > MAX (one.begin, 0);
        }
      peak = MAX (peak, there);
    }
  return peak;
}

static void
check_tasks (const GanderIndex *index, const GanderUserFilter *filter)
{
  g_autoptr (GanderTasks) tasks = get_tasks (index, filter);
  guint32 n = 0;
  guint32 n_types = 0;
  const GanderTaskRow *rows = gander_tasks_get_rows (tasks, &n);
  const GanderTaskTypeRow *types = gander_tasks_get_types (tasks, &n_types);
  g_autofree guint32 *counts = g_new0 (guint32, MAX (n_types, 1));
  g_autofree GanderSplit *splits = g_new0 (GanderSplit, MAX (n_types, 1));

  for (guint32 i = 0; i < n; i++)
    {
      GanderTask task;
      guint32 type = 0;

      gander_index_get_task (index, rows[i].row, &task);
      while (types[type].type != task.type)
        type++;
      counts[type]++;
      gander_split_add (&splits[type], &rows[i].split);
      if (rows[i].n_children == 0 &&
          (n <= N_TASKS || g_test_rand_int_range (0, (gint32)n) < N_TASKS))
        check_task (index, filter, &rows[i]);
    }
  for (guint32 i = 0; i < n_types; i++)
    {
      guint32 n_durations = 0;

      gander_tasks_get_durations (tasks, i, &n_durations);
      g_assert_cmpuint (counts[i], ==, types[i].count);
      g_assert_cmpuint (n_durations + types[i].n_incomplete, ==, types[i].count);
      g_assert_cmpuint (types[i].n_incomplete, <=, types[i].n_open + types[i].n_orphan);
      assert_same_split (&splits[i], &types[i].split);
      if (n < 1000)
        g_assert_cmpuint (types[i].peak, ==, find_peak (index, tasks, types[i].type));
    }
}

/* Types are the same without the rows per goroutine. */
static void
check_types_alone (const GanderIndex *index, const GanderUserFilter *filter)
{
  g_autoptr (GanderRegions) regions = get_regions (index, filter);
  g_autoptr (GanderRegions) types = gander_regions_compute_types (index, filter, NULL, NULL);
  guint32 n[3] = { 0 };
  const GanderRegionRow *a = gander_regions_get_by_type (regions, &n[0]);
  const GanderRegionRow *b = gander_regions_get_by_type (types, &n[1]);

  gander_regions_get_by_goroutine (types, &n[2]);
  g_assert_cmpuint (n[0], ==, n[1]);
  g_assert_cmpuint (n[2], ==, 0);
  for (guint32 i = 0; i < n[0]; i++)
    {
      g_assert_cmpuint (a[i].type, ==, b[i].type);
      g_assert_cmpuint (a[i].n_goroutines, ==, b[i].n_goroutines);
      g_assert_cmpuint (a[i].n_open, ==, b[i].n_open);
      g_assert_cmpuint (a[i].n_open_start, ==, b[i].n_open_start);
      g_assert_cmpuint (a[i].transitions, ==, b[i].transitions);
      g_assert_true (memcmp (&a[i].durations, &b[i].durations, sizeof a->durations) == 0);
      assert_same_split (&a[i].split, &b[i].split);
      g_assert_cmpuint (a[i].n_waits, ==, b[i].n_waits);
      for (guint j = 0; j < a[i].n_waits; j++)
        {
          g_assert_cmpuint (a[i].waits[j].reason, ==, b[i].waits[j].reason);
          g_assert_cmpint (a[i].waits[j].time, ==, b[i].waits[j].time);
        }
    }
}

static GanderRegionRow *
find_region_row (const GanderRegions *regions, GanderStringId type)
{
  guint32 n = 0;
  const GanderRegionRow *rows = gander_regions_get_by_type (regions, &n);

  for (guint32 i = 0; i < n; i++)
    if (rows[i].type == type)
      return (GanderRegionRow *)&rows[i];
  return NULL;
}

/* Where time went before @cut and after it is where it went. */
static void
check_cut (const GanderIndex *index, GanderTime cut)
{
  GanderUserFilter whole, before, after;
  g_autoptr (GanderRegions) all = NULL;
  g_autoptr (GanderRegions) first = NULL;
  g_autoptr (GanderRegions) second = NULL;
  const GanderRegionRow *rows = NULL;
  guint32 n = 0;

  gander_user_filter_init (&whole, index);
  before = after = whole;
  before.end = after.begin = cut;
  all = get_regions (index, &whole);
  first = get_regions (index, &before);
  second = get_regions (index, &after);
  check_regions (index, &before);
  check_tasks (index, &after);
  rows = gander_regions_get_by_type (all, &n);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderRegionRow *a = find_region_row (first, rows[i].type);
      const GanderRegionRow *b = find_region_row (second, rows[i].type);
      GanderSplit sum = { 0 };

      if (a != NULL)
        gander_split_add (&sum, &a->split);
      if (b != NULL)
        gander_split_add (&sum, &b->split);
      assert_same_split (&sum, &rows[i].split);
      g_assert_cmpuint ((a == NULL ? 0 : a->transitions) + (b == NULL ? 0 : b->transitions),
                        ==,
                        rows[i].transitions);
    }
}

static void
check_logs (const GanderIndex *index)
{
  GanderUserFilter filter;
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime cut = duration / 3;
  guint n = 0;

  for (guint half = 0; half < 2; half++)
    {
      g_autoptr (GanderTable) table = NULL;
      gander_user_filter_init (&filter, index);
      filter.begin = half == 0 ? 0 : cut;
      filter.end = half == 0 ? cut : duration;
      table = gander_logs_compute (index, &filter, NULL, NULL);
      n += gander_table_get_n_rows (table);
    }
  g_assert_cmpuint (n, ==, gander_index_get_n_logs (index));
}

/* All laws, on one trace. */
static void
check_index (const GanderIndex *index)
{
  GanderUserFilter filter;
  GanderTime duration = gander_index_get_facts (index)->duration;

  gander_user_filter_init (&filter, index);
  check_regions (index, &filter);
  check_types_alone (index, &filter);
  check_tasks (index, &filter);
  check_logs (index);
  filter.min_duration = duration / 1000;
  check_regions (index, &filter);
  check_types_alone (index, &filter);
  for (guint i = 0; i < N_CUTS; i++)
    check_cut (index, (GanderTime)((double)duration * g_test_rand_double ()));
}

static void
test_corpus (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);

  g_assert_cmpuint (gander_index_get_n_regions (index) + gander_index_get_n_tasks (index), >, 0);
  check_index (index);
}

static void
test_random (void)
{
  guint64 n_regions = 0;

  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autoptr (GanderRandomTrace) trace =
          gander_random_trace_new ((guint32)g_test_rand_int (), 12, 3000);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);

      n_regions += gander_index_get_n_regions (index);
      check_index (index);
    }
  g_assert_cmpuint (n_regions, >, 0);
}

/* What is left of a damaged trace adds up as well. */
static void
test_damaged (void)
{
  static const char *const names[] = { "v122-tasks", "v126-regions", "v125-flight" };
  guint n_read = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_corpus_get_path (names[i]);
      const GanderLoadOptions options = { .no_cache = TRUE };
      g_autofree char *packed = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GanderIndex) index = NULL;
      g_autofree char *copy = NULL;
      gsize size = 0;
      int fd;

      g_file_get_contents (path, &packed, &size, &error);
      g_assert_no_error (error);
      fd = g_file_open_tmp ("gander-tasks-XXXXXX.zst", &copy, &error);
      g_assert_no_error (error);
      g_close (fd, NULL);
      g_file_set_contents (copy, packed, (gssize)(size * 2 / 3), &error);
      g_assert_no_error (error);
      index = gander_load (copy, &options, NULL, NULL, &error);
      g_remove (copy);
      if (index == NULL)
        continue;
      g_assert_cmpuint (gander_index_get_n_damage (index), >, 0);
      n_read += gander_index_get_n_regions (index) > 0;
      check_index (index);
    }
  g_assert_cmpuint (n_read, >, 0);
}

#define NS G_GUINT64_CONSTANT (1000000000)
#define T0 1000 /* of the traces built here */

enum
{
  STRING_SYNC = 1,
  STRING_REGION,
  STRING_TASK,
  STRING_CATEGORY,
  STRING_MESSAGE,
};

static void
put_strings (TraceBuilder *b)
{
  trace_builder_begin (b, 1, TRACE_BUILDER_NO_THREAD, T0);
  PUT (b, 4);
  trace_builder_string (b, STRING_SYNC, "sync");
  trace_builder_string (b, STRING_REGION, "region");
  trace_builder_string (b, STRING_TASK, "task");
  trace_builder_string (b, STRING_CATEGORY, "category");
  trace_builder_string (b, STRING_MESSAGE, "message");
  trace_builder_end (b);
}

/* Example 6 of the definitions: G1 is in a region from 100 to 500, and until 150 it runs, until 400
 * it waits for "sync", until 420 for a processor, then it runs. At 900, a task begins or ends. The
 * trace ends at 2,000. */
static GanderIndex *
build_example (gboolean begins)
{
  TraceBuilder b;
  GanderIndex *index = NULL;

  trace_builder_init (&b, 22);
  trace_builder_clock (&b, 1, T0, NS);
  put_strings (&b);
  trace_builder_begin (&b, 1, 100, T0);
  PUT (&b, 13, 1, 0, 1);                 /* 1: P0 is running */
  PUT (&b, 25, 1, 1, 100, 2);            /* 2: G1 is running */
  PUT (&b, 42, 98, 0, STRING_REGION, 0); /* 100: the region begins */
  PUT (&b, 20, 50, STRING_SYNC, 0);      /* 150: G1 blocks */
  PUT (&b, 16, 270, 1, 2);               /* 420: G1 starts */
  PUT (&b, 43, 80, 0, STRING_REGION, 0); /* 500: the region ends */
  if (begins)
    PUT (&b, 40, 400, 7, 0, STRING_TASK, 0); /* 900: task 7 begins */
  else
    PUT (&b, 41, 400, 7, 0); /* 900: task 7 ends */
  trace_builder_end (&b);
  trace_builder_begin (&b, 1, 101, T0);
  PUT (&b, 13, 10, 1, 1);                                    /* 10: P1 is running */
  PUT (&b, 25, 1, 2, 101, 2);                                /* 11: G2 is running */
  PUT (&b, 21, 389, 1, 1, 0);                                /* 400: it wakes G1 */
  PUT (&b, 44, 1599, 0, STRING_CATEGORY, STRING_MESSAGE, 0); /* 1,999: the last event */
  trace_builder_end (&b);
  trace_builder_end_generation (&b);
  index = test_corpus_load_bytes (b.bytes->data, b.bytes->len);
  trace_builder_clear (&b);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  g_assert_cmpint (gander_index_get_facts (index)->duration, ==, 2000);
  return index;
}

static void
test_example_region (void)
{
  g_autoptr (GanderIndex) index = build_example (TRUE);
  GanderUserFilter filter;
  g_autoptr (GanderRegions) regions = NULL;
  const GanderRegionRow *rows = NULL;
  guint32 n = 0;

  gander_user_filter_init (&filter, index);
  regions = get_regions (index, &filter);
  rows = gander_regions_get_by_goroutine (regions, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (rows->durations.total, ==, 400);
  g_assert_cmpint (rows->split.time[GANDER_SPLIT_RUNNING], ==, 130);
  g_assert_cmpint (rows->split.time[GANDER_SPLIT_SYNC], ==, 250);
  g_assert_cmpint (rows->split.time[GANDER_SPLIT_RUNNABLE], ==, 20);
  g_assert_cmpuint (rows->transitions, ==, 3);
  g_assert_cmpuint (rows->n_waits, ==, 1);
  g_assert_cmpstr (gander_index_get_string (index, rows->waits->reason), ==, "sync");
  check_index (index);
}

static void
test_example_task (void)
{
  for (guint begins = 0; begins < 2; begins++)
    {
      g_autoptr (GanderIndex) index = build_example (begins != 0);
      GanderUserFilter filter;
      g_autoptr (GanderTasks) tasks = NULL;
      const GanderTaskRow *rows = NULL;
      const GanderTaskTypeRow *types = NULL;
      GanderTask task;
      guint32 n = 0;

      gander_user_filter_init (&filter, index);
      tasks = get_tasks (index, &filter);
      rows = gander_tasks_get_rows (tasks, &n);
      g_assert_cmpuint (n, ==, 2); /* task 0 has the region and the log */
      g_assert_cmpuint (rows[0].n_goroutines, ==, 2);
      g_assert_cmpuint (rows[0].n_regions, ==, 1);
      g_assert_cmpuint (rows[0].n_logs, ==, 1);
      gander_index_get_task (index, rows[1].row, &task);
      g_assert_cmpuint (task.id, ==, 7);
      g_assert_cmpint (task.begin, ==, begins ? 900 : -1);
      g_assert_cmpint (task.end, ==, begins ? -1 : 900);
      g_assert_false (rows[1].complete);
      g_assert_cmpint (rows[1].duration, ==, begins ? 1100 : 900);
      types = gander_tasks_get_types (tasks, &n);
      g_assert_cmpuint (n, ==, begins ? 2 : 1);
      g_assert_cmpuint (types[n - 1].n_open, ==, begins ? 1 : 1);
      g_assert_cmpuint (types[n - 1].n_orphan, ==, begins ? 0 : 2);
    }
}

/* A goroutine that does the work of a task without saying where is seen all the same, and time in
 * two regions of a task counts once. */
static void
test_own_time (void)
{
  TraceBuilder b;
  g_autoptr (GanderIndex) index = NULL;
  GanderUserFilter filter;
  g_autoptr (GanderTasks) tasks = NULL;
  const GanderTaskRow *rows = NULL;
  guint32 n = 0;

  trace_builder_init (&b, 22);
  trace_builder_clock (&b, 1, T0, NS);
  put_strings (&b);
  trace_builder_begin (&b, 1, 100, T0);
  PUT (&b, 13, 1, 0, 1);
  PUT (&b, 25, 1, 1, 100, 2);
  PUT (&b, 40, 98, 1, 0, STRING_TASK, 0);  /* 100: task 1 begins */
  PUT (&b, 41, 100, 1, 0);                 /* 200: and ends */
  PUT (&b, 40, 100, 2, 1, STRING_TASK, 0); /* 300: task 2, a child of it, begins */
  PUT (&b, 42, 100, 2, STRING_REGION, 0);  /* 400: a region of it */
  PUT (&b, 42, 100, 2, STRING_REGION, 0);  /* 500: and another inside */
  PUT (&b, 43, 100, 2, STRING_REGION, 0);  /* 600 */
  PUT (&b, 43, 100, 2, STRING_REGION, 0);  /* 700 */
  PUT (&b, 44, 299, 0, STRING_CATEGORY, STRING_MESSAGE, 0);
  trace_builder_end (&b);
  trace_builder_end_generation (&b);
  index = test_corpus_load_bytes (b.bytes->data, b.bytes->len);
  trace_builder_clear (&b);
  gander_user_filter_init (&filter, index);
  tasks = get_tasks (index, &filter);
  rows = gander_tasks_get_rows (tasks, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (rows[1].split.time[GANDER_SPLIT_RUNNING], ==, 100);
  g_assert_cmpuint (rows[1].n_children, ==, 1);
  g_assert_cmpint (rows[2].split.time[GANDER_SPLIT_RUNNING], ==, 300);
  g_assert_cmpuint (rows[2].n_regions, ==, 2);
  check_index (index);
}

static void
test_filters (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GRegex) regex = g_regex_new ("^sub", 0, 0, NULL);
  g_autoptr (GRegex) message = g_regex_new ("n=1$", 0, 0, NULL);
  g_autoptr (GanderTasks) tasks = NULL;
  g_autoptr (GanderTable) logs = NULL;
  GanderUserFilter filter;
  const GanderTaskRow *rows = NULL;
  guint32 n = 0;
  guint expected = 0;

  gander_user_filter_init (&filter, index);
  filter.name = regex;
  filter.min_duration = 2000;
  tasks = get_tasks (index, &filter);
  rows = gander_tasks_get_rows (tasks, &n);
  for (guint32 i = 0; i < gander_index_get_n_tasks (index); i++)
    {
      GanderTask task;
      gander_index_get_task (index, i, &task);
      expected += g_str_equal (gander_index_get_string (index, task.type), "subquery") &&
                  task.end - task.begin >= 2000;
    }
  g_assert_cmpuint (expected, >, 0);
  g_assert_cmpuint (n, ==, expected);
  for (guint32 i = 0; i < n; i++)
    g_assert_cmpint (rows[i].duration, >=, 2000);
  filter.name = message;
  logs = gander_logs_compute (index, &filter, NULL, NULL);
  expected = 0;
  for (guint32 i = 0; i < gander_index_get_n_logs (index); i++)
    {
      GanderLog log;
      gander_index_get_log (index, i, &log);
      expected += g_str_has_suffix (gander_index_get_string (index, log.message), "n=1");
    }
  g_assert_cmpuint (expected, >, 0);
  g_assert_cmpuint (gander_table_get_n_rows (logs), ==, expected);
}

static void
test_find (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-regions");
  guint32 row = 0;

  for (guint32 i = 0; i < gander_index_get_n_tasks (index); i++)
    {
      GanderTask task;
      gander_index_get_task (index, i, &task);
      g_assert_true (gander_tasks_find (index, task.id, &row));
      g_assert_cmpuint (row, ==, i);
    }
  g_assert_false (gander_tasks_find (index, G_MAXUINT64, &row));
  g_assert_false (gander_tasks_find (index, 1000000, &row));
}

static void
test_histogram (void)
{
  GanderHistogram histogram = { 0 };
  guint first = 0;
  guint last = 0;

  g_assert_false (gander_histogram_get_extent (&histogram, &first, &last));
  g_assert_cmpint (gander_histogram_get_edge (0), ==, 0);
  g_assert_cmpint (gander_histogram_get_edge (1), ==, 1);
  g_assert_cmpint (gander_histogram_get_edge (2), ==, 2);
  g_assert_cmpint (gander_histogram_get_edge (3), ==, 5);
  g_assert_cmpint (gander_histogram_get_edge (4), ==, 10);
  for (guint i = 0; i < GANDER_HISTOGRAM_BUCKETS; i++)
    {
      GanderTime edge = gander_histogram_get_edge (i);
      g_assert_cmpint (edge, <, gander_histogram_get_edge (i + 1));
      histogram = (GanderHistogram){ 0 };
      gander_histogram_add (&histogram, edge);
      gander_histogram_add (&histogram, gander_histogram_get_edge (i + 1) - 1);
      g_assert_cmpuint (histogram.counts[i], ==, 2);
      g_assert_true (gander_histogram_get_extent (&histogram, &first, &last));
      g_assert_cmpuint (first, ==, i);
      g_assert_cmpuint (last, ==, i);
    }
  gander_histogram_add (&histogram, G_MAXINT64);
  gander_histogram_add (&histogram, -1);
  g_assert_true (gander_histogram_get_extent (&histogram, &first, &last));
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (last, ==, GANDER_HISTOGRAM_BUCKETS - 1);
}

static void
test_words (void)
{
  GanderSplit split = { 0 };
  g_autofree char *nothing = gander_split_describe (&split);
  g_autofree char *words = NULL;

  split.time[GANDER_SPLIT_SYNC] = 620;
  split.time[GANDER_SPLIT_RUNNING] = 300;
  split.time[GANDER_SPLIT_NETWORK] = 50;
  split.time[GANDER_SPLIT_SLEEP] = 30;
  words = gander_split_describe (&split);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (words, ==, "62% sync, 30% running, 5% network");
}

static void
test_cancel (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GanderUserFilter filter;

  gander_user_filter_init (&filter, index);
  g_cancellable_cancel (cancellable);
  for (guint by = 0; by < GANDER_N_TASKS_BY; by++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (
          gander_tasks_make_table (index, (GanderTasksBy)by, &filter, NULL, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (corpus); i++)
    {
      g_autofree char *path = g_strconcat ("/analysis/tasks/laws/", corpus[i], NULL);
      g_test_add_data_func (path, corpus[i], test_corpus);
    }
  g_test_add_func ("/analysis/tasks/laws/random", test_random);
  g_test_add_func ("/analysis/tasks/laws/damaged", test_damaged);
  g_test_add_func ("/analysis/tasks/example/region", test_example_region);
  g_test_add_func ("/analysis/tasks/example/task", test_example_task);
  g_test_add_func ("/analysis/tasks/own-time", test_own_time);
  g_test_add_func ("/analysis/tasks/filters", test_filters);
  g_test_add_func ("/analysis/tasks/find", test_find);
  g_test_add_func ("/analysis/tasks/histogram", test_histogram);
  g_test_add_func ("/analysis/tasks/words", test_words);
  g_test_add_func ("/analysis/tasks/cancel", test_cancel);
  return g_test_run ();
}
