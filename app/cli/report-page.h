/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The report for people, before it is laid out: a few facts, then chapters of short tables.
 * Markdown and HTML say the same; HTML adds pictures. Tables are cut so that a report of a large
 * trace is no longer than one of a small trace.
 */

#include "app/cli/report.h"

G_BEGIN_DECLS

/* One of the figures that a reader wants first. */
typedef struct
{
  const char *label; /* "Longest pause" */
  char *value;       /* "120 µs" */
  char *note;        /* "of 24 for garbage collection" */
} GanderReportFact;

#define GANDER_REPORT_MAX_COLUMNS 14

typedef struct _GanderReportSectionSpec GanderReportSectionSpec;

typedef struct
{
  const GanderReportSectionSpec *spec; /* (unowned) */
  const char *chapter;                 /* that it belongs to */
  GanderTable *table;
  guint n_rows; /* before it was cut */
  guint n_columns;
  guint columns[GANDER_REPORT_MAX_COLUMNS]; /* of the table, those that are shown */
  GanderStackId *stacks;                    /* (nullable) by row */
  GanderProfileFigures figures;             /* of a profile, all its records together */
} GanderReportSection;

/* Everything that the formats for people say, and what their pictures are made of. */
typedef struct
{
  const GanderReport *report;
  char *name;       /* of the file, without its folders */
  char *subtitle;   /* "Recorded by Go 1.26 on …" */
  guint n_losses;   /* places where events were lost: all figures say "at least" */
  GArray *facts;    /* of GanderReportFact */
  GArray *sections; /* of GanderReportSection */
  GanderSummary summary;
  GanderGc gc;
  GanderMmu *mmu;
} GanderReportPage;

/* How a section is made and shown. */
struct _GanderReportSectionSpec
{
  const char *chapter; /* heading of the chapter; NULL = as the one before */
  const char *id;
  const char *title; /* (nullable) heading of the table */
  const char *note;  /* (nullable) what its figures mean */
  const char *columns;
  const char *bar;   /* (nullable) columns whose parts of a whole are drawn, by state: "running" */
  gboolean relative; /* bars are as long as their rows are large, compared with the largest */
  guint top;
  gboolean (*make) (const GanderReportPage *page,
                    guint what,
                    GanderReportSection *out,
                    GError **error);
  guint what;
};

/* Returns: (transfer none) (array length=n) the sections that a report may have, in order. */
const GanderReportSectionSpec *gander_report_get_section_specs (guint *n);

/* Returns: (transfer full) (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderReportPage *gander_report_page_new (const GanderReport *report,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gander_report_page_free (GanderReportPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderReportPage, gander_report_page_free)

/* Returns: (transfer full) what the figures mean, and "The first 20 of 1,284." when rows were left
 * out; "" when there is nothing to say. */
char *gander_report_section_describe (const GanderReportSection *section) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (nullable) a sentence about what is missing, NULL of a sound trace. */
char *gander_report_page_describe_damage (const GanderReportPage *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: whether the column is laid out as a number: to the right. */
gboolean gander_report_is_number (const GanderColumn *column);

/* Returns: (transfer full) a cell in words, without characters that would command anything: "16.47
 * ms", "38 %". */
char *gander_report_format_cell (const GanderTable *table,
                                 guint row,
                                 guint column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
