/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/report-private.h"

#include <string.h>

/* The report for programs: schema gander/report/1, every row of everything. It is written as it is
 * made, so that its size is not that of the memory it takes.
 */

/* A number with a name, for members that are to be sorted. */
typedef struct
{
  char *name;
  guint64 value;
} Count;

static void
count_clear (gpointer data)
{
  g_free (((Count *)data)->name);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Count *)a)->name, ((const Count *)b)->name);
}

GArray *
gander_report_counts_new (void)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (Count));

  g_array_set_clear_func (counts, count_clear);
  return counts;
}

void
gander_report_counts_add (GArray *counts, char *name, guint64 value)
{
  Count count = { name, value };

  if (value == 0)
    g_free (name);
  else
    g_array_append_val (counts, count);
}

void
gander_report_json_add_counts (GanderJsonStream *stream, const char *name, GArray *counts)
{
  g_array_sort (counts, compare_counts);
  gander_json_stream_begin_object (stream, name);
  for (guint i = 0; i < counts->len; i++)
    {
      const Count *count = &g_array_index (counts, Count, i);
      gander_json_stream_add_unsigned (stream, count->name, count->value);
    }
  gander_json_stream_end (stream);
}

static void
write_kinds (GanderJsonStream *stream, const GanderIndex *index)
{
  g_autoptr (GArray) counts = gander_report_counts_new ();

  for (guint kind = 0; kind < GANDER_N_EVENT_KINDS; kind++)
    gander_report_counts_add (counts,
                              g_strdup (gander_event_kind_get_name ((GanderEventKind)kind)),
                              gander_index_get_n_events (index, (GanderEventKind)kind));
  gander_report_json_add_counts (stream, "kinds", counts);
}

static void
write_transitions (GanderJsonStream *stream,
                   const char *name,
                   const GanderIndex *index,
                   GanderResource resource)
{
  g_autoptr (GArray) counts = gander_report_counts_new ();

  for (GanderGoState from = 0; from <= GANDER_PROC_IDLE; from++)
    for (GanderGoState to = 0; to <= GANDER_PROC_IDLE; to++)
      gander_report_counts_add (counts,
                                g_strconcat (gander_go_state_get_name (from),
                                             "->",
                                             gander_go_state_get_name (to),
                                             NULL),
                                gander_index_get_n_transitions (index, resource, from, to));
  gander_report_json_add_counts (stream, name, counts);
}

static void
write_clock_snapshots (GanderJsonStream *stream, const GanderIndex *index)
{
  gander_json_stream_begin_array (stream, "clock_snapshots");
  for (guint32 row = 0; row < gander_index_get_n_generations (index); row++)
    {
      GanderGeneration generation;

      gander_index_get_generation (index, row, &generation);
      if (generation.wall_ns == 0)
        continue;
      gander_json_stream_begin_object (stream, NULL);
      gander_json_stream_add_integer (stream, "mono_ns", generation.mono_ns);
      gander_json_stream_add_integer (stream, "t", generation.snapshot);
      gander_json_stream_add_integer (stream, "wall_ns", generation.wall_ns);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

/* Returns: (transfer none) (nullable) the sentence of the first damage by which events were lost.
 */
static const char *
find_loss (const GanderIndex *index)
{
  for (guint32 row = 0; row < gander_index_get_n_damage (index); row++)
    {
      GanderDamage damage;

      gander_index_get_damage (index, row, &damage);
      if (gander_damage_get_severity (damage.code) == GANDER_SEVERITY_LOSS)
        return gander_damage_get_sentence (damage.code);
    }
  return NULL;
}

static void
write_trace (GanderJsonStream *stream, const GanderIndex *index)
{
  const GanderFacts *facts = gander_index_get_facts (index);
  const char *loss = find_loss (index);
  guint64 n_existed = 0, n_alive = 0;

  for (guint32 i = 0; i < facts->n_goroutines; i++)
    {
      GanderLane lane;

      gander_index_get_life (index, i, &lane);
      n_existed += (lane.flags & GANDER_LANE_EXISTED) != 0;
      n_alive += (lane.flags & GANDER_LANE_ALIVE) != 0;
    }
  gander_json_stream_begin_object (stream, "trace");
  gander_json_stream_add_unsigned (stream, "bytes", facts->bytes);
  write_clock_snapshots (stream, index);
  gander_json_stream_add_integer (stream, "duration_ns", facts->duration);
  gander_json_stream_add_string (stream, "error", loss == NULL ? "" : loss);
  gander_json_stream_add_unsigned (stream, "events", facts->n_events);
  gander_json_stream_add_unsigned (stream, "generations", gander_index_get_n_generations (index));
  write_transitions (stream, "goroutine_transitions", index, GANDER_RESOURCE_GOROUTINE);
  gander_json_stream_add_unsigned (stream, "goroutines", facts->n_goroutines);
  gander_json_stream_add_unsigned (stream, "goroutines_at_end", n_alive);
  gander_json_stream_add_unsigned (stream, "goroutines_before", n_existed);
  gander_json_stream_add_unsigned (stream, "goroutines_created", facts->n_goroutines - n_existed);
  gander_json_stream_add_unsigned (stream, "goroutines_ended", facts->n_goroutines - n_alive);
  gander_json_stream_add_boolean (stream, "incomplete", loss != NULL);
  write_kinds (stream, index);
  write_transitions (stream, "proc_transitions", index, GANDER_RESOURCE_PROC);
  gander_json_stream_add_unsigned (stream, "procs", facts->n_procs);
  gander_json_stream_add_integer (stream, "start_clock_ns", facts->start_clock_ns);
  gander_json_stream_add_unsigned (stream, "threads", facts->n_threads);
  gander_json_stream_add_boolean (stream, "v1", FALSE);
  gander_json_stream_add_unsigned (stream, "version", facts->go_version);
  gander_json_stream_end (stream);
}

/* The rows are sorted by name. */
static void
write_metrics (GanderJsonStream *stream, const GanderIndex *index)
{
  gander_json_stream_begin_object (stream, "metrics");
  for (guint32 row = 0; row < gander_index_get_n_metrics (index); row++)
    {
      GanderRuntimeMetric metric;

      gander_index_get_metric (index, row, &metric);
      gander_json_stream_begin_object (stream, gander_index_get_string (index, metric.name));
      gander_json_stream_add_unsigned (stream, "count", metric.count);
      gander_json_stream_add_unsigned (stream, "first", metric.first);
      gander_json_stream_add_unsigned (stream, "last", metric.last);
      gander_json_stream_add_unsigned (stream, "max", metric.max);
      gander_json_stream_add_unsigned (stream, "min", metric.min);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

static void
write_damage (GanderJsonStream *stream, const GanderIndex *index)
{
  g_autoptr (JsonArray) damage = gander_json_from_damage (index);

  gander_json_stream_begin_array (stream, "damage");
  for (guint i = 0; i < json_array_get_length (damage); i++)
    gander_json_stream_add_node (stream, NULL, json_array_get_element (damage, i));
  gander_json_stream_end (stream);
}

gboolean
gander_report_write_json (const GanderReport *self, GanderOutput *output, GError **error)
{
  g_auto (GanderJsonStream) stream = { 0 };

  gander_json_stream_init (&stream, output);
  gander_json_stream_begin_object (&stream, NULL);
  write_damage (&stream, self->index);
  if (!gander_report_json_add_gc (self, &stream, error))
    return FALSE;
  gander_json_stream_add_string (&stream, "generator", "gander " GANDER_VERSION);
  if (!gander_report_json_add_goroutines (self, &stream, error))
    return FALSE;
  gander_report_json_add_logs (self, &stream);
  write_metrics (&stream, self->index);
  if (!gander_report_json_add_mmu (self, &stream, error) ||
      !gander_report_json_add_occupancy (self, &stream, error) ||
      !gander_report_json_add_procs (self, &stream, error) ||
      !gander_report_json_add_profiles (self, &stream, error) ||
      !gander_report_json_add_regions (self, &stream, error))
    return FALSE;
  gander_json_stream_add_string (&stream, "schema", "gander/report/1");
  if (!gander_report_json_add_tasks (self, &stream, error))
    return FALSE;
  write_trace (&stream, self->index);
  gander_json_stream_end (&stream);
  return TRUE;
}
