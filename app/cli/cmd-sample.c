/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"
#include "app/cli/examples.h"

static const GanderColumn columns[] = {
  { "name", "Name", GANDER_COLUMN_TEXT, FALSE },
  { "shows", "Shows", GANDER_COLUMN_TEXT, FALSE },
  { "path", "File", GANDER_COLUMN_TEXT, TRUE },
};

char **
gander_command_sample_words (void)
{
  guint n;
  const GanderExample *examples = gander_examples_get (&n);
  char **words = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    words[i] = g_strdup (examples[i].id);
  return words;
}

static GanderTable *
make_list (void)
{
  guint n;
  const GanderExample *examples = gander_examples_get (&n);
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = gander_example_find (&examples[i]);
      guint row = gander_table_append (table);

      gander_table_set_text (table, row, 0, examples[i].id);
      gander_table_set_text (table, row, 1, examples[i].subtitle);
      gander_table_set_text (table, row, 2, file == NULL ? "" : g_file_peek_path (file));
    }
  return table;
}

static gboolean
list_examples (GanderCall *call, GError **error)
{
  g_autoptr (GanderTable) table = make_list ();
  g_autoptr (GanderOutput) output = gander_call_open_output (call, error);
  JsonObject *object;

  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "json"))
    {
      object = gander_json_new ("sample");
      json_object_set_array_member (object, "rows", gander_json_from_table (table));
      gander_json_write (output, object, TRUE);
    }
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}

static gboolean
copy_example (GanderCall *call, const GanderExample *example, GError **error)
{
  g_autoptr (GFile) file = gander_example_find (example);
  g_autoptr (GanderOutput) output = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (file == NULL)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_NOT_FOUND,
                   "the sample %s is not installed",
                   example->name);
      return FALSE;
    }
  if (!g_file_load_contents (file, call->cancellable, &data, &size, NULL, error))
    return FALSE;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (gander_output_is_terminal (output))
    return gander_cli_error_set_usage (error,
                                       "a trace is not for a terminal; write it to a file with "
                                       "--output %s",
                                       example->name);
  gander_output_write (output, data, (gssize)size);
  return gander_output_close (output, error);
}

gboolean
gander_command_sample (GanderCall *call, GError **error)
{
  const char *name = call->files[0];
  const GanderExample *example;
  g_auto (GStrv) words = NULL;
  g_autofree char *known = NULL;

  if (name == NULL)
    return list_examples (call, error);
  example = gander_example_get (name);
  if (example != NULL)
    return copy_example (call, example, error);
  words = gander_command_sample_words ();
  known = g_strjoinv (", ", words);
  return gander_cli_error_set_usage (error, "there is no sample “%s”; there are %s", name, known);
}
