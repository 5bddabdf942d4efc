/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The timeline itself: ruler, label column and lanes in one custom-drawn, scrolling widget. It
 * draws what the session's viewport, selection and rows say and changes them on wheel, drag,
 * pinch, click and keys. The commands are actions of the class, so keyboard, menus and assistive
 * technology all take the same way; gander_lane_area_get_commands () names them.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

/* Width of the label column at the left, px; the parts above and below a lane area share it. */
#define GANDER_LABEL_WIDTH 236

typedef enum
{
  GANDER_RULER_TOP,
  GANDER_RULER_BOTTOM,
  GANDER_RULER_HIDDEN,
} GanderRulerPlace;

#define GANDER_TYPE_LANE_AREA (gander_lane_area_get_type ())
G_DECLARE_FINAL_TYPE (GanderLaneArea, gander_lane_area, GANDER, LANE_AREA, GtkWidget)

/* Returns: whether what was drawn last is exactly what is in view, of the rows there are. */
gboolean gander_lane_area_has_picture (GanderLaneArea *self);

/* Returns: whether what was drawn last is exactly what is in view, and no later picture follows. */
gboolean gander_lane_area_is_settled (GanderLaneArea *self);

/* Returns: (transfer floating) the timeline of @session, which it holds a reference on. */
GtkWidget *gander_lane_area_new (GanderTraceSession *session);

GanderTraceSession *gander_lane_area_get_session (GanderLaneArea *self);

/* Where the ruler is, and what stands in its label column (NULL: "Time since trace start"). */
void gander_lane_area_set_ruler (GanderLaneArea *self, GanderRulerPlace place, const char *title);

/* Returns: (transfer none) (array zero-terminated=1) the action names, "timeline.zoom-in". */
const char *const *gander_lane_area_get_commands (void);

/* Gives a view that holds a lane area actions with the same names, for its other parts. @activate
 * is called with the name and passes it on with gtk_widget_activate_action (). */
void gander_lane_area_forward_commands (GtkWidgetClass *widget_class,
                                        GtkWidgetActionActivateFunc activate);

G_END_DECLS
