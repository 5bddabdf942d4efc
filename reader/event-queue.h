/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Hands the ordered events of one thread to another, in batches, in their order. Bounded: whoever
 * is ahead waits. One producer, one consumer.
 */

#include "reader/chores.h"
#include "reader/event.h"

G_BEGIN_DECLS

#define GANDER_QUEUE_BATCH   1024 /* events */
#define GANDER_QUEUE_BATCHES 32

/* Gets the next @n events. */
typedef void (*GanderEventFunc) (gpointer data, const GanderEvent *events, guint n);

typedef struct
{
  GanderEvent events[GANDER_QUEUE_BATCH + GANDER_EVENTS_AT_ONCE];
  guint n;
} GanderEventBatch;

typedef struct
{
  GanderEventFunc func;
  gpointer data;
  GThread *thread; /* NULL = none: events are handed on directly */
  GanderEventBatch *batches;
  GanderEventBatch *filling;
  GanderChores *chores;
  guint n_filled; /* batches handed over so far; the mutex of chores guards this and what follows */
  guint n_done;
  gboolean ended;
} GanderEventQueue;

/* From now on @func is called for all events that are pushed: on a thread of its own if @threaded
 * and there is one to be had. Whoever waits does @chores
 * meanwhile, which must be started then and outlive @self. */
void gander_event_queue_start (GanderEventQueue *self,
                               gboolean threaded,
                               GanderChores *chores,
                               GanderEventFunc func,
                               gpointer data);

/* Returns when @func has been called for all that was pushed; until the next push it is not
 * running. */
void gander_event_queue_drain (GanderEventQueue *self);

/* Drains and ends the thread. */
void gander_event_queue_stop (GanderEventQueue *self);

/* Hands over what has been filled and finds an empty batch. */
void gander_event_queue_turn (GanderEventQueue *self);

/* @event may be where the room is, or anywhere. Returns: (nullable) where the next
 * GANDER_EVENTS_AT_ONCE events may be put before they are pushed; NULL when there is no thread. */
static inline GanderEvent *
gander_event_queue_push (GanderEventQueue *self, const GanderEvent *event)
{
  GanderEventBatch *batch = self->filling;
  GanderEvent *room = NULL;

  if (batch == NULL)
    {
      self->func (self->data, event, 1);
      return NULL;
    }
  room = &batch->events[batch->n];
  if (event != room)
    *room = *event;
  if (G_LIKELY (++batch->n < GANDER_QUEUE_BATCH))
    return room + 1;
  gander_event_queue_turn (self);
  return self->filling->events;
}

G_END_DECLS
