/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The events as they are read, straight from the file: no index, and memory does not grow. */
#include "app/cli/cli-error.h"
#include "app/cli/cli-json.h"
#include "app/cli/commands.h"
#include "app/cli/event-text.h"
#include "app/cli/events-wire.h"

#include <string.h>

#define FLUSH_SIZE 8192

typedef struct
{
  GanderCall *call;
  GanderOutput *output;
  GanderDictionary *dictionary;
  GCancellable *stop; /* our own: the reader of the output has gone, or the range is past */
  GString *text;
  GHashTable *goroutines; /* of gint64, or NULL = all */
  char **kinds;           /* (unowned) or NULL = all */
  GanderTime begin;
  GanderTime end;
  gboolean json;
  guint n_damage;
} Printer;

static gboolean
is_wanted_goroutine (const Printer *self, const GanderEvent *event)
{
  if (self->goroutines == NULL)
    return TRUE;
  return g_hash_table_contains (self->goroutines, &event->goroutine) ||
         (event->resource == GANDER_RESOURCE_GOROUTINE &&
          g_hash_table_contains (self->goroutines, &event->id));
}

static gboolean
is_wanted_kind (const Printer *self, const GanderEvent *event)
{
  const char *const *kinds = (const char *const *)self->kinds;

  return kinds == NULL || g_strv_contains (kinds, gander_event_text_get_name (event)) ||
         g_strv_contains (kinds, gander_event_kind_get_name ((GanderEventKind)event->kind));
}

static void
flush (Printer *self)
{
  gander_output_write (self->output, self->text->str, (gssize)self->text->len);
  g_string_truncate (self->text, 0);
  if (gander_output_has_failed (self->output))
    g_cancellable_cancel (self->stop);
}

static void
print_event (gpointer data, const GanderEvent *event)
{
  Printer *self = data;

  if (event->time >= self->end)
    g_cancellable_cancel (self->stop);
  if (event->time < self->begin || event->time >= self->end || !is_wanted_kind (self, event) ||
      !is_wanted_goroutine (self, event) || gander_output_has_failed (self->output))
    return;
  if (self->json)
    gander_json_write (self->output, gander_event_text_to_json (event, self->dictionary), FALSE);
  else
    gander_event_text_append (self->text, event, self->dictionary, self->call->options.stacks);
  if (self->json || self->text->len >= FLUSH_SIZE)
    flush (self);
}

static void
print_damage (gpointer data, const GanderDamage *damage)
{
  Printer *self = data;

  gander_call_warn (self->call, self->call->files[0], damage, self->n_damage++);
}

static void
skip_generation (gpointer data, const GanderGeneration *generation)
{
  (void)data;
  (void)generation;
}

static gboolean
parse_goroutines (Printer *self, GError **error)
{
  g_autoptr (GArray) ids = NULL;

  if (self->call->options.goroutine == NULL)
    return TRUE;
  ids = gander_cli_options_get_goroutines (&self->call->options, error);
  if (ids == NULL)
    return FALSE;
  self->goroutines = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_add (self->goroutines,
                      g_memdup2 (&g_array_index (ids, gint64, i), sizeof (gint64)));
  return TRUE;
}

static gboolean
is_kind (const char *name)
{
  for (guint i = 0; i < GANDER_N_EVENT_KINDS; i++)
    if (g_str_equal (name, gander_event_kind_get_name ((GanderEventKind)i)))
      return TRUE;
  for (guint i = 0; i <= G_MAXUINT8; i++)
    if (g_strcmp0 (name, gander_wire_event_get_name ((guint8)i)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
parse_kinds (const char *list, char ***kinds, GError **error)
{
  if (list == NULL)
    return TRUE;
  *kinds = g_strsplit (list, ",", -1);
  for (guint i = 0; (*kinds)[i] != NULL; i++)
    if (!is_kind ((*kinds)[i]))
      return gander_cli_error_set_usage (error,
                                         "--kind %s: Go has no event “%s”; it has GoBlock, "
                                         "GoUnblock, StateTransition and so on",
                                         list,
                                         (*kinds)[i]);
  return TRUE;
}

static void
cancel_other (GCancellable *cancellable, gpointer other)
{
  (void)cancellable;
  g_cancellable_cancel (other);
}

/* Reads with a cancellable of our own behind the one of the call: to stop early is no error. */
static gboolean
read_events (Printer *self, GError **error)
{
  static const GanderSink sink = {
    .event = print_event,
    .generation = skip_generation,
    .damage = print_damage,
  };
  GanderCall *call = self->call;
  GanderTraceOptions options = { .unpack_limit = (guint64)call->options.unpack_limit << 30 };
  GanderTraceInfo info;
  g_autoptr (GError) trouble = NULL;
  gulong handler =
      g_cancellable_connect (call->cancellable, G_CALLBACK (cancel_other), self->stop, NULL);
  gboolean done = gander_trace_read (call->files[0],
                                     &options,
                                     self->dictionary,
                                     &sink,
                                     self,
                                     &info,
                                     NULL,
                                     self->stop,
                                     &trouble);

  g_cancellable_disconnect (call->cancellable, handler);
  flush (self);
  if (done || (g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
               !g_cancellable_is_cancelled (call->cancellable)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  gander_call_name_file (call->files[0], error);
  return FALSE;
}

static gboolean
print_all (GanderCall *call, char **kinds, GError **error)
{
  g_autoptr (GanderOutput) output = NULL;
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoptr (GString) text = g_string_sized_new (FLUSH_SIZE * 2);
  Printer printer = {
    .call = call,
    .dictionary = dictionary,
    .stop = stop,
    .text = text,
    .kinds = kinds,
    .json = g_str_equal (call->format, "ndjson"),
  };
  gboolean done = gander_cli_options_get_range (&call->options,
                                                G_MAXINT64,
                                                &printer.begin,
                                                &printer.end,
                                                error) &&
                  parse_goroutines (&printer, error);

  if (done)
    output = printer.output = gander_call_open_output (call, error);
  done = done && output != NULL && read_events (&printer, error);
  if (done)
    gander_call_warn_rest (call, call->files[0], printer.n_damage);
  g_clear_pointer (&printer.goroutines, g_hash_table_unref);
  return done && gander_output_close (output, error);
}

gboolean
gander_command_events (GanderCall *call, GError **error)
{
  g_auto (GStrv) kinds = NULL;

  if (!parse_kinds (call->options.kind, &kinds, error))
    return FALSE;
  if (call->options.wire || call->options.footprint)
    return gander_events_wire (call, (const char *const *)kinds, error);
  return print_all (call, kinds, error);
}
