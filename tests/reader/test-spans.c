/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader.h"
#include "tests/support/random-trace.h"

#include <string.h>

/* The rules that turn events into spans, one by one, on hand-made events. */

typedef struct
{
  GanderDictionary *dictionary;
  GArray *events;
  GanderIndex *index;
} Play;

static void
play_init (Play *play)
{
  play->dictionary = gander_dictionary_new ();
  play->events = g_array_new (FALSE, FALSE, sizeof (GanderEvent));
  play->index = NULL;
}

static void
play_clear (Play *play)
{
  g_clear_pointer (&play->index, gander_index_unref);
  g_array_unref (play->events);
  gander_dictionary_free (play->dictionary);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Play, play_clear)

static GanderStringId
text (Play *play, const char *bytes)
{
  return gander_dictionary_intern_string (play->dictionary, bytes, strlen (bytes));
}

static GanderStackId
stack (Play *play, const char *root)
{
  GanderFrame frames[] = { { .function = text (play, "leaf") }, { .function = text (play, root) } };

  return gander_dictionary_intern_stack (play->dictionary, frames, 2);
}

/* The context is thread, processor, goroutine; -1 = none. */
static GanderEvent *
add (Play *play, GanderTime time, GanderEventKind kind, gint64 m, gint64 p, gint64 g)
{
  GanderEvent event = {
    .time = time, .kind = (guint8)kind, .thread = m, .proc = p, .goroutine = g, .id = -1
  };

  g_array_append_val (play->events, event);
  return &g_array_index (play->events, GanderEvent, play->events->len - 1);
}

static GanderEvent *
go (Play *play,
    GanderTime time,
    gint64 id,
    GanderGoState from,
    GanderGoState to,
    gint64 m,
    gint64 p,
    gint64 g)
{
  GanderEvent *event = add (play, time, GANDER_EVENT_TRANSITION, m, p, g);

  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = id;
  event->from = (guint8)from;
  event->to = (guint8)to;
  return event;
}

static void
proc (Play *play, GanderTime time, gint64 id, GanderGoState from, GanderGoState to, gint64 m)
{
  GanderEvent *event = add (play, time, GANDER_EVENT_TRANSITION, m, -1, -1);

  event->resource = GANDER_RESOURCE_PROC;
  event->id = id;
  event->from = (guint8)from;
  event->to = (guint8)to;
}

static void
sync_at (Play *play, GanderTime time)
{
  add (play, time, GANDER_EVENT_SYNC, -1, -1, -1);
}

static const GanderIndex *
build (Play *play)
{
  play->index = gander_build_events (play->dictionary,
                                     (const GanderEvent *)(gpointer)play->events->data,
                                     play->events->len,
                                     -1);
  return play->index;
}

static GanderLane
lane_of (Play *play, GanderLaneKind kind, gint64 id)
{
  GanderLane lane = { 0 };
  GanderLaneId at = gander_index_find_lane (play->index, kind, id);

  g_assert_cmpuint (at, !=, GANDER_LANE_NONE);
  gander_index_get_lane (play->index, at, &lane);
  return lane;
}

/* Compares the spans of a lane with "state begin-end" texts, blank-separated. */
static void
assert_spans (Play *play, GanderLaneKind kind, gint64 id, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  GanderLaneId lane = gander_index_find_lane (play->index, kind, id);
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, play->index, lane, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    g_string_append_printf (found,
                            "%s%s%s %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT,
                            found->len > 0 ? ", " : "",
                            (span.flags & GANDER_SPAN_CONTINUES) != 0 ? "+" : "",
                            gander_state_get_id (span.state),
                            span.begin,
                            span.end);
  g_assert_cmpstr (found->str, ==, expected);
}

/* P0 and P1 run on threads 100 and 101, both from the beginning. */
static void
two_procs (Play *play)
{
  sync_at (play, 0);
  proc (play, 1, 0, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100);
  proc (play, 2, 1, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 101);
}

/* G7 enters on P0, which is stolen; G8 runs on P0 and enters; G7 leaves; P0 is stolen from G8. */
static void
test_syscall (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 3, 7, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 4, 8, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNABLE, -1, -1, -1);
  go (&play, 1000, 7, GANDER_GO_RUNNING, GANDER_GO_SYSCALL, 100, 0, 7);
  proc (&play, 1600, 0, GANDER_GO_RUNNING, GANDER_PROC_IDLE, 101);
  proc (&play, 1700, 0, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 102);
  go (&play, 1800, 8, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 102, 0, -1);
  go (&play, 2000, 8, GANDER_GO_RUNNING, GANDER_GO_SYSCALL, 102, 0, 8);
  go (&play, 2500, 7, GANDER_GO_SYSCALL, GANDER_GO_RUNNABLE, 100, -1, 7);
  proc (&play, 3000, 0, GANDER_GO_RUNNING, GANDER_PROC_IDLE, 101);
  go (&play, 3500, 8, GANDER_GO_SYSCALL, GANDER_GO_RUNNABLE, 102, -1, 8);
  sync_at (&play, 4000);
  build (&play);

  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                7,
                "running 0-1000, syscall 1000-1600, +syscall-blocked 1600-2500, "
                "runnable 2500-4000");
  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                8,
                "runnable 0-1800, running 1800-2000, syscall 2000-3000, "
                "+syscall-blocked 3000-3500, runnable 3500-4000");
  assert_spans (&play,
                GANDER_LANE_PROC,
                0,
                "running 0-1000, syscall 1000-1600, scheduling 1700-1800, running 1800-2000, "
                "syscall 2000-3000");
  assert_spans (&play,
                GANDER_LANE_THREAD,
                100,
                "running 0-1000, syscall 1000-1600, +syscall-blocked 1600-2500");
}

static void
test_syscall_without_proc (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  /* Told by thread 100, of thread 105, which has no processor. */
  go (&play, 3, 5, GANDER_GO_UNDETERMINED, GANDER_GO_SYSCALL, 105, 0, -1);
  /* A C thread calls Go. */
  go (&play, 10, 6, GANDER_GO_NOT_EXIST, GANDER_GO_SYSCALL, 106, -1, -1);
  go (&play, 20, 6, GANDER_GO_SYSCALL, GANDER_GO_NOT_EXIST, 106, -1, 6);
  go (&play, 30, 6, GANDER_GO_NOT_EXIST, GANDER_GO_SYSCALL, 106, -1, -1);
  /* Its own thread has the processor. */
  go (&play, 40, 9, GANDER_GO_UNDETERMINED, GANDER_GO_SYSCALL, 101, 1, -1);
  sync_at (&play, 50);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 5, "syscall-blocked 0-50");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 6, "syscall-blocked 30-50");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 9, "syscall 0-50");
  g_assert_cmpuint (lane_of (&play, GANDER_LANE_GOROUTINE, 6).life, ==, 2);
}

static void
test_existed (void)
{
  g_auto (Play) play = { 0 };
  GanderSpan span;
  play_init (&play);
  two_procs (&play);
  go (&play, 700, 4, GANDER_GO_UNDETERMINED, GANDER_GO_WAITING, -1, -1, -1);
  go (&play, 800, 4, GANDER_GO_WAITING, GANDER_GO_RUNNABLE, -1, -1, -1);
  sync_at (&play, 900);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 4, "blocked 0-800, runnable 800-900");
  gander_query_span (play.index, 0, 0, &span);
  g_assert_cmpstr (gander_index_get_string (play.index, span.reason), ==, "(unknown)");
  g_assert_cmpuint (span.flags, ==, GANDER_SPAN_OPEN_BEGIN);
  gander_query_span (play.index, 0, 1, &span);
  g_assert_cmpuint (span.flags, ==, GANDER_SPAN_OPEN_END);
  g_assert_cmpuint (lane_of (&play, GANDER_LANE_GOROUTINE, 4).flags,
                    ==,
                    GANDER_LANE_EXISTED | GANDER_LANE_ALIVE | GANDER_LANE_SYSTEM);
}

static void
test_repeated_status (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  sync_at (&play, 10);
  go (&play, 20, 4, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 100, 0, 4);
  proc (&play, 21, 0, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 100);
  sync_at (&play, 30);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 4, "running 0-30");
  assert_spans (&play, GANDER_LANE_PROC, 0, "running 0-30");
  assert_spans (&play, GANDER_LANE_PROC, 1, "scheduling 0-30");
}

static void
range (Play *play, GanderTime time, GanderEventKind kind, const char *name, gint64 id)
{
  GanderEvent *event = add (play, time, kind, 100, 0, id);

  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = id;
  event->name = text (play, name);
}

static void
test_assist (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  range (&play, 10, GANDER_EVENT_RANGE_BEGIN, "GC mark assist", 4);
  go (&play, 20, 4, GANDER_GO_RUNNING, GANDER_GO_WAITING, 100, 0, 4);
  go (&play, 30, 4, GANDER_GO_WAITING, GANDER_GO_RUNNABLE, -1, -1, -1);
  go (&play, 40, 4, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1);
  range (&play, 50, GANDER_EVENT_RANGE_END, "GC mark assist", 4);
  sync_at (&play, 60);
  build (&play);
  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                4,
                "running 0-10, +gc-assist 10-20, blocked 20-30, runnable 30-40, gc-assist 40-50, "
                "+running 50-60");
  assert_spans (&play,
                GANDER_LANE_PROC,
                0,
                "running 0-10, +gc-assist 10-20, scheduling 20-40, gc-assist 40-50, "
                "+running 50-60");
}

static void
label (Play *play, GanderTime time, gint64 id, const char *name)
{
  GanderEvent *event = add (play, time, GANDER_EVENT_LABEL, 100, 0, id);

  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = id;
  event->name = text (play, name);
}

/* The label holds over preemption, not over a wait, and not on a goroutine of the program. */
static void
test_label (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  label (&play, 10, 4, "GC (dedicated)");
  go (&play, 20, 4, GANDER_GO_RUNNING, GANDER_GO_RUNNABLE, 100, 0, 4)->resource_stack =
      stack (&play, "runtime.gcBgMarkWorker");
  go (&play, 30, 4, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 40, 4, GANDER_GO_RUNNING, GANDER_GO_WAITING, 100, 0, 4);
  go (&play, 50, 4, GANDER_GO_WAITING, GANDER_GO_RUNNABLE, -1, -1, -1);
  go (&play, 60, 4, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 70, 5, GANDER_GO_NOT_EXIST, GANDER_GO_RUNNABLE, 100, 0, 4)->resource_stack =
      stack (&play, "main.work");
  go (&play, 80, 5, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 101, 1, -1);
  label (&play, 90, 5, "GC (dedicated)");
  sync_at (&play, 100);
  build (&play);
  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                4,
                "running 0-10, +gc-work 10-20, runnable 20-30, gc-work 30-40, blocked 40-50, "
                "runnable 50-60, running 60-100");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 5, "runnable 70-80, running 80-100");
  g_assert_true ((lane_of (&play, GANDER_LANE_GOROUTINE, 4).flags & GANDER_LANE_LABELLED) != 0);
  g_assert_false ((lane_of (&play, GANDER_LANE_GOROUTINE, 5).flags & GANDER_LANE_LABELLED) != 0);
}

static void
gap (Play *play, GanderTime time, GanderResource resource, gint64 id)
{
  GanderEvent *event = add (play, time, GANDER_EVENT_GAP, -1, -1, -1);

  event->resource = (guint8)resource;
  event->id = id;
}

static void
test_gap (void)
{
  g_auto (Play) play = { 0 };
  GanderLane lane;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 6, 5, GANDER_GO_UNDETERMINED, GANDER_GO_WAITING, -1, -1, -1);
  gap (&play, 10, GANDER_RESOURCE_GOROUTINE, 4);
  go (&play, 20, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNABLE, -1, -1, -1);
  gap (&play, 30, GANDER_RESOURCE_NONE, -1);
  gap (&play, 35, GANDER_RESOURCE_NONE, -1);
  proc (&play, 39, 0, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 100);
  go (&play, 40, 4, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 100, 0, 4);
  sync_at (&play, 50);
  build (&play);
  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                4,
                "running 0-10, unknown 10-20, runnable 20-30, unknown 30-40, running 40-50");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 5, "blocked 0-30, unknown 30-50");
  assert_spans (&play,
                GANDER_LANE_PROC,
                0,
                "running 0-10, scheduling 10-30, unknown 30-39, scheduling 39-40, running 40-50");
  assert_spans (&play, GANDER_LANE_PROC, 1, "scheduling 0-30, unknown 30-50");
  lane = lane_of (&play, GANDER_LANE_GOROUTINE, 4);
  g_assert_cmpint (lane.total.time[GANDER_STATE_UNKNOWN], ==, 20);
}

/* Events that contradict what was known end no load and leave no holes. */
static void
test_contradictions (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 10, 4, GANDER_GO_RUNNING, GANDER_GO_WAITING, 100, 0, 4);
  go (&play, 20, 4, GANDER_GO_NOT_EXIST, GANDER_GO_RUNNABLE, 100, 0, 4);
  go (&play, 30, 4, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 40, 5, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, 4);
  go (&play, 50, 6, GANDER_GO_RUNNING, GANDER_GO_NOT_EXIST, 100, 0, 6);
  proc (&play, 60, 7, GANDER_PROC_IDLE, GANDER_PROC_IDLE, -1);
  go (&play, 70, -5, GANDER_GO_NOT_EXIST, GANDER_GO_RUNNABLE, -7, -8, -9);
  go (&play, 80, 8, 200, 201, 100, 0, -1);
  sync_at (&play, 90);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 4, "runnable 20-30, running 30-90");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 5, "unknown 0-40, running 40-90");
  g_assert_cmpuint (gander_index_get_facts (play.index)->n_goroutines, ==, 3);
}

static void
test_cut (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 10, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 4, "running 0-11");
  g_assert_cmpint (gander_index_get_facts (play.index)->duration, ==, 11);
}

/* Times of a damaged trace go up to 2^62; sums over goroutines may then not fit, and wrap. */
static void
test_far_times (void)
{
  g_auto (Play) play = { 0 };
  GanderTime far = G_GINT64_CONSTANT (1) << 62;
  play_init (&play);
  two_procs (&play);
  for (gint64 id = 1; id <= 40; id++)
    go (&play, 10 + id, id, GANDER_GO_UNDETERMINED, GANDER_GO_WAITING, -1, -1, -1);
  go (&play, far - 1, 1, GANDER_GO_WAITING, GANDER_GO_RUNNABLE, -1, -1, -1);
  go (&play, far, 1, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1);
  sync_at (&play, far + 1);
  build (&play);
  assert_spans (&play,
                GANDER_LANE_GOROUTINE,
                1,
                "blocked 0-4611686018427387903, runnable 4611686018427387903-4611686018427387904, "
                "running 4611686018427387904-4611686018427387905");
}

static void
test_empty (void)
{
  g_auto (Play) play = { 0 };
  play_init (&play);
  build (&play);
  g_assert_cmpuint (gander_index_get_n_lanes (play.index), ==, 0);
  g_assert_cmpuint (gander_index_get_n_groups (play.index), ==, 0);
  g_assert_cmpint (gander_index_get_facts (play.index)->duration, ==, 0);
}

static void
test_names (void)
{
  g_auto (Play) play = { 0 };
  GanderLane lane;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 10, 4, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 100, 0, 4)->resource_stack =
      stack (&play, "main.repeat");
  go (&play, 20, 4, GANDER_GO_RUNNING, GANDER_GO_SYSCALL, 100, 0, 4)->resource_stack =
      stack (&play, "main.main");
  go (&play, 30, 4, GANDER_GO_SYSCALL, GANDER_GO_RUNNING, 100, 0, 4)->resource_stack =
      stack (&play, "main.later");
  sync_at (&play, 40);
  build (&play);
  lane = lane_of (&play, GANDER_LANE_GOROUTINE, 4);
  g_assert_cmpstr (gander_index_get_string (play.index, lane.name), ==, "main.main");
  g_assert_false ((lane.flags & GANDER_LANE_SYSTEM) != 0);
}

static GanderEvent *
user (Play *play, GanderTime time, GanderEventKind kind, gint64 task, const char *name)
{
  GanderEvent *event = add (play, time, kind, 100, 0, 4);

  event->id = task;
  event->name = text (play, name);
  return event;
}

/* Regions begun before the trace enclose the others; the newest of them ends first. */
static void
test_regions (void)
{
  static const struct
  {
    const char *type;
    guint depth;
    GanderTime begin, end;
    GanderSpanFlags flags;
  } expected[] = {
    { "outer", 0, 0, 60, GANDER_SPAN_OPEN_BEGIN },
    { "inner", 1, 0, 30, GANDER_SPAN_OPEN_BEGIN },
    { "a", 2, 10, 20, 0 },
    { "b", 1, 40, 50, 0 },
    { "c", 0, 70, 100, GANDER_SPAN_OPEN_END },
    { "d", 1, 80, 100, GANDER_SPAN_OPEN_END },
  };
  g_auto (Play) play = { 0 };
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  user (&play, 10, GANDER_EVENT_REGION_BEGIN, 1, "a");
  user (&play, 20, GANDER_EVENT_REGION_END, 1, "a");
  user (&play, 30, GANDER_EVENT_REGION_END, 1, "inner");
  user (&play, 40, GANDER_EVENT_REGION_BEGIN, 1, "b");
  user (&play, 50, GANDER_EVENT_REGION_END, 1, "b");
  user (&play, 60, GANDER_EVENT_REGION_END, 1, "outer");
  user (&play, 70, GANDER_EVENT_REGION_BEGIN, 1, "c");
  user (&play, 80, GANDER_EVENT_REGION_BEGIN, 1, "d");
  sync_at (&play, 100);
  build (&play);
  g_assert_cmpuint (gander_index_get_n_regions (play.index), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      GanderRegion region;
      gander_index_get_region (play.index, i, &region);
      g_assert_cmpstr (gander_index_get_string (play.index, region.type), ==, expected[i].type);
      g_assert_cmpuint (region.depth, ==, expected[i].depth);
      g_assert_cmpint (region.begin, ==, expected[i].begin);
      g_assert_cmpint (region.end, ==, expected[i].end);
      g_assert_cmpuint (region.flags, ==, expected[i].flags);
    }
}

/* Regions that cross are both kept. */
static void
test_crossing_regions (void)
{
  g_auto (Play) play = { 0 };
  GanderRegion region;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  user (&play, 10, GANDER_EVENT_REGION_BEGIN, 1, "a");
  user (&play, 20, GANDER_EVENT_REGION_BEGIN, 1, "b");
  user (&play, 30, GANDER_EVENT_REGION_END, 1, "a");
  user (&play, 40, GANDER_EVENT_REGION_END, 1, "b");
  sync_at (&play, 100);
  build (&play);
  g_assert_cmpuint (gander_index_get_n_regions (play.index), ==, 2);
  gander_index_get_region (play.index, 0, &region);
  g_assert_cmpint (region.end, ==, 30);
  gander_index_get_region (play.index, 1, &region);
  g_assert_cmpint (region.end, ==, 40);
}

static void
test_tasks (void)
{
  g_auto (Play) play = { 0 };
  GanderTask task;
  GanderLog log;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  user (&play, 10, GANDER_EVENT_TASK_BEGIN, 9, "work")->value[0] = 3;
  user (&play, 20, GANDER_EVENT_TASK_END, 9, "work");
  user (&play, 30, GANDER_EVENT_TASK_END, 9, "");
  user (&play, 40, GANDER_EVENT_TASK_END, 2, "");
  user (&play, 50, GANDER_EVENT_LOG, 0, "category")->text = text (&play, "message\xff");
  sync_at (&play, 100);
  build (&play);
  g_assert_cmpuint (gander_index_get_n_tasks (play.index), ==, 3);
  gander_index_get_task (play.index, 0, &task);
  g_assert_cmpuint (task.id, ==, 0);
  gander_index_get_task (play.index, 1, &task);
  g_assert_cmpuint (task.id, ==, 2);
  g_assert_cmpint (task.begin, ==, -1);
  g_assert_cmpint (task.end, ==, 40);
  gander_index_get_task (play.index, 2, &task);
  g_assert_cmpuint (task.parent, ==, 3);
  g_assert_cmpint (task.begin, ==, 10);
  g_assert_cmpint (task.end, ==, 20);
  gander_index_get_log (play.index, 0, &log);
  g_assert_cmpstr (gander_index_get_string (play.index, log.category), ==, "category");
  g_assert_cmpstr (gander_index_get_string (play.index, log.message), ==, "message\xef\xbf\xbd");
}

/* Active counts as a begin at 0 in the first generation, later it is a repeat. */
static void
test_active_ranges (void)
{
  g_auto (Play) play = { 0 };
  GanderRange found;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  range (&play, 10, GANDER_EVENT_RANGE_ACTIVE, "GC concurrent mark phase", 4);
  sync_at (&play, 20);
  range (&play, 30, GANDER_EVENT_RANGE_ACTIVE, "GC concurrent mark phase", 4);
  range (&play, 40, GANDER_EVENT_RANGE_END, "GC concurrent mark phase", 4);
  range (&play, 50, GANDER_EVENT_RANGE_BEGIN, "stop-the-world (GC mark termination)", 4);
  sync_at (&play, 60);
  build (&play);
  g_assert_cmpuint (gander_index_get_n_ranges (play.index, GANDER_RANGE_GC_MARK), ==, 1);
  gander_index_get_range (play.index, GANDER_RANGE_GC_MARK, 0, &found);
  g_assert_cmpint (found.begin, ==, 0);
  g_assert_cmpint (found.end, ==, 40);
  g_assert_cmpuint (found.flags, ==, GANDER_SPAN_OPEN_BEGIN);
  g_assert_cmpuint (found.lane, ==, GANDER_LANE_NONE);
  gander_index_get_range (play.index, GANDER_RANGE_STW, 0, &found);
  g_assert_cmpint (found.end, ==, 60);
  g_assert_cmpuint (found.flags, ==, GANDER_SPAN_OPEN_END);
  g_assert_cmpuint (found.lane, ==, 0);
}

static void
metric (Play *play, GanderTime time, const char *name, guint64 value)
{
  GanderEvent *event = add (play, time, GANDER_EVENT_METRIC, 100, 0, -1);

  event->name = text (play, name);
  event->value[0] = value;
}

static void
test_metrics (void)
{
  g_auto (Play) play = { 0 };
  guint64 value = 0;
  play_init (&play);
  two_procs (&play);
  metric (&play, 10, "/gc/heap/goal:bytes", 4 << 20);
  metric (&play, 20, "/gc/heap/goal:bytes", G_MAXUINT64);
  metric (&play, 30, "/sched/gomaxprocs:threads", 8);
  metric (&play, 40, "/sched/gomaxprocs:threads", 2);
  metric (&play, 50, "/memory/classes/heap/objects:bytes", 1000);
  sync_at (&play, 60);
  build (&play);
  g_assert_false (gander_query_counter (play.index, GANDER_COUNTER_GOAL, 9, &value));
  g_assert_true (gander_query_counter (play.index, GANDER_COUNTER_GOAL, 10, &value));
  g_assert_cmpuint (value, ==, 4 << 20);
  g_assert_true (gander_query_counter (play.index, GANDER_COUNTER_GOAL, 59, &value));
  g_assert_cmpuint (value, ==, 0);
  g_assert_true (gander_query_counter (play.index, GANDER_COUNTER_HEAP, 55, &value));
  g_assert_cmpuint (value, ==, 1000);
  g_assert_cmpuint (gander_index_get_facts (play.index)->gomaxprocs, ==, 8);
}

static void
test_samples (void)
{
  g_auto (Play) play = { 0 };
  GanderSample sample;
  GanderLane lane;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 101, 1, -1);
  add (&play, 10, GANDER_EVENT_SAMPLE, 101, 1, 4)->stack = stack (&play, "main.main");
  add (&play, 20, GANDER_EVENT_SAMPLE, -1, -1, -1);
  sync_at (&play, 60);
  build (&play);
  gander_index_get_sample (play.index, 0, &sample);
  g_assert_cmpuint (sample.goroutine, ==, 0);
  gander_index_get_lane (play.index, sample.proc, &lane);
  g_assert_cmpint (lane.id, ==, 1);
  gander_index_get_lane (play.index, sample.thread, &lane);
  g_assert_cmpint (lane.id, ==, 101);
  g_assert_cmpuint (gander_index_get_stack_depth (play.index, sample.stack), ==, 2);
  gander_index_get_sample (play.index, 1, &sample);
  g_assert_cmpuint (sample.goroutine, ==, GANDER_LANE_NONE);
  g_assert_cmpuint (sample.thread, ==, GANDER_LANE_NONE);
}

/* A coroutine switch: the next one is woken by the one that stops. */
static void
test_switch (void)
{
  g_auto (Play) play = { 0 };
  GanderSpan span, wake;
  play_init (&play);
  two_procs (&play);
  go (&play, 5, 4, GANDER_GO_UNDETERMINED, GANDER_GO_RUNNING, 100, 0, -1);
  go (&play, 6, 5, GANDER_GO_NOT_EXIST, GANDER_GO_WAITING, 100, 0, 4);
  go (&play, 10, 5, GANDER_GO_WAITING, GANDER_GO_RUNNABLE, 100, 0, 4)->wire = 45;
  go (&play, 11, 4, GANDER_GO_RUNNING, GANDER_GO_WAITING, 100, 0, 4)->wire = 45;
  go (&play, 12, 5, GANDER_GO_RUNNABLE, GANDER_GO_RUNNING, 100, 0, -1)->wire = 45;
  sync_at (&play, 60);
  build (&play);
  assert_spans (&play, GANDER_LANE_GOROUTINE, 5, "blocked 6-10, runnable 10-12, running 12-60");
  assert_spans (&play, GANDER_LANE_GOROUTINE, 4, "running 0-11, blocked 11-60");
  gander_query_span (play.index, 1, 0, &span);
  g_assert_cmpstr (gander_index_get_string (play.index, span.reason), ==, "");
  g_assert_true (gander_query_wake (play.index, &span, &wake));
  g_assert_cmpint (wake.cause, ==, GANDER_CAUSE_SWITCHED);
  g_assert_cmpuint (wake.link, ==, 0);
  /* Nobody wakes the other one in this trace. */
  gander_query_span (play.index, 0, 1, &span);
  g_assert_false (gander_query_wake (play.index, &span, &wake));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*run) (void);
  } tests[] = {
    { "syscall", test_syscall }, { "syscall-without-proc", test_syscall_without_proc },
    { "existed", test_existed }, { "repeated-status", test_repeated_status },
    { "assist", test_assist },   { "label", test_label },
    { "gap", test_gap },         { "contradictions", test_contradictions },
    { "cut", test_cut },         { "far-times", test_far_times },
    { "empty", test_empty },     { "names", test_names },
    { "regions", test_regions }, { "crossing-regions", test_crossing_regions },
    { "tasks", test_tasks },     { "active-ranges", test_active_ranges },
    { "metrics", test_metrics }, { "samples", test_samples },
    { "switch", test_switch },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strdup_printf ("/reader/spans/%s", tests[i].name);
      g_test_add_func (path, tests[i].run);
    }
  return g_test_run ();
}
