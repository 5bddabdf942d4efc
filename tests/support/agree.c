/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/agree.h"

#include <math.h>

#define MANY_THREADS 12

#define SHOWN 8 /* differences that are printed per trace */

#define ROUNDING 1e-9

static void (*check_trace) (TestAgree *test);
static guint n_agree, n_traces;

static void
test_trace (gconstpointer data)
{
  const char *name = data;
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  g_autoptr (JsonNode) root = test_corpus_load_figures (name);
  TestAgree test = { .name = name, .index = index, .report = json_node_get_object (root) };

  test.loose = gander_index_get_facts (index)->n_threads > MANY_THREADS;
  n_traces++;
  check_trace (&test);
  n_agree += test.n_wrong == 0;
  if (test.n_wrong > 0)
    g_test_fail ();
}

void
test_agree_add (const char *path, void (*check) (TestAgree *test))
{
  g_auto (GStrv) names = test_corpus_get_names ();

  check_trace = check;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *full = g_strconcat (path, "/", names[i], NULL);

      g_test_add_data_func_full (full, g_strdup (names[i]), test_trace, g_free);
    }
}

int
test_agree_run (void)
{
  int status = g_test_run ();

  g_printerr ("agree %u of %u\n", n_agree, n_traces);
  return status;
}

gint64
test_agree_get (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

void
test_agree_int (TestAgree *test,
                const char *where,
                const char *what,
                gint64 slack,
                gint64 ours,
                gint64 theirs)
{
  if (ABS (ours - theirs) > (test->loose ? slack : 0) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                    test->name,
                    where,
                    what,
                    ours,
                    theirs);
}

void
test_agree_text (TestAgree *test,
                 const char *where,
                 const char *what,
                 const char *ours,
                 const char *theirs)
{
  if (!g_str_equal (ours, theirs) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s: %s is \"%s\", not \"%s\"", test->name, where, what, ours, theirs);
}

void
test_agree_double (TestAgree *test,
                   const char *where,
                   const char *what,
                   double slack,
                   double ours,
                   double theirs)
{
  if (!(fabs (ours - theirs) <= (test->loose ? slack : ROUNDING)) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s: %s is %.12f, not %.12f", test->name, where, what, ours, theirs);
}
