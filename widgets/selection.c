/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/selection.h"

struct _GanderSelection
{
  GObject parent_instance;

  GanderSelected selected;
};

G_DEFINE_FINAL_TYPE (GanderSelection, gander_selection, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

gboolean
gander_selected_equal (const GanderSelected *a, const GanderSelected *b)
{
  return a->kind == b->kind && a->lane == b->lane && a->row == b->row &&
         a->range_kind == b->range_kind && a->key == b->key;
}

GanderSelection *
gander_selection_new (void)
{
  return g_object_new (GANDER_TYPE_SELECTION, NULL);
}

const GanderSelected *
gander_selection_get (GanderSelection *self)
{
  g_return_val_if_fail (GANDER_IS_SELECTION (self), NULL);
  return &self->selected;
}

void
gander_selection_set (GanderSelection *self, const GanderSelected *selected)
{
  g_return_if_fail (GANDER_IS_SELECTION (self));

  if (gander_selected_equal (&self->selected, selected))
    return;
  self->selected = *selected;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
gander_selection_set_span (GanderSelection *self, GanderLaneId lane, guint32 ordinal)
{
  const GanderSelected selected = { .kind = GANDER_SELECTED_SPAN, .lane = lane, .row = ordinal };

  gander_selection_set (self, &selected);
}

void
gander_selection_set_lane (GanderSelection *self, GanderLaneId lane)
{
  const GanderSelected selected = { .kind = GANDER_SELECTED_LANE, .lane = lane };

  gander_selection_set (self, &selected);
}

void
gander_selection_clear (GanderSelection *self)
{
  const GanderSelected selected = { .kind = GANDER_SELECTED_NONE };

  gander_selection_set (self, &selected);
}

gboolean
gander_selection_get_span (GanderSelection *self, const GanderIndex *index, GanderSpan *out)
{
  GanderLane lane;

  g_return_val_if_fail (GANDER_IS_SELECTION (self), FALSE);

  if (self->selected.kind != GANDER_SELECTED_SPAN ||
      self->selected.lane >= gander_index_get_n_lanes (index))
    return FALSE;
  gander_index_get_lane (index, self->selected.lane, &lane);
  if (self->selected.row >= lane.n_spans)
    return FALSE;
  gander_query_span (index, self->selected.lane, self->selected.row, out);
  return TRUE;
}

GanderLaneId
gander_selection_get_lane (GanderSelection *self)
{
  g_return_val_if_fail (GANDER_IS_SELECTION (self), GANDER_LANE_NONE);

  switch (self->selected.kind)
    {
    case GANDER_SELECTED_LANE:
    case GANDER_SELECTED_SPAN:
    case GANDER_SELECTED_REGION:
      return self->selected.lane;
    default:
      return GANDER_LANE_NONE;
    }
}

static void
gander_selection_class_init (GanderSelectionClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
gander_selection_init (GanderSelection *self)
{
}
