/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/chores.h"

/* Returns: (nullable) the first that nothing is in the way of; it does not wait any more. */
static GanderChore *
take_next (GanderChores *self)
{
  GanderChore *before = NULL;
  GanderChore *chore = self->first;

  while (chore != NULL && chore->series->busy)
    {
      before = chore;
      chore = chore->next;
    }
  if (chore == NULL)
    return NULL;
  if (before != NULL)
    before->next = chore->next;
  else
    self->first = chore->next;
  if (self->last == chore)
    self->last = before;
  return chore;
}

gboolean
gander_chores_do_one (GanderChores *self)
{
  GanderChore *chore = take_next (self);

  if (chore == NULL)
    return FALSE;
  chore->series->busy = TRUE;
  g_mutex_unlock (&self->mutex);
  chore->func (chore->data);
  g_mutex_lock (&self->mutex);
  chore->series->busy = FALSE;
  chore->waits = FALSE;
  g_cond_broadcast (&self->cond);
  return TRUE;
}

gboolean
gander_chores_do_or_wait (GanderChores *self)
{
  gboolean done = gander_chores_do_one (self);

  if (!done)
    g_cond_wait (&self->cond, &self->mutex);
  return done;
}

static gpointer
run (gpointer data)
{
  GanderChores *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->ended)
    (void)gander_chores_do_or_wait (self);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

void
gander_chores_start (GanderChores *self, gboolean threaded)
{
  *self = (GanderChores){ .started = TRUE };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  if (threaded)
    self->thread = g_thread_try_new ("chores", run, self, NULL);
}

void
gander_chores_stop (GanderChores *self)
{
  if (!self->started)
    return;
  g_mutex_lock (&self->mutex);
  while (self->first != NULL)
    (void)gander_chores_do_or_wait (self);
  self->ended = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  self->started = FALSE;
}

void
gander_chores_add (GanderChores *self,
                   GanderChore *chore,
                   GanderChoreSeries *series,
                   GanderChoreFunc func,
                   gpointer data)
{
  if (!self->started)
    {
      func (data);
      return;
    }
  g_mutex_lock (&self->mutex);
  *chore = (GanderChore){ .func = func, .data = data, .series = series, .waits = TRUE };
  if (self->last != NULL)
    self->last->next = chore;
  else
    self->first = chore;
  self->last = chore;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
gander_chores_finish (GanderChores *self, const GanderChore *chore)
{
  if (!self->started)
    return;
  g_mutex_lock (&self->mutex);
  while (chore->waits)
    (void)gander_chores_do_or_wait (self);
  g_mutex_unlock (&self->mutex);
}
