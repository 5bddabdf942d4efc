/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The patterns of the palette as repeating sources, so that any number of boxes takes one fill. */

#include "widgets/draw/theme.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable) a repeating source in device pixels; NULL for patterns that
 * are edges or lines of their own. @shift: pixels that the pattern is moved left, to pan with the
 * spans.
 * @scale: device pixels per px. @weight: 2 for high contrast. */
cairo_pattern_t *gander_pattern_new (GanderPattern pattern,
                                     const GanderColor *color,
                                     double alpha,
                                     double scale,
                                     double weight,
                                     gint64 shift) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) two pixels on, two off, for lines that are dotted. */
cairo_pattern_t *gander_pattern_new_dotted (const GanderColor *color,
                                            double alpha,
                                            gint64 shift) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
