/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The views of Gander, for whoever embeds them. A view takes a session, keeps a reference on it
 * and shows it until it is destroyed. All of this belongs to the main thread.
 *
 * Commands of a view are actions named "timeline.zoom-in" and the like; run one on a view with
 * gtk_widget_activate_action (). timeline-view.h lists them.
 */

#include "widgets/compare-view.h"
#include "widgets/details-panel.h"
#include "widgets/first-look.h"
#include "widgets/history.h"
#include "widgets/lane-area.h"
#include "widgets/overview-strip.h"
#include "widgets/selection.h"
#include "widgets/timeline-view.h"
#include "widgets/trace-session.h"
#include "widgets/viewport.h"

G_BEGIN_DECLS

/* Registers the types, resources and style of this folder. Call it once, after adw_init () and
 * with a display. */
void gander_widgets_init (void);

G_END_DECLS
