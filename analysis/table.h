/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* An answer: rows under named columns of one type each. Made by analysis/, shown by views and
 * printed by the command line; neither knows what the table is about.
 */

#include "reader/reader.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  GANDER_COLUMN_TEXT,
  GANDER_COLUMN_FIGURE, /* a number in words, of any unit: a text that is aligned right */
  GANDER_COLUMN_COUNT,
  GANDER_COLUMN_ID,       /* a number that names something: not summed, no separators; -1 = none */
  GANDER_COLUMN_DURATION, /* ns */
  GANDER_COLUMN_TIME,     /* ns since the trace began; -1 = not in the trace */
  GANDER_COLUMN_BYTES,
  GANDER_COLUMN_SHARE, /* 0 to 1; not a number = unknown */
  GANDER_N_COLUMN_TYPES,
} GanderColumnType;

typedef struct
{
  const char *id;    /* for machines and --sort: "sched-wait" */
  const char *title; /* for people, untranslated: "Sched wait" */
  GanderColumnType type;
  gboolean detail; /* for programs and wide views; left out of text for people */
} GanderColumn;

typedef struct _GanderTable GanderTable;

/* The texts of @columns must outlive the table: they are static data of whoever answers. */
GanderTable *gander_table_new (const GanderColumn *columns,
                               guint n_columns) G_GNUC_WARN_UNUSED_RESULT;
GanderTable *gander_table_ref (GanderTable *self) G_GNUC_WARN_UNUSED_RESULT;
void gander_table_unref (GanderTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderTable, gander_table_unref)

guint gander_table_get_n_columns (const GanderTable *self);
const GanderColumn *gander_table_get_column (const GanderTable *self, guint column);
/* Returns: the number of the column, or -1. */
int gander_table_find_column (const GanderTable *self, const char *id);
guint gander_table_get_n_rows (const GanderTable *self);

/* Returns: the number of a new row, all zero and "". */
guint gander_table_append (GanderTable *self);
/* TEXT and FIGURE. */
void gander_table_set_text (GanderTable *self, guint row, guint column, const char *text);
/* COUNT, ID, DURATION, TIME and BYTES. */
void gander_table_set_integer (GanderTable *self, guint row, guint column, gint64 value);
void gander_table_set_share (GanderTable *self, guint row, guint column, double share);

/* Returns: (transfer none) */
const char *gander_table_get_text (const GanderTable *self, guint row, guint column);
gint64 gander_table_get_integer (const GanderTable *self, guint row, guint column);
double gander_table_get_share (const GanderTable *self, guint row, guint column);

/* One cell or figure whose type is known only when the program runs; which member holds depends on
 * the type. */
typedef struct
{
  GanderColumnType type;
  const char *text; /* TEXT and FIGURE; (unowned) */
  gint64 integer;   /* COUNT, ID, DURATION, TIME, BYTES */
  double share;     /* SHARE */
} GanderValue;

/* Reads a cell of any type; its text lives as long as the table. */
void gander_table_get_value (const GanderTable *self, guint row, guint column, GanderValue *out);

/* How times are written for people. */
typedef enum
{
  GANDER_TIMES_AUTO, /* "16.47ms", four digits; instants count from the begin of the trace */
  GANDER_TIMES_NS,   /* "16470123ns", exact */
  GANDER_TIMES_WALL, /* instants as "2026-01-31 12:34:56.123456789", UTC; durations as AUTO */
} GanderTimesForm;

typedef struct
{
  GanderTimesForm form;
  gint64 wall_ns; /* Unix nanoseconds of the begin of the trace, for WALL */
} GanderTimesStyle;

/* Returns: (transfer full) a value for people, as gander_table_format_cell () writes it with style
 * AUTO. */
char *gander_value_format (const GanderValue *value,
                           const GanderTimesStyle *style) G_GNUC_WARN_UNUSED_RESULT;

/* Orders the rows by one column; equal rows keep their order. */
void gander_table_sort (GanderTable *self, guint column, gboolean descending);

/* Keeps the rows that @keep says TRUE of, in their order. */
typedef gboolean (*GanderRowFunc) (const GanderTable *self, guint row, gpointer data);
void gander_table_filter (GanderTable *self, GanderRowFunc keep, gpointer data);

/* Keeps the first @n_rows rows. */
void gander_table_truncate (GanderTable *self, guint n_rows);

/* Returns: (transfer full) a cell for people, in plain ASCII but for texts and µs: "1,234",
 * "16.47ms", "47.3MiB", "38.2%", "-" for no time. */
char *gander_table_format_cell (const GanderTable *self,
                                guint row,
                                guint column) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
