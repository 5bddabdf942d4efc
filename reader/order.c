/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/order.h"

#include <string.h>

/* Goroutines, processors and threads are rows of arrays, found by Go's id through hash tables and
 * bound to each other by row number, so that the goroutine of the present thread is one look-up.
 */

static const GanderOrderHandler handlers[256] = {
#define EVENT(code, NAME, name, since, arguments, handler) [code] = handler,
#include "reader/events.def"
#undef EVENT
};

void
gander_order_init (GanderOrder *self,
                   GanderTables *tables,
                   GanderDictionary *dictionary,
                   GanderDamageLog *log)
{
  static const char *const metrics[] = { "/sched/gomaxprocs:threads",
                                         "/memory/classes/heap/objects:bytes",
                                         "/gc/heap/goal:bytes" };
  GanderStringId names[6];
  static const char *const ranges[] = { "GC concurrent mark phase",
                                        "GC incremental sweep",
                                        "GC mark assist" };

  *self = (GanderOrder){ .tables = tables, .dictionary = dictionary, .log = log };
  self->gos = g_array_new (FALSE, FALSE, sizeof (GanderOrderGo));
  self->procs = g_array_new (FALSE, FALSE, sizeof (GanderOrderProc));
  self->threads = g_array_new (FALSE, FALSE, sizeof (GanderOrderThread));
  self->regions = g_array_new (FALSE, FALSE, sizeof (GanderOrderRegion));
  self->tasks = g_array_new (FALSE, FALSE, sizeof (GanderOrderTask));
  gander_id_pages_init (&self->go_by_id);
  gander_id_map_init (&self->proc_by_id);
  gander_id_map_init (&self->thread_by_id);
  gander_id_map_init (&self->task_by_id);
  gander_id_map_init (&self->stw_names);
  self->free_go = self->free_region = self->free_task = GANDER_ID_NONE;
  self->thread = GANDER_ID_NONE;
  self->queue = self->own_queue;

  for (guint i = 0; i < 3; i++)
    {
      names[i] = gander_dictionary_intern_string (dictionary, ranges[i], strlen (ranges[i]));
      self->metric_names[i] =
          gander_dictionary_intern_string (dictionary, metrics[i], strlen (metrics[i]));
    }
  self->gc_name = names[0];
  self->sweep_name = names[1];
  self->assist_name = names[2];
}

void
gander_order_clear (GanderOrder *self)
{
  g_array_unref (self->gos);
  g_array_unref (self->procs);
  g_array_unref (self->threads);
  g_array_unref (self->regions);
  g_array_unref (self->tasks);
  gander_id_pages_clear (&self->go_by_id);
  gander_id_map_clear (&self->proc_by_id);
  gander_id_map_clear (&self->thread_by_id);
  gander_id_map_clear (&self->task_by_id);
  gander_id_map_clear (&self->stw_names);
}

void
gander_order_begin (GanderOrder *self, guint64 generation, gboolean anew)
{
  self->generation = generation;
  self->epoch++;
  self->initial = anew;
  self->n_waiting = 0;
  if (!anew)
    return;

  g_array_set_size (self->gos, 0);
  g_array_set_size (self->procs, 0);
  g_array_set_size (self->threads, 0);
  g_array_set_size (self->regions, 0);
  gander_id_pages_clear (&self->go_by_id);
  gander_id_map_empty (&self->proc_by_id);
  gander_id_map_empty (&self->thread_by_id);
  self->free_go = self->free_region = GANDER_ID_NONE;
  self->gc = GANDER_GC_UNDETERMINED;
  self->gc_sequence = 0;
}

guint32
gander_order_find_thread (GanderOrder *self, gint64 id)
{
  GanderOrderThread thread = {
    .id = id, .go_id = -1, .proc_id = -1, .go = GANDER_ID_NONE, .proc = GANDER_ID_NONE
  };
  guint32 number;

  if (id == -1)
    return GANDER_ID_NONE;
  number = gander_id_map_get (&self->thread_by_id, (guint64)id);
  if (number != GANDER_ID_NONE)
    return number;
  number = self->threads->len;
  g_array_append_val (self->threads, thread);
  gander_id_map_set (&self->thread_by_id, (guint64)id, number);
  return number;
}

GanderAdvance
gander_order_advance (GanderOrder *self, const GanderStream *stream)
{
  self->event = &stream->event;
  self->thread = stream->order_thread;
  self->thread_id = stream->thread;
  self->n_queue = 0;
  if (self->thread != GANDER_ID_NONE)
    gander_order_thread (self)->seen = TRUE;
  return handlers[stream->event.code](self);
}

GanderEvent *
gander_order_emit (GanderOrder *self, GanderEventKind kind)
{
  guint n = self->n_queue;
  GanderEvent *event = &self->queue[n];
  const GanderOrderThread *thread = gander_order_thread (self);

  /* Field by field: compilers clear a struct of this size with a string instruction, which took a
   * third of this function's time. */
  event->time = self->event->time;
  event->kind = (guint8)kind;
  event->wire = self->event->code;
  event->resource = GANDER_RESOURCE_NONE;
  event->from = event->to = 0;
  event->thread = self->thread_id;
  event->proc = thread == NULL ? -1 : thread->proc_id;
  event->goroutine = thread == NULL ? -1 : thread->go_id;
  event->id = -1;
  event->value[0] = event->value[1] = event->value[2] = 0;
  event->name = event->text = 0;
  event->stack = event->resource_stack = 0;
  event->generation = self->generation;
  event->offset = self->event->offset;
  self->n_queue = MIN (n + 1, GANDER_EVENTS_AT_ONCE - 1);
  return event;
}

GanderEvent *
gander_order_emit_transition (GanderOrder *self,
                              GanderResource resource,
                              gint64 id,
                              GanderGoState from,
                              GanderGoState to)
{
  GanderEvent *event = gander_order_emit (self, GANDER_EVENT_TRANSITION);

  event->resource = (guint8)resource;
  event->id = id;
  event->from = (guint8)from;
  event->to = (guint8)to;
  return event;
}

void
gander_order_emit_gap (GanderOrder *self, GanderResource resource, gint64 id)
{
  GanderEvent *event = gander_order_emit (self, GANDER_EVENT_GAP);

  event->wire = 0;
  event->resource = (guint8)resource;
  event->id = id;
}

static guint64
wait_key (GanderWaitFor kind, guint64 id, guint64 sequence)
{
  return gander_id_map_hash (gander_id_map_hash (id) ^ sequence) * 8 + (guint64)kind;
}

GanderAdvance
gander_order_wait (GanderOrder *self, GanderWaitFor kind, guint64 id, guint64 sequence)
{
  self->wait_key = wait_key (kind, id, sequence);
  return GANDER_ADVANCE_WAIT;
}

void
gander_order_wake_slowly (GanderOrder *self, GanderWaitFor kind, guint64 id, guint64 sequence)
{
  self->changed (self->changed_data, wait_key (kind, id, sequence));
}

GanderAdvance
gander_order_bad (GanderOrder *self, GanderDamageCode fault)
{
  self->fault = fault;
  return GANDER_ADVANCE_BAD;
}

GanderOrderProc *
gander_order_find_proc (GanderOrder *self, guint64 id)
{
  guint32 number = gander_id_map_get (&self->proc_by_id, id);

  return number == GANDER_ID_NONE ? NULL : &g_array_index (self->procs, GanderOrderProc, number);
}

GanderOrderGo *
gander_order_add_go (GanderOrder *self, guint64 id, guint8 status)
{
  GanderOrderGo go = { .id = (gint64)id,
                       .epoch = self->epoch,
                       .status = status,
                       .thread = GANDER_ID_NONE,
                       .region = GANDER_ID_NONE };
  guint32 number = self->free_go;

  if (number != GANDER_ID_NONE)
    {
      self->free_go = g_array_index (self->gos, GanderOrderGo, number).thread;
      g_array_index (self->gos, GanderOrderGo, number) = go;
    }
  else
    {
      number = self->gos->len;
      g_array_append_val (self->gos, go);
    }
  if (!gander_id_pages_set (&self->go_by_id, id, number + 1))
    self->no_memory = TRUE;
  gander_order_go_changed (self, &go);
  return &g_array_index (self->gos, GanderOrderGo, number);
}

GanderOrderProc *
gander_order_add_proc (GanderOrder *self, guint64 id, guint8 status)
{
  GanderOrderProc proc = {
    .id = (gint64)id, .epoch = self->epoch, .status = status, .thread = GANDER_ID_NONE
  };

  gander_id_map_set (&self->proc_by_id, id, self->procs->len);
  g_array_append_val (self->procs, proc);
  gander_order_proc_changed (self, &proc);
  return &g_array_index (self->procs, GanderOrderProc, self->procs->len - 1);
}

void
gander_order_remove_go (GanderOrder *self, GanderOrderGo *go)
{
  guint32 number = gander_id_pages_get (&self->go_by_id, (guint64)go->id) - 1;

  gander_order_go_changed (self, go);
  gander_order_unbind_go (self, go);
  gander_order_drop_regions (self, go);
  gander_id_pages_remove (&self->go_by_id, (guint64)go->id);
  go->thread = self->free_go;
  self->free_go = number;
}

void
gander_order_proc_changed (GanderOrder *self, const GanderOrderProc *proc)
{
  gander_order_wake (self, GANDER_WAIT_FOR_PROC, (guint64)proc->id, proc->sequence + 1);
  gander_order_wake (self, GANDER_WAIT_FOR_PROC_GONE, (guint64)proc->id, 0);
}

void
gander_order_unbind_go (GanderOrder *self, GanderOrderGo *go)
{
  GanderOrderThread *thread;

  if (go->thread == GANDER_ID_NONE)
    return;
  thread = &g_array_index (self->threads, GanderOrderThread, go->thread);
  thread->go = GANDER_ID_NONE;
  thread->go_id = -1;
  go->thread = GANDER_ID_NONE;
}

void
gander_order_unbind_proc (GanderOrder *self, GanderOrderProc *proc)
{
  GanderOrderThread *thread;

  if (proc->thread == GANDER_ID_NONE)
    return;
  thread = &g_array_index (self->threads, GanderOrderThread, proc->thread);
  thread->proc = GANDER_ID_NONE;
  thread->proc_id = -1;
  proc->thread = GANDER_ID_NONE;
  gander_order_wake (self, GANDER_WAIT_FOR_THREAD, (guint64)thread->id, 0);
}

void
gander_order_bind_go (GanderOrder *self, guint32 thread, GanderOrderGo *go)
{
  GanderOrderThread *t = &g_array_index (self->threads, GanderOrderThread, thread);

  if (go->thread == thread)
    return;
  gander_order_unbind_go (self, go);
  if (t->go != GANDER_ID_NONE)
    gander_order_unbind_go (self, &g_array_index (self->gos, GanderOrderGo, t->go));
  t->go = (guint32)(go - &g_array_index (self->gos, GanderOrderGo, 0));
  t->go_id = go->id;
  go->thread = thread;
}

void
gander_order_bind_proc (GanderOrder *self, guint32 thread, GanderOrderProc *proc)
{
  GanderOrderThread *t = &g_array_index (self->threads, GanderOrderThread, thread);

  t->lost = FALSE;
  if (proc->thread == thread)
    return;
  gander_order_unbind_proc (self, proc);
  if (t->proc != GANDER_ID_NONE)
    gander_order_unbind_proc (self, &g_array_index (self->procs, GanderOrderProc, t->proc));
  t->proc = (guint32)(proc - &g_array_index (self->procs, GanderOrderProc, 0));
  t->proc_id = proc->id;
  proc->thread = thread;
}

gboolean
gander_order_go_ready (const GanderOrder *self,
                       const GanderOrderGo *go,
                       guint8 status,
                       guint64 sequence)
{
  if (go->status == status)
    return go->epoch == self->epoch && sequence == go->sequence + 1;
  return go->status == GANDER_GO_STATUS_UNKNOWN &&
         (go->epoch != self->epoch || sequence > go->sequence);
}

gboolean
gander_order_proc_ready (const GanderOrder *self,
                         const GanderOrderProc *proc,
                         guint8 status,
                         guint64 sequence)
{
  if (proc->status == status)
    return proc->epoch == self->epoch && sequence == proc->sequence + 1;
  return proc->status == GANDER_PROC_STATUS_UNKNOWN &&
         (proc->epoch != self->epoch || sequence > proc->sequence);
}

GanderStringId
gander_order_string (GanderOrder *self, guint argument)
{
  return gander_tables_string (self->tables, self->event->args[argument], self->event->offset);
}

GanderStackId
gander_order_stack (GanderOrder *self, guint argument)
{
  return gander_tables_stack (self->tables, self->event->args[argument], self->event->offset);
}
