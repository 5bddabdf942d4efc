/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The time of all goroutines by start function and kind of span, summed while the spans are
 * sealed, so that nobody has to walk them again for it.
 */

#include "reader/schema.h"

G_BEGIN_DECLS

/* An owner and kind and their row + 1, 0 in a free slot. */
typedef struct
{
  guint64 key;
  guint32 row;
} GanderTotalSlot;

typedef struct
{
  GanderTotalRow *rows; /* by first appearance; @group is the owner */
  guint32 n;
  guint32 capacity;
  GanderTotalSlot *slots; /* (nullable) */
  guint32 mask;           /* slots - 1 */
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

/* The owner of spans is the name of their goroutine's start function, or its lane with this. */
#define GANDER_TOTALS_OWNER_IS_LANE (1u << 31)

void gander_totals_clear (GanderTotals *self);

/* Returns: the row of @kind at @owner, new or known. */
GanderTotalRow *gander_totals_find_slowly (GanderTotals *self, guint32 owner, guint32 kind);

static inline guint32
gander_totals_hash (guint64 key)
{
  return (guint32)(key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> 32);
}

static inline GanderTotalRow *
gander_totals_find (GanderTotals *self, guint32 owner, guint32 kind)
{
  guint64 key = (guint64)owner << 32 | kind;
  const GanderTotalSlot *slot = NULL;

  if (G_UNLIKELY (self->slots == NULL))
    return gander_totals_find_slowly (self, owner, kind);
  slot = &self->slots[gander_totals_hash (key) & self->mask];
  if (G_LIKELY (slot->row != 0 && slot->key == key))
    return &self->rows[slot->row - 1];
  return gander_totals_find_slowly (self, owner, kind);
}

/* Counts a span of @owner; the spans of a lane come in order. */
static inline void
gander_totals_add (GanderTotals *self,
                   GanderTotalsCursor *cursor,
                   guint32 owner,
                   guint32 kind,
                   GanderSpanFlags flags,
                   gint64 length)
{
  GanderTotalRow *row = gander_totals_find (self, owner, kind);

  row->count++;
  row->total = (gint64)((guint64)row->total + (guint64)length);
  row->longest = MAX (row->longest, length);
  if (G_UNLIKELY ((flags & GANDER_SPAN_CONTINUES) != 0 && cursor->last != G_MAXUINT32))
    {
      cursor->length = (gint64)((guint64)cursor->length + (guint64)length);
      row = gander_totals_find (self, owner, cursor->begun);
      row->longest = MAX (row->longest, cursor->length);
    }
  else
    {
      cursor->length = length;
      cursor->begun = kind;
    }
  cursor->last = kind;
}

/* The last span of the lane was still open when the trace ended. */
void gander_totals_add_open (GanderTotals *self, const GanderTotalsCursor *cursor, guint32 owner);

G_END_DECLS
