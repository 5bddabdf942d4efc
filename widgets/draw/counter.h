/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Counters as one value a pixel: the largest in it for a counter of the trace, so that a short peak
 * stays, and the exact average for tasks in flight.
 */

#include "widgets/draw/canvas.h"
#include "widgets/draw/rows.h"
#include "widgets/draw/scale.h"
#include "widgets/draw/theme.h"

G_BEGIN_DECLS

/* Appends scale->width floats to @values; NaN before the first point and outside the trace. */
void gander_counter_layout (const GanderIndex *index,
                            GanderCounter counter,
                            const GanderScale *scale,
                            GArray *values);
void
gander_counter_layout_tasks (const GanderTaskType *type, const GanderScale *scale, GArray *values);

/* Paints an area of 35 % with a line on top, 0 at @y1 and @top at @y0. */
void gander_counter_paint (GanderCanvas *canvas,
                           const float *values,
                           int n,
                           double top,
                           int y0,
                           int y1,
                           int line_width,
                           const GanderColor *color);
/* Paints a dashed line, for goals. */
void gander_counter_paint_goal (GanderCanvas *canvas,
                                const float *values,
                                int n,
                                double top,
                                int y0,
                                int y1,
                                int line_width,
                                const GanderColor *color);

G_END_DECLS
