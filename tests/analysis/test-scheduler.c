/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"

/* What processors did in every trace in tests/corpus equals the reference reports. Then laws that
 * hold for any range, and what the reports do not tell.
 */

static void
compute (const GanderIndex *index, GanderTime begin, GanderTime end, GanderSchedProcs *procs)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_sched_compute_procs (index, begin, end, procs, NULL, &error));
  g_assert_no_error (error);
}

static void
same_proc (TestAgree *test, const GanderSchedProc *ours, JsonObject *theirs)
{
  g_autofree char *where = g_strdup_printf ("P%" G_GINT64_FORMAT, ours->id);
  const struct
  {
    const char *member;
    gint64 slack; /* intervals */
    gint64 value;
  } fields[] = {
    { "id", 0, ours->id },
    { "running_ns", (gint64)ours->starts + 1, ours->running },
    { "go_running_ns", (gint64)ours->go_intervals, ours->go_running },
    { "go_syscall_ns", (gint64)ours->go_intervals, ours->go_syscall },
    { "sweeps", 0, (gint64)ours->sweeps },
    { "sweep_ns", (gint64)ours->sweeps, ours->sweep },
    { "starts", 0, (gint64)ours->starts },
    { "go_intervals", 0, (gint64)ours->go_intervals },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    test_agree_int (test,
                    where,
                    fields[i].member,
                    2 * fields[i].slack,
                    fields[i].value,
                    test_agree_get (theirs, fields[i].member));
}

static void
check (TestAgree *test)
{
  JsonObject *report = json_object_get_object_member (test->report, "procs");
  JsonArray *list = json_object_get_array_member (report, "per_p");
  JsonObject *histogram = json_object_get_object_member (report, "running_histogram_ns");
  g_auto (GanderSchedProcs) procs = { 0 };
  guint n_levels = 0;
  gint64 slack = 2;

  compute (test->index, 0, gander_index_get_facts (test->index)->duration, &procs);
  test_agree_int (test, "procs", "number", 0, procs.procs->len, json_array_get_length (list));
  for (guint i = 0; i < MIN (procs.procs->len, json_array_get_length (list)); i++)
    {
      const GanderSchedProc *proc = &g_array_index (procs.procs, GanderSchedProc, i);

      slack += 4 * (gint64)(proc->starts + 1);
      same_proc (test, proc, json_array_get_object_element (list, i));
    }
  for (guint i = 0; i < procs.histogram->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      GanderTime time = g_array_index (procs.histogram, GanderTime, i);

      n_levels += time > 0;
      test_agree_int (test, "histogram", name, slack, time, test_agree_get (histogram, name));
    }
  test_agree_int (test, "histogram", "size", 0, n_levels, json_object_get_size (histogram));
  test_agree_int (test,
                  "procs",
                  "running",
                  slack,
                  procs.running,
                  test_agree_get (report, "running_total_ns"));
  test_agree_int (test,
                  "procs",
                  "lost",
                  0,
                  (gint64)procs.syscalls_lost,
                  test_agree_get (report, "syscalls_that_lost_their_p"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_agree_add ("/scheduler/agree", check);
  return test_agree_run ();
}
