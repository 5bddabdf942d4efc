/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/wakeups.h"

#include "analysis/wakeups-pairs.h"

/* Goroutines between two looks at the cancellable. */
#define CANCEL_STEP 1024

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

typedef struct
{
  const GanderIndex *index;
  GanderWakeupsBy by;
  GanderWakePairs pairs;
  Places places;
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

static GanderStackId
get_place (Places *self, GanderStackId stack)
{
  guint32 *known;

  if (stack >= self->known->len)
    g_array_set_size (self->known, stack + 1);
  known = &g_array_index (self->known, guint32, stack);
  if (*known == 0)
    *known = find_place (self, stack) + 1;
  return *known - 1;
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
place_side (Walk *self, GanderLaneId lane, GanderStackId stack)
{
  (void)lane;
  return get_place (&self->places, stack);
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
                                place_side,
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
make_table (const Walk *self)
{
  const GArray *pairs = self->pairs.pairs;
  GanderTable *table = gander_table_new (kinds[self->by].columns, kinds[self->by].n_columns);

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
        column = kinds[self->by].set_side (table, row, column, self->index, pair->waker);
      else
        column = set_nobody (table, row, column, self->by, pair->kind);
      kinds[self->by].set_side (table, row, column, self->index, pair->wakee);
    }
  return table;
}

static void
init_walk (Walk *self, const GanderIndex *index, GanderWakeupsBy by)
{
  *self = (Walk){
    .index = index,
    .by = by,
    .places = { .index = index,
                .stacks = g_hash_table_new_full (hash_place, equal_places, g_free, NULL),
                .known = g_array_new (FALSE, TRUE, sizeof (guint32)) },
  };
  gander_wake_pairs_init (&self->pairs);
}

static void
clear_walk (Walk *self)
{
  gander_wake_pairs_clear (&self->pairs);
  g_hash_table_unref (self->places.stacks);
  g_array_unref (self->places.known);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, clear_walk)

GanderTable *
gander_wakeups_compute (const GanderIndex *index,
                        const GanderScope *scope,
                        GanderWakeupsBy by,
                        GCancellable *cancellable,
                        GError **error)
{
  g_auto (Walk) walk = { 0 };
  GanderScopeIter iter;
  GanderPiece piece;

  g_return_val_if_fail (by < GANDER_N_WAKEUPS_BY, NULL);

  init_walk (&walk, index, by);
  gander_scope_iter_init (&iter, scope);
  for (guint i = 0; gander_scope_iter_next (&iter, &piece); i++)
    {
      if (i % CANCEL_STEP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      walk_piece (&walk, &piece);
    }
  gander_wake_pairs_find_bursts (&walk.pairs, gander_index_get_n_lanes (index));
  gander_wake_pairs_sort (&walk.pairs);
  return make_table (&walk);
}
