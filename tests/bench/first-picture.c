/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each run is a process of its own, with Gander's application in it: nothing is warm but files. */
#include "tests/bench/first-picture.h"

#include "app/application.h"
#include "app/loader.h"
#include "tests/bench/bench.h"
#include "widgets/widgets.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WIDTH      1440
#define HEIGHT     900
#define LONGEST_MS 60000
/* How long progress is watched from the first picture on. */
#define WATCH_MS 2000

/* What a process goes through, each at an instant of its own. */
typedef enum
{
  PHASE_MAIN,   /* libraries are loaded */
  PHASE_GTK,    /* GTK has its display */
  PHASE_WINDOW, /* there is a window; the trace was begun to be read meanwhile */
  PHASE_INDEX,  /* the main thread has an index, of the whole or of a beginning */
  PHASE_VIEW,   /* the timeline is in the window and asked for its picture */
  PHASE_PAINT,  /* the picture is painted */
  PHASE_REST,   /* what comes later is there, too */
  N_PHASES,
} Phase;

static const char *const phase_names[N_PHASES] = {
  [PHASE_MAIN] = "main",   [PHASE_GTK] = "gtk",   [PHASE_WINDOW] = "window",
  [PHASE_INDEX] = "index", [PHASE_VIEW] = "view", [PHASE_PAINT] = "paint",
  [PHASE_REST] = "rest",
};

static struct
{
  gint64 start;
  gint64 at[N_PHASES]; /* ns; 0 = not yet */
  gint64 last_progress;
  gint64 longest_gap;
  gboolean has_trace;
  GtkWidget *lanes;
  void (*snapshot) (GtkWidget *widget, GtkSnapshot *snapshot);
} clock_of;

static void
note (Phase phase)
{
  if (clock_of.at[phase] == 0)
    clock_of.at[phase] = bench_now (CLOCK_MONOTONIC);
}

static void
print_and_leave (void)
{
  gint64 before = clock_of.start;

  for (Phase i = 0; i < N_PHASES; i++)
    {
      gint64 at = MAX (clock_of.at[i], before);

      g_print ("%.3f ", (double)(at - before) / 1e6);
      before = at;
    }
  g_print ("%.3f\n", (double)clock_of.longest_gap / 1e6);
  /* Whatever still runs: what it had open is without a name, or in a folder that goes. */
  _exit (0);
}

static gboolean
leave_cb (gpointer data G_GNUC_UNUSED)
{
  print_and_leave ();
  return G_SOURCE_REMOVE;
}

static void
painted_cb (void)
{
  GanderLaneArea *lanes = (GanderLaneArea *)clock_of.lanes;

  if (clock_of.at[PHASE_REST] != 0 || (clock_of.has_trace && lanes == NULL) ||
      (lanes != NULL && !gander_lane_area_has_picture (lanes)))
    return;
  note (PHASE_PAINT);
  if (lanes != NULL && !gander_lane_area_is_settled (lanes))
    return;
  note (PHASE_REST);
  if (clock_of.last_progress == 0)
    print_and_leave ();
  g_timeout_add (WATCH_MS, leave_cb, NULL);
}

static void
lanes_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  note (PHASE_VIEW);
  clock_of.lanes = widget;
  clock_of.snapshot (widget, snapshot);
}

/* Of all loaders, before anybody else hears of it. */
static gboolean
loader_changed_cb (GSignalInvocationHint *hint G_GNUC_UNUSED,
                   guint n G_GNUC_UNUSED,
                   const GValue *values,
                   gpointer data G_GNUC_UNUSED)
{
  GanderLoader *loader = g_value_get_object (values);
  gint64 now = bench_now (CLOCK_MONOTONIC);

  if (gander_loader_get_index (loader) != NULL || gander_loader_get_preview (loader) != NULL)
    note (PHASE_INDEX);
  if (gander_loader_get_state (loader) == GANDER_LOADER_FAILED)
    exit (1);
  if (clock_of.last_progress != 0 && clock_of.at[PHASE_PAINT] != 0)
    clock_of.longest_gap = MAX (clock_of.longest_gap, now - clock_of.last_progress);
  clock_of.last_progress = gander_loader_get_state (loader) == GANDER_LOADER_BUSY ? now : 0;
  return TRUE;
}

static void
realized_cb (GtkWidget *window)
{
  g_signal_connect (gtk_widget_get_frame_clock (window),
                    "after-paint",
                    G_CALLBACK (painted_cb),
                    NULL);
}

static void
window_added_cb (GtkApplication *application G_GNUC_UNUSED, GtkWindow *window)
{
  note (PHASE_WINDOW);
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

static void
watch (GApplication *application)
{
  GtkWidgetClass *class = g_type_class_ref (GANDER_TYPE_LANE_AREA);
  gpointer loaders = g_type_class_ref (GANDER_TYPE_LOADER);

  clock_of.snapshot = class->snapshot;
  class->snapshot = lanes_snapshot;
  g_signal_add_emission_hook (g_signal_lookup ("changed", GANDER_TYPE_LOADER),
                              0,
                              loader_changed_cb,
                              NULL,
                              NULL);
  g_type_class_unref (loaders);
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  g_timeout_add (LONGEST_MS, leave_cb, NULL);
}

int
bench_first_picture_run (int argc, char *argv[])
{
  g_autoptr (GanderApplication) application = NULL;
  char *words[] = { argv[0], argc > 3 ? argv[3] : NULL, NULL };

  if (argc < 3)
    return 2;
  note (PHASE_MAIN);
  clock_of.start = g_ascii_strtoll (argv[2], NULL, 10);
  clock_of.has_trace = words[1] != NULL;
  if (!gtk_init_check ())
    return 1;
  note (PHASE_GTK);
  application = gander_application_new ();
  g_application_set_flags (G_APPLICATION (application),
                           g_application_get_flags (G_APPLICATION (application)) |
                               G_APPLICATION_NON_UNIQUE);
  if (clock_of.has_trace)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (words[1]);

      gander_application_expect (application, file);
    }
  watch (G_APPLICATION (application));
  return g_application_run (G_APPLICATION (application), clock_of.has_trace ? 2 : 1, words);
}

/* The other side. */

typedef enum
{
  KIND_EMPTY,
  KIND_WARM,
  KIND_COLD,
  N_KINDS,
} Kind;

static const char *const kind_names[N_KINDS] = {
  [KIND_EMPTY] = "window without a trace",
  [KIND_WARM] = "first picture, warm",
  [KIND_COLD] = "first picture, cold",
};

#define MOST_RUNS 100

typedef struct
{
  double ms[N_PHASES + 2][MOST_RUNS]; /* the phases, the longest gap, the time to the picture */
  guint n;
} Figures;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        (void)g_unlink (child);
    }
  (void)g_rmdir (path);
}

static void
take_line (Figures *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  double sum = 0;

  if (g_strv_length (words) != N_PHASES + 1 || self->n == MOST_RUNS)
    return;
  for (guint i = 0; i <= N_PHASES; i++)
    {
      self->ms[i][self->n] = g_ascii_strtod (words[i], NULL);
      sum += i <= PHASE_PAINT ? self->ms[i][self->n] : 0;
    }
  self->ms[N_PHASES + 1][self->n++] = sum;
}

/* A window as large as the screen of tests/app/headless, however the last one was left. */
static void
remember_size (const char *state)
{
  const GanderRemembered remembered = { .width = WIDTH, .height = HEIGHT };
  g_autofree char *path = g_build_filename (state, "gander", "window.ini", NULL);

  (void)gander_remembered_save (&remembered, path, NULL);
}

/* One process, with an XDG_CACHE_HOME of @home. */
static void
run_once (const char *program,
          const char *trace,
          const char *home,
          const char *state,
          Figures *figures)
{
  g_autofree char *start = g_strdup_printf ("%" G_GINT64_FORMAT, bench_now (CLOCK_MONOTONIC));
  const char *argv[] = { program, BENCH_FIRST_PICTURE, start, trace, NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "XDG_CACHE_HOME", home, TRUE);
  g_autofree char *output = NULL;

  environment = g_environ_setenv (environment, "XDG_STATE_HOME", state, TRUE);
  remember_size (state);

  if (g_spawn_sync (NULL,
                    (char **)argv,
                    environment,
                    G_SPAWN_DEFAULT,
                    NULL,
                    NULL,
                    &output,
                    NULL,
                    NULL,
                    NULL) &&
      output != NULL)
    take_line (figures, output);
}

static void
add_number (JsonBuilder *json, const char *name, double value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, value);
}

static void
report (Kind kind, Figures *self, JsonBuilder *json)
{
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "script");
  json_builder_add_string_value (json, kind_names[kind]);
  g_print ("%-24s %7.1f ms  least %7.1f  (",
           kind_names[kind],
           bench_median (self->ms[N_PHASES + 1], self->n),
           bench_share (self->ms[N_PHASES + 1], self->n, 0));
  add_number (json, "runs", self->n);
  add_number (json, "ms", bench_median (self->ms[N_PHASES + 1], self->n));
  add_number (json, "least_ms", bench_share (self->ms[N_PHASES + 1], self->n, 0));
  for (Phase i = 0; i < N_PHASES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_ms", phase_names[i]);

      add_number (json, name, bench_median (self->ms[i], self->n));
      g_print ("%s %.1f%s",
               phase_names[i],
               bench_median (self->ms[i], self->n),
               i + 1 < N_PHASES ? ", " : ")");
    }
  if (kind == KIND_COLD)
    {
      add_number (json, "longest_progress_gap_ms", bench_share (self->ms[N_PHASES], self->n, 1));
      g_print ("  progress every %.0f ms or less", bench_share (self->ms[N_PHASES], self->n, 1));
    }
  g_print ("\n");
  json_builder_end_object (json);
}

void
bench_first_picture (const char *program,
                     const char *trace,
                     const char *cache,
                     guint runs,
                     JsonBuilder *json)
{
  Figures figures[N_KINDS] = { 0 };

  for (guint i = 0; i < runs; i++)
    {
      g_autofree char *empty = g_dir_make_tmp ("gander-bench-XXXXXX", NULL);
      g_autofree char *state = g_dir_make_tmp ("gander-bench-XXXXXX", NULL);

      if (empty == NULL || state == NULL)
        return;
      run_once (program, NULL, cache, state, &figures[KIND_EMPTY]);
      run_once (program, trace, cache, state, &figures[KIND_WARM]);
      run_once (program, trace, empty, state, &figures[KIND_COLD]);
      remove_folder (empty);
      remove_folder (state);
    }
  for (Kind i = 0; i < N_KINDS; i++)
    if (figures[i].n > 0)
      report (i, &figures[i], json);
}
