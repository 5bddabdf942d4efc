/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/chores.h"
#include "reader/row-file.h"

#define N_NUMBERS 1000

/* What chores of one series do: they write down their number. */
typedef struct
{
  GanderChore chore;
  guint number;
  GArray *done;
  gint *busy; /* chores of the series that are being done */
  gboolean overlap;
} Numbered;

static void
note_number (gpointer data)
{
  Numbered *self = data;

  self->overlap = g_atomic_int_add (self->busy, 1) != 0;
  g_array_append_val (self->done, self->number);
  (void)g_atomic_int_add (self->busy, -1);
}

static void
expect_in_order (const GArray *done)
{
  g_assert_cmpuint (done->len, ==, N_NUMBERS);
  for (guint i = 0; i < done->len; i++)
    g_assert_cmpuint (g_array_index (done, guint, i), ==, i);
}

static void
test_order (gconstpointer threaded)
{
  g_autofree Numbered *numbered = g_new0 (Numbered, 2 * N_NUMBERS);
  g_autoptr (GArray) even = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) odd = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *done[2] = { even, odd };
  GanderChoreSeries series[2] = { 0 };
  gint busy[2] = { 0 };
  GanderChores chores = { 0 };

  gander_chores_start (&chores, GPOINTER_TO_INT (threaded));
  for (guint i = 0; i < 2 * N_NUMBERS; i++)
    {
      guint which = i % 2;
      numbered[i] = (Numbered){ .number = i / 2, .done = done[which], .busy = &busy[which] };
      gander_chores_add (&chores, &numbered[i].chore, &series[which], note_number, &numbered[i]);
      if (i % 7 != 0)
        continue;
      gander_chores_finish (&chores, &numbered[i].chore);
      g_assert_false (numbered[i].chore.waits);
    }
  gander_chores_stop (&chores);
  expect_in_order (done[0]);
  expect_in_order (done[1]);
  for (guint i = 0; i < 2 * N_NUMBERS; i++)
    g_assert_false (numbered[i].overlap);
}

/* A chore of one series does not hold up those of another that come after it. */
static void
test_side_by_side (void)
{
  g_autoptr (GArray) done = g_array_new (FALSE, FALSE, sizeof (guint));
  GanderChores chores = { 0 };
  GanderChoreSeries series[2] = { { .busy = TRUE }, { 0 } };
  gint busy = 0;
  Numbered held = { .number = 0, .done = done, .busy = &busy };
  Numbered free = { .number = 1, .done = done, .busy = &busy };

  gander_chores_start (&chores, FALSE);
  gander_chores_add (&chores, &held.chore, &series[0], note_number, &held);
  gander_chores_add (&chores, &free.chore, &series[1], note_number, &free);
  gander_chores_finish (&chores, &free.chore);
  g_assert_cmpuint (done->len, ==, 1);
  g_assert_cmpuint (g_array_index (done, guint, 0), ==, 1);
  series[0].busy = FALSE;
  gander_chores_stop (&chores);
  g_assert_cmpuint (done->len, ==, 2);
}

static void
test_not_started (void)
{
  g_autoptr (GArray) done = g_array_new (FALSE, FALSE, sizeof (guint));
  GanderChores chores = { 0 };
  GanderChoreSeries series = { 0 };
  gint busy = 0;
  Numbered first = { .number = 7, .done = done, .busy = &busy };

  gander_chores_add (&chores, &first.chore, &series, note_number, &first);
  g_assert_cmpuint (done->len, ==, 1);
  gander_chores_finish (&chores, &first.chore);
  gander_chores_stop (&chores);
}

static const GanderRowOrder number_order = { .offset = 0, .size = sizeof (guint64) };

/* A file of rows whose runs others sort and write is the same as one that does so itself. */
static void
test_rows (gconstpointer threaded)
{
  g_auto (GanderRowFile) alone = { .fd = -1 };
  g_auto (GanderRowFile) helped = { .fd = -1 };
  GanderChores chores = { 0 };
  g_autoptr (GError) error = NULL;
  guint64 number = 1;
  const guint64 *rows[2] = { NULL, NULL };
  gsize n = 5 * ((1u << 20) / sizeof number) / 2;

  gander_row_file_init (&alone, sizeof number, NULL);
  gander_row_file_set_order (&alone, &number_order);
  gander_row_file_init (&helped, sizeof number, NULL);
  gander_row_file_set_order (&helped, &number_order);
  gander_chores_start (&chores, GPOINTER_TO_INT (threaded));
  gander_row_file_set_chores (&helped, &chores);
  for (gsize i = 0; i < n; i++)
    {
      number = number * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407u;
      gander_row_file_add (&alone, &number);
      gander_row_file_add (&helped, &number);
    }
  g_assert_cmpuint (gander_row_file_get_n (&helped), ==, n);
  gander_chores_stop (&chores);
  rows[0] = gander_row_file_map (&alone, &error);
  g_assert_no_error (error);
  rows[1] = gander_row_file_map (&helped, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gander_row_file_get_run (&helped), ==, gander_row_file_get_run (&alone));
  g_assert_cmpint (memcmp (rows[0], rows[1], n * sizeof number), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/chores/order", GINT_TO_POINTER (FALSE), test_order);
  g_test_add_data_func ("/chores/order-threaded", GINT_TO_POINTER (TRUE), test_order);
  g_test_add_func ("/chores/side-by-side", test_side_by_side);
  g_test_add_func ("/chores/not-started", test_not_started);
  g_test_add_data_func ("/chores/rows", GINT_TO_POINTER (FALSE), test_rows);
  g_test_add_data_func ("/chores/rows-threaded", GINT_TO_POINTER (TRUE), test_rows);
  return g_test_run ();
}
