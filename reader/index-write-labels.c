/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waits of goroutines by their labels, in order; or none, where they would save nothing. */
#include "reader/index-write-private.h"

#include <stdlib.h>

/* Events for each row: a trace with fewer has its waits walked in less than the time that it takes
 * to open it. */
#define EVENTS_OF_ROW 128

/* Rows that nobody minds. */
#define ALWAYS 1024

#define COMPARE(x, y, member)     \
  if ((x)->member != (y)->member) \
    return (x)->member < (y)->member ? -1 : 1;

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const GanderLabelTotalRow *x = a;
  const GanderLabelTotalRow *y = b;

  COMPARE (x, y, owner)
  COMPARE (x, y, kind)
  COMPARE (x, y, task)
  COMPARE (x, y, region)
  return 0;
}

void
gander_index_writer_take_lanes (GanderIndexWriter *self)
{
  const GanderTotals *totals = &self->spans->chunks.sealer.totals;

  for (guint32 i = 0; self->n_goroutines <= GANDER_FEW_GOROUTINES && i < totals->n; i++)
    {
      const GanderTotalRow *row = &totals->rows[i];
      const GanderKindRow *kind = gander_blocks_get_kind (&self->blocks, row->kind);
      gboolean goes_on = (kind->flags & GANDER_SPAN_CONTINUES) != 0;
      gander_label_totals_add (&self->spans->chunks.labels,
                               &(GanderLabelTotalRow){ .owner = row->group,
                                                       .kind = row->kind,
                                                       .count = goes_on ? 0 : row->count,
                                                       .total = row->total },
                               kind->state);
    }
}

/* From lanes, where there are many, and from names to groups. */
static void
find_owner (const GanderIndexWriter *self, GanderLabelTotalRow *row)
{
  GanderStringId name = row->owner;

  if ((row->owner & GANDER_TOTALS_OWNER_IS_LANE) != 0)
    {
      row->owner &= ~GANDER_TOTALS_OWNER_IS_LANE;
      name = self->lives[row->owner].name;
    }
  if (self->n_goroutines > GANDER_FEW_GOROUTINES)
    row->owner = self->group_of[name] - 1;
}

/* Returns: rows that are left. */
static guint32
sort_rows (const GanderIndexWriter *self, GanderLabelTotals *totals)
{
  GanderLabelTotalRow *rows = totals->rows;
  guint32 n = 0;

  for (guint32 i = 0; i < totals->n; i++)
    find_owner (self, &rows[i]);
  if (totals->n > 0)
    qsort (rows, totals->n, sizeof *rows, compare_rows);
  for (guint32 i = 0; i < totals->n; i++)
    {
      if (n == 0 || compare_rows (&rows[n - 1], &rows[i]) != 0)
        {
          rows[n++] = rows[i];
          continue;
        }
      rows[n - 1].count += rows[i].count;
      rows[n - 1].total = gander_wrap_add (rows[n - 1].total, rows[i].total);
    }
  return n;
}

void
gander_index_write_label_totals (GanderIndexWriter *self)
{
  GanderLabelTotals *totals = &self->spans->chunks.labels;
  guint32 n = totals->lost ? 0 : sort_rows (self, totals);
  gboolean pays = !totals->lost && n <= MAX (ALWAYS, self->spans->n_events / EVENTS_OF_ROW);

  self->facts.has_label_totals = pays;
  gander_index_file_put (self->file, GANDER_SECTION_LABEL_TOTALS, totals->rows, pays ? n : 0);
  gander_label_totals_clear (totals);
}
