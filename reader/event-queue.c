/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/event-queue.h"

#include "reader/large.h"

/* Full batches at which whoever waits is woken: to wake a thread, and a processor with it, costs as
 * much as some batches do. */
#define WAKE_AT (GANDER_QUEUE_BATCHES / 2)

static gpointer
run (gpointer data)
{
  GanderEventQueue *self = data;

  g_mutex_lock (&self->chores->mutex);
  while (TRUE)
    {
      const GanderEventBatch *batch = &self->batches[self->n_done % GANDER_QUEUE_BATCHES];
      while (self->n_done == self->n_filled && !self->ended)
        (void)gander_chores_do_or_wait (self->chores);
      if (self->n_done == self->n_filled)
        break;
      g_mutex_unlock (&self->chores->mutex);
      self->func (self->data, batch->events, batch->n);
      g_mutex_lock (&self->chores->mutex);
      self->n_done++;
      if (self->n_filled - self->n_done == WAKE_AT || self->n_filled == self->n_done)
        g_cond_broadcast (&self->chores->cond);
    }
  g_mutex_unlock (&self->chores->mutex);
  return NULL;
}

void
gander_event_queue_start (GanderEventQueue *self,
                          gboolean threaded,
                          GanderChores *chores,
                          GanderEventFunc func,
                          gpointer data)
{
  *self = (GanderEventQueue){ .func = func, .data = data, .chores = chores };
  if (!threaded)
    return;
  self->batches = gander_large_try_new (GANDER_QUEUE_BATCHES * sizeof *self->batches);
  if (self->batches == NULL)
    return;
  self->thread = g_thread_try_new ("spans", run, self, NULL);
  if (self->thread == NULL)
    return;
  self->filling = self->batches;
  self->filling->n = 0;
}

void
gander_event_queue_turn (GanderEventQueue *self)
{
  guint room = GANDER_QUEUE_BATCHES - 1;

  g_mutex_lock (&self->chores->mutex);
  self->n_filled++;
  if (self->n_filled - self->n_done == WAKE_AT)
    g_cond_broadcast (&self->chores->cond);
  while (self->n_filled - self->n_done > WAKE_AT && gander_chores_do_one (self->chores))
    ;
  while (self->n_filled - self->n_done > room)
    room = gander_chores_do_or_wait (self->chores) ? GANDER_QUEUE_BATCHES - 1 : WAKE_AT;
  g_mutex_unlock (&self->chores->mutex);
  self->filling = &self->batches[self->n_filled % GANDER_QUEUE_BATCHES];
  self->filling->n = 0;
}

void
gander_event_queue_drain (GanderEventQueue *self)
{
  if (self->filling == NULL)
    return;
  if (self->filling->n > 0)
    gander_event_queue_turn (self);
  g_mutex_lock (&self->chores->mutex);
  if (self->n_done != self->n_filled)
    g_cond_broadcast (&self->chores->cond);
  while (self->n_done != self->n_filled)
    (void)gander_chores_do_or_wait (self->chores);
  g_mutex_unlock (&self->chores->mutex);
}

void
gander_event_queue_stop (GanderEventQueue *self)
{
  gander_event_queue_drain (self);
  if (self->thread != NULL)
    {
      g_mutex_lock (&self->chores->mutex);
      self->ended = TRUE;
      g_cond_broadcast (&self->chores->cond);
      g_mutex_unlock (&self->chores->mutex);
      g_thread_join (self->thread);
    }
  g_free (self->batches);
  self->batches = self->filling = NULL;
  self->thread = NULL;
}
