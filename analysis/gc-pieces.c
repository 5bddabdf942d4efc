/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/gc-pieces.h"

#include "analysis/range-iter.h"

#define CANCEL_STEP 1024

typedef struct
{
  const GanderIndex *index;
  GanderTime begin;
  GanderTime end;
  GCancellable *cancellable;
  guint n_steps;
  GArray *pieces;
} Collector;

static gboolean
is_cancelled (Collector *self)
{
  return self->n_steps++ % CANCEL_STEP == 0 && g_cancellable_is_cancelled (self->cancellable);
}

/* Adds what of @span is in [begin, end). */
static void
add_span (Collector *self,
          const GanderSpan *span,
          GanderTime begin,
          GanderTime end,
          GanderGcPiece piece)
{
  piece.begin = MAX (span->begin, begin);
  piece.end = MIN (span->end, end);
  piece.goroutine = span->lane;
  piece.proc = span->link;
  piece.running = gander_state_is_running (span->state);
  piece.labelled = piece.labelled && span->begin >= begin;
  if (piece.begin < piece.end)
    g_array_append_val (self->pieces, piece);
}

static gboolean
collect_assists (Collector *self)
{
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, self->index, GANDER_RANGE_ASSIST, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      const GanderGcPiece piece = { .work = GANDER_GC_WORK_ASSIST, .range = iter.row };
      GanderTime begin = MAX (range.begin, self->begin);
      GanderTime end = MIN (range.end, self->end);
      GanderSpanIter spans;
      GanderSpan span;

      if (is_cancelled (self))
        return FALSE;
      if (range.lane == GANDER_LANE_NONE)
        continue;
      gander_span_iter_init (&spans, self->index, range.lane, begin, end);
      while (gander_span_iter_next (&spans, &span))
        if (gander_state_is_running (span.state) || span.state == GANDER_STATE_SYSCALL)
          add_span (self, &span, begin, end, piece);
    }
  return TRUE;
}

static gboolean
work_of_label (const char *label, GanderGcWork *work)
{
  for (guint i = GANDER_GC_WORK_DEDICATED; i < GANDER_N_GC_WORKS; i++)
    if (g_str_equal (label, gander_gc_work_get_label ((GanderGcWork)i)))
      {
        *work = (GanderGcWork)i;
        return TRUE;
      }
  return FALSE;
}

/* A label holds until the goroutine waits or gets another; it survives that the goroutine is
 * preempted, and a system call. */
static void
collect_worker (Collector *self, GanderLaneId lane)
{
  GanderGcPiece piece = { 0 };
  GanderStringId label = 0;
  gboolean known = FALSE;
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, self->index, lane, self->begin, self->end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (span.state == GANDER_STATE_GC_WORK)
        {
          if (span.reason != label)
            known = work_of_label (gander_index_get_string (self->index, span.reason), &piece.work);
          label = span.reason;
          piece.labelled = (span.flags & GANDER_SPAN_CONTINUES) != 0;
          if (known)
            add_span (self, &span, self->begin, self->end, piece);
        }
      else if (span.state == GANDER_STATE_SYSCALL && known && label != 0)
        {
          piece.labelled = FALSE;
          add_span (self, &span, self->begin, self->end, piece);
        }
      else if (span.state == GANDER_STATE_BLOCKED)
        label = 0;
    }
}

/* Only groups that worked at all are looked into. */
static gboolean
collect_workers (Collector *self)
{
  for (guint32 i = 0; i < gander_index_get_n_groups (self->index); i++)
    {
      GanderGroup group;
      const GanderLaneId *lanes;
      guint32 n;

      gander_index_get_group (self->index, i, &group);
      if (group.total.time[GANDER_STATE_GC_WORK] == 0)
        continue;
      lanes = gander_index_get_group_lanes (self->index, i, &n);
      for (guint32 j = 0; j < n; j++)
        {
          GanderLane lane;

          if (is_cancelled (self))
            return FALSE;
          gander_index_get_life (self->index, lanes[j], &lane);
          if ((lane.flags & GANDER_LANE_LABELLED) != 0)
            collect_worker (self, lanes[j]);
        }
    }
  return TRUE;
}

GArray *
gander_gc_pieces_collect (const GanderIndex *index,
                          GanderTime begin,
                          GanderTime end,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (GanderGcPiece));
  Collector self = {
    .index = index, .begin = begin, .end = end, .cancellable = cancellable, .pieces = pieces
  };

  if (!collect_assists (&self) || !collect_workers (&self))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  return g_steal_pointer (&pieces);
}
