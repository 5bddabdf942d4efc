/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "widgets/lane-area-private.h"
#include "widgets/widgets.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#define WIDTH  1200
#define HEIGHT 800

/* Traces of every class of input that a view may get: one whose program did next to nothing, usual
 * ones, one cut in the middle. */
static const char *const traces[] = {
  "v126-empty.trace.zst",   "v126-http.trace.zst", "v125-tasks.trace.zst",
  "v122-regions.trace.zst", "v125-gc.trace.zst",   "v124-stw.trace.zst",
};

static GanderIndex *
load (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *path = g_build_filename (g_getenv ("GANDER_TEST_CORPUS"), name, NULL);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}

static GanderTraceSession *
open_session (const char *name)
{
  g_autoptr (GanderIndex) index = load (name);

  return gander_trace_session_new (index, name);
}

/* Runs the main loop until nothing has been pending for a while; animations and settling need
 * their time. */
static void
spin (guint ms)
{
  const gint64 end = g_get_monotonic_time () + 1000 * (gint64)ms;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* Runs the main loop until as much is in view, for as long as an animation on a busy machine can
 * take. */
static void
wait_for_length (GanderViewport *viewport, GanderTime length)
{
  for (guint i = 0; i < 1000; i++)
    {
      if (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport) == length)
        return;
      spin (10);
    }
  g_assert_cmpint (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport),
                   ==,
                   length);
}

static GtkWidget *
show (GtkWidget *view)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  spin (150);
  return window;
}

static void
close_window (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  spin (20);
}

/* Returns: whether any visible label below @widget has a text with @needle in it. */
static gboolean
has_label (GtkWidget *widget, const char *needle)
{
  GtkWidget *child;

  if (!gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), needle) != NULL)
    return TRUE;
  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, needle))
      return TRUE;
  return FALSE;
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  GtkWidget *child, *found;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      found = find_widget (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* Returns: TRUE and a goroutine's span of @state that a goroutine ended. */
static gboolean
find_woken (const GanderIndex *index, GanderState state, GanderSpan *span)
{
  GanderLaneId first;
  GanderSpan wake;
  GanderLane lane;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + n; id++)
    {
      gander_index_get_lane (index, id, &lane);
      for (guint32 i = 0; i < lane.n_spans; i++)
        {
          gander_query_span (index, id, i, span);
          if (span->state == state && gander_query_wake (index, span, &wake) &&
              wake.link != GANDER_LANE_NONE && wake.cause == GANDER_CAUSE_WOKEN)
            return TRUE;
        }
    }
  return FALSE;
}

static void
test_construct (gconstpointer name)
{
  GanderTraceSession *session = open_session (name);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  gpointer weak = view;

  g_object_add_weak_pointer (G_OBJECT (view), &weak);
  close_window (window);
  g_assert_null (weak);
  g_assert_finalize_object (session);
}

static void
test_damaged (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("GANDER_TEST_CORPUS"), "v126-http.trace.zst", NULL);
  g_autofree char *cut = g_build_filename (g_get_tmp_dir (), "gander-cut.trace.zst", NULL);
  g_autofree char *data = NULL;
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (GanderIndex) index = NULL;
  GanderTraceSession *session;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_assert_true (g_file_set_contents (cut, data, (gssize)(size * 2 / 3), NULL));
  index = gander_load (cut, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  session = gander_trace_session_new (index, "cut");
  close_window (show (gander_timeline_view_new (session)));
  g_assert_finalize_object (session);
  g_unlink (cut);
}

static void
change_rows (GanderTraceSession *session, GanderRowChange change)
{
  gander_trace_session_change_rows (session, &change);
  while (gander_trace_session_is_changing_rows (session))
    g_main_context_iteration (NULL, TRUE);
}

/* What is looked at while a trace is read stays when more of it is there. */
static void
test_more_of_it (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("GANDER_TEST_CORPUS"), "v126-regions.trace.zst", NULL);
  const GanderLoadOptions options = { .no_cache = TRUE, .n_events = 1 };
  g_autoptr (GanderIndex) part = gander_load (path, &options, NULL, NULL, NULL);
  g_autoptr (GanderIndex) whole = load ("v126-regions.trace.zst");
  g_autoptr (GanderTraceSession) a = gander_trace_session_new (part, "a");
  g_autoptr (GanderTraceSession) b = gander_trace_session_new (whole, "b");
  g_autoptr (GanderTraceSession) c = gander_trace_session_new (whole, "c");
  const GanderRows *rows = gander_trace_session_get_rows (a);
  GanderTime duration = gander_index_get_facts (part)->duration;
  GanderRowOptions compact = { .compact = TRUE };
  GanderTime begin, end;
  GanderSpan span, followed;
  guint32 heading = 0;

  gander_trace_session_follow (b, a);
  gander_viewport_get_target (gander_trace_session_get_viewport (b), &begin, &end);
  g_assert_cmpint (end, >=, gander_index_get_facts (whole)->duration);

  gander_viewport_set_range (gander_trace_session_get_viewport (a), duration / 4, duration / 2);
  change_rows (a, (GanderRowChange){ .kind = GANDER_ROW_CHANGE_OPTIONS, .options = compact });
  rows = gander_trace_session_get_rows (a);
  while (gander_rows_get (rows, heading)->kind != GANDER_ROW_GROUP)
    heading++;
  change_rows (a,
               (GanderRowChange){ .kind = GANDER_ROW_CHANGE_OPEN,
                                  .key = gander_rows_get (rows, heading)->key,
                                  .on = !gander_rows_get (rows, heading)->open });
  change_rows (a, (GanderRowChange){ .kind = GANDER_ROW_CHANGE_PINNED, .lane = 1, .on = TRUE });
  rows = gander_trace_session_get_rows (a);
  gander_selection_set_span (gander_trace_session_get_selection (a), 1, 0);
  gander_trace_session_set_scroll (a, 30);

  gander_trace_session_follow (c, a);
  g_assert_cmpint (gander_viewport_get_begin (gander_trace_session_get_viewport (c)),
                   ==,
                   duration / 4);
  g_assert_cmpint (gander_viewport_get_end (gander_trace_session_get_viewport (c)),
                   ==,
                   duration / 2);
  g_assert_true (gander_selection_get_span (gander_trace_session_get_selection (a), part, &span));
  g_assert_true (
      gander_selection_get_span (gander_trace_session_get_selection (c), whole, &followed));
  g_assert_cmpint (span.begin, ==, followed.begin);
  g_assert_true (gander_rows_get_options (gander_trace_session_get_rows (c))->compact);
  g_assert_true (gander_rows_get_pinned (gander_trace_session_get_rows (c), 1));
  g_assert_cmpfloat (gander_trace_session_get_scroll (c), ==, 30);
  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    {
      const GanderRow *row = gander_rows_get (rows, i);
      const GanderRows *others = gander_trace_session_get_rows (c);
      for (guint32 j = 0; row->kind == GANDER_ROW_GROUP && j < gander_rows_get_n (others); j++)
        {
          const GanderRow *other = gander_rows_get (others, j);
          if (other->kind == GANDER_ROW_GROUP && other->section == row->section &&
              g_str_equal (other->name, row->name))
            g_assert_cmpint (other->open, ==, row->open);
        }
    }
}

/* What takes long to find of a trace comes when there is a picture, below what is there. */
static void
test_late_rows (void)
{
  GanderTraceSession *session = open_session ("v126-tasks.trace.zst");
  g_autoptr (GanderRows) first = gander_rows_ref (gander_trace_session_get_rows (session));
  GtkWidget *window = NULL;

  g_assert_false (gander_rows_is_complete (first));
  window = show (gander_timeline_view_new (session));
  for (guint i = 0; i < 100 && !gander_rows_is_complete (gander_trace_session_get_rows (session));
       i++)
    spin (50);
  g_assert_true (gander_rows_is_complete (gander_trace_session_get_rows (session)));
  g_assert_cmpuint (gander_rows_get_n (gander_trace_session_get_rows (session)),
                    >,
                    gander_rows_get_n (first));
  for (guint32 i = 0; i < gander_rows_get_n (first); i++)
    g_assert_cmpint (gander_rows_get_y (gander_trace_session_get_rows (session), i),
                     ==,
                     gander_rows_get_y (first, i));
  close_window (window);
  g_assert_finalize_object (session);
}

/* The first picture of a very large trace is a rough one; the exact one follows by itself, and only
 * then what takes long. */
static void
test_rough (void)
{
  GanderTraceSession *session = open_session ("v126-tasks.trace.zst");
  GtkWidget *lanes = gander_lane_area_new (session);
  GtkWidget *window = NULL;

  GANDER_LANE_AREA (lanes)->rough = TRUE;
  window = show (lanes);
  for (guint i = 0; i < 100 && !gander_lane_area_is_settled (GANDER_LANE_AREA (lanes)); i++)
    spin (50);
  g_assert_true (gander_lane_area_is_settled (GANDER_LANE_AREA (lanes)));
  g_assert_true (gander_lane_area_has_picture (GANDER_LANE_AREA (lanes)));
  g_assert_false (GANDER_LANE_AREA (lanes)->rough);
  g_assert_true (gander_rows_is_complete (gander_trace_session_get_rows (session)));
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_commands (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  const char *const *names = gander_lane_area_get_commands ();
  GanderSpan span;

  g_assert_true (
      find_woken (gander_trace_session_get_index (session), GANDER_STATE_BLOCKED, &span));
  for (guint i = 0; names[i] != NULL; i++)
    {
      gander_trace_session_go_to_span (session, span.lane, span.ordinal, view);
      gtk_widget_activate_action (view, names[i], NULL);
      spin (5);
    }
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_zoom (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  GanderViewport *viewport = gander_trace_session_get_viewport (session);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  const GanderTime begin = gander_viewport_get_begin (viewport);
  const GanderTime end = gander_viewport_get_end (viewport);

  gtk_widget_activate_action (view, "timeline.zoom-in", NULL);
  g_assert_cmpint (gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport),
                   <,
                   end - begin);
  gtk_widget_activate_action (view, "timeline.pan-right", NULL);
  gtk_widget_activate_action (view, "timeline.show-duration", "x", (gint64)1000000);
  wait_for_length (viewport, 1000000);
  gtk_widget_activate_action (view, "timeline.fit", NULL);
  wait_for_length (viewport, end - begin);
  g_assert_cmpint (gander_viewport_get_begin (viewport), ==, begin);
  g_assert_cmpint (gander_viewport_get_end (viewport), ==, end);
  gtk_widget_activate_action (view, "timeline.back", NULL);
  wait_for_length (viewport, 1000000);
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_details (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  const GanderIndex *index = gander_trace_session_get_index (session);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  GtkWidget *details = find_widget (view, GANDER_TYPE_DETAILS_PANEL);
  g_auto (GanderSpanFacts) facts = { 0 };
  g_autofree char *duration = NULL;
  GanderSpan span;

  g_assert_true (find_woken (index, GANDER_STATE_BLOCKED, &span));
  gander_describe_span (index, &span, &facts);
  duration = gander_duration_to_exact (span.end - span.begin);
  g_assert_false (has_label (details, facts.title));
  gander_trace_session_go_to_span (session, span.lane, span.ordinal, view);
  spin (200);
  g_assert_true (has_label (details, facts.title));
  g_assert_true (has_label (details, duration));
  g_assert_true (has_label (details, facts.woken_by));
  g_assert_true (has_label (details, "Why was it stuck?"));
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_follow (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  GanderSpan span, wake, waker;

  g_assert_true (find_woken (index, GANDER_STATE_BLOCKED, &span));
  g_assert_true (gander_query_wake (index, &span, &wake));
  gander_trace_session_go_to_span (session, span.lane, span.ordinal, view);
  gtk_widget_activate_action (view, "timeline.follow-wakeup", NULL);
  g_assert_true (gander_selection_get_span (selection, index, &waker));
  g_assert_cmpuint (waker.lane, ==, wake.link);
  g_assert_cmpint (waker.begin, <=, wake.begin);
  g_assert_cmpint (waker.end, >, wake.begin);
  gtk_widget_activate_action (view, "timeline.back", NULL);
  g_assert_cmpuint (gander_selection_get (selection)->row, ==, span.ordinal);
  g_assert_cmpuint (gander_selection_get (selection)->lane, ==, span.lane);
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_steps (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  GanderSpan span;

  g_assert_true (find_woken (index, GANDER_STATE_BLOCKED, &span));
  gander_trace_session_go_to_span (session, span.lane, span.ordinal, view);
  gtk_widget_activate_action (view, "timeline.next-span", NULL);
  g_assert_cmpuint (gander_selection_get (selection)->row, ==, span.ordinal + 1);
  gtk_widget_activate_action (view, "timeline.previous-span", NULL);
  g_assert_cmpuint (gander_selection_get (selection)->row, ==, span.ordinal);
  gtk_widget_activate_action (view, "timeline.next-lane", NULL);
  g_assert_false (gander_selection_get (selection)->kind == GANDER_SELECTED_SPAN &&
                  gander_selection_get (selection)->lane == span.lane);
  gtk_widget_activate_action (view, "timeline.escape", NULL);
  g_assert_cmpint (gander_selection_get (selection)->kind, ==, GANDER_SELECTED_NONE);
  close_window (window);
  g_assert_finalize_object (session);
}

/* Returns: (transfer none) the controller of this type. */
static gpointer
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) list = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (list, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* The area listens to press and release with one gesture each: both get both. */
static void
click (GtkWidget *lanes, double x, double y)
{
  g_autoptr (GListModel) list = gtk_widget_observe_controllers (lanes);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (list, i);

      if (!GTK_IS_GESTURE_CLICK (controller) ||
          gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) != GDK_BUTTON_PRIMARY)
        continue;
      g_signal_emit_by_name (controller, "pressed", 1, x, y);
      g_signal_emit_by_name (controller, "released", 1, x, y);
    }
}

/* Walks down the middle of the lanes until a click finds a span. */
static void
test_pointer (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  GanderViewport *viewport = gander_trace_session_get_viewport (session);
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  GtkWidget *lanes = find_widget (view, GANDER_TYPE_LANE_AREA);
  const int height = gtk_widget_get_height (lanes);
  const double x = (GANDER_LABEL_WIDTH + gtk_widget_get_width (lanes)) / 2.0;
  gboolean handled = FALSE;
  double y = GANDER_RULER_HEIGHT;
  GanderTime visible, begin;
  GanderSpan span;

  while (y < height && !gander_selection_get_span (selection, index, &span))
    click (lanes, x, y += 4);
  g_assert_true (gander_selection_get_span (selection, index, &span));
  gtk_widget_activate_action (view, "timeline.peek", NULL);
  gtk_widget_activate_action (view, "timeline.zoom-selection", NULL);
  spin (300);
  visible = gander_viewport_get_end (viewport) - gander_viewport_get_begin (viewport);
  g_assert_cmpfloat_with_epsilon ((double)(span.end - span.begin) / (double)MAX (visible, 1),
                                  0.8,
                                  0.01);

  begin = gander_viewport_get_begin (viewport);
  g_signal_emit_by_name (find_controller (lanes, GTK_TYPE_EVENT_CONTROLLER_SCROLL),
                         "scroll",
                         1.0,
                         0.0,
                         &handled);
  g_assert_cmpint (gander_viewport_get_begin (viewport), >, begin);
  g_assert_cmpfloat (gander_trace_session_get_scroll (session), ==, 0);
  g_signal_emit_by_name (find_controller (lanes, GTK_TYPE_EVENT_CONTROLLER_SCROLL),
                         "scroll",
                         0.0,
                         1.0,
                         &handled);
  g_assert_true (handled);
  g_assert_cmpfloat (gander_trace_session_get_scroll (session), >, 0);
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_toggle_details (void)
{
  GanderTraceSession *session = open_session ("v126-empty.trace.zst");
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);
  GtkWidget *details = find_widget (view, GANDER_TYPE_DETAILS_PANEL);

  g_assert_true (gtk_widget_get_mapped (details));
  gtk_widget_activate_action (view, "timeline.toggle-details", NULL);
  g_assert_false (gtk_widget_get_visible (details));
  gtk_widget_activate_action (view, "timeline.toggle-details", NULL);
  g_assert_true (gtk_widget_get_visible (details));
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_group_by (void)
{
  GanderTraceSession *session = open_session ("v126-http.trace.zst");
  GtkWidget *view = gander_timeline_view_new (session);
  GtkWidget *window = show (view);

  gtk_widget_activate_action (view, "timeline.group-by", "s", "none");
  g_assert_cmpint (gander_rows_get_options (gander_trace_session_get_rows (session))->group_by,
                   ==,
                   GANDER_GROUP_BY_NONE);
  g_assert_true (has_label (view, "None"));
  spin (50);
  close_window (window);
  g_assert_finalize_object (session);
}

static void
test_compare (void)
{
  GanderTraceSession *a = open_session ("v126-http.trace.zst");
  GanderTraceSession *b = open_session ("v125-http.trace.zst");
  GtkWidget *view = gander_compare_view_new (a, b);
  GtkWidget *window = show (view);
  GanderViewport *viewport_a = gander_trace_session_get_viewport (a);
  GanderViewport *viewport_b = gander_trace_session_get_viewport (b);

  g_assert_true (GANDER_IS_LANE_AREA (gtk_window_get_focus (GTK_WINDOW (window))));
  gtk_widget_activate_action (view, "timeline.zoom-in", NULL);
  g_assert_cmpint (gander_viewport_get_begin (viewport_b),
                   ==,
                   gander_viewport_get_begin (viewport_a));
  gander_compare_view_set_shift (GANDER_COMPARE_VIEW (view), 1000000);
  g_assert_cmpint (gander_viewport_get_begin (viewport_b) + 1000000,
                   ==,
                   gander_viewport_get_begin (viewport_a));
  for (guint i = 0; i < 100 && !has_label (view, "Wall time"); i++)
    spin (100);
  g_assert_true (has_label (view, "Wall time"));
  gtk_widget_activate_action (view, "compare.swap", NULL);
  g_assert_true (gander_compare_view_get_session (GANDER_COMPARE_VIEW (view), FALSE) == b);
  g_assert_cmpint (gander_compare_view_get_shift (GANDER_COMPARE_VIEW (view)), ==, -1000000);
  gtk_widget_activate_action (view, "compare.link", NULL);
  gander_viewport_set_range (viewport_a, 0, 5000);
  g_assert_cmpint (gander_viewport_get_end (viewport_b) - gander_viewport_get_begin (viewport_b),
                   !=,
                   5000);
  spin (100);
  close_window (window);
  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_disable_setlocale ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  gander_widgets_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autofree char *path = g_strdup_printf ("/widgets/views/construct/%s", traces[i]);

      g_test_add_data_func (path, traces[i], test_construct);
    }
  g_test_add_func ("/widgets/views/damaged", test_damaged);
  g_test_add_func ("/widgets/views/more-of-it", test_more_of_it);
  g_test_add_func ("/widgets/views/late-rows", test_late_rows);
  g_test_add_func ("/widgets/views/rough", test_rough);
  g_test_add_func ("/widgets/views/commands", test_commands);
  g_test_add_func ("/widgets/views/zoom", test_zoom);
  g_test_add_func ("/widgets/views/details", test_details);
  g_test_add_func ("/widgets/views/follow", test_follow);
  g_test_add_func ("/widgets/views/steps", test_steps);
  g_test_add_func ("/widgets/views/pointer", test_pointer);
  g_test_add_func ("/widgets/views/toggle-details", test_toggle_details);
  g_test_add_func ("/widgets/views/group-by", test_group_by);
  g_test_add_func ("/widgets/views/compare", test_compare);
  return g_test_run ();
}
