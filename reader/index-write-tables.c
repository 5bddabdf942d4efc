/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that were put aside while the trace was read: sorted, numbered, written; the large
 * ones by a thread of their own. */
#include "reader/index-write-private.h"

#include <string.h>

/* Rows that are written until their pages are given back. */
#define ROWS_AT_ONCE 16384

static void
pack (GanderBeside *self, GanderSection section, GanderPacker *out)
{
  gander_packer_init (out, &self->part, section, self->writer->spans->directory);
}

/* Rows that are written as they were put aside. */
static gboolean
write_rows (GanderBeside *self, GanderRowFile *aside, GanderSection section, GError **error)
{
  guint64 n = gander_row_file_get_n (aside);
  const guint8 *rows = gander_row_file_map (aside, error);
  g_auto (GanderPacker) packer = { 0 };

  if (rows == NULL)
    return FALSE;
  pack (self, section, &packer);
  for (guint64 i = 0; i < n; i++)
    {
      gander_packer_add (&packer, rows + i * aside->row_size);
      if (i % ROWS_AT_ONCE != ROWS_AT_ONCE - 1)
        continue;
      gander_row_file_forget_pages (aside);
      if (!gander_index_writer_go_on (self->writer, ROWS_AT_ONCE, error))
        return FALSE;
    }
  gander_row_file_clear (aside);
  return gander_packer_finish (&packer, error);
}

/* As a query over the whole trace does: what lies outside of it does not count. */
static void
sum_range (GanderRangeSum *sum, const GanderRange *range, GanderTime duration)
{
  GanderTime length = MIN (range->end, duration) - MAX (range->begin, 0);

  if (range->begin >= duration || range->end <= 0)
    return;
  sum->count++;
  sum->total += length;
  sum->longest = MAX (sum->longest, length);
}

/* Packs the ranges of @kind, each with when the latest of them so far ends. */
static gboolean
pack_ranges (GanderBeside *self, GanderRangeKind kind, GanderPacker *packer, GError **error)
{
  g_auto (GanderRowSort) sorted = { 0 };
  gint64 latest = 0;

  if (!gander_row_sort_init (&sorted, self->writer, &self->writer->spans->ranges[kind], error))
    return FALSE;
  for (guint64 i = 0; i < sorted.n; i++)
    {
      const GanderRange *range = gander_row_sort_next (&sorted, error);
      GanderRangeRow row;
      if (range == NULL)
        return FALSE;
      latest = MAX (latest, range->end);
      sum_range (&self->writer->facts.ranges[kind], range, self->writer->duration);
      row = (GanderRangeRow){ .range = *range, .latest = latest };
      if (kind == GANDER_RANGE_SWEEP)
        row.range.lane = self->writer->proc_lanes[range->lane];
      *(GanderRangeRow *)gander_packer_take (packer) = row;
    }
  self->writer->facts.first_range[kind + 1] =
      self->writer->facts.first_range[kind] + (guint32)sorted.n;
  return TRUE;
}

static gboolean
write_ranges (GanderBeside *self, GError **error)
{
  g_auto (GanderPacker) packer = { 0 };

  pack (self, GANDER_SECTION_RANGES, &packer);
  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    if (!pack_ranges (self, kind, &packer, error))
      return FALSE;
  return gander_packer_finish (&packer, error);
}

static gboolean
write_tasks (GanderBeside *self, GError **error)
{
  g_auto (GanderRowSort) sorted = { 0 };
  g_auto (GanderPacker) packer = { 0 };

  if (!gander_row_sort_init (&sorted, self->writer, &self->writer->spans->tasks, error))
    return FALSE;
  pack (self, GANDER_SECTION_TASKS, &packer);
  for (guint64 i = 0; i < sorted.n; i++)
    {
      const GanderTask *task = gander_row_sort_next (&sorted, error);
      if (task == NULL)
        return FALSE;
      *(GanderTask *)gander_packer_take (&packer) = *task;
    }
  return gander_packer_finish (&packer, error);
}

/* Regions that began before the trace enclose those within it but were not on the stack when
 * these began: one level deeper for each that ends later. @ends: their ends so far, descending. */
static guint32
count_enclosing (const GArray *ends, GanderTime end)
{
  guint low = 0;
  guint high = ends->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (g_array_index (ends, GanderTime, middle) >= end)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
write_regions (GanderBeside *self, GError **error)
{
  g_auto (GanderRowSort) sorted = { 0 };
  g_auto (GanderPacker) packer = { 0 };
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (GanderTime));
  guint32 lane = GANDER_LANE_NONE;

  if (!gander_row_sort_init (&sorted, self->writer, &self->writer->spans->regions, error))
    return FALSE;
  pack (self, GANDER_SECTION_REGIONS, &packer);
  for (guint64 i = 0; i < sorted.n; i++)
    {
      const GanderRegion *row = gander_row_sort_next (&sorted, error);
      GanderRegion region;
      if (row == NULL)
        return FALSE;
      region = *row;
      if (region.lane != lane)
        g_array_set_size (ends, 0);
      lane = region.lane;
      region.depth += count_enclosing (ends, region.end);
      if ((region.flags & GANDER_SPAN_OPEN_BEGIN) != 0)
        g_array_append_val (ends, region.end);
      *(GanderRegion *)gander_packer_take (&packer) = region;
    }
  return gander_packer_finish (&packer, error);
}

static gboolean
write_samples (GanderBeside *self, GError **error)
{
  GanderRowFile *aside = &self->writer->spans->samples;
  guint64 n = gander_row_file_get_n (aside);
  const GanderSample *samples = gander_row_file_map (aside, error);
  guint32 first_thread = self->writer->n_goroutines + self->writer->spans->procs.n;
  g_auto (GanderPacker) packer = { 0 };

  if (samples == NULL)
    return FALSE;
  pack (self, GANDER_SECTION_SAMPLES, &packer);
  for (guint64 i = 0; i < n; i++)
    {
      GanderSample sample = samples[i];
      if (sample.proc != GANDER_LANE_NONE)
        sample.proc = self->writer->proc_lanes[sample.proc];
      if (sample.thread != GANDER_LANE_NONE)
        sample.thread += first_thread;
      *(GanderSample *)gander_packer_take (&packer) = sample;
      if (i % ROWS_AT_ONCE == ROWS_AT_ONCE - 1)
        gander_row_file_forget_pages (aside);
    }
  gander_row_file_clear (aside);
  return gander_packer_finish (&packer, error);
}

static gboolean
write_large_tables (GanderBeside *self, GError **error)
{
  GanderSpans *spans = self->writer->spans;

  return write_ranges (self, error) && write_tasks (self, error) && write_regions (self, error) &&
         write_samples (self, error) &&
         write_rows (self, &spans->logs, GANDER_SECTION_LOGS, error) &&
         write_rows (self, &spans->first_seen, GANDER_SECTION_FIRST_SEEN, error);
}

gboolean
gander_index_write_large_tables (GanderIndexWriter *self, GanderBeside *beside, GError **error)
{
  return gander_beside_start (beside, self, "tables", write_large_tables, error);
}

static int
compare_metrics (gconstpointer a, gconstpointer b, gpointer dictionary)
{
  const GanderRuntimeMetric *x = a;
  const GanderRuntimeMetric *y = b;

  return strcmp (gander_dictionary_get_string (dictionary, x->name, NULL),
                 gander_dictionary_get_string (dictionary, y->name, NULL));
}

/* Points of a counter that do not change its value are left out. */
static guint32
write_bins (GanderIndexWriter *self, const GanderCounterBins *bins)
{
  guint32 n = 0;
  guint64 value = 0;

  for (guint32 i = 0; i < bins->n; i++)
    {
      GanderPoint point = gander_counter_bins_get (bins, i);
      if (n > 0 && point.value == value)
        continue;
      value = point.value;
      gander_index_file_append (self->file, &point, sizeof point);
      n++;
    }
  return n;
}

static gboolean
write_points (GanderIndexWriter *self, GError **error)
{
  guint32 *first = self->facts.first_point;
  guint counter = 0;

  gander_index_file_begin (self->file, GANDER_SECTION_POINTS);
  for (; counter < GANDER_COUNTER_GOROUTINES; counter++)
    {
      GanderRowFile *aside = &self->spans->points[counter];
      guint64 n = gander_row_file_get_n (aside);
      gconstpointer rows = gander_row_file_map (aside, error);
      if (rows == NULL)
        return FALSE;
      if (n > 0)
        gander_index_file_append (self->file, rows, n * sizeof (GanderPoint));
      first[counter + 1] = first[counter] + (guint32)n;
    }
  first[counter + 1] = first[counter] + write_bins (self, &self->spans->alive);
  counter++;
  first[counter + 1] = first[counter] + write_bins (self, &self->spans->runnable);
  gander_index_file_end (self->file);
  return TRUE;
}

gboolean
gander_index_write_small_tables (GanderIndexWriter *self, GError **error)
{
  GanderSpans *spans = self->spans;

  if (!write_points (self, error))
    return FALSE;
  g_array_sort_with_data (spans->metrics, compare_metrics, spans->dictionary);
  gander_index_file_put (self->file, GANDER_SECTION_COUNTS, &spans->counts, 1);
  gander_index_file_put (self->file,
                         GANDER_SECTION_METRICS,
                         spans->metrics->data,
                         spans->metrics->len);
  gander_index_file_put (self->file,
                         GANDER_SECTION_GENERATIONS,
                         spans->generations->data,
                         spans->generations->len);
  gander_index_file_put (self->file,
                         GANDER_SECTION_DAMAGE,
                         spans->damage->data,
                         spans->damage->len);
  return TRUE;
}
