/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/shortcuts.h"

#include <glib/gi18n.h>

#define FILES    N_ ("Files and Windows")
#define HELP     N_ ("Help")
#define MOVE     N_ ("Move in Time")
#define SELECT   N_ ("Select")
#define LANES    N_ ("Lanes")
#define COMPARED N_ ("Comparison")

/* clang-format off */
static const GanderShortcut shortcuts[] = {
  { FILES, N_ ("Open"), "win.open", "<Control>o <Control>t" },
  { FILES, N_ ("Compare with another trace"), "win.compare", "<Control>d" },
  { FILES, N_ ("Read the file again"), "win.reload", "<Control>r F5" },
  { FILES, N_ ("Cancel reading"), NULL, "Escape" },
  { FILES, N_ ("Close the tab"), "win.close-tab", "<Control>w" },
  { FILES, N_ ("New window"), "app.new-window", "<Control>n" },
  { FILES, N_ ("Close the window"), "window.close", "<Control><Shift>w" },
  { FILES, N_ ("Full screen"), "win.fullscreen", "F11" },
  { FILES, N_ ("Next tab"), NULL, "<Control>Tab" },
  { FILES, N_ ("Previous tab"), NULL, "<Control><Shift>Tab" },
  { FILES, N_ ("Tab by number"), NULL, "<Alt>1...9" },
  { FILES, N_ ("Quit"), "app.quit", "<Control>q" },
  { MOVE, N_ ("Zoom in"), "win.zoom-in", "<Control>plus <Control>equal <Control>KP_Add" },
  { MOVE, N_ ("Zoom out"), "win.zoom-out", "<Control>minus <Control>KP_Subtract" },
  { MOVE, N_ ("Show the whole trace"), "win.fit", "<Control>0 <Control>KP_0" },
  { MOVE, N_ ("Back to the view before"), "win.back", "<Alt>Left" },
  { MOVE, N_ ("Forward again"), "win.forward", "<Alt>Right" },
  { MOVE, N_ ("Zoom in and out about the pointer"), NULL, "w s" },
  { MOVE, N_ ("Pan left and right"), NULL, "a d" },
  { MOVE, N_ ("Start and end of the trace"), NULL, "Home End" },
  { MOVE, N_ ("Zoom to the selection"), NULL, "z" },
  { SELECT, N_ ("Next span of the lane"), NULL, "Right" },
  { SELECT, N_ ("Previous span of the lane"), NULL, "Left" },
  { SELECT, N_ ("Lane above and below"), NULL, "Up Down" },
  { SELECT, N_ ("Who woke this"), NULL, "f" },
  { SELECT, N_ ("What this woke"), NULL, "<Shift>f" },
  { SELECT, N_ ("Clear the selection"), NULL, "Escape" },
  { LANES, N_ ("Open or close a group"), NULL, "Return" },
  { LANES, N_ ("Show or hide the details"), "win.toggle-details", "F9" },
  { COMPARED, N_ ("Link or unlink the two traces"), NULL, "l" },
  { COMPARED, N_ ("Swap the two traces"), "win.swap", "<Control><Shift>x" },
  { HELP, N_ ("Keyboard shortcuts"), "win.shortcuts", "<Control>question <Control>slash" },
  { HELP, N_ ("Main menu"), NULL, "F10" },
};
/* clang-format on */

const GanderShortcut *
gander_shortcuts_get (guint *n)
{
  *n = G_N_ELEMENTS (shortcuts);
  return shortcuts;
}

void
gander_shortcuts_bind (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    if (shortcuts[i].action != NULL)
      {
        g_auto (GStrv) keys = g_strsplit (shortcuts[i].keys, " ", -1);

        gtk_application_set_accels_for_action (application,
                                               shortcuts[i].action,
                                               (const char *const *)keys);
      }
}

static void
append_group (GString *ui, const char *title)
{
  g_autofree char *text = g_markup_printf_escaped ("<child><object class='GtkShortcutsGroup'>"
                                                   "<property name='title'>%s</property>",
                                                   title);

  g_string_append (ui, text);
}

char *
gander_shortcuts_get_ui (void)
{
  GString *ui = g_string_new ("<interface><object class='GtkShortcutsWindow' id='shortcuts'>"
                              "<property name='modal'>1</property>"
                              "<child><object class='GtkShortcutsSection'>"
                              "<property name='section-name'>all</property>"
                              "<property name='max-height'>20</property>");
  const char *section = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      const GanderShortcut *row = &shortcuts[i];
      g_autofree char *text = NULL;

      if (g_strcmp0 (section, row->section) != 0)
        {
          if (section != NULL)
            g_string_append (ui, "</object></child>");
          section = row->section;
          append_group (ui, _ (section));
        }
      text = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                      "<property name='title'>%s</property>"
                                      "<property name='accelerator'>%s</property>"
                                      "</object></child>",
                                      _ (row->title),
                                      row->keys);
      g_string_append (ui, text);
    }
  g_string_append (ui, "</object></child></object></child></object></interface>");

  return g_string_free (ui, FALSE);
}

void
gander_shortcuts_present (GtkWindow *parent)
{
  g_autofree char *ui = gander_shortcuts_get_ui ();
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui, -1);
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}
