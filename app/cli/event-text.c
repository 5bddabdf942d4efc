/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/event-text.h"

#include "analysis/analysis.h"

#define NAME_WIDTH 16
#define SECOND_NS  G_GINT64_CONSTANT (1000000000)

/* What a kind says beside time and context, in text and JSON. */
typedef struct
{
  const char *name; /* JSON member and word in the text of @name; NULL = not used */
  const char *text; /* the same for @text */
  const char *id;   /* the same for @id */
  const char *value[3];
} Fields;

static const Fields fields[GANDER_N_EVENT_KINDS] = {
  [GANDER_EVENT_SYNC] = { .value = { "snapshot_ns", "mono_ns", "wall_ns" } },
  [GANDER_EVENT_TRANSITION] = { .name = "reason" },
  [GANDER_EVENT_RANGE_BEGIN] = { .name = "range" },
  [GANDER_EVENT_RANGE_ACTIVE] = { .name = "range" },
  [GANDER_EVENT_RANGE_END] = { .name = "range", .value = { "swept_bytes", "reclaimed_bytes" } },
  [GANDER_EVENT_METRIC] = { .name = "metric", .value = { "value" } },
  [GANDER_EVENT_LABEL] = { .name = "label" },
  [GANDER_EVENT_TASK_BEGIN] = { .name = "type", .id = "task", .value = { "parent" } },
  [GANDER_EVENT_TASK_END] = { .name = "type", .id = "task" },
  [GANDER_EVENT_REGION_BEGIN] = { .name = "type", .id = "task" },
  [GANDER_EVENT_REGION_END] = { .name = "type", .id = "task" },
  [GANDER_EVENT_LOG] = { .name = "category", .text = "message", .id = "task" },
  [GANDER_EVENT_EXPERIMENTAL] = { .value = { "arg0", "arg1", "arg2" } },
};

static const char resource_letters[] = {
  [GANDER_RESOURCE_GOROUTINE] = 'G',
  [GANDER_RESOURCE_PROC] = 'P',
  [GANDER_RESOURCE_THREAD] = 'M',
};

static const char *const resource_ids[] = {
  [GANDER_RESOURCE_NONE] = NULL,
  [GANDER_RESOURCE_GOROUTINE] = "goroutine",
  [GANDER_RESOURCE_PROC] = "proc",
  [GANDER_RESOURCE_THREAD] = "thread",
};

/* A SYNC without a clock snapshot has no values; of the others each is a fact, 0 included, but
 * bytes of ranges that are no sweep. */
static gboolean
shows_value (const GanderEvent *event, guint i)
{
  if (fields[event->kind].value[i] == NULL)
    return FALSE;
  if (event->kind == GANDER_EVENT_SYNC)
    return event->value[2] != 0;
  return event->kind != GANDER_EVENT_RANGE_END || event->resource == GANDER_RESOURCE_PROC;
}

const char *
gander_event_text_get_name (const GanderEvent *event)
{
  const char *name = event->wire == 0 ? NULL : gander_wire_event_get_name (event->wire);

  return name == NULL ? gander_event_kind_get_name ((GanderEventKind)event->kind) : name;
}

static char *
valid_string (const GanderDictionary *dictionary, GanderStringId id)
{
  gsize size;
  const char *bytes = gander_dictionary_get_string (dictionary, id, &size);

  return g_utf8_make_valid (bytes, (gssize)size);
}

static void
append_word (GString *out, const char *label, const GanderDictionary *dictionary, GanderStringId id)
{
  g_autofree char *text = valid_string (dictionary, id);
  g_autofree char *escaped = gander_text_escape (text);

  if (id != 0)
    g_string_append_printf (out, " %s=\"%s\"", label, escaped);
}

static void
append_id (GString *out, char letter, gint64 id)
{
  char text[24] = "-";

  if (id >= 0)
    g_snprintf (text, sizeof text, "%c%" G_GINT64_FORMAT, letter, id);
  g_string_append_printf (out, " %-5s", text);
}

static gboolean
is_runtime (const char *function)
{
  return g_str_has_prefix (function, "runtime.") || g_str_has_prefix (function, "sync.") ||
         g_str_has_prefix (function, "internal/") || g_str_has_prefix (function, "syscall.");
}

static void
append_frame (GString *out, const GanderDictionary *dictionary, const GanderFrame *frame)
{
  g_autofree char *function = valid_string (dictionary, frame->function);
  g_autofree char *file = valid_string (dictionary, frame->file);
  g_autofree char *shown_function = gander_text_escape (function);
  g_autofree char *shown_file = gander_text_escape (file);

  g_string_append_printf (out, "%s %s:%" G_GUINT64_FORMAT, shown_function, shown_file, frame->line);
}

static void
append_place (GString *out, const GanderDictionary *dictionary, GanderStackId stack)
{
  guint n;
  const guint32 *frames = gander_dictionary_get_stack (dictionary, stack, &n);
  guint found = 0;

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      gsize size;
      const GanderFrame *frame = gander_dictionary_get_frame (dictionary, frames[i]);

      if (!is_runtime (gander_dictionary_get_string (dictionary, frame->function, &size)))
        {
          found = i;
          break;
        }
    }
  g_string_append (out, " at ");
  append_frame (out, dictionary, gander_dictionary_get_frame (dictionary, frames[found]));
}

static void
append_stack (GString *out,
              const GanderDictionary *dictionary,
              const char *title,
              GanderStackId stack)
{
  guint n;
  const guint32 *frames = gander_dictionary_get_stack (dictionary, stack, &n);

  if (n > 0)
    g_string_append_printf (out, "\n\t%s:", title);
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, "\n\t\t");
      append_frame (out, dictionary, gander_dictionary_get_frame (dictionary, frames[i]));
    }
}

static void
append_resource (GString *out, const GanderEvent *event)
{
  if (event->resource == GANDER_RESOURCE_NONE)
    return;
  g_string_append_printf (out,
                          " %c%" G_GINT64_FORMAT,
                          resource_letters[event->resource],
                          event->id);
  if (event->kind == GANDER_EVENT_TRANSITION)
    g_string_append_printf (out,
                            " %s->%s",
                            gander_go_state_get_name ((GanderGoState)event->from),
                            gander_go_state_get_name ((GanderGoState)event->to));
}

static void
append_fields (GString *out, const GanderEvent *event, const GanderDictionary *dictionary)
{
  const Fields *row = &fields[event->kind];

  append_resource (out, event);
  if (row->id != NULL)
    g_string_append_printf (out, " %s=%" G_GINT64_FORMAT, row->id, event->id);
  if (row->name != NULL)
    append_word (out, row->name, dictionary, event->name);
  if (row->text != NULL)
    append_word (out, row->text, dictionary, event->text);
  for (guint i = 0; i < G_N_ELEMENTS (row->value); i++)
    if (shows_value (event, i))
      g_string_append_printf (out, " %s=%" G_GINT64_FORMAT, row->value[i], (gint64)event->value[i]);
}

void
gander_event_text_append (GString *out,
                          const GanderEvent *event,
                          const GanderDictionary *dictionary,
                          gboolean stacks)
{
  g_string_append_printf (out,
                          "%" G_GINT64_FORMAT ".%09d",
                          event->time / SECOND_NS,
                          (int)(event->time % SECOND_NS));
  append_id (out, 'M', event->thread);
  append_id (out, 'P', event->proc);
  append_id (out, 'G', event->goroutine);
  g_string_append_printf (out, " %-*s", NAME_WIDTH, gander_event_text_get_name (event));
  append_fields (out, event, dictionary);
  if (stacks)
    {
      append_stack (out, dictionary, "stack", event->stack);
      if (event->resource_stack != event->stack)
        append_stack (out, dictionary, "goroutine's stack", event->resource_stack);
    }
  else
    append_place (out, dictionary, event->stack != 0 ? event->stack : event->resource_stack);
  g_string_append_c (out, '\n');
}

static JsonArray *
json_from_stack (const GanderDictionary *dictionary, GanderStackId stack)
{
  guint n;
  const guint32 *frames = gander_dictionary_get_stack (dictionary, stack, &n);
  JsonArray *array = json_array_sized_new (n);

  for (guint i = 0; i < n; i++)
    {
      const GanderFrame *frame = gander_dictionary_get_frame (dictionary, frames[i]);
      g_autofree char *function = valid_string (dictionary, frame->function);
      g_autofree char *file = valid_string (dictionary, frame->file);
      g_autofree char *text =
          g_strdup_printf ("%s@%s:%" G_GUINT64_FORMAT, function, file, frame->line);

      json_array_add_string_element (array, text);
    }
  return array;
}

static void
set_id (JsonObject *object, const char *name, gint64 id)
{
  if (id >= 0)
    json_object_set_int_member (object, name, id);
}

static void
set_string (JsonObject *object,
            const char *name,
            const GanderDictionary *dictionary,
            GanderStringId id)
{
  g_autofree char *text = valid_string (dictionary, id);

  json_object_set_string_member (object, name, text);
}

static void
set_fields (JsonObject *object, const GanderEvent *event, const GanderDictionary *dictionary)
{
  const Fields *row = &fields[event->kind];

  if (row->id != NULL)
    json_object_set_int_member (object, row->id, event->id);
  if (row->name != NULL)
    set_string (object, row->name, dictionary, event->name);
  if (row->text != NULL)
    set_string (object, row->text, dictionary, event->text);
  for (guint i = 0; i < G_N_ELEMENTS (row->value); i++)
    if (shows_value (event, i))
      json_object_set_int_member (object, row->value[i], (gint64)event->value[i]);
}

JsonObject *
gander_event_text_to_json (const GanderEvent *event, const GanderDictionary *dictionary)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "t_ns", event->time);
  json_object_set_string_member (object,
                                 "kind",
                                 gander_event_kind_get_name ((GanderEventKind)event->kind));
  json_object_set_string_member (object, "event", gander_event_text_get_name (event));
  set_id (object, "m", event->thread);
  set_id (object, "p", event->proc);
  set_id (object, "g", event->goroutine);
  if (event->resource != GANDER_RESOURCE_NONE)
    {
      json_object_set_string_member (object, "resource", resource_ids[event->resource]);
      json_object_set_int_member (object, "id", event->id);
    }
  if (event->kind == GANDER_EVENT_TRANSITION)
    {
      json_object_set_string_member (object,
                                     "from",
                                     gander_go_state_get_name ((GanderGoState)event->from));
      json_object_set_string_member (object,
                                     "to",
                                     gander_go_state_get_name ((GanderGoState)event->to));
    }
  set_fields (object, event, dictionary);
  json_object_set_array_member (object, "stack", json_from_stack (dictionary, event->stack));
  if (event->resource_stack != 0 && event->resource_stack != event->stack)
    json_object_set_array_member (object,
                                  "resource_stack",
                                  json_from_stack (dictionary, event->resource_stack));
  json_object_set_int_member (object, "generation", (gint64)event->generation);
  json_object_set_int_member (object, "offset", (gint64)event->offset);
  return object;
}
