/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Small texts that every answer needs: counts, bytes, shares, shortened Go names, and names from
 * a trace made harmless. The same in every locale.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* Returns: (transfer full) "1,234,567". */
char *gander_text_count (gint64 count) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) "512 B", "47.3 MiB"; a narrow no-break space before the unit. */
char *gander_text_bytes (gint64 bytes) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a size: a number and, as it may be, B, kB, MB, …, KiB, MiB, …, or K, M, G (1024, its
 * square, its cube).
 *
 * Returns: FALSE when it is none, or too large. */
gboolean gander_text_parse_bytes (const char *text, gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* @share is 0 to 1.
 *
 * Returns: (transfer full) "38 %", below 10 % with one decimal. */
char *gander_text_share (double share) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) @text with control characters and characters that change the direction
 * of writing as \n, \t, \x1b, \u202e, so that a name from a trace cannot command a terminal.
 * Bytes that are no UTF-8 become \xff. */
char *gander_text_escape (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) Go's function name without the path of its package: the part from the
 * last element on, "http.(*conn).serve" of "net/http.(*conn).serve". Points into @function. */
const char *gander_text_short_function (const char *function);

/* Returns: (transfer none) the last element of a path. Points into @file. */
const char *gander_text_short_file (const char *file);

G_END_DECLS
