/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Every key of Gander in one table: it binds the actions of the application and the window and
 * fills the shortcuts window. Keys of the views are bound in widgets/ and listed here.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *section; /* untranslated, marked; rows of a section are consecutive */
  const char *group;   /* untranslated, marked; rows of a group are consecutive */
  const char *title;   /* untranslated, marked */
  const char *action;  /* detailed name, "win.open"; NULL = bound by a view */
  const char *keys;    /* accelerators, space-separated */
} GanderShortcut;

/* Returns: (transfer none) (array length=n) the table. */
const GanderShortcut *gander_shortcuts_get (guint *n);

/* Binds the keys of all rows with an action. */
void gander_shortcuts_bind (GtkApplication *application);

/* Returns: (transfer full) a GtkBuilder document of a GtkShortcutsWindow called "shortcuts". */
char *gander_shortcuts_get_ui (void);

/* Opens the shortcuts window above @parent. */
void gander_shortcuts_present (GtkWindow *parent);

G_END_DECLS
