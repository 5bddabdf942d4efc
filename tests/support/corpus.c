/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/corpus.h"

#include <glib/gstdio.h>
#include <string.h>
#include <zstd.h>

#define TRACE ".trace.zst"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GStrv
test_corpus_get_names (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "corpus", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *file = NULL;

  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, TRACE))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (TRACE)));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

char *
test_corpus_get_path (const char *name)
{
  g_autofree char *file = g_strconcat (name, TRACE, NULL);

  return g_test_build_filename (G_TEST_DIST, "corpus", file, NULL);
}

GanderIndex *
test_corpus_load (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path = test_corpus_get_path (name);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

/* A NUL in a text of a trace is kept as other bytes that no text can have: as U+FFFD. JSON can
 * write it, and json-glib would end the text there. */
static void
replace_nul (char *json)
{
  static const char from[] = "\\u0000";
  static const char to[] = "\\ufffd";

  for (char *at = strstr (json, from); at != NULL; at = strstr (at, from))
    memcpy (at, to, strlen (to));
}

GanderIndex *
test_corpus_load_bytes (const void *bytes, gsize size)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  GanderIndex *index = NULL;
  int fd = g_file_open_tmp ("gander-trace-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, bytes, (gssize)size, &error);
  g_assert_no_error (error);
  index = gander_load (path, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_remove (path);
  return index;
}

/* Returns: (transfer full) what is in a file of one frame, which says how large it is; a NUL
 * follows.
 */
static char *
unpack (const char *path, gsize *size)
{
  g_autofree char *packed = NULL;
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize packed_size = 0;
  unsigned long long frame = 0;

  g_file_get_contents (path, &packed, &packed_size, &error);
  g_assert_no_error (error);
  frame = ZSTD_getFrameContentSize (packed, packed_size);
  g_assert_cmpuint (frame, <, G_MAXINT32);
  bytes = g_malloc (frame + 1);
  *size = ZSTD_decompress (bytes, frame, packed, packed_size);
  g_assert_cmpuint (*size, ==, frame);
  bytes[*size] = '\0';
  return bytes;
}

guint8 *
test_corpus_unpack (const char *name, gsize *size)
{
  g_autofree char *path = test_corpus_get_path (name);

  return (guint8 *)unpack (path, size);
}

GanderIndex *
test_corpus_load_part (const char *name, guint percent)
{
  gsize size = 0;
  g_autofree guint8 *bytes = test_corpus_unpack (name, &size);

  return test_corpus_load_bytes (bytes, size * percent / 100);
}

JsonNode *
test_corpus_load_figures (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".json.zst", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "corpus", "figures", file, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  g_autofree char *text = unpack (path, &size);

  replace_nul (text);
  json_parser_load_from_data (parser, text, (gssize)size, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}
