/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A trace in one page: how long, how many, where the time went, what the garbage collector took. */

#include "analysis/stats-times.h"
#include "analysis/table.h"

G_BEGIN_DECLS

typedef struct
{
  const GanderFacts *facts; /* of the index */
  GanderTime begin;         /* what the rest is about */
  GanderTime end;
  guint32 n_generations;
  guint32 n_damage;

  GanderTimes times; /* of all goroutines */
  guint64 created;   /* goroutines that began in the range */
  guint64 ended;
  guint64 alive;            /* at its end */
  GanderTime procs_running; /* sum over processors, what ran there included */

  GanderRangeSum gc_cycles;
  GanderRangeSum stw;        /* every kind but the next */
  GanderRangeSum tracer_stw; /* the pause in which tracing was started: not the program's */
  GanderRangeSum gc_stw;     /* of it, those for garbage collection */
  GanderRangeSum assists;
  GanderRangeSum sweeps;
  guint64 heap_first; /* bytes; 0 = not told */
  guint64 heap_peak;
  guint64 heap_last;
} GanderSummary;

/* Sums up [begin, end) of the trace.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_summary_compute (const GanderIndex *index,
                                 GanderTime begin,
                                 GanderTime end,
                                 GanderSummary *out,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) where the goroutines' time went: a row per state and kind of wait with
 * time, share and intervals. */
GanderTable *gander_summary_get_states (const GanderSummary *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
