/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wake-ups by waker. They are known when the trace has been read, so that a thread can sort them
 * while the spans are looked through for all the rest.
 */
#include "reader/index-write-private.h"

#include "reader/reader-error.h"
#include "reader/unaligned.h"

#include <string.h>

/* Wake-ups that are gone over without looking up. */
#define NOTES_AT_ONCE 65536

typedef struct
{
  const GanderWakeupNote *notes; /* by time */
  guint32 *begin;                /* number of each waker's first row; one more at the end */
  guint32 *next;                 /* of each waker */
  guint8 *rows;                  /* some of the sorted ones: wakee, time */
  guint32 n_wakers;
  guint width; /* bytes of a time, 4 to 8 */
} Sort;

static void
sort_clear (Sort *self)
{
  g_free (self->begin);
  g_free (self->next);
  g_free (self->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sort, sort_clear)

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

static void
pack_wakeup (GanderPacker *packer, const guint8 *row, guint width)
{
  guint32 wakee = 0;

  memcpy (&wakee, row, sizeof wakee);
  gander_packer_add (packer,
                     &(GanderWakeupRow){
                         .time = (gint64)gander_unaligned_load (row + sizeof wakee, width),
                         .wakee = wakee & ~GANDER_WAKEUP_CREATED,
                         .created = (wakee & GANDER_WAKEUP_CREATED) != 0 });
}

/* Wake-ups come in order of time: a counting sort by waker keeps that. As many rows at a time as
 * there is room for, of the wakers from @low to before @high. */
static gboolean
sort_wakeups (GanderBeside *self, const Sort *sort, GanderPacker *packer, GError **error)
{
  const GanderWakeupNote *notes = sort->notes;
  const guint32 *begin = sort->begin;
  gsize row_size = 4 + sort->width;
  guint64 n = begin[sort->n_wakers];
  guint64 n_rows = 0;
  guint32 low = 0;
  guint32 high = 0;

  for (guint64 first = 0; first < n; first += n_rows)
    {
      n_rows = MIN (n - first, GANDER_WAKEUPS_AT_ONCE);
      while (begin[low + 1] <= first)
        low++;
      while (high < sort->n_wakers && begin[high] < first + n_rows)
        high++;
      memcpy (sort->next + low, begin + low, (high - low) * sizeof *begin);
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
          row = sort->next[notes[i].waker]++ - first;
          if (row < n_rows)
            store_wakeup (sort->rows + row * row_size, &notes[i], sort->width);
        }
      for (guint64 row = 0; row < n_rows; row++)
        pack_wakeup (packer, sort->rows + row * row_size, sort->width);
    }
  return TRUE;
}

/* Counts the wake-ups of each waker. */
static gboolean
count_wakeups (Sort *self, GanderIndexWriter *writer, guint64 n, GError **error)
{
  guint32 *begin = self->begin;
  guint32 first = 0;

  for (guint64 i = 0; i < n; i++)
    {
      begin[self->notes[i].waker]++;
      if (i % NOTES_AT_ONCE != NOTES_AT_ONCE - 1)
        continue;
      gander_row_file_forget_pages (&writer->spans->wakeups);
      if (!gander_index_writer_go_on (writer, NOTES_AT_ONCE, error))
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

static gboolean
sort_init (Sort *self, GanderIndexWriter *writer, GError **error)
{
  GanderRowFile *aside = &writer->spans->wakeups;
  guint64 n = gander_row_file_get_n (aside);

  *self = (Sort){ .n_wakers = writer->n_goroutines,
                  .width = MAX (4, gander_unaligned_width ((guint64)writer->duration)) };
  if (n > G_MAXUINT32)
    {
      g_set_error_literal (error,
                           GANDER_READER_ERROR,
                           GANDER_READER_ERROR_TOO_LARGE,
                           "more wake-ups than can be numbered");
      return FALSE;
    }
  self->notes = gander_row_file_map (aside, error);
  if (self->notes == NULL)
    return FALSE;
  self->begin =
      gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *self->begin, error);
  if (self->begin == NULL || !count_wakeups (self, writer, n, error))
    return FALSE;
  self->next = gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *self->next, error);
  /* One more than there are: loads may overrun. */
  if (self->next != NULL)
    self->rows =
        gander_index_writer_allocate (MIN (n, GANDER_WAKEUPS_AT_ONCE) + 1, 4 + self->width, error);
  return self->rows != NULL;
}

static gboolean
write_wakeups (GanderBeside *self, GError **error)
{
  g_auto (Sort) sort = { 0 };
  g_auto (GanderPacker) packer = { 0 };

  if (!sort_init (&sort, self->writer, error))
    return FALSE;
  gander_packer_init (&packer, &self->part, GANDER_SECTION_WAKEUPS, self->writer->spans->directory);
  if (!sort_wakeups (self, &sort, &packer, error) || !gander_packer_finish (&packer, error))
    return FALSE;
  gander_row_file_clear (&self->writer->spans->wakeups);
  self->writer->first_wakeups = g_steal_pointer (&sort.begin);
  return TRUE;
}

gboolean
gander_index_write_wakeups (GanderIndexWriter *self, GanderBeside *beside, GError **error)
{
  return gander_beside_start (beside, self, "wakeups", write_wakeups, error);
}
