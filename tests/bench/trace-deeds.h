/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What goroutines do while they run, at random, and how a trace tells of it. make-trace.c gives
 * them processors and threads.
 */

#include "tests/bench/trace-file.h"

G_BEGIN_DECLS

#define PROCS 8

/* Codes of the format. */
enum
{
  PROCS_CHANGE = 9,
  PROC_START,
  PROC_STOP,
  PROC_STEAL,
  PROC_STATUS,
  GO_CREATE,
  GO_START = 16,
  GO_DESTROY,
  GO_STOP = 19,
  GO_BLOCK,
  GO_UNBLOCK,
  SYSCALL_BEGIN,
  SYSCALL_END,
  SYSCALL_END_BLOCKED,
  GO_STATUS,
  STW_BEGIN,
  STW_END,
  GC_BEGIN = 29,
  GC_END,
  SWEEP_BEGIN = 32,
  SWEEP_END,
  ASSIST_BEGIN = 35,
  ASSIST_END,
  HEAP_ALLOC,
  HEAP_GOAL,
  TASK_BEGIN = 40,
  TASK_END,
  REGION_BEGIN,
  REGION_END,
  USER_LOG,
  GO_STATUS_STACK = 48,
};

/* As GoStatus writes them. */
typedef enum
{
  DEAD,
  RUNNABLE,
  RUNNING,
  IN_SYSCALL,
  WAITING,
} State;

typedef struct
{
  guint64 id;
  guint64 seen; /* the generation that knows of it */
  guint64 sequence;
  guint64 task;
  guint8 state;
  guint8 role;
  guint8 depth; /* of regions */
  guint8 site;  /* where it waits */
} Go;

typedef struct
{
  int thread; /* -1 = idle */
  guint64 sequence;
} Proc;

typedef struct
{
  int proc;  /* -1 = none */
  gint64 go; /* in gos, -1 = none */
} Thread;

/* What a goroutine may do next. */
typedef enum
{
  DO_CREATE,
  DO_DESTROY,
  DO_BLOCK,
  DO_UNBLOCK,
  DO_SYSCALL,
  DO_STOP,
  DO_ANNOTATE,
  N_DEEDS,
} Deed;

/* @bytes_each: of the trace, for each goroutine that may be alive at a time, but at least @least of
 * them and at most @most. @weights: how often they do what. */
typedef struct
{
  const char *name;
  guint64 bytes_each;
  guint least;
  guint most;
  guint weights[N_DEEDS];
} Shape;

typedef struct
{
  TraceFile *file;
  const Shape *shape;
  guint64 random;
  GArray *gos;     /* Go; rows of the dead are used again */
  GArray *dead;    /* guint32, rows of gos */
  GArray *waiting; /* guint32 */
  GArray *ready;   /* guint32 */
  guint64 next_id;
  guint64 next_task;
  guint64 heap;
  guint64 collections; /* begins and ends */
  guint steps;         /* since the last begin or end */
  gboolean told_procs; /* in this generation */
  guint n_alive;
  guint most;
  Proc procs[PROCS];
  Thread threads[TRACE_FILE_THREADS];
} Run;

/* Returns: any number below @n. */
guint run_below (Run *run, guint n);
/* The next event of a thread, some time after the last one of any: its code and what follows the
 * time. */
void run_tell (Run *run, guint thread, guint n, const guint64 *numbers);
#define TELL(run, thread, ...)                                      \
  run_tell (run,                                                    \
            thread,                                                 \
            sizeof ((guint64[]){ __VA_ARGS__ }) / sizeof (guint64), \
            (guint64[]){ __VA_ARGS__ })

Go *run_get_go (Run *run, gint64 row);
/* Returns: the row of a goroutine that nobody has told of. */
gint64 run_new_go (Run *run, guint role, State state);
/* The state of a goroutine comes before all else that a generation tells of it: told by @thread,
 * unless it is known. */
void run_tell_go (Run *run, guint thread, gint64 row);

/* Takes any row out of @rows, which is not empty. */
gint64 run_take_any (Run *run, GArray *rows);
void run_put_row (GArray *rows, gint64 row);

/* The goroutine of @thread stops for @state and is one of @rows then. */
void run_leave (Run *run, guint thread, State state, GArray *rows);
/* Wakes any that waits; there is one. @by: (nullable) NULL = the network poller. */
void run_unblock (Run *run, guint thread, const Go *by);
/* The goroutine that runs on @thread does something. */
void run_act (Run *run, guint thread);
gboolean run_is_collecting (const Run *run);

G_END_DECLS
