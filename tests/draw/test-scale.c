/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/scale.h"

#define S "\u202f"

typedef struct
{
  GanderTime time;
  const char *text;
} TextCase;

static void
test_duration (void)
{
  static const TextCase cases[] = {
    { 0, "0" S "ns" },
    { 1, "1" S "ns" },
    { 999, "999" S "ns" },
    { 478000, "478" S "\u00b5s" },
    { 16469218, "16.47" S "ms" },
    { 1842000000, "1.842" S "s" },
    { 999949, "999.9" S "\u00b5s" },
    { 999960, "1" S "ms" },
    { 124000000000, "2" S "m" S "04" S "s" },
    { 119999000000, "120" S "s" },
    { 7260000000000, "2" S "h" S "01" S "m" },
    { -1500,
      "\u2212"
      "1.5" S "\u00b5s" },
    { G_MAXINT64, "2562047" S "h" S "47" S "m" },
    { G_MININT64,
      "\u2212"
      "2562047" S "h" S "47" S "m" },
  };
  char text[GANDER_TEXT_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (gander_scale_format_duration (cases[i].time, text), ==, cases[i].text);
}

static void
test_duration_exact (void)
{
  static const TextCase cases[] = {
    { 16469218, "16.469" S "218" S "ms" },
    { 478000, "478" S "\u00b5s" },
    { 478012, "478.012" S "\u00b5s" },
    { 1000000001, "1.000" S "000" S "001" S "s" },
    { 7, "7" S "ns" },
  };
  char text[GANDER_TEXT_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (gander_scale_format_duration_exact (cases[i].time, text), ==, cases[i].text);
}

static void
test_instant (void)
{
  static const struct
  {
    GanderTime time, step;
    const char *text;
  } cases[] = {
    { 0, 10000000, "0" S "ms" },
    { 710000000, 10000000, "710" S "ms" },
    { 737812345, 10000, "737.81" S "ms" },
    { 1710000000, 10000000, "1.71" S "s" },
    { 500, 100, "500" S "ns" },
    { 123456789012, 1000000000, "2" S "m" S "03" S "s" },
  };
  char text[GANDER_TEXT_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (gander_scale_format_instant (cases[i].time, cases[i].step, text),
                     ==,
                     cases[i].text);
}

static void
test_share (void)
{
  char text[GANDER_TEXT_SIZE];

  g_assert_cmpstr (gander_scale_format_share (59, 100, text), ==, "59" S "%");
  g_assert_cmpstr (gander_scale_format_share (35, 1000, text), ==, "3.5" S "%");
  g_assert_cmpstr (gander_scale_format_share (999, 10000, text), ==, "10" S "%");
  g_assert_cmpstr (gander_scale_format_share (0, 7, text), ==, "0" S "%");
  g_assert_cmpstr (gander_scale_format_share (1, 0, text), ==, "0" S "%");
}

static void
test_bytes_and_counts (void)
{
  char text[GANDER_TEXT_SIZE];

  g_assert_cmpstr (gander_scale_format_bytes (1000, text), ==, "1000" S "B");
  g_assert_cmpstr (gander_scale_format_bytes (49597645, text), ==, "47.3" S "MiB");
  g_assert_cmpstr (gander_scale_format_bytes (G_MAXUINT64, text), ==, "16.0" S "EiB");
  g_assert_cmpstr (gander_scale_format_count (999, text), ==, "999");
  g_assert_cmpstr (gander_scale_format_count (1284, text), ==, "1,284");
  g_assert_cmpstr (gander_scale_format_count (1234567, text), ==, "1,234,567");
}

static gboolean
is_one_two_five (GanderTime step)
{
  while (step % 10 == 0)
    step /= 10;
  return step == 1 || step == 2 || step == 5;
}

/* Labels keep their distance and five minor ticks divide a major step, at every zoom. */
static void
test_ticks (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GArray) ticks = g_array_new (FALSE, FALSE, sizeof (GanderTick));
      GanderTime length =
          1000 + (GanderTime)(g_test_rand_double () * (double)(1 << (round % 30)) * 1e4);
      GanderTime begin = g_test_rand_int_range (-1000, G_MAXINT32);
      GanderTime zero = round % 2 == 0 ? 0 : g_test_rand_int_range (G_MININT32, G_MAXINT32);
      GanderScale scale;
      GanderTime step;
      int last = G_MININT;

      gander_scale_init (&scale, begin, begin + length, g_test_rand_int_range (200, 4000));
      step = gander_scale_get_ticks (&scale, zero, 95, ticks);
      g_assert_true (is_one_two_five (step));
      g_assert_cmpuint (ticks->len, <=, 5u * ((guint)scale.width / 95 + 2));
      for (guint i = 0; i < ticks->len; i++)
        {
          const GanderTick *tick = &g_array_index (ticks, GanderTick, i);

          g_assert_cmpint (zero + tick->time, >=, scale.begin);
          g_assert_cmpint (zero + tick->time, <, scale.end);
          g_assert_cmpint (tick->x, ==, gander_scale_get_x (&scale, zero + tick->time));
          if (i > 0)
            g_assert_cmpint (tick->time - tick[-1].time, ==, MAX (step / 5, 1));
          if (!tick->major)
            continue;
          g_assert_cmpint (tick->time % step, ==, 0);
          if (last != G_MININT)
            g_assert_cmpint (tick->x - last, >=, 94);
          last = tick->x;
        }
    }
}

/* A pan by whole pixels moves what is drawn and changes nothing else. */
static void
test_anchored (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      GanderTime length = g_test_rand_int_range (5000, G_MAXINT32);
      int width = g_test_rand_int_range (100, 4000);
      GanderTime pan = g_test_rand_int_range (0, 1 << 30);
      GanderTime edges[11];
      GanderTime panned_edges[11];
      GanderScale scale;
      GanderScale panned;
      gint64 moved;

      gander_scale_init (&scale, 12345678, 12345678 + length, width);
      gander_scale_init (&panned, 12345678 + pan, 12345678 + pan + length, width);
      moved = panned.first - scale.first;
      if (moved > 20000)
        continue;
      gander_scale_get_edges (&scale, (int)moved, 10, edges);
      gander_scale_get_edges (&panned, 0, 10, panned_edges);
      for (guint i = 0; i < 11; i++)
        {
          g_assert_cmpint (edges[i], ==, panned_edges[i]);
          g_assert_cmpint (gander_scale_get_x (&panned, edges[i]), ==, (int)i);
        }
    }
}

static void
test_extremes (void)
{
  GanderScale scale;

  gander_scale_init (&scale, 5, 5, 0);
  g_assert_cmpint (scale.width, ==, 1);
  g_assert_cmpint (gander_scale_get_x (&scale, G_MAXINT64), ==, 1 + 32000);
  g_assert_cmpint (gander_scale_get_x (&scale, -G_MAXINT64), ==, -32000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/scale/duration", test_duration);
  g_test_add_func ("/draw/scale/duration-exact", test_duration_exact);
  g_test_add_func ("/draw/scale/instant", test_instant);
  g_test_add_func ("/draw/scale/share", test_share);
  g_test_add_func ("/draw/scale/bytes-and-counts", test_bytes_and_counts);
  g_test_add_func ("/draw/scale/ticks", test_ticks);
  g_test_add_func ("/draw/scale/anchored", test_anchored);
  g_test_add_func ("/draw/scale/extremes", test_extremes);
  return g_test_run ();
}
