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
  g_test_add_func ("/analysis/quantiles/reuse", test_reuse);
  return g_test_run ();
}
