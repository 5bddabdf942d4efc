/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/gc.h"

#include "analysis/gc-pieces.h"
#include "analysis/range-iter.h"
#include "analysis/steps.h"

#include <string.h>

/* No machine has more; a damaged trace may name any number. */
#define MAX_STOPPED_PROCS 4096

struct _GanderGcTimes
{
  GanderSteps pauses; /* for the collector */
  GanderSteps work[GANDER_N_GC_WORKS];
};

static GanderGcTimes *
times_new (void)
{
  GanderGcTimes *self = g_new0 (GanderGcTimes, 1);

  gander_steps_init (&self->pauses);
  for (guint i = 0; i < GANDER_N_GC_WORKS; i++)
    gander_steps_init (&self->work[i]);
  return self;
}

static void
times_finish (GanderGcTimes *self)
{
  gander_steps_finish (&self->pauses);
  for (guint i = 0; i < GANDER_N_GC_WORKS; i++)
    gander_steps_finish (&self->work[i]);
}

static void
times_free (GanderGcTimes *self)
{
  gander_steps_clear (&self->pauses);
  for (guint i = 0; i < GANDER_N_GC_WORKS; i++)
    gander_steps_clear (&self->work[i]);
  g_free (self);
}

static const char *const labels[GANDER_N_GC_WORKS] = {
  [GANDER_GC_WORK_ASSIST] = "",
  [GANDER_GC_WORK_DEDICATED] = "GC (dedicated)",
  [GANDER_GC_WORK_FRACTIONAL] = "GC (fractional)",
  [GANDER_GC_WORK_IDLE] = "GC (idle)",
};

const char *
gander_gc_work_get_label (GanderGcWork work)
{
  g_return_val_if_fail (work < GANDER_N_GC_WORKS, "");
  return labels[work];
}

const char *
gander_gc_trigger_get_text (GanderGcTrigger trigger)
{
  static const char *const texts[GANDER_N_GC_TRIGGERS] = {
    [GANDER_GC_TRIGGER_UNKNOWN] = "unknown",
    [GANDER_GC_TRIGGER_GOAL] = "heap goal",
    [GANDER_GC_TRIGGER_CALL] = "runtime.GC",
    [GANDER_GC_TRIGGER_PERIOD] = "periodic",
  };

  g_return_val_if_fail (trigger < GANDER_N_GC_TRIGGERS, "");
  return texts[trigger];
}

/* Who begins a cycle for another reason than the heap calls from here. */
static GanderGcTrigger
find_trigger (const GanderIndex *index, GanderStackId stack)
{
  static const struct
  {
    const char *function;
    GanderGcTrigger trigger;
  } callers[] = {
    { "runtime.GC", GANDER_GC_TRIGGER_CALL },
    { "runtime.forcegchelper", GANDER_GC_TRIGGER_PERIOD },
  };
  guint depth = gander_index_get_stack_depth (index, stack);

  for (guint level = 0; level < depth; level++)
    {
      GanderFrame frame;

      gander_index_get_frame (index, stack, level, &frame);
      for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
        if (g_str_equal (gander_index_get_string (index, frame.function), callers[i].function))
          return callers[i].trigger;
    }
  return depth == 0 ? GANDER_GC_TRIGGER_UNKNOWN : GANDER_GC_TRIGGER_GOAL;
}

static void
add_range (GanderRangeSum *sum, const GanderRangeIter *iter, const GanderRange *range)
{
  GanderTime length = gander_range_iter_get_length (iter, range);

  sum->count++;
  sum->total += length;
  sum->longest = MAX (sum->longest, length);
}

/* Pauses. */

static void
clear_kind (gpointer data)
{
  GanderGcPauseKind *kind = data;

  g_free (kind->name);
}

/* "stop-the-world (GC mark termination)" is of the kind in the brackets. */
static char *
kind_of_name (const char *name)
{
  const char *open = strchr (name, '(');
  gsize length = strlen (name);

  if (open == NULL || name[length - 1] != ')')
    return g_strdup (name);
  return g_strndup (open + 1, (gsize)(name + length - 1 - (open + 1)));
}

static guint
need_kind (GanderGc *self, const GanderIndex *index, GHashTable *known, GanderStringId name)
{
  gpointer found = g_hash_table_lookup (known, GUINT_TO_POINTER (name));
  GanderGcPauseKind kind = { 0 };

  if (found != NULL)
    return GPOINTER_TO_UINT (found) - 1;
  kind.name = kind_of_name (gander_index_get_string (index, name));
  kind.for_gc = strstr (kind.name, "GC") != NULL;
  g_array_append_val (self->kinds, kind);
  g_hash_table_insert (known, GUINT_TO_POINTER (name), GUINT_TO_POINTER (self->kinds->len));
  return self->kinds->len - 1;
}

typedef struct
{
  guint number;
  const char *name;
} KindOrder;

static int
compare_kinds (gconstpointer a, gconstpointer b)
{
  return strcmp (((const KindOrder *)a)->name, ((const KindOrder *)b)->name);
}

/* Orders the kinds by name, and lets the pauses follow. */
static void
sort_kinds (GanderGc *self)
{
  g_autofree KindOrder *order = g_new (KindOrder, self->kinds->len);
  g_autofree guint32 *places = g_new (guint32, self->kinds->len);
  g_autoptr (GArray) sorted = g_array_new (FALSE, TRUE, sizeof (GanderGcPauseKind));

  if (self->kinds->len == 0)
    return;
  for (guint i = 0; i < self->kinds->len; i++)
    order[i] = (KindOrder){ i, g_array_index (self->kinds, GanderGcPauseKind, i).name };
  qsort (order, self->kinds->len, sizeof *order, compare_kinds);
  for (guint i = 0; i < self->kinds->len; i++)
    {
      places[order[i].number] = i;
      g_array_append_val (sorted, g_array_index (self->kinds, GanderGcPauseKind, order[i].number));
    }
  memcpy (self->kinds->data, sorted->data, sorted->len * sizeof (GanderGcPauseKind));
  for (guint i = 0; i < self->pause_list->len; i++)
    {
      GanderGcPause *pause = &g_array_index (self->pause_list, GanderGcPause, i);

      pause->kind = places[pause->kind];
    }
}

static void
add_pauses (GanderGc *self, const GanderIndex *index)
{
  g_autoptr (GHashTable) known = g_hash_table_new (NULL, NULL);
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, GANDER_RANGE_STW, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      GanderGcPause pause = { .row = iter.row,
                              .begin = range.begin,
                              .end = range.end,
                              .flags = range.flags,
                              .kind = need_kind (self, index, known, range.name),
                              .goroutine = range.lane,
                              .stack = range.stack };
      GanderGcPauseKind *kind = &g_array_index (self->kinds, GanderGcPauseKind, pause.kind);

      add_range (&self->pauses, &iter, &range);
      add_range (&kind->sum, &iter, &range);
      if (kind->for_gc)
        {
          add_range (&self->gc_pauses, &iter, &range);
          gander_steps_add (&self->times->pauses,
                            MAX (range.begin, self->begin),
                            MIN (range.end, self->end));
        }
      g_array_append_val (self->pause_list, pause);
    }
  sort_kinds (self);
}

guint
gander_gc_get_stopped (const GanderIndex *index,
                       const GanderGcPause *pause,
                       GanderLaneId *stopped,
                       guint n_stopped)
{
  GanderLaneId first;
  guint32 n;
  guint found = 0;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &first, &n);
  for (guint32 i = 0; i < MIN (n, MAX_STOPPED_PROCS); i++)
    {
      GanderSpan span;

      if (!gander_query_span_at (index, first + i, pause->begin, &span) ||
          !gander_state_is_running (span.state) || span.link == pause->goroutine)
        continue;
      if (found < n_stopped)
        stopped[found] = span.link;
      found++;
    }
  return found;
}

/* Assists and sweeps. */

/* Returns: whether goroutine @lane is on processor @proc at @time. */
static gboolean
is_on (const GanderIndex *index, GanderLaneId lane, GanderLaneId proc, GanderTime time)
{
  GanderSpan span;

  return lane != GANDER_LANE_NONE && gander_query_span_at (index, lane, time, &span) &&
         span.state != GANDER_STATE_RUNNABLE && span.state != GANDER_STATE_BLOCKED &&
         span.link == proc;
}

static void
add_sweeps (GanderGc *self, const GanderIndex *index)
{
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, GANDER_RANGE_SWEEP, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      add_range (&self->sweeps, &iter, &range);
      self->swept += range.swept;
      self->reclaimed += range.reclaimed;
      if (range.goroutine != GANDER_LANE_NONE &&
          ((range.flags & GANDER_SPAN_OPEN_END) != 0 ||
           is_on (index, range.goroutine, range.lane, range.end)))
        self->sweep_goroutine += gander_range_iter_get_length (&iter, &range);
    }
}

static void
add_assists (GanderGc *self, const GanderIndex *index)
{
  g_autoptr (GHashTable) goroutines = g_hash_table_new (NULL, NULL);
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, GANDER_RANGE_ASSIST, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      add_range (&self->assists, &iter, &range);
      g_hash_table_add (goroutines, GUINT_TO_POINTER (range.lane));
    }
  self->n_assisting = g_hash_table_size (goroutines);
}

/* Workers, and what was taken from the program. */

static gboolean
add_work (GanderGc *self, const GanderIndex *index, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) pieces =
      gander_gc_pieces_collect (index, self->begin, self->end, cancellable, error);

  if (pieces == NULL)
    return FALSE;
  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderGcPiece *piece = &g_array_index (pieces, GanderGcPiece, i);
      GanderRangeSum *sum = &self->workers[piece->work];
      GanderTime length = piece->end - piece->begin;

      if (!piece->running)
        continue;
      gander_steps_add (&self->times->work[piece->work], piece->begin, piece->end);
      sum->count += piece->labelled;
      sum->total += length;
      sum->longest = MAX (sum->longest, length);
    }
  times_finish (self->times);
  self->assist_running = self->workers[GANDER_GC_WORK_ASSIST].total;
  self->workers[GANDER_GC_WORK_ASSIST] = self->assists;
  return TRUE;
}

static void
add_running (GanderGc *self, const GanderIndex *index)
{
  GanderLaneId first;
  guint32 n;
  GanderTime taken = self->assist_running + self->workers[GANDER_GC_WORK_DEDICATED].total +
                     self->workers[GANDER_GC_WORK_FRACTIONAL].total;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      GanderMix mix;

      gander_query_mix (index, first + i, self->begin, self->end, &mix);
      self->running += mix.time[GANDER_STATE_RUNNING] + mix.time[GANDER_STATE_GC_WORK] +
                       mix.time[GANDER_STATE_GC_ASSIST];
    }
  self->share = self->running > 0 ? (double)taken / (double)self->running : 0;
}

/* Cycles. */

static gboolean
get_heap (const GanderIndex *index, GanderTime time, gint64 *bytes)
{
  guint64 value;

  if (time < 0 || !gander_query_counter (index, GANDER_COUNTER_HEAP, time, &value))
    return FALSE;
  *bytes = (gint64)value;
  return TRUE;
}

/* The goal for the next cycle is told right after a cycle's end. */
static void
add_goals (GanderGcCycle *cycle, const GanderIndex *index, GanderTime limit)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOAL, &n);
  guint32 next;
  guint64 value;

  if (gander_query_counter (index, GANDER_COUNTER_GOAL, cycle->begin, &value))
    cycle->goal = (gint64)value;
  next = gander_query_find_point (points, n, cycle->end);
  if ((cycle->flags & GANDER_SPAN_OPEN_END) == 0 && next < n && points[next].time < limit)
    cycle->next_goal = (gint64)points[next].value;
}

static void
add_cycles (GanderGc *self, const GanderIndex *index)
{
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, GANDER_RANGE_GC_MARK, self->begin, self->end);
  while (gander_range_iter_next (&iter, &range))
    {
      GanderGcCycle cycle = { .row = iter.row,
                              .begin = range.begin,
                              .end = range.end,
                              .flags = range.flags,
                              .trigger = find_trigger (index, range.stack),
                              .stack = range.stack };
      GanderRange next = { .begin = G_MAXINT64 };

      add_range (&self->cycles, &iter, &range);
      if (iter.row + 1 < iter.n)
        gander_index_get_range (index, GANDER_RANGE_GC_MARK, iter.row + 1, &next);
      add_goals (&cycle, index, next.begin);
      cycle.heap_known = get_heap (index, range.begin, &cycle.heap_before) &&
                         get_heap (index, range.end, &cycle.heap_after);
      for (guint i = 0; i < GANDER_N_GC_WORKS; i++)
        cycle.work[i] = gander_steps_get_area (&self->times->work[i], range.begin, range.end);
      g_array_append_val (self->cycle_list, cycle);
    }
}

/* A pause belongs to the cycle that it touches: it begins it, or ends it. */
static void
give_pauses (GanderGc *self)
{
  guint next = 0;

  for (guint i = 0; i < self->pause_list->len; i++)
    {
      const GanderGcPause *pause = &g_array_index (self->pause_list, GanderGcPause, i);
      GanderGcCycle *cycle;

      if (!g_array_index (self->kinds, GanderGcPauseKind, pause->kind).for_gc)
        continue;
      while (next < self->cycle_list->len &&
             g_array_index (self->cycle_list, GanderGcCycle, next).end < pause->begin)
        next++;
      if (next == self->cycle_list->len)
        return;
      cycle = &g_array_index (self->cycle_list, GanderGcCycle, next);
      if (cycle->begin > pause->end)
        continue;
      cycle->n_pauses++;
      cycle->pause += pause->end - pause->begin;
    }
}

gboolean
gander_gc_compute (const GanderIndex *index,
                   GanderTime begin,
                   GanderTime end,
                   GanderGc *out,
                   GCancellable *cancellable,
                   GError **error)
{
  *out = (GanderGc){ .begin = begin,
                     .end = end,
                     .times = times_new (),
                     .cycle_list = g_array_new (FALSE, TRUE, sizeof (GanderGcCycle)),
                     .pause_list = g_array_new (FALSE, TRUE, sizeof (GanderGcPause)),
                     .kinds = g_array_new (FALSE, TRUE, sizeof (GanderGcPauseKind)) };
  g_array_set_clear_func (out->kinds, clear_kind);
  add_pauses (out, index);
  add_sweeps (out, index);
  add_assists (out, index);
  if (!add_work (out, index, cancellable, error))
    {
      gander_gc_clear (out);
      return FALSE;
    }
  add_running (out, index);
  add_cycles (out, index);
  give_pauses (out);
  return TRUE;
}

void
gander_gc_get_taken (const GanderGc *self, GanderTime begin, GanderTime end, GanderGcTaken *out)
{
  out->pause = gander_steps_get_area (&self->times->pauses, begin, end);
  for (guint i = 0; i < GANDER_N_GC_WORKS; i++)
    out->work[i] = gander_steps_get_area (&self->times->work[i], begin, end);
}

void
gander_gc_clear (GanderGc *self)
{
  g_clear_pointer (&self->times, times_free);
  g_clear_pointer (&self->cycle_list, g_array_unref);
  g_clear_pointer (&self->pause_list, g_array_unref);
  g_clear_pointer (&self->kinds, g_array_unref);
}
