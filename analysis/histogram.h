/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How durations spread, in steps of 1, 2, 5, 10, …: three a decade, the same for every trace, so
 * that two histograms can be laid side by side.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* 0, then 1 ns to 5e18 ns. */
#define GANDER_HISTOGRAM_BUCKETS 58

typedef struct
{
  guint64 counts[GANDER_HISTOGRAM_BUCKETS];
} GanderHistogram;

/* Returns: the least duration of @bucket; one bucket further, the least that is too long for it. */
GanderTime gander_histogram_get_edge (guint bucket);

/* Counts @duration in its bucket, a negative one in the first. */
void gander_histogram_add (GanderHistogram *self, GanderTime duration);

/* Returns: FALSE when nothing was counted, else TRUE and the first and the last bucket that are not
 * empty. */
gboolean gander_histogram_get_extent (const GanderHistogram *self, guint *first, guint *last);

G_END_DECLS
