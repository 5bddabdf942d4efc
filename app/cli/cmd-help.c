/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/commands.h"

#include <string.h>

#define OPTION_WIDTH 28

static void
print_list (GanderOutput *output)
{
  guint n_commands, n_meanings;
  const GanderCommand *commands = gander_commands_get (&n_commands);
  const GanderExitMeaning *meanings = gander_exit_get_list (&n_meanings);

  gander_output_printf (output,
                        "Usage: %s COMMAND [OPTION…] FILE…\nRead Go execution traces.\n\n",
                        g_get_prgname ());
  for (guint i = 0; i < n_commands; i++)
    gander_output_printf (output, "  %-9s %s\n", commands[i].name, commands[i].summary);
  gander_output_printf (output,
                        "\n“%s help COMMAND” lists the options of one. Exit status:\n",
                        g_get_prgname ());
  for (guint i = 0; i < n_meanings; i++)
    gander_output_printf (output, "  %3d  %s\n", meanings[i].status, meanings[i].meaning);
}

static void
print_option (GanderOutput *output, const GanderCommand *command, const GanderOptionSpec *spec)
{
  g_auto (GStrv) choices = gander_command_get_choices (command, spec->name);
  g_autofree char *list = choices == NULL ? NULL : g_strjoinv (", ", choices);
  g_autofree char *name = g_strconcat ("--",
                                       spec->name,
                                       spec->argument == NULL ? "" : " ",
                                       spec->argument == NULL ? "" : spec->argument,
                                       NULL);
  int padding = MAX (1, OPTION_WIDTH - (int)g_utf8_strlen (name, -1));

  if (spec->letter != 0)
    gander_output_printf (output, "  -%c, ", spec->letter);
  else
    gander_output_write (output, "      ", -1);
  gander_output_printf (output, "%s%*s%s", name, padding, "", spec->help);
  if (list != NULL && strchr (spec->argument, '|') == NULL)
    gander_output_printf (output, ": %s", list);
  gander_output_write (output, "\n", 1);
}

static void
print_options (GanderOutput *output, const GanderCommand *command, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    print_option (output, command, gander_cli_options_find (list[i]));
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
    gander_output_printf (output, "\n%s\n", command->details);
  if (*command->options != '\0')
    {
      gander_output_write (output, "\nOptions:\n", -1);
      print_options (output, command, command->options);
    }
  gander_output_write (output, "\nCommon options:\n", -1);
  print_options (output, command, gander_commands_get_common_options ());
  if (*command->formats != '\0')
    gander_output_printf (output, "\nFormats, the first is usual: %s\n", command->formats);
}

gboolean
gander_command_help (GanderCall *call, GError **error)
{
  g_autoptr (GanderOutput) output = NULL;
  const GanderCommand *command = call->options.help ? call->command : NULL;

  if (call->files[0] != NULL && command == NULL)
    {
      command = gander_commands_find (call->files[0]);
      if (command == NULL)
        {
          return gander_cli_error_set_usage (error, "there is no command “%s”", call->files[0]);
        }
    }
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (command == NULL)
    print_list (output);
  else
    print_command (output, command);
  return gander_output_close (output, error);
}
