/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-area-private.h"

#include "analysis/analysis.h"

#define ZOOM_STEP      1.5
#define ZOOM_FINE      1.1
#define PAN_STEP       0.12 /* of the window */
#define PAN_FINE       0.02
#define REPEAT_US      150000 /* a key that comes again within this is held down */
#define REPEATS_MAX    8
#define LOOK_AHEAD_MAX 1000000 /* spans searched for the next of the same state */

typedef struct
{
  const char *name;
  void (*run) (GanderLaneArea *self, int amount);
  int amount; /* sign is the direction; size 2 is the fine form where there is one */
} Command;

static GanderViewport *
get_viewport (GanderLaneArea *self)
{
  return gander_trace_session_get_viewport (self->session);
}

static const GanderIndex *
get_index (GanderLaneArea *self)
{
  return gander_trace_session_get_index (self->session);
}

static gboolean
get_span (GanderLaneArea *self, GanderSpan *span)
{
  return gander_selection_get_span (gander_trace_session_get_selection (self->session),
                                    get_index (self),
                                    span);
}

/* Returns: 1, growing to 3 while the same key is held down. */
static double
get_acceleration (GanderLaneArea *self, const char *name)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->repeated == name && now - self->repeated_at < REPEAT_US)
    self->repeats = MIN (self->repeats + 1, REPEATS_MAX);
  else
    self->repeats = 0;
  self->repeated = name;
  self->repeated_at = now;
  return 1 + 2.0 * self->repeats / REPEATS_MAX;
}

/* Where a zoom by key stands still: under the pointer, else in the selection, else in the middle.
 */
static GanderTime
get_focus_time (GanderLaneArea *self)
{
  GanderViewport *viewport = get_viewport (self);
  const GanderTime pointer = gander_viewport_get_pointer (viewport);
  GanderTime begin, end;
  GanderSpan span;

  gander_viewport_get_target (viewport, &begin, &end);
  if (pointer >= begin && pointer < end)
    return pointer;
  if (get_span (self, &span) && span.begin < end && span.end > begin)
    return MAX (span.begin, begin) / 2 + MIN (span.end, end) / 2;
  return begin + (end - begin) / 2;
}

static void
zoom (GanderLaneArea *self, int amount)
{
  const gboolean fine = ABS (amount) == 2;
  const double speed = fine ? 1 : get_acceleration (self, amount > 0 ? "in" : "out");
  double factor = fine ? ZOOM_FINE : 1 + (ZOOM_STEP - 1) * speed;

  if (amount > 0)
    factor = 1 / factor;
  gander_viewport_zoom (get_viewport (self), factor, get_focus_time (self));
}

static void
pan (GanderLaneArea *self, int amount)
{
  const gboolean fine = ABS (amount) == 2;
  const double speed = fine ? 1 : get_acceleration (self, amount > 0 ? "right" : "left");
  GanderViewport *viewport = get_viewport (self);
  GanderTime begin, end;
  double delta;

  gander_viewport_get_target (viewport, &begin, &end);
  delta = (double)(end - begin) * (fine ? PAN_FINE : PAN_STEP) * speed;
  gander_viewport_pan (viewport, (GanderTime)(amount > 0 ? delta : -delta));
}

static void
pan_window (GanderLaneArea *self, int amount)
{
  GanderViewport *viewport = get_viewport (self);
  GanderTime begin, end;

  gander_viewport_get_target (viewport, &begin, &end);
  gander_viewport_jump (viewport,
                        begin + (end - begin) * amount,
                        end + (end - begin) * amount,
                        GTK_WIDGET (self));
}

static void
fit (GanderLaneArea *self, int amount)
{
  gander_trace_session_settle (self->session);
  gander_viewport_fit (get_viewport (self), GTK_WIDGET (self));
}

static void
go_edge (GanderLaneArea *self, int amount)
{
  GanderViewport *viewport = get_viewport (self);
  GanderTime begin, end, first, last;

  gander_viewport_get_target (viewport, &begin, &end);
  gander_viewport_get_limits (viewport, &first, &last);
  gander_trace_session_settle (self->session);
  if (amount < 0)
    gander_viewport_jump (viewport, first, first + (end - begin), GTK_WIDGET (self));
  else
    gander_viewport_jump (viewport, last - (end - begin), last, GTK_WIDGET (self));
}

static void
scroll_page (GanderLaneArea *self, int amount)
{
  const double page = gander_lane_area_get_rows_height (self) * 0.9;

  gtk_adjustment_set_value (self->adjustment,
                            gtk_adjustment_get_value (self->adjustment) + amount * page);
}

static void
zoom_selection (GanderLaneArea *self, int amount)
{
  GanderLaneId lane =
      gander_selection_get_lane (gander_trace_session_get_selection (self->session));
  GanderSpan span;
  GanderLane row;

  if (get_span (self, &span))
    {
      gander_trace_session_zoom_to (self->session, span.begin, span.end, GTK_WIDGET (self));
    }
  else if (lane != GANDER_LANE_NONE)
    {
      gander_index_get_lane (get_index (self), lane, &row);
      gander_trace_session_zoom_to (self->session, row.begin, row.end, GTK_WIDGET (self));
    }
}

static void
center_selection (GanderLaneArea *self, int amount)
{
  GanderTime begin, end, middle, half;
  GanderSpan span;

  if (!get_span (self, &span))
    return;
  gander_trace_session_settle (self->session);
  gander_viewport_get_target (get_viewport (self), &begin, &end);
  half = (end - begin) / 2;
  middle = span.begin + (span.end - span.begin) / 2;
  gander_viewport_jump (get_viewport (self), middle - half, middle + half, GTK_WIDGET (self));
  gander_lane_area_show_row (self, gander_lane_area_get_selected_row (self));
}

static void
show_span (GanderLaneArea *self, GanderLaneId lane, guint32 ordinal)
{
  GanderSpan span;

  gander_trace_session_show_span (self->session, lane, ordinal, GTK_WIDGET (self));
  if (get_span (self, &span))
    self->cursor = span.begin + (span.end - span.begin) / 2;
}

/* Without a span, the first step goes to one at the cursor or in the middle of the view. */
static void
enter_lane (GanderLaneArea *self)
{
  const GanderLaneId lane =
      gander_selection_get_lane (gander_trace_session_get_selection (self->session));
  GanderTime begin, end;
  GanderLane row;

  if (lane == GANDER_LANE_NONE)
    return;
  gander_index_get_lane (get_index (self), lane, &row);
  if (row.n_spans == 0)
    return;
  gander_viewport_get_target (get_viewport (self), &begin, &end);
  if (self->cursor < begin || self->cursor >= end)
    self->cursor = begin + (end - begin) / 2;
  show_span (self,
             lane,
             MIN (gander_query_find (get_index (self), lane, self->cursor), row.n_spans - 1));
}

static void
step_span (GanderLaneArea *self, int amount)
{
  GanderSpan span;
  GanderLane lane;

  if (!get_span (self, &span))
    {
      if (gander_selection_get_lane (gander_trace_session_get_selection (self->session)) ==
          GANDER_LANE_NONE)
        pan (self, amount);
      else
        enter_lane (self);
      return;
    }
  gander_index_get_lane (get_index (self), span.lane, &lane);
  if ((amount < 0 && span.ordinal == 0) || (amount > 0 && span.ordinal + 1 >= lane.n_spans))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  show_span (self, span.lane, amount < 0 ? span.ordinal - 1 : span.ordinal + 1);
}

static void
step_same_state (GanderLaneArea *self, int amount)
{
  const GanderIndex *index = get_index (self);
  GanderSpan span, other;
  GanderLane lane;
  guint32 ordinal;

  if (!get_span (self, &span))
    return;
  gander_index_get_lane (index, span.lane, &lane);
  ordinal = span.ordinal;
  for (guint i = 0; i < LOOK_AHEAD_MAX; i++)
    {
      if ((amount < 0 && ordinal == 0) || (amount > 0 && ordinal + 1 >= lane.n_spans))
        break;
      ordinal = amount < 0 ? ordinal - 1 : ordinal + 1;
      gander_query_span (index, span.lane, ordinal, &other);
      if (other.state == span.state)
        {
          show_span (self, span.lane, ordinal);
          return;
        }
    }
  gtk_widget_error_bell (GTK_WIDGET (self));
}

/* Selects what row @row shows: of a lane the span at the cursor, else the row itself. */
static void
select_row (GanderLaneArea *self, guint32 number)
{
  GanderSelection *selection = gander_trace_session_get_selection (self->session);
  const GanderRow *row = gander_rows_get (gander_trace_session_get_rows (self->session), number);
  GanderSelected selected = { .kind = GANDER_SELECTED_ROW, .key = row->key };
  GanderSpan span;

  if (row->kind == GANDER_ROW_TASK)
    selected = (GanderSelected){ .kind = GANDER_SELECTED_TASK, .row = row->task, .key = row->key };
  if (row->kind != GANDER_ROW_LANE)
    gander_selection_set (selection, &selected);
  else if (gander_query_span_at (get_index (self), row->lane, self->cursor, &span))
    gander_selection_set_span (selection, span.lane, span.ordinal);
  else
    gander_selection_set_lane (selection, row->lane);
  gander_lane_area_show_row (self, number);
}

static void
step_lane (GanderLaneArea *self, int amount)
{
  const GanderRows *rows = gander_trace_session_get_rows (self->session);
  const guint32 n = gander_rows_get_n (rows);
  guint32 row = gander_lane_area_get_selected_row (self);
  GanderTime begin, end;

  if (n == 0)
    return;
  gander_viewport_get_target (get_viewport (self), &begin, &end);
  if (self->cursor < begin || self->cursor >= end)
    self->cursor = begin + (end - begin) / 2;
  if (row == GANDER_ROW_NONE)
    row = amount > 0 ? 0 : n - 1;
  else if ((amount < 0 && row == 0) || (amount > 0 && row + 1 >= n))
    return;
  else
    row = amount < 0 ? row - 1 : row + 1;
  select_row (self, row);
}

/* Who woke this: the waker's span at that instant. */
static void
follow_wakeup (GanderLaneArea *self, int amount)
{
  const GanderIndex *index = get_index (self);
  GanderSpan span, wake, waker;

  if (!get_span (self, &span))
    return;
  if (!gander_query_wake (index, &span, &wake) || wake.link == GANDER_LANE_NONE ||
      !gander_query_span_at (index, wake.link, wake.begin, &waker))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  gander_trace_session_go_to_span (self->session, waker.lane, waker.ordinal, GTK_WIDGET (self));
}

/* What this woke: the first wake-up that the span did. */
static void
follow_wakee (GanderLaneArea *self, int amount)
{
  const GanderIndex *index = get_index (self);
  GanderWakeup wakeup;
  GanderSpan span, wakee;
  guint32 first, n;

  if (!get_span (self, &span))
    return;
  gander_query_wakeups (index, span.lane, span.begin, span.end, &first, &n);
  if (n == 0)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  gander_query_wakeup (index, first, &wakeup);
  if (gander_query_span_at (index, wakeup.wakee, wakeup.time, &wakee))
    gander_trace_session_go_to_span (self->session, wakee.lane, wakee.ordinal, GTK_WIDGET (self));
}

static void
activate (GanderLaneArea *self, int amount)
{
  const guint32 row = gander_lane_area_get_selected_row (self);
  GanderSpan span;

  if (get_span (self, &span))
    gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                            GTK_DIR_TAB_FORWARD);
  else if (row != GANDER_ROW_NONE)
    gander_lane_area_toggle_row (self, row);
}

static void
escape (GanderLaneArea *self, int amount)
{
  gander_lane_area_drop_tip (self);
  gander_selection_clear (gander_trace_session_get_selection (self->session));
}

/* On a member: closes what it is in. */
static void
collapse (GanderLaneArea *self, int amount)
{
  const GanderRows *rows = gander_trace_session_get_rows (self->session);
  guint32 row = gander_lane_area_get_selected_row (self);
  guint8 indent;
  GanderSelected selected = { .kind = GANDER_SELECTED_ROW };

  if (row == GANDER_ROW_NONE)
    return;
  indent = gander_rows_get (rows, row)->indent;
  if (!gander_rows_get (rows, row)->openable)
    while (row > 0 && (!gander_rows_get (rows, row)->openable ||
                       gander_rows_get (rows, row)->indent >= indent))
      row--;
  if (!gander_rows_get (rows, row)->openable)
    return;
  selected.key = gander_rows_get (rows, row)->key;
  gander_lane_area_toggle_row (self, row);
  gander_selection_set (gander_trace_session_get_selection (self->session), &selected);
}

/* Closes all when anything inside a section is open. */
static void
collapse_all (GanderLaneArea *self, int amount)
{
  const GanderRows *rows = gander_trace_session_get_rows (self->session);
  gboolean open = FALSE;

  for (guint32 i = 0; i < gander_rows_get_n (rows) && !open; i++)
    open = gander_rows_get (rows, i)->open && gander_rows_get (rows, i)->kind == GANDER_ROW_GROUP;
  gander_trace_session_change_rows (self->session,
                                    &(GanderRowChange){ .kind = GANDER_ROW_CHANGE_ALL_OPEN,
                                                        .on = !open });
}

static void
toggle_compact (GanderLaneArea *self, int amount)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  change.options = *gander_trace_session_get_row_options (self->session);
  change.options.compact = !change.options.compact;
  gander_trace_session_change_rows (self->session, &change);
}

static void
cycle_group_by (GanderLaneArea *self, int amount)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  change.options = *gander_trace_session_get_row_options (self->session);
  change.options.group_by = (change.options.group_by + 1) % GANDER_N_GROUP_BYS;
  change.options.at = gander_viewport_get_end (get_viewport (self));
  gander_trace_session_change_rows (self->session, &change);
}

static void
walk (GanderLaneArea *self, int amount)
{
  gander_trace_session_walk (self->session, amount, GTK_WIDGET (self));
}

static void
toggle_pinned (GanderLaneArea *self, int amount)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_PINNED };

  change.lane = gander_selection_get_lane (gander_trace_session_get_selection (self->session));
  if (change.lane == GANDER_LANE_NONE)
    return;
  change.on = !gander_rows_get_pinned (gander_trace_session_get_rows (self->session), change.lane);
  gander_trace_session_change_rows (self->session, &change);
}

static void
hide_lane (GanderLaneArea *self, int amount)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_HIDDEN, .on = TRUE };

  change.lane = gander_selection_get_lane (gander_trace_session_get_selection (self->session));
  if (change.lane != GANDER_LANE_NONE)
    gander_trace_session_change_rows (self->session, &change);
}

static void
toggle_tips (GanderLaneArea *self, int amount)
{
  self->no_tips = !self->no_tips;
  gander_lane_area_drop_tip (self);
}

/* The card of the selection, without a pointer. */
static void
peek (GanderLaneArea *self, int amount)
{
  const guint32 row = gander_lane_area_get_selected_row (self);
  const int top = gander_lane_area_get_rows_top (self);
  const GanderTimeline *timeline = NULL;
  GanderTime begin, end;
  GanderSpan span;
  double x;
  int y, height;

  if (!get_span (self, &span))
    return;
  timeline = gander_lane_area_ensure_layout (self);
  gander_viewport_get_target (get_viewport (self), &begin, &end);
  if (timeline == NULL || span.begin >= end || span.end <= begin ||
      !gander_timeline_get_row_rect (timeline, row, &y, &height))
    return;
  x = gander_timeline_get_x (timeline, MAX (span.begin, begin) / 2 + MIN (span.end, end) / 2);
  gander_lane_area_show_tip_at (self, x, top + y + height / 2);
}

static void
copy_summary (GanderLaneArea *self, int amount)
{
  g_auto (GanderSpanFacts) facts = { 0 };
  GanderSpan span;

  if (!get_span (self, &span))
    return;
  gander_describe_span (get_index (self), &span, &facts);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), facts.line);
}

static const Command commands[] = {
  { "timeline.zoom-in", zoom, 1 },
  { "timeline.zoom-out", zoom, -1 },
  { "timeline.zoom-in-fine", zoom, 2 },
  { "timeline.zoom-out-fine", zoom, -2 },
  { "timeline.pan-left", pan, -1 },
  { "timeline.pan-right", pan, 1 },
  { "timeline.pan-left-fine", pan, -2 },
  { "timeline.pan-right-fine", pan, 2 },
  { "timeline.window-left", pan_window, -1 },
  { "timeline.window-right", pan_window, 1 },
  { "timeline.fit", fit, 0 },
  { "timeline.go-start", go_edge, -1 },
  { "timeline.go-end", go_edge, 1 },
  { "timeline.page-up", scroll_page, -1 },
  { "timeline.page-down", scroll_page, 1 },
  { "timeline.zoom-selection", zoom_selection, 0 },
  { "timeline.center-selection", center_selection, 0 },
  { "timeline.previous-span", step_span, -1 },
  { "timeline.next-span", step_span, 1 },
  { "timeline.previous-same-state", step_same_state, -1 },
  { "timeline.next-same-state", step_same_state, 1 },
  { "timeline.previous-lane", step_lane, -1 },
  { "timeline.next-lane", step_lane, 1 },
  { "timeline.follow-wakeup", follow_wakeup, 0 },
  { "timeline.follow-wakee", follow_wakee, 0 },
  { "timeline.activate", activate, 0 },
  { "timeline.escape", escape, 0 },
  { "timeline.collapse", collapse, 0 },
  { "timeline.collapse-all", collapse_all, 0 },
  { "timeline.compact", toggle_compact, 0 },
  { "timeline.cycle-group-by", cycle_group_by, 0 },
  { "timeline.back", walk, -1 },
  { "timeline.forward", walk, 1 },
  { "timeline.pin", toggle_pinned, 0 },
  { "timeline.hide", hide_lane, 0 },
  { "timeline.tooltips", toggle_tips, 0 },
  { "timeline.peek", peek, 0 },
  { "timeline.copy", copy_summary, 0 },
};

/* clang-format off */
static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *name;
} bindings[] = {
  { GDK_KEY_w, 0, "timeline.zoom-in" },
  { GDK_KEY_s, 0, "timeline.zoom-out" },
  { GDK_KEY_a, 0, "timeline.pan-left" },
  { GDK_KEY_d, 0, "timeline.pan-right" },
  { GDK_KEY_w, GDK_SHIFT_MASK, "timeline.zoom-in-fine" },
  { GDK_KEY_s, GDK_SHIFT_MASK, "timeline.zoom-out-fine" },
  { GDK_KEY_a, GDK_SHIFT_MASK, "timeline.pan-left-fine" },
  { GDK_KEY_d, GDK_SHIFT_MASK, "timeline.pan-right-fine" },
  { GDK_KEY_plus, GDK_CONTROL_MASK, "timeline.zoom-in" },
  { GDK_KEY_equal, GDK_CONTROL_MASK, "timeline.zoom-in" },
  { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "timeline.zoom-in" },
  { GDK_KEY_minus, GDK_CONTROL_MASK, "timeline.zoom-out" },
  { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "timeline.zoom-out" },
  { GDK_KEY_0, GDK_CONTROL_MASK, "timeline.fit" },
  { GDK_KEY_KP_0, GDK_CONTROL_MASK, "timeline.fit" },
  { GDK_KEY_0, 0, "timeline.fit" },
  { GDK_KEY_x, 0, "timeline.fit" },
  { GDK_KEY_Home, 0, "timeline.go-start" },
  { GDK_KEY_End, 0, "timeline.go-end" },
  { GDK_KEY_Page_Up, 0, "timeline.page-up" },
  { GDK_KEY_Page_Down, 0, "timeline.page-down" },
  { GDK_KEY_Page_Up, GDK_CONTROL_MASK | GDK_ALT_MASK, "timeline.window-left" },
  { GDK_KEY_Page_Down, GDK_CONTROL_MASK | GDK_ALT_MASK, "timeline.window-right" },
  { GDK_KEY_z, 0, "timeline.zoom-selection" },
  { GDK_KEY_z, GDK_SHIFT_MASK, "timeline.center-selection" },
  { GDK_KEY_Left, 0, "timeline.previous-span" },
  { GDK_KEY_comma, 0, "timeline.previous-span" },
  { GDK_KEY_Right, 0, "timeline.next-span" },
  { GDK_KEY_period, 0, "timeline.next-span" },
  { GDK_KEY_Left, GDK_CONTROL_MASK, "timeline.previous-same-state" },
  { GDK_KEY_Right, GDK_CONTROL_MASK, "timeline.next-same-state" },
  { GDK_KEY_Up, 0, "timeline.previous-lane" },
  { GDK_KEY_Down, 0, "timeline.next-lane" },
  { GDK_KEY_f, 0, "timeline.follow-wakeup" },
  { GDK_KEY_bracketleft, 0, "timeline.follow-wakeup" },
  { GDK_KEY_f, GDK_SHIFT_MASK, "timeline.follow-wakee" },
  { GDK_KEY_bracketright, 0, "timeline.follow-wakee" },
  { GDK_KEY_Return, 0, "timeline.activate" },
  { GDK_KEY_KP_Enter, 0, "timeline.activate" },
  { GDK_KEY_Escape, 0, "timeline.escape" },
  { GDK_KEY_c, 0, "timeline.collapse" },
  { GDK_KEY_c, GDK_SHIFT_MASK, "timeline.collapse-all" },
  { GDK_KEY_k, 0, "timeline.compact" },
  { GDK_KEY_g, 0, "timeline.cycle-group-by" },
  { GDK_KEY_BackSpace, 0, "timeline.back" },
  { GDK_KEY_Left, GDK_ALT_MASK, "timeline.back" },
  { GDK_KEY_Right, GDK_ALT_MASK, "timeline.forward" },
  { GDK_KEY_p, 0, "timeline.pin" },
  { GDK_KEY_h, 0, "timeline.hide" },
  { GDK_KEY_t, 0, "timeline.tooltips" },
  { GDK_KEY_space, 0, "timeline.peek" },
  { GDK_KEY_c, GDK_CONTROL_MASK, "timeline.copy" },
};
/* clang-format on */

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
run_command (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GanderLaneArea *self = GANDER_LANE_AREA (widget);
  const Command *command = find_command (name);

  if (command != NULL && self->session != NULL)
    command->run (self, command->amount);
}

const char *const *
gander_lane_area_get_commands (void)
{
  static const char *names[G_N_ELEMENTS (commands) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    names[i] = commands[i].name;
  return names;
}

void
gander_lane_area_forward_commands (GtkWidgetClass *widget_class,
                                   GtkWidgetActionActivateFunc activate_func)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    gtk_widget_class_install_action (widget_class, commands[i].name, NULL, activate_func);
}

void
gander_lane_area_install_commands (GtkWidgetClass *widget_class)
{
  gander_lane_area_forward_commands (widget_class, run_command);
  for (gsize i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_widget_class_add_binding_action (widget_class,
                                         bindings[i].key,
                                         bindings[i].modifiers,
                                         bindings[i].name,
                                         NULL);
}
