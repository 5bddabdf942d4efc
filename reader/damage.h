/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Damage is data: one record per thing in a trace that could not be read or believed while
 * the load went on. The codes, their severity and their sentence are rows of damage.def.
 */

#include "reader/types.h"

G_BEGIN_DECLS

typedef enum
{
#define DAMAGE(NAME, id, severity, sentence) GANDER_DAMAGE_##NAME,
#include "reader/damage.def"
#undef DAMAGE
  GANDER_N_DAMAGE_CODES,
} GanderDamageCode;

typedef enum
{
  GANDER_SEVERITY_NOTE,       /* worth knowing, no figure suffers */
  GANDER_SEVERITY_SUSPICIOUS, /* read, but something contradicts something */
  GANDER_SEVERITY_LOSS,       /* events are missing: figures say "at least" */
} GanderSeverity;

typedef struct
{
  GanderDamageCode code;
  guint64 offset;     /* first byte concerned, in the unpacked trace */
  guint64 size;       /* bytes concerned; 0 = a single place */
  guint64 generation; /* 0 = none */
  gint64 thread;      /* -1 = none */
  GanderTime begin;   /* time range concerned; -1 = not known */
  GanderTime end;
  guint64 events_lost; /* at least so many; 0 = none, or not known */
  guint64 count;       /* how many times at this place, at least 1 */
} GanderDamage;

/* Returns: (transfer none) "batch-cut" and the like, for machines. */
const char *gander_damage_get_id (GanderDamageCode code);

GanderSeverity gander_damage_get_severity (GanderDamageCode code);

/* Returns: (transfer none) an untranslated sentence for people, marked for translation. */
const char *gander_damage_get_sentence (GanderDamageCode code);

G_END_DECLS
