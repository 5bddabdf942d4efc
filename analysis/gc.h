/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the garbage collector did and took, for the whole trace or any part of it: cycles, pauses,
 * mark assists, sweeps, mark workers. A range that reaches over a border of what was asked counts,
 * with the part inside.
 */

#include "analysis/summary.h"
#include "analysis/table.h"
#include "reader/reader.h"

G_BEGIN_DECLS

/* Who marks: a goroutine that is made to help, or a worker of the runtime with one of its labels.
 */
typedef enum
{
  GANDER_GC_WORK_ASSIST,
  GANDER_GC_WORK_DEDICATED,
  GANDER_GC_WORK_FRACTIONAL,
  GANDER_GC_WORK_IDLE, /* on processors that had nothing else to do: not taken from the program */
  GANDER_N_GC_WORKS,
} GanderGcWork;

/* Returns: (transfer none) Go's label, "GC (dedicated)"; "" for an assist. */
const char *gander_gc_work_get_label (GanderGcWork work);

/* What began a cycle, as far as the stack of its begin tells. */
typedef enum
{
  GANDER_GC_TRIGGER_UNKNOWN, /* no stack, or it began before the trace */
  GANDER_GC_TRIGGER_GOAL,    /* an allocation found the heap at its trigger */
  GANDER_GC_TRIGGER_CALL,    /* runtime.GC, debug.FreeOSMemory */
  GANDER_GC_TRIGGER_PERIOD,  /* two minutes without a cycle */
  GANDER_N_GC_TRIGGERS,
} GanderGcTrigger;

/* Returns: (transfer none) "heap goal", "runtime.GC", "periodic", "unknown". */
const char *gander_gc_trigger_get_text (GanderGcTrigger trigger);

/* Concurrent marking, from begin to end. */
typedef struct
{
  guint32 row;      /* of the range GANDER_RANGE_GC_MARK */
  GanderTime begin; /* as in the trace, not cut */
  GanderTime end;
  GanderSpanFlags flags; /* OPEN_BEGIN, OPEN_END */
  GanderGcTrigger trigger;
  GanderStackId stack;                /* of the begin */
  gboolean heap_known;                /* the next two */
  gint64 heap_before;                 /* bytes when it began */
  gint64 heap_after;                  /* bytes marked, once it ended */
  gint64 goal;                        /* bytes it was to stay below; 0 = not known */
  gint64 next_goal;                   /* bytes, what it set; 0 = not known */
  guint32 n_pauses;                   /* of the world, for this cycle */
  GanderTime pause;                   /* all of them, not cut */
  GanderTime work[GANDER_N_GC_WORKS]; /* running time during the cycle, within the range asked */
} GanderGcCycle;

/* The world stands still. */
typedef struct
{
  guint32 row;      /* of the range GANDER_RANGE_STW */
  GanderTime begin; /* as in the trace, not cut */
  GanderTime end;
  GanderSpanFlags flags;  /* OPEN_BEGIN, OPEN_END */
  guint32 kind;           /* in GanderGc.kinds */
  GanderLaneId goroutine; /* who stopped the world */
  GanderStackId stack;
} GanderGcPause;

typedef struct
{
  char *name;      /* "GC mark termination" */
  gboolean for_gc; /* the name has "GC" */
  GanderRangeSum sum;
} GanderGcPauseKind;

typedef struct _GanderGcTimes GanderGcTimes;

typedef struct
{
  GanderTime begin; /* what all this is about */
  GanderTime end;

  GanderRangeSum cycles; /* marking */
  GanderRangeSum pauses; /* of every kind */
  GanderRangeSum gc_pauses;
  GanderRangeSum assists; /* waits inside included */
  GanderTime assist_running;
  guint32 n_assisting; /* goroutines */
  GanderRangeSum sweeps;
  GanderTime sweep_goroutine;                /* of the sweeps that one goroutine began and ended */
  guint64 swept;                             /* bytes */
  guint64 reclaimed;                         /* bytes */
  GanderRangeSum workers[GANDER_N_GC_WORKS]; /* count = labels given; time running under them */
  GanderTime running;                        /* of all goroutines on processors */
  double share; /* of @running: dedicated and fractional workers and assists; 0 of nothing */

  GanderGcTimes *times; /* private: who worked when */

  GArray *cycle_list; /* of GanderGcCycle, by begin */
  GArray *pause_list; /* of GanderGcPause, by begin */
  GArray *kinds;      /* of GanderGcPauseKind, by name */
} GanderGc;

/* Sums up [begin, end) of the trace in @out, to be cleared after use.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED; @out needs no clearing then. */
gboolean gander_gc_compute (const GanderIndex *index,
                            GanderTime begin,
                            GanderTime end,
                            GanderGc *out,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_gc_clear (GanderGc *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderGc, gander_gc_clear)

/* What was taken from the program within a stretch. */
typedef struct
{
  GanderTime pause;                   /* of the world, for the collector */
  GanderTime work[GANDER_N_GC_WORKS]; /* running time */
} GanderGcTaken;

/* Sums up [begin, end), which is within what was computed; binary searches only. */
void
gander_gc_get_taken (const GanderGc *self, GanderTime begin, GanderTime end, GanderGcTaken *out);

/* Returns: the processors on which @pause stopped a goroutine: those that ran one but the stopper.
 * The first @n_stopped of these goroutines are in @stopped (nullable when 0). */
guint gander_gc_get_stopped (const GanderIndex *index,
                             const GanderGcPause *pause,
                             GanderLaneId *stopped,
                             guint n_stopped);

/* What the rows of a table are. */
typedef enum
{
  GANDER_GC_BY_CYCLE,
  GANDER_GC_BY_PAUSE,
  GANDER_GC_BY_KIND,         /* of pause */
  GANDER_GC_BY_WORKER,       /* label */
  GANDER_GC_BY_ASSIST,       /* goroutine that assisted */
  GANDER_GC_BY_ASSIST_STACK, /* where assists began */
  GANDER_GC_BY_SWEEP,        /* goroutine that swept */
  GANDER_GC_BY_SWEEP_STACK,
  GANDER_N_GC_BY,
} GanderGcBy;

/* Returns: (transfer none) "cycle", "pause", "kind", "worker", "assist", "assist-stack", … */
const char *gander_gc_by_get_id (GanderGcBy by);

/* Returns: (transfer full) the rows, cycles and pauses by time, others most time first. */
GanderTable *gander_gc_get_table (const GanderGc *self,
                                  const GanderIndex *index,
                                  GanderGcBy by) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
