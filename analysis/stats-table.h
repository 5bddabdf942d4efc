/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Statistics as a table, sorted and cut: what `gander-cli stats` prints. */

#include "analysis/stats.h"
#include "analysis/table.h"

G_BEGIN_DECLS

typedef struct
{
  GanderStatsBy by;
  const char *sort; /* (nullable) id of a column, largest first, "-id" smallest first; NULL =
                       "running" */
  guint top;        /* keep the first so many rows; 0 = all */
  gboolean brief;   /* leave out details, but for that of @sort and those of @more; what only they
                       need is not computed */
  const char *const *more; /* (nullable) ids of columns */
  GanderRowFunc filter;    /* (nullable) the rows to keep */
  gpointer filter_data;
} GanderStatsQuery;

/* Returns: (transfer full) (nullable) a table with the columns that answers to @query have, and no
 * rows; NULL when @sort is not the id of a column. */
GanderTable *gander_stats_new_table (const GanderStatsQuery *query) G_GNUC_WARN_UNUSED_RESULT;

/* @query->sort must be the id of a column.
 *
 * Returns: (transfer full) (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderTable *gander_stats_get_table (const GanderIndex *index,
                                     const GanderScope *scope,
                                     const GanderStatsQuery *query,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
