/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The content of one tab: one trace, or two side by side. It shows how the loading goes, then
 * the view, or why there is none. What the tab and the window's title say are properties:
 * "title", "subtitle", "tooltip" (plain text), "icon-name" (nullable) and "loading".
 *
 * The signal "cancelled" asks whoever holds the page to close it.
 */

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_PAGE (gander_page_get_type ())
G_DECLARE_FINAL_TYPE (GanderPage, gander_page, GANDER, PAGE, AdwBin)

/* Returns: (transfer floating) a page that begins to load @file. */
GtkWidget *gander_page_new (GFile *file);

/* Returns: (transfer floating) a page that compares @a, the first, with @b. */
GtkWidget *gander_page_new_comparison (GFile *a, GFile *b);

/* Returns: (transfer none) (nullable) the trace that is shown; NULL for a comparison. */
GFile *gander_page_get_file (GanderPage *self);

/* Returns: whether the page compares @a with @b, in this order. */
gboolean gander_page_is_comparison_of (GanderPage *self, GFile *a, GFile *b);

/* Returns: (transfer none) (nullable) the timeline or comparison, when loaded; its actions are
 * those of widgets/. */
GtkWidget *gander_page_get_view (GanderPage *self);

/* Reads the files again. */
void gander_page_reload (GanderPage *self);

/* Stops a loading and emits "cancelled"; nothing when the page is not loading. */
void gander_page_cancel (GanderPage *self);

G_END_DECLS
