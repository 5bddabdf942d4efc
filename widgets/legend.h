/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The legend of the timeline: a toggle a state. Off fades the state out, Ctrl+click leaves only
 * this one, resting the pointer on it fades all others.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TYPE_LEGEND (gander_legend_get_type ())
G_DECLARE_FINAL_TYPE (GanderLegend, gander_legend, GANDER, LEGEND, GtkWidget)

/* Returns: (transfer floating) the legend of @session, which it holds a reference on. */
GtkWidget *gander_legend_new (GanderTraceSession *session);

G_END_DECLS
