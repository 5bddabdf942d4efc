/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/random-trace.h"

#include "reader/index-data.h"
#include "reader/index-write.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_PROCS    4
#define MAX_THREADS  GANDER_RANDOM_THREADS
#define FIRST_THREAD GANDER_RANDOM_FIRST_THREAD
#define N_REASONS    5

typedef enum
{
  DEAD,
  RUNNABLE,
  RUNNING,
  WAITING,
  IN_SYSCALL,
} State;

typedef struct
{
  gint64 id;
  guint life; /* in lives */
  State state;
  int proc;   /* -1 = none */
  int thread; /* -1 = none */
  gboolean assist;
  guint depth; /* of regions */
} Go;

typedef struct
{
  GanderRandomTrace *trace;
  GRand *random;
  GanderTime now;
  GArray *gos;                /* Go */
  int proc_go[MAX_PROCS];     /* index in gos, -1 = none */
  int proc_thread[MAX_PROCS]; /* -1 = idle */
  int thread_go[MAX_THREADS];
  int thread_proc[MAX_THREADS];
  gint32 steadiness; /* of processors */
  guint max_alive;
  guint n_alive;
  gint64 next_id;
  GArray *dead_ids;
  GanderStringId reasons[N_REASONS];
  GanderStringId gosched, preempted, assist, region;
  GanderStackId stacks[4];
} Run;

static Go *
get_go (Run *run, int i)
{
  return &g_array_index (run->gos, Go, i);
}

static gint32
below (Run *run, gint32 n)
{
  return g_rand_int_range (run->random, 0, n);
}

static void
step_time (Run *run)
{
  gint32 kind = below (run, 100);

  run->now += kind < 80 ? 1 + below (run, 400) : kind < 99 ? 1 + below (run, 50000) : 3000000;
}

static GanderEvent *
emit (Run *run, GanderEventKind kind, int thread)
{
  GanderEvent event = {
    .time = run->now, .kind = (guint8)kind, .thread = -1, .proc = -1, .goroutine = -1, .id = -1
  };

  if (thread >= 0)
    {
      event.thread = FIRST_THREAD + thread;
      if (run->thread_proc[thread] >= 0)
        event.proc = run->thread_proc[thread];
      if (run->thread_go[thread] >= 0)
        event.goroutine = get_go (run, run->thread_go[thread])->id;
    }
  g_array_append_val (run->trace->events, event);
  return &g_array_index (run->trace->events, GanderEvent, run->trace->events->len - 1);
}

static GanderEvent *
emit_go (Run *run, int thread, gint64 id, GanderGoState from, GanderGoState to)
{
  GanderEvent *event = emit (run, GANDER_EVENT_TRANSITION, thread);

  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = id;
  event->from = (guint8)from;
  event->to = (guint8)to;
  return event;
}

static void
emit_proc (Run *run, int thread, int proc, GanderGoState from, GanderGoState to)
{
  GanderEvent *event = emit (run, GANDER_EVENT_TRANSITION, thread);

  event->resource = GANDER_RESOURCE_PROC;
  event->id = proc;
  event->from = (guint8)from;
  event->to = (guint8)to;
}

static GanderTrueSpan *
note (Run *run, const Go *go, GanderTime begin, GanderState state)
{
  GArray *spans = g_array_index (run->trace->lives, GanderTrueLife, go->life).spans;
  GanderTrueSpan span = { .begin = begin, .state = state, .by = -1 };

  g_array_append_val (spans, span);
  return &g_array_index (spans, GanderTrueSpan, spans->len - 1);
}

static int
new_go (Run *run, gint64 id, gboolean existed, gint64 parent)
{
  Go go = { .id = id, .life = run->trace->lives->len, .proc = -1, .thread = -1 };
  GanderTrueLife life = {
    .id = id, .life = 1, .existed = existed, .parent = parent, .begin = existed ? 0 : run->now
  };

  for (guint i = 0; i < run->trace->lives->len; i++)
    life.life += g_array_index (run->trace->lives, GanderTrueLife, i).id == id;
  life.spans = g_array_new (FALSE, FALSE, sizeof (GanderTrueSpan));
  g_array_append_val (run->trace->lives, life);
  g_array_append_val (run->gos, go);
  run->n_alive++;
  return (int)run->gos->len - 1;
}

static void
leave (Run *run, int i)
{
  Go *go = get_go (run, i);

  if (go->proc >= 0)
    run->proc_go[go->proc] = -1;
  if (go->thread >= 0)
    run->thread_go[go->thread] = -1;
  go->proc = go->thread = -1;
}

static GanderState
running_state (const Go *go)
{
  return go->assist ? GANDER_STATE_GC_ASSIST : GANDER_STATE_RUNNING;
}

static void
do_start (Run *run, int i)
{
  for (int p = 0; p < MAX_PROCS; p++)
    if (run->proc_thread[p] >= 0 && run->proc_go[p] < 0 && run->thread_go[run->proc_thread[p]] < 0)
      {
        Go *go = get_go (run, i);
        emit_go (run, run->proc_thread[p], go->id, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING);
        go->state = RUNNING;
        go->proc = p;
        go->thread = run->proc_thread[p];
        run->proc_go[p] = run->thread_go[go->thread] = i;
        note (run, go, run->now, running_state (go));
        return;
      }
}

static void
do_create (Run *run, int i)
{
  gint64 id = run->next_id;
  GanderEvent *event = NULL;
  int new = 0;

  if (run->n_alive >= run->max_alive)
    return;
  if (run->dead_ids->len > 0 && below (run, 4) == 0)
    {
      id = g_array_index (run->dead_ids, gint64, run->dead_ids->len - 1);
      g_array_set_size (run->dead_ids, run->dead_ids->len - 1);
    }
  else
    run->next_id++;
  event = emit_go (run, get_go (run, i)->thread, id, GANDER_GO_NOT_EXIST, GANDER_GO_RUNNABLE);
  event->wire = 14;
  event->stack = run->stacks[below (run, 4)];
  event->resource_stack = run->stacks[below (run, 4)];
  new = new_go (run, id, FALSE, get_go (run, i)->id);
  get_go (run, new)->state = RUNNABLE;
  run->trace->n_wakeups++;
  *note (run, get_go (run, new), run->now, GANDER_STATE_RUNNABLE) =
      (GanderTrueSpan){ .begin = run->now,
                        .state = GANDER_STATE_RUNNABLE,
                        .cause = GANDER_CAUSE_CREATED,
                        .by = get_go (run, i)->id };
}

static void
do_block (Run *run, int i)
{
  Go *go = get_go (run, i);
  GanderEvent *event = emit_go (run, go->thread, go->id, GANDER_GO_RUNNING, GANDER_GO_WAITING);

  event->name = run->reasons[below (run, N_REASONS)];
  event->stack = event->resource_stack = run->stacks[below (run, 4)];
  note (run, go, run->now, GANDER_STATE_BLOCKED)->reason = event->name;
  leave (run, i);
  go->state = WAITING;
}

static void
do_unblock (Run *run, int i)
{
  int p = below (run, MAX_PROCS);
  int waker = run->proc_go[p];
  Go *go = get_go (run, i);
  GanderEvent *event = NULL;
  GanderTrueSpan *span = NULL;

  if (waker >= 0 && get_go (run, waker)->state != RUNNING)
    waker = -1;
  event = emit_go (run,
                   waker < 0 ? -1 : get_go (run, waker)->thread,
                   go->id,
                   GANDER_GO_WAITING,
                   GANDER_GO_RUNNABLE);
  event->wire = 21;
  span = note (run, go, run->now, GANDER_STATE_RUNNABLE);
  span->cause = GANDER_CAUSE_WOKEN;
  if (waker >= 0)
    {
      span->by = get_go (run, waker)->id;
      run->trace->n_wakeups++;
    }
  go->state = RUNNABLE;
}

static void
do_stop (Run *run, int i)
{
  Go *go = get_go (run, i);
  gboolean yields = below (run, 2) == 0;
  GanderEvent *event = emit_go (run, go->thread, go->id, GANDER_GO_RUNNING, GANDER_GO_RUNNABLE);

  event->name = yields ? run->gosched : run->preempted;
  note (run, go, run->now, GANDER_STATE_RUNNABLE)->cause =
      yields ? GANDER_CAUSE_YIELDED : GANDER_CAUSE_PREEMPTED;
  leave (run, i);
  go->state = RUNNABLE;
}

static void
do_syscall (Run *run, int i)
{
  Go *go = get_go (run, i);

  emit_go (run, go->thread, go->id, GANDER_GO_RUNNING, GANDER_GO_SYSCALL)->stack =
      run->stacks[below (run, 4)];
  note (run, go, run->now, GANDER_STATE_SYSCALL);
  go->state = IN_SYSCALL;
}

/* Takes the processor away from the goroutine in a system call. */
static void
do_steal (Run *run, int i)
{
  Go *go = get_go (run, i);
  int p = go->proc;

  if (p < 0)
    return;
  emit_proc (run, -1, p, GANDER_GO_RUNNING, GANDER_PROC_IDLE);
  note (run, go, run->now, GANDER_STATE_SYSCALL_BLOCKED);
  run->thread_proc[go->thread] = -1;
  run->proc_thread[p] = run->proc_go[p] = -1;
  go->proc = -1;
}

static void
do_return (Run *run, int i)
{
  Go *go = get_go (run, i);

  if (go->proc >= 0)
    {
      emit_go (run, go->thread, go->id, GANDER_GO_SYSCALL, GANDER_GO_RUNNING);
      note (run, go, run->now, running_state (go));
      go->state = RUNNING;
      return;
    }
  emit_go (run, go->thread, go->id, GANDER_GO_SYSCALL, GANDER_GO_RUNNABLE);
  note (run, go, run->now, GANDER_STATE_RUNNABLE)->cause = GANDER_CAUSE_SYSCALL;
  leave (run, i);
  go->state = RUNNABLE;
}

static void
do_end (Run *run, int i)
{
  Go *go = get_go (run, i);
  GanderTrueLife *life = &g_array_index (run->trace->lives, GanderTrueLife, go->life);

  emit_go (run, go->thread, go->id, GANDER_GO_RUNNING, GANDER_GO_NOT_EXIST);
  life->end = run->now;
  leave (run, i);
  go->state = DEAD;
  run->n_alive--;
  g_array_append_val (run->dead_ids, go->id);
}

static void
do_assist (Run *run, int i)
{
  Go *go = get_go (run, i);
  GanderEvent *event =
      emit (run, go->assist ? GANDER_EVENT_RANGE_END : GANDER_EVENT_RANGE_BEGIN, go->thread);

  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = go->id;
  event->name = run->assist;
  go->assist = !go->assist;
  note (run, go, run->now, running_state (go));
}

static void
do_region (Run *run, int i)
{
  Go *go = get_go (run, i);
  gboolean end = go->depth > 0 && below (run, 2) == 0;
  GanderEvent *event =
      emit (run, end ? GANDER_EVENT_REGION_END : GANDER_EVENT_REGION_BEGIN, go->thread);

  event->id = 0;
  event->name = run->region;
  go->depth += end ? -1 : 1;
  run->trace->n_regions += !end;
}

static void
do_proc (Run *run)
{
  int p = below (run, MAX_PROCS);
  int t = below (run, MAX_THREADS);

  if (run->proc_thread[p] < 0 && run->thread_proc[t] < 0 && run->thread_go[t] < 0)
    {
      emit_proc (run, t, p, GANDER_PROC_IDLE, GANDER_GO_RUNNING);
      run->proc_thread[p] = t;
      run->thread_proc[t] = p;
    }
  else if (run->proc_thread[p] >= 0 && run->proc_go[p] < 0 &&
           run->thread_go[run->proc_thread[p]] < 0)
    {
      emit_proc (run, run->proc_thread[p], p, GANDER_GO_RUNNING, GANDER_PROC_IDLE);
      run->thread_proc[run->proc_thread[p]] = -1;
      run->proc_thread[p] = -1;
    }
}

/* Notes what the threads do now, where that is another thing. */
static void
note_threads (Run *run, GanderTime time)
{
  for (int t = 0; t < MAX_THREADS; t++)
    {
      GArray *shows = run->trace->threads[t];
      GanderTrueShow show = { .begin = time, .goroutine = -1 };
      const GanderTrueShow *last =
          shows->len > 0 ? &g_array_index (shows, GanderTrueShow, shows->len - 1) : NULL;
      if (run->thread_go[t] >= 0)
        {
          const Go *go = get_go (run, run->thread_go[t]);
          show.goroutine = go->id;
          show.state = go->state != IN_SYSCALL ? running_state (go)
                       : go->proc >= 0         ? GANDER_STATE_SYSCALL
                                               : GANDER_STATE_SYSCALL_BLOCKED;
        }
      else if (run->thread_proc[t] >= 0)
        show.state = GANDER_STATE_SCHEDULING;
      if (last == NULL || last->state != show.state || last->goroutine != show.goroutine)
        g_array_append_val (shows, show);
    }
}

static void
act (Run *run)
{
  static void (*const running[]) (Run *, int) = { do_create,  do_block, do_block,  do_stop,
                                                  do_syscall, do_end,   do_assist, do_region };
  int i = below (run, (gint32)run->gos->len);
  State state = get_go (run, i)->state;

  /* The dead pile up: look for a live one near by. */
  for (guint tries = 0; state == DEAD && tries < run->gos->len; tries++)
    {
      i = (i + 1) % (int)run->gos->len;
      state = get_go (run, i)->state;
    }
  step_time (run);
  if (below (run, 8 * run->steadiness) == 0 || state == DEAD)
    do_proc (run);
  else if (state == RUNNABLE)
    do_start (run, i);
  else if (state == RUNNING && (run->n_alive > 2 || below (run, 2) == 0))
    running[below (run, G_N_ELEMENTS (running))](run, i);
  else if (state == RUNNING)
    do_create (run, i);
  else if (state == WAITING)
    do_unblock (run, i);
  else if (below (run, 3 * run->steadiness) == 0)
    do_steal (run, i);
  else
    do_return (run, i);
  note_threads (run, run->now);
}

/* Statuses of what was there before: some processors run, some goroutines wait. */
static void
begin (Run *run)
{
  GanderStringId unknown = gander_dictionary_intern_string (run->trace->dictionary, "(unknown)", 9);

  emit (run, GANDER_EVENT_SYNC, -1);
  for (int p = 0; p < MAX_PROCS; p++)
    {
      run->now++;
      if (p % 2 == 0)
        {
          run->proc_thread[p] = p;
          run->thread_proc[p] = p;
        }
      emit_proc (run,
                 p % 2 == 0 ? p : -1,
                 p,
                 GANDER_GO_UNDETERMINED,
                 p % 2 == 0 ? GANDER_GO_RUNNING : GANDER_PROC_IDLE);
    }
  for (int i = 0; i < 3; i++)
    {
      int go = new_go (run, run->next_id++, TRUE, -1);
      run->now++;
      get_go (run, go)->state = i == 0 ? RUNNING : i == 1 ? WAITING : RUNNABLE;
      emit_go (run,
               i == 0 ? 0 : -1,
               get_go (run, go)->id,
               GANDER_GO_UNDETERMINED,
               i == 0   ? GANDER_GO_RUNNING
               : i == 1 ? GANDER_GO_WAITING
                        : GANDER_GO_RUNNABLE);
      if (i == 0)
        {
          get_go (run, go)->proc = get_go (run, go)->thread = 0;
          run->proc_go[0] = run->thread_go[0] = go;
        }
      note (run,
            get_go (run, go),
            0,
            i == 0   ? GANDER_STATE_RUNNING
            : i == 1 ? GANDER_STATE_BLOCKED
                     : GANDER_STATE_RUNNABLE)
          ->reason = i == 1 ? unknown : 0;
    }
}

static GanderStringId
text (Run *run, const char *bytes)
{
  return gander_dictionary_intern_string (run->trace->dictionary, bytes, strlen (bytes));
}

static void
set_up (Run *run)
{
  static const char *const reasons[N_REASONS] = {
    "chan receive", "sync", "select", "network", "sleep"
  };

  for (guint i = 0; i < N_REASONS; i++)
    run->reasons[i] = text (run, reasons[i]);
  run->gosched = text (run, "runtime.Gosched");
  run->preempted = text (run, "preempted");
  run->assist = text (run, "GC mark assist");
  run->region = text (run, "a region");
  for (guint i = 0; i < G_N_ELEMENTS (run->stacks); i++)
    {
      g_autofree char *function = g_strdup_printf ("main.f%u", i);
      GanderFrame frames[2] = { { .function = text (run, "main.leaf"), .line = i },
                                { .function = text (run, function), .line = 10 + i } };
      run->stacks[i] = gander_dictionary_intern_stack (run->trace->dictionary, frames, 2);
    }
  for (int i = 0; i < MAX_PROCS; i++)
    run->proc_go[i] = run->proc_thread[i] = -1;
  for (int i = 0; i < MAX_THREADS; i++)
    run->thread_go[i] = run->thread_proc[i] = -1;
}

static GanderRandomTrace *
play (guint32 seed, guint n_goroutines, guint n_steps, gint32 steadiness)
{
  GanderRandomTrace *self = g_new0 (GanderRandomTrace, 1);
  Run run = { .trace = self,
              .random = g_rand_new_with_seed (seed),
              .steadiness = steadiness,
              .max_alive = n_goroutines,
              .next_id = 1 };

  self->dictionary = gander_dictionary_new ();
  self->events = g_array_new (FALSE, FALSE, sizeof (GanderEvent));
  self->lives = g_array_new (FALSE, FALSE, sizeof (GanderTrueLife));
  self->n_procs = MAX_PROCS;
  for (guint i = 0; i < MAX_THREADS; i++)
    self->threads[i] = g_array_new (FALSE, FALSE, sizeof (GanderTrueShow));
  run.gos = g_array_new (FALSE, FALSE, sizeof (Go));
  run.dead_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  set_up (&run);
  begin (&run);
  note_threads (&run, 0);
  for (guint i = 0; i < n_steps; i++)
    act (&run);
  run.now += 10;
  emit (&run, GANDER_EVENT_SYNC, -1);
  self->duration = run.now;
  for (guint i = 0; i < run.gos->len; i++)
    if (get_go (&run, (int)i)->state != DEAD)
      {
        GanderTrueLife *life =
            &g_array_index (self->lives, GanderTrueLife, get_go (&run, (int)i)->life);
        life->alive = TRUE;
        life->end = run.now;
      }
  g_array_unref (run.gos);
  g_array_unref (run.dead_ids);
  g_rand_free (run.random);
  return self;
}

GanderRandomTrace *
gander_random_trace_new (guint32 seed, guint n_goroutines, guint n_steps)
{
  return play (seed, n_goroutines, n_steps, 1);
}

GanderRandomTrace *
gander_random_trace_new_steady (guint32 seed, guint n_goroutines, guint n_steps)
{
  return play (seed, n_goroutines, n_steps, 125);
}

void
gander_random_trace_free (GanderRandomTrace *self)
{
  for (guint i = 0; i < MAX_THREADS; i++)
    g_array_unref (self->threads[i]);
  for (guint i = 0; i < self->lives->len; i++)
    g_array_unref (g_array_index (self->lives, GanderTrueLife, i).spans);
  g_array_unref (self->lives);
  g_array_unref (self->events);
  gander_dictionary_free (self->dictionary);
  g_free (self);
}

GanderIndex *
gander_build_events (GanderDictionary *dictionary, const GanderEvent *events, gsize n, int fd)
{
  int own = fd < 0 ? memfd_create ("events", MFD_CLOEXEC) : fd;
  g_auto (GanderIndexFile) file = { 0 };
  g_auto (GanderSpans) spans = { 0 };
  GanderTraceInfo info = { .version = 26 };
  GanderIdentity identity = { 0 };
  GanderIndex *index = NULL;
  g_autoptr (GError) error = NULL;
  GanderTime duration = 0;

  gander_index_file_init (&file, own);
  gander_spans_init (&spans, &file, dictionary, NULL);
  gander_index_file_begin (&file, GANDER_SECTION_BLOCKS);
  for (gsize i = 0; i < n; i++)
    gander_spans_add (&spans, &events[i]);
  duration = gander_spans_finish (&spans);
  g_assert_true (gander_index_write (&spans, duration, &info, &identity, 1, NULL, NULL, &error));
  g_assert_no_error (error);
  index = gander_index_open_fd (own, "events", NULL, &error);
  g_assert_no_error (error);
  if (fd < 0)
    close (own);
  return index;
}

GanderIndex *
gander_random_trace_build (GanderRandomTrace *self, int fd)
{
  return gander_build_events (self->dictionary,
                              (const GanderEvent *)(gpointer)self->events->data,
                              self->events->len,
                              fd);
}
