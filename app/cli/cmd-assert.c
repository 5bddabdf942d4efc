/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/assert-write.h"
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

#include <string.h>

#define BASELINE "baseline."

/* A name that conditions use; its number is its place in the list of the outcome's figures. */
typedef struct
{
  gboolean of_baseline;
  int number; /* in the measures it comes from */
  gboolean measured;
} Source;

typedef struct
{
  GanderCall *call;
  GanderMeasures *measures;
  GanderMeasures *old; /* of a baseline that is a trace, or NULL */
  GHashTable *stored;  /* of a baseline that is a document: name -> JsonNode; or NULL */
  GArray *sources;     /* of Source, beside the figures */
  GanderAssertOutcome outcome;
  GError *trouble; /* that came up while measuring */
} Gate;

static void
condition_clear (gpointer data)
{
  g_array_unref (((GanderAssertCondition *)data)->figures);
}

static void
figure_clear (gpointer data)
{
  g_free (((GanderAssertFigure *)data)->name);
}

static guint
add_figure (Gate *self,
            const char *name,
            const char *meaning,
            const Source *source,
            GanderColumnType type)
{
  GanderAssertFigure figure = { .name = g_strdup (name), .meaning = meaning, .value.type = type };

  g_array_append_val (self->outcome.figures, figure);
  g_array_append_vals (self->sources, source, 1);
  return self->outcome.figures->len - 1;
}

static int
find (const char *name, GanderColumnType *type, gpointer data)
{
  Gate *self = data;
  Source source = { .of_baseline = g_str_has_prefix (name, BASELINE) };
  const char *rest = name + (source.of_baseline ? strlen (BASELINE) : 0);

  for (guint i = 0; i < self->outcome.figures->len; i++)
    {
      const GanderAssertFigure *figure =
          &g_array_index (self->outcome.figures, GanderAssertFigure, i);

      if (!g_str_equal (figure->name, name))
        continue;
      *type = figure->value.type;
      return (int)i;
    }
  if (source.of_baseline && self->old == NULL && self->stored == NULL)
    return -1;
  source.number =
      gander_measures_find (source.of_baseline && self->old != NULL ? self->old : self->measures,
                            rest,
                            type);
  return source.number < 0 ? -1 : (int)add_figure (self, name, NULL, &source, *type);
}

static gboolean
read_stored (Gate *self, const char *name, GanderValue *out)
{
  JsonNode *node = g_hash_table_lookup (self->stored, name + strlen (BASELINE));

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  out->integer = json_node_get_int (node);
  out->share = json_node_get_double (node);
  return TRUE;
}

static void
measure (Gate *self, guint number)
{
  GanderAssertFigure *figure = &g_array_index (self->outcome.figures, GanderAssertFigure, number);
  Source *source = &g_array_index (self->sources, Source, number);
  GanderMeasures *measures = source->of_baseline ? self->old : self->measures;

  if (source->measured || self->trouble != NULL)
    return;
  source->measured = TRUE;
  if (source->of_baseline && self->old == NULL)
    figure->known = read_stored (self, figure->name, &figure->value);
  else if (!gander_measures_get (measures,
                                 source->number,
                                 &figure->value,
                                 &figure->known,
                                 &self->trouble))
    figure->known = FALSE;
}

static gboolean
get (int number, GanderValue *out, gpointer data)
{
  Gate *self = data;
  const GanderAssertFigure *figure;

  measure (self, (guint)number);
  figure = &g_array_index (self->outcome.figures, GanderAssertFigure, (guint)number);
  *out = figure->value;
  return figure->known;
}

static void
collect_name (const GanderMeasureSpec *spec, gpointer data)
{
  if (!spec->selects)
    g_ptr_array_add (data, gander_measure_spec_get_name (spec, NULL));
}

/* Returns: (transfer full) what to say of a name at @where of @text that no figure has. */
static char *
suggest (const char *text, gsize where)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *word = g_strndup (text + where, strcspn (text + where, " =!<>~"));
  g_autofree char *meant = NULL;

  gander_measures_foreach (collect_name, names);
  g_ptr_array_add (names, NULL);
  meant = gander_cli_error_suggest (word, (const char *const *)names->pdata);
  return g_strconcat ("; “assert --list” lists all figures", meant, NULL);
}

static gboolean
add_condition (Gate *self, const char *text, GError **error)
{
  GanderAssertCondition row = { .text = text, .result = GANDER_ASSERT_PASSED };
  g_autoptr (GanderCondition) condition = NULL;
  g_autoptr (GError) trouble = NULL;
  g_autofree char *more = NULL;
  gsize where = 0;

  condition = gander_condition_new (text, find, self, &where, &trouble);
  if (condition == NULL)
    {
      gander_call_point_at (self->call, text, where);
      if (g_error_matches (trouble, GANDER_ANALYSIS_ERROR, GANDER_ANALYSIS_ERROR_UNKNOWN_NAME))
        more = suggest (text, where);
      return gander_cli_error_set_usage (error,
                                         "--fail-if: %s%s",
                                         trouble->message,
                                         more == NULL ? "" : more);
    }
  row.figures = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < gander_condition_get_n_names (condition); i++)
    {
      int number;

      gander_condition_get_name (condition, i, &number);
      g_array_append_val (row.figures, number);
      measure (self, (guint)number);
      if (!g_array_index (self->outcome.figures, GanderAssertFigure, (guint)number).known)
        row.result = GANDER_ASSERT_NOT_KNOWN;
    }
  if (gander_condition_test (condition, get, self))
    row.result = GANDER_ASSERT_FAILED;
  g_array_append_val (self->outcome.conditions, row);
  if (self->trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->trouble));
  return FALSE;
}

static void
list_measure (const GanderMeasureSpec *spec, gpointer data)
{
  Gate *self = data;
  g_autofree char *name = gander_measure_spec_get_name (spec, "NAME");
  const char *meaning = spec->meaning;
  Source source = { .measured = self->measures == NULL };
  GanderColumnType type;
  guint number;

  if (spec->selects && self->measures != NULL)
    return;
  if (*spec->about != '\0')
    {
      g_autofree char *words = g_strdup_printf ("%s: %s", spec->about, spec->meaning);

      meaning = g_intern_string (words);
    }
  if (self->measures != NULL)
    source.number = gander_measures_find (self->measures, name, &type);
  number = add_figure (self, name, meaning, &source, spec->type);
  measure (self, number);
}

/* Returns: (transfer none) the text in a member that may be anything, or "". */
static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "";
}

static void
store_figure (Gate *self, JsonNode *node)
{
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (row == NULL || !json_object_has_member (row, "value"))
    return;
  g_hash_table_insert (self->stored,
                       g_strdup (get_text (row, "name")),
                       json_node_copy (json_object_get_member (row, "value")));
}

/* Reads what “assert --list --json” wrote. */
static gboolean
load_stored (Gate *self, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = NULL;
  JsonNode *figures = NULL;

  if (json_parser_load_from_file (parser, path, NULL))
    root = json_parser_get_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
      g_str_equal (get_text (json_node_get_object (root), "schema"), "gander/assert/1"))
    figures = json_object_get_member (json_node_get_object (root), "figures");
  if (figures == NULL || !JSON_NODE_HOLDS_ARRAY (figures))
    return gander_cli_error_set_usage (error,
                                       "--baseline %s: it is neither a trace nor what “assert "
                                       "--list --json” writes",
                                       path);
  self->stored =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (figures)); i++)
    store_figure (self, json_array_get_element (json_node_get_array (figures), i));
  return TRUE;
}

static gboolean
is_document (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  char first = '\0';

  return stream != NULL &&
         g_input_stream_read (G_INPUT_STREAM (stream), &first, 1, NULL, NULL) == 1 && first == '{';
}

static gboolean
load_baseline (Gate *self, GanderIndex **index, GError **error)
{
  const char *path = self->call->options.baseline;

  if (path == NULL)
    return TRUE;
  if (is_document (path))
    return load_stored (self, path, error);
  *index = gander_call_load (self->call, path, error);
  if (*index == NULL)
    return FALSE;
  self->old = gander_measures_new (*index,
                                   0,
                                   gander_index_get_facts (*index)->duration,
                                   self->call->cancellable);
  return TRUE;
}

static gboolean
evaluate (Gate *self, GanderIndex *index, GError **error)
{
  GanderCall *call = self->call;

  if (!gander_cli_options_get_range (&call->options,
                                     gander_index_get_facts (index)->duration,
                                     &self->outcome.begin,
                                     &self->outcome.end,
                                     error))
    return FALSE;
  self->outcome.index = index;
  self->measures =
      gander_measures_new (index, self->outcome.begin, self->outcome.end, call->cancellable);
  for (guint i = 0; call->options.fail_if != NULL && call->options.fail_if[i] != NULL; i++)
    if (!add_condition (self, call->options.fail_if[i], error))
      return FALSE;
  if (call->options.list)
    gander_measures_foreach (list_measure, self);
  if (self->trouble == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->trouble));
  return FALSE;
}

static gboolean
write_outcome (Gate *self, GError **error)
{
  g_autoptr (GanderOutput) output = gander_call_open_output (self->call, error);
  guint failed = gander_assert_count_failed (&self->outcome);

  if (output == NULL)
    return FALSE;
  gander_assert_write (&self->outcome, self->call, output);
  if (!gander_output_close (output, error))
    return FALSE;
  if (failed == 0)
    return TRUE;
  g_set_error (error,
               GANDER_CLI_ERROR,
               GANDER_CLI_ERROR_GATE,
               "%u of %u conditions failed",
               failed,
               self->outcome.conditions->len);
  return FALSE;
}

static gboolean
check_request (const GanderCall *call, GError **error)
{
  gboolean has_conditions = call->options.fail_if != NULL;

  if (call->files[0] == NULL && (has_conditions || !call->options.list))
    return gander_cli_error_set_usage (error,
                                       "usage: %s assert --fail-if COND FILE",
                                       g_get_prgname ());
  if (has_conditions == call->options.list)
    return gander_cli_error_set_usage (error,
                                       "say either what must not be, with --fail-if, or --list");
  if (call->options.list &&
      (g_str_equal (call->format, "junit") || g_str_equal (call->format, "github")))
    return gander_cli_error_set_usage (error, "--list can be text or json");
  return TRUE;
}

static gboolean
run (Gate *self, GError **error)
{
  GanderCall *call = self->call;
  g_autoptr (GanderIndex) old = NULL;
  g_autoptr (GanderIndex) index = NULL;
  gboolean done;

  if (!check_request (call, error) || !load_baseline (self, &old, error))
    return FALSE;
  if (call->files[0] == NULL)
    gander_measures_foreach (list_measure, self);
  else
    {
      index = gander_call_load (call, call->files[0], error);
      if (index == NULL || !evaluate (self, index, error))
        return FALSE;
    }
  done = write_outcome (self, error);
  self->outcome.index = NULL;
  return done;
}

gboolean
gander_command_assert (GanderCall *call, GError **error)
{
  Gate gate = {
    .call = call,
    .sources = g_array_new (FALSE, FALSE, sizeof (Source)),
    .outcome = {
      .path = call->files[0],
      .conditions = g_array_new (FALSE, FALSE, sizeof (GanderAssertCondition)),
      .figures = g_array_new (FALSE, FALSE, sizeof (GanderAssertFigure)),
    },
  };
  gboolean done;

  g_array_set_clear_func (gate.outcome.conditions, condition_clear);
  g_array_set_clear_func (gate.outcome.figures, figure_clear);
  done = run (&gate, error);
  g_clear_pointer (&gate.measures, gander_measures_free);
  g_clear_pointer (&gate.old, gander_measures_free);
  g_clear_pointer (&gate.stored, g_hash_table_unref);
  g_array_unref (gate.outcome.conditions);
  g_array_unref (gate.outcome.figures);
  g_array_unref (gate.sources);
  return done;
}
