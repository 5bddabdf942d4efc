/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/row-file.h"

#include "reader/write-at.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_LIMIT (1u << 20)

/* Bytes of a file that takes long to free. */
#define LARGE (16u << 20)

int
gander_row_file_open_unlinked (const char *directory)
{
  const char *places[] = { directory, "/var/tmp", g_get_tmp_dir () };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      int fd = -1;
      if (places[i] != NULL)
        fd = open (places[i], O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
      if (fd >= 0)
        return fd;
    }
  return memfd_create ("gander", MFD_CLOEXEC);
}

static gpointer
close_file (gpointer fd)
{
  close (GPOINTER_TO_INT (fd));
  return NULL;
}

void
gander_row_file_close_unlinked (int fd)
{
  struct stat info;
  GThread *thread = NULL;

  if (fstat (fd, &info) == 0 && info.st_size >= LARGE)
    thread = g_thread_try_new ("close", close_file, GINT_TO_POINTER (fd), NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    close (fd);
}

void
gander_row_file_init (GanderRowFile *self, gsize row_size, const char *directory)
{
  *self = (GanderRowFile){ .row_size = row_size, .fd = -1, .directory = directory };
}

void
gander_row_file_set_order (GanderRowFile *self, const GanderRowOrder *order)
{
  self->order = order;
}

void
gander_row_file_set_chores (GanderRowFile *self, GanderChores *chores)
{
  self->chores = chores;
}

/* What was spilled is in the file, or has failed. */
static void
settle (GanderRowFile *self)
{
  if (self->chores != NULL)
    gander_chores_finish (self->chores, &self->chore);
  if (self->failed == 0)
    self->failed = self->spill.failed;
}

void
gander_row_file_empty (GanderRowFile *self)
{
  settle (self);
  if (self->map != NULL)
    munmap (self->map, self->spilled);
  /* A zeroed one has no file either. */
  if (self->fd >= 0 && self->spilled > 0)
    gander_row_file_close_unlinked (self->fd);
  self->map = NULL;
  self->fd = -1;
  self->spilled = self->n_buffered = self->run_size = 0;
  self->sorted = FALSE;
}

void
gander_row_file_clear (GanderRowFile *self)
{
  gander_row_file_empty (self);
  g_free (self->buffer);
  g_free (self->spill.buffer);
  *self = (GanderRowFile){ .fd = -1 };
}

/* Sorts @n bytes of rows in @buffer, which may become another. Returns: errno. */
static int
sort (const GanderRowFile *self, guint8 **buffer, gsize n)
{
  guint8 *sorted = NULL;

  if (self->order == NULL || n < 2 * self->row_size)
    return 0;
  sorted = g_try_malloc (self->capacity);
  if (sorted == NULL || !gander_row_order_sort (self->order,
                                                *buffer,
                                                (guint)(n / self->row_size),
                                                self->row_size,
                                                sorted))
    {
      g_free (sorted);
      return ENOMEM;
    }
  g_free (*buffer);
  *buffer = sorted;
  return 0;
}

/* Sorts the rows in the buffer, once. */
static void
sort_last (GanderRowFile *self)
{
  if (self->failed == 0 && !self->sorted)
    self->failed = sort (self, &self->buffer, self->n_buffered);
  self->sorted = TRUE;
}

static void
write_spill (gpointer data)
{
  GanderRowFile *self = data;
  GanderRowSpill *spill = &self->spill;

  spill->failed = sort (self, &spill->buffer, spill->n);
  if (spill->failed == 0)
    spill->failed = gander_write_at (self->fd, spill->buffer, spill->n, spill->at);
  g_clear_pointer (&spill->buffer, g_free);
}

static void
spill (GanderRowFile *self)
{
  guint8 *next = NULL;

  settle (self);
  next = g_try_malloc (self->capacity);
  if (self->fd < 0)
    self->fd = gander_row_file_open_unlinked (self->directory);
  if (self->fd < 0)
    self->failed = errno;
  if (next == NULL)
    self->failed = ENOMEM;
  if (self->failed != 0)
    {
      g_free (next);
      return;
    }
  self->spill =
      (GanderRowSpill){ .buffer = self->buffer, .n = self->n_buffered, .at = self->spilled };
  self->buffer = next;
  self->spilled += self->n_buffered;
  self->n_buffered = 0;
  if (self->chores != NULL)
    gander_chores_add (self->chores, &self->chore, &self->series, write_spill, self);
  else
    write_spill (self);
}

gboolean
gander_row_file_make_room (GanderRowFile *self, gsize size)
{
  gsize capacity = MAX (self->capacity * 2, 64 * self->row_size);
  guint8 *buffer = NULL;

  if (self->failed != 0 || size <= self->capacity - self->n_buffered)
    return self->failed == 0;
  if (capacity > BUFFER_LIMIT && self->capacity > 0)
    {
      self->run_size = self->n_buffered;
      spill (self);
      return self->failed == 0;
    }
  buffer = g_try_realloc (self->buffer, capacity);
  if (buffer == NULL)
    {
      self->failed = ENOMEM;
      return FALSE;
    }
  self->buffer = buffer;
  self->capacity = capacity;
  return TRUE;
}

void
gander_row_file_add_n (GanderRowFile *self, gconstpointer rows, gsize n)
{
  gsize size = n * self->row_size;

  if (!gander_row_file_make_room (self, size))
    return;
  memcpy (self->buffer + self->n_buffered, rows, size);
  self->n_buffered += size;
}

guint64
gander_row_file_get_n (const GanderRowFile *self)
{
  return (self->spilled + self->n_buffered) / self->row_size;
}

gconstpointer
gander_row_file_map (GanderRowFile *self, GError **error)
{
  settle (self);
  if (self->spilled == 0)
    sort_last (self);
  if (self->failed == 0 && self->spilled > 0 && self->map == NULL)
    {
      spill (self);
      settle (self);
      if (self->failed == 0)
        self->map = mmap (NULL, self->spilled, PROT_READ, MAP_SHARED, self->fd, 0);
      if (self->map == MAP_FAILED)
        {
          self->map = NULL;
          self->failed = errno;
        }
    }
  if (self->failed != 0)
    {
      g_set_error (error,
                   G_FILE_ERROR,
                   g_file_error_from_errno (self->failed),
                   "keeping rows aside: %s",
                   g_strerror (self->failed));
      return NULL;
    }
  if (self->map != NULL)
    return self->map;
  return self->buffer != NULL ? self->buffer : (gconstpointer) "";
}

guint64
gander_row_file_get_run (const GanderRowFile *self)
{
  return self->run_size > 0 ? self->run_size / self->row_size
                            : MAX (gander_row_file_get_n (self), 1);
}

void
gander_row_file_forget_pages (const GanderRowFile *self)
{
  if (self->map != NULL)
    madvise (self->map, self->spilled, MADV_DONTNEED);
}
