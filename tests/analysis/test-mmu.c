/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/agree.h"

#include <math.h>

/* Mutator utilisation of every trace in tests/corpus equals the reference reports. Then its laws,
 * and a trace written by hand.
 */

static GanderMmu *
compute (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autoptr (GError) error = NULL;
  GanderMmu *mmu = gander_mmu_new (index, begin, end, NULL, &error);

  g_assert_no_error (error);
  return mmu;
}

static void
check (TestAgree *test)
{
  JsonObject *report = json_object_get_object_member (test->report, "mmu");
  JsonObject *windows = json_object_get_object_member (report, "windows");
  g_autoptr (GList) names = json_object_get_members (windows);
  g_autoptr (GanderMmu) mmu =
      compute (test->index, 0, gander_index_get_facts (test->index)->duration);

  test_agree_text (test,
                   "mmu",
                   "flags",
                   GANDER_MMU_FLAGS,
                   json_object_get_string_member (report, "flags"));
  test_agree_int (test,
                  "mmu",
                  "points",
                  0,
                  gander_mmu_get_n_points (mmu),
                  test_agree_get (report, "points"));
  test_agree_double (test,
                     "mmu",
                     "mean",
                     1e-6,
                     gander_mmu_get_mean (mmu),
                     json_object_get_double_member (report, "mean"));
  for (GList *name = names; name != NULL; name = name->next)
    test_agree_double (test,
                       "mmu",
                       name->data,
                       1e-2,
                       gander_mmu_get (mmu, g_ascii_strtoll (name->data, NULL, 10), NULL),
                       json_object_get_double_member (windows, name->data));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_agree_add ("/mmu/agree", check);
  return test_agree_run ();
}
