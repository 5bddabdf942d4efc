/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

/* What the conditions below are about; the number of a name is its row. */
static const struct
{
  const char *name;
  GanderValue value;
} figures[] = {
  { "running", { .type = GANDER_COLUMN_DURATION, .integer = 5000000 } },
  { "sched-wait", { .type = GANDER_COLUMN_DURATION, .integer = 1000 } },
  { "begin", { .type = GANDER_COLUMN_TIME, .integer = -1 } },
  { "count", { .type = GANDER_COLUMN_COUNT, .integer = 3 } },
  { "goroutine", { .type = GANDER_COLUMN_ID, .integer = 9007199254740993 } },
  { "heap.max", { .type = GANDER_COLUMN_BYTES, .integer = 3 << 20 } },
  { "share", { .type = GANDER_COLUMN_SHARE, .share = 0.25 } },
  { "mmu.1ms", { .type = GANDER_COLUMN_SHARE, .share = NAN } },
  { "function", { .type = GANDER_COLUMN_TEXT, .text = "main.(*Pool).worker" } },
  { "words", { .type = GANDER_COLUMN_FIGURE, .text = "two words" } },
  { "missing", { .type = GANDER_COLUMN_DURATION } },
  { "baseline.running", { .type = GANDER_COLUMN_DURATION, .integer = 4000000 } },
  { "task(\"a b\").p99", { .type = GANDER_COLUMN_DURATION, .integer = 7 } },
};

static int
find (const char *name, GanderColumnType *type, gpointer data)
{
  (void)data;
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    if (g_str_equal (figures[i].name, name))
      {
        *type = figures[i].value.type;
        return (int)i;
      }
  return -1;
}

static gboolean
get (int number, GanderValue *out, gpointer data)
{
  (void)data;
  *out = figures[number].value;
  return !g_str_equal (figures[number].name, "missing");
}

static const struct
{
  const char *text;
  gboolean holds;
} good[] = {
  { "running > 4.999ms", TRUE },
  { "running>5ms", FALSE },
  { "running >= 5ms", TRUE },
  { "running == 5000us", TRUE },
  { "running = 5000µs", TRUE },
  { "running != 5ms", FALSE },
  { "running < 1h2m3s", TRUE },
  { "running <= 0", FALSE },
  { "  count  ==  3  ", TRUE },
  { "count > -1", TRUE },
  /* Not representable as a double. */
  { "goroutine == 9007199254740993", TRUE },
  { "goroutine == 9007199254740992", FALSE },
  { "heap.max == 3MiB", TRUE },
  { "heap.max == 3072KiB", TRUE },
  { "heap.max < 3.2MB", TRUE },
  { "heap.max > 0.002GiB", TRUE },
  { "heap.max == 3145728", TRUE },
  { "share == 25%", TRUE },
  { "share < 0.3", TRUE },
  { "share > 100%", FALSE },
  { "function == main.(*Pool).worker", TRUE },
  { "function == \"main.(*Pool).worker\"", TRUE },
  { "function != main.main", TRUE },
  { "function ~ worker$", TRUE },
  { "function ~ ^main\\.\\(\\*Pool\\)", TRUE },
  { "function ~ 'Pool|none'", TRUE },
  { "function ~ none|other", FALSE },
  { "function !~ Pool", FALSE },
  { "(function ~ main)", TRUE },
  { "(function ~ (main|x)) && count == 3", TRUE },
  { "words == 'two words'", TRUE },
  { "words == two", FALSE },
  { "running > sched-wait", TRUE },
  { "running > 5000 * sched-wait", FALSE },
  { "running >= 5000*sched-wait", TRUE },
  { "running > baseline", TRUE },
  { "running > 1.2 * baseline", TRUE },
  { "running > 1.25 * baseline", FALSE },
  { "task(\"a b\").p99 == 7ns", TRUE },
  /* && before ||, from left to right. */
  { "count == 3 || count == 4 && running > 1h", TRUE },
  { "(count == 3 || count == 4) && running > 1h", FALSE },
  { "count == 9 or count == 3 and running == 5ms", TRUE },
  { "count==3&&running==5ms", TRUE },
  { "function ~ main&&count==9", FALSE },
  { "!count == 9", TRUE },
  { "!(count == 3 && share == 25%)", FALSE },
  { "not count == 3", FALSE },
  { "!!count == 3", TRUE },
  /* What is not known fits nothing. */
  { "begin < 1s", FALSE },
  { "begin != 1s", FALSE },
  { "mmu.1ms < 0.5", FALSE },
  { "mmu.1ms >= 0.5", FALSE },
  { "missing == 0", FALSE },
  { "running > missing", FALSE },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize where = 0;
      g_autoptr (GanderCondition) condition =
          gander_condition_new (good[i].text, find, NULL, &where, &error);

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_nonnull (condition);
      g_assert_cmpint (gander_condition_test (condition, get, NULL), ==, good[i].holds);
    }
}

static const struct
{
  const char *text;
  gsize where;
  const char *words; /* of the message */
} bad[] = {
  { "", 0, "name" },
  { "   ", 3, "name" },
  { "bogus > 5ms", 0, "bogus" },
  { "running > 5ms && bogus > 1", 17, "bogus" },
  { "running", 7, "belongs ==" },
  { "running 5ms", 8, "belongs ==" },
  { "running >", 9, "a value" },
  { "running > 5", 10, "a duration like" },
  { "running > 5 ms", 10, "a duration like" },
  { "running ~ 5ms", 8, "is a number" },
  { "count > 1.5", 8, "a whole number" },
  { "heap.max > 5MiBs", 11, "a size like" },
  { "heap.max > 99999999TiB", 11, "a size like" },
  { "share > 5", 8, "a share like" },
  { "share > nan", 8, "a share like" },
  { "function > main", 9, "is a text" },
  { "function ~", 10, "a text" },
  { "function ~ \"main", 11, "no end" },
  { "function ~ a(", 11, "regular expression" },
  { "running > 5ms running < 6ms", 14, "&& or ||" },
  { "(running > 5ms", 14, "“)”" },
  { "running > 5ms)", 13, "&& or ||" },
  { "running > 5ms &&", 16, "a name" },
  { "running > count", 10, "cannot be compared" },
  { "running > 2 * 5ms", 14, "after “*”" },
  { "running > 2x * sched-wait", 10, "before “*”" },
  { "sched-wait > baseline", 13, "no baseline" },
};

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize where = 999;
      g_autoptr (GanderCondition) condition = NULL;

      g_test_message ("%s", bad[i].text);
      condition = gander_condition_new (bad[i].text, find, NULL, &where, &error);
      g_assert_null (condition);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, bad[i].words));
      g_assert_cmpuint (where, ==, bad[i].where);
    }
}

/* However deep: an answer, not a crash. */
static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gsize where = 0;

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, i % 2 == 0 ? '(' : '!');
  g_assert_null (gander_condition_new (text->str, find, NULL, &where, &error));
  g_assert_error (error, GANDER_ANALYSIS_ERROR, GANDER_ANALYSIS_ERROR_BAD_CONDITION);
}

static void
test_names (void)
{
  gsize where = 0;
  int number = 0;
  g_autoptr (GanderCondition) condition =
      gander_condition_new ("count > 1 && running > 2 * baseline || count > 7",
                            find,
                            NULL,
                            &where,
                            NULL);

  g_assert_cmpuint (gander_condition_get_n_names (condition), ==, 3);
  g_assert_cmpstr (gander_condition_get_name (condition, 0, &number), ==, "count");
  g_assert_cmpstr (figures[number].name, ==, "count");
  g_assert_cmpstr (gander_condition_get_name (condition, 1, &number), ==, "running");
  g_assert_cmpstr (gander_condition_get_name (condition, 2, &number), ==, "baseline.running");
}

/* Any bytes at all. */
static void
test_noise (void)
{
  static const char alphabet[] = "running count share function\"'()!~=<>&|*.5ms% \xc2\xb5\\\x01";

  for (guint i = 0; i < 20000; i++)
    {
      char text[40];
      gsize size = (gsize)g_test_rand_int_range (0, sizeof text);
      gsize where = 0;
      g_autoptr (GError) error = NULL;
      g_autoptr (GanderCondition) condition = NULL;

      for (gsize k = 0; k < size; k++)
        text[k] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      text[size] = '\0';
      condition = gander_condition_new (text, find, NULL, &where, &error);
      g_assert_cmpuint (where, <=, size);
      if (condition != NULL)
        gander_condition_test (condition, get, NULL);
      else
        g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/condition/good", test_good);
  g_test_add_func ("/analysis/condition/bad", test_bad);
  g_test_add_func ("/analysis/condition/deep", test_deep);
  g_test_add_func ("/analysis/condition/names", test_names);
  g_test_add_func ("/analysis/condition/noise", test_noise);
  return g_test_run ();
}
