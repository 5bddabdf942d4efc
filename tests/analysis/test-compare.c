/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

#include <math.h>

#define S     "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */
#define MINUS "\xe2\x88\x92"

static void
random_metrics (GanderMetrics *out)
{
  for (guint i = 0; i < GANDER_N_METRICS; i++)
    out->value[i] = g_test_rand_int_range (0, 4) == 0 ? 0 : g_test_rand_int_range (0, G_MAXINT32);
}

/* Comparing a trace with itself finds nothing. */
static void
test_same (void)
{
  for (guint round = 0; round < 1000; round++)
    {
      GanderMetrics a;
      GanderComparison comparison;

      random_metrics (&a);
      gander_compare (&a, &a, &comparison);
      for (guint i = 0; i < GANDER_N_METRICS; i++)
        {
          g_assert_cmpint (comparison.rows[i].change, ==, 0);
          g_assert_cmpfloat (comparison.rows[i].percent, ==, 0);
          g_assert_cmpint (comparison.rows[i].verdict, ==, GANDER_VERDICT_SAME);
        }
    }
}

/* Swapping the two flips every sign, and better with worse. */
static void
test_swapped (void)
{
  static const GanderVerdict opposite[GANDER_N_VERDICTS] = {
    [GANDER_VERDICT_SAME] = GANDER_VERDICT_SAME,
    [GANDER_VERDICT_NEUTRAL] = GANDER_VERDICT_NEUTRAL,
    [GANDER_VERDICT_BETTER] = GANDER_VERDICT_WORSE,
    [GANDER_VERDICT_WORSE] = GANDER_VERDICT_BETTER,
  };

  for (guint round = 0; round < 1000; round++)
    {
      GanderMetrics a, b;
      GanderComparison forth, back;

      random_metrics (&a);
      random_metrics (&b);
      /* Some that are nearly equal, for the border between same and changed. */
      b.value[0] = a.value[0] + a.value[0] / 33;
      gander_compare (&a, &b, &forth);
      gander_compare (&b, &a, &back);
      for (guint i = 0; i < GANDER_N_METRICS; i++)
        {
          g_assert_cmpint (forth.rows[i].change, ==, -back.rows[i].change);
          g_assert_cmpint (forth.rows[i].verdict, ==, opposite[back.rows[i].verdict]);
          g_assert_cmpint (signbit (forth.rows[i].percent) &&
                           forth.rows[i].percent<0, ==, back.rows[i].percent> 0);
        }
    }
}

static const struct
{
  gint64 a;
  gint64 b;
  const char *change;
  const char *percent;
} rows[] = {
  { 0, 0, "0" S "ns", "" },
  { 0, 5000, "+5" S "µs", "new" },
  { 5000, 0, MINUS "5" S "µs", "gone" },
  { 1000000, 1380000, "+380" S "µs", "+38" S "%" },
  { 1000000, 966000, MINUS "34" S "µs", MINUS "3.4" S "%" },
  { 1000, 20000, "+19" S "µs", ">+999" S "%" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GanderMetrics a = { 0 }, b = { 0 };
      GanderComparison comparison;
      g_autofree char *change = NULL;
      g_autofree char *percent = NULL;

      a.value[GANDER_METRIC_SELECT] = rows[i].a;
      b.value[GANDER_METRIC_SELECT] = rows[i].b;
      gander_compare (&a, &b, &comparison);
      change = gander_compare_format (GANDER_METRIC_SELECT,
                                      comparison.rows[GANDER_METRIC_SELECT].change,
                                      TRUE);
      percent = gander_compare_format_percent (&comparison.rows[GANDER_METRIC_SELECT]);
      g_assert_cmpstr (change, ==, rows[i].change);
      g_assert_cmpstr (percent, ==, rows[i].percent);
    }
}

static void
test_units (void)
{
  g_autofree char *count = gander_compare_format (GANDER_METRIC_CREATED, 1204, TRUE);
  g_autofree char *bytes = gander_compare_format (GANDER_METRIC_HEAP_PEAK, -3250586, TRUE);

  g_assert_cmpstr (count, ==, "+1,204");
  g_assert_cmpstr (bytes, ==, MINUS "3.1" S "MiB");
}

static void
test_verdict (void)
{
  GanderMetrics a = { 0 }, b = { 0 };
  GanderComparison comparison;
  g_autofree char *changed = NULL;
  g_autofree char *unchanged = NULL;

  a.value[GANDER_METRIC_WALL] = 1842000000;
  b.value[GANDER_METRIC_WALL] = 1142000000;
  a.value[GANDER_METRIC_SELECT] = 1000000000;
  b.value[GANDER_METRIC_SELECT] = 350000000;
  a.value[GANDER_METRIC_RUNNABLE] = 10000000;
  b.value[GANDER_METRIC_RUNNABLE] = 15000000;
  /* The largest change of all, but neither way is better. */
  b.value[GANDER_METRIC_RUNNING] = G_GINT64_CONSTANT (99000000000);
  gander_compare (&a, &b, &comparison);
  changed = gander_compare_verdict (&comparison);
  g_assert_cmpstr (changed,
                   ==,
                   "B is 38" S "% faster (1.842" S "s → 1.142" S "s). "
                   "Select fell by 650" S "ms (65" S "%). "
                   "Waiting for a processor rose by 5" S "ms (50" S "%).");
  gander_compare (&a, &a, &comparison);
  unchanged = gander_compare_verdict (&comparison);
  g_assert_cmpstr (unchanged, ==, "B takes as long as A (1.842" S "s → 1.842" S "s).");
}

/* Every metric has what the two programs show of it, under names of its own: the sentence of the
 * verdict names it without the one above it. */
static void
test_specs (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < GANDER_N_METRICS; i++)
    {
      const GanderMetricSpec *spec = gander_metric_get_spec ((GanderMetric)i);

      g_assert_true (g_hash_table_add (ids, (gpointer)spec->id));
      g_assert_true (g_hash_table_add (labels, (gpointer)spec->label));
      g_assert_true (spec->unit == GANDER_COLUMN_DURATION || spec->unit == GANDER_COLUMN_COUNT ||
                     spec->unit == GANDER_COLUMN_BYTES);
    }
  g_assert_cmpint (gander_metric_get_spec (GANDER_METRIC_WALL)->indent, ==, 0);
}

/* Two real traces: the tables say what the traces hold. */
static void
test_traces (void)
{
  g_autoptr (GanderIndex) a = test_corpus_load ("v122-stw");
  g_autoptr (GanderIndex) b = test_corpus_load ("v126-stw");
  const GanderFacts *facts_a = gander_index_get_facts (a);
  const GanderFacts *facts_b = gander_index_get_facts (b);
  GanderMetrics metrics_a, metrics_b;
  GanderComparison comparison;
  g_autoptr (GanderTable) raw = NULL;
  g_autoptr (GanderTable) shown = NULL;

  g_assert_true (gander_metrics_compute (a, 0, facts_a->duration, &metrics_a, NULL, NULL));
  g_assert_true (gander_metrics_compute (b, 0, facts_b->duration, &metrics_b, NULL, NULL));
  gander_compare (&metrics_a, &metrics_b, &comparison);
  raw = gander_compare_get_table (&comparison);
  shown = gander_compare_get_shown_table (&comparison);
  g_assert_cmpuint (gander_table_get_n_rows (raw), ==, GANDER_N_METRICS);
  g_assert_cmpuint (gander_table_get_n_rows (shown), ==, GANDER_N_METRICS);
  g_assert_cmpint (gander_table_get_integer (raw, GANDER_METRIC_WALL, 2), ==, facts_a->duration);
  g_assert_cmpint (gander_table_get_integer (raw, GANDER_METRIC_WALL, 3), ==, facts_b->duration);
  g_assert_cmpstr (gander_table_get_text (shown, GANDER_METRIC_WALL, 0), ==, "Wall time");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/compare/same", test_same);
  g_test_add_func ("/analysis/compare/swapped", test_swapped);
  g_test_add_func ("/analysis/compare/words", test_words);
  g_test_add_func ("/analysis/compare/units", test_units);
  g_test_add_func ("/analysis/compare/verdict", test_verdict);
  g_test_add_func ("/analysis/compare/specs", test_specs);
  g_test_add_func ("/analysis/compare/traces", test_traces);
  return g_test_run ();
}
