/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/cache-folder.h"

#include "reader/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_PATH_BYTES 4096
#define NAME_DIGITS    32
#define TEMPORARY_SIZE 21  /* ".0123456789abcdef.tmp" */
#define BLOCK_SIZE     512 /* of st_blocks */

void
gander_cache_entry_free (GanderCacheEntry *self)
{
  g_free (self->name);
  g_free (self->trace);
  g_free (self);
}

static gboolean
is_index_name (const char *name)
{
  return strspn (name, "0123456789abcdef") == NAME_DIGITS &&
         g_str_equal (name + NAME_DIGITS, ".gix");
}

static gboolean
is_temporary_name (const char *name)
{
  return *name == '.' && strlen (name) == TEMPORARY_SIZE && g_str_has_suffix (name, ".tmp");
}

/* Returns: (transfer full) (nullable) NULL for what is no regular file. */
static GanderCacheEntry *
describe (int directory_fd, const char *name)
{
  int fd = openat (directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  GanderIndexHeader header = { 0 };
  g_autofree char *path = g_malloc0 (MAX_PATH_BYTES + 1);
  GanderCacheEntry *entry = NULL;
  struct stat info;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      entry = g_new0 (GanderCacheEntry, 1);
      entry->name = g_strdup (name);
      entry->bytes = (guint64)info.st_blocks * BLOCK_SIZE;
      entry->used_s = info.st_mtim.tv_sec;
      entry->stale = pread (fd, &header, sizeof header, 0) != sizeof header ||
                     memcmp (header.magic, GANDER_INDEX_MAGIC, sizeof header.magic) != 0 ||
                     header.version != GANDER_INDEX_VERSION ||
                     strncmp (header.program, GANDER_VERSION, sizeof header.program) != 0;
      if (!entry->stale)
        entry->trace_size = header.identity.size;
      if (fgetxattr (fd, GANDER_CACHE_TRACE_ATTRIBUTE, path, MAX_PATH_BYTES) > 0)
        entry->trace = g_utf8_make_valid (path, -1);
    }
  close (fd);
  return entry;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const GanderCacheEntry *x = *(const GanderCacheEntry *const *)a;
  const GanderCacheEntry *y = *(const GanderCacheEntry *const *)b;

  if (x->stale != y->stale)
    return x->stale ? -1 : 1;
  if (x->used_s != y->used_s)
    return x->used_s < y->used_s ? -1 : 1;
  return strcmp (x->name, y->name);
}

/* A temporary file whose lock is free belongs to nobody any more. */
static void
remove_orphan (int directory_fd, const char *name)
{
  int fd = openat (directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    (void)unlinkat (directory_fd, name, 0);
  close (fd);
}

/* Returns: (transfer full) (nullable) the folder, opened; a folder that is not there is NULL too,
 * without an error. */
static DIR *
open_directory (const char *directory, GError **error)
{
  g_autofree char *path = gander_cache_dup_directory (directory, FALSE, error);
  DIR *dir = NULL;
  int fd = -1;

  if (path == NULL || access (path, F_OK) != 0)
    return NULL;
  g_free (path);
  path = gander_cache_dup_directory (directory, TRUE, error);
  if (path == NULL)
    return NULL;
  fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  dir = fd >= 0 ? fdopendir (fd) : NULL;
  if (dir == NULL)
    {
      g_set_error (error,
                   G_FILE_ERROR,
                   g_file_error_from_errno (errno),
                   "%s: %s",
                   path,
                   g_strerror (errno));
      if (fd >= 0)
        close (fd);
    }
  return dir;
}

/* Returns: (transfer full) the indexes in @dir, in order. */
static GPtrArray *
read_directory (DIR *dir, gboolean remove_orphans)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify)gander_cache_entry_free);

  for (struct dirent *file = readdir (dir); file != NULL; file = readdir (dir))
    if (is_index_name (file->d_name))
      {
        GanderCacheEntry *entry = describe (dirfd (dir), file->d_name);
        if (entry != NULL)
          g_ptr_array_add (entries, entry);
      }
    else if (remove_orphans && is_temporary_name (file->d_name))
      remove_orphan (dirfd (dir), file->d_name);
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

GPtrArray *
gander_cache_list (const char *directory, GError **error)
{
  g_autoptr (GError) local = NULL;
  DIR *dir = open_directory (directory, &local);
  GPtrArray *entries = NULL;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (dir == NULL)
    return g_ptr_array_new ();
  entries = read_directory (dir, FALSE);
  closedir (dir);
  return entries;
}

gboolean
gander_cache_trim (const char *directory,
                   guint64 limit,
                   const char *keep,
                   GanderCacheTrim *out,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  DIR *dir = open_directory (directory, &local);
  GanderCacheTrim result = { 0 };

  if (out != NULL)
    *out = result;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (dir == NULL)
    return TRUE;
  entries = read_directory (dir, TRUE);
  result.n_left = entries->len;
  for (guint i = 0; i < entries->len; i++)
    result.bytes_left += ((const GanderCacheEntry *)entries->pdata[i])->bytes;
  for (guint i = 0; i < entries->len; i++)
    {
      const GanderCacheEntry *entry = entries->pdata[i];
      if (!entry->stale && limit > 0 && result.bytes_left <= limit)
        break;
      if (g_strcmp0 (entry->name, keep) == 0 || unlinkat (dirfd (dir), entry->name, 0) != 0)
        continue;
      result.n_removed++;
      result.n_left--;
      result.bytes_removed += entry->bytes;
      result.bytes_left -= entry->bytes;
    }
  closedir (dir);
  if (out != NULL)
    *out = result;
  return TRUE;
}
