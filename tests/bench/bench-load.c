/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs to get at a trace: decoding alone, putting in order alone, building the index,
 * opening it again, and walking all its spans. Each stage runs in a process of its own, so that
 * its memory is its own too.
 *
 * Usage: bench-load [--runs N] [--json FILE] [--against FILE] [TRACE]
 */
#include "reader/merge.h"
#include "reader/reader.h"
#include "tests/bench/bench.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What one run of a stage tells; shared with the process that runs it. */
typedef struct
{
  guint64 n_events;
  guint64 bytes;       /* of the trace */
  guint64 index_bytes; /* 0 = the stage makes none */
  gint64 wall;         /* ns */
  gint peak_private;   /* KiB */
  gint done;
} Result;

typedef struct
{
  double wall, user, system; /* s */
  double least;              /* wall, s */
  double peak, peak_private; /* MiB */
  Result result;
} Measure;

static void
count_event (gpointer data, const GanderEvent *event)
{
  guint64 *n = data;

  *n += event->kind != GANDER_EVENT_GAP;
}

static void
ignore_generation (G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED const GanderGeneration *generation)
{
}

static void
ignore_damage (G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED const GanderDamage *damage)
{
}

static const GanderSink null_sink = { .event = count_event,
                                      .generation = ignore_generation,
                                      .damage = ignore_damage };

/* The tables of one generation, then its batches one by one. */
static void
decode_generation (GanderSource *source, GanderTables *tables, GArray *batches, guint64 *n)
{
  g_autoptr (GArray) single = g_array_new (FALSE, FALSE, sizeof (GanderBatch));

  gander_tables_read (tables, source, batches, 26);
  tables->latest = G_MAXINT64;
  for (guint i = 0; i < batches->len; i++)
    {
      GanderStream stream = { .parked_time = -1 };
      GanderBatch batch = g_array_index (batches, GanderBatch, i);
      batch.next = GANDER_ID_NONE;
      g_array_set_size (single, 0);
      g_array_append_val (single, batch);
      if (!gander_batch_has_events (&batch, 26))
        continue;
      while (gander_stream_next (&stream, source, tables, single))
        (*n)++;
      gander_stream_clear (&stream);
    }
  g_array_set_size (batches, 0);
}

static gboolean
run_decode (const char *path, Result *result)
{
  g_autoptr (GanderSource) source =
      gander_source_open (path, GANDER_UNPACK_LIMIT_DEFAULT, NULL, NULL, NULL);
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GArray) batches = g_array_new (FALSE, FALSE, sizeof (GanderBatch));
  GanderDamageLog log = { .sink = &null_sink };
  GanderTables tables;
  GanderScanner scanner;
  GanderBatch batch;
  GanderItem item;
  guint64 next = 16;

  if (source == NULL)
    return FALSE;
  gander_scanner_init (&scanner, source);
  gander_tables_init (&tables, dictionary, &log);
  do
    {
      item = gander_scanner_read (&scanner, next, &batch, &next);
      if (batches->len > 0 &&
          (item != GANDER_ITEM_BATCH ||
           batch.generation != g_array_index (batches, GanderBatch, 0).generation))
        decode_generation (source, &tables, batches, &result->n_events);
      if (item == GANDER_ITEM_BATCH && batch.size > 0)
        g_array_append_val (batches, batch);
    }
  while (item == GANDER_ITEM_BATCH || item == GANDER_ITEM_END_OF_GENERATION);
  result->bytes = gander_source_get_size (source);
  gander_tables_clear (&tables);
  gander_scanner_clear (&scanner);
  return TRUE;
}

static gboolean
run_order (const char *path, Result *result)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  GanderTraceInfo info;

  if (!gander_trace_read (path,
                          NULL,
                          dictionary,
                          &null_sink,
                          &result->n_events,
                          &info,
                          NULL,
                          NULL,
                          NULL))
    return FALSE;
  result->bytes = info.bytes;
  return TRUE;
}

static GanderIndex *
load (const char *path, gboolean rebuild, Result *result)
{
  GanderLoadOptions options = { .rebuild = rebuild };
  g_autofree char *cached = gander_load_get_cache_path (path, &options);
  GanderIndex *index = gander_load (path, &options, NULL, NULL, NULL);
  GStatBuf info;

  if (index == NULL)
    return NULL;
  result->n_events = gander_index_get_facts (index)->n_events;
  result->bytes = gander_index_get_facts (index)->bytes;
  if (rebuild && cached != NULL && g_stat (cached, &info) == 0)
    result->index_bytes = (guint64)info.st_size;
  return index;
}

static gboolean
run_cold (const char *path, Result *result)
{
  g_autoptr (GanderIndex) index = load (path, TRUE, result);

  return index != NULL;
}

static gboolean
run_warm (const char *path, Result *result)
{
  g_autoptr (GanderIndex) index = load (path, FALSE, result);

  return index != NULL;
}

static gboolean
run_walk (const char *path, Result *result)
{
  g_autoptr (GanderIndex) index = load (path, FALSE, result);
  GanderTime sum = 0;
  gint64 start = bench_now (CLOCK_MONOTONIC);

  if (index == NULL)
    return FALSE;
  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      GanderSpanIter iter;
      GanderSpan span;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        sum += span.end - span.begin;
    }
  result->wall = bench_now (CLOCK_MONOTONIC) - start;
  return sum >= 0;
}

static const struct
{
  const char *name;
  gboolean (*run) (const char *path, Result *result);
} stages[] = {
  { "decode", run_decode }, { "order", run_order }, { "cold", run_cold },
  { "warm", run_warm },     { "walk", run_walk },
};

static gpointer
watch_memory (gpointer data)
{
  Result *result = data;

  while (!g_atomic_int_get (&result->done))
    {
      g_autofree char *status = NULL;
      const char *line = NULL;
      if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
        line = strstr (status, "RssAnon:");
      if (line != NULL)
        result->peak_private = MAX (result->peak_private, atoi (line + 8));
      g_usleep (5000);
    }
  return NULL;
}

static gboolean
run_child (guint stage, const char *path, Result *result)
{
  GThread *watcher = g_thread_new ("memory", watch_memory, result);
  gint64 start = bench_now (CLOCK_MONOTONIC);
  gboolean good = stages[stage].run (path, result);

  if (result->wall == 0)
    result->wall = bench_now (CLOCK_MONOTONIC) - start;
  g_atomic_int_set (&result->done, 1);
  g_thread_join (watcher);
  return good;
}

static gboolean
measure_once (guint stage, const char *path, Measure *measure)
{
  Result *result =
      mmap (NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  struct rusage usage = { 0 };
  int status = 1;
  pid_t child = 0;

  if (result == MAP_FAILED)
    return FALSE;
  child = fork ();
  if (child == 0)
    _exit (run_child (stage, path, result) ? 0 : 1);
  while (child > 0 && wait4 (child, &status, 0, &usage) < 0 && errno == EINTR)
    ;
  *measure = (Measure){
    .wall = (double)result->wall / 1e9,
    .user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
    .system = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
    .peak = (double)usage.ru_maxrss / 1024,
    .peak_private = result->peak_private / 1024.0,
    .result = *result,
  };
  munmap (result, sizeof *result);
  return child > 0 && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static gboolean
measure_stage (guint stage, const char *path, guint n, Measure *out)
{
  double wall[BENCH_MAX_RUNS], user[BENCH_MAX_RUNS], system[BENCH_MAX_RUNS];

  for (guint i = 0; i < n; i++)
    {
      if (!measure_once (stage, path, out))
        return FALSE;
      wall[i] = out->wall;
      user[i] = out->user;
      system[i] = out->system;
    }
  out->wall = bench_median (wall, n);
  out->least = wall[0];
  out->user = bench_median (user, n);
  out->system = bench_median (system, n);
  return TRUE;
}

static void
report_stage (BenchReport *report, const char *name, const Measure *m)
{
  double n_events = (double)MAX (m->result.n_events, 1);
  double cpu = m->user + m->system;
  const BenchFigure figures[] = {
    { "wall_s", m->wall },
    { "least_wall_s", m->least },
    { "cpu_s", cpu },
    { "ns_per_event", m->wall * 1e9 / n_events },
    { "cpu_ns_per_event", cpu * 1e9 / n_events },
    { "mb_per_s", (double)m->result.bytes / 1e6 / MAX (m->wall, 1e-9) },
    { "peak_mib", m->peak },
    { "private_mib", m->peak_private },
    { "events", (double)m->result.n_events },
    { "bytes", (double)m->result.bytes },
    { "index_bytes_per_event", (double)m->result.index_bytes / n_events },
  };

  bench_report_row (report, name, figures, G_N_ELEMENTS (figures));
}

int
main (int argc, char *argv[])
{
  BenchReport report;
  g_autofree char *path = NULL;

  if (!bench_report_init (&report, 3, &argc, &argv))
    return 2;
  path = argc > 1 ? g_strdup (argv[1]) : bench_dup_usual_trace ();
  for (guint stage = 0; stage < G_N_ELEMENTS (stages); stage++)
    {
      Measure measure = { 0 };
      if (!measure_stage (stage, path, report.runs, &measure))
        {
          g_printerr ("%s: %s failed\n", path, stages[stage].name);
          return 1;
        }
      report_stage (&report, stages[stage].name, &measure);
    }
  return bench_report_finish (&report);
}
