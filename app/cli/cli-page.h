/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A page for people: lines with a label, then tables with a title. */

#include "app/cli/cli-call.h"

G_BEGIN_DECLS

/* Writes "Label          text"; control characters in the text are escaped. */
void gander_page_line (GanderOutput *output, const char *label, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Writes an empty line, the title and the first @n_rows rows of @table; nothing when it has none.
 * @more (nullable) is what to ask with for the rest. */
void gander_page_table (const GanderCall *call,
                        GanderOutput *output,
                        const char *title,
                        GanderTable *table,
                        guint n_rows,
                        const char *more);

/* Writes what part of the trace the page is about, unless it is all. */
void gander_page_range (GanderOutput *output,
                        const GanderIndex *index,
                        GanderTime begin,
                        GanderTime end);

/* Writes whether the trace is damaged and figures are "at least". */
void gander_page_damage (GanderOutput *output, guint n_damage);

/* Returns: (transfer full) a duration in four digits. */
char *gander_page_duration (GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) "47.3 MiB". */
char *gander_page_bytes (guint64 bytes) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: @part of @whole in percent; 0 of nothing. */
double gander_page_percent (GanderTime part, GanderTime whole);

G_END_DECLS
