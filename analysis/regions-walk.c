/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/regions-walk.h"

#include "analysis/stats.h"

#include <string.h>

/* Spans that are stepped over before it is worth a search. */
#define SKIP_STEPS 8

static const GanderSplitPart state_parts[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = GANDER_SPLIT_UNKNOWN,
  [GANDER_STATE_RUNNING] = GANDER_SPLIT_RUNNING,
  [GANDER_STATE_RUNNABLE] = GANDER_SPLIT_RUNNABLE,
  [GANDER_STATE_BLOCKED] = GANDER_SPLIT_OTHER,
  [GANDER_STATE_SYSCALL] = GANDER_SPLIT_SYSCALL,
  [GANDER_STATE_SYSCALL_BLOCKED] = GANDER_SPLIT_SYSCALL_BLOCKED,
  [GANDER_STATE_GC_WORK] = GANDER_SPLIT_RUNNING,
  [GANDER_STATE_GC_ASSIST] = GANDER_SPLIT_RUNNING,
  [GANDER_STATE_SCHEDULING] = GANDER_SPLIT_UNKNOWN,
  [GANDER_STATE_UNKNOWN] = GANDER_SPLIT_UNKNOWN,
};

static GanderSplitPart
part_of_reason (const GanderIndex *index, GanderStringId reason)
{
  GanderWait wait = gander_index_get_wait (index, reason);

  if (gander_times_is_sync_reason (index, reason))
    return GANDER_SPLIT_SYNC;
  if (wait == GANDER_WAIT_NETWORK)
    return GANDER_SPLIT_NETWORK;
  if (wait == GANDER_WAIT_SLEEP)
    return GANDER_SPLIT_SLEEP;
  return wait == GANDER_WAIT_GC ? GANDER_SPLIT_GC : GANDER_SPLIT_OTHER;
}

static void
add_reason (GanderWalk *self, GanderStringId reason)
{
  if (self->columns[reason] != 0 || self->n_reasons == GANDER_WALK_REASONS)
    return;
  self->reasons[self->n_reasons] = reason;
  self->columns[reason] = (guint8)++self->n_reasons;
}

static int
compare_reasons (gconstpointer a, gconstpointer b, gpointer index)
{
  return strcmp (gander_index_get_string (index, *(const GanderStringId *)a),
                 gander_index_get_string (index, *(const GanderStringId *)b));
}

static void
sort_reasons (GanderWalk *self)
{
  g_qsort_with_data (self->reasons,
                     (gint)self->n_reasons,
                     sizeof *self->reasons,
                     compare_reasons,
                     (gpointer)self->index);
  for (guint i = 0; i < self->n_reasons; i++)
    {
      self->parts[i] = part_of_reason (self->index, self->reasons[i]);
      self->columns[self->reasons[i]] = (guint8)(i + 1);
    }
}

void
gander_walk_init (GanderWalk *self, const GanderIndex *index)
{
  memset (self, 0, sizeof *self);
  self->index = index;
  self->columns = g_malloc0 (MAX (gander_index_get_n_strings (index), 1));
  for (guint32 row = 0; row < gander_index_get_n_totals (index); row++)
    {
      GanderTotal total;
      gander_index_get_total (index, row, &total);
      if (total.state == GANDER_STATE_BLOCKED)
        add_reason (self, total.reason);
    }
  /* There is a place for every wait, whatever the index says. */
  if (self->n_reasons == 0)
    add_reason (self, 0);
  sort_reasons (self);
}

void
gander_walk_clear (GanderWalk *self)
{
  g_clear_pointer (&self->columns, g_free);
}

guint
gander_walk_get_column (const GanderWalk *self, GanderStringId reason)
{
  guint column = self->columns[reason];

  return (column == 0 ? self->n_reasons : column) - 1;
}

static void
add_span (const GanderWalk *self, GanderTime length, GanderSplit *split, GanderTime *waits)
{
  const GanderSpan *span = &self->span;
  guint column = 0;

  if (span->state != GANDER_STATE_BLOCKED)
    {
      if (split != NULL)
        split->time[state_parts[span->state]] += length;
      return;
    }
  column = gander_walk_get_column (self, span->reason);
  if (split != NULL)
    split->time[self->parts[column]] += length;
  if (waits != NULL)
    waits[column] += length;
}

/* A span that continues an interval begins with no transition, nor does what a goroutine was in
 * when the trace began. */
static gboolean
begins_with_transition (const GanderWalk *self)
{
  return (self->span.flags & GANDER_SPAN_CONTINUES) == 0 &&
         (self->span.ordinal > 0 || (self->lane.flags & GANDER_LANE_EXISTED) == 0);
}

static void
next_span (GanderWalk *self)
{
  self->has_span = gander_span_iter_next (&self->iter, &self->span);
}

static void
close_span (GanderWalk *self)
{
  add_span (self, self->span.end - self->span.begin, &self->split, self->waits);
  self->transitions += begins_with_transition (self);
  next_span (self);
}

void
gander_walk_start (GanderWalk *self, GanderLaneId lane, GanderTime begin)
{
  gander_index_get_life (self->index, lane, &self->lane);
  memset (&self->split, 0, sizeof self->split);
  memset (self->waits, 0, self->n_reasons * sizeof *self->waits);
  self->transitions = 0;
  self->now = begin;
  gander_span_iter_init (&self->iter, self->index, lane, begin, self->lane.end);
  next_span (self);
}

void
gander_walk_seek (GanderWalk *self, GanderTime time)
{
  while (self->has_span && self->span.end <= time)
    close_span (self);
  self->now = time;
}

void
gander_walk_skip (GanderWalk *self, GanderTime time)
{
  for (guint i = 0; i < SKIP_STEPS && self->has_span && self->span.end <= time; i++)
    next_span (self);
  if (self->has_span && self->span.end <= time)
    {
      gander_span_iter_init (&self->iter, self->index, self->span.lane, time, self->lane.end);
      next_span (self);
    }
  self->now = time;
}

void
gander_walk_get_split (const GanderWalk *self, GanderSplit *out)
{
  GanderTime known = 0;

  *out = self->split;
  if (self->has_span && self->span.begin < self->now)
    add_span (self, self->now - self->span.begin, out, NULL);
  for (guint i = 0; i < GANDER_SPLIT_UNKNOWN; i++)
    known += out->time[i];
  out->time[GANDER_SPLIT_UNKNOWN] = self->now - known;
}

void
gander_walk_get_waits (const GanderWalk *self, GanderTime *out)
{
  memcpy (out, self->waits, self->n_reasons * sizeof *out);
  if (self->has_span && self->span.begin < self->now)
    add_span (self, self->now - self->span.begin, NULL, out);
}

guint64
gander_walk_get_transitions (const GanderWalk *self)
{
  gboolean ended = (self->lane.flags & GANDER_LANE_ALIVE) == 0 && self->now >= self->lane.end;
  gboolean begun = self->has_span && self->span.begin < self->now && begins_with_transition (self);

  return self->transitions + begun + ended;
}

void
gander_split_add (GanderSplit *self, const GanderSplit *other)
{
  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    self->time[i] += other->time[i];
}

void
gander_split_subtract (GanderSplit *self, const GanderSplit *other)
{
  for (guint i = 0; i < GANDER_N_SPLITS; i++)
    self->time[i] -= other->time[i];
}

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const GanderEdge *x = a;
  const GanderEdge *y = b;

  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  if (x->stretch == y->stretch)
    return x->is_end - y->is_end;
  return y->is_end - x->is_end;
}

static gboolean
are_sorted (const GArray *edges)
{
  for (guint i = 1; i < edges->len; i++)
    if (g_array_index (edges, GanderEdge, i - 1).time > g_array_index (edges, GanderEdge, i).time)
      return FALSE;
  return TRUE;
}

/* Stretches nest nearly always, so that a stack of those that have not ended yet gives the edges in
 * order; otherwise they are sorted. */
void
gander_edges_fill (GArray *edges, const GanderStretch *stretches, guint32 n)
{
  g_autofree guint32 *open = n > 1 ? g_new (guint32, n) : NULL;
  guint32 only = 0;
  guint32 *stack = open == NULL ? &only : open;
  guint32 n_open = 0;
  GanderEdge *edge = NULL;

  g_array_set_size (edges, 2 * n);
  edge = (GanderEdge *)(gpointer)edges->data;
  for (guint32 i = 0; i <= n; i++)
    {
      for (; n_open > 0; n_open--)
        {
          guint32 top = stack[n_open - 1];
          if (i < n && stretches[top].end > stretches[i].begin)
            break;
          *edge++ = (GanderEdge){ stretches[top].end, top, TRUE };
        }
      if (i == n)
        break;
      *edge++ = (GanderEdge){ stretches[i].begin, i, FALSE };
      stack[n_open++] = i;
    }
  if (!are_sorted (edges))
    g_array_sort (edges, compare_edges);
}
