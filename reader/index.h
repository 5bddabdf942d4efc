/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The index of one trace: a read-only mapped file with everything that pictures and figures
 * are made of. It never changes, so any thread may read it; whoever shows something from it
 * holds a reference. Strings and rows point into the mapping and live as long as the index.
 */

#include "reader/damage.h"
#include "reader/event.h"
#include "reader/types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanderIndex GanderIndex;

GanderIndex *gander_index_ref (GanderIndex *self) G_GNUC_WARN_UNUSED_RESULT;
void gander_index_unref (GanderIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderIndex, gander_index_unref)

/* Facts about the trace as a whole. */
typedef struct
{
  const char *path;      /* as it was opened */
  guint go_version;      /* 22 for "go 1.22 trace" */
  gboolean newer_format; /* newer than this program knows, read as the newest known */
  guint64 bytes;         /* of the trace, unpacked */
  guint64 n_events;      /* Sync events included */
  guint64 n_transitions; /* goroutine transitions between two different states */
  GanderTime duration;   /* the window is [0, duration) */
  gint64 start_clock_ns; /* trace clock at 0 */
  gint64 wall_ns;        /* Unix ns at 0, or 0 when the trace does not tell */
  guint32 n_goroutines;
  guint32 n_procs;
  guint32 n_threads;
  guint32 gomaxprocs;     /* largest seen, 0 = not told */
  gboolean starts_midway; /* goroutines were there before tracing began, beyond the usual ones */
} GanderFacts;

const GanderFacts *gander_index_get_facts (const GanderIndex *self);

/* Returns: (transfer none) (nullable) why the index could not be kept for the next time, as words
 * that go on "the index was not kept: "; NULL when it was kept, or was not to be. */
const char *gander_index_get_cache_trouble (const GanderIndex *self);

/* Returns: TRUE once something was read that is not as it was written, or that the disk does not
 * give any more; what was answered there is nothing, or anything. Load again with rebuild set. Any
 * thread may ask, at any time: once TRUE it stays so. */
gboolean gander_index_is_broken (const GanderIndex *self);

/* Lanes. */
guint32 gander_index_get_n_lanes (const GanderIndex *self);
void gander_index_get_lane (const GanderIndex *self, GanderLaneId lane, GanderLane *out);
/* As gander_index_get_lane () but for the total, which costs more than all the rest and stays 0. */
void gander_index_get_life (const GanderIndex *self, GanderLaneId lane, GanderLane *out);
/* Returns: Go's number of a goroutine, processor or thread, -1 for NONE. */
gint64 gander_index_get_lane_id (const GanderIndex *self, GanderLaneId lane);
/* @first and @n: the lanes of a kind are consecutive. */
void gander_index_get_lanes_of (const GanderIndex *self,
                                GanderLaneKind kind,
                                GanderLaneId *first,
                                guint32 *n);
/* Returns: (transfer none) (array length=n) the lanes of a kind ordered by id, then life. */
const GanderLaneId *
gander_index_get_lanes_by_id (const GanderIndex *self, GanderLaneKind kind, guint32 *n);
/* Returns: the lane of Go's @id; for a goroutine id used again its last life; NONE if not there. */
GanderLaneId gander_index_find_lane (const GanderIndex *self, GanderLaneKind kind, gint64 id);

/* Groups by start function, and the lanes of each, ordered by id and life. */
guint32 gander_index_get_n_groups (const GanderIndex *self);
void gander_index_get_group (const GanderIndex *self, guint32 group, GanderGroup *out);
/* Returns: (transfer none) (array length=n) goroutine lanes. */
const GanderLaneId *
gander_index_get_group_lanes (const GanderIndex *self, guint32 group, guint32 *n);
guint32 gander_index_get_group_of (const GanderIndex *self, GanderLaneId goroutine);

/* What the goroutines of a group did in the whole trace, by kind of span: rows [first, first + n).
 * Sums over a whole trace need no walk over its spans. */
void
gander_index_get_totals_of (const GanderIndex *self, guint32 group, guint32 *first, guint32 *n);
guint32 gander_index_get_n_totals (const GanderIndex *self);
void gander_index_get_total (const GanderIndex *self, guint32 row, GanderTotal *out);

/* The waits that fell into regions and tasks, or all waits of each goroutine where there are few.
 * Not there for traces whose labels are too many or not sure. */
gboolean gander_index_has_label_totals (const GanderIndex *self);
guint32 gander_index_get_n_label_totals (const GanderIndex *self);
void gander_index_get_label_total (const GanderIndex *self, guint32 row, GanderLabelTotal *out);

/* Strings and stacks. Texts are valid UTF-8: bad bytes were replaced, control characters kept. */
const char *gander_index_get_string (const GanderIndex *self, GanderStringId id);
guint32 gander_index_get_n_strings (const GanderIndex *self);
/* What a reason string means; a table look-up. */
GanderWait gander_index_get_wait (const GanderIndex *self, GanderStringId reason);
guint gander_index_get_stack_depth (const GanderIndex *self, GanderStackId stack);
/* @level 0 is the leaf. */
void gander_index_get_frame (const GanderIndex *self,
                             GanderStackId stack,
                             guint level,
                             GanderFrame *out);

/* Returns: the events of a kind. */
guint64 gander_index_get_n_events (const GanderIndex *self, GanderEventKind kind);
/* Returns: the transitions of goroutines (or processors) from one state to another, or to the
 * same: a status that is repeated. */
guint64 gander_index_get_n_transitions (const GanderIndex *self,
                                        GanderResource resource,
                                        GanderGoState from,
                                        GanderGoState to);
/* Returns: when the trace first tells of a goroutine. One that existed before lives since 0, but
 * its first state is told later, sometimes much later. */
GanderTime gander_index_get_first_seen (const GanderIndex *self, GanderLaneId goroutine);

/* Tables; rows are numbered from 0 in the order that types.h gives. */
guint32 gander_index_get_n_ranges (const GanderIndex *self, GanderRangeKind kind);
void gander_index_get_range (const GanderIndex *self,
                             GanderRangeKind kind,
                             guint32 row,
                             GanderRange *out);
/* Returns: (transfer none) what the ranges of a kind sum up to within the trace. */
const GanderRangeSum *gander_index_get_range_sum (const GanderIndex *self, GanderRangeKind kind);
guint32 gander_index_get_n_tasks (const GanderIndex *self);
void gander_index_get_task (const GanderIndex *self, guint32 row, GanderTask *out);
/* Returns: the first row with an id of at least @id, or the number of rows. */
guint32 gander_index_find_task (const GanderIndex *self, guint64 id);
guint32 gander_index_get_n_regions (const GanderIndex *self);
void gander_index_get_region (const GanderIndex *self, guint32 row, GanderRegion *out);
/* The rows of one goroutine's regions are [first, first + n). */
void gander_index_get_regions_of (const GanderIndex *self,
                                  GanderLaneId lane,
                                  guint32 *first,
                                  guint32 *n);
/* Returns: the first of the rows [@first, @end) of one goroutine's regions that begins at or after
 * @time, or @end. */
guint32
gander_index_find_region (const GanderIndex *self, guint32 first, guint32 end, GanderTime time);
guint32 gander_index_get_n_logs (const GanderIndex *self);
void gander_index_get_log (const GanderIndex *self, guint32 row, GanderLog *out);

/* Rows for who asks for one of a table after the other: a copy of some is kept. That is faster than
 * the functions above; for rows here and there those are. */
#define GANDER_CURSOR_ROWS 64
typedef struct
{
  const GanderIndex *index; /* (unowned) */
  gconstpointer table;      /* whose rows these are */
  guint32 first;
  guint32 n;
  union
  {
    GanderTask tasks[GANDER_CURSOR_ROWS];
    GanderRegion regions[GANDER_CURSOR_ROWS];
    GanderLog logs[GANDER_CURSOR_ROWS];
    struct
    {
      GanderRange range;
      GanderTime latest; /* end up to here, of its kind */
    } ranges[GANDER_CURSOR_ROWS];
  } rows;
} GanderRowCursor;

void gander_row_cursor_init (GanderRowCursor *self, const GanderIndex *index);

/* Returns: (transfer none) a row that there is; it lasts until the next is asked for. */
const GanderTask *gander_row_cursor_get_task (GanderRowCursor *self, guint32 row);
const GanderRegion *gander_row_cursor_get_region (GanderRowCursor *self, guint32 row);
const GanderLog *gander_row_cursor_get_log (GanderRowCursor *self, guint32 row);
const GanderRange *
gander_row_cursor_get_range (GanderRowCursor *self, GanderRangeKind kind, guint32 row);

guint32 gander_index_get_n_samples (const GanderIndex *self);
void gander_index_get_sample (const GanderIndex *self, guint32 row, GanderSample *out);
guint32 gander_index_get_n_metrics (const GanderIndex *self);
void gander_index_get_metric (const GanderIndex *self, guint32 row, GanderRuntimeMetric *out);
guint32 gander_index_get_n_generations (const GanderIndex *self);
void gander_index_get_generation (const GanderIndex *self, guint32 row, GanderGeneration *out);
guint32 gander_index_get_n_damage (const GanderIndex *self);
void gander_index_get_damage (const GanderIndex *self, guint32 row, GanderDamage *out);
/* Returns: (transfer none) (array length=n) the points of a counter. */
const GanderPoint *
gander_index_get_counter (const GanderIndex *self, GanderCounter counter, guint32 *n);

G_END_DECLS
