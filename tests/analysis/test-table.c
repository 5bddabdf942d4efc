/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <string.h>

#include <math.h>

static const GanderColumn columns[] = {
  { "name", "Name", GANDER_COLUMN_TEXT, FALSE },
  { "count", "Count", GANDER_COLUMN_COUNT, FALSE },
  { "wait", "Wait", GANDER_COLUMN_DURATION, FALSE },
  { "at", "At", GANDER_COLUMN_TIME, FALSE },
  { "size", "Size", GANDER_COLUMN_BYTES, FALSE },
  { "share", "Share", GANDER_COLUMN_SHARE, FALSE },
  { "id", "Id", GANDER_COLUMN_ID, TRUE },
};

static void
add (GanderTable *table, const char *name, gint64 number, double share)
{
  guint row = gander_table_append (table);

  gander_table_set_text (table, row, 0, name);
  for (guint column = 1; column < 5; column++)
    gander_table_set_integer (table, row, column, number);
  gander_table_set_share (table, row, 5, share);
  gander_table_set_integer (table, row, 6, number);
}

static GanderTable *
make_table (void)
{
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));

  add (table, "b", 1234, 0.5);
  add (table, "a", -1, NAN);
  add (table, "b\n\"c\"", 1234, 0.25);
  return table;
}

static void
test_text (void)
{
  g_autoptr (GanderTable) table = make_table ();
  g_autoptr (GString) text = g_string_new (NULL);

  gander_table_write_text (table, text);
  g_assert_cmpstr (text->str,
                   ==,
                   "Name    Count     Wait       At    Size  Share\n"
                   "b       1,234  1.234µs  1.234µs  1.2KiB  50.0%\n"
                   "a          -1     -1ns        -     -1B      -\n"
                   "b\\n\"c\"  1,234  1.234µs  1.234µs  1.2KiB  25.0%\n");
}

static void
test_csv (void)
{
  g_autoptr (GanderTable) table = make_table ();
  g_autoptr (GString) text = g_string_new (NULL);

  gander_table_write_separated (table, ',', text, NULL, NULL);
  g_assert_cmpstr (text->str,
                   ==,
                   "name,count,wait,at,size,share,id\r\n"
                   "b,1234,1234,1234,1234,0.500000,1234\r\n"
                   "a,-1,-1,-1,-1,,-1\r\n"
                   "\"b\n\"\"c\"\"\",1234,1234,1234,1234,0.250000,1234\r\n");
}

static const struct
{
  const char *name;
  const char *csv;
} cells[] = {
  { "plain", "plain" },          { "a,b", "\"a,b\"" }, { "=1+1", "\"'=1+1\"" },
  { "@SUM(A)", "\"'@SUM(A)\"" }, { "-1", "\"'-1\"" },  { "x\ty", "x\ty" },
};

/* A spreadsheet must not run what a trace names. */
static void
test_csv_cells (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autoptr (GanderTable) table = gander_table_new (columns, 1);
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *expected = g_strdup_printf ("name\r\n%s\r\n", cells[i].csv);

      gander_table_set_text (table, gander_table_append (table), 0, cells[i].name);
      gander_table_write_separated (table, ',', text, NULL, NULL);
      g_assert_cmpstr (text->str, ==, expected);
    }
}

static void
test_sort (void)
{
  g_autoptr (GanderTable) table = make_table ();

  gander_table_sort (table, 0, FALSE);
  g_assert_cmpstr (gander_table_get_text (table, 0, 0), ==, "a");
  gander_table_sort (table, 1, TRUE);
  /* Equal rows keep their order. */
  g_assert_cmpstr (gander_table_get_text (table, 0, 0), ==, "b");
  g_assert_cmpstr (gander_table_get_text (table, 1, 0), ==, "b\n\"c\"");
  g_assert_cmpstr (gander_table_get_text (table, 2, 0), ==, "a");
  g_assert_cmpfloat (gander_table_get_share (table, 1, 5), ==, 0.25);
  gander_table_truncate (table, 1);
  gander_table_truncate (table, 7);
  g_assert_cmpuint (gander_table_get_n_rows (table), ==, 1);
  g_assert_cmpint (gander_table_find_column (table, "share"), ==, 5);
  g_assert_cmpint (gander_table_find_column (table, "Share"), ==, -1);
}

/* Many rows in any order, with all their cells. */
static void
test_sort_many (void)
{
  static const GanderColumn two[] = {
    { "key", "Key", GANDER_COLUMN_COUNT, FALSE },
    { "place", "Place", GANDER_COLUMN_COUNT, FALSE },
  };

  for (guint round = 0; round < 50; round++)
    {
      g_autoptr (GanderTable) table = gander_table_new (two, G_N_ELEMENTS (two));
      gint64 before[2] = { -1, -1 };
      guint n = (guint)g_test_rand_int_range (0, 200);

      for (guint i = 0; i < n; i++)
        {
          guint row = gander_table_append (table);
          gander_table_set_integer (table, row, 0, g_test_rand_int_range (0, 20));
          gander_table_set_integer (table,
                                    row,
                                    1,
                                    i * 100 + gander_table_get_integer (table, row, 0));
        }
      gander_table_sort (table, 0, FALSE);
      for (guint row = 0; row < n; row++)
        {
          gint64 key = gander_table_get_integer (table, row, 0);
          gint64 place = gander_table_get_integer (table, row, 1);
          g_assert_cmpint (place % 100, ==, key);
          g_assert_true (key > before[0] || (key == before[0] && place > before[1]));
          before[0] = key;
          before[1] = place;
        }
    }
}

static void
test_empty (void)
{
  g_autoptr (GanderTable) table = gander_table_new (columns, 2);
  g_autoptr (GanderTable) again = gander_table_ref (table);
  g_autoptr (GString) text = g_string_new (NULL);

  gander_table_sort (again, 1, TRUE);
  gander_table_write_text (again, text);
  g_assert_cmpstr (text->str, ==, "Name  Count\n");
}

static void
take (GString *text, gpointer data)
{
  g_string_append (data, text->str);
  g_string_truncate (text, 0);
}

/* A large table comes in pieces, which together are what it is in one. */
static void
test_pieces (void)
{
  static const GanderColumn two[] = {
    { "id", "Id", GANDER_COLUMN_ID, FALSE },
    { "name", "Name", GANDER_COLUMN_TEXT, FALSE },
  };
  const GanderTimesStyle style = { .form = GANDER_TIMES_AUTO };
  g_autoptr (GanderTable) table = gander_table_new (two, G_N_ELEMENTS (two));

  for (gint64 i = 0; i < 20000; i++)
    {
      guint row = gander_table_append (table);
      gander_table_set_integer (table, row, 0, i % 2 == 0 ? i : G_MININT64 + i);
      gander_table_set_text (table, row, 1, i % 3 == 0 ? "one" : "");
    }
  for (guint separated = 0; separated < 2; separated++)
    {
      g_autoptr (GString) whole = g_string_new (NULL);
      g_autoptr (GString) rest = g_string_new (NULL);
      g_autoptr (GString) pieces = g_string_new (NULL);

      if (separated)
        {
          gander_table_write_separated (table, '\t', whole, NULL, NULL);
          gander_table_write_separated (table, '\t', rest, take, pieces);
          g_assert_nonnull (strstr (whole->str, "\n-9223372036854775807\t\n"));
        }
      else
        {
          gander_table_write_text (table, whole);
          gander_table_write_text_styled (table, &style, rest, take, pieces);
        }
      g_assert_cmpuint (pieces->len, >, 65536);
      g_assert_cmpuint (rest->len, <, 65536);
      g_string_append (pieces, rest->str);
      g_assert_cmpstr (pieces->str, ==, whole->str);
    }
}

static gboolean
has_share (const GanderTable *table, guint row, gpointer data)
{
  GanderValue value;

  (*(guint *)data)++;
  gander_table_get_value (table, row, 5, &value);
  g_assert_cmpint (value.type, ==, GANDER_COLUMN_SHARE);
  return !isnan (value.share);
}

static void
test_filter (void)
{
  g_autoptr (GanderTable) table = make_table ();
  guint asked = 0;

  gander_table_filter (table, has_share, &asked);
  g_assert_cmpuint (asked, ==, 3);
  g_assert_cmpuint (gander_table_get_n_rows (table), ==, 2);
  g_assert_cmpstr (gander_table_get_text (table, 0, 0), ==, "b");
  g_assert_cmpstr (gander_table_get_text (table, 1, 0), ==, "b\n\"c\"");
  g_assert_cmpint (gander_table_get_integer (table, 1, 6), ==, 1234);
}

static const struct
{
  GanderTimesForm form;
  GanderColumnType type;
  gint64 value;
  const char *text;
} times[] = {
  { GANDER_TIMES_AUTO, GANDER_COLUMN_DURATION, 16470123, "16.47ms" },
  { GANDER_TIMES_NS, GANDER_COLUMN_DURATION, 16470123, "16470123ns" },
  { GANDER_TIMES_NS, GANDER_COLUMN_TIME, 5, "5ns" },
  { GANDER_TIMES_NS, GANDER_COLUMN_TIME, -1, "-" },
  { GANDER_TIMES_NS, GANDER_COLUMN_COUNT, 1234, "1,234" },
  { GANDER_TIMES_WALL, GANDER_COLUMN_DURATION, 16470123, "16.47ms" },
  { GANDER_TIMES_WALL, GANDER_COLUMN_TIME, 5, "2001-09-09 01:46:40.000000005" },
  { GANDER_TIMES_WALL, GANDER_COLUMN_TIME, 1999999999, "2001-09-09 01:46:41.999999999" },
  { GANDER_TIMES_WALL, GANDER_COLUMN_TIME, -1, "-" },
};

static void
test_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const GanderTimesStyle style = { times[i].form, G_GINT64_CONSTANT (1000000000000000000) };
      const GanderValue value = { .type = times[i].type, .integer = times[i].value };
      g_autofree char *text = gander_value_format (&value, &style);

      g_assert_cmpstr (text, ==, times[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/table/text", test_text);
  g_test_add_func ("/analysis/table/csv", test_csv);
  g_test_add_func ("/analysis/table/csv-cells", test_csv_cells);
  g_test_add_func ("/analysis/table/filter", test_filter);
  g_test_add_func ("/analysis/table/times", test_times);
  g_test_add_func ("/analysis/table/sort", test_sort);
  g_test_add_func ("/analysis/table/sort-many", test_sort_many);
  g_test_add_func ("/analysis/table/empty", test_empty);
  g_test_add_func ("/analysis/table/pieces", test_pieces);
  return g_test_run ();
}
