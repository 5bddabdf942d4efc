/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The scheduler: what processors did, whether they stood idle while goroutines waited, how long
 * goroutines waited for one, and who ran long. For the whole trace or any part of it.
 */

#include "analysis/quantiles.h"
#include "analysis/table.h"
#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  GanderLaneId lane;
  gint64 id;
  GanderTime running;    /* had a thread */
  GanderTime go_running; /* of it: with a goroutine that ran */
  GanderTime go_syscall; /* of it: with a goroutine in a system call */
  GanderTime gc_work;    /* of go_running: mark workers and assists */
  GanderTime unknown;    /* the trace is damaged there */
  guint64 starts;        /* of the processor, within the range; since 0 counts as one */
  guint64 syscalls_lost; /* system calls that lost it within the range */
  guint64 go_intervals;  /* runs and system calls of goroutines that touch the range */
  guint64 sweeps;
  GanderTime sweep;
} GanderSchedProc;

typedef struct
{
  GanderTime begin; /* what all this is about */
  GanderTime end;
  GArray *procs;      /* of GanderSchedProc, by id */
  GArray *histogram;  /* of GanderTime: [n] with exactly n processors running */
  GanderTime running; /* sums over the processors */
  GanderTime go_running;
  GanderTime go_syscall;
  GanderTime capacity; /* GOMAXPROCS times ns, from where it is known; 0 = never */
  GanderTime idle;     /* of the capacity, not running */
  guint64 syscalls_lost;
} GanderSchedProcs;

/* Sums up the processors over [begin, end) in @out, to be cleared after use; walks their lanes.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED; @out needs no clearing then. */
gboolean gander_sched_compute_procs (const GanderIndex *index,
                                     GanderTime begin,
                                     GanderTime end,
                                     GanderSchedProcs *out,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_sched_procs_clear (GanderSchedProcs *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSchedProcs, gander_sched_procs_clear)

/* Returns: GOMAXPROCS times ns within [begin, end), from where it is known; 0 = nowhere. */
GanderTime gander_sched_get_capacity (const GanderIndex *index, GanderTime begin, GanderTime end);

/* A goroutine kept a processor from @begin to @end. */
typedef struct
{
  GanderLaneId goroutine;
  GanderLaneId proc;
  GanderTime begin; /* within the range */
  GanderTime end;
  gboolean has_next;
  GanderSpan next; /* what ended it; its stack is the place, when it is the goroutine's own */
} GanderSchedRun;

/* Where goroutines were preempted. */
typedef struct
{
  GanderStackId stack;
  guint64 count;
} GanderSchedPreemption;

/* Goroutines of the Go runtime count only where it says so: the sweeper alone yields tens of
 * thousands of times. */
typedef struct
{
  GanderTime begin; /* what all this is about */
  GanderTime end;
  GanderQuantiles latency;      /* waits for a processor that touch the range, the part inside */
  GanderTime idle_runnable;     /* a processor was idle while a goroutine, be it the runtime's,
                                   waited for one */
  GanderTime idle_runnable_stw; /* of it: while the world was stopped */
  GanderTime longest_idle_runnable;
  guint64 preempted;   /* goroutines taken off a processor within the range */
  guint64 yielded;     /* runtime.Gosched */
  GArray *runs;        /* of GanderSchedRun, longest first, at most GANDER_SCHED_RUNS */
  GArray *preemptions; /* of GanderSchedPreemption, most first */
} GanderSched;

#define GANDER_SCHED_RUNS 100 /* runs that are kept */

/* Sums up the goroutines' side over [begin, end) in @out, and the processors in @procs (nullable),
 * which it needs anyway; both to be cleared after use. Walks all goroutines.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED; nothing needs clearing then. */
gboolean gander_sched_compute (const GanderIndex *index,
                               GanderTime begin,
                               GanderTime end,
                               GanderSched *out,
                               GanderSchedProcs *procs,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_sched_clear (GanderSched *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSched, gander_sched_clear)

/* What the rows of a table are. */
typedef enum
{
  GANDER_SCHED_BY_PROC,
  GANDER_SCHED_BY_BUSY,       /* number of processors that run */
  GANDER_SCHED_BY_TIME,       /* equal parts of the range: processors and goroutines by state */
  GANDER_SCHED_BY_RUN,        /* longest runs */
  GANDER_SCHED_BY_PREEMPTION, /* function that was preempted */
  GANDER_SCHED_BY_GOMAXPROCS, /* its changes */
  GANDER_N_SCHED_BY,
} GanderSchedBy;

/* Returns: (transfer none) "proc", "busy", "time", "run", "preemption", "gomaxprocs". */
const char *gander_sched_by_get_id (GanderSchedBy by);

/* Returns: (transfer full) */
GanderTable *gander_sched_get_proc_table (const GanderSchedProcs *self) G_GNUC_WARN_UNUSED_RESULT;
GanderTable *gander_sched_get_busy_table (const GanderSchedProcs *self) G_GNUC_WARN_UNUSED_RESULT;
GanderTable *gander_sched_get_run_table (const GanderSched *self,
                                         const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;
GanderTable *gander_sched_get_preemption_table (const GanderSched *self,
                                                const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) @n_rows equal parts of [begin, end), fewer when they were shorter than
 * 1 ns: processors running and idle, goroutines in each state, all as means over the part. */
GanderTable *gander_sched_get_time_table (const GanderIndex *index,
                                          GanderTime begin,
                                          GanderTime end,
                                          guint n_rows) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) GOMAXPROCS at @begin and where it changes after. */
GanderTable *gander_sched_get_gomaxprocs_table (const GanderIndex *index,
                                                GanderTime begin,
                                                GanderTime end) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
