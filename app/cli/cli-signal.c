/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-signal.h"

#include <signal.h>
#include <unistd.h>

/* What work may take to stop before it is stopped. */
#define PATIENCE_S 2

static gint received;

static void
fill_set (sigset_t *set)
{
  sigemptyset (set);
  sigaddset (set, SIGINT);
  sigaddset (set, SIGTERM);
  sigaddset (set, SIGHUP);
}

/* A thread that waits may call what a signal handler may not. */
static gpointer
wait_for_signals (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  struct timespec patience = { .tv_sec = PATIENCE_S };
  sigset_t set;
  int number;

  fill_set (&set);
  if (sigwait (&set, &number) != 0)
    return NULL;
  g_atomic_int_set (&received, number);
  g_cancellable_cancel (cancellable);
  sigtimedwait (&set, NULL, &patience);
  _exit (128 + number);
}

void
gander_signal_watch (GCancellable *cancellable)
{
  sigset_t set;

  signal (SIGPIPE, SIG_IGN);
  fill_set (&set);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  g_thread_unref (g_thread_new ("signals", wait_for_signals, g_object_ref (cancellable)));
}

int
gander_signal_get_received (void)
{
  return g_atomic_int_get (&received);
}
