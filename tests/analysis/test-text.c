/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"

#define S "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */

static void
test_count (void)
{
  g_autofree char *zero = gander_text_count (0);
  g_autofree char *three = gander_text_count (-999);
  g_autofree char *many = gander_text_count (1234567);
  g_autofree char *least = gander_text_count (G_MININT64);

  g_assert_cmpstr (zero, ==, "0");
  g_assert_cmpstr (three, ==, "-999");
  g_assert_cmpstr (many, ==, "1,234,567");
  g_assert_cmpstr (least, ==, "-9,223,372,036,854,775,808");
}

static const struct
{
  gint64 bytes;
  const char *text;
} sizes[] = {
  { 0, "0" S "B" },
  { 1023, "1023" S "B" },
  { 1024, "1.0" S "KiB" },
  { 49597645, "47.3" S "MiB" },
  { 1048575, "1.0" S "MiB" }, /* not 1024.0 KiB */
  { G_MAXINT64, "8192.0" S "PiB" },
};

static void
test_bytes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = gander_text_bytes (sizes[i].bytes);

      g_assert_cmpstr (text, ==, sizes[i].text);
    }
}

static const struct
{
  double share;
  const char *text;
} shares[] = {
  { 0, "0.0" S "%" },     { 0.384, "38" S "%" }, { 0.0994, "9.9" S "%" },
  { 0.0996, "10" S "%" }, { 1, "100" S "%" },
};

static void
test_share (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      g_autofree char *text = gander_text_share (shares[i].share);

      g_assert_cmpstr (text, ==, shares[i].text);
    }
}

/* A name from a trace must not be able to command a terminal. */
static const struct
{
  const char *text;
  const char *escaped;
} escapes[] = {
  { "main.(*Stage).process", "main.(*Stage).process" },
  { "größer·世界", "größer·世界" },
  { "a\nb\tc\rd", "a\\nb\\tc\\rd" },
  { "\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m" },
  { "\xc2\x9b"
    "31m",
    "\\x9b31m" }, /* one-byte CSI as UTF-8 */
  { "\xe2\x80\xae"
    "txt.exe",
    "\\u202etxt.exe" }, /* right-to-left override */
  { "\x7f", "\\x7f" },
  { "bad \xff\xfe bytes", "bad \\xff\\xfe bytes" },
  { "cut \xe2\x80", "cut \\xe2\\x80" },
};

static void
test_escape (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      g_autofree char *text = gander_text_escape (escapes[i].text);

      g_assert_cmpstr (text, ==, escapes[i].escaped);
    }
}

/* Whatever the bytes are, what comes out is UTF-8 without control characters. */
static void
test_escape_anything (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      char bytes[24] = "";
      g_autofree char *text = NULL;

      for (guint i = 0; i + 1 < sizeof bytes; i++)
        bytes[i] = (char)g_test_rand_int_range (1, 256);
      text = gander_text_escape (bytes);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
    }
}

static void
test_short_names (void)
{
  g_assert_cmpstr (gander_text_short_function ("net/http.(*conn).serve"), ==, "http.(*conn).serve");
  g_assert_cmpstr (gander_text_short_function ("main.main"), ==, "main.main");
  g_assert_cmpstr (gander_text_short_function ("a.com/x/y.Map[go.shape.string,a/b.T]"),
                   ==,
                   "y.Map[go.shape.string,a/b.T]");
  g_assert_cmpstr (gander_text_short_function (""), ==, "");
  g_assert_cmpstr (gander_text_short_file ("net/http/server.go"), ==, "server.go");
  g_assert_cmpstr (gander_text_short_file ("x.go"), ==, "x.go");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/text/count", test_count);
  g_test_add_func ("/analysis/text/bytes", test_bytes);
  g_test_add_func ("/analysis/text/share", test_share);
  g_test_add_func ("/analysis/text/escape", test_escape);
  g_test_add_func ("/analysis/text/escape-anything", test_escape_anything);
  g_test_add_func ("/analysis/text/short-names", test_short_names);
  return g_test_run ();
}
