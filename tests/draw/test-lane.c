/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The area law: whatever the zoom, a lane shows each state with the share of its area that it has
 * of the time, and nothing that is there is left out. On real traces, against the spans themselves.
 */
#include "tests/support/corpus.h"

#include "widgets/draw/lane.h"

#include <math.h>
#include <string.h>

#define HEIGHT 18
#define ROUNDS 150

static const char *const traces[] = { "v126-http",
                                      "v126-gc",
                                      "v126-mutex",
                                      "v122-locks",
                                      "v126-many" };

typedef struct
{
  GanderIndex *index;
  GanderScale scale;
  GanderLaneId lane;
  GanderLaneScratch scratch;
  GanderLaneMemo *memo;
  GArray *boxes;
  GArray *columns;
  GanderLaneItems items;
} Fixture;

static void
fixture_init (Fixture *self, const char *trace)
{
  *self = (Fixture){ .index = test_corpus_load (trace) };
  self->boxes = g_array_new (FALSE, FALSE, sizeof (GanderLaneBox));
  self->columns = g_array_new (FALSE, FALSE, sizeof (GanderColumn));
}

static void
fixture_clear (Fixture *self)
{
  gander_index_unref (self->index);
  gander_lane_scratch_clear (&self->scratch);
  g_array_unref (self->boxes);
  g_array_unref (self->columns);
}

/* Lays @self->lane out again, @thin_below as given. */
static void
fixture_layout (Fixture *self, GanderTime begin, GanderTime length, int width, int thin_below)
{
  gander_scale_init (&self->scale, begin, begin + length, width);
  g_array_set_size (self->boxes, 0);
  g_array_set_size (self->columns, 0);
  gander_lane_layout (self->index,
                      self->lane,
                      &self->scale,
                      HEIGHT,
                      thin_below,
                      &self->scratch,
                      self->memo,
                      self->boxes,
                      self->columns,
                      &self->items);
}

/* A random lane, of any kind, through a random window of random width. */
static void
fixture_randomize (Fixture *self)
{
  GanderTime duration = gander_index_get_facts (self->index)->duration;
  double zoom = pow (10, -4 * g_test_rand_double ());
  GanderTime length = MAX ((GanderTime)((double)duration * zoom), 1000);
  GanderTime begin = (GanderTime)(g_test_rand_double () * (double)duration) - length / 2;

  self->lane =
      (GanderLaneId)g_test_rand_int_range (0, (gint32)gander_index_get_n_lanes (self->index));
  fixture_layout (self,
                  begin,
                  length,
                  g_test_rand_int_range (1, 1600),
                  g_test_rand_int_range (0, 10));
}

static const GanderColumn *
column_at (const Fixture *self, int x)
{
  static const GanderColumn empty;

  if (self->items.first_column < 0)
    return &empty;
  return &g_array_index (self->columns, GanderColumn, self->items.first_column + x);
}

static int
column_height (const GanderColumn *column)
{
  int sum = 0;

  for (guint p = 0; p < GANDER_N_PARTS; p++)
    sum += column->height[p];
  return sum;
}

static void
measure (const Fixture *self, double painted[GANDER_N_PARTS])
{
  for (guint p = 0; p < GANDER_N_PARTS; p++)
    painted[p] = 0;
  for (int x = 0; x < self->scale.width; x++)
    for (guint p = 0; p < GANDER_N_PARTS; p++)
      painted[p] += column_at (self, x)->height[p];
  for (guint i = 0; i < self->items.n_boxes; i++)
    {
      const GanderLaneBox *box = &g_array_index (self->boxes, GanderLaneBox, i);
      GanderPart part = gander_part_of_state (box->state);
      int width = MIN (box->x1, self->scale.width) - MAX (box->x0, 0);

      if (!box->thin && part < GANDER_N_PARTS && width > 0)
        painted[part] += width * HEIGHT;
    }
}

static void
test_area (gconstpointer data)
{
  Fixture f;

  fixture_init (&f, data);
  for (guint round = 0; round < ROUNDS; round++)
    {
      double painted[GANDER_N_PARTS];
      GanderTime parts[GANDER_N_PARTS];
      GanderMix mix;
      GanderTime begin;
      GanderTime end;

      fixture_randomize (&f);
      begin = gander_scale_get_time (&f.scale, 0);
      end = gander_scale_get_time (&f.scale, f.scale.width);
      gander_query_mix (f.index, f.lane, begin, end, &mix);
      gander_column_get_parts (&mix, parts);
      measure (&f, painted);
      for (guint p = 0; p < GANDER_N_PARTS; p++)
        {
          double exact = (double)parts[p] / (double)(end - begin) * f.scale.width * HEIGHT;

          /* One pixel a column, and half a column at each end of the view. */
          g_assert_cmpfloat (fabs (painted[p] - exact), <=, f.scale.width + HEIGHT);
        }
    }
  fixture_clear (&f);
}

static gboolean
box_shows (const Fixture *self, const GanderSpan *span)
{
  for (guint i = 0; i < self->items.n_boxes; i++)
    {
      const GanderLaneBox *box = &g_array_index (self->boxes, GanderLaneBox, i);

      if (box->ordinal == span->ordinal)
        return box->x1 > box->x0 && box->begin == span->begin && box->end == span->end;
    }
  return FALSE;
}

/* Every span in view is painted: as a box from two pixels on, else in the column it begins in. */
static void
test_nothing_lost (gconstpointer data)
{
  Fixture f;

  fixture_init (&f, data);
  for (guint round = 0; round < ROUNDS; round++)
    {
      GanderSpanIter iter;
      GanderSpan span;

      fixture_randomize (&f);
      gander_span_iter_init (&iter, f.index, f.lane, f.scale.begin, f.scale.end);
      while (gander_span_iter_next (&iter, &span))
        {
          GanderPart part = gander_part_of_state (span.state);
          double exact = (double)span.begin / f.scale.per_pixel - (double)f.scale.first;
          int x = (int)floor (exact);

          if (part >= GANDER_N_PARTS || span.end == span.begin)
            continue;
          if ((double)(span.end - span.begin) >= 2 * f.scale.per_pixel)
            {
              /* Of one that only looks in at an end of the view there may be no whole column. */
              g_assert_true (gander_scale_get_x (&f.scale, span.end) <= 1 ||
                             gander_scale_get_x (&f.scale, span.begin) >= f.scale.width - 1 ||
                             box_shows (&f, &span));
              continue;
            }
          /* Borders are whole nanoseconds: next to one the span may be in either column. */
          if (x < 1 || x + 1 >= f.scale.width || exact - x > 0.99 || exact - x < 0.01 ||
              f.scale.per_pixel < 200)
            continue;
          g_assert_cmpint (column_at (&f, x)->height[part], >, 0);
        }
    }
  fixture_clear (&f);
}

/* A pixel shows a box or a column, never both. Boxes are in order. */
static void
test_no_overlap (gconstpointer data)
{
  Fixture f;

  fixture_init (&f, data);
  for (guint round = 0; round < ROUNDS; round++)
    {
      int last = G_MININT;

      fixture_randomize (&f);
      for (guint i = 0; i < f.items.n_boxes; i++)
        {
          const GanderLaneBox *box = &g_array_index (f.boxes, GanderLaneBox, i);

          g_assert_cmpint (box->x0, >=, last);
          last = box->x1;
          for (int x = MAX (box->x0, 0); x < MIN (box->x1, f.scale.width); x++)
            {
              int height = column_height (column_at (&f, x));

              g_assert_cmpint (height,
                               ==,
                               box->thin && gander_part_of_state (box->state) < GANDER_N_PARTS
                                   ? HEIGHT
                                   : 0);
              g_assert_true (gander_lane_hit ((GanderLaneBox *)(gpointer)f.boxes->data,
                                              f.items.n_boxes,
                                              x,
                                              0) == box);
            }
        }
      for (int x = 0; x < f.scale.width; x++)
        g_assert_cmpint (column_height (column_at (&f, x)), <=, HEIGHT);
    }
  fixture_clear (&f);
}

static void
assert_same_layout (const Fixture *self, const Fixture *other)
{
  g_assert_cmpint (self->items.first_column, ==, other->items.first_column);
  g_assert_cmpuint (self->items.n_boxes, ==, other->items.n_boxes);
  g_assert_cmpuint (self->columns->len, ==, other->columns->len);
  g_assert_cmpmem (self->columns->data,
                   (int)(self->columns->len * sizeof (GanderColumn)),
                   other->columns->data,
                   (int)(other->columns->len * sizeof (GanderColumn)));
  g_assert_cmpmem (self->boxes->data,
                   (int)(self->items.n_boxes * sizeof (GanderLaneBox)),
                   other->boxes->data,
                   (int)(other->items.n_boxes * sizeof (GanderLaneBox)));
}

/* A pan with a memo lays out what it would without one, whatever the way to where it is. */
static void
test_memo (gconstpointer data)
{
  Fixture fresh, f;
  guint n_different = 0;

  fixture_init (&fresh, data);
  fixture_init (&f, data);
  f.memo = gander_lane_memo_new ();
  for (guint round = 0; round < ROUNDS; round++)
    {
      GanderTime length, begin;
      int width;

      fixture_randomize (&fresh);
      f.lane = fresh.lane;
      begin = fresh.scale.begin;
      length = fresh.scale.end - begin;
      width = fresh.scale.width;
      /* Most lanes are short: every other view is one of the lane for sure. */
      if (round % 2 == 0)
        {
          GanderLane lane;
          gander_index_get_lane (f.index, f.lane, &lane);
          begin = lane.begin - (GanderTime)(g_test_rand_double () * (double)length) +
                  (GanderTime)(g_test_rand_double () * (double)(lane.end - lane.begin));
        }
      for (guint step = 0; step < 12; step++)
        {
          gander_lane_memo_begin (f.memo, f.index, &fresh.scale);
          fixture_layout (&fresh, begin, length, width, 8);
          fixture_layout (&f, begin, length, width, 8);
          assert_same_layout (&f, &fresh);
          n_different += f.columns->len + f.items.n_boxes > 0;
          begin += (GanderTime)((g_test_rand_double () - 0.4) * (double)length *
                                (step % 4 == 3 ? 2 : 0.2));
        }
    }
  g_assert_cmpuint (n_different, >, ROUNDS);
  gander_lane_memo_free (f.memo);
  fixture_clear (&fresh);
  fixture_clear (&f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (traces); i++)
    {
      g_autofree char *area = g_strdup_printf ("/draw/lane/area/%s", traces[i]);
      g_autofree char *lost = g_strdup_printf ("/draw/lane/nothing-lost/%s", traces[i]);
      g_autofree char *overlap = g_strdup_printf ("/draw/lane/no-overlap/%s", traces[i]);
      g_autofree char *memo = g_strdup_printf ("/draw/lane/memo/%s", traces[i]);

      g_test_add_data_func (memo, traces[i], test_memo);
      g_test_add_data_func (area, traces[i], test_area);
      g_test_add_data_func (lost, traces[i], test_nothing_lost);
      g_test_add_data_func (overlap, traces[i], test_no_overlap);
    }
  return g_test_run ();
}
