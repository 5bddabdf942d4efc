/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The waits of goroutines that fell into a region or task, summed by these while their spans are
 * made: so that a profile that labels its waits needs no walk. Those of the first goroutines are
 * kept apart, as are the totals of these; those of all others are summed by start function.
 *
 * A label holds for the waits that begin while it does. What would make sums unsure (regions that
 * began before the trace, tasks that begin after regions of theirs, far too many labels) gives all
 * of them up.
 */

#include "reader/chunk.h"
#include "reader/pages.h"

G_BEGIN_DECLS

/* What a goroutine works on, as types; 0 = none. */
typedef struct
{
  GanderStringId task;
  GanderStringId region;
} GanderUserLabel;

/* Where a goroutine stands. */
struct _GanderLabelling
{
  GanderUserLabel label;  /* of what begins from now on */
  GanderUserLabel first;  /* of the span @from */
  GanderUserLabel before; /* of the system call before it, which may go on */
  guint32 lane;           /* one of the first: + 1; else 0 */
  guint32 row;            /* of the labellings, + 1 */
  guint32 open_task;      /* the last task it began that is open, row + 1; 0 = none */
  guint8 from;            /* the spans of the open chunk before are counted */
};

typedef struct
{
  GanderLabelTotalRow *rows; /* by first appearance; @owner as of GanderTotals */
  guint32 n;
  guint32 capacity;
  guint32 *slots; /* row + 1; 0 = free */
  guint32 mask;   /* slots - 1 */
  gboolean lost;  /* the sums are not to be had */
  gboolean no_memory;
  GanderPages labellings;
  guint32 free; /* of them, row + 1; the others follow by open_task */
} GanderLabelTotals;

#define GANDER_LABEL_TOTALS_INIT                      \
  {                                                   \
    .labellings = GANDER_PAGES_INIT (GanderLabelling) \
  }

void gander_label_totals_clear (GanderLabelTotals *self);

/* No sums can be told of this trace. */
void gander_label_totals_give_up (GanderLabelTotals *self);

/* Makes sure that the goroutine of @chunk has a labelling; @lane: + 1 of one of the first, else 0.
 *
 * Returns: (nullable) it; NULL when there are no sums. */
GanderLabelling *
gander_label_totals_need (GanderLabelTotals *self, GanderChunk *chunk, guint32 lane);

/* Returns: as whose the spans of a goroutine are counted, see GanderTotals. */
static inline guint32
gander_chunk_get_owner (const GanderChunk *chunk)
{
  if (chunk->labelling != NULL && chunk->labelling->lane != 0)
    return (chunk->labelling->lane - 1) | GANDER_TOTALS_OWNER_IS_LANE;
  return chunk->name;
}

/* The goroutine has ended: another may have its labelling. */
void gander_label_totals_release (GanderLabelTotals *self, GanderChunk *chunk);

/* From @time on @label holds, which is not before the last time told. */
void gander_label_totals_set (GanderLabelTotals *self,
                              GanderChunk *chunk,
                              const GanderKindRow *kinds,
                              gint64 time,
                              GanderUserLabel label);

/* Adds the sum of waits in @state; of other states nothing. */
void gander_label_totals_add (GanderLabelTotals *self,
                              const GanderLabelTotalRow *sum,
                              GanderState state);

/* The chunk is sealed: counts the rest of its spans, the last of which ends at @end. */
void gander_label_totals_count (GanderLabelTotals *self,
                                GanderChunk *chunk,
                                const GanderKindRow *kinds,
                                gint64 end);

G_END_DECLS
