/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/timeline-private.h"

#include <math.h>
#include <string.h>

/* Groups that are none of the index are added up from their members; of more members than this only
 * every second, third, … column is asked for. */
#define MEMBERS_PER_COLUMN 256
#define SUMMARY_FRAMES     8    /* that a summary is remembered for without being seen */
#define MOST_COLUMNS       1024 /* of the whole trace, to find the most members at once */
#define MOST_COLUMNS_DENSE 128  /* the same where lanes of many spans have to be looked into */
#define MOST_GRAINS        16   /* to such a part */
#define DENSE_FROM         (1 << 20)
#define MOST_EXTENTS       (1 << 20) /* of extreme waits, remembered for the next frame */
#define LIVES_TO           4096 /* members: more of a group of the index are quicker to ask for */

/* The parts of the pixels [first, first + n) of a row. */
typedef struct
{
  double per_pixel;
  GanderTime grain;
  gint64 first;
  guint n;
  GanderTime *parts; /* n * GANDER_N_PARTS */
  int height;        /* of the bar that @columns are of */
  double most;       /* members, at its upper edge */
  gint64 line_first;
  guint line_n;
  GanderColumn *columns; /* line_n, from column line_first on */
  guint frames;          /* since somebody asked */
} Summary;

static void
summary_free (gpointer data)
{
  g_free (((Summary *)data)->parts);
  g_free (((Summary *)data)->columns);
  g_free (data);
}

GanderTimelineMemory *
gander_timeline_memory_new (void)
{
  GanderTimelineMemory *self = g_new0 (GanderTimelineMemory, 1);

  g_mutex_init (&self->mutex);
  self->most = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->extents = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->logs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  self->summaries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, summary_free);
  self->regions =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, gander_timeline_free_regions);
  return self;
}

void
gander_timeline_memory_free (GanderTimelineMemory *self)
{
  g_hash_table_unref (self->most);
  g_hash_table_unref (self->extents);
  g_hash_table_unref (self->logs);
  g_hash_table_unref (self->summaries);
  g_hash_table_unref (self->regions);
  g_clear_pointer (&self->grouped, gander_rows_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
gander_timeline_memory_forget (GanderTimelineMemory *self)
{
  g_hash_table_remove_all (self->most);
  g_hash_table_remove_all (self->extents);
  g_hash_table_remove_all (self->logs);
  g_hash_table_remove_all (self->summaries);
  g_hash_table_remove_all (self->regions);
  self->n_extents = 0;
}

gpointer
gander_timeline_recall (const GanderTimeline *self, GHashTable *table, const GanderRow *row)
{
  gpointer known = NULL;

  g_mutex_lock (&self->memory->mutex);
  known = g_hash_table_lookup (table, &row->key);
  g_mutex_unlock (&self->memory->mutex);
  return known;
}

void
gander_timeline_remember (const GanderTimeline *self,
                          GHashTable *table,
                          const GanderRow *row,
                          gpointer value)
{
  g_mutex_lock (&self->memory->mutex);
  g_hash_table_replace (table, g_memdup2 (&row->key, sizeof row->key), value);
  g_mutex_unlock (&self->memory->mutex);
}

static void
reserve_sums (GanderTimeline *self, gsize n)
{
  if (n > self->sheet.n_sums)
    {
      self->sheet.sums = g_renew (GanderTime, self->sheet.sums, n);
      self->sheet.n_sums = n;
    }
  memset (self->sheet.sums, 0, n * sizeof *self->sheet.sums);
}

static void
add_mixes (GanderTimeline *self, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      GanderTime parts[GANDER_N_PARTS];

      gander_column_get_parts (&self->sheet.scratch.mixes[i], parts);
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        self->sheet.sums[i * GANDER_N_PARTS + p] += parts[p];
    }
}

/* Sums of lanes in steps of @step columns, spread over them. The edges are of steps that begin at
 * multiples of @step. */
static void
add_lanes (GanderTimeline *self,
           const GanderLaneId *lanes,
           GanderLaneId first,
           guint32 n_lanes,
           guint n,
           GanderTime grain,
           guint step)
{
  guint n_steps = (n + step - 1) / step;
  GanderTime *edges = self->sheet.scratch.edges;

  for (guint i = 0; i < n_steps; i++)
    edges[i] = edges[i * step];
  edges[n_steps] = edges[n];
  for (guint32 i = 0; i < n_lanes; i++)
    {
      gander_query_mixes_about (self->index,
                                lanes != NULL ? lanes[i] : first + i,
                                edges,
                                n_steps,
                                grain,
                                self->sheet.scratch.mixes,
                                NULL);
      add_mixes (self, n_steps);
    }
  for (guint i = n; i > 0 && step > 1; i--)
    for (guint p = 0; p < GANDER_N_PARTS; p++)
      self->sheet.sums[(i - 1) * GANDER_N_PARTS + p] =
          self->sheet.sums[(i - 1) / step * GANDER_N_PARTS + p] / step;
}

/* The members of a row, unless the index knows their sums. */
typedef struct
{
  gboolean summed;           /* by the index, as those of row->group */
  const GanderLaneId *lanes; /* (nullable) */
  GanderLaneId first;        /* without @lanes */
  guint32 n;
} Members;

static Members
get_members (const GanderTimeline *self, const GanderRow *row, guint32 number)
{
  Members members = { 0 };

  if (row->section == GANDER_SECTION_PROCS || row->section == GANDER_SECTION_THREADS)
    gander_index_get_lanes_of (self->index,
                               row->section == GANDER_SECTION_PROCS ? GANDER_LANE_PROC
                                                                    : GANDER_LANE_THREAD,
                               &members.first,
                               &members.n);
  else if (row->group < GANDER_GROUP_OTHER || row->group == GANDER_GROUP_ALL)
    members.summed = TRUE;
  else
    members.lanes = gander_rows_get_members (self->rows, number, &members.n);
  return members;
}

static guint
get_step (const Members *self)
{
  return 1 + self->n / MEMBERS_PER_COLUMN;
}

/* Fills sums with the times of the members of a row between @n + 1 edges. */
static void
add_members (GanderTimeline *self,
             const GanderRow *row,
             const Members *members,
             guint n,
             GanderTime grain)
{
  if (members->summed)
    {
      gander_query_group_mixes_about (self->index,
                                      row->group,
                                      self->sheet.scratch.edges,
                                      n,
                                      grain,
                                      self->sheet.scratch.mixes);
      add_mixes (self, n);
      return;
    }
  add_lanes (self, members->lanes, members->first, members->n, n, grain, get_step (members));
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* How many of @lanes were alive, as an average over each of @n parts of the trace. */
static void
count_lives (const GanderIndex *index,
             const GanderLaneId *lanes,
             guint32 n_lanes,
             guint n,
             double *counts)
{
  double part = (double)gander_index_get_facts (index)->duration / n;
  g_autofree gint64 *whole = g_new0 (gint64, n + 1); /* parts that begin or end to be covered */
  gint64 now = 0;

  memset (counts, 0, n * sizeof *counts);
  for (guint32 i = 0; i < n_lanes && part > 0; i++)
    {
      GanderLane lane;
      double begin, end;
      guint first, last;

      gander_index_get_lane (index, lanes[i], &lane);
      begin = CLAMP ((double)lane.begin / part, 0, n);
      end = CLAMP ((double)lane.end / part, begin, n);
      first = MIN ((guint)begin, n - 1);
      last = MIN ((guint)end, n - 1);
      counts[first] += (first == last ? end : first + 1) - begin;
      counts[last] += first == last ? 0 : end - last;
      whole[MIN (first + 1, last)]++;
      whole[last]--;
    }
  for (guint i = 0; i < n; i++)
    counts[i] += (double)(now += whole[i]);
}

/* How many members were busy, in the same way. */
static void
count_parts (GanderTimeline *self,
             const GanderRow *row,
             const Members *members,
             gboolean with_blocked,
             guint n,
             double *counts)
{
  GanderTime duration = gander_index_get_facts (self->index)->duration;

  gander_lane_scratch_reserve (&self->sheet.scratch, n);
  reserve_sums (self, (gsize)n * GANDER_N_PARTS);
  for (guint i = 0; i <= n; i++)
    self->sheet.scratch.edges[i] = (GanderTime)((double)duration * i / n);
  add_members (self, row, members, n, duration / n / MOST_GRAINS);
  for (guint i = 0; i < n; i++)
    {
      GanderTime sum = 0;

      for (guint p = 0; p < (with_blocked ? GANDER_N_PARTS : (guint)GANDER_PART_BLOCKED); p++)
        sum += self->sheet.sums[i * GANDER_N_PARTS + p];
      counts[i] = (double)sum * n / (double)MAX (duration, 1);
    }
}

/* Returns: how many parts of the trace to look at; each costs a look into each lane. */
static guint
count_columns (const GanderTimeline *self, const Members *members)
{
  guint64 n_spans = 0;

  for (guint32 i = 0; !members->summed && i < members->n && n_spans < DENSE_FROM; i++)
    {
      GanderLane lane;

      gander_index_get_lane (self->index,
                             members->lanes != NULL ? members->lanes[i] : members->first + i,
                             &lane);
      n_spans += lane.n_spans;
    }
  return n_spans < DENSE_FROM ? MOST_COLUMNS : MOST_COLUMNS_DENSE;
}

/* The most members at once in the whole trace, as an average over a small part of it: the upper
 * edge of the summary. It is the same for every view, so heights can be compared after a zoom. */
static double
find_most (GanderTimeline *self,
           const GanderRow *row,
           guint32 number,
           const Members *members,
           gboolean with_blocked)
{
  double *known = gander_timeline_recall (self, self->memory->most, row);
  double counts[MOST_COLUMNS];
  guint n = MOST_COLUMNS;
  const GanderLaneId *lanes = NULL;
  guint32 n_lanes = 0;
  double most;

  if (known != NULL)
    return *known;
  if (with_blocked)
    lanes = gander_rows_get_members (self->rows, number, &n_lanes);
  if (lanes != NULL && (!members->summed || n_lanes <= LIVES_TO))
    count_lives (self->index, lanes, n_lanes, n, counts);
  else
    {
      n = count_columns (self, members);
      count_parts (self, row, members, with_blocked, n, counts);
    }
  qsort (counts, n, sizeof *counts, compare_doubles);
  /* Of all goroutines a few crowded moments would flatten the rest. */
  most = counts[row->group == GANDER_GROUP_ALL ? n * 995 / 1000 : n - 1];
  gander_timeline_remember (self, self->memory->most, row, g_memdup2 (&most, sizeof most));
  return most;
}

static gboolean
is_old (G_GNUC_UNUSED gpointer key, gpointer value, gpointer data)
{
  const GanderTimeline *self = data;
  Summary *summary = value;

  return summary->per_pixel != self->scale.per_pixel || summary->grain != self->scale.grain ||
         ++summary->frames > SUMMARY_FRAMES;
}

static gboolean
are_old_regions (G_GNUC_UNUSED gpointer key, gpointer value, gpointer data)
{
  return gander_timeline_regions_are_old (data, value);
}

void
gander_timeline_forget_old (GanderTimeline *self)
{
  if (self->memory->grouped == NULL ||
      gander_rows_get_grouping (self->memory->grouped) != gander_rows_get_grouping (self->rows))
    {
      g_hash_table_remove_all (self->memory->summaries);
      g_hash_table_remove_all (self->memory->most);
    }
  if (self->memory->grouped != self->rows)
    {
      g_clear_pointer (&self->memory->grouped, gander_rows_unref);
      self->memory->grouped = gander_rows_ref (self->rows);
    }
  g_hash_table_foreach_remove (self->memory->summaries, is_old, self);
  g_hash_table_foreach_remove (self->memory->regions, are_old_regions, self);
  if (self->memory->n_extents > MOST_EXTENTS)
    {
      g_hash_table_remove_all (self->memory->extents);
      g_hash_table_remove_all (self->memory->logs);
      self->memory->n_extents = 0;
    }
}

static gint64
round_down (gint64 column, guint step)
{
  gint64 rest = column % step;

  return column - (rest < 0 ? rest + step : rest);
}

/* Adds what is in the columns [begin, end) to @out, which begins at column @first. Both are
 * multiples of the step, so that a column shows the same wherever the view begins. */
static void
ask_columns (GanderTimeline *self,
             const GanderRow *row,
             const Members *members,
             gint64 begin,
             gint64 end,
             gint64 first,
             GanderTime *out)
{
  guint n = (guint)(end - begin);

  if (end <= begin)
    return;
  gander_lane_scratch_reserve (&self->sheet.scratch, n);
  reserve_sums (self, (gsize)n * GANDER_N_PARTS);
  gander_scale_get_edges (&self->scale,
                          (int)(begin - self->scale.first),
                          n,
                          self->sheet.scratch.edges);
  add_members (self, row, members, n, self->scale.grain);
  memcpy (out + (begin - first) * GANDER_N_PARTS,
          self->sheet.sums,
          (gsize)n * GANDER_N_PARTS * sizeof *out);
}

static void
stack_column (const GanderTimeline *self, Summary *summary, gboolean with_blocked, guint i)
{
  gint64 column = summary->line_first + i;
  GanderTime parts[GANDER_N_PARTS];
  GanderTime whole = (GanderTime)ceil (summary->most * self->scale.per_pixel);
  GanderTime sum = 0;

  memcpy (parts, summary->parts + (column - summary->first) * GANDER_N_PARTS, sizeof parts);
  if (!with_blocked)
    parts[GANDER_PART_BLOCKED] = 0;
  for (guint p = 0; p < GANDER_N_PARTS; p++)
    sum += parts[p];
  gander_column_stack (&summary->columns[i], parts, MAX (whole, sum), summary->height);
}

/* Makes the columns in view; those that @known (nullable) has are copied. */
static void
stack_columns (const GanderTimeline *self,
               Summary *summary,
               const Summary *known,
               gboolean with_blocked)
{
  gint64 first = summary->line_first;
  gint64 last = first + summary->line_n;
  gint64 from = last;
  gint64 to = last;

  if (known != NULL && known->height == summary->height && known->most == summary->most &&
      known->line_first < last && known->line_first + known->line_n > first)
    {
      from = MAX (known->line_first, first);
      to = MIN (known->line_first + known->line_n, last);
      memcpy (summary->columns + (from - first),
              known->columns + (from - known->line_first),
              (gsize)(to - from) * sizeof *summary->columns);
    }
  for (gint64 i = first; i < last; i++)
    if (i < from || i >= to)
      stack_column (self, summary, with_blocked, (guint)(i - first));
}

/* Returns: (transfer none) the columns in view, of a bar of @height that @most members fill; asks
 * for what the last frame did not have. */
static const Summary *
get_summary (GanderTimeline *self,
             const GanderRow *row,
             const Members *members,
             int height,
             double most,
             gboolean with_blocked)
{
  const Summary *known = gander_timeline_recall (self, self->memory->summaries, row);
  guint step = get_step (members);
  gint64 first = round_down (self->scale.first, step);
  gint64 last = round_down (self->scale.first + self->scale.width + step - 1, step);
  Summary *fresh = g_new0 (Summary, 1);
  gint64 from = last;
  gint64 to = last;

  *fresh = (Summary){ .per_pixel = self->scale.per_pixel,
                      .grain = self->scale.grain,
                      .first = first,
                      .n = (guint)(last - first),
                      .height = height,
                      .most = most,
                      .line_first = self->scale.first,
                      .line_n = (guint)self->scale.width };
  fresh->parts = g_new (GanderTime, (gsize)fresh->n * GANDER_N_PARTS);
  fresh->columns = g_new (GanderColumn, fresh->line_n);
  if (known != NULL && known->first < last && known->first + known->n > first)
    {
      from = MAX (known->first, first);
      to = MIN (known->first + known->n, last);
      memcpy (fresh->parts + (from - first) * GANDER_N_PARTS,
              known->parts + (from - known->first) * GANDER_N_PARTS,
              (gsize)(to - from) * GANDER_N_PARTS * sizeof *fresh->parts);
    }
  ask_columns (self, row, members, first, from, first, fresh->parts);
  ask_columns (self, row, members, to, last, first, fresh->parts);
  stack_columns (self, fresh, known, with_blocked);
  gander_timeline_remember (self, self->memory->summaries, row, fresh);
  return fresh;
}

void
gander_timeline_layout_summary (GanderTimeline *self, const GanderRow *row, GanderTimelineRow *item)
{
  gboolean with_blocked = row->kind == GANDER_ROW_GROUP;
  Members members = get_members (self, row, item->row);
  const Summary *summary = NULL;
  double most;

  if (row->section == GANDER_SECTION_PINNED)
    return;
  most = row->section == GANDER_SECTION_PROCS
             ? row->n
             : find_most (self, row, item->row, &members, with_blocked);
  summary = get_summary (self, row, &members, item->bar_y1 - item->bar_y0, most, with_blocked);
  item->summary = with_blocked ? GANDER_SUMMARY_MEMBERS : GANDER_SUMMARY_BUSY;
  item->lane.first_column = self->sheet.columns->len;
  g_array_append_vals (self->sheet.columns, summary->columns, summary->line_n);
}
