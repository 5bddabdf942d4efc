/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groupings by type of task and of region: parts of goroutines, which may overlap. */
#include "analysis/stats-private.h"
#include "analysis/tasks.h"

#include <string.h>

/* Types of tasks that one task counts for, its own and those of tasks above it. */
#define MAX_TYPES 32

/* A part of a goroutine that counts for a row, before the scope is looked at. */
typedef struct
{
  GanderKeyedPiece piece;
  guint32 member; /* number + 1 of the task or region that it shows to be there; 0 = another one */
} Entry;

static int
compare_strings (gconstpointer a, gconstpointer b, gpointer index)
{
  return strcmp (gander_index_get_string (index, *(const GanderStringId *)a),
                 gander_index_get_string (index, *(const GanderStringId *)b));
}

/* Names the rows after @types (of GanderStringId, several times the same ones).
 *
 * Returns: (transfer full) the key of each string of the trace that is a type. */
static guint32 *
name_keys (GanderStatsKeys *self, const GanderIndex *index, GArray *types)
{
  guint32 n_strings = gander_index_get_n_strings (index);
  guint32 *keys = g_new0 (guint32, MAX (n_strings, 1));
  guint n = 0;

  for (guint i = 0; i < types->len; i++)
    {
      GanderStringId type = g_array_index (types, GanderStringId, i);
      if (type >= n_strings || keys[type] != 0)
        continue;
      keys[type] = 1;
      g_array_index (types, GanderStringId, n++) = type;
    }
  g_array_set_size (types, n);
  g_array_sort_with_data (types, compare_strings, (gpointer)index);
  for (guint i = 0; i < n; i++)
    {
      GanderStringId type = g_array_index (types, GanderStringId, i);
      keys[type] = i;
      g_ptr_array_add (self->names, (gpointer)gander_index_get_string (index, type));
    }
  self->n_keys = n;
  self->counts = g_new0 (guint64, MAX (n, 1));
  return keys;
}

/* What of an entry is in the scope; @mine are the pieces of its goroutine in the scope.
 *
 * Returns: whether there is any. */
static gboolean
cut_entry (GArray *out, const GanderKeyedPiece *entry, const GArray *mine)
{
  guint low = 0;
  guint high = mine->len;
  gboolean any = FALSE;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (mine, GanderPiece, middle).end <= entry->begin)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < mine->len; low++)
    {
      const GanderPiece *piece = &g_array_index (mine, GanderPiece, low);
      GanderKeyedPiece part = *entry;
      if (piece->begin >= entry->end)
        break;
      part.begin = MAX (entry->begin, piece->begin);
      part.end = MIN (entry->end, piece->end);
      if (part.begin < part.end)
        {
          g_array_append_val (out, part);
          any = TRUE;
        }
    }
  return any;
}

/* Fills the pieces of @self from @entries, ordered by goroutine, and counts the members. */
static void
cut_to_scope (GanderStatsKeys *self,
              const GArray *entries,
              guint32 n_members,
              const GanderScope *scope)
{
  g_autoptr (GArray) mine = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  g_autofree guint8 *seen = g_malloc0 ((gsize)n_members + 1);
  GanderScopeIter iter;
  GanderPiece next = { 0 };
  gboolean more = FALSE;

  self->pieces = g_array_new (FALSE, FALSE, sizeof (GanderKeyedPiece));
  gander_scope_iter_init (&iter, scope);
  more = gander_scope_iter_next (&iter, &next);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      if (i == 0 || entry->piece.lane != entry[-1].piece.lane)
        {
          g_array_set_size (mine, 0);
          for (; more && next.lane <= entry->piece.lane;
               more = gander_scope_iter_next (&iter, &next))
            if (next.lane == entry->piece.lane)
              g_array_append_val (mine, next);
        }
      if (cut_entry (self->pieces, &entry->piece, mine) && entry->member != 0 &&
          !seen[entry->member])
        {
          seen[entry->member] = 1;
          self->counts[entry->piece.key]++;
        }
    }
  gander_stats_keys_sort (self);
}

void
gander_stats_keys_add_regions (GanderStatsKeys *self,
                               const GanderIndex *index,
                               const GanderScope *scope)
{
  guint32 n = gander_index_get_n_regions (index);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (GanderStringId));
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autofree guint32 *keys = NULL;
  GanderRowCursor regions;

  gander_row_cursor_init (&regions, index);
  for (guint32 i = 0; i < n; i++)
    {
      GanderStringId type = gander_row_cursor_get_region (&regions, i)->type;
      g_array_append_val (types, type);
    }
  keys = name_keys (self, index, types);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&regions, i);
      Entry entry = { .member = i + 1 };
      if (region->type >= gander_index_get_n_strings (index))
        continue;
      entry.piece =
          (GanderKeyedPiece){ region->lane, keys[region->type], region->begin, region->end };
      g_array_append_val (entries, entry);
    }
  cut_to_scope (self, entries, n, scope);
}

/* The rows that a task counts for: its own type's, and the list of a task above it. */
typedef struct
{
  guint32 key;
  guint32 above; /* number + 1 of the node before it in the list, or 0 */
  guint32 n;     /* nodes from here on */
} TypeNode;

/* The tasks of a trace and the types that each counts for. */
typedef struct
{
  const GanderIndex *index;
  const guint32 *keys; /* by string */
  guint32 *lists;      /* by task: number + 1 of its node, or 0 */
  GArray *nodes;       /* TypeNode */
} TaskTypes;

static gboolean
has_type (const TaskTypes *self, guint32 list, guint32 key)
{
  for (; list != 0; list = g_array_index (self->nodes, TypeNode, list - 1).above)
    if (g_array_index (self->nodes, TypeNode, list - 1).key == key)
      return TRUE;
  return FALSE;
}

/* A task has a larger id than its parent, so what is above it has its list already. */
static void
make_list (TaskTypes *self, guint32 row)
{
  GanderTask task;
  TypeNode node = { 0 };
  guint32 parent = 0;
  guint32 above = 0;

  gander_index_get_task (self->index, row, &task);
  if (task.id == 0 || task.type >= gander_index_get_n_strings (self->index))
    return;
  if (task.parent != 0 && task.parent < task.id &&
      gander_tasks_find (self->index, task.parent, &parent) && parent < row)
    above = self->lists[parent];
  node.key = self->keys[task.type];
  if (has_type (self, above, node.key))
    {
      self->lists[row] = above;
      return;
    }
  if (above != 0 && g_array_index (self->nodes, TypeNode, above - 1).n >= MAX_TYPES)
    above = 0;
  node.above = above;
  node.n = above == 0 ? 1 : g_array_index (self->nodes, TypeNode, above - 1).n + 1;
  g_array_append_val (self->nodes, node);
  self->lists[row] = self->nodes->len;
}

/* Adds a part of a goroutine that works on task @row to every row that the task counts for. */
static void
add_work (const TaskTypes *self,
          GArray *entries,
          guint32 row,
          GanderLaneId lane,
          GanderTime begin,
          GanderTime end)
{
  GanderTask task;

  gander_index_get_task (self->index, row, &task);
  for (guint32 list = self->lists[row]; list != 0;)
    {
      const TypeNode *node = &g_array_index (self->nodes, TypeNode, list - 1);
      Entry entry = { { lane, node->key, begin, end }, 0 };
      if (node->key == self->keys[task.type])
        entry.member = row + 1;
      g_array_append_val (entries, entry);
      list = node->above;
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

  if (x->piece.lane != y->piece.lane)
    return x->piece.lane < y->piece.lane ? -1 : 1;
  return x->piece.begin < y->piece.begin ? -1 : x->piece.begin > y->piece.begin;
}

/* Joins the pieces of one row and goroutine that overlap or touch. */
static void
join_pieces (GArray *pieces)
{
  guint n = 0;

  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderKeyedPiece *piece = &g_array_index (pieces, GanderKeyedPiece, i);
      GanderKeyedPiece *last = n > 0 ? &g_array_index (pieces, GanderKeyedPiece, n - 1) : NULL;
      if (last != NULL && last->key == piece->key && last->lane == piece->lane &&
          piece->begin <= last->end)
        last->end = MAX (last->end, piece->end);
      else
        g_array_index (pieces, GanderKeyedPiece, n++) = *piece;
    }
  g_array_set_size (pieces, n);
}

void
gander_stats_keys_add_tasks (GanderStatsKeys *self,
                             const GanderIndex *index,
                             const GanderScope *scope)
{
  TaskTypes tasks = { .index = index };
  guint32 n_tasks = gander_index_get_n_tasks (index);
  guint32 n_goroutines = gander_index_get_facts (index)->n_goroutines;
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (GanderStringId));
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (TypeNode));
  g_autofree guint32 *keys = NULL;
  g_autofree guint32 *lists = g_new0 (guint32, MAX (n_tasks, 1));
  GanderRowCursor cursor;

  gander_row_cursor_init (&cursor, index);
  for (guint32 i = 0; i < n_tasks; i++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&cursor, i);
      if (task->id != 0)
        g_array_append_val (types, task->type);
    }
  tasks.keys = keys = name_keys (self, index, types);
  tasks.lists = lists;
  tasks.nodes = nodes;
  for (guint32 i = 0; i < n_tasks; i++)
    {
      const GanderTask *task = gander_row_cursor_get_task (&cursor, i);
      make_list (&tasks, i);
      if (task->begin >= 0 && task->end >= 0 && task->creator == task->ender &&
          task->creator < n_goroutines)
        add_work (&tasks, entries, i, task->creator, task->begin, task->end);
    }
  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&cursor, i);
      guint32 row = 0;
      if (gander_tasks_find (index, region->task, &row))
        add_work (&tasks, entries, row, region->lane, region->begin, region->end);
    }
  g_array_sort (entries, compare_entries);
  cut_to_scope (self, entries, n_tasks, scope);
  join_pieces (self->pieces);
}
