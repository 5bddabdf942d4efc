/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The timeline itself: ruler, label column and lanes in one custom-drawn, scrolling widget. It
 * draws what the session's viewport, selection and scroll position say and changes them on
 * wheel, drag, pinch, click and keys. The commands are actions of the class, so keyboard, menus
 * and assistive technology all take the same way; gander_lane_area_get_commands () names them.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_LANE_AREA (gander_lane_area_get_type ())
G_DECLARE_FINAL_TYPE (GanderLaneArea, gander_lane_area, GANDER, LANE_AREA, GtkWidget)

/* Returns: (transfer floating) the timeline of @session, which it holds a reference on. */
GtkWidget *gander_lane_area_new (GanderTraceSession *session);

GanderTraceSession *gander_lane_area_get_session (GanderLaneArea *self);

/* Returns: (transfer none) (array zero-terminated=1) the action names, "timeline.zoom-in". */
const char *const *gander_lane_area_get_commands (void);

G_END_DECLS
