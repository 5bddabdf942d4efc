/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/workers.h"

/* Less is not worth a thread. */
#define MIN_THINGS 2

typedef struct
{
  GanderWork work;
  gpointer data;
  guint32 n;
  guint32 part;
  guint next;  /* atomic: the part that is nobody's yet */
  int stopped; /* atomic */
} Share;

typedef struct
{
  Share *share;
  guint number;
} Worker;

/* Atomic; 0 = as many as there are processors. */
static guint n_asked = 0;

void
gander_workers_set_n (guint n)
{
  g_atomic_int_set (&n_asked, n);
}

guint
gander_workers_get_n (guint32 n)
{
  guint asked = g_atomic_int_get (&n_asked);

  if (n < MIN_THINGS)
    return 1;
  return CLAMP (asked == 0 ? g_get_num_processors () : asked, 1, GANDER_MAX_WORKERS);
}

static gpointer
run (gpointer data)
{
  const Worker *self = data;
  Share *share = self->share;

  while (g_atomic_int_get (&share->stopped) == 0)
    {
      guint64 first = (guint64)g_atomic_int_add ((int *)&share->next, 1) * share->part;

      if (first >= share->n)
        break;
      if (!share->work (share->data,
                        self->number,
                        (guint32)first,
                        (guint32)MIN (share->part, share->n - first)))
        g_atomic_int_set (&share->stopped, 1);
    }
  return NULL;
}

gboolean
gander_workers_run (guint32 n, guint32 part, GanderWork work, gpointer data)
{
  Share share = { .work = work, .data = data, .n = n, .part = part };
  Worker workers[GANDER_MAX_WORKERS];
  GThread *threads[GANDER_MAX_WORKERS] = { NULL };
  guint n_workers = gander_workers_get_n (n);

  /* Where no thread can be had, this one does it all. */
  for (guint i = 0; i < n_workers; i++)
    {
      workers[i] = (Worker){ &share, i };
      if (i > 0)
        threads[i] = g_thread_try_new ("analysis", run, &workers[i], NULL);
    }
  run (&workers[0]);
  for (guint i = 1; i < n_workers; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
  return g_atomic_int_get (&share.stopped) == 0;
}
