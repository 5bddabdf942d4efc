/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Streams by the times of their next events: a binary heap in a GArray, down to which of two equal
 * times moves the one of golang/go (src/internal/trace/batchcursor.go, Go 1.26).
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 time;
  guint32 stream;
} GanderHeapEntry;

/* Returns: (transfer none) the entry at @i; 0 is the root. */
static inline GanderHeapEntry *
gander_heap_at (GArray *heap, guint i)
{
  return &g_array_index (heap, GanderHeapEntry, i);
}

/* Whether the first one may stay where it is. */
static inline gboolean
gander_heap_is_led (const GArray *heap)
{
  const GanderHeapEntry *e = (const GanderHeapEntry *)(gconstpointer)heap->data;

  return (heap->len < 2 || e[0].time <= e[1].time) && (heap->len < 3 || e[0].time <= e[2].time);
}

/* Moves the entry at @i, whose time has changed, to where it belongs, one way. Returns: where it
 * is now. */
guint gander_heap_up (GArray *heap, guint i);
void gander_heap_down (GArray *heap, guint i);

/* Puts @stream, whose next event is at @time, in. */
void gander_heap_push (GArray *heap, gint64 time, guint32 stream);

/* Takes the entry at @i out: it goes to the root without a look at times, then the last one takes
 * its place, as golang/go does it. */
void gander_heap_remove (GArray *heap, guint i);

/* Sorts the whole heap by time, which leaves it one. Stable, and quick where little is out of
 * order, as where all of it has just been tried. */
void gander_heap_sort (GArray *heap);

G_END_DECLS
