/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

/* What holds of figures on any trace; what they mean is checked by tests/stories. */

static double
compute (const GanderIndex *index,
         GanderTime begin,
         GanderTime end,
         GanderFigure figure,
         const char *state)
{
  const GanderFigureSelector selector = { .state = state };
  g_autoptr (GError) error = NULL;
  double value = -1;

  g_assert_true (gander_figure_compute (index, begin, end, figure, &selector, &value, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (value, >=, 0);
  return value;
}

static void
check_near (double a, double b)
{
  g_assert_cmpfloat_with_epsilon (a, b, 1e-9 * (1 + MAX (a, b)));
}

static void
check_trace (const GanderIndex *index)
{
  static const char *const parts[] = { "running", "runnable", "syscall", "blocked" };
  static const char *const locks[] = { "mutex", "rwlock", "rlock" };
  GanderTime duration = gander_index_get_facts (index)->duration;
  double all = 0, locked = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      double total = compute (index, 0, duration, GANDER_FIGURE_TOTAL, parts[i]);
      double count = compute (index, 0, duration, GANDER_FIGURE_COUNT, parts[i]);

      all += compute (index, 0, duration, GANDER_FIGURE_SHARE, parts[i]);
      check_near (total,
                  compute (index, 0, duration / 3, GANDER_FIGURE_TOTAL, parts[i]) +
                      compute (index, duration / 3, duration, GANDER_FIGURE_TOTAL, parts[i]));
      check_near (total, count * compute (index, 0, duration, GANDER_FIGURE_MEAN, parts[i]));
      check_near (total,
                  compute (index, 0, duration, GANDER_FIGURE_QUEUE, parts[i]) *
                      compute (index, 0, duration, GANDER_FIGURE_DURATION, NULL));
      g_assert_cmpfloat (compute (index, 0, duration, GANDER_FIGURE_P50, parts[i]),
                         <=,
                         compute (index, 0, duration, GANDER_FIGURE_P99, parts[i]));
      g_assert_cmpfloat (compute (index, 0, duration, GANDER_FIGURE_P99, parts[i]),
                         <=,
                         compute (index, 0, duration, GANDER_FIGURE_MAX, parts[i]));
    }
  if (compute (index, 0, duration, GANDER_FIGURE_GOROUTINES, NULL) > 0)
    check_near (all, 1);
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    locked += compute (index, 0, duration, GANDER_FIGURE_COUNT, locks[i]);
  g_assert_cmpfloat (locked, ==, compute (index, 0, duration, GANDER_FIGURE_COUNT, "lock"));
  for (guint figure = 0; figure < GANDER_N_FIGURES; figure++)
    if (gander_figure_get_unit ((GanderFigure)figure) == GANDER_FIGURE_UNIT_SHARE)
      g_assert_cmpfloat (compute (index, 0, duration, (GanderFigure)figure, "blocked"), <=, 1);
}

static void
test_corpus (void)
{
  g_auto (GStrv) names = test_corpus_get_names ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i]);

      g_test_message ("%s", names[i]);
      if (gander_index_get_n_damage (index) == 0)
        check_trace (index);
    }
}

static void
test_names (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  const char *const *states = gander_figure_get_states ();
  const GanderFigureSelector wrong = { .state = "asleep" };
  g_autoptr (GError) error = NULL;
  double value;

  for (guint figure = 0; figure < GANDER_N_FIGURES; figure++)
    {
      g_assert_cmpint (gander_figure_find (gander_figure_get_id ((GanderFigure)figure)),
                       ==,
                       figure);
      compute (index, 0, 0, (GanderFigure)figure, NULL);
    }
  g_assert_cmpint (gander_figure_find ("nonsense"), ==, -1);
  for (guint i = 0; states[i] != NULL; i++)
    compute (index, 0, G_MAXINT64, GANDER_FIGURE_SHARE, states[i]);
  g_assert_false (gander_figure_compute (index, 0, 1, GANDER_FIGURE_SHARE, &wrong, &value, &error));
  g_assert_error (error, GANDER_ANALYSIS_ERROR, GANDER_ANALYSIS_ERROR_UNKNOWN_NAME);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figures/corpus", test_corpus);
  g_test_add_func ("/figures/names", test_names);
  return g_test_run ();
}
