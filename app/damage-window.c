/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/damage-window.h"

#include "app/notices.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

/* A trace may be damaged in more places than anybody reads, each row being a widget. */
#define MAX_ROWS    200
#define COPIED_TEXT "gander-text"

static GtkWidget *
make_row (const GanderDamage *damage)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *place = gander_notice_describe_damage (damage);

  g_object_set (row, "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _ (gander_damage_get_sentence (damage->code)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), place);
  return row;
}

static void
copy_text (GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button),
                          g_object_get_data (G_OBJECT (button), COPIED_TEXT));
}

static GtkWidget *
make_list (GanderIndex *index, GString *text)
{
  GtkWidget *group = adw_preferences_group_new ();
  guint n = gander_index_get_n_damage (index);

  for (guint i = 0; i < n; i++)
    {
      GanderDamage damage;
      g_autofree char *place = NULL;

      gander_index_get_damage (index, i, &damage);
      place = gander_notice_describe_damage (&damage);
      g_string_append_printf (text,
                              "%s: %s (%s)\n",
                              gander_damage_get_id (damage.code),
                              _ (gander_damage_get_sentence (damage.code)),
                              place);
      if (i < MAX_ROWS)
        adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (&damage));
    }
  if (n > MAX_ROWS)
    {
      g_autofree char *more = gander_text_count (n - MAX_ROWS);
      g_autofree char *note = g_strdup_printf (_ ("%s more are in the copied text."), more);

      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), note);
    }

  return group;
}

void
gander_damage_window_present (GtkWindow *parent, GanderIndex *index)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  GString *text = g_string_new (NULL);
  GtkWidget *group = make_list (index, text);

  gtk_widget_set_tooltip_text (copy, _ ("Copy Details"));
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (copy), COPIED_TEXT, g_string_free (text, FALSE), g_free);
  g_signal_connect (copy, "clicked", G_CALLBACK (copy_text), NULL);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Damage"));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), copy);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_title (GTK_WINDOW (window), _ ("Details"));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}
