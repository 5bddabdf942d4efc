/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"
#include "tests/support/random-trace.h"

#include <string.h>

/* Critical paths: worked out by hand on small runs, and what holds of every path on tests/corpus
 * and on simulated runs. */

#define N_RANDOM  20
#define MAX_HOPS  10000
#define MAX_LANES 300 /* of each trace of the corpus */
#define LENGTH    400 /* ns, of the runs by hand */

#define NOBODY (-1)

#define UNDETERMINED GANDER_GO_UNDETERMINED
#define ABSENT       GANDER_GO_NOT_EXIST
#define RUNNABLE     GANDER_GO_RUNNABLE
#define RUNNING      GANDER_GO_RUNNING
#define WAITING      GANDER_GO_WAITING
#define SYSCALL      GANDER_GO_SYSCALL

/* One change of a goroutine; @by is who did it. */
typedef struct
{
  GanderTime time;
  gint64 by;
  gint64 goroutine;
  GanderGoState from;
  GanderGoState to;
  const char *text; /* the reason of a wait, the start function of a new goroutine */
} Change;

/* A hop as "G2 running 90"; G0 is the rest. */
typedef struct
{
  gint64 goroutine;
  GanderState state;
  GanderTime added;
  GanderNext next;
} Expected;

static GanderStackId
make_stack (GanderDictionary *dictionary, const char *function)
{
  GanderFrame frame = {
    .function = gander_dictionary_intern_string (dictionary, function, strlen (function)),
    .file = gander_dictionary_intern_string (dictionary, "main.go", strlen ("main.go")),
    .line = 1,
    .pc = 1,
  };

  return gander_dictionary_intern_stack (dictionary, &frame, 1);
}

static GanderIndex *
build (const Change *changes, gsize n)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GArray) events = g_array_new (FALSE, TRUE, sizeof (GanderEvent));
  GanderEvent sync = { .kind = GANDER_EVENT_SYNC, .thread = -1, .proc = -1, .goroutine = -1 };

  g_array_append_val (events, sync);
  for (gsize i = 0; i < n; i++)
    {
      const Change *change = &changes[i];
      GanderEvent event = {
        .time = change->time,
        .kind = GANDER_EVENT_TRANSITION,
        .resource = GANDER_RESOURCE_GOROUTINE,
        .from = (guint8)change->from,
        .to = (guint8)change->to,
        .thread = change->by,
        .proc = change->by,
        .goroutine = change->by,
        .id = change->goroutine,
      };

      if (change->from == ABSENT)
        event.resource_stack = make_stack (dictionary, change->text);
      else if (change->text != NULL)
        {
          event.name =
              gander_dictionary_intern_string (dictionary, change->text, strlen (change->text));
          event.stack = event.resource_stack = make_stack (dictionary, "main.wait");
        }
      else if (change->from == WAITING && change->by != NOBODY)
        event.stack = make_stack (dictionary, "main.wake");
      g_array_append_val (events, event);
    }
  sync.time = LENGTH;
  g_array_append_val (events, sync);
  return gander_build_events (dictionary,
                              (const GanderEvent *)(gpointer)events->data,
                              events->len,
                              -1);
}
#define BUILD(changes) build (changes, G_N_ELEMENTS (changes))

/* What holds of every path. */
static void
check_path (const GanderIndex *index, const GanderPath *path)
{
  GanderTime added = 0;
  GanderTime time = path->end;

  for (guint i = 0; i < path->hops->len; i++)
    {
      const GanderHop *hop = &g_array_index (path->hops, GanderHop, i);
      const GanderHop *next =
          i + 1 < path->hops->len ? &g_array_index (path->hops, GanderHop, i + 1) : NULL;

      added += hop->added;
      g_assert_cmpint (hop->end, ==, time);
      g_assert_cmpint (hop->begin, >=, path->begin);
      g_assert_cmpint (hop->begin, <, hop->end);
      if (hop->added != 0)
        {
          g_assert_cmpint (hop->added, ==, hop->end - hop->begin);
          time = hop->begin;
        }
      else
        g_assert_cmpint (hop->span.state, ==, GANDER_STATE_BLOCKED);
      g_assert_cmpint (hop->next == GANDER_NEXT_END, ==, next == NULL);
      if (next == NULL || next->span.lane == GANDER_LANE_NONE)
        continue;
      if (hop->to == GANDER_LANE_NONE)
        g_assert_cmpint (next->span.lane, ==, hop->span.lane);
      else
        g_assert_cmpint (next->span.lane, ==, hop->to);
      if (hop->next == GANDER_NEXT_WAKER)
        {
          GanderSpan wake;

          g_assert_true (gander_query_wake (index, &hop->span, &wake));
          g_assert_cmpuint (wake.link, ==, hop->to);
          g_assert_cmpint (wake.begin, ==, time);
        }
    }
  g_assert_cmpint (added, ==, path->end - path->begin);
  g_assert_cmpint (time, ==, path->begin);
}

static void
walk (const GanderIndex *index,
      GanderLaneId lane,
      GanderTime begin,
      GanderTime end,
      guint max_hops,
      GanderPath *out)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_path_compute (index, lane, begin, end, max_hops, out, NULL, &error));
  g_assert_no_error (error);
  check_path (index, out);
}

static void
check (const GanderIndex *index,
       gint64 goroutine,
       GanderTime begin,
       GanderTime end,
       GanderPathEnd why,
       const Expected *expected,
       gsize n)
{
  g_auto (GanderPath) path = { 0 };

  walk (index,
        gander_index_find_lane (index, GANDER_LANE_GOROUTINE, goroutine),
        begin,
        end,
        MAX_HOPS,
        &path);
  for (gsize i = 0; i < MIN (n, path.hops->len); i++)
    {
      const GanderHop *hop = &g_array_index (path.hops, GanderHop, i);
      GanderLane lane = { 0 };

      if (hop->span.lane != GANDER_LANE_NONE)
        gander_index_get_lane (index, hop->span.lane, &lane);
      g_test_message ("hop %u", (guint)i);
      g_assert_cmpint (lane.id, ==, expected[i].goroutine);
      g_assert_cmpint (hop->span.state, ==, expected[i].state);
      g_assert_cmpint (hop->added, ==, expected[i].added);
      g_assert_cmpint (hop->next, ==, expected[i].next);
    }
  g_assert_cmpuint (path.hops->len, ==, n);
  g_assert_cmpstr (gander_path_end_get_id (path.why_end), ==, gander_path_end_get_id (why));
}
#define CHECK(index, goroutine, begin, end, why, ...) \
  check (index,                                       \
         goroutine,                                   \
         begin,                                       \
         end,                                         \
         GANDER_PATH_##why,                           \
         (Expected[]){ __VA_ARGS__ },                 \
         sizeof ((Expected[]){ __VA_ARGS__ }) / sizeof (Expected))

#define HOP(goroutine, state, added, next)                     \
  {                                                            \
    goroutine, GANDER_STATE_##state, added, GANDER_NEXT_##next \
  }

/* G1 waits for G2, which waits for G3, which G2 had created, as G1 had created G2. */
static const Change three[] = {
  { 1, 1, 1, UNDETERMINED, RUNNING, NULL }, { 10, 1, 2, ABSENT, RUNNABLE, "main.two" },
  { 20, 2, 2, RUNNABLE, RUNNING, NULL },    { 30, 2, 3, ABSENT, RUNNABLE, "main.three" },
  { 35, 3, 3, RUNNABLE, RUNNING, NULL },    { 40, 1, 1, RUNNING, WAITING, "chan receive" },
  { 50, 2, 2, RUNNING, WAITING, "sync" },   { 200, 3, 2, WAITING, RUNNABLE, NULL },
  { 210, 2, 2, RUNNABLE, RUNNING, NULL },   { 300, 2, 1, WAITING, RUNNABLE, NULL },
  { 320, 1, 1, RUNNABLE, RUNNING, NULL },
};

static void
test_three (void)
{
  g_autoptr (GanderIndex) index = BUILD (three);

  CHECK (index,
         1,
         0,
         LENGTH,
         BORDER,
         HOP (1, RUNNING, 80, BEFORE),
         HOP (1, RUNNABLE, 20, BEFORE),
         HOP (1, BLOCKED, 0, WAKER),
         HOP (2, RUNNING, 90, BEFORE),
         HOP (2, RUNNABLE, 10, BEFORE),
         HOP (2, BLOCKED, 0, WAKER),
         HOP (3, RUNNING, 165, BEFORE),
         HOP (3, RUNNABLE, 5, CREATOR),
         HOP (2, RUNNING, 10, BEFORE),
         HOP (2, RUNNABLE, 10, CREATOR),
         HOP (1, RUNNING, 10, END));
}

/* The wait alone: what the others did meanwhile, cut where it began. */
static void
test_wait (void)
{
  g_autoptr (GanderIndex) index = BUILD (three);

  CHECK (index,
         1,
         40,
         300,
         BEGIN,
         HOP (1, BLOCKED, 0, WAKER),
         HOP (2, RUNNING, 90, BEFORE),
         HOP (2, RUNNABLE, 10, BEFORE),
         HOP (2, BLOCKED, 0, WAKER),
         HOP (3, RUNNING, 160, END));
  /* A part of it: nobody has ended it yet. */
  CHECK (index, 1, 100, 250, WAITING, HOP (1, BLOCKED, 150, END));
}

static void
test_words (void)
{
  g_autoptr (GanderIndex) index = BUILD (three);
  g_auto (GanderPath) path = { 0 };
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderTable) parts = NULL;
  guint why, where, state, function;

  walk (index,
        gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 1),
        0,
        LENGTH,
        MAX_HOPS,
        &path);
  table = gander_path_get_table (index, &path);
  why = (guint)gander_table_find_column (table, "why");
  where = (guint)gander_table_find_column (table, "where");
  g_assert_cmpstr (gander_table_get_text (table, 2, why), ==, "woken by G2 main.two");
  g_assert_cmpstr (gander_table_get_text (table, 2, where), ==, "main.wait (main.go:1)");
  g_assert_cmpstr (gander_table_get_text (table, 3, where), ==, "main.wake (main.go:1)");
  g_assert_cmpstr (gander_table_get_text (table, 7, why), ==, "created by G2 main.two");
  g_assert_cmpstr (gander_table_get_text (table, 10, why), ==, "the trace begins here");
  parts = gander_path_get_parts (index, &path);
  state = (guint)gander_table_find_column (parts, "state");
  function = (guint)gander_table_find_column (parts, "function");
  g_assert_cmpstr (gander_table_get_text (parts, 0, function), ==, "main.three");
  g_assert_cmpstr (gander_table_get_text (parts, 0, state), ==, "running");
  g_assert_cmpint (gander_table_get_integer (parts, 0, 0), ==, 165);
  g_assert_cmpint (gander_table_get_integer (parts, 1, 0), ==, 90 + 10);
}

/* Waits that no goroutine ends stand for themselves. */
static void
test_nobody (void)
{
  static const struct
  {
    const char *reason;
    GanderPathEnd why;
  } cases[] = {
    { "sleep", GANDER_PATH_TIMER },           { "select", GANDER_PATH_TIMER },
    { "network", GANDER_PATH_NETWORK },       { "sync", GANDER_PATH_RUNTIME },
    { "wait until GC ends", GANDER_PATH_GC },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Change changes[] = {
        { 1, 1, 1, UNDETERMINED, RUNNING, NULL },
        { 40, 1, 1, RUNNING, WAITING, cases[i].reason },
        { 300, NOBODY, 1, WAITING, RUNNABLE, NULL },
        { 320, 1, 1, RUNNABLE, RUNNING, NULL },
      };
      const Expected cut[] = { HOP (1, BLOCKED, 200, END) };
      g_autoptr (GanderIndex) index = BUILD (changes);

      CHECK (index,
             1,
             0,
             LENGTH,
             BORDER,
             HOP (1, RUNNING, 80, BEFORE),
             HOP (1, RUNNABLE, 20, BEFORE),
             HOP (1, BLOCKED, 260, BEFORE),
             HOP (1, RUNNING, 40, END));
      check (index, 1, 100, 300, cases[i].why, cut, 1);
    }
}

static void
test_syscall (void)
{
  static const Change changes[] = {
    { 1, 1, 1, UNDETERMINED, RUNNING, NULL },
    { 40, 1, 1, RUNNING, SYSCALL, NULL },
    { 300, 1, 1, SYSCALL, RUNNING, NULL },
  };
  g_autoptr (GanderIndex) index = BUILD (changes);

  CHECK (index, 1, 100, LENGTH, SYSCALL, HOP (1, RUNNING, 100, BEFORE), HOP (1, SYSCALL, 200, END));
}

/* The function of a timer runs on a goroutine that no goroutine created. */
static void
test_born_of_nobody (void)
{
  static const Change changes[] = {
    { 1, 1, 1, UNDETERMINED, RUNNING, NULL },
    { 100, NOBODY, 2, ABSENT, RUNNABLE, "main.later" },
    { 120, 2, 2, RUNNABLE, RUNNING, NULL },
  };
  g_autoptr (GanderIndex) index = BUILD (changes);

  CHECK (index,
         2,
         50,
         LENGTH,
         NOBODY,
         HOP (2, RUNNING, 280, BEFORE),
         HOP (2, RUNNABLE, 20, BEFORE),
         HOP (0, UNKNOWN, 50, END));
}

/* A worker of the runtime that was woken while G1 waited delays it from then on only. */
static void
test_served (void)
{
  static const Change changes[] = {
    { 1, 1, 1, UNDETERMINED, RUNNING, NULL },
    { 2, 1, 2, ABSENT, RUNNABLE, "runtime.gcBgMarkWorker" },
    { 5, 2, 2, RUNNABLE, RUNNING, NULL },
    { 8, 2, 2, RUNNING, WAITING, "system goroutine wait" },
    { 100, 1, 1, RUNNING, WAITING, "wait until GC ends" },
    { 150, NOBODY, 2, WAITING, RUNNABLE, NULL },
    { 160, 2, 2, RUNNABLE, RUNNING, NULL },
    { 200, 2, 1, WAITING, RUNNABLE, NULL },
    { 210, 1, 1, RUNNABLE, RUNNING, NULL },
  };
  g_autoptr (GanderIndex) index = BUILD (changes);

  CHECK (index,
         1,
         0,
         LENGTH,
         BORDER,
         HOP (1, RUNNING, 190, BEFORE),
         HOP (1, RUNNABLE, 10, BEFORE),
         HOP (1, BLOCKED, 0, WAKER),
         HOP (2, RUNNING, 40, BEFORE),
         HOP (2, RUNNABLE, 10, BEFORE),
         HOP (2, BLOCKED, 0, SERVED),
         HOP (1, BLOCKED, 50, BEFORE),
         HOP (1, RUNNING, 100, END));
}

/* Two goroutines that wake each other again and again: the path goes back and forth, and ends. */
static void
test_ping_pong (void)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, TRUE, sizeof (Change));
  g_autoptr (GanderIndex) index = NULL;
  g_auto (GanderPath) path = { 0 };
  const Change start[] = {
    { 1, 1, 1, UNDETERMINED, RUNNING, NULL },
    { 2, 2, 2, UNDETERMINED, RUNNING, NULL },
    { 3, 2, 2, RUNNING, WAITING, "chan receive" },
  };

  g_array_append_vals (changes, start, G_N_ELEMENTS (start));
  for (GanderTime time = 10; time + 10 < LENGTH; time += 10)
    {
      gint64 one = time / 10 % 2 == 1 ? 1 : 2;
      const Change turn[] = {
        { time, one, 3 - one, WAITING, RUNNABLE, NULL },
        { time + 1, one, one, RUNNING, WAITING, "chan receive" },
        { time + 3, 3 - one, 3 - one, RUNNABLE, RUNNING, NULL },
      };

      g_array_append_vals (changes, turn, G_N_ELEMENTS (turn));
    }
  index = build ((const Change *)(gpointer)changes->data, changes->len);
  for (gint64 id = 1; id <= 2; id++)
    {
      walk (index,
            gander_index_find_lane (index, GANDER_LANE_GOROUTINE, id),
            0,
            LENGTH,
            MAX_HOPS,
            &path);
      g_assert_cmpint (path.why_end, ==, GANDER_PATH_BORDER);
      g_assert_cmpuint (path.hops->len, >, LENGTH / 10);
      gander_path_clear (&path);
    }
}

static void
test_limit (void)
{
  g_autoptr (GanderIndex) index = BUILD (three);

  for (guint max = 0; max < 11; max++)
    {
      g_auto (GanderPath) path = { 0 };

      walk (index, gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 1), 0, LENGTH, max, &path);
      g_assert_cmpint (path.why_end, ==, GANDER_PATH_LIMIT);
      g_assert_cmpuint (path.hops->len, >=, max + 1);
      g_assert_cmpuint (path.hops->len, <=, max + 2); /* a wait and its wake-up are one step */
    }
}

static void
test_empty (void)
{
  g_autoptr (GanderIndex) index = BUILD (three);
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 1);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (GanderPath) path = { 0 };

      walk (index, lane, 100, i == 0 ? 100 : 50, MAX_HOPS, &path);
      g_assert_cmpuint (path.hops->len, ==, 0);
    }
}

/* All goroutines over the whole trace, and each of their waits. */
static void
check_all (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + MIN (n, MAX_LANES); id++)
    {
      g_auto (GanderPath) path = { 0 };
      GanderSpanIter iter;
      GanderSpan span;

      walk (index, id, 0, duration, MAX_HOPS, &path);
      gander_span_iter_init (&iter, index, id, 0, duration);
      for (guint i = 0; i < MAX_LANES && gander_span_iter_next (&iter, &span); i++)
        {
          g_auto (GanderPath) wait = { 0 };

          walk (index, id, span.begin, span.end, MAX_HOPS, &wait);
          g_assert_cmpint (wait.end - wait.begin, ==, span.end - span.begin);
        }
    }
}

static void
test_corpus (void)
{
  g_auto (GStrv) names = test_corpus_get_names ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i]);

      g_test_message ("%s", names[i]);
      check_all (index);
    }
}

static void
test_random (void)
{
  for (guint32 seed = 0; seed < N_RANDOM; seed++)
    {
      g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (seed, 8, 1500);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);

      check_all (index);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/critical/three", test_three);
  g_test_add_func ("/critical/wait", test_wait);
  g_test_add_func ("/critical/words", test_words);
  g_test_add_func ("/critical/nobody", test_nobody);
  g_test_add_func ("/critical/syscall", test_syscall);
  g_test_add_func ("/critical/born-of-nobody", test_born_of_nobody);
  g_test_add_func ("/critical/served", test_served);
  g_test_add_func ("/critical/ping-pong", test_ping_pong);
  g_test_add_func ("/critical/limit", test_limit);
  g_test_add_func ("/critical/empty", test_empty);
  g_test_add_func ("/critical/corpus", test_corpus);
  g_test_add_func ("/critical/random", test_random);
  return g_test_run ();
}
