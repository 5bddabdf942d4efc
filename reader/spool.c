/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/spool.h"

#include "reader/reader-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define IN_MEMORY (32u << 20)

void
gander_spool_init (GanderSpool *self, guint64 limit)
{
  *self = (GanderSpool){ .memory = g_byte_array_new (), .fd = -1, .limit = limit };
}

void
gander_spool_clear (GanderSpool *self)
{
  g_clear_pointer (&self->memory, g_byte_array_unref);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
fail (GError **error, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return FALSE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize size, GError **error)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "cannot write a temporary file");
      data += n;
      size -= (gsize)n;
    }
  return TRUE;
}

static gboolean
move_to_file (GanderSpool *self, GError **error)
{
  const char *folder = g_get_tmp_dir ();

  self->fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      g_autofree char *name = g_build_filename (folder, "gander-XXXXXX", NULL);

      self->fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
      if (self->fd < 0)
        return fail (error, "cannot make a temporary file");
      g_unlink (name);
    }
  if (!write_all (self->fd, self->memory->data, self->memory->len, error))
    return FALSE;
  g_clear_pointer (&self->memory, g_byte_array_unref);
  return TRUE;
}

gboolean
gander_spool_append (GanderSpool *self, const guint8 *data, gsize size, GError **error)
{
  if (size > self->limit || self->size > self->limit - size)
    {
      gander_reader_error_set (error,
                               GANDER_READER_ERROR_TOO_LARGE,
                               self->limit,
                               "the trace is larger than the limit of %" G_GUINT64_FORMAT " bytes",
                               self->limit);
      return FALSE;
    }

  if (self->memory != NULL && self->size + size > IN_MEMORY && !move_to_file (self, error))
    return FALSE;
  if (self->memory != NULL)
    g_byte_array_append (self->memory, data, (guint)size);
  else if (!write_all (self->fd, data, size, error))
    return FALSE;
  self->size += size;
  return TRUE;
}

gsize
gander_spool_pread (int fd, guint64 offset, guint8 *buffer, gsize size)
{
  gsize got = 0;

  while (got < size)
    {
      gssize n = pread (fd, buffer + got, size - got, (off_t)(offset + got));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      got += (gsize)n;
    }
  return got;
}

gsize
gander_spool_read (const GanderSpool *self, guint64 offset, guint8 *buffer, gsize size)
{
  if (offset >= self->size)
    return 0;
  size = (gsize)MIN ((guint64)size, self->size - offset);
  if (self->memory == NULL)
    return gander_spool_pread (self->fd, offset, buffer, size);
  memcpy (buffer, self->memory->data + offset, size);
  return size;
}
