/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole pictures: stored ones without text, which no font can change, and all sizes and formats. */
#include "tests/support/corpus.h"

#include "widgets/draw/overview.h"
#include "widgets/draw/page.h"
#include "widgets/draw/timeline-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 8 /* of 255, in a channel */
#define WIDTH     900
#define HEIGHT    420
#define RIM       30 /* px of a mark, which cairo smooths a little differently alone */

static cairo_surface_t *
paint (gboolean dark, gboolean high_contrast, double scale)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  g_autoptr (GanderOverview) overview = gander_overview_new (NULL, 14);
  GanderTimelineFrame frame = { .begin = 12000000,
                                .end = 26000000,
                                .width = WIDTH,
                                .height = HEIGHT - GANDER_OVERVIEW_HEIGHT,
                                .scale = scale };
  GanderOverviewView strip = { .begin = frame.begin,
                               .end = frame.end,
                               .width = WIDTH,
                               .height = GANDER_OVERVIEW_HEIGHT,
                               .scale = scale };
  const GanderTheme *theme = gander_theme_get (dark, high_contrast);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                         (int)lround (WIDTH * scale),
                                                         (int)lround (HEIGHT * scale));
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  gander_overview_layout (overview, index, &strip);
  gander_overview_paint (overview, cr, theme);
  cairo_translate (cr, 0, GANDER_OVERVIEW_HEIGHT);
  gander_timeline_layout (timeline, rows, &frame);
  /* Texts depend on the fonts of the machine. */
  for (guint i = 0; i < timeline->items->len; i++)
    g_array_index (timeline->items, GanderTimelineRow, i).n_texts = 0;
  gander_timeline_paint (timeline, cr, theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static gboolean
pixels_differ (guint32 a, guint32 b)
{
  for (guint shift = 0; shift < 24; shift += 8)
    if (ABS ((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > TOLERANCE)
      return TRUE;
  return FALSE;
}

static guint
count_differences (cairo_surface_t *a, cairo_surface_t *b)
{
  guint n = 0;

  g_assert_cmpint (cairo_image_surface_get_width (a), ==, cairo_image_surface_get_width (b));
  g_assert_cmpint (cairo_image_surface_get_height (a), ==, cairo_image_surface_get_height (b));
  for (int y = 0; y < cairo_image_surface_get_height (a); y++)
    {
      const guint32 *line_a =
          (const guint32 *)(gconstpointer)(cairo_image_surface_get_data (a) +
                                           y * cairo_image_surface_get_stride (a));
      const guint32 *line_b =
          (const guint32 *)(gconstpointer)(cairo_image_surface_get_data (b) +
                                           y * cairo_image_surface_get_stride (b));

      for (int x = 0; x < cairo_image_surface_get_width (a); x++)
        n += pixels_differ (line_a[x], line_b[x]);
    }
  return n;
}

static void
test_golden (gconstpointer data)
{
  const GanderTheme *theme = data;
  g_autofree char *file = g_strdup_printf ("timeline-%s.png", theme->id);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", file, NULL);
  cairo_surface_t *painted = paint (theme->dark, theme->high_contrast, 1);
  cairo_surface_t *stored;

  if (g_getenv ("GANDER_UPDATE_GOLDEN") != NULL)
    g_assert_cmpint (cairo_surface_write_to_png (painted, path), ==, CAIRO_STATUS_SUCCESS);
  stored = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (stored), ==, CAIRO_STATUS_SUCCESS);
  if (count_differences (painted, stored) > WIDTH * HEIGHT / 1000)
    {
      g_autofree char *name = g_test_build_filename (G_TEST_BUILT, file, NULL);

      cairo_surface_write_to_png (painted, name);
      g_test_message ("painted: %s", name);
      g_test_fail ();
    }
  cairo_surface_destroy (painted);
  cairo_surface_destroy (stored);
}

/* Painting twice gives the same pixels: nothing is left over from the frame before. */
static void
test_repeatable (void)
{
  cairo_surface_t *first = paint (FALSE, FALSE, 2);
  cairo_surface_t *second = paint (FALSE, FALSE, 2);

  g_assert_cmpuint (count_differences (first, second), ==, 0);
  cairo_surface_destroy (first);
  cairo_surface_destroy (second);
}

/* Paints what was laid out: straight into an image, or recorded by cairo and then played to one. */
static cairo_surface_t *
paint_timeline (GanderTimeline *timeline, const GanderTheme *theme, double scale, gboolean recorded)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
                                                         (int)lround (WIDTH * scale),
                                                         (int)lround (HEIGHT * scale));
  cairo_surface_t *record = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr;

  cairo_surface_set_device_scale (recorded ? record : surface, scale, scale);
  cr = cairo_create (recorded ? record : surface);
  gander_timeline_paint (timeline, cr, theme);
  cairo_destroy (cr);
  if (recorded)
    {
      cairo_surface_set_device_scale (record, 1, 1);
      cr = cairo_create (surface);
      cairo_set_source_surface (cr, record, 0, 0);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  cairo_surface_destroy (record);
  cairo_surface_flush (surface);
  return surface;
}

/* What is stored straight into an image looks as if cairo had painted it. */
static void
test_image_and_record (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  GanderTime duration = gander_index_get_facts (index)->duration;

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 24; round++)
    {
      const GanderTheme *theme = gander_theme_get (round & 1, round % 5 == 4);
      GanderRowOptions options = { .compact = round % 3 == 2 };
      double scale = 1 + round % 3;
      GanderTime length = (GanderTime)((double)duration * pow (10, -4 * g_test_rand_double ()));
      GanderTime begin = (GanderTime)(g_test_rand_double () * (double)duration) - length / 2;
      GanderTimelineFrame frame = { .begin = begin,
                                    .end = begin + MAX (length, 1000),
                                    .width = WIDTH,
                                    .height = HEIGHT,
                                    .label_width = 100 * (int)(round % 3),
                                    .scroll_y = g_test_rand_int_range (0, 400),
                                    .scale = scale,
                                    .hidden_shades =
                                        round % 4 == 3 ? 1u << GANDER_SHADE_SYSCALL : 0 };
      cairo_surface_t *stored, *played;

      gander_rows_set_options (rows, &options);
      gander_timeline_layout (timeline, rows, &frame);
      stored = paint_timeline (timeline, theme, scale, FALSE);
      played = paint_timeline (timeline, theme, scale, TRUE);
      g_assert_cmpuint (count_differences (stored, played),
                        <=,
                        WIDTH * HEIGHT / 2000 + (guint)(RIM * scale) * timeline->sheet.marks->len);
      cairo_surface_destroy (stored);
      cairo_surface_destroy (played);
    }
}

static void
test_formats (void)
{
  static const char *const magics[] = {
    [GANDER_PAGE_PNG] = "\211PNG", [GANDER_PAGE_SVG] = "<?xml", [GANDER_PAGE_PDF] = "%PDF-"
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("gander-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "picture", NULL);
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  GanderPageOptions options = GANDER_PAGE_OPTIONS_INIT;

  g_assert_no_error (error);
  options.max_rows = 30;
  for (guint format = GANDER_PAGE_PNG; format <= GANDER_PAGE_PDF; format++)
    {
      g_autofree char *bytes = NULL;
      gsize n;

      g_assert_true (gander_page_write (rows,
                                        &options,
                                        2,
                                        gander_theme_get (FALSE, FALSE),
                                        format,
                                        path,
                                        &error));
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
      g_assert_cmpuint (n, >, 5000);
      g_assert_cmpint (memcmp (bytes, magics[format], strlen (magics[format])), ==, 0);
    }
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_write_errors (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-empty");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  GanderPageOptions options = GANDER_PAGE_OPTIONS_INIT;

  g_assert_false (gander_page_write (rows,
                                     &options,
                                     1,
                                     gander_theme_get (FALSE, FALSE),
                                     GANDER_PAGE_PNG,
                                     "/nonexistent/folder/picture.png",
                                     &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  options.width = 40000;
  g_assert_false (gander_page_write (rows,
                                     &options,
                                     1,
                                     gander_theme_get (FALSE, FALSE),
                                     GANDER_PAGE_PNG,
                                     "/nonexistent/folder/picture.png",
                                     &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* No size, range or scale may crash or paint outside. */
static void
test_any_size (void)
{
  static const char *const traces[] = { "v126-empty", "v126-http", "v126-tasks", "v122-forever" };

  for (guint t = 0; t < G_N_ELEMENTS (traces); t++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (traces[t]);
      g_autoptr (GanderRows) rows = gander_rows_new (index);
      GanderTime duration = gander_index_get_facts (index)->duration;

      for (guint round = 0; round < 24; round++)
        {
          GanderPageOptions options = GANDER_PAGE_OPTIONS_INIT;
          GanderRowOptions row_options = { .compact = round & 1, .text_scale = 1 + round % 3 };
          cairo_surface_t *surface;
          cairo_t *cr;
          GanderPage *page;

          gander_rows_set_options (rows, &row_options);
          options.begin = g_test_rand_int_range (-1000000, 1000000);
          options.end =
              options.begin +
              (round % 4 == 0 ? 1 : (GanderTime)(g_test_rand_double () * (double)duration));
          options.width = g_test_rand_int_range (1, 900);
          options.height = g_test_rand_int_range (1, 600);
          options.overlay.range_begin = 5;
          options.overlay.range_end = duration / 2;
          options.overlay.pointer = duration / 3;
          options.overlay.selected_lane = (GanderLaneId)g_test_rand_int_range (0, 30);
          options.overlay.arrow = TRUE;
          options.overlay.focus_row = 2;
          page = gander_page_new (rows, &options, 0.5 + g_test_rand_double () * 3);
          surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 900, 600);
          cr = cairo_create (surface);
          gander_page_paint (page, cr, gander_theme_get (round & 2, round & 4));
          g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
          cairo_destroy (cr);
          cairo_surface_destroy (surface);
          gander_page_free (page);
        }
    }
}

int
main (int argc, char *argv[])
{
  static const char *const traces[] = { "v126-http", "v126-gc", "v126-tasks", "v122-forever" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/draw/picture/golden/light", gander_theme_get (FALSE, FALSE), test_golden);
  g_test_add_data_func ("/draw/picture/golden/dark", gander_theme_get (TRUE, FALSE), test_golden);
  g_test_add_data_func ("/draw/picture/golden/light-contrast",
                        gander_theme_get (FALSE, TRUE),
                        test_golden);
  g_test_add_func ("/draw/picture/repeatable", test_repeatable);
  for (guint i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autofree char *name = g_strdup_printf ("/draw/picture/image-and-record/%s", traces[i]);
      g_test_add_data_func (name, traces[i], test_image_and_record);
    }
  g_test_add_func ("/draw/picture/formats", test_formats);
  g_test_add_func ("/draw/picture/write-errors", test_write_errors);
  g_test_add_func ("/draw/picture/any-size", test_any_size);
  return g_test_run ();
}
