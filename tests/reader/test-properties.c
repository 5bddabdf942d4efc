/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader.h"
#include "tests/support/random-trace.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What must hold of every index, on simulated runs and on every trace of the corpus. Seeds are
 * fixed; a failure names the one it happened with.
 */

#define N_SEEDS 40
#define N_EDGES 64

static guint n_corpus;
static guint n_about; /* times that were not exact, where they need not be */
static guint n_about; /* times that were not exact, where they need not be */

/* Spans lie in a row, within the life, without overlap, and goroutine lanes have no holes. */
static void
check_tiles (const GanderIndex *index, GanderLaneId id)
{
  GanderLane lane, life;
  GanderSpanIter iter;
  GanderSpan span;
  GanderTime at = 0;
  GanderMix sum = { 0 };
  guint32 n = 0;

  gander_index_get_lane (index, id, &lane);
  at = lane.begin;
  gander_span_iter_init (&iter, index, id, 0, G_MAXINT64);
  for (; gander_span_iter_next (&iter, &span); n++)
    {
      g_assert_cmpuint (span.ordinal, ==, n);
      g_assert_cmpint (span.begin, <, span.end);
      if (lane.kind == GANDER_LANE_GOROUTINE)
        g_assert_cmpint (span.begin, ==, at);
      g_assert_cmpint (span.begin, >=, at);
      at = span.end;
      sum.time[span.state] += span.end - span.begin;
    }
  g_assert_cmpuint (n, ==, lane.n_spans);
  g_assert_cmpint (at, <=, lane.end);
  if (lane.kind == GANDER_LANE_GOROUTINE && n > 0)
    g_assert_cmpint (at, ==, lane.end);
  g_assert_cmpmem (&sum, sizeof sum, &lane.total, sizeof lane.total);
  gander_index_get_life (index, id, &life);
  life.total = lane.total;
  g_assert_cmpmem (&life, sizeof life, &lane, sizeof lane);
}

static void
check_order_by_id (const GanderIndex *index, GanderLaneKind kind)
{
  GanderLane before = { .id = G_MININT64 };
  GanderLaneId first = 0;
  guint32 n_lanes = 0;
  guint32 n = 0;
  const GanderLaneId *lanes = gander_index_get_lanes_by_id (index, kind, &n);

  gander_index_get_lanes_of (index, kind, &first, &n_lanes);
  g_assert_cmpuint (n, ==, n_lanes);
  for (guint32 i = 0; i < n; i++)
    {
      GanderLane lane;
      gander_index_get_life (index, lanes[i], &lane);
      g_assert_cmpuint (lane.kind, ==, kind);
      g_assert_true (lane.id > before.id || (lane.id == before.id && lane.life > before.life));
      before = lane;
    }
}

/* All spans of a lane, each asked for by its number. */
static GArray *
collect (const GanderIndex *index, GanderLaneId lane)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (GanderSpan));
  GanderLane info;

  gander_index_get_lane (index, lane, &info);
  g_array_set_size (spans, info.n_spans);
  for (guint32 i = 0; i < info.n_spans; i++)
    gander_query_span (index, lane, i, &g_array_index (spans, GanderSpan, i));
  return spans;
}

/* The slow, obvious way to the mix of a range. */
static void
scan (const GArray *spans, GanderTime begin, GanderTime end, GanderMix *out, guint32 *n_begun)
{
  GanderTime known = 0;

  memset (out, 0, sizeof *out);
  *n_begun = 0;
  for (guint32 i = 0; i < spans->len; i++)
    {
      const GanderSpan *span = &g_array_index (spans, GanderSpan, i);
      GanderTime part = MAX (0, MIN (span->end, end) - MAX (span->begin, begin));
      out->time[span->state] += part;
      known += part;
      *n_begun += span->begin >= begin && span->begin < end;
    }
  out->time[GANDER_STATE_NONE] = end - begin - known;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  GanderTime x = *(const GanderTime *)a;
  GanderTime y = *(const GanderTime *)b;

  return x < y ? -1 : x > y;
}

static GanderTime
random_time (GRand *random, GanderTime duration)
{
  return (GanderTime)(g_rand_double (random) * 1.2 * (double)duration) - duration / 10;
}

/* Where a span begins or ends, or next to it. */
static GanderTime
random_border (GRand *random, const GArray *spans)
{
  gint32 i = g_rand_int_range (random, 0, (gint32)spans->len);
  const GanderSpan *span = &g_array_index (spans, GanderSpan, i);

  return (g_rand_boolean (random) ? span->begin : span->end) + g_rand_int_range (random, -1, 2);
}

static void
check_mixes (const GanderIndex *index, GanderLaneId lane, const GArray *all, GRand *random)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime edges[N_EDGES + 1];
  GanderMix mixes[N_EDGES];
  guint32 spans[N_EDGES];

  for (guint i = 0; i <= N_EDGES; i++)
    edges[i] =
        i % 2 == 0 || all->len == 0 ? random_time (random, duration) : random_border (random, all);
  qsort (edges, N_EDGES + 1, sizeof *edges, compare_times);
  gander_query_mixes (index, lane, edges, N_EDGES, mixes, spans);
  for (guint i = 0; i < N_EDGES; i++)
    {
      GanderMix slow, single;
      guint32 n = 0;
      scan (all, edges[i], edges[i + 1], &slow, &n);
      gander_query_mix (index, lane, edges[i], edges[i + 1], &single);
      g_assert_cmpmem (&mixes[i], sizeof slow, &slow, sizeof slow);
      g_assert_cmpmem (&single, sizeof slow, &slow, sizeof slow);
      g_assert_cmpuint (spans[i], ==, n);
    }
}

/* Ranges asked about for a picture: each is nearly what it is, and all together have no more error
 * than one. */
static void
check_mixes_about (const GanderIndex *index, GanderLaneId lane)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime edges[N_EDGES + 1];
  GanderMix about[N_EDGES];
  GanderMix exact[N_EDGES];
  GanderMix errors = { 0 };
  GanderTime grain = duration / N_EDGES / 16;
  guint32 spans[N_EDGES];

  for (guint i = 0; i <= N_EDGES; i++)
    edges[i] = duration / N_EDGES * i;
  gander_query_mixes (index, lane, edges, N_EDGES, exact, NULL);
  gander_query_mixes_about (index, lane, edges, N_EDGES, grain, about, spans);
  for (guint i = 0; i < N_EDGES; i++)
    {
      GanderTime sum = 0;
      for (guint state = 0; state < GANDER_N_STATES; state++)
        {
          GanderTime error = about[i].time[state] - exact[i].time[state];
          g_assert_cmpint (about[i].time[state], >=, 0);
          g_assert_cmpint (ABS (error), <=, grain / 2 + GANDER_N_STATES);
          errors.time[state] += error;
          g_assert_cmpint (ABS (errors.time[state]), <=, grain / 2 + GANDER_N_STATES);
          sum += about[i].time[state];
          n_about += error != 0;
        }
      g_assert_cmpint (sum, ==, edges[i + 1] - edges[i]);
    }
}

static void
check_find (const GanderIndex *index, GanderLaneId lane, const GArray *all, GRand *random)
{
  GanderTime time = random_time (random, gander_index_get_facts (index)->duration);
  guint32 expected = 0;
  GanderSpan at;

  while (expected < all->len && g_array_index (all, GanderSpan, expected).end <= time)
    expected++;
  g_assert_cmpuint (gander_query_find (index, lane, time), ==, expected);
  if (gander_query_span_at (index, lane, time, &at))
    {
      g_assert_cmpuint (at.ordinal, ==, expected);
      g_assert_true (at.begin <= time && time < at.end);
    }
  else
    g_assert_true (expected == all->len || g_array_index (all, GanderSpan, expected).begin > time);
}

/* Every wake-up is the begin of a RUNNABLE span that names its waker, and every such span is a
 * wake-up. */
static void
check_wakeups (const GanderIndex *index)
{
  guint32 n_goroutines = gander_index_get_facts (index)->n_goroutines;
  guint64 n_rows = 0;
  guint64 n_spans = 0;

  for (GanderLaneId lane = 0; lane < n_goroutines; lane++)
    {
      guint32 first = 0, n = 0;
      GanderTime at = 0;
      GanderSpanIter iter;
      GanderSpan span;
      gander_query_wakeups (index, lane, 0, G_MAXINT64, &first, &n);
      n_rows += n;
      for (guint32 row = first; row < first + n; row++)
        {
          GanderWakeup wakeup;
          gander_query_wakeup (index, row, &wakeup);
          g_assert_cmpuint (wakeup.waker, ==, lane);
          g_assert_cmpint (wakeup.time, >=, at);
          at = wakeup.time;
          g_assert_true (gander_query_span_at (index, wakeup.wakee, wakeup.time, &span));
          if (span.state != GANDER_STATE_RUNNABLE)
            continue;
          g_assert_cmpint (span.begin, ==, wakeup.time);
          g_assert_cmpuint (span.link, ==, lane);
          g_assert_cmpint (wakeup.created, ==, span.cause == GANDER_CAUSE_CREATED);
        }
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        n_spans += span.state == GANDER_STATE_RUNNABLE && span.link != GANDER_LANE_NONE;
    }
  g_assert_cmpuint (n_rows, >=, n_spans);
}

/* Groups hold every goroutine once and sum to their members. */
static void
check_groups (const GanderIndex *index, GRand *random)
{
  guint32 n_goroutines = gander_index_get_facts (index)->n_goroutines;
  GanderTime duration = gander_index_get_facts (index)->duration;
  guint32 n_seen = 0;

  for (guint32 group = 0; group < gander_index_get_n_groups (index); group++)
    {
      GanderGroup info;
      guint32 n = 0;
      const GanderLaneId *lanes = gander_index_get_group_lanes (index, group, &n);
      GanderMix sum = { 0 };
      GanderMix whole;
      GanderTime edges[2] = { 0, duration };
      gander_index_get_group (index, group, &info);
      g_assert_cmpuint (n, ==, info.n_lanes);
      n_seen += n;
      for (guint32 i = 0; i < n; i++)
        {
          GanderLane lane;
          gander_index_get_lane (index, lanes[i], &lane);
          g_assert_cmpuint (lane.name, ==, info.name);
          g_assert_cmpuint (gander_index_get_group_of (index, lanes[i]), ==, group);
          for (guint state = 0; state < GANDER_N_STATES; state++)
            sum.time[state] += lane.total.time[state];
        }
      g_assert_cmpmem (&sum, sizeof sum, &info.total, sizeof sum);
      gander_query_group_mixes (index, group, edges, 1, &whole);
      sum.time[GANDER_STATE_NONE] = whole.time[GANDER_STATE_NONE];
      g_assert_cmpmem (&sum, sizeof sum, &whole, sizeof sum);
      if (n <= 16)
        {
          GanderMix part, own;
          GanderMix parts = { 0 };
          edges[0] = random_time (random, duration);
          edges[1] = edges[0] + duration / 3;
          gander_query_group_mixes (index, group, edges, 1, &part);
          for (guint32 i = 0; i < n; i++)
            {
              gander_query_mix (index, lanes[i], edges[0], edges[1], &own);
              for (guint state = 0; state < GANDER_N_STATES; state++)
                parts.time[state] += own.time[state];
            }
          g_assert_cmpmem (&part, sizeof part, &parts, sizeof parts);
        }
    }
  g_assert_cmpuint (n_seen, ==, n_goroutines);
}

/* One row of totals, by all that makes a kind. */
static GanderTotal *
find_total (GArray *totals, const GanderSpan *span)
{
  GanderSpanFlags flags = span->flags & ~(guint)GANDER_SPAN_OPEN_END;
  GanderTotal row = { .state = span->state,
                      .cause = span->cause,
                      .flags = flags,
                      .reason = span->reason,
                      .stack = span->stack };

  for (guint i = 0; i < totals->len; i++)
    {
      GanderTotal *total = &g_array_index (totals, GanderTotal, i);
      if (total->state == row.state && total->cause == row.cause && total->flags == row.flags &&
          total->reason == row.reason && total->stack == row.stack)
        return total;
    }
  g_array_append_val (totals, row);
  return &g_array_index (totals, GanderTotal, totals->len - 1);
}

/* The totals of a group by walking all that its goroutines did. */
static void
scan_totals (const GanderIndex *index, GanderLaneId lane, GArray *totals)
{
  GanderSpanIter iter;
  GanderSpan span;
  GanderSpan first = { 0 };
  GanderTime interval = 0;

  gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    {
      GanderTotal *total = find_total (totals, &span);
      GanderTime length = span.end - span.begin;
      total->count++;
      total->open += (span.flags & GANDER_SPAN_OPEN_END) != 0;
      total->total += length;
      total->longest = MAX (total->longest, length);
      if ((span.flags & GANDER_SPAN_CONTINUES) == 0 || span.ordinal == 0)
        {
          first = span;
          interval = 0;
        }
      interval += length;
      total = find_total (totals, &first);
      total->longest = MAX (total->longest, interval);
    }
}

static void
check_totals (const GanderIndex *index)
{
  guint32 next = 0;

  for (guint32 group = 0; group < gander_index_get_n_groups (index); group++)
    {
      g_autoptr (GArray) totals = g_array_new (FALSE, TRUE, sizeof (GanderTotal));
      guint32 first = 0, n = 0, n_lanes = 0;
      const GanderLaneId *lanes = gander_index_get_group_lanes (index, group, &n_lanes);

      for (guint32 i = 0; i < n_lanes; i++)
        scan_totals (index, lanes[i], totals);
      gander_index_get_totals_of (index, group, &first, &n);
      g_assert_cmpuint (first, ==, next);
      g_assert_cmpuint (n, ==, totals->len);
      next = first + n;
      for (guint32 row = first; row < next; row++)
        {
          GanderTotal total;
          GanderSpan key = { 0 };
          const GanderTotal *scanned = NULL;
          gander_index_get_total (index, row, &total);
          key.state = total.state;
          key.cause = total.cause;
          key.flags = total.flags;
          key.reason = total.reason;
          key.stack = total.stack;
          scanned = find_total (totals, &key);
          g_assert_cmpuint (total.count, ==, scanned->count);
          g_assert_cmpuint (total.open, ==, scanned->open);
          g_assert_cmpint (total.total, ==, scanned->total);
          g_assert_cmpint (total.longest, ==, scanned->longest);
        }
      g_assert_cmpuint (n, ==, totals->len);
    }
  g_assert_cmpuint (next, ==, gander_index_get_n_totals (index));
}

/* Whole cells of a grid are exact; the rest is at most the two cells at the ends off. */
static void
check_all_group (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime edges[3] = { 0, duration / 2, duration };
  GanderMix mixes[2];
  GanderMix sum = { 0 };

  gander_query_group_mixes (index, G_MAXUINT32, edges, 2, mixes);
  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderLane info;
      gander_index_get_lane (index, lane, &info);
      for (guint state = 1; state < GANDER_N_STATES; state++)
        sum.time[state] += info.total.time[state];
    }
  for (guint state = 1; state < GANDER_N_STATES; state++)
    g_assert_cmpint (mixes[0].time[state] + mixes[1].time[state], ==, sum.time[state]);
}

static void
check_regions (const GanderIndex *index)
{
  guint32 next = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      guint32 first = 0, n = 0;
      GanderTime at = 0;
      gander_index_get_regions_of (index, lane, &first, &n);
      g_assert_cmpuint (first, ==, next);
      next += n;
      for (guint32 row = first; row < first + n; row++)
        {
          GanderRegion region;
          gander_index_get_region (index, row, &region);
          g_assert_cmpuint (region.lane, ==, lane);
          g_assert_cmpint (region.begin, >=, at);
          g_assert_cmpint (region.begin, <=, region.end);
          at = region.begin;
        }
    }
  g_assert_cmpuint (next, ==, gander_index_get_n_regions (index));
}

static void
check_range_sum (const GanderIndex *index, GanderRangeKind kind)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  const GanderRangeSum *sum = gander_index_get_range_sum (index, kind);
  GanderRangeSum expected = { 0 };

  for (guint32 row = 0; row < gander_index_get_n_ranges (index, kind); row++)
    {
      GanderRange range;
      GanderTime length = 0;
      gander_index_get_range (index, kind, row, &range);
      if (range.begin >= duration || range.end <= 0)
        continue;
      length = MIN (range.end, duration) - MAX (range.begin, 0);
      expected.count++;
      expected.total += length;
      expected.longest = MAX (expected.longest, length);
    }
  g_assert_cmpuint (sum->count, ==, expected.count);
  g_assert_cmpint (sum->total, ==, expected.total);
  g_assert_cmpint (sum->longest, ==, expected.longest);
}

static void
check_ranges (const GanderIndex *index, GRand *random)
{
  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    {
      guint32 n = gander_index_get_n_ranges (index, kind);
      GanderTime time = random_time (random, gander_index_get_facts (index)->duration);
      guint32 expected = 0;
      GanderRange range;
      check_range_sum (index, kind);
      for (; expected < n; expected++)
        {
          gander_index_get_range (index, kind, expected, &range);
          if (range.end > time)
            break;
        }
      g_assert_cmpuint (gander_query_find_range (index, kind, time), ==, expected);
      for (guint i = 0; i < 8; i++)
        {
          guint32 row = (guint32)g_rand_int_range (random, 0, (gint32)n + 2);
          g_assert_cmpuint (gander_query_find_range_near (index, kind, row, time),
                            ==,
                            MIN (MAX (row, expected), n));
        }
    }
}

static void
check_extremes (const GanderIndex *index)
{
  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      guint32 n = 0;
      const guint32 *ordinals = gander_query_extremes (index, lane, &n);
      for (guint32 i = 0; i < n; i++)
        {
          GanderSpan span;
          g_assert_true (i == 0 || ordinals[i] > ordinals[i - 1]);
          gander_query_span (index, lane, ordinals[i], &span);
          g_assert_true (span.state == GANDER_STATE_BLOCKED || span.state == GANDER_STATE_RUNNABLE);
          g_assert_cmpint (span.end - span.begin, >=, 1000000);
        }
    }
}

static void
check_ids (const GanderIndex *index)
{
  for (GanderLaneId lane = 0; lane < gander_index_get_n_lanes (index); lane++)
    {
      GanderLane info, found;
      GanderLaneId at = GANDER_LANE_NONE;
      gander_index_get_lane (index, lane, &info);
      at = gander_index_find_lane (index, info.kind, info.id);
      g_assert_cmpuint (at, !=, GANDER_LANE_NONE);
      gander_index_get_lane (index, at, &found);
      g_assert_cmpint (found.id, ==, info.id);
      g_assert_cmpuint (found.life, >=, info.life);
    }
  g_assert_cmpuint (gander_index_find_lane (index, GANDER_LANE_GOROUTINE, G_MAXINT64),
                    ==,
                    GANDER_LANE_NONE);
}

static void
check_index (const GanderIndex *index, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  guint32 n = gander_index_get_n_lanes (index);
  guint32 step = MAX (1, n / 50);

  for (GanderLaneId lane = 0; lane < n; lane++)
    check_tiles (index, lane);
  for (guint kind = 0; kind < GANDER_N_LANE_KINDS; kind++)
    check_order_by_id (index, (GanderLaneKind)kind);
  for (GanderLaneId lane = 0; lane < n; lane += step)
    {
      GanderLane info;
      g_autoptr (GArray) all = NULL;
      gander_index_get_lane (index, lane, &info);
      if (info.n_spans > 20000)
        continue;
      all = collect (index, lane);
      check_mixes (index, lane, all, random);
      check_mixes_about (index, lane);
      check_find (index, lane, all, random);
    }
  check_wakeups (index);
  check_groups (index, random);
  check_totals (index);
  check_all_group (index);
  check_regions (index);
  check_ranges (index, random);
  check_extremes (index);
  check_ids (index);
  g_assert_false (gander_index_is_broken (index));
  g_rand_free (random);
}

/* The counters at @time, by looking at every goroutine. */
static void
check_counters (const GanderIndex *index, GanderTime time)
{
  guint64 alive = 0, runnable = 0, value = 0;

  for (GanderLaneId lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderSpan span;
      if (!gander_query_span_at (index, lane, time, &span))
        continue;
      alive++;
      runnable += span.state == GANDER_STATE_RUNNABLE;
    }
  g_assert_true (gander_query_counter (index, GANDER_COUNTER_GOROUTINES, time, &value));
  g_assert_cmpuint (value, ==, alive);
  g_assert_true (gander_query_counter (index, GANDER_COUNTER_RUNNABLE, time, &value));
  g_assert_cmpuint (value, ==, runnable);
}

static void
check_truth (const GanderIndex *index, const GanderRandomTrace *trace)
{
  g_assert_cmpuint (gander_index_get_facts (index)->n_goroutines, ==, trace->lives->len);
  g_assert_cmpint (gander_index_get_facts (index)->duration, ==, trace->duration);
  for (GanderLaneId id = 0; id < trace->lives->len; id++)
    {
      const GanderTrueLife *life = &g_array_index (trace->lives, GanderTrueLife, id);
      GanderLane lane;
      gander_index_get_lane (index, id, &lane);
      g_assert_cmpint (lane.id, ==, life->id);
      g_assert_cmpuint (lane.life, ==, life->life);
      g_assert_cmpint (lane.begin, ==, life->begin);
      g_assert_cmpint (lane.end, ==, life->end);
      g_assert_cmpint ((lane.flags & GANDER_LANE_EXISTED) != 0, ==, life->existed);
      g_assert_cmpint ((lane.flags & GANDER_LANE_ALIVE) != 0, ==, life->alive);
      g_assert_cmpuint (lane.n_spans, ==, life->spans->len);
      for (guint32 i = 0; i < life->spans->len; i++)
        {
          const GanderTrueSpan *truth = &g_array_index (life->spans, GanderTrueSpan, i);
          GanderSpan span;
          GanderLane by = { .id = -1 };
          gander_query_span (index, id, i, &span);
          g_assert_cmpint (span.begin, ==, truth->begin);
          g_assert_cmpint (span.state, ==, truth->state);
          if (span.state == GANDER_STATE_BLOCKED)
            g_assert_cmpuint (span.reason, ==, truth->reason);
          if (span.state != GANDER_STATE_RUNNABLE)
            continue;
          if (span.link != GANDER_LANE_NONE)
            gander_index_get_lane (index, span.link, &by);
          g_assert_cmpint (span.cause, ==, truth->cause);
          g_assert_cmpint (by.id, ==, truth->by);
        }
    }
}

static void
test_simulated (void)
{
  for (guint32 seed = 1; seed <= N_SEEDS; seed++)
    {
      g_autoptr (GanderRandomTrace) trace =
          gander_random_trace_new (seed, 2 + seed * 3, seed * 300);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);
      g_test_message ("seed %u: %u goroutines, %u events",
                      seed,
                      trace->lives->len,
                      trace->events->len);
      check_truth (index, trace);
      check_index (index, seed);
      for (guint i = 0; i < 20; i++)
        check_counters (index, trace->duration * i / 20);
      g_assert_cmpuint (gander_index_get_n_regions (index), ==, trace->n_regions);
    }
}

/* Long lanes: many blocks. */
static void
test_long_lanes (void)
{
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (4711, 6, 60000);
  g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);

  check_truth (index, trace);
  check_index (index, 4711);
}

static void
test_same_bytes (void)
{
  for (guint32 seed = 1; seed <= 5; seed++)
    {
      gsize size[2] = { 0 };
      void *map[2] = { NULL };
      for (int i = 0; i < 2; i++)
        {
          g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (seed, 40, 4000);
          int fd = memfd_create ("same", 0);
          g_autoptr (GanderIndex) index = gander_random_trace_build (trace, fd);

          g_assert_nonnull (index);
          size[i] = (gsize)lseek (fd, 0, SEEK_END);
          map[i] = mmap (NULL, size[i], PROT_READ, MAP_SHARED, fd, 0);
          close (fd);
        }
      g_assert_cmpuint (size[0], ==, size[1]);
      g_assert_true (memcmp (map[0], map[1], size[0]) == 0);
      munmap (map[0], size[0]);
      munmap (map[1], size[1]);
    }
}

static void
test_corpus_trace (gconstpointer path)
{
  g_autoptr (GError) error = NULL;
  GanderLoadOptions options = { .no_cache = TRUE };
  g_autoptr (GanderIndex) index = gander_load (path, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  check_index (index, 1);
  n_corpus++;
}

static void
test_corpus_tally (void)
{
  g_test_message ("properties hold on %u traces of the corpus", n_corpus);
  g_assert_cmpuint (n_corpus, >, 100);
  /* Else every block would be looked into. */
  g_assert_cmpuint (n_about, >, 0);
}

static void
add_corpus (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "corpus", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *file = dir == NULL ? NULL : g_dir_read_name (dir); file != NULL;
       file = g_dir_read_name (dir))
    if (g_str_has_suffix (file, ".trace.zst"))
      {
        g_autofree char *name = g_strdup_printf ("/reader/properties/corpus/%s", file);
        g_test_add_data_func_full (name,
                                   g_build_filename (folder, file, NULL),
                                   test_corpus_trace,
                                   g_free);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/properties/simulated", test_simulated);
  g_test_add_func ("/reader/properties/long-lanes", test_long_lanes);
  g_test_add_func ("/reader/properties/same-bytes", test_same_bytes);
  add_corpus ();
  g_test_add_func ("/reader/properties/corpus/tally", test_corpus_tally);
  return g_test_run ();
}
