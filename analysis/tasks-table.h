/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a program says of itself, as tables: tasks, their types, and regions. */

#include "analysis/regions.h"
#include "analysis/table.h"
#include "analysis/tasks.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_TASKS_BY_TYPE, /* a row per type of task */
  GANDER_TASKS_BY_TASK,
  GANDER_TASKS_BY_REGION, /* a row per type of region */
  GANDER_TASKS_BY_LOG,
  GANDER_N_TASKS_BY,
} GanderTasksBy;

/* Returns: (transfer none) "type", "task", "region" or "log". */
const char *gander_tasks_by_get_id (GanderTasksBy by);

/* Returns: (transfer full) (nullable) the table, longest total first (tasks: longest first; logs:
 * in order); NULL with G_IO_ERROR_CANCELLED. @histogram (nullable) receives how durations spread,
 * for types of tasks and of regions: a row per type and bucket, in the same order; NULL for tasks
 * and logs. */
GanderTable *gander_tasks_make_table (const GanderIndex *index,
                                      GanderTasksBy by,
                                      const GanderUserFilter *filter,
                                      GanderTable **histogram,
                                      GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says in words, in column "where", what the other columns say of where time went: for the rows
 * that are left after a choice. Nothing for logs. */
void gander_tasks_add_words (GanderTable *table);

/* Returns: (transfer full) where time went, largest part first: "62% running, 30% sync". */
char *gander_split_describe (const GanderSplit *split) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
