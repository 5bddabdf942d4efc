/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/cli-page.h"
#include "app/cli/commands.h"

/* Unix nanoseconds in UTC. */
static char *
wall_clock (gint64 wall_ns)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (wall_ns / G_GINT64_CONSTANT (1000000000));
  g_autofree char *seconds = NULL;

  if (time == NULL)
    return g_strdup ("not known");
  seconds = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
  return g_strdup_printf ("%s.%03d UTC", seconds, (int)(wall_ns / 1000000 % 1000));
}

static void
print_trace (GanderOutput *output, const GanderIndex *index, const GanderSummary *summary)
{
  const GanderFacts *facts = summary->facts;
  g_autofree char *size = gander_page_bytes (facts->bytes);
  g_autofree char *go = gander_describe_go_version (facts);
  g_autofree char *wall = facts->wall_ns == 0 ? NULL : wall_clock (facts->wall_ns);
  g_autofree char *duration = gander_duration_to_string (facts->duration);
  g_autofree char *events = gander_text_count ((gint64)facts->n_events);

  gander_page_line (output, "File", "%s (%s)", facts->path, size);
  gander_page_line (output, "Recorded by", "Go %s%s", go, facts->newer_format ? " or newer" : "");
  if (wall != NULL)
    gander_page_line (output, "Started", "%s", wall);
  gander_page_line (output, "Duration", "%s", duration);
  gander_page_range (output, index, summary->begin, summary->end);
  gander_page_line (output,
                    "Events",
                    "%s in %u %s",
                    events,
                    summary->n_generations,
                    summary->n_generations == 1 ? "generation" : "generations");
}

static void
print_counts (GanderOutput *output, const GanderSummary *summary)
{
  const GanderFacts *facts = summary->facts;
  g_autofree char *goroutines = gander_text_count ((gint64)summary->times.n_lanes);
  g_autofree char *created = gander_text_count ((gint64)summary->created);
  g_autofree char *ended = gander_text_count ((gint64)summary->ended);
  g_autofree char *alive = gander_text_count ((gint64)summary->alive);
  GanderTime length = summary->end - summary->begin;

  gander_page_line (output,
                    "Goroutines",
                    "%s: %s created, %s ended, %s at the end",
                    goroutines,
                    created,
                    ended,
                    alive);
  gander_page_line (output,
                    "Processors",
                    "%u, %.1f busy on average",
                    facts->n_procs,
                    length == 0 ? 0 : (double)summary->procs_running / (double)length);
  gander_page_line (output, "Threads", "%u", facts->n_threads);
}

static void
print_gc (GanderOutput *output, const GanderSummary *summary)
{
  g_autofree char *mark = gander_page_duration (summary->gc_cycles.total);
  g_autofree char *longest = gander_page_duration (summary->gc_cycles.longest);
  g_autofree char *assists = gander_page_duration (summary->assists.total);
  g_autofree char *stw = gander_page_duration (summary->stw.total);
  g_autofree char *stw_longest = gander_page_duration (summary->stw.longest);
  g_autofree char *stw_gc = gander_page_duration (summary->gc_stw.total);

  if (summary->gc_cycles.count == 0)
    gander_page_line (output, "GC", "no cycle");
  else
    gander_page_line (output,
                      "GC",
                      "%" G_GUINT64_FORMAT " %s, marking %s (%.1f%% of the time, longest %s), "
                      "assists %s",
                      summary->gc_cycles.count,
                      summary->gc_cycles.count == 1 ? "cycle" : "cycles",
                      mark,
                      gander_page_percent (summary->gc_cycles.total, summary->end - summary->begin),
                      longest,
                      assists);
  if (summary->stw.count == 0)
    gander_page_line (output, "Stop-the-world", "none");
  else
    gander_page_line (output,
                      "Stop-the-world",
                      "%s in %" G_GUINT64_FORMAT " %s (longest %s), %s of it for the GC",
                      stw,
                      summary->stw.count,
                      summary->stw.count == 1 ? "pause" : "pauses",
                      stw_longest,
                      stw_gc);
  if (summary->heap_peak > 0)
    {
      g_autofree char *first = gander_page_bytes (summary->heap_first);
      g_autofree char *peak = gander_page_bytes (summary->heap_peak);
      g_autofree char *last = gander_page_bytes (summary->heap_last);

      gander_page_line (output, "Heap", "%s at first, %s at most, %s at last", first, peak, last);
    }
}

static void
print_text (GanderCall *call,
            GanderOutput *output,
            const GanderIndex *index,
            const GanderSummary *summary)
{
  g_autoptr (GanderTable) states = gander_summary_get_states (summary);

  print_trace (output, index, summary);
  print_counts (output, summary);
  print_gc (output, summary);
  gander_page_damage (output, summary->n_damage);
  gander_page_table (call,
                     output,
                     "What the goroutines did, all together",
                     states,
                     G_MAXUINT,
                     NULL);
}

static JsonObject *
json_from_range_sum (const GanderRangeSum *sum)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "count", (gint64)sum->count);
  json_object_set_int_member (object, "total_ns", sum->total);
  json_object_set_int_member (object, "max_ns", sum->longest);
  return object;
}

static JsonObject *
json_from_gc (const GanderSummary *summary)
{
  JsonObject *object = json_object_new ();

  json_object_set_object_member (object, "mark", json_from_range_sum (&summary->gc_cycles));
  json_object_set_object_member (object, "assist", json_from_range_sum (&summary->assists));
  json_object_set_object_member (object, "sweep", json_from_range_sum (&summary->sweeps));
  json_object_set_object_member (object, "stw", json_from_range_sum (&summary->gc_stw));
  return object;
}

static JsonObject *
json_from_goroutines (const GanderSummary *summary)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "count", (gint64)summary->times.n_lanes);
  json_object_set_int_member (object, "created", (gint64)summary->created);
  json_object_set_int_member (object, "ended", (gint64)summary->ended);
  json_object_set_int_member (object, "alive", (gint64)summary->alive);
  json_object_set_int_member (object, "total_ns", summary->times.total);
  return object;
}

static JsonObject *
json_from_heap (const GanderSummary *summary)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "first_bytes", (gint64)summary->heap_first);
  json_object_set_int_member (object, "max_bytes", (gint64)summary->heap_peak);
  json_object_set_int_member (object, "last_bytes", (gint64)summary->heap_last);
  return object;
}

static void
write_json (GanderOutput *output, const GanderIndex *index, const GanderSummary *summary)
{
  JsonObject *object = gander_json_new ("summary");
  g_autoptr (GanderTable) states = gander_summary_get_states (summary);

  gander_json_set_trace (object, index);
  json_object_set_int_member (object, "begin_ns", summary->begin);
  json_object_set_int_member (object, "end_ns", summary->end);
  json_object_set_object_member (object, "goroutines", json_from_goroutines (summary));
  json_object_set_int_member (object, "procs_running_ns", summary->procs_running);
  json_object_set_object_member (object, "gc", json_from_gc (summary));
  json_object_set_object_member (object, "stw", json_from_range_sum (&summary->stw));
  json_object_set_object_member (object, "heap", json_from_heap (summary));
  json_object_set_array_member (object, "states", gander_json_from_table (states));
  gander_json_write (output, object, TRUE);
}

static gboolean
summarize (GanderCall *call, GanderOutput *output, const char *path, GError **error)
{
  g_autoptr (GanderIndex) index = gander_call_load (call, path, error);
  GanderSummary summary;
  GanderTime begin, end;

  if (index == NULL)
    return FALSE;
  if (!gander_cli_options_get_range (&call->options,
                                     gander_index_get_facts (index)->duration,
                                     &begin,
                                     &end,
                                     error) ||
      !gander_summary_compute (index, begin, end, &summary, call->cancellable, error))
    return FALSE;
  if (g_str_equal (call->format, "json"))
    write_json (output, index, &summary);
  else
    print_text (call, output, index, &summary);
  return TRUE;
}

gboolean
gander_command_summary (GanderCall *call, GError **error)
{
  g_autoptr (GanderOutput) output = gander_call_open_output (call, error);

  if (output == NULL)
    return FALSE;
  for (guint i = 0; call->files[i] != NULL; i++)
    {
      if (i > 0 && g_str_equal (call->format, "text"))
        gander_output_write (output, "\n", 1);
      if (!summarize (call, output, call->files[i], error))
        return FALSE;
    }
  return gander_output_close (output, error);
}
