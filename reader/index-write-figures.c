/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups by start function, and what each of them did. */
#include "reader/index-write-private.h"

#include <stdlib.h>
#include <string.h>

static gboolean
is_system (const GanderIndexWriter *self, GanderStringId name)
{
  const char *text = gander_dictionary_get_string (self->spans->dictionary, name, NULL);

  return *text == '\0' ||
         (g_str_has_prefix (text, "runtime.") && !g_str_equal (text, "runtime.main"));
}

static gint64
running_time (const GanderGroupRow *group)
{
  return gander_wrap_add (group->total[GANDER_STATE_RUNNING],
                          gander_wrap_add (group->total[GANDER_STATE_GC_WORK],
                                           group->total[GANDER_STATE_GC_ASSIST]));
}

static int
compare_groups (gconstpointer a, gconstpointer b, gpointer dictionary)
{
  const GanderGroupRow *x = a;
  const GanderGroupRow *y = b;

  if (running_time (x) != running_time (y))
    return running_time (x) > running_time (y) ? -1 : 1;
  return strcmp (gander_dictionary_get_string (dictionary, x->name, NULL),
                 gander_dictionary_get_string (dictionary, y->name, NULL));
}

/* Counts goroutine @row, whose name was told too late for it. */
static void
count_late (GanderIndexWriter *self, guint32 row, const GanderLaneRow *lane, GanderMapUse *use)
{
  GanderTotals *totals = &self->spans->chunks.sealer.totals;
  GanderTotalsCursor cursor = GANDER_TOTALS_CURSOR_INIT;
  const GanderLife *life = &self->lives[row];
  guint32 owner = row < GANDER_FEW_GOROUTINES ? row | GANDER_TOTALS_OWNER_IS_LANE : life->name;
  GanderBlockView view;

  for (guint32 block = 0; block < gander_blocks_get_n (&self->blocks, lane); block++)
    {
      gander_index_writer_use_block (self, use, lane, block);
      gander_blocks_view_states (&self->blocks, lane, block, &view);
      for (guint i = 0; i < view.n; i++)
        gander_totals_add (totals,
                           &cursor,
                           owner,
                           view.kind[i],
                           gander_blocks_get_kind (&self->blocks, view.kind[i])->flags,
                           view.end[i] - view.begin[i]);
    }
  if ((life->flags & GANDER_LANE_ALIVE) != 0)
    gander_totals_add_open (totals, &cursor, owner);
}

/* Groups in the order in which they appear. */
static gboolean
find_groups (GanderIndexWriter *self, GError **error)
{
  g_autoptr (GArray) groups = g_array_new (FALSE, TRUE, sizeof (GanderGroupRow));
  GanderMapUse use;

  gander_map_use_init (&use, self->map, self->map_size, GANDER_MAP_ROOM);
  self->group_of =
      gander_index_writer_allocate (gander_dictionary_get_n_strings (self->spans->dictionary),
                                    sizeof (guint32),
                                    error);
  if (self->group_of == NULL)
    return FALSE;
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      const GanderLife *life = &self->lives[i];
      guint32 *group = &self->group_of[life->name];
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
      if (*group == 0)
        {
          GanderGroupRow row = { .name = life->name, .system = is_system (self, life->name) };
          g_array_append_val (groups, row);
          *group = groups->len;
        }
      g_array_index (groups, GanderGroupRow, *group - 1).n_lanes++;
      if (life->uncounted)
        {
          GanderLaneRow lane;
          gander_index_writer_get_goroutine (self, i, &lane);
          count_late (self, i, &lane, &use);
        }
    }
  gander_map_use_forget (&use);
  self->n_groups = groups->len;
  self->groups = (GanderGroupRow *)g_array_free (g_steal_pointer (&groups), FALSE);
  return TRUE;
}

static int
compare_totals (gconstpointer a, gconstpointer b)
{
  const GanderTotalRow *x = a;
  const GanderTotalRow *y = b;

  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  return x->kind < y->kind ? -1 : x->kind > y->kind;
}

/* Sums the rows that belong to the same name. */
static void
unite_totals (GanderIndexWriter *self)
{
  GanderTotals *totals = &self->spans->chunks.sealer.totals;
  GanderTotalRow *rows = totals->rows;
  guint32 n = 0;

  for (guint32 i = 0; i < totals->n; i++)
    if ((rows[i].group & GANDER_TOTALS_OWNER_IS_LANE) != 0)
      rows[i].group = self->lives[rows[i].group & ~GANDER_TOTALS_OWNER_IS_LANE].name;
  if (totals->n > 0)
    qsort (rows, totals->n, sizeof *rows, compare_totals);
  for (guint32 i = 0; i < totals->n; i++)
    {
      GanderTotalRow *last = &rows[MAX (n, 1) - 1];
      if (n == 0 || compare_totals (last, &rows[i]) != 0)
        {
          rows[n++] = rows[i];
          continue;
        }
      last->count += rows[i].count;
      last->open += rows[i].open;
      last->total = gander_wrap_add (last->total, rows[i].total);
      last->longest = MAX (last->longest, rows[i].longest);
    }
  totals->n = n;
}

static void
sum_groups (GanderIndexWriter *self)
{
  const GanderTotals *totals = &self->spans->chunks.sealer.totals;

  for (guint32 i = 0; i < totals->n; i++)
    {
      const GanderTotalRow *row = &totals->rows[i];
      GanderState state = gander_blocks_get_kind (&self->blocks, row->kind)->state;
      GanderGroupRow *group = &self->groups[self->group_of[row->group] - 1];
      int wait = gander_long_wait_kind (state);
      group->total[state] = gander_wrap_add (group->total[state], row->total);
      group->n_totals++;
      self->n_spans += row->count;
      if (wait >= 0)
        self->n_waits[wait] += row->count;
    }
}

/* From names to groups, in their order. */
static void
write_totals (GanderIndexWriter *self)
{
  GanderTotals *totals = &self->spans->chunks.sealer.totals;

  for (guint32 i = 0; i < totals->n; i++)
    totals->rows[i].group = self->group_of[totals->rows[i].group] - 1;
  if (totals->n > 0)
    qsort (totals->rows, totals->n, sizeof *totals->rows, compare_totals);
  gander_index_file_put (self->file, GANDER_SECTION_TOTALS, totals->rows, totals->n);
}

gboolean
gander_index_write_groups (GanderIndexWriter *self, GError **error)
{
  g_autofree guint32 *filled = NULL;
  guint32 next_lane = 0;
  guint32 next_total = 0;

  if (!find_groups (self, error))
    return FALSE;
  gander_index_writer_take_lanes (self);
  unite_totals (self);
  sum_groups (self);
  g_qsort_with_data (self->groups,
                     (int)self->n_groups,
                     sizeof *self->groups,
                     compare_groups,
                     self->spans->dictionary);
  filled = gander_index_writer_allocate (self->n_groups, sizeof *filled, error);
  self->group_lanes = gander_index_writer_allocate (self->n_goroutines, sizeof (guint32), error);
  if (filled == NULL || self->group_lanes == NULL)
    return FALSE;
  for (guint32 i = 0; i < self->n_groups; i++)
    {
      self->group_of[self->groups[i].name] = i + 1;
      self->groups[i].first_lane = next_lane;
      self->groups[i].first_total = next_total;
      next_lane += self->groups[i].n_lanes;
      next_total += self->groups[i].n_totals;
    }
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      guint32 group = self->group_of[self->lives[self->by_id[i]].name] - 1;
      self->group_lanes[self->groups[group].first_lane + filled[group]++] = self->by_id[i];
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  gander_index_file_put (self->file, GANDER_SECTION_GROUPS, self->groups, self->n_groups);
  if (!gander_index_writer_put (self,
                                self->file,
                                GANDER_SECTION_GROUP_LANES,
                                self->group_lanes,
                                self->n_goroutines,
                                error))
    return FALSE;
  write_totals (self);
  gander_index_write_label_totals (self);
  return !gander_index_writer_no_memory (self, error);
}
