/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/axis-link.h"

typedef struct
{
  GanderViewport *a;
  GanderViewport *b;
  GanderAxisLink *link;
} Pair;

static void
pair_set_up (Pair *pair, gconstpointer data)
{
  pair->a = gander_viewport_new (1000000);
  pair->b = gander_viewport_new (400000);
  pair->link = gander_axis_link_new (pair->a, pair->b);
}

static void
pair_tear_down (Pair *pair, gconstpointer data)
{
  g_assert_finalize_object (pair->link);
  g_assert_finalize_object (pair->a);
  g_assert_finalize_object (pair->b);
}

static void
assert_offset (Pair *pair, GanderTime shift)
{
  g_assert_cmpint (gander_viewport_get_begin (pair->a) - gander_viewport_get_begin (pair->b),
                   ==,
                   shift);
  g_assert_cmpint (gander_viewport_get_end (pair->a) - gander_viewport_get_end (pair->b),
                   ==,
                   shift);
}

static void
test_follow (Pair *pair, gconstpointer data)
{
  assert_offset (pair, 0);
  gander_viewport_set_range (pair->a, 800000, 900000);
  assert_offset (pair, 0);
  gander_viewport_set_range (pair->b, 100000, 150000);
  g_assert_cmpint (gander_viewport_get_begin (pair->a), ==, 100000);
  gander_viewport_set_pointer (pair->b, 120000);
  g_assert_cmpint (gander_viewport_get_pointer (pair->a), ==, 120000);
}

static void
test_shift (Pair *pair, gconstpointer data)
{
  gander_viewport_set_range (pair->a, 100000, 200000);
  gander_axis_link_set_shift (pair->link, -50000);
  g_assert_cmpint (gander_viewport_get_begin (pair->a), ==, 100000);
  assert_offset (pair, -50000);
  gander_viewport_set_pointer (pair->a, 120000);
  g_assert_cmpint (gander_viewport_get_pointer (pair->b), ==, 170000);
  gander_viewport_set_pointer (pair->a, GANDER_VIEWPORT_NO_POINTER);
  g_assert_cmpint (gander_viewport_get_pointer (pair->b), ==, GANDER_VIEWPORT_NO_POINTER);
}

static void
test_far_shift (Pair *pair, gconstpointer data)
{
  gander_axis_link_set_shift (pair->link, 5000000);
  gander_viewport_fit (pair->a, NULL);
  assert_offset (pair, 5000000);
  g_assert_cmpint (gander_viewport_get_end (pair->b), >=, 400000);
}

static void
test_unlinked (Pair *pair, gconstpointer data)
{
  gander_axis_link_set_linked (pair->link, FALSE);
  gander_viewport_set_range (pair->b, 100000, 150000);
  g_assert_cmpint (gander_viewport_get_begin (pair->a), !=, 100000);
  gander_viewport_set_range (pair->a, 300000, 350000);
  gander_axis_link_set_linked (pair->link, TRUE);
  g_assert_cmpint (gander_viewport_get_begin (pair->b), ==, 300000);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*run) (Pair *pair, gconstpointer data);
  } cases[] = {
    { "/widgets/axis-link/follow", test_follow },
    { "/widgets/axis-link/shift", test_shift },
    { "/widgets/axis-link/far-shift", test_far_shift },
    { "/widgets/axis-link/unlinked", test_unlinked },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Pair, NULL, pair_set_up, cases[i].run, pair_tear_down);
  return g_test_run ();
}
