/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"

#include <math.h>

/* What the name of a member ends in, by the type of its column. */
static const char *const suffixes[GANDER_N_COLUMN_TYPES] = {
  [GANDER_COLUMN_TEXT] = "",        [GANDER_COLUMN_FIGURE] = "",      [GANDER_COLUMN_COUNT] = "",
  [GANDER_COLUMN_ID] = "",          [GANDER_COLUMN_DURATION] = "_ns", [GANDER_COLUMN_TIME] = "_ns",
  [GANDER_COLUMN_BYTES] = "_bytes", [GANDER_COLUMN_SHARE] = "",
};

JsonObject *
gander_json_new (const char *schema)
{
  JsonObject *object = json_object_new ();
  g_autofree char *name = g_strdup_printf ("gander/%s/1", schema);

  json_object_set_string_member (object, "schema", name);
  json_object_set_string_member (object, "generator", "gander " GANDER_VERSION);
  return object;
}

JsonObject *
gander_json_from_facts (const GanderIndex *index)
{
  const GanderFacts *facts = gander_index_get_facts (index);
  JsonObject *object = json_object_new ();
  g_autofree char *go = gander_describe_go_version (facts);
  g_autofree char *path = g_utf8_make_valid (facts->path, -1);

  json_object_set_int_member (object, "bytes", (gint64)facts->bytes);
  json_object_set_int_member (object, "duration_ns", facts->duration);
  json_object_set_int_member (object, "events", (gint64)facts->n_events);
  json_object_set_int_member (object, "generations", gander_index_get_n_generations (index));
  json_object_set_string_member (object, "go", go);
  json_object_set_int_member (object, "gomaxprocs", facts->gomaxprocs);
  json_object_set_int_member (object, "goroutines", facts->n_goroutines);
  json_object_set_boolean_member (object, "newer_format", facts->newer_format);
  json_object_set_string_member (object, "path", path);
  json_object_set_int_member (object, "procs", facts->n_procs);
  json_object_set_int_member (object, "threads", facts->n_threads);
  json_object_set_int_member (object, "version", facts->go_version);
  json_object_set_int_member (object, "wall_ns", facts->wall_ns);
  return object;
}

void
gander_json_add_range_sum (GanderJsonStream *stream, const char *name, const GanderRangeSum *sum)
{
  gander_json_stream_begin_object (stream, name);
  gander_json_stream_add_unsigned (stream, "count", sum->count);
  gander_json_stream_add_integer (stream, "max_ns", sum->longest);
  gander_json_stream_add_integer (stream, "total_ns", sum->total);
  gander_json_stream_end (stream);
}

static const char *const severity_ids[] = {
  [GANDER_SEVERITY_NOTE] = "note",
  [GANDER_SEVERITY_SUSPICIOUS] = "suspicious",
  [GANDER_SEVERITY_LOSS] = "loss",
};

JsonArray *
gander_json_from_damage (const GanderIndex *index)
{
  JsonArray *array = json_array_new ();

  for (guint32 row = 0; row < gander_index_get_n_damage (index); row++)
    {
      GanderDamage damage;
      JsonObject *object = json_object_new ();

      gander_index_get_damage (index, row, &damage);
      json_object_set_int_member (object, "begin_ns", damage.begin);
      json_object_set_int_member (object, "bytes", (gint64)damage.size);
      json_object_set_string_member (object, "code", gander_damage_get_id (damage.code));
      json_object_set_int_member (object, "count", (gint64)damage.count);
      json_object_set_int_member (object, "end_ns", damage.end);
      json_object_set_int_member (object, "events_lost", (gint64)damage.events_lost);
      json_object_set_int_member (object, "generation", (gint64)damage.generation);
      json_object_set_int_member (object, "offset", (gint64)damage.offset);
      json_object_set_string_member (object, "sentence", gander_damage_get_sentence (damage.code));
      json_object_set_string_member (object,
                                     "severity",
                                     severity_ids[gander_damage_get_severity (damage.code)]);
      json_object_set_int_member (object, "thread", damage.thread);
      json_array_add_object_element (array, object);
    }
  return array;
}

void
gander_json_set_trace (JsonObject *object, const GanderIndex *index)
{
  json_object_set_object_member (object, "trace", gander_json_from_facts (index));
  json_object_set_array_member (object, "damage", gander_json_from_damage (index));
}

char *
gander_json_name_of (const GanderColumn *column)
{
  char *name = g_strconcat (column->id, suffixes[column->type], NULL);

  return g_strdelimit (name, "-", '_');
}

static void
set_cell (JsonObject *object, const GanderTable *table, guint row, guint column)
{
  const GanderColumn *facts = gander_table_get_column (table, column);
  g_autofree char *name = gander_json_name_of (facts);
  double share;

  switch (facts->type)
    {
    case GANDER_COLUMN_TEXT:
    case GANDER_COLUMN_FIGURE:
      json_object_set_string_member (object, name, gander_table_get_text (table, row, column));
      break;
    case GANDER_COLUMN_SHARE:
      share = gander_table_get_share (table, row, column);
      if (isnan (share))
        json_object_set_null_member (object, name);
      else
        json_object_set_double_member (object, name, share);
      break;
    default:
      json_object_set_int_member (object, name, gander_table_get_integer (table, row, column));
    }
}

JsonArray *
gander_json_from_table (const GanderTable *table)
{
  JsonArray *array = json_array_sized_new (gander_table_get_n_rows (table));

  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      JsonObject *object = json_object_new ();

      for (guint column = 0; column < gander_table_get_n_columns (table); column++)
        set_cell (object, table, row, column);
      json_array_add_object_element (array, object);
    }
  return array;
}

static JsonNode *sorted (JsonNode *node);

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (a, b);
}

static JsonObject *
sorted_object (JsonObject *object)
{
  JsonObject *result = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (object);

  names = g_list_sort (names, compare_names);
  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_member (result,
                            name->data,
                            sorted (json_object_get_member (object, name->data)));
  return result;
}

/* A copy with the members of every object in the order of their names. Documents are made here, a
 * few levels deep. */
static JsonNode *
sorted (JsonNode *node)
{
  JsonNode *result;
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      result = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (result, sorted_object (json_node_get_object (node)));
      return result;
    }
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return json_node_copy (node);
  array = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    json_array_add_element (array, sorted (json_array_get_element (json_node_get_array (node), i)));
  result = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (result, array);
  return result;
}

void
gander_json_write (GanderOutput *output, JsonObject *object, gboolean pretty)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) ordered = NULL;
  g_autofree char *text = NULL;

  json_node_take_object (root, object);
  ordered = sorted (root);
  text = json_to_string (ordered, pretty);
  gander_output_write (output, text, -1);
  gander_output_write (output, "\n", 1);
}
