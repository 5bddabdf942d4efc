/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"

static const GanderColumn columns[] = {
  { "size", "Size", GANDER_COLUMN_BYTES, FALSE },
  { "trace-size", "Of a trace of", GANDER_COLUMN_BYTES, FALSE },
  { "used", "Last used", GANDER_COLUMN_TEXT, FALSE },
  { "stale", "Stale", GANDER_COLUMN_COUNT, TRUE },
  { "index", "Index", GANDER_COLUMN_TEXT, TRUE },
  { "trace", "Trace", GANDER_COLUMN_TEXT, FALSE },
};

/* Returns: (transfer full) an instant as RFC 3339 has it, in local time. */
static char *
format_instant (gint64 unix_s)
{
  g_autoptr (GDateTime) instant = g_date_time_new_from_unix_local (unix_s);

  return instant == NULL ? g_strdup ("") : g_date_time_format_iso8601 (instant);
}

static GanderTable *
make_table (const GPtrArray *entries, guint64 *bytes)
{
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));

  *bytes = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      const GanderCacheEntry *entry = entries->pdata[i];
      g_autofree char *used = format_instant (entry->used_s);
      guint row = gander_table_append (table);
      const char *trace = entry->trace != NULL ? entry->trace : "";

      *bytes += entry->bytes;
      gander_table_set_integer (table, row, 0, (gint64)entry->bytes);
      gander_table_set_integer (table, row, 1, (gint64)entry->trace_size);
      gander_table_set_text (table, row, 2, used);
      gander_table_set_integer (table, row, 3, entry->stale);
      gander_table_set_text (table, row, 4, entry->name);
      gander_table_set_text (table, row, 5, entry->stale ? "(of another version)" : trace);
    }
  return table;
}

static void
write_text (GanderCall *call,
            GanderOutput *output,
            const GanderTable *table,
            guint64 bytes,
            const GanderCacheTrim *trim)
{
  guint n = gander_table_get_n_rows (table);
  g_autofree char *left = gander_text_bytes ((gint64)bytes);
  g_autofree char *removed = gander_text_bytes ((gint64)trim->bytes_removed);

  if (trim->n_removed > 0)
    gander_output_printf (output,
                          "Removed %u %s of %s.\n",
                          trim->n_removed,
                          trim->n_removed == 1 ? "index" : "indexes",
                          removed);
  if (n > 0)
    gander_call_write_table (call, output, table);
  gander_output_printf (output, "%u %s, %s.\n", n, n == 1 ? "index" : "indexes", left);
}

static void
write_json (GanderOutput *output,
            const GanderTable *table,
            guint64 bytes,
            const GanderCacheTrim *trim)
{
  JsonObject *object = gander_json_new ("cache");

  json_object_set_int_member (object, "bytes", (gint64)bytes);
  json_object_set_int_member (object, "removed", trim->n_removed);
  json_object_set_int_member (object, "removed_bytes", (gint64)trim->bytes_removed);
  json_object_set_array_member (object, "rows", gander_json_from_table (table));
  gander_json_write (output, object, TRUE);
}

/* Does what --clear and --max say. */
static gboolean
trim_cache (const GanderCall *call, GanderCacheTrim *trim, GError **error)
{
  gint64 limit = 0;

  if (call->options.max != NULL &&
      (!gander_text_parse_bytes (call->options.max, &limit) || limit < 0))
    return gander_cli_error_set_usage (error,
                                       "--max %s: it is a size like 2GiB",
                                       call->options.max);
  if (call->options.clear)
    limit = 0;
  else if (call->options.max == NULL)
    return TRUE;
  return gander_cache_trim (NULL, (guint64)limit, NULL, trim, error);
}

gboolean
gander_command_cache (GanderCall *call, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autoptr (GanderOutput) output = NULL;
  GanderCacheTrim trim = { 0 };
  guint64 bytes = 0;

  if (!trim_cache (call, &trim, error))
    return FALSE;
  entries = gander_cache_list (NULL, error);
  if (entries == NULL)
    return FALSE;
  table = make_table (entries, &bytes);
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  if (g_str_equal (call->format, "text"))
    write_text (call, output, table, bytes, &trim);
  else if (g_str_equal (call->format, "json"))
    write_json (output, table, bytes, &trim);
  else
    gander_call_write_table (call, output, table);
  return gander_output_close (output, error);
}
