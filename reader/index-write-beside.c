/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections that a thread writes to a file of their own while the rest goes on; when it has, they
 * are copied to where the index is then. That does not depend on the thread, so the bytes do not.
 */
#include "reader/index-write-private.h"

#include <errno.h>

/* Bytes that are copied in the time that a row takes. */
#define BYTES_OF_ROW 64

static gpointer
run (gpointer data)
{
  GanderBeside *self = data;

  self->good = self->func (self, &self->error);
  return NULL;
}

gboolean
gander_beside_start (GanderBeside *self,
                     GanderIndexWriter *writer,
                     const char *name,
                     GanderBesideFunc func,
                     GError **error)
{
  int fd = gander_row_file_open_unlinked (writer->spans->directory);

  if (fd < 0)
    {
      g_set_error (error,
                   G_FILE_ERROR,
                   g_file_error_from_errno (errno),
                   "keeping a part of the index aside: %s",
                   g_strerror (errno));
      return FALSE;
    }
  self->writer = writer;
  self->func = func;
  gander_index_file_init_part (&self->part, fd);
  if (writer->n_threads > 1)
    self->thread = g_thread_try_new (name, run, self, NULL);
  if (self->thread != NULL)
    return TRUE;
  run (self);
  if (!self->good)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return self->good;
}

gboolean
gander_beside_finish (GanderBeside *self, GError **error)
{
  guint64 n_told = 0;

  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (!self->good)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  gander_index_file_adopt (self->writer->file, &self->part);
  while (gander_index_file_copy (self->writer->file, &self->part))
    {
      guint64 n = (self->part.n_copied - n_told) / BYTES_OF_ROW;
      n_told = self->part.n_copied;
      if (!gander_index_writer_go_on (self->writer, n, error))
        return FALSE;
    }
  return TRUE;
}

void
gander_beside_clear (GanderBeside *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (self->part.buffer != NULL)
    {
      gander_row_file_close_unlinked (self->part.fd);
      gander_index_file_clear (&self->part);
    }
  g_clear_error (&self->error);
}
