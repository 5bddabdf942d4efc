/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assists, sweeps, pauses, creations and CPU samples by goroutine: each a list with the items of
 * one goroutine together, so that any part of its life finds its own by binary search.
 */
#include "analysis/stats-private.h"

typedef enum
{
  LIST_ASSISTS,
  LIST_SWEEPS,
  LIST_PAUSES, /* that the goroutine made */
  LIST_CREATED,
  LIST_SAMPLES,
  N_LISTS,
} ListKind;

typedef struct
{
  GanderTime begin;
  GanderTime end;   /* instants: as @begin */
  GanderTime reach; /* the latest end up to here */
} Item;

typedef struct
{
  guint32 *starts; /* by goroutine, and one more; NULL = the list is empty */
  Item *items;
} List;

/* The time in which the world was stopped, joined. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  GanderTime before; /* sum of those before this one */
} Pause;

struct _GanderLaneRanges
{
  const GanderIndex *index;
  guint32 n_goroutines;
  List lists[N_LISTS];
  GArray *pauses; /* Pause */
};

/* Row @row of what a list is made from. Returns: FALSE when it is nobody's. */
typedef gboolean (*ReadItem) (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item);

static gboolean
read_range (GanderRowCursor *rows,
            GanderRangeKind kind,
            guint32 row,
            GanderLaneId *lane,
            Item *item)
{
  const GanderRange *range = gander_row_cursor_get_range (rows, kind, row);

  *lane = range->goroutine;
  *item = (Item){ .begin = range->begin, .end = range->end };
  return TRUE;
}

static gboolean
read_assist (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item)
{
  return read_range (rows, GANDER_RANGE_ASSIST, row, lane, item);
}

static gboolean
read_sweep (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item)
{
  return read_range (rows, GANDER_RANGE_SWEEP, row, lane, item);
}

static gboolean
read_pause (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item)
{
  return read_range (rows, GANDER_RANGE_STW, row, lane, item);
}

static gboolean
read_created (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item)
{
  GanderLane life;

  gander_index_get_life (rows->index, row, &life);
  *lane = life.creator;
  *item = (Item){ .begin = life.begin, .end = life.begin };
  return (life.flags & GANDER_LANE_EXISTED) == 0;
}

static gboolean
read_sample (GanderRowCursor *rows, guint32 row, GanderLaneId *lane, Item *item)
{
  GanderSample sample;

  gander_index_get_sample (rows->index, row, &sample);
  *lane = sample.goroutine;
  *item = (Item){ .begin = sample.time, .end = sample.time };
  return TRUE;
}

static void
make_list (GanderLaneRanges *self, ListKind kind, guint32 n, ReadItem read)
{
  List *list = &self->lists[kind];
  g_autofree guint32 *fill = NULL;
  GanderLaneId lane = GANDER_LANE_NONE;
  GanderRowCursor rows;
  Item item;

  if (n == 0)
    return;
  gander_row_cursor_init (&rows, self->index);
  list->starts = g_new0 (guint32, self->n_goroutines + 1);
  for (guint32 row = 0; row < n; row++)
    if (read (&rows, row, &lane, &item) && lane < self->n_goroutines)
      list->starts[lane + 1]++;
  for (guint32 i = 0; i < self->n_goroutines; i++)
    list->starts[i + 1] += list->starts[i];
  list->items = g_new (Item, MAX (list->starts[self->n_goroutines], 1));
  fill = g_memdup2 (list->starts, sizeof *fill * (self->n_goroutines + 1));
  for (guint32 row = 0; row < n; row++)
    if (read (&rows, row, &lane, &item) && lane < self->n_goroutines)
      {
        guint32 place = fill[lane]++;
        item.reach =
            place == list->starts[lane] ? item.end : MAX (item.end, list->items[place - 1].reach);
        list->items[place] = item;
      }
}

static void
join_pauses (GanderLaneRanges *self)
{
  guint32 n = gander_index_get_n_ranges (self->index, GANDER_RANGE_STW);

  for (guint32 row = 0; row < n; row++)
    {
      GanderRange range;
      Pause *last = self->pauses->len == 0
                        ? NULL
                        : &g_array_index (self->pauses, Pause, self->pauses->len - 1);
      Pause pause = { 0 };

      gander_index_get_range (self->index, GANDER_RANGE_STW, row, &range);
      if (last != NULL && range.begin <= last->end)
        {
          last->end = MAX (last->end, range.end);
          continue;
        }
      pause = (Pause){ range.begin,
                       range.end,
                       last == NULL ? 0 : last->before + last->end - last->begin };
      g_array_append_val (self->pauses, pause);
    }
}

GanderLaneRanges *
gander_lane_ranges_new (const GanderIndex *index)
{
  GanderLaneRanges *self = g_new0 (GanderLaneRanges, 1);

  self->index = index;
  self->n_goroutines = gander_index_get_facts (index)->n_goroutines;
  self->pauses = g_array_new (FALSE, FALSE, sizeof (Pause));
  make_list (self,
             LIST_ASSISTS,
             gander_index_get_n_ranges (index, GANDER_RANGE_ASSIST),
             read_assist);
  make_list (self, LIST_SWEEPS, gander_index_get_n_ranges (index, GANDER_RANGE_SWEEP), read_sweep);
  make_list (self, LIST_PAUSES, gander_index_get_n_ranges (index, GANDER_RANGE_STW), read_pause);
  make_list (self, LIST_CREATED, self->n_goroutines, read_created);
  make_list (self, LIST_SAMPLES, gander_index_get_n_samples (index), read_sample);
  join_pauses (self);
  return self;
}

void
gander_lane_ranges_free (GanderLaneRanges *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_free (self->lists[i].starts);
      g_free (self->lists[i].items);
    }
  g_array_unref (self->pauses);
  g_free (self);
}

/* How long the world was stopped before @time. */
static GanderTime
stopped_before (const GanderLaneRanges *self, GanderTime time)
{
  guint low = 0;
  guint high = self->pauses->len;
  const Pause *pause = NULL;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (self->pauses, Pause, middle).begin < time)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == 0)
    return 0;
  pause = &g_array_index (self->pauses, Pause, low - 1);
  return pause->before + MIN (time, pause->end) - pause->begin;
}

/* Returns: (nullable) (array length=n) the items of a list that may fall into the piece, from the
 * first one that does. */
static const Item *
find_items (const GanderLaneRanges *self, ListKind kind, const GanderPiece *piece, guint32 *n)
{
  const List *list = &self->lists[kind];
  guint32 low = 0;
  guint32 high = 0;
  guint32 last = 0;

  *n = 0;
  if (list->starts == NULL || piece->lane >= self->n_goroutines)
    return NULL;
  low = list->starts[piece->lane];
  high = last = list->starts[piece->lane + 1];
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (list->items[middle].reach < piece->begin)
        low = middle + 1;
      else
        high = middle;
    }
  *n = last - low;
  return &list->items[low];
}

static guint64
add_ranges (const GanderLaneRanges *self, ListKind kind, const GanderPiece *piece, GanderTime *sum)
{
  guint32 n = 0;
  guint64 count = 0;
  const Item *items = find_items (self, kind, piece, &n);

  for (guint32 i = 0; i < n && items[i].begin < piece->end; i++)
    {
      GanderTime length = MIN (items[i].end, piece->end) - MAX (items[i].begin, piece->begin);
      *sum += MAX (length, 0);
      count += length > 0;
    }
  return count;
}

static guint64
count_instants (const GanderLaneRanges *self,
                ListKind kind,
                const GanderPiece *piece,
                GanderTime end)
{
  guint32 n = 0;
  guint64 count = 0;
  const Item *items = find_items (self, kind, piece, &n);

  while (count < n && items[count].begin < end)
    count++;
  return count;
}

void
gander_lane_ranges_add (const GanderLaneRanges *self, const GanderPiece *piece, GanderStatsRow *row)
{
  GanderLane life;

  gander_index_get_life (self->index, piece->lane, &life);
  row->n_assists += add_ranges (self, LIST_ASSISTS, piece, &row->assist);
  add_ranges (self, LIST_SWEEPS, piece, &row->sweep);
  add_ranges (self, LIST_PAUSES, piece, &row->stw_caused);
  row->stw_overlap += stopped_before (self, piece->end) - stopped_before (self, piece->begin);
  row->created_goroutines += count_instants (self, LIST_CREATED, piece, piece->end);
  /* The profiler's signals are late: those after the end are still of this life. */
  row->cpu_samples +=
      count_instants (self, LIST_SAMPLES, piece, piece->end == life.end ? G_MAXINT64 : piece->end);
}
