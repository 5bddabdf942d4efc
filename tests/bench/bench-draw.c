/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame costs: layout and paint of a 3840 by 2160 timeline full of lanes, on one image
 * surface. Usage: bench-draw [--runs N] [--json FILE] [--against FILE] [TRACE]. Medians in
 * milliseconds; a run is a series of frames.
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
measure (BenchReport *report,
         const char *view,
         const GanderRows *rows,
         GanderTimeline *timeline,
         cairo_t *cr,
         double share,
         gboolean zoom)
{
  GanderTime duration = gander_index_get_facts (gander_rows_get_index (rows))->duration;
  GanderTime length = MAX ((GanderTime)((double)duration * share), 1000);
  g_autofree char *name = g_strdup_printf ("%s %s", view, zoom ? "zoom" : "pan");
  guint n = FRAMES * report->runs;
  g_autofree double *layouts = g_new (double, n);
  g_autofree double *paints = g_new (double, n);
  g_autofree double *cpu = g_new (double, n);
  BenchFigure figures[] = {
    { "layout_ms", 0 }, { "paint_ms", 0 }, { "worst_ms", 0 }, { "cpu_ms", 0 }
  };

  for (guint f = 0; f < n; f++)
    {
      guint i = f % FRAMES;
      GanderTime begin = (duration - length) / 2 + (zoom ? 0 : length * (GanderTime)i / 40);
      GanderTimelineFrame frame = { .begin = begin,
                                    .end =
                                        begin + length + (zoom ? length * (GanderTime)i / 100 : 0),
                                    .width = WIDTH,
                                    .height = HEIGHT,
                                    .label_width = 236 };
      gint64 start = bench_now (CLOCK_MONOTONIC);
      gint64 cpu_start = bench_now (CLOCK_PROCESS_CPUTIME_ID);

      gander_timeline_layout (timeline, rows, &frame);
      layouts[f] = (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6;
      start = bench_now (CLOCK_MONOTONIC);
      gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
      paints[f] = (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6;
      cpu[f] = (double)(bench_now (CLOCK_PROCESS_CPUTIME_ID) - cpu_start) / 1e6;
    }
  for (guint f = 0; f < n; f++)
    figures[2].value = MAX (figures[2].value, layouts[f] + paints[f]);
  figures[0].value = bench_median (layouts, n);
  figures[1].value = bench_median (paints, n);
  figures[3].value = bench_median (cpu, n);
  bench_report_row (report, name, figures, G_N_ELEMENTS (figures));
}

int
main (int argc, char *argv[])
{
  static const double shares[] = { 1, 0.1, 0.01, 0.001 };
  BenchReport report;
  g_autofree char *usual = bench_dup_usual_trace ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderRows) rows = NULL;
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14.667);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  if (!bench_report_init (&report, 1, &argc, &argv))
    return 2;
  index = gander_load (argc > 1 ? argv[1] : usual, NULL, NULL, NULL, &error);
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

          measure (&report, name, rows, timeline, cr, shares[i], TRUE);
          measure (&report, name, rows, timeline, cr, shares[i], FALSE);
        }
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return bench_report_finish (&report);
}
