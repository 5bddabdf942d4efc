/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAME_WIDTH   24
#define NUMBER_WIDTH 8

gint64
bench_now (int clock)
{
  struct timespec now;

  clock_gettime ((clockid_t)clock, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

gint64
bench_now_waited (void)
{
  static int fd = -1;
  char text[128] = "";
  char *rest = NULL;

  if (fd < 0)
    fd = open ("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || pread (fd, text, sizeof text - 1, 0) <= 0)
    return 0;
  /* Time on a processor, then time in the queue for one. */
  (void)g_ascii_strtoll (text, &rest, 10);
  return g_ascii_strtoll (rest, NULL, 10);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;

  return x < y ? -1 : x > y;
}

double
bench_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

double
bench_share (double *values, guint n, double share)
{
  qsort (values, n, sizeof *values, compare);
  return values[MIN ((guint)(share * n), n - 1)];
}

char *
bench_dup_usual_trace (void)
{
  const char *tests = g_getenv ("G_TEST_SRCDIR");

  return g_build_filename (tests != NULL ? tests : "tests", "corpus", "v126-http.trace.zst", NULL);
}

gboolean
bench_report_init (BenchReport *self, guint runs, int *argc, char ***argv)
{
  g_autofree char *against = NULL;
  gint n_runs = (gint)runs;
  char *json_path = NULL;
  const GOptionEntry entries[] = {
    { "runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "Runs of each; the median counts", "N" },
    { "json", 0, 0, G_OPTION_ARG_FILENAME, &json_path, "Write the figures to FILE", "FILE" },
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &against, "Print ratios to those in FILE", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) options = g_option_context_new ("[TRACE]");
  g_autoptr (JsonParser) earlier = json_parser_new ();
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, argc, argv, &error) ||
      (against != NULL && !json_parser_load_from_file (earlier, against, &error)))
    {
      g_printerr ("%s\n", error->message);
      g_free (json_path);
      return FALSE;
    }
  *self = (BenchReport){ .runs = (guint)CLAMP (n_runs, 1, BENCH_MAX_RUNS),
                         .json_path = json_path,
                         .json = json_builder_new (),
                         .earlier = against != NULL ? g_steal_pointer (&earlier) : NULL };
  json_builder_begin_object (self->json);
  return TRUE;
}

/* Returns: (nullable) the figures of a row in an earlier run. */
static JsonObject *
find_row (JsonParser *earlier, const char *name)
{
  JsonObject *root = NULL;

  if (earlier == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (earlier)))
    return NULL;
  root = json_node_get_object (json_parser_get_root (earlier));
  return json_object_has_member (root, name) ? json_object_get_object_member (root, name) : NULL;
}

static void
print_number (const char *id, double value)
{
  g_print ("  %*.3f", MAX ((int)strlen (id), NUMBER_WIDTH), value);
}

void
bench_report_row (BenchReport *self, const char *name, const BenchFigure *figures, guint n)
{
  JsonObject *before = find_row (self->earlier, name);

  if (!self->titled)
    {
      g_print ("%-*s", NAME_WIDTH, "");
      for (guint i = 0; i < n; i++)
        g_print ("  %*s", NUMBER_WIDTH, figures[i].id);
      g_print ("\n");
      self->titled = TRUE;
    }
  g_print ("%-*s", NAME_WIDTH, name);
  json_builder_set_member_name (self->json, name);
  json_builder_begin_object (self->json);
  for (guint i = 0; i < n; i++)
    {
      print_number (figures[i].id, figures[i].value);
      json_builder_set_member_name (self->json, figures[i].id);
      json_builder_add_double_value (self->json, figures[i].value);
    }
  json_builder_end_object (self->json);
  g_print ("\n");
  if (before == NULL)
    return;
  g_print ("%-*s", NAME_WIDTH, "  ratio");
  for (guint i = 0; i < n; i++)
    {
      double value = json_object_get_double_member_with_default (before, figures[i].id, 0);
      print_number (figures[i].id, value == 0 ? 1 : figures[i].value / value);
    }
  g_print ("\n");
}

int
bench_report_finish (BenchReport *self)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;

  json_builder_end_object (self->json);
  root = json_builder_get_root (self->json);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  if (self->json_path != NULL && !json_generator_to_file (generator, self->json_path, &error))
    g_printerr ("%s\n", error->message);
  g_clear_object (&self->json);
  g_clear_object (&self->earlier);
  g_clear_pointer (&self->json_path, g_free);
  return error == NULL ? 0 : 1;
}
