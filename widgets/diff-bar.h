/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A change as a bar left or right of a zero line, -100 % to +100 %. Worse is hatched as well as
 * red. The numbers stand beside it, so it says nothing to a screen reader.
 */

#include "analysis/analysis.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GANDER_TYPE_DIFF_BAR (gander_diff_bar_get_type ())
G_DECLARE_FINAL_TYPE (GanderDiffBar, gander_diff_bar, GANDER, DIFF_BAR, GtkWidget)

/* Returns: (transfer floating) an empty bar. */
GtkWidget *gander_diff_bar_new (void);

void gander_diff_bar_set (GanderDiffBar *self, double percent, GanderVerdict verdict);

G_END_DECLS
