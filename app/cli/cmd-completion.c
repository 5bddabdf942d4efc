/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts that let a shell complete a command line: written from the tables of commands and
 * options, so that they never lag behind. */
#include "app/cli/cli-error.h"
#include "app/cli/commands.h"

#include <string.h>

typedef struct
{
  const GanderCommand *command;
  const GanderOptionSpec *option;
  const char *choices; /* blank-separated, or "" */
} Row;

typedef void (*RowFunc) (GanderOutput *output, const Row *row);

static void
for_each_option (GanderOutput *output, const GanderCommand *command, RowFunc print)
{
  g_autofree char *common = gander_command_get_common_options (command);
  g_autofree char *names = g_strconcat (command->options, " ", common, NULL);
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_auto (GStrv) choices = gander_command_get_choices (command, list[i]);
      g_autofree char *words = choices == NULL ? g_strdup ("") : g_strjoinv (" ", choices);
      Row row = { command, gander_cli_options_find (list[i]), words };

      if (row.option != NULL)
        print (output, &row);
    }
}

/* Returns: (transfer full) what can stand after the name of @command, "" = files. */
static char *
get_words (const GanderCommand *command)
{
  g_auto (GStrv) words = command->words == NULL ? NULL : command->words ();

  return words == NULL ? g_strdup ("") : g_strjoinv (" ", words);
}

static void
print_names (GanderOutput *output)
{
  guint n;
  const GanderCommand *commands = gander_commands_get (&n);

  for (guint i = 0; i < n; i++)
    gander_output_printf (output, "%s%s", i == 0 ? "" : " ", commands[i].name);
}

static void
print_bash_option (GanderOutput *output, const Row *row)
{
  gander_output_printf (output, " --%s", row->option->name);
}

static void
print_bash_choices (GanderOutput *output, const Row *row)
{
  if (row->option->argument == NULL)
    return;
  gander_output_printf (output,
                        "    %s:--%s | %s:-%s",
                        row->command->name,
                        row->option->name,
                        row->command->name,
                        row->option->name);
  if (row->option->letter != 0)
    gander_output_printf (output, " | %s:-%c", row->command->name, row->option->letter);
  gander_output_printf (output, ") words='%s'; files=%d;;\n", row->choices, *row->choices == '\0');
}

static void
print_bash (GanderOutput *output, const GanderCommand *commands, guint n)
{
  gander_output_write (output,
                       "# Completion of gander-cli and gander for bash.\n"
                       "_gander_cli ()\n"
                       "{\n"
                       "  local word=\"${COMP_WORDS[COMP_CWORD]}\" command=\"${COMP_WORDS[1]}\"\n"
                       "  local previous=\"${COMP_WORDS[COMP_CWORD-1]}\" words='' files=1\n"
                       "  COMPREPLY=()\n"
                       "  # --option=word comes as three words.\n"
                       "  if [ \"$word\" = = ]; then word=''\n"
                       "  elif [ \"$previous\" = = ]; then "
                       "previous=\"${COMP_WORDS[COMP_CWORD-2]}\"; "
                       "fi\n"
                       "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                       "    COMPREPLY=($(compgen -W '",
                       -1);
  print_names (output);
  gander_output_write (output,
                       "' -- \"$word\"))\n"
                       "    return\n"
                       "  fi\n"
                       "  case $command in\n",
                       -1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *words = get_words (&commands[i]);

      gander_output_printf (output, "    %s)\n      words='%s'\n", commands[i].name, words);
      gander_output_printf (output, "      [ \"${word#-}\" = \"$word\" ] || words='");
      for_each_option (output, &commands[i], print_bash_option);
      gander_output_write (output, "';;\n", -1);
    }
  gander_output_write (output, "  esac\n  case $command:$previous in\n", -1);
  for (guint i = 0; i < n; i++)
    for_each_option (output, &commands[i], print_bash_choices);
  gander_output_write (output,
                       "  esac\n"
                       "  [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                       "  # Files come by themselves, where nothing else fits.\n"
                       "  [ \"$files\" = 1 ] || compopt +o default 2>/dev/null\n"
                       "}\n"
                       "complete -o default -F _gander_cli gander-cli gander\n",
                       -1);
}

/* In single quotes, for zsh and fish. */
static char *
quote (const char *text, const char *more)
{
  GString *quoted = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'' && *more == '\0')
        g_string_append (quoted, "\\'");
      else if (*p == '\'')
        g_string_append (quoted, "'\\''");
      else
        {
          if (strchr (more, *p) != NULL)
            g_string_append_c (quoted, '\\');
          g_string_append_c (quoted, *p);
        }
    }
  return g_string_free (quoted, FALSE);
}

static void
print_zsh_option (GanderOutput *output, const Row *row)
{
  const GanderOptionSpec *option = row->option;
  g_autofree char *help = quote (option->help, "[]:\\");

  gander_output_printf (output, "        '*--%s[%s]", option->name, help);
  if (option->argument != NULL && *row->choices != '\0')
    gander_output_printf (output, ":%s:(%s)", option->name, row->choices);
  else if (option->argument != NULL)
    gander_output_printf (output, ":%s:_files", option->name);
  gander_output_write (output, "' \\\n", -1);
}

static void
print_zsh (GanderOutput *output, const GanderCommand *commands, guint n)
{
  gander_output_write (output,
                       "#compdef gander-cli gander\n"
                       "# Completion of gander-cli and gander for zsh.\n"
                       "_gander_cli ()\n"
                       "{\n"
                       "  local -a commands\n"
                       "  commands=(\n",
                       -1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *summary = quote (commands[i].summary, ":\\");

      gander_output_printf (output, "    '%s:%s'\n", commands[i].name, summary);
    }
  gander_output_write (output,
                       "  )\n"
                       "  if (( CURRENT == 2 )); then\n"
                       "    _describe command commands\n"
                       "    return\n"
                       "  fi\n"
                       "  local command=$words[2]\n"
                       "  shift words\n"
                       "  (( CURRENT-- ))\n"
                       "  case $command in\n",
                       -1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *words = get_words (&commands[i]);

      gander_output_printf (output, "    %s)\n      _arguments \\\n", commands[i].name);
      for_each_option (output, &commands[i], print_zsh_option);
      if (*words != '\0')
        gander_output_printf (output, "        '1:word:(%s)';;\n", words);
      else
        gander_output_write (output, "        '*:file:_files';;\n", -1);
    }
  gander_output_write (output,
                       "  esac\n"
                       "}\n"
                       "if [ \"$funcstack[1]\" = _gander-cli ]; then _gander_cli \"$@\"\n"
                       "else compdef _gander_cli gander-cli gander; fi\n",
                       -1);
}

static void
print_fish_option (GanderOutput *output, const Row *row)
{
  const GanderOptionSpec *option = row->option;
  g_autofree char *help = quote (option->help, "");

  gander_output_printf (output,
                        "complete -c gander-cli -n '__fish_seen_subcommand_from %s' -l %s",
                        row->command->name,
                        option->name);
  if (option->letter != 0)
    gander_output_printf (output, " -s %c", option->letter);
  if (option->argument != NULL && *row->choices != '\0')
    gander_output_printf (output, " -x -a '%s'", row->choices);
  else if (option->argument != NULL)
    gander_output_write (output, " -r", -1);
  gander_output_printf (output, " -d '%s'\n", help);
}

static void
print_fish (GanderOutput *output, const GanderCommand *commands, guint n)
{
  gander_output_write (output,
                       "# Completion of gander-cli and gander for fish.\n"
                       "complete -c gander -w gander-cli\n",
                       -1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *summary = quote (commands[i].summary, "");
      g_autofree char *words = get_words (&commands[i]);

      gander_output_printf (output,
                            "complete -c gander-cli -n __fish_use_subcommand -f -a %s -d '%s'\n",
                            commands[i].name,
                            summary);
      if (*words != '\0')
        gander_output_printf (output,
                              "complete -c gander-cli -n '__fish_seen_subcommand_from %s' -f -a "
                              "'%s'\n",
                              commands[i].name,
                              words);
      for_each_option (output, &commands[i], print_fish_option);
    }
}

static const struct
{
  const char *name;
  void (*print) (GanderOutput *output, const GanderCommand *commands, guint n);
} shells[] = {
  { "bash", print_bash },
  { "zsh", print_zsh },
  { "fish", print_fish },
};

char **
gander_command_completion_words (void)
{
  char **words = g_new0 (char *, G_N_ELEMENTS (shells) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (shells); i++)
    words[i] = g_strdup (shells[i].name);
  return words;
}

gboolean
gander_command_completion (GanderCall *call, GError **error)
{
  guint n;
  const GanderCommand *commands = gander_commands_get (&n);

  for (guint i = 0; i < G_N_ELEMENTS (shells); i++)
    if (g_str_equal (call->files[0], shells[i].name))
      {
        g_autoptr (GanderOutput) output = gander_call_open_output (call, error);

        if (output == NULL)
          return FALSE;
        shells[i].print (output, commands, n);
        return gander_output_close (output, error);
      }
  return gander_cli_error_set_usage (error,
                                     "completion %s: it is bash, zsh or fish",
                                     call->files[0]);
}
