/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/wakeups.h"

#include "analysis/piece-queue.h"
#include "analysis/wakeups-pairs.h"

/* Stacks that show the same place are one: the first of them stands for all. */
typedef struct
{
  const GanderIndex *index;
  GHashTable *stacks; /* Place -> itself */
  GArray *known;      /* by stack: the one that stands for it + 1; 0 = not looked at */
} Places;

typedef struct
{
  GanderFrame frame;
  GanderStackId stack;
} Place;

/* What one thread has walked. */
typedef struct
{
  const GanderIndex *index;
  GanderWakeupsBy by;
  GanderWakePairs pairs;
} Walk;

static guint
hash_place (gconstpointer data)
{
  const Place *place = data;

  return place->frame.function * 31 + place->frame.file * 17 + (guint)place->frame.line;
}

static gboolean
equal_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  return x->frame.function == y->frame.function && x->frame.file == y->frame.file &&
         x->frame.line == y->frame.line;
}

static GanderStackId
find_place (Places *self, GanderStackId stack)
{
  Place place = { .stack = stack };
  const Place *found;

  if (!gander_describe_user_frame (self->index, stack, &place.frame, NULL))
    return 0;
  found = g_hash_table_lookup (self->stacks, &place);
  if (found == NULL)
    {
      found = g_memdup2 (&place, sizeof place);
      g_hash_table_add (self->stacks, (gpointer)found);
    }
  return found->stack;
}

/* A GanderSideFunc. */
static GanderSide
convert_place (GanderSide stack, gpointer data)
{
  Places *self = data;
  guint32 *known;

  if (stack >= self->known->len)
    g_array_set_size (self->known, stack + 1);
  known = &g_array_index (self->known, guint32, stack);
  if (*known == 0)
    *known = find_place (self, stack) + 1;
  return *known - 1;
}

/* A GanderSideFunc for sides that are what they are. */
static GanderSide
convert_nothing (GanderSide side, gpointer data)
{
  (void)data;
  return side;
}

static int
compare_stacks (gconstpointer a, gconstpointer b)
{
  GanderStackId x = *(const GanderStackId *)a, y = *(const GanderStackId *)b;

  return x < y ? -1 : x > y;
}

/* Chooses the stack that stands for each place: the one with the least number, so that it is not by
 * chance. */
static void
choose_places (Places *self, const Walk *walks, guint n_walks)
{
  g_autoptr (GArray) stacks = g_array_new (FALSE, FALSE, sizeof (GanderStackId));

  for (guint i = 0; i < n_walks; i++)
    for (guint j = 0; j < walks[i].pairs.pairs->len; j++)
      {
        const GanderWakePair *pair = &g_array_index (walks[i].pairs.pairs, GanderWakePair, j);

        g_array_append_val (stacks, pair->waker);
        g_array_append_val (stacks, pair->wakee);
      }
  g_array_sort (stacks, compare_stacks);
  for (guint i = 0; i < stacks->len; i++)
    convert_place (g_array_index (stacks, GanderStackId, i), self);
}

static GanderSide
function_side (Walk *self, GanderLaneId lane, GanderStackId stack)
{
  (void)stack;
  return gander_index_get_group_of (self->index, lane);
}

static GanderSide
goroutine_side (Walk *self, GanderLaneId lane, GanderStackId stack)
{
  (void)self;
  (void)stack;
  return lane;
}

static GanderSide
stack_side (Walk *self, GanderLaneId lane, GanderStackId stack)
{
  (void)self;
  (void)lane;
  return stack;
}

#define N_(text) text

/* What both sides have done, in every table. */
#define PAIR_COLUMNS                                                \
  { "count", N_ ("Wake-ups"), GANDER_COLUMN_COUNT, FALSE },         \
      { "waited", N_ ("Waited"), GANDER_COLUMN_DURATION, FALSE },   \
      { "mean", N_ ("Mean"), GANDER_COLUMN_DURATION, FALSE },       \
      { "longest", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE }, \
      { "burst", N_ ("Burst"), GANDER_COLUMN_COUNT, FALSE },        \
  {                                                                 \
    "kind", N_ ("Kind"), GANDER_COLUMN_TEXT, TRUE                   \
  }

static const GanderColumn function_columns[] = {
  PAIR_COLUMNS,
  { "waker", N_ ("Waker"), GANDER_COLUMN_TEXT, FALSE },
  { "wakee", N_ ("Woken"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn goroutine_columns[] = {
  PAIR_COLUMNS,
  { "waker-goroutine", N_ ("G"), GANDER_COLUMN_ID, FALSE },
  { "waker-life", N_ ("Life"), GANDER_COLUMN_COUNT, TRUE },
  { "waker", N_ ("Waker"), GANDER_COLUMN_TEXT, FALSE },
  { "wakee-goroutine", N_ ("G"), GANDER_COLUMN_ID, FALSE },
  { "wakee-life", N_ ("Life"), GANDER_COLUMN_COUNT, TRUE },
  { "wakee", N_ ("Woken"), GANDER_COLUMN_TEXT, FALSE },
};

static const GanderColumn place_columns[] = {
  PAIR_COLUMNS,
  { "waker", N_ ("Woken from"), GANDER_COLUMN_TEXT, FALSE },
  { "wakee", N_ ("Waited at"), GANDER_COLUMN_TEXT, FALSE },
};

static guint
set_function (GanderTable *table,
              guint row,
              guint column,
              const GanderIndex *index,
              GanderSide side)
{
  GanderGroup group;

  gander_index_get_group (index, side, &group);
  gander_table_set_text (table, row, column, gander_index_get_string (index, group.name));
  return column + 1;
}

static guint
set_goroutine (GanderTable *table,
               guint row,
               guint column,
               const GanderIndex *index,
               GanderSide side)
{
  GanderLane lane;

  gander_index_get_lane (index, side, &lane);
  gander_table_set_integer (table, row, column, lane.id);
  gander_table_set_integer (table, row, column + 1, lane.life);
  gander_table_set_text (table, row, column + 2, gander_index_get_string (index, lane.name));
  return column + 3;
}

static guint
set_place (GanderTable *table, guint row, guint column, const GanderIndex *index, GanderSide side)
{
  g_autofree char *text = gander_describe_place (index, side);

  gander_table_set_text (table, row, column, text);
  return column + 1;
}

static const struct
{
  const char *id;
  const GanderColumn *columns;
  guint n_columns;
  GanderSide (*get_side) (Walk *self, GanderLaneId lane, GanderStackId stack);
  /* Returns: the column after those of the side. */
  guint (*set_side) (GanderTable *table,
                     guint row,
                     guint column,
                     const GanderIndex *index,
                     GanderSide side);
} kinds[GANDER_N_WAKEUPS_BY] = {
  [GANDER_WAKEUPS_BY_FUNCTION] = { "func",
                                   function_columns,
                                   G_N_ELEMENTS (function_columns),
                                   function_side,
                                   set_function },
  [GANDER_WAKEUPS_BY_GOROUTINE] = { "goroutine",
                                    goroutine_columns,
                                    G_N_ELEMENTS (goroutine_columns),
                                    goroutine_side,
                                    set_goroutine },
  [GANDER_WAKEUPS_BY_PLACE] = { "place",
                                place_columns,
                                G_N_ELEMENTS (place_columns),
                                stack_side,
                                set_place },
};

const char *
gander_wakeups_by_get_id (GanderWakeupsBy by)
{
  g_return_val_if_fail (by < GANDER_N_WAKEUPS_BY, NULL);
  return kinds[by].id;
}

/* @wait is what came before @wake, if anything. */
static void
add_wake (Walk *self, const GanderSpan *wait, const GanderSpan *wake)
{
  gboolean known = wait->state == GANDER_STATE_BLOCKED;
  GanderLaneId waker = wake->link;
  GanderWaker kind = GANDER_WAKER_GOROUTINE;
  GanderSide side = 0;

  if (waker == GANDER_LANE_NONE)
    kind = gander_waker_of_wait (known ? gander_index_get_wait (self->index, wait->reason)
                                       : GANDER_WAIT_NONE);
  else
    side = kinds[self->by].get_side (self, waker, wake->stack);
  gander_wake_pairs_add (&self->pairs,
                         kind,
                         side,
                         kinds[self->by].get_side (self, wake->lane, known ? wait->stack : 0),
                         waker,
                         wake->begin,
                         known ? wait->end - wait->begin : 0);
}

static void
walk_piece (Walk *self, const GanderPiece *piece)
{
  GanderSpanIter iter;
  GanderSpan span, before = { .state = GANDER_STATE_NONE };
  gboolean has_before = FALSE;

  gander_span_iter_init (&iter, self->index, piece->lane, piece->begin, piece->end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (span.state == GANDER_STATE_RUNNABLE && span.begin >= piece->begin &&
          (span.cause == GANDER_CAUSE_WOKEN || span.cause == GANDER_CAUSE_SWITCHED))
        {
          if (!has_before && span.ordinal > 0)
            gander_query_span (self->index, span.lane, span.ordinal - 1, &before);
          add_wake (self, &before, &span);
        }
      before = span;
      has_before = TRUE;
    }
}

static const char *const kind_ids[] = {
  [GANDER_WAKER_NONE] = "none",       [GANDER_WAKER_GOROUTINE] = "goroutine",
  [GANDER_WAKER_NETWORK] = "network", [GANDER_WAKER_TIMER] = "timer",
  [GANDER_WAKER_GC] = "gc",           [GANDER_WAKER_RUNTIME] = "runtime",
  [GANDER_WAKER_UNSEEN] = "unseen",
};

/* Fills the columns of a side that is no goroutine.
 *
 * Returns: the column after them. */
static guint
set_nobody (GanderTable *table, guint row, guint column, GanderWakeupsBy by, GanderWaker kind)
{
  if (by == GANDER_WAKEUPS_BY_GOROUTINE)
    {
      gander_table_set_integer (table, row, column, -1);
      column += 2;
    }
  gander_table_set_text (table, row, column, gander_waker_get_words (kind));
  return column + 1;
}

static GanderTable *
make_table (const GanderIndex *index, GanderWakeupsBy by, const GArray *pairs)
{
  GanderTable *table = gander_table_new (kinds[by].columns, kinds[by].n_columns);

  for (guint i = 0; i < pairs->len; i++)
    {
      const GanderWakePair *pair = &g_array_index (pairs, GanderWakePair, i);
      guint row = gander_table_append (table);
      guint column = 0;

      gander_table_set_integer (table, row, column++, (gint64)pair->count);
      gander_table_set_integer (table, row, column++, pair->waited);
      gander_table_set_integer (table, row, column++, pair->waited / (gint64)pair->count);
      gander_table_set_integer (table, row, column++, pair->longest);
      gander_table_set_integer (table, row, column++, (gint64)pair->burst);
      gander_table_set_text (table, row, column++, kind_ids[pair->kind]);
      if (pair->kind == GANDER_WAKER_GOROUTINE)
        column = kinds[by].set_side (table, row, column, index, pair->waker);
      else
        column = set_nobody (table, row, column, by, pair->kind);
      kinds[by].set_side (table, row, column, index, pair->wakee);
    }
  return table;
}

static void
walk_pieces (GanderPieceQueue *queue, gpointer data)
{
  GanderPiece pieces[GANDER_PIECE_BATCH];
  guint n;

  while ((n = gander_piece_queue_take (queue, pieces)) > 0)
    for (guint i = 0; i < n; i++)
      walk_piece (data, &pieces[i]);
}

/* Puts together what the threads have walked. */
static void
merge (const GanderIndex *index,
       GanderWakeupsBy by,
       const Walk *walks,
       guint n_walks,
       GanderWakePairs *out)
{
  Places places = {
    .index = index,
    .stacks = g_hash_table_new_full (hash_place, equal_places, g_free, NULL),
    .known = g_array_new (FALSE, TRUE, sizeof (guint32)),
  };

  if (by == GANDER_WAKEUPS_BY_PLACE)
    choose_places (&places, walks, n_walks);
  for (guint i = 0; i < n_walks; i++)
    gander_wake_pairs_merge (out,
                             &walks[i].pairs,
                             by == GANDER_WAKEUPS_BY_PLACE ? convert_place : convert_nothing,
                             &places);
  gander_wake_pairs_find_bursts (out, gander_index_get_n_lanes (index));
  gander_wake_pairs_sort (out);
  g_hash_table_unref (places.stacks);
  g_array_unref (places.known);
}

GanderTable *
gander_wakeups_compute (const GanderIndex *index,
                        const GanderScope *scope,
                        GanderWakeupsBy by,
                        GCancellable *cancellable,
                        GError **error)
{
  guint n_walks = gander_piece_queue_get_n_workers (index);
  g_autofree Walk *walks = g_new0 (Walk, n_walks);
  g_autofree gpointer *workers = g_new (gpointer, n_walks);
  g_auto (GanderWakePairs) pairs = { 0 };
  gboolean walked;

  g_return_val_if_fail (by < GANDER_N_WAKEUPS_BY, NULL);

  for (guint i = 0; i < n_walks; i++)
    {
      walks[i] = (Walk){ .index = index, .by = by };
      gander_wake_pairs_init (&walks[i].pairs);
      workers[i] = &walks[i];
    }
  gander_wake_pairs_init (&pairs);
  walked = gander_piece_queue_run (scope, walk_pieces, workers, n_walks, cancellable, error);
  if (walked)
    merge (index, by, walks, n_walks, &pairs);
  for (guint i = 0; i < n_walks; i++)
    gander_wake_pairs_clear (&walks[i].pairs);
  return walked ? make_table (index, by, pairs.pairs) : NULL;
}
