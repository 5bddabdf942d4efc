/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One run of a command: what was asked, and the ways in and out that commands share. */

#include "analysis/analysis.h"
#include "app/cli/cli-options.h"
#include "app/cli/cli-output.h"
#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct _GanderCommand GanderCommand;

typedef struct
{
  const GanderCommand *command;
  GanderCliOptions options;
  char **files;       /* NULL-terminated */
  const char *format; /* of the command's formats; "" when it has none */
  GCancellable *cancellable;
  gboolean show_progress;
  gboolean color_errors;
  gboolean damaged;       /* something that was read is damaged */
  GanderTimesStyle times; /* --time; the clock is that of the last trace loaded */
  char *hint;             /* lines to show below an error, or NULL */
  GPtrArray *indexes;     /* (nullable) GanderIndex: all that were loaded */
} GanderCall;

/* Loads a trace with progress, and warns about its damage. */
GanderIndex *
gander_call_load (GanderCall *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Looks whether all that was read from the indexes so far was as it had been written. One that was
 * not is removed from the cache.
 *
 * Returns: FALSE with GANDER_READER_ERROR_BAD_INDEX when a figure may be wrong. */
gboolean gander_call_check_indexes (const GanderCall *self, GError **error);

/* What gander_load () is to be asked with. */
void gander_call_get_load_options (const GanderCall *self, GanderLoadOptions *out);

/* Puts the file's name before what the reader found wrong in it; errors of files have it already.
 */
void gander_call_name_file (const char *path, GError **error);

/* Says on standard error that a trace is damaged, and keeps it for --strict. @number counts the
 * damages of one trace from 0: only the first few are told without --verbose. */
void
gander_call_warn (GanderCall *self, const char *path, const GanderDamage *damage, guint number);

/* Says how many damages were not told, if any. */
void gander_call_warn_rest (GanderCall *self, const char *path, guint number);

/* Writes a note for people on standard error, unless --quiet. */
void gander_call_note (const GanderCall *self, const char *path, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Returns: (transfer full) (nullable) what option --@option says; NULL with a usage error. */
GRegex *gander_call_make_regex (const char *option,
                                const char *pattern,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (nullable) the part of the trace that --range, --goroutine, --func,
 * --task and --region leave, as far as the command has these options; NULL with a usage error. */
GanderScope *gander_call_get_scope (GanderCall *self,
                                    const GanderIndex *index,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What --filter asks of the rows of a table. */
typedef struct
{
  const GanderTable *table;
  GanderCondition *condition; /* NULL = nothing */
  guint row;
} GanderCallFilter;

/* Reads --filter for tables with the columns of @table, which must outlive the filter.
 *
 * Returns: FALSE with a usage error. */
gboolean gander_call_get_filter (GanderCall *self,
                                 const GanderTable *table,
                                 GanderCallFilter *out,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gander_call_filter_clear (GanderCallFilter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCallFilter, gander_call_filter_clear)

/* A GanderRowFunc; @filter is a GanderCallFilter with a condition. */
gboolean gander_call_filter_fits (const GanderTable *table, guint row, gpointer filter);

/* Returns: FALSE with a usage error when --sort names no column of @table. */
gboolean gander_call_check_sort (const GanderCall *self,
                                 const GanderTable *table,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does to the rows of an answer what --filter, --sort and --top say, in this order. Without --sort
 * the rows stay as they are.
 *
 * Returns: FALSE with a usage error. */
gboolean gander_call_select_rows (GanderCall *self,
                                  GanderTable *table,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the hint that shows where in @text something is wrong. */
void gander_call_point_at (GanderCall *self, const char *text, gsize where);

/* Opens what --output says. */
GanderOutput *gander_call_open_output (GanderCall *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) the line that ends a text whose figures come from a damaged trace, or
 * "". */
const char *gander_call_get_remark (const GanderCall *self);

/* Writes a table in the call's format: text, csv or tsv. Text of a damaged trace ends with a line
 * that says so. */
void
gander_call_write_table (const GanderCall *self, GanderOutput *output, const GanderTable *table);

/* Whether text on @output is to be coloured. */
gboolean gander_call_use_color (const GanderCall *self, const GanderOutput *output);

G_END_DECLS
