/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Tasks: how long each took, who worked on it, and where the time went. A task is known from its
 * begin, its end, its regions and its logs; what was not seen of it is told as open (never ended)
 * or orphan (began before the trace). Task 0 is what regions and logs outside any task belong to.
 */

#include "analysis/quantiles.h"
#include "analysis/regions.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 row;          /* in the index */
  gboolean complete;    /* begin and end were seen */
  GanderTime duration;  /* to the end of the trace, from its begin, where they were not */
  guint32 n_goroutines; /* ids that began or ended it, logged or had regions in it */
  guint32 n_regions;
  guint32 n_logs;
  guint32 n_children;
  GanderSplit split; /* of goroutines while they are inside a region of the task, and of the one
                        that both began and ended it in between; each instant of a goroutine once */
} GanderTaskRow;

typedef struct
{
  GanderStringId type;
  guint32 count;
  guint32 n_incomplete;
  guint32 n_open;            /* of those: not seen to end */
  guint32 n_orphan;          /* of those: not seen to begin */
  guint32 peak;              /* at most so many at a time */
  GanderQuantiles durations; /* of complete ones */
  GanderSplit split;
} GanderTaskTypeRow;

typedef struct _GanderTasks GanderTasks;

/* Returns: (transfer full) (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderTasks *gander_tasks_compute (const GanderIndex *index,
                                   const GanderUserFilter *filter,
                                   GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_tasks_free (GanderTasks *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderTasks, gander_tasks_free)

/* Returns: (transfer none) (array length=n) a row per task, by id. */
const GanderTaskRow *gander_tasks_get_rows (const GanderTasks *self, guint32 *n);

/* Returns: (transfer none) (array length=n) a row per type, by type. */
const GanderTaskTypeRow *gander_tasks_get_types (const GanderTasks *self, guint32 *n);

/* Returns: (transfer none) (array length=n) the durations of a type's complete tasks, @type being
 * the number of its row, ascending. */
const GanderTime *gander_tasks_get_durations (const GanderTasks *self, guint32 type, guint32 *n);

/* Returns: whether the trace knows task @id, and its row in the index. Binary search. */
gboolean gander_tasks_find (const GanderIndex *index, guint64 id, guint32 *row);

G_END_DECLS
