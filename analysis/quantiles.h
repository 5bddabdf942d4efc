/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A bag of durations and what is said of it: number, sum, extremes and percentiles by nearest rank
 * of the real values, not of bins.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 count;
  GanderTime total;
  GanderTime min;
  GanderTime max;
  GanderTime p50;
  GanderTime p95;
  GanderTime p99;
} GanderQuantiles;

typedef struct
{
  GanderTime *values;
  gsize n;
  gsize capacity;
  gboolean sorted;
} GanderDurations;

void gander_durations_add (GanderDurations *self, GanderTime duration);
void gander_durations_add_all (GanderDurations *self, const GanderDurations *other);

/* Sorts the values. Returns: the @percent-th percentile, the value number max (1, ceil (percent · n
 * / 100)); 0 of nothing. */
GanderTime gander_durations_get_percentile (GanderDurations *self, guint percent);

/* Sorts the values. */
void gander_durations_get_quantiles (GanderDurations *self, GanderQuantiles *out);

/* Forgets the values, and keeps the memory for others. */
void gander_durations_empty (GanderDurations *self);

void gander_durations_clear (GanderDurations *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderDurations, gander_durations_clear)

G_END_DECLS
