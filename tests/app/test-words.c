/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/words.h"

static void
test_progress (void)
{
  static const struct
  {
    GanderLoaderProgress progress;
    const char *text;
  } rows[] = {
    { { GANDER_PHASE_READING, 0.61, 251000, 3128000 },
      "Reading events — 61\u202f% · 251,000 events · 2\u202fs left" },
    { { GANDER_PHASE_READING, 0.61, 1, 500000 }, "Reading events — 61\u202f% · 1 event" },
    { { GANDER_PHASE_READING, 0.01, 0, 9000000 }, "Reading events — 1.0\u202f%" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = gander_words_progress (&rows[i].progress);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_facts (void)
{
  const GanderFacts many = { .go_version = 24,
                             .duration = 1842 * G_GINT64_CONSTANT (1000000),
                             .n_procs = 4,
                             .n_goroutines = 1284 };
  const GanderFacts one = { .go_version = 26, .n_procs = 1, .n_goroutines = 1 };
  g_autofree char *many_text = gander_words_facts (&many);
  g_autofree char *one_text = gander_words_facts (&one);

  g_assert_cmpstr (many_text, ==, "1.842\u202fs · Go 1.24 · 4 processors · 1,284 goroutines");
  g_assert_true (g_str_has_suffix (one_text, "Go 1.26 · 1 processor · 1 goroutine"));
}

static void
test_tooltip (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/tmp/a <b> & c.trace");
  g_autofree char *text = gander_words_tooltip (file, NULL);

  g_assert_cmpstr (text, ==, "/tmp/a <b> & c.trace");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/progress", test_progress);
  g_test_add_func ("/words/facts", test_facts);
  g_test_add_func ("/words/tooltip", test_tooltip);
  return g_test_run ();
}
