/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/piece-queue.h"

/* Threads pay from so many events on, and no more of them: a walk waits for memory. */
#define MANY_EVENTS 500000
#define MAX_WORKERS 4

struct _GanderPieceQueue
{
  GMutex lock;
  GanderScopeIter iter;
  GanderPieceFunc func;
  GCancellable *cancellable;
};

typedef struct
{
  GanderPieceQueue *queue;
  gpointer worker;
} Share;

guint
gander_piece_queue_get_n_workers (const GanderIndex *index)
{
  if (gander_index_get_facts (index)->n_events < MANY_EVENTS)
    return 1;
  return CLAMP (g_get_num_processors (), 1, MAX_WORKERS);
}

gboolean
gander_piece_queue_is_cancelled (const GanderPieceQueue *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

guint
gander_piece_queue_take (GanderPieceQueue *self, GanderPiece *out)
{
  guint n = 0;

  if (gander_piece_queue_is_cancelled (self))
    return 0;
  g_mutex_lock (&self->lock);
  while (n < GANDER_PIECE_BATCH && gander_scope_iter_next (&self->iter, &out[n]))
    n++;
  g_mutex_unlock (&self->lock);
  return n;
}

static gpointer
run_share (gpointer data)
{
  Share *share = data;

  share->queue->func (share->queue, share->worker);
  return NULL;
}

gboolean
gander_piece_queue_run (const GanderScope *scope,
                        GanderPieceFunc func,
                        gpointer *workers,
                        guint n_workers,
                        GCancellable *cancellable,
                        GError **error)
{
  GanderPieceQueue self = { .func = func, .cancellable = cancellable };
  g_autofree Share *shares = g_new0 (Share, n_workers);
  g_autofree GThread **threads = g_new0 (GThread *, n_workers);

  g_mutex_init (&self.lock);
  gander_scope_iter_init (&self.iter, scope);
  for (guint i = 0; i < n_workers; i++)
    shares[i] = (Share){ &self, workers[i] };
  /* Where no thread is to be had, those that there are do the work. */
  for (guint i = 1; i < n_workers; i++)
    threads[i] = g_thread_try_new ("walk", run_share, &shares[i], NULL);
  run_share (&shares[0]);
  for (guint i = 1; i < n_workers; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
  g_mutex_clear (&self.lock);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
