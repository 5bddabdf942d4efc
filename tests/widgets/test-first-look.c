/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A first look finds out what a picture shows, and a picture that begins with one is the same to
 * the pixel. */
#include "widgets/first-look.h"

#include "widgets/lane-area.h"
#include "widgets/viewport.h"

#include <string.h>

#define WIDTH  900
#define HEIGHT 500
#define EM     14

static GanderIndex *
load (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path = g_build_filename (g_getenv ("GANDER_TEST_CORPUS"), name, NULL);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

/* What the lanes of a window with @index ask for first. */
static GanderTimelineFrame
make_frame (const GanderIndex *index)
{
  g_autoptr (GanderViewport) viewport =
      gander_viewport_new (gander_index_get_facts (index)->duration);

  return (GanderTimelineFrame){ .begin = gander_viewport_get_begin (viewport),
                                .end = gander_viewport_get_end (viewport),
                                .width = WIDTH,
                                .height = HEIGHT / 2,
                                .label_width = GANDER_LABEL_WIDTH,
                                .scale = 1,
                                .rough = gander_first_look_is_rough (index) };
}

static cairo_surface_t *
draw (GanderTimeline *timeline, const GanderRows *rows, const GanderTimelineFrame *frame)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, frame->width, frame->height);
  cairo_t *cr = cairo_create (surface);

  gander_timeline_layout (timeline, rows, frame);
  gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
test_same_picture (gconstpointer name)
{
  g_autoptr (GanderIndex) index = load (name);
  g_autoptr (GanderFirstLook) look = gander_first_look_new (index, WIDTH, HEIGHT, 1);
  g_autoptr (GanderRows) rows = gander_first_look_dup_rows (look);
  g_autoptr (GanderRows) own_rows = gander_first_look_make_rows (index);
  g_autoptr (GanderTimeline) with = gander_timeline_new (NULL, EM);
  g_autoptr (GanderTimeline) without = gander_timeline_new (NULL, EM);
  g_autoptr (GanderTimeline) seen = NULL;
  GanderTimelineFrame frame = make_frame (index);
  cairo_surface_t *a = NULL;
  cairo_surface_t *b = NULL;

  g_assert_cmpuint (gander_rows_get_n (rows), ==, gander_rows_get_n (own_rows));
  seen = gander_first_look_take_timeline (look, &frame);
  g_assert_nonnull (seen);
  gander_timeline_take_memory (with, seen);
  a = draw (with, rows, &frame);
  b = draw (without, own_rows, &frame);
  g_assert_cmpmem (cairo_image_surface_get_data (a),
                   cairo_image_surface_get_stride (a) * frame.height,
                   cairo_image_surface_get_data (b),
                   cairo_image_surface_get_stride (b) * frame.height);
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
}

/* Of other pixels there is nothing to take, and nobody waits for it. */
static void
test_other_pixels (void)
{
  g_autoptr (GanderIndex) index = load ("v126-http.trace.zst");
  g_autoptr (GanderFirstLook) look = gander_first_look_new (index, WIDTH, HEIGHT, 1);
  const GanderTimelineFrame right = make_frame (index);
  g_autoptr (GanderTimeline) seen = NULL;
  GanderTimelineFrame frames[5] = { right, right, right, right, right };

  frames[0].width++;
  frames[1].begin++;
  frames[2].end++;
  frames[3].scale = 2;
  frames[4].rough = !right.rough;
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    g_assert_null (gander_first_look_take_timeline (look, &frames[i]));
  seen = gander_first_look_take_timeline (look, &right);
  g_assert_nonnull (seen);
  g_assert_null (gander_first_look_take_timeline (look, &right));
}

/* The window may be closed before. */
static void
test_dropped (void)
{
  g_autoptr (GanderIndex) index = load ("v126-http.trace.zst");

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GanderFirstLook) look = gander_first_look_new (index, WIDTH, HEIGHT, 1);
      g_autoptr (GanderRows) rows = i % 2 == 0 ? gander_first_look_dup_rows (look) : NULL;

      g_assert_true (rows == NULL || gander_rows_get_n (rows) > 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/first-look/same-picture/http", "v126-http.trace.zst", test_same_picture);
  g_test_add_data_func ("/first-look/same-picture/tasks",
                        "v126-tasks.trace.zst",
                        test_same_picture);
  g_test_add_func ("/first-look/other-pixels", test_other_pixels);
  g_test_add_func ("/first-look/dropped", test_dropped);
  return g_test_run ();
}
