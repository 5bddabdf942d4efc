/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/cli-page.h"
#include "app/cli/commands.h"
#include "app/cli/json-stream.h"

#define PAGE_ROWS 10

/* What --by can be besides the tables of collections. */
#define BY_MMU   "mmu"
#define BY_WORST "worst"

/* Windows of each length that --by worst shows. */
#define N_WORST 10

typedef struct
{
  const GanderIndex *index;
  GanderGc gc;
  GanderMmu *mmu;
} Answer;

static gboolean
answer_compute (Answer *self, GanderCall *call, GanderTime begin, GanderTime end, GError **error)
{
  if (!gander_gc_compute (self->index, begin, end, &self->gc, call->cancellable, error))
    return FALSE;
  self->mmu = gander_mmu_new (self->index, begin, end, call->cancellable, error);
  return self->mmu != NULL;
}

static void
answer_clear (Answer *self)
{
  gander_gc_clear (&self->gc);
  g_clear_pointer (&self->mmu, gander_mmu_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* @by was checked when the command line was read. */
static GanderTable *
get_table (const Answer *self, const char *by)
{
  if (g_str_equal (by, BY_MMU))
    return gander_mmu_get_curve (self->mmu, &self->gc);
  if (g_str_equal (by, BY_WORST))
    return gander_mmu_get_worst_table (self->mmu, &self->gc, N_WORST);
  for (guint i = 0; i < GANDER_N_GC_BY; i++)
    if (g_str_equal (by, gander_gc_by_get_id ((GanderGcBy)i)))
      return gander_gc_get_table (&self->gc, self->index, (GanderGcBy)i);
  return NULL;
}

/* The page. */

static void
print_cycles (GanderOutput *output, const GanderGc *gc)
{
  g_autofree char *mark = gander_page_duration (gc->cycles.total);
  g_autofree char *longest = gander_page_duration (gc->cycles.longest);
  g_autoptr (GString) triggers = g_string_new (NULL);
  guint counts[GANDER_N_GC_TRIGGERS] = { 0 };

  if (gc->cycles.count == 0)
    {
      gander_page_line (output, "Cycles", "none");
      return;
    }
  for (guint i = 0; i < gc->cycle_list->len; i++)
    counts[g_array_index (gc->cycle_list, GanderGcCycle, i).trigger]++;
  for (guint i = GANDER_N_GC_TRIGGERS; i-- > 0;)
    if (counts[i] > 0)
      g_string_append_printf (triggers,
                              "%s%u %s",
                              triggers->len == 0 ? "" : ", ",
                              counts[i],
                              gander_gc_trigger_get_text ((GanderGcTrigger)i));
  gander_page_line (output,
                    "Cycles",
                    "%" G_GUINT64_FORMAT ", marking %s (%.1f%% of the time, longest %s)",
                    gc->cycles.count,
                    mark,
                    gander_page_percent (gc->cycles.total, gc->end - gc->begin),
                    longest);
  gander_page_line (output, "Triggers", "%s", triggers->str);
}

static void
print_pauses (GanderOutput *output, const GanderGc *gc)
{
  g_autofree char *total = gander_page_duration (gc->pauses.total);
  g_autofree char *for_gc = gander_page_duration (gc->gc_pauses.total);
  g_autofree char *longest = gander_page_duration (gc->gc_pauses.longest);

  if (gc->pauses.count == 0)
    gander_page_line (output, "Pauses", "none");
  else
    gander_page_line (output,
                      "Pauses",
                      "%s in %" G_GUINT64_FORMAT "; for the GC %s in %" G_GUINT64_FORMAT
                      " (longest %s)",
                      total,
                      gc->pauses.count,
                      for_gc,
                      gc->gc_pauses.count,
                      longest);
}

static void
print_work (GanderOutput *output, const GanderGc *gc)
{
  g_autofree char *assist = gander_page_duration (gc->assist_running);
  g_autofree char *waited = gander_page_duration (gc->assists.total - gc->assist_running);
  g_autofree char *sweep = gander_page_duration (gc->sweeps.total);
  g_autofree char *swept = gander_page_bytes (gc->swept);
  g_autofree char *reclaimed = gander_page_bytes (gc->reclaimed);
  g_autofree char *dedicated = gander_page_duration (gc->workers[GANDER_GC_WORK_DEDICATED].total);
  g_autofree char *fractional = gander_page_duration (gc->workers[GANDER_GC_WORK_FRACTIONAL].total);
  g_autofree char *idle = gander_page_duration (gc->workers[GANDER_GC_WORK_IDLE].total);
  g_autofree char *n_assists = gander_text_count ((gint64)gc->assists.count);
  g_autofree char *n_assisting = gander_text_count (gc->n_assisting);
  g_autofree char *n_sweeps = gander_text_count ((gint64)gc->sweeps.count);

  gander_page_line (output,
                    "Assists",
                    "%s by %s goroutines: running %s, waiting %s",
                    n_assists,
                    n_assisting,
                    assist,
                    waited);
  gander_page_line (output,
                    "Workers",
                    "dedicated %s, fractional %s, idle %s",
                    dedicated,
                    fractional,
                    idle);
  gander_page_line (output,
                    "Sweeps",
                    "%s: %s, %s swept, %s of it reclaimed",
                    n_sweeps,
                    sweep,
                    swept,
                    reclaimed);
  gander_page_line (output,
                    "Taken",
                    "%.1f%% of running time by workers (but idle ones) and assists",
                    100 * gc->share);
}

/* Powers of ten are enough for a page. */
static gboolean
is_power (GanderTime length)
{
  while (length % 10 == 0 && length > 0)
    length /= 10;
  return length == 1;
}

static gboolean
is_for_page (const GanderTable *table, guint row, G_GNUC_UNUSED gpointer data)
{
  return row + 1 == gander_table_get_n_rows (table) ||
         is_power (gander_table_get_integer (table, row, 0));
}

static void
print_tables (const Answer *self, GanderCall *call, GanderOutput *output)
{
  guint n = call->options.top > 0 ? (guint)call->options.top : PAGE_ROWS;
  g_autoptr (GanderTable) kinds = get_table (self, "kind");
  g_autoptr (GanderTable) curve = get_table (self, BY_MMU);
  g_autoptr (GanderTable) cycles = get_table (self, "cycle");
  gboolean all = gander_table_get_n_rows (cycles) <= n;

  gander_page_table (call, output, "Pauses by kind", kinds, n, "--by kind");
  if (gander_table_get_n_rows (kinds) > 0)
    {
      gander_table_filter (curve, is_for_page, NULL);
      gander_page_table (call,
                         output,
                         "Mutator utilisation: what any window leaves to the program",
                         curve,
                         G_MAXUINT,
                         NULL);
    }
  if (!all)
    gander_table_sort (cycles, (guint)gander_table_find_column (cycles, "mark"), TRUE);
  gander_page_table (call, output, all ? "Cycles" : "Longest cycles", cycles, n, "--by cycle");
}

static void
print_page (const Answer *self, GanderCall *call, GanderOutput *output)
{
  gander_page_range (output, self->index, self->gc.begin, self->gc.end);
  print_cycles (output, &self->gc);
  print_pauses (output, &self->gc);
  print_work (output, &self->gc);
  if (gander_mmu_is_known (self->mmu))
    gander_page_line (output,
                      "Utilisation",
                      "%.1f%% on average",
                      100 * gander_mmu_get_mean (self->mmu));
  gander_page_damage (output, gander_index_get_n_damage (self->index));
  print_tables (self, call, output);
}

/* JSON. */

static void
add_summary (GanderJsonStream *stream, const Answer *self)
{
  const GanderGc *gc = &self->gc;

  gander_json_stream_begin_object (stream, "summary");
  gander_json_stream_add_integer (stream, "assist_goroutines", gc->n_assisting);
  gander_json_stream_add_integer (stream, "assist_running_ns", gc->assist_running);
  gander_json_add_range_sum (stream, "assists", &gc->assists);
  gander_json_add_range_sum (stream, "cycles", &gc->cycles);
  gander_json_add_range_sum (stream, "gc_pauses", &gc->gc_pauses);
  gander_json_add_range_sum (stream, "pauses", &gc->pauses);
  gander_json_stream_add_unsigned (stream, "reclaimed_bytes", gc->reclaimed);
  gander_json_stream_add_integer (stream, "running_ns", gc->running);
  gander_json_stream_add_double (stream, "share", gc->share);
  gander_json_add_range_sum (stream, "sweeps", &gc->sweeps);
  gander_json_stream_add_unsigned (stream, "swept_bytes", gc->swept);
  gander_json_stream_add_double (stream, "utilisation", gander_mmu_get_mean (self->mmu));
  gander_json_stream_end (stream);
}

static void
write_json (const Answer *self, GanderOutput *output, const char *by, const GanderTable *table)
{
  g_auto (GanderJsonStream) stream = { 0 };
  g_autoptr (GanderTable) kinds = get_table (self, "kind");
  g_autoptr (GanderTable) workers = get_table (self, "worker");
  g_autoptr (GanderTable) curve = get_table (self, BY_MMU);

  gander_json_stream_init (&stream, output);
  gander_json_stream_begin_object (&stream, NULL);
  gander_json_stream_add_integer (&stream, "begin_ns", self->gc.begin);
  gander_json_stream_add_string (&stream, "by", by);
  gander_json_stream_add_damage (&stream, self->index);
  gander_json_stream_add_integer (&stream, "end_ns", self->gc.end);
  gander_json_stream_add_string (&stream, "generator", "gander " GANDER_VERSION);
  gander_json_stream_add_table (&stream, "kinds", kinds);
  gander_json_stream_add_table (&stream, "mmu", curve);
  gander_json_stream_add_table (&stream, "rows", table);
  gander_json_stream_add_string (&stream, "schema", "gander/gc/1");
  add_summary (&stream, self);
  gander_json_stream_add_trace (&stream, self->index);
  gander_json_stream_add_table (&stream, "workers", workers);
  gander_json_stream_end (&stream);
}

gboolean
gander_command_gc (GanderCall *call, GError **error)
{
  const char *by = call->options.by == NULL ? "cycle" : call->options.by;
  gboolean page = call->options.by == NULL && call->options.sort == NULL &&
                  call->options.filter == NULL && g_str_equal (call->format, "text");
  g_autoptr (GanderIndex) index = gander_call_load (call, call->files[0], error);
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  g_auto (Answer) answer = { .index = index };
  GanderTime begin, end;

  if (index == NULL ||
      !gander_cli_options_get_range (&call->options,
                                     gander_index_get_facts (index)->duration,
                                     &begin,
                                     &end,
                                     error) ||
      !answer_compute (&answer, call, begin, end, error))
    return FALSE;
  if (!page)
    {
      table = get_table (&answer, by);
      if (!gander_call_select_rows (call, table, error))
        return FALSE;
    }
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (page)
    print_page (&answer, call, output);
  else if (g_str_equal (call->format, "json"))
    write_json (&answer, output, by, table);
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}
