/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The main figures of a trace as one list of numbers, for putting two traces side by side. The
 * list is metrics.def; a figure is added there and nowhere else.
 */

#include "analysis/summary.h"

G_BEGIN_DECLS

typedef enum
{
#define METRIC(NAME, id, label, unit, better, indent, state, value) GANDER_METRIC_##NAME,
#include "analysis/metrics.def"
#undef METRIC
  GANDER_N_METRICS,
} GanderMetric;

typedef enum
{
  GANDER_BETTER_NEUTRAL, /* neither more nor less is better */
  GANDER_BETTER_LESS,
} GanderBetter;

typedef struct
{
  const char *id;        /* for machines */
  const char *label;     /* for people, untranslated, marked for translation */
  GanderColumnType unit; /* DURATION, COUNT or BYTES */
  GanderBetter better;
  guint indent;      /* 1 = a part of the one above it */
  GanderState state; /* whose colour stands for it; NONE = none */
} GanderMetricSpec;

/* Returns: (transfer none) */
const GanderMetricSpec *gander_metric_get_spec (GanderMetric metric);

typedef struct
{
  gint64 value[GANDER_N_METRICS];
} GanderMetrics;

/* Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_metrics_compute (const GanderIndex *index,
                                 GanderTime begin,
                                 GanderTime end,
                                 GanderMetrics *out,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
