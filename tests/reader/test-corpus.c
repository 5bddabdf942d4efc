/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/events.h"
#include "reader/trace.h"

#include <json-glib/json-glib.h>

/* What we find in each trace of tests/corpus equals what Go's own reader found: the .json beside
 * it. One test per trace, and a tally at the end.
 */

typedef struct
{
  GanderDictionary *dictionary;
  GHashTable *maps; /* name of a sidecar's object to GHashTable of text to count */
  GHashTable *goroutines;
  GHashTable *procs;
  GHashTable *threads;
  GHashTable *tasks;
  guint64 n_with_stack;
  GanderTime first;
  GanderTime last;
  guint64 n_damage;
  guint64 n_generations;
} Found;

static guint n_agree;
static guint n_traces;

static void
add_id (GHashTable *set, gint64 id)
{
  if (id != -1)
    g_hash_table_add (set, g_memdup2 (&id, sizeof id));
}

static void
count (Found *found, const char *map_name, const char *text, gssize size)
{
  GHashTable *map = g_hash_table_lookup (found->maps, map_name);
  g_autofree char *key = g_utf8_make_valid (text, size);
  guint n;

  if (map == NULL)
    {
      map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (found->maps, g_strdup (map_name), map);
    }
  n = GPOINTER_TO_UINT (g_hash_table_lookup (map, key));
  g_hash_table_insert (map, g_steal_pointer (&key), GUINT_TO_POINTER (n + 1));
}

static void
count_name (Found *found, const char *map_name, GanderStringId id)
{
  gsize size;
  const char *text = gander_dictionary_get_string (found->dictionary, id, &size);

  count (found, map_name, text, (gssize)size);
}

static void
count_transition (Found *found, const GanderEvent *event)
{
  gboolean is_go = event->resource == GANDER_RESOURCE_GOROUTINE;
  g_autofree char *text = g_strdup_printf ("%s %s->%s",
                                           is_go ? "goroutine" : "proc",
                                           gander_go_state_get_name (event->from),
                                           gander_go_state_get_name (event->to));

  count (found, "transitions", text, -1);
  add_id (is_go ? found->goroutines : found->procs, event->id);
  if (is_go && event->from == GANDER_GO_RUNNING && event->to == GANDER_GO_WAITING)
    count_name (found, "block_reasons", event->name);
  if (is_go && event->from == GANDER_GO_RUNNING && event->to == GANDER_GO_RUNNABLE)
    count_name (found, "stop_reasons", event->name);
}

static void
event_cb (gpointer data, const GanderEvent *event)
{
  Found *found = data;

  g_assert_cmpint (event->kind, !=, GANDER_EVENT_GAP);
  g_assert_cmpint (event->time, >, found->last);
  if (found->last < 0)
    found->first = event->time;
  found->last = event->time;

  count (found, "kinds", gander_event_kind_get_name (event->kind), -1);
  add_id (found->goroutines, event->goroutine);
  add_id (found->procs, event->proc);
  add_id (found->threads, event->thread);
  if (event->stack != 0)
    found->n_with_stack++;

  switch ((GanderEventKind)event->kind)
    {
    case GANDER_EVENT_TRANSITION:
      count_transition (found, event);
      break;
    case GANDER_EVENT_RANGE_BEGIN:
    case GANDER_EVENT_RANGE_ACTIVE:
      count_name (found, "ranges", event->name);
      break;
    case GANDER_EVENT_METRIC:
      count_name (found, "metrics", event->name);
      break;
    case GANDER_EVENT_LABEL:
      count_name (found, "labels", event->name);
      break;
    case GANDER_EVENT_REGION_BEGIN:
      count_name (found, "regions", event->name);
      break;
    case GANDER_EVENT_TASK_BEGIN:
      count_name (found, "task_types", event->name);
      add_id (found->tasks, event->id);
      break;
    case GANDER_EVENT_TASK_END:
      add_id (found->tasks, event->id);
      break;
    case GANDER_EVENT_EXPERIMENTAL:
      count (found, "experimental", gander_wire_event_get_name (event->wire), -1);
      break;
    default:
      break;
    }
}

static void
generation_cb (gpointer data, const GanderGeneration *generation G_GNUC_UNUSED)
{
  ((Found *)data)->n_generations++;
}

static void
damage_cb (gpointer data, const GanderDamage *damage)
{
  g_test_message ("%s at %" G_GUINT64_FORMAT, gander_damage_get_id (damage->code), damage->offset);
  ((Found *)data)->n_damage++;
}

static void
compare_map (const Found *found, JsonObject *wanted, const char *name)
{
  GHashTable *map = g_hash_table_lookup (found->maps, name);
  g_autoptr (GList) keys = NULL;
  JsonObject *object;

  if (!json_object_has_member (wanted, name))
    {
      g_assert_null (map);
      return;
    }
  object = json_object_get_object_member (wanted, name);
  g_assert_cmpuint (map == NULL ? 0 : g_hash_table_size (map), ==, json_object_get_size (object));
  keys = json_object_get_members (object);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (map, l->data));

      if (n != json_object_get_int_member (object, l->data))
        g_test_message ("%s: %s", name, (const char *)l->data);
      g_assert_cmpuint (n, ==, json_object_get_int_member (object, l->data));
    }
}

static void
compare (const Found *found, const GanderTraceInfo *info, JsonObject *wanted)
{
  static const char *const maps[] = { "kinds",      "transitions", "block_reasons", "stop_reasons",
                                      "ranges",     "metrics",     "labels",        "regions",
                                      "task_types", "experimental" };
  g_autofree char *header = g_strdup_printf ("go 1.%u trace", info->version);

  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    compare_map (found, wanted, maps[i]);
#define WANT(name) json_object_get_int_member (wanted, name)
  g_assert_cmpstr (header, ==, json_object_get_string_member (wanted, "header"));
  g_assert_cmpuint (info->bytes, ==, WANT ("bytes"));
  g_assert_cmpuint (info->events, ==, WANT ("events"));
  g_assert_cmpuint (info->n_generations, ==, WANT ("generations"));
  g_assert_cmpuint (found->n_generations, ==, WANT ("generations"));
  g_assert_cmpuint (g_hash_table_size (found->goroutines), ==, WANT ("goroutines"));
  g_assert_cmpuint (g_hash_table_size (found->procs), ==, WANT ("procs"));
  g_assert_cmpuint (g_hash_table_size (found->threads), ==, WANT ("threads"));
  g_assert_cmpuint (g_hash_table_size (found->tasks), ==, WANT ("tasks"));
  g_assert_cmpuint (found->n_with_stack, ==, WANT ("events_with_stack"));
  g_assert_cmpint (found->first + info->start_clock_ns, ==, WANT ("first_ns"));
  g_assert_cmpint (found->last + info->start_clock_ns, ==, WANT ("last_ns"));
  g_assert_cmpint (info->duration, ==, WANT ("duration_ns"));
#undef WANT
}

static JsonObject *
load_sidecar (const char *name, JsonParser *parser)
{
  g_autofree char *path =
      g_strconcat (g_test_get_dir (G_TEST_DIST), "/corpus/", name, ".json", NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static GHashTable *
id_set (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
test_trace (gconstpointer data)
{
  const char *name = data;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path =
      g_strconcat (g_test_get_dir (G_TEST_DIST), "/corpus/", name, ".trace.zst", NULL);
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GHashTable) maps =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  g_autoptr (GHashTable) goroutines = id_set ();
  g_autoptr (GHashTable) procs = id_set ();
  g_autoptr (GHashTable) threads = id_set ();
  g_autoptr (GHashTable) tasks = id_set ();
  const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };
  Found found = { .dictionary = dictionary,
                  .maps = maps,
                  .goroutines = goroutines,
                  .procs = procs,
                  .threads = threads,
                  .tasks = tasks,
                  .last = -1 };
  GanderTraceInfo info;
  g_autoptr (GError) error = NULL;

  gboolean ok;

  ok = gander_trace_read (path, NULL, dictionary, &sink, &found, &info, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpuint (found.n_damage, ==, 0);
  compare (&found, &info, load_sidecar (name, parser));
  n_agree++;
}

static void
test_tally (void)
{
  g_test_message ("agree %u of %u", n_agree, n_traces);
  g_assert_cmpuint (n_agree, ==, n_traces);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *file;

  g_test_init (&argc, &argv, NULL);

  folder = g_test_build_filename (G_TEST_DIST, "corpus", NULL);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".trace.zst"))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (".trace.zst")));
  g_ptr_array_sort (names, compare_names);
  g_assert_cmpuint (names->len, >, 0);

  n_traces = names->len;
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_strconcat ("/reader/corpus/", names->pdata[i], NULL);

      g_test_add_data_func (path, names->pdata[i], test_trace);
    }
  if (argc == 1)
    g_test_add_func ("/reader/corpus/tally", test_tally);

  return g_test_run ();
}
