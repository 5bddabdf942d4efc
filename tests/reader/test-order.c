/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/trace.h"
#include "tests/support/trace-builder.h"

/* The order in which events of many threads come out, where times do not tell it. */

#define NONE TRACE_BUILDER_NO_THREAD
#define NS   1000000000u

typedef struct
{
  GArray *starts; /* gint64 threads, in the order in which they start goroutine 1 */
  GanderTime last;
  guint64 n_damage;
  guint64 n_events;
} Outcome;

static void
event_cb (gpointer data, const GanderEvent *event)
{
  Outcome *outcome = data;

  g_assert_cmpint (event->time, >, outcome->last);
  outcome->last = event->time;
  outcome->n_events++;
  if (event->kind == GANDER_EVENT_TRANSITION && event->to == GANDER_GO_RUNNING &&
      event->resource == GANDER_RESOURCE_GOROUTINE && event->from == GANDER_GO_RUNNABLE)
    g_array_append_val (outcome->starts, event->thread);
}

static void
generation_cb (gpointer data G_GNUC_UNUSED, const GanderGeneration *generation G_GNUC_UNUSED)
{
}

static void
damage_cb (gpointer data, const GanderDamage *damage)
{
  g_test_message ("damage: %s", gander_damage_get_id (damage->code));
  ((Outcome *)data)->n_damage += damage->count;
}

static void
read_builder (TraceBuilder *b, Outcome *outcome)
{
  static const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GError) error = NULL;
  GanderTraceInfo info;
  gboolean ok;

  *outcome = (Outcome){ .starts = g_array_new (FALSE, FALSE, sizeof (gint64)), .last = -1 };
  ok = gander_trace_read_bytes (b->bytes->data,
                                b->bytes->len,
                                dictionary,
                                &sink,
                                outcome,
                                &info,
                                &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  trace_builder_clear (b);
}

static void
put_strings (TraceBuilder *b)
{
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, 4);
  trace_builder_string (b, 1, "preempted");
  trace_builder_end (b);
}

/* @n threads, each with a processor, hand one goroutine round: thread i is the i-th to run it, but
 * all write the same time and the file holds them backwards, or shuffled. */
static void
build_relay (TraceBuilder *b, guint n, gboolean shuffled)
{
  g_autofree guint *order = g_new (guint, n);

  for (guint i = 0; i < n; i++)
    order[i] = n - 1 - i;
  for (guint i = 0; shuffled && i + 1 < n; i++)
    {
      guint k = (guint)g_test_rand_int_range ((gint32)i, (gint32)n);
      guint kept = order[i];

      order[i] = order[k];
      order[k] = kept;
    }

  trace_builder_init (b, 23);
  trace_builder_clock (b, 1, 1000, NS);
  put_strings (b);
  for (guint i = 0; i < n; i++)
    {
      guint me = order[i];

      trace_builder_begin (b, 1, 100 + me, 1000);
      PUT (b, 13, 1, me, 1);
      if (me == 0)
        PUT (b, 25, 1, 1, NONE, 1);
      else
        PUT (b, 38, 1, 0);
      PUT (b, 16, 1, 1, me + 1);
      PUT (b, 19, 1, 1, 0);
      trace_builder_end (b);
    }
}

static void
check_relay (guint n, gboolean shuffled)
{
  TraceBuilder b;
  Outcome outcome;

  build_relay (&b, n, shuffled);
  read_builder (&b, &outcome);
  g_assert_cmpuint (outcome.n_damage, ==, 0);
  g_assert_cmpuint (outcome.starts->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (outcome.starts, gint64, i), ==, 100 + i);
  g_array_unref (outcome.starts);
}

static void
test_relay (void)
{
  for (guint n = 1; n < 600; n += n < 20 ? 1 : 61)
    {
      check_relay (n, FALSE);
      check_relay (n, TRUE);
    }
}

/* Nothing is quadratic in the number of threads: these would take minutes. */
static void
test_relay_large (void)
{
  check_relay (100000, FALSE);
  check_relay (100000, TRUE);
}

/* Every thread waits for what never happens. It ends, and every event is told. */
static void
check_deadlock (guint n)
{
  TraceBuilder b;
  Outcome outcome;

  trace_builder_init (&b, 23);
  trace_builder_clock (&b, 1, 1000, NS);
  put_strings (&b);
  for (guint i = 0; i < n; i++)
    {
      trace_builder_begin (&b, 1, 100 + i, 1000 + i);
      PUT (&b, 13, 1, i, 1);
      PUT (&b, 16, 1, 1 + i, 5);
      PUT (&b, 21, 1, 1 + (i + 1) % n, 9, 0);
      trace_builder_end (&b);
    }
  read_builder (&b, &outcome);
  g_assert_cmpuint (outcome.n_damage, >, 0);
  g_assert_cmpuint (outcome.starts->len, ==, n);
  g_array_unref (outcome.starts);
}

static void
test_deadlock (void)
{
  check_deadlock (2);
  check_deadlock (13);
  check_deadlock (255);
  check_deadlock (256);
  check_deadlock (50000);
}

/* A worked example of the format (185 bytes on the wire): every time and state. */
static void
test_times (void)
{
  TraceBuilder b;
  Outcome outcome;

  trace_builder_init (&b, 23);
  trace_builder_begin (&b, 1, 100, 1000);
  PUT (&b, 13, 0, 0, 1);
  PUT (&b, 25, 1, 1, 100, 2);
  PUT (&b, 9, 1, 2, 0);
  PUT (&b, 14, 2, 5, 0, 0);
  PUT (&b, 20, 10, 0, 0);
  PUT (&b, 16, 1, 5, 1);
  PUT (&b, 21, 100, 1, 1, 0);
  PUT (&b, 17, 2);
  PUT (&b, 16, 1, 1, 2);
  trace_builder_end (&b);
  trace_builder_clock (&b, 1, 1200, 15625000);
  put_strings (&b);
  read_builder (&b, &outcome);
  g_assert_cmpuint (outcome.n_damage, ==, 0);
  g_assert_cmpuint (outcome.n_events, ==, 11);
  g_assert_cmpint (outcome.last, ==, 7553);
  g_array_unref (outcome.starts);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reader/order/times", test_times);
  g_test_add_func ("/reader/order/relay", test_relay);
  g_test_add_func ("/reader/order/relay-large", test_relay_large);
  g_test_add_func ("/reader/order/deadlock", test_deadlock);

  return g_test_run ();
}
