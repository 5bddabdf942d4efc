/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window asks its index, for a timeline of 3840 pixels and the 200 lanes with most spans:
 * each query over six zooms and seven places of each. Medians and worst of the places, in
 * milliseconds: of processor time, which other programs change little, but for queries "by all",
 * whose lanes are shared out over as many threads as the window has for them; theirs is time that
 * passes. "touched first" is the first time of all, when pages are mapped and their checksums seen
 * to. Below what there is a target for, it stands with what the target is: the median of the zooms,
 * and the worst place of all.
 *
 * Usage: bench-query [--runs N] [--json FILE] [--against FILE] [TRACE [QUERY]]
 */
#include "tests/bench/bench.h"
#include "widgets/draw/draw.h"

#include <time.h>

#define WIDTH        3840
#define N_LANES      200
#define PLACES       7
#define MOST_THREADS 4 /* as layout of the timeline */
/* What is asked at single instants (a pointer, a label): as many of a lane. */
#define INSTANTS 16

static const struct
{
  const char *name;
  const char *worst;
  double share; /* of the trace in view */
} zooms[] = {
  { "all", "all_worst", 1 },      { "1/10", "1/10_worst", 0.1 },  { "1/100", "1/100_worst", 0.01 },
  { "1e-3", "1e-3_worst", 1e-3 }, { "1e-4", "1e-4_worst", 1e-4 }, { "1e-5", "1e-5_worst", 1e-5 },
};

typedef struct
{
  const GanderIndex *index;
  GanderLaneId lanes[N_LANES];
  guint n_lanes;
  guint32 group; /* the one with most goroutines */
  GanderScale scale;
  GanderTime edges[WIDTH + 1];
  GanderMix mixes[WIDTH];
  guint32 spans[WIDTH];
  guint64 sum; /* so that nothing is left out as useless */
} Bench;

static void
ask_mixes_of (const Bench *self, guint lane, GanderTime grain, GanderMix *mixes, guint32 *spans)
{
  if (grain == 0)
    gander_query_mixes (self->index, self->lanes[lane], self->edges, WIDTH, mixes, spans);
  else
    gander_query_mixes_about (self->index,
                              self->lanes[lane],
                              self->edges,
                              WIDTH,
                              grain,
                              mixes,
                              spans);
}

/* Lanes shared out as layout does it. */
typedef struct
{
  const Bench *bench;
  GanderTime grain;
  guint next; /* atomic */
} Share;

static gpointer
share_thread (gpointer data)
{
  Share *share = data;
  g_autofree GanderMix *mixes = g_new (GanderMix, WIDTH);
  g_autofree guint32 *spans = g_new (guint32, WIDTH);
  guint lane;

  while ((lane = (guint)g_atomic_int_add (&share->next, 1)) < share->bench->n_lanes)
    ask_mixes_of (share->bench, lane, share->grain, mixes, spans);
  return NULL;
}

static void
ask_by_all (const Bench *self, GanderTime grain)
{
  Share share = { self, grain, 0 };
  GThread *threads[MOST_THREADS];
  guint n = MIN (g_get_num_processors (), MOST_THREADS);

  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("lane", share_thread, &share);
  share_thread (&share);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
}

static void
ask_mixes_by_all (Bench *self)
{
  ask_by_all (self, 0);
}

static void
ask_mixes_about_by_all (Bench *self)
{
  ask_by_all (self, self->scale.grain);
}

static GanderTime
instant (const Bench *self, guint i)
{
  return self->edges[i * WIDTH / INSTANTS];
}

static void
ask_mixes (Bench *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    ask_mixes_of (self, i, 0, self->mixes, self->spans);
}

static void
ask_mixes_about (Bench *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    ask_mixes_of (self, i, self->scale.grain, self->mixes, self->spans);
}

/* As a picture in motion asks. */
static void
ask_mixes_rough (Bench *self)
{
  GanderScale scale = self->scale;

  gander_scale_make_rough (&self->scale);
  ask_mixes_about (self);
  self->scale = scale;
}

static void
ask_group (Bench *self)
{
  gander_query_group_mixes (self->index, self->group, self->edges, WIDTH, self->mixes);
}

static void
ask_group_about (Bench *self)
{
  gander_query_group_mixes_about (self->index,
                                  self->group,
                                  self->edges,
                                  WIDTH,
                                  self->scale.grain,
                                  self->mixes);
}

static void
ask_all (Bench *self)
{
  gander_query_group_mixes (self->index, G_MAXUINT32, self->edges, WIDTH, self->mixes);
}

static void
ask_all_about (Bench *self)
{
  gander_query_group_mixes_about (self->index,
                                  G_MAXUINT32,
                                  self->edges,
                                  WIDTH,
                                  self->scale.grain,
                                  self->mixes);
}

/* The time in each state of what is in view, for the labels. */
static void
ask_mix (Bench *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    gander_query_mix (self->index,
                      self->lanes[i],
                      self->edges[0],
                      self->edges[WIDTH],
                      &self->mixes[i]);
}

static void
ask_find (Bench *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    for (guint t = 0; t < INSTANTS; t++)
      self->sum += gander_query_find (self->index, self->lanes[i], instant (self, t));
}

static void
ask_span_at (Bench *self)
{
  GanderSpan span;

  for (guint i = 0; i < self->n_lanes; i++)
    for (guint t = 0; t < INSTANTS; t++)
      self->sum += gander_query_span_at (self->index, self->lanes[i], instant (self, t), &span);
}

/* As a picture does it: spans one by one where there are no more than two a pixel. */
static void
ask_spans (Bench *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    {
      guint32 first = gander_query_find (self->index, self->lanes[i], self->edges[0]);
      guint32 last = gander_query_find (self->index, self->lanes[i], self->edges[WIDTH]);
      GanderSpanIter iter;
      GanderSpan span;

      if (last - first > 2 * WIDTH)
        continue;
      gander_span_iter_init (&iter,
                             self->index,
                             self->lanes[i],
                             self->edges[0],
                             self->edges[WIDTH]);
      while (gander_span_iter_next (&iter, &span))
        self->sum += (guint64)span.begin;
    }
}

static void
ask_wake (Bench *self)
{
  GanderSpan span, wake;

  for (guint i = 0; i < self->n_lanes; i++)
    for (guint t = 0; t < INSTANTS; t++)
      if (gander_query_span_at (self->index, self->lanes[i], instant (self, t), &span))
        self->sum += gander_query_wake (self->index, &span, &wake);
}

static void
ask_wakeups (Bench *self)
{
  GanderWakeup wakeup;
  guint32 first, n;

  for (guint i = 0; i < self->n_lanes; i++)
    {
      gander_query_wakeups (self->index,
                            self->lanes[i],
                            self->edges[0],
                            self->edges[WIDTH],
                            &first,
                            &n);
      if (n == 0)
        continue;
      gander_query_wakeup (self->index, first, &wakeup);
      self->sum += (guint64)wakeup.time;
    }
}

static void
ask_extremes (Bench *self)
{
  guint32 n;

  for (guint i = 0; i < self->n_lanes; i++)
    {
      (void)gander_query_extremes (self->index, self->lanes[i], &n);
      self->sum += n;
    }
}

static void
ask_counters (Bench *self)
{
  guint64 value = 0;

  for (GanderCounter counter = 0; counter < GANDER_N_COUNTERS; counter++)
    for (guint i = 0; i < WIDTH; i++)
      if (gander_query_counter (self->index, counter, self->edges[i], &value))
        self->sum += value;
}

static void
ask_points (Bench *self)
{
  for (GanderCounter counter = 0; counter < GANDER_N_COUNTERS; counter++)
    {
      guint32 n = 0;
      const GanderPoint *points = gander_index_get_counter (self->index, counter, &n);

      for (guint i = 0; i < WIDTH; i++)
        self->sum += gander_query_find_point (points, n, self->edges[i]);
    }
}

static void
ask_ranges (Bench *self)
{
  for (GanderRangeKind kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    for (guint i = 0; i < WIDTH; i++)
      self->sum += gander_query_find_range (self->index, kind, self->edges[i]);
}

static const struct
{
  const char *name;
  void (*ask) (Bench *self);
} queries[] = {
  { "mixes", ask_mixes },
  { "mixes_by_all", ask_mixes_by_all },
  { "mixes_about", ask_mixes_about },
  { "mixes_about_by_all", ask_mixes_about_by_all },
  { "mixes_rough", ask_mixes_rough },
  { "group_mixes", ask_group },
  { "group_mixes_about", ask_group_about },
  { "all_mixes", ask_all },
  { "all_mixes_about", ask_all_about },
  { "mix", ask_mix },
  { "find", ask_find },
  { "span_at", ask_span_at },
  { "spans", ask_spans },
  { "wake", ask_wake },
  { "wakeups", ask_wakeups },
  { "extremes", ask_extremes },
  { "counters", ask_counters },
  { "points", ask_points },
  { "ranges", ask_ranges },
};

typedef struct
{
  guint32 n_spans;
  GanderLaneId lane;
} Busy;

static int
compare_busy (gconstpointer a, gconstpointer b)
{
  const Busy *x = a;
  const Busy *y = b;

  return x->n_spans == y->n_spans  ? (x->lane > y->lane) - (x->lane < y->lane)
         : x->n_spans < y->n_spans ? 1
                                   : -1;
}

static void
choose_lanes (Bench *self)
{
  guint32 n = gander_index_get_n_lanes (self->index);
  g_autofree Busy *all = g_new (Busy, MAX (n, 1));
  guint32 most = 0;

  for (GanderLaneId i = 0; i < n; i++)
    {
      GanderLane lane;
      gander_index_get_life (self->index, i, &lane);
      all[i] = (Busy){ .n_spans = lane.n_spans, .lane = i };
    }
  qsort (all, n, sizeof *all, compare_busy);
  self->n_lanes = MIN (n, N_LANES);
  for (guint i = 0; i < self->n_lanes; i++)
    self->lanes[i] = all[i].lane;
  for (guint32 i = 0; i < gander_index_get_n_groups (self->index); i++)
    {
      guint32 n_members = 0;
      (void)gander_index_get_group_lanes (self->index, i, &n_members);
      if (n_members <= most)
        continue;
      most = n_members;
      self->group = i;
    }
}

/* Returns: ms, the median of @runs. */
static double
measure (Bench *self, guint query, double share, guint place, guint runs)
{
  GanderTime duration = gander_index_get_facts (self->index)->duration;
  GanderTime length = MAX ((GanderTime)((double)duration * share), 1);
  GanderTime begin = (duration - length) / (PLACES - 1) * place;
  double times[BENCH_MAX_RUNS];

  gander_scale_init (&self->scale, begin, begin + length, WIDTH);
  gander_scale_get_edges (&self->scale, 0, WIDTH, self->edges);
  for (guint i = 0; i < runs; i++)
    {
      int clock = g_str_has_suffix (queries[query].name, "by_all") ? CLOCK_MONOTONIC
                                                                   : CLOCK_THREAD_CPUTIME_ID;
      gint64 start = bench_now (clock);

      queries[query].ask (self);
      times[i] = (double)(bench_now (clock) - start) / 1e6;
    }
  return bench_median (times, runs);
}

/* What a timeline is to reach: the median of its zooms, and the worst place of all of them. */
static const struct
{
  const char *query;
  const char *name;
  double middle; /* ms */
  double worst;  /* 0 = no matter */
} targets[] = {
  { "mixes_about_by_all", "interpolated", 10, 0 },
  { "mixes_by_all", "exact", 40, 80 },
};

static void
print_target (const char *query, double middle, double worst)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (g_str_equal (targets[i].query, query))
      {
        g_print ("  %s: %.1f ms (at most %g)", targets[i].name, middle, targets[i].middle);
        g_print (", at the worst %.1f", worst);
        if (targets[i].worst > 0)
          g_print (" (at most %g)", targets[i].worst);
        g_print ("\n");
      }
}

static void
report_query (Bench *self, BenchReport *report, guint query)
{
  BenchFigure figures[2 * G_N_ELEMENTS (zooms)];
  double middles[G_N_ELEMENTS (zooms)];
  double worst = 0;

  for (guint zoom = 0; zoom < G_N_ELEMENTS (zooms); zoom++)
    {
      double times[PLACES];

      for (guint place = 0; place < PLACES; place++)
        times[place] = measure (self, query, zooms[zoom].share, place, report->runs);
      figures[2 * zoom] = (BenchFigure){ zooms[zoom].name, bench_median (times, PLACES) };
      figures[2 * zoom + 1] = (BenchFigure){ zooms[zoom].worst, times[PLACES - 1] };
      middles[zoom] = figures[2 * zoom].value;
      worst = MAX (worst, times[PLACES - 1]);
    }
  bench_report_row (report, queries[query].name, figures, G_N_ELEMENTS (figures));
  print_target (queries[query].name, bench_median (middles, G_N_ELEMENTS (middles)), worst);
}

/* The same row as all others have, so that a table comes of it. */
static void
report_first_touch (Bench *self, BenchReport *report)
{
  BenchFigure figures[2 * G_N_ELEMENTS (zooms)];

  for (guint zoom = 0; zoom < G_N_ELEMENTS (zooms); zoom++)
    {
      double time = measure (self, 0, zooms[zoom].share, PLACES / 2, 1);

      figures[2 * zoom] = (BenchFigure){ zooms[zoom].name, time };
      figures[2 * zoom + 1] = (BenchFigure){ zooms[zoom].worst, time };
    }
  bench_report_row (report, "mixes, touched first", figures, G_N_ELEMENTS (figures));
}

int
main (int argc, char *argv[])
{
  g_autofree char *usual = bench_dup_usual_trace ();
  g_autofree Bench *bench = g_new0 (Bench, 1);
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  BenchReport report;

  if (!bench_report_init (&report, 5, &argc, &argv))
    return 2;
  index = gander_load (argc > 1 ? argv[1] : usual, NULL, NULL, NULL, &error);
  if (index == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  bench->index = index;
  choose_lanes (bench);
  report_first_touch (bench, &report);
  for (guint query = 0; query < G_N_ELEMENTS (queries); query++)
    if (argc < 3 || g_str_equal (argv[2], queries[query].name))
      report_query (bench, &report, query);
  return bench_report_finish (&report);
}
