/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wake-ups by waker. They are known when the trace has been read, and so is the room that they take
 * in the file: a thread sorts and writes them while the spans are looked through for all the rest.
 */
#include "reader/index-write-private.h"

#include "reader/reader-error.h"
#include "reader/unaligned.h"

#include <string.h>

/* Wake-ups that are gone over without looking up. */
#define NOTES_AT_ONCE 65536

static void
store_wakeup (guint8 *row, const GanderWakeupNote *note, guint width)
{
  guint32 low = GUINT32_TO_LE ((guint32)note->time);
  guint32 high = GUINT32_TO_LE ((guint32)((guint64)note->time >> (8 * (width - 4))));

  /* Not a byte beyond: the next row may be there already. */
  memcpy (row, &note->wakee, 4);
  memcpy (row + 4, &low, 4);
  memcpy (row + width, &high, 4);
}

/* Wake-ups come in order of time: a counting sort by waker keeps that. As many rows at a time as
 * there is room for, of the wakers from @low to before @high. */
static gboolean
sort_wakeups (GanderWakeupSort *self, guint8 *rows, guint32 *next, GError **error)
{
  const GanderWakeupNote *notes = self->notes;
  const guint32 *begin = self->begin;
  guint64 n = begin[self->n_wakers];
  guint64 n_rows = 0;
  guint32 low = 0;
  guint32 high = 0;

  for (guint64 first = 0; first < n; first += n_rows)
    {
      n_rows = MIN (n - first, GANDER_WAKEUPS_AT_ONCE);
      while (begin[low + 1] <= first)
        low++;
      while (high < self->n_wakers && begin[high] < first + n_rows)
        high++;
      memcpy (next + low, begin + low, (high - low) * sizeof *next);
      for (guint64 i = 0; i < n; i++)
        {
          guint64 row = 0;
          if (i % NOTES_AT_ONCE == 0)
            {
              gander_row_file_forget_pages (&self->writer->spans->wakeups);
              if (!gander_index_writer_go_on (self->writer, NOTES_AT_ONCE, error))
                return FALSE;
            }
          if (notes[i].waker < low || notes[i].waker >= high)
            continue;
          row = next[notes[i].waker]++ - first;
          if (row < n_rows)
            store_wakeup (rows + row * (4 + self->width), &notes[i], self->width);
        }
      gander_index_file_append (&self->part, rows, n_rows * (4 + self->width));
    }
  return TRUE;
}

static gboolean
write_sorted (GanderWakeupSort *self, GError **error)
{
  static const guint8 slack[GANDER_BLOCK_SLACK] = { 0 };
  g_autofree guint32 *next =
      gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *next, error);

  g_autofree guint8 *rows = NULL;

  if (next != NULL)
    rows = gander_index_writer_allocate (MIN (self->begin[self->n_wakers], GANDER_WAKEUPS_AT_ONCE),
                                         4 + self->width,
                                         error);
  if (rows == NULL)
    return FALSE;
  gander_index_file_begin (&self->part, GANDER_SECTION_WAKEUPS);
  if (!sort_wakeups (self, rows, next, error))
    return FALSE;
  gander_index_file_append (&self->part, slack, sizeof slack);
  gander_index_file_end (&self->part);
  gander_index_file_flush (&self->part);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  GanderWakeupSort *self = data;

  self->good = write_sorted (self, &self->error);
  return NULL;
}

/* Counts the wake-ups of each waker. */
static gboolean
count_wakeups (GanderWakeupSort *self, guint64 n, GError **error)
{
  guint32 *begin = self->begin;
  guint32 first = 0;

  for (guint64 i = 0; i < n; i++)
    {
      begin[self->notes[i].waker]++;
      if (i % NOTES_AT_ONCE != NOTES_AT_ONCE - 1)
        continue;
      gander_row_file_forget_pages (&self->writer->spans->wakeups);
      if (!gander_index_writer_go_on (self->writer, NOTES_AT_ONCE, error))
        return FALSE;
    }
  for (guint32 i = 0; i <= self->n_wakers; i++)
    {
      guint32 count = begin[i];
      begin[i] = first;
      first += count;
    }
  return TRUE;
}

gboolean
gander_wakeup_sort_start (GanderWakeupSort *self, GanderIndexWriter *writer, GError **error)
{
  GanderRowFile *aside = &writer->spans->wakeups;
  guint64 n = gander_row_file_get_n (aside);

  self->n_wakers = writer->n_goroutines;
  self->writer = writer;
  if (n > G_MAXUINT32)
    {
      g_set_error_literal (error,
                           GANDER_READER_ERROR,
                           GANDER_READER_ERROR_TOO_LARGE,
                           "more wake-ups than can be numbered");
      return FALSE;
    }
  self->notes = gander_row_file_map (aside, error);
  if (self->notes != NULL)
    self->begin =
        gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *self->begin, error);
  if (self->begin == NULL || !count_wakeups (self, n, error))
    return FALSE;
  writer->first_wakeups = self->begin;
  self->width = MAX (4, gander_unaligned_width ((guint64)writer->duration));
  writer->facts.wakeup_time_width = self->width;
  gander_index_file_init_part (&self->part,
                               writer->file->fd,
                               gander_index_file_leave (writer->file,
                                                        n * (4 + self->width) +
                                                            GANDER_BLOCK_SLACK));
  if (writer->n_threads > 1)
    self->thread = g_thread_try_new ("wakeups", run, self, NULL);
  if (self->thread == NULL)
    run (self);
  return TRUE;
}

gboolean
gander_wakeup_sort_finish (GanderWakeupSort *self, GanderIndexWriter *writer, GError **error)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  gander_row_file_clear (&writer->spans->wakeups);
  if (!self->good)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  gander_index_file_adopt (writer->file, &self->part, GANDER_SECTION_WAKEUPS);
  return TRUE;
}

void
gander_wakeup_sort_clear (GanderWakeupSort *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (self->part.buffer != NULL)
    gander_index_file_clear (&self->part);
  g_clear_pointer (&self->begin, g_free);
  g_clear_error (&self->error);
}
