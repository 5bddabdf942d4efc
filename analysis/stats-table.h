/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Statistics as a table, sorted and cut: what `gander-cli stats` prints. */

#include "analysis/stats.h"
#include "analysis/table.h"

G_BEGIN_DECLS

typedef struct
{
  GanderStatsBy by;
  const char *sort;       /* (nullable) id of a column, largest first, "-id" smallest first; NULL =
                             "running" */
  guint top;              /* keep the first so many rows; 0 = all */
  GanderStatsParts parts; /* what the columns need that are to be right, besides that of @sort */
  GanderRowFunc filter;   /* (nullable) */
  gpointer filter_data;
} GanderStatsQuery;

/* Returns: (transfer none) (array length=n) the columns of tables by @by. */
const GanderColumn *gander_stats_get_columns (GanderStatsBy by, guint *n);

/* Returns: what a column needs of a row, beside its times. */
GanderStatsParts gander_stats_get_parts (GanderStatsBy by, guint column);

/* Columns that need other parts than asked for are 0. @query->sort must name a column.
 *
 * Returns: (transfer full) (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderTable *gander_stats_get_table (const GanderIndex *index,
                                     const GanderScope *scope,
                                     const GanderStatsQuery *query,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
