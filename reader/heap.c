/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/heap.h"

static void
swap (GanderHeapEntry *a, GanderHeapEntry *b)
{
  GanderHeapEntry kept = *a;

  *a = *b;
  *b = kept;
}

guint
gander_heap_up (GArray *heap, guint i)
{
  GanderHeapEntry *e = gander_heap_at (heap, 0);
  GanderHeapEntry kept = e[i];

  for (; i > 0 && e[(i - 1) / 2].time > kept.time; i = (i - 1) / 2)
    e[i] = e[(i - 1) / 2];
  e[i] = kept;
  return i;
}

void
gander_heap_down (GArray *heap, guint i)
{
  GanderHeapEntry *e = gander_heap_at (heap, 0);
  GanderHeapEntry kept = e[i];
  guint n = heap->len;

  while (TRUE)
    {
      guint child = 2 * i + 1;
      guint least = i;
      gint64 time = kept.time;

      if (child < n && e[child].time < time)
        {
          least = child;
          time = e[child].time;
        }
      if (child + 1 < n && e[child + 1].time < time)
        least = child + 1;
      if (least == i)
        break;
      e[i] = e[least];
      i = least;
    }
  e[i] = kept;
}

void
gander_heap_push (GArray *heap, gint64 time, guint32 stream)
{
  GanderHeapEntry e = { .time = time, .stream = stream };

  g_array_append_val (heap, e);
  gander_heap_up (heap, heap->len - 1);
}

void
gander_heap_remove (GArray *heap, guint i)
{
  GanderHeapEntry *e = gander_heap_at (heap, 0);

  for (; i > 0; i = (i - 1) / 2)
    swap (&e[(i - 1) / 2], &e[i]);
  swap (&e[0], &e[heap->len - 1]);
  g_array_set_size (heap, heap->len - 1);
  if (heap->len > 0)
    gander_heap_down (heap, 0);
}

void
gander_heap_sort (GArray *heap)
{
  GanderHeapEntry *e = gander_heap_at (heap, 0);

  for (guint i = 1; i < heap->len; i++)
    {
      GanderHeapEntry kept = e[i];
      guint k = i;

      for (; k > 0 && e[k - 1].time > kept.time; k--)
        e[k] = e[k - 1];
      e[k] = kept;
    }
}
