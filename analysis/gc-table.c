/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collections as tables. */
#include "analysis/describe.h"
#include "analysis/gc-pieces.h"
#include "analysis/range-iter.h"
#include "analysis/stack-set.h"

#include <string.h>

#define N_(text) text

#define STOPPED_SHOWN 64 /* goroutines that are named */

/* Columns in the order of their enum, with what a row says in it. */
enum
{
  CYCLE_NUMBER,
  CYCLE_BEGIN,
  CYCLE_MARK,
  CYCLE_TRIGGER,
  CYCLE_HEAP_BEFORE,
  CYCLE_HEAP_AFTER,
  CYCLE_GOAL,
  CYCLE_NEXT_GOAL,
  CYCLE_PAUSES,
  CYCLE_PAUSE,
  CYCLE_ASSIST,
  CYCLE_DEDICATED,
  CYCLE_FRACTIONAL,
  CYCLE_IDLE,
  CYCLE_OPEN,
  CYCLE_PLACE,
};

static const GanderColumn cycle_columns[] = {
  [CYCLE_NUMBER] = { "cycle", N_ ("Cycle"), GANDER_COLUMN_ID, FALSE },
  [CYCLE_BEGIN] = { "begin", N_ ("Begin"), GANDER_COLUMN_TIME, FALSE },
  [CYCLE_MARK] = { "mark", N_ ("Mark"), GANDER_COLUMN_DURATION, FALSE },
  [CYCLE_TRIGGER] = { "trigger", N_ ("Trigger"), GANDER_COLUMN_TEXT, FALSE },
  [CYCLE_HEAP_BEFORE] = { "heap-before", N_ ("Heap before"), GANDER_COLUMN_BYTES, FALSE },
  [CYCLE_HEAP_AFTER] = { "heap-after", N_ ("Heap after"), GANDER_COLUMN_BYTES, FALSE },
  [CYCLE_GOAL] = { "goal", N_ ("Goal"), GANDER_COLUMN_BYTES, FALSE },
  [CYCLE_NEXT_GOAL] = { "next-goal", N_ ("Next goal"), GANDER_COLUMN_BYTES, TRUE },
  [CYCLE_PAUSES] = { "pauses", N_ ("Pauses"), GANDER_COLUMN_COUNT, TRUE },
  [CYCLE_PAUSE] = { "pause", N_ ("Pause"), GANDER_COLUMN_DURATION, FALSE },
  [CYCLE_ASSIST] = { "assist", N_ ("Assists"), GANDER_COLUMN_DURATION, FALSE },
  [CYCLE_DEDICATED] = { "dedicated", N_ ("Dedicated"), GANDER_COLUMN_DURATION, FALSE },
  [CYCLE_FRACTIONAL] = { "fractional", N_ ("Fractional"), GANDER_COLUMN_DURATION, TRUE },
  [CYCLE_IDLE] = { "idle", N_ ("Idle"), GANDER_COLUMN_DURATION, TRUE },
  [CYCLE_OPEN] = { "open", N_ ("Open"), GANDER_COLUMN_TEXT, TRUE },
  [CYCLE_PLACE] = { "place", N_ ("Begun in"), GANDER_COLUMN_TEXT, FALSE },
};

enum
{
  PAUSE_BEGIN,
  PAUSE_DURATION,
  PAUSE_KIND,
  PAUSE_STOPPED,
  PAUSE_GOROUTINE,
  PAUSE_FUNCTION,
  PAUSE_GOROUTINES,
  PAUSE_OPEN,
  PAUSE_PLACE,
};

static const GanderColumn pause_columns[] = {
  [PAUSE_BEGIN] = { "begin", N_ ("Begin"), GANDER_COLUMN_TIME, FALSE },
  [PAUSE_DURATION] = { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, FALSE },
  [PAUSE_KIND] = { "kind", N_ ("Kind"), GANDER_COLUMN_TEXT, FALSE },
  [PAUSE_STOPPED] = { "stopped", N_ ("Stopped"), GANDER_COLUMN_COUNT, FALSE },
  [PAUSE_GOROUTINE] = { "goroutine", N_ ("By"), GANDER_COLUMN_ID, FALSE },
  [PAUSE_FUNCTION] = { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, TRUE },
  [PAUSE_GOROUTINES] = { "goroutines", N_ ("Goroutines stopped"), GANDER_COLUMN_TEXT, TRUE },
  [PAUSE_OPEN] = { "open", N_ ("Open"), GANDER_COLUMN_TEXT, TRUE },
  [PAUSE_PLACE] = { "place", N_ ("Place"), GANDER_COLUMN_TEXT, FALSE },
};

enum
{
  KIND_COUNT,
  KIND_TOTAL,
  KIND_MEAN,
  KIND_LONGEST,
  KIND_SHARE,
  KIND_NAME,
};

static const GanderColumn kind_columns[] = {
  [KIND_COUNT] = { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  [KIND_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_MEAN] = { "mean", N_ ("Mean"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_LONGEST] = { "longest", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_SHARE] = { "share", N_ ("Of the time"), GANDER_COLUMN_SHARE, FALSE },
  [KIND_NAME] = { "kind", N_ ("Kind"), GANDER_COLUMN_TEXT, FALSE },
};

/* The same place, of all running time: workers are no stretches of the trace. */
static const GanderColumn worker_columns[] = {
  [KIND_COUNT] = { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  [KIND_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_MEAN] = { "mean", N_ ("Mean"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_LONGEST] = { "longest", N_ ("Longest run"), GANDER_COLUMN_DURATION, FALSE },
  [KIND_SHARE] = { "share", N_ ("Of running time"), GANDER_COLUMN_SHARE, FALSE },
  [KIND_NAME] = { "worker", N_ ("Worker"), GANDER_COLUMN_TEXT, FALSE },
};

enum
{
  SUM_GOROUTINE,
  SUM_COUNT,
  SUM_TOTAL,
  SUM_RUNNING,
  SUM_LONGEST,
  SUM_SWEPT,
  SUM_RECLAIMED,
  SUM_TEXT,
};

static const GanderColumn goroutine_columns[] = {
  [SUM_GOROUTINE] = { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE },
  [SUM_COUNT] = { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  [SUM_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_RUNNING] = { "running", N_ ("Running"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_LONGEST] = { "longest", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_SWEPT] = { "swept", N_ ("Swept"), GANDER_COLUMN_BYTES, TRUE },
  [SUM_RECLAIMED] = { "reclaimed", N_ ("Reclaimed"), GANDER_COLUMN_BYTES, TRUE },
  [SUM_TEXT] = { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn stack_columns[] = {
  [SUM_GOROUTINE] = { "goroutines", N_ ("Goroutines"), GANDER_COLUMN_COUNT, FALSE },
  [SUM_COUNT] = { "count", N_ ("Count"), GANDER_COLUMN_COUNT, FALSE },
  [SUM_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_RUNNING] = { "running", N_ ("Running"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_LONGEST] = { "longest", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE },
  [SUM_SWEPT] = { "swept", N_ ("Swept"), GANDER_COLUMN_BYTES, TRUE },
  [SUM_RECLAIMED] = { "reclaimed", N_ ("Reclaimed"), GANDER_COLUMN_BYTES, TRUE },
  [SUM_TEXT] = { "place", N_ ("Place"), GANDER_COLUMN_TEXT, FALSE },
};

static const char *
get_open (GanderSpanFlags flags)
{
  static const char *const words[] = { "", "begin", "end", "both" };

  return words[((flags & GANDER_SPAN_OPEN_BEGIN) != 0) + 2 * ((flags & GANDER_SPAN_OPEN_END) != 0)];
}

static void
set_place (GanderTable *table,
           guint row,
           guint column,
           const GanderIndex *index,
           GanderStackId stack)
{
  g_autofree char *place = gander_describe_place (index, stack);

  gander_table_set_text (table, row, column, place);
}

static GanderTable *
get_cycles (const GanderGc *self, const GanderIndex *index)
{
  GanderTable *table = gander_table_new (cycle_columns, G_N_ELEMENTS (cycle_columns));

  for (guint i = 0; i < self->cycle_list->len; i++)
    {
      const GanderGcCycle *cycle = &g_array_index (self->cycle_list, GanderGcCycle, i);
      const struct
      {
        guint column;
        gint64 value;
      } cells[] = {
        { CYCLE_NUMBER, (gint64)cycle->row + 1 },
        { CYCLE_BEGIN, cycle->begin },
        { CYCLE_MARK, cycle->end - cycle->begin },
        { CYCLE_HEAP_BEFORE, cycle->heap_before },
        { CYCLE_HEAP_AFTER, cycle->heap_after },
        { CYCLE_GOAL, cycle->goal },
        { CYCLE_NEXT_GOAL, cycle->next_goal },
        { CYCLE_PAUSES, cycle->n_pauses },
        { CYCLE_PAUSE, cycle->pause },
        { CYCLE_ASSIST, cycle->work[GANDER_GC_WORK_ASSIST] },
        { CYCLE_DEDICATED, cycle->work[GANDER_GC_WORK_DEDICATED] },
        { CYCLE_FRACTIONAL, cycle->work[GANDER_GC_WORK_FRACTIONAL] },
        { CYCLE_IDLE, cycle->work[GANDER_GC_WORK_IDLE] },
      };
      guint row = gander_table_append (table);

      for (gsize j = 0; j < G_N_ELEMENTS (cells); j++)
        gander_table_set_integer (table, row, cells[j].column, cells[j].value);
      gander_table_set_text (table,
                             row,
                             CYCLE_TRIGGER,
                             gander_gc_trigger_get_text (cycle->trigger));
      gander_table_set_text (table, row, CYCLE_OPEN, get_open (cycle->flags));
      set_place (table, row, CYCLE_PLACE, index, cycle->stack);
    }
  return table;
}

/* Returns: (transfer full) "G5 main.f, G7 main.g". */
static char *
name_stopped (const GanderIndex *index, const GanderLaneId *lanes, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, STOPPED_SHOWN); i++)
    {
      g_autofree char *name = gander_describe_lane (index, lanes[i]);

      g_string_append_printf (text, "%s%s", i == 0 ? "" : ", ", name);
    }
  if (n > STOPPED_SHOWN)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

static void
set_goroutine (GanderTable *table,
               guint row,
               guint id_column,
               guint name_column,
               const GanderIndex *index,
               GanderLaneId lane)
{
  GanderLane facts = { .id = -1 };

  if (lane != GANDER_LANE_NONE)
    gander_index_get_life (index, lane, &facts);
  gander_table_set_integer (table, row, id_column, facts.id);
  gander_table_set_text (table, row, name_column, gander_index_get_string (index, facts.name));
}

static GanderTable *
get_pauses (const GanderGc *self, const GanderIndex *index)
{
  GanderTable *table = gander_table_new (pause_columns, G_N_ELEMENTS (pause_columns));

  for (guint i = 0; i < self->pause_list->len; i++)
    {
      const GanderGcPause *pause = &g_array_index (self->pause_list, GanderGcPause, i);
      GanderLaneId stopped[STOPPED_SHOWN];
      guint n_stopped = gander_gc_get_stopped (index, pause, stopped, STOPPED_SHOWN);
      g_autofree char *names = name_stopped (index, stopped, n_stopped);
      guint row = gander_table_append (table);

      gander_table_set_integer (table, row, PAUSE_BEGIN, pause->begin);
      gander_table_set_integer (table, row, PAUSE_DURATION, pause->end - pause->begin);
      gander_table_set_integer (table, row, PAUSE_STOPPED, n_stopped);
      gander_table_set_text (table,
                             row,
                             PAUSE_KIND,
                             g_array_index (self->kinds, GanderGcPauseKind, pause->kind).name);
      gander_table_set_text (table, row, PAUSE_GOROUTINES, names);
      gander_table_set_text (table, row, PAUSE_OPEN, get_open (pause->flags));
      set_goroutine (table, row, PAUSE_GOROUTINE, PAUSE_FUNCTION, index, pause->goroutine);
      set_place (table, row, PAUSE_PLACE, index, pause->stack);
    }
  return table;
}

static void
add_kind (GanderTable *table, const GanderRangeSum *sum, GanderTime whole, const char *name)
{
  guint row;

  if (sum->count == 0 && sum->total == 0)
    return;
  row = gander_table_append (table);
  gander_table_set_integer (table, row, KIND_COUNT, (gint64)sum->count);
  gander_table_set_integer (table, row, KIND_TOTAL, sum->total);
  gander_table_set_integer (table,
                            row,
                            KIND_MEAN,
                            sum->count == 0 ? sum->total : sum->total / (gint64)sum->count);
  gander_table_set_integer (table, row, KIND_LONGEST, sum->longest);
  gander_table_set_share (table,
                          row,
                          KIND_SHARE,
                          whole <= 0 ? 0 : (double)sum->total / (double)whole);
  gander_table_set_text (table, row, KIND_NAME, name);
}

static GanderTable *
get_kinds (const GanderGc *self, G_GNUC_UNUSED const GanderIndex *index)
{
  GanderTable *table = gander_table_new (kind_columns, G_N_ELEMENTS (kind_columns));

  for (guint i = 0; i < self->kinds->len; i++)
    {
      const GanderGcPauseKind *kind = &g_array_index (self->kinds, GanderGcPauseKind, i);

      add_kind (table, &kind->sum, self->end - self->begin, kind->name);
    }
  gander_table_sort (table, KIND_TOTAL, TRUE);
  return table;
}

static GanderTable *
get_workers (const GanderGc *self, G_GNUC_UNUSED const GanderIndex *index)
{
  GanderTable *table = gander_table_new (worker_columns, G_N_ELEMENTS (worker_columns));

  for (guint i = GANDER_GC_WORK_DEDICATED; i < GANDER_N_GC_WORKS; i++)
    add_kind (table, &self->workers[i], self->running, gander_gc_work_get_label ((GanderGcWork)i));
  gander_table_sort (table, KIND_TOTAL, TRUE);
  return table;
}

/* Assists and sweeps, by goroutine or by stack. */

typedef struct
{
  GanderRangeSum sum;
  GanderTime running;
  guint64 swept;
  guint64 reclaimed;
  guint32 key; /* goroutine or stack */
  guint32 n_goroutines;
} Sum;

typedef struct
{
  const GanderGc *gc;
  const GanderIndex *index;
  GanderRangeKind kind;
  GHashTable *places; /* goroutine + 1 -> row + 1; by goroutine only */
  GanderStackSet *stacks;
  GHashTable *pairs; /* goroutine and row */
  GArray *sums;      /* of Sum */
  guint32 *row_of;   /* by number of the range, from @first on; rows of @sums */
  guint32 first;
} Summing;

static guint
need_row (Summing *self, const GanderRange *range)
{
  gpointer key = GSIZE_TO_POINTER ((gsize)range->goroutine + 1);
  guint row = self->sums->len;
  Sum empty = { .key = self->stacks == NULL ? range->goroutine : range->stack };

  if (self->stacks != NULL)
    row = gander_stack_set_get_number (self->stacks, range->stack);
  else if (g_hash_table_contains (self->places, key))
    row = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, key)) - 1;
  else
    g_hash_table_insert (self->places, key, GUINT_TO_POINTER (row + 1));
  if (row == self->sums->len)
    g_array_append_val (self->sums, empty);
  return row;
}

static void
add_to_sum (Summing *self, const GanderRangeIter *iter, const GanderRange *range)
{
  guint row = need_row (self, range);
  GanderTime length = gander_range_iter_get_length (iter, range);
  Sum *sum = &g_array_index (self->sums, Sum, row);
  gpointer pair = GSIZE_TO_POINTER (((gsize)row << 32) + range->goroutine + 1);

  sum->sum.count++;
  sum->sum.total += length;
  sum->sum.longest = MAX (sum->sum.longest, length);
  sum->swept += range->swept;
  sum->reclaimed += range->reclaimed;
  sum->n_goroutines += g_hash_table_add (self->pairs, pair);
  self->row_of[iter->row - self->first] = row;
  /* A sweep does not wait. */
  if (self->kind == GANDER_RANGE_SWEEP)
    sum->running += length;
}

static void
add_running (Summing *self)
{
  g_autoptr (GArray) pieces =
      gander_gc_pieces_collect (self->index, self->gc->begin, self->gc->end, NULL, NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderGcPiece *piece = &g_array_index (pieces, GanderGcPiece, i);

      if (piece->work == GANDER_GC_WORK_ASSIST && piece->running)
        g_array_index (self->sums, Sum, self->row_of[piece->range - self->first]).running +=
            piece->end - piece->begin;
    }
}

static GanderTable *
write_sums (const Summing *self)
{
  GanderTable *table = self->stacks != NULL
                           ? gander_table_new (stack_columns, G_N_ELEMENTS (stack_columns))
                           : gander_table_new (goroutine_columns, G_N_ELEMENTS (goroutine_columns));

  for (guint i = 0; i < self->sums->len; i++)
    {
      const Sum *sum = &g_array_index (self->sums, Sum, i);
      guint row = gander_table_append (table);

      gander_table_set_integer (table, row, SUM_COUNT, (gint64)sum->sum.count);
      gander_table_set_integer (table, row, SUM_TOTAL, sum->sum.total);
      gander_table_set_integer (table, row, SUM_RUNNING, sum->running);
      gander_table_set_integer (table, row, SUM_LONGEST, sum->sum.longest);
      gander_table_set_integer (table, row, SUM_SWEPT, (gint64)sum->swept);
      gander_table_set_integer (table, row, SUM_RECLAIMED, (gint64)sum->reclaimed);
      if (self->stacks == NULL)
        {
          set_goroutine (table, row, SUM_GOROUTINE, SUM_TEXT, self->index, sum->key);
          continue;
        }
      gander_table_set_integer (table, row, SUM_GOROUTINE, sum->n_goroutines);
      set_place (table, row, SUM_TEXT, self->index, sum->key);
    }
  gander_table_sort (table, SUM_TOTAL, TRUE);
  return table;
}

static GanderTable *
sum_up (const GanderGc *gc, const GanderIndex *index, GanderRangeKind kind, gboolean by_stack)
{
  g_autoptr (GanderStackSet) stacks = by_stack ? gander_stack_set_new (index) : NULL;
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) pairs = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (Sum));
  g_autofree guint32 *row_of = NULL;
  Summing self = { .gc = gc,
                   .index = index,
                   .kind = kind,
                   .places = places,
                   .stacks = stacks,
                   .pairs = pairs,
                   .sums = sums };
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, kind, gc->begin, gc->end);
  self.first = iter.next;
  self.row_of = row_of = g_new0 (guint32, iter.n - iter.next);
  while (gander_range_iter_next (&iter, &range))
    add_to_sum (&self, &iter, &range);
  if (kind == GANDER_RANGE_ASSIST)
    add_running (&self);
  return write_sums (&self);
}

static GanderTable *
get_assists (const GanderGc *self, const GanderIndex *index)
{
  return sum_up (self, index, GANDER_RANGE_ASSIST, FALSE);
}

static GanderTable *
get_assist_stacks (const GanderGc *self, const GanderIndex *index)
{
  return sum_up (self, index, GANDER_RANGE_ASSIST, TRUE);
}

static GanderTable *
get_sweeps (const GanderGc *self, const GanderIndex *index)
{
  return sum_up (self, index, GANDER_RANGE_SWEEP, FALSE);
}

static GanderTable *
get_sweep_stacks (const GanderGc *self, const GanderIndex *index)
{
  return sum_up (self, index, GANDER_RANGE_SWEEP, TRUE);
}

static const struct
{
  const char *id;
  GanderTable *(*get) (const GanderGc *self, const GanderIndex *index);
} tables[GANDER_N_GC_BY] = {
  [GANDER_GC_BY_CYCLE] = { "cycle", get_cycles },
  [GANDER_GC_BY_PAUSE] = { "pause", get_pauses },
  [GANDER_GC_BY_KIND] = { "kind", get_kinds },
  [GANDER_GC_BY_WORKER] = { "worker", get_workers },
  [GANDER_GC_BY_ASSIST] = { "assist", get_assists },
  [GANDER_GC_BY_ASSIST_STACK] = { "assist-stack", get_assist_stacks },
  [GANDER_GC_BY_SWEEP] = { "sweep", get_sweeps },
  [GANDER_GC_BY_SWEEP_STACK] = { "sweep-stack", get_sweep_stacks },
};

const char *
gander_gc_by_get_id (GanderGcBy by)
{
  g_return_val_if_fail (by < GANDER_N_GC_BY, NULL);
  return tables[by].id;
}

GanderTable *
gander_gc_get_table (const GanderGc *self, const GanderIndex *index, GanderGcBy by)
{
  g_return_val_if_fail (by < GANDER_N_GC_BY, NULL);
  return tables[by].get (self, index);
}
