/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The palette must be told apart by everybody: the table of differences and contrasts is computed
 * from the colours themselves. Machado, Oliveira, Fernandes 2009 (full severity, linear RGB);
 * CIEDE2000; WCAG 2 contrast.
 */
#include "widgets/draw/theme.h"

#include <math.h>

typedef enum
{
  NORMAL,
  DEUTERANOPIA,
  PROTANOPIA,
  TRITANOPIA,
  N_VISIONS,
} Vision;

static const double matrices[N_VISIONS][9] = {
  [NORMAL] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  [DEUTERANOPIA] = { 0.367322,
                     0.860646,
                     -0.227968,
                     0.280085,
                     0.672501,
                     0.047413,
                     -0.011820,
                     0.042940,
                     0.968881 },
  [PROTANOPIA] = { 0.152286,
                   1.052583,
                   -0.204868,
                   0.114503,
                   0.786281,
                   0.099216,
                   -0.003882,
                   -0.048116,
                   1.051998 },
  [TRITANOPIA] = { 1.255528,
                   -0.076749,
                   -0.178779,
                   -0.078411,
                   0.930809,
                   0.147602,
                   0.004733,
                   0.691367,
                   0.303900 },
};

static double
to_linear (double v)
{
  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

static void
see (const GanderColor *color, Vision vision, double out[3])
{
  const double *m = matrices[vision];
  double in[3] = { to_linear (color->r), to_linear (color->g), to_linear (color->b) };

  for (guint i = 0; i < 3; i++)
    out[i] = CLAMP (m[3 * i] * in[0] + m[3 * i + 1] * in[1] + m[3 * i + 2] * in[2], 0, 1);
}

static double
lab_f (double t)
{
  return t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
}

static void
to_lab (const double rgb[3], double lab[3])
{
  double x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047;
  double y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2];
  double z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883;

  lab[0] = 116 * lab_f (y) - 16;
  lab[1] = 500 * (lab_f (x) - lab_f (y));
  lab[2] = 200 * (lab_f (y) - lab_f (z));
}

static double
hue (double a, double b)
{
  double h = a == 0 && b == 0 ? 0 : atan2 (b, a) * 180 / G_PI;

  return h < 0 ? h + 360 : h;
}

#define RAD (G_PI / 180)

static double
ciede2000 (const double p[3], const double q[3])
{
  double c = (hypot (p[1], p[2]) + hypot (q[1], q[2])) / 2;
  double g = 0.5 * (1 - sqrt (pow (c, 7) / (pow (c, 7) + pow (25, 7))));
  double a1 = (1 + g) * p[1];
  double a2 = (1 + g) * q[1];
  double c1 = hypot (a1, p[2]);
  double c2 = hypot (a2, q[2]);
  double h1 = hue (a1, p[2]);
  double h2 = hue (a2, q[2]);
  double dl = q[0] - p[0];
  double dc = c2 - c1;
  double dh = h2 - h1;
  double l = (p[0] + q[0]) / 2;
  double cm = (c1 + c2) / 2;
  double hm = h1 + h2;
  double t;
  double sl;
  double sc;
  double sh;
  double rt;

  if (c1 * c2 == 0)
    dh = 0;
  else if (dh > 180)
    dh -= 360;
  else if (dh < -180)
    dh += 360;
  dh = 2 * sqrt (c1 * c2) * sin (dh / 2 * RAD);
  if (c1 * c2 != 0)
    hm = (fabs (h1 - h2) <= 180 ? hm : hm < 360 ? hm + 360 : hm - 360) / 2;
  t = 1 - 0.17 * cos ((hm - 30) * RAD) + 0.24 * cos (2 * hm * RAD) +
      0.32 * cos ((3 * hm + 6) * RAD) - 0.20 * cos ((4 * hm - 63) * RAD);
  sl = 1 + 0.015 * pow (l - 50, 2) / sqrt (20 + pow (l - 50, 2));
  sc = 1 + 0.045 * cm;
  sh = 1 + 0.015 * cm * t;
  rt = -sin (60 * exp (-pow ((hm - 275) / 25, 2)) * RAD) * 2 *
       sqrt (pow (cm, 7) / (pow (cm, 7) + pow (25, 7)));
  return sqrt (pow (dl / sl, 2) + pow (dc / sc, 2) + pow (dh / sh, 2) + rt * dc / sc * dh / sh);
}

static double
smallest_difference (const GanderTheme *theme, Vision vision, gboolean columns)
{
  double smallest = G_MAXDOUBLE;

  for (guint i = 0; i < GANDER_N_SHADES; i++)
    for (guint j = i + 1; j < GANDER_N_SHADES; j++)
      {
        const GanderColor *a =
            columns && i == GANDER_SHADE_BLOCKED ? &theme->blocked_column : &theme->shade[i];
        const GanderColor *b =
            columns && j == GANDER_SHADE_BLOCKED ? &theme->blocked_column : &theme->shade[j];
        double rgb_a[3];
        double rgb_b[3];
        double lab_a[3];
        double lab_b[3];

        see (a, vision, rgb_a);
        see (b, vision, rgb_b);
        to_lab (rgb_a, lab_a);
        to_lab (rgb_b, lab_b);
        smallest = MIN (smallest, ciede2000 (lab_a, lab_b));
      }
  return smallest;
}

static double
luminance (const GanderColor *color)
{
  return 0.2126 * to_linear (color->r) + 0.7152 * to_linear (color->g) +
         0.0722 * to_linear (color->b);
}

static double
contrast (const GanderColor *a, const GanderColor *b)
{
  double x = luminance (a);
  double y = luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

/* Pairs from Sharma, Wu, Dalal 2005. */
static void
test_ciede2000 (void)
{
  static const struct
  {
    double a[3], b[3], difference;
  } pairs[] = {
    { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
    { { 50, -1.0, 2.0 }, { 50, 0, 0 }, 2.3669 },
    { { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
    { { 60.2574, -34.0099, 36.2677 }, { 60.4626, -34.1751, 39.4387 }, 1.2644 },
    { { 22.7233, 20.0904, -46.6940 }, { 23.0331, 14.9730, -42.5619 }, 2.0373 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpfloat_with_epsilon (ciede2000 (pairs[i].a, pairs[i].b), pairs[i].difference, 1e-4);
}

static void
test_differences (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const GanderTheme *theme = gander_theme_get (dark == 1, FALSE);

      g_assert_cmpfloat (smallest_difference (theme, NORMAL, FALSE), >=, 20);
      g_assert_cmpfloat (smallest_difference (theme, NORMAL, TRUE), >=, 20);
      for (guint vision = DEUTERANOPIA; vision < N_VISIONS; vision++)
        {
          g_assert_cmpfloat (smallest_difference (theme, vision, FALSE), >=, 12);
          g_assert_cmpfloat (smallest_difference (theme, vision, TRUE), >=, 10);
        }
    }
}

/* In high contrast the pattern over the whole bar carries what colour does not. */
static void
test_high_contrast (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const GanderTheme *theme = gander_theme_get (dark == 1, TRUE);

      g_assert_true (theme->high_contrast);
      g_assert_cmpfloat (theme->outline_width, ==, 2);
      for (guint vision = NORMAL; vision < N_VISIONS; vision++)
        g_assert_cmpfloat (smallest_difference (theme, vision, FALSE), >=, 9.5);
      g_assert_cmpfloat (contrast (&theme->blocked_outline, &theme->lane), >=, 7);
    }
}

static void
test_contrast_with_lane (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const GanderTheme *theme = gander_theme_get (dark == 1, FALSE);

      for (guint shade = 0; shade < GANDER_N_SHADES; shade++)
        {
          /* Hollow ones have an outline, and a system call has a dark rail. */
          if (shade == GANDER_SHADE_BLOCKED || (shade == GANDER_SHADE_SYSCALL && !theme->dark))
            continue;
          g_assert_cmpfloat (contrast (&theme->shade[shade], &theme->lane), >=, 3);
        }
      g_assert_cmpfloat (contrast (&theme->blocked_outline, &theme->lane), >=, 3);
      g_assert_cmpfloat (contrast (&theme->region, &theme->lane), >=, 3);
      g_assert_cmpfloat (contrast (&theme->wait_mark, &theme->shade[GANDER_SHADE_BLOCKED]),
                         >=,
                         4.5);
    }
}

static void
test_ink (void)
{
  for (guint i = 0; i < 4; i++)
    {
      const GanderTheme *theme = gander_theme_get (i & 1, i & 2);

      for (guint shade = 0; shade < GANDER_N_SHADES; shade++)
        g_assert_cmpfloat (contrast (&theme->ink[shade], &theme->shade[shade]), >=, 4.5);
      g_assert_cmpfloat (contrast (&theme->region_ink, &theme->region), >=, 4.5);
      g_assert_cmpfloat (contrast (&theme->text, &theme->label_column), >=, 7);
      g_assert_cmpfloat (contrast (&theme->secondary, &theme->label_column), >=, 4.5);
    }
}

/* Every kind of wait that is not "other" has a sign and a word of its own. */
static void
test_signs (void)
{
  for (guint wait = GANDER_WAIT_SYNC; wait < GANDER_WAIT_OTHER; wait++)
    {
      g_assert_cmpint (gander_pattern_of_wait (wait), !=, GANDER_PATTERN_NONE);
      g_assert_nonnull (gander_wait_get_word (wait));
    }
  g_assert_cmpint (gander_pattern_of_wait (GANDER_WAIT_OTHER), ==, GANDER_PATTERN_NONE);
  g_assert_null (gander_wait_get_word (GANDER_WAIT_OTHER));
  for (guint shade = 0; shade < GANDER_N_SHADES; shade++)
    g_assert_cmpstr (gander_shade_get_name (shade), !=, "");
  for (guint state = 0; state < GANDER_N_STATES; state++)
    g_assert_cmpint (gander_shade_of_state (state), !=, GANDER_SHADE_STW);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/theme/ciede2000-published-pairs", test_ciede2000);
  g_test_add_func ("/draw/theme/differences", test_differences);
  g_test_add_func ("/draw/theme/high-contrast", test_high_contrast);
  g_test_add_func ("/draw/theme/contrast-with-lane", test_contrast_with_lane);
  g_test_add_func ("/draw/theme/ink", test_ink);
  g_test_add_func ("/draw/theme/every-wait-has-a-sign", test_signs);
  return g_test_run ();
}
