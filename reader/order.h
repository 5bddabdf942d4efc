/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The scheduler of the traced program, played back: which goroutine, processor and thread are
 * where. It says whether an event may happen now, and what it means. The rules are those of
 * golang/go src/internal/trace/order.go, Go 1.26; what goes on after a contradiction is ours.
 *
 * For reader/ alone. Handlers, named by events.def, are in order-go.c, order-proc.c,
 * order-range.c and order-user.c; order-repair.c makes an impossible event possible.
 */

#include "reader/event.h"
#include "reader/id-pages.h"
#include "reader/stream.h"
#include "reader/tables.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_ADVANCE_OK,   /* done; events are in the queue */
  GANDER_ADVANCE_WAIT, /* not yet; @wait_key says for what */
  GANDER_ADVANCE_BAD,  /* contradicts what is known */
} GanderAdvance;

/* Statuses on the wire; UNKNOWN is ours: after a gap, anything may come. */
enum
{
  GANDER_GO_STATUS_UNKNOWN = 0,
  GANDER_GO_STATUS_RUNNABLE = 1,
  GANDER_GO_STATUS_RUNNING = 2,
  GANDER_GO_STATUS_SYSCALL = 3,
  GANDER_GO_STATUS_WAITING = 4,
  GANDER_PROC_STATUS_UNKNOWN = 0,
  GANDER_PROC_STATUS_RUNNING = 1,
  GANDER_PROC_STATUS_IDLE = 2,
  GANDER_PROC_STATUS_SYSCALL = 3,
  GANDER_PROC_STATUS_ABANDONED = 4,
  GANDER_STATUS_MAX = 4,
};

typedef struct
{
  gint64 id;
  guint64 sequence;
  guint32 epoch;  /* of the generation that @sequence belongs to */
  guint32 thread; /* that runs it, or GANDER_ID_NONE */
  guint32 stw;    /* name + 1 of the stop-the-world it makes, 0 = none */
  guint32 region; /* innermost open one, or GANDER_ID_NONE */
  guint8 status;
  gboolean assists;
} GanderOrderGo;

typedef struct
{
  gint64 id;
  guint64 sequence;
  guint32 epoch;
  guint32 thread;
  guint8 status;
  gboolean sweeps;
} GanderOrderProc;

typedef struct
{
  gint64 id;
  gint64 go_id;   /* -1 = none */
  gint64 proc_id; /* -1 = none */
  guint32 go;     /* number, or GANDER_ID_NONE */
  guint32 proc;   /* number, or GANDER_ID_NONE */
  gboolean seen;
  gboolean lost; /* after a gap its processor is not known */
} GanderOrderThread;

typedef struct
{
  guint64 task;
  GanderStringId name;
  guint32 outer; /* or the next free one */
} GanderOrderRegion;

typedef struct
{
  guint64 parent;
  GanderStringId name;
} GanderOrderTask;

/* What a waiting event waits for. */
typedef enum
{
  GANDER_WAIT_FOR_GO,        /* to reach the sequence number before the event's */
  GANDER_WAIT_FOR_PROC,      /* the same */
  GANDER_WAIT_FOR_PROC_GONE, /* to leave its system call */
  GANDER_WAIT_FOR_THREAD,    /* to lose its processor */
  GANDER_WAIT_FOR_GC,        /* to reach the sequence number before the event's */
} GanderWaitFor;

typedef enum
{
  GANDER_GC_UNDETERMINED,
  GANDER_GC_OFF,
  GANDER_GC_ON,
} GanderGcState;

typedef struct
{
  GanderTables *tables;         /* (unowned) */
  GanderDictionary *dictionary; /* (unowned) */
  GanderDamageLog *log;         /* (unowned) */

  GArray *gos;            /* GanderOrderGo; free ones are chained by @thread */
  GArray *procs;          /* GanderOrderProc */
  GArray *threads;        /* GanderOrderThread */
  GArray *regions;        /* GanderOrderRegion */
  GArray *tasks;          /* GanderOrderTask; a free list would not pay */
  GanderIdPages go_by_id; /* number + 1 */
  GanderIdMap proc_by_id;
  GanderIdMap thread_by_id;
  GanderIdMap task_by_id;
  GanderIdMap stw_names; /* name of the kind to name of the range */
  gboolean no_memory;    /* a goroutine could not be kept: it makes no sense to go on */
  guint32 free_go;
  guint32 free_region;
  guint32 free_task;

  guint64 generation; /* number in the file */
  guint32 epoch;      /* of generations, ours */
  gboolean initial;   /* this generation is the first, or the first after a loss */
  guint64 gc_sequence;
  GanderGcState gc;

  /* The event at hand. */
  const GanderWireEvent *event;
  gint64 thread_id;
  guint32 thread; /* number, or GANDER_ID_NONE */
  gboolean forced;
  GanderDamageCode fault;
  guint64 wait_key;
  GanderEvent *queue; /* room for GANDER_EVENTS_AT_ONCE */
  guint n_queue;
  GanderEvent own_queue[GANDER_EVENTS_AT_ONCE]; /* until there is a better one */

  /* Called when what an event may wait for has come. */
  void (*changed) (gpointer data, guint64 wait_key);
  gpointer changed_data;
  guint n_waiting; /* nobody is told while it is 0 */

  /* Constant texts. */
  GanderStringId gc_name, sweep_name, assist_name;
  GanderStringId metric_names[3];
} GanderOrder;

typedef GanderAdvance (*GanderOrderHandler) (GanderOrder *self);

void gander_order_init (GanderOrder *self,
                        GanderTables *tables,
                        GanderDictionary *dictionary,
                        GanderDamageLog *log);
void gander_order_clear (GanderOrder *self);

/* A generation begins. @anew: what was known of the one before does not hold any more. */
void gander_order_begin (GanderOrder *self, guint64 generation, gboolean anew);

/* Returns: the number of thread @id, GANDER_ID_NONE for -1. */
guint32 gander_order_find_thread (GanderOrder *self, gint64 id);

/* Tries the event at the front of @stream. On OK it has happened and its events are queued. */
GanderAdvance gander_order_advance (GanderOrder *self, const GanderStream *stream);

/* The same for an event that waits for ever or is BAD: makes room for it, queueing gaps for what
 * has to be forgotten, or drops it; either way it is done with. */
void gander_order_force (GanderOrder *self, const GanderStream *stream);

/* Events of @stream's thread were lost: what it ran is unknown from now on. Queues the gaps. */
void gander_order_lose (GanderOrder *self, const GanderStream *stream, GanderTime time);

/* For the handlers. */

/* Queues an event of @kind in the context of the event at hand. Returns: it, to be filled. */
GanderEvent *gander_order_emit (GanderOrder *self, GanderEventKind kind);
/* The same for a transition. */
GanderEvent *gander_order_emit_transition (GanderOrder *self,
                                           GanderResource resource,
                                           gint64 id,
                                           GanderGoState from,
                                           GanderGoState to);
void gander_order_emit_gap (GanderOrder *self, GanderResource resource, gint64 id);

/* Of many events that wait for one goroutine only the next one is woken: the key of a wait is made
 * of the sequence number too. */
GanderAdvance
gander_order_wait (GanderOrder *self, GanderWaitFor kind, guint64 id, guint64 sequence);
void gander_order_wake_slowly (GanderOrder *self, GanderWaitFor kind, guint64 id, guint64 sequence);
GanderAdvance gander_order_bad (GanderOrder *self, GanderDamageCode fault);

static inline void
gander_order_wake (GanderOrder *self, GanderWaitFor kind, guint64 id, guint64 sequence)
{
  if (G_UNLIKELY (self->n_waiting > 0))
    gander_order_wake_slowly (self, kind, id, sequence);
}

/* Returns: (nullable) what the thread at hand is and has. Inline: several calls per event. */
static inline GanderOrderThread *
gander_order_thread (GanderOrder *self)
{
  if (self->thread == GANDER_ID_NONE)
    return NULL;
  return &g_array_index (self->threads, GanderOrderThread, self->thread);
}

static inline GanderOrderGo *
gander_order_current_go (GanderOrder *self)
{
  const GanderOrderThread *thread = gander_order_thread (self);

  if (thread == NULL || thread->go == GANDER_ID_NONE)
    return NULL;
  return &g_array_index (self->gos, GanderOrderGo, thread->go);
}

static inline GanderOrderProc *
gander_order_current_proc (GanderOrder *self)
{
  const GanderOrderThread *thread = gander_order_thread (self);

  if (thread == NULL || thread->proc == GANDER_ID_NONE)
    return NULL;
  return &g_array_index (self->procs, GanderOrderProc, thread->proc);
}

/* Returns: (nullable) */
static inline GanderOrderGo *
gander_order_find_go (GanderOrder *self, guint64 id)
{
  guint32 number = gander_id_pages_get (&self->go_by_id, id);

  return number == 0 ? NULL : &g_array_index (self->gos, GanderOrderGo, number - 1);
}

GanderOrderProc *gander_order_find_proc (GanderOrder *self, guint64 id);

/* Returns: a new one; it must not be there. */
GanderOrderGo *gander_order_add_go (GanderOrder *self, guint64 id, guint8 status);
GanderOrderProc *gander_order_add_proc (GanderOrder *self, guint64 id, guint8 status);
void gander_order_remove_go (GanderOrder *self, GanderOrderGo *go);

/* Whoever changes a status or a sequence says so. */
static inline void
gander_order_go_changed (GanderOrder *self, const GanderOrderGo *go)
{
  gander_order_wake (self, GANDER_WAIT_FOR_GO, (guint64)go->id, go->sequence + 1);
}

void gander_order_proc_changed (GanderOrder *self, const GanderOrderProc *proc);

/* @thread: a number; an old binding of either side goes. */
void gander_order_bind_go (GanderOrder *self, guint32 thread, GanderOrderGo *go);
void gander_order_bind_proc (GanderOrder *self, guint32 thread, GanderOrderProc *proc);
void gander_order_unbind_go (GanderOrder *self, GanderOrderGo *go);
void gander_order_unbind_proc (GanderOrder *self, GanderOrderProc *proc);

/* Returns: whether @go is in @status and @sequence is its next. */
gboolean gander_order_go_ready (const GanderOrder *self,
                                const GanderOrderGo *go,
                                guint8 status,
                                guint64 sequence);
gboolean gander_order_proc_ready (const GanderOrder *self,
                                  const GanderOrderProc *proc,
                                  guint8 status,
                                  guint64 sequence);

/* Returns: whether the event at hand has what it needs. */
static inline gboolean
gander_order_has_thread (const GanderOrder *self)
{
  return self->thread != GANDER_ID_NONE || self->forced;
}

/* The same of a thread and a processor. */
static inline gboolean
gander_order_has_proc (GanderOrder *self)
{
  const GanderOrderThread *thread = gander_order_thread (self);

  return self->forced || (thread != NULL && (thread->proc != GANDER_ID_NONE || thread->lost));
}

/* The same of a thread, a processor and a goroutine. */
static inline gboolean
gander_order_has_all (GanderOrder *self)
{
  return gander_order_has_proc (self) && gander_order_current_go (self) != NULL;
}

GanderStringId gander_order_string (GanderOrder *self, guint argument);
GanderStackId gander_order_stack (GanderOrder *self, guint argument);

void gander_order_drop_regions (GanderOrder *self, GanderOrderGo *go);

/* The handlers of events.def. */
GanderAdvance gander_order_proc_status (GanderOrder *self);
GanderAdvance gander_order_proc_start (GanderOrder *self);
GanderAdvance gander_order_proc_stop (GanderOrder *self);
GanderAdvance gander_order_proc_steal (GanderOrder *self);
GanderAdvance gander_order_go_status (GanderOrder *self);
GanderAdvance gander_order_go_create (GanderOrder *self);
GanderAdvance gander_order_go_create_syscall (GanderOrder *self);
GanderAdvance gander_order_go_start (GanderOrder *self);
GanderAdvance gander_order_go_stop (GanderOrder *self);
GanderAdvance gander_order_go_unblock (GanderOrder *self);
GanderAdvance gander_order_go_switch (GanderOrder *self);
GanderAdvance gander_order_go_syscall_begin (GanderOrder *self);
GanderAdvance gander_order_go_syscall_end (GanderOrder *self);
GanderAdvance gander_order_go_syscall_end_blocked (GanderOrder *self);
GanderAdvance gander_order_go_destroy_syscall (GanderOrder *self);
GanderAdvance gander_order_stw_begin (GanderOrder *self);
GanderAdvance gander_order_stw_end (GanderOrder *self);
GanderAdvance gander_order_gc_active (GanderOrder *self);
GanderAdvance gander_order_gc_begin (GanderOrder *self);
GanderAdvance gander_order_gc_end (GanderOrder *self);
GanderAdvance gander_order_sweep_active (GanderOrder *self);
GanderAdvance gander_order_sweep_begin (GanderOrder *self);
GanderAdvance gander_order_sweep_end (GanderOrder *self);
GanderAdvance gander_order_assist_active (GanderOrder *self);
GanderAdvance gander_order_assist_begin (GanderOrder *self);
GanderAdvance gander_order_assist_end (GanderOrder *self);
GanderAdvance gander_order_metric_go (GanderOrder *self);
GanderAdvance gander_order_metric_proc (GanderOrder *self);
GanderAdvance gander_order_label (GanderOrder *self);
GanderAdvance gander_order_task_begin (GanderOrder *self);
GanderAdvance gander_order_task_end (GanderOrder *self);
GanderAdvance gander_order_region_begin (GanderOrder *self);
GanderAdvance gander_order_region_end (GanderOrder *self);
GanderAdvance gander_order_log (GanderOrder *self);
GanderAdvance gander_order_experimental (GanderOrder *self);

G_END_DECLS
