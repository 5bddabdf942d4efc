/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture takes over from the one before. */
#include "tests/support/corpus.h"

#include "widgets/draw/timeline-private.h"

#include <math.h>

static const char *const traces[] = { "v126-http",  "v126-tasks",   "v126-gc",  "v122-stw",
                                      "v126-empty", "v126-regions", "v126-many" };

static void
assert_same_picture (cairo_surface_t *a, cairo_surface_t *b)
{
  int stride = cairo_image_surface_get_stride (a);

  for (int y = 0; y < cairo_image_surface_get_height (a); y++)
    for (int x = 0; x < cairo_image_surface_get_width (a); x++)
      {
        gsize at = (gsize)y * (gsize)stride + (gsize)x * sizeof (guint32);
        guint32 is = *(const guint32 *)(gconstpointer)(cairo_image_surface_get_data (a) + at);
        guint32 should = *(const guint32 *)(gconstpointer)(cairo_image_surface_get_data (b) + at);

        if (is != should)
          g_error ("pixel %d, %d is %08x instead of %08x", x, y, is, should);
      }
}

typedef struct
{
  GanderTimeline *timeline;
  cairo_surface_t *surface;
} Shot;

static void
shot_clear (Shot *self)
{
  g_clear_pointer (&self->timeline, gander_timeline_free);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
}

/* @before: (nullable) what to take over from. */
static void
shoot (Shot *self,
       Shot *before,
       const GanderRows *rows,
       const GanderTimelineFrame *frame,
       const GanderTheme *theme)
{
  int width = (int)ceil (frame->width * frame->scale);
  int height = (int)ceil (frame->height * frame->scale);
  cairo_t *cr = NULL;

  if (self->timeline == NULL)
    self->timeline = gander_timeline_new (NULL, 14);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_surface_set_device_scale (self->surface, frame->scale, frame->scale);
  if (before != NULL)
    gander_timeline_take_memory (self->timeline, before->timeline);
  gander_timeline_layout (self->timeline, rows, frame);
  cr = cairo_create (self->surface);
  if (before != NULL)
    gander_timeline_paint_after (self->timeline, cr, theme, before->timeline, before->surface);
  else
    gander_timeline_paint (self->timeline, cr, theme);
  cairo_destroy (cr);
  cairo_surface_flush (self->surface);
}

/* Moves the view; now and then another zoom, another theme or other rows. */
static void
move (GanderTimelineFrame *frame, const GanderTheme **theme, const GanderRows *rows)
{
  GanderTime length = frame->end - frame->begin;
  GanderTime step = (GanderTime)((g_test_rand_double () - 0.5) * 0.6 * (double)length);

  frame->begin += step;
  frame->end += step;
  switch (g_test_rand_int_range (0, 12))
    {
    case 0:
      length = MAX (length / 3, 4000);
      break;
    case 1:
      length *= 2;
      break;
    case 2:
      *theme = gander_theme_get (g_test_rand_bit (), g_test_rand_bit ());
      break;
    case 3:
      frame->focus_shades = (guint)g_test_rand_int_range (0, 1 << GANDER_N_SHADES);
      break;
    case 4:
      frame->scroll_y = g_test_rand_double () * (double)gander_rows_get_height (rows);
      break;
    default:
      break;
    }
  frame->end = frame->begin + length;
}

/* Whatever the window showed before, the picture is the one painted from nothing, pixel by pixel.
 */
static void
test_pans (gconstpointer data)
{
  static const double scales[] = { 1, 1, 2, 1.25 };
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  const GanderTheme *theme = gander_theme_get (FALSE, FALSE);
  GanderTime duration = gander_index_get_facts (index)->duration;

  gander_rows_set_all_open (rows, TRUE);
  gander_rows_set_pinned (rows, 0, TRUE);
  for (guint series = 0; series < G_N_ELEMENTS (scales); series++)
    {
      Shot shots[2] = { { 0 } };
      GanderTimelineFrame frame = {
        .width = 1400, .height = 500, .label_width = 200, .scale = scales[series]
      };

      frame.end = (GanderTime)((double)duration * pow (10, -4 * g_test_rand_double ())) + 1000;
      shoot (&shots[0], NULL, rows, &frame, theme);
      for (guint i = 1; i < 40; i++)
        {
          Shot fresh = { 0 };

          move (&frame, &theme, rows);
          shoot (&shots[i % 2], &shots[(i + 1) % 2], rows, &frame, theme);
          shoot (&fresh, NULL, rows, &frame, theme);
          assert_same_picture (shots[i % 2].surface, fresh.surface);
          shot_clear (&fresh);
        }
      shot_clear (&shots[0]);
      shot_clear (&shots[1]);
    }
}

/* What a pan leaves as it was is copied: a pixel that nobody painted goes with it. */
static void
test_pan_copies (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  const GanderTheme *theme = gander_theme_get (FALSE, FALSE);
  GanderTimelineFrame frame = {
    .end = 2000000, .width = 1200, .height = 400, .label_width = 200, .scale = 1
  };
  const guint32 strange = 0xff123456;
  Shot shots[2] = { { 0 } };
  guint n_found = 0;
  guint n_set = 0;

  shoot (&shots[0], NULL, rows, &frame, theme);
  for (int y = 0; y < frame.height; y++, n_set++)
    ((guint32 *)(gpointer)(cairo_image_surface_get_data (shots[0].surface) +
                           y * cairo_image_surface_get_stride (shots[0].surface)))[700] = strange;
  frame.begin += 200000;
  frame.end += 200000;
  shoot (&shots[1], &shots[0], rows, &frame, theme);
  for (int y = 0; y < frame.height; y++)
    n_found += ((const guint32 *)(gpointer)(cairo_image_surface_get_data (shots[1].surface) +
                                            y * cairo_image_surface_get_stride (
                                                    shots[1].surface)))[700 - 100] == strange;
  g_assert_cmpuint (n_found, >, n_set / 2);
  shot_clear (&shots[0]);
  shot_clear (&shots[1]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autofree char *path = g_strdup_printf ("/draw/pan/same/%s", traces[i]);

      g_test_add_data_func (path, traces[i], test_pans);
    }
  g_test_add_func ("/draw/pan/copies", test_pan_copies);
  return g_test_run ();
}
