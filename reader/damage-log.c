/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/damage-log.h"

#define SINGLE_MAX 32

static void
add_to_rest (GanderDamageLog *self, const GanderDamage *damage)
{
  GanderDamage *rest = &self->rest[damage->code];

  if (rest->count == 0)
    {
      *rest = *damage;
      return;
    }
  if (rest->thread != damage->thread)
    rest->thread = -1;
  rest->size = MAX (rest->offset + rest->size, damage->offset + damage->size);
  rest->offset = MIN (rest->offset, damage->offset);
  rest->size -= rest->offset;
  rest->end = MAX (rest->end, damage->end);
  rest->events_lost += damage->events_lost;
  rest->count += damage->count;
}

static GanderDamage
complete (const GanderDamageLog *self, const GanderDamage *damage)
{
  GanderDamage full = *damage;

  if (full.generation == 0)
    full.generation = self->generation;
  if (full.count == 0)
    full.count = 1;
  if (full.begin == 0 && full.end == 0)
    full.begin = full.end = self->now;
  return full;
}

void
gander_damage_log_add (GanderDamageLog *self, const GanderDamage *damage)
{
  GanderDamage full = complete (self, damage);

  if (gander_damage_get_severity (full.code) != GANDER_SEVERITY_NOTE)
    self->n_serious++;
  if (self->n_single[full.code] >= SINGLE_MAX)
    {
      add_to_rest (self, &full);
      return;
    }
  self->n_single[full.code]++;
  self->sink->damage (self->sink_data, &full);
}

void
gander_damage_log_at (GanderDamageLog *self,
                      GanderDamageCode code,
                      guint64 offset,
                      guint64 size,
                      gint64 thread,
                      guint64 events_lost)
{
  gander_damage_log_add (self,
                         &(GanderDamage){ .code = code,
                                          .offset = offset,
                                          .size = size,
                                          .thread = thread,
                                          .events_lost = events_lost });
}

void
gander_damage_log_count (GanderDamageLog *self,
                         GanderDamageCode code,
                         guint64 offset,
                         gint64 thread,
                         guint64 events_lost)
{
  GanderDamage damage =
      complete (self,
                &(GanderDamage){
                    .code = code, .offset = offset, .thread = thread, .events_lost = events_lost });

  add_to_rest (self, &damage);
}

void
gander_damage_log_flush (GanderDamageLog *self)
{
  for (guint code = 0; code < GANDER_N_DAMAGE_CODES; code++)
    {
      if (self->rest[code].count > 0)
        self->sink->damage (self->sink_data, &self->rest[code]);
      self->rest[code].count = 0;
      self->n_single[code] = 0;
    }
}
