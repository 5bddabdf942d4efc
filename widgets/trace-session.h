/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One look at one trace: the index and the state of the view on it. Several sessions may look
 * at the same index; a comparison owns two of its own.
 */

#include "widgets/draw/draw.h"
#include "widgets/first-look.h"
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

/* The same, with what a first look at @index found out. */
GanderTraceSession *
gander_trace_session_new_looked_at (GanderIndex *index,
                                    const char *title,
                                    GanderFirstLook *look) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (nullable) the first look, to whoever shows the lanes first. */
GanderFirstLook *gander_trace_session_steal_first_look (GanderTraceSession *self);

/* Shows with @self, of more of the same trace, what @other shows: the same stretch of time (all, if
 * that was all), rows and selection. Call it before a view has it. */
void gander_trace_session_follow (GanderTraceSession *self, GanderTraceSession *other);

const char *gander_trace_session_get_title (GanderTraceSession *self);
const GanderIndex *gander_trace_session_get_index (GanderTraceSession *self);
GanderViewport *gander_trace_session_get_viewport (GanderTraceSession *self);
GanderSelection *gander_trace_session_get_selection (GanderTraceSession *self);

/* Returns: (transfer none) the rows of the timeline, until ::rows-changed. */
const GanderRows *gander_trace_session_get_rows (GanderTraceSession *self);

/* Changes the rows and emits ::rows-changed: at once in a small trace, else on another thread, with
 * the rows as they were until then. Changes are made in the order in which they are asked for. */
void gander_trace_session_change_rows (GanderTraceSession *self, const GanderRowChange *change);
/* Adds to the rows of a large trace what takes long to find, on another thread: user tasks and log
 * messages. Who shows the rows calls it when the first picture is on screen; nothing that was on
 * screen moves by it. */
void gander_trace_session_complete_rows (GanderTraceSession *self);

/* Returns: whether changes are under way. */
gboolean gander_trace_session_is_changing_rows (GanderTraceSession *self);

/* Returns: the options of the rows as they will be after the changes under way: what to begin with
 * for a GANDER_ROW_CHANGE_OPTIONS. */
const GanderRowOptions *gander_trace_session_get_row_options (GanderTraceSession *self);

/* Bits (1 << GanderShade) of the states that a person has faded out, and the only ones that keep
 * their colour while the pointer rests on the legend (0 = all). Setting emits ::rows-changed. */
guint gander_trace_session_get_hidden_shades (GanderTraceSession *self);
void gander_trace_session_set_hidden_shades (GanderTraceSession *self, guint shades);
guint gander_trace_session_get_focus_shades (GanderTraceSession *self);
void gander_trace_session_set_focus_shades (GanderTraceSession *self, guint shades);

/* The instant that the ruler calls 0. Setting emits ::rows-changed. */
GanderTime gander_trace_session_get_zero (GanderTraceSession *self);
void gander_trace_session_set_zero (GanderTraceSession *self, GanderTime zero);

/* Emits ::changed when what lies behind or ahead changes. */
GanderHistory *gander_trace_session_get_history (GanderTraceSession *self);

/* Pixels above the first visible row; "scroll" is a property. */
double gander_trace_session_get_scroll (GanderTraceSession *self);
void gander_trace_session_set_scroll (GanderTraceSession *self, double scroll);

/* Selects a span and brings it into view, as moving from one to the next does. */
void gander_trace_session_show_span (GanderTraceSession *self,
                                     GanderLaneId lane,
                                     guint32 ordinal,
                                     GtkWidget *widget);

/* The same as a jump: the view before is one to come back to. The zoom stays unless the span is
 * more than five windows away. Both ask the lanes to show the row with ::reveal (lane). */
void gander_trace_session_go_to_span (GanderTraceSession *self,
                                      GanderLaneId lane,
                                      guint32 ordinal,
                                      GtkWidget *widget);

/* Shows a stretch of time so that it fills 80 % of the width, as a jump to come back from. */
void gander_trace_session_zoom_to (GanderTraceSession *self,
                                   GanderTime begin,
                                   GanderTime end,
                                   GtkWidget *widget);

/* Makes the present view a history entry now: call it before a jump. A view that nobody
 * changes for 700 ms becomes one by itself. */
void gander_trace_session_settle (GanderTraceSession *self);

/* Shows the view before (@step -1) or after (1) the present one; nothing at the end.
 * @widget gives the frame clock, see gander_viewport_jump (). */
void gander_trace_session_walk (GanderTraceSession *self, int step, GtkWidget *widget);

/* Returns: (transfer full) (nullable) for a tooltip: "Back to 640–704 ms"; NULL at the end. */
char *gander_trace_session_dup_walk_label (GanderTraceSession *self, int step);

G_END_DECLS
