/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-page.h"

#include <math.h>

#define N_(text) text

static void
fact_clear (gpointer data)
{
  GanderReportFact *fact = data;

  g_free (fact->value);
  g_free (fact->note);
}

static void
section_clear (gpointer data)
{
  GanderReportSection *section = data;

  gander_table_unref (section->table);
  g_free (section->stacks);
}

/* @value and @note are transfer full. */
static void
add_fact (GanderReportPage *self, const char *label, char *value, char *note)
{
  GanderReportFact fact = { label, value, note };

  if (self->n_losses > 0)
    {
      g_autofree char *certain = fact.value;
      fact.value = g_strconcat ("at least ", certain, NULL);
    }
  g_array_append_val (self->facts, fact);
}

static void
add_counts (GanderReportPage *self)
{
  const GanderFacts *facts = self->summary.facts;
  g_autofree char *events = gander_text_count ((gint64)facts->n_events);
  g_autofree char *alive = gander_text_count ((gint64)self->summary.alive);
  GanderTime length = self->summary.end - self->summary.begin;
  double busy = length == 0 ? 0 : (double)self->summary.procs_running / (double)length;

  add_fact (self,
            N_ ("Duration"),
            gander_duration_to_short (facts->duration),
            g_strdup_printf ("%s events", events));
  add_fact (self,
            N_ ("Goroutines"),
            gander_text_count (facts->n_goroutines),
            g_strdup_printf ("%s at the end", alive));
  add_fact (self,
            N_ ("Processors busy"),
            g_strdup_printf ("%.1f of %u", busy, facts->n_procs),
            g_strdup ("on average"));
}

static void
add_gc (GanderReportPage *self)
{
  const GanderGc *gc = &self->gc;
  g_autofree char *cycles = gander_text_count ((gint64)gc->cycles.count);
  g_autofree char *pauses = gander_text_count ((gint64)gc->pauses.count);

  add_fact (self,
            N_ ("Garbage collection"),
            gander_text_share (gc->share),
            g_strdup_printf ("of running time, %s %s",
                             cycles,
                             gc->cycles.count == 1 ? "cycle" : "cycles"));
  add_fact (self,
            N_ ("Longest pause"),
            gander_duration_to_short (gc->pauses.longest),
            g_strdup_printf ("of %s that stopped the world", pauses));
}

static void
add_sched (GanderReportPage *self)
{
  for (guint i = 0; i < self->sections->len; i++)
    {
      const GanderReportSection *section = &g_array_index (self->sections, GanderReportSection, i);
      g_autofree char *count = gander_text_count ((gint64)section->figures.count);

      if (g_str_equal (section->spec->id, "sched"))
        add_fact (self,
                  N_ ("Wait for a processor"),
                  gander_duration_to_short (section->figures.p99),
                  g_strdup_printf ("99th percentile of %s waits", count));
    }
}

static char *
describe_origin (const GanderFacts *facts)
{
  g_autofree char *go = gander_describe_go_version (facts);
  g_autofree char *size = gander_text_bytes ((gint64)facts->bytes);
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (facts->wall_ns / G_GINT64_CONSTANT (1000000000));
  g_autofree char *seconds =
      time == NULL ? NULL : g_date_time_format (time, "%Y-%m-%d %H:%M:%S UTC");

  if (facts->wall_ns == 0 || seconds == NULL)
    return g_strdup_printf ("Recorded by Go %s, %s", go, size);
  return g_strdup_printf ("Recorded by Go %s on %s, %s", go, seconds, size);
}

static guint
count_losses (const GanderIndex *index)
{
  guint n = 0;

  for (guint32 row = 0; row < gander_index_get_n_damage (index); row++)
    {
      GanderDamage damage;

      gander_index_get_damage (index, row, &damage);
      n += gander_damage_get_severity (damage.code) == GANDER_SEVERITY_LOSS;
    }
  return n;
}

static void
find_columns (const GanderReportSectionSpec *spec, GanderReportSection *section)
{
  g_auto (GStrv) names = g_strsplit (spec->columns, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      int column = gander_table_find_column (section->table, names[i]);

      g_assert (column >= 0 && section->n_columns < GANDER_REPORT_MAX_COLUMNS);
      section->columns[section->n_columns++] = (guint)column;
    }
}

/* A section without rows is left out. */
static gboolean
add_section (GanderReportPage *self,
             const GanderReportSectionSpec *spec,
             const char *chapter,
             GError **error)
{
  GanderReportSection section = { .spec = spec, .chapter = chapter };

  if (!spec->make (self, spec->what, &section, error))
    return FALSE;
  section.n_rows = gander_table_get_n_rows (section.table);
  if (section.n_rows == 0)
    {
      section_clear (&section);
      return TRUE;
    }
  gander_table_truncate (section.table, spec->top);
  gander_tasks_add_words (section.table);
  find_columns (spec, &section);
  g_array_append_val (self->sections, section);
  return TRUE;
}

static gboolean
compute (GanderReportPage *self, GError **error)
{
  const GanderReport *report = self->report;
  GanderTime begin = gander_scope_get_begin (report->scope);
  GanderTime end = gander_scope_get_end (report->scope);
  const GanderReportSectionSpec *specs;
  const char *chapter = NULL;
  guint n_specs;

  self->mmu = gander_mmu_new (report->index, begin, end, report->cancellable, error);
  if (self->mmu == NULL ||
      !gander_summary_compute (report->index,
                               begin,
                               end,
                               &self->summary,
                               report->cancellable,
                               error) ||
      !gander_gc_compute (report->index, begin, end, &self->gc, report->cancellable, error))
    return FALSE;
  specs = gander_report_get_section_specs (&n_specs);
  for (guint i = 0; i < n_specs; i++)
    {
      if (specs[i].chapter != NULL)
        chapter = specs[i].chapter;
      if (!add_section (self, &specs[i], chapter, error))
        return FALSE;
    }
  return TRUE;
}

GanderReportPage *
gander_report_page_new (const GanderReport *report, GError **error)
{
  g_autoptr (GanderReportPage) self = g_new0 (GanderReportPage, 1);
  const GanderFacts *facts = gander_index_get_facts (report->index);

  self->report = report;
  self->name = g_filename_display_basename (facts->path);
  self->subtitle = describe_origin (facts);
  self->n_losses = count_losses (report->index);
  self->facts = g_array_new (FALSE, FALSE, sizeof (GanderReportFact));
  g_array_set_clear_func (self->facts, fact_clear);
  self->sections = g_array_new (FALSE, FALSE, sizeof (GanderReportSection));
  g_array_set_clear_func (self->sections, section_clear);
  if (!compute (self, error))
    return NULL;
  add_counts (self);
  add_sched (self);
  add_gc (self);
  return g_steal_pointer (&self);
}

void
gander_report_page_free (GanderReportPage *self)
{
  g_array_unref (self->facts);
  g_array_unref (self->sections);
  g_free (self->name);
  g_free (self->subtitle);
  gander_gc_clear (&self->gc);
  g_clear_pointer (&self->mmu, gander_mmu_free);
  g_free (self);
}

char *
gander_report_section_describe (const GanderReportSection *section)
{
  GString *text = g_string_new (section->spec->note);
  guint n = gander_table_get_n_rows (section->table);
  g_autofree char *all = gander_text_count (section->n_rows);

  if (n < section->n_rows)
    g_string_append_printf (text, "%sThe first %u of %s.", text->len > 0 ? " " : "", n, all);
  return g_string_free (text, FALSE);
}

char *
gander_report_page_describe_damage (const GanderReportPage *self)
{
  if (self->n_losses == 0)
    return NULL;
  return g_strdup_printf ("This trace is damaged: events are missing in %u %s. Every count and "
                          "time "
                          "is at least what is said here.",
                          self->n_losses,
                          self->n_losses == 1 ? "place" : "places");
}

static char *
format_integer (GanderColumnType type, gint64 value)
{
  switch (type)
    {
    case GANDER_COLUMN_DURATION:
      return value == 0 ? g_strdup ("0") : gander_duration_to_short (value);
    case GANDER_COLUMN_TIME:
      return value < 0 ? g_strdup ("–") : gander_duration_to_short (value);
    case GANDER_COLUMN_BYTES:
      return gander_text_bytes (value);
    case GANDER_COLUMN_ID:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value);
    default:
      return gander_text_count (value);
    }
}

gboolean
gander_report_is_number (const GanderColumn *column)
{
  return column->type != GANDER_COLUMN_TEXT && column->type != GANDER_COLUMN_FIGURE;
}

char *
gander_report_format_cell (const GanderTable *table, guint row, guint column)
{
  GanderColumnType type = gander_table_get_column (table, column)->type;

  if (type == GANDER_COLUMN_TEXT || type == GANDER_COLUMN_FIGURE)
    return gander_text_escape (gander_table_get_text (table, row, column));
  if (type == GANDER_COLUMN_SHARE)
    {
      double share = gander_table_get_share (table, row, column);
      return isnan (share) ? g_strdup ("–") : gander_text_share (share);
    }
  return format_integer (type, gander_table_get_integer (table, row, column));
}
