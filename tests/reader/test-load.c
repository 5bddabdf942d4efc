/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader.h"
#include "tests/support/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* From a path to an index: errors, cancelling, progress, standard input, bytes. */

static char *
corpus (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "corpus", name, NULL);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gander_load ("/nowhere/at/all", NULL, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_not_a_trace (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gander_load_bytes ((const guint8 *)"hello, world, how are you?", 26, &error));
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_NOT_A_TRACE);
}

/* The beginning of a trace is a trace: not damaged, the same spans, and kept nowhere. */
static void
test_first_events (gconstpointer name)
{
  g_autofree char *path = corpus (name);
  g_autofree char *cache = g_dir_make_tmp ("gander-XXXXXX", NULL);
  GanderLoadOptions options = { .cache_dir = cache };
  g_autoptr (GanderIndex) whole = gander_load (path, &options, NULL, NULL, NULL);
  guint64 n = gander_index_get_facts (whole)->n_events;

  g_assert_cmpuint (test_folder_count (cache), ==, 1);
  options.rebuild = TRUE;
  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanderIndex) part = NULL;
      const GanderFacts *facts = NULL;

      options.n_events = i < 5 ? n * i / 5 : n * 2;
      part = gander_load (path, &options, NULL, NULL, &error);
      g_assert_no_error (error);
      facts = gander_index_get_facts (part);
      g_assert_cmpuint (gander_index_get_n_damage (part), ==, 0);
      /* A coroutine switch is one on the wire and three in the index. */
      g_assert_cmpuint (facts->n_events, >=, MIN (options.n_events, n));
      g_assert_cmpint (facts->n_events < n, ==, i < 5);
      g_assert_cmpint (facts->duration, <=, gander_index_get_facts (whole)->duration);
      for (GanderLaneId lane = 0; lane < facts->n_goroutines; lane++)
        {
          GanderMix ours, all;

          gander_query_mix (part, lane, 0, facts->duration - 1, &ours);
          gander_query_mix (whole, lane, 0, facts->duration - 1, &all);
          g_assert_cmpmem (&ours, sizeof ours, &all, sizeof all);
        }
    }
  g_assert_cmpuint (test_folder_count (cache), ==, 1);
  options = (GanderLoadOptions){ .cache_dir = cache };
  g_assert_true (gander_cache_trim (cache, 0, NULL, NULL, NULL));
  g_rmdir (cache);
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gander_load_bytes ((const guint8 *)"", 0, &error));
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_EMPTY);
}

/* A folder is refused, and leaves no index of nothing behind. */
static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *cache = g_dir_make_tmp ("gander-XXXXXX", NULL);
  GanderLoadOptions options = { .cache_dir = cache };

  g_assert_null (gander_load (cache, &options, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (test_folder_count (cache), ==, 0);
  g_rmdir (cache);
}

/* However many threads work on it, the index is the same, byte for byte. */
static void
test_threads (void)
{
  static const char *const names[] = { "v126-http.trace.zst",
                                       "v126-tasks.trace.zst",
                                       "v122-file.trace.zst" };
  static const guint threads[] = { 1, 2, 4, 8 };
  g_autofree char *cache = g_dir_make_tmp ("gander-XXXXXX", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = corpus (names[i]);
      g_autofree char *first = NULL;
      g_autofree char *file = NULL;
      gsize first_size = 0;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
        {
          GanderLoadOptions options = { .cache_dir = cache,
                                        .rebuild = TRUE,
                                        .n_threads = threads[t] };
          g_autoptr (GError) error = NULL;
          g_autoptr (GanderIndex) index = gander_load (path, &options, NULL, NULL, &error);
          g_autofree char *bytes = NULL;
          gsize size = 0;

          g_assert_no_error (error);
          g_assert_nonnull (index);
          g_free (file);
          file = gander_load_get_cache_path (path, &options);
          g_assert_true (g_file_get_contents (file, &bytes, &size, NULL));
          if (t == 0)
            {
              first = g_steal_pointer (&bytes);
              first_size = size;
            }
          else
            {
              g_assert_cmpuint (size, ==, first_size);
              g_assert_true (memcmp (bytes, first, size) == 0);
            }
        }
      g_unlink (file);
    }
  g_rmdir (cache);
}

static void
test_cancelled (void)
{
  g_autofree char *path = corpus ("v126-http.trace.zst");
  g_autofree char *cache = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GanderLoadOptions options = { .cache_dir = cache };

  g_cancellable_cancel (cancellable);
  g_assert_null (gander_load (path, &options, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_folder_count (cache), ==, 0);
  g_rmdir (cache);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (5000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* In the midst of it: soon over, and nothing is left. */
static void
test_cancelled_midway (void)
{
  g_autofree char *path = corpus ("v126-http.trace.zst");
  g_autofree char *cache = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;
  GanderLoadOptions options = { .cache_dir = cache };
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);

  index = gander_load (path, &options, NULL, cancellable, &error);
  g_thread_join (thread);
  if (index != NULL)
    g_test_skip ("loaded before it could be cancelled");
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (test_folder_count (cache), ==, 0);
      g_rmdir (cache);
    }
}

typedef struct
{
  GanderProgress progress;
  gint stop;
  gboolean fell;
} Watch;

static gpointer
watch_cb (gpointer data)
{
  Watch *watch = data;
  double last = 0;

  while (!g_atomic_int_get (&watch->stop))
    {
      double now = gander_progress_get_fraction (&watch->progress);
      watch->fell |= now < last;
      last = now;
    }
  return NULL;
}

static void
test_progress (void)
{
  g_autofree char *path = corpus ("v126-tasks.trace.zst");
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 };
  GanderLoadOptions options = { .no_cache = TRUE };
  GThread *thread = g_thread_new ("watch", watch_cb, &watch);
  g_autoptr (GanderIndex) index = gander_load (path, &options, &watch.progress, NULL, &error);

  g_atomic_int_set (&watch.stop, 1);
  g_thread_join (thread);
  g_assert_no_error (error);
  g_assert_nonnull (index);
  g_assert_false (watch.fell);
  g_assert_cmpint (gander_progress_get_phase (&watch.progress), ==, GANDER_PHASE_DONE);
  g_assert_cmpfloat (gander_progress_get_fraction (&watch.progress), ==, 1);
}

static void
test_standard_input (void)
{
  g_autofree char *path = corpus ("v126-locks.trace.zst");
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;
  int saved = dup (STDIN_FILENO);
  int fd = open (path, O_RDONLY);

  g_assert_cmpint (dup2 (fd, STDIN_FILENO), ==, STDIN_FILENO);
  index = gander_load ("-", NULL, NULL, NULL, &error);
  dup2 (saved, STDIN_FILENO);
  close (fd);
  close (saved);
  g_assert_no_error (error);
  g_assert_cmpuint (gander_index_get_facts (index)->n_goroutines, ==, 28);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/load/missing", test_missing);
  g_test_add_func ("/reader/load/not-a-trace", test_not_a_trace);
  g_test_add_data_func ("/reader/load/first-events", "v126-http.trace.zst", test_first_events);
  g_test_add_data_func ("/reader/load/first-generations",
                        "v126-regions.trace.zst",
                        test_first_events);
  g_test_add_func ("/reader/load/nothing", test_nothing);
  g_test_add_func ("/reader/load/folder", test_folder);
  g_test_add_func ("/reader/load/threads", test_threads);
  g_test_add_func ("/reader/load/cancelled", test_cancelled);
  g_test_add_func ("/reader/load/cancelled-midway", test_cancelled_midway);
  g_test_add_func ("/reader/load/progress", test_progress);
  g_test_add_func ("/reader/load/standard-input", test_standard_input);
  return g_test_run ();
}
