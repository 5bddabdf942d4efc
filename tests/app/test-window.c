/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"
#include "app/banner.h"
#include "app/drop-dialog.h"
#include "app/shortcuts.h"
#include "app/window.h"
#include "widgets/widgets.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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

static GFile *
find_sample (const char *name)
{
  return g_file_new_build_filename (g_test_get_dir (G_TEST_DIST),
                                    "..",
                                    "data",
                                    "examples",
                                    name,
                                    NULL);
}

static gpointer
find_widget (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GanderTracePage *
get_page (GanderWindow *window)
{
  AdwTabView *view = find_widget (GTK_WIDGET (window), ADW_TYPE_TAB_VIEW);
  AdwTabPage *tab = adw_tab_view_get_selected_page (view);

  return tab != NULL ? GANDER_TRACE_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

static void
spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

static void
wait_until_loaded (GanderTracePage *page)
{
  gboolean is_loading = TRUE;

  while (is_loading)
    {
      g_main_context_iteration (NULL, TRUE);
      g_object_get (page, "loading", &is_loading, NULL);
    }
}

/* A closed tab takes its page with it, and so the index and its mapping. */
static void
check_tabs (GanderWindow *window)
{
  g_autoptr (GFile) sample = find_sample ("pipeline.trace.zst");
  g_autoptr (GFile) orders = find_sample ("orders.trace.zst");
  gpointer page;
  GtkWindow *other;

  gander_window_open (window, sample);
  page = get_page (window);
  g_object_add_weak_pointer (page, &page);
  wait_until_loaded (page);
  g_assert_nonnull (gander_trace_page_get_view (page));
  spin (100);
  gander_trace_page_reload (page);
  wait_until_loaded (page);
  g_assert_nonnull (gander_trace_page_get_view (page));
  spin (100);

  /* To a window of its own, where it is closed. */
  gander_window_compare (window, sample, orders);
  gander_window_select (window, sample);
  g_assert_true (get_page (window) == page);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.move-tab", NULL);
  spin (100);
  other = GTK_WINDOW (gtk_widget_get_root (page));
  g_assert_true (other != GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (other), "win.close-tab", NULL);
  spin (100);
  g_assert_null (page);
  gtk_window_close (other);

  /* A comparison too. */
  page = get_page (window);
  g_assert_true (gander_trace_page_is_comparison_of (page, sample, orders));
  g_object_add_weak_pointer (page, &page);
  wait_until_loaded (page);
  spin (100);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-tab", NULL);
  spin (100);
  g_assert_null (page);
}

static void
check_troubles (GanderWindow *window)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/nonexistent/a.trace");
  g_autoptr (GFile) other = g_file_new_for_path ("/nonexistent/b.trace");

  g_assert_false (gander_window_select (window, missing));
  gander_window_open (window, missing);
  g_assert_true (gander_window_select (window, missing));
  g_assert_false (gander_window_select (window, other));
  gander_window_compare (window, missing, other);
  /* The tab of a comparison is not the tab of its traces. */
  g_assert_false (gander_window_select (window, other));
  wait_until_loaded (get_page (window));
  g_assert_null (gander_trace_page_get_view (get_page (window)));
}

/* The index of a trace that is shown is cut: a banner says so, and Rebuild mends it. */
static void
check_broken (GanderWindow *window)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "broken.trace", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (GFile) sample = find_sample ("pipeline.trace.zst");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GanderBanner *banner = NULL;
  GanderTraceSession *session = NULL;
  GanderLane lane;
  const char *text = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_assert_true (g_file_copy (sample, file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, NULL));
  gander_window_open (window, file);
  wait_until_loaded (get_page (window));
  banner = find_widget (GTK_WIDGET (get_page (window)), GANDER_TYPE_BANNER);
  spin (1500);
  text = gander_banner_get_text (banner);
  g_assert_true (text == NULL || strstr (text, "index") == NULL);

  kept = gander_load_get_cache_path (path, NULL);
  g_assert_cmpint (truncate (kept, 0), ==, 0);
  session = gander_timeline_view_get_session (
      GANDER_TIMELINE_VIEW (gander_trace_page_get_view (get_page (window))));
  gander_index_get_lane (gander_trace_session_get_index (session), 0, &lane);
  g_assert_true (gander_index_is_broken (gander_trace_session_get_index (session)));
  for (guint i = 0; i < 100; i++)
    {
      text = gander_banner_get_text (banner);
      if (text != NULL && strstr (text, "index") != NULL)
        break;
      spin (100);
    }
  g_assert_cmpstr (gander_banner_get_text (banner),
                   ==,
                   "The stored index cannot be read. What is shown may be wrong until it is built "
                   "anew.");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", NULL);
  wait_until_loaded (get_page (window));
  spin (1500);
  text = gander_banner_get_text (banner);
  g_assert_true (text == NULL || strstr (text, "index") == NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-tab", NULL);
  g_unlink (path);
}

static void
check_drop (GanderWindow *window)
{
  g_autoptr (GFile) sample = find_sample ("pipeline.trace.zst");
  g_autoptr (GFile) orders = find_sample ("orders.trace.zst");
  g_autoptr (GList) windows = NULL;
  AdwMessageDialog *dialog = NULL;

  gander_drop_dialog_present (window, orders, sample);
  windows = gtk_window_list_toplevels ();
  for (GList *i = windows; i != NULL; i = i->next)
    if (ADW_IS_MESSAGE_DIALOG (i->data))
      dialog = i->data;
  g_assert_nonnull (dialog);
  adw_message_dialog_response (dialog, "compare");
  g_assert_true (gander_trace_page_is_comparison_of (get_page (window), orders, sample));
}

/* What the command line names is read before there is a window; its page shows what it finds. */
static void
check_ahead (GanderApplication *application)
{
  g_autoptr (GFile) sample = find_sample ("pipeline.trace.zst");
  g_autoptr (GFile) orders = find_sample ("orders.trace.zst");
  g_autoptr (GanderLoader) other = gander_application_take_loader (application, orders);
  g_autoptr (GanderLoader) ahead = gander_application_take_loader (application, sample);
  g_autoptr (GanderLoader) again = gander_application_take_loader (application, sample);
  GtkWidget *page = NULL;

  g_assert_cmpint (gander_loader_get_state (other), ==, GANDER_LOADER_IDLE);
  g_assert_cmpint (gander_loader_get_state (ahead), !=, GANDER_LOADER_IDLE);
  g_assert_cmpint (gander_loader_get_state (again), ==, GANDER_LOADER_IDLE);
  while (gander_loader_get_state (ahead) == GANDER_LOADER_BUSY)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (gander_loader_get_state (ahead), ==, GANDER_LOADER_READY);
  page = g_object_ref_sink (gander_trace_page_new (ahead));
  wait_until_loaded (GANDER_TRACE_PAGE (page));
  g_assert_nonnull (gander_trace_page_get_view (GANDER_TRACE_PAGE (page)));
  g_object_unref (page);
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

  (*n_runs)++;
  check_shortcuts (application, window);
  check_ahead (GANDER_APPLICATION (application));
  check_actions (window);
  check_tabs (window);
  check_troubles (window);
  check_broken (window);
  check_drop (window);

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
  g_autoptr (GFile) sample = find_sample ("pipeline.trace.zst");
  guint n_runs = 0;
  char *words[] = { (char *)"gander", NULL };
  int status;

  /* After the application's own handler has made the window. */
  g_signal_connect_after (application, "activate", G_CALLBACK (activated), &n_runs);
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  gander_application_expect (application, sample);
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
