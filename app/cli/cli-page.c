/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-page.h"

#define LABEL_WIDTH 15

void
gander_page_line (GanderOutput *output, const char *label, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  escaped = gander_text_escape (text);
  gander_output_printf (output, "%-*s%s\n", LABEL_WIDTH, label, escaped);
}

void
gander_page_table (const GanderCall *call,
                   GanderOutput *output,
                   const char *title,
                   GanderTable *table,
                   guint n_rows,
                   const char *more)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean color = gander_call_use_color (call, output);
  guint n = gander_table_get_n_rows (table);

  if (n == 0)
    return;
  gander_table_truncate (table, n_rows);
  gander_table_write_text_styled (table, &call->times, text, NULL, NULL);
  gander_output_printf (output,
                        "\n%s%s%s\n%s",
                        color ? "\033[1m" : "",
                        title,
                        color ? "\033[0m" : "",
                        text->str);
  if (n > n_rows && more != NULL)
    gander_output_printf (output, "and %u more: %s\n", n - n_rows, more);
}

void
gander_page_range (GanderOutput *output, const GanderIndex *index, GanderTime begin, GanderTime end)
{
  g_autofree char *from = gander_duration_to_string (begin);
  g_autofree char *to = gander_duration_to_string (end);

  if (end - begin != gander_index_get_facts (index)->duration)
    gander_page_line (output, "Range", "%s..%s, and all below is about it", from, to);
}

void
gander_page_damage (GanderOutput *output, guint n_damage)
{
  if (n_damage == 0)
    gander_page_line (output, "Damage", "none");
  else
    gander_page_line (output,
                      "Damage",
                      "%u %s could not be read or believed; figures say “at least”",
                      n_damage,
                      n_damage == 1 ? "place" : "places");
}

char *
gander_page_duration (GanderTime duration)
{
  return gander_duration_to_string (gander_duration_round (duration));
}

char *
gander_page_bytes (guint64 bytes)
{
  g_autofree char *text = gander_text_bytes ((gint64)bytes);
  g_auto (GStrv) parts = g_strsplit (text, "\xe2\x80\xaf", -1);

  return g_strjoinv (" ", parts);
}

double
gander_page_percent (GanderTime part, GanderTime whole)
{
  return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}
