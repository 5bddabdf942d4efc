/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/table-model.h"

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, GString *log)
{
  g_string_append_printf (log,
                          "%u-%u+%u=%u ",
                          position,
                          removed,
                          added,
                          g_list_model_get_n_items (model));
}

static guint
get_number (GanderTableModel *model, guint position)
{
  g_autoptr (GanderTableRow) row = g_list_model_get_item (G_LIST_MODEL (model), position);

  return gander_table_row_get_number (row);
}

static void
test_rows (void)
{
  static const guint first[] = { 7, 3, 5 };
  static const guint second[] = { 1 };
  g_autoptr (GanderTableModel) model = gander_table_model_new ();
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (model, "items-changed", G_CALLBACK (changed_cb), log);
  gander_table_model_set_rows (model, first, G_N_ELEMENTS (first));
  g_assert_cmpuint (get_number (model, 0), ==, 7);
  g_assert_cmpuint (get_number (model, 2), ==, 5);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 3));
  gander_table_model_set_rows (model, second, G_N_ELEMENTS (second));
  gander_table_model_set_rows (model, NULL, 0);
  g_assert_cmpstr (log->str, ==, "0-0+3=3 0-3+0=0 0-0+1=1 0-1+0=0 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/widgets/table-model/rows", test_rows);
  return g_test_run ();
}
