/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_TEXTS  400
#define MIN_TEXT_PX 26
#define PADDING_PX  3
#define WIDTHS      4096

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
