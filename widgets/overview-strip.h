/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The whole trace in a strip, with the visible part in a box that can be dragged and resized. */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_OVERVIEW_STRIP (gander_overview_strip_get_type ())
G_DECLARE_FINAL_TYPE (GanderOverviewStrip, gander_overview_strip, GANDER, OVERVIEW_STRIP, GtkWidget)

/* Returns: (transfer floating) the strip of @session, which it holds a reference on. */
GtkWidget *gander_overview_strip_new (GanderTraceSession *session);

G_END_DECLS
