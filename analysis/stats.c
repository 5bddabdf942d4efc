/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stats.h"

#include "analysis/stats-private.h"

/* Pieces between two looks at the cancellable. */
#define CANCEL_STEP 1024

struct _GanderStats
{
  const GanderIndex *index;
  const GanderScope *scope;
  GanderStatsBy by;
  GanderStatsParts parts;
  GanderStatsKeys keys;
  GanderTally *tally;
  GanderLaneRanges *ranges; /* NULL when not wanted */
  guint32 next_key;
  guint next_piece;
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
  self->tally = gander_tally_new (index, (parts & GANDER_STATS_DELAYS) != 0);
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
    gander_stats_keys_need_pieces (&self->keys, index, scope, by);
  return self;
}

void
gander_stats_free (GanderStats *self)
{
  if (self == NULL)
    return;
  gander_stats_keys_clear (&self->keys);
  gander_tally_free (self->tally);
  g_clear_pointer (&self->ranges, gander_lane_ranges_free);
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
      gander_tally_add_group (self->tally, self->groups[i]);
      if (self->ranges != NULL)
        add_ranges_of_group (self, self->groups[i], row);
    }
}

/* Adds the pieces of @key, which are next. Returns: FALSE when cancelled. */
static gboolean
add_pieces (GanderStats *self,
            guint32 key,
            GanderStatsRow *row,
            GCancellable *cancellable,
            GError **error)
{
  for (; self->next_piece < self->keys.pieces->len; self->next_piece++)
    {
      const GanderKeyedPiece *next =
          &g_array_index (self->keys.pieces, GanderKeyedPiece, self->next_piece);
      GanderPiece piece = { next->lane, next->begin, next->end };

      if (next->key != key)
        break;
      if (self->next_piece % CANCEL_STEP == 0 &&
          g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gander_tally_add_piece (self->tally, &piece);
      if (self->ranges != NULL)
        gander_lane_ranges_add (self->ranges, &piece, row);
      row->lane = piece.lane;
    }
  return TRUE;
}

static void
finish_row (GanderStats *self, guint32 key, GanderStatsRow *row)
{
  row->times = gander_tally_get_times (self->tally);
  row->reasons = gander_tally_get_reasons (self->tally, &row->n_reasons);
  row->count = self->keys.counts == NULL ? row->times->n_lanes : self->keys.counts[key];
  if (self->by == GANDER_STATS_BY_GOROUTINE)
    {
      GanderLane life;
      gander_index_get_life (self->index, row->lane, &life);
      row->name = gander_index_get_string (self->index, life.name);
      row->system = (life.flags & GANDER_LANE_SYSTEM) != 0;
    }
  else
    {
      row->name = g_ptr_array_index (self->keys.names, key);
      row->lane = GANDER_LANE_NONE;
    }
  if (self->by == GANDER_STATS_BY_FUNCTION)
    {
      GanderGroup group;
      gander_index_get_group (self->index, key, &group);
      row->system = group.system;
    }
  for (guint i = 0; i < GANDER_N_DELAYS && (self->parts & GANDER_STATS_DELAYS) != 0; i++)
    gander_tally_get_delays (self->tally, (GanderDelay)i, &row->delays[i]);
}

gboolean
gander_stats_next (GanderStats *self,
                   GanderStatsRow *out,
                   GCancellable *cancellable,
                   GError **error)
{
  while (self->next_key < self->keys.n_keys)
    {
      guint32 key = self->next_key++;

      *out = (GanderStatsRow){ .lane = GANDER_LANE_NONE };
      gander_tally_reset (self->tally);
      if (self->groups != NULL)
        add_groups (self, key, out);
      else if (!add_pieces (self, key, out, cancellable, error))
        return FALSE;
      if (gander_tally_is_empty (self->tally))
        continue;
      finish_row (self, key, out);
      return TRUE;
    }
  return FALSE;
}
