/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"

GanderIndex *
test_load (const char *name)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autofree char *file = g_strconcat (name, ".trace.zst", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "corpus", file, NULL);
  g_autoptr (GError) error = NULL;
  GanderIndex *index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return index;
}
