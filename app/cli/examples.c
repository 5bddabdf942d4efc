/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/examples.h"

#define N_(text) text

static const GanderExample examples[] = {
  { "pipeline",
    "pipeline.trace.zst",
    N_ ("Workers That Wait"),
    N_ ("Four workers, one slow producer, and a leak") },
  { "orders",
    "orders.trace.zst",
    N_ ("Tasks and Regions"),
    N_ ("Orders in stages, one of which they all share") },
};

const GanderExample *
gander_examples_get (guint *n)
{
  *n = G_N_ELEMENTS (examples);
  return examples;
}

const GanderExample *
gander_example_get (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    if (g_str_equal (examples[i].id, id))
      return &examples[i];
  return NULL;
}

GFile *
gander_example_find (const GanderExample *example)
{
  const char *const folders[] = {
    g_getenv ("GANDER_DATA_DIR"),
    GANDER_INSTALLED_DATA_DIR,
    GANDER_SOURCE_DATA_DIR,
  };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (folders[i] != NULL)
      {
        g_autoptr (GFile) file =
            g_file_new_build_filename (folders[i], "examples", example->name, NULL);

        if (g_file_query_exists (file, NULL))
          return g_steal_pointer (&file);
      }
  return NULL;
}

gboolean
gander_example_is (GFile *file)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (GFile) example = gander_example_find (&examples[i]);

      if (example != NULL && g_file_equal (example, file))
        return TRUE;
    }
  return FALSE;
}
