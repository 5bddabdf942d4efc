/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the benchmarks share: a clock, medians, and the trace that is there without Go. */

#include <glib.h>

G_BEGIN_DECLS

/* Returns: ns of @clock (CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID, …). */
gint64 bench_now (int clock);

/* Sorts @values. Returns: the one in the middle. */
double bench_median (double *values, guint n);

/* Sorts @values. Returns: the one below which @share of them lie. */
double bench_share (double *values, guint n, double share);

/* Returns: (transfer full) the path of a trace of the corpus. */
char *bench_dup_usual_trace (void);

G_END_DECLS
