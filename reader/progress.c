/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/progress.h"

#define N_(text) text

/* Where a phase begins in the whole load, in millionths; its end is the next one's begin. */
static const struct
{
  const char *label;
  gint begin;
} phases[] = {
  [GANDER_PHASE_RECEIVING] = { N_ ("Receiving"), 0 },
  [GANDER_PHASE_UNPACKING] = { N_ ("Unpacking"), 0 },
  [GANDER_PHASE_SCANNING] = { N_ ("Looking through the file"), 100000 },
  [GANDER_PHASE_READING] = { N_ ("Reading events"), 110000 },
  [GANDER_PHASE_WRITING] = { N_ ("Writing the index"), 800000 },
  [GANDER_PHASE_DONE] = { N_ ("Done"), 1000000 },
};

void
gander_progress_report (GanderProgress *self, GanderPhase phase, guint64 done, guint64 total)
{
  gint begin;
  gint end;
  gint part;

  if (self == NULL)
    return;

  g_return_if_fail (phase <= GANDER_PHASE_DONE);

  begin = phases[phase].begin;
  end = phase == GANDER_PHASE_DONE ? begin : phases[phase + 1].begin;
  part = begin;
  if (total > 0)
    part += (gint)((double)(end - begin) * MIN (1.0, (double)done / (double)total));

  if ((gint)phase > g_atomic_int_get (&self->phase))
    g_atomic_int_set (&self->phase, (gint)phase);
  if (part > g_atomic_int_get (&self->done))
    g_atomic_int_set (&self->done, part);
}

void
gander_progress_set_events (GanderProgress *self, guint64 events)
{
  if (self != NULL)
    __atomic_store_n (&self->events, events, __ATOMIC_RELAXED);
}

void
gander_progress_set_received (GanderProgress *self, guint64 bytes)
{
  if (self != NULL)
    __atomic_store_n (&self->received, bytes, __ATOMIC_RELAXED);
}

double
gander_progress_get_fraction (GanderProgress *self)
{
  return g_atomic_int_get (&self->done) / 1e6;
}

GanderPhase
gander_progress_get_phase (GanderProgress *self)
{
  return (GanderPhase)g_atomic_int_get (&self->phase);
}

guint64
gander_progress_get_events (GanderProgress *self)
{
  return __atomic_load_n (&self->events, __ATOMIC_RELAXED);
}

guint64
gander_progress_get_received (GanderProgress *self)
{
  return __atomic_load_n (&self->received, __ATOMIC_RELAXED);
}

const char *
gander_phase_get_label (GanderPhase phase)
{
  g_return_val_if_fail (phase <= GANDER_PHASE_DONE, NULL);
  return phases[phase].label;
}
