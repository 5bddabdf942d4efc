/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the time of goroutines went: exact sums over their spans, for any range of the trace.
 *
 * For every goroutine and range: running + runnable + the sum of waiting + syscall +
 * syscall_blocked
 * + unknown = the part of its life inside the range. The work for the garbage collector is part
 * of running.
 */

#include "analysis/table.h"
#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  GanderTime running; /* with gc_work and gc_assist */
  GanderTime runnable;
  GanderTime waiting[GANDER_N_WAITS];
  GanderTime syscall;         /* with a processor */
  GanderTime syscall_blocked; /* without */
  GanderTime unknown;
  GanderTime gc_work;    /* of running: as a mark worker */
  GanderTime gc_assist;  /* of running: made to help */
  GanderTime sync_block; /* of waiting: what Go calls synchronization (channels, locks, select) */
  GanderTime total;      /* life inside the range */

  guint64 n_lanes;   /* goroutines with a part of their life in the range */
  guint64 n_running; /* intervals that touch the range */
  guint64 n_runnable;
  guint64 n_waiting[GANDER_N_WAITS];
  guint64 n_syscall;
  guint64 n_syscall_blocked; /* of n_syscall: had no processor, or lost it */
  GanderTime longest_wait;   /* inside the range */
  GanderTime longest_runnable;
} GanderTimes;

/* Adds what goroutine @lane did within [begin, end) to @times. */
void gander_times_add_lane (GanderTimes *times,
                            const GanderIndex *index,
                            GanderLaneId lane,
                            GanderTime begin,
                            GanderTime end);

/* Adds @other to @times. */
void gander_times_add (GanderTimes *times, const GanderTimes *other);

/* Returns: whether a wait for @reason is what Go calls synchronization: it says channel, sync or
 * select. */
gboolean gander_times_is_sync_reason (const GanderIndex *index, GanderStringId reason);

/* Returns: the sum over all kinds of wait. */
GanderTime gander_times_get_waiting (const GanderTimes *times);

/* Returns: the waits that are neither synchronization, network, sleep nor garbage collection. */
GanderTime gander_times_get_other (const GanderTimes *times);

/* Returns: intervals of all kinds of wait. */
guint64 gander_times_get_n_waiting (const GanderTimes *times);

typedef enum
{
  GANDER_STATS_BY_FUNCTION, /* one row per start function */
  GANDER_STATS_BY_GOROUTINE,
  GANDER_N_STATS_BY,
} GanderStatsBy;

/* Returns: (transfer none) "func" or "goroutine". */
const char *gander_stats_by_get_id (GanderStatsBy by);

/* Returns: (transfer full) (nullable) a table with a row per group or goroutine that lived within
 * [begin, end), most running time first; NULL with G_IO_ERROR_CANCELLED. */
GanderTable *gander_stats_compute (const GanderIndex *index,
                                   GanderStatsBy by,
                                   GanderTime begin,
                                   GanderTime end,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
