/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the time of goroutines went: exact sums over their spans, for any part of the trace.
 *
 * For every goroutine and range: running + runnable + the sum of waiting + syscall +
 * syscall_blocked + unknown = total, the part of its life inside the range. The work for the
 * garbage collector is part of running.
 */

#include "analysis/quantiles.h"
#include "analysis/scope.h"
#include "reader/reader.h"

G_BEGIN_DECLS

/* Behind each member what reports call it. */
typedef struct
{
  GanderTime running;                 /* running_ns, execution_ns; with gc_work and gc_assist */
  GanderTime runnable;                /* runnable_ns, sched_wait_ns */
  GanderTime waiting[GANDER_N_WAITS]; /* [NETWORK]: network_wait_ns */
  GanderTime syscall;                 /* syscall_p_ns, syscall_execution_ns: with a processor */
  GanderTime syscall_blocked;         /* syscall_nop_ns, blocking_syscall_ns: without */
  GanderTime unknown;                 /* unknown_ns */
  GanderTime gc_work;                 /* of running: as a mark worker */
  GanderTime gc_assist;               /* of running: made to help */
  GanderTime sync_block;              /* sync_block_ns; of waiting: what Go calls synchronization */
  GanderTime total;                   /* total_ns: life inside the range */
  guint64 n_lanes;                    /* count: goroutines with a part of their life inside */
  guint64 created;                    /* created: of n_lanes, began inside */
  guint64 ended;                      /* ended: of n_lanes, ended inside */
  guint64 n_running;                  /* n_running: intervals that touch the range */
  guint64 n_runnable;                 /* n_runnable */
  guint64 n_waiting[GANDER_N_WAITS];  /* waiting.count */
  guint64 n_syscall;                  /* n_syscall */
  guint64 n_syscall_blocked;          /* n_syscall_nop; of n_syscall: had no processor or lost it */
  guint64 n_transitions;              /* transitions: changes of state inside the range */
  guint64 n_wakeups;                  /* wakeups: of these, from waiting to runnable */
  GanderTime longest_wait;            /* longest_wait_ns, inside the range */
  GanderTime longest_runnable;        /* longest_runnable_ns */
} GanderTimes;

/* The waits for one reason, a row of waiting {reason: {count, ns}}. */
typedef struct
{
  GanderStringId reason;
  guint64 count;
  GanderTime total;
} GanderReasonTimes;

/* What is counted as a wait of its own, for percentiles. */
typedef enum
{
  GANDER_DELAY_WAIT,    /* blocked, for whatever reason */
  GANDER_DELAY_SCHED,   /* runnable */
  GANDER_DELAY_SYNC,    /* blocked by what Go calls synchronization */
  GANDER_DELAY_NETWORK, /* blocked, "network" */
  GANDER_DELAY_SYSCALL, /* whole system calls, with and without a processor */
  GANDER_N_DELAYS,
} GanderDelay;

/* Returns: the sum over all kinds of wait. */
GanderTime gander_times_get_waiting (const GanderTimes *times);

/* Returns: the waits that are neither synchronization, network, sleep nor garbage collection. */
GanderTime gander_times_get_other (const GanderTimes *times);

/* Returns: intervals of all kinds of wait. */
guint64 gander_times_get_n_waiting (const GanderTimes *times);

/* Returns: whether a wait for @reason is what Go calls synchronization: it says channel, sync or
 * select. */
gboolean gander_times_is_sync_reason (const GanderIndex *index, GanderStringId reason);

/* Adds up goroutines, or parts of them. One is enough for any number of sums: reset between two
 * keeps its memory. */
typedef struct _GanderTally GanderTally;

/* @delays: whether gander_tally_get_delays () will be asked, which costs time and 8 bytes a wait.
 * @index must outlive the tally. */
GanderTally *gander_tally_new (const GanderIndex *index, gboolean delays) G_GNUC_WARN_UNUSED_RESULT;
void gander_tally_free (GanderTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderTally, gander_tally_free)

void gander_tally_reset (GanderTally *self);

/* Adds a part of a goroutine's life. The pieces of one goroutine are given one after the other if
 * it is to be counted once. */
void gander_tally_add_piece (GanderTally *self, const GanderPiece *piece);

/* Adds all goroutines of a group for the whole trace, from totals: its spans are not looked at.
 * Not with delays. */
void gander_tally_add_group (GanderTally *self, guint32 group);

/* Adds all that @other holds: goroutines of which @self has no part. Both are of one index, and
 * with delays or both without. */
void gander_tally_add_tally (GanderTally *self, const GanderTally *other);

/* Adds all of @scope, the quickest way. Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_tally_add_scope (GanderTally *self,
                                 const GanderScope *scope,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: whether nothing was added. */
gboolean gander_tally_is_empty (const GanderTally *self);

/* Returns: (transfer none) valid until the tally changes. */
const GanderTimes *gander_tally_get_times (GanderTally *self);

/* Returns: (transfer none) (array length=n) the reasons, ordered by their text; valid until the
 * tally changes. */
const GanderReasonTimes *gander_tally_get_reasons (GanderTally *self, guint *n);

/* The durations inside the range. */
void gander_tally_get_delays (GanderTally *self, GanderDelay delay, GanderQuantiles *out);

G_END_DECLS
