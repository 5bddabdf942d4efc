/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-chart.h"
#include "app/cli/report-page.h"

#include "widgets/draw/draw.h"

#include "gander-app-cli-resources.h"

#include <string.h>

/* The report as one HTML file that needs nothing else: no network, no script, no other file. It is
 * XML, too.
 */

#define STYLE_SHEET "/org/gander/Gander/cli/report.css"

/* The deepest stack that is written out. */
#define MAX_FRAMES 40

/* More rows than fit on a page of paper may be broken. */
#define LONG_TABLE 12

/* What the columns of tables and the states of the summary are drawn as. */
static const struct
{
  const char *name;
  const char *style;
} styles[] = {
  /* columns */
  { "running", "running" },
  { "sched-wait", "runnable" },
  { "syscall", "syscall" },
  { "blocking-syscall", "syscall" },
  { "sync-block", "blocked" },
  { "network-wait", "blocked" },
  { "sleep", "blocked" },
  { "gc-wait", "blocked" },
  { "other-wait", "blocked" },
  { "go-running", "running" },
  { "go-syscall", "syscall" },
  { "scheduling", "unknown" },
  { "idle", "unknown" },
  /* sections of which a row has one state */
  { "reasons", "blocked" },
  { "sync", "blocked" },
  { "net", "blocked" },
  { "sched", "runnable" },
  { "assists", "gc" },
  /* states of the summary */
  { "runnable", "runnable" },
  { "blocked", "blocked" },
  { "system call", "syscall" },
  { "system call, processor lost", "syscall" },
};

/* Returns: (nullable) */
static const char *
find_style (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i].name, name))
      return styles[i].style;
  return NULL;
}

/* A text from a trace, without characters that XML has no place for. */
static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *harmless = gander_text_escape (text);
  g_autofree char *escaped = g_markup_escape_text (harmless, -1);

  g_string_append (out, escaped);
}

static void
append_color (GString *out, const char *name, const GanderColor *color)
{
  g_string_append_printf (out,
                          "--%s:#%02x%02x%02x;",
                          name,
                          (guint)(color->r * 255 + 0.5),
                          (guint)(color->g * 255 + 0.5),
                          (guint)(color->b * 255 + 0.5));
}

static void
append_theme (GString *out, gboolean dark)
{
  const GanderTheme *theme = gander_theme_get (dark, FALSE);

  g_string_append (out, ":root{");
  append_color (out, "running", &theme->shade[GANDER_SHADE_RUNNING]);
  append_color (out, "runnable", &theme->shade[GANDER_SHADE_RUNNABLE]);
  append_color (out, "blocked", &theme->blocked_outline);
  append_color (out, "syscall", &theme->shade[GANDER_SHADE_SYSCALL]);
  append_color (out, "gc", &theme->shade[GANDER_SHADE_GC]);
  append_color (out, "stw", &theme->shade[GANDER_SHADE_STW]);
  append_color (out, "counter", &theme->counter);
  g_string_append (out, "}\n");
}

static void
append_style_sheet (GString *out)
{
  g_autoptr (GBytes) sheet =
      g_resource_lookup_data (gander_cli_get_resource (), STYLE_SHEET, 0, NULL);
  gsize size = 0;
  const char *text = sheet == NULL ? NULL : g_bytes_get_data (sheet, &size);

  g_string_append (out, "<style>\n");
  append_theme (out, FALSE);
  g_string_append (out, "@media screen and (prefers-color-scheme: dark) {\n");
  append_theme (out, TRUE);
  g_string_append (out, "}\n");
  g_string_append_len (out, text, (gssize)size);
  g_string_append (out, "</style>\n");
}

static void
append_head (GString *out, const GanderReportPage *page)
{
  g_autofree char *damage = gander_report_page_describe_damage (page);

  g_string_append (out,
                   "<!DOCTYPE html>\n"
                   "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
                   "<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta name=\"generator\" content=\"Gander " GANDER_VERSION "\"/>\n<title>");
  append_escaped (out, page->name);
  g_string_append (out, " – Go execution trace</title>\n");
  append_style_sheet (out);
  g_string_append (out, "</head>\n<body>\n<header>\n<h1>");
  append_escaped (out, page->name);
  g_string_append_printf (out, "</h1>\n<p class=\"dim\">%s</p>\n", page->subtitle);
  if (damage != NULL)
    g_string_append_printf (out, "<p class=\"warning\">%s</p>\n", damage);
  g_string_append (out, "</header>\n");
}

static void
append_contents (GString *out, const GanderReportPage *page)
{
  const char *chapter = NULL;

  g_string_append (out, "<nav aria-label=\"Chapters\">\n<a href=\"#timeline\">Timeline</a>\n");
  for (guint i = 0; i < page->sections->len; i++)
    {
      const GanderReportSection *section = &g_array_index (page->sections, GanderReportSection, i);

      if (section->chapter != chapter)
        g_string_append_printf (out,
                                "<a href=\"#chapter-%s\">%s</a>\n",
                                section->spec->id,
                                section->chapter);
      chapter = section->chapter;
    }
  g_string_append (out, "</nav>\n");
}

static void
append_facts (GString *out, const GanderReportPage *page)
{
  g_string_append (out, "<dl class=\"facts\">\n");
  for (guint i = 0; i < page->facts->len; i++)
    {
      const GanderReportFact *fact = &g_array_index (page->facts, GanderReportFact, i);
      g_string_append_printf (out,
                              "<div><dt>%s</dt><dd class=\"value\">%s</dd>"
                              "<dd class=\"about\">%s</dd></div>\n",
                              fact->label,
                              fact->value,
                              fact->note);
    }
  g_string_append (out, "</dl>\n");
}

static void
append_swatch (GString *out, const char *style)
{
  g_string_append_printf (out,
                          "<svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect "
                          "class=\"%s\" width=\"12\" height=\"12\" rx=\"3\"/></svg>",
                          style);
}

static void
append_legend (GString *out)
{
  static const struct
  {
    const char *style;
    const char *words;
  } entries[] = {
    { "running", "Running" },       { "runnable", "Waiting for a processor" },
    { "blocked", "Blocked" },       { "syscall", "In a system call" },
    { "gc", "Garbage collection" },
  };

  g_string_append (out, "<ul class=\"legend\">");
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_string_append (out, "<li>");
      append_swatch (out, entries[i].style);
      g_string_append_printf (out, "%s</li>", entries[i].words);
    }
  g_string_append (out, "</ul>\n");
}

/* Where the time of all goroutines went, in one bar. */
static void
append_times (GString *out, const GanderTimes *times)
{
  GanderTime gc = times->gc_work + times->gc_assist;
  GanderReportPart parts[] = {
    { "running", times->running - gc },
    { "gc", gc },
    { "runnable", times->runnable },
    { "syscall", times->syscall + times->syscall_blocked },
    { "blocked", gander_times_get_waiting (times) },
    { "unknown", times->unknown },
  };

  g_string_append (out, "<div class=\"large\">");
  gander_report_append_bar (out,
                            parts,
                            G_N_ELEMENTS (parts),
                            times->total,
                            "Parts of the time of all goroutines; the table has the numbers");
  g_string_append (out, "</div>\n");
  append_legend (out);
}

static void
append_figure (GString *out, const char *title, const GString *picture, const char *caption)
{
  if (picture->len > 0)
    g_string_append_printf (out,
                            "<section class=\"card\">\n<h3>%s</h3>\n<figure>%s<figcaption>%s"
                            "</figcaption></figure>\n</section>\n",
                            title,
                            picture->str,
                            caption);
}

static void
append_gc (GString *out, const GanderReportPage *page)
{
  g_autoptr (GString) heap = g_string_new (NULL);
  g_autoptr (GString) mmu = g_string_new (NULL);

  gander_report_append_heap (heap, page->report->index, &page->gc);
  append_figure (out,
                 "Live heap",
                 heap,
                 "Dashed: the goal it was to stay below. Red: the garbage collector marks.");
  if (page->gc.cycles.count > 0)
    gander_report_append_mmu (mmu, page->mmu);
  append_figure (out,
                 "What garbage collection left to the program",
                 mmu,
                 "The least share of the processors in any window of a length (minimum mutator "
                 "utilisation).");
}

static void
append_stack (GString *out, const GanderIndex *index, GanderStackId stack)
{
  guint depth = gander_index_get_stack_depth (index, stack);

  g_string_append (out, "<ol>");
  for (guint level = 0; level < MIN (depth, MAX_FRAMES); level++)
    {
      GanderFrame frame;
      g_autofree char *text = NULL;

      gander_index_get_frame (index, stack, level, &frame);
      text = gander_describe_frame (index, &frame);
      g_string_append (out, "<li>");
      append_escaped (out, text);
      g_string_append (out, "</li>");
    }
  if (depth > MAX_FRAMES)
    g_string_append_printf (out, "<li>… %u more</li>", depth - MAX_FRAMES);
  g_string_append (out, "</ol>");
}

/* The parts of a row's bar, by the names of the columns that have them. Returns: how many. */
static guint
get_parts (const GanderReportSection *section,
           guint row,
           char *const *columns,
           GanderReportPart *parts,
           GanderTime *sum)
{
  guint n = 0;

  *sum = 0;
  for (; columns[n] != NULL && n < GANDER_REPORT_MAX_COLUMNS; n++)
    {
      int column = gander_table_find_column (section->table, columns[n]);
      const char *style = find_style (section->spec->relative ? section->spec->id : columns[n]);

      g_assert (column >= 0 && style != NULL);
      parts[n].style = style;
      parts[n].length = gander_table_get_integer (section->table, row, (guint)column);
      *sum += parts[n].length;
    }
  return n;
}

static void
append_row_bar (GString *out,
                const GanderReportSection *section,
                guint row,
                char *const *columns,
                GanderTime largest)
{
  GanderReportPart parts[GANDER_REPORT_MAX_COLUMNS];
  GanderTime sum;
  guint n = get_parts (section, row, columns, parts, &sum);

  g_string_append (out, "<td class=\"share\">");
  gander_report_append_bar (out,
                            parts,
                            n,
                            section->spec->relative ? largest : sum,
                            section->spec->relative ? "Total, compared with the largest"
                                                    : "Parts of the total");
  g_string_append (out, "</td>");
}

/* A text that may be broken where a person would break it. */
static void
append_breakable (GString *out, const char *text)
{
  g_autofree char *harmless = gander_text_escape (text);

  for (const char *p = harmless; *p != '\0';)
    {
      gsize n = strcspn (p, "./") + 1;
      g_autofree char *part = NULL;

      n = MIN (n, strlen (p));
      part = g_markup_escape_text (p, (gssize)n);
      g_string_append (out, part);
      p += n;
      if (*p != '\0')
        g_string_append (out, "<wbr/>");
    }
}

/* The first cell of a row is its heading; with a stack it can be opened. */
static void
append_heading (GString *out,
                const GanderReportPage *page,
                const GanderReportSection *section,
                guint row)
{
  guint column = section->columns[0];
  gboolean number = gander_report_is_number (gander_table_get_column (section->table, column));
  g_autofree char *text = gander_report_format_cell (section->table, row, column);
  gboolean opens = section->stacks != NULL && section->stacks[row] != 0;
  const char *style = g_str_equal (section->spec->id, "states") ? find_style (text) : NULL;

  g_string_append_printf (out,
                          "<th scope=\"row\"%s>%s",
                          number ? "" : " class=\"text\"",
                          opens ? "<details><summary>" : "");
  if (style != NULL)
    append_swatch (out, style);
  if (number)
    append_escaped (out, text);
  else
    append_breakable (out, text);
  if (opens)
    {
      g_string_append (out, "</summary>");
      append_stack (out, page->report->index, section->stacks[row]);
      g_string_append (out, "</details>");
    }
  g_string_append (out, "</th>");
}

static void
append_cell (GString *out, const GanderReportSection *section, guint row, guint column)
{
  const GanderColumn *facts = gander_table_get_column (section->table, column);
  gboolean number = gander_report_is_number (facts);
  g_autofree char *text = gander_report_format_cell (section->table, row, column);
  gboolean zero = facts->type != GANDER_COLUMN_ID && g_str_equal (text, "0");

  g_string_append_printf (out,
                          "<td class=\"%s%s\">",
                          number ? "number" : "text",
                          zero ? " zero" : "");
  if (number)
    append_escaped (out, text);
  else
    append_breakable (out, text);
  g_string_append (out, "</td>");
}

static void
append_header (GString *out, const GanderReportSection *section)
{
  g_string_append (out, "<thead><tr>");
  for (guint i = 0; i < section->n_columns; i++)
    {
      const GanderColumn *column = gander_table_get_column (section->table, section->columns[i]);

      g_string_append_printf (out,
                              "<th scope=\"col\" class=\"%s\">%s</th>",
                              i > 0 && gander_report_is_number (column) ? "number" : "text",
                              column->title);
      if (i == 0 && section->spec->bar != NULL)
        g_string_append (out,
                         section->spec->relative
                             ? "<th scope=\"col\" class=\"share\"><span class=\"spoken\">Total, "
                               "drawn</span></th>"
                             : "<th scope=\"col\" class=\"share\">States</th>");
    }
  g_string_append (out, "</tr></thead>\n");
}

static void
append_table (GString *out, const GanderReportPage *page, const GanderReportSection *section)
{
  const char *bar = section->spec->bar;
  g_auto (GStrv) columns = g_strsplit (bar == NULL ? "" : bar, " ", -1);
  guint n_rows = gander_table_get_n_rows (section->table);
  GanderTime largest = 0;

  for (guint row = 0; row < n_rows && bar != NULL; row++)
    {
      GanderReportPart parts[GANDER_REPORT_MAX_COLUMNS];
      GanderTime sum;

      get_parts (section, row, columns, parts, &sum);
      largest = MAX (largest, sum);
    }
  g_string_append (out, "<div class=\"scroll\"><table>\n");
  append_header (out, section);
  g_string_append (out, "<tbody>\n");
  for (guint row = 0; row < n_rows; row++)
    {
      g_string_append (out, "<tr>");
      append_heading (out, page, section, row);
      if (bar != NULL)
        append_row_bar (out, section, row, columns, largest);
      for (guint i = 1; i < section->n_columns; i++)
        append_cell (out, section, row, section->columns[i]);
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</tbody></table></div>\n");
}

static void
append_section (GString *out, const GanderReportPage *page, const GanderReportSection *section)
{
  const GanderReportSectionSpec *spec = section->spec;
  g_autofree char *note = gander_report_section_describe (section);
  gboolean is_long = gander_table_get_n_rows (section->table) > LONG_TABLE;

  g_string_append_printf (out,
                          "<section class=\"card%s\" id=\"%s\">\n",
                          is_long ? " long" : "",
                          spec->id);
  if (spec->title != NULL)
    g_string_append_printf (out, "<h3>%s</h3>\n", spec->title);
  if (*note != '\0')
    g_string_append_printf (out, "<p class=\"note\">%s</p>\n", note);
  if (g_str_equal (spec->id, "states"))
    append_times (out, &page->summary.times);
  append_table (out, page, section);
  g_string_append (out, "</section>\n");
}

/* Writes what there is, so that the whole document need not be in memory. */
static void
write_out (GanderOutput *output, GString *out)
{
  gander_output_write (output, out->str, (gssize)out->len);
  g_string_truncate (out, 0);
}

gboolean
gander_report_write_html (const GanderReport *self, GanderOutput *output, GError **error)
{
  g_autoptr (GanderReportPage) page = gander_report_page_new (self, error);
  g_autoptr (GString) out = g_string_new (NULL);
  const char *chapter = NULL;

  if (page == NULL)
    return FALSE;
  append_head (out, page);
  append_contents (out, page);
  g_string_append (out, "<main>\n");
  append_facts (out, page);
  g_string_append (out, "<h2 id=\"timeline\">Timeline</h2>\n<section class=\"card\"><figure>");
  gander_report_append_timeline (out, self->index);
  g_string_append (out, "</figure></section>\n");
  write_out (output, out);
  for (guint i = 0; i < page->sections->len; i++)
    {
      const GanderReportSection *section = &g_array_index (page->sections, GanderReportSection, i);

      if (section->chapter != chapter)
        g_string_append_printf (out,
                                "<h2 id=\"chapter-%s\">%s</h2>\n",
                                section->spec->id,
                                section->chapter);
      if (g_str_equal (section->spec->id, "pauses"))
        append_gc (out, page);
      chapter = section->chapter;
      append_section (out, page, section);
      write_out (output, out);
    }
  g_string_append (out,
                   "</main>\n<footer>Made by Gander " GANDER_VERSION
                   ". “gander-cli report --format json” writes every row of these tables, "
                   "exact to the nanosecond.</footer>\n</body>\n</html>\n");
  write_out (output, out);
  return TRUE;
}
