/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one thing that is selected in a view, by identity and never by place: it survives zoom,
 * grouping and scrolling. Views read it and redraw on ::changed.
 */

#include "reader/reader.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  GANDER_SELECTED_NONE,
  GANDER_SELECTED_LANE,   /* lane */
  GANDER_SELECTED_SPAN,   /* lane, row = its ordinal */
  GANDER_SELECTED_ROW,    /* key: a heading or another row of the timeline */
  GANDER_SELECTED_RANGE,  /* range_kind, row */
  GANDER_SELECTED_REGION, /* lane, row */
  GANDER_SELECTED_TASK,   /* row */
} GanderSelectedKind;

/* Plain data; members that a kind does not name are 0, but any kind may hold the key of the row it
 * was found in. */
typedef struct
{
  GanderSelectedKind kind;
  GanderLaneId lane;
  guint32 row;
  GanderRangeKind range_kind;
  guint64 key;
} GanderSelected;

gboolean gander_selected_equal (const GanderSelected *a, const GanderSelected *b);

#define GANDER_TYPE_SELECTION (gander_selection_get_type ())
G_DECLARE_FINAL_TYPE (GanderSelection, gander_selection, GANDER, SELECTION, GObject)

/* Returns: (transfer full) a selection of nothing. */
GanderSelection *gander_selection_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) what is selected; valid until the next change. */
const GanderSelected *gander_selection_get (GanderSelection *self);

/* Emits ::changed when @selected differs. */
void gander_selection_set (GanderSelection *self, const GanderSelected *selected);

/* Short forms of gander_selection_set (). */
void gander_selection_set_span (GanderSelection *self, GanderLaneId lane, guint32 ordinal);
void gander_selection_set_lane (GanderSelection *self, GanderLaneId lane);
void gander_selection_clear (GanderSelection *self);

/* Returns: TRUE and the selected span, or FALSE when something else or nothing is selected. */
gboolean
gander_selection_get_span (GanderSelection *self, const GanderIndex *index, GanderSpan *out);

/* Returns: the lane of what is selected, or GANDER_LANE_NONE. */
GanderLaneId gander_selection_get_lane (GanderSelection *self);

G_END_DECLS
