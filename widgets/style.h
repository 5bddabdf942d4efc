/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The colours of the desktop's present style, and the font, for what is drawn by hand. */

#include "widgets/draw/draw.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Returns: (transfer none) the theme for light or dark and for high contrast, as the desktop is
 * now. */
const GanderTheme *gander_style_get_theme (void);

/* Calls @changed (@widget) whenever another theme applies, until @widget goes away. */
void gander_style_watch (GtkWidget *widget, void (*changed) (GtkWidget *widget));

/* Size of the desktop's usual font, 11 pt, in px. */
#define GANDER_STYLE_USUAL_EM (11 * 96 / 72.0)

/* Returns: the size of the font of @widget in px. @family (out) (transfer none) (nullable): its
 * name, valid as long as the font stays. */
double gander_style_get_font (GtkWidget *widget, const char **family);

G_END_DECLS
