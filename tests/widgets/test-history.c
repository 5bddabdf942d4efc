/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/history.h"

static void
record (GanderHistory *history, GanderTime begin)
{
  const GanderViewState state = { .begin = begin, .end = begin + 10 };

  gander_history_record (history, &state);
}

static void
test_walk (void)
{
  g_autoptr (GanderHistory) history = gander_history_new ();
  GanderViewState state;

  g_assert_false (gander_history_can_go (history, -1));
  g_assert_false (gander_history_go (history, 1, &state));
  record (history, 1);
  record (history, 2);
  record (history, 3);
  g_assert_true (gander_history_go (history, -1, &state));
  g_assert_cmpint (state.begin, ==, 2);
  g_assert_cmpint (gander_history_peek (history, 1)->begin, ==, 3);
  g_assert_true (gander_history_go (history, 1, &state));
  g_assert_cmpint (state.begin, ==, 3);
  g_assert_false (gander_history_can_go (history, 1));
}

static void
test_branch (void)
{
  g_autoptr (GanderHistory) history = gander_history_new ();
  GanderViewState state;

  record (history, 1);
  record (history, 2);
  g_assert_true (gander_history_go (history, -1, &state));
  record (history, 5);
  g_assert_false (gander_history_can_go (history, 1));
  g_assert_true (gander_history_go (history, -1, &state));
  g_assert_cmpint (state.begin, ==, 1);
}

static void
test_same (void)
{
  g_autoptr (GanderHistory) history = gander_history_new ();

  record (history, 1);
  record (history, 1);
  g_assert_false (gander_history_can_go (history, -1));
}

static void
test_full (void)
{
  g_autoptr (GanderHistory) history = gander_history_new ();
  GanderViewState state = { 0 };
  int n = 0;

  for (int i = 0; i < 3 * GANDER_HISTORY_MAX; i++)
    record (history, i);
  while (gander_history_go (history, -1, &state))
    n++;
  g_assert_cmpint (n, ==, GANDER_HISTORY_MAX - 1);
  g_assert_cmpint (state.begin, ==, 2 * GANDER_HISTORY_MAX);
}

static void
test_selected (void)
{
  const GanderSelected a = { .kind = GANDER_SELECTED_SPAN, .lane = 1, .row = 2 };
  const GanderSelected b = { .kind = GANDER_SELECTED_SPAN, .lane = 1, .row = 3 };
  g_autoptr (GanderSelection) selection = gander_selection_new ();

  g_assert_true (gander_selected_equal (&a, &a));
  g_assert_false (gander_selected_equal (&a, &b));
  g_assert_cmpuint (gander_selection_get_lane (selection), ==, GANDER_LANE_NONE);
  gander_selection_set_span (selection, 1, 2);
  g_assert_true (gander_selected_equal (&a, gander_selection_get (selection)));
  g_assert_cmpuint (gander_selection_get_lane (selection), ==, 1);
  gander_selection_clear (selection);
  g_assert_cmpint (gander_selection_get (selection)->kind, ==, GANDER_SELECTED_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/history/walk", test_walk);
  g_test_add_func ("/widgets/history/branch", test_branch);
  g_test_add_func ("/widgets/history/same", test_same);
  g_test_add_func ("/widgets/history/full", test_full);
  g_test_add_func ("/widgets/selection/selected", test_selected);
  return g_test_run ();
}
