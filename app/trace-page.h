/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The content of one tab: one trace, or two side by side. It shows how the loading goes, then
 * the view, or why there is none. What the tab and the window's title say are properties:
 * "title", "subtitle", "tooltip" (plain text), "icon-name" (nullable) and "loading".
 *
 * Its Cancel button activates "win.cancel". The signal "cancelled" asks whoever holds the page to
 * close it.
 */

#include "app/loader.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_TRACE_PAGE (gander_trace_page_get_type ())
G_DECLARE_FINAL_TYPE (GanderTracePage, gander_trace_page, GANDER, TRACE_PAGE, AdwBin)

/* Returns: (transfer floating) a page of what @loader loads, which is started unless it was. */
GtkWidget *gander_trace_page_new (GanderLoader *loader);

/* Returns: (transfer floating) a page that compares @a, the first, with @b. */
GtkWidget *gander_trace_page_new_comparison (GFile *a, GFile *b);

/* Returns: (transfer none) (nullable) the trace that is shown; NULL for a comparison. */
GFile *gander_trace_page_get_file (GanderTracePage *self);

/* Returns: whether the page compares @a with @b, in this order. */
gboolean gander_trace_page_is_comparison_of (GanderTracePage *self, GFile *a, GFile *b);

/* Returns: (transfer none) (nullable) the timeline or comparison, when loaded; its actions are
 * those of widgets/. */
GtkWidget *gander_trace_page_get_view (GanderTracePage *self);

/* Makes @tab, whose child the page is, say what the page's properties say, from now on. */
void gander_trace_page_bind (GanderTracePage *self, AdwTabPage *tab);

/* Reads the files again. */
void gander_trace_page_reload (GanderTracePage *self);

/* Stops a loading and emits "cancelled"; nothing when the page is not loading. */
void gander_trace_page_cancel (GanderTracePage *self);

G_END_DECLS
