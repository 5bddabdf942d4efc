/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

/* What Go prints and reads: the expectations are those of golang/go src/time/time_test.go, 1.26,
 * and what follows from its rules. */

static const struct
{
  GanderTime duration;
  const char *text;
} printed[] = {
  { 0, "0s" },
  { 1, "1ns" },
  { 1100, "1.1µs" },
  { 2200000, "2.2ms" },
  { 3300000000, "3.3s" },
  { G_GINT64_CONSTANT (245000000000), "4m5s" },
  { G_GINT64_CONSTANT (245001000000), "4m5.001s" },
  { G_GINT64_CONSTANT (18367001000000), "5h6m7.001s" },
  { G_GINT64_CONSTANT (9900000000000), "2h45m0s" },
  { G_GINT64_CONSTANT (480000000001), "8m0.000000001s" },
  { 16469218, "16.469218ms" },
  { -1100, "-1.1µs" },
  { G_MAXINT64, "2562047h47m16.854775807s" },
  { G_MININT64, "-2562047h47m16.854775808s" },
};

static void
test_print (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (printed); i++)
    {
      g_autofree char *text = gander_duration_to_string (printed[i].duration);

      g_assert_cmpstr (text, ==, printed[i].text);
    }
}

static const struct
{
  const char *text;
  gboolean good;
  GanderTime duration;
} parsed[] = {
  { "0", TRUE, 0 },
  { "+0", TRUE, 0 },
  { "-0", TRUE, 0 },
  { "5s", TRUE, G_GINT64_CONSTANT (5000000000) },
  { "-5s", TRUE, -G_GINT64_CONSTANT (5000000000) },
  { "1478s", TRUE, G_GINT64_CONSTANT (1478000000000) },
  { "5.0s", TRUE, G_GINT64_CONSTANT (5000000000) },
  { "5.s", TRUE, G_GINT64_CONSTANT (5000000000) },
  { ".5s", TRUE, 500000000 },
  { "1.004s", TRUE, 1004000000 },
  { "100.00100s", TRUE, G_GINT64_CONSTANT (100001000000) },
  { "10ns", TRUE, 10 },
  { "11us", TRUE, 11000 },
  { "12µs", TRUE, 12000 },
  { "12μs", TRUE, 12000 },
  { "13ms", TRUE, 13000000 },
  { "3h30m", TRUE, G_GINT64_CONSTANT (12600000000000) },
  { "10.5s4m", TRUE, G_GINT64_CONSTANT (250500000000) },
  { "-2m3.4s", TRUE, -G_GINT64_CONSTANT (123400000000) },
  { "39h9m14.425s", TRUE, G_GINT64_CONSTANT (140954425000000) },
  { "52763797000ns", TRUE, G_GINT64_CONSTANT (52763797000) },
  { "0.3333333333333333333h", TRUE, G_GINT64_CONSTANT (1199999999999) },
  { "9223372036854775807ns", TRUE, G_MAXINT64 },
  { "-9223372036854775808ns", TRUE, G_MININT64 },
  { "9223372036854775808ns", FALSE, 0 },
  { "-9223372036854775809ns", FALSE, 0 },
  { "3000000h", FALSE, 0 },
  { "99999999999999999999999s", FALSE, 0 },
  { "", FALSE, 0 },
  { "3", FALSE, 0 },
  { "-", FALSE, 0 },
  { "s", FALSE, 0 },
  { ".", FALSE, 0 },
  { "-.", FALSE, 0 },
  { ".s", FALSE, 0 },
  { "+.s", FALSE, 0 },
  { "1d", FALSE, 0 },
  { "1 ms", FALSE, 0 },
  { "--5s", FALSE, 0 },
  { "\x85\x85", FALSE, 0 },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parsed); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (parsed[i].text, NULL);
      GanderTime duration = -1;
      gboolean good = gander_duration_parse (parsed[i].text, &duration, &error);

      g_test_message ("%s", shown);
      g_assert_cmpint (good, ==, parsed[i].good);
      if (good)
        g_assert_cmpint (duration, ==, parsed[i].duration);
      else
        g_assert_error (error, GANDER_ANALYSIS_ERROR, GANDER_ANALYSIS_ERROR_BAD_DURATION);
    }
}

static void
test_round_trip (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      guint64 bits = (guint64)g_test_rand_int () << 32 | (guint32)g_test_rand_int ();
      GanderTime duration = (GanderTime)(bits >> g_test_rand_int_range (0, 63));
      GanderTime signed_duration = i % 2 == 0 ? duration : (GanderTime)(0 - (guint64)duration);
      g_autofree char *text = gander_duration_to_string (signed_duration);
      GanderTime back = 1;

      g_assert_true (gander_duration_parse (text, &back, NULL));
      g_assert_cmpint (back, ==, signed_duration);
    }
}

#define S "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */

static const struct
{
  GanderTime duration;
  const char *brief;
  const char *exact;
} shown[] = {
  { 0, "0" S "ns", "0" S "ns" },
  { 478000, "478" S "µs", "478.000" S "µs" },
  { 16469218, "16.47" S "ms", "16.469" S "218" S "ms" },
  { 1842123456, "1.842" S "s", "1.842" S "123" S "456" S "s" },
  { 999949, "999.9" S "µs", "999.949" S "µs" },
  { 999950, "1" S "ms", "999.950" S "µs" },
  { G_GINT64_CONSTANT (124300000000), "2" S "m 04" S "s", "124.300" S "000" S "000" S "s" },
  { G_GINT64_CONSTANT (3725000000000), "1" S "h 02" S "m", "3" S "725.000" S "000" S "000" S "s" },
  { -1500,
    "\xe2\x88\x92"
    "1.5" S "µs",
    "\xe2\x88\x92"
    "1.500" S "µs" },
};

static void
test_shown (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *brief = gander_duration_to_short (shown[i].duration);
      g_autofree char *exact = gander_duration_to_exact (shown[i].duration);

      g_assert_cmpstr (brief, ==, shown[i].brief);
      g_assert_cmpstr (exact, ==, shown[i].exact);
    }
}

static void
test_round (void)
{
  g_assert_cmpint (gander_duration_round (16469218), ==, 16470000);
  g_assert_cmpint (gander_duration_round (9999), ==, 9999);
  g_assert_cmpint (gander_duration_round (99995), ==, 100000);
  g_assert_cmpint (gander_duration_round (-16469218), ==, -16470000);
  /* Nothing to round up to. */
  g_assert_cmpint (gander_duration_round (G_MAXINT64), ==, G_MAXINT64);
  g_assert_cmpint (gander_duration_round (G_MININT64), ==, G_MININT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/duration/print", test_print);
  g_test_add_func ("/analysis/duration/parse", test_parse);
  g_test_add_func ("/analysis/duration/round-trip", test_round_trip);
  g_test_add_func ("/analysis/duration/shown", test_shown);
  g_test_add_func ("/analysis/duration/round", test_round);
  return g_test_run ();
}
