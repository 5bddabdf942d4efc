/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A window: a header bar, a tab for each trace and each comparison, or the start page. */

#include "app/trace-page.h"

G_BEGIN_DECLS

#define GANDER_TYPE_WINDOW (gander_window_get_type ())
G_DECLARE_FINAL_TYPE (GanderWindow, gander_window, GANDER, WINDOW, AdwApplicationWindow)

/* Returns: (transfer none) a window as large as the last one, not yet presented. GTK owns it. */
GanderWindow *gander_window_new (GtkApplication *application);

/* Opens @file in a new tab, or selects the tab that shows it. */
void gander_window_open (GanderWindow *self, GFile *file);

/* Opens @a, the first, and @b in a comparison tab, or selects the tab that shows them. */
void gander_window_compare (GanderWindow *self, GFile *a, GFile *b);

/* Selects the tab of @file.
 *
 * Returns: FALSE when this window has none. */
gboolean gander_window_select (GanderWindow *self, GFile *file);

G_END_DECLS
