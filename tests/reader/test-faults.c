/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/cache.h"
#include "reader/crc32c.h"
#include "reader/index-data.h"
#include "reader/reader.h"
#include "tests/support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

/* Disks that fill up, calls that fail, processes that are killed, files that change under our
 * hands: a load ends in the right index or in a clear error, and leaves nothing behind. The system
 * calls of the reader are linked to functions here that fail when told. GANDER_TEST_FULL makes the
 * samples complete. */

typedef enum
{
  CALL_PWRITE,
  CALL_PREAD,
  CALL_READ,
  CALL_OPENAT,
  CALL_RENAMEAT,
  CALL_ALLOCATE, /* what the loader can do without or fail for */
  N_CALLS,
} Call;

typedef enum
{
  FAIL_ONCE,
  FAIL_ALWAYS,   /* from the chosen call on */
  FAIL_IN_CACHE, /* the same, but only on files that have a name: those in the cache */
  FAIL_SHORT,    /* every call does one byte only, from the chosen one on */
  FAIL_CUT,      /* the trace is cut in half, then the call goes on */
} Manner;

static struct
{
  Call call;
  Manner manner;
  int number; /* errno */
  guint at;   /* which call, from 1; 0 = never */
  guint n;    /* calls so far */
  gboolean happened;
  const char *trace;
} fault;

static gboolean
has_name (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && info.st_nlink > 0;
}

/* Returns: whether this call is to fail, with errno set. */
static gboolean
is_due (Call call, int fd)
{
  if (fault.at == 0 || call != fault.call || ++fault.n < fault.at)
    return FALSE;
  if (fault.manner == FAIL_SHORT || (fault.manner == FAIL_ONCE && fault.n > fault.at) ||
      (fault.manner == FAIL_IN_CACHE && !has_name (fd)))
    return FALSE;
  fault.happened = TRUE;
  if (fault.manner == FAIL_CUT)
    {
      if (fault.n == fault.at)
        g_assert_cmpint (truncate (fault.trace, 4096), ==, 0);
      return FALSE;
    }
  errno = fault.number;
  return TRUE;
}

static gsize
shorten (Call call, gsize size)
{
  if (fault.at == 0 || call != fault.call || fault.manner != FAIL_SHORT || fault.n < fault.at)
    return size;
  fault.happened = TRUE;
  return MIN (size, 1 + fault.n % 4093);
}

ssize_t __real_pwrite64 (int fd, const void *bytes, size_t size, off_t offset);
ssize_t __wrap_pwrite64 (int fd, const void *bytes, size_t size, off_t offset);
ssize_t
__wrap_pwrite64 (int fd, const void *bytes, size_t size, off_t offset)
{
  if (is_due (CALL_PWRITE, fd))
    return -1;
  return __real_pwrite64 (fd, bytes, shorten (CALL_PWRITE, size), offset);
}

ssize_t __real_pread64 (int fd, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread64 (int fd, void *bytes, size_t size, off_t offset);
ssize_t
__wrap_pread64 (int fd, void *bytes, size_t size, off_t offset)
{
  if (is_due (CALL_PREAD, fd))
    return -1;
  return __real_pread64 (fd, bytes, shorten (CALL_PREAD, size), offset);
}

ssize_t __real_read (int fd, void *bytes, size_t size);
ssize_t __wrap_read (int fd, void *bytes, size_t size);
ssize_t
__wrap_read (int fd, void *bytes, size_t size)
{
  return is_due (CALL_READ, fd) ? -1 : __real_read (fd, bytes, shorten (CALL_READ, size));
}

int __real_openat64 (int directory, const char *path, int flags, mode_t mode);
int __wrap_openat64 (int directory, const char *path, int flags, mode_t mode);
int
__wrap_openat64 (int directory, const char *path, int flags, mode_t mode)
{
  return is_due (CALL_OPENAT, directory) ? -1 : __real_openat64 (directory, path, flags, mode);
}

int __real_renameat (int a, const char *from, int b, const char *to);
int __wrap_renameat (int a, const char *from, int b, const char *to);
int
__wrap_renameat (int a, const char *from, int b, const char *to)
{
  return is_due (CALL_RENAMEAT, a) ? -1 : __real_renameat (a, from, b, to);
}

/* Memory in a size that depends on the trace is asked for with these. */

gpointer __real_g_try_malloc (gsize size);
gpointer __wrap_g_try_malloc (gsize size);
gpointer
__wrap_g_try_malloc (gsize size)
{
  return is_due (CALL_ALLOCATE, -1) ? NULL : __real_g_try_malloc (size);
}

gpointer __real_g_try_malloc_n (gsize n, gsize size);
gpointer __wrap_g_try_malloc_n (gsize n, gsize size);
gpointer
__wrap_g_try_malloc_n (gsize n, gsize size)
{
  return is_due (CALL_ALLOCATE, -1) ? NULL : __real_g_try_malloc_n (n, size);
}

gpointer __real_g_try_malloc0_n (gsize n, gsize size);
gpointer __wrap_g_try_malloc0_n (gsize n, gsize size);
gpointer
__wrap_g_try_malloc0_n (gsize n, gsize size)
{
  return is_due (CALL_ALLOCATE, -1) ? NULL : __real_g_try_malloc0_n (n, size);
}

gpointer __real_g_try_realloc (gpointer memory, gsize size);
gpointer __wrap_g_try_realloc (gpointer memory, gsize size);
gpointer
__wrap_g_try_realloc (gpointer memory, gsize size)
{
  return is_due (CALL_ALLOCATE, -1) ? NULL : __real_g_try_realloc (memory, size);
}

gpointer __real_g_try_realloc_n (gpointer memory, gsize n, gsize size);
gpointer __wrap_g_try_realloc_n (gpointer memory, gsize n, gsize size);
gpointer
__wrap_g_try_realloc_n (gpointer memory, gsize n, gsize size)
{
  return is_due (CALL_ALLOCATE, -1) ? NULL : __real_g_try_realloc_n (memory, n, size);
}

static void
set_fault (Call call, Manner manner, int number, guint at)
{
  const char *trace = fault.trace;

  memset (&fault, 0, sizeof fault);
  fault.call = call;
  fault.manner = manner;
  fault.number = number;
  fault.at = at;
  fault.trace = trace;
}

static void
no_fault (void)
{
  set_fault (CALL_PWRITE, FAIL_ONCE, 0, 0);
}

static gboolean
is_full (void)
{
  return g_getenv ("GANDER_TEST_FULL") != NULL;
}

typedef struct
{
  char *folder;
  char *cache;
  char *trace;
  char *path; /* of the index */
  char *bytes;
  gsize size; /* the index as it should be */
  GanderLoadOptions options;
} Fixture;

/* The trace as it is kept, or unpacked: they are read in different ways. */
static char *
copy_trace (const char *folder, gboolean packed)
{
  g_autofree char *source =
      g_test_build_filename (G_TEST_DIST, "corpus", "v126-regions.trace.zst", NULL);
  g_autofree char *bytes = NULL;
  char *copy = g_build_filename (folder, "trace", NULL);
  gsize size = 0;

  g_assert_true (g_file_get_contents (source, &bytes, &size, NULL));
  if (!packed)
    {
      gsize full = ZSTD_getFrameContentSize (bytes, size);
      char *unpacked = NULL;
      g_assert_cmpuint (full, <, G_MAXINT32);
      unpacked = g_malloc (full);
      g_assert_cmpuint (ZSTD_decompress (unpacked, full, bytes, size), ==, full);
      g_free (bytes);
      bytes = unpacked;
      size = full;
    }
  g_assert_true (g_file_set_contents (copy, bytes, (gssize)size, NULL));
  return copy;
}

static GanderIndex *
try_load (Fixture *self, GError **error)
{
  return gander_load (self->trace, &self->options, NULL, NULL, error);
}

/* Loads without faults and keeps what the index must be. */
static void
set_up (Fixture *self, gconstpointer packed)
{
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("gander-XXXXXX", NULL);
  self->cache = g_build_filename (self->folder, "cache", NULL);
  self->trace = copy_trace (self->folder, packed != NULL);
  self->options = (GanderLoadOptions){ .cache_dir = self->cache };
  fault.trace = self->trace;
  no_fault ();
  index = try_load (self, &error);
  g_assert_no_error (error);
  self->path = gander_load_get_cache_path (self->trace, &self->options);
  g_assert_true (g_file_get_contents (self->path, &self->bytes, &self->size, NULL));
}

static void
tear_down (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  no_fault ();
  test_folder_remove (self->folder);
  g_free (self->folder);
  g_free (self->cache);
  g_free (self->trace);
  g_free (self->path);
  g_free (self->bytes);
}

/* The kept index is there, alone, and byte for byte what it must be. */
static void
assert_kept (Fixture *self)
{
  g_autofree char *bytes = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (self->path, &bytes, &size, NULL));
  g_assert_cmpuint (size, ==, self->size);
  g_assert_true (memcmp (bytes, self->bytes, size) == 0);
  g_assert_cmpuint (test_folder_count (self->cache), ==, 1);
}

/* Returns: (nullable) what the bytes open as, when they are called the index of the trace. */
static GanderIndex *
open_bytes (Fixture *self, const char *bytes, gsize size, const GanderIdentity *identity)
{
  g_autofree char *path = g_build_filename (self->folder, "flipped", NULL);
  GanderIndex *index = NULL;
  int fd = g_open (path, O_RDWR | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (__real_pwrite64 (fd, bytes, size, 0), ==, (gssize)size);
  index = gander_index_open_fd (fd, self->trace, identity, NULL);
  close (fd);
  return index;
}

/* The index says what it must say. */
static void
assert_good (Fixture *self, GanderIndex *index)
{
  g_autoptr (GanderIndex) right = open_bytes (self, self->bytes, self->size, NULL);

  g_assert_nonnull (index);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  g_assert_cmpuint (gander_index_get_facts (index)->n_events,
                    ==,
                    gander_index_get_facts (right)->n_events);
  g_assert_cmpuint (index->map_size, ==, self->size);
}

/* The disk of the cache is full, read-only or broken, from the first call on, the second, …: the
 * load succeeds without a cache, says so once, and leaves nothing there. */
static void
test_cache_fails (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  static const struct
  {
    Call call;
    int number;
  } cases[] = { { CALL_PWRITE, ENOSPC }, { CALL_PWRITE, EDQUOT }, { CALL_PWRITE, EIO },
                { CALL_OPENAT, EROFS },  { CALL_OPENAT, EACCES }, { CALL_RENAMEAT, EIO } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint at = 1;
      for (;; at++)
        {
          g_autoptr (GanderIndex) index = NULL;
          g_autoptr (GError) error = NULL;
          g_unlink (self->path);
          set_fault (cases[i].call, FAIL_IN_CACHE, cases[i].number, at);
          index = try_load (self, &error);
          g_assert_no_error (error);
          assert_good (self, index);
          /* Later ones come after the index has got its name. */
          if (!fault.happened || (at > 1 && cases[i].call != CALL_PWRITE))
            break;
          g_assert_cmpuint (test_folder_count (self->cache), ==, 0);
          g_assert_nonnull (gander_index_get_cache_trouble (index));
          g_assert_nonnull (
              strstr (gander_index_get_cache_trouble (index), g_strerror (cases[i].number)));
        }
      g_assert_cmpuint (at, >, 1);
      no_fault ();
    }
}

/* No place at all: an error that says so, and nothing left behind. */
static void
test_nowhere (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  guint at = 1;

  for (;; at++)
    {
      g_autoptr (GanderIndex) index = NULL;
      g_autoptr (GError) error = NULL;
      g_unlink (self->path);
      set_fault (CALL_PWRITE, FAIL_ALWAYS, ENOSPC, at);
      index = try_load (self, &error);
      if (!fault.happened)
        break;
      g_assert_null (index);
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
      g_assert_cmpuint (test_folder_count (self->cache), ==, 0);
    }
  g_assert_cmpuint (at, >, 1);
  assert_kept (self);
}

/* Memory runs out at the first piece that is asked for, the second, …: the load ends in an error
 * that says so and leaves nothing behind, or can do without. */
static void
test_memory (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  guint n_failed = 0;

  self->options.n_threads = 1;
  for (guint at = 1;; at++)
    {
      g_autoptr (GanderIndex) index = NULL;
      g_autoptr (GError) error = NULL;
      g_unlink (self->path);
      set_fault (CALL_ALLOCATE, FAIL_ONCE, ENOMEM, at);
      index = try_load (self, &error);
      if (index != NULL)
        assert_kept (self);
      if (!fault.happened)
        break;
      if (index != NULL)
        continue;
      n_failed++;
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM))
        g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_TOO_LARGE);
      g_assert_cmpuint (test_folder_count (self->cache), ==, 0);
    }
  g_assert_cmpuint (n_failed, >, 20);
}

/* Interrupted and short calls change nothing. */
static void
test_interrupted (Fixture *self, gconstpointer packed)
{
  const Call calls[] = { CALL_PWRITE, packed != NULL ? CALL_READ : CALL_PREAD };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    for (int manner = 0; manner < 2; manner++)
      for (guint at = 1;; at++)
        {
          g_autoptr (GanderIndex) index = NULL;
          g_autoptr (GError) error = NULL;
          g_unlink (self->path);
          set_fault (calls[i], manner == 0 ? FAIL_ONCE : FAIL_SHORT, EINTR, at);
          index = try_load (self, &error);
          g_assert_no_error (error);
          assert_kept (self);
          if (!fault.happened)
            break;
        }
}

/* A trace on a bad disk: what can be read is shown, with the damage; else an error. */
static void
test_trace_fails (Fixture *self, gconstpointer packed)
{
  guint n_shown = 0;

  for (guint at = 1;; at++)
    {
      g_autoptr (GanderIndex) index = NULL;
      g_autoptr (GError) error = NULL;
      g_unlink (self->path);
      set_fault (packed != NULL ? CALL_READ : CALL_PREAD, FAIL_ALWAYS, EIO, at);
      index = try_load (self, &error);
      if (!fault.happened)
        break;
      g_assert_true ((index == NULL) == (error != NULL));
      if (index == NULL)
        continue;
      n_shown++;
      /* All was read already, and only the last look at what the file is now has failed. */
      if (gander_index_get_n_damage (index) == 0)
        {
          assert_good (self, index);
          continue;
        }
      g_assert_cmpuint (test_folder_count (self->cache), ==, 0);
    }
  g_test_message ("%u loads with damage", n_shown);
  no_fault ();
}

/* The trace is cut while it is read: no signal, and the index of what is no more is not kept. */
static void
test_trace_cut (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  gboolean too_late = FALSE;

  for (guint at = 1; !too_late; at++)
    {
      g_autoptr (GanderIndex) index = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *path = NULL;
      g_free (self->trace);
      self->trace = copy_trace (self->folder, FALSE);
      fault.trace = self->trace;
      path = gander_load_get_cache_path (self->trace, &self->options);
      set_fault (CALL_PREAD, FAIL_CUT, 0, at);
      index = try_load (self, &error);
      no_fault ();
      g_assert_true ((index == NULL) == (error != NULL));
      too_late = index != NULL && gander_index_get_n_damage (index) == 0;
      g_assert_true (too_late || !g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* An open index does not mind what becomes of its trace, nor of its own name. */
static void
test_trace_gone (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = try_load (self, &error);
  GanderSpanIter iter;
  GanderSpan span;
  guint n = 0;

  g_assert_no_error (error);
  g_assert_cmpint (truncate (self->trace, 10), ==, 0);
  g_unlink (self->trace);
  g_unlink (self->path);
  gander_span_iter_init (&iter, index, 0, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    n++;
  g_assert_cmpuint (n, >, 0);
  g_assert_false (gander_index_is_broken (index));
}

static G_GNUC_NORETURN void
load_and_exit (Fixture *self, guint times)
{
  for (guint i = 0; i < times; i++)
    {
      g_autoptr (GanderIndex) index = try_load (self, NULL);
      if (index == NULL || index->map_size != self->size)
        _exit (1);
    }
  _exit (0);
}

/* Several processes build the same index while another reads it: one result wins, all are equal. */
static void
test_processes (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  guint rounds = is_full () ? 50 : 2;

  for (guint round = 0; round < rounds; round++)
    for (guint n = 2; n <= 8; n += 6)
      {
        pid_t children[9];
        if (round % 2 == 0)
          g_unlink (self->path);
        for (guint i = 0; i <= n; i++)
          {
            children[i] = fork ();
            g_assert_cmpint (children[i], >=, 0);
            self->options.rebuild = i > 0;
            if (children[i] == 0)
              load_and_exit (self, 3);
          }
        self->options.rebuild = FALSE;
        for (guint i = 0; i <= n; i++)
          {
            int status = 0;
            g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
            g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
          }
        assert_kept (self);
      }
}

/* A process that is killed at any moment leaves an index that is right or none, and at most a file
 * that the next one clears away. */
static void
test_killed (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  guint rounds = is_full () ? 200 : 16;
  gint64 start = g_get_monotonic_time ();
  gulong usual = 0;

  self->options.rebuild = TRUE;
  gander_index_unref (try_load (self, NULL));
  usual = (gulong)(g_get_monotonic_time () - start);
  for (guint round = 0; round < rounds; round++)
    {
      int status = 0;
      pid_t child = fork ();
      g_autoptr (GanderIndex) index = NULL;
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        load_and_exit (self, G_MAXUINT);
      g_usleep (usual / 2 + usual * 2 * round / rounds);
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      self->options.rebuild = FALSE;
      index = try_load (self, NULL);
      assert_good (self, index);
      self->options.rebuild = TRUE;
    }
  gander_index_unref (try_load (self, NULL));
  assert_kept (self);
}

/* Processes that begin alike do not stand in each other's way, however many were killed. */
static void
test_orphans (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  for (guint i = 0; i < 40; i++)
    {
      int status = 0;
      pid_t child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          GanderCacheFile file;
          if (!gander_cache_file_open (&file, self->cache))
            _exit (1);
          _exit (0);
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
    }
  g_assert_cmpuint (test_folder_count (self->cache), ==, 41);
  self->options.rebuild = TRUE;
  gander_index_unref (try_load (self, NULL));
  assert_kept (self);
}

static gboolean
is_in_section (const char *bytes, gsize at)
{
  const GanderIndexHeader *header = (const GanderIndexHeader *)bytes;

  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    if (at >= header->sections[i].offset &&
        at < header->sections[i].offset + header->sections[i].size)
      return TRUE;
  return FALSE;
}

/* Every bit of the header and footer, and many of the rest: found, unless it is padding. */
static void
test_flips (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  gsize step = is_full () ? 1 : 61;
  guint n = is_full () ? 10000 : 300;
  gsize footer = self->size - sizeof (GanderIndexFooter);
  g_autofree char *bytes = g_memdup2 (self->bytes, self->size);
  GRand *random = g_rand_new_with_seed (5);

  for (gsize bit = 0; bit < 8 * (GANDER_INDEX_HEADER_SIZE + sizeof (GanderIndexFooter));
       bit += step)
    {
      gsize at = bit / 8;
      if (at >= GANDER_INDEX_HEADER_SIZE)
        at += footer - GANDER_INDEX_HEADER_SIZE;
      bytes[at] ^= (char)(1 << bit % 8);
      g_assert_null (open_bytes (self, bytes, self->size, NULL));
      bytes[at] ^= (char)(1 << bit % 8);
    }
  for (guint i = 0; i < n; i++)
    {
      gsize at = (gsize)g_rand_int_range (random, GANDER_INDEX_HEADER_SIZE, (gint32)footer);
      g_autoptr (GanderIndex) index = NULL;
      char bit = (char)(1 << g_rand_int_range (random, 0, 8));
      bytes[at] ^= bit;
      index = open_bytes (self, bytes, self->size, NULL);
      g_assert_cmpint (index == NULL, ==, is_in_section (self->bytes, at));
      bytes[at] ^= bit;
    }
  g_rand_free (random);
}

/* A page that never reached the disk before the power went; a file cut anywhere. */
static void
test_lost_pages (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  static const char zeros[4096] = { 0 };
  g_autofree char *bytes = g_memdup2 (self->bytes, self->size);

  for (gsize at = 0; at < self->size; at += sizeof zeros)
    {
      gsize size = MIN (sizeof zeros, self->size - at);
      g_autoptr (GanderIndex) index = NULL;
      if (memcmp (bytes + at, zeros, size) == 0)
        continue;
      memset (bytes + at, 0, size);
      index = open_bytes (self, bytes, self->size, NULL);
      g_assert_null (index);
      memcpy (bytes + at, self->bytes + at, size);
    }
  for (gsize size = 0; size < self->size; size += is_full () ? 61 : 4093)
    g_assert_null (open_bytes (self, bytes, size, NULL));
}

/* Sealed with a right checksum, but not ours to use: another version, machine, program, trace. */
static void
test_foreign (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  const GanderIdentity *identity = &((const GanderIndexHeader *)self->bytes)->identity;
  g_autoptr (GanderIndex) own = open_bytes (self, self->bytes, self->size, identity);

  g_assert_nonnull (own);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *bytes = g_memdup2 (self->bytes, self->size);
      GanderIndexHeader *header = (GanderIndexHeader *)bytes;
      GanderIndexFooter *footer =
          (GanderIndexFooter *)(bytes + self->size - sizeof (GanderIndexFooter));
      switch (i)
        {
        case 1:
          header->version++;
          break;
        case 2:
          header->endianness = GUINT32_SWAP_LE_BE (header->endianness);
          break;
        case 3:
          header->program[0] ^= 1;
          break;
        case 4:
          header->identity.mtime_ns++;
          break;
        default:
          break;
        }
      header->crc = 0;
      header->crc = gander_crc32c (0, (const guint8 *)bytes, GANDER_INDEX_HEADER_SIZE);
      footer->header_crc = header->crc;
      {
        g_autoptr (GanderIndex) index = open_bytes (self, bytes, self->size, identity);
        g_assert_cmpint (index != NULL, ==, i == 0);
      }
    }
}

/* Somebody else's file under the name of the index is replaced, not written to. */
static void
test_hard_link (Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *victim = g_build_filename (self->folder, "victim", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GanderIndex) index = NULL;

  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  g_unlink (self->path);
  g_assert_cmpint (link (victim, self->path), ==, 0);
  index = try_load (self, NULL);
  assert_good (self, index);
  assert_kept (self);
  g_assert_true (g_file_get_contents (victim, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
    gboolean packed;
  } tests[] = {
    { "cache-fails", test_cache_fails, FALSE },
    { "nowhere", test_nowhere, FALSE },
    { "interrupted", test_interrupted, FALSE },
    { "trace-fails", test_trace_fails, FALSE },
    { "interrupted-packed", test_interrupted, TRUE },
    { "trace-fails-packed", test_trace_fails, TRUE },
    { "trace-cut", test_trace_cut, FALSE },
    { "trace-gone", test_trace_gone, FALSE },
    { "processes", test_processes, FALSE },
    { "killed", test_killed, FALSE },
    { "orphans", test_orphans, FALSE },
    { "memory", test_memory, FALSE },
    { "flips", test_flips, FALSE },
    { "lost-pages", test_lost_pages, FALSE },
    { "foreign", test_foreign, FALSE },
    { "hard-link", test_hard_link, FALSE },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reader/faults/%s", tests[i].name);
      g_test_add (path,
                  Fixture,
                  GINT_TO_POINTER (tests[i].packed),
                  set_up,
                  tests[i].run,
                  tear_down);
    }
  return g_test_run ();
}
