/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges: collection cycles, stop-the-world pauses, mark assists, sweeps. "Active" counts in the
 * first generation, as a begin at 0; later ones repeat what is known.
 */
#include "reader/spans-private.h"

/* Open ranges of one goroutine or processor; Go has at most two at a time. */
#define OPEN_LIMIT 16

static void
write_range (GanderSpans *self,
             const GanderOpenItem *item,
             guint32 lane,
             GanderTime end,
             GanderSpanFlags flags,
             const guint64 *value)
{
  GanderRange range = { .kind = item->kind,
                        .flags = item->flags | flags,
                        .begin = item->begin,
                        .end = MAX (end, item->begin),
                        .lane = lane,
                        .goroutine = item->goroutine - 1,
                        .name = item->name,
                        .stack = item->stack };

  if (value != NULL && item->kind == GANDER_RANGE_SWEEP)
    {
      range.swept = value[0];
      range.reclaimed = value[1];
    }
  gander_row_file_add (&self->ranges[item->kind], &range);
}

static void
assist_changed (GanderSpans *self, GanderGo *go, int change, GanderStackId stack)
{
  go->assists = change > 0;
  gander_spans_split (self, go, stack);
}

/* Returns: the link to the open range of this kind and name, or NULL. */
static guint32 *
find_open (const GanderSpans *self, guint32 *head, GanderRangeKind kind, GanderStringId name)
{
  guint32 *link = head;

  for (guint i = 0; *link != 0 && i < OPEN_LIMIT; i++)
    {
      GanderOpenItem *item = gander_pages_get (&self->open_items, *link - 1);
      if (item->kind == kind && item->name == name)
        return link;
      link = &item->next;
    }
  return NULL;
}

static guint
count_open (const GanderSpans *self, guint32 head)
{
  guint n = 0;

  for (; head != 0; n++)
    head = ((GanderOpenItem *)gander_pages_get (&self->open_items, head - 1))->next;
  return n;
}

typedef struct
{
  guint32 *head; /* list of the resource that the range is on */
  GanderGo *go;  /* that resource, when it is a goroutine */
  guint32 row;   /* row + 1 of that resource, 0 = everything */
  GanderRangeKind kind;
} Place;

static gboolean
find_place (GanderSpans *self, const GanderEvent *event, Place *place)
{
  GanderText text = gander_spans_classify (self, event->name);

  if (text == GANDER_TEXT_RANGE_MARK)
    *place = (Place){ &self->open_mark, NULL, 0, GANDER_RANGE_GC_MARK };
  else if (text == GANDER_TEXT_RANGE_SWEEP)
    {
      guint32 row = gander_spans_need_executor (self, GANDER_LANE_PROC, event->id);
      if (row == 0)
        return FALSE;
      *place = (Place){ &gander_spans_get_executor (self, GANDER_LANE_PROC, row)->open_range,
                        NULL,
                        row,
                        GANDER_RANGE_SWEEP };
    }
  else if (text == GANDER_TEXT_RANGE_STW || text == GANDER_TEXT_RANGE_ASSIST)
    {
      guint32 found = gander_spans_find_go (self, event->id);
      GanderGo *go = NULL;
      if (found == 0)
        return FALSE;
      go = gander_spans_get_go (self, found);
      *place = (Place){ &go->open_range,
                        go,
                        go->row,
                        text == GANDER_TEXT_RANGE_STW ? GANDER_RANGE_STW : GANDER_RANGE_ASSIST };
    }
  else
    return FALSE;
  return TRUE;
}

static void
begin_range (GanderSpans *self, const GanderEvent *event, const Place *place)
{
  gboolean active = event->kind == GANDER_EVENT_RANGE_ACTIVE;
  GanderOpenItem item = { .kind = (guint8)place->kind,
                          .name = event->name,
                          .stack = event->stack,
                          .begin = active ? 0 : self->now,
                          .flags = active ? GANDER_SPAN_OPEN_BEGIN : 0 };

  if (find_open (self, place->head, place->kind, event->name) != NULL ||
      (active && self->n_syncs > 1) || count_open (self, *place->head) >= OPEN_LIMIT)
    return;
  if (place->kind == GANDER_RANGE_SWEEP)
    item.goroutine = gander_spans_find_row (self, event->goroutine);
  else if (place->kind != GANDER_RANGE_GC_MARK)
    item.goroutine = place->row;
  gander_spans_push_item (self, place->head, &item);
  if (place->kind == GANDER_RANGE_ASSIST)
    assist_changed (self, place->go, 1, event->stack);
}

static GanderLaneId
lane_of (const Place *place)
{
  return place->row == 0 ? GANDER_LANE_NONE : place->row - 1;
}

static void
end_range (GanderSpans *self, const GanderEvent *event, const Place *place)
{
  guint32 *link = find_open (self, place->head, place->kind, event->name);
  GanderOpenItem item;

  if (link == NULL)
    return;
  item = gander_spans_take_item (self, link);
  if (place->kind == GANDER_RANGE_SWEEP &&
      item.goroutine != gander_spans_find_row (self, event->goroutine))
    item.goroutine = 0;
  write_range (self, &item, lane_of (place), self->now, 0, event->value);
  if (place->kind == GANDER_RANGE_ASSIST)
    assist_changed (self, place->go, -1, event->stack);
}

void
gander_spans_add_range (GanderSpans *self, const GanderEvent *event)
{
  Place place = { 0 };

  if (!find_place (self, event, &place))
    return;
  if (event->kind == GANDER_EVENT_RANGE_END)
    end_range (self, event, &place);
  else
    begin_range (self, event, &place);
}

void
gander_spans_close_ranges (GanderSpans *self,
                           guint32 *head,
                           guint32 row_plus_one,
                           GanderTime end,
                           gboolean open_end)
{
  while (*head != 0)
    {
      GanderOpenItem item = gander_spans_take_item (self, head);
      write_range (self, &item, row_plus_one - 1, end, open_end ? GANDER_SPAN_OPEN_END : 0, NULL);
    }
}

void
gander_spans_close_mark (GanderSpans *self, GanderTime end, gboolean open_end)
{
  while (self->open_mark != 0)
    {
      GanderOpenItem item = gander_spans_take_item (self, &self->open_mark);
      write_range (self, &item, GANDER_LANE_NONE, end, open_end ? GANDER_SPAN_OPEN_END : 0, NULL);
    }
}
