/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"
#include "app/shortcuts.h"
#include "app/window.h"

/* Runs in "activate" of a real application, so that every template is built. */
static void
check_shortcuts (GtkApplication *application, GanderWindow *window)
{
  guint n = 0;
  const GanderShortcut *shortcuts = gander_shortcuts_get (&n);
  g_autofree char *ui = gander_shortcuts_get_ui ();
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_autoptr (GHashTable) bound = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  gtk_builder_add_from_string (builder, ui, -1, &error);
  g_assert_no_error (error);
  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts")));

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) keys = g_strsplit (shortcuts[i].keys, " ", -1);
      g_auto (GStrv) accels = NULL;

      if (shortcuts[i].action == NULL)
        continue;
      accels = gtk_application_get_accels_for_action (application, shortcuts[i].action);
      g_assert_cmpuint (g_strv_length (accels), ==, g_strv_length (keys));
      for (guint k = 0; keys[k] != NULL; k++)
        {
          guint key = 0;
          GdkModifierType modifiers = 0;

          g_assert_true (gtk_accelerator_parse (keys[k], &key, &modifiers));
          /* No key does two things. */
          g_assert_true (g_hash_table_add (bound, gtk_accelerator_name (key, modifiers)));
        }
      if (g_str_has_prefix (shortcuts[i].action, "app."))
        g_assert_true (
            g_action_group_has_action (G_ACTION_GROUP (application), shortcuts[i].action + 4));
    }
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.toast", "s", "text"));
}

static gboolean
has_class_action (gpointer class, const char *name)
{
  GType owner;
  const char *action;
  const GVariantType *type;
  const char *property;

  for (guint i = 0; gtk_widget_class_query_action (class, i, &owner, &action, &type, &property);
       i++)
    if (g_str_equal (action, name))
      return TRUE;
  return FALSE;
}

/* Every "win." key has an action behind it. */
static void
check_actions (GanderWindow *window)
{
  guint n = 0;
  const GanderShortcut *shortcuts = gander_shortcuts_get (&n);

  for (guint i = 0; i < n; i++)
    if (shortcuts[i].action != NULL && g_str_has_prefix (shortcuts[i].action, "win."))
      g_assert_true (has_class_action (GTK_WIDGET_GET_CLASS (window), shortcuts[i].action));
}

static gboolean
close_all (gpointer data)
{
  g_action_group_activate_action (data, "quit", NULL);
  return G_SOURCE_REMOVE;
}

static void
activated (GtkApplication *application, guint *n_runs)
{
  GanderWindow *window = GANDER_WINDOW (gtk_application_get_active_window (application));
  g_autoptr (GFile) missing = g_file_new_for_path ("/nonexistent/a.trace");
  g_autoptr (GFile) other = g_file_new_for_path ("/nonexistent/b.trace");

  (*n_runs)++;
  check_shortcuts (application, window);
  check_actions (window);

  g_assert_false (gander_window_select (window, missing));
  gander_window_open (window, missing);
  g_assert_true (gander_window_select (window, missing));
  g_assert_false (gander_window_select (window, other));
  gander_window_compare (window, missing, other);
  /* The tab of a comparison is not the tab of its traces. */
  g_assert_false (gander_window_select (window, other));

  g_action_group_activate_action (G_ACTION_GROUP (application),
                                  "appearance",
                                  g_variant_new_string ("dark"));
  g_assert_true (adw_style_manager_get_dark (adw_style_manager_get_default ()));
  gander_shortcuts_present (GTK_WINDOW (window));
  g_action_group_activate_action (G_ACTION_GROUP (application), "about", NULL);
  g_timeout_add (300, close_all, application);
}

static void
test_run (void)
{
  g_autoptr (GanderApplication) application = gander_application_new ();
  guint n_runs = 0;
  char *words[] = { (char *)"gander", NULL };
  int status;

  /* After the application's own handler has made the window. */
  g_signal_connect_after (application, "activate", G_CALLBACK (activated), &n_runs);
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  status = g_application_run (G_APPLICATION (application), 1, words);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpuint (n_runs, ==, 1);
  g_assert_cmpint (gander_application_get_remembered (application)->appearance,
                   ==,
                   GANDER_APPEARANCE_DARK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_disable_setlocale ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  g_test_add_func ("/window/run", test_run);
  return g_test_run ();
}
