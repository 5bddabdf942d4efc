/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where goroutines worked for the garbage collector: stretches on one processor inside a mark
 * assist or under the label of a mark worker. Private to analysis/.
 */

#include "analysis/gc.h"

G_BEGIN_DECLS

typedef struct
{
  GanderTime begin; /* cut at the borders of what was asked */
  GanderTime end;
  GanderLaneId goroutine;
  GanderLaneId proc; /* NONE where the trace does not tell */
  guint32 range;     /* assists: row of the range */
  GanderGcWork work;
  gboolean running;  /* FALSE: in a system call that holds the processor */
  gboolean labelled; /* begins with the event that gives the label */
} GanderGcPiece;

/* Returns: (transfer full) (nullable) an array of GanderGcPiece: assists in the order of their
 * ranges, then workers by goroutine; NULL with G_IO_ERROR_CANCELLED. */
GArray *gander_gc_pieces_collect (const GanderIndex *index,
                                  GanderTime begin,
                                  GanderTime end,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
