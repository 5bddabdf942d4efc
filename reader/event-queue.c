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

  g_mutex_lock (&self->mutex);
  while (TRUE)
    {
      const GanderEventBatch *batch = &self->batches[self->n_done % GANDER_QUEUE_BATCHES];
      if (self->n_done == self->n_filled)
        {
          if (self->ended)
            break;
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      g_mutex_unlock (&self->mutex);
      self->func (self->data, batch->events, batch->n);
      g_mutex_lock (&self->mutex);
      self->n_done++;
      if (self->n_filled - self->n_done == WAKE_AT || self->n_filled == self->n_done)
        g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

void
gander_event_queue_start (GanderEventQueue *self,
                          gboolean threaded,
                          GanderEventFunc func,
                          gpointer data)
{
  *self = (GanderEventQueue){ .func = func, .data = data };
  if (!threaded)
    return;
  self->batches = gander_large_try_new (GANDER_QUEUE_BATCHES * sizeof *self->batches);
  if (self->batches == NULL)
    return;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_try_new ("spans", run, self, NULL);
  if (self->thread == NULL)
    return;
  self->filling = self->batches;
  self->filling->n = 0;
}

void
gander_event_queue_turn (GanderEventQueue *self)
{
  g_mutex_lock (&self->mutex);
  self->n_filled++;
  if (self->n_filled - self->n_done == WAKE_AT)
    g_cond_broadcast (&self->cond);
  if (self->n_filled - self->n_done == GANDER_QUEUE_BATCHES)
    while (self->n_filled - self->n_done > WAKE_AT)
      g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
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
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->cond);
  while (self->n_done != self->n_filled)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

void
gander_event_queue_stop (GanderEventQueue *self)
{
  gander_event_queue_drain (self);
  if (self->thread != NULL)
    {
      g_mutex_lock (&self->mutex);
      self->ended = TRUE;
      g_cond_broadcast (&self->cond);
      g_mutex_unlock (&self->mutex);
      g_thread_join (self->thread);
    }
  if (self->batches != NULL)
    {
      g_mutex_clear (&self->mutex);
      g_cond_clear (&self->cond);
    }
  g_free (self->batches);
  self->batches = self->filling = NULL;
  self->thread = NULL;
}
