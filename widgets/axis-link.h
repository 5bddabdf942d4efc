/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Keeps two viewports on one relative time axis: an instant t of B stands at t + shift of A. While
 * linked, range and pointer of one follow the other. Both may be moved over the length of both
 * traces together.
 */

#include "widgets/viewport.h"

G_BEGIN_DECLS

#define GANDER_TYPE_AXIS_LINK (gander_axis_link_get_type ())
G_DECLARE_FINAL_TYPE (GanderAxisLink, gander_axis_link, GANDER, AXIS_LINK, GObject)

/* Returns: (transfer full) a link of @a and @b, linked, with no shift. */
GanderAxisLink *gander_axis_link_new (GanderViewport *a,
                                      GanderViewport *b) G_GNUC_WARN_UNUSED_RESULT;

GanderTime gander_axis_link_get_shift (GanderAxisLink *self);
/* Moves B by @shift against A, in ns. Emits ::changed. */
void gander_axis_link_set_shift (GanderAxisLink *self, GanderTime shift);

gboolean gander_axis_link_get_linked (GanderAxisLink *self);
/* Linking takes over the range of A. Emits ::changed. */
void gander_axis_link_set_linked (GanderAxisLink *self, gboolean linked);

G_END_DECLS
