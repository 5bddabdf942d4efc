/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/corpus.h"

#include "widgets/draw/timeline-private.h"

#include <math.h>

static const char *const traces[] = { "v126-http",  "v126-tasks",   "v126-gc",  "v122-stw",
                                      "v126-empty", "v126-regions", "v126-many" };

static GanderTimelineFrame
random_frame (const GanderIndex *index, const GanderRows *rows)
{
  static const double scales[] = { 1, 1.25, 1.5, 2, 3 };
  GanderTime duration = gander_index_get_facts (index)->duration;
  double zoom = pow (10, -4 * g_test_rand_double ());
  GanderTime length = MAX ((GanderTime)((double)duration * zoom), 1000);
  GanderTime begin = (GanderTime)(g_test_rand_double () * (double)duration) - length / 2;

  return (GanderTimelineFrame){
    .begin = begin,
    .end = begin + length,
    .width = g_test_rand_int_range (300, 1600),
    .height = g_test_rand_int_range (50, 900),
    .label_width = g_test_rand_int_range (0, 2) * 236,
    .scroll_y = g_test_rand_double () * (double)gander_rows_get_height (rows),
    .scale = scales[g_test_rand_int_range (0, G_N_ELEMENTS (scales))],
  };
}

/* What a hit names is what the index has at that instant in that lane. */
static void
check_hit (const GanderTimeline *timeline,
           const GanderIndex *index,
           const GanderRows *rows,
           const GanderHit *hit,
           double x)
{
  GanderSpan span;
  GanderLane lane;

  g_assert_cmpuint (hit->row, <, gander_rows_get_n (rows));
  g_assert_cmpint (hit->width, >, 0);
  g_assert_cmpint (hit->height, >, 0);
  switch (hit->kind)
    {
    case GANDER_HIT_SPAN:
      gander_index_get_lane (index, hit->lane, &lane);
      g_assert_cmpuint (hit->ordinal, <, lane.n_spans);
      gander_query_span (index, hit->lane, hit->ordinal, &span);
      g_assert_cmpint (span.begin, ==, hit->begin);
      g_assert_cmpint (span.end, ==, hit->end);
      g_assert_cmpint (span.state, ==, hit->state);
      /* Within three px and one for rounding. */
      g_assert_cmpfloat (gander_timeline_get_x (timeline, span.begin), <=, x + 4.5);
      g_assert_cmpfloat (gander_timeline_get_x (timeline, span.end), >=, x - 4.5);
      break;
    case GANDER_HIT_COLUMN:
      g_assert_cmpint (hit->begin, <=, hit->time + 1);
      g_assert_cmpint (hit->end, >=, hit->time - 1);
      break;
    case GANDER_HIT_RANGE:
      g_assert_cmpuint (hit->item + hit->n, <=, gander_index_get_n_ranges (index, hit->range_kind));
      break;
    case GANDER_HIT_REGION:
      g_assert_cmpuint (hit->item, <, gander_index_get_n_regions (index));
      break;
    case GANDER_HIT_TASK:
      g_assert_cmpuint (hit->item, <, gander_index_get_n_tasks (index));
      break;
    default:
      break;
    }
}

static void
test_hit (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 60; round++)
    {
      GanderTimelineFrame frame = random_frame (index, rows);

      gander_timeline_layout (timeline, rows, &frame);
      for (guint i = 0; i < 200; i++)
        {
          double x = g_test_rand_double () * frame.width;
          double y = g_test_rand_double () * frame.height;
          GanderHit hit;
          int top;
          int height;

          if (!gander_timeline_hit (timeline, x, y, &hit))
            continue;
          check_hit (timeline, index, rows, &hit, x);
          g_assert_true (gander_timeline_get_row_rect (timeline, hit.row, &top, &height));
          g_assert_cmpfloat (top - 1, <=, y);
          g_assert_cmpfloat (top + height + 1, >=, y);
          if (x < frame.label_width - 1)
            g_assert_true (hit.kind == GANDER_HIT_LABEL || hit.kind == GANDER_HIT_DISCLOSURE ||
                           hit.kind == GANDER_HIT_MORE);
        }
    }
}

/* Every pause in view lies under a band of at least two px, and no pause is counted twice. */
static void
test_pauses (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);

  for (guint round = 0; round < 60; round++)
    {
      GanderTimelineFrame frame = random_frame (index, rows);
      guint32 in_view = 0;
      guint32 counted = 0;

      gander_timeline_layout (timeline, rows, &frame);
      for (guint i = 0; i < timeline->bands->len; i++)
        {
          const GanderBar *band = &g_array_index (timeline->bands, GanderBar, i);

          g_assert_cmpint (band->x1 - band->x0, >=, gander_timeline_px (timeline, 2));
          counted += band->n;
        }
      for (guint32 i = 0; i < gander_index_get_n_ranges (index, GANDER_RANGE_STW); i++)
        {
          GanderRange range;
          int x;
          gboolean found = FALSE;

          gander_index_get_range (index, GANDER_RANGE_STW, i, &range);
          if (range.end <= timeline->scale.begin || range.begin >= timeline->scale.end)
            continue;
          x = gander_scale_get_x (&timeline->scale, range.begin);
          x = CLAMP (x, 0, timeline->scale.width - 1);
          in_view++;
          for (guint j = 0; j < timeline->bands->len && !found; j++)
            {
              const GanderBar *band = &g_array_index (timeline->bands, GanderBar, j);

              found = band->x0 <= x && x < band->x1;
            }
          g_assert_true (found);
        }
      g_assert_cmpuint (counted, ==, in_view);
    }
}

/* Every extreme wait in view is a box or has a mark. */
static void
test_extremes (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 30; round++)
    {
      GanderTimelineFrame frame = random_frame (index, rows);

      gander_timeline_layout (timeline, rows, &frame);
      for (guint r = 0; r < timeline->items->len; r++)
        {
          const GanderTimelineRow *item = &g_array_index (timeline->items, GanderTimelineRow, r);
          const GanderRow *row = gander_rows_get (rows, item->row);
          const guint32 *ordinals;
          guint32 n;

          if (row->kind != GANDER_ROW_LANE)
            continue;
          ordinals = gander_query_extremes (index, row->lane, &n);
          for (guint32 i = 0; i < n; i++)
            {
              GanderSpan span;
              gboolean found = FALSE;
              int x;

              gander_query_span (index, row->lane, ordinals[i], &span);
              x = gander_scale_get_x (&timeline->scale, span.begin);
              if (span.begin < timeline->scale.begin || span.begin >= timeline->scale.end ||
                  x < 0 || x >= timeline->scale.width)
                continue;
              for (guint b = 0; b < item->lane.n_boxes && !found; b++)
                found =
                    g_array_index (timeline->sheet.boxes, GanderLaneBox, item->lane.first_box + b)
                        .ordinal == ordinals[i];
              for (guint m = 0; m < item->n_marks && !found; m++)
                found =
                    ABS (g_array_index (timeline->sheet.marks, GanderMarkItem, item->first_mark + m)
                             .x -
                         x) < gander_timeline_px (timeline, 6);
              g_assert_true (found);
            }
        }
    }
}

/* Every region in view lies under a bar, the long one too that begins on the last pixel of others.
 */
static void
test_regions (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 200; round++)
    {
      GanderTimelineFrame frame = random_frame (index, rows);
      const GanderScale *scale = &timeline->scale;

      gander_timeline_layout (timeline, rows, &frame);
      for (guint r = 0; r < timeline->items->len; r++)
        {
          const GanderTimelineRow *item = &g_array_index (timeline->items, GanderTimelineRow, r);
          const GanderRow *row = gander_rows_get (rows, item->row);
          guint32 first;
          guint32 n;

          if (row->kind != GANDER_ROW_REGIONS)
            continue;
          gander_index_get_regions_of (index, row->lane, &first, &n);
          for (guint32 i = first; i < first + n; i++)
            {
              GanderRegion region;
              gboolean found = FALSE;
              int x0, x1;

              gander_index_get_region (index, i, &region);
              if (region.depth != row->region_depth || region.begin >= scale->end ||
                  region.end <= scale->begin)
                continue;
              x0 = gander_scale_get_x (scale, region.begin);
              x1 = MAX (gander_scale_get_x (scale, region.end), x0 + 1);
              x0 = CLAMP (x0, 0, scale->width - 1);
              x1 = CLAMP (x1, 1, scale->width);
              for (guint b = item->first_bar; b < item->first_bar + item->n_bars && !found; b++)
                {
                  const GanderBar *bar = &g_array_index (timeline->sheet.bars, GanderBar, b);

                  found = bar->x0 <= x0 && x1 <= bar->x1;
                }
              g_assert_true (found);
            }
        }
    }
}

/* At most 400 texts a frame, none on a box too narrow for one, each within its box. */
static void
test_texts (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);

  gander_rows_set_all_open (rows, TRUE);
  for (guint round = 0; round < 40; round++)
    {
      GanderTimelineFrame frame = random_frame (index, rows);

      frame.height = 2160;
      frame.width = 3840;
      gander_timeline_layout (timeline, rows, &frame);
      g_assert_cmpuint (timeline->span_texts->len, <=, 400);
      for (guint i = 0; i < timeline->span_texts->len; i++)
        {
          const GanderTextItem *item = &g_array_index (timeline->span_texts, GanderTextItem, i);

          g_assert_cmpint (item->x, >=, 0);
          g_assert_cmpint (item->x + item->width, <=, timeline->scale.width);
          g_assert_cmpint (gander_labels_get_width (timeline->labels,
                                                    item->style,
                                                    timeline->texts->str + item->text),
                           <=,
                           item->width);
        }
    }
}

static cairo_surface_t *
paint_frame (GanderTimeline *timeline, const GanderRows *rows, const GanderTimelineFrame *frame)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, frame->width, frame->height);
  cairo_t *cr = cairo_create (surface);

  gander_timeline_layout (timeline, rows, frame);
  gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Several threads make the same picture as one, also of lanes that are shown twice, and whatever
 * was remembered of the frame before. */
static void
test_threads (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) many = gander_timeline_new (NULL, 14);
  guint n = gander_index_get_n_lanes (index);

  gander_rows_set_all_open (rows, TRUE);
  for (guint i = 0; i < n; i += 1 + n / 4)
    gander_rows_set_pinned (rows, i, TRUE);
  many->most_threads = GANDER_TIMELINE_MOST_THREADS;
  for (guint round = 0; round < 6; round++)
    {
      g_autoptr (GanderTimeline) one = gander_timeline_new (NULL, 14);
      GanderTimelineFrame frame = random_frame (index, rows);
      cairo_surface_t *a, *b;

      frame.width = 1900;
      frame.height = 1200;
      frame.scale = 1;
      frame.scroll_y = 0;
      one->most_threads = 1;
      for (guint step = 0; step < 2; step++, frame.begin += 2000, frame.end += 2000)
        {
          a = paint_frame (many, rows, &frame);
          b = paint_frame (one, rows, &frame);
          g_assert_cmpmem (cairo_image_surface_get_data (a),
                           cairo_image_surface_get_stride (a) * frame.height,
                           cairo_image_surface_get_data (b),
                           cairo_image_surface_get_stride (b) * frame.height);
          cairo_surface_destroy (a);
          cairo_surface_destroy (b);
        }
    }
}

/* Marks that are given appear in their lane; one wins over what layout finds at the same place. */
static void
test_given_marks (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_PROC, 0);
  const GanderMark marks[] = {
    { lane, GANDER_MARK_SEARCH, 10000000 },
    { lane, GANDER_MARK_FINDING, 10000001 },
    { lane, GANDER_MARK_SEARCH, 40000000 },
  };
  GanderTimelineFrame frame = { .begin = 0,
                                .end = gander_index_get_facts (index)->duration,
                                .width = 1000,
                                .height = 500,
                                .label_width = 100,
                                .marks = marks,
                                .n_marks = G_N_ELEMENTS (marks) };
  guint32 row = gander_rows_find_lane (rows, lane);
  int y;
  int height;
  GanderHit hit;

  gander_timeline_layout (timeline, rows, &frame);
  g_assert_true (gander_timeline_get_row_rect (timeline, row, &y, &height));
  g_assert_true (
      gander_timeline_hit (timeline, gander_timeline_get_x (timeline, 10000000), y + 2, &hit));
  g_assert_cmpint (hit.kind, ==, GANDER_HIT_MARK);
  g_assert_cmpint (hit.mark, ==, GANDER_MARK_FINDING);
  g_assert_cmpuint (hit.n, ==, 2);
  g_assert_true (
      gander_timeline_hit (timeline, gander_timeline_get_x (timeline, 40000000), y + 2, &hit));
  g_assert_cmpint (hit.mark, ==, GANDER_MARK_SEARCH);
  g_assert_cmpuint (hit.n, ==, 1);
}

/* Pinned rows stay, and take at most 40 % of the height. */
static void
test_pinned (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  GanderTimelineFrame frame = {
    .begin = 0, .end = 1000000, .width = 800, .height = 500, .scroll_y = 100000
  };
  guint32 first;
  guint32 n;
  GanderHit hit;

  for (GanderLaneId lane = 0; lane < 100; lane++)
    gander_rows_set_pinned (rows, lane, TRUE);
  gander_timeline_layout (timeline, rows, &frame);
  g_assert_cmpint (gander_timeline_get_pinned_height (timeline), ==, 200);
  gander_timeline_get_visible (timeline, &first, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (gander_timeline_hit (timeline, 400, 1, &hit));
  g_assert_cmpuint (hit.row, ==, 0);
  frame.scroll_y = 0;
  gander_timeline_layout (timeline, rows, &frame);
  gander_timeline_get_visible (timeline, &first, &n);
  g_assert_cmpuint (first, ==, gander_rows_get_n_pinned (rows));
  g_assert_cmpuint (n, >, 0);
}

static cairo_surface_t *
paint (GanderTimeline *timeline, const GanderTimelineFrame *frame)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, frame->width, frame->height);
  cairo_t *cr = cairo_create (surface);

  gander_timeline_paint (timeline, cr, gander_theme_get (FALSE, FALSE));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
assert_same_picture (cairo_surface_t *a, cairo_surface_t *b)
{
  int size = cairo_image_surface_get_stride (a) * cairo_image_surface_get_height (a);

  g_assert_cmpmem (cairo_image_surface_get_data (a), size, cairo_image_surface_get_data (b), size);
}

/* What timelines remember and hand on never shows: after pans, zooms, scrolls and other groups the
 * picture is the one of a timeline that has seen nothing. */
static void
test_memory (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  GanderTimeline *timelines[2] = { gander_timeline_new (NULL, 14), gander_timeline_new (NULL, 14) };
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTimelineFrame frame = { .width = 700, .height = 400, .label_width = 200, .scale = 1 };

  frame.end = duration / 2 + 2000;
  for (guint round = 0; round < 48; round++)
    {
      g_autoptr (GanderTimeline) fresh = gander_timeline_new (NULL, 14);
      GanderTimeline *timeline = timelines[round & 1];
      GanderTime length = frame.end - frame.begin;
      GanderTime step = (GanderTime)(g_test_rand_double () * 0.3 * (double)length) - length / 10;
      GanderRowChange change = { .kind = GANDER_ROW_CHANGE_OPTIONS };
      cairo_surface_t *shown = NULL;
      cairo_surface_t *exact = NULL;

      if (round % 8 == 7)
        {
          GanderRows *changed = NULL;

          change.options.group_by = round / 8 % GANDER_N_GROUP_BYS;
          change.options.at = frame.end;
          changed = gander_rows_new_changed (rows, &change, 1);
          gander_rows_unref (rows);
          rows = changed;
        }
      frame.begin += step;
      frame.end += step;
      if (round % 6 == 5)
        frame.end = frame.begin + MAX (length / 2, 2000);
      frame.scroll_y = (double)(round * 3);
      gander_timeline_take_memory (timeline, timelines[~round & 1]);
      gander_timeline_layout (timeline, rows, &frame);
      gander_timeline_layout (fresh, rows, &frame);
      shown = paint (timeline, &frame);
      exact = paint (fresh, &frame);
      assert_same_picture (shown, exact);
      cairo_surface_destroy (shown);
      cairo_surface_destroy (exact);
    }
  gander_timeline_free (timelines[0]);
  gander_timeline_free (timelines[1]);
}

/* The second picture of a trace, which another layout makes, knows what the first one does. */
static void
test_first_memory (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) first = gander_timeline_new (NULL, 14);
  g_autoptr (GanderTimeline) second = gander_timeline_new (NULL, 14);
  GanderTimelineFrame frame = { .width = 700, .height = 400, .label_width = 200, .scale = 1 };
  GHashTable *most = NULL;
  guint n;

  frame.end = gander_index_get_facts (index)->duration;
  gander_timeline_layout (first, rows, &frame);
  most = first->memory->most;
  n = g_hash_table_size (most);
  gander_timeline_take_memory (second, first);
  gander_timeline_layout (second, rows, &frame);
  g_assert_true (second->memory->most == most);
  g_assert_cmpuint (g_hash_table_size (most), ==, n);
  for (guint i = 0; i < GANDER_N_COUNTERS; i++)
    g_assert_cmpfloat (second->counter_tops[i], ==, first->counter_tops[i]);
}

/* A rough picture has all that a usual one has but marks, nearly where it is, and leaves nothing
 * behind that a usual one would take for its own. */
static void
test_rough (gconstpointer data)
{
  g_autoptr (GanderIndex) index = test_corpus_load (data);
  g_autoptr (GanderRows) rows = gander_rows_new (index);
  g_autoptr (GanderTimeline) timeline = gander_timeline_new (NULL, 14);
  g_autoptr (GanderTimeline) exact = gander_timeline_new (NULL, 14);
  GanderTimelineFrame frame = { .width = 300, .height = 900, .label_width = 200, .scale = 1 };
  cairo_surface_t *first = NULL;
  cairo_surface_t *second = NULL;

  frame.end = gander_index_get_facts (index)->duration;
  frame.rough = TRUE;
  gander_timeline_layout (timeline, rows, &frame);
  g_assert_cmpuint (timeline->sheet.marks->len, ==, 0);
  g_assert_cmpint (timeline->scale.grain, ==, (GanderTime)timeline->scale.per_pixel);
  frame.rough = FALSE;
  gander_timeline_layout (exact, rows, &frame);
  g_assert_cmpuint (timeline->items->len, ==, exact->items->len);
  g_assert_cmpint (exact->scale.grain, <, timeline->scale.grain / 15 + 1);
  gander_timeline_layout (timeline, rows, &frame);
  first = paint (timeline, &frame);
  second = paint (exact, &frame);
  assert_same_picture (first, second);
  cairo_surface_destroy (first);
  cairo_surface_destroy (second);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    GTestDataFunc run;
  } laws[] = {
    { "hit", test_hit },     { "pauses", test_pauses },   { "extremes", test_extremes },
    { "texts", test_texts }, { "memory", test_memory },   { "first-memory", test_first_memory },
    { "rough", test_rough }, { "threads", test_threads }, { "regions", test_regions },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (laws); i++)
    for (guint j = 0; j < G_N_ELEMENTS (traces); j++)
      {
        g_autofree char *path = g_strdup_printf ("/draw/timeline/%s/%s", laws[i].name, traces[j]);

        g_test_add_data_func (path, traces[j], laws[i].run);
      }
  g_test_add_func ("/draw/timeline/given-marks", test_given_marks);
  g_test_add_func ("/draw/timeline/pinned", test_pinned);
  return g_test_run ();
}
