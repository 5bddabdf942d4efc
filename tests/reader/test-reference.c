/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader.h"
#include "tests/support/corpus.h"

#include <string.h>

/* The times of every goroutine, processor, range, task and region of tests/corpus equal the
 * reference reports in tests/corpus/figures, which come from Go's own reader. One test per trace,
 * and a tally at the end.
 */

/* With more threads than this, Go's own order of events with equal times is an accident of an
 * unstable sort (golang/go src/internal/trace/order.go, Go 1.26): it overtakes a few events and
 * squeezes them into steps of 1 ns. Ours is the documented order, and sums may then differ by 2 ns
 * for each interval of the goroutine. */
#define MANY_THREADS 12

#define SHOWN 12 /* differences that are printed per trace */

static guint n_agree;
static guint n_traces;
static guint64 n_goroutines_agree;
static guint64 n_goroutines;

/* One trace and its report. */
typedef struct
{
  GanderIndex *index;
  JsonObject *report;
  guint n_wrong;
  gboolean loose; /* see MANY_THREADS */
} Case;

/* Members that are zero may be left out. */
static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static void
wrong (Case *test, const char *who, const char *what, gint64 ours, gint64 theirs)
{
  if (test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                    who,
                    what,
                    ours,
                    theirs);
}

static void
same (Case *test, const char *who, const char *what, gint64 ours, gint64 theirs)
{
  if (ours != theirs)
    wrong (test, who, what, ours, theirs);
}

/* As same (), for a sum over @n intervals. */
static void
same_sum (Case *test, const char *who, const char *what, gint64 n, gint64 ours, gint64 theirs)
{
  if (!test->loose || ABS (ours - theirs) > 2 * n)
    same (test, who, what, ours, theirs);
}

static void
same_text (Case *test, const char *who, const char *what, const char *ours, const char *theirs)
{
  if (!g_str_equal (ours, theirs) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s is \"%s\", not \"%s\"", who, what, ours, theirs);
}

/* What a goroutine's spans add up to. */
typedef struct
{
  gint64 n_running, n_runnable, n_syscall, n_syscall_nop;
  gint64 longest_wait, longest_runnable;
  GHashTable *waits; /* reason id to count and ns */
} Counts;

typedef struct
{
  gint64 count;
  gint64 ns;
} WaitSum;

static void
count_wait (Counts *counts, const GanderSpan *span)
{
  WaitSum *sum = g_hash_table_lookup (counts->waits, GUINT_TO_POINTER (span->reason));

  if (sum == NULL)
    {
      sum = g_new0 (WaitSum, 1);
      g_hash_table_insert (counts->waits, GUINT_TO_POINTER (span->reason), sum);
    }
  sum->count++;
  sum->ns += span->end - span->begin;
  counts->longest_wait = MAX (counts->longest_wait, span->end - span->begin);
}

static void
count_span (Counts *counts, const GanderSpan *span)
{
  gboolean continues = (span->flags & GANDER_SPAN_CONTINUES) != 0;

  switch (span->state)
    {
    case GANDER_STATE_RUNNING:
    case GANDER_STATE_GC_WORK:
    case GANDER_STATE_GC_ASSIST:
      counts->n_running += !continues;
      break;
    case GANDER_STATE_RUNNABLE:
      counts->n_runnable++;
      counts->longest_runnable = MAX (counts->longest_runnable, span->end - span->begin);
      break;
    case GANDER_STATE_BLOCKED:
      count_wait (counts, span);
      break;
    case GANDER_STATE_SYSCALL:
      counts->n_syscall++;
      break;
    case GANDER_STATE_SYSCALL_BLOCKED:
      counts->n_syscall += !continues;
      counts->n_syscall_nop++;
      break;
    case GANDER_STATE_NONE:
    case GANDER_STATE_SCHEDULING:
    case GANDER_STATE_UNKNOWN:
    case GANDER_N_STATES:
      break;
    }
}

static void
compare_waits (Case *test, const char *who, const Counts *counts, JsonObject *theirs)
{
  GHashTableIter iter;
  gpointer reason, value;
  guint n = theirs != NULL ? json_object_get_size (theirs) : 0;

  same (test, who, "number of reasons", g_hash_table_size (counts->waits), n);
  g_hash_table_iter_init (&iter, counts->waits);
  while (g_hash_table_iter_next (&iter, &reason, &value))
    {
      const WaitSum *sum = value;
      const char *text = gander_index_get_string (test->index, GPOINTER_TO_UINT (reason));
      if (theirs == NULL || !json_object_has_member (theirs, text))
        wrong (test, who, text, sum->ns, 0);
      else
        {
          JsonObject *object = json_object_get_object_member (theirs, text);
          same (test, who, text, sum->ns, get_int (object, "ns"));
          same (test, who, "count of waits", sum->count, get_int (object, "count"));
        }
    }
}

static const char *
leaf_function (Case *test, GanderStackId stack)
{
  GanderFrame frame;

  gander_index_get_frame (test->index, stack, 0, &frame);
  return gander_index_get_string (test->index, frame.function);
}

static void
compare_identity (Case *test, const char *who, const GanderLane *lane, JsonObject *theirs)
{
  gboolean existed = (lane->flags & GANDER_LANE_EXISTED) != 0;
  gboolean alive = (lane->flags & GANDER_LANE_ALIVE) != 0;
  GanderLane creator = { .id = -1 };

  if (lane->creator != GANDER_LANE_NONE)
    gander_index_get_lane (test->index, lane->creator, &creator);
  same (test,
        who,
        "parent",
        creator.id,
        json_object_get_int_member_with_default (theirs, "parent", 0));
  same_text (test,
             who,
             "name",
             gander_index_get_string (test->index, lane->name),
             get_text (theirs, "name"));
  if (strstr (get_text (theirs, "creator"), leaf_function (test, lane->creation_stack)) == NULL)
    same_text (test,
               who,
               "creator",
               leaf_function (test, lane->creation_stack),
               get_text (theirs, "creator"));
  same (test,
        who,
        "existed_before",
        existed,
        json_object_get_boolean_member_with_default (theirs, "existed_before", FALSE));
  same (test, who, "created_at", existed ? -1 : lane->begin, get_int (theirs, "created_at"));
  same (test, who, "ended_at", alive ? -1 : lane->end, get_int (theirs, "ended_at"));
  same (test, who, "total_ns", lane->end - lane->begin, get_int (theirs, "total_ns"));
}

static void
compare_times (Case *test, const char *who, const GanderLane *lane, JsonObject *theirs)
{
  const GanderTime *time = lane->total.time;

  same_sum (test,
            who,
            "running_ns",
            lane->n_spans,
            time[GANDER_STATE_RUNNING] + time[GANDER_STATE_GC_WORK] + time[GANDER_STATE_GC_ASSIST],
            get_int (theirs, "running_ns"));
  same_sum (test,
            who,
            "runnable_ns",
            lane->n_spans,
            time[GANDER_STATE_RUNNABLE],
            get_int (theirs, "runnable_ns"));
  same_sum (test,
            who,
            "syscall_p_ns",
            lane->n_spans,
            time[GANDER_STATE_SYSCALL],
            get_int (theirs, "syscall_p_ns"));
  same_sum (test,
            who,
            "syscall_nop_ns",
            lane->n_spans,
            time[GANDER_STATE_SYSCALL_BLOCKED],
            get_int (theirs, "syscall_nop_ns"));
  same_sum (test,
            who,
            "unknown_ns",
            lane->n_spans,
            time[GANDER_STATE_UNKNOWN],
            get_int (theirs, "unknown_ns"));
}

static void
compare_goroutine (Case *test, GanderLaneId id, JsonObject *theirs)
{
  GanderLane lane;
  GanderSpanIter iter;
  GanderSpan span;
  GanderTime at = 0;
  guint before = test->n_wrong;
  Counts counts = { .waits = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free) };
  g_autofree char *who = NULL;

  gander_index_get_lane (test->index, id, &lane);
  who = g_strdup_printf ("goroutine %" G_GINT64_FORMAT " life %u", lane.id, lane.life);
  same (test, who, "id", lane.id, get_int (theirs, "id"));
  same (test, who, "life", lane.life, json_object_get_int_member_with_default (theirs, "life", 1));
  compare_identity (test, who, &lane, theirs);
  compare_times (test, who, &lane, theirs);

  at = lane.begin;
  gander_span_iter_init (&iter, test->index, id, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    {
      same (test, who, "begin of a span", span.begin, at);
      at = span.end;
      count_span (&counts, &span);
    }
  same (test, who, "end of the last span", at, lane.end);
  compare_waits (test,
                 who,
                 &counts,
                 json_object_has_member (theirs, "waiting")
                     ? json_object_get_object_member (theirs, "waiting")
                     : NULL);
  same (test, who, "n_running", counts.n_running, get_int (theirs, "n_running"));
  same (test, who, "n_runnable", counts.n_runnable, get_int (theirs, "n_runnable"));
  same (test, who, "n_syscall", counts.n_syscall, get_int (theirs, "n_syscall"));
  same (test, who, "n_syscall_nop", counts.n_syscall_nop, get_int (theirs, "n_syscall_nop"));
  same (test, who, "longest_wait_ns", counts.longest_wait, get_int (theirs, "longest_wait_ns"));
  same (test,
        who,
        "longest_runnable_ns",
        counts.longest_runnable,
        get_int (theirs, "longest_runnable_ns"));
  g_hash_table_unref (counts.waits);
  n_goroutines++;
  n_goroutines_agree += test->n_wrong == before;
}

/* Goroutine lanes in the report's order: by id, then life. */
static int
compare_lanes (gconstpointer a, gconstpointer b, gpointer index)
{
  GanderLane x, y;

  gander_index_get_lane (index, *(const GanderLaneId *)a, &x);
  gander_index_get_lane (index, *(const GanderLaneId *)b, &y);
  if (x.id != y.id)
    return x.id < y.id ? -1 : 1;
  return x.life < y.life ? -1 : x.life > y.life;
}

static void
compare_goroutines (Case *test)
{
  JsonArray *theirs = json_object_get_array_member (test->report, "goroutines");
  guint32 n = gander_index_get_facts (test->index)->n_goroutines;
  g_autofree GanderLaneId *lanes = g_new (GanderLaneId, MAX (n, 1));

  same (test, "trace", "goroutines", n, json_array_get_length (theirs));
  if (n != json_array_get_length (theirs))
    return;
  for (guint32 i = 0; i < n; i++)
    lanes[i] = i;
  g_qsort_with_data (lanes, (gint)n, sizeof *lanes, compare_lanes, test->index);
  for (guint32 i = 0; i < n; i++)
    compare_goroutine (test, lanes[i], json_array_get_object_element (theirs, i));
}

static void
compare_procs (Case *test)
{
  JsonArray *theirs =
      json_object_get_array_member (json_object_get_object_member (test->report, "procs"), "per_p");
  GanderLaneId first = 0;
  guint32 n = 0;

  gander_index_get_lanes_of (test->index, GANDER_LANE_PROC, &first, &n);
  same (test, "trace", "procs", n, json_array_get_length (theirs));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (theirs)); i++)
    {
      JsonObject *object = json_array_get_object_element (theirs, i);
      g_autofree char *who = NULL;
      GanderLane lane;
      const GanderTime *time = lane.total.time;
      gint64 go = 0;
      gander_index_get_lane (test->index, first + i, &lane);
      who = g_strdup_printf ("processor %" G_GINT64_FORMAT, lane.id);
      go = time[GANDER_STATE_RUNNING] + time[GANDER_STATE_GC_WORK] + time[GANDER_STATE_GC_ASSIST];
      same (test, who, "id", lane.id, get_int (object, "id"));
      same_sum (test, who, "go_running_ns", lane.n_spans, go, get_int (object, "go_running_ns"));
      same_sum (test,
                who,
                "go_syscall_ns",
                lane.n_spans,
                time[GANDER_STATE_SYSCALL],
                get_int (object, "go_syscall_ns"));
      same_sum (test,
                who,
                "running_ns",
                lane.n_spans,
                go + time[GANDER_STATE_SYSCALL] + time[GANDER_STATE_SCHEDULING],
                get_int (object, "running_ns"));
    }
}

static gint64
sum_ranges (Case *test, GanderRangeKind kind, gint64 *longest, gint64 *swept, gint64 *reclaimed)
{
  gint64 sum = 0;

  *longest = *swept = *reclaimed = 0;
  for (guint32 i = 0; i < gander_index_get_n_ranges (test->index, kind); i++)
    {
      GanderRange range;
      gander_index_get_range (test->index, kind, i, &range);
      sum += range.end - range.begin;
      *longest = MAX (*longest, range.end - range.begin);
      *swept += (gint64)range.swept;
      *reclaimed += (gint64)range.reclaimed;
    }
  return sum;
}

static void
compare_ranges (Case *test)
{
  JsonObject *gc = json_object_get_object_member (test->report, "gc");
  JsonObject *stw = json_object_get_object_member (gc, "stw");
  JsonObject *assist = json_object_get_object_member (gc, "assist");
  JsonObject *sweep = json_object_get_object_member (gc, "sweep");
  GanderIndex *index = test->index;
  gint64 longest, swept, reclaimed;

  same (test,
        "gc",
        "cycles",
        gander_index_get_n_ranges (index, GANDER_RANGE_GC_MARK),
        get_int (gc, "cycles"));
  same (test,
        "gc",
        "mark_ns",
        sum_ranges (test, GANDER_RANGE_GC_MARK, &longest, &swept, &reclaimed),
        get_int (gc, "mark_ns"));
  same (test, "gc", "mark_max_ns", longest, get_int (gc, "mark_max_ns"));
  same (test,
        "stw",
        "count",
        gander_index_get_n_ranges (index, GANDER_RANGE_STW),
        get_int (stw, "count"));
  same (test,
        "stw",
        "total_ns",
        sum_ranges (test, GANDER_RANGE_STW, &longest, &swept, &reclaimed),
        get_int (stw, "total_ns"));
  same (test, "stw", "max_ns", longest, get_int (stw, "max_ns"));
  same (test,
        "assist",
        "count",
        gander_index_get_n_ranges (index, GANDER_RANGE_ASSIST),
        get_int (assist, "count"));
  same (test,
        "assist",
        "total_ns",
        sum_ranges (test, GANDER_RANGE_ASSIST, &longest, &swept, &reclaimed),
        get_int (assist, "total_ns"));
  same (test,
        "sweep",
        "count",
        gander_index_get_n_ranges (index, GANDER_RANGE_SWEEP),
        get_int (sweep, "count"));
  same (test,
        "sweep",
        "total_ns",
        sum_ranges (test, GANDER_RANGE_SWEEP, &longest, &swept, &reclaimed),
        get_int (sweep, "total_ns"));
  same (test, "sweep", "bytes_swept", swept, get_int (sweep, "bytes_swept"));
  same (test, "sweep", "bytes_reclaimed", reclaimed, get_int (sweep, "bytes_reclaimed"));
}

/* The time that goroutines spend in each GC state is what the report says of assists and
 * workers. */
static void
compare_gc_time (Case *test)
{
  JsonObject *gc = json_object_get_object_member (test->report, "gc");
  JsonObject *workers = json_object_get_object_member (gc, "workers");
  g_autoptr (GList) labels = json_object_get_values (workers);
  gint64 worker_ns = 0;
  GanderMix sum = { 0 };

  for (GList *l = labels; l != NULL; l = l->next)
    worker_ns += get_int (json_node_get_object (l->data), "total_ns");
  for (guint32 i = 0; i < gander_index_get_facts (test->index)->n_goroutines; i++)
    {
      GanderLane lane;
      gander_index_get_lane (test->index, i, &lane);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        sum.time[state] += lane.total.time[state];
    }
  same (test, "gc", "time of workers", sum.time[GANDER_STATE_GC_WORK], worker_ns);
  same (test,
        "gc",
        "running time in assists",
        sum.time[GANDER_STATE_GC_ASSIST],
        get_int (json_object_get_object_member (gc, "assist"), "running_ns"));
}

static gint64
id_of (Case *test, GanderLaneId id)
{
  GanderLane lane;

  if (id == GANDER_LANE_NONE)
    return -1;
  gander_index_get_lane (test->index, id, &lane);
  return lane.id;
}

static void
compare_tasks (Case *test)
{
  JsonArray *theirs = json_object_get_array_member (test->report, "tasks");
  guint32 n = gander_index_get_n_tasks (test->index);

  same (test, "trace", "tasks", n, json_array_get_length (theirs));
  for (guint32 i = 0; i < MIN (n, json_array_get_length (theirs)); i++)
    {
      JsonObject *object = json_array_get_object_element (theirs, i);
      GanderTask task;
      g_autofree char *who = NULL;
      gander_index_get_task (test->index, i, &task);
      who = g_strdup_printf ("task %" G_GUINT64_FORMAT, task.id);
      same (test, who, "id", (gint64)task.id, get_int (object, "id"));
      same (test, who, "parent", (gint64)task.parent, get_int (object, "parent"));
      same_text (test,
                 who,
                 "type",
                 gander_index_get_string (test->index, task.type),
                 get_text (object, "type"));
      same (test, who, "start", task.begin, get_int (object, "start"));
      same (test, who, "end", task.end, get_int (object, "end"));
      same (test, who, "creator", id_of (test, task.creator), get_int (object, "creator"));
      same (test, who, "ender", id_of (test, task.ender), get_int (object, "ender"));
    }
}

static void
compare_region_type (Case *test, JsonObject *theirs)
{
  const char *type = get_text (theirs, "type");
  gint64 n = 0, total = 0, n_open = 0, n_open_start = 0;
  GanderMix mix = { 0 };

  for (guint32 i = 0; i < gander_index_get_n_regions (test->index); i++)
    {
      GanderRegion region;
      GanderMix own;
      gander_index_get_region (test->index, i, &region);
      if (!g_str_equal (gander_index_get_string (test->index, region.type), type))
        continue;
      n++;
      total += region.end - region.begin;
      n_open += (region.flags & GANDER_SPAN_OPEN_END) != 0;
      n_open_start += (region.flags & GANDER_SPAN_OPEN_BEGIN) != 0;
      gander_query_mix (test->index, region.lane, region.begin, region.end, &own);
      for (guint state = 0; state < GANDER_N_STATES; state++)
        mix.time[state] += own.time[state];
    }
  same (test, type, "regions", n, get_int (theirs, "count"));
  same (test, type, "total_ns", total, get_int (theirs, "total_ns"));
  same (test, type, "open", n_open, get_int (theirs, "open"));
  same (test, type, "open_start", n_open_start, get_int (theirs, "open_start"));
  same (test,
        type,
        "runnable_ns",
        mix.time[GANDER_STATE_RUNNABLE],
        get_int (theirs, "runnable_ns"));
  same (test,
        type,
        "syscall_p_ns",
        mix.time[GANDER_STATE_SYSCALL],
        get_int (theirs, "syscall_p_ns"));
  same (test,
        type,
        "running_ns",
        mix.time[GANDER_STATE_RUNNING] + mix.time[GANDER_STATE_GC_WORK] +
            mix.time[GANDER_STATE_GC_ASSIST],
        get_int (theirs, "running_ns"));
}

static void
compare_user (Case *test)
{
  JsonArray *theirs = json_object_get_array_member (test->report, "region_types");

  compare_tasks (test);
  for (guint i = 0; i < json_array_get_length (theirs); i++)
    compare_region_type (test, json_array_get_object_element (theirs, i));
  same (test,
        "trace",
        "logs",
        gander_index_get_n_logs (test->index),
        get_int (test->report, "logs_total"));
}

static gint64
count_group_spans (Case *test, guint32 group)
{
  guint32 n = 0;
  const GanderLaneId *lanes = gander_index_get_group_lanes (test->index, group, &n);
  gint64 sum = 0;

  for (guint32 i = 0; i < n; i++)
    {
      GanderLane lane;
      gander_index_get_lane (test->index, lanes[i], &lane);
      sum += lane.n_spans;
    }
  return sum;
}

static void
compare_groups (Case *test)
{
  JsonArray *theirs = json_object_get_array_member (test->report, "groups");
  guint32 n = gander_index_get_n_groups (test->index);

  same (test, "trace", "groups", n, json_array_get_length (theirs));
  for (guint32 i = 0; i < n; i++)
    {
      GanderGroup group;
      JsonObject *found = NULL;
      const char *name = NULL;
      gint64 n_spans = 0;
      gander_index_get_group (test->index, i, &group);
      name = gander_index_get_string (test->index, group.name);
      for (guint j = 0; j < json_array_get_length (theirs) && found == NULL; j++)
        {
          JsonObject *object = json_array_get_object_element (theirs, j);
          if (g_str_equal (get_text (object, "name"), name))
            found = object;
        }
      if (found == NULL)
        {
          wrong (test, name, "group", 1, 0);
          continue;
        }
      n_spans = count_group_spans (test, i);
      same (test, name, "count", group.n_lanes, get_int (found, "count"));
      same_sum (test,
                name,
                "sched_wait_ns",
                n_spans,
                group.total.time[GANDER_STATE_RUNNABLE],
                get_int (found, "sched_wait_ns"));
      same_sum (test,
                name,
                "blocking_syscall_ns",
                n_spans,
                group.total.time[GANDER_STATE_SYSCALL_BLOCKED],
                get_int (found, "blocking_syscall_ns"));
      same (test,
            name,
            "system",
            group.system,
            json_object_get_boolean_member_with_default (found, "system", FALSE));
    }
}

static void
compare_trace (Case *test)
{
  JsonObject *trace = json_object_get_object_member (test->report, "trace");
  const GanderFacts *facts = gander_index_get_facts (test->index);
  JsonArray *snapshots = json_object_get_array_member (trace, "clock_snapshots");

  same (test, "trace", "version", facts->go_version, get_int (trace, "version"));
  same (test, "trace", "duration_ns", facts->duration, get_int (trace, "duration_ns"));
  same (test, "trace", "start_clock_ns", facts->start_clock_ns, get_int (trace, "start_clock_ns"));
  same (test, "trace", "events", (gint64)facts->n_events, get_int (trace, "events"));
  same (test, "trace", "threads", facts->n_threads, get_int (trace, "threads"));
  same (test, "trace", "bytes", (gint64)facts->bytes, get_int (trace, "bytes"));
  same (test,
        "trace",
        "generations",
        gander_index_get_n_generations (test->index),
        get_int (trace, "generations"));
  if (snapshots != NULL && json_array_get_length (snapshots) > 0)
    {
      JsonObject *first = json_array_get_object_element (snapshots, 0);
      same (test,
            "trace",
            "wall clock at 0",
            facts->wall_ns,
            get_int (first, "wall_ns") - get_int (first, "t"));
    }
}

static void
test_trace (gconstpointer name)
{
  g_autoptr (JsonNode) report = test_corpus_load_figures (name);
  Case test = { 0 };

  test.report = json_node_get_object (report);
  test.index = test_corpus_load (name);
  test.loose = gander_index_get_facts (test.index)->n_threads > MANY_THREADS;
  compare_trace (&test);
  compare_goroutines (&test);
  compare_procs (&test);
  compare_ranges (&test);
  compare_gc_time (&test);
  compare_user (&test);
  compare_groups (&test);
  gander_index_unref (test.index);
  n_traces++;
  n_agree += test.n_wrong == 0;
  if (test.n_wrong > 0)
    g_test_fail_printf ("%u differences", test.n_wrong);
}

static void
test_tally (void)
{
  g_test_message ("goroutines: agree %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
                  n_goroutines_agree,
                  n_goroutines);
  g_test_message ("agree %u of %u", n_agree, n_traces);
  g_assert_cmpuint (n_agree, ==, n_traces);
}

int
main (int argc, char *argv[])
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = test_corpus_get_names ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/reader/reference/", names[i], NULL);
      g_test_add_data_func (path, names[i], test_trace);
    }
  g_test_add_func ("/reader/reference/tally", test_tally);
  return g_test_run ();
}
