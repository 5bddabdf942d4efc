/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/order.h"

#include <string.h>

/* Going on where golang/go gives up: an event that cannot happen is made possible by forgetting
 * what contradicts it. What is forgotten becomes a gap, so that no figure takes it for true; an
 * event that does not say whom it is about is dropped and counted.
 */

/* What an event must find, for those that state it. 0 = does not matter. */
enum
{
  FREE = 100,  /* nothing bound to the thread */
  FRESH = 101, /* not known yet */
};

typedef struct
{
  guint8 current_go;   /* of the thread */
  guint8 current_proc; /* of the thread, when it has one */
  guint8 target_go;    /* argument 0, with a sequence number as argument 1 */
  guint8 target_proc;  /* the same */
} Needs;

/* clang-format off */
static const Needs needs[256] = {
  [GANDER_WIRE_PROC_START] = { .target_proc = GANDER_PROC_STATUS_IDLE, .current_proc = FREE },
  [GANDER_WIRE_PROC_STOP] = { .current_proc = GANDER_PROC_STATUS_RUNNING },
  [GANDER_WIRE_PROC_STEAL] = { .target_proc = GANDER_PROC_STATUS_SYSCALL },
  [GANDER_WIRE_GO_CREATE] = { .target_go = FRESH, .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_CREATE_BLOCKED] = { .target_go = FRESH, .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_CREATE_SYSCALL] = { .target_go = FRESH, .current_go = FREE },
  [GANDER_WIRE_GO_START] = { .target_go = GANDER_GO_STATUS_RUNNABLE, .current_go = FREE },
  [GANDER_WIRE_GO_STOP] = { .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_BLOCK] = { .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_DESTROY] = { .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_UNBLOCK] = { .target_go = GANDER_GO_STATUS_WAITING },
  [GANDER_WIRE_GO_SWITCH] = { .target_go = GANDER_GO_STATUS_WAITING, .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_SWITCH_DESTROY] = { .target_go = GANDER_GO_STATUS_WAITING, .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_SYSCALL_BEGIN] = { .current_go = GANDER_GO_STATUS_RUNNING },
  [GANDER_WIRE_GO_SYSCALL_END] = { .current_go = GANDER_GO_STATUS_SYSCALL, .current_proc = GANDER_PROC_STATUS_SYSCALL },
  [GANDER_WIRE_GO_SYSCALL_END_BLOCKED] = { .current_go = GANDER_GO_STATUS_SYSCALL, .current_proc = FREE },
  [GANDER_WIRE_GO_DESTROY_SYSCALL] = { .current_go = GANDER_GO_STATUS_SYSCALL, .current_proc = GANDER_PROC_STATUS_SYSCALL },
};
/* clang-format on */

static void
forget_go (GanderOrder *self, GanderOrderGo *go)
{
  gander_order_emit_gap (self, GANDER_RESOURCE_GOROUTINE, go->id);
  gander_order_unbind_go (self, go);
  gander_order_drop_regions (self, go);
  go->status = GANDER_GO_STATUS_UNKNOWN;
  go->stw = 0;
  go->assists = FALSE;
  gander_order_go_changed (self, go);
}

static void
forget_proc (GanderOrder *self, GanderOrderProc *proc)
{
  gander_order_emit_gap (self, GANDER_RESOURCE_PROC, proc->id);
  gander_order_unbind_proc (self, proc);
  proc->status = GANDER_PROC_STATUS_UNKNOWN;
  proc->sweeps = FALSE;
  gander_order_proc_changed (self, proc);
}

void
gander_order_lose (GanderOrder *self, const GanderStream *stream, GanderTime time)
{
  GanderWireEvent nothing = { .time = time, .offset = stream->event.offset };
  GanderOrderGo *go;
  GanderOrderProc *proc;

  self->event = &nothing;
  self->thread = stream->order_thread;
  self->thread_id = stream->thread;
  self->n_queue = 0;
  if (self->thread == GANDER_ID_NONE)
    return;

  go = gander_order_current_go (self);
  proc = gander_order_current_proc (self);
  gander_order_emit_gap (self, GANDER_RESOURCE_THREAD, self->thread_id);
  if (go != NULL)
    forget_go (self, go);
  if (proc != NULL)
    forget_proc (self, proc);
  gander_order_thread (self)->lost = TRUE;
}

static void
repair_current_go (GanderOrder *self, guint8 need)
{
  GanderOrderGo *go = gander_order_current_go (self);

  if (go == NULL || need == 0 || go->status == need)
    return;
  if (need == FREE)
    {
      forget_go (self, go);
      return;
    }
  gander_order_emit_gap (self, GANDER_RESOURCE_GOROUTINE, go->id);
  go->status = need;
  gander_order_go_changed (self, go);
}

static void
repair_current_proc (GanderOrder *self, guint8 need)
{
  GanderOrderProc *proc = gander_order_current_proc (self);

  if (proc == NULL || need == 0 || proc->status == need)
    return;
  if (need == FREE)
    {
      forget_proc (self, proc);
      return;
    }
  gander_order_emit_gap (self, GANDER_RESOURCE_PROC, proc->id);
  proc->status = need;
  gander_order_proc_changed (self, proc);
}

static void
repair_target_go (GanderOrder *self, guint8 need)
{
  GanderOrderGo *go = gander_order_find_go (self, self->event->args[0]);

  if (need == FRESH)
    {
      if (go == NULL)
        return;
      gander_order_emit_gap (self, GANDER_RESOURCE_GOROUTINE, go->id);
      gander_order_remove_go (self, go);
      return;
    }

  gander_order_emit_gap (self, GANDER_RESOURCE_GOROUTINE, (gint64)self->event->args[0]);
  if (go == NULL)
    go = gander_order_add_go (self, self->event->args[0], need);
  gander_order_unbind_go (self, go);
  go->status = need;
  go->epoch = self->epoch;
  go->sequence = self->event->args[1] - 1;
  gander_order_go_changed (self, go);
}

static void
repair_target_proc (GanderOrder *self, guint8 need)
{
  GanderOrderProc *proc = gander_order_find_proc (self, self->event->args[0]);

  gander_order_emit_gap (self, GANDER_RESOURCE_PROC, (gint64)self->event->args[0]);
  if (proc == NULL)
    proc = gander_order_add_proc (self, self->event->args[0], need);
  gander_order_unbind_proc (self, proc);
  proc->status = need;
  proc->epoch = self->epoch;
  proc->sequence = self->event->args[1] - 1;
  gander_order_proc_changed (self, proc);
}

static void
repair_status (GanderOrder *self)
{
  GanderOrderGo *go = NULL;
  GanderOrderProc *proc = NULL;

  if (self->event->code == GANDER_WIRE_PROC_STATUS)
    proc = gander_order_find_proc (self, self->event->args[0]);
  else
    go = gander_order_find_go (self, self->event->args[0]);
  if (go != NULL)
    forget_go (self, go);
  if (proc != NULL)
    forget_proc (self, proc);
}

/* Garbage collection is told from its own events alone: believe the latest. */
static void
repair_gc (GanderOrder *self)
{
  self->gc_sequence = self->event->args[0] - 1;
  self->gc = self->event->code == GANDER_WIRE_GC_BEGIN ? GANDER_GC_OFF : GANDER_GC_ON;
  if (self->initial && self->event->code == GANDER_WIRE_GC_ACTIVE)
    self->gc = GANDER_GC_UNDETERMINED;
}

/* A range that begins twice goes on; one that ends unopened is left out, but an active one was
 * open unseen. */
static void
repair_range (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderOrderProc *proc = gander_order_current_proc (self);

  switch (self->event->code)
    {
    case GANDER_WIRE_STW_BEGIN:
      if (go != NULL)
        go->stw = 0;
      break;
    case GANDER_WIRE_GC_MARK_ASSIST_BEGIN:
      if (go != NULL)
        go->assists = FALSE;
      break;
    case GANDER_WIRE_GC_SWEEP_BEGIN:
      if (proc != NULL)
        proc->sweeps = FALSE;
      break;
    case GANDER_WIRE_GC_SWEEP_ACTIVE:
      proc = gander_order_find_proc (self, self->event->args[0]);
      if (proc != NULL)
        proc->sweeps = !self->initial;
      break;
    case GANDER_WIRE_GC_MARK_ASSIST_ACTIVE:
      go = gander_order_find_go (self, self->event->args[0]);
      if (go != NULL)
        go->assists = !self->initial;
      break;
    default:
      break;
    }
}

static void
repair (GanderOrder *self)
{
  guint8 code = self->event->code;
  const Needs *need = &needs[code];

  repair_current_go (self, need->current_go);
  repair_current_proc (self, need->current_proc);
  if (need->target_go != 0)
    repair_target_go (self, need->target_go);
  if (need->target_proc != 0)
    repair_target_proc (self, need->target_proc);
  if (code == GANDER_WIRE_PROC_STATUS || code == GANDER_WIRE_GO_STATUS ||
      code == GANDER_WIRE_GO_STATUS_STACK)
    repair_status (self);
  if (code == GANDER_WIRE_GC_ACTIVE || code == GANDER_WIRE_GC_BEGIN || code == GANDER_WIRE_GC_END)
    repair_gc (self);
  repair_range (self);
}

void
gander_order_force (GanderOrder *self, const GanderStream *stream)
{
  GanderAdvance result = gander_order_advance (self, stream);
  GanderDamageCode fault = result == GANDER_ADVANCE_WAIT ? GANDER_DAMAGE_ORDER_STUCK : self->fault;
  GanderEvent gaps[GANDER_EVENTS_AT_ONCE];
  guint n_gaps;

  if (result == GANDER_ADVANCE_OK)
    return;

  self->n_queue = 0;
  /* A status that does not exist says nothing about anything. */
  if (fault != GANDER_DAMAGE_STATUS_BAD)
    repair (self);
  n_gaps = self->n_queue;
  memcpy (gaps, self->queue, n_gaps * sizeof *gaps);

  self->forced = TRUE;
  result = gander_order_advance (self, stream);
  self->forced = FALSE;

  if (result == GANDER_ADVANCE_OK)
    gander_damage_log_count (self->log, fault, stream->event.offset, stream->thread, 0);
  else
    {
      self->n_queue = 0;
      gander_damage_log_count (self->log,
                               fault == GANDER_DAMAGE_STATUS_BAD ||
                                       fault == GANDER_DAMAGE_RANGE_MISMATCH
                                   ? fault
                                   : GANDER_DAMAGE_EVENT_DROPPED,
                               stream->event.offset,
                               stream->thread,
                               1);
    }

  /* The gaps come first. */
  n_gaps = MIN (n_gaps, GANDER_EVENTS_AT_ONCE - self->n_queue);
  memmove (self->queue + n_gaps, self->queue, self->n_queue * sizeof *gaps);
  memcpy (self->queue, gaps, n_gaps * sizeof *gaps);
  self->n_queue += n_gaps;
}
