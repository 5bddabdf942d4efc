/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a frame costs: layout and paint of a 3840 by 2160 timeline full of lanes and labels, at four
 * zooms, as the window does it: on an image of its own, while the one before is on screen. "first"
 * frames know nothing of the one before, as after a zoom; a "pan" moves on by a tenth of the view.
 * Each with all the threads that the window would use, and on a single processor. Medians in
 * milliseconds; a run is a series of frames.
 *
 * Usage: bench-draw [--runs N] [--json FILE] [--against FILE] [TRACE]
 */
#include "tests/bench/bench.h"
#include "widgets/draw/draw.h"

#include <sched.h>
#include <time.h>

#define WIDTH    3840
#define HEIGHT   2160
#define FRAMES   24
#define N_IMAGES 2
#define SERIES   4 /* frames of a pan; the first of them is none */

typedef struct
{
  BenchReport report;
  GanderRows *rows;
  GanderTimeline *timelines[N_IMAGES]; /* of each image */
  cairo_surface_t *surfaces[N_IMAGES];
} Bench;

typedef struct
{
  const char *density;
  double share; /* of the trace in view */
  gboolean pan;
  gboolean single; /* processor */
} View;

/* Frame @i of a series: each of another scale, or a tenth further within the trace. */
static GanderTimelineFrame
get_frame (const Bench *self, const View *view, guint i)
{
  GanderTime duration = gander_index_get_facts (gander_rows_get_index (self->rows))->duration;
  GanderTime length = MAX ((GanderTime)((double)duration * view->share), 1000);
  GanderTime begin = (duration - length) / 2;
  GanderTime end;

  if (view->pan)
    begin += length * (GanderTime)(i % SERIES) / 10 - length * (SERIES - 1) / 10;
  end = begin + length;
  if (!view->pan)
    end += length * (GanderTime)(i % FRAMES) / 100;
  return (GanderTimelineFrame){
    .begin = begin, .end = end, .width = WIDTH, .height = HEIGHT, .label_width = 236
  };
}

static double
since (int clock, gint64 start)
{
  return (double)(bench_now (clock) - start) / 1e6;
}

static void
measure (Bench *self, const View *view)
{
  g_autofree char *name = g_strdup_printf ("%s %g %% %s%s",
                                           view->density,
                                           100 * view->share,
                                           view->single ? "single " : "",
                                           view->pan ? "pan" : "first");
  double layouts[FRAMES * BENCH_MAX_RUNS];
  double paints[FRAMES * BENCH_MAX_RUNS];
  double totals[FRAMES * BENCH_MAX_RUNS];
  double cpu[FRAMES * BENCH_MAX_RUNS];
  guint n = 0;

  for (guint i = 0; i < FRAMES * self->report.runs; i++)
    {
      GanderTimelineFrame frame = get_frame (self, view, i);
      GanderTimeline *timeline = self->timelines[i % N_IMAGES];
      GanderTimeline *before = self->timelines[(i + 1) % N_IMAGES];
      cairo_t *cr = cairo_create (self->surfaces[i % N_IMAGES]);
      gint64 start = bench_now (CLOCK_MONOTONIC);
      gint64 cpu_start = bench_now (CLOCK_PROCESS_CPUTIME_ID);

      gander_timeline_take_memory (timeline, before);
      gander_timeline_layout (timeline, self->rows, &frame);
      layouts[n] = since (CLOCK_MONOTONIC, start);
      gander_timeline_paint_after (timeline,
                                   cr,
                                   gander_theme_get (FALSE, FALSE),
                                   before,
                                   self->surfaces[(i + 1) % N_IMAGES]);
      totals[n] = since (CLOCK_MONOTONIC, start);
      paints[n] = totals[n] - layouts[n];
      cpu[n] = since (CLOCK_PROCESS_CPUTIME_ID, cpu_start);
      n += !view->pan || i % SERIES > 0;
      cairo_destroy (cr);
    }
  bench_report_row (&self->report,
                    name,
                    (BenchFigure[]){ { "layout_ms", bench_median (layouts, n) },
                                     { "paint_ms", bench_median (paints, n) },
                                     { "frame_ms", bench_median (totals, n) },
                                     { "least_ms", totals[0] },
                                     { "worst_ms", totals[n - 1] },
                                     { "cpu_ms", bench_median (cpu, n) } },
                    6);
}

static void
measure_all (Bench *self, gboolean single)
{
  static const double shares[] = { 1, 0.1, 0.01, 0.001 };
  static const char *const densities[] = { "comfortable", "compact" };

  for (guint compact = 0; compact < G_N_ELEMENTS (densities); compact++)
    {
      GanderRowOptions options = { .compact = compact == 1 };

      gander_rows_set_options (self->rows, &options);
      for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
        for (guint pan = 0; pan < 2; pan++)
          measure (self, &(View){ densities[compact], shares[i], pan == 1, single });
    }
}

/* From now on there is one processor: the one it runs on. */
static gboolean
use_single (void)
{
  cpu_set_t set;
  int cpu = sched_getcpu ();

  if (cpu < 0)
    return FALSE;
  CPU_ZERO (&set);
  CPU_SET ((guint)cpu, &set);
  return sched_setaffinity (0, sizeof set, &set) == 0;
}

int
main (int argc, char *argv[])
{
  Bench bench = { 0 };
  g_autofree char *usual = bench_dup_usual_trace ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;

  if (!bench_report_init (&bench.report, 1, &argc, &argv))
    return 2;
  index = gander_load (argc > 1 ? argv[1] : usual, NULL, NULL, NULL, &error);
  if (index == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  bench.rows = gander_rows_new (index);
  gander_rows_set_all_open (bench.rows, TRUE);
  for (guint i = 0; i < N_IMAGES; i++)
    {
      bench.timelines[i] = gander_timeline_new (NULL, 14.667);
      bench.surfaces[i] = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    }
  measure_all (&bench, FALSE);
  if (g_get_num_processors () > 1 && use_single ())
    measure_all (&bench, TRUE);
  for (guint i = 0; i < N_IMAGES; i++)
    {
      cairo_surface_destroy (bench.surfaces[i]);
      gander_timeline_free (bench.timelines[i]);
    }
  gander_rows_unref (bench.rows);
  return bench_report_finish (&bench.report);
}
