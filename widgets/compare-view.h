/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Two traces above each other on one relative time axis, and a table of what differs. A is the
 * first (before), B the second (after). Both views move together while they are linked.
 *
 * Actions: "compare.swap", "compare.link" (a boolean state), and all of
 * gander_lane_area_get_commands (), which go to the trace with the keyboard focus, or to A.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_COMPARE_VIEW (gander_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (GanderCompareView, gander_compare_view, GANDER, COMPARE_VIEW, GtkWidget)

/* @a and @b must be sessions of this view's own: it moves their viewports.
 *
 * Returns: (transfer floating) a view that holds references on both. */
GtkWidget *gander_compare_view_new (GanderTraceSession *a, GanderTraceSession *b);

/* Returns: (transfer none) the session now shown as A or, with @b, as B. */
GanderTraceSession *gander_compare_view_get_session (GanderCompareView *self, gboolean b);

/* How far B is moved: an instant t of B stands below t + shift of A. In nanoseconds. */
GanderTime gander_compare_view_get_shift (GanderCompareView *self);
void gander_compare_view_set_shift (GanderCompareView *self, GanderTime shift);

G_END_DECLS
