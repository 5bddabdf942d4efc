/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/loader.h"

#include <glib/gstdio.h>
#include <unistd.h>

static GFile *
find_sample (void)
{
  return g_file_new_build_filename (g_test_get_dir (G_TEST_DIST),
                                    "..",
                                    "data",
                                    "examples",
                                    "pipeline.trace.zst",
                                    NULL);
}

static void
wait_while_busy (GanderLoader *loader)
{
  while (gander_loader_get_state (loader) == GANDER_LOADER_BUSY)
    g_main_context_iteration (NULL, TRUE);
}

static void
count_change (GanderLoader *loader G_GNUC_UNUSED, guint *n)
{
  (*n)++;
}

static void
test_ready (void)
{
  g_autoptr (GFile) file = find_sample ();
  g_autoptr (GanderLoader) loader = gander_loader_new (file);
  guint n_changes = 0;

  g_signal_connect (loader, "changed", G_CALLBACK (count_change), &n_changes);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_IDLE);

  /* Twice, as Reload does. */
  for (guint i = 0; i < 2; i++)
    {
      gander_loader_start (loader);
      g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_BUSY);
      g_assert_null (gander_loader_get_index (loader));
      wait_while_busy (loader);
      g_assert_no_error (gander_loader_get_error (loader));
      g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);
      g_assert_nonnull (gander_loader_get_index (loader));
    }
  g_assert_cmpuint (n_changes, >=, 4);
}

static void
test_failed (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nonexistent/x.trace");
  g_autoptr (GanderLoader) loader = gander_loader_new (file);

  gander_loader_start (loader);
  wait_while_busy (loader);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_FAILED);
  g_assert_nonnull (gander_loader_get_error (loader));
  g_assert_null (gander_loader_get_index (loader));
}

static void
test_not_local (void)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("nowhere://host/x.trace");
  g_autoptr (GanderLoader) loader = gander_loader_new (file);

  gander_loader_start (loader);
  g_assert_error (gander_loader_get_error (loader), G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

/* The state changes at once, whatever the worker is at. */
static void
test_cancel (void)
{
  g_autofree char *folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "copy.trace", NULL);
  g_autoptr (GFile) sample = find_sample ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GanderLoader) loader = gander_loader_new (file);
  GanderLoaderProgress progress;
  gint64 begin;

  g_assert_true (g_file_copy (sample, file, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  gander_loader_start (loader);
  begin = g_get_monotonic_time ();
  gander_loader_cancel (loader);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 100 * 1000);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_CANCELLED);
  gander_loader_get_progress (loader, &progress);
  g_assert_cmpfloat (progress.fraction, ==, 0.0);

  /* Its answer must not arrive behind the next one's. */
  gander_loader_start (loader);
  wait_while_busy (loader);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);

  g_unlink (path);
  g_rmdir (folder);
}

static void
break_index (const char *trace)
{
  g_autofree char *kept = gander_load_get_cache_path (trace, NULL);

  g_assert_nonnull (kept);
  g_assert_cmpint (truncate (kept, 0), ==, 0);
}

/* An index that is cut while it is in use: the loader tells, once, and does not use it again. */
static void
test_broken (void)
{
  g_autofree char *folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "copy.trace", NULL);
  g_autoptr (GFile) sample = find_sample ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GanderLoader) loader = gander_loader_new (file);
  GanderLane lane;
  guint n_changes = 0;

  g_assert_true (g_file_copy (sample, file, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  gander_loader_start (loader);
  wait_while_busy (loader);
  break_index (path);
  gander_index_get_lane (gander_loader_get_index (loader), 0, &lane);
  g_assert_true (gander_index_is_broken (gander_loader_get_index (loader)));
  g_signal_connect (loader, "changed", G_CALLBACK (count_change), &n_changes);
  while (n_changes == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);

  gander_loader_start (loader);
  wait_while_busy (loader);
  gander_index_get_lane (gander_loader_get_index (loader), 0, &lane);
  g_assert_cmpuint (lane.n_spans, >, 0);
  g_assert_false (gander_index_is_broken (gander_loader_get_index (loader)));

  g_unlink (path);
  g_rmdir (folder);
}

/* Who says how large the window will be gets a first look, once; without a size there is none. */
static void
test_first_look (void)
{
  g_autoptr (GFile) file = find_sample ();
  g_autoptr (GanderLoader) loader = gander_loader_new (file);

  gander_loader_start (loader);
  wait_while_busy (loader);
  g_assert_null (gander_loader_steal_first_look (loader));

  gander_loader_set_window_size (loader, 900, 500, 1);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GanderFirstLook) look = NULL;
      g_autoptr (GanderRows) rows = NULL;

      gander_loader_start (loader);
      g_assert_null (gander_loader_steal_first_look (loader));
      wait_while_busy (loader);
      look = gander_loader_steal_first_look (loader);
      g_assert_nonnull (look);
      g_assert_null (gander_loader_steal_first_look (loader));
      rows = gander_first_look_dup_rows (look);
      g_assert_true (gander_rows_get_index (rows) == gander_loader_get_index (loader));
    }
}

typedef struct
{
  guint64 n_events; /* of the first preview; 0 = there was none */
  gboolean busy;    /* when it came */
} Seen;

static void
look_for_preview (GanderLoader *loader, Seen *seen)
{
  GanderIndex *preview = gander_loader_get_preview (loader);

  if (preview == NULL || seen->n_events > 0)
    return;
  seen->n_events = gander_index_get_facts (preview)->n_events;
  seen->busy = gander_loader_get_state (loader) == GANDER_LOADER_BUSY;
}

/* The beginning of a large trace can be looked at before the whole is read, but for one whose index
 * is there nobody reads it. */
static void
test_preview (void)
{
  g_autofree char *folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "copy.trace", NULL);
  g_autoptr (GFile) trace = g_file_new_build_filename (g_test_get_dir (G_TEST_DIST),
                                                       "corpus",
                                                       "v126-http.trace.zst",
                                                       NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GanderLoader) loader = gander_loader_new (file);
  const GanderFacts *facts = NULL;
  Seen seen = { 0 };

  g_assert_true (g_file_copy (trace, file, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  g_assert_cmpint (truncate (path, 17 << 20), ==, 0);
  g_signal_connect (loader, "changed", G_CALLBACK (look_for_preview), &seen);
  gander_loader_set_window_size (loader, 900, 500, 1);
  gander_loader_start (loader);
  wait_while_busy (loader);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);
  /* That was looked at when its beginning was. */
  g_assert_null (gander_loader_steal_first_look (loader));
  facts = gander_index_get_facts (gander_loader_get_index (loader));
  g_assert_cmpuint (seen.n_events, >, 0);
  g_assert_cmpuint (seen.n_events, <, facts->n_events);
  g_assert_true (seen.busy);
  g_assert_null (gander_loader_get_preview (loader));

  seen = (Seen){ 0 };
  gander_loader_start (loader);
  wait_while_busy (loader);
  g_assert_cmpint (gander_loader_get_state (loader), ==, GANDER_LOADER_READY);
  g_assert_cmpuint (seen.n_events, ==, 0);

  g_assert_true (gander_load_forget (path, NULL));
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loader/ready", test_ready);
  g_test_add_func ("/loader/failed", test_failed);
  g_test_add_func ("/loader/not-local", test_not_local);
  g_test_add_func ("/loader/cancel", test_cancel);
  g_test_add_func ("/loader/broken", test_broken);
  g_test_add_func ("/loader/first-look", test_first_look);
  g_test_add_func ("/loader/preview", test_preview);
  return g_test_run ();
}
