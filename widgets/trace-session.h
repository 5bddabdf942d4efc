/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One look at one trace: the index and the state of the view on it. Several sessions may look
 * at the same index; a comparison owns two of its own.
 */

#include "widgets/history.h"
#include "widgets/selection.h"
#include "widgets/viewport.h"

G_BEGIN_DECLS

#define GANDER_TYPE_TRACE_SESSION (gander_trace_session_get_type ())
G_DECLARE_FINAL_TYPE (GanderTraceSession, gander_trace_session, GANDER, TRACE_SESSION, GObject)

/* Takes a reference on @index. @title is what people call the trace, usually its file name.
 *
 * Returns: (transfer full) a session that shows the whole trace with nothing selected. */
GanderTraceSession *gander_trace_session_new (GanderIndex *index,
                                              const char *title) G_GNUC_WARN_UNUSED_RESULT;

const char *gander_trace_session_get_title (GanderTraceSession *self);
const GanderIndex *gander_trace_session_get_index (GanderTraceSession *self);
GanderViewport *gander_trace_session_get_viewport (GanderTraceSession *self);
GanderSelection *gander_trace_session_get_selection (GanderTraceSession *self);

/* Emits ::changed when what lies behind or ahead changes. */
GanderHistory *gander_trace_session_get_history (GanderTraceSession *self);

/* Pixels above the first visible row; "scroll" is a property. */
double gander_trace_session_get_scroll (GanderTraceSession *self);
void gander_trace_session_set_scroll (GanderTraceSession *self, double scroll);

/* Makes the present view a history entry now: call it before a jump. A view that nobody
 * changes for 700 ms becomes one by itself. */
void gander_trace_session_settle (GanderTraceSession *self);

/* Shows the view before (@step -1) or after (1) the present one; nothing at the end.
 * @widget gives the frame clock, see gander_viewport_jump (). */
void gander_trace_session_walk (GanderTraceSession *self, int step, GtkWidget *widget);

/* Returns: (transfer full) (nullable) for a tooltip: "Back to 640–704 ms"; NULL at the end. */
char *gander_trace_session_dup_walk_label (GanderTraceSession *self, int step);

G_END_DECLS
