/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/cache.h"

#include "reader/cache-folder.h"
#include "reader/index-data.h"
#include "reader/row-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SAMPLE_SIZE (64u << 10)
#define TRIES       16

static gboolean
hash_part (int fd, guint64 offset, guint64 size, GChecksum *checksum)
{
  g_autofree guint8 *bytes = g_malloc (SAMPLE_SIZE);

  while (size > 0)
    {
      gssize n = pread (fd, bytes, MIN (size, SAMPLE_SIZE), (off_t)offset);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      g_checksum_update (checksum, bytes, n);
      offset += (guint64)n;
      size -= (guint64)n;
    }
  return TRUE;
}

gboolean
gander_cache_identify (int fd, GanderIdentity *identity)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  struct stat info;
  guint64 size = 0;
  gsize length = sizeof identity->digest;

  memset (identity, 0, sizeof *identity);
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return FALSE;
  size = (guint64)info.st_size;
  if (!hash_part (fd, 0, MIN (size, SAMPLE_SIZE), checksum) ||
      !hash_part (fd,
                  size > SAMPLE_SIZE ? size - SAMPLE_SIZE : 0,
                  MIN (size, SAMPLE_SIZE),
                  checksum))
    return FALSE;
  identity->size = size;
  identity->mtime_ns =
      (gint64)info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + info.st_mtim.tv_nsec;
  g_checksum_get_digest (checksum, identity->digest, &length);
  return TRUE;
}

char *
gander_cache_dup_name (const GanderIdentity *identity)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 version = GUINT32_TO_LE (GANDER_INDEX_VERSION);

  g_checksum_update (checksum, (const guchar *)identity, sizeof *identity);
  g_checksum_update (checksum, (const guchar *)&version, sizeof version);
  return g_strdup_printf ("%.32s.gix", g_checksum_get_string (checksum));
}

static gboolean
is_private (const struct stat *info)
{
  return S_ISDIR (info->st_mode) && info->st_uid == geteuid () && (info->st_mode & 022) == 0;
}

static gboolean
check_directory (const char *path, GError **error)
{
  struct stat info;

  /* lstat: a link in place of the folder could lead anywhere. */
  if (lstat (path, &info) != 0)
    g_set_error (error,
                 G_FILE_ERROR,
                 g_file_error_from_errno (errno),
                 "%s: %s",
                 path,
                 g_strerror (errno));
  else if (!is_private (&info))
    g_set_error (error,
                 G_FILE_ERROR,
                 G_FILE_ERROR_PERM,
                 "%s: not a folder that only its owner can write to",
                 path);
  else
    return TRUE;
  return FALSE;
}

char *
gander_cache_dup_directory (const char *directory, gboolean create, GError **error)
{
  g_autofree char *path = NULL;

  if (directory != NULL)
    path = g_strdup (directory);
  else if (g_get_user_cache_dir () != NULL && g_path_is_absolute (g_get_user_cache_dir ()))
    path = g_build_filename (g_get_user_cache_dir (), "gander", NULL);
  else
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no cache folder");
      return NULL;
    }
  if (create)
    {
      g_autofree char *parent = g_path_get_dirname (path);
      (void)g_mkdir_with_parents (parent, 0700);
      (void)mkdir (path, 0700);
      if (!check_directory (path, error))
        return NULL;
    }
  return g_steal_pointer (&path);
}

GanderIndex *
gander_cache_open (const char *directory, const char *path, const GanderIdentity *identity)
{
  g_autofree char *name = gander_cache_dup_name (identity);
  g_autofree char *file = g_build_filename (directory, name, NULL);
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  GanderIndex *index = NULL;

  if (fd < 0)
    return NULL;
  index = gander_index_open_fd (fd, path, identity, NULL);
  /* The time of the file says when it was used last; an index has no other use for it. */
  if (index != NULL)
    (void)futimens (fd, NULL);
  close (fd);
  return index;
}

gboolean
gander_cache_file_open_unlinked (GanderCacheFile *self, const char *directory)
{
  *self = (GanderCacheFile){ .directory_fd = -1, .fd = gander_row_file_open_unlinked (directory) };
  return self->fd >= 0;
}

gboolean
gander_cache_file_open (GanderCacheFile *self, const char *directory)
{
  struct stat info;

  *self = (GanderCacheFile){ .directory_fd = -1, .fd = -1 };
  self->directory_fd = open (directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->directory_fd < 0)
    return FALSE;
  if (fstat (self->directory_fd, &info) != 0 || !is_private (&info))
    errno = EACCES;
  else
    for (int i = 0; i < TRIES && self->fd < 0; i++)
      {
        guint64 random = 0;
        /* Not GLib's numbers: processes that were forked from one draw the same. */
        if (getentropy (&random, sizeof random) != 0)
          break;
        g_free (self->temporary);
        self->temporary = g_strdup_printf (".%016" G_GINT64_MODIFIER "x.tmp", random);
        self->fd = openat (self->directory_fd,
                           self->temporary,
                           O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                           0600);
        if (self->fd < 0 && errno != EEXIST)
          break;
      }
  if (self->fd >= 0)
    (void)flock (self->fd, LOCK_EX | LOCK_NB);
  if (self->fd < 0)
    {
      int saved = errno;
      g_clear_pointer (&self->temporary, g_free);
      gander_cache_file_clear (self);
      errno = saved;
      return FALSE;
    }
  return TRUE;
}

gboolean
gander_cache_file_publish (GanderCacheFile *self, const char *name, const char *trace)
{
  g_autofree char *path = realpath (trace, NULL);

  if (self->temporary == NULL ||
      renameat (self->directory_fd, self->temporary, self->directory_fd, name) != 0)
    return FALSE;
  g_clear_pointer (&self->temporary, g_free);
  /* Not every file system can: the list of the cache then does not name the trace. */
  if (path != NULL)
    (void)fsetxattr (self->fd, GANDER_CACHE_TRACE_ATTRIBUTE, path, strlen (path), 0);
  return TRUE;
}

static void
close_file (int fd)
{
  struct stat info;

  if (fstat (fd, &info) == 0 && info.st_nlink == 0)
    gander_row_file_close_unlinked (fd);
  else
    close (fd);
}

void
gander_cache_file_clear (GanderCacheFile *self)
{
  if (self->temporary != NULL)
    (void)unlinkat (self->directory_fd, self->temporary, 0);
  g_clear_pointer (&self->temporary, g_free);
  if (self->fd >= 0)
    close_file (self->fd);
  if (self->directory_fd >= 0)
    close (self->directory_fd);
  self->fd = self->directory_fd = -1;
}
