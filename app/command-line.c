/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-line.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (gander - command - line - error - quark, gander_command_line_error)

static GOptionContext *
make_context (GanderCommandLine *self)
{
  const GOptionEntry entries[] = {
    { "compare",
      0,
      0,
      G_OPTION_ARG_NONE,
      &self->compare,
      N_ ("Show two traces side by side"),
      NULL },
    { "new-window", 0, 0, G_OPTION_ARG_NONE, &self->new_window, N_ ("Open a new window"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Print the version"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, N_ ("Print this text"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->files, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionContext *context = g_option_context_new (_ ("[FILE…]"));

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, _ ("Opens Go execution traces in a window."));
  g_option_context_set_description (
      context, _ ("The commands of gander-cli work too: gander summary FILE, gander help."));
  g_option_context_add_main_entries (context, entries, NULL);

  return context;
}

void
gander_command_line_clear (GanderCommandLine *self)
{
  g_strfreev (self->files);
  *self = (GanderCommandLine){ 0 };
}

gboolean
gander_command_line_parse (GanderCommandLine *self, const char *const *argv, GError **error)
{
  g_auto (GanderCommandLine) parsed = { 0 };
  g_autoptr (GOptionContext) context = make_context (&parsed);
  g_auto (GStrv) words = g_strdupv ((char **)argv);

  *self = (GanderCommandLine){ 0 };
  if (!g_option_context_parse_strv (context, &words, error))
    return FALSE;

  if (parsed.compare && (parsed.files == NULL || g_strv_length (parsed.files) != 2))
    {
      g_set_error_literal (error,
                           GANDER_COMMAND_LINE_ERROR,
                           GANDER_COMMAND_LINE_ERROR_USAGE,
                           _ ("--compare needs exactly two files"));
      return FALSE;
    }

  *self = parsed;
  parsed = (GanderCommandLine){ 0 };
  return TRUE;
}

char *
gander_command_line_get_help (void)
{
  GanderCommandLine unused = { 0 };
  g_autoptr (GOptionContext) context = make_context (&unused);

  return g_option_context_get_help (context, TRUE, NULL);
}
