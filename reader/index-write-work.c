/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a load is long for a large trace: it goes in small steps that tell how far they are
 * and find out whether anybody still waits for them.
 */
#include "reader/index-write-private.h"

/* Rows between two looks; about a millisecond. */
#define LOOK_EVERY 16384

void
gander_index_writer_plan (GanderIndexWriter *self)
{
  const GanderSpans *spans = self->spans;
  guint64 n_lanes = (guint64)spans->n_goroutines + spans->procs.n + spans->threads.n;
  guint64 n_wakeups = gander_row_file_get_n (&spans->wakeups);
  guint64 n_sorted =
      gander_row_file_get_n (&spans->tasks) + gander_row_file_get_n (&spans->regions);

  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    n_sorted += gander_row_file_get_n (&spans->ranges[kind]);
  /* Lanes: gathering, summaries, ids, groups, their lanes, rows. Sorted rows: merging, and about a
   * fifth for copying. */
  self->n_planned = 8 * n_lanes + n_sorted + n_sorted / 5 +
                    gander_row_file_get_n (&spans->chunks.sealer.notes) + spans->n_transitions +
                    gander_row_file_get_n (&spans->logs) + 3 * n_wakeups;
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
                            GanderIndexFile *file,
                            gconstpointer rows,
                            guint64 n,
                            gsize size,
                            GError **error)
{
  const guint8 *bytes = rows;

  while (n > 0)
    {
      gsize part = (gsize)MIN (n, LOOK_EVERY);
      gander_index_file_append (file, bytes, part * size);
      bytes += part * size;
      n -= part;
      if (!gander_index_writer_go_on (self, part, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
gander_index_writer_put (GanderIndexWriter *self,
                         GanderIndexFile *file,
                         GanderSection section,
                         gconstpointer rows,
                         guint64 n,
                         GError **error)
{
  gboolean good = FALSE;

  gander_index_file_begin (file, section);
  good = gander_index_writer_append (self,
                                     file,
                                     rows,
                                     n,
                                     gander_section_get_row_size (section),
                                     error);
  gander_index_file_end (file);
  return good;
}
