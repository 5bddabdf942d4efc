/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"
#include "tests/support/random-trace.h"

#include <string.h>

/* Who woke whom, against the reference reports and against counting one by one on simulated runs.
 */

#define N_RANDOM 20
#define BURST    1000000 /* ns */

static GanderTable *
compute (const GanderIndex *index, GanderTime begin, GanderTime end, GanderWakeupsBy by)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GError) error = NULL;
  GanderTable *table = gander_wakeups_compute (index, scope, by, NULL, &error);

  g_assert_no_error (error);
  return table;
}

static gint64
get (const GanderTable *table, guint row, const char *column)
{
  int number = gander_table_find_column (table, column);

  g_assert_cmpint (number, >=, 0);
  return gander_table_get_integer (table, row, (guint)number);
}

static const char *
get_text (const GanderTable *table, guint row, const char *column)
{
  int number = gander_table_find_column (table, column);

  g_assert_cmpint (number, >=, 0);
  return gander_table_get_text (table, row, (guint)number);
}

static gint64
sum (const GanderTable *table, const char *column)
{
  gint64 total = 0;

  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    total += get (table, row, column);
  return total;
}

/* Every way to group gives the same sums, and two ranges add up to both. */
static void
check_sums (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_autoptr (GanderTable) all = compute (index, 0, duration, GANDER_WAKEUPS_BY_FUNCTION);

  for (guint by = 0; by < GANDER_N_WAKEUPS_BY; by++)
    {
      g_autoptr (GanderTable) whole = compute (index, 0, duration, (GanderWakeupsBy)by);
      g_autoptr (GanderTable) before = compute (index, 0, duration / 3, (GanderWakeupsBy)by);
      g_autoptr (GanderTable) after = compute (index, duration / 3, duration, (GanderWakeupsBy)by);

      for (guint i = 0; i < 2; i++)
        {
          const char *column = i == 0 ? "count" : "waited";

          g_assert_cmpint (sum (whole, column), ==, sum (all, column));
          g_assert_cmpint (sum (before, column) + sum (after, column), ==, sum (all, column));
        }
      for (guint row = 0; row < gander_table_get_n_rows (whole); row++)
        {
          gboolean by_somebody = g_str_equal (get_text (whole, row, "kind"), "goroutine");

          g_assert_cmpint (get (whole, row, "burst"), <=, get (whole, row, "count"));
          g_assert_cmpint (get (whole, row, "burst") > 0, ==, by_somebody);
          g_assert_cmpint (get (whole, row, "mean"), <=, get (whole, row, "longest"));
          g_assert_cmpint (get (whole, row, "longest"), <=, get (whole, row, "waited"));
          if (row > 0)
            g_assert_cmpint (get (whole, row, "count"), <=, get (whole, row - 1, "count"));
        }
    }
}

/* The reference counts the wake-ups of each goroutine. */
static void
check_figures (const GanderIndex *index, JsonObject *report)
{
  g_autoptr (GanderTable) table =
      compute (index, 0, gander_index_get_facts (index)->duration, GANDER_WAKEUPS_BY_GOROUTINE);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonArray *goroutines = json_object_get_array_member (report, "goroutines");

  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      char *key = g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                                   get (table, row, "wakee-goroutine"),
                                   get (table, row, "wakee-life"));
      gsize before = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, key));

      g_hash_table_insert (counts,
                           key,
                           GSIZE_TO_POINTER (before + (gsize)get (table, row, "count")));
    }
  for (guint i = 0; i < json_array_get_length (goroutines); i++)
    {
      JsonObject *goroutine = json_array_get_object_element (goroutines, i);
      g_autofree char *key =
          g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                           json_object_get_int_member (goroutine, "id"),
                           json_object_get_int_member_with_default (goroutine, "life", 1));

      g_assert_cmpuint (GPOINTER_TO_SIZE (g_hash_table_lookup (counts, key)),
                        ==,
                        json_object_get_int_member_with_default (goroutine, "wakeups", 0));
    }
}

static void
test_corpus (void)
{
  g_auto (GStrv) names = test_corpus_get_names ();
  guint n_checked = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i]);
      g_autoptr (JsonNode) figures = NULL;

      g_test_message ("%s", names[i]);
      check_sums (index);
      figures = test_corpus_load_figures (names[i]);
      check_figures (index, json_node_get_object (figures));
      n_checked++;
    }
  g_test_message ("agree %u of %u", n_checked, g_strv_length (names));
}

/* Returns: the most wake-ups of @wakee by @waker within less than a millisecond, counted one by
 * one. */
static gint64
count_burst (const GanderIndex *index, GanderLaneId waker, GanderLaneId wakee)
{
  gint64 most = 0;
  guint32 first, n;

  gander_query_wakeups (index, waker, 0, G_MAXINT64, &first, &n);
  for (guint32 i = first; i < first + n; i++)
    {
      GanderWakeup from;
      gint64 together = 0;

      gander_query_wakeup (index, i, &from);
      for (guint32 j = i; j < first + n; j++)
        {
          GanderWakeup to;

          gander_query_wakeup (index, j, &to);
          together += !to.created && to.wakee == wakee && to.time - from.time < BURST;
        }
      most = MAX (most, together);
    }
  return most;
}

static void
test_random (void)
{
  for (guint32 seed = 0; seed < N_RANDOM; seed++)
    {
      g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (seed, 8, 1500);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);
      g_autoptr (GanderTable) table =
          compute (index, 0, trace->duration, GANDER_WAKEUPS_BY_GOROUTINE);
      gint64 woken = 0;

      check_sums (index);
      for (guint i = 0; i < trace->lives->len; i++)
        {
          GArray *spans = g_array_index (trace->lives, GanderTrueLife, i).spans;

          for (guint j = 0; j < spans->len; j++)
            woken += g_array_index (spans, GanderTrueSpan, j).cause == GANDER_CAUSE_WOKEN ||
                     g_array_index (spans, GanderTrueSpan, j).cause == GANDER_CAUSE_SWITCHED;
        }
      g_assert_cmpint (sum (table, "count"), ==, woken);
      for (guint row = 0; row < gander_table_get_n_rows (table); row++)
        {
          GanderLaneId waker = gander_index_find_lane (index,
                                                       GANDER_LANE_GOROUTINE,
                                                       get (table, row, "waker-goroutine"));
          GanderLaneId wakee = gander_index_find_lane (index,
                                                       GANDER_LANE_GOROUTINE,
                                                       get (table, row, "wakee-goroutine"));
          GanderLane lanes[2];

          if (waker == GANDER_LANE_NONE)
            continue;
          gander_index_get_lane (index, waker, &lanes[0]);
          gander_index_get_lane (index, wakee, &lanes[1]);
          if (lanes[0].life == get (table, row, "waker-life") &&
              lanes[1].life == get (table, row, "wakee-life"))
            g_assert_cmpint (get (table, row, "burst"), ==, count_burst (index, waker, wakee));
        }
    }
}

/* What a reader of one real trace would say. */
static void
test_locks (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  g_autoptr (GanderTable) places =
      compute (index, 0, gander_index_get_facts (index)->duration, GANDER_WAKEUPS_BY_PLACE);
  gboolean lock = FALSE, timer = FALSE;

  for (guint row = 0; row < gander_table_get_n_rows (places); row++)
    {
      const char *waker = get_text (places, row, "waker");
      const char *wakee = get_text (places, row, "wakee");

      lock |= strstr (waker, "main.locks") != NULL && strstr (wakee, "main.locks") != NULL;
      timer |=
          g_str_equal (waker, "a timer") && g_str_equal (get_text (places, row, "kind"), "timer");
    }
  g_assert_true (lock);
  g_assert_true (timer);
}

static void
test_cancel (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (
      gander_wakeups_compute (index, scope, GANDER_WAKEUPS_BY_FUNCTION, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wakeups/corpus", test_corpus);
  g_test_add_func ("/wakeups/random", test_random);
  g_test_add_func ("/wakeups/locks", test_locks);
  g_test_add_func ("/wakeups/cancel", test_cancel);
  return g_test_run ();
}
