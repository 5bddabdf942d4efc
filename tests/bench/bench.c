/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <time.h>

gint64
bench_now (int clock)
{
  struct timespec now;

  clock_gettime ((clockid_t)clock, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;

  return x < y ? -1 : x > y;
}

double
bench_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

double
bench_share (double *values, guint n, double share)
{
  qsort (values, n, sizeof *values, compare);
  return values[MIN ((guint)(share * n), n - 1)];
}

char *
bench_dup_usual_trace (void)
{
  const char *tests = g_getenv ("G_TEST_SRCDIR");

  return g_build_filename (tests != NULL ? tests : "tests", "corpus", "v126-http.trace.zst", NULL);
}
