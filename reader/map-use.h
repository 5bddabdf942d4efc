/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Keeps what a thread reads of a mapped file, here and there, from filling memory: the kernel maps
 * some pages around each that is wanted, and keeps them mapped until it is told otherwise.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_MAP_WINDOW  (64u << 10) /* bytes that are mapped at once */
#define GANDER_MAP_N_SLOTS 4096
#define GANDER_MAP_ROOM    (32u << 20) /* bytes; what a map of any size does with */

/* Of one thread; others may have one of the same map. */
typedef struct
{
  gpointer map; /* (nullable) NULL = memory, of which nothing is given back */
  gsize size;
  guint n;     /* windows touched since pages were given back */
  guint limit; /* of these */
  guintptr windows[GANDER_MAP_N_SLOTS];
} GanderMapUse;

/* @room: bytes of @map that may be in memory. With less than what is read in turns, the same is
 * mapped again and again. */
void gander_map_use_init (GanderMapUse *self, gpointer map, gsize size, gsize room);

/* Gives the pages of the map back. */
void gander_map_use_forget (GanderMapUse *self);

/* The same as gander_map_use_touch () for a window that is not the last one of its slot. */
void gander_map_use_enter (GanderMapUse *self, guintptr window);

/* Something at @address of the map is about to be read. Gives the pages of the map back when many
 * places have been touched since that was last done; they can be read again. */
static inline void
gander_map_use_touch (GanderMapUse *self, gconstpointer address)
{
  guintptr window = (guintptr)address / GANDER_MAP_WINDOW;

  if (G_UNLIKELY (self->windows[window % GANDER_MAP_N_SLOTS] != window))
    gander_map_use_enter (self, window);
}

G_END_DECLS
