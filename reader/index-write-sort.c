/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merges the runs in which rows were put aside as they are asked for. Rows come nearly in order, so
 * that merging seldom changes from one run to another.
 */
#include "reader/index-write-private.h"

/* Rows that are merged until their pages are given back. */
#define ROWS_AT_ONCE 16384

/* What is left of a sorted run. */
typedef struct
{
  guint64 key; /* of the row at @at */
  const guint8 *at, *end;
} Run;

/* Runs come in the order of their rows, so that the earlier one of two equal rows comes first. */
static inline gboolean
comes_first (const GanderRowSort *self, const Run *a, const Run *b)
{
  int order = 0;

  if (a->key != b->key)
    return a->key < b->key;
  if (self->order->compare != NULL)
    order = self->order->compare (a->at, b->at);
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

gboolean
gander_row_sort_init (GanderRowSort *self,
                      GanderIndexWriter *writer,
                      GanderRowFile *rows,
                      GError **error)
{
  guint64 n_run = gander_row_file_get_run (rows);
  const guint8 *all = gander_row_file_map (rows, error);

  *self = (GanderRowSort){ .writer = writer,
                           .rows = rows,
                           .order = rows->order,
                           .n = gander_row_file_get_n (rows),
                           .heap = g_array_new (FALSE, FALSE, sizeof (Run)) };
  for (guint64 first = 0; all != NULL && first < self->n; first += n_run)
    {
      Run run = { .at = all + first * rows->row_size,
                  .end = all + MIN (first + n_run, self->n) * rows->row_size };
      run.key = gander_row_order_get_key (self->order, run.at);
      g_array_append_val (self->heap, run);
    }
  for (guint i = self->heap->len / 2; i-- > 0;)
    sift_down (self, i);
  return all != NULL;
}

void
gander_row_sort_clear (GanderRowSort *self)
{
  g_clear_pointer (&self->heap, g_array_unref);
  if (self->rows != NULL)
    gander_row_file_clear (self->rows);
}

gconstpointer
gander_row_sort_next (GanderRowSort *self, GError **error)
{
  Run *first = NULL;
  const guint8 *row = NULL;

  if (++self->n_untold == ROWS_AT_ONCE)
    {
      gander_row_file_forget_pages (self->rows);
      if (!gander_index_writer_go_on (self->writer, self->n_untold, error))
        return NULL;
      self->n_untold = 0;
    }
  first = &g_array_index (self->heap, Run, 0);
  row = first->at;
  first->at += self->rows->row_size;
  if (first->at == first->end)
    g_array_remove_index_fast (self->heap, 0);
  else
    first->key = gander_row_order_get_key (self->order, first->at);
  if (self->heap->len > 1)
    sift_down (self, 0);
  return row;
}
