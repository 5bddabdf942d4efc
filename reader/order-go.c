/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/order.h"

/* Goroutines: creation, running, blocking, system calls, coroutine switches, end. */

static const GanderGoState states[] = {
  [GANDER_GO_STATUS_UNKNOWN] = GANDER_GO_UNDETERMINED,
  [GANDER_GO_STATUS_RUNNABLE] = GANDER_GO_RUNNABLE,
  [GANDER_GO_STATUS_RUNNING] = GANDER_GO_RUNNING,
  [GANDER_GO_STATUS_SYSCALL] = GANDER_GO_SYSCALL,
  [GANDER_GO_STATUS_WAITING] = GANDER_GO_WAITING,
};

static GanderEvent *
emit_go (GanderOrder *self, gint64 id, GanderGoState from, GanderGoState to)
{
  return gander_order_emit_transition (self, GANDER_RESOURCE_GOROUTINE, id, from, to);
}

static void
set_status (GanderOrder *self, GanderOrderGo *go, guint8 status)
{
  go->status = status;
  gander_order_go_changed (self, go);
}

static void
set_sequence (GanderOrder *self, GanderOrderGo *go, guint8 status, guint64 sequence)
{
  go->epoch = self->epoch;
  go->sequence = sequence;
  set_status (self, go, status);
}

/* A goroutine in a system call for the whole generation, reported by somebody else than its
 * thread, or by no thread at all. Sets the context that the event is shown in. */
static GanderAdvance
status_in_syscall (GanderOrder *self, GanderOrderGo *go, gint64 thread_id, gboolean is_new)
{
  guint32 number;
  GanderOrderThread *thread;
  guint32 go_number = (guint32)(go - &g_array_index (self->gos, GanderOrderGo, 0));

  if (thread_id == self->thread_id)
    {
      if (!self->initial && !self->forced && !is_new && go->thread != self->thread)
        return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
      return GANDER_ADVANCE_OK;
    }

  number = gander_order_find_thread (self, thread_id);
  thread = &g_array_index (self->threads, GanderOrderThread, number);
  if (thread->seen && thread->go != go_number && !self->forced)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  thread->seen = TRUE;
  self->thread = number;
  return GANDER_ADVANCE_OK;
}

/* The event is shown in the context of the thread that holds the goroutine, without the processor
 * of that thread or of the reporter: golang/go keeps the reporter's. */
static void
emit_status (GanderOrder *self,
             GanderOrderGo *go,
             GanderGoState from,
             guint8 status,
             gint64 thread_id,
             gint64 proc)
{
  GanderEvent *event = emit_go (self, go->id, from, states[status]);

  event->thread = thread_id;
  event->proc = proc;
  if (self->event->code == GANDER_WIRE_GO_STATUS_STACK)
    event->stack = event->resource_stack = gander_order_stack (self, 3);
}

GanderAdvance
gander_order_go_status (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  gint64 thread_id = (gint64)self->event->args[1];
  guint64 status = self->event->args[2];
  guint32 reporter = self->thread;
  const GanderOrderProc *proc = gander_order_current_proc (self);
  gint64 proc_id = proc == NULL ? -1 : proc->id;
  GanderOrderGo *go = gander_order_find_go (self, id);
  gboolean is_new = go == NULL;
  GanderGoState from;

  if (status == 0 || status > GANDER_STATUS_MAX)
    return gander_order_bad (self, GANDER_DAMAGE_STATUS_BAD);
  if (status == GANDER_GO_STATUS_SYSCALL && thread_id == -1)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (is_new && !self->initial && !self->forced)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (!is_new && go->status != status && go->status != GANDER_GO_STATUS_UNKNOWN)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  from = is_new || go->status == GANDER_GO_STATUS_UNKNOWN ? GANDER_GO_UNDETERMINED : states[status];
  if (is_new)
    go = gander_order_add_go (self, id, (guint8)status);
  if (status == GANDER_GO_STATUS_SYSCALL &&
      status_in_syscall (self, go, thread_id, is_new || from == GANDER_GO_UNDETERMINED) !=
          GANDER_ADVANCE_OK)
    {
      self->thread = reporter;
      return GANDER_ADVANCE_BAD;
    }
  set_sequence (self, go, (guint8)status, 0);

  emit_status (self,
               go,
               from,
               (guint8)status,
               self->thread == reporter ? self->thread_id : thread_id,
               proc_id);
  if (self->thread != GANDER_ID_NONE &&
      (status == GANDER_GO_STATUS_RUNNING || status == GANDER_GO_STATUS_SYSCALL))
    gander_order_bind_go (self, self->thread, go);
  self->thread = reporter;
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_create (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  gboolean blocked = self->event->code == GANDER_WIRE_GO_CREATE_BLOCKED;
  const GanderOrderGo *creator = gander_order_current_go (self);
  GanderEvent *event;

  if (!gander_order_has_proc (self) ||
      (creator != NULL && creator->status != GANDER_GO_STATUS_RUNNING) ||
      gander_order_find_go (self, id) != NULL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  event = emit_go (self,
                   (gint64)id,
                   GANDER_GO_NOT_EXIST,
                   blocked ? GANDER_GO_WAITING : GANDER_GO_RUNNABLE);
  event->resource_stack = gander_order_stack (self, 1);
  event->stack = gander_order_stack (self, 2);
  gander_order_add_go (self, id, blocked ? GANDER_GO_STATUS_WAITING : GANDER_GO_STATUS_RUNNABLE);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_create_syscall (GanderOrder *self)
{
  guint64 id = self->event->args[0];

  if (self->thread == GANDER_ID_NONE || gander_order_current_go (self) != NULL ||
      gander_order_find_go (self, id) != NULL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  emit_go (self, (gint64)id, GANDER_GO_NOT_EXIST, GANDER_GO_SYSCALL);
  gander_order_bind_go (self,
                        self->thread,
                        gander_order_add_go (self, id, GANDER_GO_STATUS_SYSCALL));
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_start (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  GanderOrderGo *go = gander_order_find_go (self, id);

  if (go == NULL ||
      !gander_order_go_ready (self, go, GANDER_GO_STATUS_RUNNABLE, self->event->args[1]))
    return gander_order_wait (self, GANDER_WAIT_FOR_GO, id, self->event->args[1]);
  if (self->thread == GANDER_ID_NONE || !gander_order_has_proc (self) ||
      gander_order_current_go (self) != NULL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  emit_go (self, go->id, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING);
  gander_order_bind_go (self, self->thread, go);
  set_sequence (self, go, GANDER_GO_STATUS_RUNNING, self->event->args[1]);
  return GANDER_ADVANCE_OK;
}

/* GoStop, GoBlock, GoDestroy: the running goroutine leaves its thread. */
GanderAdvance
gander_order_go_stop (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  guint8 code = self->event->code;
  GanderEvent *event;

  if (!gander_order_has_all (self) || go->status != GANDER_GO_STATUS_RUNNING)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  if (code == GANDER_WIRE_GO_DESTROY)
    {
      emit_go (self, go->id, GANDER_GO_RUNNING, GANDER_GO_NOT_EXIST);
      gander_order_remove_go (self, go);
      return GANDER_ADVANCE_OK;
    }

  event = emit_go (self,
                   go->id,
                   GANDER_GO_RUNNING,
                   code == GANDER_WIRE_GO_STOP ? GANDER_GO_RUNNABLE : GANDER_GO_WAITING);
  event->name = gander_order_string (self, 0);
  event->stack = event->resource_stack = gander_order_stack (self, 1);
  gander_order_unbind_go (self, go);
  set_status (self,
              go,
              code == GANDER_WIRE_GO_STOP ? GANDER_GO_STATUS_RUNNABLE : GANDER_GO_STATUS_WAITING);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_unblock (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  GanderOrderGo *go = gander_order_find_go (self, id);
  GanderEvent *event;

  if (go == NULL ||
      !gander_order_go_ready (self, go, GANDER_GO_STATUS_WAITING, self->event->args[1]))
    return gander_order_wait (self, GANDER_WAIT_FOR_GO, id, self->event->args[1]);

  event = emit_go (self, go->id, GANDER_GO_WAITING, GANDER_GO_RUNNABLE);
  event->stack = gander_order_stack (self, 2);
  gander_order_unbind_go (self, go);
  set_sequence (self, go, GANDER_GO_STATUS_RUNNABLE, self->event->args[1]);
  return GANDER_ADVANCE_OK;
}

/* GoSwitch, GoSwitchDestroy: three transitions in one. The next goroutine becomes runnable, the
 * present one waits or ends, the next one runs. */
GanderAdvance
gander_order_go_switch (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  guint64 id = self->event->args[0];
  gboolean destroys = self->event->code == GANDER_WIRE_GO_SWITCH_DESTROY;
  guint32 thread = self->thread;
  GanderOrderGo *next;

  if (!gander_order_has_all (self) || go->status != GANDER_GO_STATUS_RUNNING)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  next = gander_order_find_go (self, id);
  if (next == NULL || next == go ||
      !gander_order_go_ready (self, next, GANDER_GO_STATUS_WAITING, self->event->args[1]))
    return gander_order_wait (self, GANDER_WAIT_FOR_GO, id, self->event->args[1]);

  emit_go (self, next->id, GANDER_GO_WAITING, GANDER_GO_RUNNABLE);
  emit_go (self, go->id, GANDER_GO_RUNNING, destroys ? GANDER_GO_NOT_EXIST : GANDER_GO_WAITING);
  if (destroys)
    gander_order_remove_go (self, go);
  else
    {
      gander_order_unbind_go (self, go);
      set_status (self, go, GANDER_GO_STATUS_WAITING);
    }
  emit_go (self, next->id, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING);
  gander_order_bind_go (self, thread, next);
  set_sequence (self, next, GANDER_GO_STATUS_RUNNING, self->event->args[1]);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_syscall_begin (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderOrderProc *proc = gander_order_current_proc (self);
  GanderEvent *event;

  if (!gander_order_has_all (self) || go->status != GANDER_GO_STATUS_RUNNING)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (proc != NULL)
    {
      if (!self->forced &&
          (proc->epoch != self->epoch || self->event->args[0] != proc->sequence + 1))
        return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
      proc->status = GANDER_PROC_STATUS_SYSCALL;
      proc->epoch = self->epoch;
      proc->sequence = self->event->args[0];
      gander_order_proc_changed (self, proc);
    }

  event = emit_go (self, go->id, GANDER_GO_RUNNING, GANDER_GO_SYSCALL);
  event->stack = event->resource_stack = gander_order_stack (self, 1);
  set_status (self, go, GANDER_GO_STATUS_SYSCALL);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_syscall_end (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderOrderProc *proc = gander_order_current_proc (self);

  if (!gander_order_has_all (self) || go->status != GANDER_GO_STATUS_SYSCALL ||
      (proc != NULL && proc->status != GANDER_PROC_STATUS_SYSCALL))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  emit_go (self, go->id, GANDER_GO_SYSCALL, GANDER_GO_RUNNING);
  set_status (self, go, GANDER_GO_STATUS_RUNNING);
  if (proc != NULL)
    {
      proc->status = GANDER_PROC_STATUS_RUNNING;
      gander_order_proc_changed (self, proc);
    }
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_go_syscall_end_blocked (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  const GanderOrderProc *proc = gander_order_current_proc (self);

  if (proc != NULL && proc->status == GANDER_PROC_STATUS_SYSCALL)
    return gander_order_wait (self, GANDER_WAIT_FOR_PROC_GONE, (guint64)proc->id, 0);
  if (go == NULL || go->status != GANDER_GO_STATUS_SYSCALL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  emit_go (self, go->id, GANDER_GO_SYSCALL, GANDER_GO_RUNNABLE);
  gander_order_unbind_go (self, go);
  set_status (self, go, GANDER_GO_STATUS_RUNNABLE);
  return GANDER_ADVANCE_OK;
}

/* A C thread that called Go goes away, or at least leaves Go. Its number may be used again, so
 * nothing may stay bound to it: golang/go shows that as one more steal before the end. */
GanderAdvance
gander_order_go_destroy_syscall (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderOrderProc *proc = gander_order_current_proc (self);

  if (go == NULL || go->status != GANDER_GO_STATUS_SYSCALL ||
      (proc != NULL && proc->status != GANDER_PROC_STATUS_SYSCALL))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  if (proc != NULL)
    gander_order_emit_transition (self,
                                  GANDER_RESOURCE_PROC,
                                  proc->id,
                                  GANDER_GO_RUNNING,
                                  GANDER_PROC_IDLE);
  emit_go (self, go->id, GANDER_GO_SYSCALL, GANDER_GO_NOT_EXIST);
  gander_order_remove_go (self, go);
  if (proc != NULL)
    {
      proc->status = GANDER_PROC_STATUS_ABANDONED;
      gander_order_unbind_proc (self, proc);
      gander_order_proc_changed (self, proc);
    }
  return GANDER_ADVANCE_OK;
}
