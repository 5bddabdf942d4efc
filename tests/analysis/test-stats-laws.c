/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "analysis/workers.h"
#include "tests/support/corpus.h"
#include "tests/support/random-trace.h"

#include <stddef.h>

/* What holds of statistics on any trace and for any part of it, on all of tests/corpus and on
 * simulated runs, whose goroutines are known without the code under test.
 */

#define N_RANDOM   40
#define N_CUTS     8
#define BOTH_PARTS (GANDER_STATS_RANGES | GANDER_STATS_DELAYS)

/* GanderTimes as rows of numbers: times, then counts, then what is the largest of all. */
#define FIRST_COUNT (offsetof (GanderTimes, n_lanes) / sizeof (gint64))
#define FIRST_MAX   (offsetof (GanderTimes, longest_wait) / sizeof (gint64))
#define N_MEMBERS   (sizeof (GanderTimes) / sizeof (gint64))

typedef union
{
  GanderTimes times;
  gint64 members[N_MEMBERS];
} Times;

/* A row of which nothing points into the walk. */
typedef struct
{
  Times times;
  GanderLaneId lane;
  char *name;
  guint64 count;
  GanderTime ranges[4];
  guint64 numbers[3];
  GanderQuantiles delays[GANDER_N_DELAYS];
} Row;

static void
row_clear (gpointer row)
{
  g_free (((Row *)row)->name);
}

/* What holds within any row. */
static void
check_row (const GanderIndex *index, const GanderStatsRow *row, GanderStatsParts parts)
{
  const GanderTimes *t = row->times;
  GanderTime waiting = gander_times_get_waiting (t);
  GanderTime reasons = 0;
  GanderTime sync = 0;
  guint64 n_reasons = 0;

  g_assert_cmpint (t->running + t->runnable + waiting + t->syscall + t->syscall_blocked +
                       t->unknown,
                   ==,
                   t->total);
  g_assert_cmpint (t->gc_work + t->gc_assist, <=, t->running);
  g_assert_cmpuint (t->n_syscall_blocked, <=, t->n_syscall);
  g_assert_cmpuint (t->n_wakeups, <=, t->n_transitions);
  for (guint i = 0; i < row->n_reasons; i++)
    {
      reasons += row->reasons[i].total;
      n_reasons += row->reasons[i].count;
      if (gander_times_is_sync_reason (index, row->reasons[i].reason))
        sync += row->reasons[i].total;
    }
  g_assert_cmpint (reasons, ==, waiting);
  g_assert_cmpuint (n_reasons, ==, gander_times_get_n_waiting (t));
  g_assert_cmpint (sync, ==, t->sync_block);
  if ((parts & GANDER_STATS_DELAYS) == 0)
    return;
  g_assert_cmpint (row->delays[GANDER_DELAY_WAIT].total, ==, waiting);
  g_assert_cmpuint (row->delays[GANDER_DELAY_WAIT].count, ==, n_reasons);
  g_assert_cmpint (row->delays[GANDER_DELAY_WAIT].max, ==, t->longest_wait);
  g_assert_cmpint (row->delays[GANDER_DELAY_SCHED].total, ==, t->runnable);
  g_assert_cmpuint (row->delays[GANDER_DELAY_SCHED].count, ==, t->n_runnable);
  g_assert_cmpint (row->delays[GANDER_DELAY_SCHED].max, ==, t->longest_runnable);
  g_assert_cmpint (row->delays[GANDER_DELAY_SYNC].total, ==, t->sync_block);
  g_assert_cmpint (row->delays[GANDER_DELAY_NETWORK].total, ==, t->waiting[GANDER_WAIT_NETWORK]);
  g_assert_cmpint (row->delays[GANDER_DELAY_SYSCALL].total, ==, t->syscall + t->syscall_blocked);
  g_assert_cmpuint (row->delays[GANDER_DELAY_SYSCALL].count, ==, t->n_syscall);
}

/* All rows of a grouping, checked. */
static GArray *
get_rows (const GanderIndex *index,
          const GanderScope *scope,
          GanderStatsBy by,
          GanderStatsParts parts)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderStats) stats = gander_stats_new (index, scope, by, parts, NULL, &error);
  GanderStatsRow row;

  g_assert_no_error (error);
  g_array_set_clear_func (rows, row_clear);
  while (gander_stats_next (stats, &row, NULL, &error))
    {
      Row kept = { .times.times = *row.times,
                   .lane = row.lane,
                   .name = g_strdup (row.name),
                   .count = row.count,
                   .ranges = { row.assist, row.sweep, row.stw_overlap, row.stw_caused },
                   .numbers = { row.n_assists, row.created_goroutines, row.cpu_samples } };
      check_row (index, &row, parts);
      memcpy (kept.delays, row.delays, sizeof kept.delays);
      g_array_append_val (rows, kept);
    }
  g_assert_no_error (error);
  return rows;
}

static void
add_times (Times *sum, const Times *times)
{
  for (guint i = 0; i < N_MEMBERS; i++)
    sum->members[i] = i < FIRST_MAX ? sum->members[i] + times->members[i]
                                    : MAX (sum->members[i], times->members[i]);
}

static void
assert_same_times (const Times *a, const Times *b, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (a->members[i], ==, b->members[i]);
}

static Row
add_up (const GArray *rows)
{
  Row sum = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      add_times (&sum.times, &row->times);
      sum.count += row->count;
      for (guint j = 0; j < G_N_ELEMENTS (sum.ranges); j++)
        sum.ranges[j] += row->ranges[j];
      for (guint j = 0; j < G_N_ELEMENTS (sum.numbers); j++)
        sum.numbers[j] += row->numbers[j];
    }
  return sum;
}

static void
assert_same_row (const Row *a, const Row *b)
{
  assert_same_times (&a->times, &b->times, N_MEMBERS);
  g_assert_cmpuint (a->count, ==, b->count);
  g_assert_cmpmem (a->ranges, sizeof a->ranges, b->ranges, sizeof b->ranges);
  g_assert_cmpmem (a->numbers, sizeof a->numbers, b->numbers, sizeof b->numbers);
}

/* Every grouping in which a goroutine belongs to one row adds up to the same. */
static Row
check_groupings (const GanderIndex *index, const GanderScope *scope, GanderStatsParts parts)
{
  static const GanderStatsBy wholes[] = { GANDER_STATS_BY_ALL,
                                          GANDER_STATS_BY_GOROUTINE,
                                          GANDER_STATS_BY_FUNCTION,
                                          GANDER_STATS_BY_CREATOR,
                                          GANDER_STATS_BY_PACKAGE };
  Row first = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      g_autoptr (GArray) rows = get_rows (index, scope, wholes[i], parts);
      Row sum = add_up (rows);
      if (i == 0)
        first = sum;
      else
        assert_same_row (&sum, &first);
    }
  return first;
}

static GanderTime
random_time (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;

  return (GanderTime)((double)(duration + 1) * g_test_rand_double ());
}

/* The times in two parts of a range are those in all of it, in each goroutine. */
static void
check_cut (const GanderIndex *index)
{
  GanderTime at[3] = { random_time (index), random_time (index), random_time (index) };
  GanderTime begin = MIN (at[0], MIN (at[1], at[2]));
  GanderTime end = MAX (at[0], MAX (at[1], at[2]));
  GanderTime cut = at[0] + at[1] + at[2] - begin - end;
  g_autoptr (GanderScope) all = gander_scope_new (index, begin, end);
  g_autoptr (GanderScope) before = gander_scope_new (index, begin, cut);
  g_autoptr (GanderScope) after = gander_scope_new (index, cut, end);
  Row whole = check_groupings (index, all, BOTH_PARTS);
  Row left = check_groupings (index, before, BOTH_PARTS);
  Row right = check_groupings (index, after, BOTH_PARTS);

  add_times (&left.times, &right.times);
  assert_same_times (&left.times, &whole.times, FIRST_COUNT);
  for (guint i = 0; i < G_N_ELEMENTS (whole.ranges); i++)
    g_assert_cmpint (left.ranges[i] + right.ranges[i], ==, whole.ranges[i]);
  g_assert_cmpuint (left.times.times.created, ==, whole.times.times.created);
  g_assert_cmpuint (left.times.times.ended, ==, whole.times.times.ended);
  g_assert_cmpuint (left.numbers[1] + right.numbers[1], ==, whole.numbers[1]);
}

/* Totals of the index, the spans of whole lives, and a scope that keeps every goroutine agree. */
static void
check_whole (const GanderIndex *index, gboolean undamaged)
{
  g_autoptr (GRegex) any = g_regex_new ("", 0, 0, NULL);
  g_autoptr (GanderScope) whole = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GanderScope) restricted = gander_scope_new (index, 0, G_MAXINT64);
  Row totals = { 0 };
  Row spans = { 0 };
  Row kept = { 0 };

  gander_scope_keep_functions (restricted, any);
  g_assert_false (gander_scope_is_whole (restricted));
  totals = check_groupings (index, whole, GANDER_STATS_RANGES);
  spans = check_groupings (index, whole, BOTH_PARTS);
  kept = check_groupings (index, restricted, GANDER_STATS_RANGES);
  assert_same_row (&totals, &spans);
  assert_same_row (&totals, &kept);
  g_assert_cmpuint (totals.times.times.n_lanes, ==, gander_index_get_facts (index)->n_goroutines);
  if (undamaged)
    g_assert_cmpint (totals.times.times.unknown, ==, 0);
}

/* A row by task is what a scope of that type of task holds; a row by region is every region. */
static void
check_tasks (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GArray) rows = get_rows (index, scope, GANDER_STATS_BY_TASK, BOTH_PARTS);

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      g_autofree char *escaped = g_regex_escape_string (row->name, -1);
      g_autofree char *pattern = g_strdup_printf ("\\A%s\\z", escaped);
      g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
      g_autoptr (GanderScope) kept = gander_scope_new (index, begin, end);
      g_autoptr (GArray) all = NULL;
      Row sum = { 0 };

      gander_scope_keep_tasks (kept, regex, 0);
      all = get_rows (index, kept, GANDER_STATS_BY_ALL, BOTH_PARTS);
      sum = add_up (all);
      sum.count = row->count;
      assert_same_row (row, &sum);
    }
}

static void
check_regions (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GArray) rows = get_rows (index, scope, GANDER_STATS_BY_REGION, BOTH_PARTS);

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      g_autoptr (GanderTally) tally = gander_tally_new (index, FALSE);
      guint64 n = 0;
      Times sum = { 0 };

      for (guint32 j = 0; j < gander_index_get_n_regions (index); j++)
        {
          GanderRegion region;
          GanderPiece piece;
          gander_index_get_region (index, j, &region);
          piece = (GanderPiece){ region.lane, MAX (region.begin, begin), MIN (region.end, end) };
          if (piece.begin >= piece.end ||
              !g_str_equal (gander_index_get_string (index, region.type), row->name))
            continue;
          gander_tally_add_piece (tally, &piece);
          n++;
        }
      sum.times = *gander_tally_get_times (tally);
      assert_same_times (&row->times, &sum, N_MEMBERS);
      g_assert_cmpuint (row->count, ==, n);
    }
}

static void
check_laws (const GanderIndex *index)
{
  check_whole (index, gander_index_get_n_damage (index) == 0);
  check_tasks (index, 0, gander_index_get_facts (index)->duration);
  check_regions (index, 0, gander_index_get_facts (index)->duration);
  for (guint i = 0; i < N_CUTS; i++)
    {
      GanderTime begin = random_time (index);
      GanderTime end = random_time (index);
      check_cut (index);
      check_tasks (index, MIN (begin, end), MAX (begin, end));
      check_regions (index, MIN (begin, end), MAX (begin, end));
    }
}

static void
test_corpus (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);

  check_laws (index);
}

/* What a simulated goroutine did within [begin, end), added up from the simulation. */
static Times
get_truth (const GanderTrueLife *life, GanderTime begin, GanderTime end)
{
  Times sum = { 0 };
  GanderTimes *t = &sum.times;

  for (guint i = 0; i < life->spans->len; i++)
    {
      const GanderTrueSpan *span = &g_array_index (life->spans, GanderTrueSpan, i);
      GanderTime span_end = i + 1 < life->spans->len
                                ? g_array_index (life->spans, GanderTrueSpan, i + 1).begin
                                : life->end;
      GanderTime length = MIN (span_end, end) - MAX (span->begin, begin);
      if (length <= 0)
        continue;
      t->total += length;
      t->running += span->state == GANDER_STATE_RUNNING ? length : 0;
      t->runnable += span->state == GANDER_STATE_RUNNABLE ? length : 0;
      t->unknown += span->state == GANDER_STATE_BLOCKED ? length : 0;
      t->syscall += span->state == GANDER_STATE_SYSCALL ? length : 0;
      t->syscall_blocked += span->state == GANDER_STATE_SYSCALL_BLOCKED ? length : 0;
      t->gc_assist += span->state == GANDER_STATE_GC_ASSIST ? length : 0;
      t->n_wakeups += span->cause == GANDER_CAUSE_WOKEN && span->begin >= begin;
    }
  t->running += t->gc_assist;
  return sum;
}

static void
check_truth (const GanderRandomTrace *trace, GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GArray) rows = get_rows (index, scope, GANDER_STATS_BY_GOROUTINE, 0);
  guint n = 0;

  for (guint i = 0; i < trace->lives->len; i++)
    {
      const GanderTrueLife *life = &g_array_index (trace->lives, GanderTrueLife, i);
      Times truth = get_truth (life, begin, end);
      const Row *row = NULL;

      for (guint j = 0; j < rows->len && row == NULL; j++)
        if (g_array_index (rows, Row, j).lane == i)
          row = &g_array_index (rows, Row, j);
      n += truth.times.total > 0;
      if (truth.times.total == 0)
        {
          g_assert_null (row);
          continue;
        }
      g_assert_nonnull (row);
      g_assert_cmpint (row->times.times.total, ==, truth.times.total);
      g_assert_cmpint (row->times.times.running, ==, truth.times.running);
      g_assert_cmpint (row->times.times.gc_assist, ==, truth.times.gc_assist);
      g_assert_cmpint (row->times.times.runnable, ==, truth.times.runnable);
      g_assert_cmpint (gander_times_get_waiting (&row->times.times), ==, truth.times.unknown);
      g_assert_cmpint (row->times.times.syscall, ==, truth.times.syscall);
      g_assert_cmpint (row->times.times.syscall_blocked, ==, truth.times.syscall_blocked);
      g_assert_cmpuint (row->times.times.n_wakeups, ==, truth.times.n_wakeups);
    }
  g_assert_cmpuint (rows->len, ==, n);
}

static void
test_random (void)
{
  for (guint i = 0; i < N_RANDOM; i++)
    {
      g_autoptr (GanderRandomTrace) trace =
          gander_random_trace_new ((guint32)g_test_rand_int (), 2 + i % 17, 200 + 50 * i);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);

      check_laws (index);
      check_truth (trace, index, 0, trace->duration);
      for (guint cut = 0; cut < N_CUTS; cut++)
        {
          GanderTime a = random_time (index);
          GanderTime b = random_time (index);
          check_truth (trace, index, MIN (a, b), MAX (a, b));
        }
    }
}

static void
test_cancel (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-many");
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GanderSummary summary;

  g_cancellable_cancel (cancellable);
  for (guint by = 0; by < GANDER_N_STATS_BY; by++)
    {
      const GanderStatsQuery query = { .by = (GanderStatsBy)by };
      g_clear_error (&error);
      g_assert_null (gander_stats_get_table (index, scope, &query, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_clear_error (&error);
  g_assert_false (gander_summary_compute (index, 0, G_MAXINT64, &summary, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The walk can be stopped between any two rows. */
static void
test_cancel_later (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-many");
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderStats) stats =
      gander_stats_new (index, scope, GANDER_STATS_BY_GOROUTINE, 0, cancellable, &error);
  GanderStatsRow row;

  g_assert_true (gander_stats_next (stats, &row, cancellable, &error));
  g_cancellable_cancel (cancellable);
  while (gander_stats_next (stats, &row, cancellable, &error))
    ;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The first rows of a table are the same whether all are kept or only those. */
static void
test_top (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v122-http");
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, G_MAXINT64);
  static const char *const sorts[] = { NULL,    "-running", "sched-wait", "-goroutine",
                                       "state", "gc-share", "function" };

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      GanderStatsQuery query = { .by = GANDER_STATS_BY_GOROUTINE, .sort = sorts[i] };
      g_autoptr (GanderTable) all = gander_stats_get_table (index, scope, &query, NULL, NULL);
      g_autoptr (GanderTable) some = NULL;

      g_assert_cmpuint (gander_table_get_n_rows (all), >, 5000);
      query.top = 7;
      some = gander_stats_get_table (index, scope, &query, NULL, NULL);
      g_assert_cmpuint (gander_table_get_n_rows (some), ==, 7);
      for (guint row = 0; row < 7; row++)
        for (guint column = 0; column < gander_table_get_n_columns (all); column++)
          {
            g_autofree char *a = gander_table_format_cell (all, row, column);
            g_autofree char *b = gander_table_format_cell (some, row, column);
            g_assert_cmpstr (a, ==, b);
          }
    }
}

/* All that rows say, as bytes. */
static void
append_rows (GByteArray *out, const GanderIndex *index, const GanderScope *scope, GanderStatsBy by)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderStats) stats = gander_stats_new (index, scope, by, BOTH_PARTS, NULL, &error);
  GanderStatsRow row;

  g_assert_no_error (error);
  while (gander_stats_next (stats, &row, NULL, &error))
    {
      const guint64 numbers[] = { row.system,
                                  row.lane,
                                  row.count,
                                  row.n_reasons,
                                  row.n_assists,
                                  (guint64)row.assist,
                                  (guint64)row.sweep,
                                  (guint64)row.stw_overlap,
                                  (guint64)row.stw_caused,
                                  row.created_goroutines,
                                  row.cpu_samples };
      g_byte_array_append (out, (const guint8 *)row.name, (guint)strlen (row.name) + 1);
      g_byte_array_append (out, (const guint8 *)numbers, sizeof numbers);
      g_byte_array_append (out, (const guint8 *)row.times, sizeof *row.times);
      g_byte_array_append (out, (const guint8 *)row.delays, sizeof row.delays);
      for (guint i = 0; i < row.n_reasons; i++)
        {
          const guint64 reason[] = { row.reasons[i].reason,
                                     row.reasons[i].count,
                                     (guint64)row.reasons[i].total };
          g_byte_array_append (out, (const guint8 *)reason, sizeof reason);
        }
    }
  g_assert_no_error (error);
}

/* How many threads share the walk is not seen in the rows, nor in their order. */
static void
test_threads (void)
{
  static const char *const names[] = { "v126-many", "v122-http", "v126-regions", "v126-tasks" };

  for (guint i = 0; i < G_N_ELEMENTS (names) * 2; i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i / 2]);
      GanderTime duration = gander_index_get_facts (index)->duration;
      g_autoptr (GanderScope) scope =
          gander_scope_new (index, i % 2 == 0 ? 0 : duration / 3, duration - (i % 2));
      for (guint by = 0; by < GANDER_N_STATS_BY; by++)
        {
          g_autoptr (GByteArray) alone = g_byte_array_new ();
          gander_workers_set_n (1);
          append_rows (alone, index, scope, (GanderStatsBy)by);
          for (guint n = 2; n <= GANDER_MAX_WORKERS; n += 2)
            {
              g_autoptr (GByteArray) shared = g_byte_array_new ();
              gander_workers_set_n (n);
              append_rows (shared, index, scope, (GanderStatsBy)by);
              g_assert_cmpmem (shared->data, shared->len, alone->data, alone->len);
            }
        }
    }
  gander_workers_set_n (0);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = test_corpus_get_names ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/analysis/stats-laws/corpus/", names[i], NULL);
      g_test_add_data_func_full (path, g_strdup (names[i]), test_corpus, g_free);
    }
  g_test_add_func ("/analysis/stats-laws/random", test_random);
  g_test_add_func ("/analysis/stats-laws/cancel", test_cancel);
  g_test_add_func ("/analysis/stats-laws/cancel-later", test_cancel_later);
  g_test_add_func ("/analysis/stats-laws/top", test_top);
  g_test_add_func ("/analysis/stats-laws/threads", test_threads);
  return g_test_run ();
}
