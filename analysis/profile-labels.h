/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a wait is labelled with: whose it is, and which task and region it falls into. Asked for the
 * waits of one goroutine after the other, in the order of time. Private to the profile files.
 */

#include "analysis/profile-cells.h"
#include "analysis/profile.h"

G_BEGIN_DECLS

typedef struct
{
  const GanderIndex *index;
  GanderProfileLabels wanted;
  GArray *own_tasks;      /* OwnTask, by goroutine and begin; NULL when not wanted */
  GHashTable *task_types; /* id to row of own_tasks */
  GanderRowCursor rows;
  GArray *open;         /* GanderRegion: those that hold the last instant asked, outermost first */
  GanderLaneId lane;    /* the goroutine */
  guint32 region;       /* the next to look at, of it or one after it */
  guint task, end_task; /* the same of the tasks that it began, and one past the last */
  GArray *open_tasks;   /* rows of own_tasks */
  GanderCellKey key;    /* of the goroutine */
} GanderLabeller;

/* What of @labels can tell samples of this trace apart at all. */
GanderProfileLabels gander_labeller_get_useful (const GanderIndex *index,
                                                GanderProfileLabels labels);

void
gander_labeller_init (GanderLabeller *self, const GanderIndex *index, GanderProfileLabels labels);
void gander_labeller_clear (GanderLabeller *self);

/* Goes to a goroutine. */
void gander_labeller_set_goroutine (GanderLabeller *self, GanderLaneId lane);

/* Fills the labels of what the goroutine did at @time, not earlier than the last time asked. */
void gander_labeller_get (GanderLabeller *self, GanderTime time, GanderCellKey *out);

G_END_DECLS
