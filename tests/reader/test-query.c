/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-data.h"
#include "reader/long-wait.h"
#include "reader/reader.h"
#include "tests/support/random-trace.h"

#include <string.h>

/* Queries against slow, obvious answers, where test-properties.c has none. */

#define MILLISECOND 1000000

static GanderIndex *
simulate (guint32 seed, guint n_goroutines, guint n_steps)
{
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (seed, n_goroutines, n_steps);

  return gander_random_trace_build (trace, -1);
}

static GanderIndex *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "corpus", name, NULL);
  GanderLoadOptions options = { .no_cache = TRUE };
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  GanderTime x = *(const GanderTime *)a;
  GanderTime y = *(const GanderTime *)b;

  return x < y ? -1 : x > y;
}

/* Appends the lengths of all spans of @state of one lane. */
static void
collect (const GanderIndex *index, GanderLaneId lane, GanderState state, GArray *times)
{
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    if (span.state == state)
      {
        GanderTime time = span.end - span.begin;
        g_array_append_val (times, time);
      }
}

/* The length from which on a wait of @state is among the longest thousandth. */
static GanderTime
find_threshold (const GanderIndex *index, GanderState state)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (GanderTime));
  guint n = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    collect (index, lane, state, all);
  g_array_sort (all, compare_times);
  n = (all->len + 999) / 1000;
  return n == 0 ? G_MAXINT64 : g_array_index (all, GanderTime, all->len - n);
}

/* Down to five bits behind the first: what the index tells apart. */
static GanderTime
round_down (GanderTime time)
{
  GanderTime unit = 1;

  while (time / unit >= 64)
    unit *= 2;
  return time / unit * unit;
}

static guint n_longest_lane;

static GanderTime
find_median (const GanderIndex *index, GanderLaneId lane, GanderState state)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (GanderTime));

  collect (index, lane, state, own);
  g_array_sort (own, compare_times);
  n_longest_lane = MAX (n_longest_lane, own->len);
  return own->len == 0 ? 0 : round_down (g_array_index (own, GanderTime, (own->len + 1) / 2 - 1));
}

static guint
check_extremes (const GanderIndex *index)
{
  GanderTime blocked = find_threshold (index, GANDER_STATE_BLOCKED);
  GanderTime runnable = find_threshold (index, GANDER_STATE_RUNNABLE);
  guint n_extremes = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderTime medians[] = { find_median (index, lane, GANDER_STATE_BLOCKED),
                               find_median (index, lane, GANDER_STATE_RUNNABLE) };
      guint32 n = 0;
      guint32 i = 0;
      const guint32 *ordinals = gander_query_extremes (index, lane, &n);
      GanderSpanIter iter;
      GanderSpan span;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        {
          gboolean is_runnable = span.state == GANDER_STATE_RUNNABLE;
          GanderTime time = span.end - span.begin;
          gboolean extreme =
              (is_runnable || span.state == GANDER_STATE_BLOCKED) && time >= MILLISECOND &&
              (time >= 10 * medians[is_runnable] || time >= (is_runnable ? runnable : blocked));
          if (!extreme)
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_cmpuint (ordinals[i++], ==, span.ordinal);
        }
      g_assert_cmpuint (i, ==, n);
      n_extremes += n;
    }
  return n_extremes;
}

static void
test_extremes (void)
{
  static const char *const names[] = { "v126-http.trace.zst",
                                       "v126-pool.trace.zst",
                                       "v126-timers.trace.zst",
                                       "v122-net.trace.zst",
                                       "v124-locks.trace.zst" };
  guint n = 0;

  for (guint32 seed = 1; seed <= 10; seed++)
    {
      g_autoptr (GanderIndex) index = simulate (seed, 10 * seed, 3000);
      n += check_extremes (index);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GanderIndex) index = load (names[i]);
      n += check_extremes (index);
    }
  g_test_message ("%u extreme waits", n);
  g_assert_cmpuint (n, >, 100);
  /* Lanes whose waits are only counted were among them. */
  g_assert_cmpuint (n_longest_lane, >, GANDER_WAITS_KEPT);
}

static void
sum_members (const GanderIndex *index,
             const GanderLaneId *lanes,
             guint32 n,
             GanderTime begin,
             GanderTime end,
             GanderMix *out)
{
  memset (out, 0, sizeof *out);
  for (guint32 i = 0; i < n; i++)
    {
      GanderMix own;
      gander_query_mix (index, lanes == NULL ? i : lanes[i], begin, end, &own);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        out->time[state] += own.time[state];
    }
}

/* On the edges of its cells a grid is exact, between them it errs by less than what two cells of
 * all members hold, and its states always add up to the range. */
static void
check_grids (const GanderIndex *index)
{
  GRand *random = g_rand_new_with_seed (9);
  GanderTime duration = gander_index_get_facts (index)->duration;

  for (guint64 g = 0; g < gander_index_n (index, GRIDS); g++)
    {
      const GanderGridRow *grid = &gander_index_rows (index, GRIDS, GanderGridRow)[g];
      guint32 n = gander_index_get_facts (index)->n_goroutines;
      const GanderLaneId *lanes =
          grid->group == G_MAXUINT32 ? NULL : gander_index_get_group_lanes (index, grid->group, &n);
      for (guint i = 0; i < 4; i++)
        {
          gboolean on_edges = i < 2;
          GanderTime a = (GanderTime)(g_rand_double (random) * (double)duration / 2);
          GanderTime b = a + (GanderTime)(g_rand_double (random) * (double)duration / 2);
          GanderTime edges[2] = { on_edges ? a - a % grid->width : a,
                                  on_edges ? b - b % grid->width : b };
          GanderMix mix, exact;
          GanderTime sum = 0;
          gander_query_group_mixes (index, grid->group, edges, 1, &mix);
          sum_members (index, lanes, n, edges[0], edges[1], &exact);
          for (guint state = 0; state < GANDER_N_STATES; state++)
            {
              gint64 limit = on_edges ? 0 : 2 * grid->width * (gint64)n;
              g_assert_cmpint (ABS (mix.time[state] - exact.time[state]), <=, limit);
              sum += mix.time[state];
            }
          g_assert_cmpint (sum, ==, (edges[1] - edges[0]) * (gint64)n);
        }
    }
  g_rand_free (random);
}

/* Ranges shorter than a cell are exact where members are not too many to be asked: here around the
 * begin of one of their spans. Returns: how often a range differed from the one before, which it
 * would not within a cell of a grid. */
static guint
check_within_cells (const GanderIndex *index)
{
  enum
  {
    N = 8
  };
  guint n_changes = 0;

  for (guint64 g = 0; g < gander_index_n (index, GRIDS); g++)
    {
      const GanderGridRow *grid = &gander_index_rows (index, GRIDS, GanderGridRow)[g];
      guint32 n = 0;
      const GanderLaneId *lanes = NULL;
      GanderTime edges[N + 1];
      GanderMix mixes[N];
      GanderLane lane;
      GanderSpan span;

      if (grid->group == G_MAXUINT32 || grid->width < 2 * N)
        continue;
      lanes = gander_index_get_group_lanes (index, grid->group, &n);
      if (n > 64)
        continue;
      gander_index_get_lane (index, lanes[n / 2], &lane);
      gander_query_span (index, lanes[n / 2], lane.n_spans / 2, &span);
      edges[0] = span.begin - grid->width / 4;
      for (guint r = 0; r < N; r++)
        edges[r + 1] = edges[r] + grid->width / N - 1;
      gander_query_group_mixes (index, grid->group, edges, N, mixes);
      for (guint r = 0; r < N; r++)
        {
          GanderMix exact;
          sum_members (index, lanes, n, edges[r], edges[r + 1], &exact);
          for (guint state = GANDER_STATE_NONE + 1; state < GANDER_N_STATES; state++)
            g_assert_cmpint (mixes[r].time[state], ==, exact.time[state]);
          n_changes += r > 0 && memcmp (&mixes[r], &mixes[r - 1], sizeof exact) != 0;
        }
    }
  return n_changes;
}

static void
test_grids (void)
{
  static const char *const names[] = { "v126-http.trace.zst",
                                       "v126-tasks.trace.zst",
                                       "v122-many.trace.zst",
                                       "v126-timers.trace.zst",
                                       "v126-regions.trace.zst" };
  guint n_changes = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GanderIndex) index = load (names[i]);
      g_assert_cmpuint (gander_index_n (index, GRIDS), >, 1);
      check_grids (index);
      n_changes += check_within_cells (index);
    }
  g_assert_cmpuint (n_changes, >, 0);
}

/* Who ended a wait is told by the span that follows it. */
static void
test_wake (void)
{
  g_autoptr (GanderIndex) index = load ("v126-pool.trace.zst");
  guint n_woken = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderSpanIter iter;
      GanderSpan span, wake;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        {
          gboolean found = gander_query_wake (index, &span, &wake);
          if (span.state != GANDER_STATE_BLOCKED && span.state != GANDER_STATE_RUNNABLE)
            g_assert_false (found);
          if (span.state == GANDER_STATE_BLOCKED)
            g_assert_cmpint (found, ==, (span.flags & GANDER_SPAN_OPEN_END) == 0);
          if (!found)
            continue;
          g_assert_cmpint (wake.begin,
                           ==,
                           span.state == GANDER_STATE_BLOCKED ? span.end : span.begin);
          n_woken += wake.link != GANDER_LANE_NONE;
        }
    }
  g_assert_cmpuint (n_woken, >, 1000);
}

/* The links of running spans are processors, and there the goroutine is seen too. */
static void
test_links (void)
{
  g_autoptr (GanderIndex) index = load ("v126-http.trace.zst");

  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderSpanIter iter;
      GanderSpan span, there;
      GanderLane proc;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        {
          if (span.state != GANDER_STATE_RUNNING && span.state != GANDER_STATE_SYSCALL)
            continue;
          g_assert_cmpuint (span.link, !=, GANDER_LANE_NONE);
          gander_index_get_lane (index, span.link, &proc);
          g_assert_cmpint (proc.kind, ==, GANDER_LANE_PROC);
          g_assert_true (gander_query_span_at (index, span.link, span.begin, &there));
          g_assert_cmpuint (there.link, ==, lane);
          g_assert_cmpint (there.state, ==, span.state);
          g_assert_cmpint (there.end, ==, span.end);
        }
    }
}

/* Ranges outside of a lane's life, and outside of the trace, are NONE. */
static void
test_outside (void)
{
  g_autoptr (GanderIndex) index = simulate (5, 20, 3000);
  GanderTime duration = gander_index_get_facts (index)->duration;

  for (GanderLaneId id = 0; id < gander_index_get_n_lanes (index); id++)
    {
      GanderMix mix;
      GanderSpan span;
      GanderLane lane;
      gander_index_get_lane (index, id, &lane);
      gander_query_mix (index, id, -100, lane.begin, &mix);
      g_assert_cmpint (mix.time[GANDER_STATE_NONE], ==, lane.begin + 100);
      gander_query_mix (index, id, lane.end, duration + 100, &mix);
      g_assert_cmpint (mix.time[GANDER_STATE_NONE], ==, duration + 100 - lane.end);
      gander_query_mix (index, id, 50, 50, &mix);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        g_assert_cmpint (mix.time[state], ==, 0);
      g_assert_false (gander_query_span_at (index, id, -1, &span));
      g_assert_false (gander_query_span_at (index, id, duration, &span));
      g_assert_cmpuint (gander_query_find (index, id, duration), ==, lane.n_spans);
    }
}

/* Rows by a cursor are those that are asked for one by one, in whatever order. */
static void
check_cursor (const GanderIndex *index)
{
  guint32 n_tasks = gander_index_get_n_tasks (index);
  guint32 n_regions = gander_index_get_n_regions (index);
  guint32 n_logs = gander_index_get_n_logs (index);
  GanderRowCursor cursor;

  gander_row_cursor_init (&cursor, index);
  for (guint32 i = 0; i < 2 * MAX (n_regions, MAX (n_tasks, n_logs)); i++)
    {
      GanderTask task;
      GanderRegion region;
      GanderLog log;
      if (n_regions > 0)
        {
          /* There and back. */
          guint32 row = i / n_regions % 2 == 0 ? i % n_regions : n_regions - 1 - i % n_regions;
          gander_index_get_region (index, row, &region);
          g_assert_cmpmem (gander_row_cursor_get_region (&cursor, row),
                           sizeof region,
                           &region,
                           sizeof region);
        }
      if (n_tasks > 0)
        {
          gander_index_get_task (index, i % n_tasks, &task);
          g_assert_cmpmem (gander_row_cursor_get_task (&cursor, i % n_tasks),
                           sizeof task,
                           &task,
                           sizeof task);
        }
      if (n_logs > 0)
        {
          gander_index_get_log (index, i % n_logs, &log);
          g_assert_cmpmem (gander_row_cursor_get_log (&cursor, i % n_logs),
                           sizeof log,
                           &log,
                           sizeof log);
        }
    }
}

static void
check_range_cursor (const GanderIndex *index)
{
  GanderRowCursor cursor;
  guint n = 0;

  gander_row_cursor_init (&cursor, index);
  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    for (guint32 row = 0; row < gander_index_get_n_ranges (index, kind); row++, n++)
      {
        const GanderRange *found = gander_row_cursor_get_range (&cursor, kind, row);
        GanderRange range;
        gander_index_get_range (index, kind, row, &range);
        g_assert_cmpint (found->begin, ==, range.begin);
        g_assert_cmpint (found->end, ==, range.end);
        g_assert_cmpuint (found->lane, ==, range.lane);
        g_assert_cmpuint (found->goroutine, ==, range.goroutine);
        g_assert_cmpuint (found->name, ==, range.name);
        g_assert_cmpuint (found->kind, ==, kind);
      }
  g_assert_cmpuint (n, >, 0);
}

/* Returns: the first task that has an id of at least @id. */
static guint32
find_task (const GanderIndex *index, guint64 id)
{
  guint32 row = 0;

  for (; row < gander_index_get_n_tasks (index); row++)
    {
      GanderTask task;
      gander_index_get_task (index, row, &task);
      if (task.id >= id)
        break;
    }
  return row;
}

static void
check_tasks (const GanderIndex *index)
{
  for (guint32 row = 0; row < MIN (gander_index_get_n_tasks (index), 500); row++)
    {
      GanderTask task;
      gander_index_get_task (index, row, &task);
      for (guint64 id = task.id - 1; id != task.id + 2; id++)
        g_assert_cmpuint (gander_index_find_task (index, id), ==, find_task (index, id));
    }
  g_assert_cmpuint (gander_index_find_task (index, G_MAXUINT64),
                    ==,
                    find_task (index, G_MAXUINT64));
}

/* The region that is found is the first that begins late enough. */
static void
check_find_region (const GanderIndex *index, guint32 first, guint32 n)
{
  GanderTime duration = gander_index_get_facts (index)->duration;

  for (guint round = 0; n > 0 && round < 20; round++)
    {
      GanderTime time = (GanderTime)(g_test_rand_double () * (double)duration * 1.1);
      guint32 from = first + (guint32)g_test_rand_int_range (0, (gint32)n);
      guint32 expected = from;
      GanderRegion region;

      /* Half of the times are those of begins. */
      gander_index_get_region (index, from + (first + n - from) / 2, &region);
      if (round % 2 == 0)
        time = region.begin + g_test_rand_int_range (0, 2);
      for (; expected < first + n; expected++)
        {
          gander_index_get_region (index, expected, &region);
          if (region.begin >= time)
            break;
        }
      g_assert_cmpuint (gander_index_find_region (index, from, first + n, time), ==, expected);
    }
}

static void
check_regions (const GanderIndex *index)
{
  guint32 n_regions = gander_index_get_n_regions (index);
  guint32 expected = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      guint32 first = 0, n = 0;
      gander_index_get_regions_of (index, lane, &first, &n);
      g_assert_cmpuint (first, ==, expected);
      for (; expected < n_regions; expected++)
        {
          GanderRegion region;
          gander_index_get_region (index, expected, &region);
          if (region.lane != lane)
            break;
        }
      g_assert_cmpuint (first + n, ==, expected);
      check_find_region (index, first, n);
    }
  g_assert_cmpuint (expected, ==, n_regions);
}

static void
test_tables (void)
{
  static const char *const corpus[] = { "v126-tasks.trace.zst", "v122-tasks.trace.zst" };
  g_autoptr (GanderIndex) random = simulate (5, 30, 60000);

  g_assert_cmpuint (gander_index_get_n_regions (random), >, 0);
  check_cursor (random);
  check_regions (random);
  check_tasks (random);
  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    {
      g_autoptr (GanderIndex) index = load (corpus[i]);
      g_assert_cmpuint (gander_index_get_n_tasks (index), >, 0);
      check_cursor (index);
      check_range_cursor (index);
      check_regions (index);
      check_tasks (index);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/query/extremes", test_extremes);
  g_test_add_func ("/reader/query/grids", test_grids);
  g_test_add_func ("/reader/query/wake", test_wake);
  g_test_add_func ("/reader/query/links", test_links);
  g_test_add_func ("/reader/query/outside", test_outside);
  g_test_add_func ("/reader/query/tables", test_tables);
  return g_test_run ();
}
