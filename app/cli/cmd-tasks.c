/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"
#include "app/cli/json-stream.h"

/* The longest bar of a histogram, in characters. */
#define BAR_WIDTH 40

/* Of a border between buckets: "500µs". */
#define BORDER_WIDTH 6

/* The choices of --by were checked when the command line was read. */
static GanderTasksBy
get_by (const GanderCall *call)
{
  for (guint i = 0; i < GANDER_N_TASKS_BY; i++)
    if (g_strcmp0 (call->options.by, gander_tasks_by_get_id ((GanderTasksBy)i)) == 0)
      return (GanderTasksBy)i;
  return GANDER_TASKS_BY_TYPE;
}

/* @name (transfer full) is what the filter's regular expression lives in. */
static gboolean
get_filter (const GanderCall *call,
            const GanderIndex *index,
            GanderUserFilter *filter,
            GRegex **name,
            GError **error)
{
  gander_user_filter_init (filter, index);
  if (!gander_cli_options_get_range (&call->options,
                                     filter->end,
                                     &filter->begin,
                                     &filter->end,
                                     error))
    return FALSE;
  if (call->options.min != NULL &&
      !gander_duration_parse (call->options.min, &filter->min_duration, error))
    {
      g_prefix_error (error, "--min: ");
      return FALSE;
    }
  if (call->options.name == NULL)
    return TRUE;
  *name = gander_call_make_regex ("name", call->options.name, error);
  filter->name = *name;
  return *name != NULL;
}

static void
write_json (GanderOutput *output,
            const GanderIndex *index,
            const GanderTable *table,
            const GanderTable *histogram,
            GanderTasksBy by)
{
  g_auto (GanderJsonStream) stream = { 0 };

  gander_json_stream_init (&stream, output);
  gander_json_stream_begin_object (&stream, NULL);
  gander_json_stream_add_string (&stream, "by", gander_tasks_by_get_id (by));
  gander_json_stream_add_damage (&stream, index);
  gander_json_stream_add_string (&stream, "generator", "gander " GANDER_VERSION);
  if (histogram != NULL)
    gander_json_stream_add_table (&stream, "histogram", histogram);
  gander_json_stream_add_table (&stream, "rows", table);
  gander_json_stream_add_string (&stream, "schema", "gander/tasks/1");
  gander_json_stream_add_trace (&stream, index);
  gander_json_stream_end (&stream);
}

static gint64
get_integer (const GanderTable *table, guint row, const char *column)
{
  return gander_table_get_integer (table, row, (guint)gander_table_find_column (table, column));
}

static const char *
get_type (const GanderTable *table, guint row)
{
  return gander_table_get_text (table, row, (guint)gander_table_find_column (table, "type"));
}

/* As %8s and %-8s, but of characters. */
static void
write_border (GanderOutput *output, GanderTime time, gboolean right)
{
  g_autofree char *text = gander_duration_to_string (time);
  int blanks = MAX (0, BORDER_WIDTH - (int)g_utf8_strlen (text, -1));

  gander_output_printf (output, "%*s%s%*s", right ? blanks : 0, "", text, right ? 0 : blanks, "");
}

/* Writes the rows of one type from @row on as bars, the longest for the fullest bucket. */
static void
write_bars (GanderOutput *output, const GanderTable *histogram, guint row)
{
  const char *type = get_type (histogram, row);
  g_autofree char *escaped = gander_text_escape (type);
  guint end = row;
  gint64 most = 1;

  for (; end < gander_table_get_n_rows (histogram) && g_str_equal (get_type (histogram, end), type);
       end++)
    most = MAX (most, get_integer (histogram, end, "count"));
  gander_output_printf (output, "\n%s\n", *escaped == '\0' ? "(no type)" : escaped);
  for (; row < end; row++)
    {
      gint64 count = get_integer (histogram, row, "count");
      g_autofree char *number = gander_text_count (count);
      /* What is there is seen. */
      g_autofree char *bar = g_strnfill ((gsize)((count * BAR_WIDTH + most - 1) / most), '#');

      write_border (output, get_integer (histogram, row, "from"), TRUE);
      gander_output_printf (output, " - ");
      write_border (output, get_integer (histogram, row, "to"), FALSE);
      gander_output_printf (output, "%11s%s%s\n", number, count == 0 ? "" : "  ", bar);
    }
}

/* Histograms of the types that are rows of @table. */
static void
write_histogram (GanderOutput *output, const GanderTable *table, const GanderTable *histogram)
{
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = gander_table_get_n_rows (histogram); i-- > 0;)
    g_hash_table_insert (first, (gpointer)get_type (histogram, i), GUINT_TO_POINTER (i));
  for (guint i = 0; i < gander_table_get_n_rows (table); i++)
    {
      gpointer row = NULL;
      if (g_hash_table_lookup_extended (first, get_type (table, i), NULL, &row))
        write_bars (output, histogram, GPOINTER_TO_UINT (row));
    }
}

static gboolean
has_type (const GanderTable *histogram, guint row, gpointer types)
{
  return g_hash_table_contains (types, get_type (histogram, row));
}

/* Leaves what is about the rows of @table. */
static void
select_histogram (const GanderTable *table, GanderTable *histogram)
{
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < gander_table_get_n_rows (table); i++)
    g_hash_table_add (types, (gpointer)get_type (table, i));
  gander_table_filter (histogram, has_type, types);
}

static const struct
{
  guint32 (*get_n) (const GanderIndex *index);
  const char *word;
  const char *one;
} kinds[GANDER_N_TASKS_BY] = {
  [GANDER_TASKS_BY_TYPE] = { gander_index_get_n_tasks, "tasks", "task" },
  [GANDER_TASKS_BY_TASK] = { gander_index_get_n_tasks, "tasks", "task" },
  [GANDER_TASKS_BY_REGION] = { gander_index_get_n_regions, "regions", "region" },
  [GANDER_TASKS_BY_LOG] = { gander_index_get_n_logs, "logs", "log" },
};

/* Who sees an empty table wants to know what there is instead. */
static void
note_nothing (GanderCall *call, const GanderIndex *index, GanderTasksBy by)
{
  g_autoptr (GString) others = g_string_new (NULL);

  if (kinds[by].get_n (index) > 0)
    return;
  for (guint i = GANDER_TASKS_BY_TASK; i < GANDER_N_TASKS_BY; i++)
    {
      guint32 n = kinds[i].get_n (index);
      if (n > 0)
        g_string_append_printf (others,
                                "%s%u %s (--by %s)",
                                others->len == 0 ? "" : " and ",
                                n,
                                n == 1 ? kinds[i].one : kinds[i].word,
                                gander_tasks_by_get_id ((GanderTasksBy)i));
    }
  if (others->len > 0)
    gander_call_note (call, call->files[0], "there are no %s, but %s", kinds[by].word, others->str);
  else
    gander_call_note (call,
                      call->files[0],
                      "there are no tasks, regions or logs; a program makes them with "
                      "trace.NewTask, trace.WithRegion and trace.Log");
}

static void
write_answer (GanderCall *call,
              GanderOutput *output,
              const GanderIndex *index,
              GanderTasksBy by,
              const GanderTable *table,
              GanderTable *histogram)
{
  if (histogram != NULL)
    select_histogram (table, histogram);
  if (g_str_equal (call->format, "json"))
    write_json (output, index, table, histogram, by);
  else if (histogram == NULL)
    gander_call_write_table (call, output, table);
  else if (!g_str_equal (call->format, "text"))
    gander_call_write_table (call, output, histogram);
  else
    {
      gander_call_write_table (call, output, table);
      write_histogram (output, table, histogram);
    }
}

gboolean
gander_command_tasks (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GRegex) name = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderTable) histogram = NULL;
  g_autoptr (GanderOutput) output = NULL;
  GanderTasksBy by = get_by (call);
  GanderUserFilter filter;

  if (call->options.histogram && by != GANDER_TASKS_BY_TYPE && by != GANDER_TASKS_BY_REGION)
    return gander_cli_error_set_usage (error, "--histogram is for --by type and --by region");
  index = gander_call_load (call, call->files[0], error);
  if (index == NULL || !get_filter (call, index, &filter, &name, error))
    return FALSE;
  table = gander_tasks_make_table (index,
                                   by,
                                   &filter,
                                   call->options.histogram ? &histogram : NULL,
                                   call->cancellable,
                                   error);
  if (table == NULL || !gander_call_select_rows (call, table, error))
    return FALSE;
  gander_tasks_add_words (table);
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  note_nothing (call, index, by);
  write_answer (call, output, index, by, table, histogram);
  return gander_output_close (output, error);
}
