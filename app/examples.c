/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/examples.h"

#include <glib/gi18n.h>

static const GanderExample samples[] = {
  { "pipeline.trace.zst",
    N_ ("Workers That Wait"),
    N_ ("Four workers, one slow producer, and a leak") },
  { "orders.trace.zst",
    N_ ("Tasks and Regions"),
    N_ ("Orders in stages, one of which they all share") },
};

const GanderExample *
gander_examples_get (guint *n)
{
  *n = G_N_ELEMENTS (samples);
  return samples;
}

GFile *
gander_example_find (const GanderExample *sample)
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
            g_file_new_build_filename (folders[i], "examples", sample->name, NULL);

        if (g_file_query_exists (file, NULL))
          return g_steal_pointer (&file);
      }
  return NULL;
}
