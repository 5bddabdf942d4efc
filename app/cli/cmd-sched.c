/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/cli-page.h"
#include "app/cli/commands.h"
#include "app/cli/json-stream.h"

#define PAGE_ROWS 10

/* Parts of the range that --by time shows. */
#define N_PARTS 50

typedef struct
{
  const GanderIndex *index;
  GanderTime begin;
  GanderTime end;
  GanderSchedProcs procs;
  GanderSched sched;
} Answer;

static gboolean
answer_compute (Answer *self, GanderCall *call, GError **error)
{
  return gander_sched_compute (self->index,
                               self->begin,
                               self->end,
                               &self->sched,
                               &self->procs,
                               call->cancellable,
                               error);
}

static void
answer_clear (Answer *self)
{
  gander_sched_procs_clear (&self->procs);
  gander_sched_clear (&self->sched);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static GanderTable *
get_procs (const Answer *self)
{
  return gander_sched_get_proc_table (&self->procs);
}

static GanderTable *
get_busy (const Answer *self)
{
  return gander_sched_get_busy_table (&self->procs);
}

static GanderTable *
get_time (const Answer *self)
{
  return gander_sched_get_time_table (self->index, self->begin, self->end, N_PARTS);
}

static GanderTable *
get_runs (const Answer *self)
{
  return gander_sched_get_run_table (&self->sched, self->index);
}

static GanderTable *
get_preemptions (const Answer *self)
{
  return gander_sched_get_preemption_table (&self->sched, self->index);
}

static GanderTable *
get_gomaxprocs (const Answer *self)
{
  return gander_sched_get_gomaxprocs_table (self->index, self->begin, self->end);
}

static GanderTable *(*const tables[GANDER_N_SCHED_BY]) (const Answer *self) = {
  [GANDER_SCHED_BY_PROC] = get_procs,
  [GANDER_SCHED_BY_BUSY] = get_busy,
  [GANDER_SCHED_BY_TIME] = get_time,
  [GANDER_SCHED_BY_RUN] = get_runs,
  [GANDER_SCHED_BY_PREEMPTION] = get_preemptions,
  [GANDER_SCHED_BY_GOMAXPROCS] = get_gomaxprocs,
};

/* The choices of --by were checked when the command line was read. */
static GanderSchedBy
get_by (const GanderCall *call)
{
  for (guint i = 0; i < GANDER_N_SCHED_BY; i++)
    if (g_strcmp0 (call->options.by, gander_sched_by_get_id ((GanderSchedBy)i)) == 0)
      return (GanderSchedBy)i;
  return GANDER_SCHED_BY_PROC;
}

/* The page. */

static void
print_procs (GanderOutput *output, const GanderSchedProcs *procs, GanderTable *gomaxprocs)
{
  GanderTime length = procs->end - procs->begin;
  guint n = gander_table_get_n_rows (gomaxprocs);
  g_autofree char *idle = gander_page_duration (procs->idle);

  gander_page_line (output,
                    "Processors",
                    "%u, %.1f busy on average",
                    procs->procs->len,
                    gander_page_percent (procs->running, length) / 100);
  if (n == 0)
    return;
  gander_page_line (output,
                    "GOMAXPROCS",
                    "%" G_GINT64_FORMAT "%s",
                    gander_table_get_integer (gomaxprocs, 0, 2),
                    n == 1 ? "" : " at first, changed: --by gomaxprocs");
  gander_page_line (output,
                    "Idle",
                    "%s of processors, %.1f%% of what GOMAXPROCS allows",
                    idle,
                    gander_page_percent (procs->idle, procs->capacity));
}

static void
print_sched (GanderOutput *output, const GanderSched *sched)
{
  g_autofree char *waited = gander_page_duration (sched->idle_runnable);
  g_autofree char *longest = gander_page_duration (sched->longest_idle_runnable);
  g_autofree char *stw = gander_page_duration (sched->idle_runnable_stw);
  g_autofree char *total = gander_page_duration (sched->latency.total);
  g_autofree char *p50 = gander_page_duration (sched->latency.p50);
  g_autofree char *p95 = gander_page_duration (sched->latency.p95);
  g_autofree char *p99 = gander_page_duration (sched->latency.p99);
  g_autofree char *max = gander_page_duration (sched->latency.max);
  g_autofree char *n_waits = gander_text_count ((gint64)sched->latency.count);
  g_autofree char *preempted = gander_text_count ((gint64)sched->preempted);
  g_autofree char *yielded = gander_text_count ((gint64)sched->yielded);

  gander_page_line (output,
                    "",
                    "%s with one idle while a goroutine waited for it (%.1f%% of the time, "
                    "longest %s); in pauses %s of it",
                    waited,
                    gander_page_percent (sched->idle_runnable, sched->end - sched->begin),
                    longest,
                    stw);
  gander_page_line (output, "Sched waits", "%s in %s", total, n_waits);
  gander_page_line (output, "", "p50 %s, p95 %s, p99 %s, longest %s", p50, p95, p99, max);
  gander_page_line (output, "Preempted", "%s, and %s yielded", preempted, yielded);
}

static void
print_page (const Answer *self, GanderCall *call, GanderOutput *output)
{
  static const struct
  {
    GanderSchedBy by;
    const char *title;
    const char *more;
  } shown[] = {
    { GANDER_SCHED_BY_PROC, "Processors", "--by proc" },
    { GANDER_SCHED_BY_BUSY, "Time with so many processors running", "--by busy" },
    { GANDER_SCHED_BY_RUN, "Longest runs without a stop", "--by run" },
    { GANDER_SCHED_BY_PREEMPTION, "Preempted in", "--by preemption" },
  };
  guint n = call->options.top > 0 ? (guint)call->options.top : PAGE_ROWS;
  g_autoptr (GanderTable) gomaxprocs = get_gomaxprocs (self);
  g_autoptr (GanderTable) parts =
      gander_sched_get_time_table (self->index, self->begin, self->end, n);
  g_autofree char *lost = gander_text_count ((gint64)self->procs.syscalls_lost);

  gander_page_range (output, self->index, self->begin, self->end);
  print_procs (output, &self->procs, gomaxprocs);
  print_sched (output, &self->sched);
  gander_page_line (output, "System calls", "%s lost their processor", lost);
  gander_page_damage (output, gander_index_get_n_damage (self->index));
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autoptr (GanderTable) table = tables[shown[i].by](self);

      gander_page_table (call, output, shown[i].title, table, n, shown[i].more);
    }
  gander_page_table (call, output, "Over time, on average", parts, G_MAXUINT, NULL);
}

/* JSON. */

static void
add_latency (GanderJsonStream *stream, const GanderQuantiles *latency)
{
  gander_json_stream_begin_object (stream, "latency");
  gander_json_stream_add_unsigned (stream, "count", latency->count);
  gander_json_stream_add_integer (stream, "max_ns", latency->max);
  gander_json_stream_add_integer (stream, "min_ns", latency->min);
  gander_json_stream_add_integer (stream, "p50_ns", latency->p50);
  gander_json_stream_add_integer (stream, "p95_ns", latency->p95);
  gander_json_stream_add_integer (stream, "p99_ns", latency->p99);
  gander_json_stream_add_integer (stream, "total_ns", latency->total);
  gander_json_stream_end (stream);
}

static void
add_summary (GanderJsonStream *stream, const Answer *self)
{
  const GanderSchedProcs *procs = &self->procs;
  const GanderSched *sched = &self->sched;

  gander_json_stream_begin_object (stream, "summary");
  gander_json_stream_add_integer (stream, "capacity_ns", procs->capacity);
  gander_json_stream_add_integer (stream, "go_running_ns", procs->go_running);
  gander_json_stream_add_integer (stream, "go_syscall_ns", procs->go_syscall);
  gander_json_stream_add_integer (stream, "idle_ns", procs->idle);
  gander_json_stream_add_integer (stream, "idle_runnable_max_ns", sched->longest_idle_runnable);
  gander_json_stream_add_integer (stream, "idle_runnable_ns", sched->idle_runnable);
  gander_json_stream_add_integer (stream, "idle_runnable_stw_ns", sched->idle_runnable_stw);
  add_latency (stream, &sched->latency);
  gander_json_stream_add_unsigned (stream, "preempted", sched->preempted);
  gander_json_stream_add_integer (stream, "running_ns", procs->running);
  gander_json_stream_add_unsigned (stream, "syscalls_lost", procs->syscalls_lost);
  gander_json_stream_add_unsigned (stream, "yielded", sched->yielded);
  gander_json_stream_end (stream);
}

static void
write_json (const Answer *self, GanderOutput *output, GanderSchedBy by, const GanderTable *table)
{
  g_auto (GanderJsonStream) stream = { 0 };
  g_autoptr (GanderTable) busy = get_busy (self);

  gander_json_stream_init (&stream, output);
  gander_json_stream_begin_object (&stream, NULL);
  gander_json_stream_add_integer (&stream, "begin_ns", self->begin);
  gander_json_stream_add_table (&stream, "busy", busy);
  gander_json_stream_add_string (&stream, "by", gander_sched_by_get_id (by));
  gander_json_stream_add_damage (&stream, self->index);
  gander_json_stream_add_integer (&stream, "end_ns", self->end);
  gander_json_stream_add_string (&stream, "generator", "gander " GANDER_VERSION);
  gander_json_stream_add_table (&stream, "rows", table);
  gander_json_stream_add_string (&stream, "schema", "gander/sched/1");
  add_summary (&stream, self);
  gander_json_stream_add_trace (&stream, self->index);
  gander_json_stream_end (&stream);
}

gboolean
gander_command_sched (GanderCall *call, GError **error)
{
  GanderSchedBy by = get_by (call);
  gboolean page = call->options.by == NULL && call->options.sort == NULL &&
                  call->options.filter == NULL && g_str_equal (call->format, "text");
  g_autoptr (GanderIndex) index = gander_call_load (call, call->files[0], error);
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  g_auto (Answer) answer = { .index = index };

  if (index == NULL ||
      !gander_cli_options_get_range (&call->options,
                                     gander_index_get_facts (index)->duration,
                                     &answer.begin,
                                     &answer.end,
                                     error) ||
      !answer_compute (&answer, call, error))
    return FALSE;
  if (!page)
    {
      table = tables[by](&answer);
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
