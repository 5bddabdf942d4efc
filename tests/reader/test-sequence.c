/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/events.h"
#include "reader/trace.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

/* Our whole event sequence equals that of `go tool trace -d=parsed`, Go 1.26: both in the normal
 * form of tests/oracle/sequence.py, compared by the checksums in tests/corpus/sequence.json. To
 * see where two differ, GANDER_TEST_SEQUENCE=FILE writes ours to FILE and sequence.py --print
 * shows Go's.
 */

#define GO_NO_TASK "18446744073709551615"

typedef struct
{
  GanderDictionary *dictionary;
  GChecksum *checksum;
  GString *line;
  FILE *copy; /* (nullable) */
  guint64 start;
  guint64 n_events;
  guint64 n_syncs;
  guint64 n_generations;
} Printer;

static void
put_quoted (Printer *self, const char *label, GanderStringId id)
{
  gsize size;
  const char *text = gander_dictionary_get_string (self->dictionary, id, &size);

  g_string_append_printf (self->line, " %s=\"", label);
  for (gsize i = 0; i < size; i++)
    {
      guint8 c = (guint8)text[i];

      if (c >= 32 && c < 127 && c != '"' && c != '\\')
        g_string_append_c (self->line, (char)c);
      else
        g_string_append_printf (self->line, "\\x%02x", c);
    }
  g_string_append_c (self->line, '"');
}

static void
put_stack (Printer *self, const char *label, GanderStackId stack)
{
  guint n_frames;
  const guint32 *frames = gander_dictionary_get_stack (self->dictionary, stack, &n_frames);

  g_string_append_printf (self->line, " %s=", label);
  for (guint i = 0; i < n_frames; i++)
    {
      const GanderFrame *frame = gander_dictionary_get_frame (self->dictionary, frames[i]);

      g_string_append_printf (self->line,
                              " %s @ 0x%" G_GINT64_MODIFIER "x %s:%" G_GUINT64_FORMAT ";",
                              gander_dictionary_get_string (self->dictionary,
                                                            frame->function,
                                                            NULL),
                              frame->pc,
                              gander_dictionary_get_string (self->dictionary, frame->file, NULL),
                              frame->line);
    }
}

static void
put_transition (Printer *self, const GanderEvent *event)
{
  g_string_append_printf (self->line,
                          " %s=%" G_GINT64_FORMAT " %s->%s",
                          event->resource == GANDER_RESOURCE_PROC ? "ProcID" : "GoID",
                          event->id,
                          gander_go_state_get_name (event->from),
                          gander_go_state_get_name (event->to));
  put_quoted (self, "Reason", event->name);
  if (event->resource_stack != 0)
    put_stack (self, "TransitionStack", event->resource_stack);
}

static void
put_range (Printer *self, const GanderEvent *event)
{
  put_quoted (self, "Name", event->name);
  if (event->resource == GANDER_RESOURCE_NONE)
    g_string_append (self->line, " Scope=None");
  else
    g_string_append_printf (self->line,
                            " Scope=%s(%" G_GINT64_FORMAT ")",
                            event->resource == GANDER_RESOURCE_PROC ? "Proc" : "Goroutine",
                            event->id);
  if (event->kind != GANDER_EVENT_RANGE_END)
    return;
  g_string_append (self->line, " Attributes=[");
  if (event->resource == GANDER_RESOURCE_PROC)
    g_string_append_printf (self->line,
                            "\"bytes swept\"=%" G_GUINT64_FORMAT
                            " \"bytes reclaimed\"=%" G_GUINT64_FORMAT,
                            event->value[0],
                            event->value[1]);
  g_string_append_c (self->line, ']');
}

static void
put_task (Printer *self, const GanderEvent *event)
{
  g_string_append_printf (self->line, " ID=%" G_GINT64_FORMAT " Parent=", event->id);
  if (event->value[0] == 0)
    g_string_append (self->line, GO_NO_TASK);
  else
    g_string_append_printf (self->line, "%" G_GUINT64_FORMAT, event->value[0]);
  put_quoted (self, "Type", event->name);
}

static void
put_experimental (Printer *self, const GanderEvent *event)
{
  g_auto (GStrv) names = g_strsplit (gander_wire_event_get_arguments (event->wire), " ", -1);

  g_string_append_printf (self->line, " Name=%s Args=[", gander_wire_event_get_name (event->wire));
  for (guint i = 1; names[i] != NULL; i++)
    g_string_append_printf (self->line,
                            "%s%s=%" G_GUINT64_FORMAT,
                            i == 1 ? "" : ", ",
                            names[i],
                            event->value[i - 1]);
  g_string_append_c (self->line, ']');
}

static void
put_sync (Printer *self, const GanderEvent *event)
{
  g_string_append_printf (self->line, " N=%" G_GUINT64_FORMAT, ++self->n_syncs);
  if (event->value[2] != 0)
    g_string_append_printf (self->line,
                            " Trace=%" G_GUINT64_FORMAT " Mono=%" G_GUINT64_FORMAT
                            " Wall=%" G_GUINT64_FORMAT,
                            event->value[0] + self->start,
                            event->value[1],
                            event->value[2]);
}

static void
put_details (Printer *self, const GanderEvent *event)
{
  switch ((GanderEventKind)event->kind)
    {
    case GANDER_EVENT_SYNC:
      put_sync (self, event);
      break;
    case GANDER_EVENT_TRANSITION:
      put_transition (self, event);
      break;
    case GANDER_EVENT_RANGE_BEGIN:
    case GANDER_EVENT_RANGE_ACTIVE:
    case GANDER_EVENT_RANGE_END:
      put_range (self, event);
      break;
    case GANDER_EVENT_METRIC:
      put_quoted (self, "Name", event->name);
      g_string_append_printf (self->line, " Value=%" G_GUINT64_FORMAT, event->value[0]);
      break;
    case GANDER_EVENT_LABEL:
      put_quoted (self, "Label", event->name);
      g_string_append_printf (self->line, " Resource=Goroutine(%" G_GINT64_FORMAT ")", event->id);
      break;
    case GANDER_EVENT_TASK_BEGIN:
    case GANDER_EVENT_TASK_END:
      put_task (self, event);
      break;
    case GANDER_EVENT_REGION_BEGIN:
    case GANDER_EVENT_REGION_END:
      g_string_append_printf (self->line, " Task=%" G_GINT64_FORMAT, event->id);
      put_quoted (self, "Type", event->name);
      break;
    case GANDER_EVENT_LOG:
      g_string_append_printf (self->line, " Task=%" G_GINT64_FORMAT, event->id);
      put_quoted (self, "Category", event->name);
      put_quoted (self, "Message", event->text);
      break;
    case GANDER_EVENT_EXPERIMENTAL:
      put_experimental (self, event);
      break;
    default:
      break;
    }
}

static void
event_cb (gpointer data, const GanderEvent *event)
{
  Printer *self = data;

  g_string_printf (self->line,
                   "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                   " %s %" G_GUINT64_FORMAT,
                   event->thread,
                   event->proc,
                   event->goroutine,
                   gander_event_kind_get_name (event->kind),
                   (guint64)event->time + self->start);
  put_details (self, event);
  if (event->stack != 0)
    put_stack (self, "Stack", event->stack);
  g_string_append_c (self->line, '\n');

  g_checksum_update (self->checksum, (const guchar *)self->line->str, (gssize)self->line->len);
  if (self->copy != NULL)
    fwrite (self->line->str, 1, self->line->len, self->copy);
  self->n_events++;
}

static void
generation_cb (gpointer data, const GanderGeneration *generation)
{
  Printer *self = data;

  g_assert_cmpint (generation->begin, >=, 0);
  self->n_generations++;
}

static void
damage_cb (gpointer data G_GNUC_UNUSED, const GanderDamage *damage)
{
  g_test_message ("damage: %s", gander_damage_get_id (damage->code));
  g_test_fail ();
}

/* The start of the clock is told at the end; a run of its own finds it first. */
static void
nothing_cb (gpointer data G_GNUC_UNUSED, const GanderEvent *event G_GNUC_UNUSED)
{
}

static guint64
find_start (const char *path)
{
  static const GanderSink sink = { nothing_cb, generation_cb, damage_cb, NULL };
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GError) error = NULL;
  GanderTraceInfo info;
  Printer unused = { 0 };
  gboolean ok =
      gander_trace_read (path, NULL, dictionary, &sink, &unused, &info, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  return (guint64)info.start_clock_ns;
}

static JsonObject *wanted_sums;

static void
test_trace (gconstpointer data)
{
  static const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };
  const char *name = data;
  JsonObject *wanted = json_object_get_object_member (wanted_sums, name);
  g_autofree char *path =
      g_strconcat (g_test_get_dir (G_TEST_DIST), "/corpus/", name, ".trace.zst", NULL);
  const char *copy = g_getenv ("GANDER_TEST_SEQUENCE");
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Printer printer = {
    .dictionary = dictionary, .checksum = checksum, .line = line, .start = find_start (path)
  };
  GanderTraceInfo info;
  gboolean ok;

  if (copy != NULL)
    printer.copy = fopen (copy, "w");
  ok = gander_trace_read (path, NULL, dictionary, &sink, &printer, &info, NULL, NULL, &error);
  if (printer.copy != NULL)
    fclose (printer.copy);

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpuint (printer.n_events, ==, json_object_get_int_member (wanted, "events"));
  g_assert_cmpstr (g_checksum_get_string (checksum),
                   ==,
                   json_object_get_string_member (wanted, "sha256"));
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  g_autoptr (GList) names = NULL;

  g_test_init (&argc, &argv, NULL);

  file = g_test_build_filename (G_TEST_DIST, "corpus", "sequence.json", NULL);
  json_parser_load_from_file (parser, file, &error);
  g_assert_no_error (error);
  wanted_sums = json_node_get_object (json_parser_get_root (parser));

  names = json_object_get_members (wanted_sums);
  g_assert_cmpuint (g_list_length (names), >=, 10);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *path = g_strconcat ("/reader/sequence/", l->data, NULL);

      g_test_add_data_func (path, l->data, test_trace);
    }

  return g_test_run ();
}
