/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/lane-memo.h"

#include <string.h>

typedef struct
{
  GanderLanePixels pixels;
  GanderColumn *columns;
  GanderLaneBox *boxes;
  guint columns_capacity;
  guint boxes_capacity;
  guint frame; /* that used it last */
} Entry;

struct _GanderLaneMemo
{
  GMutex mutex;             /* of the table; an entry belongs to whoever lays out its lane */
  GHashTable *entries;      /* lane to Entry */
  const GanderIndex *index; /* only ever compared */
  double per_pixel;
  GanderTime grain;
  guint frame;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->columns);
  g_free (entry->boxes);
  g_free (entry);
}

GanderLaneMemo *
gander_lane_memo_new (void)
{
  GanderLaneMemo *self = g_new0 (GanderLaneMemo, 1);

  g_mutex_init (&self->mutex);
  self->entries = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, entry_free);
  return self;
}

void
gander_lane_memo_free (GanderLaneMemo *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gboolean
is_old (G_GNUC_UNUSED gpointer lane, gpointer data, gpointer self)
{
  return ((const Entry *)data)->frame != ((const GanderLaneMemo *)self)->frame;
}

void
gander_lane_memo_begin (GanderLaneMemo *self, const GanderIndex *index, const GanderScale *scale)
{
  if (self->index != index || self->per_pixel != scale->per_pixel || self->grain != scale->grain)
    g_hash_table_remove_all (self->entries);
  else
    g_hash_table_foreach_remove (self->entries, is_old, self);
  self->index = index;
  self->per_pixel = scale->per_pixel;
  self->grain = scale->grain;
  self->frame++;
}

static Entry *
find (GanderLaneMemo *self, GanderLaneId lane, gboolean make)
{
  Entry *entry = NULL;

  g_mutex_lock (&self->mutex);
  entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (lane));
  if (entry == NULL && make)
    {
      entry = g_new0 (Entry, 1);
      g_hash_table_insert (self->entries, GUINT_TO_POINTER (lane), entry);
    }
  g_mutex_unlock (&self->mutex);
  return entry;
}

gboolean
gander_lane_memo_get (GanderLaneMemo *self, GanderLaneId lane, int height, GanderLanePixels *out)
{
  const Entry *entry = find (self, lane, FALSE);

  if (entry == NULL || entry->pixels.height != height)
    return FALSE;
  *out = entry->pixels;
  return TRUE;
}

void
gander_lane_memo_set (GanderLaneMemo *self, GanderLaneId lane, const GanderLanePixels *pixels)
{
  Entry *entry = find (self, lane, TRUE);

  if (pixels->columns != NULL && entry->columns_capacity < (guint)pixels->n)
    {
      entry->columns_capacity = (guint)pixels->n;
      entry->columns = g_renew (GanderColumn, entry->columns, entry->columns_capacity);
    }
  if (entry->boxes_capacity < pixels->n_boxes)
    {
      entry->boxes_capacity = MAX (pixels->n_boxes, 2 * entry->boxes_capacity);
      entry->boxes = g_renew (GanderLaneBox, entry->boxes, entry->boxes_capacity);
    }
  entry->pixels = *pixels;
  entry->pixels.columns = pixels->columns != NULL ? entry->columns : NULL;
  entry->pixels.boxes = entry->boxes;
  entry->frame = self->frame;
  if (pixels->columns != NULL)
    memcpy (entry->columns, pixels->columns, (gsize)pixels->n * sizeof *entry->columns);
  if (pixels->n_boxes > 0)
    memcpy (entry->boxes, pixels->boxes, pixels->n_boxes * sizeof *entry->boxes);
}
