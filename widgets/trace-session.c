/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/trace-session.h"

#include <glib/gi18n.h>

#define SETTLE_MS   700
#define FAR_WINDOWS 5    /* a span farther away than this is zoomed to */
#define MANY_LANES  8192 /* rows of more are changed on another thread */

struct _GanderTraceSession
{
  GObject parent_instance;

  char *title;
  GanderIndex *index;
  GanderFirstLook *look; /* (nullable) until the lanes are shown */
  GanderViewport *viewport;
  GanderSelection *selection;
  GanderHistory *history;
  GanderRows *rows;
  GanderRowOptions row_options; /* after all changes */
  GArray *row_changes;          /* GanderRowChange that nobody has begun */
  gboolean changing_rows;       /* on another thread */
  gboolean completing_rows;     /* or done with it */
  double scroll;
  guint hidden_shades;
  guint focus_shades;
  GanderTime zero;
  guint settle_id;
};

G_DEFINE_FINAL_TYPE (GanderTraceSession, gander_trace_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SCROLL,
  N_PROPS,
};

enum
{
  SIGNAL_REVEAL,
  SIGNAL_ROWS_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
settle_cb (gpointer data)
{
  GanderTraceSession *self = data;

  self->settle_id = 0;
  gander_trace_session_settle (self);
  return G_SOURCE_REMOVE;
}

static void
view_changed_cb (GanderTraceSession *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

/* Takes over @rows. */
static GanderTraceSession *
new_with_rows (GanderIndex *index, const char *title, GanderRows *rows)
{
  GanderTraceSession *self = g_object_new (GANDER_TYPE_TRACE_SESSION, NULL);

  self->index = gander_index_ref (index);
  self->title = g_strdup (title);
  self->rows = rows;
  self->row_options = *gander_rows_get_options (self->rows);
  self->viewport = gander_viewport_new (gander_index_get_facts (index)->duration);
  g_signal_connect_swapped (self->viewport, "changed", G_CALLBACK (view_changed_cb), self);
  g_signal_connect_swapped (self->selection, "changed", G_CALLBACK (view_changed_cb), self);
  view_changed_cb (self);
  return self;
}

GanderTraceSession *
gander_trace_session_new (GanderIndex *index, const char *title)
{
  return new_with_rows (index, title, gander_first_look_make_rows (index));
}

GanderTraceSession *
gander_trace_session_new_looked_at (GanderIndex *index, const char *title, GanderFirstLook *look)
{
  GanderTraceSession *self = NULL;

  g_return_val_if_fail (look != NULL, NULL);

  self = new_with_rows (index, title, gander_first_look_dup_rows (look));
  self->look = gander_first_look_ref (look);
  return self;
}

GanderFirstLook *
gander_trace_session_steal_first_look (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return g_steal_pointer (&self->look);
}

void
gander_trace_session_follow (GanderTraceSession *self, GanderTraceSession *other)
{
  const GanderSelected *selected = gander_selection_get (other->selection);
  GanderTime begin, end, first, last;
  GanderLane lane;

  gander_viewport_get_target (other->viewport, &begin, &end);
  gander_viewport_get_limits (other->viewport, &first, &last);
  if (begin > first || end < last)
    gander_viewport_set_range (self->viewport, begin, end);
  gander_rows_follow (self->rows, other->rows);
  self->row_options = *gander_rows_get_options (self->rows);
  self->hidden_shades = other->hidden_shades;
  self->focus_shades = other->focus_shades;
  self->zero = other->zero;
  self->scroll = other->scroll;
  if (selected->kind != GANDER_SELECTED_SPAN && selected->kind != GANDER_SELECTED_LANE)
    return;
  /* Goroutines keep their numbers when more of a trace is read, processors and threads need not. */
  gander_index_get_lane (other->index, selected->lane, &lane);
  if (lane.kind != GANDER_LANE_GOROUTINE)
    return;
  if (selected->kind == GANDER_SELECTED_SPAN)
    gander_selection_set_span (self->selection, selected->lane, selected->row);
  else
    gander_selection_set_lane (self->selection, selected->lane);
}

const char *
gander_trace_session_get_title (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->title;
}

const GanderIndex *
gander_trace_session_get_index (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->index;
}

GanderViewport *
gander_trace_session_get_viewport (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->viewport;
}

GanderSelection *
gander_trace_session_get_selection (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->selection;
}

GanderHistory *
gander_trace_session_get_history (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->history;
}

const GanderRows *
gander_trace_session_get_rows (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return self->rows;
}

static void
emit_rows_changed (GanderTraceSession *self)
{
  g_signal_emit (self, signals[SIGNAL_ROWS_CHANGED], 0);
}

typedef struct
{
  GanderRows *rows;
  GArray *changes;
} RowWork;

static void
row_work_free (RowWork *self)
{
  gander_rows_unref (self->rows);
  g_array_unref (self->changes);
  g_free (self);
}

static void
change_rows_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const RowWork *work = data;

  g_task_return_pointer (task,
                         gander_rows_new_changed (work->rows,
                                                  (const GanderRowChange *)work->changes->data,
                                                  work->changes->len),
                         (GDestroyNotify)gander_rows_unref);
}

static void begin_row_changes (GanderTraceSession *self);

static void
take_rows (GanderTraceSession *self, GanderRows *rows)
{
  gander_rows_unref (self->rows);
  self->rows = rows;
  emit_rows_changed (self);
}

static void
rows_made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GanderTraceSession *self = GANDER_TRACE_SESSION (source);
  GanderRows *rows = g_task_propagate_pointer (G_TASK (result), NULL);

  self->changing_rows = FALSE;
  if (self->rows == NULL) /* disposed of meanwhile */
    {
      gander_rows_unref (rows);
      return;
    }
  take_rows (self, rows);
  if (self->row_changes->len > 0 && !self->changing_rows)
    begin_row_changes (self);
}

static void
begin_row_changes (GanderTraceSession *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, rows_made_cb, NULL);
  RowWork *work = g_new0 (RowWork, 1);

  work->rows = gander_rows_ref (self->rows);
  work->changes = self->row_changes;
  self->row_changes = g_array_new (FALSE, FALSE, sizeof (GanderRowChange));
  self->changing_rows = TRUE;
  g_task_set_task_data (task, work, (GDestroyNotify)row_work_free);
  g_task_run_in_thread (task, change_rows_thread);
}

void
gander_trace_session_change_rows (GanderTraceSession *self, const GanderRowChange *change)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));
  g_return_if_fail (change != NULL);

  if (change->kind == GANDER_ROW_CHANGE_OPTIONS)
    self->row_options = change->options;
  if (!self->changing_rows && change->kind != GANDER_ROW_CHANGE_COMPLETE &&
      gander_index_get_n_lanes (self->index) < MANY_LANES)
    {
      take_rows (self, gander_rows_new_changed (self->rows, change, 1));
      return;
    }
  g_array_append_vals (self->row_changes, change, 1);
  if (!self->changing_rows)
    begin_row_changes (self);
}

void
gander_trace_session_complete_rows (GanderTraceSession *self)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  if (self->completing_rows || gander_rows_is_complete (self->rows))
    return;
  self->completing_rows = TRUE;
  gander_trace_session_change_rows (self, &(GanderRowChange){ .kind = GANDER_ROW_CHANGE_COMPLETE });
}

gboolean
gander_trace_session_is_changing_rows (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), FALSE);
  return self->changing_rows;
}

const GanderRowOptions *
gander_trace_session_get_row_options (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);
  return &self->row_options;
}

guint
gander_trace_session_get_hidden_shades (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), 0);
  return self->hidden_shades;
}

void
gander_trace_session_set_hidden_shades (GanderTraceSession *self, guint shades)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  if (shades == self->hidden_shades)
    return;
  self->hidden_shades = shades;
  emit_rows_changed (self);
}

guint
gander_trace_session_get_focus_shades (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), 0);
  return self->focus_shades;
}

void
gander_trace_session_set_focus_shades (GanderTraceSession *self, guint shades)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  if (shades == self->focus_shades)
    return;
  self->focus_shades = shades;
  emit_rows_changed (self);
}

GanderTime
gander_trace_session_get_zero (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), 0);
  return self->zero;
}

void
gander_trace_session_set_zero (GanderTraceSession *self, GanderTime zero)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  if (zero == self->zero)
    return;
  self->zero = zero;
  emit_rows_changed (self);
}

double
gander_trace_session_get_scroll (GanderTraceSession *self)
{
  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), 0);
  return self->scroll;
}

void
gander_trace_session_set_scroll (GanderTraceSession *self, double scroll)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  scroll = MAX (scroll, 0);
  if ((int)scroll == (int)self->scroll)
    return;
  self->scroll = scroll;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCROLL]);
  view_changed_cb (self);
}

void
gander_trace_session_zoom_to (GanderTraceSession *self,
                              GanderTime begin,
                              GanderTime end,
                              GtkWidget *widget)
{
  GanderTime margin;

  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  /* An eighth on both sides leaves 80 % for the middle. A span too short to fill them at the
   * deepest zoom is centred. */
  margin = MAX ((end - begin) / 8, (GANDER_VIEWPORT_SHORTEST - (end - begin)) / 2);
  gander_trace_session_settle (self);
  gander_viewport_jump (self->viewport, begin - margin, end + margin, widget);
}

/* Pans as little as shows @span: nothing when it is inside, to the middle when it is elsewhere. */
static void
pan_to_span (GanderTraceSession *self, const GanderSpan *span, GtkWidget *widget)
{
  const GanderTime span_length = span->end - span->begin;
  GanderTime begin, end, length, margin;
  gboolean overlaps;

  gander_viewport_get_target (self->viewport, &begin, &end);
  length = end - begin;
  margin = length / 20;
  overlaps = span->begin < end && span->end > begin;
  if ((span->begin >= begin && span->end <= end) || (overlaps && span_length > length))
    return;

  if (!overlaps && MAX (span->begin - end, begin - span->end) / FAR_WINDOWS > length)
    {
      gander_trace_session_zoom_to (self, span->begin, span->end, widget);
      return;
    }
  if (span_length > length - 2 * margin)
    begin = span->begin - length / 4;
  else if (!overlaps)
    begin = span->begin + span_length / 2 - length / 2;
  else if (span->begin < begin)
    begin = span->begin - margin;
  else
    begin = span->end + margin - length;
  gander_viewport_jump (self->viewport, begin, begin + length, widget);
}

void
gander_trace_session_show_span (GanderTraceSession *self,
                                GanderLaneId lane,
                                guint32 ordinal,
                                GtkWidget *widget)
{
  GanderSpan span;

  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  gander_selection_set_span (self->selection, lane, ordinal);
  if (!gander_selection_get_span (self->selection, self->index, &span))
    return;
  pan_to_span (self, &span, widget);
  g_signal_emit (self, signals[SIGNAL_REVEAL], 0, lane);
}

void
gander_trace_session_go_to_span (GanderTraceSession *self,
                                 GanderLaneId lane,
                                 guint32 ordinal,
                                 GtkWidget *widget)
{
  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  gander_trace_session_settle (self);
  gander_trace_session_show_span (self, lane, ordinal, widget);
}

void
gander_trace_session_settle (GanderTraceSession *self)
{
  GanderViewState state = { 0 };

  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  g_clear_handle_id (&self->settle_id, g_source_remove);
  gander_viewport_get_target (self->viewport, &state.begin, &state.end);
  state.scroll = self->scroll;
  state.selected = *gander_selection_get (self->selection);
  gander_history_record (self->history, &state);
}

void
gander_trace_session_walk (GanderTraceSession *self, int step, GtkWidget *widget)
{
  GanderViewState state;

  g_return_if_fail (GANDER_IS_TRACE_SESSION (self));

  if (step < 0)
    gander_trace_session_settle (self);
  if (!gander_history_go (self->history, step, &state))
    return;
  gander_selection_set (self->selection, &state.selected);
  gander_trace_session_set_scroll (self, state.scroll);
  gander_viewport_jump (self->viewport, state.begin, state.end, widget);
  /* The view that was just shown is the present entry: no new one may come of it. */
  g_clear_handle_id (&self->settle_id, g_source_remove);
}

char *
gander_trace_session_dup_walk_label (GanderTraceSession *self, int step)
{
  const GanderViewState *state;
  char begin[GANDER_TEXT_SIZE];
  char end[GANDER_TEXT_SIZE];

  g_return_val_if_fail (GANDER_IS_TRACE_SESSION (self), NULL);

  state = gander_history_peek (self->history, step);
  if (state == NULL)
    return NULL;
  gander_scale_format_duration (MAX (state->begin, 0), begin);
  gander_scale_format_duration (state->end, end);
  return g_strdup_printf (step < 0 ? _ ("Back to %s – %s") : _ ("Forward to %s – %s"), begin, end);
}

static void
gander_trace_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanderTraceSession *self = GANDER_TRACE_SESSION (object);

  if (id == PROP_SCROLL)
    g_value_set_double (value, self->scroll);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gander_trace_session_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  GanderTraceSession *self = GANDER_TRACE_SESSION (object);

  if (id == PROP_SCROLL)
    gander_trace_session_set_scroll (self, g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gander_trace_session_dispose (GObject *object)
{
  GanderTraceSession *self = GANDER_TRACE_SESSION (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->viewport != NULL)
    g_signal_handlers_disconnect_by_data (self->viewport, self);
  g_clear_object (&self->viewport);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->history);
  g_clear_pointer (&self->rows, gander_rows_unref);
  g_clear_pointer (&self->row_changes, g_array_unref);
  g_clear_pointer (&self->look, gander_first_look_unref);
  g_clear_pointer (&self->index, gander_index_unref);
  G_OBJECT_CLASS (gander_trace_session_parent_class)->dispose (object);
}

static void
gander_trace_session_finalize (GObject *object)
{
  g_free (GANDER_TRACE_SESSION (object)->title);
  G_OBJECT_CLASS (gander_trace_session_parent_class)->finalize (object);
}

static void
gander_trace_session_class_init (GanderTraceSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = gander_trace_session_get_property;
  object_class->set_property = gander_trace_session_set_property;
  object_class->dispose = gander_trace_session_dispose;
  object_class->finalize = gander_trace_session_finalize;

  properties[PROP_SCROLL] =
      g_param_spec_double ("scroll",
                           NULL,
                           NULL,
                           0,
                           G_MAXDOUBLE,
                           0,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_REVEAL] = g_signal_new ("reveal",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_UINT);
  signals[SIGNAL_ROWS_CHANGED] = g_signal_new ("rows-changed",
                                               G_TYPE_FROM_CLASS (klass),
                                               G_SIGNAL_RUN_LAST,
                                               0,
                                               NULL,
                                               NULL,
                                               NULL,
                                               G_TYPE_NONE,
                                               0);
}

static void
gander_trace_session_init (GanderTraceSession *self)
{
  self->selection = gander_selection_new ();
  self->history = gander_history_new ();
  self->row_changes = g_array_new (FALSE, FALSE, sizeof (GanderRowChange));
}
