/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/shortcuts.h"

#include <glib/gi18n.h>
#include <string.h>

#define FILES    N_ ("Files and Windows")
#define COMPARED N_ ("Comparison")
#define HELP     N_ ("Help")
#define MOVE     N_ ("Move in Time")
#define SELECT   N_ ("Select")
#define LANES    N_ ("Lanes")
#define WINDOW   N_ ("Window")
#define TIMELINE N_ ("Timeline")

/* clang-format off */
static const GanderShortcut shortcuts[] = {
  { WINDOW, FILES, N_ ("Open"), "win.open", "<Control>o <Control>t" },
  { WINDOW, FILES, N_ ("Compare with another trace"), "win.compare", "<Control>d" },
  { WINDOW, FILES, N_ ("Read the file again"), "win.reload", "<Control>r F5" },
  { WINDOW, FILES, N_ ("Cancel reading"), "win.cancel", "Escape" },
  { WINDOW, FILES, N_ ("Close the tab"), "win.close-tab", "<Control>w" },
  { WINDOW, FILES, N_ ("New window"), "app.new-window", "<Control>n" },
  { WINDOW, FILES, N_ ("Close the window"), "window.close", "<Control><Shift>w" },
  { WINDOW, FILES, N_ ("Full screen"), "win.fullscreen", "F11" },
  { WINDOW, FILES, N_ ("Next tab"), NULL, "<Control>Tab" },
  { WINDOW, FILES, N_ ("Previous tab"), NULL, "<Control><Shift>Tab" },
  { WINDOW, FILES, N_ ("Tab by number"), NULL, "<Alt>1...9" },
  { WINDOW, FILES, N_ ("Quit"), "app.quit", "<Control>q" },
  { WINDOW, COMPARED, N_ ("Link or unlink the two traces"), NULL, "l" },
  { WINDOW, COMPARED, N_ ("Swap the two traces"), "win.swap", "<Control><Shift>x" },
  { WINDOW, HELP, N_ ("Keyboard shortcuts"), "win.shortcuts", "<Control>question <Control>slash" },
  { WINDOW, HELP, N_ ("Main menu"), NULL, "F10" },
  { TIMELINE, MOVE, N_ ("Zoom in and out about the pointer"), NULL, "w s" },
  { TIMELINE, MOVE, N_ ("Zoom in"), "win.zoom-in", "<Control>plus <Control>equal <Control>KP_Add" },
  { TIMELINE, MOVE, N_ ("Zoom out"), "win.zoom-out", "<Control>minus <Control>KP_Subtract" },
  { TIMELINE, MOVE, N_ ("Show the whole trace"), "win.fit", "<Control>0 <Control>KP_0" },
  { TIMELINE, MOVE, N_ ("Zoom to the selection, centre it"), NULL, "z <Shift>z" },
  { TIMELINE, MOVE, N_ ("Pan left and right"), NULL, "a d" },
  { TIMELINE, MOVE, N_ ("Start and end of the trace"), NULL, "Home End" },
  { TIMELINE, MOVE, N_ ("Back to the view before"), "win.back", "<Alt>Left" },
  { TIMELINE, MOVE, N_ ("Forward again"), "win.forward", "<Alt>Right" },
  { TIMELINE, SELECT, N_ ("Previous and next span of the lane"), NULL, "Left Right" },
  { TIMELINE, SELECT, N_ ("The same with the same state"), NULL, "<Control>Left <Control>Right" },
  { TIMELINE, SELECT, N_ ("Lane above and below"), NULL, "Up Down" },
  { TIMELINE, SELECT, N_ ("Who woke this, what this woke"), NULL, "f <Shift>f" },
  { TIMELINE, SELECT, N_ ("Copy what is selected"), NULL, "<Control>c" },
  { TIMELINE, SELECT, N_ ("Clear the selection"), NULL, "Escape" },
  { TIMELINE, LANES, N_ ("Open or close a group, or all"), NULL, "c <Shift>c" },
  { TIMELINE, LANES, N_ ("Pin and hide the lane"), NULL, "p h" },
  { TIMELINE, LANES, N_ ("Group goroutines by"), NULL, "g" },
  { TIMELINE, LANES, N_ ("Compact rows"), NULL, "k" },
  { TIMELINE, LANES, N_ ("Tooltips"), NULL, "t" },
  { TIMELINE, LANES, N_ ("Show or hide the details"), "win.toggle-details", "F9" },
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

#define END "</object></child>"

/* Appends the begin of an object, after @ends, the ends of those before it. */
static void
append_begin (GString *ui, const char *ends, const char *type, const char *properties)
{
  g_string_append_printf (ui, "%s<child><object class='%s'>%s", ends, type, properties);
}

static void
append_row (GString *ui, const GanderShortcut *row)
{
  /* The further keys of an action are for other keyboards, and would make the window wide. */
  g_autofree char *keys =
      row->action != NULL ? g_strndup (row->keys, strcspn (row->keys, " ")) : g_strdup (row->keys);
  g_autofree char *text = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                                   "<property name='title'>%s</property>"
                                                   "<property name='accelerator'>%s</property>"
                                                   "</object></child>",
                                                   _ (row->title),
                                                   keys);

  g_string_append (ui, text);
}

char *
gander_shortcuts_get_ui (void)
{
  GString *ui = g_string_new ("<interface><object class='GtkShortcutsWindow' id='shortcuts'>"
                              "<property name='modal'>1</property>");

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      const GanderShortcut *row = &shortcuts[i];
      const GanderShortcut *last = i > 0 ? row - 1 : NULL;

      if (last == NULL || !g_str_equal (last->section, row->section))
        {
          g_autofree char *properties =
              g_markup_printf_escaped ("<property name='section-name'>%s</property>"
                                       "<property name='title'>%s</property>"
                                       "<property name='max-height'>14</property>",
                                       row->section,
                                       _ (row->section));

          append_begin (ui, last != NULL ? END END : "", "GtkShortcutsSection", properties);
        }
      if (last == NULL || !g_str_equal (last->group, row->group))
        {
          gboolean is_first = last == NULL || !g_str_equal (last->section, row->section);
          g_autofree char *properties =
              g_markup_printf_escaped ("<property name='title'>%s</property>", _ (row->group));

          append_begin (ui, is_first ? "" : END, "GtkShortcutsGroup", properties);
        }
      append_row (ui, row);
    }
  g_string_append (ui, END END "</object></interface>");

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
