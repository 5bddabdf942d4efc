/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/cache.h"
#include "reader/reader.h"
#include "tests/support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the index of a trace is kept, and that nothing about that place can end a load. */

typedef struct
{
  char *folder;
  char *cache;
  char *trace;
  GanderLoadOptions options;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *source =
      g_test_build_filename (G_TEST_DIST, "corpus", "v126-locks.trace.zst", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  fixture->folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  fixture->cache = g_build_filename (fixture->folder, "cache", NULL);
  fixture->trace = g_build_filename (fixture->folder, "a.trace.zst", NULL);
  fixture->options = (GanderLoadOptions){ .cache_dir = fixture->cache };
  g_assert_true (g_file_get_contents (source, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (fixture->trace, bytes, (gssize)size, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  test_folder_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->cache);
  g_free (fixture->trace);
}

static void
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index =
      gander_load (fixture->trace, &fixture->options, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (gander_index_get_facts (index)->n_goroutines, ==, 28);
  g_assert_cmpstr (gander_index_get_facts (index)->path, ==, fixture->trace);
}

static GStatBuf
stat_index (Fixture *fixture)
{
  g_autofree char *path = gander_load_get_cache_path (fixture->trace, &fixture->options);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info;
}

static void
test_reused (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  GStatBuf first, second, folder;

  load (fixture);
  first = stat_index (fixture);
  load (fixture);
  second = stat_index (fixture);
  g_assert_cmpuint (first.st_ino, ==, second.st_ino);
  g_assert_cmpuint (first.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 1);
  g_assert_cmpint (g_stat (fixture->cache, &folder), ==, 0);
  g_assert_cmpuint (folder.st_mode & 0777, ==, 0700);
}

static void
test_rebuild (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  GStatBuf first, second;

  load (fixture);
  first = stat_index (fixture);
  fixture->options.rebuild = TRUE;
  load (fixture);
  second = stat_index (fixture);
  g_assert_cmpuint (first.st_ino, !=, second.st_ino);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 1);
}

static void
test_no_cache (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->options.no_cache = TRUE;
  load (fixture);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 0);
  g_assert_cmpuint (test_folder_count (fixture->folder), ==, 1);
}

/* Another time on the file: another trace. */
static void
test_touched (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

  load (fixture);
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->trace, times, 0), ==, 0);
  load (fixture);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 2);
}

static void
damage (Fixture *fixture, gssize keep, gsize at)
{
  g_autofree char *path = gander_load_get_cache_path (fixture->trace, &fixture->options);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[MIN (at, size - 1)] ^= 0x55;
  g_assert_true (g_file_set_contents (path, bytes, keep < 0 ? (gssize)size : keep, NULL));
}

/* Cut, changed, or of another version: built anew without a word. */
static void
test_bad_file (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    gssize keep;
    gsize at;
  } cases[] = { { 0, 0 }, { 100, 0 }, { 5000, 0 }, { -1, 0 }, { -1, 8 }, { -1, 4200 } };
  GStatBuf good, again;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      load (fixture);
      damage (fixture, cases[i].keep, cases[i].at);
      load (fixture);
      good = stat_index (fixture);
      load (fixture);
      again = stat_index (fixture);
      g_assert_cmpuint (good.st_ino, ==, again.st_ino);
      g_assert_cmpint (good.st_size, >, 5000);
    }
}

static gpointer
load_cb (gpointer data)
{
  for (int i = 0; i < 5; i++)
    load (data);
  return NULL;
}

static void
test_two_builders (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  GThread *threads[4];

  fixture->options.rebuild = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("load", load_cb, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 1);
  fixture->options.rebuild = FALSE;
  load (fixture);
}

static void
test_read_only (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpint (g_mkdir (fixture->cache, 0500), ==, 0);
  load (fixture);
  if (geteuid () != 0)
    g_assert_cmpuint (test_folder_count (fixture->cache), ==, 0);
}

/* A folder that others may write to, a link, a file in its place: no cache, no error. */
static void
test_untrusted_folder (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);

  g_assert_cmpint (g_mkdir (fixture->cache, 0700), ==, 0);
  g_assert_cmpint (g_chmod (fixture->cache, 0777), ==, 0);
  load (fixture);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 0);
  g_rmdir (fixture->cache);

  g_assert_cmpint (g_mkdir (target, 0700), ==, 0);
  g_assert_cmpint (symlink (target, fixture->cache), ==, 0);
  load (fixture);
  g_assert_cmpuint (test_folder_count (target), ==, 0);
  g_unlink (fixture->cache);

  g_assert_true (g_file_set_contents (fixture->cache, "x", 1, NULL));
  load (fixture);
  g_unlink (fixture->cache);

  fixture->options.cache_dir = "/proc/nowhere";
  load (fixture);
}

/* A link in place of the index is not followed. */
static void
test_link (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);
  GStatBuf info;

  load (fixture);
  path = gander_load_get_cache_path (fixture->trace, &fixture->options);
  g_assert_cmpint (g_rename (path, target), ==, 0);
  g_assert_cmpint (symlink (target, path), ==, 0);
  load (fixture);
  g_assert_cmpint (g_lstat (path, &info), ==, 0);
  g_assert_true (S_ISREG (info.st_mode));
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = gander_load_get_cache_path (fixture->trace, &fixture->options);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize size[2] = { 0 };

  fixture->options.rebuild = TRUE;
  load (fixture);
  g_assert_true (g_file_get_contents (path, &first, &size[0], NULL));
  load (fixture);
  g_assert_true (g_file_get_contents (path, &second, &size[1], NULL));
  g_assert_cmpuint (size[0], ==, size[1]);
  g_assert_true (memcmp (first, second, size[0]) == 0);
}

static void
test_path (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_assert_null (gander_load_get_cache_path ("-", &fixture->options));
  g_assert_null (gander_load_get_cache_path ("/nowhere/at/all", &fixture->options));
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 0);
}

/* Loads a copy of the trace under another name, used @seconds after 1970. Returns: (transfer full)
 * the name of its index. */
static char *
load_copy (Fixture *fixture, const char *name, time_t seconds)
{
  struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
  g_autofree char *first = g_steal_pointer (&fixture->trace);
  g_autofree char *bytes = NULL;
  g_autofree char *path = NULL;
  gsize size = 0;

  fixture->trace = g_build_filename (fixture->folder, name, NULL);
  g_assert_true (g_file_get_contents (first, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (fixture->trace, bytes, (gssize)size, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->trace, times, 0), ==, 0);
  load (fixture);
  path = gander_load_get_cache_path (fixture->trace, &fixture->options);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
  g_free (fixture->trace);
  fixture->trace = g_steal_pointer (&first);
  return g_path_get_basename (path);
}

static const GanderCacheEntry *
entry_at (const GPtrArray *entries, guint i)
{
  g_assert_cmpuint (i, <, entries->len);
  return entries->pdata[i];
}

static void
test_list (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *b = load_copy (fixture, "b.trace", 2000);
  g_autofree char *a = load_copy (fixture, "a.trace", 1000);
  g_autofree char *c = load_copy (fixture, "c.trace", 3000);
  const char *const names[] = { a, b, c };
  g_autofree char *stranger = g_build_filename (fixture->cache, "notes.txt", NULL);
  g_autofree char *last = g_build_filename (fixture->cache, c, NULL);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (g_stat (fixture->trace, &info), ==, 0);
  g_assert_true (g_file_set_contents (stranger, "mine", -1, NULL));
  entries = gander_cache_list (fixture->cache, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const GanderCacheEntry *entry = entry_at (entries, i);
      g_assert_cmpstr (entry->name, ==, names[i]);
      g_assert_cmpint (entry->used_s, ==, 1000 * (i + 1));
      g_assert_cmpuint (entry->trace_size, ==, (guint64)info.st_size);
      g_assert_cmpuint (entry->bytes, >, 4096);
      g_assert_false (entry->stale);
      g_assert_true (entry->trace == NULL || g_str_has_suffix (entry->trace, ".trace"));
    }
  /* One that nobody will use comes first. */
  g_assert_true (g_file_set_contents (last, "broken", -1, NULL));
  again = gander_cache_list (fixture->cache, NULL);
  g_assert_cmpstr (entry_at (again, 0)->name, ==, c);
  g_assert_true (entry_at (again, 0)->stale);
}

/* Reading an index makes it the last to go. */
static void
test_used (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *name = load_copy (fixture, "b.trace", 2000);
  g_autoptr (GPtrArray) entries = NULL;

  g_free (fixture->trace);
  fixture->trace = g_build_filename (fixture->folder, "b.trace", NULL);
  load (fixture);
  entries = gander_cache_list (fixture->cache, NULL);
  g_assert_cmpstr (entry_at (entries, 0)->name, ==, name);
  g_assert_cmpint (entry_at (entries, 0)->used_s, >, 2000);
}

static void
test_trim (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *b = load_copy (fixture, "b.trace", 2000);
  g_autofree char *a = load_copy (fixture, "a.trace", 1000);
  g_autofree char *c = load_copy (fixture, "c.trace", 3000);
  g_autofree char *stranger = g_build_filename (fixture->cache, "notes.txt", NULL);
  g_autofree char *orphan = g_build_filename (fixture->cache, ".0123456789abcdef.tmp", NULL);
  g_autoptr (GPtrArray) entries = gander_cache_list (fixture->cache, NULL);
  guint64 one = entry_at (entries, 0)->bytes;
  GanderCacheTrim trim;

  g_assert_true (g_file_set_contents (stranger, "mine", -1, NULL));
  g_assert_true (g_file_set_contents (orphan, "left", -1, NULL));
  g_assert_true (gander_cache_trim (fixture->cache, 3 * one, NULL, &trim, NULL));
  g_assert_cmpuint (trim.n_removed, ==, 0);
  g_assert_cmpuint (trim.n_left, ==, 3);
  g_assert_cmpuint (trim.bytes_left, ==, 3 * one);
  g_assert_false (g_file_test (orphan, G_FILE_TEST_EXISTS));

  g_assert_true (gander_cache_trim (fixture->cache, 2 * one, a, &trim, NULL));
  g_assert_cmpuint (trim.n_removed, ==, 1);
  g_assert_cmpuint (trim.bytes_removed, ==, one);
  g_clear_pointer (&entries, g_ptr_array_unref);
  entries = gander_cache_list (fixture->cache, NULL);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (entry_at (entries, 0)->name, ==, a);
  g_assert_cmpstr (entry_at (entries, 1)->name, ==, c);
  g_assert_cmpstr (entry_at (entries, 0)->name, !=, b);

  g_assert_true (gander_cache_trim (fixture->cache, 0, NULL, &trim, NULL));
  g_assert_cmpuint (trim.n_left, ==, 0);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 1);
  g_assert_true (g_file_test (stranger, G_FILE_TEST_EXISTS));
}

/* A load makes room for what it keeps, at the cost of the others. */
static void
test_limit (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *a = load_copy (fixture, "a.trace", 1000);
  g_autofree char *b = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  fixture->options.cache_limit = 1;
  b = load_copy (fixture, "b.trace", 2000);
  entries = gander_cache_list (fixture->cache, NULL);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpstr (entry_at (entries, 0)->name, ==, b);
  g_assert_cmpstr (entry_at (entries, 0)->name, !=, a);
}

/* A file that another process is still writing is not taken from it. */
static void
test_in_work (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_auto (GanderCacheFile) file = { .fd = -1, .directory_fd = -1 };

  load (fixture);
  g_assert_true (gander_cache_file_open (&file, fixture->cache));
  g_assert_true (gander_cache_trim (fixture->cache, 0, NULL, NULL, NULL));
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 1);
  gander_cache_file_clear (&file);
  g_assert_cmpuint (test_folder_count (fixture->cache), ==, 0);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) entries = gander_cache_list (fixture->cache, NULL);
  g_autoptr (GPtrArray) refused = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_true (gander_cache_trim (fixture->cache, 0, NULL, NULL, NULL));
  g_assert_cmpint (g_mkdir (fixture->cache, 0700), ==, 0);
  g_assert_cmpint (g_chmod (fixture->cache, 0777), ==, 0);
  refused = gander_cache_list (fixture->cache, &error);
  g_assert_null (refused);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_PERM);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "reused", test_reused },       { "rebuild", test_rebuild },
    { "no-cache", test_no_cache },   { "touched", test_touched },
    { "bad-file", test_bad_file },   { "two-builders", test_two_builders },
    { "read-only", test_read_only }, { "untrusted-folder", test_untrusted_folder },
    { "link", test_link },           { "same-bytes", test_same_bytes },
    { "path", test_path },           { "list", test_list },
    { "used", test_used },           { "trim", test_trim },
    { "limit", test_limit },         { "in-work", test_in_work },
    { "no-folder", test_no_folder },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reader/cache/%s", tests[i].name);
      g_test_add (path, Fixture, NULL, set_up, tests[i].run, tear_down);
    }
  return g_test_run ();
}
