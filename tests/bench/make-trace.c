/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a Go trace of any size without Go: a small scheduler plays goroutines on processors and
 * threads, and every event of theirs goes into the file. The same words make the same bytes.
 *
 * Usage: make-trace [--shape http|pool|many|mixed] [--bytes N] [--seed N] FILE
 */
#include "tests/bench/trace-deeds.h"

#define MAX_ALIVE 1000000

static const Shape shapes[] = {
  { "http", 500, 16, 2000, { 12, 12, 30, 20, 25, 1, 0 } },
  { "pool", 1000, 64, 64, { 0, 0, 45, 40, 3, 12, 0 } },
  { "many", 100, 16, MAX_ALIVE, { 50, 1, 30, 10, 2, 1, 0 } },
  { "mixed", 500, 200, 3000, { 5, 5, 30, 20, 12, 8, 20 } },
};

/* Returns: a thread with nothing to do, or -1. */
static int
find_idle_thread (Run *run)
{
  guint first = run_below (run, TRACE_FILE_THREADS);

  for (guint i = 0; i < TRACE_FILE_THREADS; i++)
    {
      const Thread *thread = &run->threads[(first + i) % TRACE_FILE_THREADS];
      if (thread->go < 0 && thread->proc < 0)
        return (int)((first + i) % TRACE_FILE_THREADS);
    }
  return -1;
}

static void
start_proc (Run *run, guint number)
{
  Proc *proc = &run->procs[number];
  int thread = find_idle_thread (run);

  if (thread < 0 || (run->ready->len == 0 && run_below (run, 8) != 0))
    return;
  TELL (run, (guint)thread, PROC_START, number, ++proc->sequence);
  proc->thread = thread;
  run->threads[thread].proc = (int)number;
}

/* Back from a system call, or the processor is gone while it lasts. */
static void
return_from_syscall (Run *run, guint number)
{
  Proc *proc = &run->procs[number];
  guint thread = (guint)proc->thread;
  int thief = run_below (run, 8) == 0 ? find_idle_thread (run) : -1;

  if (thief < 0)
    {
      TELL (run, thread, SYSCALL_END);
      run_get_go (run, run->threads[thread].go)->state = RUNNING;
      return;
    }
  TELL (run, (guint)thief, PROC_STEAL, number, ++proc->sequence, trace_file_thread (thread));
  run->threads[thread].proc = -1;
  proc->thread = -1;
}

static void
find_work (Run *run, guint thread)
{
  if (run->ready->len > 0)
    {
      gint64 row = run_take_any (run, run->ready);
      Go *go = run_get_go (run, row);
      run_tell_go (run, thread, row);
      TELL (run, thread, GO_START, go->id, ++go->sequence);
      go->state = RUNNING;
      run->threads[thread].go = row;
    }
  else if (run->waiting->len > 0 && run_below (run, 4) != 0)
    run_unblock (run, thread, NULL);
  else
    {
      TELL (run, thread, PROC_STOP);
      run->procs[run->threads[thread].proc].thread = -1;
      run->threads[thread].proc = -1;
    }
}

static void
step (Run *run)
{
  guint number = run_below (run, PROCS);
  guint other = run_below (run, TRACE_FILE_THREADS);
  int thread = run->procs[number].thread;

  run->steps++;
  if (run->threads[other].go >= 0 && run->threads[other].proc < 0)
    {
      TELL (run, other, SYSCALL_END_BLOCKED);
      run_leave (run, other, RUNNABLE, run->ready);
    }
  else if (thread < 0)
    start_proc (run, number);
  else if (run->threads[thread].go < 0)
    find_work (run, (guint)thread);
  else if (run_get_go (run, run->threads[thread].go)->state == IN_SYSCALL)
    return_from_syscall (run, number);
  else
    run_act (run, (guint)thread);
}

/* As ProcStatus writes it. */
static guint64
status_of_proc (Run *run, const Proc *proc)
{
  gint64 row = proc->thread < 0 ? -1 : run->threads[proc->thread].go;

  if (proc->thread < 0)
    return 2;
  return row >= 0 && run_get_go (run, row)->state == IN_SYSCALL ? 3 : 1;
}

static void
begin_generation (Run *run)
{
  trace_file_begin_generation (run->file);
  for (guint i = 0; i < PROCS; i++)
    {
      Proc *proc = &run->procs[i];
      EVENT (run->file,
             (guint)MAX (proc->thread, 0),
             1,
             PROC_STATUS,
             i,
             status_of_proc (run, proc));
      proc->sequence = 0;
    }
  for (guint i = 0; i < TRACE_FILE_THREADS; i++)
    if (run->threads[i].go >= 0)
      run_tell_go (run, i, run->threads[i].go);
  run->told_procs = FALSE;
}

/* Goroutines that did nothing are told of at its end. */
static void
end_generation (Run *run)
{
  for (guint i = 0; i < run->gos->len; i++)
    if (run_get_go (run, i)->state != DEAD)
      run_tell_go (run, TRACE_FILE_NOBODY, i);
  trace_file_end_generation (run->file);
}

static void
play (Run *run, guint64 bytes)
{
  while (run->file->bytes < bytes)
    {
      guint64 begin = run->file->now;
      guint64 before = run->file->bytes;

      begin_generation (run);
      do
        step (run);
      while (run_is_collecting (run) || (run->file->now - begin < TRACE_FILE_FREQUENCY &&
                                         run->file->bytes - before < MAX (bytes / 4, 65536)));
      end_generation (run);
    }
}

static gboolean
make (const Shape *shape, guint64 bytes, guint64 seed, FILE *stream)
{
  TraceFile file;
  Run run = { .file = &file,
              .shape = shape,
              /* Neighbouring seeds shall have nothing in common, and nought is no state. */
              .random = (seed + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15),
              .gos = g_array_new (FALSE, FALSE, sizeof (Go)),
              .dead = g_array_new (FALSE, FALSE, sizeof (guint32)),
              .waiting = g_array_new (FALSE, FALSE, sizeof (guint32)),
              .ready = g_array_new (FALSE, FALSE, sizeof (guint32)),
              .next_id = 1,
              .heap = 4 << 20 };
  gboolean good = FALSE;

  run.most = (guint)CLAMP (bytes / shape->bytes_each, shape->least, shape->most);
  for (guint i = 0; i < PROCS; i++)
    run.procs[i].thread = -1;
  for (guint i = 0; i < TRACE_FILE_THREADS; i++)
    run.threads[i] = (Thread){ .proc = -1, .go = -1 };
  run.threads[0] = (Thread){ .proc = 0, .go = run_new_go (&run, 0, RUNNING) };
  run.procs[0].thread = 0;
  for (guint i = 1; i < shape->least; i++)
    run_put_row (run.waiting, run_new_go (&run, 1 + i % (TRACE_FILE_ROLES - 1), WAITING));
  trace_file_init (&file, stream);
  play (&run, bytes);
  good = !file.failed;
  trace_file_clear (&file);
  g_array_unref (run.gos);
  g_array_unref (run.dead);
  g_array_unref (run.waiting);
  g_array_unref (run.ready);
  return good;
}

static const Shape *
find_shape (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (g_str_equal (shapes[i].name, name))
      return &shapes[i];
  return NULL;
}

int
main (int argc, char *argv[])
{
  g_autofree char *name = NULL;
  gint64 bytes = 10000000;
  gint64 seed = 1;
  const GOptionEntry entries[] = {
    { "shape", 0, 0, G_OPTION_ARG_STRING, &name, "http, pool, many or mixed", "SHAPE" },
    { "bytes", 0, 0, G_OPTION_ARG_INT64, &bytes, "About as large", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Another one of the same shape", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) options = g_option_context_new ("FILE");
  g_autoptr (GError) error = NULL;
  const Shape *shape = NULL;
  FILE *stream = NULL;
  gboolean good = FALSE;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  shape = find_shape (name != NULL ? name : "mixed");
  stream = argc == 2 && shape != NULL && bytes > 0 ? fopen (argv[1], "wb") : NULL;
  if (stream == NULL)
    {
      g_autofree char *help = g_option_context_get_help (options, TRUE, NULL);
      g_printerr ("%s", help);
      return 2;
    }
  good = make (shape, (guint64)bytes, (guint64)seed, stream);
  if (fclose (stream) != 0 || !good)
    {
      g_printerr ("%s: could not be written\n", argv[1]);
      return 1;
    }
  return 0;
}
