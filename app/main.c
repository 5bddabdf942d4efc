/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"
#include "app/cli/cli.h"
#include "app/command-line.h"

#include <glib/gi18n.h>
#include <locale.h>

#define EXIT_USAGE      2
#define EXIT_NO_DISPLAY 75 /* EX_TEMPFAIL of sysexits.h: the same words may work elsewhere */

/* Everything that needs no display comes before GTK looks for one. */
int
main (int argc, char **argv)
{
  g_auto (GanderCommandLine) words = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, GANDER_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc > 1 && gander_cli_is_command (argv[1]))
    return gander_cli_run (argc, argv);

  if (!gander_command_line_parse (&words, (const char *const *)argv, &error))
    {
      g_printerr ("gander: %s\n", error->message);
      g_printerr (_ ("Run “gander --help” for what it understands.\n"));
      return EXIT_USAGE;
    }
  if (words.help)
    {
      g_autofree char *help = gander_command_line_get_help ();

      g_print ("%s", help);
      return 0;
    }
  if (words.version)
    {
      g_print ("gander %s\n", GANDER_VERSION);
      return 0;
    }

  if (!gtk_init_check ())
    {
      g_printerr (_ ("gander: there is no display to open a window on; "
                     "“gander-cli summary FILE” tells about a trace in a terminal.\n"));
      return EXIT_NO_DISPLAY;
    }

  application = gander_application_new ();
  if (!words.compare && words.files != NULL && words.files[0] != NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (words.files[0]);

      gander_application_expect (application, file);
    }
  return g_application_run (G_APPLICATION (application), argc, argv);
}
