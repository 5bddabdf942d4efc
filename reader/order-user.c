/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/events.h"
#include "reader/order.h"

#include <string.h>

/* What the program says of itself: tasks, regions, logs; labels; experimental events. */

/* A region that ends is looked for no deeper than this among the open ones. */
#define CROSSING_MAX 64

GanderAdvance
gander_order_label (GanderOrder *self)
{
  const GanderOrderGo *go = gander_order_current_go (self);
  GanderEvent *event;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  event = gander_order_emit (self, GANDER_EVENT_LABEL);
  event->resource = GANDER_RESOURCE_GOROUTINE;
  event->id = go->id;
  event->name = gander_order_string (self, 0);
  return GANDER_ADVANCE_OK;
}

static guint32
new_task (GanderOrder *self)
{
  guint32 number = self->free_task;

  if (number == GANDER_ID_NONE)
    {
      g_array_set_size (self->tasks, self->tasks->len + 1);
      return self->tasks->len - 1;
    }
  self->free_task = g_array_index (self->tasks, GanderOrderTask, number).name;
  return number;
}

GanderAdvance
gander_order_task_begin (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  GanderStringId name;
  guint32 number;
  GanderEvent *event;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  number = gander_id_map_get (&self->task_by_id, id);
  if (number != GANDER_ID_NONE && !self->forced)
    return gander_order_bad (self, GANDER_DAMAGE_TASK_TWICE);

  name = gander_order_string (self, 2);
  if (number == GANDER_ID_NONE)
    number = new_task (self);
  g_array_index (self->tasks, GanderOrderTask, number) =
      (GanderOrderTask){ .parent = self->event->args[1], .name = name };
  gander_id_map_set (&self->task_by_id, id, number);

  event = gander_order_emit (self, GANDER_EVENT_TASK_BEGIN);
  event->id = (gint64)id;
  event->value[0] = self->event->args[1];
  event->name = name;
  event->stack = gander_order_stack (self, 3);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_task_end (GanderOrder *self)
{
  guint64 id = self->event->args[0];
  guint32 number;
  GanderEvent *event;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  event = gander_order_emit (self, GANDER_EVENT_TASK_END);
  event->id = (gint64)id;
  event->stack = gander_order_stack (self, 1);
  number = gander_id_map_get (&self->task_by_id, id);
  if (number != GANDER_ID_NONE)
    {
      GanderOrderTask *task = &g_array_index (self->tasks, GanderOrderTask, number);

      event->value[0] = task->parent;
      event->name = task->name;
      gander_id_map_remove (&self->task_by_id, id);
      task->name = self->free_task;
      self->free_task = number;
    }
  return GANDER_ADVANCE_OK;
}

static GanderEvent *
emit_region (GanderOrder *self, GanderEventKind kind, GanderStringId name)
{
  GanderEvent *event = gander_order_emit (self, kind);

  event->id = (gint64)self->event->args[0];
  event->name = name;
  event->stack = gander_order_stack (self, 2);
  return event;
}

GanderAdvance
gander_order_region_begin (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderOrderRegion region;
  guint32 number = self->free_region;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  region = (GanderOrderRegion){ .task = self->event->args[0],
                                .name = gander_order_string (self, 1),
                                .outer = go->region };
  if (number == GANDER_ID_NONE)
    {
      number = self->regions->len;
      g_array_append_val (self->regions, region);
    }
  else
    {
      self->free_region = g_array_index (self->regions, GanderOrderRegion, number).outer;
      g_array_index (self->regions, GanderOrderRegion, number) = region;
    }
  go->region = number;
  emit_region (self, GANDER_EVENT_REGION_BEGIN, region.name);
  return GANDER_ADVANCE_OK;
}

/* Takes the innermost open region of that task and name out. Regions that cross are an error of
 * the program, not of the trace: they are kept as they are. */
static void
close_region (GanderOrder *self, GanderOrderGo *go, GanderStringId name)
{
  guint32 *link = &go->region;

  for (guint depth = 0; *link != GANDER_ID_NONE && depth < CROSSING_MAX; depth++)
    {
      GanderOrderRegion *region = &g_array_index (self->regions, GanderOrderRegion, *link);

      if (region->task == self->event->args[0] && region->name == name)
        {
          guint32 number = *link;

          *link = region->outer;
          region->outer = self->free_region;
          self->free_region = number;
          if (depth == 0)
            return;
          break;
        }
      link = &region->outer;
    }
  gander_damage_log_count (self->log,
                           GANDER_DAMAGE_REGION_MISMATCH,
                           self->event->offset,
                           self->thread_id,
                           0);
}

GanderAdvance
gander_order_region_end (GanderOrder *self)
{
  GanderOrderGo *go = gander_order_current_go (self);
  GanderStringId name;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);

  name = gander_order_string (self, 1);
  /* With none open it began before the trace. */
  if (go->region != GANDER_ID_NONE)
    close_region (self, go, name);
  emit_region (self, GANDER_EVENT_REGION_END, name);
  return GANDER_ADVANCE_OK;
}

void
gander_order_drop_regions (GanderOrder *self, GanderOrderGo *go)
{
  while (go->region != GANDER_ID_NONE)
    {
      guint32 number = go->region;
      GanderOrderRegion *region = &g_array_index (self->regions, GanderOrderRegion, number);

      go->region = region->outer;
      region->outer = self->free_region;
      self->free_region = number;
    }
}

GanderAdvance
gander_order_log (GanderOrder *self)
{
  GanderEvent *event;

  if (!gander_order_has_all (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  event = gander_order_emit (self, GANDER_EVENT_LOG);
  event->id = (gint64)self->event->args[0];
  event->name = gander_order_string (self, 1);
  event->text = gander_order_string (self, 2);
  event->stack = gander_order_stack (self, 3);
  return GANDER_ADVANCE_OK;
}

GanderAdvance
gander_order_experimental (GanderOrder *self)
{
  GanderEvent *event;
  const char *arguments = gander_wire_event_get_arguments (self->event->code);

  if (!gander_order_has_thread (self))
    return gander_order_bad (self, GANDER_DAMAGE_ORDER_STATE);
  event = gander_order_emit (self, GANDER_EVENT_EXPERIMENTAL);
  for (guint i = 0; (arguments = strchr (arguments, ' ')) != NULL; i++, arguments++)
    event->value[i] = self->event->args[i];
  return GANDER_ADVANCE_OK;
}
