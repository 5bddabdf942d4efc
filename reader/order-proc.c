/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/order.h"

/* Processors: ProcStatus, ProcStart, ProcStop, ProcSteal. */

static GanderGoState
shown (guint64 status)
{
  return status == GANDER_PROC_STATUS_RUNNING || status == GANDER_PROC_STATUS_SYSCALL
             ? GANDER_GO_RUNNING
             : GANDER_PROC_IDLE;
}

/* A processor in a system call that is about to be taken away: some other thread reports it, but
 * it happens to the thread that holds it. */
static GanderAdvance
status_of_held (GanderOrder *self, const GanderOrderProc *proc)
{
  guint32 reporter = self->thread;
  gint64 reporter_id = self->thread_id;

  if (proc->thread == GANDER_ID_NONE && !self->forced)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (proc->thread != GANDER_ID_NONE)
    {
      self->thread = proc->thread;
      self->thread_id = gander_order_thread (self)->id;
    }
  gander_order_emit_transition (self,
                                GANDER_RESOURCE_PROC,
                                proc->id,
                                GANDER_GO_RUNNING,
                                GANDER_GO_RUNNING);
  self->thread = reporter;
  self->thread_id = reporter_id;
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_proc_status (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  guint64 status = self->event->args[1];
  GanderOrderProc *proc = gander_order_find_proc (self, id);
  GanderGoState from = shown (status);

  if (status == 0 || status > GANDER_STATUS_MAX)
    return gander_order_bad (self, GANDER_DAMAGE_STATUS_BAD);

  if (proc == NULL)
    {
      proc = gander_order_add_proc (self, id, (guint8)status);
      from = self->initial ? GANDER_GO_UNDETERMINED : GANDER_GO_NOT_EXIST;
    }
  else
    {
      if (proc->status == GANDER_PROC_STATUS_SYSCALL && status == GANDER_PROC_STATUS_ABANDONED)
        {
          if (status_of_held (self, proc) != GANDER_ADVANCE_OK)
            return GANDER_ADVANCE_BAD;
          proc->epoch = self->epoch;
          proc->sequence = 0;
          gander_order_proc_changed (self, proc);
          return GANDER_ADVANCE_OK;
        }
      if (proc->status == GANDER_PROC_STATUS_UNKNOWN)
        from = GANDER_GO_UNDETERMINED;
      else if (proc->status != status)
        return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
      proc->status = (guint8)status;
      proc->epoch = self->epoch;
      proc->sequence = 0;
      gander_order_proc_changed (self, proc);
    }

  gander_order_emit_transition (self, GANDER_RESOURCE_PROC, (gint64)id, from, shown (status));
  if (self->thread != GANDER_ID_NONE &&
      (status == GANDER_PROC_STATUS_RUNNING || status == GANDER_PROC_STATUS_SYSCALL))
    gander_order_bind_proc (self, self->thread, proc);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_proc_start (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  GanderOrderProc *proc = gander_order_find_proc (self, id);

  if (proc == NULL ||
      !gander_order_proc_ready (self, proc, GANDER_PROC_STATUS_IDLE, self->event->args[1]))
    return gander_order_wait (self, GANDER_WAIT_FOR_PROC, id, self->event->args[1]);
  if (gander_order_current_proc (self) != NULL)
    return gander_order_wait (self, GANDER_WAIT_FOR_THREAD, (guint64)self->thread_id, 0);
  if (self->thread == GANDER_ID_NONE)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  gander_order_emit_transition (self,
                                GANDER_RESOURCE_PROC,
                                proc->id,
                                GANDER_PROC_IDLE,
                                GANDER_GO_RUNNING);
  proc->status = GANDER_PROC_STATUS_RUNNING;
  proc->epoch = self->epoch;
  proc->sequence = self->event->args[1];
  gander_order_bind_proc (self, self->thread, proc);
  gander_order_proc_changed (self, proc);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_proc_stop (GanderOrder *self)
{
  GanderOrderProc *proc = gander_order_current_proc (self);

  if (proc == NULL ||
      (proc->status != GANDER_PROC_STATUS_RUNNING && proc->status != GANDER_PROC_STATUS_SYSCALL))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  gander_order_emit_transition (self,
                                GANDER_RESOURCE_PROC,
                                proc->id,
                                GANDER_GO_RUNNING,
                                GANDER_PROC_IDLE);
  proc->status = GANDER_PROC_STATUS_IDLE;
  gander_order_unbind_proc (self, proc);
  gander_order_proc_changed (self, proc);
  return GANDER_ADVANCE_OK;
}

/* Whether the thread that the event names holds the processor. */
static gboolean
holds (GanderOrder *self, guint64 thread_id, const GanderOrderProc *proc)
{
  guint32 thread = gander_id_map_get (&self->thread_by_id, thread_id);

  return thread != GANDER_ID_NONE && proc->thread == thread;
}

GanderAdvance
gander_order_proc_steal (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  guint64 sequence = self->event->args[1];
  GanderOrderProc *proc = gander_order_find_proc (self, id);
  gboolean abandoned;

  if (proc == NULL ||
      (!gander_order_proc_ready (self, proc, GANDER_PROC_STATUS_SYSCALL, sequence) &&
       !gander_order_proc_ready (self, proc, GANDER_PROC_STATUS_ABANDONED, sequence)))
    return gander_order_wait (self, GANDER_WAIT_FOR_PROC, id, self->event->args[1]);
  if (!gander_order_has_thread (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  abandoned = proc->status == GANDER_PROC_STATUS_ABANDONED;
  if (!abandoned && proc->status != GANDER_PROC_STATUS_UNKNOWN && !self->forced &&
      !holds (self, self->event->args[2], proc))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  gander_order_emit_transition (self,
                                GANDER_RESOURCE_PROC,
                                proc->id,
                                abandoned ? GANDER_PROC_IDLE : GANDER_GO_RUNNING,
                                GANDER_PROC_IDLE);
  proc->status = GANDER_PROC_STATUS_IDLE;
  proc->epoch = self->epoch;
  proc->sequence = sequence;
  gander_order_unbind_proc (self, proc);
  gander_order_proc_changed (self, proc);
  return GANDER_ADVANCE_OK;
}
