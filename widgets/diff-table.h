/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The table of a comparison: metric, A, B, change, percent and a bar. Better and worse differ in
 * colour, sign and hatching.
 */

#include "analysis/analysis.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GANDER_TYPE_DIFF_TABLE (gander_diff_table_get_type ())
G_DECLARE_FINAL_TYPE (GanderDiffTable, gander_diff_table, GANDER, DIFF_TABLE, GtkWidget)

/* Returns: (transfer floating) an empty table. */
GtkWidget *gander_diff_table_new (void);

/* Shows a copy of @comparison; rows where both traces have nothing are left out. */
void gander_diff_table_set (GanderDiffTable *self, const GanderComparison *comparison);

G_END_DECLS
