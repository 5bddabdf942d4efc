/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A hash table from 64-bit numbers out of a file to small numbers of ours. The only way in which
 * an id from a file finds anything: no array is indexed by one. Its seed is random, so that a
 * file cannot be made to collide; nothing of its order can be seen from outside.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_ID_NONE G_MAXUINT32

typedef struct
{
  struct
  {
    guint64 key;
    guint32 value; /* GANDER_ID_NONE = free slot */
  } * slots;       /* (nullable) */
  guint32 mask;    /* slots - 1, slots being a power of two; 0 = none */
  guint32 n;
  guint64 seed;
  guint shift; /* leaves as many bits as the mask has */
} GanderIdMap;

void gander_id_map_init (GanderIdMap *self);
void gander_id_map_clear (GanderIdMap *self);

/* Forgets all pairs, keeps the memory when it is not much. */
void gander_id_map_empty (GanderIdMap *self);

/* @value is not GANDER_ID_NONE. Replaces the value of a key that is there. */
void gander_id_map_set (GanderIdMap *self, guint64 key, guint32 value);
void gander_id_map_remove (GanderIdMap *self, guint64 key);

static inline guint64
gander_id_map_hash (guint64 key)
{
  key ^= key >> 32;
  key *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  key ^= key >> 32;
  key *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return key ^ key >> 32;
}

/* Returns: the slot in which @key is looked for first: the high bits of a product with 2^64 over
 * the golden ratio, which keeps numbers that follow each other, at whatever steps, as far apart as
 * can be. */
static inline guint32
gander_id_map_get_home (const GanderIdMap *self, guint64 key)
{
  return (guint32)((key ^ self->seed) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> self->shift);
}

/* Returns: the value of @key, or GANDER_ID_NONE. */
static inline guint32
gander_id_map_get (const GanderIdMap *self, guint64 key)
{
  guint32 i;

  if (self->mask == 0)
    return GANDER_ID_NONE;
  i = gander_id_map_get_home (self, key);
  /* The key of a free slot may be any: then nobody has it. */
  while (self->slots[i].key != key && self->slots[i].value != GANDER_ID_NONE)
    i = (i + 1) & self->mask;
  return self->slots[i].value;
}

G_END_DECLS
