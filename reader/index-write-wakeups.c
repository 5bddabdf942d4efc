/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wake-ups by waker. They are known when the trace has been read, so that a thread can sort them
 * while the spans are looked through for all the rest.
 */
#include "reader/index-write-private.h"

#include "reader/reader-error.h"
#include "reader/unaligned.h"

#include <string.h>

/* Wake-ups that are put in order at once. */
#define AT_ONCE (1u << 19)

/* Notes that are counted until their pages are given back. */
#define NOTES_AT_ONCE 65536

/* What is left of a run. */
typedef struct
{
  const GanderWakeupNote *at, *end;
} Run;

typedef struct
{
  const GanderWakeupNote
      *notes; /* in runs by waker, in each of which and one after another by time */
  Run *runs;
  guint64 n_runs;
  guint32 *begin; /* number of each waker's first row; one more at the end */
  guint32 *next;  /* of each waker */
  guint8 *rows;   /* some of the sorted ones: wakee, time */
  guint32 n_wakers;
  guint width; /* bytes of a time, 4 to 8 */
} Sort;

static void
sort_clear (Sort *self)
{
  g_free (self->runs);
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
  *(GanderWakeupRow *)gander_packer_take (packer) =
      (GanderWakeupRow){ .time = (gint64)gander_unaligned_load (row + sizeof wakee, width),
                         .wakee = wakee & ~GANDER_WAKEUP_CREATED,
                         .created = (wakee & GANDER_WAKEUP_CREATED) != 0 };
}

/* Takes the rows before @end, of which @first is the first, from all runs. */
static gboolean
take_rows (Sort *self, GanderIndexWriter *writer, guint64 first, guint64 end, GError **error)
{
  gsize row_size = 4 + self->width;

  for (guint64 i = 0; i < self->n_runs; i++)
    {
      Run *run = &self->runs[i];
      const GanderWakeupNote *from = run->at;
      for (; run->at < run->end && self->next[run->at->waker] < end; run->at++)
        store_wakeup (self->rows + (self->next[run->at->waker]++ - first) * row_size,
                      run->at,
                      self->width);
      if (!gander_index_writer_go_on (writer, (guint64)(run->at - from), error))
        return FALSE;
    }
  return TRUE;
}

/* The place of each is known: wherever a run gets to one beyond, there are none before. */
static gboolean
sort_wakeups (GanderBeside *self, Sort *sort, GanderPacker *packer, GError **error)
{
  guint64 n = sort->begin[sort->n_wakers];
  gsize row_size = 4 + sort->width;
  guint64 n_rows = 0;

  for (guint64 first = 0; first < n; first += n_rows)
    {
      n_rows = MIN (n - first, AT_ONCE);
      if (!take_rows (sort, self->writer, first, first + n_rows, error))
        return FALSE;
      gander_row_file_forget_pages (&self->writer->spans->wakeups);
      for (guint64 row = 0; row < n_rows; row++)
        {
          pack_wakeup (packer, sort->rows + row * row_size, sort->width);
          if (row % NOTES_AT_ONCE == 0 &&
              !gander_index_writer_go_on (self->writer, MIN (n_rows - row, NOTES_AT_ONCE), error))
            return FALSE;
        }
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
find_runs (Sort *self, const GanderRowFile *aside, GError **error)
{
  guint64 n = gander_row_file_get_n (aside);
  guint64 n_run = gander_row_file_get_run (aside);

  self->n_runs = (n + n_run - 1) / n_run;
  self->runs = gander_index_writer_allocate (self->n_runs, sizeof *self->runs, error);
  if (self->runs == NULL)
    return FALSE;
  for (guint64 i = 0; i < self->n_runs; i++)
    self->runs[i] =
        (Run){ .at = self->notes + i * n_run, .end = self->notes + MIN ((i + 1) * n_run, n) };
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
  if (!find_runs (self, aside, error))
    return FALSE;
  self->begin =
      gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *self->begin, error);
  if (self->begin == NULL || !count_wakeups (self, writer, n, error))
    return FALSE;
  self->next = gander_index_writer_allocate ((gsize)self->n_wakers + 1, sizeof *self->next, error);
  if (self->next == NULL)
    return FALSE;
  memcpy (self->next, self->begin, ((gsize)self->n_wakers + 1) * sizeof *self->next);
  /* One more than there are: loads may overrun. */
  self->rows = gander_index_writer_allocate (MIN (n, AT_ONCE) + 1, 4 + self->width, error);
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
