/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a command line to a command: finds it, reads its options, runs it, and turns what went
 * wrong into a sentence and an exit status. */
#include "app/cli/cli.h"

#include "analysis/analysis.h"
#include "app/cli/cli-error.h"
#include "app/cli/cli-signal.h"
#include "app/cli/commands.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean
gander_cli_is_command (const char *word)
{
  return gander_commands_find (word) != NULL;
}

/* Returns: an option without its one dash or two; "" when @word is none. */
static const char *
bare_option (const char *word)
{
  return word[0] == '-' ? word + (word[1] == '-' ? 2 : 1) : "";
}

static gboolean
is_word (GPtrArray *args, guint i)
{
  const char *text = i < args->len ? g_ptr_array_index (args, i) : NULL;

  return text != NULL && text[0] != '-';
}

static void
replace_word (GPtrArray *args, guint i, const char *text)
{
  g_free (args->pdata[i]);
  args->pdata[i] = g_strdup (text);
}

/* What “go tool trace” takes, so that an alias works; its other form is “-d wire FILE”. The program
 * that was traced may stand before the file and says nothing that the trace does not. */
static const struct
{
  const char *option; /* what follows is the value of @value */
  const char *command;
  const char *flag;  /* or NULL */
  const char *value; /* or NULL */
} aliases[] = {
  { "d=parsed", "events", NULL, NULL },
  { "d=wire", "events", "--wire", NULL },
  { "d=footprint", "events", "--footprint", NULL },
  { "pprof=", "profile", NULL, "--type=" },
};

/* Commands that are also known as options. */
static const char *const shorts[][2] = { { "help", "help" },
                                         { "h", "help" },
                                         { "version", "version" } };

static void
join_go_option (GPtrArray *args)
{
  static const char *const names[] = { "d", "pprof" };
  const char *word = g_ptr_array_index (args, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (bare_option (word), names[i]) && is_word (args, 2))
      {
        g_autofree char *joined = g_strdup_printf ("-%s=%s", names[i], (char *)args->pdata[2]);

        replace_word (args, 1, joined);
        g_ptr_array_remove_index (args, 2);
        return;
      }
}

/* Turns the option of another program into our command and its option. */
static gboolean
replace_alias (GPtrArray *args, gsize row)
{
  const char *word = g_ptr_array_index (args, 1);
  g_autofree char *value = NULL;

  if (!g_str_has_prefix (bare_option (word), aliases[row].option))
    return FALSE;
  if (aliases[row].value != NULL)
    value = g_strconcat (aliases[row].value, strchr (word, '=') + 1, NULL);
  if (is_word (args, 2) && is_word (args, 3))
    g_ptr_array_remove_index (args, 2);
  replace_word (args, 1, aliases[row].command);
  if (value != NULL || aliases[row].flag != NULL)
    g_ptr_array_insert (args, 2, g_strdup (value != NULL ? value : aliases[row].flag));
  return TRUE;
}

static void
replace_aliases (GPtrArray *args)
{
  join_go_option (args);
  for (gsize i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (replace_alias (args, i))
      return;
  for (gsize i = 0; i < G_N_ELEMENTS (shorts); i++)
    {
      const char *word = g_ptr_array_index (args, 1);

      if (g_str_equal (bare_option (word), shorts[i][0]))
        {
          replace_word (args, 1, shorts[i][1]);
          return;
        }
    }
}

/* Finds the command in @args and takes its name out. */
static gboolean
find_command (GPtrArray *args, const GanderCommand **command, GError **error)
{
  const char *word;
  g_auto (GStrv) words = NULL;
  g_autofree char *meant = NULL;

  if (args->len < 3)
    return gander_cli_error_set_usage (error,
                                       "say what to do; “%s help” lists the commands",
                                       g_get_prgname ());
  replace_aliases (args);
  word = g_ptr_array_index (args, 1);
  *command = gander_commands_find (word);
  if (*command == NULL)
    {
      if (g_file_test (word, G_FILE_TEST_EXISTS))
        return gander_cli_error_set_usage (error,
                                           "“%s” is no command; for a summary of the file: %s "
                                           "summary %s",
                                           word,
                                           g_get_prgname (),
                                           word);
      words = gander_command_help_words ();
      meant = gander_cli_error_suggest (word, (const char *const *)words);
      return gander_cli_error_set_usage (error,
                                         "there is no command “%s”; “%s help” lists them%s",
                                         word,
                                         g_get_prgname (),
                                         meant);
    }
  g_ptr_array_remove_index (args, 1);
  return TRUE;
}

static gboolean
choose_format (GanderCall *call, GError **error)
{
  const char *formats = call->command->formats;
  g_auto (GStrv) list = g_strsplit (formats, " ", -1);
  const char *wanted = call->options.json ? "json" : call->options.format;

  if (call->options.json && g_strv_contains ((const char *const *)list, "ndjson"))
    wanted = "ndjson";
  if (wanted == NULL)
    wanted = list[0] == NULL ? "" : list[0];
  else if (!g_strv_contains ((const char *const *)list, wanted))
    return gander_cli_error_set_usage (error,
                                       "%s cannot write %s; its formats are: %s",
                                       call->command->name,
                                       wanted,
                                       *formats == '\0' ? "none" : formats);
  call->format = g_intern_string (wanted);
  return TRUE;
}

/* What can be listed is checked here, once for all commands. */
static gboolean
check_choices (const GanderCall *call, const char *names, GError **error)
{
  g_auto (GStrv) list = g_strsplit (names, " ", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      const char *value = gander_cli_options_get_text (&call->options, list[i]);
      g_auto (GStrv) choices = gander_command_get_choices (call->command, list[i]);
      g_autofree char *known = NULL;

      if (value == NULL || choices == NULL || g_str_equal (list[i], "format") ||
          g_strv_contains ((const char *const *)choices, value))
        continue;
      known = g_strjoinv (", ", choices);
      return gander_cli_error_set_usage (error, "--%s %s: it is one of %s", list[i], value, known);
    }
  return TRUE;
}

static void
read_time (GanderCall *call)
{
  const char *name = call->options.time;

  if (g_strcmp0 (name, "ns") == 0)
    call->times.form = GANDER_TIMES_NS;
  else if (g_strcmp0 (name, "wall") == 0)
    call->times.form = GANDER_TIMES_WALL;
}

static gboolean
check_files (GanderCall *call, GError **error)
{
  const GanderCommand *command = call->command;
  guint n = g_strv_length (call->files);

  if (n < command->min_files)
    return gander_cli_error_set_usage (error,
                                       "usage: %s %s %s",
                                       g_get_prgname (),
                                       command->name,
                                       command->arguments);
  if (n > command->max_files)
    return gander_cli_error_set_usage (error,
                                       "%s does not know what to do with “%s”",
                                       command->name,
                                       call->files[command->max_files]);
  return TRUE;
}

static gboolean
read_whens (GanderCall *call, GError **error)
{
  gboolean is_terminal = isatty (STDERR_FILENO) != 0;

  return gander_cli_options_get_when ("color",
                                      call->options.color,
                                      is_terminal && g_getenv ("NO_COLOR") == NULL,
                                      &call->color_errors,
                                      error) &&
         gander_cli_options_get_when ("progress",
                                      call->options.progress,
                                      is_terminal && !call->options.quiet,
                                      &call->show_progress,
                                      error);
}

/* What is left behind the name of the program; the first “--” only ended the options. */
static char **
files_of (char **args)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  gboolean ended = FALSE;

  for (guint i = 1; args[0] != NULL && args[i] != NULL; i++)
    {
      if (!ended && g_str_equal (args[i], "--"))
        ended = TRUE;
      else
        g_ptr_array_add (files, g_strdup (args[i]));
    }
  g_ptr_array_add (files, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&files), FALSE);
}

static gboolean
prepare (GanderCall *call, char ***args, GError **error)
{
  g_autofree char *common = gander_command_get_common_options (call->command);
  g_autofree char *names = g_strconcat (common,
                                        *call->command->options == '\0' ? "" : " ",
                                        call->command->options,
                                        NULL);

  if (!gander_cli_options_parse (&call->options, names, args, error))
    return FALSE;
  call->files = files_of (*args);
  if (call->options.help)
    return TRUE;
  read_time (call);
  return check_choices (call, names, error) && read_whens (call, error) &&
         choose_format (call, error) && check_files (call, error);
}

static gboolean
run_command (GanderCall *call, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  gboolean good = FALSE;

  if (call->options.help)
    return gander_command_help (call, error);
  good = call->command->run (call, &trouble);
  /* Whatever else was found may come of that. */
  if (!gander_call_check_indexes (call, error))
    return FALSE;
  if (!good)
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  if (call->options.strict && call->damaged)
    {
      g_set_error (error,
                   GANDER_CLI_ERROR,
                   GANDER_CLI_ERROR_DAMAGED,
                   "the trace is damaged (--strict)");
      return FALSE;
    }
  return TRUE;
}

static gboolean
run (GanderCall *call, int argc, char **argv, GError **error)
{
  g_autoptr (GPtrArray) args = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) rest = NULL;

  for (int i = 0; i < argc; i++)
    g_ptr_array_add (args, g_strdup (argv[i]));
  g_ptr_array_add (args, NULL);
  if (!find_command (args, &call->command, error))
    return FALSE;
  rest = (char **)g_ptr_array_free (g_steal_pointer (&args), FALSE);
  return prepare (call, &rest, error) && run_command (call, error);
}

static int
report (const GanderCall *call, const GError *error)
{
  GanderExit status = gander_exit_from_error (error);
  g_autofree char *message = gander_text_escape (error->message);
  int received = gander_signal_get_received ();

  if (status == GANDER_EXIT_INTERRUPTED)
    return received == 0 ? (int)status : 128 + received;
  fprintf (stderr, "%s: %s\n", g_get_prgname (), message);
  if (call->hint != NULL)
    fprintf (stderr, "%s\n", call->hint);
  return status;
}

int
gander_cli_run (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GanderCall call = { .cancellable = cancellable };
  g_autofree char *name = g_path_get_basename (argc > 0 ? argv[0] : "gander-cli");
  int status = GANDER_EXIT_DONE;

  setlocale (LC_ALL, "");
  /* Numbers are the same in every locale. */
  setlocale (LC_NUMERIC, "C");
  g_set_prgname (name);
  gander_signal_watch (cancellable);
  if (!run (&call, argc, argv, &error))
    status = report (&call, error);
  gander_cli_options_clear (&call.options);
  g_strfreev (call.files);
  g_free (call.hint);
  g_clear_pointer (&call.indexes, g_ptr_array_unref);
  return status;
}
