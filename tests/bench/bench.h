/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the benchmarks share: a clock, medians, the trace that is there without Go, and the table of
 * figures they print.
 */

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns: ns of @clock (CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, …). */
gint64 bench_now (int clock);

/* Returns: ns that the main thread could have run and did not, because others did; 0 where the
 * system does not tell. */
gint64 bench_now_waited (void);

/* Sorts @values. Returns: the one in the middle. */
double bench_median (double *values, guint n);

/* Sorts @values. Returns: the one below which @share of them lie. */
double bench_share (double *values, guint n, double share);

/* Returns: (transfer full) the path of a trace of the corpus. */
char *bench_dup_usual_trace (void);

typedef struct
{
  const char *id;
  double value;
} BenchFigure;

/* A table on standard output, and the same as JSON: an object of rows, each an object of figures.
 */
typedef struct
{
  guint runs; /* --runs */
  char *json_path;
  JsonBuilder *json;
  JsonParser *earlier; /* (nullable) what to compare with */
  gboolean titled;
} BenchReport;

#define BENCH_MAX_RUNS 15

/* Takes --runs N (@runs without it), --json FILE and --against FILE out of @argv.
 * Returns: FALSE when it said what is wrong with them. */
gboolean bench_report_init (BenchReport *self, guint runs, int *argc, char ***argv);

/* A row of it; all rows have the same figures. With --against the ratios follow. */
void bench_report_row (BenchReport *self, const char *name, const BenchFigure *figures, guint n);

/* Writes the file of --json, if any, and frees what @self has. Returns: an exit status. */
int bench_report_finish (BenchReport *self);

G_END_DECLS
