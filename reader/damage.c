/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/damage.h"

#define N_(text) text

typedef struct
{
  const char *id;
  const char *sentence;
  GanderSeverity severity;
} DamageRow;

static const DamageRow rows[GANDER_N_DAMAGE_CODES] = {
#define DAMAGE(NAME, id, severity, sentence) \
  [GANDER_DAMAGE_##NAME] = { id, sentence, GANDER_SEVERITY_##severity },
#include "reader/damage.def"
#undef DAMAGE
};

const char *
gander_damage_get_id (GanderDamageCode code)
{
  g_return_val_if_fail (code < GANDER_N_DAMAGE_CODES, NULL);
  return rows[code].id;
}

GanderSeverity
gander_damage_get_severity (GanderDamageCode code)
{
  g_return_val_if_fail (code < GANDER_N_DAMAGE_CODES, GANDER_SEVERITY_NOTE);
  return rows[code].severity;
}

const char *
gander_damage_get_sentence (GanderDamageCode code)
{
  g_return_val_if_fail (code < GANDER_N_DAMAGE_CODES, NULL);
  return rows[code].sentence;
}
