/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One walk over all waits of the program keeps, for each place, the longest that ended and the
 * begins of the three youngest that ended: enough to tell later who was overtaken three times. What
 * is open at the end is kept, and judged afterwards, kin by kin. */
#include "analysis/leaks.h"

#include "analysis/describe.h"
#include "analysis/figures-walk.h"

#define NS_PER_MS   1000000
#define CANCEL_STEP 4096
/* So many overtakings, ends and kin make a pattern. */
#define PATTERN 3

typedef struct
{
  guint64 key;
  GanderTime longest;
  GanderTime youngest[PATTERN]; /* begins of waits that ended, latest first; -1 = none */
  gboolean has_stuck;
} Place;

typedef struct
{
  GanderLaneId lane;
  guint32 group;
  guint place;
  GanderStretchKind kind;
  GanderTime born;
  GanderTime begin; /* of the wait */
  gboolean stuck;
} Wait;

/* When the goroutines of a start function ended. */
typedef struct
{
  guint32 group;
  GanderTime latest[PATTERN];
} Ends;

typedef struct
{
  const GanderIndex *index;
  GanderTime begin;
  GanderTime end;
  GArray *places;         /* of Place */
  GHashTable *place_of;   /* key -> number of the place + 1 */
  GArray *place_of_stack; /* of guint, by stack: 0 = not looked at, else number + 1 */
  GArray *waits;          /* of Wait: open at the end, kin together */
  Ends ends;              /* of the group that is being judged */
  GHashTable *parents;    /* lanes with a living child; NULL until asked for */
} Search;

#define KIND(NAME) (1u << GANDER_STRETCH_##NAME)
/* Nobody will come. */
#define HOPELESS (KIND (CHAN_SEND) | KIND (FOREVER))
/* Somebody may come. */
#define HOPEFUL (KIND (CHAN_RECEIVE) | KIND (SELECT) | KIND (COND))
#define LEAKS   (HOPELESS | HOPEFUL | KIND (WAIT_GROUP))

static guint
find_place (Search *self, GanderStackId stack)
{
  guint *known;
  GanderFrame frame = { 0 };
  Place place = { .youngest = { -1, -1, -1 } };
  gpointer number;

  if (stack >= self->place_of_stack->len)
    g_array_set_size (self->place_of_stack, stack + 1);
  known = &g_array_index (self->place_of_stack, guint, stack);
  if (*known > 0)
    return *known - 1;
  gander_describe_user_frame (self->index, stack, &frame, NULL);
  place.key = (guint64)frame.function << 32 | frame.line;
  number = g_hash_table_lookup (self->place_of, &place.key);
  if (number == NULL)
    {
      g_array_append_val (self->places, place);
      number = GUINT_TO_POINTER (self->places->len);
      g_hash_table_insert (self->place_of, g_memdup2 (&place.key, sizeof place.key), number);
    }
  *known = GPOINTER_TO_UINT (number);
  return *known - 1;
}

/* Keeps the PATTERN latest, latest first. */
static void
keep_latest (GanderTime *latest, GanderTime time)
{
  for (guint i = 0; i < PATTERN; i++)
    if (time > latest[i])
      {
        GanderTime other = latest[i];

        latest[i] = time;
        time = other;
      }
}

static void
look_at_lane (Search *self, GanderFigureWalk *walk, guint32 group, GanderLaneId id)
{
  GanderLane lane;
  GanderStretch stretch;

  gander_index_get_lane (self->index, id, &lane);
  if (lane.begin >= self->end || lane.end <= self->begin)
    return;
  gander_figure_walk_start (walk, id);
  while (gander_figure_walk_next (walk, &stretch))
    {
      Wait wait = { id, group, 0, stretch.kind, lane.begin, stretch.begin, FALSE };

      if ((LEAKS & 1u << stretch.kind) == 0)
        continue;
      wait.place = find_place (self, stretch.first.stack);
      if (stretch.has_next || stretch.end < self->end)
        {
          Place *place = &g_array_index (self->places, Place, wait.place);

          place->longest = MAX (place->longest, stretch.end - stretch.begin);
          keep_latest (place->youngest, stretch.begin);
        }
      else
        g_array_append_val (self->waits, wait);
    }
}

static gboolean
walk_all (Search *self, GCancellable *cancellable)
{
  g_auto (GanderFigureWalk) walk = {
    .index = self->index,
    .begin = self->begin,
    .end = self->end,
    .kinds = G_MAXUINT32,
  };
  guint32 n_groups = gander_index_get_n_groups (self->index);

  for (guint32 group = 0; group < n_groups; group++)
    {
      guint32 n = 0;
      const GanderLaneId *lanes = gander_index_get_group_lanes (self->index, group, &n);

      if (!gander_figure_walk_has_group (&walk, group))
        continue;
      for (guint32 i = 0; i < n; i++)
        {
          if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
            return FALSE;
          look_at_lane (self, &walk, group, lanes[i]);
        }
    }
  return TRUE;
}

static void
mark_stuck (Search *self)
{
  GanderTime length = self->end - self->begin;
  GanderTime least = MAX (length / 4, MIN (50 * NS_PER_MS, length / 2));

  for (guint i = 0; i < self->waits->len; i++)
    {
      Wait *wait = &g_array_index (self->waits, Wait, i);
      Place *place = &g_array_index (self->places, Place, wait->place);
      GanderTime age = self->end - wait->begin;

      place->has_stuck = place->has_stuck || (age >= least && age / 5 >= place->longest);
    }
  for (guint i = 0; i < self->waits->len; i++)
    {
      Wait *wait = &g_array_index (self->waits, Wait, i);
      const Place *place = &g_array_index (self->places, Place, wait->place);
      GanderTime age = self->end - wait->begin;

      wait->stuck = place->has_stuck && age >= length / 100 && age / 5 >= place->longest;
    }
}

static const GanderTime *
get_ends (Search *self, guint32 group)
{
  guint32 n = 0;
  const GanderLaneId *lanes = gander_index_get_group_lanes (self->index, group, &n);

  if (self->ends.group == group)
    return self->ends.latest;
  self->ends = (Ends){ .group = group, .latest = { -1, -1, -1 } };
  for (guint32 i = 0; i < n; i++)
    {
      GanderLane lane;

      gander_index_get_lane (self->index, lanes[i], &lane);
      if (!(lane.flags & GANDER_LANE_ALIVE) && lane.end > self->begin && lane.end <= self->end)
        keep_latest (self->ends.latest, lane.end);
    }
  return self->ends.latest;
}

static gboolean
has_living_child (Search *self, GanderLaneId parent)
{
  GanderLaneId first;
  guint32 n;

  if (self->parents != NULL)
    return g_hash_table_contains (self->parents, GUINT_TO_POINTER (parent));
  self->parents = g_hash_table_new (NULL, NULL);
  gander_index_get_lanes_of (self->index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + n; id++)
    {
      GanderLane lane;

      gander_index_get_lane (self->index, id, &lane);
      if (lane.begin < self->end && (lane.end > self->end || (lane.flags & GANDER_LANE_ALIVE) != 0))
        g_hash_table_add (self->parents, GUINT_TO_POINTER (lane.creator));
    }
  return g_hash_table_contains (self->parents, GUINT_TO_POINTER (parent));
}

/* Stuck waits of one start function, place and kind. */
typedef struct
{
  guint n;
  GanderTime first_born;
  GanderTime last_born;
  GanderTime first_wait;
} Kin;

static gboolean
is_kin (const Wait *a, const Wait *b)
{
  return a->group == b->group && a->place == b->place && a->kind == b->kind;
}

/* @first is the number of the first of them. */
static void
find_kin (const Search *self, guint first, Kin *out)
{
  const Wait *like = &g_array_index (self->waits, Wait, first);

  *out = (Kin){ 0, G_MAXINT64, 0, G_MAXINT64 };
  for (guint i = first; i < self->waits->len; i++)
    {
      const Wait *wait = &g_array_index (self->waits, Wait, i);

      if (!is_kin (like, wait))
        break;
      if (!wait->stuck)
        continue;
      out->n++;
      out->first_born = MIN (out->first_born, wait->born);
      out->last_born = MAX (out->last_born, wait->born);
      out->first_wait = MIN (out->first_wait, wait->begin);
    }
}

static gboolean
is_hopeful_leak (Search *self, guint first)
{
  const Wait *wait = &g_array_index (self->waits, Wait, first);
  const Place *place = &g_array_index (self->places, Place, wait->place);
  const GanderTime *ends = get_ends (self, wait->group);
  GanderTime length = self->end - self->begin;
  gboolean none_ended = ends[0] < 0;
  gboolean overtaken, overtaken_thrice, spread;
  Kin kin;

  find_kin (self, first, &kin);
  overtaken = place->youngest[0] > kin.first_wait;
  overtaken_thrice = place->youngest[PATTERN - 1] > kin.first_wait;
  spread = kin.last_born - kin.first_born >= length / 5;
  if (kin.last_born - kin.first_born <= length / 20 && none_ended)
    return FALSE;
  return (kin.n >= PATTERN && spread && overtaken_thrice) ||
         (ends[PATTERN - 1] >= 0 && overtaken_thrice) ||
         (kin.n >= 10 && spread && none_ended && !overtaken);
}

static gboolean
is_leak (Search *self, guint number)
{
  const Wait *wait = &g_array_index (self->waits, Wait, number);

  if ((HOPELESS & 1u << wait->kind) != 0)
    return TRUE;
  if (wait->kind == GANDER_STRETCH_WAIT_GROUP)
    return get_ends (self, wait->group)[PATTERN - 1] > wait->begin ||
           !has_living_child (self, wait->lane);
  return is_hopeful_leak (self, number);
}

/* Kin of receives, selects and Conds leak together. */
static void
collect (Search *self, GArray *leaks)
{
  gboolean leak = FALSE;

  for (guint i = 0; i < self->waits->len; i++)
    {
      const Wait *wait = &g_array_index (self->waits, Wait, i);

      if ((HOPEFUL & 1u << wait->kind) == 0 || i == 0 || !is_kin (wait - 1, wait))
        leak = is_leak (self, i);
      if (wait->stuck && leak)
        g_array_append_val (leaks, wait->lane);
    }
}

static int
compare_waits (gconstpointer a, gconstpointer b)
{
  const Wait *left = a, *right = b;

  if (left->group != right->group)
    return left->group < right->group ? -1 : 1;
  if (left->place != right->place)
    return left->place < right->place ? -1 : 1;
  if (left->kind != right->kind)
    return left->kind < right->kind ? -1 : 1;
  return (left->lane > right->lane) - (left->lane < right->lane);
}

static void
clear_search (Search *self)
{
  g_array_unref (self->places);
  g_hash_table_unref (self->place_of);
  g_array_unref (self->place_of_stack);
  g_array_unref (self->waits);
  g_clear_pointer (&self->parents, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, clear_search)

GArray *
gander_leaks_find (const GanderIndex *index,
                   GanderTime begin,
                   GanderTime end,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GArray) leaks = g_array_new (FALSE, FALSE, sizeof (GanderLaneId));
  g_auto (Search) search = {
    .index = index,
    .begin = begin,
    .end = end,
    .places = g_array_new (FALSE, FALSE, sizeof (Place)),
    .place_of = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .place_of_stack = g_array_new (FALSE, TRUE, sizeof (guint)),
    .waits = g_array_new (FALSE, FALSE, sizeof (Wait)),
    .ends.group = G_MAXUINT32,
  };

  if (!walk_all (&search, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  g_array_sort (search.waits, compare_waits);
  mark_stuck (&search);
  collect (&search, leaks);
  return g_steal_pointer (&leaks);
}
