/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/clock.h"
#include "reader/dictionary.h"
#include "reader/events.h"
#include "reader/progress.h"

#include <string.h>

static GanderStringId
intern (GanderDictionary *dictionary, const char *text)
{
  return gander_dictionary_intern_string (dictionary, text, strlen (text));
}

static void
test_strings (void)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  const char with_nul[] = "a\0b\xff";
  gsize size;
  GanderStringId nul;

  g_assert_cmpuint (gander_dictionary_get_n_strings (dictionary), ==, 1);
  g_assert_cmpuint (intern (dictionary, ""), ==, 0);
  g_assert_cmpuint (intern (dictionary, "main.main"), ==, 1);
  g_assert_cmpuint (intern (dictionary, "main.mai"), ==, 2);
  g_assert_cmpuint (intern (dictionary, "main.main"), ==, 1);

  nul = gander_dictionary_intern_string (dictionary, with_nul, 4);
  g_assert_cmpuint (nul, ==, 3);
  g_assert_cmpuint (intern (dictionary, "a"), ==, 4);
  g_assert_cmpmem (gander_dictionary_get_string (dictionary, nul, &size), 4, with_nul, 4);
  g_assert_cmpuint (size, ==, 4);
  g_assert_cmpstr (gander_dictionary_get_string (dictionary, 1, NULL), ==, "main.main");
}

/* Many strings, each met twice: the first meeting gives the number. */
static void
test_many (void)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();

  for (guint round = 0; round < 2; round++)
    for (guint i = 1; i < 50000; i++)
      {
        g_autofree char *text = g_strdup_printf ("function %u", i);

        g_assert_cmpuint (intern (dictionary, text), ==, i);
      }
}

static void
test_stacks (void)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  const GanderFrame frames[] = { { 1, 2, 10, 0x401000 },
                                 { 1, 2, 11, 0x401000 },
                                 { 1, 2, 10, 0x401000 } };
  guint n_frames;
  const guint32 *numbers;

  g_assert_cmpuint (gander_dictionary_intern_stack (dictionary, NULL, 0), ==, 0);
  g_assert_cmpuint (gander_dictionary_intern_stack (dictionary, frames, 3), ==, 1);
  g_assert_cmpuint (gander_dictionary_intern_stack (dictionary, frames, 2), ==, 2);
  g_assert_cmpuint (gander_dictionary_intern_stack (dictionary, frames, 3), ==, 1);
  g_assert_cmpuint (gander_dictionary_get_n_stacks (dictionary), ==, 3);
  g_assert_cmpuint (gander_dictionary_get_n_frames (dictionary), ==, 2);

  numbers = gander_dictionary_get_stack (dictionary, 1, &n_frames);
  g_assert_cmpuint (n_frames, ==, 3);
  g_assert_cmpuint (numbers[0], ==, numbers[2]);
  g_assert_cmpuint (gander_dictionary_get_frame (dictionary, numbers[1])->line, ==, 11);
  gander_dictionary_get_stack (dictionary, 0, &n_frames);
  g_assert_cmpuint (n_frames, ==, 0);
}

static void
test_clock (void)
{
  GanderClock clock;

  g_assert_true (gander_clock_init (&clock, GANDER_FREQUENCY_USUAL));
  g_assert_cmpint (gander_clock_convert (&clock, 1000), ==, 64000);
  g_assert_cmpint (gander_clock_convert (&clock, G_GUINT64_CONSTANT (1) << 52), ==, 1ll << 58);
  g_assert_cmpuint (clock.n_clamped, ==, 0);
  g_assert_cmpint (gander_clock_convert (&clock, G_MAXUINT64), ==, GANDER_TIME_LIMIT);
  g_assert_cmpint (gander_clock_add (&clock, GANDER_TIME_LIMIT, 1), ==, GANDER_TIME_LIMIT);
  g_assert_cmpint (gander_clock_add (&clock, GANDER_TIME_LIMIT, G_MAXUINT64),
                   ==,
                   GANDER_TIME_LIMIT);
  g_assert_cmpuint (clock.n_clamped, ==, 4);

  /* 11,718,750 Hz, a processor of 3 GHz on Windows: 85.33 ns, truncated. */
  g_assert_true (gander_clock_init (&clock, 11718750));
  g_assert_cmpint (gander_clock_convert (&clock, 1), ==, 85);
  g_assert_cmpint (gander_clock_convert (&clock, 4), ==, 341);

  g_assert_false (gander_clock_init (&clock, 0));
  g_assert_cmpint (gander_clock_convert (&clock, 1), ==, 64);
  g_assert_false (gander_clock_init (&clock, G_MAXUINT64));
  g_assert_cmpint (gander_clock_convert (&clock, 1), ==, 64);
}

/* The one table of events feeds names, arguments and argument counts. */
static void
test_events (void)
{
  g_assert_cmpstr (gander_wire_event_get_name (20), ==, "GoBlock");
  g_assert_cmpstr (gander_wire_event_get_arguments (20), ==, "dt reason_string stack");
  g_assert_null (gander_wire_event_get_name (0));
  g_assert_null (gander_wire_event_get_name (255));
  g_assert_null (gander_wire_event_get_arguments (99));
  for (guint kind = 0; kind < GANDER_N_EVENT_KINDS; kind++)
    g_assert_nonnull (gander_event_kind_get_name (kind));
  for (guint state = 0; state <= GANDER_PROC_IDLE; state++)
    g_assert_nonnull (gander_go_state_get_name (state));
}

/* Progress never goes back, whatever is reported. */
static void
test_progress (void)
{
  GanderProgress progress = { 0 };
  double last = 0;

  gander_progress_report (NULL, GANDER_PHASE_READING, 1, 2);
  gander_progress_set_events (NULL, 1);
  for (guint i = 0; i < 1000; i++)
    {
      GanderPhase phase = g_test_rand_int_range (0, GANDER_PHASE_DONE);
      GanderPhase before = gander_progress_get_phase (&progress);

      gander_progress_report (&progress, phase, (guint64)g_test_rand_int_range (0, 200), 100);
      g_assert_cmpfloat (gander_progress_get_fraction (&progress), >=, last);
      g_assert_cmpint (gander_progress_get_phase (&progress), >=, before);
      last = gander_progress_get_fraction (&progress);
      g_assert_nonnull (gander_phase_get_label (phase));
    }
  gander_progress_report (&progress, GANDER_PHASE_DONE, 0, 0);
  g_assert_cmpfloat (gander_progress_get_fraction (&progress), ==, 1);
  gander_progress_set_events (&progress, 12);
  g_assert_cmpuint (gander_progress_get_events (&progress), ==, 12);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reader/dictionary/strings", test_strings);
  g_test_add_func ("/reader/dictionary/many", test_many);
  g_test_add_func ("/reader/dictionary/stacks", test_stacks);
  g_test_add_func ("/reader/clock", test_clock);
  g_test_add_func ("/reader/events", test_events);
  g_test_add_func ("/reader/progress", test_progress);

  return g_test_run ();
}
