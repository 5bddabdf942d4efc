/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-picture.h"

#include <string.h>

#define WIDTH  900
#define HEIGHT 500
#define LEFT   200
#define SHIFT  40 /* px of the pan */

static GanderIndex *
load (void)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path =
      g_build_filename (g_getenv ("GANDER_TEST_CORPUS"), "v126-http.trace.zst", NULL);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

static GanderPictureWish
make_wish (const GanderRows *rows, GanderTime begin, GanderTime end)
{
  GanderPictureWish wish = { .rows = rows, .theme = gander_theme_get (FALSE, FALSE), .em = 14 };

  wish.frame.begin = begin;
  wish.frame.end = end;
  wish.frame.width = WIDTH;
  wish.frame.height = HEIGHT;
  wish.frame.label_width = LEFT;
  wish.frame.scale = 1;
  return wish;
}

/* Returns: (transfer full) what is on screen. */
static cairo_surface_t *
draw (GanderLanePicture *picture)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  cairo_t *cr = cairo_create (surface);

  gander_lane_picture_snapshot (picture, snapshot);
  node = gtk_snapshot_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Returns: (transfer full) what is laid out and painted at once. */
static cairo_surface_t *
draw_exactly (const GanderPictureWish *wish)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (wish->font_family, wish->em);
  cairo_t *cr = cairo_create (surface);

  gander_timeline_layout (timeline, wish->rows, &wish->frame);
  gander_timeline_paint (timeline, cr, wish->theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guint8 *line = cairo_image_surface_get_data (surface) +
                       (gsize)y * (gsize)cairo_image_surface_get_stride (surface);

  return ((const guint32 *)(gconstpointer)line)[x] & 0xffffff;
}

/* Compares [x0, x1) of @a with what is @shift to the right in @b. */
static void
assert_same (cairo_surface_t *a, cairo_surface_t *b, int x0, int x1, int shift)
{
  for (int y = 0; y < HEIGHT; y++)
    for (int x = x0; x < x1; x++)
      g_assert_cmphex (get_pixel (a, x, y), ==, get_pixel (b, x + shift, y));
}

static void
ignore_call (gpointer data)
{
  (void)data;
}

static void
count_call (gpointer data)
{
  ++*(guint *)data;
}

/* However many wishes came before: what stays is the picture of the last, to the pixel. */
static void
test_exact_in_the_end (void)
{
  g_autoptr (GanderIndex) index = load ();
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderLanePicture) picture = gander_lane_picture_new (ignore_call, NULL);
  GanderTime duration = gander_index_get_facts (index)->duration;

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 6; round++)
    {
      cairo_surface_t *shown = NULL;
      cairo_surface_t *exact = NULL;
      GanderPictureWish wish;

      for (guint i = 1; i <= 8; i++)
        {
          GanderTime length = duration / (i + round * 3);

          wish = make_wish (rows, length / 7 * i, length / 7 * i + length);
          wish.frame.scroll_y = 10.0 * i;
          wish.theme = gander_theme_get (round & 1, FALSE);
          gander_lane_picture_ask (picture, &wish);
          gander_lane_picture_wait (picture, round % 3);
        }
      g_assert_true (gander_lane_picture_wait (picture, 30000));
      shown = draw (picture);
      exact = draw_exactly (&wish);
      assert_same (shown, exact, 0, WIDTH, 0);
      cairo_surface_destroy (shown);
      cairo_surface_destroy (exact);
    }
}

/* Until the right picture is there, a pan moves the one before: its lanes by just as much, its
 * labels not at all, and where nothing was painted is canvas. */
static void
test_moves_meanwhile (void)
{
  g_autoptr (GanderIndex) index = load ();
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderLanePicture) picture = gander_lane_picture_new (ignore_call, NULL);
  GanderTime pixel = gander_index_get_facts (index)->duration / 2 / (WIDTH - LEFT);
  GanderTime length = pixel * (WIDTH - LEFT);
  GanderPictureWish wish = make_wish (rows, 0, length);
  const GanderColor *canvas = &wish.theme->canvas;
  cairo_surface_t *before = NULL;
  cairo_surface_t *moved = NULL;
  guint32 ground;

  gander_lane_picture_ask (picture, &wish);
  g_assert_null (gander_lane_picture_get_timeline (picture));
  g_assert_true (gander_lane_picture_wait (picture, 30000));
  before = draw (picture);
  wish = make_wish (rows, SHIFT * pixel, SHIFT * pixel + length);
  gander_lane_picture_ask (picture, &wish);
  moved = draw (picture);
  assert_same (moved, before, LEFT, WIDTH - SHIFT, SHIFT);
  assert_same (moved, before, 0, LEFT, 0);
  ground = (guint32)(canvas->r * 255 + 0.5) << 16 | (guint32)(canvas->g * 255 + 0.5) << 8 |
           (guint32)(canvas->b * 255 + 0.5);
  for (int x = WIDTH - SHIFT; x < WIDTH; x++)
    g_assert_cmphex (get_pixel (moved, x, HEIGHT / 2), ==, ground);
  cairo_surface_destroy (before);
  cairo_surface_destroy (moved);
}

/* Closing a window does not wait for the picture in work, and nobody is called afterwards. */
static void
test_free_in_work (void)
{
  g_autoptr (GanderIndex) index = load ();
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint calls = 0;

  for (guint i = 0; i < 20; i++)
    {
      GanderLanePicture *picture = gander_lane_picture_new (count_call, &calls);
      GanderPictureWish wish = make_wish (rows, 0, gander_index_get_facts (index)->duration);

      gander_lane_picture_ask (picture, &wish);
      g_usleep (500 * i);
      gander_lane_picture_free (picture);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (calls, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  g_test_add_func ("/widgets/lane-picture/exact-in-the-end", test_exact_in_the_end);
  g_test_add_func ("/widgets/lane-picture/moves-meanwhile", test_moves_meanwhile);
  g_test_add_func ("/widgets/lane-picture/free-in-work", test_free_in_work);
  return g_test_run ();
}
