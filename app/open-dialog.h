/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one place that knows which file chooser GTK offers. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @files (element-type GFile), at least one, only during the call. */
typedef void (*GanderOpenDialogFunc) (GPtrArray *files, gpointer user_data);

/* Asks for traces, beginning in @folder (nullable), and calls @func with those chosen; not when
 * the user changes their mind. The dialog lives no longer than @parent, which must be a widget's
 * window. */
void gander_open_dialog_run (GtkWindow *parent,
                             const char *title,
                             gboolean multiple,
                             GFile *folder,
                             GanderOpenDialogFunc func,
                             gpointer user_data);

G_END_DECLS
