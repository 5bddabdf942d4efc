/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Questions to an index. All are pure, thread-safe and allocate nothing. */

#include "reader/block-view.h"
#include "reader/index.h"

G_BEGIN_DECLS

/* The spans of a lane are numbered 0 … n_spans - 1 in time order. They need not touch: a
 * processor is idle between two spans, and that is no span. */
void
gander_query_span (const GanderIndex *index, GanderLaneId lane, guint32 ordinal, GanderSpan *out);

/* Returns: the first span of @lane that ends after @time, or n_spans. Binary search. */
guint32 gander_query_find (const GanderIndex *index, GanderLaneId lane, GanderTime time);

/* Returns: TRUE and the span that holds @time, or FALSE in a gap. */
gboolean gander_query_span_at (const GanderIndex *index,
                               GanderLaneId lane,
                               GanderTime time,
                               GanderSpan *out);

/* Walks the spans that overlap [begin, end) forward; faster than one query a span. */
typedef struct
{
  const GanderIndex *index;
  GanderLaneId lane;
  guint32 ordinal; /* of the next span */
  GanderTime end;
  guint32 block; /* private: the one in @view */
  guint32 first; /* private: ordinal of its first span */
  GanderBlockView view;
} GanderSpanIter;

void gander_span_iter_init (GanderSpanIter *self,
                            const GanderIndex *index,
                            GanderLaneId lane,
                            GanderTime begin,
                            GanderTime end);
gboolean gander_span_iter_next (GanderSpanIter *self, GanderSpan *out);

/* The exact time in each state within [begin, end): two look-ups in running totals, whatever
 * the range holds. The part of the range outside the lane's life is NONE. */
void gander_query_mix (const GanderIndex *index,
                       GanderLaneId lane,
                       GanderTime begin,
                       GanderTime end,
                       GanderMix *out);

/* gander_query_mix () for @n adjacent ranges [edges[i], edges[i + 1]), with one cursor:
 * the way to fill a row of pixels. @edges has @n + 1 ascending times. @spans (nullable) receives
 * the number of spans that begin in each range. */
void gander_query_mixes (const GanderIndex *index,
                         GanderLaneId lane,
                         const GanderTime *edges,
                         guint n,
                         GanderMix *out,
                         guint32 *spans);

/* As gander_query_mixes (), for pictures: a block of spans that lasts no longer than @grain counts
 * as mixed evenly. No range is wrong by more than half of that, adjacent ranges still add up, and
 * ranges of many thousand spans are not looked into one block an edge. */
void gander_query_mixes_about (const GanderIndex *index,
                               GanderLaneId lane,
                               const GanderTime *edges,
                               guint n,
                               GanderTime grain,
                               GanderMix *out,
                               guint32 *spans);

/* As gander_query_mixes () but summed over all goroutines of @group (G_MAXUINT32: of the whole
 * trace): large groups answer from a grid, with times interpolated inside a cell, unless ranges are
 * shorter than a cell and the group is not very large. */
void gander_query_group_mixes (const GanderIndex *index,
                               guint32 group,
                               const GanderTime *edges,
                               guint n,
                               GanderMix *out);

/* As gander_query_group_mixes (), with members asked as by gander_query_mixes_about (). */
void gander_query_group_mixes_about (const GanderIndex *index,
                                     guint32 group,
                                     const GanderTime *edges,
                                     guint n,
                                     GanderTime grain,
                                     GanderMix *out);

/* Who ended this wait. For a BLOCKED or RUNNABLE span: the RUNNABLE span that tells it (@wake,
 * its link and stack are the waker's) .
 * Returns: FALSE when the trace does not hold the wake-up. */
gboolean gander_query_wake (const GanderIndex *index, const GanderSpan *span, GanderSpan *wake);

/* Wake-ups and creations done by @waker within [begin, end): rows [first, first + n). */
void gander_query_wakeups (const GanderIndex *index,
                           GanderLaneId waker,
                           GanderTime begin,
                           GanderTime end,
                           guint32 *first,
                           guint32 *n);
void gander_query_wakeup (const GanderIndex *index, guint32 row, GanderWakeup *out);

/* Extreme waits of a lane: BLOCKED and RUNNABLE spans of at least 1 ms that are also at least 10
 * times the lane's median of their kind, or among the longest 0.1 % of their kind in the trace.
 * Returns: (transfer none) (array length=n) ordinals, ascending. */
const guint32 *gander_query_extremes (const GanderIndex *index, GanderLaneId lane, guint32 *n);

/* Returns: the first of @n @points, sorted by time, that is after @time, or @n. */
guint32 gander_query_find_point (const GanderPoint *points, guint32 n, GanderTime time);

/* Returns: the value of a counter at @time; FALSE before its first point. */
gboolean gander_query_counter (const GanderIndex *index,
                               GanderCounter counter,
                               GanderTime time,
                               guint64 *value);

/* Returns: the first range of @kind with end > @time (ranges of one kind may overlap: scan on
 * while begin < the end of what is asked). */
guint32 gander_query_find_range (const GanderIndex *index, GanderRangeKind kind, GanderTime time);

/* The same among the ranges from @row on, faster for one that is near. */
guint32 gander_query_find_range_near (const GanderIndex *index,
                                      GanderRangeKind kind,
                                      guint32 row,
                                      GanderTime time);

G_END_DECLS
