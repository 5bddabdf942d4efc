/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the sources of rows.h share: headings (goroutines that stand under one name), task types,
 * and the rows themselves. rows.c answers questions, rows-list.c makes the list, rows-change.c is
 * what makes it anew.
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

/* Log rows by lane, then time; shared by rows that come from one another. */
typedef struct
{
  guint32 *rows;  /* (nullable) without logs */
  guint32 *first; /* one more than lanes */
} GanderLogOrder;

struct _GanderRows
{
  gatomicrefcount ref_count;
  GanderIndex *index;
  GanderRowOptions options;
  GArray *rows; /* GanderRow */
  GArray *tops; /* gint64, one more than rows */
  guint32 n_pinned;
  GArray *headings;     /* GanderHeading */
  GArray *tasks;        /* (nullable) GanderTaskType; NULL = not complete */
  GArray *filter;       /* (nullable) GanderLaneId */
  GArray *pinned;       /* GanderLaneId */
  GHashTable *hidden;   /* set of lane + 1 */
  GHashTable *open;     /* key -> GINT 0 or 1, where it is not as usual */
  GHashTable *all;      /* keys of groups that list all members */
  GanderLogOrder *logs; /* (nullable) atomic box; NULL = not complete */
};

/* Keys: what a row is and of what. */
static inline guint64
gander_rows_make_key (GanderRowKind kind, GanderSection section, guint extra, guint32 id)
{
  return (guint64)(kind + 1) << 56 | (guint64)section << 48 | (guint64)(extra & 0xffff) << 32 | id;
}

/* Makes the list of rows anew. */
void gander_rows_rebuild (GanderRows *self);
/* Makes the headings anew, as options and filter say; the list is to be rebuilt afterwards. */
void gander_rows_regroup (GanderRows *self);

/* Adds what gander_rows_new_quick () left out. */
void gander_rows_complete (GanderRows *self);

/* Returns: (transfer full) a copy that shares what is never changed in place: headings, tasks,
 * logs, the filter. */
GanderRows *gander_rows_copy (const GanderRows *other);

/* Returns: (transfer none) (nullable) the heading that @lane stands under. */
GanderHeading *gander_rows_find_heading (const GanderRows *self, GanderLaneId lane);
/* Returns: the key of its row. */
guint64 gander_rows_heading_key (const GanderRows *self, const GanderHeading *heading);

G_END_DECLS
