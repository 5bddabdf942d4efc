/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions are added goroutine by goroutine: one walk over its spans, and at each edge of a region
 * the sums so far are subtracted from the row of the region's type, or added to it. Rows per type
 * are sums over those rows; percentiles come from all lengths, put in order by row.
 */
#include "analysis/regions.h"

#include "analysis/matcher.h"

#include <string.h>

/* Edges of a goroutine between two looks at the cancellable. */
#define CANCEL_STEP 4096

#define NO_ROW G_MAXUINT32

struct _GanderRegions
{
  const GanderIndex *index;
  GArray *rows;            /* GanderRegionRow, by goroutine id, life, type */
  GArray *types;           /* GanderRegionRow, by type */
  GArray *row_waits;       /* GanderReasonTime, in the order of the rows */
  GArray *type_waits;      /* GanderReasonTime, in the order of the types */
  GanderTime *durations;   /* of one type after the other, ascending */
  guint32 *first_duration; /* per type, and one more */
};

typedef struct
{
  guint32 row;
  GanderTime length;
} Length;

typedef struct
{
  gint64 id;
  guint32 life;
  guint32 first; /* region */
  guint32 n;
} Goroutine;

typedef struct
{
  GanderRegions *answer;
  const GanderUserFilter *filter;
  GanderMatcher matcher;
  GanderWalk walk;
  GanderRowCursor regions;
  GArray *lengths;   /* Length */
  guint32 *type_of;  /* per string: its row in the answer's types, or NO_ROW */
  guint32 *row_of;   /* per type: its row on the present goroutine, or NO_ROW */
  gboolean together; /* all goroutines are one: what a row is about has no goroutine */

  /* Of the present goroutine. */
  guint32 first_row;
  guint32 first_length;
  GArray *stretches; /* GanderStretch; the subject is a row */
  GArray *edges;     /* GanderEdge */
  GArray *sums;      /* GanderTime, as many per row as there are reasons */
} Builder;

void
gander_user_filter_init (GanderUserFilter *self, const GanderIndex *index)
{
  *self = (GanderUserFilter){ .end = gander_index_get_facts (index)->duration };
}

static GanderRegionRow *
row_at (const GArray *rows, guint32 i)
{
  return &g_array_index (rows, GanderRegionRow, i);
}

static void
builder_init (Builder *self, const GanderUserFilter *filter, GanderRegions *answer)
{
  gsize n_strings = MAX (gander_index_get_n_strings (answer->index), 1);

  memset (self, 0, sizeof *self);
  self->answer = answer;
  self->filter = filter;
  gander_matcher_init (&self->matcher, answer->index, filter->name);
  gander_walk_init (&self->walk, answer->index);
  gander_row_cursor_init (&self->regions, answer->index);
  self->lengths = g_array_new (FALSE, FALSE, sizeof (Length));
  self->type_of = g_new (guint32, n_strings);
  memset (self->type_of, 0xff, n_strings * sizeof *self->type_of);
  self->stretches = g_array_new (FALSE, FALSE, sizeof (GanderStretch));
  self->edges = g_array_new (FALSE, FALSE, sizeof (GanderEdge));
  self->sums = g_array_new (FALSE, TRUE, sizeof (GanderTime));
}

static void
builder_clear (Builder *self)
{
  gander_matcher_clear (&self->matcher);
  gander_walk_clear (&self->walk);
  g_array_unref (self->lengths);
  g_free (self->type_of);
  g_free (self->row_of);
  g_array_unref (self->stretches);
  g_array_unref (self->edges);
  g_array_unref (self->sums);
}

static int
compare_types (gconstpointer a, gconstpointer b, gpointer index)
{
  const GanderRegionRow *x = a;
  const GanderRegionRow *y = b;

  return strcmp (gander_index_get_string (index, x->type),
                 gander_index_get_string (index, y->type));
}

static int
compare_goroutines (gconstpointer a, gconstpointer b)
{
  const Goroutine *x = a;
  const Goroutine *y = b;

  if (x->id != y->id)
    return x->id < y->id ? -1 : 1;
  return x->life < y->life ? -1 : x->life > y->life;
}

static void
note_type (Builder *self, GanderStringId type)
{
  GanderRegionRow row = { .lane = GANDER_LANE_NONE, .type = type };

  if (self->type_of[type] != NO_ROW)
    return;
  self->type_of[type] = self->answer->types->len;
  g_array_append_val (self->answer->types, row);
}

/* Lists types and goroutines in the order of the answer.
 *
 * Returns: (transfer full) an array of Goroutine. The regions of each are neighbours. */
static GArray *
look_over (Builder *self)
{
  const GanderIndex *index = self->answer->index;
  GArray *types = self->answer->types;
  GArray *goroutines = g_array_new (FALSE, FALSE, sizeof (Goroutine));
  GanderLaneId last = GANDER_LANE_NONE;

  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      const GanderRegion *region = gander_row_cursor_get_region (&self->regions, i);
      GanderLane lane;
      note_type (self, region->type);
      if (region->lane != last)
        {
          Goroutine goroutine = { .first = i };
          gander_index_get_life (index, region->lane, &lane);
          goroutine.id = lane.id;
          goroutine.life = lane.life;
          g_array_append_val (goroutines, goroutine);
          last = region->lane;
        }
      g_array_index (goroutines, Goroutine, goroutines->len - 1).n++;
    }
  g_array_sort (goroutines, compare_goroutines);
  g_array_sort_with_data (types, compare_types, (gpointer)index);
  for (guint32 i = 0; i < types->len; i++)
    self->type_of[row_at (types, i)->type] = i;
  self->row_of = g_new (guint32, MAX (types->len, 1));
  memset (self->row_of, 0xff, types->len * sizeof *self->row_of);
  return goroutines;
}

/* Returns: the row of regions like this one on the present goroutine. */
static guint32
need_row (Builder *self, const GanderRegion *region)
{
  GArray *rows = self->answer->rows;
  GanderRegionRow row = { .lane = GANDER_LANE_NONE, .type = region->type };
  guint32 *place = &self->row_of[self->type_of[region->type]];

  if (*place == NO_ROW)
    {
      *place = rows->len;
      g_array_append_val (rows, row);
      g_array_set_size (self->sums, self->sums->len + self->walk.n_reasons);
    }
  if (row_at (rows, *place)->lane != region->lane)
    {
      row_at (rows, *place)->lane = region->lane;
      row_at (rows, *place)->n_goroutines++;
    }
  return *place;
}

static void
add_region (Builder *self, const GanderRegion *region)
{
  const GanderUserFilter *filter = self->filter;
  GanderStretch stretch = { MAX (region->begin, filter->begin), MIN (region->end, filter->end), 0 };
  Length length = { 0, region->end - region->begin };
  GanderRegionRow *row = NULL;

  if (stretch.begin >= stretch.end || length.length < filter->min_duration ||
      !gander_matcher_matches (&self->matcher, region->type))
    return;
  stretch.subject = length.row = need_row (self, region);
  row = row_at (self->answer->rows, length.row);
  row->n_open += (region->flags & GANDER_SPAN_OPEN_END) != 0;
  row->n_open_start += (region->flags & GANDER_SPAN_OPEN_BEGIN) != 0;
  row->durations.count++;
  g_array_append_val (self->stretches, stretch);
  g_array_append_val (self->lengths, length);
}

static void
add_edge (Builder *self, const GanderEdge *edge)
{
  guint32 number = g_array_index (self->stretches, GanderStretch, edge->stretch).subject;
  GanderRegionRow *row = row_at (self->answer->rows, number);
  guint n_reasons = self->walk.n_reasons;
  GanderTime *sums =
      &g_array_index (self->sums, GanderTime, (number - self->first_row) * n_reasons);
  GanderTime waits[GANDER_WALK_REASONS];
  GanderSplit split;

  gander_walk_get_split (&self->walk, &split);
  gander_walk_get_waits (&self->walk, waits);
  if (edge->is_end)
    {
      gander_split_add (&row->split, &split);
      row->transitions += gander_walk_get_transitions (&self->walk);
      for (guint i = 0; i < n_reasons; i++)
        sums[i] += waits[i];
      return;
    }
  gander_split_subtract (&row->split, &split);
  row->transitions -= gander_walk_get_transitions (&self->walk);
  for (guint i = 0; i < n_reasons; i++)
    sums[i] -= waits[i];
}

static void
walk_edges (Builder *self, GanderLaneId lane, GCancellable *cancellable)
{
  guint n_open = 0;

  gander_edges_fill (self->edges,
                     &g_array_index (self->stretches, GanderStretch, 0),
                     self->stretches->len);
  gander_walk_start (&self->walk, lane, g_array_index (self->edges, GanderEdge, 0).time);
  for (guint i = 0; i < self->edges->len; i++)
    {
      const GanderEdge *edge = &g_array_index (self->edges, GanderEdge, i);
      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return;
      if (n_open == 0)
        gander_walk_skip (&self->walk, edge->time);
      else
        gander_walk_seek (&self->walk, edge->time);
      n_open = edge->is_end ? n_open - 1 : n_open + 1;
      add_edge (self, edge);
    }
}

/* Keeps those of @sums that are not 0. */
static guint
store_waits (GArray *waits, const GanderWalk *walk, const GanderTime *sums)
{
  guint n = 0;

  for (guint i = 0; i < walk->n_reasons; i++)
    {
      GanderReasonTime wait = { walk->reasons[i], sums[i] };
      if (wait.time == 0)
        continue;
      g_array_append_val (waits, wait);
      n++;
    }
  return n;
}

static int
compare_row_types (gconstpointer a, gconstpointer b, gpointer data)
{
  const Builder *self = data;
  guint32 x = self->type_of[row_at (self->answer->rows, *(const guint32 *)a)->type];
  guint32 y = self->type_of[row_at (self->answer->rows, *(const guint32 *)b)->type];

  return x < y ? -1 : x > y;
}

/* What the next rows are about begins here. */
static void
start_rows (Builder *self)
{
  self->first_row = self->answer->rows->len;
  self->first_length = self->lengths->len;
  g_array_set_size (self->sums, 0);
}

/* The only row of the present goroutine. */
static void
finish_row (Builder *self)
{
  GanderRegionRow *row = row_at (self->answer->rows, self->first_row);

  row->n_waits = store_waits (self->answer->row_waits,
                              &self->walk,
                              &g_array_index (self->sums, GanderTime, 0));
  self->row_of[self->type_of[row->type]] = NO_ROW;
}

/* Brings the rows of the present goroutine in the order of their types, with their waits. */
static void
finish_rows (Builder *self)
{
  GArray *rows = self->answer->rows;
  guint32 n = rows->len - self->first_row;
  g_autofree guint32 *order = NULL;
  g_autofree guint32 *place = NULL;
  g_autofree GanderRegionRow *sorted = NULL;

  if (n == 1)
    {
      finish_row (self);
      return;
    }
  order = g_new (guint32, n);
  place = g_new (guint32, n);
  sorted = g_new (GanderRegionRow, n);
  for (guint32 i = 0; i < n; i++)
    order[i] = self->first_row + i;
  g_qsort_with_data (order, (gint)n, sizeof *order, compare_row_types, self);
  for (guint32 i = 0; i < n; i++)
    {
      gsize from = order[i] - self->first_row;
      sorted[i] = *row_at (rows, order[i]);
      sorted[i].n_waits =
          store_waits (self->answer->row_waits,
                       &self->walk,
                       &g_array_index (self->sums, GanderTime, from * self->walk.n_reasons));
      place[from] = self->first_row + i;
      self->row_of[self->type_of[sorted[i].type]] = NO_ROW;
    }
  for (guint32 i = 0; i < n; i++)
    *row_at (rows, self->first_row + i) = sorted[i];
  for (guint32 i = self->first_length; i < self->lengths->len; i++)
    {
      Length *length = &g_array_index (self->lengths, Length, i);
      length->row = place[length->row - self->first_row];
    }
}

static void
add_goroutine (Builder *self, const Goroutine *goroutine, GCancellable *cancellable)
{
  GanderLaneId lane = GANDER_LANE_NONE;

  if (!self->together)
    start_rows (self);
  g_array_set_size (self->stretches, 0);
  for (guint32 i = 0; i < goroutine->n; i++)
    {
      const GanderRegion *region =
          gander_row_cursor_get_region (&self->regions, goroutine->first + i);
      lane = region->lane;
      add_region (self, region);
    }
  if (self->stretches->len == 0)
    return;
  walk_edges (self, lane, cancellable);
  if (!self->together)
    finish_rows (self);
}

/* Returns: (transfer full) the lengths of the first row, then the second, … */
static GanderTime *
arrange_lengths (const Builder *self)
{
  GArray *rows = self->answer->rows;
  g_autofree guint32 *next = g_new (guint32, rows->len + 1);
  GanderTime *lengths = g_new (GanderTime, MAX (self->lengths->len, 1));

  next[0] = 0;
  for (guint32 i = 0; i < rows->len; i++)
    next[i + 1] = next[i] + (guint32)row_at (rows, i)->durations.count;
  for (guint32 i = 0; i < self->lengths->len; i++)
    {
      const Length *length = &g_array_index (self->lengths, Length, i);
      lengths[next[length->row]++] = length->length;
    }
  return lengths;
}

/* Adds a row to that of its type; the waits to @sums. */
static void
add_row (Builder *self, GanderRegionRow *type, const GanderRegionRow *row, GanderTime *sums)
{
  type->n_goroutines += row->n_goroutines;
  type->n_open += row->n_open;
  type->n_open_start += row->n_open_start;
  type->transitions += row->transitions;
  gander_split_add (&type->split, &row->split);
  for (guint i = 0; i < row->n_waits; i++)
    sums[gander_walk_get_column (&self->walk, row->waits[i].reason)] += row->waits[i].time;
}

/* Each row is told where its waits are. */
static void
attach_waits (GArray *rows, const GArray *waits)
{
  const GanderReasonTime *next = (const GanderReasonTime *)(gconstpointer)waits->data;

  for (guint32 i = 0; i < rows->len; i++)
    {
      row_at (rows, i)->waits = next;
      next += row_at (rows, i)->n_waits;
    }
}

/* Returns: (transfer full) the rows of the first type, then the second, …; @first says where. */
static guint32 *
arrange_rows (const Builder *self, guint32 *first)
{
  const GArray *rows = self->answer->rows;
  guint32 n_types = self->answer->types->len;
  guint32 *order = g_new (guint32, MAX (rows->len, 1));

  memset (first, 0, (n_types + 2) * sizeof *first);
  for (guint32 i = 0; i < rows->len; i++)
    first[self->type_of[row_at (rows, i)->type] + 2]++;
  for (guint32 i = 2; i < n_types + 2; i++)
    first[i] += first[i - 1];
  for (guint32 i = 0; i < rows->len; i++)
    order[first[self->type_of[row_at (rows, i)->type] + 1]++] = i;
  return order;
}

static void
add_lengths (GanderDurations *durations, const GanderTime *lengths, guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    gander_durations_add (durations, lengths[i]);
}

/* Fills the rows' percentiles and the rows per type. */
static void
sum_up (Builder *self)
{
  GanderRegions *answer = self->answer;
  guint32 n_types = answer->types->len;
  g_autofree GanderTime *lengths = arrange_lengths (self);
  g_autofree guint32 *first_row = g_new (guint32, (gsize)n_types + 2);
  g_autofree guint32 *order = arrange_rows (self, first_row);
  g_autofree guint64 *first_length = g_new (guint64, (gsize)answer->rows->len + 1);
  g_auto (GanderDurations) durations = { 0 };

  attach_waits (answer->rows, answer->row_waits);
  first_length[0] = 0;
  for (guint32 i = 0; i < answer->rows->len; i++)
    {
      GanderRegionRow *row = row_at (answer->rows, i);
      first_length[i + 1] = first_length[i] + row->durations.count;
      gander_durations_empty (&durations);
      add_lengths (&durations, lengths + first_length[i], row->durations.count);
      gander_durations_get_quantiles (&durations, &row->durations);
    }
  answer->durations = g_new (GanderTime, MAX (self->lengths->len, 1));
  answer->first_duration = g_new0 (guint32, (gsize)n_types + 1);
  for (guint32 i = 0; i < n_types; i++)
    {
      GanderRegionRow *type = row_at (answer->types, i);
      GanderTime sums[GANDER_WALK_REASONS] = { 0 };
      guint32 first = answer->first_duration[i];

      gander_durations_empty (&durations);
      for (guint32 j = first_row[i]; j < first_row[i + 1]; j++)
        {
          const GanderRegionRow *row = row_at (answer->rows, order[j]);
          add_row (self, type, row, sums);
          add_lengths (&durations, lengths + first_length[order[j]], row->durations.count);
        }
      type->n_waits = store_waits (answer->type_waits, &self->walk, sums);
      gander_durations_get_quantiles (&durations, &type->durations);
      if (durations.n > 0)
        memcpy (answer->durations + first, durations.values, durations.n * sizeof *lengths);
      answer->first_duration[i + 1] = first + (guint32)durations.n;
    }
  attach_waits (answer->types, answer->type_waits);
}

/* Types of which the filter left nothing. */
static void
drop_empty_types (GanderRegions *self)
{
  guint32 n = 0;

  for (guint32 i = 0; i < self->types->len; i++)
    if (row_at (self->types, i)->n_goroutines > 0)
      {
        self->first_duration[n + 1] = self->first_duration[i + 1];
        *row_at (self->types, n++) = *row_at (self->types, i);
      }
  g_array_set_size (self->types, n);
}

/* Adds all goroutines, in the order of the answer. */
static void
add_goroutines (Builder *self, GCancellable *cancellable)
{
  g_autoptr (GArray) goroutines = look_over (self);

  for (guint32 i = 0; i < goroutines->len; i++)
    {
      if (i % CANCEL_STEP == 0 && g_cancellable_is_cancelled (cancellable))
        return;
      add_goroutine (self, &g_array_index (goroutines, Goroutine, i), cancellable);
    }
  if (self->together && self->answer->rows->len > 0)
    finish_rows (self);
}

static GanderRegions *
compute (const GanderIndex *index,
         const GanderUserFilter *filter,
         gboolean together,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GanderRegions) self = g_new0 (GanderRegions, 1);
  Builder builder;

  self->index = index;
  self->rows = g_array_new (FALSE, FALSE, sizeof (GanderRegionRow));
  self->types = g_array_new (FALSE, FALSE, sizeof (GanderRegionRow));
  self->row_waits = g_array_new (FALSE, FALSE, sizeof (GanderReasonTime));
  self->type_waits = g_array_new (FALSE, FALSE, sizeof (GanderReasonTime));
  builder_init (&builder, filter, self);
  builder.together = together;
  add_goroutines (&builder, cancellable);
  if (!g_cancellable_is_cancelled (cancellable))
    {
      sum_up (&builder);
      drop_empty_types (self);
    }
  builder_clear (&builder);
  if (together)
    g_array_set_size (self->rows, 0);
  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&self);
}

GanderRegions *
gander_regions_compute (const GanderIndex *index,
                        const GanderUserFilter *filter,
                        GCancellable *cancellable,
                        GError **error)
{
  return compute (index, filter, FALSE, cancellable, error);
}

GanderRegions *
gander_regions_compute_types (const GanderIndex *index,
                              const GanderUserFilter *filter,
                              GCancellable *cancellable,
                              GError **error)
{
  return compute (index, filter, TRUE, cancellable, error);
}

void
gander_regions_free (GanderRegions *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rows);
  g_array_unref (self->types);
  g_array_unref (self->row_waits);
  g_array_unref (self->type_waits);
  g_free (self->durations);
  g_free (self->first_duration);
  g_free (self);
}

const GanderRegionRow *
gander_regions_get_by_goroutine (const GanderRegions *self, guint32 *n)
{
  *n = self->rows->len;
  return (const GanderRegionRow *)(gconstpointer)self->rows->data;
}

const GanderRegionRow *
gander_regions_get_by_type (const GanderRegions *self, guint32 *n)
{
  *n = self->types->len;
  return (const GanderRegionRow *)(gconstpointer)self->types->data;
}

const GanderTime *
gander_regions_get_durations (const GanderRegions *self, guint32 row, guint32 *n)
{
  g_return_val_if_fail (row < self->types->len, NULL);
  *n = self->first_duration[row + 1] - self->first_duration[row];
  return self->durations + self->first_duration[row];
}
