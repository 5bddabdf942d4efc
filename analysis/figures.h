/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Single numbers by name: what a gate on a trace is about, and what a rule compares with a
 * threshold. "share of main.worker's life in mutex at main.(*cache).get" is the figure "share" with
 * a selector. All are about goroutines of the program; those of the Go runtime do not count unless
 * a figure says so. The list is figures.def:
 *
 *   duration_ms, procs   length of the range; GOMAXPROCS, the largest
 *   goroutines           how many live in the range
 *   share                time in the state ÷ life time
 *   total_ms, count, mean_ms, p50_ms, p99_ms, max_ms
 *                        of the stretches in the state, cut at the range; percentiles by nearest
 *                        rank
 *   queue                mean number of goroutines in the state: total ÷ length of the range
 *   stuck                goroutines whose last stretch is a wait in the state, open at the end
 *   utilisation          executing ÷ processors there were; executing is running, or in a system
 *                        call under 100 µs that kept its processor
 *   imbalance            busiest ÷ mean of running + runnable + system call + sleep + network per
 *                        goroutine
 *   wake_mean_ms, wake_p99_ms
 *                        waits for a processor after a wake-up or a system call
 *   yield_share          running time that ended in runtime.Gosched ÷ running time
 *   futile_share         of the ended waits in the state: those after which the goroutine waits at
 *                        the same place again within 100 µs of running, having woken nobody
 *   timer_wakes_per_s    sleeps, selects and receives ended, and goroutines created, by no
 * goroutine gc_cycles            mark phases gc_share             dedicated and fractional mark
 * workers and the running part of assists ÷ running time of all goroutines, those of the runtime
 * too, without idle mark workers assist_share         running part of assists ÷ running time
 *   stw_count, stw_share, stw_max_ms
 *                        stop-the-world pauses whose kind contains the name; those in which tracing
 *                        starts and stops do not count
 *   region_p50_ms, region_share
 *                        regions of the named type that begin in the range; their time ÷ that of
 *                        all complete tasks
 *   task_count, task_p50_ms, task_p99_ms, task_p99_over_p50
 *                        complete tasks of the named type that begin in the range
 *
 * What is asked of nothing is 0.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef enum
{
#define FIGURE(NAME, id, unit, compute) GANDER_FIGURE_##NAME,
#include "analysis/figures.def"
#undef FIGURE
  GANDER_N_FIGURES,
} GanderFigure;

typedef enum
{
  GANDER_FIGURE_UNIT_COUNT,
  GANDER_FIGURE_UNIT_MILLISECONDS,
  GANDER_FIGURE_UNIT_SHARE, /* of 1 */
  GANDER_FIGURE_UNIT_RATIO,
  GANDER_FIGURE_UNIT_PER_SECOND,
} GanderFigureUnit;

/* What a figure is restricted to; NULL restricts nothing. */
typedef struct
{
  const char *start; /* goroutines that start at this function, the runtime's included */
  const char *state; /* see gander_figure_get_states () */
  const char *at;    /* only stretches whose stack has a function with this in its name */
  const char *name;  /* region and task type, all of it; stop-the-world kind, a part of it */
} GanderFigureSelector;

/* Returns: the figure with this id ("share"), or -1. */
int gander_figure_find (const char *id);

/* Returns: (transfer none) */
const char *gander_figure_get_id (GanderFigure figure);
GanderFigureUnit gander_figure_get_unit (GanderFigure figure);

/* Returns: (transfer none) (array zero-terminated) what a selector's state may be: "running",
 * "runnable", "syscall", the kinds of wait, and the groups "blocked", "lock", "sync", "channel". */
const char *const *gander_figure_get_states (void);

/* Computes one figure of [begin, end). @selector is nullable.
 *
 * Returns: FALSE with GANDER_ANALYSIS_ERROR_UNKNOWN_NAME when there is no such state. */
gboolean gander_figure_compute (const GanderIndex *index,
                                GanderTime begin,
                                GanderTime end,
                                GanderFigure figure,
                                const GanderFigureSelector *selector,
                                double *out,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
