/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A table as text: aligned for people, separated for programs. */

#include "analysis/table.h"

G_BEGIN_DECLS

/* Takes away what is in @text, so that a large table need not be in memory as a text. */
typedef void (*GanderTextFlush) (GString *text, gpointer data);

/* Appends a header line and a line per row, columns aligned; control characters are escaped. */
void gander_table_write_text (const GanderTable *self, GString *out);

/* The same with times as @style says; @flush (nullable) is called between lines. */
void gander_table_write_text_styled (const GanderTable *self,
                                     const GanderTimesStyle *style,
                                     GString *out,
                                     GanderTextFlush flush,
                                     gpointer data);

/* Appends RFC 4180 with ',' or the same with '\t': column ids, then raw numbers (ns, bytes) and
 * texts. A text that a spreadsheet would take for a formula gets a leading apostrophe. */
void gander_table_write_separated (const GanderTable *self,
                                   char separator,
                                   GString *out,
                                   GanderTextFlush flush,
                                   gpointer data);

G_END_DECLS
