/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grids: the time of a group's goroutines per cell and state, made from each span's first and last
 * cell and a running difference for the cells between, so that a span costs the same however long
 * it is. The one walk over all spans that the end of a load takes; so it looks for extreme waits
 * too. Several threads share the lanes, in the order of their groups: all they do is add.
 */
#include "reader/index-write-private.h"

#include <string.h>

#define GRID_MIN_LANES 17 /* smaller groups answer from their members */
#define GRID_LIMIT     256
#define MIN_CELLS      256
#define MAX_CELLS      4096
#define SPANS_PER_CELL 32 /* of the trace, about: the overview of a small one shows it */
#define MAX_THREADS    8
#define LANES_AHEAD    8
#define SPANS_AT_ONCE  4096   /* about so many are what a thread takes */
#define SHARE_FROM     100000 /* spans of a trace that are worth another thread */
#define TOLD_AT_ONCE   16384

typedef struct
{
  guint32 n_cells;
  guint32 first; /* of the cells that are not all 0 */
  guint32 end;
  gint64 width;
  gint64 (*cells)[GANDER_N_STATES];   /* time in the cell */
  gint64 (*changes)[GANDER_N_STATES]; /* of the number that fills whole cells, cell by cell */
} Grid;

/* A thread and what it has added up. */
typedef struct _Pass Pass;
typedef struct
{
  Pass *pass;
  GThread *thread; /* (nullable) */
  Grid own;        /* of the group at hand, if that has a grid */
  Grid rest;       /* of groups that have none */
  guint32 group;   /* at hand */
  GanderExtremes extremes;
  guint untold; /* spans */
  GanderMapUse use;
} Worker;

struct _Pass
{
  GanderIndexWriter *self;
  Grid whole;
  Grid *grids;     /* by group; without cells = none */
  gpointer memory; /* of the cells of all grids */
  gpointer memory_left;
  Worker workers[MAX_THREADS];
  guint n_workers;
  GMutex mutex; /* while the threads run: of the grids and what follows */
  guint32 next_lane;
};

/* A damaged trace may last so long that the goroutines' times together do not fit: wrap then. */
static inline void
add_to_cell (Grid *grid, guint32 cell, guint state, gint64 time)
{
  grid->cells[cell][state] = gander_wrap_add (grid->cells[cell][state], time);
}

static inline void
add_to_grid (Grid *grid, guint state, gint64 begin, gint64 end, guint32 first, guint32 last)
{
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

/* Each has room for a cell behind its last.
 *
 * Returns: an empty grid of the shape of @shape, in memory that it takes from @pass. */
static Grid
grid_new (Pass *pass, const Grid *shape)
{
  Grid grid = *shape;

  grid.cells = pass->memory_left;
  grid.changes = grid.cells + grid.n_cells + 1;
  pass->memory_left = grid.changes + grid.n_cells + 1;
  return grid;
}

/* Cells [@first, @last] of @self, which may have nothing in them yet, have been added to. */
static void
grid_touch (Grid *self, guint32 first, guint32 last)
{
  self->first = self->end == 0 ? first : MIN (self->first, first);
  self->end = MAX (self->end, last + 1);
}

static void
grid_add (Grid *self, const Grid *other)
{
  if (other->end == 0)
    return;
  grid_touch (self, other->first, other->end - 1);
  for (guint32 cell = other->first; cell < other->end; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        add_to_cell (self, cell, state, other->cells[cell][state]);
        self->changes[cell][state] += other->changes[cell][state];
      }
}

static void
grid_reset (Grid *self)
{
  gsize n = self->end - self->first;

  memset (self->cells + self->first, 0, n * sizeof *self->cells);
  memset (self->changes + self->first, 0, n * sizeof *self->changes);
  self->first = self->end = 0;
}

/* Which cell a time is in. Spans follow each other, so it is mostly the cell of the time before. */
static inline guint32
find_cell (const Grid *grid, gint64 time, guint32 near)
{
  gint64 begin = (gint64)near * grid->width;

  if (G_LIKELY (time >= begin && time - begin < grid->width))
    return near;
  return (guint32)MIN ((guint64)(time / grid->width), grid->n_cells - 1);
}

/* What is done is told by many spans at a time: all threads add to the same number. */
static gboolean
go_on (Worker *worker, guint n)
{
  worker->untold += n;
  if (worker->untold < TOLD_AT_ONCE)
    return TRUE;
  n = worker->untold;
  worker->untold = 0;
  return gander_index_writer_go_on (worker->pass->self, n, NULL);
}

static void
add_lane (Worker *worker, Grid *grid, guint32 row)
{
  const GanderIndexWriter *self = worker->pass->self;
  GanderBlockView view;
  GanderLaneRow lane;
  gboolean look = gander_extremes_begin_lane (&worker->extremes, &self->lives[row]);
  guint32 n = 0;
  guint32 begin = 0; /* cell of a block's first span */
  guint32 cell = 0;

  gander_index_writer_get_goroutine (self, row, &lane);
  n = gander_blocks_get_n (&self->blocks, &lane);
  for (guint32 block = 0; block < n; block++)
    {
      gander_index_writer_use_block (self, &worker->use, &lane, block);
      gander_blocks_view_states (&self->blocks, &lane, block, &view);
      if (!go_on (worker, view.n))
        return;
      begin = view.n > 0 ? find_cell (grid, view.begin[0], cell) : cell;
      for (guint i = 0; i < view.n; i++)
        {
          GanderState state = gander_blocks_get_kind (&self->blocks, view.kind[i])->state;
          guint32 first = find_cell (grid, view.begin[i], cell);
          cell = find_cell (grid, view.end[i], first);
          add_to_grid (grid, state, view.begin[i], view.end[i], first, cell);
          if (look)
            gander_extremes_add (&worker->extremes,
                                 row,
                                 block * GANDER_BLOCK_SPANS + i,
                                 state,
                                 view.end[i] - view.begin[i]);
        }
      grid_touch (grid, begin, cell);
    }
  if (look)
    gander_extremes_end_lane (&worker->extremes);
}

/* Asks memory for the block of a lane that comes soon. */
static void
hint_at_lane (const GanderIndexWriter *self, guint32 i)
{
  if (i < self->n_goroutines)
    gander_blocks_hint (&self->blocks, self->lives[self->group_lanes[i]].block);
}

/* Gives away what was added up of the group at hand. */
static void
leave_group (Worker *worker)
{
  Pass *pass = worker->pass;

  if (pass->grids[worker->group].cells == NULL)
    return;
  g_mutex_lock (&pass->mutex);
  grid_add (&pass->grids[worker->group], &worker->own);
  g_mutex_unlock (&pass->mutex);
  grid_reset (&worker->own);
}

/* Makes the group of the @i-th lane the one at hand. Returns: what it is added to. */
static Grid *
enter_group (Worker *worker, guint32 i)
{
  const GanderGroupRow *groups = worker->pass->self->groups;

  if (i - groups[worker->group].first_lane >= groups[worker->group].n_lanes)
    {
      leave_group (worker);
      while (i - groups[worker->group].first_lane >= groups[worker->group].n_lanes)
        worker->group++;
    }
  return worker->pass->grids[worker->group].cells != NULL ? &worker->own : &worker->rest;
}

/* Lanes are long and short: as many as have about SPANS_AT_ONCE. Returns: the first of them. */
static guint32
take_lanes (Pass *pass, guint32 *end)
{
  const GanderIndexWriter *self = pass->self;
  guint32 first = 0;
  guint64 n_spans = 0;

  g_mutex_lock (&pass->mutex);
  first = *end = pass->next_lane;
  for (; *end < self->n_goroutines && n_spans < SPANS_AT_ONCE; (*end)++)
    n_spans += 1 + self->lives[self->group_lanes[*end]].n_spans;
  pass->next_lane = *end;
  g_mutex_unlock (&pass->mutex);
  return first;
}

static gpointer
run_worker (gpointer data)
{
  Worker *worker = data;
  Pass *pass = worker->pass;
  const GanderIndexWriter *self = pass->self;
  guint32 end = 0;

  for (guint32 i = take_lanes (pass, &end); i < end; i = take_lanes (pass, &end))
    for (; i < end; i++)
      {
        hint_at_lane (self, i + LANES_AHEAD);
        add_lane (worker, enter_group (worker, i), self->group_lanes[i]);
        if (g_cancellable_is_cancelled (self->cancellable))
          return NULL;
      }
  leave_group (worker);
  gander_map_use_forget (&worker->use);
  return NULL;
}

/* Goes over all spans once. */
static gboolean
walk (Pass *pass, GError **error)
{
  const GanderIndexWriter *self = pass->self;

  for (guint i = 1; i < pass->n_workers; i++)
    pass->workers[i].thread = g_thread_try_new ("grid", run_worker, &pass->workers[i], NULL);
  run_worker (&pass->workers[0]);
  for (guint i = 0; i < pass->n_workers; i++)
    {
      if (pass->workers[i].thread != NULL)
        g_thread_join (pass->workers[i].thread);
      grid_add (&pass->whole, &pass->workers[i].rest);
    }
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->broken == 0)
    return TRUE;
  g_set_error_literal (error,
                       G_FILE_ERROR,
                       G_FILE_ERROR_IO,
                       "the index that is being written cannot be read back");
  return FALSE;
}

/* Writes a filled grid as rows of running totals; it stays as it is. */
static void
write_grid (GanderIndexWriter *self, const Grid *grid, GanderGridRow *row)
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
        if (grid->cells[cell][state] != 0 || full[state] != 0)
          row->states |= 1u << state;
      }
  memset (full, 0, sizeof full);
  for (guint32 cell = 0; cell <= grid->n_cells; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        if ((row->states & (1u << state)) == 0)
          continue;
        gander_index_file_append (self->file, &sum[state], sizeof sum[state]);
        full[state] += grid->changes[cell][state];
        sum[state] = gander_wrap_add (sum[state], grid->cells[cell][state]);
        sum[state] =
            gander_wrap_add (sum[state], (gint64)((guint64)full[state] * (guint64)grid->width));
      }
}

static void
write_filled_grids (Pass *pass)
{
  GanderIndexWriter *self = pass->self;
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (GanderGridRow));
  GanderGridRow row = { .group = G_MAXUINT32 };

  gander_index_file_begin (self->file, GANDER_SECTION_GRID_CELLS);
  for (guint32 i = 0; i < self->n_groups; i++)
    if (pass->grids[i].cells != NULL)
      {
        GanderGridRow own = { .group = i };
        write_grid (self, &pass->grids[i], &own);
        g_array_append_val (rows, own);
        grid_add (&pass->whole, &pass->grids[i]);
      }
  if (self->n_goroutines >= GRID_MIN_LANES)
    {
      write_grid (self, &pass->whole, &row);
      g_array_append_val (rows, row);
    }
  gander_index_file_end (self->file);
  gander_index_file_put (self->file, GANDER_SECTION_GRIDS, rows->data, rows->len);
}

static gboolean
has_grid (const GanderIndexWriter *self, guint32 group)
{
  return self->groups[group].n_lanes >= GRID_MIN_LANES;
}

static Grid
choose_shape (const GanderIndexWriter *self)
{
  Grid shape = { 0 };
  guint32 n_large = 0;

  for (guint32 i = 0; i < self->n_groups; i++)
    n_large += has_grid (self, i);
  /* Many grids, or few spans: coarse ones do. */
  shape.n_cells = n_large <= 16 ? MAX_CELLS : MIN_CELLS;
  shape.n_cells = (guint32)CLAMP (self->n_spans / SPANS_PER_CELL, MIN_CELLS, shape.n_cells);
  shape.width = MAX (1, (self->duration + shape.n_cells - 1) / shape.n_cells);
  return shape;
}

/* Room for the whole, large groups and two grids for each thread. */
static gboolean
prepare (Pass *pass, GError **error)
{
  const GanderIndexWriter *self = pass->self;
  Grid shape = choose_shape (self);
  guint n_grids = 0;

  pass->grids = gander_index_writer_allocate (self->n_groups, sizeof *pass->grids, error);
  if (pass->grids == NULL)
    return FALSE;
  for (guint32 i = 0; i < self->n_groups && n_grids < GRID_LIMIT; i++)
    n_grids += has_grid (self, i);
  pass->memory = pass->memory_left =
      gander_index_writer_allocate ((1 + n_grids + 2 * pass->n_workers) * 2 *
                                        ((gsize)shape.n_cells + 1),
                                    sizeof *shape.cells,
                                    error);
  if (pass->memory == NULL)
    return FALSE;
  for (guint32 i = 0; n_grids > 0; i++)
    if (has_grid (self, i))
      {
        pass->grids[i] = grid_new (pass, &shape);
        n_grids--;
      }
  pass->whole = grid_new (pass, &shape);
  for (guint i = 0; i < pass->n_workers; i++)
    {
      Worker *worker = &pass->workers[i];

      worker->pass = pass;
      worker->own = grid_new (pass, &shape);
      worker->rest = grid_new (pass, &shape);
      gander_map_use_init (&worker->use,
                           self->map,
                           self->map_size,
                           GANDER_MAP_ROOM / pass->n_workers);
      if (!gander_extremes_init (&worker->extremes, self, error))
        return FALSE;
    }
  return TRUE;
}

static void
clear (Pass *pass)
{
  for (guint i = 0; i < pass->n_workers; i++)
    gander_extremes_clear (&pass->workers[i].extremes);
  g_free (pass->grids);
  g_free (pass->memory);
  g_mutex_clear (&pass->mutex);
}

gboolean
gander_index_write_grids (GanderIndexWriter *self, GError **error)
{
  Pass pass = { .self = self };
  gboolean good = FALSE;

  g_mutex_init (&pass.mutex);
  pass.n_workers = self->n_spans >= SHARE_FROM ? CLAMP (self->n_threads, 1, MAX_THREADS) : 1;
  good = prepare (&pass, error) && (self->n_goroutines == 0 || walk (&pass, error));
  if (good)
    {
      write_filled_grids (&pass);
      for (guint i = 1; good && i < pass.n_workers; i++)
        good = gander_extremes_merge (&pass.workers[0].extremes, &pass.workers[i].extremes, error);
      good = good && gander_extremes_write (self, &pass.workers[0].extremes, error);
    }
  clear (&pass);
  return good;
}
