/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-write-private.h"

/* More rows than are sorted at once. */
#define N_ROWS 1000003

typedef struct
{
  guint32 key;
  guint32 number; /* in the order in which they came */
} Row;

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *x = a;
  const Row *y = b;

  return x->key < y->key ? -1 : x->key > y->key;
}

/* Sorts @n rows whose keys @make_key makes of their number, and checks that they come out in order
 * of key, then number, and that each of them does. */
static void
check (guint32 n, guint32 (*make_key) (guint32 i))
{
  GanderIndexWriter writer = { 0 };
  g_auto (GanderRowFile) rows;
  g_auto (GanderRowSort) sorted = { 0 };
  g_autoptr (GError) error = NULL;
  Row last = { 0 };
  guint64 sum = 0;

  gander_row_file_init (&rows, sizeof (Row), NULL);
  for (guint32 i = 0; i < n; i++)
    gander_row_file_add (&rows, &(Row){ make_key (i), i });
  g_assert_true (gander_row_sort_init (&sorted, &writer, &rows, compare_rows, &error));
  g_assert_cmpuint (sorted.n, ==, n);
  for (guint32 i = 0; i < n; i++)
    {
      const Row *row = gander_row_sort_next (&sorted, &error);
      g_assert_nonnull (row);
      if (i > 0 && (row->key < last.key || (row->key == last.key && row->number < last.number)))
        g_test_fail_printf ("row %u: %u after %u", i, row->key, last.key);
      g_assert_cmpuint (row->key, ==, make_key (row->number));
      sum += row->number;
      last = *row;
    }
  g_assert_cmpuint (sum, ==, (guint64)n * (n - 1) / 2);
}

static guint32
rise (guint32 i)
{
  return i;
}

static guint32
fall (guint32 i)
{
  return N_ROWS - i;
}

static guint32
scatter (guint32 i)
{
  return i * 2654435761u;
}

static guint32
repeat (guint32 i)
{
  return i % 7;
}

static void
test_orders (void)
{
  guint32 (*const keys[]) (guint32 i) = { rise, fall, scatter, repeat };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    check (N_ROWS, keys[i]);
}

static void
test_few (void)
{
  for (guint32 n = 1; n < 5; n++)
    check (n, fall);
}

static void
test_none (void)
{
  GanderIndexWriter writer = { 0 };
  g_auto (GanderRowFile) rows;
  g_auto (GanderRowSort) sorted = { 0 };

  gander_row_file_init (&rows, sizeof (Row), NULL);
  g_assert_true (gander_row_sort_init (&sorted, &writer, &rows, compare_rows, NULL));
  g_assert_cmpuint (sorted.n, ==, 0);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GanderIndexWriter writer = { .cancellable = cancellable };
  g_auto (GanderRowFile) rows;
  g_auto (GanderRowSort) sorted = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  gander_row_file_init (&rows, sizeof (Row), NULL);
  for (guint32 i = 0; i < N_ROWS; i++)
    gander_row_file_add (&rows, &(Row){ i, i });
  g_assert_false (gander_row_sort_init (&sorted, &writer, &rows, compare_rows, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/row-sort/orders", test_orders);
  g_test_add_func ("/reader/row-sort/few", test_few);
  g_test_add_func ("/reader/row-sort/none", test_none);
  g_test_add_func ("/reader/row-sort/cancel", test_cancel);
  return g_test_run ();
}
