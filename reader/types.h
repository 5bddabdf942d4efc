/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The vocabulary that every folder shares: time, states, lanes, spans and the rows of
 * the index. Plain data; nothing here allocates.
 *
 * Two words to know. A lane is the life of one goroutine, processor (P) or thread (M);
 * a goroutine id that the runtime uses again is another lane. A span is a stretch of a
 * lane in one state, half-open: [begin, end).
 */

#include <glib.h>

G_BEGIN_DECLS

/* Nanoseconds since the trace began; -1 where an instant is not in the trace. */
typedef gint64 GanderTime;

/* What a lane does. Goroutines use all but SCHEDULING; processors and threads use NONE (idle,
 * parked), RUNNING, SYSCALL, SYSCALL_BLOCKED (threads), GC_WORK, GC_ASSIST and SCHEDULING. */
typedef enum
{
  GANDER_STATE_NONE,            /* not born yet, gone, idle */
  GANDER_STATE_RUNNING,         /* executes Go code */
  GANDER_STATE_RUNNABLE,        /* waits for a processor */
  GANDER_STATE_BLOCKED,         /* waits for something else: the reason says what */
  GANDER_STATE_SYSCALL,         /* in a system call, still owns its processor */
  GANDER_STATE_SYSCALL_BLOCKED, /* in a system call, the processor was taken away */
  GANDER_STATE_GC_WORK,         /* running as a mark worker of the garbage collector */
  GANDER_STATE_GC_ASSIST,       /* running, but made to help the garbage collector */
  GANDER_STATE_SCHEDULING,      /* a processor or thread between goroutines */
  GANDER_STATE_UNKNOWN,         /* the trace is damaged here */
  GANDER_N_STATES,
} GanderState;

/* Finer than BLOCKED: what a reason text means. Definitions: see gander_wait_from_reason (). */
typedef enum
{
  GANDER_WAIT_NONE, /* not blocked */
  GANDER_WAIT_SYNC,
  GANDER_WAIT_COND,
  GANDER_WAIT_CHAN_SEND,
  GANDER_WAIT_CHAN_RECEIVE,
  GANDER_WAIT_SELECT,
  GANDER_WAIT_NETWORK,
  GANDER_WAIT_SLEEP,
  GANDER_WAIT_GC,
  GANDER_WAIT_FOREVER,
  GANDER_WAIT_OTHER,
  GANDER_N_WAITS,
} GanderWait;

/* Why a RUNNABLE span began. */
typedef enum
{
  GANDER_CAUSE_NONE, /* not runnable, or it was so when the trace began */
  GANDER_CAUSE_CREATED,
  GANDER_CAUSE_WOKEN,
  GANDER_CAUSE_YIELDED,   /* runtime.Gosched */
  GANDER_CAUSE_PREEMPTED, /* any other GoStop */
  GANDER_CAUSE_SYSCALL,   /* came back from a system call without a processor */
  GANDER_CAUSE_SWITCHED,  /* coroutine switch */
} GanderCause;

typedef enum
{
  GANDER_LANE_GOROUTINE,
  GANDER_LANE_PROC,
  GANDER_LANE_THREAD,
  GANDER_N_LANE_KINDS,
} GanderLaneKind;

/* Lanes are numbered from 0: goroutines by first appearance, then processors by id, then
 * threads by first appearance. */
typedef guint32 GanderLaneId;
#define GANDER_LANE_NONE G_MAXUINT32

/* String 0 is "", stack 0 is "no stack". */
typedef guint32 GanderStringId;
typedef guint32 GanderStackId;

typedef enum
{
  GANDER_SPAN_CONTINUES = 1 << 0,  /* same interval as the span before it, told apart for colour:
                                      a syscall that lost its P, an assist inside a run */
  GANDER_SPAN_OPEN_BEGIN = 1 << 1, /* was in this state when the trace began */
  GANDER_SPAN_OPEN_END = 1 << 2,   /* still in it when the trace ended */
} GanderSpanFlags;

/* One span, unpacked. @ordinal counts from 0 within the lane and with @lane is its identity. */
typedef struct
{
  GanderLaneId lane;
  guint32 ordinal;
  GanderTime begin;
  GanderTime end;
  GanderState state;
  GanderCause cause; /* of a RUNNABLE span */
  GanderSpanFlags flags;
  GanderStringId reason; /* of a BLOCKED span, of a RUNNABLE one that stopped itself; GC_WORK: the
                            label, "GC (dedicated)". A label that comes while the goroutine runs
                            begins a GC_WORK span that CONTINUES */
  GanderStackId stack;   /* event stack of the transition that opened the span: the goroutine's own
                            for BLOCKED, SYSCALL and stops, the waker's or creator's for RUNNABLE */
  GanderLaneId link;     /* goroutine lanes: RUNNING, SYSCALL, GC_*: the processor's lane;
                            RUNNABLE: who woke or created it; NONE when nobody did.
                            processor and thread lanes: the goroutine's lane */
} GanderSpan;

/* Time spent in each state; a range of a lane sums to its length, NONE included. */
typedef struct
{
  GanderTime time[GANDER_N_STATES];
} GanderMix;

typedef enum
{
  GANDER_LANE_EXISTED = 1 << 0,  /* was there before the trace began */
  GANDER_LANE_ALIVE = 1 << 1,    /* was there when it ended */
  GANDER_LANE_SYSTEM = 1 << 2,   /* belongs to the Go runtime (analysis of names: no name, or
                                    "runtime." but not "runtime.main") */
  GANDER_LANE_LABELLED = 1 << 3, /* worked as a GC mark worker at least once */
} GanderLaneFlags;

typedef struct
{
  GanderLaneKind kind;
  GanderLaneFlags flags;
  gint64 id;                    /* Go's number: goroutine id, P id, thread id */
  guint32 life;                 /* 1; 2, 3, … when a goroutine id is used again */
  GanderLaneId creator;         /* goroutine lane, or NONE */
  GanderStackId creation_stack; /* the creator's stack at the go statement */
  GanderStringId name;          /* goroutines: start function; "" for others and when never seen */
  GanderTime begin;             /* first instant in the window; 0 when it existed before */
  GanderTime end;               /* one past its last instant */
  guint32 n_spans;
  GanderMix total; /* over the whole life */
} GanderLane;

/* What one frame of a stack says. */
typedef struct
{
  GanderStringId function;
  GanderStringId file;
  guint64 line;
  guint64 pc;
} GanderFrame;

typedef enum
{
  GANDER_RANGE_GC_MARK, /* a GC cycle: global, lane NONE */
  GANDER_RANGE_STW,     /* stop-the-world: lane = goroutine that stopped the world */
  GANDER_RANGE_ASSIST,  /* mark assist: lane = goroutine */
  GANDER_RANGE_SWEEP,   /* lane = processor */
  GANDER_N_RANGE_KINDS,
} GanderRangeKind;

/* Sorted by begin. */
typedef struct
{
  GanderRangeKind kind;
  GanderSpanFlags flags; /* OPEN_BEGIN, OPEN_END */
  GanderTime begin;
  GanderTime end;
  GanderLaneId lane;
  GanderLaneId goroutine; /* sweep: the goroutine it was done on, NONE when it ended on another
                             than it began on; else as @lane */
  GanderStringId name;    /* Go's text, "stop-the-world (GC mark termination)" */
  GanderStackId stack;
  guint64 swept;     /* bytes, sweep only */
  guint64 reclaimed; /* bytes, sweep only */
} GanderRange;

/* Several ranges summed up. */
typedef struct
{
  guint64 count;
  GanderTime total;
  GanderTime longest;
} GanderRangeSum;

/* Sorted by id. */
typedef struct
{
  guint64 id;
  guint64 parent; /* 0 = none */
  GanderStringId type;
  GanderTime begin;     /* -1 = began before the trace */
  GanderTime end;       /* -1 = not seen to end */
  GanderLaneId creator; /* goroutine lanes, or NONE */
  GanderLaneId ender;
  GanderStackId stack; /* of the begin */
} GanderTask;

/* Sorted by goroutine lane, begin, depth. */
typedef struct
{
  GanderLaneId lane;
  guint32 depth; /* 0 = outermost on this goroutine */
  guint64 task;  /* 0 = none */
  GanderStringId type;
  GanderTime begin;
  GanderTime end;
  GanderSpanFlags flags; /* OPEN_BEGIN, OPEN_END */
  GanderStackId stack;   /* of the begin */
} GanderRegion;

/* Sorted by time. */
typedef struct
{
  GanderTime time;
  GanderLaneId lane; /* goroutine */
  guint64 task;
  GanderStringId category;
  GanderStringId message;
  GanderStackId stack;
} GanderLog;

/* One wake-up or creation, seen from the goroutine that did it. Sorted by waker lane, then time. */
typedef struct
{
  GanderTime time;
  GanderLaneId waker;
  GanderLaneId wakee;
  gboolean created; /* a go statement, not an unblock */
} GanderWakeup;

typedef struct
{
  GanderTime time;
  GanderLaneId goroutine, proc, thread; /* NONE where the sample had none */
  GanderStackId stack;
} GanderSample;

typedef enum
{
  GANDER_COUNTER_HEAP,       /* bytes of live heap objects */
  GANDER_COUNTER_GOAL,       /* bytes; 0 = no goal */
  GANDER_COUNTER_GOMAXPROCS, /* processors */
  GANDER_COUNTER_GOROUTINES, /* alive (runnable, running, waiting, in system calls) */
  GANDER_COUNTER_RUNNABLE,   /* goroutines waiting for a processor */
  GANDER_N_COUNTERS,
} GanderCounter;

/* The value holds from @time to the next point. Sorted by time. */
typedef struct
{
  GanderTime time;
  guint64 value;
} GanderPoint;

/* One generation (about a second of trace). */
typedef struct
{
  guint64 number; /* as in the file */
  guint64 offset; /* byte of its first batch */
  guint64 size;   /* bytes */
  GanderTime begin;
  gint64 mono_ns; /* clock snapshot (Go 1.25 and later), or 0 */
  gint64 wall_ns; /* Unix time in ns of @snapshot, or 0 when unknown */
  GanderTime snapshot;
} GanderGeneration;

/* A metric of the runtime, all its values as they came. Sorted by name. */
typedef struct
{
  GanderStringId name; /* Go's, "/sched/gomaxprocs:threads" */
  guint64 count;
  guint64 min;
  guint64 max;
  guint64 first;
  guint64 last;
} GanderRuntimeMetric;

/* Goroutines that started at one function. Sorted by total running time, descending, then name. */
typedef struct
{
  GanderStringId name;
  guint32 n_lanes;
  gboolean system;
  GanderMix total;
} GanderGroup;

/* All spans of one kind in one group, over the whole trace. A kind is all that a span is but when
 * and with whom, so a group has several rows of one state. Spans that CONTINUE an interval are a
 * kind of their own; intervals are counted by the rows without that flag. */
typedef struct
{
  GanderState state;
  GanderCause cause;
  GanderSpanFlags flags; /* CONTINUES, OPEN_BEGIN */
  GanderStringId reason;
  GanderStackId stack;
  guint64 count;
  guint64 open;       /* of @count: still so when the trace ended */
  GanderTime total;   /* ns */
  GanderTime longest; /* with the spans that continue it, which have rows of their own too */
} GanderTotal;

/* Where there are not more goroutines than this, much can be told of each of them. */
#define GANDER_FEW_GOROUTINES 1000

/* The waits of one kind with the same labels, over the whole trace: of one goroutine where there
 * are few, else of all those of a group. Without labels: all waits of the goroutine. */
typedef struct
{
  GanderLaneId lane; /* or NONE */
  guint32 group;
  GanderStringId task;   /* type; 0 = none, as of the region */
  GanderStringId region; /* the innermost */
  GanderTotal total;     /* without @open and @longest */
} GanderLabelTotal;

/* Returns: whether a goroutine executes in this state, be it for the garbage collector. */
gboolean gander_state_is_running (GanderState state);

/* Returns: what a block reason means; the list is Go 1.22 to 1.26's, unknown texts are OTHER. */
GanderWait gander_wait_from_reason (const char *reason);

/* Returns: (transfer none) stable lower-case identifiers for machines ("runnable", "chan-send"). */
const char *gander_state_get_id (GanderState state);
const char *gander_wait_get_id (GanderWait wait);

G_END_DECLS
