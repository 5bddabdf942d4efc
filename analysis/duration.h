/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Durations as text. Go's own form ("1.5ms", "2h45m0s") is what the command line prints and
 * reads; the short form ("16.47 ms") and the exact one ("16.469 218 ms") are for the window.
 * All are the same in every locale.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* Reads what Go's time.ParseDuration reads: a sign, then decimal numbers with the units ns, us, µs,
 * ms, s, m, h; or "0". Fractions of a nanosecond are dropped.
 *
 * Returns: TRUE and @out in nanoseconds, or FALSE with GANDER_ANALYSIS_ERROR_BAD_DURATION. */
gboolean
gander_duration_parse (const char *text, GanderTime *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the text of Go's Duration.String, "1.5ms", "2h45m0s", "0s"; exact. */
char *gander_duration_to_string (GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: @duration rounded to four significant digits, half away from zero; what tables for
 * people print with gander_duration_to_string (). */
GanderTime gander_duration_round (GanderTime duration);

/* Returns: (transfer full) at most four significant digits and one unit after a narrow no-break
 * space: "478 µs", "16.47 ms", "1.842 s", "2 m 04 s". */
char *gander_duration_to_short (GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) every nanosecond, digits in threes: "16.469 218 ms". */
char *gander_duration_to_exact (GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
