/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Damage on its way to the sink. The first few of a kind in a generation go out one by one, the
 * rest as one record with a count, so that a file full of faults does not become a list as long.
 */

#include "reader/damage.h"
#include "reader/trace.h"

G_BEGIN_DECLS

typedef struct
{
  const GanderSink *sink; /* (unowned) */
  gpointer sink_data;
  guint64 generation; /* stamped on every record */
  GanderTime now;     /* time of the last event, -1 before the first */
  guint64 n_serious;  /* records so far that are more than notes */
  guint n_single[GANDER_N_DAMAGE_CODES];
  GanderDamage rest[GANDER_N_DAMAGE_CODES]; /* count 0 = none */
} GanderDamageLog;

/* Records @damage; its generation, times and count may be left 0. */
void gander_damage_log_add (GanderDamageLog *self, const GanderDamage *damage);

/* The usual: a fault at one place. @thread: -1 = none. */
void gander_damage_log_at (GanderDamageLog *self,
                           GanderDamageCode code,
                           guint64 offset,
                           guint64 size,
                           gint64 thread,
                           guint64 events_lost);

/* The same for what is only worth a count: one record per code and generation. */
void gander_damage_log_count (GanderDamageLog *self,
                              GanderDamageCode code,
                              guint64 offset,
                              gint64 thread,
                              guint64 events_lost);

/* Sends the counts; at the end of each generation. */
void gander_damage_log_flush (GanderDamageLog *self);

G_END_DECLS
