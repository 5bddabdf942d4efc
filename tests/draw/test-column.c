/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/column.h"

#include <math.h>

/* Nothing that is there disappears, nothing that is not appears, and every part has its exact share
 * within one pixel. */
static void
test_stack (void)
{
  for (guint round = 0; round < 10000; round++)
    {
      int height = g_test_rand_int_range (8, 120);
      GanderTime parts[GANDER_N_PARTS] = { 0 };
      GanderTime whole = 0;
      GanderColumn column;
      int sum = 0;
      guint n = 0;

      for (guint p = 0; p < GANDER_N_PARTS; p++)
        if (g_test_rand_bit ())
          parts[p] = g_test_rand_int_range (1, 1 << g_test_rand_int_range (1, 30));
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        {
          whole += parts[p];
          n += parts[p] > 0;
        }
      if (g_test_rand_bit ())
        whole += g_test_rand_int_range (0, G_MAXINT32);
      if (whole == 0)
        continue;

      gander_column_stack (&column, parts, whole, height);
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        {
          double exact = (double)parts[p] * height / (double)whole;
          int given = column.height[p];

          sum += given;
          g_assert_true ((parts[p] > 0) == (given > 0));
          /* The tallest gives what the rare ones get. */
          g_assert_cmpfloat (given, <=, exact + 1);
          g_assert_cmpfloat (given, >, exact - 1 - (double)n);
        }
      g_assert_cmpint (sum, <=, height);
    }
}

static void
test_whole_columns (void)
{
  for (guint p = 0; p < GANDER_N_PARTS; p++)
    {
      GanderTime parts[GANDER_N_PARTS] = { 0 };
      GanderColumn column;

      parts[p] = 77;
      gander_column_stack (&column, parts, 77, 18);
      g_assert_cmpint (column.height[p], ==, 18);
      gander_column_stack (&column, parts, 770, 20);
      g_assert_cmpint (column.height[p], ==, 2);
    }
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  const guint32 *line =
      (const guint32 *)(gconstpointer)(data + y * cairo_image_surface_get_stride (surface));

  return line[x] & 0xffffff;
}

static guint32
packed (const GanderColor *color)
{
  return (guint32)lround (color->r * 255) << 16 | (guint32)lround (color->g * 255) << 8 |
         (guint32)lround (color->b * 255);
}

/* What is painted is what was stacked, from bottom to top, and nothing beside it. */
static void
test_paint (void)
{
  const GanderTheme *theme = gander_theme_get (TRUE, FALSE);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 8, 30);
  cairo_t *cr = cairo_create (surface);
  const GanderColumn columns[] = {
    { .height = { [GANDER_PART_RUNNING] = 4, [GANDER_PART_GC] = 2, [GANDER_PART_RUNNABLE] = 12 } },
    { .height = { [GANDER_PART_SYSCALL] = 1 } },
    { .height = { 0 } },
  };
  g_auto (GanderStrip) strip = { 0 };
  GanderInks inks;
  int line;

  gander_inks_init (&inks, theme, 0, 0, 1);
  gander_strip_reset (&strip, cr, 3, 18);
  line = gander_strip_write (&strip, columns, 3, &inks, 18);
  g_assert_cmpint (line, ==, 0);
  g_assert_cmpint (gander_strip_write (&strip, columns, 3, &inks, 18), ==, -1);
  gander_strip_paint (&strip, cr, line, 3, 2, 5, 18);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  for (int y = 0; y < 30; y++)
    {
      guint32 ground = y >= 5 && y < 5 + 18 ? packed (&theme->lane) : 0;
      guint32 expected = ground;

      if (y >= 5 + 14 && y < 5 + 18)
        expected = packed (&theme->shade[GANDER_SHADE_RUNNING]);
      else if (y >= 5 + 12 && y < 5 + 14)
        expected = packed (&theme->shade[GANDER_SHADE_GC]);
      else if (y >= 5 && y < 5 + 12)
        expected = packed (&theme->shade[GANDER_SHADE_RUNNABLE]);
      g_assert_cmphex (pixel (surface, 2, y), ==, expected);
      g_assert_cmphex (pixel (surface, 3, y),
                       ==,
                       y == 5 + 17 ? packed (&theme->shade[GANDER_SHADE_SYSCALL]) : ground);
      g_assert_cmphex (pixel (surface, 4, y), ==, ground);
      g_assert_cmphex (pixel (surface, 1, y), ==, 0);
    }
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/column/stack", test_stack);
  g_test_add_func ("/draw/column/whole", test_whole_columns);
  g_test_add_func ("/draw/column/paint", test_paint);
  return g_test_run ();
}
