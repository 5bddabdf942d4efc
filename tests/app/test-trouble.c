/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trouble.h"

#include "reader/reader.h"

#include <glib/gstdio.h>
#include <string.h>

/* What is written to a file, and what the page about it says. */
typedef struct
{
  const char *name;
  const char *bytes; /* NULL = no file */
  gssize size;       /* -1 = a string */
  const char *title;
  const char *description;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "notes.txt", "hello\nworld\n", -1, "notes.txt is not an execution trace",
    "It looks like text." },
  { "empty.trace", "", 0, "empty.trace is empty",
    "Was trace.Stop called before the program ended?" },
  { "old.trace", "go 1.19 trace\0\0\0....", 20,
    "old.trace is in a format that Gander cannot read",
    "This trace has the format of Go 1.19; traces of Go 1.22 and later can be read." },
  { "gone.trace", NULL, 0, "gone.trace is not there",
    "The file may have been moved, renamed or deleted." },
  { "100%s.txt", "text", -1, "100%s.txt is not an execution trace", "It looks like text." },
};
/* clang-format on */

static void
test_file (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("gander-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, self->name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GanderIndex) index = NULL;
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_auto (GanderTrouble) trouble = { 0 };

  if (self->bytes != NULL)
    g_assert_true (g_file_set_contents (path, self->bytes, self->size, NULL));

  index = gander_load (path, &options, NULL, NULL, &error);
  g_assert_null (index);
  g_assert_nonnull (error);
  gander_trouble_init (&trouble, file, error);
  g_assert_cmpstr (trouble.title, ==, self->title);
  g_assert_cmpstr (trouble.description, ==, self->description);
  g_assert_nonnull (strstr (trouble.details, path));
  g_assert_nonnull (strstr (trouble.details, error->message));

  g_unlink (path);
  g_rmdir (folder);
}

/* Every code has words, also those of domains nobody thought of. */
static void
test_codes (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/x.trace");
  const GQuark domains[] = { GANDER_READER_ERROR, G_FILE_ERROR, G_IO_ERROR, G_KEY_FILE_ERROR };

  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    for (int code = 0; code < 50; code++)
      {
        g_autoptr (GError) error = g_error_new_literal (domains[i], code, "byte 7: é strange");
        g_auto (GanderTrouble) trouble = { 0 };

        gander_trouble_init (&trouble, file, error);
        g_assert_nonnull (strstr (trouble.title, "x.trace"));
        g_assert_cmpuint (strlen (trouble.description), >, 0);
        g_assert_true (g_str_has_suffix (trouble.icon, "-symbolic"));
      }
}

/* Messages of any shape. */
static void
test_sentences (void)
{
  static const struct
  {
    const char *message;
    const char *sentence;
  } rows[] = {
    { "byte 7: é strange", "É strange." },
    { "byte 7: ", "" },
    { "", "" },
    { "byte", "Byte." },
    { "it ends here.", "It ends here." },
    { "it ends (here)", "It ends (here)." },
    { "\xff", "\xef\xbf\xbd" },
  };
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/x.trace");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_KEY_FILE_ERROR, 0, rows[i].message);
      g_auto (GanderTrouble) trouble = { 0 };

      gander_trouble_init (&trouble, file, error);
      g_assert_cmpstr (trouble.description, ==, rows[i].sentence);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/trouble/file/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_file);
    }
  g_test_add_func ("/trouble/codes", test_codes);
  g_test_add_func ("/trouble/sentences", test_sentences);
  return g_test_run ();
}
