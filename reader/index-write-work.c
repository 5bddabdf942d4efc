/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a load is long for a large trace: it goes in small steps that tell how far they are
 * and find out whether anybody still waits for them.
 */
#include "reader/index-write-private.h"

#include <string.h>

/* Rows between two looks; about a millisecond. */
#define LOOK_EVERY 16384

/* Rows that are sorted at once. */
#define RUN 4096

void
gander_index_writer_plan (GanderIndexWriter *self)
{
  const GanderSpans *spans = self->spans;
  guint64 n_lanes = (guint64)spans->goroutines.n + spans->procs.n + spans->threads.n;
  guint64 n_wakeups = gander_row_file_get_n (&spans->wakeups);
  guint64 n_sorted = spans->tasks.n + gander_row_file_get_n (&spans->regions);

  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    n_sorted += gander_row_file_get_n (&spans->ranges[kind]);
  /* Lanes: summaries, ids, groups, their lanes, rows. Sorted rows: runs, some of the merging, and
   * what is written. */
  self->n_planned = 6 * n_lanes + 4 * n_sorted + gander_row_file_get_n (&spans->chunks.notes) +
                    spans->n_transitions + gander_row_file_get_n (&spans->logs) +
                    n_wakeups * (2 + n_wakeups / GANDER_WAKEUPS_AT_ONCE);
}

gboolean
gander_index_writer_go_on (GanderIndexWriter *self, guint64 n, GError **error)
{
  guint64 before = __atomic_fetch_add (&self->n_done, n, __ATOMIC_RELAXED);

  if (before / LOOK_EVERY == (before + n) / LOOK_EVERY)
    return TRUE;
  gander_progress_report (self->progress, GANDER_PHASE_WRITING, before + n, self->n_planned);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

gboolean
gander_index_writer_append (GanderIndexWriter *self,
                            gconstpointer rows,
                            guint64 n,
                            gsize size,
                            GError **error)
{
  const guint8 *bytes = rows;

  while (n > 0)
    {
      gsize part = (gsize)MIN (n, LOOK_EVERY);
      gander_index_file_append (self->file, bytes, part * size);
      bytes += part * size;
      n -= part;
      if (!gander_index_writer_go_on (self, part, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
gander_index_writer_put (GanderIndexWriter *self,
                         GanderSection section,
                         gconstpointer rows,
                         guint64 n,
                         GError **error)
{
  gboolean good = FALSE;

  gander_index_file_begin (self->file, section);
  good = gander_index_writer_append (self, rows, n, gander_section_get_row_size (section), error);
  gander_index_file_end (self->file);
  return good;
}

/* Two sorted parts of @rows that follow each other become one. */
static gboolean
merge (GanderIndexWriter *self,
       guint32 *rows,
       guint64 n_first,
       guint64 n,
       guint32 *spare,
       GCompareDataFunc compare,
       gpointer data,
       GError **error)
{
  guint64 a = 0;
  guint64 b = n_first;

  /* Most rows come in order: then there is nothing to do. */
  if (compare (&rows[n_first - 1], &rows[n_first], data) <= 0)
    return TRUE;
  memcpy (spare, rows, n_first * sizeof *rows);
  for (guint64 i = 0; a < n_first && b < n; i++)
    {
      rows[i] = compare (&spare[a], &rows[b], data) <= 0 ? spare[a++] : rows[b++];
      if (i % LOOK_EVERY == LOOK_EVERY - 1 &&
          !gander_index_writer_go_on (self, LOOK_EVERY / 8, error))
        return FALSE;
    }
  memcpy (rows + a + b - n_first, spare + a, (n_first - a) * sizeof *rows);
  return gander_index_writer_go_on (self, n % LOOK_EVERY / 8, error);
}

guint32 *
gander_index_writer_sort (GanderIndexWriter *self,
                          guint64 n,
                          GCompareDataFunc compare,
                          gpointer data,
                          GError **error)
{
  g_autofree guint32 *rows = gander_index_writer_allocate (n, sizeof *rows, error);
  g_autofree guint32 *spare =
      rows == NULL ? NULL : gander_index_writer_allocate (n, sizeof *spare, error);

  if (spare == NULL)
    return NULL;
  for (guint64 i = 0; i < n; i++)
    rows[i] = (guint32)i;
  for (guint64 first = 0; first < n; first += RUN)
    {
      guint64 part = MIN (RUN, n - first);
      g_qsort_with_data (rows + first, (gint)part, sizeof *rows, compare, data);
      if (!gander_index_writer_go_on (self, part, error))
        return NULL;
    }
  for (guint64 width = RUN; width < n; width *= 2)
    for (guint64 first = 0; first + width < n; first += 2 * width)
      if (!merge (self,
                  rows + first,
                  width,
                  MIN (2 * width, n - first),
                  spare,
                  compare,
                  data,
                  error))
        return NULL;
  return g_steal_pointer (&rows);
}
