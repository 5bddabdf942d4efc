/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/drop-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  GanderWindow *window; /* (unowned) the dialog is modal to it */
  GFile *files[2];
} Drop;

static void
drop_free (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  Drop *drop = data;

  g_object_unref (drop->files[0]);
  g_object_unref (drop->files[1]);
  g_free (drop);
}

static void
drop_answered (AdwMessageDialog *dialog G_GNUC_UNUSED, const char *response, Drop *drop)
{
  if (g_str_equal (response, "compare"))
    gander_window_compare (drop->window, drop->files[0], drop->files[1]);
  else if (g_str_equal (response, "open"))
    for (guint i = 0; i < 2; i++)
      gander_window_open (drop->window, drop->files[i]);
}

void
gander_drop_dialog_present (GanderWindow *window, GFile *a, GFile *b)
{
  GtkWidget *widget =
      adw_message_dialog_new (GTK_WINDOW (window),
                              _ ("Compare These Two Traces?"),
                              _ ("A comparison shows both on one time axis, with what differs."));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Drop *drop = g_new (Drop, 1);

  *drop = (Drop){ .window = window, .files = { g_object_ref (a), g_object_ref (b) } };
  adw_message_dialog_add_responses (dialog,
                                    "cancel",
                                    _ ("_Cancel"),
                                    "open",
                                    _ ("_Open Both"),
                                    "compare",
                                    _ ("C_ompare"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "compare", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "compare");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog,
                         "response",
                         G_CALLBACK (drop_answered),
                         drop,
                         drop_free,
                         G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (dialog));
}
