/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_TEXTS  400
#define MIN_TEXT_PX 26
#define PADDING_PX  3
#define MARK_PX     6 /* one mark per so many */
#define WIDTHS      4096
#define MARGIN      64 /* px that a mark may be out of view */

/* Boxes worth a text, counted by width, so that the widest get one. */
static int
narrowest_with_text (const GanderTimeline *self, int least)
{
  guint counts[WIDTHS] = { 0 };
  guint sum = 0;

  for (guint i = 0; i < self->sheet.boxes->len; i++)
    {
      const GanderLaneBox *box = &g_array_index (self->sheet.boxes, GanderLaneBox, i);

      counts[CLAMP (box->x1 - box->x0, 0, WIDTHS - 1)]++;
    }
  for (guint i = 0; i < self->sheet.bars->len; i++)
    {
      const GanderBar *bar = &g_array_index (self->sheet.bars, GanderBar, i);

      counts[CLAMP (bar->x1 - bar->x0, 0, WIDTHS - 1)]++;
    }
  for (int width = WIDTHS - 1; width >= least; width--)
    {
      sum += counts[width];
      if (sum > MOST_TEXTS)
        return width + 1;
    }
  return least;
}

/* The part of [x0, x1) in view. */
static void
clip (const GanderTimeline *self, int x0, int x1, int *x, int *width)
{
  int padding = gander_timeline_px (self, PADDING_PX);

  *x = MAX (x0, 0) + padding;
  *width = MIN (x1, self->scale.width) - padding - *x;
}

/* The name of a goroutine's function without its package path. */
static const char *
short_name (const GanderIndex *index, GanderStringId name)
{
  const char *text = gander_index_get_string (index, name);
  const char *slash = strrchr (text, '/');

  return slash != NULL ? slash + 1 : text;
}

static void
print_link (const GanderTimeline *self,
            GanderLaneId link,
            gboolean with_name,
            char *out,
            gsize size)
{
  static const char letters[GANDER_N_LANE_KINDS] = { 'G', 'P', 'M' };
  GanderLane lane;
  const char *name = "";

  out[0] = '\0';
  if (link >= gander_index_get_n_lanes (self->index))
    return;
  gander_index_get_lane (self->index, link, &lane);
  if (with_name && lane.kind == GANDER_LANE_GOROUTINE)
    {
      name = short_name (self->index, lane.name);
      if (g_str_has_prefix (name, "runtime."))
        name += strlen ("runtime.");
    }
  g_snprintf (out,
              size,
              "%c%" G_GINT64_FORMAT "%s%s",
              letters[lane.kind],
              lane.id,
              name[0] != '\0' ? " " : "",
              name);
}

/* The long text of a box, and a shorter one for little room. */
static void
print_box (const GanderTimeline *self,
           const GanderLaneBox *box,
           GanderLaneKind kind,
           char *text,
           char *shorter,
           gsize size)
{
  char duration[GANDER_TEXT_SIZE];
  const char *word;

  gander_scale_format_duration (box->end - box->begin, duration);
  text[0] = shorter[0] = '\0';
  switch ((GanderState)box->state)
    {
    case GANDER_STATE_BLOCKED:
      word = gander_wait_get_word (box->wait);
      if (word == NULL)
        word = gander_index_get_string (self->index, box->reason);
      g_snprintf (shorter, size, "%s%s", box->wait == GANDER_WAIT_FOREVER ? "\u221e " : "", word);
      g_snprintf (text, size, "%s %s", shorter, duration);
      break;
    case GANDER_STATE_RUNNABLE:
      g_strlcpy (text, duration, size);
      break;
    case GANDER_STATE_SYSCALL:
    case GANDER_STATE_SYSCALL_BLOCKED:
      g_strlcpy (shorter, _ ("syscall"), size);
      g_snprintf (text, size, "%s %s", shorter, duration);
      break;
    case GANDER_STATE_RUNNING:
    case GANDER_STATE_GC_WORK:
    case GANDER_STATE_GC_ASSIST:
      print_link (self, box->link, FALSE, shorter, size);
      print_link (self,
                  box->link,
                  kind != GANDER_LANE_GOROUTINE && box->state == GANDER_STATE_GC_WORK,
                  text,
                  size);
      break;
    default:
      break;
    }
}

static gboolean
add_if_fits (GanderTimeline *self,
             GanderLabelStyle style,
             GanderInk ink,
             int x,
             int y,
             int width,
             const char *text)
{
  int needed = gander_labels_get_width (self->labels, style, text);

  if (text[0] == '\0' || needed > width)
    return FALSE;
  gander_timeline_add_text (self, self->span_texts, style, ink, x, y, needed, text);
  return TRUE;
}

static void
add_box_texts (GanderTimeline *self,
               const GanderTimelineRow *item,
               GanderLabelStyle style,
               int narrowest)
{
  const GanderRow *row = gander_rows_get (self->rows, item->row);
  int middle = (item->bar_y0 + item->bar_y1) / 2;
  GanderLane lane;

  if (item->lane.n_boxes == 0)
    return;
  gander_index_get_lane (self->index, row->lane, &lane);
  for (guint i = 0; i < item->lane.n_boxes; i++)
    {
      const GanderLaneBox *box =
          &g_array_index (self->sheet.boxes, GanderLaneBox, item->lane.first_box + i);
      GanderShade shade = gander_shade_of_state (box->state);
      /* The kind mark takes the lowest pixels. */
      int y = shade == GANDER_SHADE_BLOCKED && style == GANDER_LABEL_SPAN
                  ? middle - gander_timeline_px (self, 2)
                  : middle;
      char text[256];
      char shorter[256];
      int x;
      int width;

      clip (self, box->x0, box->x1, &x, &width);
      if (shade >= GANDER_N_SHADES || box->x1 - box->x0 < narrowest || width <= 0)
        continue;
      print_box (self, box, lane.kind, text, shorter, sizeof text);
      if (!add_if_fits (self, style, GANDER_INK_SHADE + shade, x, y, width, text))
        add_if_fits (self, style, GANDER_INK_SHADE + shade, x, y, width, shorter);
    }
}

static void
print_bar (const GanderTimeline *self, const GanderBar *bar, char *text, char *shorter, gsize size)
{
  char duration[GANDER_TEXT_SIZE];
  GanderRegion region;
  GanderTask task;

  gander_scale_format_duration (bar->end - bar->begin, duration);
  text[0] = shorter[0] = '\0';
  if (bar->n > 1)
    {
      char count[GANDER_TEXT_SIZE];

      g_snprintf (text, size, "\u00d7%s", gander_scale_format_count (bar->n, count));
      return;
    }
  switch ((GanderBarKind)bar->kind)
    {
    case GANDER_BAR_MARK:
      g_snprintf (shorter, size, _ ("Cycle %u"), bar->item + 1);
      g_snprintf (text, size, _ ("Mark \u00b7 cycle %u \u00b7 %s"), bar->item + 1, duration);
      break;
    case GANDER_BAR_REGION:
      gander_index_get_region (self->index, bar->item, &region);
      g_strlcpy (shorter, gander_index_get_string (self->index, region.type), size);
      g_snprintf (text, size, "%s %s", shorter, duration);
      break;
    case GANDER_BAR_TASK:
      gander_index_get_task (self->index, bar->item, &task);
      g_snprintf (shorter, size, "#%" G_GUINT64_FORMAT, task.id);
      g_snprintf (text,
                  size,
                  "%s #%" G_GUINT64_FORMAT " \u00b7 %s",
                  gander_index_get_string (self->index, task.type),
                  task.id,
                  duration);
      break;
    case GANDER_BAR_ASSIST:
    case GANDER_BAR_STW:
      g_strlcpy (text, duration, size);
      break;
    default:
      break;
    }
}

/* Where the text of a bar may begin: behind the pauses that lie over it, and those that leave too
 * little room in front of them. */
static int
behind_pauses (const GanderTimeline *self, const GanderTimelineRow *item, int x)
{
  int least = gander_timeline_px (self, 2 * MIN_TEXT_PX);

  for (guint i = item->first_bar; i < item->first_bar + item->n_bars; i++)
    {
      const GanderBar *bar = &g_array_index (self->sheet.bars, GanderBar, i);

      if (bar->kind == GANDER_BAR_STW && bar->x0 <= x + least && x < bar->x1)
        x = bar->x1 + gander_timeline_px (self, PADDING_PX);
    }
  return x;
}

static void
add_bar_texts (GanderTimeline *self,
               const GanderTimelineRow *item,
               GanderLabelStyle style,
               int narrowest)
{
  static const GanderInk inks[GANDER_N_BARS] = {
    [GANDER_BAR_MARK] = GANDER_INK_SHADE + GANDER_SHADE_GC,
    [GANDER_BAR_STW] = GANDER_INK_SHADE + GANDER_SHADE_STW,
    [GANDER_BAR_ASSIST] = GANDER_INK_SHADE + GANDER_SHADE_GC,
    [GANDER_BAR_REGION] = GANDER_INK_REGION,
    [GANDER_BAR_TASK] = GANDER_INK_TEXT,
  };
  gboolean with_marks =
      item->n_bars > 0 &&
      g_array_index (self->sheet.bars, GanderBar, item->first_bar).kind == GANDER_BAR_MARK;

  for (guint i = item->first_bar; i < item->first_bar + item->n_bars; i++)
    {
      const GanderBar *bar = &g_array_index (self->sheet.bars, GanderBar, i);
      int middle = (bar->y0 + bar->y1) / 2;
      char text[256];
      char shorter[256];
      int x;
      int width;

      if (bar->kind == GANDER_BAR_STW && with_marks)
        continue;
      clip (self, bar->x0, bar->x1, &x, &width);
      if (bar->kind == GANDER_BAR_MARK)
        {
          int free_x = behind_pauses (self, item, x);

          width -= free_x - x;
          x = free_x;
        }
      if (bar->x1 - bar->x0 < narrowest || width <= 0)
        continue;
      print_bar (self, bar, text, shorter, sizeof text);
      if (!add_if_fits (self, style, inks[bar->kind], x, middle, width, text))
        add_if_fits (self, style, inks[bar->kind], x, middle, width, shorter);
    }
}

void
gander_timeline_layout_span_texts (GanderTimeline *self)
{
  gboolean compact = gander_rows_get_options (self->rows)->compact;
  int narrowest = narrowest_with_text (self, gander_timeline_px (self, MIN_TEXT_PX));

  for (guint i = 0; i < self->items->len; i++)
    {
      GanderTimelineRow *item = &g_array_index (self->items, GanderTimelineRow, i);
      const GanderRow *row = gander_rows_get (self->rows, item->row);
      GanderLabelStyle style = compact ? GANDER_LABEL_COMPACT : GANDER_LABEL_SPAN;

      if (row->kind == GANDER_ROW_REGIONS)
        {
          if (compact)
            continue;
          style = GANDER_LABEL_COMPACT;
        }
      item->first_text = self->span_texts->len;
      add_box_texts (self, item, style, narrowest);
      add_bar_texts (self, item, style, narrowest);
      item->n_texts = self->span_texts->len - item->first_text;
    }
}

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

/* Returns: the first of @n log rows at or after @time. */
static guint32
find_log (const GanderIndex *index, const guint32 *rows, guint32 n, GanderTime time)
{
  guint32 low = 0;
  guint32 high = n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      GanderLog log;

      gander_index_get_log (index, rows[middle], &log);
      if (log.time < time)
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
  guint32 n;
  const guint32 *rows = gander_rows_get_logs (self->rows, lane, &n);
  guint32 i = find_log (self->index, rows, n, self->scale.begin);

  while (i < n)
    {
      GanderLog log;
      int x;
      guint32 next;

      gander_index_get_log (self->index, rows[i], &log);
      if (log.time >= self->scale.end)
        break;
      x = gander_scale_get_x (&self->scale, log.time);
      next =
          MAX (find_log (self->index, rows, n, gander_scale_get_time (&self->scale, x + 1)), i + 1);
      add_mark (self,
                (GanderMarkItem){ .x = x,
                                  .time = log.time,
                                  .item = rows[i],
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
