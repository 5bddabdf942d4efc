/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Two traces side by side: A before, B after. Comparing a trace with itself finds nothing, and
 * swapping the two flips every sign.
 */

#include "analysis/metrics.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_VERDICT_SAME,    /* changed by less than 3 % */
  GANDER_VERDICT_NEUTRAL, /* changed, but neither way is better */
  GANDER_VERDICT_BETTER,
  GANDER_VERDICT_WORSE,
  GANDER_N_VERDICTS,
} GanderVerdict;

/* Returns: (transfer none) "same", "neutral", "better", "worse". */
const char *gander_verdict_get_id (GanderVerdict verdict);

typedef struct
{
  GanderMetric metric;
  gint64 a;
  gint64 b;
  gint64 change;  /* b - a */
  double percent; /* change of a hundred of a; 0 when both are 0, ±INFINITY when only a is */
  GanderVerdict verdict;
} GanderDifference;

typedef struct
{
  GanderDifference rows[GANDER_N_METRICS]; /* in the order of metrics.def */
} GanderComparison;

/* Never fails; the two may come from different traces, ranges and machines. */
void gander_compare (const GanderMetrics *a, const GanderMetrics *b, GanderComparison *out);

/* Returns: (transfer full) a value, or with @sign a change, in the unit of @metric: "16.47 ms",
 * "+1,204", "−3.1 MiB". */
char *
gander_compare_format (GanderMetric metric, gint64 value, gboolean sign) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) "+12 %", "−3.4 %", ">+999 %", "new", "gone", "" when nothing changed. */
char *gander_compare_format_percent (const GanderDifference *row) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) "B is 38 % faster (1.842 s → 1.142 s). Select fell by 65 %. Waiting for
 * a processor rose by 12 %." */
char *gander_compare_verdict (const GanderComparison *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) a row per metric for people: words, signs and units. */
GanderTable *
gander_compare_get_shown_table (const GanderComparison *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) a row per metric for programs: id, unit, a, b, change, ratio (not a
 * number where A is 0), verdict. */
GanderTable *gander_compare_get_table (const GanderComparison *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
