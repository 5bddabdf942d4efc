/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From transitions to spans. The rules are those of Go's own reader and of a sound count (see
 * FORMAT.md, "What the spans mean"):
 *
 * - A goroutine that was there before the trace has been in its first state since 0: the runtime
 *   states a status before anything else of that goroutine.
 * - A system call holds its processor until that goes idle; from then on the span is
 *   SYSCALL_BLOCKED. A processor remembers one goroutine only, so that an older call that ends
 *   later does not touch a newer one on the same processor.
 * - RUNNING is split where a mark assist or the label of a mark worker begins and ends.
 * - After a gap the state is UNKNOWN until the next transition tells it. Gaps of everything are
 *   applied when a lane is next touched, so that a trace of nothing but gaps stays cheap.
 */
#include "reader/spans-private.h"

#include <string.h>

enum
{
  WIRE_GO_SWITCH = 45,
  WIRE_GO_SWITCH_DESTROY = 46,
};

static gboolean
is_running (GanderState state)
{
  return state == GANDER_STATE_RUNNING || state == GANDER_STATE_GC_WORK ||
         state == GANDER_STATE_GC_ASSIST;
}

/* Whether the one is the same interval as the other, told apart for colour. */
static gboolean
is_continued (GanderState before, GanderState state)
{
  return (is_running (before) && is_running (state)) ||
         (before == GANDER_STATE_SYSCALL && state == GANDER_STATE_SYSCALL_BLOCKED);
}

/* Returns: (nullable) where the row of goroutine @id stands. */
static guint32 *
find_place (const GanderSpans *self, gint64 id)
{
  guint32 page = gander_id_map_get (&self->id_pages, (guint64)id / GANDER_ID_PAGE);

  if (page == GANDER_ID_NONE)
    return NULL;
  return (guint32 *)gander_pages_get (&self->goroutine_ids, page) + (guint64)id % GANDER_ID_PAGE;
}

/* Returns: FALSE without memory. */
static gboolean
set_place (GanderSpans *self, gint64 id, guint32 row)
{
  guint32 *place = find_place (self, id);

  if (place == NULL)
    {
      if (gander_pages_add (&self->goroutine_ids) == NULL)
        return FALSE;
      gander_id_map_set (&self->id_pages, (guint64)id / GANDER_ID_PAGE, self->goroutine_ids.n - 1);
      place = find_place (self, id);
    }
  *place = row;
  return TRUE;
}

guint32
gander_spans_find_goroutine (GanderSpans *self, gint64 id)
{
  GanderRecentId *recent = &self->recent_goroutines[(guint64)id % GANDER_RECENT_GOROUTINES];
  const guint32 *place = NULL;

  if (G_LIKELY (recent->id == id && recent->row != 0))
    return recent->row;
  place = id < 0 ? NULL : find_place (self, id);
  if (place == NULL || *place == 0)
    return 0;
  *recent = (GanderRecentId){ .id = id, .row = *place };
  return *place;
}

guint32
gander_spans_find_executor (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  GanderRecentId *recent = &self->recent_executors[kind][(guint64)id % GANDER_RECENT_EXECUTORS];
  const GanderIdMap *ids = kind == GANDER_LANE_PROC ? &self->proc_ids : &self->thread_ids;
  guint32 row = 0;

  if (G_LIKELY (recent->id == id && recent->row != 0))
    return recent->row;
  row = id < 0 ? 0 : gander_id_map_get (ids, (guint64)id) + 1;
  if (row != 0)
    *recent = (GanderRecentId){ .id = id, .row = row };
  return row;
}

guint32
gander_spans_need_executor (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  gboolean proc = kind == GANDER_LANE_PROC;
  GanderPages *table = proc ? &self->procs : &self->threads;
  guint32 found = gander_spans_find_executor (self, kind, id);
  GanderExecutor *executor = NULL;

  if (found != 0 || id < 0)
    return found;
  executor = gander_pages_add (table);
  if (executor == NULL)
    {
      self->no_memory = TRUE;
      return 0;
    }
  gander_id_map_set (proc ? &self->proc_ids : &self->thread_ids, (guint64)id, table->n - 1);
  executor->id = id;
  executor->begin = executor->last = self->now;
  executor->gap = self->gaps->len;
  executor->chunk.lane_kind = (guint8)kind;
  executor->chunk.has_gaps = TRUE;
  return table->n;
}

/* Lanes of processors and threads. */

static GanderState
executor_state (const GanderSpans *self, GanderLaneKind kind, const GanderExecutor *executor)
{
  if (executor->goroutine != 0)
    return gander_spans_get_go (self, executor->goroutine)->state;
  if (kind == GANDER_LANE_PROC ? executor->running : executor->partner != 0)
    return GANDER_STATE_SCHEDULING;
  return GANDER_STATE_NONE;
}

/* Spans of processors and threads have no reason and no stack: few kinds, kept at hand. */
static guint32
executor_kind (GanderSpans *self, GanderState state, GanderSpanFlags flags)
{
  guint32 *kind = &self->executor_kinds[state][flags];

  if (*kind == 0)
    {
      GanderKindRow row = { .state = (guint8)state, .flags = (guint8)flags };
      *kind = gander_chunks_intern (&self->chunks, &row) + 1;
    }
  return *kind - 1;
}

static void
open_executor_span (GanderSpans *self,
                    GanderExecutor *executor,
                    GanderTime time,
                    GanderState state,
                    guint32 link)
{
  GanderSpanFlags flags = 0;

  if (link != 0 && link == executor->open_link && is_continued (executor->state, state))
    flags |= GANDER_SPAN_CONTINUES;
  if (time == 0 && (executor->flags & GANDER_LANE_EXISTED) != 0)
    flags |= GANDER_SPAN_OPEN_BEGIN;
  gander_chunks_end_span (&executor->chunk, time);
  if (state != GANDER_STATE_NONE)
    gander_chunks_append (&self->chunks,
                          &executor->chunk,
                          time,
                          executor_kind (self, state, flags),
                          link);
  executor->state = (guint8)state;
  executor->open_link = state == GANDER_STATE_NONE ? 0 : link;
  executor->last = time;
}

/* Puts in what a gap of everything took away from a processor or thread. */
static inline void
apply_gap_to_executor (GanderSpans *self, GanderLaneKind kind, guint32 row_plus_one)
{
  GanderExecutor *executor = gander_spans_get_executor (self, kind, row_plus_one);
  GanderTime time = 0;

  if (G_LIKELY (executor->gap == self->gaps->len))
    return;
  time = MAX (g_array_index (self->gaps, GanderTime, executor->gap), executor->last);
  executor->gap = self->gaps->len;
  executor->goroutine = executor->partner = 0;
  executor->running = FALSE;
  open_executor_span (self, executor, time, GANDER_STATE_UNKNOWN, 0);
}

void
gander_spans_show (GanderSpans *self, GanderLaneKind kind, guint32 row_plus_one, GanderTime time)
{
  GanderExecutor *executor = NULL;
  GanderState state = GANDER_STATE_NONE;
  guint32 link = 0;

  if (row_plus_one == 0)
    return;
  executor = gander_spans_get_executor (self, kind, row_plus_one);
  time = MAX (time, executor->last);
  state = executor_state (self, kind, executor);
  link = state == GANDER_STATE_SCHEDULING ? 0 : executor->goroutine;
  if (state != executor->state || link != executor->open_link)
    open_executor_span (self, executor, time, state, link);
}

/* A lane that starts with a status has been what it is since 0. */
static void
date_back (GanderExecutor *executor)
{
  if (executor->chunk.n > 0 || executor->chunk.n_blocks > 0)
    return;
  executor->begin = executor->last = 0;
  executor->flags |= GANDER_LANE_EXISTED;
}

/* Goroutines. */

static void
count_states (GanderSpans *self, GanderState from, GanderState to, GanderTime time)
{
  int change = (to == GANDER_STATE_RUNNABLE) - (from == GANDER_STATE_RUNNABLE);

  if (change != 0)
    gander_counter_bins_add (&self->runnable, time, change);
}

static void
open_span (GanderSpans *self,
           guint32 row_plus_one,
           GanderTime time,
           const GanderKindRow *kind,
           guint32 link)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);

  /* What held since the beginning and is only told now changes the whole past of the counter. */
  if (time == 0 && kind->state == GANDER_STATE_RUNNABLE)
    self->runnable.base++;
  else
    count_states (self, go->state, kind->state, self->now);
  gander_chunks_append (&self->chunks,
                        &go->chunk,
                        time,
                        gander_chunks_intern (&self->chunks, kind),
                        link);
  go->state = kind->state;
}

/* Takes the goroutine off its processor and, if @and_thread, off its thread. */
static void
detach (GanderSpans *self, guint32 row_plus_one, gboolean and_thread, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);

  if (go->proc != 0)
    {
      GanderExecutor *proc = gander_spans_get_executor (self, GANDER_LANE_PROC, go->proc);
      if (proc->goroutine == row_plus_one)
        {
          proc->goroutine = 0;
          gander_spans_show (self, GANDER_LANE_PROC, go->proc, time);
        }
      go->proc = 0;
    }
  if (and_thread && go->thread != 0)
    {
      GanderExecutor *thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, go->thread);
      if (thread->goroutine == row_plus_one)
        {
          thread->goroutine = 0;
          gander_spans_show (self, GANDER_LANE_THREAD, go->thread, time);
        }
      go->thread = 0;
    }
}

/* The processor of a system call is gone: the call goes on without. */
static void
lose_proc (GanderSpans *self, guint32 row_plus_one, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  GanderKindRow kind = { .state = GANDER_STATE_SYSCALL_BLOCKED, .flags = GANDER_SPAN_CONTINUES };

  if (go->state != GANDER_STATE_SYSCALL)
    return;
  kind.stack = go->syscall_stack;
  detach (self, row_plus_one, FALSE, time);
  open_span (self, row_plus_one, time, &kind, 0);
  gander_spans_show (self, GANDER_LANE_THREAD, go->thread, time);
}

static void
attach (GanderSpans *self, guint32 row_plus_one, guint32 proc, guint32 thread, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);

  if (go->proc == proc && go->thread == thread)
    {
      gander_spans_show (self, GANDER_LANE_PROC, proc, time);
      gander_spans_show (self, GANDER_LANE_THREAD, thread, time);
      return;
    }
  detach (self, row_plus_one, TRUE, time);
  go->proc = proc;
  go->thread = thread;
  if (proc != 0)
    {
      GanderExecutor *executor = gander_spans_get_executor (self, GANDER_LANE_PROC, proc);
      guint32 other = executor->goroutine;
      if (other != 0 && other != row_plus_one)
        {
          lose_proc (self, other, self->now);
          if (gander_spans_get_go (self, other)->proc == proc)
            gander_spans_get_go (self, other)->proc = 0;
        }
      executor->goroutine = row_plus_one;
      gander_spans_show (self, GANDER_LANE_PROC, proc, time);
    }
  if (thread != 0)
    {
      GanderExecutor *executor = gander_spans_get_executor (self, GANDER_LANE_THREAD, thread);
      if (executor->goroutine != 0 && executor->goroutine != row_plus_one)
        gander_spans_get_go (self, executor->goroutine)->thread = 0;
      executor->goroutine = row_plus_one;
      if (time == 0)
        date_back (executor);
      gander_spans_show (self, GANDER_LANE_THREAD, thread, time);
    }
}

static void
lose_sight (GanderSpans *self, guint32 row_plus_one, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  GanderKindRow kind = { .state = GANDER_STATE_UNKNOWN };

  if (go->ended || go->state == GANDER_STATE_UNKNOWN)
    return;
  go->label = 0;
  detach (self, row_plus_one, TRUE, time);
  open_span (self, row_plus_one, time, &kind, 0);
}

static void
apply_gap (GanderSpans *self, guint32 row_plus_one)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  GanderTime time = 0;

  if (go->gap == self->gaps->len)
    return;
  time = g_array_index (self->gaps, GanderTime, go->gap);
  go->gap = self->gaps->len;
  lose_sight (self, row_plus_one, time);
}

static void
end_life (GanderSpans *self, guint32 row_plus_one, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);

  if (go->ended)
    return;
  gander_spans_close_regions (self, row_plus_one, time, FALSE);
  gander_spans_close_ranges (self,
                             &go->open_range,
                             GANDER_LANE_GOROUTINE,
                             row_plus_one,
                             time,
                             FALSE);
  go->label = 0;
  detach (self, row_plus_one, TRUE, time);
  count_states (self, go->state, GANDER_STATE_NONE, self->now);
  gander_counter_bins_add (&self->alive, self->now, -1);
  gander_chunks_finish (&self->chunks, &go->chunk, time, FALSE);
  go->state = GANDER_STATE_NONE;
  go->end = time;
  go->ended = TRUE;
}

static guint32
begin_life (GanderSpans *self, const GanderEvent *event)
{
  gboolean created = event->from == GANDER_GO_NOT_EXIST;
  guint32 before = gander_spans_find_goroutine (self, event->id);
  guint32 creator = 0;
  GanderGo *go = NULL;

  if (before != 0)
    end_life (self, before, self->now);
  go = gander_pages_add (&self->goroutines);
  if (go == NULL || !set_place (self, event->id, self->goroutines.n))
    {
      self->no_memory = TRUE;
      return 0;
    }
  self->recent_goroutines[(guint64)event->id % GANDER_RECENT_GOROUTINES] =
      (GanderRecentId){ .id = event->id, .row = self->goroutines.n };
  go->id = event->id;
  go->end = -1;
  go->begin = created ? self->now : 0;
  go->life = before == 0 ? 1 : gander_spans_get_go (self, before)->life + 1;
  go->gap = self->gaps->len;
  if (created)
    {
      creator = gander_spans_find_goroutine (self, event->goroutine);
      go->creator = creator;
      go->creation_stack = event->stack;
      gander_counter_bins_add (&self->alive, self->now, 1);
    }
  else
    {
      GanderFirstSeenRow seen = { .lane = self->goroutines.n - 1, .time = self->now };
      go->flags |= GANDER_LANE_EXISTED;
      self->alive.base++;
      gander_row_file_add (&self->first_seen, &seen);
    }
  return self->goroutines.n;
}

static void
learn_name (GanderSpans *self, GanderGo *go, GanderStackId stack)
{
  guint n = 0;
  const guint32 *frames = NULL;

  if (go->chunk.name != 0 || stack == 0)
    return;
  frames = gander_dictionary_get_stack (self->dictionary, stack, &n);
  if (n > 0)
    go->chunk.name = gander_dictionary_get_frame (self->dictionary, frames[n - 1])->function;
}

static void
note_wakeup (GanderSpans *self, const GanderEvent *event, guint32 wakee, gboolean created)
{
  guint32 waker = gander_spans_find_goroutine (self, event->goroutine);
  GanderWakeupNote note = { .time = self->now, .wakee = wakee - 1 };

  if (waker == 0 || waker == wakee)
    return;
  note.waker = waker - 1;
  if (created)
    note.wakee |= GANDER_WAKEUP_CREATED;
  gander_spans_get_go (self, waker)->n_wakeups++;
  gander_row_file_add (&self->wakeups, &note);
}

static GanderState
running_state (const GanderGo *go)
{
  if (go->label != 0)
    return GANDER_STATE_GC_WORK;
  return go->n_assists > 0 ? GANDER_STATE_GC_ASSIST : GANDER_STATE_RUNNING;
}

void
gander_spans_split (GanderSpans *self, guint32 row_plus_one, GanderStackId stack)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  GanderKindRow kind = { .state = (guint8)running_state (go), .reason = go->label, .stack = stack };

  if (!is_running (go->state) || (go->state == kind.state && go->label == 0))
    return;
  kind.flags = GANDER_SPAN_CONTINUES;
  open_span (self, row_plus_one, self->now, &kind, go->proc);
  gander_spans_show (self, GANDER_LANE_PROC, go->proc, self->now);
  gander_spans_show (self, GANDER_LANE_THREAD, go->thread, self->now);
}

/* Why a goroutine is runnable now; the kind's reason, stack and the link are set too. */
static guint32
explain_runnable (GanderSpans *self,
                  const GanderEvent *event,
                  GanderGoState from,
                  GanderKindRow *kind)
{
  kind->stack = event->stack;
  switch (from)
    {
    case GANDER_GO_NOT_EXIST:
      kind->cause = GANDER_CAUSE_CREATED;
      return gander_spans_find_goroutine (self, event->goroutine);
    case GANDER_GO_WAITING:
      kind->cause = event->wire == WIRE_GO_SWITCH || event->wire == WIRE_GO_SWITCH_DESTROY
                        ? GANDER_CAUSE_SWITCHED
                        : GANDER_CAUSE_WOKEN;
      return gander_spans_find_goroutine (self, event->goroutine);
    case GANDER_GO_RUNNING:
      kind->cause = gander_spans_classify (self, event->name) == GANDER_TEXT_GOSCHED
                        ? GANDER_CAUSE_YIELDED
                        : GANDER_CAUSE_PREEMPTED;
      kind->reason = event->name;
      return 0;
    case GANDER_GO_SYSCALL:
      kind->cause = GANDER_CAUSE_SYSCALL;
      return 0;
    case GANDER_GO_UNDETERMINED:
    case GANDER_PROC_IDLE:
    default:
      return 0;
    }
}

/* Returns: row + 1 of the processor with which a system call begins, or 0. A status may be told by
 * another thread than its own: the processor counts only if it is bound to the thread named. */
static guint32
syscall_proc (GanderSpans *self, const GanderEvent *event, gboolean status, guint32 thread)
{
  guint32 proc = gander_spans_find_executor (self, GANDER_LANE_PROC, event->proc);

  if (proc == 0)
    return 0;
  if (status)
    {
      const GanderExecutor *executor = gander_spans_get_executor (self, GANDER_LANE_PROC, proc);
      if (!executor->running || executor->partner != thread || thread == 0)
        return 0;
    }
  return proc;
}

static void
enter_executing (GanderSpans *self,
                 const GanderEvent *event,
                 guint32 row_plus_one,
                 GanderTime time,
                 gboolean status)
{
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  guint32 thread = self->thread;
  guint32 proc = 0;
  GanderKindRow kind = { .stack = event->stack,
                         .flags = time == 0 && status ? GANDER_SPAN_OPEN_BEGIN : 0 };

  if (event->to == GANDER_GO_RUNNING)
    {
      proc = gander_spans_need_executor (self, GANDER_LANE_PROC, event->proc);
      kind.state = (guint8)running_state (go);
      kind.reason = go->label;
    }
  else
    {
      proc = syscall_proc (self, event, status, thread);
      kind.state = proc != 0 ? GANDER_STATE_SYSCALL : GANDER_STATE_SYSCALL_BLOCKED;
      go->syscall_stack = event->stack;
    }
  open_span (self, row_plus_one, time, &kind, proc);
  attach (self, row_plus_one, proc, thread, time);
}

static void
enter_state (GanderSpans *self,
             const GanderEvent *event,
             guint32 row_plus_one,
             GanderTime time,
             gboolean status)
{
  GanderKindRow kind = { .flags = time == 0 && status ? GANDER_SPAN_OPEN_BEGIN : 0 };
  GanderGo *go = gander_spans_get_go (self, row_plus_one);
  GanderGoState from = status ? GANDER_GO_UNDETERMINED : event->from;
  guint32 link = 0;

  if (event->to == GANDER_GO_RUNNING || event->to == GANDER_GO_SYSCALL)
    {
      enter_executing (self, event, row_plus_one, time, status);
      return;
    }
  detach (self, row_plus_one, TRUE, self->now);
  if (event->to == GANDER_GO_RUNNABLE)
    {
      kind.state = GANDER_STATE_RUNNABLE;
      link = explain_runnable (self, event, from, &kind);
      if (link == row_plus_one)
        link = 0;
    }
  else
    {
      kind.state = GANDER_STATE_BLOCKED;
      kind.reason = status ? self->unknown_reason : event->name;
      kind.stack = event->stack;
      go->label = 0;
    }
  open_span (self, row_plus_one, time, &kind, link);
}

static void
add_go_transition (GanderSpans *self, const GanderEvent *event)
{
  guint32 row = gander_spans_find_goroutine (self, event->id);
  gboolean known = row != 0 && !gander_spans_get_go (self, row)->ended;
  gboolean status = event->from == GANDER_GO_UNDETERMINED || event->from == event->to;
  GanderTime time = self->now;

  if (known)
    apply_gap (self, row);
  if (event->to == GANDER_GO_NOT_EXIST)
    {
      self->n_transitions += event->from != event->to;
      if (known)
        end_life (self, row, time);
      return;
    }
  if (event->to == GANDER_GO_UNDETERMINED || event->to >= GANDER_PROC_IDLE || event->id < 0)
    return;
  if (known && status && gander_spans_get_go (self, row)->state != GANDER_STATE_UNKNOWN &&
      (event->from == event->to || gander_spans_get_go (self, row)->go_state == event->to))
    return;
  if (!known || event->from == GANDER_GO_NOT_EXIST)
    {
      row = begin_life (self, event);
      if (row == 0)
        return;
      if (status && self->gaps->len == 0)
        time = 0;
      else if (event->from != GANDER_GO_NOT_EXIST)
        {
          GanderKindRow kind = { .state = GANDER_STATE_UNKNOWN, .flags = GANDER_SPAN_OPEN_BEGIN };
          open_span (self, row, 0, &kind, 0);
        }
    }
  if (event->from != event->to)
    learn_name (self, gander_spans_get_go (self, row), event->resource_stack);
  if (!status)
    {
      self->n_transitions++;
      if (event->from == GANDER_GO_WAITING || event->from == GANDER_GO_NOT_EXIST)
        note_wakeup (self, event, row, event->from == GANDER_GO_NOT_EXIST);
    }
  enter_state (self, event, row, time, status);
  gander_spans_get_go (self, row)->go_state = event->to;
}

/* Processors. */

static void
bind_proc (GanderSpans *self, guint32 proc_row, guint32 thread_row, GanderTime time)
{
  GanderExecutor *proc = gander_spans_get_executor (self, GANDER_LANE_PROC, proc_row);
  guint32 old = proc->partner;

  if (old != 0 && old != thread_row)
    {
      GanderExecutor *thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, old);
      if (thread->partner == proc_row)
        thread->partner = 0;
      gander_spans_show (self, GANDER_LANE_THREAD, old, time);
    }
  proc->partner = thread_row;
  if (thread_row != 0)
    {
      GanderExecutor *thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, thread_row);
      thread->partner = proc_row;
      if (time == 0)
        date_back (thread);
      gander_spans_show (self, GANDER_LANE_THREAD, thread_row, time);
    }
}

static void
add_proc_transition (GanderSpans *self, const GanderEvent *event)
{
  guint32 row = gander_spans_need_executor (self, GANDER_LANE_PROC, event->id);
  guint32 thread = self->thread;
  GanderExecutor *proc = NULL;
  GanderTime time = self->now;

  if (row == 0)
    return;
  apply_gap_to_executor (self, GANDER_LANE_PROC, row);
  proc = gander_spans_get_executor (self, GANDER_LANE_PROC, row);
  if (event->from == GANDER_GO_UNDETERMINED && self->n_syncs <= 1)
    {
      date_back (proc);
      time = proc->last;
    }
  if (event->to == GANDER_GO_RUNNING)
    {
      proc->running = TRUE;
      if (event->from != event->to || proc->partner == 0)
        bind_proc (self, row, thread, time);
    }
  else
    {
      proc->running = FALSE;
      if (proc->goroutine != 0)
        {
          guint32 goroutine = proc->goroutine;
          lose_proc (self, goroutine, self->now);
          proc->goroutine = 0;
        }
      bind_proc (self, row, 0, time);
    }
  gander_spans_show (self, GANDER_LANE_PROC, row, time);
}

static void
add_gap (GanderSpans *self, const GanderEvent *event)
{
  guint32 row = 0;

  if (event->resource == GANDER_RESOURCE_NONE)
    g_array_append_val (self->gaps, self->now);
  else if (event->resource == GANDER_RESOURCE_GOROUTINE)
    {
      row = gander_spans_find_goroutine (self, event->id);
      if (row != 0)
        {
          apply_gap (self, row);
          lose_sight (self, row, self->now);
        }
    }
  else
    {
      GanderLaneKind kind =
          event->resource == GANDER_RESOURCE_PROC ? GANDER_LANE_PROC : GANDER_LANE_THREAD;
      row = gander_spans_find_executor (self, kind, event->id);
      if (row != 0)
        {
          GanderExecutor *executor = gander_spans_get_executor (self, kind, row);
          apply_gap_to_executor (self, kind, row);
          executor->goroutine = 0;
          executor->running = FALSE;
          open_executor_span (self,
                              executor,
                              MAX (self->now, executor->last),
                              GANDER_STATE_UNKNOWN,
                              0);
        }
    }
}

static void
add_label (GanderSpans *self, const GanderEvent *event)
{
  guint32 row = gander_spans_find_goroutine (self, event->id >= 0 ? event->id : event->goroutine);
  GanderGo *go = NULL;
  gboolean worker = gander_spans_classify (self, event->name) == GANDER_TEXT_MARK_WORKER;

  if (row == 0)
    return;
  go = gander_spans_get_go (self, row);
  if (worker && go->chunk.name != 0)
    {
      /* The runtime labels whoever starts first on a processor whose worker mode is stale. */
      const char *name = gander_dictionary_get_string (self->dictionary, go->chunk.name, NULL);
      worker = g_str_has_prefix (name, "runtime.") && !g_str_equal (name, "runtime.main");
      if (!worker)
        return;
    }
  go->label = worker ? event->name : 0;
  if (worker)
    go->flags |= GANDER_LANE_LABELLED;
  gander_spans_split (self, row, event->stack);
}

static void
add_sync (GanderSpans *self, const GanderEvent *event)
{
  GanderGeneration *last = NULL;

  self->n_syncs++;
  if (self->generations->len == 0 || event->value[2] == 0)
    return;
  last = &g_array_index (self->generations, GanderGeneration, self->generations->len - 1);
  if (last->number == event->generation && last->wall_ns == 0)
    {
      last->snapshot = (GanderTime)event->value[0];
      last->mono_ns = (gint64)event->value[1];
      last->wall_ns = (gint64)event->value[2];
    }
}

static void
add_transition (GanderSpans *self, const GanderEvent *event)
{
  if (event->from >= GANDER_N_GO_STATES || event->to >= GANDER_N_GO_STATES)
    return;
  if (event->resource == GANDER_RESOURCE_GOROUTINE)
    {
      self->counts.goroutines[event->from][event->to]++;
      add_go_transition (self, event);
    }
  else if (event->resource == GANDER_RESOURCE_PROC)
    {
      self->counts.procs[event->from][event->to]++;
      add_proc_transition (self, event);
    }
}

static void
add_nothing (G_GNUC_UNUSED GanderSpans *self, G_GNUC_UNUSED const GanderEvent *event)
{
}

void
gander_spans_add (GanderSpans *self, const GanderEvent *event)
{
  static void (*const handlers[GANDER_N_EVENT_KINDS]) (GanderSpans *, const GanderEvent *) = {
    [GANDER_EVENT_SYNC] = add_sync,
    [GANDER_EVENT_TRANSITION] = add_transition,
    [GANDER_EVENT_RANGE_BEGIN] = gander_spans_add_range,
    [GANDER_EVENT_RANGE_ACTIVE] = gander_spans_add_range,
    [GANDER_EVENT_RANGE_END] = gander_spans_add_range,
    [GANDER_EVENT_METRIC] = gander_spans_add_metric,
    [GANDER_EVENT_LABEL] = add_label,
    [GANDER_EVENT_TASK_BEGIN] = gander_spans_add_user,
    [GANDER_EVENT_TASK_END] = gander_spans_add_user,
    [GANDER_EVENT_REGION_BEGIN] = gander_spans_add_user,
    [GANDER_EVENT_REGION_END] = gander_spans_add_user,
    [GANDER_EVENT_LOG] = gander_spans_add_user,
    [GANDER_EVENT_SAMPLE] = gander_spans_add_sample,
    [GANDER_EVENT_EXPERIMENTAL] = add_nothing,
    [GANDER_EVENT_GAP] = add_gap,
  };

  if (self->no_memory || event->kind >= GANDER_N_EVENT_KINDS)
    return;
  self->now = MAX (self->now, event->time);
  self->n_events += event->kind != GANDER_EVENT_GAP;
  self->counts.events[event->kind]++;
  self->last_was_sync = event->kind == GANDER_EVENT_SYNC;
  self->thread = gander_spans_need_executor (self, GANDER_LANE_THREAD, event->thread);
  if (self->thread != 0)
    apply_gap_to_executor (self, GANDER_LANE_THREAD, self->thread);
  handlers[event->kind](self, event);
}

static void
finish_executors (GanderSpans *self, GanderLaneKind kind, GanderTime end)
{
  const GanderPages *table = kind == GANDER_LANE_PROC ? &self->procs : &self->threads;

  for (guint32 row = 1; row <= table->n; row++)
    {
      GanderExecutor *executor = gander_spans_get_executor (self, kind, row);
      apply_gap_to_executor (self, kind, row);
      gander_spans_close_ranges (self, &executor->open_range, kind, row, end, TRUE);
      if (executor->state != GANDER_STATE_NONE)
        gander_chunks_end_span (&executor->chunk, end);
      executor->flags |= GANDER_LANE_ALIVE;
    }
  for (guint32 row = 1; row <= table->n; row++)
    gander_chunks_finish (&self->chunks,
                          &gander_spans_get_executor (self, kind, row)->chunk,
                          end,
                          TRUE);
}

GanderTime
gander_spans_finish (GanderSpans *self)
{
  GanderTime end = self->last_was_sync || self->n_events == 0 ? self->now : self->now + 1;

  self->now = end;
  for (guint32 row = 1; row <= self->goroutines.n; row++)
    {
      GanderGo *go = gander_spans_get_go (self, row);
      if (go->ended)
        continue;
      apply_gap (self, row);
      gander_spans_close_regions (self, row, end, TRUE);
      gander_spans_close_ranges (self, &go->open_range, GANDER_LANE_GOROUTINE, row, end, TRUE);
      gander_chunks_finish (&self->chunks, &go->chunk, end, TRUE);
      go->end = end;
      go->flags |= GANDER_LANE_ALIVE;
    }
  finish_executors (self, GANDER_LANE_PROC, end);
  finish_executors (self, GANDER_LANE_THREAD, end);
  gander_spans_close_mark (self, end, TRUE);
  self->no_memory |= self->chunks.no_memory;
  return end;
}
