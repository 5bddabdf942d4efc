/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/map-use.h"

#include <string.h>
#include <sys/mman.h>

void
gander_map_use_init (GanderMapUse *self, gpointer map, gsize size, gsize room)
{
  *self =
      (GanderMapUse){ .map = map, .size = size, .limit = (guint)MAX (room / GANDER_MAP_WINDOW, 1) };
}

void
gander_map_use_forget (GanderMapUse *self)
{
  if (self->map != NULL)
    madvise (self->map, self->size, MADV_DONTNEED);
  memset (self->windows, 0, sizeof self->windows);
  self->n = 0;
}

void
gander_map_use_enter (GanderMapUse *self, guintptr window)
{
  if (self->map == NULL)
    return;
  if (self->n == self->limit)
    gander_map_use_forget (self);
  self->windows[window % GANDER_MAP_N_SLOTS] = window;
  self->n++;
}
