/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as they stand in the file, one by one or counted by kind. */
#include "app/cli/events-wire.h"

#include "app/cli/cli-error.h"

typedef struct
{
  GanderCall *call;
  GanderOutput *output;
  const char *const *kinds; /* or NULL = all */
  guint64 n_events[256];    /* 0 = what is no event */
  guint64 n_bytes[256];
  guint64 total;
} Dump;

static gboolean
is_wanted (const Dump *self, guint8 code)
{
  return self->kinds == NULL ||
         (code != 0 && g_strv_contains (self->kinds, gander_wire_event_get_name (code)));
}

static gboolean
print_event (guint8 code, guint64 n_bytes, const GString *text, gpointer data)
{
  Dump *self = data;

  (void)n_bytes;
  if (code == 0)
    self->call->damaged = TRUE;
  if (is_wanted (self, code))
    gander_output_write (self->output, text->str, (gssize)text->len);
  return !gander_output_has_failed (self->output);
}

static gboolean
count_event (guint8 code, guint64 n_bytes, const GString *text, gpointer data)
{
  Dump *self = data;

  (void)text;
  self->total += n_bytes;
  if (!is_wanted (self, code))
    return TRUE;
  self->n_events[code]++;
  self->n_bytes[code] += n_bytes;
  return TRUE;
}

static const GanderColumn columns[] = {
  { "event", "Event", GANDER_COLUMN_TEXT, FALSE },
  { "bytes", "Bytes", GANDER_COLUMN_COUNT, FALSE },
  { "bytes-share", "Share", GANDER_COLUMN_SHARE, FALSE },
  { "count", "Count", GANDER_COLUMN_COUNT, FALSE },
};

static GanderTable *
make_table (const Dump *self)
{
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));

  for (guint code = 0; code < G_N_ELEMENTS (self->n_events); code++)
    {
      guint row;

      if (self->n_events[code] == 0)
        continue;
      row = gander_table_append (table);
      gander_table_set_text (table,
                             row,
                             0,
                             code == 0 ? "(no event)" : gander_wire_event_get_name ((guint8)code));
      gander_table_set_integer (table, row, 1, (gint64)self->n_bytes[code]);
      gander_table_set_share (table, row, 2, (double)self->n_bytes[code] / (double)self->total);
      gander_table_set_integer (table, row, 3, (gint64)self->n_events[code]);
    }
  gander_table_sort (table, 1, TRUE);
  return table;
}

gboolean
gander_events_wire (GanderCall *call, const char *const *kinds, GError **error)
{
  GanderTraceOptions options = { .unpack_limit = (guint64)call->options.unpack_limit << 30 };
  g_autoptr (GanderOutput) output = NULL;
  g_autoptr (GanderTable) table = NULL;
  g_autofree Dump *dump = g_new0 (Dump, 1);

  if (call->options.range != NULL || call->options.goroutine != NULL || call->options.stacks ||
      !g_str_equal (call->format, "text"))
    return gander_cli_error_set_usage (error,
                                       "--wire and --footprint go with --kind alone, as text: on "
                                       "the wire an event has no time and no goroutine yet");
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  *dump = (Dump){ .call = call, .output = output, .kinds = kinds };
  if (!gander_wire_dump (call->files[0],
                         &options,
                         call->options.footprint ? count_event : print_event,
                         dump,
                         call->cancellable,
                         error))
    {
      gander_call_name_file (call->files[0], error);
      return FALSE;
    }
  if (call->options.footprint)
    {
      table = make_table (dump);
      gander_call_write_table (call, output, table);
    }
  return gander_output_close (output, error);
}
