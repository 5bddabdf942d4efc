/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window's frames cost: the real timeline, in a window, driven through a trace. Own code
 * is what our handlers of an input and our snapshots took; busy is the longest stretch in which the
 * main loop could not take another input, GTK's renderer included. Without a display it skips.
 * A wait for the thread that paints counts as own, what other programs took does not; cpu is own
 * code without that wait. With a cache it begins with processes of their own, from their start to
 * the first picture. Usage: bench-window [--size WxH]... [--only SCRIPT] [--cache FOLDER] [--json
 * FILE] [TRACE]
 */
#include "tests/bench/bench.h"
#include "tests/bench/first-picture.h"
#include "widgets/widgets.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <time.h>

#define SKIPPED     77
#define LANES_SHARE 0.9  /* of the height: what the details leave when they are closed */
#define FRAME_MS    3000 /* no frame takes longer than this to come */
#define MOST_FRAMES 4096 /* of one script */
#define PAN_STEPS   40   /* in a row, before the next place */
#define PAN_PLACES  7
#define CALM_MS     120 /* without input, until a picture is final */
#define FIRST_RUNS  5   /* processes for a first picture */

typedef struct
{
  GMainLoop *loop;
  GtkWidget *window;
  GtkWidget *view;
  GtkWidget *lanes;
  GtkAdjustment *adjustment;
  GanderTraceSession *session;
  int width, height;
  const char *only; /* (nullable) part of the names of the scripts to run */
  JsonBuilder *json;
} Bench;

/* The one measurement under way: the program has one thread that draws. */
static struct
{
  gint64 snapshot; /* ns in our own snapshots since it was last cleared */
  gint64 cpu;      /* of them, on a processor */
  gint64 polled;   /* when the main loop last came back from waiting */
  gint64 busy;     /* ns, the longest stretch without waiting */
  guint painted;   /* frames */
} watch;

typedef struct
{
  const char *type;
  void (*snapshot) (GtkWidget *widget, GtkSnapshot *snapshot);
} Watched;

/* Everything in the view that draws by hand. */
static Watched watched[] = { { "GanderLaneArea", NULL }, { "GanderOverviewStrip", NULL } };

/* A clock that stands while other programs have the processor. */
static gint64
own_now (void)
{
  return bench_now (CLOCK_MONOTONIC) - bench_now_waited ();
}

static void
timed_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  gint64 start = own_now ();
  gint64 start_cpu = bench_now (CLOCK_THREAD_CPUTIME_ID);

  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    if (g_str_equal (G_OBJECT_TYPE_NAME (widget), watched[i].type))
      watched[i].snapshot (widget, snapshot);
  watch.snapshot += own_now () - start;
  watch.cpu += bench_now (CLOCK_THREAD_CPUTIME_ID) - start_cpu;
}

static void
watch_class (Watched *self)
{
  GtkWidgetClass *class = g_type_class_ref (g_type_from_name (self->type));

  self->snapshot = class->snapshot;
  class->snapshot = timed_snapshot;
}

static void
note_busy (void)
{
  watch.busy = MAX (watch.busy, bench_now (CLOCK_MONOTONIC) - watch.polled);
}

static int
timed_poll (GPollFD *fds, guint n, int timeout)
{
  int result = 0;

  note_busy ();
  result = g_poll (fds, n, timeout);
  watch.polled = bench_now (CLOCK_MONOTONIC);
  return result;
}

static void
painted_cb (void)
{
  watch.painted++;
}

static gboolean
late_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until a frame is painted, or for FRAME_MS when none is wanted. */
static void
wait_for_frame (void)
{
  guint painted = watch.painted;
  gboolean late = FALSE;
  guint id = g_timeout_add (FRAME_MS, late_cb, &late);

  while (watch.painted == painted && !late)
    g_main_context_iteration (NULL, TRUE);
  note_busy ();
  if (!late)
    g_source_remove (id);
}

static void
wait_ms (guint ms)
{
  gboolean late = FALSE;

  g_timeout_add (ms, late_cb, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
}

/* The frames of one script. */
typedef struct
{
  Bench *bench;
  const char *name;
  double own[MOST_FRAMES]; /* ms */
  double cpu[MOST_FRAMES];
  double busy[MOST_FRAMES];
  guint n;
  guint n_late;  /* frames that showed a picture of an earlier view */
  double settle; /* ms from an input to the right picture, at most */
} Script;

static Script *
script_new (Bench *bench, const char *name)
{
  Script *self = NULL;

  if (bench->only != NULL && strstr (name, bench->only) == NULL)
    return NULL;
  self = g_new0 (Script, 1);
  self->bench = bench;
  self->name = name;
  wait_ms (CALM_MS);
  return self;
}

static gboolean
is_settled (Bench *self)
{
  return gander_lane_area_is_settled (GANDER_LANE_AREA (self->lanes));
}

/* Nothing comes after the last input: until the right picture is painted. */
static void
script_settle (Script *self)
{
  gint64 start = bench_now (CLOCK_MONOTONIC);

  for (guint i = 0; i < 1000 && !is_settled (self->bench); i++)
    wait_for_frame ();
  self->settle = MAX (self->settle, (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6);
}

/* One input and the frame that follows it. */
typedef void (*Input) (Bench *bench, gconstpointer data);

static void
script_step (Script *self, Input input, gconstpointer data)
{
  gint64 start = bench_now (CLOCK_MONOTONIC);
  gint64 start_cpu = bench_now (CLOCK_THREAD_CPUTIME_ID);
  gint64 start_own = own_now ();
  gint64 handled, handled_cpu;

  watch.snapshot = 0;
  watch.cpu = 0;
  watch.busy = 0;
  watch.polled = start;
  input (self->bench, data);
  handled = own_now () - start_own;
  handled_cpu = bench_now (CLOCK_THREAD_CPUTIME_ID) - start_cpu;
  gtk_widget_queue_draw (self->bench->lanes);
  wait_for_frame ();
  if (self->n == MOST_FRAMES)
    return;
  if (!is_settled (self->bench))
    self->n_late++;
  self->own[self->n] = (double)(handled + watch.snapshot) / 1e6;
  self->cpu[self->n] = (double)(handled_cpu + watch.cpu) / 1e6;
  self->busy[self->n++] = (double)watch.busy / 1e6;
}

static void
print_member (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
script_finish (Script *self)
{
  JsonBuilder *json = NULL;
  double busy;

  if (self == NULL)
    return;
  json = self->bench->json;
  busy = bench_share (self->busy, self->n, 1);
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "script");
  json_builder_add_string_value (json, self->name);
  print_member (json, "width", self->bench->width);
  print_member (json, "height", self->bench->height);
  print_member (json, "frames", self->n);
  print_member (json, "own_p50_ms", bench_share (self->own, self->n, 0.5));
  print_member (json, "own_p99_ms", bench_share (self->own, self->n, 0.99));
  print_member (json, "own_max_ms", bench_share (self->own, self->n, 1));
  print_member (json, "cpu_p50_ms", bench_share (self->cpu, self->n, 0.5));
  print_member (json, "cpu_p99_ms", bench_share (self->cpu, self->n, 0.99));
  print_member (json, "cpu_max_ms", bench_share (self->cpu, self->n, 1));
  print_member (json, "busy_max_ms", busy);
  print_member (json, "late_frames", self->n_late);
  print_member (json, "settle_max_ms", self->settle);
  json_builder_end_object (json);
  g_print ("%4dx%-4d  %-24s %5u frames   own p50 %6.2f  p99 %6.2f  max %6.2f   cpu p50 %6.2f  p99 "
           "%6.2f   busy max %6.1f   late %4u   settled in %6.1f ms\n",
           self->bench->width,
           self->bench->height,
           self->name,
           self->n,
           bench_share (self->own, self->n, 0.5),
           bench_share (self->own, self->n, 0.99),
           bench_share (self->own, self->n, 1),
           bench_share (self->cpu, self->n, 0.5),
           bench_share (self->cpu, self->n, 0.99),
           busy,
           self->n_late,
           self->settle);
  g_free (self);
}

static void
act (Bench *self, gconstpointer action)
{
  gtk_widget_activate_action (self->lanes, action, NULL);
}

typedef struct
{
  GanderTime begin, end;
} Range;

static void
show_range (Bench *self, gconstpointer data)
{
  const Range *range = data;

  gander_viewport_set_range (gander_trace_session_get_viewport (self->session),
                             range->begin,
                             range->end);
}

static GanderTime
get_duration (Bench *self)
{
  return gander_index_get_facts (gander_trace_session_get_index (self->session))->duration;
}

/* Steps of a fiftieth of the view, at places all over the trace. */
static void
run_pan (Bench *self, double share, const char *name)
{
  GanderTime length = MAX ((GanderTime)((double)get_duration (self) * share), 1000);
  GanderTime room = get_duration (self) - length;
  Script *script = script_new (self, name);

  for (guint place = 0; script != NULL && place < PAN_PLACES; place++)
    {
      Range range = { .begin = room / PAN_PLACES * place };

      range.end = range.begin + length;
      show_range (self, &range);
      wait_ms (CALM_MS);
      for (guint i = 0; i < PAN_STEPS; i++)
        script_step (script, act, "timeline.pan-right-fine");
      script_settle (script);
    }
  script_finish (script);
}

/* In from the whole trace to a microsecond and out again, at several places. */
static void
run_zoom (Bench *self, const char *name, const char *in, const char *out, double factor)
{
  GanderViewport *viewport = gander_trace_session_get_viewport (self->session);
  Script *script = script_new (self, name);

  for (guint place = 0; script != NULL && place < PAN_PLACES; place++)
    {
      Range whole = { 0, get_duration (self) };
      double length = (double)whole.end;

      show_range (self, &whole);
      gander_viewport_set_pointer (viewport, whole.end / PAN_PLACES * place + whole.end / 20);
      wait_ms (CALM_MS);
      for (; length > 1000; length /= factor)
        script_step (script, act, in);
      script_settle (script);
      for (; length < (double)whole.end; length *= factor)
        script_step (script, act, out);
      script_settle (script);
    }
  gander_viewport_set_pointer (viewport, GANDER_VIEWPORT_NO_POINTER);
  script_finish (script);
}

static void
scroll_by (Bench *self, gconstpointer px)
{
  gtk_adjustment_set_value (self->adjustment,
                            gtk_adjustment_get_value (self->adjustment) + *(const double *)px);
}

/* Down through all rows by @px, or, where there are more than a script has frames, all over them.
 */
static void
run_scroll (Bench *self, const char *name, double px)
{
  double height =
      gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment);
  guint n = (guint)CLAMP (height / px, 1, 400);
  Script *script = script_new (self, name);

  for (guint part = 0; script != NULL && part < 4; part++)
    {
      gtk_adjustment_set_value (self->adjustment, height * part / 4);
      wait_ms (CALM_MS);
      for (guint i = 0; i < n / 4 + 1; i++)
        script_step (script, scroll_by, &px);
      script_settle (script);
    }
  gtk_adjustment_set_value (self->adjustment, 0);
  script_finish (script);
}

/* Until rows that are made elsewhere are there and painted. */
static void
wait_for_rows (Script *script)
{
  double *own = &script->own[script->n - 1];
  double *busy = &script->busy[script->n - 1];
  gint64 start = bench_now (CLOCK_MONOTONIC);

  do
    {
      watch.busy = watch.snapshot = 0;
      watch.polled = bench_now (CLOCK_MONOTONIC);
      wait_ms (10);
      *busy = MAX (*busy, (double)watch.busy / 1e6);
      *own = MAX (*own, (double)watch.snapshot / 1e6);
    }
  while (!is_settled (script->bench));
  script->settle = MAX (script->settle, (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6);
}

static void
set_group_by (Bench *self, gconstpointer id)
{
  g_object_set (self->view, "group-by", id, NULL);
}

static void
run_group (Bench *self)
{
  static const char *const ids[] = { "creator", "state", "processor", "task", "none", "function" };
  Script *script = script_new (self, "group");

  for (guint i = 0; script != NULL && i < G_N_ELEMENTS (ids); i++)
    {
      script_step (script, set_group_by, ids[i]);
      wait_for_rows (script);
    }
  script_finish (script);
}

static void
set_sort (Bench *self, gconstpointer sort)
{
  GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };

  change.options = *gander_trace_session_get_row_options (self->session);
  change.options.sort = GPOINTER_TO_UINT (sort);
  gander_trace_session_change_rows (self->session, &change);
}

static void
run_sort (Bench *self)
{
  Script *script = script_new (self, "sort");

  for (guint i = GANDER_N_ROW_SORTS; script != NULL && i > 0; i--)
    {
      script_step (script, set_sort, GUINT_TO_POINTER (i - 1));
      wait_for_rows (script);
    }
  script_finish (script);
}

static void
open_all (Bench *self, gconstpointer open)
{
  const GanderRowChange change = { .kind = GANDER_ROW_CHANGE_ALL_OPEN, .on = open != NULL };

  gander_trace_session_change_rows (self->session, &change);
}

static void
show_all (Bench *self, gconstpointer key)
{
  const GanderRowChange change = { .kind = GANDER_ROW_CHANGE_SHOW_ALL,
                                   .key = *(const guint64 *)key };

  gander_trace_session_change_rows (self->session, &change);
}

/* Opens every group, then lists every member of the largest. */
static void
run_expand (Bench *self)
{
  Script *script = script_new (self, "expand");
  const GanderRows *rows = NULL;
  guint64 key = 0;
  guint32 most = 0;

  if (script == NULL)
    {
      open_all (self, GINT_TO_POINTER (TRUE));
      return;
    }

  script_step (script, open_all, GINT_TO_POINTER (TRUE));
  wait_for_rows (script);
  rows = gander_trace_session_get_rows (self->session);
  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    {
      const GanderRow *row = gander_rows_get (rows, i);

      if (row->kind != GANDER_ROW_MORE || row->n < most)
        continue;
      most = row->n;
      key = row->key;
    }
  if (most > 0)
    {
      script_step (script, show_all, &key);
      wait_for_rows (script);
    }
  script_finish (script);
}

static GtkWidget *
find_widget (GtkWidget *widget, const char *type)
{
  GtkWidget *found = NULL;

  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

static void
open_window (Bench *self, GanderIndex *index)
{
  gint64 start = bench_now (CLOCK_MONOTONIC);
  double ms;

  self->session = gander_trace_session_new (index, "bench");
  self->view = gander_timeline_view_new (self->session);
  self->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (self->window), self->width, self->height);
  gtk_window_set_child (GTK_WINDOW (self->window), self->view);
  gtk_widget_activate_action (self->view, "timeline.toggle-details", NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  self->lanes = find_widget (self->view, "GanderLaneArea");
  self->adjustment =
      gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (find_widget (self->lanes, "GtkScrollbar")));
  g_signal_connect (gtk_widget_get_frame_clock (self->lanes),
                    "after-paint",
                    G_CALLBACK (painted_cb),
                    NULL);
  wait_for_frame ();
  while (!gander_lane_area_has_picture (GANDER_LANE_AREA (self->lanes)))
    wait_for_frame ();
  ms = (double)(bench_now (CLOCK_MONOTONIC) - start) / 1e6;
  json_builder_begin_object (self->json);
  json_builder_set_member_name (self->json, "script");
  json_builder_add_string_value (self->json, "first picture");
  print_member (self->json, "width", self->width);
  print_member (self->json, "height", self->height);
  print_member (self->json, "ms", ms);
  json_builder_end_object (self->json);
  g_print ("%4dx%-4d  %-24s %7.1f ms\n", self->width, self->height, "first picture", ms);
  while (!is_settled (self))
    wait_for_frame ();
  wait_ms (500);
}

static void
run_all (Bench *self)
{
  static const struct
  {
    double share;
    const char *name;
    const char *open_name;
  } pans[] = {
    { 0.5, "pan, half in view", "pan, half in view, open" },
    { 0.1, "pan, 10 % in view", "pan, 10 % in view, open" },
    { 0.01, "pan, 1 % in view", "pan, 1 % in view, open" },
    { 0.001, "pan, 0.1 % in view", "pan, 0.1 % in view, open" },
    { 0.0001, "pan, 0.01 % in view", "pan, 0.01 % in view, open" },
  };

  for (guint open = 0; open < 2; open++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (pans); i++)
        run_pan (self, pans[i].share, open ? pans[i].open_name : pans[i].name);
      run_zoom (self,
                open ? "zoom by steps, open" : "zoom by steps",
                "timeline.zoom-in",
                "timeline.zoom-out",
                1.5);
      act (self, "timeline.fit");
      if (open)
        break;
      run_group (self);
      run_sort (self);
      run_expand (self);
    }
  run_zoom (self, "zoom finely, open", "timeline.zoom-in-fine", "timeline.zoom-out-fine", 1.1);
  act (self, "timeline.fit");
  run_scroll (self, "scroll by notches", 57);
  run_scroll (self, "scroll by pages", gtk_adjustment_get_page_size (self->adjustment) * 0.9);
}

static void
run_size (GanderIndex *index, const char *size, const char *only, JsonBuilder *json)
{
  Bench bench = { .only = only, .json = json };

  bench.width = MAX (atoi (size), 400);
  bench.height = strchr (size, 'x') != NULL ? MAX (atoi (strchr (size, 'x') + 1), 300) : 900;
  open_window (&bench, index);
  run_all (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  wait_ms (50);
  g_object_unref (bench.session);
}

static gboolean
write_json (JsonBuilder *json, const char *path, GError **error)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (json);

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_file (generator, path, error);
}

int
main (int argc, char *argv[])
{
  g_auto (GStrv) sizes = NULL;
  g_autofree char *cache = NULL;
  g_autofree char *json_path = NULL;
  g_autofree char *only = NULL;
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING_ARRAY, &sizes, "size of the window, as 1440x900", "SIZE" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &only, "part of the names of scripts", "SCRIPT" },
    { "cache", 0, 0, G_OPTION_ARG_FILENAME, &cache, "in place of ~/.cache", "FOLDER" },
    { "json", 0, 0, G_OPTION_ARG_FILENAME, &json_path, "figures for programs", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  static const char *const usual_sizes[] = { "1440x900", "3840x2160", NULL };
  g_autoptr (GOptionContext) context = g_option_context_new ("[TRACE]");
  g_autoptr (GError) error = NULL;
  g_autofree char *usual = bench_dup_usual_trace ();
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (JsonBuilder) json = json_builder_new ();
  GanderLoadOptions options = { 0 };

  if (argc > 1 && g_str_equal (argv[1], BENCH_FIRST_PICTURE))
    return bench_first_picture_run (argc, argv);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (!gtk_init_check ())
    {
      g_print ("SKIP: there is no display\n");
      return SKIPPED;
    }
  adw_init ();
  if (cache != NULL)
    g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  options.no_cache = cache == NULL;
  index = gander_load (argc > 1 ? argv[1] : usual, &options, NULL, NULL, &error);
  if (index == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  gander_widgets_init ();
  g_type_ensure (GANDER_TYPE_LANE_AREA);
  g_type_ensure (GANDER_TYPE_OVERVIEW_STRIP);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    watch_class (&watched[i]);
  g_main_context_set_poll_func (NULL, timed_poll);

  json_builder_begin_array (json);
  if (cache != NULL && (only == NULL || strstr ("first picture", only) != NULL))
    bench_first_picture (argv[0], argc > 1 ? argv[1] : usual, cache, FIRST_RUNS, json);
  for (const char *const *size = sizes != NULL ? (const char *const *)sizes : usual_sizes;
       *size != NULL;
       size++)
    run_size (index, *size, only, json);
  json_builder_end_array (json);
  if (json_path != NULL && !write_json (json, json_path, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
