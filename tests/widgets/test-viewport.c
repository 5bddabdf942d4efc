/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/viewport.h"

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
assert_range (GanderViewport *viewport, GanderTime begin, GanderTime end)
{
  g_assert_cmpint (gander_viewport_get_begin (viewport), ==, begin);
  g_assert_cmpint (gander_viewport_get_end (viewport), ==, end);
}

static void
test_fit (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);

  assert_range (viewport, -1000, 101000);
  gander_viewport_set_range (viewport, 2000, 4000);
  gander_viewport_fit (viewport, NULL);
  assert_range (viewport, -1000, 101000);
}

static void
test_tiny (void)
{
  static const GanderTime durations[] = { -5, 0, 1, 999, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_autoptr (GanderViewport) viewport = gander_viewport_new (durations[i]);

      g_assert_cmpint (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport),
                       >=,
                       GANDER_VIEWPORT_SHORTEST);
      gander_viewport_zoom (viewport, 0.001, 0);
      g_assert_cmpint (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport),
                       ==,
                       GANDER_VIEWPORT_SHORTEST);
    }
}

static void
test_clamp (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);

  gander_viewport_set_range (viewport, -50000, -40000);
  assert_range (viewport, -1000, 9000);
  gander_viewport_set_range (viewport, 200000, 210000);
  assert_range (viewport, 91000, 101000);
  gander_viewport_set_range (viewport, 50000, 50010);
  assert_range (viewport, 50000, 51000);
  gander_viewport_set_range (viewport, G_MAXINT64, G_MININT64);
  assert_range (viewport, 100000, 101000);
}

static void
test_zoom_point (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (1000000);

  gander_viewport_set_range (viewport, 100000, 500000);
  gander_viewport_zoom (viewport, 0.5, 200000);
  assert_range (viewport, 150000, 350000);
  gander_viewport_zoom (viewport, 2, 200000);
  assert_range (viewport, 100000, 500000);
  gander_viewport_zoom (viewport, -1, 200000);
  assert_range (viewport, 100000, 500000);
}

/* At the edge the point under the pointer cannot stay, but the range must. */
static void
test_zoom_edge (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);

  gander_viewport_zoom (viewport, 1e9, 0);
  assert_range (viewport, -1000, 101000);
  gander_viewport_zoom (viewport, 1e-9, 100000);
  g_assert_cmpint (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport),
                   ==,
                   GANDER_VIEWPORT_SHORTEST);
}

static void
test_pan (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);

  gander_viewport_set_range (viewport, 10000, 20000);
  gander_viewport_pan (viewport, 5000);
  assert_range (viewport, 15000, 25000);
  gander_viewport_pan (viewport, G_MAXINT64);
  assert_range (viewport, 91000, 101000);
  gander_viewport_pan (viewport, G_MININT64);
  assert_range (viewport, -1000, 9000);
}

static void
test_signal (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);
  guint n = 0;

  g_signal_connect_swapped (viewport, "changed", G_CALLBACK (count_cb), &n);
  gander_viewport_set_range (viewport, 1000, 5000);
  g_assert_cmpuint (n, ==, 1);
  gander_viewport_set_range (viewport, 1000, 5000);
  g_assert_cmpuint (n, ==, 1);
  gander_viewport_set_pointer (viewport, 3000);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_limits (void)
{
  g_autoptr (GanderViewport) viewport = gander_viewport_new (100000);

  gander_viewport_set_limits (viewport, -50000, 300000);
  gander_viewport_fit (viewport, NULL);
  assert_range (viewport, -50000, 300000);
  gander_viewport_set_limits (viewport, 0, 100000);
  assert_range (viewport, 0, 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/viewport/fit", test_fit);
  g_test_add_func ("/widgets/viewport/tiny", test_tiny);
  g_test_add_func ("/widgets/viewport/clamp", test_clamp);
  g_test_add_func ("/widgets/viewport/zoom-point", test_zoom_point);
  g_test_add_func ("/widgets/viewport/zoom-edge", test_zoom_edge);
  g_test_add_func ("/widgets/viewport/pan", test_pan);
  g_test_add_func ("/widgets/viewport/signal", test_signal);
  g_test_add_func ("/widgets/viewport/limits", test_limits);
  return g_test_run ();
}
