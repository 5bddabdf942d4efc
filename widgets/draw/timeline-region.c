/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of regions, which keep what a pan leaves as it was. */
#include "widgets/draw/timeline-private.h"

#define MOST_FRAMES 8 /* that bars are remembered for without being seen */

typedef struct
{
  double per_pixel;
  gint64 first;
  int width;
  guint frames; /* since somebody asked */
  guint n;
  GanderBar bars[];
} Regions;

void
gander_timeline_free_regions (gpointer regions)
{
  g_free (regions);
}

gboolean
gander_timeline_regions_are_old (const GanderTimeline *self, gpointer regions)
{
  Regions *known = regions;

  return known->per_pixel != self->scale.per_pixel || ++known->frames > MOST_FRAMES;
}

void
gander_timeline_layout_regions (GanderTimeline *self,
                                const GanderRow *row,
                                const GanderTimelineRow *item)
{
  const Regions *known = gander_timeline_recall (self, self->memory->regions, row);
  guint first = self->sheet.bars->len;
  Regions *fresh = NULL;
  GanderKnownBars bars = { 0 };
  guint n;

  if (known != NULL)
    bars = (GanderKnownBars){ known->bars, known->n, known->first, known->width };
  gander_bars_add_regions (self->sheet.bars,
                           self->index,
                           row->lane,
                           row->region_depth,
                           &self->scale,
                           item->bar_y0,
                           item->bar_y1,
                           &bars);
  n = self->sheet.bars->len - first;
  fresh = g_malloc (sizeof *fresh + n * sizeof *fresh->bars);
  *fresh = (Regions){ self->scale.per_pixel, self->scale.first, self->scale.width, 0, n };
  for (guint i = 0; i < n; i++)
    fresh->bars[i] = g_array_index (self->sheet.bars, GanderBar, first + i);
  gander_timeline_remember (self, self->memory->regions, row, fresh);
}
