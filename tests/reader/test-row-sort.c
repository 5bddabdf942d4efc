/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-write-private.h"

/* More rows than are sorted at once. */
#define N_ROWS 1000003

typedef struct
{
  guint32 key;
  guint32 number; /* in the order in which they came */
} Row;

/* Odd numbers come after even ones. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *x = a;
  const Row *y = b;

  return (int)(x->number % 2) - (int)(y->number % 2);
}

static const GanderRowOrder by_key = { .offset = offsetof (Row, key), .size = sizeof (guint32) };
static const GanderRowOrder by_all = { .offset = offsetof (Row, key),
                                       .size = sizeof (guint32),
                                       .compare = compare_rows };

static gboolean
are_in_order (const GanderRowOrder *order, const Row *a, const Row *b)
{
  int result = 0;

  if (a->key != b->key)
    return a->key < b->key;
  if (order->compare != NULL)
    result = order->compare (a, b);
  return result < 0 || (result == 0 && a->number < b->number);
}

/* Sorts @n rows whose keys @make_key makes of their number, and checks that they come out in order,
 * equal ones as they came, and that each of them does. */
static void
check (const GanderRowOrder *order, guint32 n, guint32 (*make_key) (guint32 i))
{
  GanderIndexWriter writer = { 0 };
  g_auto (GanderRowFile) rows;
  g_auto (GanderRowSort) sorted = { 0 };
  g_autoptr (GError) error = NULL;
  Row last = { 0 };
  guint64 sum = 0;

  gander_row_file_init (&rows, sizeof (Row), NULL);
  gander_row_file_set_order (&rows, order);
  for (guint32 i = 0; i < n; i++)
    gander_row_file_add (&rows, &(Row){ make_key (i), i });
  g_assert_true (gander_row_sort_init (&sorted, &writer, &rows, &error));
  g_assert_cmpuint (sorted.n, ==, n);
  for (guint32 i = 0; i < n; i++)
    {
      const Row *row = gander_row_sort_next (&sorted, &error);
      g_assert_nonnull (row);
      if (i > 0 && !are_in_order (order, &last, row))
        g_test_fail_printf ("row %u: %u, %u", i, row->key, row->number);
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
    {
      check (&by_key, N_ROWS, keys[i]);
      check (&by_all, N_ROWS, keys[i]);
    }
}

static void
test_few (void)
{
  for (guint32 n = 1; n < 5; n++)
    check (&by_all, n, fall);
}

/* Numbers of 8 bytes with all digits; negative ones come first where the order says so. */
static void
check_wide (gboolean has_sign, const gint64 *expected)
{
  static const gint64 values[] = { 5, G_MININT64, -1, G_MAXINT64, 0, 1ll << 40, 5 };
  gint64 sorted[G_N_ELEMENTS (values)];
  GanderRowOrder order = { .size = sizeof (gint64), .has_sign = has_sign };

  g_assert_true (
      gander_row_order_sort (&order, values, G_N_ELEMENTS (values), sizeof (gint64), sorted));
  g_assert_cmpmem (sorted, sizeof sorted, expected, sizeof values);
}

static void
test_wide (void)
{
  static const gint64 with_sign[] = { G_MININT64, -1, 0, 5, 5, 1ll << 40, G_MAXINT64 };
  static const gint64 without[] = { 0, 5, 5, 1ll << 40, G_MAXINT64, G_MININT64, -1 };

  check_wide (TRUE, with_sign);
  check_wide (FALSE, without);
}

static void
test_none (void)
{
  GanderIndexWriter writer = { 0 };
  g_auto (GanderRowFile) rows;
  g_auto (GanderRowSort) sorted = { 0 };

  gander_row_file_init (&rows, sizeof (Row), NULL);
  gander_row_file_set_order (&rows, &by_key);
  g_assert_true (gander_row_sort_init (&sorted, &writer, &rows, NULL));
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
  gander_row_file_set_order (&rows, &by_key);
  for (guint32 i = 0; i < N_ROWS; i++)
    gander_row_file_add (&rows, &(Row){ i, i });
  g_assert_true (gander_row_sort_init (&sorted, &writer, &rows, &error));
  for (guint32 i = 0; i < N_ROWS && error == NULL; i++)
    (void)gander_row_sort_next (&sorted, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/row-sort/orders", test_orders);
  g_test_add_func ("/reader/row-sort/few", test_few);
  g_test_add_func ("/reader/row-sort/wide", test_wide);
  g_test_add_func ("/reader/row-sort/none", test_none);
  g_test_add_func ("/reader/row-sort/cancel", test_cancel);
  return g_test_run ();
}
