/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command line leaves of a trace, and of the rows of an answer. */
#include "app/cli/cli-call.h"
#include "app/cli/cli-error.h"

GRegex *
gander_call_make_regex (const char *option, const char *pattern, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  GRegex *regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, &trouble);

  if (regex == NULL)
    gander_cli_error_set_usage (error,
                                "--%s %s: no regular expression: %s",
                                option,
                                pattern,
                                trouble->message);
  return regex;
}

static gboolean
keep_goroutines (const GanderCall *self, GanderScope *scope, GError **error)
{
  g_autoptr (GArray) ids = NULL;

  if (self->options.goroutine == NULL)
    return TRUE;
  ids = gander_cli_options_get_goroutines (&self->options, error);
  if (ids == NULL)
    return FALSE;
  gander_scope_keep_goroutines (scope, (const gint64 *)(gpointer)ids->data, ids->len);
  return TRUE;
}

static gboolean
keep_functions (const GanderCall *self, GanderScope *scope, GError **error)
{
  g_autoptr (GRegex) regex = NULL;

  if (self->options.func == NULL)
    return TRUE;
  regex = gander_call_make_regex ("func", self->options.func, error);
  if (regex == NULL)
    return FALSE;
  gander_scope_keep_functions (scope, regex);
  return TRUE;
}

/* A number is the id of a task, all else is for its type. */
static gboolean
keep_tasks (const GanderCall *self, GanderScope *scope, GError **error)
{
  g_autoptr (GRegex) regex = NULL;
  guint64 id = 0;

  if (self->options.task == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (self->options.task, 10, 0, G_MAXUINT64, &id, NULL))
    {
      regex = gander_call_make_regex ("task", self->options.task, error);
      if (regex == NULL)
        return FALSE;
    }
  gander_scope_keep_tasks (scope, regex, id);
  return TRUE;
}

static gboolean
keep_regions (const GanderCall *self, GanderScope *scope, GError **error)
{
  g_autoptr (GRegex) regex = NULL;

  if (self->options.region == NULL)
    return TRUE;
  regex = gander_call_make_regex ("region", self->options.region, error);
  if (regex == NULL)
    return FALSE;
  gander_scope_keep_regions (scope, regex);
  return TRUE;
}

GanderScope *
gander_call_get_scope (GanderCall *self, const GanderIndex *index, GError **error)
{
  g_autoptr (GanderScope) scope = NULL;
  GanderTime begin, end;

  if (!gander_cli_options_get_range (&self->options,
                                     gander_index_get_facts (index)->duration,
                                     &begin,
                                     &end,
                                     error))
    return NULL;
  scope = gander_scope_new (index, begin, end);
  if (!keep_goroutines (self, scope, error) || !keep_functions (self, scope, error) ||
      !keep_tasks (self, scope, error) || !keep_regions (self, scope, error))
    return NULL;
  return g_steal_pointer (&scope);
}

static char *
list_columns (const GanderTable *table)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < gander_table_get_n_columns (table); i++)
    g_string_append_printf (list, " %s", gander_table_get_column (table, i)->id);
  return g_string_free (list, FALSE);
}

static int
find_column (const char *name, GanderColumnType *type, gpointer data)
{
  const GanderCallFilter *filter = data;
  int column = gander_table_find_column (filter->table, name);

  if (column >= 0)
    *type = gander_table_get_column (filter->table, (guint)column)->type;
  return column;
}

static gboolean
get_cell (int column, GanderValue *out, gpointer data)
{
  const GanderCallFilter *filter = data;

  gander_table_get_value (filter->table, filter->row, (guint)column, out);
  return TRUE;
}

gboolean
gander_call_filter_fits (const GanderTable *table, guint row, gpointer filter)
{
  GanderCallFilter self = *(const GanderCallFilter *)filter;

  self.table = table;
  self.row = row;
  return gander_condition_test (self.condition, get_cell, &self);
}

void
gander_call_filter_clear (GanderCallFilter *self)
{
  g_clear_pointer (&self->condition, gander_condition_free);
}

gboolean
gander_call_get_filter (GanderCall *self,
                        const GanderTable *table,
                        GanderCallFilter *out,
                        GError **error)
{
  const char *text = self->options.filter;
  g_autoptr (GError) trouble = NULL;
  g_autofree char *columns = NULL;
  gsize where = 0;

  *out = (GanderCallFilter){ .table = table };
  if (text == NULL)
    return TRUE;
  out->condition = gander_condition_new (text, find_column, out, &where, &trouble);
  if (out->condition != NULL)
    return TRUE;
  gander_call_point_at (self, text, where);
  columns = list_columns (table);
  if (g_error_matches (trouble, GANDER_ANALYSIS_ERROR, GANDER_ANALYSIS_ERROR_UNKNOWN_NAME))
    return gander_cli_error_set_usage (error,
                                       "--filter: %s; the columns are:%s",
                                       trouble->message,
                                       columns);
  return gander_cli_error_set_usage (error, "--filter: %s", trouble->message);
}

static gboolean
find_sort (const GanderCall *self, const GanderTable *table, int *out, GError **error)
{
  const char *name = self->options.sort;
  g_autofree char *columns = NULL;

  *out = name == NULL ? -1 : gander_table_find_column (table, name + (*name == '-'));
  if (name == NULL || *out >= 0)
    return TRUE;
  columns = list_columns (table);
  return gander_cli_error_set_usage (error,
                                     "--sort %s: there is no such column; the columns are:%s",
                                     name,
                                     columns);
}

gboolean
gander_call_check_sort (const GanderCall *self, const GanderTable *table, GError **error)
{
  int column = -1;

  return find_sort (self, table, &column, error);
}

gboolean
gander_call_select_rows (GanderCall *self, GanderTable *table, GError **error)
{
  g_auto (GanderCallFilter) filter = { 0 };
  int column = -1;

  if (!gander_call_get_filter (self, table, &filter, error) ||
      !find_sort (self, table, &column, error))
    return FALSE;
  if (filter.condition != NULL)
    gander_table_filter (table, gander_call_filter_fits, &filter);
  if (column >= 0)
    gander_table_sort (table, (guint)column, *self->options.sort != '-');
  if (self->options.top > 0)
    gander_table_truncate (table, (guint)self->options.top);
  return TRUE;
}

void
gander_call_point_at (GanderCall *self, const char *text, gsize where)
{
  g_autofree char *before = g_strndup (text, where);
  g_autofree char *escaped_before = gander_text_escape (before);
  g_autofree char *escaped = gander_text_escape (text);
  int column = (int)g_utf8_strlen (escaped_before, -1);

  g_free (self->hint);
  self->hint = g_strdup_printf ("  %s\n  %*s^", escaped, column, "");
}
