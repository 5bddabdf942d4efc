/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files spans*.c share. */

#include "reader/spans.h"

G_BEGIN_DECLS

/* What a string of the trace means to us; found out once per string. */
typedef enum
{
  GANDER_TEXT_UNSEEN,
  GANDER_TEXT_OTHER,
  GANDER_TEXT_GOSCHED,
  GANDER_TEXT_MARK_WORKER, /* label */
  GANDER_TEXT_RANGE_MARK,
  GANDER_TEXT_RANGE_STW,
  GANDER_TEXT_RANGE_ASSIST,
  GANDER_TEXT_RANGE_SWEEP,
  GANDER_TEXT_METRIC_HEAP,
  GANDER_TEXT_METRIC_GOAL,
  GANDER_TEXT_METRIC_GOMAXPROCS,
} GanderText;

GanderText gander_spans_classify (GanderSpans *self, GanderStringId id);

/* @place: of a goroutine, + 1. */
static inline GanderGo *
gander_spans_get_go (const GanderSpans *self, guint32 place)
{
  /* As gander_pages_get () does, with the size of a row known. */
  GanderGo *page = (gpointer)self->goroutines.pages[(place - 1) >> GANDER_PAGES_PAGE_BITS];

  return &page[(place - 1) % (1u << GANDER_PAGES_PAGE_BITS)];
}

static inline GanderExecutor *
gander_spans_get_executor (const GanderSpans *self, GanderLaneKind kind, guint32 row_plus_one)
{
  const GanderPages *table = kind == GANDER_LANE_PROC ? &self->procs : &self->threads;
  GanderExecutor *page = (gpointer)table->pages[(row_plus_one - 1) >> GANDER_PAGES_PAGE_BITS];

  return &page[(row_plus_one - 1) % (1u << GANDER_PAGES_PAGE_BITS)];
}

/* Returns: row + 1 of the latest life of goroutine @id, which has ended, or 0. */
guint32 gander_spans_find_ended_row (const GanderSpans *self, gint64 id);

/* The functions that end in _slowly do the same for all cases. */
guint32 gander_spans_find_go_slowly (GanderSpans *self, gint64 id);
guint32 gander_spans_find_executor_slowly (GanderSpans *self, GanderLaneKind kind, gint64 id);
guint32 gander_spans_need_executor_slowly (GanderSpans *self, GanderLaneKind kind, gint64 id);
void gander_spans_apply_gap_to_executor_slowly (GanderSpans *self, GanderExecutor *executor);

/* Returns: place + 1 of goroutine @id, or 0 when it is not there (any more). */
static inline guint32
gander_spans_find_go (GanderSpans *self, gint64 id)
{
  const GanderRecentId *recent = &self->recent_goroutines[(guint64)id % GANDER_RECENT_GOROUTINES];

  if (G_LIKELY (recent->id == id && recent->row != 0))
    return recent->row;
  return gander_spans_find_go_slowly (self, id);
}

/* Returns: row + 1 of the latest life of goroutine @id, or 0. */
static inline guint32
gander_spans_find_row (GanderSpans *self, gint64 id)
{
  guint32 place = gander_spans_find_go (self, id);

  return G_LIKELY (place != 0) ? gander_spans_get_go (self, place)->row
                               : gander_spans_find_ended_row (self, id);
}

/* Returns: row + 1 of the processor or thread, or 0. */
static inline guint32
gander_spans_find_executor (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  const GanderRecentId *recent =
      &self->recent_executors[kind][(guint64)id % GANDER_RECENT_EXECUTORS];

  if (G_LIKELY (recent->id == id && recent->row != 0))
    return recent->row;
  return gander_spans_find_executor_slowly (self, kind, id);
}

/* Returns: row + 1 of the processor or thread, made if it is new; 0 for none or without memory. */
static inline guint32
gander_spans_need_executor (GanderSpans *self, GanderLaneKind kind, gint64 id)
{
  const GanderRecentId *recent =
      &self->recent_executors[kind][(guint64)id % GANDER_RECENT_EXECUTORS];

  if (G_LIKELY (recent->id == id && recent->row != 0))
    return recent->row;
  return gander_spans_need_executor_slowly (self, kind, id);
}

/* spans-lives.c */

/* Returns: place + 1 of a new goroutine, 0 without memory. It must not be there. */
guint32 gander_spans_add_go (GanderSpans *self, gint64 id);

/* It has ended, its chunk is finished. */
void gander_spans_remove_go (GanderSpans *self, guint32 place, GanderTime end);

/* When nothing is sealed any more: all, those that are there ending at @end. */
void gander_spans_put_gos_aside (GanderSpans *self, GanderTime end);

/* Returns: (transfer full) for each row the place + 1 of the goroutine, 0 = it has ended; NULL
 * without memory. */
guint32 *gander_spans_list_gos (GanderSpans *self);

/* Whether the one is the same interval as the other, told apart for colour. */
static inline gboolean
gander_spans_continues (GanderState before, GanderState state)
{
  const guint running =
      1u << GANDER_STATE_RUNNING | 1u << GANDER_STATE_GC_WORK | 1u << GANDER_STATE_GC_ASSIST;

  return ((running >> before & running >> state) & 1) != 0 ||
         (before == GANDER_STATE_SYSCALL && state == GANDER_STATE_SYSCALL_BLOCKED);
}

/* The executing state of a goroutine changed (label, assist): splits its open span. */
void gander_spans_split (GanderSpans *self, GanderGo *go, GanderStackId stack);

/* The processor of a system call is gone: the call goes on without. */
void gander_spans_lose_proc (GanderSpans *self, guint32 place, GanderTime time);

/* Lanes of processors and threads. No span begins before the one before it. */

void gander_spans_open_executor_span (GanderSpans *self,
                                      GanderExecutor *executor,
                                      GanderTime time,
                                      GanderState state,
                                      guint32 link);

/* Makes the lane show @state and @link, which is row + 1, from @time on, if it does not yet. */
static inline void
gander_spans_show_as (GanderSpans *self,
                      GanderExecutor *executor,
                      GanderTime time,
                      GanderState state,
                      guint32 link)
{
  if (state != executor->state || link != executor->open_link)
    gander_spans_open_executor_span (self, executor, time, state, link);
}

/* Makes the lane show what it does from @time on. */
void gander_spans_show (GanderSpans *self, GanderExecutor *executor, GanderTime time);

/* While a thread holds a processor both lanes show the same, for thousands of spans. So from a time
 * on when a block of the processor begins and both are in the same span the two are at one: the
 * thread has no spans of its own, whole blocks of the processor are its too. Whatever may change
 * only one of them parts them first. */
void gander_spans_unite_slowly (GanderSpans *self, GanderExecutor *proc);
void gander_spans_part_slowly (GanderSpans *self, GanderExecutor *executor);

/* After both have been made to show the same. */
static inline void
gander_spans_unite (GanderSpans *self, GanderExecutor *proc)
{
  if (G_UNLIKELY (proc->chunk.n == 1 && !proc->at_one))
    gander_spans_unite_slowly (self, proc);
}

static inline void
gander_spans_part (GanderSpans *self, GanderExecutor *executor)
{
  if (executor->at_one)
    gander_spans_part_slowly (self, executor);
}

/* Takes the goroutine off its processor and, if @and_thread, off its thread; or puts it on others,
 * in which case it shows there what it does. */
void gander_spans_detach_slowly (GanderSpans *self,
                                 GanderGo *go,
                                 guint32 place,
                                 gboolean and_thread,
                                 GanderTime time);
void gander_spans_attach_slowly (GanderSpans *self,
                                 GanderGo *go,
                                 guint32 place,
                                 guint32 proc,
                                 guint32 thread,
                                 GanderTime time);

/* Makes the lanes of its processor and its thread show what the goroutine does. */
void gander_spans_show_both (GanderSpans *self, const GanderGo *go, GanderTime time);

/* What it does is unknown from @time on. */
void gander_spans_forget_executor (GanderSpans *self, GanderExecutor *executor, GanderTime time);

/* Puts in what a gap of everything took away. */
static inline void
gander_spans_apply_gap_to_executor (GanderSpans *self, GanderExecutor *executor)
{
  if (G_UNLIKELY (executor->gap != self->gaps->len))
    gander_spans_apply_gap_to_executor_slowly (self, executor);
}

/* A lane that starts with a status has been what it is since 0. */
void gander_spans_date_back (GanderExecutor *executor);

void gander_spans_add_proc (GanderSpans *self, const GanderEvent *event);
void gander_spans_finish_executors (GanderSpans *self, GanderLaneKind kind, GanderTime end);

/* Returns: row + 1 of a new open item in front of the list @head; 0 without memory. */
guint32 gander_spans_push_item (GanderSpans *self, guint32 *head, const GanderOpenItem *item);
/* Takes the item that @link points to out of its list. */
GanderOpenItem gander_spans_take_item (GanderSpans *self, guint32 *link);

void gander_spans_add_range (GanderSpans *self, const GanderEvent *event);
void gander_spans_add_user (GanderSpans *self, const GanderEvent *event);
/* At the end: the tasks that are still open too. */
void gander_spans_put_tasks_aside (GanderSpans *self);
void gander_spans_add_metric (GanderSpans *self, const GanderEvent *event);
void gander_spans_add_sample (GanderSpans *self, const GanderEvent *event);

/* A goroutine ends, or the trace does: its ranges and regions end with it. */
void gander_spans_close_ranges (GanderSpans *self,
                                guint32 *head,
                                guint32 row_plus_one,
                                GanderTime end,
                                gboolean open_end);
void
gander_spans_close_regions (GanderSpans *self, GanderGo *go, GanderTime end, gboolean open_end);
void gander_spans_close_mark (GanderSpans *self, GanderTime end, gboolean open_end);

G_END_DECLS
