/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups by start function, their grids, and extreme waits: all read from the finished blocks. */
#include "reader/index-write-private.h"

#include <stdlib.h>
#include <string.h>

#define GRID_MIN_LANES 17 /* smaller groups answer from their members */
#define GRID_LIMIT     256
#define MIN_CELLS      256
#define MAX_CELLS      4096
#define EXTREME_FACTOR 10
#define EXTREME_SHARE  1000 /* the longest 1 in so many */

/* Groups. */

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
compare_groups (gconstpointer a, gconstpointer b)
{
  const GanderGroupRow *x = a;
  const GanderGroupRow *y = b;

  if (running_time (x) != running_time (y))
    return running_time (x) > running_time (y) ? -1 : 1;
  return x->name < y->name ? -1 : x->name > y->name;
}

static int
wait_of (GanderState state)
{
  return state == GANDER_STATE_BLOCKED ? 0 : state == GANDER_STATE_RUNNABLE ? 1 : -1;
}

/* Counts a goroutine whose name was told too late for it. */
static void
count_late (GanderIndexWriter *self, const GanderGo *go, const GanderLaneRow *lane)
{
  GanderTotals *totals = &self->spans->chunks.totals;
  GanderTotalsCursor cursor = GANDER_TOTALS_CURSOR_INIT;
  GanderBlockWalk walk;
  GanderRawSpan span;

  gander_block_walk_init (&walk, &self->blocks, lane);
  while (gander_block_walk_next (&walk, &span))
    gander_totals_add (totals,
                       &cursor,
                       lane->name,
                       span.kind,
                       gander_blocks_get_kind (&self->blocks, span.kind)->flags,
                       span.end - span.begin);
  if ((go->flags & GANDER_LANE_ALIVE) != 0)
    gander_totals_add_open (totals, &cursor, lane->name);
}

/* Groups in the order in which they appear. */
static gboolean
find_groups (GanderIndexWriter *self, GError **error)
{
  g_autoptr (GArray) groups = g_array_new (FALSE, TRUE, sizeof (GanderGroupRow));

  self->group_of =
      gander_index_writer_allocate (gander_dictionary_get_n_strings (self->spans->dictionary),
                                    sizeof (guint32),
                                    error);
  if (self->group_of == NULL)
    return FALSE;
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      const GanderGo *go = gander_pages_get (&self->spans->goroutines, i);
      guint32 *group = &self->group_of[go->chunk.name];
      if (gander_index_writer_cancelled (self, i, error))
        return FALSE;
      if (*group == 0)
        {
          GanderGroupRow row = { .name = go->chunk.name,
                                 .system = is_system (self, go->chunk.name) };
          g_array_append_val (groups, row);
          *group = groups->len;
        }
      g_array_index (groups, GanderGroupRow, *group - 1).n_lanes++;
      if (go->chunk.uncounted)
        {
          GanderLaneRow lane;
          gander_index_writer_get_goroutine (self, i, &lane);
          count_late (self, go, &lane);
        }
    }
  self->n_groups = groups->len;
  self->groups = (GanderGroupRow *)g_array_free (g_steal_pointer (&groups), FALSE);
  return TRUE;
}

static void
sum_groups (GanderIndexWriter *self)
{
  const GanderTotals *totals = &self->spans->chunks.totals;

  for (guint32 i = 0; i < totals->n; i++)
    {
      const GanderTotalRow *row = &totals->rows[i];
      GanderState state = gander_blocks_get_kind (&self->blocks, row->kind)->state;
      GanderGroupRow *group = &self->groups[self->group_of[row->group] - 1];
      int wait = wait_of (state);
      group->total[state] = gander_wrap_add (group->total[state], row->total);
      group->n_totals++;
      if (wait >= 0)
        self->n_waits[wait] += row->count;
    }
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

/* From names to groups, in their order. */
static void
write_totals (GanderIndexWriter *self)
{
  GanderTotals *totals = &self->spans->chunks.totals;

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
  sum_groups (self);
  if (self->n_groups > 0)
    qsort (self->groups, self->n_groups, sizeof *self->groups, compare_groups);
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
      const GanderGo *go = gander_pages_get (&self->spans->goroutines, self->by_id[i]);
      guint32 group = self->group_of[go->chunk.name] - 1;
      self->group_lanes[self->groups[group].first_lane + filled[group]++] = self->by_id[i];
    }
  gander_index_file_put (self->file, GANDER_SECTION_GROUPS, self->groups, self->n_groups);
  gander_index_file_put (self->file,
                         GANDER_SECTION_GROUP_LANES,
                         self->group_lanes,
                         self->n_goroutines);
  write_totals (self);
  return !gander_index_writer_no_memory (self, error);
}

/* Grids: time per cell and state, made from each span's first and last cell and a running
 * difference for the cells between, so that a span costs the same however long it is. */

typedef struct
{
  guint32 n_cells;
  gint64 width;
  gint64 (*cells)[GANDER_N_STATES];   /* time in the cell */
  gint64 (*changes)[GANDER_N_STATES]; /* of the number that fills whole cells, cell by cell */
} Grid;

/* A damaged trace may last so long that the goroutines' times together do not fit: wrap then. */
static void
add_to_cell (Grid *grid, guint32 cell, GanderState state, gint64 time)
{
  grid->cells[cell][state] = gander_wrap_add (grid->cells[cell][state], time);
}

static void
add_to_grid (Grid *grid, GanderState state, gint64 begin, gint64 end)
{
  guint32 first = (guint32)MIN ((guint64)(begin / grid->width), grid->n_cells - 1);
  guint32 last = (guint32)MIN ((guint64)(end / grid->width), grid->n_cells - 1);

  if (first == last)
    {
      add_to_cell (grid, first, state, end - begin);
      return;
    }
  add_to_cell (grid, first, state, (gint64)(first + 1) * grid->width - begin);
  add_to_cell (grid, last, state, end - (gint64)last * grid->width);
  grid->changes[first + 1][state]++;
  grid->changes[last][state]--;
}

static gboolean
grid_allocate (Grid *grid, GError **error)
{
  grid->cells = gander_index_writer_allocate (grid->n_cells + 1, sizeof *grid->cells, error);
  if (grid->cells != NULL)
    grid->changes = gander_index_writer_allocate (grid->n_cells + 1, sizeof *grid->changes, error);
  return grid->changes != NULL;
}

static void
grid_empty (Grid *grid)
{
  memset (grid->cells, 0, (gsize)(grid->n_cells + 1) * sizeof *grid->cells);
  memset (grid->changes, 0, (gsize)(grid->n_cells + 1) * sizeof *grid->changes);
}

static void
grid_add (Grid *self, const Grid *other)
{
  for (guint32 cell = 0; cell <= self->n_cells; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        self->cells[cell][state] =
            gander_wrap_add (self->cells[cell][state], other->cells[cell][state]);
        self->changes[cell][state] += other->changes[cell][state];
      }
}

static gboolean
fill_grid (GanderIndexWriter *self, Grid *grid, const GanderGroupRow *group, GError **error)
{
  const guint32 *lanes = self->group_lanes + group->first_lane;

  for (guint32 i = 0; i < group->n_lanes; i++)
    {
      GanderLaneRow lane;
      GanderBlockWalk walk;
      GanderRawSpan span;
      if (gander_index_writer_cancelled (self, i, error))
        return FALSE;
      gander_index_writer_get_goroutine (self, lanes[i], &lane);
      gander_block_walk_init (&walk, &self->blocks, &lane);
      while (gander_block_walk_next (&walk, &span))
        add_to_grid (grid,
                     gander_blocks_get_kind (&self->blocks, span.kind)->state,
                     span.begin,
                     span.end);
    }
  return TRUE;
}

/* Turns a filled grid into rows of running totals. */
static void
write_grid (GanderIndexWriter *self, Grid *grid, GanderGridRow *row)
{
  gint64 full[GANDER_N_STATES] = { 0 };
  gint64 sum[GANDER_N_STATES] = { 0 };

  row->first = gander_index_file_get_size (self->file) / sizeof (gint64);
  row->n_cells = grid->n_cells;
  row->width = grid->width;
  for (guint32 cell = 0; cell < grid->n_cells; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        full[state] += grid->changes[cell][state];
        grid->cells[cell][state] =
            gander_wrap_add (grid->cells[cell][state],
                             (gint64)((guint64)full[state] * (guint64)grid->width));
        if (grid->cells[cell][state] != 0)
          row->states |= 1u << state;
      }
  for (guint32 cell = 0; cell <= grid->n_cells; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        if ((row->states & (1u << state)) != 0)
          gander_index_file_append (self->file, &sum[state], sizeof sum[state]);
        if (cell < grid->n_cells)
          sum[state] = gander_wrap_add (sum[state], grid->cells[cell][state]);
      }
}

/* Goes over all spans once: a large group by a grid of its own, which the whole takes over. */
static gboolean
write_all_grids (GanderIndexWriter *self, Grid *whole, Grid *own, GArray *rows, GError **error)
{
  GanderGridRow row = { .group = G_MAXUINT32 };

  for (guint32 i = 0; i < self->n_groups; i++)
    {
      const GanderGroupRow *group = &self->groups[i];
      GanderGridRow own_row = { .group = i };
      gboolean large = group->n_lanes >= GRID_MIN_LANES && rows->len < GRID_LIMIT;
      if (!fill_grid (self, large ? own : whole, group, error))
        return FALSE;
      if (!large)
        continue;
      grid_add (whole, own);
      write_grid (self, own, &own_row);
      grid_empty (own);
      g_array_append_val (rows, own_row);
    }
  if (self->n_goroutines < GRID_MIN_LANES)
    return TRUE;
  write_grid (self, whole, &row);
  g_array_append_val (rows, row);
  return TRUE;
}

gboolean
gander_index_write_grids (GanderIndexWriter *self, GError **error)
{
  Grid whole = { 0 };
  Grid own = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (GanderGridRow));
  guint32 n_large = 0;
  gboolean good = FALSE;

  for (guint32 i = 0; i < self->n_groups; i++)
    n_large += self->groups[i].n_lanes >= GRID_MIN_LANES;
  /* Many grids, or few spans: coarse ones do. */
  whole.n_cells = n_large <= 16 ? MAX_CELLS : MIN_CELLS;
  whole.n_cells =
      (guint32)CLAMP ((guint64)self->blocks.blocks_size / 256, MIN_CELLS, whole.n_cells);
  whole.width = MAX (1, (self->duration + whole.n_cells - 1) / whole.n_cells);
  own = whole;
  gander_index_file_begin (self->file, GANDER_SECTION_GRID_CELLS);
  good = grid_allocate (&whole, error) && grid_allocate (&own, error) &&
         write_all_grids (self, &whole, &own, rows, error);
  gander_index_file_end (self->file);
  if (good)
    gander_index_file_put (self->file, GANDER_SECTION_GRIDS, rows->data, rows->len);
  g_free (whole.cells);
  g_free (whole.changes);
  g_free (own.cells);
  g_free (own.changes);
  return good;
}

/* Extreme waits. */

/* The k longest durations so far, the shortest of them first (a binary heap). */
typedef struct
{
  gint64 *values;
  gsize n;
  gsize capacity;
} Longest;

static void
sift_down (Longest *self, gsize i)
{
  for (gsize child = 2 * i + 1; child < self->n; child = 2 * i + 1)
    {
      gint64 value = self->values[i];
      if (child + 1 < self->n && self->values[child + 1] < self->values[child])
        child++;
      if (self->values[child] >= value)
        return;
      self->values[i] = self->values[child];
      self->values[child] = value;
      i = child;
    }
}

static void
add_longest (Longest *self, gint64 value)
{
  gsize i = self->n;

  if (self->n == self->capacity)
    {
      if (value > self->values[0])
        {
          self->values[0] = value;
          sift_down (self, 0);
        }
      return;
    }
  self->values[self->n++] = value;
  for (; i > 0 && self->values[(i - 1) / 2] > self->values[i]; i = (i - 1) / 2)
    {
      gint64 parent = self->values[(i - 1) / 2];
      self->values[(i - 1) / 2] = self->values[i];
      self->values[i] = parent;
    }
}

static int
wait_of_span (const GanderBlocks *blocks, const GanderRawSpan *span)
{
  return wait_of (gander_blocks_get_kind (blocks, span->kind)->state);
}

/* Returns: whether goroutine @row has a wait that could be extreme; its lane then. */
static gboolean
get_candidate (const GanderIndexWriter *self, guint32 row, GanderLaneRow *lane)
{
  const GanderGo *go = gander_pages_get (&self->spans->goroutines, row);

  if (!go->chunk.has_long_wait)
    return FALSE;
  gander_index_writer_get_goroutine (self, row, lane);
  return TRUE;
}

static void
collect_longest (GanderIndexWriter *self, const GanderLaneRow *lane, Longest *longest)
{
  GanderBlockWalk walk;
  GanderRawSpan span;

  gander_block_walk_init (&walk, &self->blocks, lane);
  while (gander_block_walk_next (&walk, &span))
    {
      int wait = wait_of_span (&self->blocks, &span);
      if (wait >= 0 && span.end - span.begin >= GANDER_LONG_WAIT)
        add_longest (&longest[wait], span.end - span.begin);
    }
}

/* The length from which on a wait is among the longest of its kind in the trace. */
static gboolean
find_thresholds (GanderIndexWriter *self, gint64 *thresholds, GError **error)
{
  Longest longest[2] = { { 0 }, { 0 } };
  gboolean good = TRUE;

  for (int wait = 0; wait < 2 && good; wait++)
    {
      guint64 n = self->n_waits[wait];
      longest[wait].capacity = n / EXTREME_SHARE + (n % EXTREME_SHARE != 0);
      longest[wait].values =
          gander_index_writer_allocate (longest[wait].capacity, sizeof (gint64), error);
      good = longest[wait].values != NULL;
    }
  for (guint32 i = 0; i < self->n_goroutines && good; i++)
    {
      GanderLaneRow lane;
      good = !gander_index_writer_cancelled (self, i, error);
      if (get_candidate (self, i, &lane))
        collect_longest (self, &lane, longest);
    }
  for (int wait = 0; wait < 2; wait++)
    {
      gboolean full = good && longest[wait].n == longest[wait].capacity && longest[wait].n > 0;
      thresholds[wait] = full ? longest[wait].values[0] : GANDER_LONG_WAIT;
      g_free (longest[wait].values);
    }
  return good;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* Nearest rank, as everywhere. */
static gint64
median_of (GArray *times)
{
  if (times->len == 0)
    return 0;
  g_array_sort (times, compare_times);
  return g_array_index (times, gint64, (times->len + 1) / 2 - 1);
}

typedef struct
{
  GArray *times[2];
  gint64 thresholds[2];
} Extremes;

static guint32
write_lane_extremes (GanderIndexWriter *self, const GanderLaneRow *lane, Extremes *extremes)
{
  GanderBlockWalk walk;
  GanderRawSpan span;
  gint64 medians[2];
  guint32 ordinal = 0;
  guint32 n = 0;

  g_array_set_size (extremes->times[0], 0);
  g_array_set_size (extremes->times[1], 0);
  gander_block_walk_init (&walk, &self->blocks, lane);
  while (gander_block_walk_next (&walk, &span))
    {
      int kind = wait_of_span (&self->blocks, &span);
      gint64 time = span.end - span.begin;
      if (kind < 0)
        continue;
      g_array_append_val (extremes->times[kind], time);
    }
  medians[0] = median_of (extremes->times[0]);
  medians[1] = median_of (extremes->times[1]);
  gander_block_walk_init (&walk, &self->blocks, lane);
  for (; gander_block_walk_next (&walk, &span); ordinal++)
    {
      int kind = wait_of_span (&self->blocks, &span);
      gint64 time = span.end - span.begin;
      if (kind < 0 || time < GANDER_LONG_WAIT ||
          (time < extremes->thresholds[kind] && time / EXTREME_FACTOR < medians[kind]))
        continue;
      gander_index_file_append (self->file, &ordinal, sizeof ordinal);
      n++;
    }
  return n;
}

gboolean
gander_index_write_extremes (GanderIndexWriter *self, GError **error)
{
  Extremes extremes = { 0 };
  gboolean good = find_thresholds (self, extremes.thresholds, error);

  extremes.times[0] = g_array_new (FALSE, FALSE, sizeof (gint64));
  extremes.times[1] = g_array_new (FALSE, FALSE, sizeof (gint64));
  gander_index_file_begin (self->file, GANDER_SECTION_EXTREMES);
  for (guint32 i = 0; i < self->n_goroutines && good; i++)
    {
      GanderLaneRow lane;
      good = !gander_index_writer_cancelled (self, i, error);
      gander_index_writer_get_goroutine (self, i, &lane);
      ((GanderGo *)gander_pages_get (&self->spans->goroutines, i))->n_extremes =
          write_lane_extremes (self, &lane, &extremes);
    }
  gander_index_file_end (self->file);
  g_array_unref (extremes.times[0]);
  g_array_unref (extremes.times[1]);
  return good;
}
