/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/open-dialog.h"

#include <glib/gi18n.h>

#define DIALOG_KEY "gander-open-dialog"

typedef struct
{
  GanderOpenDialogFunc func;
  gpointer user_data;
  GtkWindow *parent; /* (unowned) owns the dialog */
} OpenDialog;

static void
add_filters (GtkFileChooser *chooser)
{
  static const char *const patterns[] = { "*.trace", "*.out",      "trace",
                                          "trace-*", "*.trace.gz", "*.trace.zst" };
  g_autoptr (GtkFileFilter) traces = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (traces, _ ("Execution Traces"));
  gtk_file_filter_add_mime_type (traces, "application/x-go-execution-trace");
  gtk_file_filter_add_mime_type (traces, "application/x-go-execution-trace+zstd");
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    gtk_file_filter_add_pattern (traces, patterns[i]);
  gtk_file_chooser_add_filter (chooser, traces);

  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

static void
dialog_answered (GtkNativeDialog *dialog, int response, OpenDialog *self)
{
  GtkWindow *parent = self->parent;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) model = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < g_list_model_get_n_items (model); i++)
        g_ptr_array_add (files, g_list_model_get_item (model, i));
      if (files->len > 0)
        self->func (files, self->user_data);
    }

  g_object_set_data (G_OBJECT (parent), DIALOG_KEY, NULL);
}

static void
free_closure (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  g_free (data);
}

void
gander_open_dialog_run (GtkWindow *parent,
                        const char *title,
                        gboolean multiple,
                        GFile *folder,
                        GanderOpenDialogFunc func,
                        gpointer user_data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title,
                                                              parent,
                                                              GTK_FILE_CHOOSER_ACTION_OPEN,
                                                              _ ("_Open"),
                                                              _ ("_Cancel"));
  OpenDialog *self = g_new (OpenDialog, 1);

  *self = (OpenDialog){ .func = func, .user_data = user_data, .parent = parent };
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), multiple);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  add_filters (GTK_FILE_CHOOSER (dialog));

  g_signal_connect_data (dialog,
                         "response",
                         G_CALLBACK (dialog_answered),
                         self,
                         free_closure,
                         G_CONNECT_DEFAULT);
  /* Nobody else holds a native dialog; a second one takes the place of the first. */
  g_object_set_data_full (G_OBJECT (parent), DIALOG_KEY, dialog, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
