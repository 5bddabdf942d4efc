/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The events of one generation in one legal order: of all threads' next events the earliest that
 * may happen now.
 */

#include "reader/order.h"

G_BEGIN_DECLS

/* Gets the events, their times still on the trace clock, and may change them. */
typedef void (*GanderMergeFunc) (gpointer data, GanderEvent *event);

typedef struct
{
  GanderSource *source; /* (unowned) */
  GanderTables *tables; /* (unowned) */
  GanderOrder *order;   /* (unowned) */
  GArray *streams;      /* GanderStream */
  GArray *heap;         /* of streams, by time */
  GArray *parked;       /* the same, of those that wait */
  GArray *woken;        /* guint32 stream numbers */
  GanderIdMap waiting;  /* what is waited for to the first stream that waits */
  gboolean parks;
  gboolean suspect;          /* something of this generation is missing */
  guint64 n_wanted;          /* wire events after which it is enough; 0 = all */
  guint64 n_done;            /* of all generations */
  GCancellable *cancellable; /* (unowned) (nullable) */
  GanderMergeFunc func;
  gpointer data;
} GanderMerge;

void gander_merge_init (GanderMerge *self,
                        GanderSource *source,
                        GanderTables *tables,
                        GanderOrder *order);
void gander_merge_clear (GanderMerge *self);

/* Merges the events of @batches. @suspect: some are known to be missing; then no event waits long
 * for one that may never come. Ends within a few hundred events of
 * @n_wanted.
 *
 * Returns: FALSE when cancelled, or without memory. */
gboolean gander_merge_run (GanderMerge *self, GArray *batches, guint version, gboolean suspect);

G_END_DECLS
