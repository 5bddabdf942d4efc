/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The time range on screen. All parts of one view share one viewport and redraw on ::changed;
 * nobody else stores a range. The range always stays within the limits (the trace and one
 * percent on both sides) and is never shorter than a microsecond.
 */

#include "reader/reader.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The shortest range that can be shown, in nanoseconds. */
#define GANDER_VIEWPORT_SHORTEST 1000

#define GANDER_TYPE_VIEWPORT (gander_viewport_get_type ())
G_DECLARE_FINAL_TYPE (GanderViewport, gander_viewport, GANDER, VIEWPORT, GObject)

/* The range that shows the whole of [0, @duration), with a little of what is around it. */
void gander_viewport_get_whole (GanderTime duration, GanderTime *begin, GanderTime *end);

/* Returns: (transfer full) a viewport that shows the whole of [0, @duration). */
GanderViewport *gander_viewport_new (GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

GanderTime gander_viewport_get_duration (GanderViewport *self);
GanderTime gander_viewport_get_begin (GanderViewport *self);
GanderTime gander_viewport_get_end (GanderViewport *self);

/* Where the view is going: the range, or the end of a jump that is still moving. */
void gander_viewport_get_target (GanderViewport *self, GanderTime *begin, GanderTime *end);

/* The outermost range that can be shown. */
void gander_viewport_get_limits (GanderViewport *self, GanderTime *begin, GanderTime *end);

/* Widens the limits beyond the trace, for a view beside a longer one. Cuts the range to them. */
void gander_viewport_set_limits (GanderViewport *self, GanderTime begin, GanderTime end);

/* Clamps to the limits without changing the length where possible, ends a jump, then emits
 * ::changed once if anything moved. */
void gander_viewport_set_range (GanderViewport *self, GanderTime begin, GanderTime end);

/* Makes the range @factor times as long, with @about staying where it is on screen. */
void gander_viewport_zoom (GanderViewport *self, double factor, GanderTime about);

/* Moves the range by @delta nanoseconds, up to the limits. */
void gander_viewport_pan (GanderViewport *self, GanderTime delta);

/* Goes to a range in 160 ms on the frame clock of @widget; at once when @widget is NULL or not
 * shown, or when the desktop wants no animations. */
void
gander_viewport_jump (GanderViewport *self, GanderTime begin, GanderTime end, GtkWidget *widget);

/* Goes to the limits, as gander_viewport_jump () does. */
void gander_viewport_fit (GanderViewport *self, GtkWidget *widget);

/* The instant under the pointer, shown as a line in every part of the view; G_MININT64 = none. */
GanderTime gander_viewport_get_pointer (GanderViewport *self);
void gander_viewport_set_pointer (GanderViewport *self, GanderTime pointer);
#define GANDER_VIEWPORT_NO_POINTER G_MININT64

G_END_DECLS
