/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader.h"
#include "tests/support/folder.h"
#include "tests/support/trace-builder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How often a load tells how far it is, and how soon it ends when it is cancelled. Both are
 * measured in the processor time of the loading thread, which does not depend on what else the
 * machine does, and as a share of the whole load, which does not depend on how fast it is. A step
 * that tells nothing is more than a tenth of it; what a table takes to grow is two hundredths.
 *
 * Another thread looks at the progress all the time, as the window does now and then. When it is
 * held up it sees less silence than there was, never more. GANDER_TEST_TRACE names another trace,
 * whose times are only printed.
 */

#define N_LOOPS     150000
#define N_CANCELS   12
#define MAX_SILENCE 0.05
#define MAX_CANCEL  0.03
#define LOOK_US     50
/* At each place: what else the machine does makes a thread slower, never faster. */
#define MOST_TRIES 5
/* Real time, so with room for a machine that does something else. */
#define MAX_PIPE_NS (300 * 1000 * 1000)

typedef struct
{
  GanderProgress progress;
  clockid_t clock; /* of the loading thread */
  gint stop;

  /* When to cancel. */
  GCancellable *cancellable; /* (nullable) */
  double cancel_at;          /* fraction */
  gint64 cancelled;          /* when, by @clock; 0 = not yet */
  gint64 cancelled_wall;
  GanderPhase cancelled_in;

  /* What was seen. */
  gint64 longest[GANDER_PHASE_DONE + 1];
  gint64 longest_wall[GANDER_PHASE_DONE + 1];
  double longest_at[GANDER_PHASE_DONE + 1];
  guint n_changes[GANDER_PHASE_DONE + 1];
} Watch;

static gint64
read_clock (clockid_t clock)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (clock, &time), ==, 0);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

static gboolean
has_changed (const GanderProgress *before, const GanderProgress *after)
{
  return before->phase != after->phase || before->done != after->done ||
         before->events != after->events || before->received != after->received;
}

static GanderProgress
look (GanderProgress *progress)
{
  return (GanderProgress){ .phase = (gint)gander_progress_get_phase (progress),
                           .done = (gint)(gander_progress_get_fraction (progress) * 1e6 + 0.5),
                           .events = gander_progress_get_events (progress),
                           .received = gander_progress_get_received (progress) };
}

static gpointer
watch_cb (gpointer data)
{
  Watch *self = data;
  GanderProgress last = look (&self->progress);
  gint64 since = read_clock (self->clock);
  gint64 since_wall = read_clock (CLOCK_MONOTONIC);

  while (!g_atomic_int_get (&self->stop))
    {
      GanderProgress now = look (&self->progress);
      gint64 time = read_clock (self->clock);
      gint64 time_wall = read_clock (CLOCK_MONOTONIC);

      if (has_changed (&last, &now))
        {
          self->n_changes[now.phase]++;
          last = now;
          since = time;
          since_wall = time_wall;
        }
      else if (time - since > self->longest[now.phase])
        {
          self->longest[now.phase] = time - since;
          self->longest_wall[now.phase] = time_wall - since_wall;
          self->longest_at[now.phase] = now.done / 1e6;
        }
      if (self->cancellable != NULL && self->cancelled == 0 && now.done / 1e6 >= self->cancel_at)
        {
          self->cancelled_in = (GanderPhase)now.phase;
          self->cancelled_wall = read_clock (CLOCK_MONOTONIC);
          self->cancelled = read_clock (self->clock);
          g_cancellable_cancel (self->cancellable);
        }
      g_usleep (LOOK_US);
    }
  return NULL;
}

/* Loads with @self watching. Returns: the time it took. */
static gint64
load (Watch *self,
      const char *path,
      const GanderLoadOptions *options,
      GanderIndex **index,
      GError **error)
{
  GThread *thread = NULL;
  gint64 start = 0;
  gint64 end = 0;

  g_assert_cmpint (pthread_getcpuclockid (pthread_self (), &self->clock), ==, 0);
  thread = g_thread_new ("watch", watch_cb, self);
  start = read_clock (self->clock);
  *index = gander_load (path, options, &self->progress, self->cancellable, error);
  end = read_clock (self->clock);
  g_atomic_int_set (&self->stop, 1);
  g_thread_join (thread);
  if (self->cancelled != 0)
    g_test_message ("cancelled at %.3f, %s: %.1f ms (%.1f ms in real time)",
                    self->cancel_at,
                    gander_phase_get_label (self->cancelled_in),
                    (double)(end - self->cancelled) / 1e6,
                    (double)(read_clock (CLOCK_MONOTONIC) - self->cancelled_wall) / 1e6);
  return end - (self->cancelled != 0 ? self->cancelled : start);
}

/* Goroutines come and go, each with a task, a region and a log of its own. */
static void
put_loop (TraceBuilder *b, guint64 id, guint64 *seq)
{
  PUT (b, 14, 2, id, 0, 0);
  PUT (b, 20, 3, 0, 0);
  PUT (b, 16, 2, id, 1);
  PUT (b, 40, 1, id, 0, 0, 0);
  PUT (b, 42, 1, id, 0, 0);
  PUT (b, 44, 1, id, 0, 0, 0);
  PUT (b, 43, 1, id, 0, 0);
  PUT (b, 41, 1, id, 0);
  PUT (b, 21, 2, 1, ++*seq, 0);
  PUT (b, 17, 1);
  PUT (b, 16, 3, 1, ++*seq);
}

static GByteArray *
make_trace (void)
{
  TraceBuilder b;
  GByteArray *bytes = NULL;
  guint64 seq = 0;

  trace_builder_init (&b, 23);
  trace_builder_clock (&b, 1, 1000, 15625000);
  trace_builder_begin (&b, 1, 100, 1000);
  PUT (&b, 13, 1, 0, 1);
  PUT (&b, 25, 1, 1, 100, 2);
  for (guint64 i = 0; i < N_LOOPS; i++)
    {
      put_loop (&b, 100 + i, &seq);
      if (b.batch->len > 60000)
        {
          trace_builder_end (&b);
          trace_builder_begin (&b, 1, 100, 1020 + 18 * i);
        }
    }
  trace_builder_end (&b);
  bytes = g_steal_pointer (&b.bytes);
  trace_builder_clear (&b);
  return bytes;
}

typedef struct
{
  char *folder;
  char *cache;
  char *trace;
  gboolean by_hand;
  GanderLoadOptions options;
} Fixture;

static void
set_up (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  self->folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  self->cache = g_build_filename (self->folder, "cache", NULL);
  self->trace = g_strdup (g_getenv ("GANDER_TEST_TRACE"));
  self->by_hand = self->trace != NULL;
  self->options =
      (GanderLoadOptions){ .cache_dir = self->cache, .n_threads = self->by_hand ? 0 : 1 };
  if (!self->by_hand)
    {
      g_autoptr (GByteArray) bytes = make_trace ();
      self->trace = g_build_filename (self->folder, "trace", NULL);
      g_assert_true (
          g_file_set_contents (self->trace, (const char *)bytes->data, bytes->len, NULL));
    }
}

static void
tear_down (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  test_folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->cache);
  g_free (self->trace);
}

static void
test_silence (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;
  Watch watch = { 0 };
  double whole = (double)load (&watch, self->trace, &self->options, &index, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  for (GanderPhase phase = 0; phase < GANDER_PHASE_DONE; phase++)
    {
      g_test_message ("%s: %u changes, longest silence %.1f ms of %.0f, at %.4f (%.1f ms in real "
                      "time)",
                      gander_phase_get_label (phase),
                      watch.n_changes[phase],
                      (double)watch.longest[phase] / 1e6,
                      whole / 1e6,
                      watch.longest_at[phase],
                      (double)watch.longest_wall[phase] / 1e6);
      if (!self->by_hand)
        g_assert_cmpfloat ((double)watch.longest[phase] / whole, <, MAX_SILENCE);
    }
  g_assert_cmpuint (watch.n_changes[GANDER_PHASE_READING], >, 10);
  g_assert_cmpuint (watch.n_changes[GANDER_PHASE_WRITING], >, 5);
}

/* Cancels a load when it is so far. Returns: how long it went on, or -1 when it was done before the
 * other thread got to it. */
static double
cancel_at (Fixture *self, double fraction)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanderIndex) none = NULL;
  g_autoptr (GError) error = NULL;
  Watch cancelling = { .cancellable = cancellable, .cancel_at = fraction };
  double took = (double)load (&cancelling, self->trace, &self->options, &none, &error);

  if (none != NULL)
    return -1;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* The index from before, and no other file. */
  g_assert_cmpuint (test_folder_count (self->cache), ==, 1);
  return took;
}

/* At many places, most of them while writing: over soon, and nothing is left. */
static void
test_cancel (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GanderIndex) index = NULL;
  Watch watch = { 0 };
  double whole = (double)load (&watch, self->trace, &self->options, &index, NULL);
  guint n = self->by_hand ? 8 : N_CANCELS;
  guint n_cancelled = 0;

  g_assert_cmpuint (test_folder_count (self->cache), ==, 1);
  self->options.rebuild = TRUE;
  for (guint i = 0; i < n; i++)
    {
      double fraction = i < 4 ? 0.2 * i : 0.8 + 0.2 * (i - 4) / (n - 4);
      double took = cancel_at (self, fraction);

      if (took < 0)
        continue;
      n_cancelled++;
      if (self->by_hand)
        continue;
      for (guint try = 1; try < MOST_TRIES && took / whole >= MAX_CANCEL; try++)
        {
          double again = cancel_at (self, fraction);
          took = again < 0 ? took : MIN (took, again);
        }
      g_assert_cmpfloat (took / whole, <, MAX_CANCEL);
    }
  g_assert_cmpuint (n_cancelled, >, 3);
}

#define N_WRITES   20
#define WRITE_SIZE 1000

typedef struct
{
  const char *pipe;
  const char *trace;
  gint is_over; /* the load */
} Writer;

/* Writes a part of the trace and then nothing any more. */
static gpointer
write_slowly (gpointer data)
{
  Writer *writer = data;
  g_autofree char *bytes = NULL;
  gsize size = 0;
  int fd = g_open (writer->pipe, O_WRONLY);

  g_assert_true (g_file_get_contents (writer->trace, &bytes, &size, NULL));
  for (guint i = 0; i < N_WRITES; i++)
    {
      g_assert_cmpint (write (fd, bytes + i * WRITE_SIZE, WRITE_SIZE), ==, WRITE_SIZE);
      g_usleep (5000);
    }
  while (!g_atomic_int_get (&writer->is_over))
    g_usleep (5000);
  close (fd);
  return NULL;
}

/* When all has come, and nothing for a while. Returns: when it was cancelled. */
static gpointer
cancel_later (gpointer data)
{
  Watch *watch = data;
  gint64 time = 0;

  while (gander_progress_get_received (&watch->progress) < N_WRITES * WRITE_SIZE)
    g_usleep (5000);
  g_usleep (100000);
  time = read_clock (CLOCK_MONOTONIC);
  g_cancellable_cancel (watch->cancellable);
  return GSIZE_TO_POINTER ((gsize)time);
}

/* From a pipe that says nothing any more: what came is told, and cancelling does not wait. */
static void
test_pipe (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "pipe", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  Writer writer = { path, self->trace, FALSE };
  Watch watch = { .cancellable = cancellable, .cancel_at = 2 };
  GThread *threads[2] = { NULL };
  gint64 start = 0;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  threads[0] = g_thread_new ("writer", write_slowly, &writer);
  threads[1] = g_thread_new ("cancel", cancel_later, &watch);
  load (&watch, path, &self->options, &index, &error);
  start = GPOINTER_TO_SIZE (g_thread_join (threads[1]));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (read_clock (CLOCK_MONOTONIC) - start, <, MAX_PIPE_NS);
  g_assert_cmpuint (watch.n_changes[GANDER_PHASE_RECEIVING], >=, 5);
  g_assert_cmpuint (gander_progress_get_received (&watch.progress), ==, N_WRITES * WRITE_SIZE);
  g_assert_cmpuint (test_folder_count (self->cache), ==, 0);
  g_atomic_int_set (&writer.is_over, TRUE);
  g_thread_join (threads[0]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/reader/progress/silence", Fixture, NULL, set_up, test_silence, tear_down);
  g_test_add ("/reader/progress/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/reader/progress/pipe", Fixture, NULL, set_up, test_pipe, tear_down);
  return g_test_run ();
}
