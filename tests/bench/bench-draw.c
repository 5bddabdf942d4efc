/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame costs: layout and paint of a 3840 by 2160 timeline full of lanes, on one image
 * surface. Usage: bench-draw [TRACE]. Prints medians in milliseconds.
 */
#include "tests/bench/bench.h"
#include "widgets/draw/draw.h"

#include <time.h>

#define WIDTH  3840
#define HEIGHT 2160
#define FRAMES 31

/* @share: of the trace in view. In a zoom every frame has another scale, in a pan it moves on by a
 * fortieth of the view. */
static void
measure (const char *name,
         const GanderRows *rows,
         GanderTimeline *timeline,
         cairo_t *cr,
         double share,
         gboolean zoom)
{
  GanderTime duration = gander_index_get_facts (gander_rows_get_index (rows))->duration;
  GanderTime length = MAX ((GanderTime)((double)duration * share), 1000);
  double layouts[FRAMES];
  double paints[FRAMES];

  for (guint i = 0; i < FRAMES; i++)
    {
      GanderTime begin = (duration - length) / 2 + (zoom ? 0 : length * (GanderTime)i / 40);
      GanderTimelineFrame frame = { .begin = begin,
                                    .end =
                                        begin + length + (zoom ? length * (GanderTime)i / 100 : 0),
                                    .width = WIDTH,
                                    .height = HEIGHT,
                                    .label_width = 236 };
      gint64 start = bench_now (CLOCK_MONOTONIC);

      gander_timeline_layout (timeline, rows, &frame);
      layouts[i] = (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6;
      start = bench_now (CLOCK_MONOTONIC);
      gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
      paints[i] = (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6;
    }
  g_print ("%-24s %s layout %7.2f ms   paint %7.2f ms\n",
           name,
           zoom ? "zoom" : "pan ",
           bench_median (layouts, FRAMES),
           bench_median (paints, FRAMES));
}

int
main (int argc, char *argv[])
{
  static const double shares[] = { 1, 0.1, 0.01, 0.001 };
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *usual = bench_dup_usual_trace ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index =
      gander_load (argc > 1 ? argv[1] : usual, &options, NULL, NULL, &error);
  g_autoptr (GanderRows) rows = NULL;
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14.667);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  if (index == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  rows = gander_rows_new (index);
  gander_rows_set_all_open (rows, TRUE);
  for (guint compact = 0; compact < 2; compact++)
    {
      GanderRowOptions row_options = { .compact = compact == 1 };

      gander_rows_set_options (rows, &row_options);
      for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
        {
          g_autofree char *name =
              g_strdup_printf ("%s %g %%", compact ? "compact" : "comfortable", 100 * shares[i]);

          measure (name, rows, timeline, cr, shares[i], TRUE);
          measure (name, rows, timeline, cr, shares[i], FALSE);
        }
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return 0;
}
