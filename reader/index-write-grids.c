/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grids: the time of a group's goroutines per cell and state, made from each span's first and last
 * cell and a running difference for the cells between, so that a span costs the same however long
 * it is. The one walk over all spans that the end of a load takes; so it looks for extreme waits
 * too. Several threads share the lanes of a group: all they do is add.
 */
#include "reader/index-write-private.h"

#include <string.h>

#define GRID_MIN_LANES 17 /* smaller groups answer from their members */
#define GRID_LIMIT     256
#define MIN_CELLS      256
#define MAX_CELLS      4096
#define MAX_THREADS    8
#define LANES_AHEAD    8
#define SHARE_FROM     100000 /* spans of a trace that are worth another thread */
/* Blocks that a thread walks until the pages of the mapped file are given back. With each come up
 * to 64 KiB around it. */
#define MAPPED_AT_ONCE 2048

/* Spans. */
#define TOLD_AT_ONCE 16384

typedef struct
{
  guint32 n_cells;
  gint64 width;
  gint64 (*cells)[GANDER_N_STATES];   /* time in the cell */
  gint64 (*changes)[GANDER_N_STATES]; /* of the number that fills whole cells, cell by cell */
} Grid;

/* A thread and what it has added up. */
typedef struct _Pass Pass;
typedef struct
{
  Pass *pass;
  Grid grid;
  GanderExtremes extremes;
  guint untold;     /* spans */
  guint32 n_walked; /* blocks */
} Worker;

struct _Pass
{
  GanderIndexWriter *self;
  Worker workers[MAX_THREADS];
  guint n_workers;
  const GanderGroupRow *group; /* the one at hand */
  gint next_lane;
  gint step;
  gint cancelled;
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

static gboolean
grid_allocate (Grid *grid, GError **error)
{
  grid->cells = gander_index_writer_allocate (grid->n_cells + 1, sizeof *grid->cells, error);
  if (grid->cells != NULL)
    grid->changes = gander_index_writer_allocate (grid->n_cells + 1, sizeof *grid->changes, error);
  return grid->changes != NULL;
}

static void
grid_clear (Grid *grid)
{
  g_free (grid->cells);
  g_free (grid->changes);
}

/* Moves all of @other to @self. */
static void
grid_move (Grid *self, Grid *other)
{
  for (guint32 cell = 0; cell <= self->n_cells; cell++)
    for (guint state = 0; state < GANDER_N_STATES; state++)
      {
        add_to_cell (self, cell, state, other->cells[cell][state]);
        self->changes[cell][state] += other->changes[cell][state];
      }
  memset (other->cells, 0, (gsize)(other->n_cells + 1) * sizeof *other->cells);
  memset (other->changes, 0, (gsize)(other->n_cells + 1) * sizeof *other->changes);
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
add_lane (Worker *worker, guint32 row)
{
  const GanderIndexWriter *self = worker->pass->self;
  Grid *grid = &worker->grid;
  GanderBlockView view;
  GanderLaneRow lane;
  gboolean look = gander_extremes_begin_lane (&worker->extremes, &self->lives[row]);
  guint32 n = 0;
  guint32 cell = 0;

  gander_index_writer_get_goroutine (self, row, &lane);
  n = gander_blocks_get_n (&self->blocks, &lane);
  for (guint32 block = 0; block < n; block++)
    {
      if (++worker->n_walked % MAPPED_AT_ONCE == 0)
        gander_index_writer_forget_pages (self);
      gander_blocks_view_states (&self->blocks, &lane, block, &view);
      if (!go_on (worker, view.n))
        return;
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
    }
  if (look)
    gander_extremes_end_lane (&worker->extremes);
}

/* Asks memory for the block of a lane that comes soon. */
static void
hint_at_lane (const Pass *pass, guint32 i)
{
  const GanderIndexWriter *self = pass->self;

  if (i < pass->group->n_lanes)
    {
      guint32 row = self->group_lanes[pass->group->first_lane + i];
      gander_blocks_hint (&self->blocks, self->lives[row].block);
    }
}

static gpointer
run_worker (gpointer data)
{
  Worker *worker = data;
  Pass *pass = worker->pass;
  const guint32 *lanes = pass->self->group_lanes + pass->group->first_lane;
  guint32 i = 0;

  while ((i = (guint32)g_atomic_int_add (&pass->next_lane, pass->step)) < pass->group->n_lanes)
    {
      guint32 end = (guint32)MIN ((guint64)i + (guint64)pass->step, pass->group->n_lanes);
      if (g_cancellable_is_cancelled (pass->self->cancellable))
        break;
      for (; i < end; i++)
        {
          hint_at_lane (pass, i + LANES_AHEAD);
          add_lane (worker, lanes[i]);
        }
    }
  return NULL;
}

/* Adds all lanes of a group to the grid of the first worker. */
static gboolean
fill_grid (Pass *pass, const GanderGroupRow *group, GError **error)
{
  GThread *threads[MAX_THREADS] = { NULL };

  pass->group = group;
  pass->step = (gint)CLAMP (group->n_lanes / 64, 1, 1024);
  g_atomic_int_set (&pass->next_lane, 0);
  for (guint i = 1; i < pass->n_workers && group->n_lanes > 1; i++)
    threads[i] = g_thread_try_new ("grid", run_worker, &pass->workers[i], NULL);
  run_worker (&pass->workers[0]);
  for (guint i = 1; i < pass->n_workers; i++)
    if (threads[i] != NULL)
      {
        g_thread_join (threads[i]);
        grid_move (&pass->workers[0].grid, &pass->workers[i].grid);
      }
  return !g_cancellable_set_error_if_cancelled (pass->self->cancellable, error);
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

/* Goes over all spans once: a large group is written, then the whole takes it over. */
static gboolean
write_all_grids (Pass *pass, Grid *whole, GArray *rows, GError **error)
{
  GanderIndexWriter *self = pass->self;
  GanderGridRow row = { .group = G_MAXUINT32 };

  for (guint32 i = 0; i < self->n_groups; i++)
    {
      const GanderGroupRow *group = &self->groups[i];
      GanderGridRow own = { .group = i };
      if (!fill_grid (pass, group, error))
        return FALSE;
      if (group->n_lanes >= GRID_MIN_LANES && rows->len < GRID_LIMIT)
        {
          write_grid (self, &pass->workers[0].grid, &own);
          g_array_append_val (rows, own);
        }
      grid_move (whole, &pass->workers[0].grid);
    }
  if (self->n_goroutines < GRID_MIN_LANES)
    return TRUE;
  write_grid (self, whole, &row);
  g_array_append_val (rows, row);
  return TRUE;
}

static gboolean
prepare_worker (Worker *worker, const Grid *shape, GError **error)
{
  worker->grid = *shape;
  return grid_allocate (&worker->grid, error) &&
         gander_extremes_init (&worker->extremes, worker->pass->self, error);
}

static Grid
choose_shape (const GanderIndexWriter *self)
{
  Grid shape = { 0 };
  guint32 n_large = 0;

  for (guint32 i = 0; i < self->n_groups; i++)
    n_large += self->groups[i].n_lanes >= GRID_MIN_LANES;
  /* Many grids, or few spans: coarse ones do. */
  shape.n_cells = n_large <= 16 ? MAX_CELLS : MIN_CELLS;
  shape.n_cells = (guint32)CLAMP (self->n_spans / 32, MIN_CELLS, shape.n_cells);
  shape.width = MAX (1, (self->duration + shape.n_cells - 1) / shape.n_cells);
  return shape;
}

gboolean
gander_index_write_grids (GanderIndexWriter *self, GError **error)
{
  Pass pass = { .self = self };
  Grid whole = choose_shape (self);
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (GanderGridRow));
  gboolean good = TRUE;

  pass.n_workers = self->n_spans >= SHARE_FROM ? CLAMP (self->n_threads, 1, MAX_THREADS) : 1;
  for (guint i = 0; i < pass.n_workers; i++)
    {
      pass.workers[i].pass = &pass;
      good = good && prepare_worker (&pass.workers[i], &whole, error);
    }
  gander_index_file_begin (self->file, GANDER_SECTION_GRID_CELLS);
  good = good && grid_allocate (&whole, error) && write_all_grids (&pass, &whole, rows, error);
  gander_index_file_end (self->file);
  if (good)
    gander_index_file_put (self->file, GANDER_SECTION_GRIDS, rows->data, rows->len);
  for (guint i = 1; i < pass.n_workers && good; i++)
    gander_extremes_merge (&pass.workers[0].extremes, &pass.workers[i].extremes);
  good = good && gander_extremes_write (self, &pass.workers[0].extremes, error);
  for (guint i = 0; i < pass.n_workers; i++)
    {
      grid_clear (&pass.workers[i].grid);
      gander_extremes_clear (&pass.workers[i].extremes);
    }
  grid_clear (&whole);
  return good;
}
