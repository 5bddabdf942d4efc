/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

#include <string.h>

#define S "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */

/* Returns: the first goroutine span of @index with this title and this in its copied line,
 * described in
 * @facts; FALSE when there is none. */
static gboolean
find (const GanderIndex *index,
      const char *title,
      const char *in_line,
      const char *state,
      GanderSpanFacts *facts)
{
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + n; id++)
    {
      GanderLane lane;

      gander_index_get_lane (index, id, &lane);
      for (guint32 ordinal = 0; ordinal < lane.n_spans; ordinal++)
        {
          GanderSpan span;
          g_autofree char *own = NULL;

          gander_query_span (index, id, ordinal, &span);
          own = gander_describe_span_title (index, &span);
          if (!g_str_equal (own, title))
            continue;
          gander_describe_span (index, &span, facts);
          if (strstr (facts->line, in_line) != NULL &&
              (state == NULL || g_str_equal (facts->state, state)))
            return TRUE;
          gander_span_facts_clear (facts);
        }
    }
  return FALSE;
}

/* What programs that wait in every way are told: trace, title, what the line holds, state, waker.
 */
static const struct
{
  const char *trace;
  const char *title;
  const char *line;
  const char *state;
  GanderWaker waker;
} waits[] = {
  { "v126-locks", "Blocked on a mutex", "main.locks", "blocked · mutex", GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a read lock",
    "main.locks",
    "blocked · read lock",
    GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a write lock",
    "main.locks",
    "blocked · write lock",
    GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a wait group",
    "main.locks",
    "blocked · wait group",
    GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a condition variable",
    "main.locks",
    "blocked · cond",
    GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a channel receive",
    "main.locks",
    "blocked · chan receive",
    GANDER_WAKER_GOROUTINE },
  { "v126-locks",
    "Blocked on a channel send",
    "main.locks",
    "blocked · chan send",
    GANDER_WAKER_GOROUTINE },
  { "v122-locks", "Blocked on a mutex", "main.locks", "blocked · mutex", GANDER_WAKER_GOROUTINE },
  { "v126-locks", "Sleeping", "woken by a timer", "blocked · sleep", GANDER_WAKER_TIMER },
  { "v126-net",
    "Blocked on the network",
    "woken by the network poller",
    "blocked · network",
    GANDER_WAKER_NETWORK },
  { "v126-forever",
    "Blocked forever",
    "not seen in this trace",
    "blocked · forever",
    GANDER_WAKER_UNSEEN },
  { "v126-forever",
    "Blocked since before the trace",
    "",
    "blocked · reason not in the trace",
    GANDER_WAKER_UNSEEN },
  { "v126-gcgens",
    "Blocked by the garbage collector",
    "",
    "blocked · GC mark assist wait for work",
    GANDER_WAKER_GOROUTINE },
  { "v126-coro", "Blocked in a coroutine", "", "blocked · coroutine", GANDER_WAKER_GOROUTINE },
  { "v126-synctest",
    "Blocked in a synctest bubble",
    "",
    "blocked · synctest",
    GANDER_WAKER_RUNTIME },
  { "v126-syscalls",
    "In system call nanosleep",
    "",
    "system call, processor lost · nanosleep",
    GANDER_WAKER_NONE },
  { "v126-cgo", "In C function spawn", "main._Cfunc_spawn", "system call", GANDER_WAKER_NONE },
};

static void
test_waits (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (waits[i].trace);
      g_auto (GanderSpanFacts) facts = { 0 };

      g_test_message ("%s: %s", waits[i].trace, waits[i].title);
      g_assert_true (find (index, waits[i].title, waits[i].line, waits[i].state, &facts));
      g_assert_cmpint (facts.waker, ==, waits[i].waker);
    }
}

/* One wait of a real trace, read as a person would: main waits for its wait group, the last
 * goroutine wakes it, it waits for a processor and runs on. */
static void
test_story (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  g_auto (GanderSpanFacts) facts = { 0 };

  g_assert_true (find (index, "Blocked on a wait group", "G1 main.main", NULL, &facts));
  g_assert_cmpstr (facts.subtitle, ==, "G1 waited 63.72" S "ms in main.locks");
  g_assert_cmpstr (facts.duration, ==, "63.724" S "992" S "ms");
  g_assert_cmpstr (facts.rank, ==, "longest of 4 in G1");
  g_assert_cmpstr (facts.where_text, ==, "main.locks (main.go:260)");
  g_assert_cmpstr (facts.woken_by, ==, "G23 main.locks.func3");
  g_assert_true (facts.has_waker_span);
  g_assert_cmpint (facts.waker_span.lane, ==, facts.waker_lane);
  g_assert_cmpuint (facts.n_then, ==, 2);
  g_assert_cmpstr (facts.then[0].text, ==, "Waited 320" S "ns for a processor");
  g_assert_cmpstr (facts.then[1].text, ==, "Ran 44.74" S "µs on P2");
  g_assert_cmpuint (facts.n_steps, ==, 4);
  g_assert_cmpstr (facts.steps[0].text, ==, "G23 main.locks.func3 ran and woke it");
  g_assert_cmpstr (facts.steps[1].text, ==, "Blocked on a wait group");
  g_assert_true (facts.steps[1].selected);
  g_assert_cmpstr (facts.steps[2].text, ==, "Waited for a processor");
  g_assert_cmpstr (facts.steps[3].text, ==, "Ran on P2");
  g_assert_cmpstr (facts.line,
                   ==,
                   "G1 main.main: Blocked on a wait group, 63.724992ms at 6.205824ms, in "
                   "main.locks (main.go:260), woken by G23 main.locks.func3");
}

static void
check_span (const GanderIndex *index, const GanderSpan *span)
{
  g_auto (GanderSpanFacts) facts = { 0 };
  guint selected = 0;

  gander_describe_span (index, span, &facts);
  g_assert_cmpstr (facts.title, !=, "");
  g_assert_cmpstr (facts.subtitle, !=, "");
  g_assert_true (g_utf8_validate (facts.line, -1, NULL));
  g_assert_cmpint (facts.has_where, ==, facts.where_text[0] != '\0');
  g_assert_cmpint (facts.waker == GANDER_WAKER_NONE, ==, facts.woken_by[0] == '\0');
  g_assert_cmpint (facts.waker == GANDER_WAKER_GOROUTINE, ==, facts.waker_lane != GANDER_LANE_NONE);
  g_assert_cmpuint (facts.n_steps, <=, GANDER_MAX_STEPS);
  for (guint i = 0; i < facts.n_steps; i++)
    {
      selected += facts.steps[i].selected;
      if (i > 1)
        g_assert_cmpint (facts.steps[i - 1].span.begin, <=, facts.steps[i].span.begin);
    }
  g_assert_cmpuint (selected, ==, facts.n_steps > 0);
}

/* Every span of every kind of lane has words, also where the trace began or ended in it. */
static void
test_every_span (void)
{
  static const char *const names[] = { "v122-second", "v123-cgo",   "v125-synctest",
                                       "v126-cgo",    "v126-empty", "v126-regions" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i]);

      for (GanderLaneId id = 0; id < gander_index_get_n_lanes (index); id++)
        {
          GanderLane lane;

          gander_index_get_lane (index, id, &lane);
          /* Describing a span walks its lane: all of a long one would take its square. */
          for (guint32 ordinal = 0; ordinal < MIN (lane.n_spans, 200); ordinal++)
            {
              GanderSpan span;

              gander_query_span (index, id, ordinal, &span);
              check_span (index, &span);
            }
        }
    }
}

/* The parts of a goroutine's life are its lifetime, and its lists are in order. */
static void
test_goroutines (void)
{
  static const char *const names[] = { "v126-http", "v125-gc", "v122-cgo" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GanderIndex) index = test_corpus_load (names[i]);
      GanderLaneId first;
      guint32 n;

      gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
      for (GanderLaneId id = first; id < first + MIN (n, 500); id++)
        {
          g_auto (GanderGoroutineFacts) facts = { 0 };
          GanderTime sum = 0;

          gander_describe_goroutine (index, id, &facts);
          for (guint part = 0; part < GANDER_N_PARTS; part++)
            sum += facts.parts[part];
          g_assert_cmpint (sum, ==, facts.lifetime);
          for (guint row = 1; row < facts.waits.n; row++)
            g_assert_cmpint (facts.waits.rows[row - 1].total, >=, facts.waits.rows[row].total);
          for (guint row = 1; row < facts.woken_by.n; row++)
            g_assert_cmpint (facts.woken_by.rows[row - 1].count,
                             >=,
                             facts.woken_by.rows[row].count);
        }
    }
}

static void
test_goroutine (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 23);
  g_auto (GanderGoroutineFacts) facts = { 0 };

  gander_describe_goroutine (index, lane, &facts);
  g_assert_cmpstr (facts.title, ==, "G23 main.locks.func3");
  g_assert_cmpstr (facts.created_by, ==, "G1 main.main");
  g_assert_true (g_str_has_prefix (facts.created_at, "main.locks (main.go:"));
  g_assert_true (g_str_has_prefix (facts.life, "created at "));
  g_assert_cmpuint (facts.wakes.n, >, 0);
}

/* The words for kinds are complete: a new one without words fails here. */
static void
test_complete (void)
{
  for (guint state = 0; state < GANDER_N_STATES; state++)
    g_assert_cmpstr (gander_describe_state ((GanderState)state), !=, NULL);
  for (guint wait = GANDER_WAIT_NONE + 1; wait < GANDER_N_WAITS; wait++)
    g_assert_cmpstr (gander_describe_wait ((GanderWait)wait), !=, "");
  for (guint part = 0; part < GANDER_N_PARTS; part++)
    g_assert_cmpstr (gander_part_get_label ((GanderPart)part), !=, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/describe/waits", test_waits);
  g_test_add_func ("/analysis/describe/story", test_story);
  g_test_add_func ("/analysis/describe/every-span", test_every_span);
  g_test_add_func ("/analysis/describe/goroutines", test_goroutines);
  g_test_add_func ("/analysis/describe/goroutine", test_goroutine);
  g_test_add_func ("/analysis/describe/complete", test_complete);
  return g_test_run ();
}
