/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/commands.h"

#include <string.h>

#define LINE_WIDTH   80
#define OPTION_WIDTH 26 /* where the words on an option begin */

/* Writes @text after @column columns that are there already, wrapped, its lines beginning at
 * @indent. */
static void
print_wrapped (GanderOutput *output, const char *text, int column, int indent)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      int width = (int)g_utf8_strlen (words[i], -1);

      if (column > indent && column + 1 + width > LINE_WIDTH)
        {
          gander_output_printf (output, "\n%*s", indent, "");
          column = indent;
        }
      else if (i > 0)
        {
          gander_output_write (output, " ", 1);
          column++;
        }
      gander_output_write (output, words[i], -1);
      column += width;
    }
  gander_output_write (output, "\n", 1);
}

static void
print_option (GanderOutput *output, const GanderCommand *command, const GanderOptionSpec *spec)
{
  g_auto (GStrv) choices =
      command == NULL ? NULL : gander_command_get_choices (command, spec->name);
  g_autofree char *list = choices == NULL ? NULL : g_strjoinv (", ", choices);
  g_autofree char *name = g_strdup_printf ("  %c%c%c --%s%s%s",
                                           spec->letter == 0 ? ' ' : '-',
                                           spec->letter == 0 ? ' ' : spec->letter,
                                           spec->letter == 0 ? ' ' : ',',
                                           spec->name,
                                           spec->argument == NULL ? "" : " ",
                                           spec->argument == NULL ? "" : spec->argument);
  gboolean told = spec->argument != NULL && strchr (spec->argument, '|') != NULL;
  g_autofree char *help =
      list == NULL || told ? g_strdup (spec->help) : g_strconcat (spec->help, ": ", list, NULL);
  int column = (int)g_utf8_strlen (name, -1);
  int padding = MAX (2, OPTION_WIDTH - column);

  gander_output_printf (output, "%s%*s", name, padding, "");
  print_wrapped (output, help, column + padding, OPTION_WIDTH);
}

static void
print_options (GanderOutput *output, const GanderCommand *command, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    print_option (output, command, gander_cli_options_find (list[i]));
}

static void
print_common_options (GanderOutput *output)
{
  g_autofree char *names = gander_command_get_common_options (NULL);

  gander_output_write (output, "Options of all commands:\n", -1);
  print_options (output, NULL, names);
}

static void
print_exit_status (GanderOutput *output)
{
  guint n;
  const GanderExitMeaning *meanings = gander_exit_get_list (&n);

  gander_output_write (output, "Exit status:\n", -1);
  for (guint i = 0; i < n; i++)
    gander_output_printf (output, "  %3d  %s\n", meanings[i].status, meanings[i].meaning);
}

static void
print_conditions (GanderOutput *output)
{
  gander_output_write (output,
                       "Conditions, of --filter and --fail-if, are comparisons joined by\n"
                       "&& (and), || (or), ! (not) and parentheses:\n"
                       "  running > 5ms && (count >= 3 || function ~ worker$)\n\n"
                       "A comparison is NAME OP VALUE.\n"
                       "  NAME   a column of --format csv; for assert a figure of assert --list\n"
                       "  OP     == != < <= > >=, and for texts ~ and !~: regular expressions\n"
                       "  VALUE  a duration 1.5ms, a number 3, a size 64MiB, a share 5% or 0.05,\n"
                       "         a text, \"quoted\" or 'quoted' when it holds blanks,\n"
                       "         or another name of the same kind, with a factor: 2 * running\n\n"
                       "What is not known fits no comparison.\n",
                       -1);
}

static const struct
{
  const char *name;
  void (*print) (GanderOutput *output);
} topics[] = {
  { "conditions", print_conditions },
  { "exit-status", print_exit_status },
  { "options", print_common_options },
};

static void
print_list (GanderOutput *output)
{
  guint n_commands;
  const GanderCommand *commands = gander_commands_get (&n_commands);

  gander_output_printf (output,
                        "Usage: %s COMMAND [OPTION…] FILE…\nRead Go execution traces.\n\n",
                        g_get_prgname ());
  for (guint i = 0; i < n_commands; i++)
    gander_output_printf (output, "  %-10s %s\n", commands[i].name, commands[i].summary);
  gander_output_printf (output,
                        "\n“%s help WORD” tells more about a command, or on:\n ",
                        g_get_prgname ());
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    gander_output_printf (output, " %s", topics[i].name);
  gander_output_write (output, "\n", 1);
}

/* The options that every command has, in a line or two. */
static void
print_common (GanderOutput *output, const GanderCommand *command)
{
  g_autofree char *common = gander_command_get_common_options (command);
  g_auto (GStrv) names = g_strsplit (common, " ", -1);
  g_auto (GStrv) formats = gander_command_get_choices (command, "format");
  g_autofree char *list = g_strjoinv ("|", formats);
  g_autoptr (GString) text = g_string_new ("Common options:");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_string_append_printf (text, " --%s", names[i]);
      if (g_str_equal (names[i], "format"))
        g_string_append_printf (text, " %s", list);
    }
  gander_output_write (output, "\n", 1);
  print_wrapped (output, text->str, 0, 2);
}

static void
print_command (GanderOutput *output, const GanderCommand *command)
{
  gander_output_printf (output,
                        "Usage: %s %s [OPTION…] %s\n%s.\n",
                        g_get_prgname (),
                        command->name,
                        command->arguments,
                        command->summary);
  if (command->details != NULL)
    {
      gander_output_write (output, "\n", 1);
      print_wrapped (output, command->details, 0, 0);
    }
  if (*command->options != '\0')
    {
      gander_output_write (output, "\nOptions:\n", -1);
      print_options (output, command, command->options);
    }
  print_common (output, command);
  if (command->example != NULL)
    gander_output_printf (output,
                          "\nExample:\n  %s %s %s\n",
                          g_get_prgname (),
                          command->name,
                          command->example);
}

char **
gander_command_help_words (void)
{
  guint n;
  const GanderCommand *commands = gander_commands_get (&n);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (words, g_strdup (commands[i].name));
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    g_ptr_array_add (words, g_strdup (topics[i].name));
  g_ptr_array_add (words, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

static gboolean
print_word (GanderOutput *output, const char *word, GError **error)
{
  const GanderCommand *command = gander_commands_find (word);

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_str_equal (topics[i].name, word))
      {
        topics[i].print (output);
        return TRUE;
      }
  if (command == NULL)
    return gander_cli_error_set_usage (error, "there is no command “%s”", word);
  print_command (output, command);
  return TRUE;
}

gboolean
gander_command_help (GanderCall *call, GError **error)
{
  g_autoptr (GanderOutput) output = gander_call_open_output (call, error);

  if (output == NULL)
    return FALSE;
  if (call->options.help)
    print_command (output, call->command);
  else if (call->files[0] == NULL)
    print_list (output);
  else if (!print_word (output, call->files[0], error))
    return FALSE;
  return gander_output_close (output, error);
}
