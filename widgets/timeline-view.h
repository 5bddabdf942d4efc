/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The timeline of one trace: toolbar, overview strip, lanes and the details pane below them.
 *
 * Actions, for menus and header buttons: all of gander_lane_area_get_commands () (among them
 * "timeline.back" and "timeline.forward", "timeline.fit", "timeline.zoom-in", "timeline.zoom-out")
 * and "timeline.toggle-details".
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_TIMELINE_VIEW (gander_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (GanderTimelineView, gander_timeline_view, GANDER, TIMELINE_VIEW, GtkWidget)

/* Returns: (transfer floating) a view on @session, which it holds a reference on. */
GtkWidget *gander_timeline_view_new (GanderTraceSession *session);

GanderTraceSession *gander_timeline_view_get_session (GanderTimelineView *self);

/* Moves the keyboard to the lanes. */
void gander_timeline_view_focus_lanes (GanderTimelineView *self);

G_END_DECLS
