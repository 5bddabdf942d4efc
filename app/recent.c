/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/recent.h"

#define APPLICATION_NAME "Gander"

void
gander_recent_add (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);
  const GtkRecentData data = {
    .mime_type = (char *)"application/x-go-execution-trace",
    .app_name = (char *)APPLICATION_NAME,
    .app_exec = (char *)"gander %f",
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static int
compare_visits (gconstpointer a, gconstpointer b)
{
  GDateTime *visit_a = gtk_recent_info_get_visited (*(GtkRecentInfo *const *)a);
  GDateTime *visit_b = gtk_recent_info_get_visited (*(GtkRecentInfo *const *)b);

  return g_date_time_compare (visit_b, visit_a);
}

GPtrArray *
gander_recent_list (void)
{
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  g_autoptr (GPtrArray) ours =
      g_ptr_array_new_with_free_func ((GDestroyNotify)gtk_recent_info_unref);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *i = items; i != NULL; i = i->next)
    if (gtk_recent_info_has_application (i->data, APPLICATION_NAME))
      g_ptr_array_add (ours, gtk_recent_info_ref (i->data));
  g_list_free_full (items, (GDestroyNotify)gtk_recent_info_unref);

  g_ptr_array_sort (ours, compare_visits);
  for (guint i = 0; i < ours->len && files->len < GANDER_RECENT_MAX; i++)
    {
      GtkRecentInfo *info = ours->pdata[i];

      if (gtk_recent_info_exists (info))
        g_ptr_array_add (files, g_file_new_for_uri (gtk_recent_info_get_uri (info)));
    }
  return files;
}
