/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs with one planted problem each, and the same programs repaired: the figures that tell
 * them apart must lie in the bounds of stories.json. The bounds were set by who wrote the programs,
 * from many recordings, not by what Gander says. */
#include "analysis/analysis.h"

#include <json-glib/json-glib.h>

#define MIN_STORIES 25

static JsonNode *
load_facts (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "stories", "stories.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (json_parser_load_from_file (parser, path, &error));
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static GanderIndex *
load_trace (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *file = g_strconcat (name, ".trace.zst", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "stories", file, NULL);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (gander_index_get_n_damage (index), ==, 0);
  return index;
}

/* Returns: whether the figure lies in its bounds. */
static gboolean
check_fact (const GanderIndex *index, const char *trace, JsonObject *fact)
{
  const char *id = json_object_get_string_member (fact, "figure");
  GanderFigureSelector selector = {
    .start = json_object_get_string_member_with_default (fact, "start", NULL),
    .state = json_object_get_string_member_with_default (fact, "state", NULL),
    .at = json_object_get_string_member_with_default (fact, "at", NULL),
    .name = json_object_get_string_member_with_default (fact, "name", NULL),
  };
  double least = json_object_get_double_member_with_default (fact, "min", -G_MAXDOUBLE);
  double most = json_object_get_double_member_with_default (fact, "max", G_MAXDOUBLE);
  int figure = gander_figure_find (id);
  double value;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (figure, >=, 0);
  g_assert_true (gander_figure_compute (index,
                                        0,
                                        gander_index_get_facts (index)->duration,
                                        (GanderFigure)figure,
                                        &selector,
                                        &value,
                                        &error));
  g_assert_no_error (error);
  g_test_message ("%s: %s start=%s state=%s at=%s name=%s is %g, %g to %g",
                  trace,
                  id,
                  selector.start,
                  selector.state,
                  selector.at,
                  selector.name,
                  value,
                  least,
                  most);
  return value >= least && value <= most;
}

static void
test_story (gconstpointer data)
{
  JsonObject *story = (JsonObject *)data;
  const char *name = json_object_get_string_member (story, "trace");
  JsonArray *facts = json_object_get_array_member (story, "facts");
  g_autoptr (GanderIndex) index = load_trace (name);

  for (guint i = 0; i < json_array_get_length (facts); i++)
    if (!check_fact (index, name, json_array_get_object_element (facts, i)))
      g_test_fail_printf ("%s: fact %u is out of its bounds", name, i);
}

static void
test_number (gconstpointer data)
{
  JsonArray *stories = (JsonArray *)data;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (stories); i++)
    g_hash_table_add (names,
                      (gpointer)
                          json_object_get_string_member (json_array_get_object_element (stories, i),
                                                         "story"));
  g_assert_cmpuint (g_hash_table_size (names), >=, MIN_STORIES);
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *stories;

  g_test_init (&argc, &argv, NULL);
  root = load_facts ();
  stories = json_object_get_array_member (json_node_get_object (root), "traces");
  g_test_add_data_func ("/stories/number", stories, test_number);
  for (guint i = 0; i < json_array_get_length (stories); i++)
    {
      JsonObject *story = json_array_get_object_element (stories, i);
      g_autofree char *path =
          g_strconcat ("/stories/", json_object_get_string_member (story, "trace"), NULL);

      g_test_add_data_func (path, story, test_story);
    }
  return g_test_run ();
}
