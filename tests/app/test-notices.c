/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/notices.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)

static const GanderFacts facts = { .go_version = 27, .duration = 1842 * MS };

/* Returns: what the banner says about one row of damage; NULL = nothing. */
static char *
notice_of (const GanderFacts *about, const GanderDamage *damage, guint n)
{
  g_auto (GanderNotice) notice = { 0 };

  if (!gander_notice_init_from (&notice, about, damage, n))
    {
      g_assert_null (notice.text);
      return NULL;
    }
  g_assert_cmpint (notice.is_damage, ==, n > 0);
  return g_strdup (notice.text);
}

static void
test_nothing (void)
{
  g_autofree char *text = notice_of (&facts, NULL, 0);

  g_assert_null (text);
}

static void
test_cut (void)
{
  GanderDamage damage[] = {
    { .code = GANDER_DAMAGE_TRACE_CUT, .begin = -1, .end = -1, .thread = -1, .count = 1 },
    { .code = GANDER_DAMAGE_GENERATION_UNFINISHED, .begin = MS, .end = MS, .count = 1 },
    { .code = GANDER_DAMAGE_STRING_UNKNOWN, .begin = MS, .end = MS, .count = 46 },
    { .code = GANDER_DAMAGE_ORDER_STUCK, .begin = MS, .end = MS, .count = 367 },
  };
  static const char *const texts[] = {
    "The trace ends early. What lies before 1.842\u202fs was read.",
    "The trace ends early. What lies before 1.842\u202fs was read.",
    "The trace ends early. What lies before 1.842\u202fs was read. "
    "Some names and stacks are missing.",
    "The trace ends early. Some events could only be ordered by their times. "
    "Some names and stacks are missing.",
  };
  g_autofree char *sized = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = notice_of (&facts, damage, i + 1);

      g_assert_cmpstr (text, ==, texts[i]);
    }
  damage[0].size = 512;
  sized = notice_of (&facts, damage, 1);
  g_assert_true (
      g_str_has_prefix (sized, "The trace ends early: the last 512\u202fB could not be read. "));
}

static void
test_gaps (void)
{
  const GanderDamage damage[] = {
    { .code = GANDER_DAMAGE_EVENT_CUT, .begin = 840 * MS, .end = 850 * MS, .count = 1 },
    { .code = GANDER_DAMAGE_EVENT_TYPE, .begin = 855 * MS, .end = 860 * MS, .count = 2 },
    { .code = GANDER_DAMAGE_STRING_TWICE, .begin = -1, .end = -1, .count = 9 },
  };
  g_autofree char *text = notice_of (&facts, damage, G_N_ELEMENTS (damage));
  g_autofree char *one = notice_of (&facts, damage, 1);
  g_autofree char *at = NULL;
  g_autofree char *nowhere = NULL;
  GanderDamage somewhere = damage[0];

  g_assert_cmpstr (text,
                   ==,
                   "3 places of this trace could not be read and were left out. "
                   "Lanes may have gaps between 840\u202fms and 860\u202fms.");
  g_assert_true (g_str_has_prefix (one, "1 place of this trace could not be read and was"));

  somewhere.end = somewhere.begin + 10;
  at = notice_of (&facts, &somewhere, 1);
  g_assert_true (g_str_has_suffix (at, "Lanes may have gaps at 840\u202fms."));

  somewhere.begin = -1;
  somewhere.end = -1;
  nowhere = notice_of (&facts, &somewhere, 1);
  g_assert_cmpstr (nowhere, ==, "1 place of this trace could not be read and was left out.");
}

/* The worst is what is said. */
static void
test_order (void)
{
  GanderFacts odd = facts;
  const GanderDamage rows[] = {
    { .code = GANDER_DAMAGE_TRACE_CUT, .begin = -1, .end = -1, .count = 1 },
    { .code = GANDER_DAMAGE_EVENT_CUT, .begin = -1, .end = -1, .count = 1 },
    { .code = GANDER_DAMAGE_STRING_TWICE, .begin = -1, .end = -1, .count = 1 },
    { .code = GANDER_DAMAGE_SNAPSHOT_MISSING, .begin = -1, .end = -1, .count = 1 },
  };
  static const char *const begins[] = { "The trace ends early. 1 place",
                                        "1 place",
                                        "This trace was written by Go 1.27",
                                        "This trace was written by Go 1.27",
                                        "This trace was written by Go 1.27" };

  odd.newer_format = TRUE;
  odd.starts_midway = TRUE;
  for (guint i = 0; i <= G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = notice_of (&odd, rows + i, G_N_ELEMENTS (rows) - i);

      g_assert_true (g_str_has_prefix (text, begins[i]));
    }

  odd.newer_format = FALSE;
  {
    g_autofree char *doubt = notice_of (&odd, &rows[2], 2);
    g_autofree char *midway = notice_of (&odd, NULL, 0);

    g_assert_true (g_str_has_prefix (doubt, "Some of this trace contradicts itself"));
    g_assert_true (g_str_has_prefix (midway, "The program was already running"));
  }
}

static void
test_place (void)
{
  const GanderDamage all = { .offset = 18230,
                             .size = 512,
                             .thread = 5,
                             .begin = 840 * MS,
                             .end = 860 * MS,
                             .events_lost = 12,
                             .count = 3 };
  const GanderDamage least = { .thread = -1, .begin = -1, .end = -1, .count = 1 };
  g_autofree char *all_text = gander_notice_describe_damage (&all);
  g_autofree char *least_text = gander_notice_describe_damage (&least);

  g_assert_cmpstr (all_text,
                   ==,
                   "byte 18,230 · 512\u202fB · thread M5 · 840\u202fms to 860\u202fms · "
                   "at least 12 events lost · 3 times");
  g_assert_cmpstr (least_text, ==, "byte 0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notices/nothing", test_nothing);
  g_test_add_func ("/notices/cut", test_cut);
  g_test_add_func ("/notices/gaps", test_gaps);
  g_test_add_func ("/notices/order", test_order);
  g_test_add_func ("/notices/place", test_place);
  return g_test_run ();
}
