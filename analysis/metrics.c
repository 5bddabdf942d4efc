/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/metrics.h"

#define N_(text) text

#define METRIC(NAME, id, label, unit, better, indent, state, value)                       \
  [GANDER_METRIC_##NAME] = {                                                              \
    id, label, GANDER_COLUMN_##unit, GANDER_BETTER_##better, indent, GANDER_STATE_##state \
  },
static const GanderMetricSpec specs[GANDER_N_METRICS] = {
#include "analysis/metrics.def"
};
#undef METRIC

const GanderMetricSpec *
gander_metric_get_spec (GanderMetric metric)
{
  g_return_val_if_fail (metric < GANDER_N_METRICS, NULL);
  return &specs[metric];
}

gboolean
gander_metrics_compute (const GanderIndex *index,
                        GanderTime begin,
                        GanderTime end,
                        GanderMetrics *out,
                        GCancellable *cancellable,
                        GError **error)
{
  GanderSummary summary;
  const GanderSummary *s = &summary;

  if (!gander_summary_compute (index, begin, end, &summary, cancellable, error))
    return FALSE;
#define METRIC(NAME, id, label, unit, better, indent, state, expression) \
  out->value[GANDER_METRIC_##NAME] = (gint64)(expression);
#include "analysis/metrics.def"
#undef METRIC
  return TRUE;
}
