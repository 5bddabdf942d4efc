/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Progress of one load, written by workers and polled by anybody; no lock. Never goes back. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GANDER_PHASE_RECEIVING, /* from a pipe: nobody knows how much will come */
  GANDER_PHASE_UNPACKING,
  GANDER_PHASE_SCANNING,
  GANDER_PHASE_READING,
  GANDER_PHASE_WRITING,
  GANDER_PHASE_DONE,
} GanderPhase;

/* Zero-initialised with = { 0 }; all members are touched with atomics only. */
typedef struct
{
  gint phase; /* GanderPhase */
  gint done;  /* millionths of the whole load */
  guint64 events;
  guint64 received;
} GanderProgress;

/* @self may be NULL: then nothing happens. */
void gander_progress_report (GanderProgress *self, GanderPhase phase, guint64 done, guint64 total);
void gander_progress_set_events (GanderProgress *self, guint64 events);
/* Bytes that came from a pipe so far. */
void gander_progress_set_received (GanderProgress *self, guint64 bytes);

/* Returns: 0 to 1. */
double gander_progress_get_fraction (GanderProgress *self);
GanderPhase gander_progress_get_phase (GanderProgress *self);
guint64 gander_progress_get_events (GanderProgress *self);

guint64 gander_progress_get_received (GanderProgress *self);

/* Returns: (transfer none) an untranslated word, "Reading events". */
const char *gander_phase_get_label (GanderPhase phase);

G_END_DECLS
