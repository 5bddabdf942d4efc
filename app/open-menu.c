/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/open-menu.h"

#include "app/cli/cli.h"
#include "app/recent.h"

#include <glib/gi18n.h>

static void
append_file (GMenu *menu, const char *label, GFile *file)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_autofree char *uri = g_file_get_uri (file);
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);
  /* A lone underscore would mark an access key. */
  g_autofree char *escaped = g_strjoinv ("__", parts);

  g_menu_item_set_label (item, escaped);
  g_menu_item_set_action_and_target (item, "win.open-uri", "s", uri);
  g_menu_append_item (menu, item);
}

void
gander_open_menu_fill_examples (GMenu *menu)
{
  guint n = 0;
  const GanderExample *samples = gander_examples_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = gander_example_find (&samples[i]);

      if (file != NULL)
        append_file (menu, _ (samples[i].title), file);
    }
}

void
gander_open_menu_fill_recent (GMenu *menu)
{
  g_autoptr (GPtrArray) files = gander_recent_list ();

  g_menu_remove_all (menu);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *base = g_file_get_basename (files->pdata[i]);
      g_autofree char *name = g_filename_display_name (base);

      append_file (menu, name, files->pdata[i]);
    }
}
