/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the sources of rows.h share: headings (goroutines that stand under one name) and task types.
 */

#include "widgets/draw/rows.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;          /* (unowned) lives as long as the index or the program */
  guint32 group;             /* of the index, or GANDER_GROUP_RUNTIME, GANDER_GROUP_OTHER */
  guint32 id;                /* tells it from its siblings */
  const GanderLaneId *lanes; /* in the order of the index */
  guint32 n;
  GanderLaneId *owned;  /* (nullable) */
  GanderLaneId *sorted; /* (nullable) made when the group is first opened */
  double weight;        /* for the order among headings */
} GanderHeading;

void gander_heading_clear (GanderHeading *self);

/* Returns: (transfer full) the headings in their order; the runtime's, if any, is last. */
GArray *gander_headings_new (const GanderIndex *index,
                             const GanderRowOptions *options,
                             const GanderLaneId *filter,
                             guint32 n_filter);

/* Returns: (transfer none) the members in the order of the options. */
const GanderLaneId *gander_heading_sort (GanderHeading *self,
                                         const GanderIndex *index,
                                         const GanderRowOptions *options);

/* Returns: (transfer full) GanderTaskType: all tasks, then one element a type by number of tasks.
 * None of them is complete. */
GArray *gander_task_types_new (const GanderIndex *index);

/* Makes @self complete if it is not: it is shared by rows on several threads. Sorts millions of
 * tasks of some traces, so nobody does this before it is needed. */
void gander_task_type_complete (GanderTaskType *self, const GanderIndex *index);

G_END_DECLS
