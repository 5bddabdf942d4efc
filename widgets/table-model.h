/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A list of row numbers for GtkColumnView. Row objects are made when a row comes into sight and
 * hold a number only: what stands in a row is looked up where the answer is. Sorting permutes the
 * numbers.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

#define GANDER_TYPE_TABLE_ROW (gander_table_row_get_type ())
G_DECLARE_FINAL_TYPE (GanderTableRow, gander_table_row, GANDER, TABLE_ROW, GObject)

/* Returns: the number of the row in the answer, whatever its place in the list. */
guint gander_table_row_get_number (GanderTableRow *self);

#define GANDER_TYPE_TABLE_MODEL (gander_table_model_get_type ())
G_DECLARE_FINAL_TYPE (GanderTableModel, gander_table_model, GANDER, TABLE_MODEL, GObject)

/* Returns: (transfer full) an empty list. */
GanderTableModel *gander_table_model_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Shows the rows @numbers, in this order, instead of what was there. */
void gander_table_model_set_rows (GanderTableModel *self, const guint *numbers, guint n);

G_END_DECLS
