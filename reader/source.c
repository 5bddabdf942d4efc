/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/source.h"

#include "reader/reader-error.h"
#include "reader/sniff.h"
#include "reader/spool.h"
#include "reader/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANCEL_INTERVAL_MS 100

struct _GanderSource
{
  const guint8 *data; /* (nullable) (unowned) memory that a caller gave */
  int fd;             /* -1 = none */
  GanderSpool spool;  /* in use when neither of them is */
  guint64 size;
  guint64 file_size;
  gboolean cut;
};

static GanderSource *
new_source (void)
{
  GanderSource *self = g_new0 (GanderSource, 1);

  self->fd = -1;
  self->spool.fd = -1;
  return self;
}

GanderSource *
gander_source_new_bytes (const guint8 *data, gsize size)
{
  GanderSource *self = new_source ();

  self->data = size > 0 ? data : (const guint8 *)"";
  self->size = size;
  self->file_size = size;
  return self;
}

void
gander_source_free (GanderSource *self)
{
  if (self == NULL)
    return;
  if (self->fd > STDIN_FILENO)
    close (self->fd);
  gander_spool_clear (&self->spool);
  g_free (self);
}

static gboolean
fail (GError **error, const char *path, int code)
{
  g_set_error (error,
               G_FILE_ERROR,
               (int)g_file_error_from_errno (code),
               "cannot read %s: %s",
               path,
               g_strerror (code));
  return FALSE;
}

/* Waits for bytes or the end of a stream, not longer than it takes to notice a cancellation. A
 * pipe that no writer has opened yet has neither.
 * Returns: FALSE when there is nothing yet. */
static gboolean
wait_for_bytes (int fd)
{
  struct pollfd waited = { .fd = fd, .events = POLLIN };

  return poll (&waited, 1, CANCEL_INTERVAL_MS) != 0;
}

/* A pipe, socket or terminal has to be kept to be read twice. */
static gboolean
spool_stream (GanderSource *self,
              const char *path,
              GanderProgress *progress,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree guint8 *buffer = g_malloc (1 << 16);

  while (TRUE)
    {
      gssize n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!wait_for_bytes (self->fd))
        continue;
      n = read (self->fd, buffer, 1 << 16);
      if (n < 0 && (errno == EINTR || errno == EAGAIN))
        continue;
      if (n < 0)
        return fail (error, path, errno);
      if (n == 0)
        break;
      if (!gander_spool_append (&self->spool, buffer, (gsize)n, error))
        return FALSE;
      gander_progress_set_received (progress, self->spool.size);
      gander_progress_report (progress, GANDER_PHASE_RECEIVING, 0, 0);
      /* Something endless that is no trace need not be read to the limit. */
      if (self->spool.size - (gsize)n < 16 && self->spool.size >= 16)
        {
          guint8 head[16];

          gander_spool_read (&self->spool, 0, head, sizeof head);
          if (gander_sniff_is_hopeless (head, sizeof head))
            break;
        }
    }

  if (self->fd > STDIN_FILENO)
    close (self->fd);
  self->fd = -1;
  self->size = self->spool.size;
  self->file_size = self->spool.size;
  return TRUE;
}

/* Replaces the bytes of @self by what they unpack to. */
static gboolean
unpack (GanderSource *self,
        GanderPacking packing,
        guint64 limit,
        GanderProgress *progress,
        GCancellable *cancellable,
        GError **error)
{
  GanderSpool unpacked;

  gander_spool_init (&unpacked, limit);
  if (!gander_unpack (self, packing, &unpacked, &self->cut, progress, cancellable, error))
    {
      gander_spool_clear (&unpacked);
      return FALSE;
    }

  if (self->fd > STDIN_FILENO)
    close (self->fd);
  self->fd = -1;
  gander_spool_clear (&self->spool);
  self->spool = unpacked;
  self->size = unpacked.size;
  return TRUE;
}

static gboolean
open_file (GanderSource *self,
           const char *path,
           guint64 limit,
           GanderProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  struct stat status;

  self->fd =
      g_str_equal (path, "-") ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (self->fd < 0)
    return fail (error, path, errno);
  if (fstat (self->fd, &status) < 0)
    return fail (error, path, errno);
  if (S_ISDIR (status.st_mode))
    return fail (error, path, EISDIR);

  if (S_ISREG (status.st_mode) && self->fd != STDIN_FILENO && status.st_size > 0)
    {
      self->size = (guint64)status.st_size;
      self->file_size = self->size;
      return TRUE;
    }

  /* Files of /proc say that they have no bytes; reading them shows. */
  gander_spool_init (&self->spool, limit);
  return spool_stream (self, path, progress, cancellable, error);
}

GanderSource *
gander_source_open (const char *path,
                    guint64 unpack_limit,
                    GanderProgress *progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GanderSource) self = new_source ();
  guint8 head[16];
  GanderPacking packing;
  gsize got;
  const guint8 *bytes;

  if (!open_file (self, path, unpack_limit, progress, cancellable, error))
    return NULL;

  bytes = gander_source_get (self, 0, sizeof head, head, &got);
  packing = gander_sniff_packing (bytes, got);
  if (packing != GANDER_PACKING_NONE &&
      !unpack (self, packing, unpack_limit, progress, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

guint64
gander_source_get_size (const GanderSource *self)
{
  return self->size;
}

guint64
gander_source_get_file_size (const GanderSource *self)
{
  return self->file_size;
}

gboolean
gander_source_is_cut (const GanderSource *self)
{
  return self->cut;
}

gboolean
gander_source_is_memory (const GanderSource *self)
{
  return self->data != NULL || (self->fd < 0 && self->spool.memory != NULL);
}

const guint8 *
gander_source_get (GanderSource *self, guint64 offset, gsize size, guint8 *buffer, gsize *got)
{
  if (offset >= self->size)
    size = 0;
  else
    size = (gsize)MIN ((guint64)size, self->size - offset);

  *got = size;
  if (size == 0)
    return buffer;
  if (self->data != NULL)
    return self->data + offset;
  if (self->fd >= 0)
    {
      *got = gander_spool_pread (self->fd, offset, buffer, size);
      return buffer;
    }
  if (self->spool.memory != NULL)
    return self->spool.memory->data + offset;
  *got = gander_spool_read (&self->spool, offset, buffer, size);
  return buffer;
}
