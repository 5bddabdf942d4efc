/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-page.h"

#include <string.h>

/* The report as Markdown: one page to paste into an issue. */

/* Texts of these characters alone mean nothing to Markdown, wherever they stand in a cell. */
static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (" ,-", *p) == NULL)
      return FALSE;
  return TRUE;
}

static gsize
longest_run (const char *text, char character)
{
  gsize longest = 0;

  for (gsize run = 0; *text != '\0'; text++)
    {
      run = *text == character ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  return longest;
}

/* A text from a trace: as code, which nothing in it can end. A bar ends a cell even there. */
static void
append_code (GString *out, const char *text)
{
  g_autofree char *fence = g_strnfill (longest_run (text, '`') + 1, '`');
  gboolean padded = *text == '`' || g_str_has_suffix (text, "`");

  g_string_append_printf (out, "%s%s", fence, padded ? " " : "");
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '|')
      g_string_append (out, "\\|");
    else
      g_string_append_c (out, *p);
  g_string_append_printf (out, "%s%s", padded ? " " : "", fence);
}

static void
append_cell (GString *out, const GanderTable *table, guint row, guint column)
{
  g_autofree char *text = gander_report_format_cell (table, row, column);

  if (gander_table_get_column (table, column)->type != GANDER_COLUMN_TEXT || is_plain (text))
    g_string_append (out, text);
  else
    append_code (out, text);
}

static void
append_table (GString *out, const GanderReportSection *section)
{
  const GanderTable *table = section->table;

  g_string_append_c (out, '|');
  for (guint i = 0; i < section->n_columns; i++)
    g_string_append_printf (out,
                            " %s |",
                            gander_table_get_column (table, section->columns[i])->title);
  g_string_append (out, "\n|");
  for (guint i = 0; i < section->n_columns; i++)
    g_string_append (out,
                     gander_report_is_number (gander_table_get_column (table, section->columns[i]))
                         ? " ---: |"
                         : " :--- |");
  g_string_append_c (out, '\n');
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      g_string_append_c (out, '|');
      for (guint i = 0; i < section->n_columns; i++)
        {
          g_string_append_c (out, ' ');
          append_cell (out, table, row, section->columns[i]);
          g_string_append (out, " |");
        }
      g_string_append_c (out, '\n');
    }
}

static void
append_section (GString *out, const GanderReportSection *section)
{
  const GanderReportSectionSpec *spec = section->spec;
  g_autofree char *note = gander_report_section_describe (section);

  if (spec->title != NULL)
    g_string_append_printf (out, "\n### %s\n", spec->title);
  if (*note != '\0')
    g_string_append_printf (out, "\n%s\n", note);
  g_string_append_c (out, '\n');
  append_table (out, section);
}

static void
append_head (GString *out, const GanderReportPage *page)
{
  g_autofree char *damage = gander_report_page_describe_damage (page);
  g_autofree char *name = gander_text_escape (page->name);

  g_string_append (out, "# Execution trace ");
  append_code (out, name);
  g_string_append_printf (out, "\n\n%s\n\n", page->subtitle);
  if (damage != NULL)
    g_string_append_printf (out, "> **%s**\n\n", damage);
  g_string_append (out, "| Figure | Value | |\n| :--- | ---: | :--- |\n");
  for (guint i = 0; i < page->facts->len; i++)
    {
      const GanderReportFact *fact = &g_array_index (page->facts, GanderReportFact, i);
      g_string_append_printf (out, "| %s | %s | %s |\n", fact->label, fact->value, fact->note);
    }
}

gboolean
gander_report_write_markdown (const GanderReport *self, GanderOutput *output, GError **error)
{
  g_autoptr (GanderReportPage) page = gander_report_page_new (self, error);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *chapter = NULL;

  if (page == NULL)
    return FALSE;
  append_head (out, page);
  for (guint i = 0; i < page->sections->len; i++)
    {
      const GanderReportSection *section = &g_array_index (page->sections, GanderReportSection, i);

      if (section->chapter != chapter)
        g_string_append_printf (out, "\n## %s\n", section->chapter);
      chapter = section->chapter;
      append_section (out, section);
    }
  g_string_append (out, "\nMade by Gander " GANDER_VERSION ".\n");
  gander_output_write (output, out->str, (gssize)out->len);
  return TRUE;
}
