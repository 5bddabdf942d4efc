/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/profile.h"

#include "analysis/describe.h"
#include "analysis/profile-cells.h"
#include "analysis/profile-waits.h"
#include "analysis/stack-set.h"
#include "analysis/text.h"

#include <math.h>

#define N_(text) text

struct _GanderProfile
{
  GanderIndex *index;
  GanderProfileOptions options;
  GanderProfileFigures sum;
  GArray *records; /* GanderProfileRecord */
  GArray *samples; /* GanderProfileSample */
};

static const struct
{
  const char *id;
  const char *title;
} kinds[GANDER_N_PROFILES] = {
  [GANDER_PROFILE_NET] = { "net", N_ ("waits for the network, by the stack that waited") },
  [GANDER_PROFILE_SYNC] = { "sync",
                            N_ ("waits for channels, locks and select, by the stack that "
                                "waited") },
  [GANDER_PROFILE_SYSCALL] = { "syscall", N_ ("system calls, by their stack") },
  [GANDER_PROFILE_SCHED] = { "sched",
                             N_ ("waits for a processor, by the stack that made the "
                                 "goroutine runnable") },
  [GANDER_PROFILE_WAKER] = { "waker",
                             N_ ("blocked waits, by the stack of the goroutine that ended "
                                 "them") },
};

const char *
gander_profile_kind_get_id (GanderProfileKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_PROFILES, "");
  return kinds[kind].id;
}

const char *
gander_profile_kind_get_title (GanderProfileKind kind)
{
  g_return_val_if_fail (kind < GANDER_N_PROFILES, "");
  return kinds[kind].title;
}

/* Returns: (transfer full) the sums of cells whose stacks read the same; stacks are numbered by
 * @stacks. */
static GanderCell *
add_up (GanderCells *cells, GanderStackSet *stacks, guint *n)
{
  GanderCell *sums = NULL;

  for (guint i = 0; i < cells->cells->len; i++)
    gander_stack_set_get_number (stacks, g_array_index (cells->cells, GanderCell, i).key.stack);
  *n = gander_stack_set_get_n (stacks);
  sums = g_new0 (GanderCell, MAX (*n, 1));
  for (guint i = 0; i < *n; i++)
    sums[i].key.stack = gander_stack_set_get_stack (stacks, i);
  for (guint i = 0; i < cells->cells->len; i++)
    {
      GanderCell *cell = &g_array_index (cells->cells, GanderCell, i);
      GanderCell *sum = &sums[gander_stack_set_get_number (stacks, cell->key.stack)];
      gander_cell_add (sum, cell);
      /* Cells come in any order, and the answer is always the same. */
      sum->key.stack = MIN (sum->key.stack, cell->key.stack);
    }
  return sums;
}

static void
fill_figures (const GanderProfile *self, GanderCell *cell, GanderProfileFigures *out)
{
  *out = (GanderProfileFigures){
    .count = cell->count, .open = cell->open, .total = cell->total, .max = cell->max
  };
  if (!self->options.percentiles)
    return;
  out->p50 = gander_durations_get_percentile (&cell->durations, 50);
  out->p95 = gander_durations_get_percentile (&cell->durations, 95);
  out->p99 = gander_durations_get_percentile (&cell->durations, 99);
}

static int
compare_records (gconstpointer a, gconstpointer b, gpointer index)
{
  const GanderProfileRecord *x = a;
  const GanderProfileRecord *y = b;

  if (x->figures.total != y->figures.total)
    return x->figures.total > y->figures.total ? -1 : 1;
  return gander_stack_compare (index, x->stack, y->stack);
}

/* Takes the durations of @sums. */
static void
make_records (GanderProfile *self, GanderCell *sums, guint n)
{
  GanderCell all = { 0 };

  for (guint i = 0; i < n; i++)
    {
      GanderProfileRecord record = { .stack = sums[i].key.stack };
      fill_figures (self, &sums[i], &record.figures);
      g_array_append_val (self->records, record);
      gander_cell_add (&all, &sums[i]);
    }
  g_array_sort_with_data (self->records, compare_records, self->index);
  fill_figures (self, &all, &self->sum);
  gander_durations_clear (&all.durations);
}

#define COMPARE(x, y, member)     \
  if ((x)->member != (y)->member) \
    return (x)->member < (y)->member ? -1 : 1;

static int
compare_samples (gconstpointer a, gconstpointer b)
{
  const GanderProfileSample *x = a;
  const GanderProfileSample *y = b;

  COMPARE (x, y, record)
  COMPARE (x, y, state)
  COMPARE (x, y, cause)
  COMPARE (x, y, reason)
  COMPARE (x, y, function)
  COMPARE (x, y, task)
  COMPARE (x, y, region)
  COMPARE (x, y, goroutine)
  return 0;
}

/* @stacks: its numbers are those of the records before they were sorted. */
static void
make_samples (GanderProfile *self, const GanderCells *cells, GanderStackSet *stacks)
{
  g_autofree guint *records = g_new0 (guint, MAX (self->records->len, 1));
  guint n = 0;

  for (guint i = 0; i < self->records->len; i++)
    records[gander_stack_set_get_number (stacks,
                                         g_array_index (self->records, GanderProfileRecord, i)
                                             .stack)] = i;
  for (guint i = 0; i < cells->cells->len; i++)
    {
      const GanderCell *cell = &g_array_index (cells->cells, GanderCell, i);
      const GanderCellKey *key = &cell->key;
      GanderProfileSample sample;
      /* All its waits have other labels. */
      if (cell->count == 0 && cell->total == 0)
        continue;
      sample = (GanderProfileSample){
        .record = records[gander_stack_set_get_number (stacks, key->stack)],
        .state = (GanderState)key->state,
        .cause = (GanderCause)key->cause,
        .reason = key->reason,
        .function = key->function,
        .task = key->task,
        .region = key->region,
        .goroutine = key->goroutine,
        .count = cell->count,
        .total = cell->total,
      };
      g_array_append_val (self->samples, sample);
    }
  g_array_sort (self->samples, compare_samples);
  /* Stacks that read the same may have given several samples with the same labels. */
  for (guint i = 0; i < self->samples->len; i++)
    {
      const GanderProfileSample *sample = &g_array_index (self->samples, GanderProfileSample, i);
      GanderProfileSample *last =
          n > 0 ? &g_array_index (self->samples, GanderProfileSample, n - 1) : NULL;
      if (last != NULL && compare_samples (last, sample) == 0)
        {
          last->count += sample->count;
          last->total += sample->total;
        }
      else
        g_array_index (self->samples, GanderProfileSample, n++) = *sample;
    }
  g_array_set_size (self->samples, n);
}

GanderProfile *
gander_profile_compute (GanderIndex *index,
                        const GanderScope *scope,
                        const GanderProfileOptions *options,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GanderProfile) self = g_new0 (GanderProfile, 1);
  g_autoptr (GanderStackSet) stacks = gander_stack_set_new (index);
  g_auto (GanderCells) cells = { 0 };
  g_autofree GanderCell *sums = NULL;
  guint n = 0;

  self->index = gander_index_ref (index);
  self->options = *options;
  self->records = g_array_new (FALSE, FALSE, sizeof (GanderProfileRecord));
  self->samples = g_array_new (FALSE, FALSE, sizeof (GanderProfileSample));
  if (options->kind == GANDER_PROFILE_WAKER)
    self->options.rule = GANDER_PROFILE_SOUND;
  gander_cells_init (&cells);
  if (!gander_waits_collect (index, scope, &self->options, &cells, cancellable, error))
    return NULL;
  sums = add_up (&cells, stacks, &n);
  make_records (self, sums, n);
  make_samples (self, &cells, stacks);
  return g_steal_pointer (&self);
}

void
gander_profile_free (GanderProfile *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->records);
  g_array_unref (self->samples);
  gander_index_unref (self->index);
  g_free (self);
}

const GanderProfileOptions *
gander_profile_get_options (const GanderProfile *self)
{
  return &self->options;
}

const GanderProfileFigures *
gander_profile_get_sum (const GanderProfile *self)
{
  return &self->sum;
}

const GanderProfileRecord *
gander_profile_get_records (const GanderProfile *self, guint *n)
{
  *n = self->records->len;
  return (const GanderProfileRecord *)(gconstpointer)self->records->data;
}

const GanderProfileSample *
gander_profile_get_samples (const GanderProfile *self, guint *n)
{
  *n = self->samples->len;
  return (const GanderProfileSample *)(gconstpointer)self->samples->data;
}

static const char *const causes[] = {
  [GANDER_CAUSE_NONE] = "",
  [GANDER_CAUSE_CREATED] = "created",
  [GANDER_CAUSE_WOKEN] = "woken",
  [GANDER_CAUSE_YIELDED] = "yielded",
  [GANDER_CAUSE_PREEMPTED] = "preempted",
  [GANDER_CAUSE_SYSCALL] = "syscall",
  [GANDER_CAUSE_SWITCHED] = "switched",
};

const char *
gander_profile_sample_get_reason (const GanderIndex *index, const GanderProfileSample *sample)
{
  if (sample->cause != GANDER_CAUSE_NONE && sample->cause < G_N_ELEMENTS (causes))
    return causes[sample->cause];
  return gander_index_get_string (index, sample->reason);
}

enum
{
  COLUMN_TOTAL,
  COLUMN_SHARE,
  COLUMN_COUNT,
  COLUMN_MEAN,
  COLUMN_MAX,
  COLUMN_P50,
  COLUMN_P95,
  COLUMN_P99,
  COLUMN_OPEN,
  COLUMN_PLACE,
  COLUMN_ROOT,
  COLUMN_STACK,
  COLUMN_RANK,
  N_COLUMNS,
};

static const GanderColumn columns[N_COLUMNS] = {
  [COLUMN_TOTAL] = { "total", N_ ("Total"), GANDER_COLUMN_DURATION, FALSE },
  [COLUMN_SHARE] = { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  [COLUMN_COUNT] = { "count", N_ ("Waits"), GANDER_COLUMN_COUNT, FALSE },
  [COLUMN_MEAN] = { "mean", N_ ("Mean"), GANDER_COLUMN_DURATION, FALSE },
  [COLUMN_MAX] = { "max", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE },
  [COLUMN_P50] = { "p50", N_ ("Median"), GANDER_COLUMN_DURATION, TRUE },
  [COLUMN_P95] = { "p95", N_ ("95th percentile"), GANDER_COLUMN_DURATION, TRUE },
  [COLUMN_P99] = { "p99", N_ ("99th percentile"), GANDER_COLUMN_DURATION, TRUE },
  [COLUMN_OPEN] = { "open", N_ ("Open"), GANDER_COLUMN_COUNT, FALSE },
  [COLUMN_PLACE] = { "place", N_ ("Where"), GANDER_COLUMN_TEXT, FALSE },
  [COLUMN_ROOT] = { "root", N_ ("Goroutine"), GANDER_COLUMN_TEXT, FALSE },
  [COLUMN_STACK] = { "stack", N_ ("Stack"), GANDER_COLUMN_TEXT, TRUE },
  [COLUMN_RANK] = { "rank", N_ ("Rank"), GANDER_COLUMN_ID, TRUE },
};

/* The function that the goroutine started with whose stack it is. */
static const char *
get_root (const GanderIndex *index, GanderStackId stack)
{
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint n = gander_stack_get_frames (index, stack, frames);

  return n == 0 ? "" : gander_index_get_string (index, frames[n - 1].function);
}

static void
fill_row (const GanderProfile *self, GanderTable *table, const GanderProfileRecord *record)
{
  const GanderProfileFigures *figures = &record->figures;
  guint row = gander_table_append (table);
  g_autofree char *place = gander_describe_place (self->index, record->stack);
  g_autofree char *stack = gander_stack_format (self->index, record->stack, ";");

  gander_table_set_integer (table, row, COLUMN_TOTAL, figures->total);
  gander_table_set_share (table,
                          row,
                          COLUMN_SHARE,
                          self->sum.total > 0 ? (double)figures->total / (double)self->sum.total
                                              : NAN);
  gander_table_set_integer (table, row, COLUMN_COUNT, (gint64)figures->count);
  gander_table_set_integer (table,
                            row,
                            COLUMN_MEAN,
                            figures->count > 0 ? figures->total / (gint64)figures->count : 0);
  gander_table_set_integer (table, row, COLUMN_MAX, figures->max);
  gander_table_set_integer (table, row, COLUMN_P50, figures->p50);
  gander_table_set_integer (table, row, COLUMN_P95, figures->p95);
  gander_table_set_integer (table, row, COLUMN_P99, figures->p99);
  gander_table_set_integer (table, row, COLUMN_OPEN, (gint64)figures->open);
  gander_table_set_text (table, row, COLUMN_PLACE, *place == '\0' ? "(no stack)" : place);
  gander_table_set_text (table,
                         row,
                         COLUMN_ROOT,
                         gander_text_short_function (get_root (self->index, record->stack)));
  gander_table_set_text (table, row, COLUMN_STACK, stack);
  gander_table_set_integer (table, row, COLUMN_RANK, (gint64)row + 1);
}

GanderTable *
gander_profile_to_table (const GanderProfile *self)
{
  GanderTable *table = gander_table_new (columns, N_COLUMNS);

  for (guint i = 0; i < self->records->len; i++)
    fill_row (self, table, &g_array_index (self->records, GanderProfileRecord, i));
  return table;
}
