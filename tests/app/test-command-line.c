/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-line.h"

#define MAX_WORDS 5

typedef struct
{
  const char *name;
  const char *words[MAX_WORDS];
  gboolean is_valid;
  gboolean compare;
  gboolean new_window;
  guint n_files;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "nothing", { "gander" }, TRUE, FALSE, FALSE, 0 },
  { "file", { "gander", "a.trace" }, TRUE, FALSE, FALSE, 1 },
  { "files", { "gander", "a.trace", "b.trace" }, TRUE, FALSE, FALSE, 2 },
  { "compare", { "gander", "--compare", "a", "b" }, TRUE, TRUE, FALSE, 2 },
  { "compare-behind", { "gander", "a", "b", "--compare" }, TRUE, TRUE, FALSE, 2 },
  { "compare-one", { "gander", "--compare", "a" }, FALSE, FALSE, FALSE, 0 },
  { "compare-none", { "gander", "--compare" }, FALSE, FALSE, FALSE, 0 },
  { "compare-three", { "gander", "--compare", "a", "b", "c" }, FALSE, FALSE, FALSE, 0 },
  { "new-window", { "gander", "--new-window", "a" }, TRUE, FALSE, TRUE, 1 },
  { "dashes", { "gander", "--", "--compare" }, TRUE, FALSE, FALSE, 1 },
  { "unknown", { "gander", "--fly" }, FALSE, FALSE, FALSE, 0 },
};
/* clang-format on */

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  const char *argv[MAX_WORDS + 1] = { NULL };
  g_auto (GanderCommandLine) words = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_valid;

  for (guint i = 0; i < MAX_WORDS; i++)
    argv[i] = self->words[i];
  is_valid = gander_command_line_parse (&words, argv, &error);

  g_assert_cmpint (is_valid, ==, self->is_valid);
  g_assert_cmpint (error == NULL, ==, self->is_valid);
  g_assert_cmpint (words.compare, ==, self->compare);
  g_assert_cmpint (words.new_window, ==, self->new_window);
  g_assert_cmpuint (words.files != NULL ? g_strv_length (words.files) : 0, ==, self->n_files);
}

static void
test_help (void)
{
  static const char *const options[] = { "--compare", "--new-window", "--version", "--help" };
  g_autofree char *help = gander_command_line_get_help ();
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "data", "man", "gander.1", NULL);
  g_autofree char *manual = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &manual, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_auto (GStrv) parts = g_strsplit (options[i], "-", -1);
      g_autofree char *in_manual = g_strjoinv ("\\-", parts);

      g_assert_nonnull (strstr (help, options[i]));
      g_assert_nonnull (strstr (manual, in_manual));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/command-line/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/command-line/help", test_help);
  return g_test_run ();
}
