/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include "app/application.h"
#include "app/cli/cli.h"
#include "app/drop-dialog.h"
#include "app/open-dialog.h"
#include "app/open-menu.h"
#include "app/recent.h"
#include "app/shortcuts.h"
#include "app/start-page.h"
#include "widgets/widgets.h"

#include <glib/gi18n.h>

struct _GanderWindow
{
  AdwApplicationWindow parent_instance;
  GSignalGroup *page_signals;    /* of the selected page */
  GSignalGroup *history_signals; /* of its session */
  AdwTabPage *menu_tab;          /* (unowned) whose menu is open, or NULL */

  AdwWindowTitle *title_widget;
  GtkWidget *back_button;
  GtkWidget *forward_button;
  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  AdwTabView *tab_view;
  GMenu *sample_section;
  GMenu *recent_section;
};

G_DEFINE_FINAL_TYPE (GanderWindow, gander_window, ADW_TYPE_APPLICATION_WINDOW)

/* Actions that the view of the selected page carries out. */
static const struct
{
  const char *action;
  const char *view_action;
} view_actions[] = {
  { "win.back", "timeline.back" },       { "win.forward", "timeline.forward" },
  { "win.zoom-in", "timeline.zoom-in" }, { "win.zoom-out", "timeline.zoom-out" },
  { "win.fit", "timeline.fit" },         { "win.toggle-details", "timeline.toggle-details" },
  { "win.swap", "compare.swap" },
};

/* The tab that actions are about: the one whose menu is open, else the selected one. */
static AdwTabPage *
get_tab (GanderWindow *self)
{
  return self->menu_tab != NULL ? self->menu_tab : adw_tab_view_get_selected_page (self->tab_view);
}

static GanderTracePage *
get_page (GanderWindow *self)
{
  AdwTabPage *tab = get_tab (self);

  return tab != NULL ? GANDER_TRACE_PAGE (adw_tab_page_get_child (tab)) : NULL;
}

static GtkWidget *
get_view (GanderWindow *self)
{
  GanderTracePage *page = get_page (self);

  return page != NULL ? gander_trace_page_get_view (page) : NULL;
}

static GanderTraceSession *
get_session (GanderWindow *self)
{
  GtkWidget *view = get_view (self);

  if (GANDER_IS_TIMELINE_VIEW (view))
    return gander_timeline_view_get_session (GANDER_TIMELINE_VIEW (view));
  if (GANDER_IS_COMPARE_VIEW (view))
    return gander_compare_view_get_session (GANDER_COMPARE_VIEW (view), FALSE);
  return NULL;
}

/* What can be done. */

static void
update_step (GanderWindow *self, const char *action, GtkWidget *button, int step)
{
  GanderTraceSession *session = get_session (self);
  gboolean can_go =
      session != NULL && gander_history_can_go (gander_trace_session_get_history (session), step);
  g_autofree char *label = can_go ? gander_trace_session_dup_walk_label (session, step) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, can_go);
  if (label != NULL)
    gtk_widget_set_tooltip_text (button, label);
}

static void
update_steps (GanderWindow *self)
{
  update_step (self, "win.back", self->back_button, -1);
  update_step (self, "win.forward", self->forward_button, 1);
}

static void
update_page (GanderWindow *self)
{
  GanderTracePage *page = get_page (self);
  GtkWidget *view = get_view (self);
  GanderTraceSession *session = get_session (self);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  gboolean is_loading = FALSE;

  if (page != NULL)
    g_object_get (page, "title", &title, "subtitle", &subtitle, "loading", &is_loading, NULL);
  adw_window_title_set_title (self->title_widget, title != NULL ? title : "Gander");
  adw_window_title_set_subtitle (self->title_widget, subtitle != NULL ? subtitle : "");
  gtk_window_set_title (GTK_WINDOW (self), title != NULL ? title : "Gander");

  gtk_stack_set_visible_child_name (self->stack, page != NULL ? "tabs" : "start");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel", is_loading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.reload", page != NULL && !is_loading);
  for (guint i = 0; i < G_N_ELEMENTS (view_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                   view_actions[i].action,
                                   view != NULL && (GANDER_IS_COMPARE_VIEW (view) ||
                                                    !g_str_has_prefix (view_actions[i].view_action,
                                                                       "compare.")));
  gtk_widget_set_visible (self->back_button, page != NULL);
  gtk_widget_set_visible (self->forward_button, page != NULL);

  g_signal_group_set_target (self->history_signals,
                             session != NULL ? gander_trace_session_get_history (session) : NULL);
  update_steps (self);
}

static void
selected_page_changed (GanderWindow *self)
{
  g_signal_group_set_target (self->page_signals, get_page (self));
  update_page (self);
}

static void
setup_menu (GanderWindow *self, AdwTabPage *tab)
{
  GanderTracePage *page;

  self->menu_tab = tab;
  page = get_page (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                 "win.copy-path",
                                 page != NULL && gander_trace_page_get_file (page) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self),
                                 "win.move-tab",
                                 adw_tab_view_get_n_pages (self->tab_view) > 1);
}

/* Tabs. */

static void
show_toast (GanderWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (text));
}

static void
page_cancelled (GanderTracePage *page)
{
  GanderWindow *self = GANDER_WINDOW (gtk_widget_get_root (GTK_WIDGET (page)));

  adw_tab_view_close_page (self->tab_view,
                           adw_tab_view_get_page (self->tab_view, GTK_WIDGET (page)));
  show_toast (self, _ ("Cancelled"));
}

static void
add_page (GanderWindow *self, GtkWidget *page)
{
  AdwTabPage *tab = adw_tab_view_append (self->tab_view, page);

  gander_trace_page_bind (GANDER_TRACE_PAGE (page), tab);
  g_signal_connect (page, "cancelled", G_CALLBACK (page_cancelled), NULL);
  adw_tab_view_set_selected_page (self->tab_view, tab);
}

static AdwTabView *
create_window (GanderWindow *self)
{
  GanderWindow *other = gander_window_new (gtk_window_get_application (GTK_WINDOW (self)));

  /* A tab is going to leave; the keyboard must not be inside it then. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_window_present (GTK_WINDOW (other));
  return other->tab_view;
}

GanderWindow *
gander_window_new (GtkApplication *application)
{
  const GanderRemembered *remembered =
      gander_application_get_remembered (GANDER_APPLICATION (application));
  GanderWindow *self = g_object_new (GANDER_TYPE_WINDOW,
                                     "application",
                                     application,
                                     "default-width",
                                     remembered->width,
                                     "default-height",
                                     remembered->height,
                                     NULL);

  if (remembered->maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  return self;
}

gboolean
gander_window_select (GanderWindow *self, GFile *file)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);
      GFile *shown = gander_trace_page_get_file (GANDER_TRACE_PAGE (adw_tab_page_get_child (tab)));

      if (shown != NULL && g_file_equal (shown, file))
        {
          adw_tab_view_set_selected_page (self->tab_view, tab);
          return TRUE;
        }
    }
  return FALSE;
}

void
gander_window_open (GanderWindow *self, GFile *file)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GanderLoader) loader = NULL;

  if (gander_window_select (self, file))
    return;

  loader = gander_application_take_loader (GANDER_APPLICATION (application), file);
  add_page (self, gander_trace_page_new (loader));
  if (!gander_example_is (file) && g_file_query_exists (file, NULL))
    gander_recent_add (file);
}

void
gander_window_compare (GanderWindow *self, GFile *a, GFile *b)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (gander_trace_page_is_comparison_of (GANDER_TRACE_PAGE (adw_tab_page_get_child (tab)),
                                              a,
                                              b))
        {
          adw_tab_view_set_selected_page (self->tab_view, tab);
          return;
        }
    }
  add_page (self, gander_trace_page_new_comparison (a, b));
}

/* Opening. */

static void
remember_folder (GanderWindow *self, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GanderRemembered *remembered =
      gander_application_get_remembered (GANDER_APPLICATION (application));

  if (folder != NULL)
    {
      g_free (remembered->folder);
      remembered->folder = g_file_get_uri (folder);
    }
}

static void
run_dialog (GanderWindow *self, const char *title, gboolean multiple, GanderOpenDialogFunc func)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  const GanderRemembered *remembered =
      gander_application_get_remembered (GANDER_APPLICATION (application));
  g_autoptr (GFile) folder =
      remembered->folder != NULL ? g_file_new_for_uri (remembered->folder) : NULL;

  gander_open_dialog_run (GTK_WINDOW (self), title, multiple, folder, func, self);
}

static void
open_chosen (GPtrArray *files, gpointer user_data)
{
  GanderWindow *self = user_data;

  remember_folder (self, files->pdata[0]);
  for (guint i = 0; i < files->len; i++)
    gander_window_open (self, files->pdata[i]);
}

static void
compare_chosen (GPtrArray *files, gpointer user_data)
{
  GanderWindow *self = user_data;
  GanderTracePage *page = get_page (self);
  GFile *shown = page != NULL ? gander_trace_page_get_file (page) : NULL;

  remember_folder (self, files->pdata[0]);
  if (files->len == 2)
    gander_window_compare (self, files->pdata[0], files->pdata[1]);
  else if (files->len == 1 && shown != NULL)
    gander_window_compare (self, shown, files->pdata[0]);
  else
    show_toast (self, _ ("Choose two traces to compare"));
}

static void
open_action (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  run_dialog (GANDER_WINDOW (widget), _ ("Open Traces"), TRUE, open_chosen);
}

static void
open_uri_action (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  gander_window_open (GANDER_WINDOW (widget), file);
}

static void
compare_action (GtkWidget *widget,
                const char *action G_GNUC_UNUSED,
                GVariant *parameter G_GNUC_UNUSED)
{
  GanderWindow *self = GANDER_WINDOW (widget);
  GanderTracePage *page = get_page (self);
  GFile *shown = page != NULL ? gander_trace_page_get_file (page) : NULL;

  if (shown != NULL)
    {
      g_autofree char *base = g_file_get_basename (shown);
      g_autofree char *name = g_filename_display_name (base);
      g_autofree char *title = g_strdup_printf (_ ("Compare %s With"), name);

      run_dialog (self, title, FALSE, compare_chosen);
    }
  else
    run_dialog (self, _ ("Choose Two Traces to Compare"), TRUE, compare_chosen);
}

static gboolean
files_dropped (GtkDropTarget *target G_GNUC_UNUSED,
               const GValue *value,
               double x G_GNUC_UNUSED,
               double y G_GNUC_UNUSED,
               GanderWindow *self)
{
  GSList *files = g_value_get_boxed (value);

  if (g_slist_length (files) == 2)
    gander_drop_dialog_present (self, files->data, files->next->data);
  else
    for (GSList *i = files; i != NULL; i = i->next)
      gander_window_open (self, i->data);
  return files != NULL;
}

/* Other actions. */

static void
view_action (GtkWidget *widget, const char *action, GVariant *parameter G_GNUC_UNUSED)
{
  GtkWidget *view = get_view (GANDER_WINDOW (widget));

  for (guint i = 0; view != NULL && i < G_N_ELEMENTS (view_actions); i++)
    if (g_str_equal (view_actions[i].action, action))
      gtk_widget_activate_action (view, view_actions[i].view_action, NULL);
}

static void
reload_action (GtkWidget *widget,
               const char *action G_GNUC_UNUSED,
               GVariant *parameter G_GNUC_UNUSED)
{
  GanderTracePage *page = get_page (GANDER_WINDOW (widget));

  if (page != NULL)
    gander_trace_page_reload (page);
}

static void
cancel_action (GtkWidget *widget,
               const char *action G_GNUC_UNUSED,
               GVariant *parameter G_GNUC_UNUSED)
{
  GanderTracePage *page = get_page (GANDER_WINDOW (widget));

  if (page != NULL)
    gander_trace_page_cancel (page);
}

static void
close_tab_action (GtkWidget *widget,
                  const char *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED)
{
  GanderWindow *self = GANDER_WINDOW (widget);
  AdwTabPage *tab = get_tab (self);

  if (tab != NULL)
    adw_tab_view_close_page (self->tab_view, tab);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
move_tab_action (GtkWidget *widget,
                 const char *action G_GNUC_UNUSED,
                 GVariant *parameter G_GNUC_UNUSED)
{
  GanderWindow *self = GANDER_WINDOW (widget);
  AdwTabPage *tab = get_tab (self);

  if (tab != NULL)
    adw_tab_view_transfer_page (self->tab_view, tab, create_window (self), 0);
}

static void
copy_path_action (GtkWidget *widget,
                  const char *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED)
{
  GanderTracePage *page = get_page (GANDER_WINDOW (widget));
  GFile *file = page != NULL ? gander_trace_page_get_file (page) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_parse_name (file) : NULL;

  if (path != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), path);
}

static void
fullscreen_action (GtkWidget *widget,
                   const char *action G_GNUC_UNUSED,
                   GVariant *parameter G_GNUC_UNUSED)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
shortcuts_action (GtkWidget *widget,
                  const char *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED)
{
  gander_shortcuts_present (GTK_WINDOW (widget));
}

static void
toast_action (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter)
{
  show_toast (GANDER_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* The class. */

static gboolean
gander_window_close_request (GtkWindow *window)
{
  GanderApplication *application = GANDER_APPLICATION (gtk_window_get_application (window));
  GanderRemembered *remembered = gander_application_get_remembered (application);

  gtk_window_get_default_size (window, &remembered->width, &remembered->height);
  remembered->maximized = gtk_window_is_maximized (window);
  gander_application_remember (application);

  return GTK_WINDOW_CLASS (gander_window_parent_class)->close_request (window);
}

static void
gander_window_dispose (GObject *object)
{
  GanderWindow *self = GANDER_WINDOW (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->history_signals);

  G_OBJECT_CLASS (gander_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "win.open", NULL, open_action);
  gtk_widget_class_install_action (class, "win.open-uri", "s", open_uri_action);
  gtk_widget_class_install_action (class, "win.compare", NULL, compare_action);
  gtk_widget_class_install_action (class, "win.reload", NULL, reload_action);
  gtk_widget_class_install_action (class, "win.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (class, "win.close-tab", NULL, close_tab_action);
  gtk_widget_class_install_action (class, "win.move-tab", NULL, move_tab_action);
  gtk_widget_class_install_action (class, "win.copy-path", NULL, copy_path_action);
  gtk_widget_class_install_action (class, "win.fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_action (class, "win.shortcuts", NULL, shortcuts_action);
  gtk_widget_class_install_action (class, "win.toast", "s", toast_action);
  for (guint i = 0; i < G_N_ELEMENTS (view_actions); i++)
    gtk_widget_class_install_action (class, view_actions[i].action, NULL, view_action);
}

static void
gander_window_class_init (GanderWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = gander_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = gander_window_close_request;

  g_type_ensure (GANDER_TYPE_START_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/window.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, title_widget);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, forward_button);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, tab_view);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, sample_section);
  gtk_widget_class_bind_template_child (widget_class, GanderWindow, recent_section);
  install_actions (widget_class);
}

static void
gander_window_init (GanderWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->page_signals = g_signal_group_new (GANDER_TYPE_TRACE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify", G_CALLBACK (update_page), self);
  self->history_signals = g_signal_group_new (GANDER_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history_signals,
                                  "changed",
                                  G_CALLBACK (update_steps),
                                  self);

  g_signal_connect_swapped (self->tab_view,
                            "notify::selected-page",
                            G_CALLBACK (selected_page_changed),
                            self);
  g_signal_connect_swapped (self->tab_view, "setup-menu", G_CALLBACK (setup_menu), self);
  g_signal_connect_swapped (self->tab_view, "create-window", G_CALLBACK (create_window), self);
  g_signal_connect (target, "drop", G_CALLBACK (files_dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self->toast_overlay), GTK_EVENT_CONTROLLER (target));

  gander_open_menu_fill_examples (self->sample_section);
  gander_open_menu_fill_recent (self->recent_section);
  g_signal_connect_object (gtk_recent_manager_get_default (),
                           "changed",
                           G_CALLBACK (gander_open_menu_fill_recent),
                           self->recent_section,
                           G_CONNECT_SWAPPED);
  update_page (self);
}
