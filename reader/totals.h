/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The time of all goroutines by start function and kind of span, summed while the spans are
 * sealed, so that nobody has to walk them again for it.
 */

#include "reader/schema.h"

G_BEGIN_DECLS

typedef struct
{
  GanderTotalRow *rows; /* by first appearance; @group is the name of the start function */
  guint32 n;
  guint32 capacity;
  guint32 *slots; /* row + 1 */
  guint32 n_slots;
  gboolean no_memory;
} GanderTotals;

/* Where a lane stands between two spans: the interval that the next span may continue. */
typedef struct
{
  gint64 length; /* so far */
  guint32 begun; /* kind of the span that began it */
  guint32 last;  /* kind of the last span, G_MAXUINT32 before the first */
} GanderTotalsCursor;

#define GANDER_TOTALS_CURSOR_INIT \
  {                               \
    .last = G_MAXUINT32           \
  }

void gander_totals_clear (GanderTotals *self);

/* Counts a span of a goroutine that started at @name; the spans of a lane come in order. */
void gander_totals_add (GanderTotals *self,
                        GanderTotalsCursor *cursor,
                        GanderStringId name,
                        guint32 kind,
                        GanderSpanFlags flags,
                        gint64 length);

/* The last span of the lane was still open when the trace ended. */
void
gander_totals_add_open (GanderTotals *self, const GanderTotalsCursor *cursor, GanderStringId name);

G_END_DECLS
