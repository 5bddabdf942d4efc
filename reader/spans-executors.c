/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lanes of processors and threads: they show what the goroutine on them does, SCHEDULING between
 * two goroutines, and nothing while they rest.
 */
#include "reader/spans-private.h"

guint32
gander_spans_find_executor_slowly (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  const GanderIdMap *ids = kind == GANDER_LANE_PROC ? &self->proc_ids : &self->thread_ids;
  guint32 row = id < 0 ? 0 : gander_id_map_get (ids, (guint64)id) + 1;

  if (row != 0)
    self->recent_executors[kind][(guint64)id % GANDER_RECENT_EXECUTORS] =
        (GanderRecentId){ .id = id, .row = row };
  return row;
}

guint32
gander_spans_need_executor_slowly (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  gboolean proc = kind == GANDER_LANE_PROC;
  GanderPages *table = proc ? &self->procs : &self->threads;
  guint32 found = gander_spans_find_executor_slowly (self, kind, id);
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

/* Spans of processors and threads have no reason and no stack: few kinds, kept at hand. */
static inline guint32
find_kind (GanderSpans *self, GanderState state, GanderSpanFlags flags)
{
  guint32 *kind = &self->executor_kinds[state][flags];

  if (G_UNLIKELY (*kind == 0))
    *kind = 1 + gander_chunks_intern (&self->chunks,
                                      gander_kind (state, GANDER_CAUSE_NONE, flags, 0, 0));
  return *kind - 1;
}

void
gander_spans_open_executor_span (GanderSpans *self,
                                 GanderExecutor *executor,
                                 GanderTime time,
                                 GanderState state,
                                 guint32 link)
{
  GanderSpanFlags flags = 0;

  time = MAX (time, executor->last);
  if (link != 0 && link == executor->open_link && gander_spans_continues (executor->state, state))
    flags |= GANDER_SPAN_CONTINUES;
  if (G_UNLIKELY (time == 0) && (executor->flags & GANDER_LANE_EXISTED) != 0)
    flags |= GANDER_SPAN_OPEN_BEGIN;
  if (state == GANDER_STATE_NONE)
    gander_chunks_end_span (&executor->chunk, time);
  else
    gander_chunks_append (&self->chunks,
                          &executor->chunk,
                          time,
                          find_kind (self, state, flags),
                          link);
  executor->state = (guint8)state;
  executor->open_link = state == GANDER_STATE_NONE ? 0 : link;
  executor->last = time;
}

void
gander_spans_show (GanderSpans *self, GanderExecutor *executor, GanderTime time)
{
  GanderState state = GANDER_STATE_NONE;
  guint32 link = 0;

  if (executor->goroutine != 0)
    {
      const GanderGo *go = gander_spans_get_go (self, executor->goroutine);
      state = go->state;
      link = go->row;
    }
  else if (executor->chunk.lane_kind == GANDER_LANE_PROC ? executor->running
                                                         : executor->partner != 0)
    state = GANDER_STATE_SCHEDULING;
  gander_spans_show_as (self, executor, time, state, link);
}

/* Whether the two are in the same span now, and it is the first of the processor's block. */
static gboolean
are_alike (const GanderExecutor *proc, const GanderExecutor *thread)
{
  const GanderOpenSpan *span = proc->chunk.spans;
  const GanderOpenSpan *other = thread->chunk.spans + thread->chunk.n - 1;

  return proc->chunk.n == 1 && thread->chunk.n > 0 && proc->running &&
         proc->state != GANDER_STATE_NONE && proc->state == thread->state &&
         proc->open_link == thread->open_link && proc->goroutine == thread->goroutine &&
         span->begin == other->begin && span->kind == other->kind && span->link == other->link;
}

void
gander_spans_unite_slowly (GanderSpans *self, GanderExecutor *proc)
{
  GanderExecutor *thread = NULL;

  if (proc->partner == 0 || self->chunks.no_memory)
    return;
  thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, proc->partner);
  if (thread->partner == 0 || thread->at_one || !are_alike (proc, thread) ||
      gander_spans_get_executor (self, GANDER_LANE_PROC, thread->partner) != proc)
    return;
  thread->chunk.n--;
  thread->first_block = proc->chunk.n_blocks;
  thread->at_one = proc->at_one = TRUE;
}

static void
add_stretch (GanderSpans *self, GanderExecutor *thread, guint32 n)
{
  guint n_own = thread->chunk.n;
  GanderStretch stretch = { .begin = thread->last,
                            .before = thread->last_stretch,
                            .ordinal = gander_executor_get_n_spans (thread),
                            .proc = thread->partner - 1,
                            .first_block = thread->first_block,
                            .n = n };

  if (!gander_chunks_cut (&self->chunks, &thread->chunk, thread->last))
    return;
  stretch.n_blocks = thread->chunk.n_blocks;
  gander_row_file_add (&self->stretches, &stretch);
  thread->last_stretch = (guint32)gander_row_file_get_n (&self->stretches);
  thread->n_elsewhere += n * GANDER_BLOCK_SPANS;
  if (n_own > 0)
    thread->n_elsewhere -= GANDER_BLOCK_SPANS - n_own;
}

void
gander_spans_part_slowly (GanderSpans *self, GanderExecutor *executor)
{
  gboolean is_proc = executor->chunk.lane_kind == GANDER_LANE_PROC;
  GanderExecutor *partner =
      gander_spans_get_executor (self,
                                 is_proc ? GANDER_LANE_THREAD : GANDER_LANE_PROC,
                                 executor->partner);
  GanderExecutor *proc = is_proc ? executor : partner;
  GanderExecutor *thread = is_proc ? partner : executor;

  thread->at_one = proc->at_one = FALSE;
  if (proc->chunk.n_blocks > thread->first_block)
    add_stretch (self, thread, proc->chunk.n_blocks - thread->first_block);
  /* What the processor has in its open block the thread has to itself. */
  for (guint i = 0; i < proc->chunk.n; i++)
    {
      const GanderOpenSpan *span = &proc->chunk.spans[i];
      gander_chunks_append (&self->chunks, &thread->chunk, span->begin, span->kind, span->link);
    }
  thread->goroutine = proc->goroutine;
  thread->state = proc->state;
  thread->open_link = proc->open_link;
  thread->last = proc->last;
}

guint32
gander_executor_get_n_spans (const GanderExecutor *self)
{
  return gander_chunk_get_n_spans (&self->chunk) + self->n_elsewhere;
}

/* Before the two are changed one by one. */
static void
part_both (GanderSpans *self, guint32 proc, guint32 thread)
{
  if (proc != 0)
    gander_spans_part (self, gander_spans_get_executor (self, GANDER_LANE_PROC, proc));
  if (thread != 0)
    gander_spans_part (self, gander_spans_get_executor (self, GANDER_LANE_THREAD, thread));
}

/* After that. */
static void
unite (GanderSpans *self, guint32 proc)
{
  if (proc != 0)
    gander_spans_unite (self, gander_spans_get_executor (self, GANDER_LANE_PROC, proc));
}

static void
leave (GanderSpans *self, GanderExecutor *executor, guint32 place, GanderTime time)
{
  if (executor->goroutine != place)
    return;
  executor->goroutine = 0;
  gander_spans_show (self, executor, time);
}

void
gander_spans_detach_slowly (GanderSpans *self,
                            GanderGo *go,
                            guint32 place,
                            gboolean and_thread,
                            GanderTime time)
{
  guint32 proc = go->proc;

  part_both (self, proc, and_thread ? go->thread : 0);
  if (proc != 0)
    leave (self, gander_spans_get_executor (self, GANDER_LANE_PROC, proc), place, time);
  go->proc = 0;
  if (!and_thread)
    return;
  if (go->thread != 0)
    leave (self, gander_spans_get_executor (self, GANDER_LANE_THREAD, go->thread), place, time);
  go->thread = 0;
  unite (self, proc);
}

static void
take_proc (GanderSpans *self, const GanderGo *go, guint32 place, guint32 proc, GanderTime time)
{
  GanderExecutor *executor = gander_spans_get_executor (self, GANDER_LANE_PROC, proc);
  guint32 other = executor->goroutine;

  if (other != 0 && other != place)
    {
      gander_spans_lose_proc (self, other, self->now);
      if (gander_spans_get_go (self, other)->proc == proc)
        gander_spans_get_go (self, other)->proc = 0;
    }
  executor->goroutine = place;
  gander_spans_show_as (self, executor, time, go->state, go->row);
}

static void
take_thread (GanderSpans *self, const GanderGo *go, guint32 place, guint32 thread, GanderTime time)
{
  GanderExecutor *executor = gander_spans_get_executor (self, GANDER_LANE_THREAD, thread);
  guint32 other = executor->goroutine;

  if (other != 0 && other != place)
    gander_spans_get_go (self, other)->thread = 0;
  executor->goroutine = place;
  if (time == 0)
    gander_spans_date_back (executor);
  gander_spans_show_as (self, executor, time, go->state, go->row);
}

void
gander_spans_attach_slowly (GanderSpans *self,
                            GanderGo *go,
                            guint32 place,
                            guint32 proc,
                            guint32 thread,
                            GanderTime time)
{
  if (go->proc == proc && go->thread == thread)
    {
      gander_spans_show_both (self, go, time);
      return;
    }
  gander_spans_detach_slowly (self, go, place, TRUE, time);
  go->proc = proc;
  go->thread = thread;
  part_both (self, proc, thread);
  if (proc != 0)
    take_proc (self, go, place, proc, time);
  if (thread != 0)
    take_thread (self, go, place, thread, time);
  unite (self, proc);
}

void
gander_spans_show_both (GanderSpans *self, const GanderGo *go, GanderTime time)
{
  part_both (self, go->proc, go->thread);
  if (go->proc != 0)
    gander_spans_show (self, gander_spans_get_executor (self, GANDER_LANE_PROC, go->proc), time);
  if (go->thread != 0)
    gander_spans_show (self,
                       gander_spans_get_executor (self, GANDER_LANE_THREAD, go->thread),
                       time);
  unite (self, go->proc);
}

void
gander_spans_forget_executor (GanderSpans *self, GanderExecutor *executor, GanderTime time)
{
  gander_spans_part (self, executor);
  executor->goroutine = executor->partner = 0;
  executor->running = FALSE;
  gander_spans_open_executor_span (self, executor, time, GANDER_STATE_UNKNOWN, 0);
}

void
gander_spans_apply_gap_to_executor_slowly (GanderSpans *self, GanderExecutor *executor)
{
  GanderTime time = g_array_index (self->gaps, GanderTime, executor->gap);

  executor->gap = self->gaps->len;
  gander_spans_forget_executor (self, executor, time);
}

void
gander_spans_date_back (GanderExecutor *executor)
{
  if (executor->chunk.n > 0 || executor->chunk.n_blocks > 0 || executor->last_stretch > 0)
    return;
  executor->begin = executor->last = 0;
  executor->flags |= GANDER_LANE_EXISTED;
}

static void
bind_proc (GanderSpans *self, guint32 proc_row, guint32 thread_row, GanderTime time)
{
  GanderExecutor *proc = gander_spans_get_executor (self, GANDER_LANE_PROC, proc_row);
  guint32 old = proc->partner;

  gander_spans_part (self, proc);
  if (old != 0 && old != thread_row)
    {
      GanderExecutor *thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, old);
      gander_spans_part (self, thread);
      if (thread->partner == proc_row)
        thread->partner = 0;
      gander_spans_show (self, thread, time);
    }
  proc->partner = thread_row;
  if (thread_row != 0)
    {
      GanderExecutor *thread = gander_spans_get_executor (self, GANDER_LANE_THREAD, thread_row);
      gander_spans_part (self, thread);
      thread->partner = proc_row;
      if (time == 0)
        gander_spans_date_back (thread);
      gander_spans_show (self, thread, time);
    }
}

void
gander_spans_add_proc (GanderSpans *self, const GanderEvent *event)
{
  guint32 row = gander_spans_need_executor (self, GANDER_LANE_PROC, event->id);
  GanderExecutor *proc = NULL;
  GanderTime time = self->now;

  if (row == 0)
    return;
  proc = gander_spans_get_executor (self, GANDER_LANE_PROC, row);
  gander_spans_part (self, proc);
  gander_spans_apply_gap_to_executor (self, proc);
  if (event->from == GANDER_GO_UNDETERMINED && self->n_syncs <= 1)
    {
      gander_spans_date_back (proc);
      time = proc->last;
    }
  if (event->to == GANDER_GO_RUNNING)
    {
      proc->running = TRUE;
      if (event->from != event->to || proc->partner == 0)
        bind_proc (self, row, self->thread, time);
    }
  else
    {
      proc->running = FALSE;
      if (proc->goroutine != 0)
        {
          gander_spans_lose_proc (self, proc->goroutine, self->now);
          proc->goroutine = 0;
        }
      bind_proc (self, row, 0, time);
    }
  gander_spans_show (self, proc, time);
}

void
gander_spans_finish_executors (GanderSpans *self, GanderLaneKind kind, GanderTime end)
{
  const GanderPages *table = kind == GANDER_LANE_PROC ? &self->procs : &self->threads;

  for (guint32 row = 1; row <= table->n; row++)
    {
      GanderExecutor *executor = gander_spans_get_executor (self, kind, row);
      gander_spans_part (self, executor);
      gander_spans_apply_gap_to_executor (self, executor);
      gander_spans_close_ranges (self, &executor->open_range, row, end, TRUE);
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
