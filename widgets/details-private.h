/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The pages of the details panel: each function builds the widgets for what is selected now.
 * A page is thrown away when the selection changes.
 */

#include "analysis/analysis.h"
#include "widgets/trace-session.h"

G_BEGIN_DECLS

/* Returns: (transfer floating) the page; a sentence when it has nothing to say. */
GtkWidget *gander_details_build_span (GanderTraceSession *session);
GtkWidget *gander_details_build_goroutine (GanderTraceSession *session);
GtkWidget *gander_details_build_stacks (GanderTraceSession *session);

/* Pieces that pages share. All return (transfer floating). */

/* A left-aligned label; @css is a style class or NULL. */
GtkWidget *gander_details_label (const char *text, const char *css);

/* A heading of a block. */
GtkWidget *gander_details_heading (const char *text);

/* A sentence in the middle of an empty page. */
GtkWidget *gander_details_note (const char *text);

/* A button that looks like a link and goes to a span. */
GtkWidget *gander_details_link (GanderTraceSession *session,
                                const char *text,
                                GanderLaneId lane,
                                guint32 ordinal);

/* The same to whatever goroutine @lane does at @time, or a plain label when it does not exist. */
GtkWidget *gander_details_lane_link (GanderTraceSession *session,
                                     const char *text,
                                     GanderLaneId lane,
                                     GanderTime time);

/* Appends a row "label  value" to a two-column grid. */
void gander_details_add_row (GtkGrid *grid, const char *label, GtkWidget *value);
void gander_details_add_text_row (GtkGrid *grid, const char *label, const char *text);

/* The frames of a stack, one a row: function and place. With @fold, runs of runtime frames hide
 * behind "3 runtime frames", unless there are no others. */
GtkWidget *gander_details_stack (const GanderIndex *index, GanderStackId stack, gboolean fold);

G_END_DECLS
