/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/id-pages.h"

/* Ids lead to what was last set for them, however far apart they are. */
static void
test_set (void)
{
  static const guint64 ids[] = { 0, 1, 63, 64, 65, 1000000, G_MAXUINT64 };
  GanderIdPages pages;

  gander_id_pages_init (&pages);
  g_assert_cmpuint (gander_id_pages_get (&pages, 0), ==, 0);
  for (guint32 i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_true (gander_id_pages_set (&pages, ids[i], i + 1));
      g_assert_true (gander_id_pages_set (&pages, ids[i], i + 100));
    }
  for (guint32 i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpuint (gander_id_pages_get (&pages, ids[i]), ==, i + 100);
  g_assert_cmpuint (gander_id_pages_get (&pages, 2), ==, 0);
  gander_id_pages_clear (&pages);
}

/* The list is ascending and has each page once. */
static void
test_list (void)
{
  static const guint64 ids[] = { 5 * GANDER_ID_PAGE, 3, 100 * GANDER_ID_PAGE + 7, 4 };
  guint64 numbers[3];
  GanderIdPages pages;

  gander_id_pages_init (&pages);
  for (guint32 i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_true (gander_id_pages_set (&pages, ids[i], i + 1));
  g_assert_cmpuint (gander_id_pages_get_n (&pages), ==, G_N_ELEMENTS (numbers));
  gander_id_pages_list (&pages, numbers);
  g_assert_cmpuint (numbers[0], ==, 0);
  g_assert_cmpuint (numbers[1], ==, 5);
  g_assert_cmpuint (numbers[2], ==, 100);
  g_assert_cmpuint (gander_id_pages_get_page (&pages, 0)[3], ==, 2);
  g_assert_cmpuint (gander_id_pages_get_page (&pages, 0)[4], ==, 4);
  g_assert_cmpuint (gander_id_pages_get_page (&pages, 100)[7], ==, 3);
  gander_id_pages_clear (&pages);
}

/* Ids that come and go take as many pages as there are at a time. */
static void
test_remove (void)
{
  GanderIdPages pages;

  gander_id_pages_init (&pages);
  for (guint32 i = 0; i < 100000; i++)
    {
      g_assert_true (gander_id_pages_set (&pages, i, i + 1));
      if (i < 10)
        continue;
      gander_id_pages_remove (&pages, i - 10);
      gander_id_pages_remove (&pages, i - 10);
      g_assert_cmpuint (gander_id_pages_get (&pages, i - 10), ==, 0);
      g_assert_cmpuint (gander_id_pages_get (&pages, i - 9), ==, i - 8);
    }
  g_assert_cmpuint (gander_id_pages_get_n (&pages), ==, 1);
  g_assert_cmpuint (pages.pages.n, <=, 2);
  gander_id_pages_clear (&pages);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/id-pages/set", test_set);
  g_test_add_func ("/reader/id-pages/list", test_list);
  g_test_add_func ("/reader/id-pages/remove", test_remove);
  return g_test_run ();
}
