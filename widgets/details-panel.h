/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Words about what is selected in a session: tabs for the span, its goroutine and the stacks.
 * Everything is ordinary labels and buttons, so that a screen reader gets all of it.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_DETAILS_PANEL (gander_details_panel_get_type ())
G_DECLARE_FINAL_TYPE (GanderDetailsPanel, gander_details_panel, GANDER, DETAILS_PANEL, GtkWidget)

/* Returns: (transfer floating) a panel about @session, which it holds a reference on. */
GtkWidget *gander_details_panel_new (GanderTraceSession *session);

G_END_DECLS
