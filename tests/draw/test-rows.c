/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/corpus.h"

#include "widgets/draw/rows.h"

#include <string.h>

/* Heights add up, and every y finds its row. */
static void
assert_consistent (const GanderRows *rows)
{
  gint64 y = 0;
  g_autoptr (GHashTable) keys = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    {
      const GanderRow *row = gander_rows_get (rows, i);

      g_assert_cmpint (row->height, >, 0);
      g_assert_cmpint (gander_rows_get_y (rows, i), ==, y);
      g_assert_cmpuint (gander_rows_find_y (rows, y), ==, i);
      y += row->height;
      g_assert_cmpuint (gander_rows_find_y (rows, y - 1), ==, i);
      g_assert_true (g_hash_table_add (keys, (gpointer)&row->key));
      g_assert_cmpuint (gander_rows_find_key (rows, row->key), ==, i);
    }
  g_assert_cmpint (gander_rows_get_height (rows), ==, y);
  g_assert_cmpuint (gander_rows_find_y (rows, y), ==, GANDER_ROW_NONE);
  g_assert_cmpuint (gander_rows_find_y (rows, -1), ==, GANDER_ROW_NONE);
}

static guint32
find_section (const GanderRows *rows, GanderSection section)
{
  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    if (gander_rows_get (rows, i)->kind == GANDER_ROW_SECTION &&
        gander_rows_get (rows, i)->section == section)
      return i;
  return GANDER_ROW_NONE;
}

static guint32
find_group_of_at_least (const GanderRows *rows, guint32 n)
{
  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    if (gander_rows_get (rows, i)->kind == GANDER_ROW_GROUP && gander_rows_get (rows, i)->n >= n)
      return i;
  return GANDER_ROW_NONE;
}

static guint32
count_lanes (const GanderRows *rows, GanderSection section)
{
  guint32 n = 0;

  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    n += gander_rows_get (rows, i)->kind == GANDER_ROW_LANE &&
         gander_rows_get (rows, i)->section == section;
  return n;
}

static void
test_start (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  const GanderFacts *facts = gander_index_get_facts (index);

  assert_consistent (rows);
  g_assert_true (gander_rows_get_index (rows) == index);
  g_assert_cmpuint (gander_rows_get_n_pinned (rows), ==, 0);
  g_assert_cmpuint (count_lanes (rows, GANDER_SECTION_PROCS), ==, facts->n_procs);
  g_assert_cmpuint (count_lanes (rows, GANDER_SECTION_THREADS), ==, 0);
  g_assert_cmpuint (gander_rows_get (rows, find_section (rows, GANDER_SECTION_GOROUTINES))->n,
                    ==,
                    facts->n_goroutines);
  for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
    {
      const GanderRow *row = gander_rows_get (rows, i);

      if (row->kind == GANDER_ROW_GROUP && row->n > 50)
        g_assert_false (row->open);
    }
}

/* A group of more than 500 lists 200 and the rest on demand. */
static void
test_more (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint32 group = find_group_of_at_least (rows, 501);
  guint32 n;
  guint32 before = gander_rows_get_n (rows);
  char title[64];

  g_assert_cmpuint (group, !=, GANDER_ROW_NONE);
  n = gander_rows_get (rows, group)->n;
  gander_rows_set_open (rows, gander_rows_get (rows, group)->key, TRUE);
  assert_consistent (rows);
  g_assert_cmpuint (gander_rows_get_n (rows), ==, before + 201);
  g_assert_cmpint (gander_rows_get (rows, group + 201)->kind, ==, GANDER_ROW_MORE);
  g_assert_cmpuint (gander_rows_get (rows, group + 201)->n, ==, n - 200);
  g_assert_true (g_str_has_suffix (gander_rows_get_title (rows, group + 201, title, sizeof title),
                                   "show all"));

  gander_rows_show_all (rows, gander_rows_get (rows, group + 201)->key);
  assert_consistent (rows);
  g_assert_cmpuint (gander_rows_get_n (rows), ==, before + n);
  gander_rows_set_open (rows, gander_rows_get (rows, group)->key, FALSE);
  g_assert_cmpuint (gander_rows_get_n (rows), ==, before);
}

static double
weight (const GanderIndex *index, GanderLaneId id, GanderRowSort sort)
{
  GanderLane lane;

  gander_index_get_lane (index, id, &lane);
  switch (sort)
    {
    case GANDER_ROW_SORT_BLOCKED:
      return (double)lane.total.time[GANDER_STATE_BLOCKED];
    case GANDER_ROW_SORT_RUNNABLE:
      return (double)lane.total.time[GANDER_STATE_RUNNABLE];
    case GANDER_ROW_SORT_COUNT:
      return lane.n_spans;
    case GANDER_ROW_SORT_FIRST_SEEN:
      return -(double)lane.begin;
    default:
      return -(double)lane.id;
    }
}

static void
test_sort (void)
{
  static const GanderRowSort sorts[] = { GANDER_ROW_SORT_BLOCKED,
                                         GANDER_ROW_SORT_RUNNABLE,
                                         GANDER_ROW_SORT_COUNT,
                                         GANDER_ROW_SORT_FIRST_SEEN,
                                         GANDER_ROW_SORT_ID };
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);

  for (guint s = 0; s < 2 * G_N_ELEMENTS (sorts); s++)
    {
      GanderRowOptions options = { .sort = sorts[s / 2], .reverse = s % 2 };
      guint32 last = GANDER_ROW_NONE;

      gander_rows_set_options (rows, &options);
      assert_consistent (rows);
      for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
        {
          const GanderRow *row = gander_rows_get (rows, i);

          if (row->kind == GANDER_ROW_REGIONS)
            continue;
          if (row->kind != GANDER_ROW_LANE || row->section != GANDER_SECTION_GOROUTINES)
            last = GANDER_ROW_NONE;
          else
            {
              if (last != GANDER_ROW_NONE)
                {
                  double above = weight (index, gander_rows_get (rows, last)->lane, sorts[s / 2]);
                  double below = weight (index, row->lane, sorts[s / 2]);

                  g_assert_true (options.reverse ? above <= below : above >= below);
                }
              last = i;
            }
        }
    }
}

/* Whatever the grouping, every goroutine is in exactly one group. */
static void
test_grouping (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint32 n_goroutines = gander_index_get_facts (index)->n_goroutines;

  for (guint by = 0; by < GANDER_N_GROUP_BYS; by++)
    {
      GanderRowOptions options = { .group_by = by, .at = 1000000 };
      g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

      gander_rows_set_options (rows, &options);
      assert_consistent (rows);
      for (guint32 i = 0; i < gander_rows_get_n (rows); i++)
        {
          guint32 n;
          const GanderLaneId *lanes = gander_rows_get_members (rows, i, &n);

          if (gander_rows_get (rows, i)->kind == GANDER_ROW_GROUP)
            g_assert_cmpuint (n, ==, gander_rows_get (rows, i)->n);
          for (guint32 j = 0; j < n; j++)
            g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (lanes[j] + 1)));
        }
      g_assert_cmpuint (g_hash_table_size (seen), ==, n_goroutines);
    }
}

static void
test_reveal (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);

  for (guint round = 0; round < 20; round++)
    {
      GanderLaneId lane =
          (GanderLaneId)g_test_rand_int_range (0, (gint32)gander_index_get_n_lanes (index));
      guint32 before = gander_rows_find_lane (rows, lane);
      guint32 row = gander_rows_reveal (rows, lane);

      g_assert_cmpuint (row, !=, GANDER_ROW_NONE);
      g_assert_cmpint (gander_rows_get (rows, row)->kind, ==, GANDER_ROW_LANE);
      g_assert_cmpuint (gander_rows_get (rows, row)->lane, ==, lane);
      g_assert_cmpuint (gander_rows_find_lane (rows, lane), ==, row);
      g_assert_true (before == GANDER_ROW_NONE || before <= row);
    }
  assert_consistent (rows);
  g_assert_cmpuint (gander_rows_reveal (rows, GANDER_LANE_NONE), ==, GANDER_ROW_NONE);
}

static void
test_pin_and_hide (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 97);
  GanderLaneId proc = gander_index_find_lane (index, GANDER_LANE_PROC, 0);
  guint32 n = gander_rows_get_n (rows);

  gander_rows_set_pinned (rows, lane, TRUE);
  gander_rows_set_pinned (rows, proc, TRUE);
  assert_consistent (rows);
  g_assert_true (gander_rows_get_pinned (rows, lane));
  g_assert_cmpuint (gander_rows_get_n_pinned (rows), ==, 3);
  g_assert_cmpuint (gander_rows_find_lane (rows, lane), >=, 3);
  gander_rows_set_pinned (rows, lane, FALSE);
  gander_rows_set_pinned (rows, proc, FALSE);
  g_assert_cmpuint (gander_rows_get_n (rows), ==, n);

  gander_rows_set_hidden (rows, proc, TRUE);
  assert_consistent (rows);
  g_assert_cmpuint (gander_rows_get_n (rows), ==, n);
  g_assert_cmpint (gander_rows_get (rows, n - 1)->kind, ==, GANDER_ROW_HIDDEN);
  gander_rows_show_hidden (rows);
  g_assert_cmpint (gander_rows_get (rows, n - 1)->kind, !=, GANDER_ROW_HIDDEN);
}

static void
test_filter (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_GOROUTINE, 97);

  gander_rows_set_filter (rows, &lane, 1);
  assert_consistent (rows);
  g_assert_cmpuint (gander_rows_get (rows, find_section (rows, GANDER_SECTION_GOROUTINES))->n,
                    ==,
                    1);
  gander_rows_set_filter (rows, &lane, 0);
  g_assert_cmpuint (find_section (rows, GANDER_SECTION_GOROUTINES), ==, GANDER_ROW_NONE);
  gander_rows_set_filter (rows, NULL, 0);
  g_assert_cmpuint (gander_rows_get (rows, find_section (rows, GANDER_SECTION_GOROUTINES))->n,
                    ==,
                    gander_index_get_facts (index)->n_goroutines);
}

/* The number in flight of each type, integrated, is the time of its tasks. */
static void
test_tasks (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint32 section = find_section (rows, GANDER_SECTION_TASKS);
  guint types = 0;

  g_assert_cmpuint (section, !=, GANDER_ROW_NONE);
  for (guint32 i = section; i < gander_rows_get_n (rows); i++)
    {
      const GanderTaskType *type = gander_rows_get_tasks (rows, i);
      GanderTime sum = 0;
      GanderTime last_begin = 0;

      if (type == NULL)
        continue;
      types++;
      for (guint32 j = 0; j < type->n; j++)
        {
          GanderTask task;
          GanderTime begin;
          GanderTime end;

          gander_index_get_task (index, type->tasks[j], &task);
          gander_rows_get_task_time (rows, &task, &begin, &end);
          g_assert_cmpint (begin, >=, last_begin);
          g_assert_cmpint (type->ends[j], >=, end);
          last_begin = begin;
          sum += end - begin;
        }
      g_assert_cmpuint (type->n_steps, >, 0);
      g_assert_cmpint (type->integral[type->n_steps - 1], ==, sum);
      g_assert_cmpuint (type->steps[type->n_steps - 1].value, ==, 0);
    }
  g_assert_cmpuint (types, >=, 3);
}

static void
test_logs (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint32 sum = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      guint32 n;
      const guint32 *logs = gander_rows_get_logs (rows, lane, &n);

      for (guint32 i = 0; i < n; i++)
        {
          GanderLog log;

          gander_index_get_log (index, logs[i], &log);
          g_assert_cmpuint (log.lane, ==, lane);
          g_assert_true (i == 0 || logs[i] > logs[i - 1]);
        }
      sum += n;
    }
  g_assert_cmpuint (sum, >, 0);
  g_assert_cmpuint (sum, ==, gander_index_get_n_logs (index));
}

static void
assert_equal (const GanderRows *a, const GanderRows *b)
{
  g_assert_cmpuint (gander_rows_get_n (a), ==, gander_rows_get_n (b));
  g_assert_cmpuint (gander_rows_get_n_pinned (a), ==, gander_rows_get_n_pinned (b));
  for (guint32 i = 0; i < gander_rows_get_n (a); i++)
    {
      const GanderRow *x = gander_rows_get (a, i);
      const GanderRow *y = gander_rows_get (b, i);

      g_assert_cmphex (x->key, ==, y->key);
      g_assert_cmpuint (x->lane, ==, y->lane);
      g_assert_cmpint (x->open, ==, y->open);
      g_assert_cmpuint (x->n, ==, y->n);
      g_assert_cmpint (gander_rows_get_y (a, i), ==, gander_rows_get_y (b, i));
    }
}

/* New rows with changes are what the changes themselves make of rows, and the old ones stay. */
static void
test_changes (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) untouched = gander_rows_new (index);
  g_autoptr (GanderRows) direct = gander_rows_new (index);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  guint64 group = gander_rows_get (rows, find_group_of_at_least (rows, 2))->key;
  gboolean open = gander_rows_get (rows, gander_rows_find_key (rows, group))->open;
  GanderRowOptions options = { .sort = GANDER_ROW_SORT_ID, .compact = TRUE };
  const GanderRowChange changes[] = {
    { .kind = GANDER_ROW_CHANGE_OPTIONS, .options = options },
    { .kind = GANDER_ROW_CHANGE_OPEN, .key = group, .on = !open },
    { .kind = GANDER_ROW_CHANGE_PINNED, .lane = 2, .on = TRUE },
    { .kind = GANDER_ROW_CHANGE_HIDDEN, .lane = 3, .on = TRUE },
    { .kind = GANDER_ROW_CHANGE_REVEAL, .lane = 5 },
    { .kind = GANDER_ROW_CHANGE_ALL_OPEN, .on = TRUE },
    { .kind = GANDER_ROW_CHANGE_SHOW_HIDDEN },
  };

  for (guint n = 0; n <= G_N_ELEMENTS (changes); n++)
    {
      g_autoptr (GanderRows) at_once = gander_rows_new_changed (untouched, changes, n);
      g_autoptr (GanderRows) next = NULL;

      assert_equal (at_once, rows);
      assert_equal (at_once, direct);
      assert_consistent (at_once);
      if (n == G_N_ELEMENTS (changes))
        break;
      next = gander_rows_new_changed (rows, &changes[n], 1);
      gander_rows_unref (rows);
      rows = g_steal_pointer (&next);
      if (n == 0)
        gander_rows_set_options (direct, &options);
      else if (n == 1)
        gander_rows_set_open (direct, group, !open);
      else if (n == 2)
        gander_rows_set_pinned (direct, 2, TRUE);
      else if (n == 3)
        gander_rows_set_hidden (direct, 3, TRUE);
      else if (n == 4)
        gander_rows_reveal (direct, 5);
      else if (n == 5)
        gander_rows_set_all_open (direct, TRUE);
      else
        gander_rows_show_hidden (direct);
    }
  g_clear_pointer (&direct, gander_rows_unref);
  direct = gander_rows_new (index);
  assert_equal (untouched, direct);
}

/* Rows made quickly lack what takes long, which is last: nothing moves when it comes. */
static void
test_quick (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  g_autoptr (GanderRows) whole = gander_rows_new (index);
  g_autoptr (GanderRows) rows = gander_rows_new_quick (index);
  g_autoptr (GanderRows) changed = NULL;
  g_autoptr (GanderRows) complete = NULL;
  const GanderRowChange complete_it = { .kind = GANDER_ROW_CHANGE_COMPLETE };
  const GanderRowChange pin = { .kind = GANDER_ROW_CHANGE_PINNED, .lane = 2, .on = TRUE };
  guint32 tasks = find_section (whole, GANDER_SECTION_TASKS);
  guint32 n_logs = 0;

  g_assert_false (gander_rows_is_complete (rows));
  g_assert_true (gander_rows_is_complete (whole));
  g_assert_cmpuint (gander_rows_get_n (rows), ==, tasks);
  g_assert_cmpuint (find_section (rows, GANDER_SECTION_TASKS), ==, GANDER_ROW_NONE);
  for (guint32 i = 0; i < tasks; i++)
    {
      g_assert_cmphex (gander_rows_get (rows, i)->key, ==, gander_rows_get (whole, i)->key);
      g_assert_cmpint (gander_rows_get_y (rows, i), ==, gander_rows_get_y (whole, i));
    }
  g_assert_null (gander_rows_get_logs (rows, 0, &n_logs));
  g_assert_cmpuint (n_logs, ==, 0);

  changed = gander_rows_new_changed (rows, &pin, 1);
  g_assert_false (gander_rows_is_complete (changed));
  g_assert_true (gander_rows_get_pinned (changed, 2));
  complete = gander_rows_new_changed (rows, &complete_it, 1);
  g_assert_true (gander_rows_is_complete (complete));
  assert_equal (complete, whole);
  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      guint32 n = 0;
      (void)gander_rows_get_logs (complete, lane, &n);
      n_logs += n;
    }
  g_assert_cmpuint (n_logs, ==, gander_index_get_n_logs (index));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/rows/start", test_start);
  g_test_add_func ("/draw/rows/more", test_more);
  g_test_add_func ("/draw/rows/sort", test_sort);
  g_test_add_func ("/draw/rows/grouping", test_grouping);
  g_test_add_func ("/draw/rows/reveal", test_reveal);
  g_test_add_func ("/draw/rows/pin-and-hide", test_pin_and_hide);
  g_test_add_func ("/draw/rows/filter", test_filter);
  g_test_add_func ("/draw/rows/tasks", test_tasks);
  g_test_add_func ("/draw/rows/logs", test_logs);
  g_test_add_func ("/draw/rows/changes", test_changes);
  g_test_add_func ("/draw/rows/quick", test_quick);
  return g_test_run ();
}
