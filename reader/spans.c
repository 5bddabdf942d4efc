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

static void
count_states (GanderSpans *self, GanderState from, GanderState to, GanderTime time)
{
  int change = (to == GANDER_STATE_RUNNABLE) - (from == GANDER_STATE_RUNNABLE);

  if (change != 0)
    gander_counter_bins_add (&self->runnable, time, change);
}

static inline void
open_span (GanderSpans *self, GanderGo *go, GanderTime time, GanderKind kind, guint32 link)
{
  GanderState state = (GanderState)(kind.head & 0xff);

  /* What held since the beginning and is only told now changes the whole past of the counter. */
  if (G_UNLIKELY (time == 0) && state == GANDER_STATE_RUNNABLE)
    self->runnable.base++;
  else
    count_states (self, go->state, state, self->now);
  gander_chunks_append (&self->chunks,
                        &go->chunk,
                        time,
                        gander_chunks_intern (&self->chunks, kind),
                        link);
  go->state = (guint8)state;
}

/* Returns: the processor that @go executes on if that is at one with its thread, so that what it
 * shows both show; or NULL. */
static inline GanderExecutor *
get_pair (const GanderSpans *self, guint32 proc, guint32 thread)
{
  GanderExecutor *executor = NULL;

  if (proc == 0)
    return NULL;
  executor = gander_spans_get_executor (self, GANDER_LANE_PROC, proc);
  return executor->at_one && executor->partner == thread ? executor : NULL;
}

/* Takes the goroutine off its processor and thread. */
static inline void
detach (GanderSpans *self, GanderGo *go, guint32 place, GanderTime time)
{
  GanderExecutor *pair = get_pair (self, go->proc, go->thread);

  if (G_UNLIKELY (pair == NULL))
    {
      if (go->proc != 0 || go->thread != 0)
        gander_spans_detach_slowly (self, go, place, TRUE, time);
      return;
    }
  go->proc = go->thread = 0;
  if (pair->goroutine != place)
    return;
  pair->goroutine = 0;
  gander_spans_show_as (self, pair, time, GANDER_STATE_SCHEDULING, 0);
}

void
gander_spans_lose_proc (GanderSpans *self, guint32 place, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, place);
  GanderKind kind = gander_kind (GANDER_STATE_SYSCALL_BLOCKED,
                                 GANDER_CAUSE_NONE,
                                 GANDER_SPAN_CONTINUES,
                                 0,
                                 go->syscall_stack);
  GanderExecutor *thread = NULL;

  if (go->state != GANDER_STATE_SYSCALL)
    return;
  gander_spans_detach_slowly (self, go, place, FALSE, time);
  open_span (self, go, time, kind, 0);
  if (go->thread == 0)
    return;
  thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, go->thread);
  gander_spans_part (self, thread);
  gander_spans_show (self, thread, time);
}

static inline void
attach (GanderSpans *self,
        GanderGo *go,
        guint32 place,
        guint32 proc,
        guint32 thread,
        GanderTime time)
{
  GanderExecutor *pair = get_pair (self, proc, thread);
  gboolean stays = go->proc == proc && go->thread == thread;

  if (G_UNLIKELY (pair == NULL || pair->goroutine != (stays ? place : 0) || time == 0 ||
                  (!stays && (go->proc != 0 || go->thread != 0))))
    {
      gander_spans_attach_slowly (self, go, place, proc, thread, time);
      return;
    }
  go->proc = proc;
  go->thread = thread;
  pair->goroutine = place;
  gander_spans_show_as (self, pair, time, go->state, go->row);
}

static void
lose_sight (GanderSpans *self, GanderGo *go, guint32 place, GanderTime time)
{
  if (go->state == GANDER_STATE_UNKNOWN)
    return;
  go->label = 0;
  detach (self, go, place, time);
  open_span (self, go, time, gander_kind (GANDER_STATE_UNKNOWN, GANDER_CAUSE_NONE, 0, 0, 0), 0);
}

static void
apply_gap_slowly (GanderSpans *self, GanderGo *go, guint32 place)
{
  GanderTime time = g_array_index (self->gaps, GanderTime, go->gap);

  go->gap = self->gaps->len;
  lose_sight (self, go, place, time);
}

static inline void
apply_gap (GanderSpans *self, GanderGo *go, guint32 place)
{
  if (G_UNLIKELY (go->gap != self->gaps->len))
    apply_gap_slowly (self, go, place);
}

static void
end_life (GanderSpans *self, guint32 place, GanderTime time)
{
  GanderGo *go = gander_spans_get_go (self, place);

  gander_spans_close_regions (self, go, time, FALSE);
  gander_spans_close_ranges (self, &go->open_range, go->row, time, FALSE);
  detach (self, go, place, time);
  count_states (self, go->state, GANDER_STATE_NONE, self->now);
  gander_counter_bins_add (&self->alive, self->now, -1);
  gander_chunks_finish (&self->chunks, &go->chunk, time, FALSE);
  gander_spans_remove_go (self, place, time);
}

/* Returns: place + 1 of a goroutine that is there from now on, 0 without memory. */
static guint32
begin_life (GanderSpans *self, const GanderEvent *event)
{
  gboolean created = event->from == GANDER_GO_NOT_EXIST;
  guint32 place = gander_spans_find_go (self, event->id);
  GanderGo *go = NULL;

  if (place != 0)
    end_life (self, place, self->now);
  place = gander_spans_add_go (self, event->id);
  if (place == 0)
    return 0;
  go = gander_spans_get_go (self, place);
  if (go->row <= GANDER_FEW_GOROUTINES)
    (void)gander_label_totals_need (&self->chunks.labels, &go->chunk, go->row);
  go->begin = created ? self->now : 0;
  go->gap = self->gaps->len;
  if (created)
    {
      go->creator = gander_spans_find_row (self, event->goroutine);
      go->creation_stack = event->stack;
      gander_counter_bins_add (&self->alive, self->now, 1);
    }
  else
    {
      GanderFirstSeenRow seen = { .lane = go->row - 1, .time = self->now };
      go->flags |= GANDER_LANE_EXISTED;
      self->alive.base++;
      gander_row_file_add (&self->first_seen, &seen);
    }
  return place;
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
  guint32 waker = gander_spans_find_row (self, event->goroutine);
  GanderWakeupNote *note = NULL;

  if (waker == 0 || waker == wakee)
    return;
  note = gander_row_file_take (&self->wakeups);
  if (note != NULL)
    *note = (GanderWakeupNote){ .time = self->now,
                                .waker = waker - 1,
                                .wakee = (wakee - 1) | (created ? GANDER_WAKEUP_CREATED : 0) };
}

static GanderState
running_state (const GanderGo *go)
{
  if (go->label != 0)
    return GANDER_STATE_GC_WORK;
  return go->assists ? GANDER_STATE_GC_ASSIST : GANDER_STATE_RUNNING;
}

void
gander_spans_split (GanderSpans *self, GanderGo *go, GanderStackId stack)
{
  GanderState state = running_state (go);
  GanderExecutor *pair = NULL;

  if (!gander_spans_continues (go->state, GANDER_STATE_RUNNING) ||
      (go->state == state && go->label == 0))
    return;
  open_span (self,
             go,
             self->now,
             gander_kind (state, GANDER_CAUSE_NONE, GANDER_SPAN_CONTINUES, go->label, stack),
             go->proc);
  pair = get_pair (self, go->proc, go->thread);
  if (pair != NULL)
    gander_spans_show (self, pair, self->now);
  else
    gander_spans_show_both (self, go, self->now);
}

static GanderCause
find_cause (GanderSpans *self, const GanderEvent *event, GanderGoState from)
{
  switch (from)
    {
    case GANDER_GO_NOT_EXIST:
      return GANDER_CAUSE_CREATED;
    case GANDER_GO_WAITING:
      return event->wire == WIRE_GO_SWITCH || event->wire == WIRE_GO_SWITCH_DESTROY
                 ? GANDER_CAUSE_SWITCHED
                 : GANDER_CAUSE_WOKEN;
    case GANDER_GO_RUNNING:
      return gander_spans_classify (self, event->name) == GANDER_TEXT_GOSCHED
                 ? GANDER_CAUSE_YIELDED
                 : GANDER_CAUSE_PREEMPTED;
    case GANDER_GO_SYSCALL:
      return GANDER_CAUSE_SYSCALL;
    case GANDER_GO_UNDETERMINED:
    case GANDER_PROC_IDLE:
    default:
      return GANDER_CAUSE_NONE;
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
                 GanderGo *go,
                 guint32 place,
                 GanderTime time,
                 gboolean status)
{
  GanderSpanFlags flags = time == 0 && status ? GANDER_SPAN_OPEN_BEGIN : 0;
  GanderState state = running_state (go);
  GanderStringId reason = go->label;
  guint32 proc = 0;

  if (event->to == GANDER_GO_RUNNING)
    proc = gander_spans_need_executor (self, GANDER_LANE_PROC, event->proc);
  else
    {
      proc = syscall_proc (self, event, status, self->thread);
      state = proc != 0 ? GANDER_STATE_SYSCALL : GANDER_STATE_SYSCALL_BLOCKED;
      reason = 0;
      go->syscall_stack = event->stack;
    }
  open_span (self,
             go,
             time,
             gander_kind (state, GANDER_CAUSE_NONE, flags, reason, event->stack),
             proc);
  attach (self, go, place, proc, self->thread, time);
}

static void
enter_runnable (GanderSpans *self,
                const GanderEvent *event,
                GanderGo *go,
                GanderTime time,
                gboolean status)
{
  GanderSpanFlags flags = time == 0 && status ? GANDER_SPAN_OPEN_BEGIN : 0;
  GanderGoState from = status ? GANDER_GO_UNDETERMINED : event->from;
  GanderStringId reason = from == GANDER_GO_RUNNING ? event->name : 0;
  GanderCause cause = find_cause (self, event, from);
  guint32 waker = 0;

  if (from == GANDER_GO_WAITING || from == GANDER_GO_NOT_EXIST)
    waker = gander_spans_find_row (self, event->goroutine);
  open_span (self,
             go,
             time,
             gander_kind (GANDER_STATE_RUNNABLE, cause, flags, reason, event->stack),
             waker == go->row ? 0 : waker);
}

static void
enter_blocked (GanderSpans *self,
               const GanderEvent *event,
               GanderGo *go,
               GanderTime time,
               gboolean status)
{
  GanderSpanFlags flags = time == 0 && status ? GANDER_SPAN_OPEN_BEGIN : 0;
  GanderStringId reason = status ? self->unknown_reason : event->name;

  go->label = 0;
  open_span (self,
             go,
             time,
             gander_kind (GANDER_STATE_BLOCKED, GANDER_CAUSE_NONE, flags, reason, event->stack),
             0);
}

static void
enter_state (GanderSpans *self,
             const GanderEvent *event,
             GanderGo *go,
             guint32 place,
             GanderTime time,
             gboolean status)
{
  if (event->to == GANDER_GO_RUNNING || event->to == GANDER_GO_SYSCALL)
    {
      enter_executing (self, event, go, place, time, status);
      return;
    }
  detach (self, go, place, self->now);
  if (event->to == GANDER_GO_RUNNABLE)
    enter_runnable (self, event, go, time, status);
  else
    enter_blocked (self, event, go, time, status);
}

/* A goroutine that was not there a moment ago. Returns: place + 1, 0 without memory; @time is when
 * its first state began. */
static guint32
meet (GanderSpans *self, const GanderEvent *event, gboolean status, GanderTime *time)
{
  guint32 place = begin_life (self, event);

  if (place == 0)
    return 0;
  if (status && self->gaps->len == 0)
    *time = 0;
  else if (event->from != GANDER_GO_NOT_EXIST)
    open_span (self,
               gander_spans_get_go (self, place),
               0,
               gander_kind (GANDER_STATE_UNKNOWN, GANDER_CAUSE_NONE, GANDER_SPAN_OPEN_BEGIN, 0, 0),
               0);
  return place;
}

static void
add_go_transition (GanderSpans *self, const GanderEvent *event)
{
  guint32 place = gander_spans_find_go (self, event->id);
  GanderGo *go = place == 0 ? NULL : gander_spans_get_go (self, place);
  gboolean known = go != NULL;
  gboolean status = event->from == GANDER_GO_UNDETERMINED || event->from == event->to;
  GanderTime time = self->now;

  if (known)
    apply_gap (self, go, place);
  if (event->to == GANDER_GO_NOT_EXIST)
    {
      self->n_transitions += event->from != event->to;
      if (known)
        end_life (self, place, time);
      return;
    }
  if (event->to == GANDER_GO_UNDETERMINED || event->to >= GANDER_PROC_IDLE || event->id < 0)
    return;
  if (known && status && go->state != GANDER_STATE_UNKNOWN &&
      (event->from == event->to || go->go_state == event->to))
    return;
  if (!known || event->from == GANDER_GO_NOT_EXIST)
    {
      place = meet (self, event, status, &time);
      if (place == 0)
        return;
      go = gander_spans_get_go (self, place);
    }
  if (event->from != event->to)
    learn_name (self, go, event->resource_stack);
  if (!status)
    {
      self->n_transitions++;
      if (event->from == GANDER_GO_WAITING || event->from == GANDER_GO_NOT_EXIST)
        note_wakeup (self, event, go->row, event->from == GANDER_GO_NOT_EXIST);
    }
  enter_state (self, event, go, place, time, status);
  go->go_state = event->to;
}

static void
add_gap (GanderSpans *self, const GanderEvent *event)
{
  if (event->resource == GANDER_RESOURCE_NONE)
    g_array_append_val (self->gaps, self->now);
  else if (event->resource == GANDER_RESOURCE_GOROUTINE)
    {
      guint32 place = gander_spans_find_go (self, event->id);
      if (place != 0)
        {
          GanderGo *go = gander_spans_get_go (self, place);
          apply_gap (self, go, place);
          lose_sight (self, go, place, self->now);
        }
    }
  else
    {
      GanderLaneKind kind =
          event->resource == GANDER_RESOURCE_PROC ? GANDER_LANE_PROC : GANDER_LANE_THREAD;
      guint32 row = gander_spans_find_executor (self, kind, event->id);
      if (row != 0)
        {
          GanderExecutor *executor = gander_spans_get_executor (self, kind, row);
          gander_spans_apply_gap_to_executor (self, executor);
          gander_spans_part (self, executor);
          executor->goroutine = 0;
          executor->running = FALSE;
          gander_spans_open_executor_span (self, executor, self->now, GANDER_STATE_UNKNOWN, 0);
        }
    }
}

static void
add_label (GanderSpans *self, const GanderEvent *event)
{
  guint32 place = gander_spans_find_go (self, event->id >= 0 ? event->id : event->goroutine);
  GanderGo *go = NULL;
  gboolean worker = gander_spans_classify (self, event->name) == GANDER_TEXT_MARK_WORKER;

  if (place == 0)
    return;
  go = gander_spans_get_go (self, place);
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
  gander_spans_split (self, go, event->stack);
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
      gander_spans_add_proc (self, event);
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
    gander_spans_apply_gap_to_executor (self,
                                        gander_spans_get_executor (self,
                                                                   GANDER_LANE_THREAD,
                                                                   self->thread));
  handlers[event->kind](self, event);
}

GanderTime
gander_spans_finish (GanderSpans *self)
{
  GanderTime end = self->last_was_sync || self->n_events == 0 ? self->now : self->now + 1;
  g_autofree guint32 *places = gander_spans_list_gos (self);

  self->now = end;
  for (guint32 row = 0; places != NULL && row < self->n_goroutines; row++)
    {
      guint32 place = places[row];
      GanderGo *go = NULL;
      if (place == 0)
        continue;
      go = gander_spans_get_go (self, place);
      apply_gap (self, go, place);
      gander_spans_close_regions (self, go, end, TRUE);
      gander_spans_close_ranges (self, &go->open_range, go->row, end, TRUE);
      gander_chunks_finish (&self->chunks, &go->chunk, end, TRUE);
      go->flags |= GANDER_LANE_ALIVE;
    }
  gander_spans_finish_executors (self, GANDER_LANE_PROC, end);
  gander_spans_finish_executors (self, GANDER_LANE_THREAD, end);
  gander_spans_close_mark (self, end, TRUE);
  gander_spans_put_tasks_aside (self);
  gander_spans_stop (self);
  gander_spans_put_gos_aside (self, end);
  self->no_memory |= self->chunks.no_memory;
  return end;
}
