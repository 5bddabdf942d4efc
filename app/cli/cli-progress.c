/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-progress.h"

#include "analysis/analysis.h"

#include <stdio.h>

#define FIRST_US (400 * 1000)
#define NEXT_US  (100 * 1000)

struct _GanderProgressLine
{
  GanderProgress *progress;
  GThread *thread;
  GMutex mutex;
  GCond changed;
  gboolean done; /* under @mutex */
};

static void
show (GanderProgress *progress)
{
  g_autofree char *events = gander_text_count ((gint64)gander_progress_get_events (progress));

  fprintf (stderr,
           "\r\033[K%s… %.0f %%, %s events",
           gander_phase_get_label (gander_progress_get_phase (progress)),
           gander_progress_get_fraction (progress) * 100,
           events);
  fflush (stderr);
}

static gpointer
run (gpointer data)
{
  GanderProgressLine *self = data;
  gint64 deadline = g_get_monotonic_time () + FIRST_US;
  gboolean shown = FALSE;

  g_mutex_lock (&self->mutex);
  while (!self->done)
    if (!g_cond_wait_until (&self->changed, &self->mutex, deadline))
      {
        show (self->progress);
        shown = TRUE;
        deadline = g_get_monotonic_time () + NEXT_US;
      }
  g_mutex_unlock (&self->mutex);
  if (shown)
    fputs ("\r\033[K", stderr);
  return NULL;
}

GanderProgressLine *
gander_progress_line_new (GanderProgress *progress)
{
  GanderProgressLine *self = g_new0 (GanderProgressLine, 1);

  self->progress = progress;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("progress", run, self);
  return self;
}

void
gander_progress_line_free (GanderProgressLine *self)
{
  g_mutex_lock (&self->mutex);
  self->done = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}
