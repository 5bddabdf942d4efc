/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/bar.h"

#define MARGIN 64 /* px that a bar may stick out of the view */
#define NEAR   32 /* regions: they are walked over sooner than searched */
#define AWAY   4  /* px: bars nearer than this to an end of the view may depend on it */

typedef struct
{
  GArray *bars;
  guint first; /* bars before this one belong to somebody else */
  const GanderScale *scale;
  GanderBar bar; /* y, kind */
  int min_px;
} Adder;

/* Returns: TRUE if the thing went into the bar before it. */
static gboolean
add (Adder *self, GanderTime begin, GanderTime end, guint32 item, GanderSpanFlags flags)
{
  GanderBar bar = self->bar;
  int width = self->scale->width;

  bar.x0 = MAX (gander_scale_get_x (self->scale, begin), -MARGIN);
  bar.x1 = MIN (MAX (gander_scale_get_x (self->scale, end), bar.x0 + self->min_px), width + MARGIN);
  bar.begin = begin;
  bar.end = end;
  bar.item = item;
  bar.n = 1;
  bar.flags = (guint8)flags;
  /* What only just looks in at an end of the view is seen too. */
  bar.x0 = MIN (bar.x0, width - self->min_px);
  bar.x1 = MAX (bar.x1, self->min_px);
  if (self->bars->len > self->first)
    {
      GanderBar *last = &g_array_index (self->bars, GanderBar, self->bars->len - 1);

      if (bar.x0 < last->x1)
        {
          last->x1 = MAX (last->x1, bar.x1);
          last->end = MAX (last->end, end);
          last->n++;
          return TRUE;
        }
    }
  g_array_append_val (self->bars, bar);
  return FALSE;
}

/* Counts @n more things in the last bar. */
static void
add_merged (Adder *self, guint32 n)
{
  g_array_index (self->bars, GanderBar, self->bars->len - 1).n += n;
}

/* Returns: an instant such that all in view that ends by then is on pixels of the last bar. A pixel
 * less than its width, as beginnings are rounded. */
static GanderTime
last_end (const Adder *self)
{
  const GanderBar *last = &g_array_index (self->bars, GanderBar, self->bars->len - 1);

  return MIN (gander_scale_get_time (self->scale, last->x1 - 1), self->scale->end);
}

void
gander_bars_add_ranges (GArray *bars,
                        const GanderIndex *index,
                        GanderRangeKind kind,
                        const GanderScale *scale,
                        int y0,
                        int y1,
                        int min_px)
{
  static const GanderBarKind kinds[GANDER_N_RANGE_KINDS] = {
    [GANDER_RANGE_GC_MARK] = GANDER_BAR_MARK,
    [GANDER_RANGE_STW] = GANDER_BAR_STW,
    [GANDER_RANGE_ASSIST] = GANDER_BAR_ASSIST,
    [GANDER_RANGE_SWEEP] = GANDER_BAR_MARK,
  };
  Adder adder = {
    bars, bars->len, scale, { .y0 = y0, .y1 = y1, .kind = (guint8)kinds[kind] }, min_px
  };
  guint32 n = gander_index_get_n_ranges (index, kind);
  guint32 i = gander_query_find_range (index, kind, scale->begin);

  while (i < n)
    {
      GanderRange range;
      guint32 next = i + 1;

      gander_index_get_range (index, kind, i, &range);
      if (range.begin >= scale->end)
        break;
      if (range.end > scale->begin && add (&adder, range.begin, range.end, i, range.flags))
        {
          /* All that end before the bar does are inside it. */
          next = gander_query_find_range_near (index, kind, next, last_end (&adder));
          add_merged (&adder, next - i - 1);
        }
      i = next;
    }
}

/* How far back to look for a region that began before the view or on a pixel: what is nested in it
 * lies between. */
#define LOOK_BACK 4096

/* Returns: the first region of [@i, @end) that begins at @time or later: often the next but few. */
static guint32
find_region (GanderRowCursor *rows,
             const GanderIndex *index,
             guint32 i,
             guint32 end,
             GanderTime time)
{
  for (guint near = 0; near < NEAR && i < end; near++, i++)
    if (gander_row_cursor_get_region (rows, i)->begin >= time)
      return i;
  return gander_index_find_region (index, i, end, time);
}

/* Returns: of the regions [@i, @end), which all begin by @time, the one of @depth that ends later,
 * or @end. It is the last of its depth, as those of one depth follow each other, and nothing less
 * deep begins after it. */
static guint32
find_longer (GanderRowCursor *rows, guint32 i, guint32 end, guint depth, GanderTime time)
{
  guint32 next = end;

  for (guint32 back = 0; back < LOOK_BACK && next > i; back++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (rows, --next);

      if (region->depth <= depth)
        return region->depth == depth && region->end > time ? next : end;
    }
  return end;
}

/* Adds what begins with the regions [@i, @stop): @stop begins a bar, or is behind all regions. */
static void
add_regions (Adder *self, const GanderIndex *index, guint32 i, guint32 stop, guint depth)
{
  GanderRowCursor rows;

  gander_row_cursor_init (&rows, index);
  while (i < stop)
    {
      guint32 next = i + 1;
      GanderRegion region = *gander_row_cursor_get_region (&rows, i);

      if (region.begin >= self->scale->end)
        break;
      if (region.depth == depth && region.end > self->scale->begin &&
          add (self, region.begin, region.end, i, region.flags))
        {
          GanderTime end = last_end (self);

          next = find_region (&rows, index, next, stop, end);
          next = find_longer (&rows, i + 1, next, depth, end);
          add_merged (self, next - i - 1);
        }
      i = next;
    }
}

/* Returns: the region that may be the first in view: the one of @depth that began last, or where
 * one less deep began, which none of @depth outlasts. */
static guint32
find_first_region (const GanderIndex *index,
                   guint32 first,
                   guint32 n,
                   guint depth,
                   GanderTime begin)
{
  guint32 i = gander_index_find_region (index, first, first + n, begin);
  GanderRegion region;

  for (guint32 back = 0; back < LOOK_BACK && i > first; back++)
    {
      gander_index_get_region (index, --i, &region);
      if (region.depth <= depth)
        break;
    }
  return i;
}

/* Finds the bars [@from, @to) that no end of either view has to do with; the one at @to, which is
 * there, begins where it does in both. Regions of one depth follow each other, so what begins such
 * a bar depends on nothing before it. Returns: how many. */
static guint
find_kept (const GanderKnownBars *known, const GanderScale *scale, guint *from, guint *to)
{
  gint64 begin = MAX (known->first, scale->first) + AWAY;
  gint64 end = MIN (known->first + known->width, scale->first + scale->width) - AWAY;
  guint i = 0;

  while (i < known->n && known->first + known->bars[i].x0 < begin)
    i++;
  *from = i;
  while (i + 1 < known->n && known->first + known->bars[i].x1 <= end)
    i++;
  *to = i;
  return i - *from;
}

void
gander_bars_add_regions (GArray *bars,
                         const GanderIndex *index,
                         GanderLaneId lane,
                         guint depth,
                         const GanderScale *scale,
                         int y0,
                         int y1,
                         const GanderKnownBars *known)
{
  Adder adder = { bars, bars->len, scale, { .y0 = y0, .y1 = y1, .kind = GANDER_BAR_REGION }, 1 };
  guint32 first;
  guint32 n;
  guint32 i;
  guint from, to;

  gander_index_get_regions_of (index, lane, &first, &n);
  i = find_first_region (index, first, n, depth, scale->begin);
  if (known == NULL || find_kept (known, scale, &from, &to) == 0)
    {
      add_regions (&adder, index, i, first + n, depth);
      return;
    }
  add_regions (&adder, index, i, known->bars[from].item, depth);
  for (guint k = from; k < to; k++)
    {
      GanderBar bar = known->bars[k];

      bar.x0 += (int)(known->first - scale->first);
      bar.x1 += (int)(known->first - scale->first);
      bar.y0 = y0;
      bar.y1 = y1;
      g_array_append_val (bars, bar);
    }
  add_regions (&adder, index, known->bars[to].item, first + n, depth);
}

/* Returns: the first task of a type whose end, or an earlier one's, is after @time. */
static guint32
find_task (const GanderTaskType *type, GanderTime time)
{
  guint32 low = 0;
  guint32 high = type->n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (type->ends[middle] <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
add_task (Adder *self, const GanderRows *rows, guint32 row, GanderTime *begin)
{
  GanderTask task;
  GanderTime end;
  GanderSpanFlags flags = 0;

  gander_index_get_task (gander_rows_get_index (rows), row, &task);
  gander_rows_get_task_time (rows, &task, begin, &end);
  if (task.begin < 0)
    flags |= GANDER_SPAN_OPEN_BEGIN;
  if (task.end < 0)
    flags |= GANDER_SPAN_OPEN_END;
  return *begin < self->scale->end && end >= self->scale->begin &&
         add (self, *begin, end, row, flags);
}

void
gander_bars_add_tasks (GArray *bars,
                       const GanderRows *rows,
                       const GanderTaskType *type,
                       const GanderScale *scale,
                       int y0,
                       int y1)
{
  Adder adder = { bars, bars->len, scale, { .y0 = y0, .y1 = y1, .kind = GANDER_BAR_TASK }, 2 };
  guint32 i = find_task (type, scale->begin);

  while (i < type->n)
    {
      GanderTime begin;
      guint32 next = i + 1;

      if (add_task (&adder, rows, type->tasks[i], &begin))
        {
          next = MAX (next, find_task (type, last_end (&adder)));
          add_merged (&adder, next - i - 1);
        }
      if (begin >= scale->end)
        break;
      i = next;
    }
}

void
gander_bars_add_task (GArray *bars,
                      const GanderRows *rows,
                      guint32 task,
                      const GanderScale *scale,
                      int y0,
                      int y1)
{
  Adder adder = { bars, bars->len, scale, { .y0 = y0, .y1 = y1, .kind = GANDER_BAR_TASK }, 2 };
  GanderTime begin;

  add_task (&adder, rows, task, &begin);
}

const GanderBar *
gander_bars_hit (const GanderBar *bars, guint n, int x, int y, int slack)
{
  const GanderBar *best = NULL;

  for (guint i = 0; i < n; i++)
    {
      const GanderBar *bar = &bars[i];

      if (y < bar->y0 || y >= bar->y1 || x < bar->x0 - slack || x >= bar->x1 + slack)
        continue;
      if (x >= bar->x0 && x < bar->x1)
        return bar;
      if (best == NULL || bar->end - bar->begin > best->end - best->begin)
        best = bar;
    }
  return best;
}
