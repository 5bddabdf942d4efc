/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/mmu.h"

#include "analysis/gc-pieces.h"
#include "analysis/range-iter.h"

#include <math.h>
#include <string.h>

/* Utilisation is k/n for few n: it is kept in units of 1/ONE, so that sums over any time are exact
 * to far less than what a share shows, and the same on every machine. */
#define ONE (G_GINT64_CONSTANT (1) << 40)

/* More than any machine has; a damaged trace may tell any number. */
#define MAX_PROCS (1 << 20)

__extension__ typedef __int128 Area;

typedef struct
{
  GanderTime time;
  gint64 value; /* of ONE, from @time on */
  Area area;    /* value times ns, from the first point to this one */
} Point;

struct _GanderMmu
{
  GArray *points; /* of Point; the last is the end of the function */
};

typedef enum
{
  CHANGE_PROCS, /* @value processors from here on */
  CHANGE_STW,   /* @value more pauses */
  CHANGE_BUSY,  /* @value more processors that mark */
} ChangeKind;

typedef struct
{
  GanderTime time;
  ChangeKind kind;
  gint64 value;
} Change;

static void
add_change (GArray *changes, GanderTime time, ChangeKind kind, gint64 value)
{
  const Change change = { time, kind, value };

  g_array_append_val (changes, change);
}

static void
add_stretch (GArray *changes, GanderTime begin, GanderTime end, ChangeKind kind)
{
  add_change (changes, begin, kind, 1);
  add_change (changes, end, kind, -1);
}

static void
add_procs (GArray *changes, const GanderIndex *index, GanderTime end)
{
  guint32 n;
  const GanderPoint *points = gander_index_get_counter (index, GANDER_COUNTER_GOMAXPROCS, &n);

  for (guint32 i = 0; i < n && points[i].time < end; i++)
    add_change (changes,
                points[i].time,
                CHANGE_PROCS,
                (gint64)CLAMP (points[i].value, 1, MAX_PROCS));
}

static void
add_pauses (GArray *changes, const GanderIndex *index, GanderTime begin, GanderTime end)
{
  GanderRangeIter iter;
  GanderRange range;

  gander_range_iter_init (&iter, index, GANDER_RANGE_STW, begin, end);
  while (gander_range_iter_next (&iter, &range))
    if (strstr (gander_index_get_string (index, range.name), "GC") != NULL)
      add_stretch (changes, range.begin, range.end, CHANGE_STW);
}

static int
compare_pieces (gconstpointer a, gconstpointer b)
{
  const GanderGcPiece *x = a;
  const GanderGcPiece *y = b;

  if (x->proc != y->proc)
    return x->proc < y->proc ? -1 : 1;
  return (x->begin > y->begin) - (x->begin < y->begin);
}

/* A processor is charged once, whatever of both its goroutine does. */
static void
add_busy (GArray *changes, GArray *pieces)
{
  const GanderGcPiece *open = NULL;
  GanderTime end = 0;

  g_array_sort (pieces, compare_pieces);
  for (guint i = 0; i < pieces->len; i++)
    {
      const GanderGcPiece *piece = &g_array_index (pieces, GanderGcPiece, i);

      if (piece->proc == GANDER_LANE_NONE || piece->work == GANDER_GC_WORK_IDLE)
        continue;
      if (open != NULL && piece->proc == open->proc && piece->begin <= end)
        {
          end = MAX (end, piece->end);
          continue;
        }
      if (open != NULL)
        add_stretch (changes, open->begin, end, CHANGE_BUSY);
      open = piece;
      end = piece->end;
    }
  if (open != NULL)
    add_stretch (changes, open->begin, end, CHANGE_BUSY);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *x = a;
  const Change *y = b;

  return (x->time > y->time) - (x->time < y->time);
}

/* Adds a point unless nothing changes there. */
static void
add_point (GanderMmu *self, GanderTime time, gint64 value)
{
  Point point = { .time = time, .value = value };
  Point *last = NULL;

  if (self->points->len > 0)
    {
      last = &g_array_index (self->points, Point, self->points->len - 1);
      if (last->value == value)
        return;
      point.area = last->area + (Area)last->value * (time - last->time);
    }
  g_array_append_val (self->points, point);
}

static void
build (GanderMmu *self, GArray *changes, GanderTime begin, GanderTime end)
{
  gint64 state[] = { [CHANGE_PROCS] = 0, [CHANGE_STW] = 0, [CHANGE_BUSY] = 0 };
  guint i = 0;

  g_array_sort (changes, compare_changes);
  while (i < changes->len)
    {
      GanderTime time = g_array_index (changes, Change, i).time;
      gint64 n;

      for (; i < changes->len && g_array_index (changes, Change, i).time == time; i++)
        {
          const Change *change = &g_array_index (changes, Change, i);

          state[change->kind] =
              change->kind == CHANGE_PROCS ? change->value : state[change->kind] + change->value;
        }
      n = state[CHANGE_PROCS];
      if (n == 0 || time >= end ||
          (i < changes->len && g_array_index (changes, Change, i).time <= begin))
        continue;
      add_point (self,
                 MAX (time, begin),
                 state[CHANGE_STW] > 0 ? 0 : ONE * (n - MIN (state[CHANGE_BUSY], n)) / n);
    }
  if (self->points->len > 0)
    {
      const Point *last = &g_array_index (self->points, Point, self->points->len - 1);
      const Point point = { .time = end,
                            .value = -1,
                            .area = last->area + (Area)last->value * (end - last->time) };

      g_array_append_val (self->points, point);
    }
}

GanderMmu *
gander_mmu_new (const GanderIndex *index,
                GanderTime begin,
                GanderTime end,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GanderMmu) self = g_new0 (GanderMmu, 1);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_autoptr (GArray) pieces = NULL;

  self->points = g_array_new (FALSE, FALSE, sizeof (Point));
  pieces = gander_gc_pieces_collect (index, begin, end, cancellable, error);
  if (pieces == NULL)
    return NULL;
  add_procs (changes, index, end);
  add_pauses (changes, index, begin, end);
  add_busy (changes, pieces);
  build (self, changes, begin, end);
  return g_steal_pointer (&self);
}

void
gander_mmu_free (GanderMmu *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->points);
  g_free (self);
}

gboolean
gander_mmu_is_known (const GanderMmu *self)
{
  return self->points->len > 1;
}

static const Point *
get_point (const GanderMmu *self, guint i)
{
  return &g_array_index (self->points, Point, i);
}

GanderTime
gander_mmu_get_begin (const GanderMmu *self)
{
  return gander_mmu_is_known (self) ? get_point (self, 0)->time : 0;
}

GanderTime
gander_mmu_get_end (const GanderMmu *self)
{
  return gander_mmu_is_known (self) ? get_point (self, self->points->len - 1)->time : 0;
}

guint
gander_mmu_get_n_points (const GanderMmu *self)
{
  return self->points->len;
}

/* The area before a time that only grows from question to question. */
typedef struct
{
  const GanderMmu *mmu;
  guint i;
} Cursor;

static Area
area_at (const Point *point, GanderTime time)
{
  return point->area + (Area)point->value * (time - point->time);
}

static Area
cursor_ask (Cursor *self, GanderTime time)
{
  while (self->i + 2 < self->mmu->points->len && get_point (self->mmu, self->i + 1)->time <= time)
    self->i++;
  return area_at (get_point (self->mmu, self->i), time);
}

static Area
area_before (const GanderMmu *self, GanderTime time)
{
  Cursor cursor = { .mmu = self };
  guint low = 0, high = self->points->len - 1;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (get_point (self, middle)->time <= time)
        low = middle;
      else
        high = middle;
    }
  cursor.i = low;
  return cursor_ask (&cursor, time);
}

static double
share_of (Area area, GanderTime length)
{
  return length <= 0 ? 0 : (double)area / (double)ONE / (double)length;
}

double
gander_mmu_get_mean_of (const GanderMmu *self, GanderTime begin, GanderTime end)
{
  begin = MAX (begin, gander_mmu_get_begin (self));
  end = MIN (end, gander_mmu_get_end (self));
  if (!gander_mmu_is_known (self))
    return NAN;
  return begin >= end ? 0
                      : share_of (area_before (self, end) - area_before (self, begin), end - begin);
}

double
gander_mmu_get_mean (const GanderMmu *self)
{
  return gander_mmu_get_mean_of (self, G_MININT64, G_MAXINT64);
}

/* A search for the least window. */
typedef struct
{
  GanderTime window;
  const GanderMmuWindow *taken; /* no window may touch these */
  guint n_taken;
  gboolean found;
  Area least;
  GanderTime begin;
} Search;

static void
consider (Search *self, Area area, GanderTime begin)
{
  if (self->found && (area > self->least || (area == self->least && begin >= self->begin)))
    return;
  for (guint i = 0; i < self->n_taken; i++)
    if (begin < self->taken[i].end && begin + self->window > self->taken[i].begin)
      return;
  self->found = TRUE;
  self->least = area;
  self->begin = begin;
}

/* The least lies where a window begins or ends at a step, or beside one that is taken. */
static void
find_least (const GanderMmu *self, Search *search)
{
  Cursor ahead = { .mmu = self };
  Cursor behind = { .mmu = self };
  GanderTime first = gander_mmu_get_begin (self);
  GanderTime last = gander_mmu_get_end (self) - search->window;

  for (guint i = 0; i < self->points->len; i++)
    {
      const Point *point = get_point (self, i);

      if (point->time <= last)
        consider (search,
                  cursor_ask (&ahead, point->time + search->window) - point->area,
                  point->time);
      if (point->time - search->window >= first)
        consider (search,
                  point->area - cursor_ask (&behind, point->time - search->window),
                  point->time - search->window);
    }
  for (guint i = 0; i < search->n_taken; i++)
    {
      const GanderTime begins[] = { search->taken[i].end, search->taken[i].begin - search->window };

      for (gsize j = 0; j < G_N_ELEMENTS (begins); j++)
        if (begins[j] >= first && begins[j] <= last)
          consider (search,
                    area_before (self, begins[j] + search->window) - area_before (self, begins[j]),
                    begins[j]);
    }
}

guint
gander_mmu_get_worst (const GanderMmu *self, GanderTime window, GanderMmuWindow *out, guint n)
{
  GanderTime length = gander_mmu_get_end (self) - gander_mmu_get_begin (self);
  guint found = 0;

  if (!gander_mmu_is_known (self) || window <= 0)
    return 0;
  window = MIN (window, length);
  for (; found < MIN (n, GANDER_MMU_MAX_WORST); found++)
    {
      Search next = { .window = window, .taken = out, .n_taken = found };

      find_least (self, &next);
      if (!next.found)
        break;
      out[found] = (GanderMmuWindow){ .begin = next.begin,
                                      .end = next.begin + window,
                                      .utilisation = share_of (next.least, window) };
    }
  return found;
}

double
gander_mmu_get (const GanderMmu *self, GanderTime window, GanderMmuWindow *worst)
{
  GanderMmuWindow found = { 0 };

  if (!gander_mmu_is_known (self))
    return NAN;
  gander_mmu_get_worst (self, window, &found, 1);
  if (worst != NULL)
    *worst = found;
  return found.utilisation;
}
