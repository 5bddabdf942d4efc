/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/start-page.h"

#include "app/cli/cli.h"
#include "app/recent.h"

#include <glib/gi18n.h>

/* The menu behind Open has all of them. */
#define MAX_RECENT_ROWS 4

struct _GanderStartPage
{
  AdwBin parent_instance;
  AdwPreferencesGroup *recent_group;
  AdwPreferencesGroup *sample_group;
  AdwExpanderRow *record_row;
  GPtrArray *recent_rows; /* (element-type GtkWidget) unowned, children of recent_group */
};

G_DEFINE_FINAL_TYPE (GanderStartPage, gander_start_page, ADW_TYPE_BIN)

static const struct
{
  const char *title;
  const char *command;
} recordings[] = {
  { N_ ("Of a Test or Benchmark"), "go test -trace trace.out ." },
  { N_ ("Of a Running Program with net/http/pprof"),
    "curl -o trace.out 'http://localhost:6060/debug/pprof/trace?seconds=5'" },
  { N_ ("In Your Own Code, with runtime/trace"), "trace.Start(file); defer trace.Stop()" },
};

static GtkWidget *
make_open_row (GFile *file, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *uri = g_file_get_uri (file);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-uri");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", uri);
  return row;
}

static GtkWidget *
make_recent_row (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *place = folder != NULL ? g_file_get_parse_name (folder) : g_strdup ("");
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (place, home) && place[strlen (home)] == '/')
    {
      g_autofree char *shorter = g_strconcat ("~", place + strlen (home), NULL);

      return make_open_row (file, name, shorter);
    }
  return make_open_row (file, name, place);
}

static void
show_recent (GanderStartPage *self)
{
  g_autoptr (GPtrArray) files = gander_recent_list ();

  for (guint i = 0; i < self->recent_rows->len; i++)
    adw_preferences_group_remove (self->recent_group, self->recent_rows->pdata[i]);
  g_ptr_array_set_size (self->recent_rows, 0);

  for (guint i = 0; i < files->len && i < MAX_RECENT_ROWS; i++)
    {
      GtkWidget *row = make_recent_row (files->pdata[i]);

      adw_preferences_group_add (self->recent_group, row);
      g_ptr_array_add (self->recent_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), self->recent_rows->len > 0);
}

static void
show_samples (GanderStartPage *self)
{
  guint n = 0;
  const GanderExample *samples = gander_examples_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = gander_example_find (&samples[i]);

      if (file == NULL)
        continue;
      adw_preferences_group_add (self->sample_group,
                                 make_open_row (file,
                                                _ (samples[i].title),
                                                _ (samples[i].subtitle)));
      gtk_widget_set_visible (GTK_WIDGET (self->sample_group), TRUE);
    }
}

static void
copy_command (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          g_variant_get_string (parameter, NULL));
  gtk_widget_activate_action (widget, "win.toast", "s", _ ("Copied"));
}

/* When somebody wants to see them: to measure rows that may wrap takes long. */
static void
show_recordings (GanderStartPage *self)
{
  g_signal_handlers_disconnect_by_func (self->record_row, show_recordings, self);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (recordings[i].title));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), recordings[i].command);
      gtk_widget_add_css_class (row, "gander-command");
      gtk_widget_set_tooltip_text (button, _ ("Copy"));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "start.copy");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", recordings[i].command);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_expander_row_add_row (self->record_row, row);
    }
}

static void
gander_start_page_dispose (GObject *object)
{
  GanderStartPage *self = GANDER_START_PAGE (object);

  g_clear_pointer (&self->recent_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (gander_start_page_parent_class)->dispose (object);
}

static void
gander_start_page_class_init (GanderStartPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = gander_start_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, GanderStartPage, sample_group);
  gtk_widget_class_bind_template_child (widget_class, GanderStartPage, record_row);
  gtk_widget_class_install_action (widget_class, "start.copy", "s", copy_command);
}

static void
gander_start_page_init (GanderStartPage *self)
{
  self->recent_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_samples (self);
  g_signal_connect_swapped (self->record_row,
                            "notify::expanded",
                            G_CALLBACK (show_recordings),
                            self);
  show_recent (self);
  g_signal_connect_object (gtk_recent_manager_get_default (),
                           "changed",
                           G_CALLBACK (show_recent),
                           self,
                           G_CONNECT_SWAPPED);
}
