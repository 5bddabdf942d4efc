/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/scope.h"

#include "analysis/matcher.h"
#include "analysis/tasks.h"

struct _GanderScope
{
  const GanderIndex *index;
  GanderTime begin;
  GanderTime end;
  GanderLaneId first_lane; /* of the goroutines */
  guint32 n_lanes;
  GArray *pieces; /* GanderPiece; NULL = all goroutines, whole lives */
};

GanderScope *
gander_scope_new (const GanderIndex *index, GanderTime begin, GanderTime end)
{
  GanderScope *self = g_new0 (GanderScope, 1);
  GanderTime duration = gander_index_get_facts (index)->duration;

  self->index = index;
  self->begin = CLAMP (begin, 0, duration);
  self->end = CLAMP (end, self->begin, duration);
  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &self->first_lane, &self->n_lanes);
  return self;
}

void
gander_scope_free (GanderScope *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pieces, g_array_unref);
  g_free (self);
}

GanderTime
gander_scope_get_begin (const GanderScope *self)
{
  return self->begin;
}

GanderTime
gander_scope_get_end (const GanderScope *self)
{
  return self->end;
}

gboolean
gander_scope_is_whole (const GanderScope *self)
{
  return self->pieces == NULL && self->begin == 0 &&
         self->end == gander_index_get_facts (self->index)->duration;
}

/* Returns: FALSE when nothing of the piece is inside the range and the goroutine's life. */
static gboolean
cut_piece (const GanderScope *self, GanderPiece *piece)
{
  GanderLane lane;

  gander_index_get_life (self->index, piece->lane, &lane);
  piece->begin = MAX (piece->begin, MAX (lane.begin, self->begin));
  piece->end = MIN (piece->end, MIN (lane.end, self->end));
  return piece->begin < piece->end;
}

void
gander_scope_iter_init (GanderScopeIter *self, const GanderScope *scope)
{
  self->scope = scope;
  self->next = 0;
}

gboolean
gander_scope_iter_next (GanderScopeIter *self, GanderPiece *out)
{
  const GanderScope *scope = self->scope;

  if (scope->pieces != NULL)
    {
      if (self->next >= scope->pieces->len)
        return FALSE;
      *out = g_array_index (scope->pieces, GanderPiece, self->next++);
      return TRUE;
    }
  while (self->next < scope->n_lanes)
    {
      *out = (GanderPiece){ scope->first_lane + self->next++, scope->begin, scope->end };
      if (cut_piece (scope, out))
        return TRUE;
    }
  return FALSE;
}

/* What is in @self and on lanes that @keep has a 1 for. */
static void
keep_lanes (GanderScope *self, const guint8 *keep)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  GanderScopeIter iter;
  GanderPiece piece;

  gander_scope_iter_init (&iter, self);
  while (gander_scope_iter_next (&iter, &piece))
    if (keep[piece.lane - self->first_lane] != 0)
      g_array_append_val (pieces, piece);
  g_clear_pointer (&self->pieces, g_array_unref);
  self->pieces = pieces;
}

void
gander_scope_keep_goroutines (GanderScope *self, const gint64 *ids, guint n)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree guint8 *keep = g_malloc0 (MAX (self->n_lanes, 1));

  for (guint i = 0; i < n; i++)
    g_hash_table_add (wanted, (gpointer)&ids[i]);
  for (guint32 i = 0; i < self->n_lanes; i++)
    {
      GanderLane lane;
      gander_index_get_life (self->index, self->first_lane + i, &lane);
      keep[i] = (guint8)g_hash_table_contains (wanted, &lane.id);
    }
  keep_lanes (self, keep);
}

void
gander_scope_keep_functions (GanderScope *self, const GRegex *name)
{
  g_autofree guint8 *keep = g_malloc0 (MAX (self->n_lanes, 1));

  for (guint32 i = 0; i < gander_index_get_n_groups (self->index); i++)
    {
      GanderGroup group;
      const GanderLaneId *lanes = NULL;
      guint32 n = 0;
      gander_index_get_group (self->index, i, &group);
      if (!g_regex_match (name, gander_index_get_string (self->index, group.name), 0, NULL))
        continue;
      lanes = gander_index_get_group_lanes (self->index, i, &n);
      for (guint32 j = 0; j < n; j++)
        keep[lanes[j] - self->first_lane] = 1;
    }
  keep_lanes (self, keep);
}

static int
compare_pieces (gconstpointer a, gconstpointer b)
{
  const GanderPiece *x = a;
  const GanderPiece *y = b;

  if (x->lane != y->lane)
    return x->lane < y->lane ? -1 : 1;
  return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* Sorts and joins pieces that overlap or touch. */
static void
tidy (GArray *pieces)
{
  guint n = 0;

  g_array_sort (pieces, compare_pieces);
  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderPiece *piece = &g_array_index (pieces, GanderPiece, i);
      GanderPiece *last = n > 0 ? &g_array_index (pieces, GanderPiece, n - 1) : NULL;
      if (last != NULL && last->lane == piece->lane && piece->begin <= last->end)
        last->end = MAX (last->end, piece->end);
      else
        g_array_index (pieces, GanderPiece, n++) = *piece;
    }
  g_array_set_size (pieces, n);
}

/* What is in @self and in @other, which is tidy; takes @other. */
static void
intersect (GanderScope *self, GArray *other)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  GanderScopeIter iter;
  GanderPiece mine;
  guint i = 0;

  gander_scope_iter_init (&iter, self);
  while (gander_scope_iter_next (&iter, &mine))
    {
      for (; i < other->len; i++)
        {
          GanderPiece piece = g_array_index (other, GanderPiece, i);
          if (piece.lane > mine.lane || (piece.lane == mine.lane && piece.end > mine.begin))
            break;
        }
      for (guint j = i; j < other->len; j++)
        {
          GanderPiece piece = g_array_index (other, GanderPiece, j);
          if (piece.lane != mine.lane || piece.begin >= mine.end)
            break;
          piece.begin = MAX (piece.begin, mine.begin);
          piece.end = MIN (piece.end, mine.end);
          g_array_append_val (pieces, piece);
        }
    }
  g_array_unref (other);
  g_clear_pointer (&self->pieces, g_array_unref);
  self->pieces = pieces;
}

static void
add_piece (const GanderScope *self,
           GArray *pieces,
           GanderLaneId lane,
           GanderTime begin,
           GanderTime end)
{
  GanderPiece piece = { lane, begin, end };

  if (lane >= self->first_lane && lane - self->first_lane < self->n_lanes &&
      cut_piece (self, &piece))
    g_array_append_val (pieces, piece);
}

/* Returns: (transfer full) a 1 for each task that is wanted or below one. A task has a larger id
 * than its parent. */
static guint8 *
choose_tasks (const GanderScope *self, const GRegex *type, guint64 id)
{
  guint32 n = gander_index_get_n_tasks (self->index);
  guint8 *chosen = g_malloc0 (MAX (n, 1));
  g_auto (GanderMatcher) matcher = { 0 };
  GanderRowCursor tasks;

  gander_matcher_init (&matcher, self->index, type);
  gander_row_cursor_init (&tasks, self->index);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&tasks, i);
      guint32 parent = 0;
      chosen[i] =
          (guint8)(type == NULL ? task->id == id
                                : task->id != 0 && gander_matcher_matches (&matcher, task->type));
      if (!chosen[i] && task->parent != 0 && task->parent < task->id &&
          gander_tasks_find (self->index, task->parent, &parent))
        chosen[i] = chosen[parent];
    }
  return chosen;
}

void
gander_scope_keep_tasks (GanderScope *self, const GRegex *type, guint64 id)
{
  g_autofree guint8 *chosen = choose_tasks (self, type, id);
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  guint32 n = gander_index_get_n_tasks (self->index);
  GanderRowCursor cursor;

  gander_row_cursor_init (&cursor, self->index);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&cursor, i);
      if (chosen[i] && task->begin >= 0 && task->end >= 0 && task->creator == task->ender)
        add_piece (self, pieces, task->creator, task->begin, task->end);
    }
  for (guint32 i = 0; i < gander_index_get_n_regions (self->index); i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&cursor, i);
      guint32 row = 0;
      if (gander_tasks_find (self->index, region->task, &row) && chosen[row])
        add_piece (self, pieces, region->lane, region->begin, region->end);
    }
  tidy (pieces);
  intersect (self, pieces);
}

void
gander_scope_keep_regions (GanderScope *self, const GRegex *type)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  g_auto (GanderMatcher) matcher = { 0 };
  GanderRowCursor regions;

  gander_matcher_init (&matcher, self->index, type);
  gander_row_cursor_init (&regions, self->index);
  for (guint32 i = 0; i < gander_index_get_n_regions (self->index); i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&regions, i);
      if (gander_matcher_matches (&matcher, region->type))
        add_piece (self, pieces, region->lane, region->begin, region->end);
    }
  tidy (pieces);
  intersect (self, pieces);
}
