/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A system that gives no thread: everything is done by the one there is. */
#include "tests/support/corpus.h"

#include "widgets/draw/timeline-private.h"

static guint n_refused;

/* In place of GLib's. */
GThread *
g_thread_try_new (G_GNUC_UNUSED const char *name,
                  G_GNUC_UNUSED GThreadFunc func,
                  G_GNUC_UNUSED gpointer data,
                  GError **error)
{
  n_refused++;
  g_set_error_literal (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN, "refused");
  return NULL;
}

static cairo_surface_t *
paint (const GanderRows *rows, guint most_threads)
{
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  GanderTimelineFrame frame = { .width = 1900, .height = 1200, .label_width = 200 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1900, 1200);
  cairo_t *cr = cairo_create (surface);

  frame.end = gander_index_get_facts (gander_rows_get_index (rows))->duration;
  timeline->most_threads = most_threads;
  gander_timeline_layout (timeline, rows, &frame);
  gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
test_picture (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  cairo_surface_t *one = NULL;
  cairo_surface_t *many = NULL;
  int size;

  gander_rows_set_all_open (rows, TRUE);
  one = paint (rows, 1);
  n_refused = 0;
  many = paint (rows, GANDER_TIMELINE_MOST_THREADS);
  g_assert_cmpuint (n_refused, >=, GANDER_TIMELINE_MOST_THREADS);
  size = cairo_image_surface_get_stride (one) * cairo_image_surface_get_height (one);
  g_assert_cmpmem (cairo_image_surface_get_data (one),
                   size,
                   cairo_image_surface_get_data (many),
                   size);
  cairo_surface_destroy (one);
  cairo_surface_destroy (many);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/refused/picture", test_picture);
  return g_test_run ();
}
