/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The consumer of ordered events: follows goroutines, processors and threads and writes their
 * spans into the index file as they end, keeps ranges, tasks, regions, logs, wake-ups and samples
 * aside, and knows at the end all that the writer of the index needs.
 */

#include "reader/chunks.h"
#include "reader/counters.h"
#include "reader/dictionary.h"
#include "reader/id-pages.h"
#include "reader/pages.h"
#include "reader/row-file.h"
#include "reader/trace.h"

G_BEGIN_DECLS

/* A goroutine that is there; its place is another's when it has ended. References to other rows are
 * row + 1, 0 = none. */
typedef struct
{
  GanderChunk chunk;
  gint64 id;
  GanderTime begin;
  guint32 row; /* of its life; 0 = nobody has this place */
  guint32 life;
  guint32 creator;
  GanderStackId creation_stack;
  union
  {
    struct
    {
      guint32 proc;   /* it executes on, or holds in a system call */
      guint32 thread; /* it executes on */
    };
    GanderTime end; /* when it has ended */
  };
  guint32 open_region;
  union
  {
    guint32 open_range;
    guint32 next; /* when it has ended: place + 1 of the next that waits, or is free */
  };
  union
  {
    guint32 gap; /* number of gaps that its spans know of */
    guint32 job; /* when it has ended: what the sealer has to have done until it can go */
  };
  GanderStackId syscall_stack;
  GanderStringId label; /* of a GC mark worker that it runs under, 0 = none */
  guint8 go_state;      /* GanderGoState */
  guint8 state;         /* GanderState of the open span */
  guint8 flags;         /* GanderLaneFlags */
  guint8 assists : 1;   /* inside a mark assist */
  guint8 ended : 1;
} GanderGo;

/* What is left of a goroutine that has ended, or is there at the end of the trace. */
typedef struct
{
  gint64 id;
  GanderTime begin;
  GanderTime end;
  union
  {
    guint64 block;               /* as in its lane row */
    const GanderChunkPast *past; /* of more spans than a block has, until they are summarized */
  };
  union
  {
    guint32 row; /* while it is put aside, + 1 */
    guint32 n_extremes;
  };
  guint32 life;
  guint32 creator; /* + 1 */
  GanderStackId creation_stack;
  GanderStringId name;
  guint32 n_spans;
  guint16 states;   /* as in its lane row, when they are summarized */
  guint8 flags;     /* GanderLaneFlags */
  guint8 uncounted; /* these as in its chunk */
  guint8 stands_out;
  guint8 long_wait[2];
} GanderLife;

/* A processor or a thread. */
typedef struct
{
  GanderChunk chunk;
  gint64 id;
  GanderTime begin;
  GanderTime last;   /* begin of the open span */
  guint32 goroutine; /* its place + 1 */
  guint32 partner;   /* processor: thread that runs it. thread: processor it holds */
  guint32 open_link;
  guint32 open_range;
  guint32 gap;
  guint32 first_block;  /* thread, while it is at one with its processor: the first such block */
  guint32 last_stretch; /* thread: number + 1 */
  guint32 n_elsewhere;  /* thread: spans of its stretches, less what its cut blocks have too few */
  guint8 running;       /* processor */
  guint8 state;         /* GanderState of the open span, NONE = none is open */
  guint8 flags;
  guint8 at_one;  /* with the partner, see gander_spans_unite () */
  guint16 states; /* as in its lane row, when it has a summary */
} GanderExecutor;

/* Blocks of a processor that are a thread's as well. */
typedef struct
{
  GanderTime begin;
  guint32 before;   /* the thread's one before, number + 1 */
  guint32 n_blocks; /* the thread's own that come before */
  guint32 ordinal;  /* of the first span, in the thread's lane */
  guint32 proc;     /* row */
  guint32 first_block;
  guint32 n;
} GanderStretch;

/* A range or region that has begun; in a list per goroutine or processor, newest first. */
typedef struct
{
  guint32 next;
  guint32 depth;
  guint8 kind;     /* GanderRangeKind */
  guint8 has_task; /* a region, or one around it */
  guint8 flags;
  guint32 name;
  guint32 stack;
  guint64 task;
  GanderTime begin;
  union
  {
    guint32 goroutine;
    GanderStringId task_type; /* regions: of the task of it, or of the nearest around it with one */
  };
} GanderOpenItem;

/* A task of which not all is known yet. While it is open it is in a list of its creator's, newest
 * first. References to rows are row + 1, 0 = none. */
typedef struct
{
  GanderTask task;
  guint32 row;   /* its own */
  guint32 place; /* + 1 of the creator's, whose row may be another's when it has ended */
  guint32 older;
  guint32 newer;
  guint8 used; /* a region was labelled with it before it began */
} GanderOpenTask;

/* Instead of a row: the task has begun and ended, nothing can change it any more. Its type besides.
 */
#define GANDER_TASK_CLOSED (1u << 31)

#define GANDER_WAKEUP_CREATED (1u << 31)

/* A wake-up as it happened. */
typedef struct
{
  GanderTime time;
  guint32 waker;
  guint32 wakee; /* with GANDER_WAKEUP_CREATED when it was created */
} GanderWakeupNote;

/* The few ids that events are about at a time, found before the large tables are asked. */
#define GANDER_RECENT_GOROUTINES 1024
#define GANDER_RECENT_EXECUTORS  64

typedef struct
{
  gint64 id;
  guint32 row; /* or place, + 1, 0 = nobody */
} GanderRecentId;

/* Instead of its place: the goroutine has ended, and this is its row + 1 besides. */
#define GANDER_GO_ENDED (1u << 31)

typedef struct
{
  GanderIndexFile *file;
  GanderDictionary *dictionary;
  GanderChores chores; /* to seal blocks and to put rows aside */
  GanderChunks chunks;
  GanderPages goroutines; /* GanderGo, of those that are there */
  guint32 free_go;        /* place + 1 */
  guint32 first_ended;    /* place + 1: they wait for the sealer, in this order */
  guint32 last_ended;
  guint32 n_goroutines;
  const char *directory; /* (nullable) (unowned) where large things are put aside */
  GanderRowFile lives;   /* GanderLife, of the others */
  GanderIdMap life_of;   /* the latest, of ids with more than one */
  GanderPages procs;     /* GanderExecutor */
  GanderPages threads;   /* GanderExecutor */
  GanderRowFile stretches;
  GanderPages open_tasks; /* GanderOpenTask; free ones are chained by their id */
  guint32 free_task;
  GanderPages open_items; /* GanderOpenItem */
  guint32 free_item;
  GanderIdMap proc_ids, thread_ids;
  GanderIdPages goroutine_ids; /* to a place + 1, or GANDER_GO_ENDED */
  GanderIdPages task_ids;      /* to a row of open_tasks + 1, or GANDER_TASK_CLOSED */
  GanderRecentId recent_goroutines[GANDER_RECENT_GOROUTINES];
  GanderRecentId recent_executors[GANDER_N_LANE_KINDS][GANDER_RECENT_EXECUTORS];
  guint32 executor_kinds[GANDER_N_STATES][8]; /* kind + 1 of a state and flags */
  guint32 thread;                             /* row + 1 of the thread of the present event */
  GArray *gaps;                               /* GanderTime, of everything */
  GArray *generations;
  GArray *damage;
  GArray *string_classes; /* guint8 by string id */
  GanderRowFile ranges[GANDER_N_RANGE_KINDS];
  GanderRowFile tasks, regions, logs, wakeups, samples, first_seen;
  GanderCountsRow counts;
  GArray *metrics; /* GanderRuntimeMetric */
  GanderRowFile points[GANDER_COUNTER_GOROUTINES];
  GanderPoint last_point[GANDER_COUNTER_GOROUTINES];
  GanderCounterBins alive, runnable;
  guint32 open_mark; /* the GC cycle, an open item */
  GanderStringId unknown_reason;
  GanderTime now;
  gboolean last_was_sync;
  guint32 n_syncs;
  guint64 n_events;
  guint64 n_transitions;
  guint32 gomaxprocs;
  gboolean no_memory;
} GanderSpans;

/* Returns: spans of the lane so far, with those that it shares. */
guint32 gander_executor_get_n_spans (const GanderExecutor *self);

/* The functions of the sink; the data is a GanderSpans. */
extern const GanderSink gander_spans_sink;

/* @directory (nullable, must outlive @self) is where large things are put aside. */
void gander_spans_init (GanderSpans *self,
                        GanderIndexFile *file,
                        GanderDictionary *dictionary,
                        const char *directory);
void gander_spans_clear (GanderSpans *self);

/* From here to gander_spans_stop () other threads may help, one for nothing else if @threaded. */
void gander_spans_start (GanderSpans *self, gboolean threaded);

/* Nothing is written by others any more; what the sealer knows can be read. */
void gander_spans_stop (GanderSpans *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSpans, gander_spans_clear)

void gander_spans_add (GanderSpans *self, const GanderEvent *event);

/* After the last event: closes everything at the end of the window. Returns: that end. */
GanderTime gander_spans_finish (GanderSpans *self);

G_END_DECLS
