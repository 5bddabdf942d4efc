/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/trace-deeds.h"

#define MEAN_GAP      18        /* units between two events */
#define LONG_GAP      20000     /* now and then */
#define WORK          150       /* units that a part of a collection takes */
#define LONGEST_QUEUE 64        /* of runnable goroutines, before no more are made so */
#define GC_EVERY      (1 << 17) /* steps between two collections */
#define GC_STEPS      (1 << 13) /* steps that one takes */
#define MAX_DEPTH     2         /* of regions */

guint
run_below (Run *run, guint n)
{
  run->random ^= run->random << 13;
  run->random ^= run->random >> 7;
  run->random ^= run->random << 17;
  return (guint)((run->random >> 24) % n);
}

void
run_tell (Run *run, guint thread, guint n, const guint64 *numbers)
{
  guint64 gap = 1 + run_below (run, 2 * MEAN_GAP - 1);

  trace_file_event (run->file, thread, run_below (run, 4096) == 0 ? LONG_GAP : gap, n, numbers);
}

Go *
run_get_go (Run *run, gint64 row)
{
  return &g_array_index (run->gos, Go, row);
}

static guint64
stack_at (Run *run, const Go *go, TraceFileSite site)
{
  return trace_file_stack (go->role, site, run_below (run, 4));
}

gint64
run_take_any (Run *run, GArray *rows)
{
  guint i = run_below (run, rows->len);
  guint32 row = g_array_index (rows, guint32, i);

  g_array_remove_index_fast (rows, i);
  return row;
}

void
run_put_row (GArray *rows, gint64 row)
{
  guint32 number = (guint32)row;

  g_array_append_val (rows, number);
}

void
run_tell_go (Run *run, guint thread, gint64 row)
{
  Go *go = run_get_go (run, row);
  guint64 owner = TRACE_BUILDER_NO_THREAD;

  if (go->seen == run->file->generation)
    return;
  if (go->state == RUNNING || go->state == IN_SYSCALL)
    owner = trace_file_thread (thread);
  if (go->state == WAITING)
    EVENT (run->file,
           thread,
           1,
           GO_STATUS_STACK,
           go->id,
           owner,
           go->state,
           trace_file_stack (go->role, go->site, 0));
  else
    EVENT (run->file, thread, 1, GO_STATUS, go->id, owner, go->state);
  go->seen = run->file->generation;
  go->sequence = 0;
}

gint64
run_new_go (Run *run, guint role, State state)
{
  Go go = { .id = run->next_id++, .role = (guint8)role, .state = (guint8)state };
  gint64 row = run->gos->len;

  go.site = (guint8)(SITE_CHAN_RECEIVE + role % SITE_LAST_WAIT);
  run->n_alive++;
  if (run->dead->len > 0)
    {
      row = run_take_any (run, run->dead);
      *run_get_go (run, row) = go;
    }
  else
    g_array_append_val (run->gos, go);
  return row;
}

void
run_leave (Run *run, guint thread, State state, GArray *rows)
{
  run_get_go (run, run->threads[thread].go)->state = (guint8)state;
  run_put_row (rows, run->threads[thread].go);
  run->threads[thread].go = -1;
}

static void
do_create (Run *run, guint thread, Go *go)
{
  guint role = 1 + run_below (run, TRACE_FILE_ROLES - 1);
  guint64 stack = stack_at (run, go, SITE_GO);
  gint64 row = run_new_go (run, role, RUNNABLE);
  Go *new = run_get_go (run, row);

  TELL (run, thread, GO_CREATE, new->id, trace_file_stack (role, SITE_START, 0), stack);
  new->seen = run->file->generation;
  run_put_row (run->ready, row);
}

static guint64
region_text (Run *run, const Go *go)
{
  return trace_file_text (run->file, go->depth == 0 ? TEXT_REGION : TEXT_REGION_WITHIN);
}

static void
end_region (Run *run, guint thread, Go *go)
{
  guint64 stack = stack_at (run, go, SITE_ANNOTATE);

  go->depth--;
  TELL (run, thread, REGION_END, go->task, region_text (run, go), stack);
}

static void
end_task (Run *run, guint thread, Go *go)
{
  TELL (run, thread, TASK_END, go->task, stack_at (run, go, SITE_ANNOTATE));
  go->task = 0;
}

static void
do_annotate (Run *run, guint thread, Go *go)
{
  TraceFile *file = run->file;
  guint64 stack = stack_at (run, go, SITE_ANNOTATE);

  if (go->task == 0 && go->depth == 0)
    {
      go->task = ++run->next_task;
      TELL (run, thread, TASK_BEGIN, go->task, 0, trace_file_text (file, TEXT_TASK), stack);
    }
  else if (run_below (run, 8) == 0)
    TELL (run,
          thread,
          USER_LOG,
          go->task,
          trace_file_text (file, TEXT_CATEGORY),
          trace_file_text (file, TEXT_MESSAGE),
          stack);
  else if (go->depth < MAX_DEPTH && run_below (run, 2) == 0)
    {
      TELL (run, thread, REGION_BEGIN, go->task, region_text (run, go), stack);
      go->depth++;
    }
  else if (go->depth > 0)
    end_region (run, thread, go);
  else
    end_task (run, thread, go);
}

static void
do_destroy (Run *run, guint thread, Go *go)
{
  while (go->depth > 0)
    end_region (run, thread, go);
  if (go->task != 0)
    end_task (run, thread, go);
  TELL (run, thread, GO_DESTROY);
  run->n_alive--;
  run_leave (run, thread, DEAD, run->dead);
}

static void
do_block (Run *run, guint thread, Go *go)
{
  go->site = (guint8)(SITE_CHAN_RECEIVE + run_below (run, SITE_LAST_WAIT));
  TELL (run,
        thread,
        GO_BLOCK,
        trace_file_reason (run->file, go->site),
        stack_at (run, go, go->site));
  run_leave (run, thread, WAITING, run->waiting);
}

void
run_unblock (Run *run, guint thread, const Go *by)
{
  guint64 stack = by == NULL ? 0 : stack_at (run, by, SITE_UNLOCK);
  gint64 row = run_take_any (run, run->waiting);
  Go *go = run_get_go (run, row);

  run_tell_go (run, thread, row);
  TELL (run, thread, GO_UNBLOCK, go->id, ++go->sequence, stack);
  go->state = RUNNABLE;
  run_put_row (run->ready, row);
}

static void
do_unblock (Run *run, guint thread, Go *go)
{
  run_unblock (run, thread, go);
}

static void
do_syscall (Run *run, guint thread, Go *go)
{
  Proc *proc = &run->procs[run->threads[thread].proc];

  TELL (run, thread, SYSCALL_BEGIN, ++proc->sequence, stack_at (run, go, SITE_SYSCALL));
  go->state = IN_SYSCALL;
}

static void
do_stop (Run *run, guint thread, Go *go)
{
  TraceFileSite site = run_below (run, 2) == 0 ? SITE_PREEMPTED : SITE_GOSCHED;

  TELL (run, thread, GO_STOP, trace_file_reason (run->file, site), stack_at (run, go, site));
  run_leave (run, thread, RUNNABLE, run->ready);
}

static void (*const deeds[N_DEEDS]) (Run *run, guint thread, Go *go) = {
  [DO_CREATE] = do_create,     [DO_DESTROY] = do_destroy, [DO_BLOCK] = do_block,
  [DO_UNBLOCK] = do_unblock,   [DO_SYSCALL] = do_syscall, [DO_STOP] = do_stop,
  [DO_ANNOTATE] = do_annotate,
};

/* Anything by its weight that is possible now. */
static Deed
choose (Run *run, const Go *go)
{
  guint sum = 0;
  guint at = 0;
  guint deed = 0;

  for (guint i = 0; i < N_DEEDS; i++)
    sum += run->shape->weights[i];
  at = run_below (run, sum);
  while (at >= run->shape->weights[deed])
    at -= run->shape->weights[deed++];
  if ((deed == DO_UNBLOCK && run->waiting->len == 0) ||
      (deed == DO_CREATE && run->n_alive >= run->most) ||
      (deed == DO_DESTROY && (run->n_alive <= run->shape->least || go->role == 0)))
    deed = DO_BLOCK;
  if ((deed == DO_UNBLOCK || deed == DO_CREATE) && run->ready->len >= LONGEST_QUEUE)
    deed = DO_BLOCK;
  return deed;
}

static void
stop_the_world (Run *run, guint thread, const Go *go, TraceFileText text)
{
  TELL (run,
        thread,
        STW_BEGIN,
        trace_file_text (run->file, text),
        stack_at (run, go, SITE_ALLOCATE));
}

/* A collection begins or ends; in between, goroutines assist and processors sweep after it. */
static void
collect (Run *run, guint thread, const Go *go)
{
  TraceFile *file = run->file;
  guint64 number = ++run->collections;
  gboolean begins = number % 2 == 1;

  stop_the_world (run, thread, go, begins ? TEXT_STW_BEGIN : TEXT_STW_END);
  if (begins)
    TELL (run, thread, GC_BEGIN, number, stack_at (run, go, SITE_ALLOCATE));
  else
    {
      TELL (run, thread, GC_END, number);
      run->heap /= 2;
      TELL (run, thread, HEAP_GOAL, run->heap * 2);
    }
  EVENT (file, thread, WORK, STW_END);
  run->steps = 0;
}

gboolean
run_is_collecting (const Run *run)
{
  return run->collections % 2 == 1;
}

static void
allocate (Run *run, guint thread, const Go *go)
{
  TraceFile *file = run->file;
  guint64 stack = stack_at (run, go, SITE_ALLOCATE);
  gboolean assists = run_is_collecting (run);

  run->heap += 8192;
  TELL (run, thread, HEAP_ALLOC, run->heap);
  if (run_below (run, 4) != 0)
    return;
  TELL (run, thread, assists ? ASSIST_BEGIN : SWEEP_BEGIN, stack);
  if (assists)
    EVENT (file, thread, WORK, ASSIST_END);
  else
    EVENT (file, thread, WORK, SWEEP_END, 65536, 8192);
}

void
run_act (Run *run, guint thread)
{
  Go *go = run_get_go (run, run->threads[thread].go);

  if (!run->told_procs)
    {
      EVENT (run->file, thread, 1, PROCS_CHANGE, PROCS, stack_at (run, go, SITE_START));
      run->told_procs = TRUE;
    }
  else if (run->steps > (run_is_collecting (run) ? GC_STEPS : GC_EVERY))
    collect (run, thread, go);
  else if (run_below (run, 64) == 0)
    allocate (run, thread, go);
  else
    deeds[choose (run, go)](run, thread, go);
}
