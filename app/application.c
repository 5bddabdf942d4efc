/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"

#include "app/command-line.h"
#include "app/shortcuts.h"
#include "app/window.h"
#include "gander-app-resources.h"
#include "widgets/widgets.h"

#include <glib/gi18n.h>

#define EXIT_USAGE  2
#define FRAME_WIDTH 5 /* px, of a window where there can be no shadow around it */

struct _GanderApplication
{
  AdwApplication parent_instance;
  GanderRemembered remembered;
  GanderLoader *ahead; /* (nullable) of the trace that will be opened first */
};

G_DEFINE_FINAL_TYPE (GanderApplication, gander_application, ADW_TYPE_APPLICATION)

static const AdwColorScheme color_schemes[GANDER_N_APPEARANCES] = {
  [GANDER_APPEARANCE_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
  [GANDER_APPEARANCE_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
  [GANDER_APPEARANCE_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
};

GanderApplication *
gander_application_new (void)
{
  return g_object_new (GANDER_TYPE_APPLICATION,
                       "application-id",
                       GANDER_APPLICATION_ID,
                       "resource-base-path",
                       "/org/gander/Gander",
                       "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE,
                       NULL);
}

/* The window will have the size of the last one, on the first monitor as far as anybody knows. */
static void
set_window_size (GanderApplication *self, GanderLoader *loader)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (gdk_display_get_monitors (display), 0);
  GdkRectangle area = { .width = self->remembered.width, .height = self->remembered.height };

  if (monitor != NULL && self->remembered.maximized)
    gdk_monitor_get_geometry (monitor, &area);
  else if (!gdk_display_is_composited (display))
    area.width -= 2 * FRAME_WIDTH;
  gander_loader_set_window_size (loader,
                                 area.width,
                                 area.height,
                                 monitor != NULL ? gdk_monitor_get_scale_factor (monitor) : 1);
}

void
gander_application_expect (GanderApplication *self, GFile *file)
{
  g_clear_object (&self->ahead);
  self->ahead = gander_loader_new (file);
}

GanderLoader *
gander_application_take_loader (GanderApplication *self, GFile *file)
{
  GanderLoader *loader = NULL;

  if (self->ahead != NULL && g_file_equal (gander_loader_get_file (self->ahead), file))
    return g_steal_pointer (&self->ahead);
  loader = gander_loader_new (file);
  set_window_size (self, loader);
  return loader;
}

GanderRemembered *
gander_application_get_remembered (GanderApplication *self)
{
  return &self->remembered;
}

void
gander_application_remember (GanderApplication *self)
{
  g_autofree char *path = gander_remembered_get_path ();
  g_autoptr (GError) error = NULL;

  /* Not worth a dialog: the next window just has its default size. */
  if (!gander_remembered_save (&self->remembered, path, &error))
    g_debug ("cannot remember the window: %s", error->message);
}

/* Windows. */

static GanderWindow *
get_window (GanderApplication *self, gboolean is_new)
{
  GtkApplication *application = GTK_APPLICATION (self);

  if (!is_new)
    for (GList *i = gtk_application_get_windows (application); i != NULL; i = i->next)
      if (GANDER_IS_WINDOW (i->data))
        return i->data;
  return gander_window_new (application);
}

static void
open_file (GanderApplication *self, GanderWindow *window, GFile *file)
{
  for (GList *i = gtk_application_get_windows (GTK_APPLICATION (self)); i != NULL; i = i->next)
    if (GANDER_IS_WINDOW (i->data) && gander_window_select (i->data, file))
      {
        gtk_window_present (i->data);
        return;
      }
  gander_window_open (window, file);
}

static void
gander_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (GANDER_APPLICATION (application), FALSE)));
}

/* A new window is shown when it has what is opened in it: to lay out the page that tells how to
 * open something takes as long as a first picture. Returns: whether @window is a new one. */
static gboolean
show_if_there (GanderWindow *window)
{
  gboolean is_new = !gtk_widget_get_mapped (GTK_WIDGET (window));

  if (!is_new)
    gtk_window_present (GTK_WINDOW (window));
  return is_new;
}

static void
gander_application_open (GApplication *application,
                         GFile **files,
                         int n_files,
                         const char *hint G_GNUC_UNUSED)
{
  GanderApplication *self = GANDER_APPLICATION (application);
  GanderWindow *window = get_window (self, FALSE);
  gboolean is_new = show_if_there (window);

  for (int i = 0; i < n_files; i++)
    open_file (self, window, files[i]);
  if (is_new)
    gtk_window_present (GTK_WINDOW (window));
}

static void
open_words (GanderApplication *self,
            GanderWindow *window,
            GApplicationCommandLine *command_line,
            const GanderCommandLine *words)
{
  if (words->compare)
    {
      g_autoptr (GFile) a =
          g_application_command_line_create_file_for_arg (command_line, words->files[0]);
      g_autoptr (GFile) b =
          g_application_command_line_create_file_for_arg (command_line, words->files[1]);

      gander_window_compare (window, a, b);
      return;
    }

  for (guint i = 0; words->files != NULL && words->files[i] != NULL; i++)
    {
      g_autoptr (GFile) file =
          g_application_command_line_create_file_for_arg (command_line, words->files[i]);

      if (words->new_window)
        gander_window_open (window, file);
      else
        open_file (self, window, file);
    }
}

/* main () has parsed the same words before; here they come from the process that was started
 * last, with its folder. */
static int
gander_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GanderApplication *self = GANDER_APPLICATION (application);
  g_auto (GanderCommandLine) words = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = g_application_command_line_get_arguments (command_line, NULL);
  GanderWindow *window = NULL;
  gboolean is_new = FALSE;

  if (!gander_command_line_parse (&words, (const char *const *)argv, &error))
    {
      g_application_command_line_printerr (command_line, "gander: %s\n", error->message);
      return EXIT_USAGE;
    }

  window = get_window (self, words.new_window);
  is_new = show_if_there (window);
  open_words (self, window, command_line, &words);
  if (is_new)
    gtk_window_present (GTK_WINDOW (window));
  return 0;
}

/* Actions. */

static void
new_window_activated (GSimpleAction *action G_GNUC_UNUSED,
                      GVariant *parameter G_GNUC_UNUSED,
                      gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (get_window (user_data, TRUE)));
}

static void
quit_activated (GSimpleAction *action G_GNUC_UNUSED,
                GVariant *parameter G_GNUC_UNUSED,
                gpointer user_data)
{
  g_autoptr (GList) windows =
      g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  /* Closed one by one, so that each can remember what it has to. */
  for (GList *i = windows; i != NULL; i = i->next)
    gtk_window_close (i->data);
}

static void
about_activated (GSimpleAction *action G_GNUC_UNUSED,
                 GVariant *parameter G_GNUC_UNUSED,
                 gpointer user_data)
{
  g_autofree char *debug_info =
      g_strdup_printf ("Gander %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n",
                       GANDER_VERSION,
                       gtk_get_major_version (),
                       gtk_get_minor_version (),
                       gtk_get_micro_version (),
                       adw_get_major_version (),
                       adw_get_minor_version (),
                       adw_get_micro_version (),
                       glib_major_version,
                       glib_minor_version,
                       glib_micro_version);

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name",
                         "Gander",
                         "application-icon",
                         GANDER_APPLICATION_ID,
                         "version",
                         GANDER_VERSION,
                         "developer-name",
                         _ ("The Gander developers"),
                         "comments",
                         _ ("Shows what the goroutines of a Go program did, and why they waited."),
                         "license-type",
                         GTK_LICENSE_GPL_3_0,
                         "debug-info",
                         debug_info,
                         "debug-info-filename",
                         "gander.txt",
                         NULL);
}

static void
show_appearance (GanderApplication *self)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      color_schemes[self->remembered.appearance]);
}

static void
appearance_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  GanderApplication *self = user_data;

  self->remembered.appearance = gander_appearance_from_id (g_variant_get_string (state, NULL));
  g_simple_action_set_state (action,
                             g_variant_new_string (
                                 gander_appearance_get_id (self->remembered.appearance)));
  show_appearance (self);
}

static void
add_actions (GanderApplication *self)
{
  const GActionEntry entries[] = {
    { .name = "new-window", .activate = new_window_activated },
    { .name = "about", .activate = about_activated },
    { .name = "quit", .activate = quit_activated },
  };
  g_autoptr (GSimpleAction) appearance =
      g_simple_action_new_stateful ("appearance",
                                    G_VARIANT_TYPE_STRING,
                                    g_variant_new_string (
                                        gander_appearance_get_id (self->remembered.appearance)));

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (appearance, "change-state", G_CALLBACK (appearance_changed), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (appearance));
}

/* The class. */

static void
gander_application_startup (GApplication *application)
{
  GanderApplication *self = GANDER_APPLICATION (application);
  g_autofree char *path = gander_remembered_get_path ();

  gander_remembered_load (&self->remembered, path);
  /* GTK takes longer to start than the first events to be read. */
  if (self->ahead != NULL)
    {
      set_window_size (self, self->ahead);
      gander_loader_start (self->ahead);
    }
  /* Before AdwApplication looks for the style sheet in it. */
  g_resources_register (gander_app_get_resource ());
  G_APPLICATION_CLASS (gander_application_parent_class)->startup (application);

  gander_widgets_init ();
  show_appearance (self);
  add_actions (self);
  gander_shortcuts_bind (GTK_APPLICATION (self));
  gtk_window_set_default_icon_name (GANDER_APPLICATION_ID);
}

static void
gander_application_shutdown (GApplication *application)
{
  GanderApplication *self = GANDER_APPLICATION (application);

  gander_application_remember (self);
  if (self->ahead != NULL)
    gander_loader_cancel (self->ahead);
  G_APPLICATION_CLASS (gander_application_parent_class)->shutdown (application);
}

static void
gander_application_finalize (GObject *object)
{
  GanderApplication *self = GANDER_APPLICATION (object);

  gander_remembered_clear (&self->remembered);
  g_clear_object (&self->ahead);

  G_OBJECT_CLASS (gander_application_parent_class)->finalize (object);
}

static void
gander_application_class_init (GanderApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = gander_application_finalize;
  application_class->startup = gander_application_startup;
  application_class->shutdown = gander_application_shutdown;
  application_class->activate = gander_application_activate;
  application_class->open = gander_application_open;
  application_class->command_line = gander_application_command_line;
}

static void
gander_application_init (GanderApplication *self G_GNUC_UNUSED)
{
}
