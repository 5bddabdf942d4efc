/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

#include <string.h>

/* Every restriction is checked against its definition: at instants of every goroutine, the scope
 * holds it exactly when the words of scope.h say so. */

#define STEPS 11

static gboolean
holds (const GArray *pieces, GanderLaneId lane, GanderTime time)
{
  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderPiece *piece = &g_array_index (pieces, GanderPiece, i);
      if (piece->lane == lane && piece->begin <= time && time < piece->end)
        return TRUE;
    }
  return FALSE;
}

/* Collects the pieces and checks what always holds of them. */
static GArray *
collect (const GanderIndex *index, const GanderScope *scope)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (GanderPiece));
  GanderScopeIter iter;
  GanderPiece piece;
  GanderPiece last = { 0, 0, -1 };

  gander_scope_iter_init (&iter, scope);
  while (gander_scope_iter_next (&iter, &piece))
    {
      GanderLane lane;
      gander_index_get_lane (index, piece.lane, &lane);
      g_assert_cmpint (lane.kind, ==, GANDER_LANE_GOROUTINE);
      g_assert_cmpint (piece.begin, <, piece.end);
      g_assert_cmpint (piece.begin, >=, MAX (lane.begin, gander_scope_get_begin (scope)));
      g_assert_cmpint (piece.end, <=, MIN (lane.end, gander_scope_get_end (scope)));
      g_assert_true (piece.lane > last.lane || (piece.lane == last.lane && piece.begin > last.end));
      last = piece;
      g_array_append_val (pieces, piece);
    }
  return pieces;
}

typedef gboolean (*Rule) (const GanderIndex *index,
                          const GanderLane *lane,
                          GanderLaneId id,
                          GanderTime time);

static gboolean
everything (G_GNUC_UNUSED const GanderIndex *index,
            G_GNUC_UNUSED const GanderLane *lane,
            G_GNUC_UNUSED GanderLaneId id,
            G_GNUC_UNUSED GanderTime time)
{
  return TRUE;
}

static gboolean
is_named (const GanderIndex *index,
          const GanderLane *lane,
          G_GNUC_UNUSED GanderLaneId id,
          G_GNUC_UNUSED GanderTime time)
{
  return strstr (gander_index_get_string (index, lane->name), "main.") != NULL;
}

static gboolean
is_numbered (G_GNUC_UNUSED const GanderIndex *index,
             const GanderLane *lane,
             G_GNUC_UNUSED GanderLaneId id,
             G_GNUC_UNUSED GanderTime time)
{
  return lane->id == 1 || lane->id == 7;
}

static gboolean
is_in_region (const GanderIndex *index,
              G_GNUC_UNUSED const GanderLane *lane,
              GanderLaneId id,
              GanderTime time)
{
  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      GanderRegion region;
      gander_index_get_region (index, i, &region);
      if (region.lane == id && region.begin <= time && time < region.end &&
          strchr (gander_index_get_string (index, region.type), 'e') != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_chosen (const GanderIndex *index, guint64 id)
{
  for (guint32 i = 0; id != 0 && i < gander_index_get_n_tasks (index); i++)
    {
      GanderTask task;
      gander_index_get_task (index, i, &task);
      if (task.id == id)
        return strchr (gander_index_get_string (index, task.type), 'e') != NULL ||
               is_chosen (index, task.parent);
    }
  return FALSE;
}

static gboolean
is_on_task (const GanderIndex *index,
            G_GNUC_UNUSED const GanderLane *lane,
            GanderLaneId id,
            GanderTime time)
{
  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      GanderRegion region;
      gander_index_get_region (index, i, &region);
      if (region.lane == id && region.begin <= time && time < region.end &&
          is_chosen (index, region.task))
        return TRUE;
    }
  for (guint32 i = 0; i < gander_index_get_n_tasks (index); i++)
    {
      GanderTask task;
      gander_index_get_task (index, i, &task);
      if (task.creator == id && task.ender == id && task.begin >= 0 && task.begin <= time &&
          time < task.end && is_chosen (index, task.id))
        return TRUE;
    }
  return FALSE;
}

static void
check (const GanderIndex *index, const GanderScope *scope, Rule rule)
{
  g_autoptr (GArray) pieces = collect (index, scope);
  GanderTime step = MAX (1, gander_index_get_facts (index)->duration / STEPS);
  GanderLaneId first;
  guint32 n;
  guint inside = 0;

  gander_index_get_lanes_of (index, GANDER_LANE_GOROUTINE, &first, &n);
  for (GanderLaneId id = first; id < first + n; id++)
    {
      GanderLane lane;
      gander_index_get_lane (index, id, &lane);
      for (GanderTime time = 0; time < gander_index_get_facts (index)->duration; time += step)
        {
          gboolean wanted = time >= lane.begin && time < lane.end &&
                            time >= gander_scope_get_begin (scope) &&
                            time < gander_scope_get_end (scope) && rule (index, &lane, id, time);
          g_assert_cmpint (holds (pieces, id, time), ==, wanted);
          inside += wanted;
        }
    }
  g_assert_cmpuint (inside, >, 0);
}

static void
test_rules (gconstpointer name)
{
  static const gint64 ids[] = { 1, 7 };
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  GanderTime duration = gander_index_get_facts (index)->duration;
  g_autoptr (GRegex) named = g_regex_new ("main\\.", 0, 0, NULL);
  g_autoptr (GRegex) with_e = g_regex_new ("e", 0, 0, NULL);

  for (int part = 0; part < 2; part++)
    {
      GanderTime begin = part == 0 ? 0 : duration / 10;
      GanderTime end = part == 0 ? G_MAXINT64 : duration - duration / 10;
      g_autoptr (GanderScope) all = gander_scope_new (index, begin, end);
      g_autoptr (GanderScope) functions = gander_scope_new (index, begin, end);
      g_autoptr (GanderScope) goroutines = gander_scope_new (index, begin, end);
      g_autoptr (GanderScope) regions = gander_scope_new (index, begin, end);
      g_autoptr (GanderScope) tasks = gander_scope_new (index, begin, end);

      g_assert_cmpint (gander_scope_is_whole (all), ==, part == 0);
      check (index, all, everything);
      gander_scope_keep_functions (functions, named);
      g_assert_false (gander_scope_is_whole (functions));
      check (index, functions, is_named);
      gander_scope_keep_goroutines (goroutines, ids, G_N_ELEMENTS (ids));
      check (index, goroutines, is_numbered);
      gander_scope_keep_regions (regions, with_e);
      check (index, regions, is_in_region);
      gander_scope_keep_tasks (tasks, with_e, 0);
      check (index, tasks, is_on_task);
    }
}

/* Two restrictions must both hold, in whatever order they are made. */
static void
test_both (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-regions");
  g_autoptr (GanderScope) a = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GanderScope) b = gander_scope_new (index, 0, G_MAXINT64);
  g_autoptr (GRegex) named = g_regex_new ("main\\.", 0, 0, NULL);
  g_autoptr (GRegex) with_e = g_regex_new ("e", 0, 0, NULL);
  g_autoptr (GArray) of_a = NULL;
  g_autoptr (GArray) of_b = NULL;

  gander_scope_keep_functions (a, named);
  gander_scope_keep_regions (a, with_e);
  gander_scope_keep_regions (b, with_e);
  gander_scope_keep_functions (b, named);
  of_a = collect (index, a);
  of_b = collect (index, b);
  g_assert_cmpuint (of_a->len, >, 0);
  g_assert_cmpuint (of_a->len, ==, of_b->len);
  g_assert_true (memcmp (of_a->data, of_b->data, of_a->len * sizeof (GanderPiece)) == 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/analysis/scope/regions", "v126-regions", test_rules);
  g_test_add_data_func ("/analysis/scope/tasks", "v126-tasks", test_rules);
  g_test_add_func ("/analysis/scope/both", test_both);
  return g_test_run ();
}
