/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which marks a lane has, and which of them stand for others. */
#include "widgets/draw/timeline-private.h"

#define MARK_PX   6         /* one mark per so many */
#define MARGIN    64        /* px that a mark may be out of view */
#define MOST_LOGS (1 << 16) /* of a lane, remembered for the next frame */

/* Where on the rail a mark is, by pixel: its number + 1, or 0. NULL = too far out of view. */
static guint32 *
mark_at (GanderTimeline *self, int x)
{
  int i = x + MARGIN;

  return i >= 0 && i < (int)self->sheet.rail->len ? &g_array_index (self->sheet.rail, guint32, i)
                                                  : NULL;
}

/* Returns: (nullable) the mark added last of those that one at @x would touch. */
static GanderMarkItem *
find_touched (GanderTimeline *self, int x)
{
  int room = gander_timeline_px (self, MARK_PX);
  guint32 last = 0;

  for (int i = x - room + 1; i < x + room; i++)
    {
      const guint32 *at = mark_at (self, i);

      last = MAX (last, at != NULL ? *at : 0);
    }
  return last > 0 ? &g_array_index (self->sheet.marks, GanderMarkItem, last - 1) : NULL;
}

static void
put_on_rail (GanderTimeline *self, int x, guint32 number)
{
  guint32 *at = mark_at (self, x);

  if (at != NULL)
    *at = number;
}

/* The rail without the marks from @first on. */
static void
clear_rail (GanderTimeline *self, guint first)
{
  for (guint i = first; i < self->sheet.marks->len; i++)
    put_on_rail (self, g_array_index (self->sheet.marks, GanderMarkItem, i).x, 0);
}

/* Adds a mark to the rail, or to the one it would touch; the more important kind stays. */
static void
add_mark (GanderTimeline *self, GanderMarkItem mark)
{
  GanderMarkItem *other = NULL;

  mark.x = MAX (mark.x, -MARGIN);
  other = find_touched (self, mark.x);
  if (other == NULL)
    {
      g_array_append_val (self->sheet.marks, mark);
      put_on_rail (self, mark.x, self->sheet.marks->len);
      return;
    }
  mark.n += other->n;
  if (mark.kind <= other->kind)
    {
      other->n = mark.n;
      return;
    }
  put_on_rail (self, other->x, 0);
  *other = mark;
  put_on_rail (self,
               mark.x,
               (guint32)(other - (GanderMarkItem *)(gpointer)self->sheet.marks->data) + 1);
}

/* Returns: the first mark of @lane at or after @time. */
static gsize
find_mark (const GanderTimelineFrame *view, GanderLaneId lane, GanderTime time)
{
  gsize low = 0;
  gsize high = view->n_marks;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const GanderMark *mark = &view->marks[middle];

      if (mark->lane < lane || (mark->lane == lane && mark->time < time))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
add_given_marks (GanderTimeline *self, GanderLaneId lane)
{
  for (gsize i = find_mark (&self->view, lane, self->scale.begin); i < self->view.n_marks; i++)
    {
      const GanderMark *mark = &self->view.marks[i];

      if (mark->lane != lane || mark->time >= self->scale.end)
        break;
      add_mark (self,
                (GanderMarkItem){ .x = gander_scale_get_x (&self->scale, mark->time),
                                  .time = mark->time,
                                  .item = (guint32)i,
                                  .n = 1,
                                  .kind = (guint8)mark->kind });
    }
}

/* When the extreme waits of a lane began and ended: each is asked for once, whatever the zoom. */
typedef struct
{
  GanderTime begin;
  GanderTime end; /* 0 = not asked for yet */
} Extent;

static Extent *
get_extents (GanderTimeline *self, GanderLaneId lane, guint32 n)
{
  GanderTimelineMemory *memory = self->memory;
  Extent *extents = NULL;

  g_mutex_lock (&memory->mutex);
  extents = g_hash_table_lookup (memory->extents, GUINT_TO_POINTER (lane));
  if (extents == NULL)
    {
      memory->n_extents += n;
      extents = g_new0 (Extent, n);
      g_hash_table_insert (memory->extents, GUINT_TO_POINTER (lane), extents);
    }
  g_mutex_unlock (&memory->mutex);
  return extents;
}

static const Extent *
get_extent (GanderTimeline *self, GanderLaneId lane, guint32 ordinal, Extent *extent)
{
  GanderSpan span;

  if (extent->end == 0)
    {
      gander_query_span (self->index, lane, ordinal, &span);
      *extent = (Extent){ span.begin, MAX (span.end, 1) };
    }
  return extent;
}

/* Returns: the first of @n extreme waits that ends after @time. */
static guint32
find_extreme (GanderTimeline *self,
              GanderLaneId lane,
              const guint32 *ordinals,
              Extent *extents,
              guint32 low,
              guint32 n,
              GanderTime time)
{
  guint32 high = n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (get_extent (self, lane, ordinals[middle], &extents[middle])->end <= time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* A mark stands for all that would touch it, so the work depends on the width, not on their number.
 */
static void
add_extremes (GanderTimeline *self, GanderLaneId lane)
{
  guint32 n;
  const guint32 *ordinals = gander_query_extremes (self->index, lane, &n);
  int room = gander_timeline_px (self, MARK_PX);
  Extent *extents = n > 0 ? get_extents (self, lane, n) : NULL;
  guint32 i = find_extreme (self, lane, ordinals, extents, 0, n, self->scale.begin);

  while (i < n)
    {
      const Extent *span = get_extent (self, lane, ordinals[i], &extents[i]);
      guint32 next = i + 1;
      int x;

      if (span->begin >= self->scale.end)
        break;
      x = gander_scale_get_x (&self->scale, span->begin);
      if ((double)(span->end - span->begin) < 2 * self->scale.per_pixel)
        {
          next = find_extreme (self,
                               lane,
                               ordinals,
                               extents,
                               next,
                               n,
                               gander_scale_get_time (&self->scale, x + room - 1));
          add_mark (self,
                    (GanderMarkItem){ .x = x,
                                      .time = span->begin,
                                      .item = ordinals[i],
                                      .n = next - i,
                                      .kind = GANDER_MARK_EXTREME });
        }
      i = next;
    }
}

/* The messages of a lane, and when they were logged: each is asked for once, whatever the zoom. */
typedef struct
{
  const guint32 *rows;
  guint32 n;
  GanderTime *times; /* (nullable) + 1; 0 = not asked for yet; NULL: too many to remember */
} Logs;

static Logs
get_logs (GanderTimeline *self, GanderLaneId lane)
{
  GanderTimelineMemory *memory = self->memory;
  Logs logs = { 0 };
  GArray *times = NULL;

  logs.rows = gander_rows_get_logs (self->rows, lane, &logs.n);
  if (logs.n == 0 || logs.n > MOST_LOGS)
    return logs;
  g_mutex_lock (&memory->mutex);
  times = g_hash_table_lookup (memory->logs, GUINT_TO_POINTER (lane));
  if (times == NULL || times->len != logs.n)
    {
      memory->n_extents += logs.n;
      times = g_array_set_size (g_array_new (FALSE, TRUE, sizeof (GanderTime)), logs.n);
      g_hash_table_replace (memory->logs, GUINT_TO_POINTER (lane), times);
    }
  g_mutex_unlock (&memory->mutex);
  logs.times = (GanderTime *)(gpointer)times->data;
  return logs;
}

static GanderTime
get_log_time (const GanderTimeline *self, const Logs *logs, guint32 i)
{
  GanderLog log;

  if (logs->times != NULL && logs->times[i] != 0)
    return logs->times[i] - 1;
  gander_index_get_log (self->index, logs->rows[i], &log);
  if (logs->times != NULL)
    logs->times[i] = log.time + 1;
  return log.time;
}

/* Returns: the first message from number @low on that was logged at @time or later. */
static guint32
find_log (const GanderTimeline *self, const Logs *logs, guint32 low, GanderTime time)
{
  guint32 high = logs->n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (get_log_time (self, logs, middle) < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* One mark a pixel at most, however many messages there are. */
static void
add_logs (GanderTimeline *self, GanderLaneId lane)
{
  Logs logs = get_logs (self, lane);
  guint32 i = find_log (self, &logs, 0, self->scale.begin);

  while (i < logs.n)
    {
      GanderTime time = get_log_time (self, &logs, i);
      int x;
      guint32 next;

      if (time >= self->scale.end)
        break;
      x = gander_scale_get_x (&self->scale, time);
      next = find_log (self, &logs, i + 1, gander_scale_get_time (&self->scale, x + 1));
      add_mark (self,
                (GanderMarkItem){ .x = x,
                                  .time = time,
                                  .item = logs.rows[i],
                                  .n = next - i,
                                  .kind = GANDER_MARK_LOG });
      i = next;
    }
}

void
gander_timeline_layout_marks (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  guint n = (guint)self->scale.width + 2 * MARGIN;

  if (self->sheet.rail->len != n)
    {
      g_array_set_size (self->sheet.rail, 0);
      g_array_set_size (self->sheet.rail, n);
    }
  add_given_marks (self, row->lane);
  add_extremes (self, row->lane);
  add_logs (self, row->lane);
  clear_rail (self, item->first_mark);
}
