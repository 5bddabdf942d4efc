/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats.h"

#include "analysis/stats-private.h"
#include "analysis/workers.h"

#include <string.h>

/* Pieces, or rows of few pieces, that a thread takes at once. */
#define PART 64

/* Fewer pieces are not worth a second thread. */
#define SHARE_FROM 128

/* Rows of few pieces that are made at once. */
#define BATCH 4096

/* A row in store, and what it points to. */
typedef struct
{
  guint32 key;
  GanderStatsRow row;
  GanderTimes times;
  guint worker;
  guint first_reason; /* among those of the worker */
} MadeRow;

/* What a thread has for itself. */
typedef struct
{
  GanderTally *tally;
  GArray *reasons;    /* GanderReasonTimes of the rows in store that it made */
  GanderStatsRow row; /* its part of a row of many pieces */
} Maker;

struct _GanderStats
{
  const GanderIndex *index;
  const GanderScope *scope;
  GanderStatsBy by;
  GanderStatsParts parts;
  GanderStatsKeys keys;
  Maker makers[GANDER_MAX_WORKERS]; /* the first one always, the others once they are needed */
  GanderLaneRanges *ranges;         /* NULL when not wanted */
  guint32 next_key;
  guint32 *piece_starts; /* by key, and one more; NULL = rows come from totals */
  MadeRow *made;         /* NULL until needed */
  guint32 n_made;
  guint32 next_made;
  GanderTime floor;      /* a row is of no use unless its total is above this */
  guint32 *groups;       /* ordered by key, where rows come from totals; else NULL */
  guint32 *group_starts; /* by key */
};

static const char *const ids[GANDER_N_STATS_BY] = {
  [GANDER_STATS_BY_FUNCTION] = "func",   [GANDER_STATS_BY_GOROUTINE] = "goroutine",
  [GANDER_STATS_BY_CREATOR] = "creator", [GANDER_STATS_BY_PACKAGE] = "package",
  [GANDER_STATS_BY_TASK] = "task",       [GANDER_STATS_BY_REGION] = "region",
  [GANDER_STATS_BY_ALL] = "all",
};

const char *
gander_stats_by_get_id (GanderStatsBy by)
{
  g_return_val_if_fail (by < GANDER_N_STATS_BY, NULL);
  return ids[by];
}

static void
need_makers (GanderStats *self, guint n)
{
  for (guint i = 0; i < n; i++)
    if (self->makers[i].tally == NULL)
      {
        self->makers[i].tally =
            gander_tally_new (self->index, (self->parts & GANDER_STATS_DELAYS) != 0);
        self->makers[i].reasons = g_array_new (FALSE, FALSE, sizeof (GanderReasonTimes));
      }
}

static const GanderKeyedPiece *
get_piece (const GanderStats *self, guint32 i)
{
  return &g_array_index (self->keys.pieces, GanderKeyedPiece, i);
}

static void
find_starts (GanderStats *self)
{
  guint32 *starts = g_new0 (guint32, (gsize)self->keys.n_keys + 1);

  for (guint i = 0; i < self->keys.pieces->len; i++)
    starts[get_piece (self, i)->key + 1]++;
  for (guint32 key = 0; key < self->keys.n_keys; key++)
    starts[key + 1] += starts[key];
  self->piece_starts = starts;
}

GanderStats *
gander_stats_new (const GanderIndex *index,
                  const GanderScope *scope,
                  GanderStatsBy by,
                  GanderStatsParts parts,
                  GCancellable *cancellable,
                  GError **error)
{
  GanderStats *self = NULL;

  g_return_val_if_fail (by < GANDER_N_STATS_BY, NULL);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  self = g_new0 (GanderStats, 1);
  self->index = index;
  self->scope = scope;
  self->by = by;
  self->parts = parts;
  need_makers (self, 1);
  if ((parts & GANDER_STATS_RANGES) != 0)
    self->ranges = gander_lane_ranges_new (index);
  gander_stats_keys_init (&self->keys, index, scope, by);
  if (self->keys.key_of_group != NULL && gander_scope_is_whole (scope) &&
      (parts & GANDER_STATS_DELAYS) == 0)
    {
      self->group_starts = g_new (guint32, (gsize)self->keys.n_keys + 1);
      self->groups = gander_stats_order (self->keys.key_of_group,
                                         gander_index_get_n_groups (index),
                                         self->keys.n_keys,
                                         self->group_starts);
    }
  else
    {
      gander_stats_keys_need_pieces (&self->keys, index, scope, by);
      find_starts (self);
    }
  return self;
}

void
gander_stats_free (GanderStats *self)
{
  if (self == NULL)
    return;
  gander_stats_keys_clear (&self->keys);
  for (guint i = 0; i < GANDER_MAX_WORKERS; i++)
    {
      gander_tally_free (self->makers[i].tally);
      g_clear_pointer (&self->makers[i].reasons, g_array_unref);
    }
  g_clear_pointer (&self->ranges, gander_lane_ranges_free);
  g_free (self->piece_starts);
  g_free (self->made);
  g_free (self->groups);
  g_free (self->group_starts);
  g_free (self);
}

static void
add_ranges_of_group (GanderStats *self, guint32 group, GanderStatsRow *row)
{
  guint32 n = 0;
  const GanderLaneId *lanes = gander_index_get_group_lanes (self->index, group, &n);

  for (guint32 i = 0; i < n; i++)
    if (lanes[i] < gander_index_get_facts (self->index)->n_goroutines)
      {
        GanderLane life;
        gander_index_get_life (self->index, lanes[i], &life);
        gander_lane_ranges_add (self->ranges,
                                &(GanderPiece){ lanes[i], life.begin, life.end },
                                row);
      }
}

static void
add_groups (GanderStats *self, guint32 key, GanderStatsRow *row)
{
  for (guint32 i = self->group_starts[key]; i < self->group_starts[key + 1]; i++)
    {
      gander_tally_add_group (self->makers[0].tally, self->groups[i]);
      if (self->ranges != NULL)
        add_ranges_of_group (self, self->groups[i], row);
    }
}

static void
add_piece (const GanderStats *self, GanderTally *tally, guint32 i, GanderStatsRow *row)
{
  const GanderKeyedPiece *keyed = get_piece (self, i);
  GanderPiece piece = { keyed->lane, keyed->begin, keyed->end };

  gander_tally_add_piece (tally, &piece);
  if (self->ranges != NULL)
    gander_lane_ranges_add (self->ranges, &piece, row);
}

static void
finish_row (const GanderStats *self, GanderTally *tally, guint32 key, GanderStatsRow *row)
{
  row->times = gander_tally_get_times (tally);
  row->reasons = gander_tally_get_reasons (tally, &row->n_reasons);
  row->count = self->keys.counts == NULL ? row->times->n_lanes : self->keys.counts[key];
  if (self->by == GANDER_STATS_BY_GOROUTINE)
    {
      GanderLane life;
      row->lane = get_piece (self, self->piece_starts[key])->lane;
      gander_index_get_life (self->index, row->lane, &life);
      row->name = gander_index_get_string (self->index, life.name);
      row->system = (life.flags & GANDER_LANE_SYSTEM) != 0;
    }
  else
    row->name = g_ptr_array_index (self->keys.names, key);
  if (self->by == GANDER_STATS_BY_FUNCTION)
    {
      GanderGroup group;
      gander_index_get_group (self->index, key, &group);
      row->system = group.system;
    }
}

/* A walk that threads share. */
typedef struct
{
  GanderStats *stats;
  GCancellable *cancellable;
  guint32 first; /* piece of the row, when it is one row */
  guint32 end;
} Share;

/* Returns: the first piece of a goroutine, from piece @i of the row on. */
static guint32
find_lane (const Share *share, guint32 i)
{
  guint32 high = share->end;
  GanderLaneId before = 0;

  if (i == share->first)
    return i;
  before = get_piece (share->stats, i - 1)->lane;
  while (i < high)
    {
      guint32 middle = i + (high - i) / 2;
      if (get_piece (share->stats, middle)->lane <= before)
        i = middle + 1;
      else
        high = middle;
    }
  return i;
}

/* Adds the goroutines that begin in a part of the pieces of a row, so that each is one thread's. */
static gboolean
add_part (gpointer data, guint worker, guint32 first, guint32 n)
{
  const Share *share = data;
  Maker *maker = &share->stats->makers[worker];
  guint32 end = find_lane (share, share->first + first + n);

  if (g_cancellable_is_cancelled (share->cancellable))
    return FALSE;
  for (guint32 i = find_lane (share, share->first + first); i < end; i++)
    add_piece (share->stats, maker->tally, i, &maker->row);
  return TRUE;
}

static void
merge_makers (GanderStats *self, guint n, GanderStatsRow *row)
{
  for (guint i = 0; i < n; i++)
    {
      const GanderStatsRow *part = &self->makers[i].row;
      if (i > 0)
        gander_tally_add_tally (self->makers[0].tally, self->makers[i].tally);
      row->n_assists += part->n_assists;
      row->assist += part->assist;
      row->sweep += part->sweep;
      row->stw_overlap += part->stw_overlap;
      row->stw_caused += part->stw_caused;
      row->created_goroutines += part->created_goroutines;
      row->cpu_samples += part->cpu_samples;
    }
}

/* Sorting is most of it: each kind of delay may be another thread's. */
static gboolean
get_delays (gpointer data, guint worker G_GNUC_UNUSED, guint32 first, guint32 n)
{
  GanderStats *self = data;
  Maker *maker = &self->makers[0];

  for (guint32 i = first; i < first + n; i++)
    gander_tally_get_delays (maker->tally, (GanderDelay)i, &maker->row.delays[i]);
  return TRUE;
}

/* A row of many pieces. Returns: FALSE when cancelled. */
static gboolean
make_large_row (GanderStats *self, guint32 key, GanderStatsRow *out, GCancellable *cancellable)
{
  guint32 first = self->piece_starts[key];
  guint32 end = self->piece_starts[key + 1];
  guint n = gander_workers_get_n (end - first);
  Share share = { self, cancellable, first, end };

  need_makers (self, n);
  for (guint i = 0; i < n; i++)
    {
      self->makers[i].row = (GanderStatsRow){ 0 };
      gander_tally_reset (self->makers[i].tally);
    }
  if (!gander_workers_run (end - first, PART, add_part, &share))
    return FALSE;
  merge_makers (self, n, out);
  finish_row (self, self->makers[0].tally, key, out);
  if ((self->parts & GANDER_STATS_DELAYS) != 0)
    {
      gander_workers_run (GANDER_N_DELAYS, 1, get_delays, self);
      memcpy (out->delays, self->makers[0].row.delays, sizeof out->delays);
    }
  return TRUE;
}

static void
make_row (const GanderStats *self, guint worker, MadeRow *made)
{
  guint32 key = made->key;
  const Maker *maker = &self->makers[worker];
  GanderStatsRow *row = &made->row;

  *row = (GanderStatsRow){ .lane = GANDER_LANE_NONE };
  gander_tally_reset (maker->tally);
  for (guint32 i = self->piece_starts[key]; i < self->piece_starts[key + 1]; i++)
    add_piece (self, maker->tally, i, row);
  finish_row (self, maker->tally, key, row);
  for (guint i = 0; i < GANDER_N_DELAYS && (self->parts & GANDER_STATS_DELAYS) != 0; i++)
    gander_tally_get_delays (maker->tally, (GanderDelay)i, &row->delays[i]);
  made->times = *row->times;
  made->worker = worker;
  made->first_reason = maker->reasons->len;
  g_array_append_vals (maker->reasons, row->reasons, row->n_reasons);
}

static gboolean
make_part (gpointer data, guint worker, guint32 first, guint32 n)
{
  const Share *share = data;

  if (g_cancellable_is_cancelled (share->cancellable))
    return FALSE;
  for (guint32 i = first; i < first + n; i++)
    make_row (share->stats, worker, &share->stats->made[i]);
  return TRUE;
}

static gboolean
is_large (const GanderStats *self, guint32 key)
{
  return self->piece_starts[key + 1] - self->piece_starts[key] >= SHARE_FROM;
}

/* Returns: whether a row has pieces, and they are long enough together. */
static gboolean
is_of_use (const GanderStats *self, guint32 key)
{
  GanderTime total = 0;

  for (guint32 i = self->piece_starts[key]; i < self->piece_starts[key + 1]; i++)
    total += get_piece (self, i)->end - get_piece (self, i)->begin;
  return total > self->floor;
}

/* The next rows of few pieces. Returns: FALSE when cancelled. */
static gboolean
make_batch (GanderStats *self, GCancellable *cancellable)
{
  Share share = { self, cancellable, 0, 0 };
  guint32 n_pieces = 0;
  guint32 n = 0;

  if (self->made == NULL)
    self->made = g_new (MadeRow, BATCH);
  for (; n < BATCH && self->next_key < self->keys.n_keys; self->next_key++)
    {
      guint32 key = self->next_key;
      if (is_large (self, key))
        break;
      if (!is_of_use (self, key))
        continue;
      n_pieces += self->piece_starts[key + 1] - self->piece_starts[key];
      self->made[n++].key = key;
    }
  need_makers (self, gander_workers_get_n (n));
  for (guint i = 0; i < GANDER_MAX_WORKERS && self->makers[i].reasons != NULL; i++)
    g_array_set_size (self->makers[i].reasons, 0);
  self->n_made = n;
  self->next_made = 0;
  return n_pieces < SHARE_FROM ? make_part (&share, 0, 0, n)
                               : gander_workers_run (n, PART, make_part, &share);
}

/* Takes a row from the store. */
static void
take_row (GanderStats *self, GanderStatsRow *out)
{
  const MadeRow *made = &self->made[self->next_made++];

  *out = made->row;
  out->times = &made->times;
  out->reasons = (const GanderReasonTimes *)(gconstpointer)self->makers[made->worker].reasons->data;
  if (out->reasons != NULL)
    out->reasons += made->first_reason;
}

/* The next row, from totals. */
static gboolean
next_from_groups (GanderStats *self, GanderStatsRow *out)
{
  GanderTally *tally = self->makers[0].tally;

  while (self->next_key < self->keys.n_keys)
    {
      guint32 key = self->next_key++;

      *out = (GanderStatsRow){ .lane = GANDER_LANE_NONE };
      gander_tally_reset (tally);
      add_groups (self, key, out);
      if (gander_tally_is_empty (tally))
        continue;
      finish_row (self, tally, key, out);
      return TRUE;
    }
  return FALSE;
}

void
gander_stats_set_floor (GanderStats *self, GanderTime floor)
{
  self->floor = MAX (floor, 0);
}

gboolean
gander_stats_next (GanderStats *self,
                   GanderStatsRow *out,
                   GCancellable *cancellable,
                   GError **error)
{
  if (self->groups != NULL)
    return next_from_groups (self, out);
  /* What a thread stopped is not complete: the next look tells why. */
  while (!g_cancellable_set_error_if_cancelled (cancellable, error) &&
         (self->next_made < self->n_made || self->next_key < self->keys.n_keys))
    {
      if (self->next_made < self->n_made)
        {
          take_row (self, out);
          return TRUE;
        }
      else if (is_large (self, self->next_key))
        {
          *out = (GanderStatsRow){ .lane = GANDER_LANE_NONE };
          if (make_large_row (self, self->next_key++, out, cancellable))
            return TRUE;
        }
      else if (!make_batch (self, cancellable))
        self->n_made = 0;
    }
  return FALSE;
}
