/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/order.h"

#include <string.h>

/* Ranges: stop-the-world, garbage collection, sweeps, mark assists. And metrics. */

static GanderEvent *
emit_range (GanderOrder *self,
            GanderEventKind kind,
            GanderStringId name,
            GanderResource resource,
            gint64 id)
{
  GanderEvent *event = gander_order_emit (self, kind);

  event->name = name;
  event->resource = (guint8)resource;
  event->id = id;
  return event;
}

static GanderStringId
stw_name (GanderOrder *self, GanderStringId kind)
{
  guint32 name = gander_id_map_get (&self->stw_names, kind);
  gsize size;
  const char *text;
  g_autoptr (GString) full = NULL;

  if (name != GANDER_ID_NONE)
    return name;
  text = gander_dictionary_get_string (self->dictionary, kind, &size);
  full = g_string_new ("stop-the-world (");
  g_string_append_len (full, text, (gssize)size);
  g_string_append_c (full, ')');
  name = gander_dictionary_intern_string (self->dictionary, full->str, full->len);
  gander_id_map_set (&self->stw_names, kind, name);
  return name;
}

GanderAdvance
gander_order_stw_begin (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderStringId name;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (go->stw != 0)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  name = stw_name (self, gander_order_string (self, 0));
  go->stw = name + 1;
  emit_range (self, GANDER_EVENT_RANGE_BEGIN, name, GANDER_RESOURCE_GOROUTINE, go->id)->stack =
      gander_order_stack (self, 1);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_stw_end (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (go->stw == 0)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  emit_range (self, GANDER_EVENT_RANGE_END, go->stw - 1, GANDER_RESOURCE_GOROUTINE, go->id);
  go->stw = 0;
  return GANDER_ADVANCE_OK;
}

static void
gc_changed (GanderOrder *self, GanderGcState state)
{
  self->gc = state;
  self->gc_sequence = self->event->args[0];
  gander_order_wake (self, GANDER_WAIT_FOR_GC, 0, self->gc_sequence + 1);
}

GanderAdvance
gander_order_gc_active (GanderOrder *self)
{
  if (self->initial)
    {
      if (self->gc != GANDER_GC_UNDETERMINED)
        return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);
    }
  else
    {
      if (self->event->args[0] != self->gc_sequence + 1)
        return gander_order_wait (self, GANDER_WAIT_FOR_GC, 0, self->event->args[0]);
      if (self->gc != GANDER_GC_ON)
        return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);
      if (!gander_order_has_all (self) && !self->forced)
        return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
    }

  gc_changed (self, GANDER_GC_ON);
  emit_range (self, GANDER_EVENT_RANGE_ACTIVE, self->gc_name, GANDER_RESOURCE_NONE, -1);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_gc_begin (GanderOrder *self)
{
  if (self->gc != GANDER_GC_UNDETERMINED)
    {
      if (self->event->args[0] != self->gc_sequence + 1)
        return gander_order_wait (self, GANDER_WAIT_FOR_GC, 0, self->event->args[0]);
      if (self->gc == GANDER_GC_ON)
        return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);
      if (!gander_order_has_all (self) && !self->forced)
        return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
    }

  gc_changed (self, GANDER_GC_ON);
  emit_range (self, GANDER_EVENT_RANGE_BEGIN, self->gc_name, GANDER_RESOURCE_NONE, -1)->stack =
      gander_order_stack (self, 1);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_gc_end (GanderOrder *self)
{
  if (self->event->args[0] != self->gc_sequence + 1)
    return gander_order_wait (self, GANDER_WAIT_FOR_GC, 0, self->event->args[0]);
  if (self->gc != GANDER_GC_ON)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);
  if (!gander_order_has_all (self) && !self->forced)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  gc_changed (self, GANDER_GC_OFF);
  emit_range (self, GANDER_EVENT_RANGE_END, self->gc_name, GANDER_RESOURCE_NONE, -1);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_sweep_active (GanderOrder *self)
{
  GanderOrderProc *proc = gander_order_find_proc (self, self->event->args[0]);

  if (proc == NULL || (self->initial ? proc->sweeps : !proc->sweeps))
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  proc->sweeps = TRUE;
  emit_range (self, GANDER_EVENT_RANGE_ACTIVE, self->sweep_name, GANDER_RESOURCE_PROC, proc->id);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_sweep_begin (GanderOrder *self)
{
  GanderOrderProc *proc = gander_order_current_proc (self);

  if (proc == NULL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (proc->sweeps)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  proc->sweeps = TRUE;
  emit_range (self, GANDER_EVENT_RANGE_BEGIN, self->sweep_name, GANDER_RESOURCE_PROC, proc->id)
      ->stack = gander_order_stack (self, 0);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_sweep_end (GanderOrder *self)
{
  GanderOrderProc *proc = gander_order_current_proc (self);
  GanderEvent *event;

  if (proc == NULL)
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (!proc->sweeps)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  proc->sweeps = FALSE;
  event =
      emit_range (self, GANDER_EVENT_RANGE_END, self->sweep_name, GANDER_RESOURCE_PROC, proc->id);
  event->value[0] = self->event->args[0];
  event->value[1] = self->event->args[1];
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_assist_active (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_find_go (self, self->event->args[0]);

  if (go == NULL || (self->initial ? go->assists : !go->assists))
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  go->assists = TRUE;
  emit_range (self,
              GANDER_EVENT_RANGE_ACTIVE,
              self->assist_name,
              GANDER_RESOURCE_GOROUTINE,
              go->id);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_assist_begin (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (go->assists)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  go->assists = TRUE;
  emit_range (self, GANDER_EVENT_RANGE_BEGIN, self->assist_name, GANDER_RESOURCE_GOROUTINE, go->id)
      ->stack = gander_order_stack (self, 0);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_assist_end (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  if (!go->assists)
    return gander_order_bad (self, GANDER_DAMAGE_RANGE_MISMATCH);

  go->assists = FALSE;
  emit_range (self, GANDER_EVENT_RANGE_END, self->assist_name, GANDER_RESOURCE_GOROUTINE, go->id);
  return GANDER_ADVANCE_OK;
}

static GanderAdvance
emit_metric (GanderOrder *self, GanderStringId name)
{
  GanderEvent *event = gander_order_emit (self, GANDER_EVENT_METRIC);

  event->name = name;
  event->value[0] = self->event->args[0];
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_metric_go (GanderOrder *self)
{
  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  emit_metric (self, self->metric_names[0]);
  self->queue[0].stack = gander_order_stack (self, 1);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_metric_proc (GanderOrder *self)
{
  if (!gander_order_has_proc (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  return emit_metric (self,
                      self->metric_names[self->event->code == GANDER_WIRE_HEAP_ALLOC ? 1 : 2]);
}
