/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections whose size is known beforehand: room is left for them in the file, and a thread fills it
 * while the rest goes on. Where they begin does not depend on the thread, so the bytes do not.
 */
#include "reader/index-write-private.h"

static gpointer
run (gpointer data)
{
  GanderBeside *self = data;

  self->good = self->func (self, &self->error);
  gander_index_file_flush (&self->part);
  return NULL;
}

gboolean
gander_beside_start (GanderBeside *self,
                     GanderIndexWriter *writer,
                     const char *name,
                     guint64 size,
                     GanderBesideFunc func,
                     GError **error)
{
  self->writer = writer;
  self->func = func;
  gander_index_file_init_part (&self->part,
                               writer->file->fd,
                               gander_index_file_leave (writer->file, size));
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
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (!self->good)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  gander_index_file_adopt (self->writer->file, &self->part);
  return TRUE;
}

void
gander_beside_clear (GanderBeside *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (self->part.buffer != NULL)
    gander_index_file_clear (&self->part);
  g_clear_error (&self->error);
}
