/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"
#include "tests/support/gc-example.h"

/* Mutator utilisation of every trace in tests/corpus equals the reference reports. Then its laws,
 * and a trace written by hand.
 */

static GanderMmu *
compute (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autoptr (GError) error = NULL;
  GanderMmu *mmu = gander_mmu_new (index, begin, end, NULL, &error);

  g_assert_no_error (error);
  return mmu;
}

static void
check (TestAgree *test)
{
  JsonObject *report = json_object_get_object_member (test->report, "mmu");
  JsonObject *windows = json_object_get_object_member (report, "windows");
  g_autoptr (GList) names = json_object_get_members (windows);
  g_autoptr (GanderMmu) mmu =
      compute (test->index, 0, gander_index_get_facts (test->index)->duration);

  test_agree_text (test,
                   "mmu",
                   "flags",
                   GANDER_MMU_FLAGS,
                   json_object_get_string_member (report, "flags"));
  test_agree_int (test,
                  "mmu",
                  "points",
                  0,
                  gander_mmu_get_n_points (mmu),
                  test_agree_get (report, "points"));
  test_agree_double (test,
                     "mmu",
                     "mean",
                     1e-6,
                     gander_mmu_get_mean (mmu),
                     json_object_get_double_member (report, "mean"));
  for (GList *name = names; name != NULL; name = name->next)
    test_agree_double (test,
                       "mmu",
                       name->data,
                       1e-2,
                       gander_mmu_get (mmu, g_ascii_strtoll (name->data, NULL, 10), NULL),
                       json_object_get_double_member (windows, name->data));
}

#define MICROSECOND 1000

static void
test_example (void)
{
  static const struct
  {
    GanderTime window; /* µs */
    double least;
  } curve[] = { { 0, 0 },    { 5, 0 },      { 10, 0.25 },  { 30, 0.5 },
                { 50, 0.7 }, { 100, 0.85 }, { 200, 0.85 }, { -1, 0 } };
  g_autoptr (GanderIndex) index = gc_example_load ();
  g_autoptr (GanderMmu) mmu = compute (index, 0, gander_index_get_facts (index)->duration);
  GanderMmuWindow worst;

  g_assert_cmpint (gander_mmu_get_begin (mmu), ==, GC_EXAMPLE_ZERO);
  /* 1, a half, 0, 1, the end. */
  g_assert_cmpuint (gander_mmu_get_n_points (mmu), ==, 5);
  g_assert_cmpfloat_with_epsilon (gander_mmu_get_mean (mmu), 0.85, 1e-12);
  for (gsize i = 0; i < G_N_ELEMENTS (curve); i++)
    g_assert_cmpfloat_with_epsilon (gander_mmu_get (mmu, curve[i].window * MICROSECOND, NULL),
                                    curve[i].least,
                                    1e-12);
  gander_mmu_get (mmu, 10 * MICROSECOND, &worst);
  g_assert_cmpint (worst.begin, ==, GC_EXAMPLE_ZERO + 35 * MICROSECOND);
  g_assert_cmpint (worst.end, ==, GC_EXAMPLE_ZERO + 45 * MICROSECOND);
}

/* The worst windows of the example by hand, 10 µs long: [35, 45) has 0.25. Of those that leave it
 * alone [20, 30) is the first with 0.5, and then the program has all in what is left. */
static void
test_worst (void)
{
  static const GanderTime begins[] = { 35, 20, 0, 10 };
  static const double shares[] = { 0.25, 0.5, 1, 1 };
  g_autoptr (GanderIndex) index = gc_example_load ();
  g_autoptr (GanderMmu) mmu = compute (index, 0, gander_index_get_facts (index)->duration);
  GanderMmuWindow windows[G_N_ELEMENTS (begins)];

  g_assert_cmpuint (gander_mmu_get_worst (mmu, 10 * MICROSECOND, windows, G_N_ELEMENTS (windows)),
                    ==,
                    G_N_ELEMENTS (windows));
  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      g_assert_cmpint (windows[i].begin, ==, GC_EXAMPLE_ZERO + begins[i] * MICROSECOND);
      g_assert_cmpfloat_with_epsilon (windows[i].utilisation, shares[i], 1e-12);
    }
}

/* No window of some length has less than is said, tried at many places. */
static void
check_window (const GanderMmu *mmu, GanderTime window)
{
  GanderTime begin = gander_mmu_get_begin (mmu);
  GanderTime free = gander_mmu_get_end (mmu) - begin - window;
  GanderMmuWindow worst[20];
  guint n = gander_mmu_get_worst (mmu, window, worst, G_N_ELEMENTS (worst));
  double least = gander_mmu_get (mmu, window, NULL);

  for (guint i = 0; i <= 200; i++)
    {
      GanderTime at = begin + free * i / 200;

      g_assert_cmpfloat (gander_mmu_get_mean_of (mmu, at, at + window), >=, least - 1e-9);
    }
  for (guint i = 0; i < n; i++)
    {
      double mean = gander_mmu_get_mean_of (mmu, worst[i].begin, worst[i].end);

      g_assert_cmpfloat_with_epsilon (mean, worst[i].utilisation, 1e-9);
      g_assert_true (i == 0 || worst[i].utilisation >= worst[i - 1].utilisation);
      for (guint j = 0; j < i; j++)
        g_assert_true (worst[i].end <= worst[j].begin || worst[j].end <= worst[i].begin);
    }
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpfloat_with_epsilon (worst[0].utilisation, least, 1e-12);
}

static void
check_laws (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_autoptr (GanderMmu) mmu = compute (index, 0, duration);
  GanderTime begin = gander_mmu_get_begin (mmu);
  GanderTime length = gander_mmu_get_end (mmu) - begin;
  double sum = 0;

  if (!gander_mmu_is_known (mmu))
    return;
  g_assert_cmpfloat_with_epsilon (gander_mmu_get (mmu, length, NULL),
                                  gander_mmu_get_mean (mmu),
                                  1e-12);
  for (GanderTime window = MICROSECOND; window < length; window *= 7)
    {
      check_window (mmu, window);
      for (GanderTime k = 2; k < 6 && k * window <= length; k++)
        g_assert_cmpfloat (gander_mmu_get (mmu, window, NULL),
                           <=,
                           gander_mmu_get (mmu, k * window, NULL) + 1e-9);
    }
  for (guint i = 0; i < 5; i++)
    {
      GanderTime from = begin + length * i / 5;
      GanderTime to = begin + length * (i + 1) / 5;
      g_autoptr (GanderMmu) part = compute (index, from, to);

      sum += gander_mmu_get_mean (part) * (double)(to - from);
      g_assert_cmpfloat_with_epsilon (gander_mmu_get_mean (part),
                                      gander_mmu_get_mean_of (mmu, from, to),
                                      1e-9);
    }
  g_assert_cmpfloat_with_epsilon (sum / (double)length, gander_mmu_get_mean (mmu), 1e-9);
}

static void
test_laws (void)
{
  static const char *const traces[] = { "v122-gcgens", "v124-gc",  "v125-pool",
                                        "v126-grow",   "v126-stw", "v126-memlimit" };

  for (gsize i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autoptr (GanderIndex) whole = test_corpus_load (traces[i]);
      g_autoptr (GanderIndex) part = test_corpus_load_part (traces[i], 70);

      check_laws (whole);
      check_laws (part);
    }
}

/* A row per length, and what happened in the worst window explains it. */
static void
test_tables (void)
{
  g_autoptr (GanderIndex) index = gc_example_load ();
  g_autoptr (GanderMmu) mmu = compute (index, 0, gander_index_get_facts (index)->duration);
  static const GanderTime lengths[] = { 1, 2, 5, 10, 20, 50, 100 };
  g_autoptr (GanderTable) curve = NULL;
  g_auto (GanderGc) gc = { 0 };

  g_assert_true (
      gander_gc_compute (index, 0, gander_index_get_facts (index)->duration, &gc, NULL, NULL));
  curve = gander_mmu_get_curve (mmu, &gc);
  g_assert_cmpuint (gander_table_get_n_rows (curve), ==, G_N_ELEMENTS (lengths));
  for (guint row = 0; row < G_N_ELEMENTS (lengths); row++)
    g_assert_cmpint (gander_table_get_integer (curve, row, 0), ==, lengths[row] * MICROSECOND);
  /* [35, 45): the pause takes 5 µs, the worker runs 6, one of them in the pause. */
  g_assert_cmpint (gander_table_get_integer (curve,
                                             3,
                                             (guint)gander_table_find_column (curve, "pause")),
                   ==,
                   5 * MICROSECOND);
  g_assert_cmpint (gander_table_get_integer (curve,
                                             3,
                                             (guint)gander_table_find_column (curve, "dedicated")),
                   ==,
                   6 * MICROSECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mmu/example", test_example);
  g_test_add_func ("/mmu/worst", test_worst);
  g_test_add_func ("/mmu/laws", test_laws);
  g_test_add_func ("/mmu/tables", test_tables);
  test_agree_add ("/mmu/agree", check);
  return test_agree_run ();
}
