/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorts rows, however many, in memory that does not grow with them: a few megabytes at a time are
 * sorted and put aside, then these runs are merged as they are asked for. Rows come nearly in
 * order, so that merging seldom changes from one run to another.
 */
#include "reader/index-write-private.h"

#include <string.h>

/* Bytes that are sorted at once. */
#define RUN_SIZE (1u << 20)

/* Rows that are merged until their pages are given back. */
#define ROWS_AT_ONCE 16384

/* What is left of a sorted run. */
typedef struct
{
  const guint8 *at, *end;
} Run;

/* Runs come in the order of their rows, so that the earlier one of two equal rows comes first. */
static gboolean
comes_first (const GanderRowSort *self, const Run *a, const Run *b)
{
  int order = self->compare (a->at, b->at);

  return order < 0 || (order == 0 && a->end < b->end);
}

/* The run with the first row of all comes first: a binary heap. */
static void
sift_down (GanderRowSort *self, guint i)
{
  Run *heap = (gpointer)self->heap->data;
  guint n = self->heap->len;

  for (guint child = 2 * i + 1; child < n; child = 2 * i + 1)
    {
      Run run = heap[i];
      if (child + 1 < n && comes_first (self, &heap[child + 1], &heap[child]))
        child++;
      if (comes_first (self, &run, &heap[child]))
        return;
      heap[i] = heap[child];
      heap[child] = run;
      i = child;
    }
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer data)
{
  const GanderRowSort *self = data;
  const guint8 *rows = self->run;

  return self->compare (rows + (gsize) * (const guint32 *)a * self->row_size,
                        rows + (gsize) * (const guint32 *)b * self->row_size);
}

/* Puts a sorted copy of @n rows aside. */
static gboolean
sort_run (GanderRowSort *self, const guint8 *rows, guint n, guint32 *numbers, GError **error)
{
  self->run = rows;
  for (guint i = 0; i < n; i++)
    numbers[i] = i;
  g_qsort_with_data (numbers, (gint)n, sizeof *numbers, compare_numbers, self);
  for (guint i = 0; i < n; i++)
    gander_row_file_add (&self->runs, rows + (gsize)numbers[i] * self->row_size);
  return gander_index_writer_go_on (self->writer, n, error);
}

static gboolean
sort_runs (GanderRowSort *self, GanderRowFile *rows, guint n_run, GError **error)
{
  const guint8 *all = gander_row_file_map (rows, error);
  g_autofree guint32 *numbers =
      all == NULL ? NULL
                  : gander_index_writer_allocate (MIN (n_run, self->n), sizeof *numbers, error);

  if (numbers == NULL)
    return FALSE;
  for (guint64 first = 0; first < self->n; first += n_run)
    {
      guint n = (guint)MIN (n_run, self->n - first);
      if (!sort_run (self, all + first * self->row_size, n, numbers, error))
        return FALSE;
      gander_row_file_forget_pages (rows);
    }
  gander_row_file_clear (rows);
  return TRUE;
}

gboolean
gander_row_sort_init (GanderRowSort *self,
                      GanderIndexWriter *writer,
                      GanderRowFile *rows,
                      GCompareFunc compare,
                      GError **error)
{
  gsize row_size = rows->row_size;
  guint n_run = (guint)(RUN_SIZE / row_size);
  const guint8 *sorted = NULL;

  *self = (GanderRowSort){ .writer = writer,
                           .compare = compare,
                           .row_size = row_size,
                           .n = gander_row_file_get_n (rows),
                           .heap = g_array_new (FALSE, FALSE, sizeof (Run)) };
  gander_row_file_init (&self->runs, row_size, rows->directory);
  if (!sort_runs (self, rows, n_run, error))
    return FALSE;
  sorted = gander_row_file_map (&self->runs, error);
  if (sorted == NULL)
    return FALSE;
  for (guint64 first = 0; first < self->n; first += n_run)
    {
      Run run = { .at = sorted + first * row_size,
                  .end = sorted + MIN (first + n_run, self->n) * row_size };
      g_array_append_val (self->heap, run);
    }
  for (guint i = self->heap->len / 2; i-- > 0;)
    sift_down (self, i);
  return TRUE;
}

void
gander_row_sort_clear (GanderRowSort *self)
{
  g_clear_pointer (&self->heap, g_array_unref);
  gander_row_file_clear (&self->runs);
}

gconstpointer
gander_row_sort_next (GanderRowSort *self, GError **error)
{
  Run *first = NULL;
  const guint8 *row = NULL;

  if (++self->n_untold == ROWS_AT_ONCE)
    {
      gander_row_file_forget_pages (&self->runs);
      if (!gander_index_writer_go_on (self->writer, self->n_untold, error))
        return NULL;
      self->n_untold = 0;
    }
  first = &g_array_index (self->heap, Run, 0);
  row = first->at;
  first->at += self->row_size;
  if (first->at == first->end)
    g_array_remove_index_fast (self->heap, 0);
  if (self->heap->len > 1)
    sift_down (self, 0);
  return row;
}
