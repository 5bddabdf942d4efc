/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

/* The p-th percentile of n values is the first that at least p of a hundred do not exceed. */
static void
test_ranks (void)
{
  for (gsize n = 0; n <= 250; n++)
    {
      g_auto (GanderDurations) durations = { 0 };
      GanderQuantiles all;

      /* 1 … n, not in order */
      for (gsize i = 0; i < n; i++)
        gander_durations_add (&durations, (GanderTime)((i * 7919) % n + 1));
      gander_durations_get_quantiles (&durations, &all);
      g_assert_cmpuint (all.count, ==, n);
      g_assert_cmpint (all.total, ==, (GanderTime)(n * (n + 1) / 2));
      g_assert_cmpint (all.min, ==, n > 0);
      g_assert_cmpint (all.max, ==, (GanderTime)n);
      for (guint p = 0; p <= 100; p++)
        {
          GanderTime wanted = 0;
          for (GanderTime value = 1; wanted == 0 && value <= (GanderTime)n; value++)
            if ((guint64)value * 100 >= p * n)
              wanted = value;
          g_assert_cmpint (gander_durations_get_percentile (&durations, p), ==, wanted);
        }
      g_assert_cmpint (all.p50, ==, gander_durations_get_percentile (&durations, 50));
      g_assert_cmpint (all.p95, ==, gander_durations_get_percentile (&durations, 95));
      g_assert_cmpint (all.p99, ==, gander_durations_get_percentile (&durations, 99));
    }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  GanderTime x = *(const GanderTime *)a;
  GanderTime y = *(const GanderTime *)b;

  return x < y ? -1 : x > y;
}

/* Many values of all sizes, negative ones too. */
static void
test_many (void)
{
  for (guint round = 0; round < 20; round++)
    {
      g_auto (GanderDurations) durations = { 0 };
      g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (GanderTime));
      guint n = (guint)g_test_rand_int_range (1, 5000);
      guint shift = (guint)g_test_rand_int_range (0, 60);

      for (guint i = 0; i < n; i++)
        {
          guint64 bits = ((guint64)(guint32)g_test_rand_int () << 32) | (guint32)g_test_rand_int ();
          GanderTime value = (GanderTime)bits >> (shift + (guint)g_test_rand_int_range (0, 4));
          g_array_append_val (values, value);
          gander_durations_add (&durations, value);
        }
      g_array_sort (values, compare_times);
      g_assert_cmpint (gander_durations_get_percentile (&durations, 100),
                       ==,
                       g_array_index (values, GanderTime, n - 1));
      g_assert_cmpmem (durations.values,
                       (int)(durations.n * sizeof (GanderTime)),
                       values->data,
                       (int)(values->len * sizeof (GanderTime)));
    }
}

static void
test_reuse (void)
{
  g_auto (GanderDurations) durations = { 0 };

  gander_durations_add (&durations, 5);
  gander_durations_add (&durations, 3);
  g_assert_cmpint (gander_durations_get_percentile (&durations, 100), ==, 5);
  gander_durations_add (&durations, 4);
  g_assert_cmpint (gander_durations_get_percentile (&durations, 50), ==, 4);
  gander_durations_empty (&durations);
  g_assert_cmpint (gander_durations_get_percentile (&durations, 50), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/quantiles/ranks", test_ranks);
  g_test_add_func ("/analysis/quantiles/many", test_many);
  g_test_add_func ("/analysis/quantiles/reuse", test_reuse);
  return g_test_run ();
}
