/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Regions: how long the named parts of a program took, and where the time went, exactly. Nested
 * regions count each in full. A region that began before the trace begins with its goroutine; one
 * that never ended ends with the trace.
 */

#include "analysis/quantiles.h"
#include "analysis/regions-walk.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Which tasks and regions a question is about. Those that have a part in [begin, end) count, with
 * their whole duration; of where their time went only the part inside counts, so that the answers
 * for two adjacent ranges add up. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  const GRegex *name;      /* the type matches; NULL = all */
  GanderTime min_duration; /* 0 = all */
} GanderUserFilter;

/* All of the trace. */
void gander_user_filter_init (GanderUserFilter *self, const GanderIndex *index);

/* Time spent waiting for one reason. */
typedef struct
{
  GanderStringId reason;
  GanderTime time;
} GanderReasonTime;

/* The regions of one type: of one goroutine, or all. */
typedef struct
{
  GanderLaneId lane; /* the goroutine; NONE in a row about all */
  GanderStringId type;
  guint32 n_goroutines; /* that had such a region: lives */
  guint32 n_open;       /* never ended */
  guint32 n_open_start; /* began before the trace */
  guint64 transitions;  /* of the goroutine between two states, inside */
  GanderQuantiles durations;
  GanderSplit split;
  const GanderReasonTime *waits; /* none is 0, by reason text */
  guint n_waits;
} GanderRegionRow;

typedef struct _GanderRegions GanderRegions;

/* Returns: (transfer full) (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderRegions *gander_regions_compute (const GanderIndex *index,
                                       const GanderUserFilter *filter,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same but for rows per goroutine: there are none then, and it takes less time and memory. */
GanderRegions *gander_regions_compute_types (const GanderIndex *index,
                                             const GanderUserFilter *filter,
                                             GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_regions_free (GanderRegions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderRegions, gander_regions_free)

/* Returns: (transfer none) (array length=n) a row per goroutine and type, by goroutine id, life and
 * type. */
const GanderRegionRow *gander_regions_get_by_goroutine (const GanderRegions *self, guint32 *n);

/* Returns: (transfer none) (array length=n) a row per type, by type. */
const GanderRegionRow *gander_regions_get_by_type (const GanderRegions *self, guint32 *n);

/* Returns: (transfer none) (array length=n) the durations of a type, @row being that of
 * gander_regions_get_by_type (), ascending. */
const GanderTime *gander_regions_get_durations (const GanderRegions *self, guint32 row, guint32 *n);

G_END_DECLS
