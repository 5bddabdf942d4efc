/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The lists in the menu behind Open. Their items activate "win.open-uri". */

#include <gio/gio.h>

G_BEGIN_DECLS

/* Appends the traces that come with Gander to @menu. */
void gander_open_menu_fill_examples (GMenu *menu);

/* Replaces the content of @menu with the traces opened lately. */
void gander_open_menu_fill_recent (GMenu *menu);

G_END_DECLS
