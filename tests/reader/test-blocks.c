/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/block.h"

#include "reader/chunks.h"
#include "reader/counters.h"
#include "reader/row-file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Spans put into chunks come out of the blocks unchanged, whatever their widths, and so do the
 * times in each state; rows put aside come back; counters stay bounded. */

typedef struct
{
  gint64 begin;
  gint64 end;
  guint32 kind;
  guint32 link;
} Expected;

typedef struct
{
  GanderIndexFile file;
  GanderChunks chunks;
  int fd;
} Fixture;

static gboolean
has_partner (GanderState state)
{
  return state != GANDER_STATE_RUNNABLE && state != GANDER_STATE_BLOCKED &&
         state != GANDER_STATE_SCHEDULING;
}

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->fd = memfd_create ("blocks", 0);
  gander_index_file_init (&fixture->file, fixture->fd);
  gander_chunks_init (&fixture->chunks, &fixture->file, NULL);
  gander_index_file_begin (&fixture->file, GANDER_SECTION_BLOCKS);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  gander_chunks_clear (&fixture->chunks);
  gander_index_file_clear (&fixture->file);
  close (fixture->fd);
}

/* Bytes of a block, by the description of the format. */
static gsize
block_size (const GanderBlocks *blocks, const guint8 *bytes, const GanderBlockView *view)
{
  guint gap_width = bytes[1] >> 4;
  gsize size = 4 + (bytes[0] >> 7) * 8 + view->n * ((bytes[1] & 15) + (bytes[2] & 15));

  if (gap_width > 0)
    size += 8;
  for (guint i = 0; i < view->n; i++)
    {
      GanderState state = gander_blocks_get_kind (blocks, view->kind[i])->state;
      size += i + 1 < view->n && view->begin[i + 1] > view->end[i] ? gap_width : 0;
      size += state == GANDER_STATE_RUNNABLE ? bytes[3] : has_partner (state) ? bytes[2] >> 4 : 0;
    }
  return size;
}

/* The time in each state from @from to @to, and the state at @to, as the spans tell. */
static GanderState
add_up (const GanderBlocks *blocks,
        const GanderBlockView *view,
        GanderTime from,
        GanderTime to,
        GanderMix *out)
{
  GanderState at = GANDER_STATE_NONE;

  memset (out, 0, sizeof *out);
  for (guint i = 0; i < view->n; i++)
    {
      GanderState state = gander_blocks_get_kind (blocks, view->kind[i])->state;
      out->time[state] += MAX (0, MIN (view->end[i], to) - MAX (view->begin[i], from));
      if (view->begin[i] < to && to < view->end[i])
        at = state;
    }
  return at;
}

/* To go through a block step by step tells what its spans do. */
static void
check_scan (const GanderBlocks *blocks, const GanderLaneRow *lane, const GanderBlockView *view)
{
  GanderTime begin = view->begin[0];
  GanderTime end = view->end[view->n - 1];

  for (guint n_steps = 1; n_steps <= 81; n_steps *= 3)
    {
      GanderBlockScan scan;
      GanderTime from = G_MININT64;
      gander_block_scan_init (&scan, blocks, lane, 0);
      g_assert_cmpuint (scan.n, ==, view->n);
      for (guint step = 0; step <= n_steps + 1; step++)
        {
          GanderTime to = begin + (GanderTime)((double)(end - begin) / n_steps * step);
          GanderMix expected;
          GanderMix found = { 0 };
          GanderState state = add_up (blocks, view, from, to, &expected);
          g_assert_cmpuint (gander_block_scan_add (&scan, from, to, &found), ==, state);
          g_assert_cmpmem (&found, sizeof found, &expected, sizeof expected);
          g_assert_true (scan.i == scan.n || scan.end > to);
          g_assert_true (scan.i == 0 || view->end[scan.i - 1] <= to);
          from = to;
        }
    }
}

/* Reads all blocks of one lane in the order they were sealed. Returns: spans. */
static GArray *
read_back (Fixture *fixture, GanderLaneKind kind, guint n_blocks)
{
  static const guint8 slack[GANDER_BLOCK_SLACK] = { 0 };
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (Expected));
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *states = NULL;
  GanderBlocks blocks = { 0 };
  guint64 offset = 0;

  gander_index_file_append (&fixture->file, slack, sizeof slack);
  gander_index_file_end (&fixture->file);
  gander_index_file_flush (&fixture->file);
  blocks.blocks_size = fixture->file.entries[GANDER_SECTION_BLOCKS].size;
  bytes = g_malloc (blocks.blocks_size);
  g_assert_cmpint (pread (fixture->fd, bytes, blocks.blocks_size, GANDER_INDEX_HEADER_SIZE),
                   ==,
                   blocks.blocks_size);
  blocks.blocks = bytes;
  blocks.kinds = fixture->chunks.kinds;
  blocks.n_kinds = fixture->chunks.n_kinds;
  states = gander_blocks_new_states (&blocks);
  for (guint b = 0; b < n_blocks; b++)
    {
      GanderLaneRow lane = { .n_spans = 1, .block = offset, .kind = (guint8)kind };
      GanderBlockView view;
      lane.begin = spans->len > 0 ? g_array_index (spans, Expected, spans->len - 1).end : 0;
      gander_blocks_view (&blocks, &lane, 0, &view);
      g_assert_cmpuint (view.n, >, 0);
      blocks.states = NULL;
      check_scan (&blocks, &lane, &view);
      blocks.states = states;
      check_scan (&blocks, &lane, &view);
      for (guint i = 0; i < view.n; i++)
        {
          Expected span = { view.begin[i], view.end[i], view.kind[i], view.link[i] };
          g_array_append_val (spans, span);
        }
      offset += block_size (&blocks, bytes + offset, &view);
    }
  g_assert_cmpuint (offset + GANDER_BLOCK_SLACK, ==, blocks.blocks_size);
  return spans;
}

static void
assert_same (const GArray *found, const GArray *expected)
{
  g_assert_cmpuint (found->len, ==, expected->len);
  for (guint i = 0; i < found->len; i++)
    {
      const Expected *a = &g_array_index (found, Expected, i);
      const Expected *b = &g_array_index (expected, Expected, i);
      g_assert_cmpint (a->begin, ==, b->begin);
      g_assert_cmpint (a->end, ==, b->end);
      g_assert_cmpuint (a->kind, ==, b->kind);
      g_assert_cmpuint (a->link, ==, b->link);
    }
}

static guint32
make_kind (Fixture *fixture, guint32 i)
{
  GanderKind kind =
      gander_kind ((GanderState)(1 + i % (GANDER_N_STATES - 1)), GANDER_CAUSE_NONE, 0, 0, i);

  return gander_chunks_intern (&fixture->chunks, kind);
}

/* Lengths of 1 to 2^40 ns, links up to 2^32 - 1, as many kinds as it takes for three bytes. */
static void
test_widths (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (Expected));
  g_autoptr (GArray) found = NULL;
  GRand *random = g_rand_new_with_seed (3);
  GanderChunk chunk = { .lane_kind = GANDER_LANE_GOROUTINE };
  gint64 time = 0;

  for (guint i = 0; i < 70000; i++)
    make_kind (fixture, i);
  for (guint i = 0; i < 2000; i++)
    {
      guint bits = 1 + i / 64;
      Expected span = { .begin = time };
      span.kind = make_kind (fixture, (guint32)g_rand_int_range (random, 0, 1 << MIN (bits, 16)));
      span.link = g_rand_int (random) >> (31 - MIN (bits, 31));
      /* Nobody is at the other end of these. */
      if (!has_partner (fixture->chunks.kinds[span.kind].state) &&
          fixture->chunks.kinds[span.kind].state != GANDER_STATE_RUNNABLE)
        span.link = 0;
      time += 1 + (gint64)(g_rand_double (random) * (double)(G_GINT64_CONSTANT (1) << bits));
      span.end = time;
      gander_chunks_append (&fixture->chunks, &chunk, span.begin, span.kind, span.link);
      g_array_append_val (expected, span);
    }
  g_assert_cmpuint (gander_chunk_get_n_spans (&chunk), ==, 2000);
  gander_chunks_finish (&fixture->chunks, &chunk, time, FALSE);
  g_assert_cmpuint (gander_chunk_get_n_spans (&chunk), ==, 2000);
  found = read_back (fixture, GANDER_LANE_GOROUTINE, 32);
  assert_same (found, expected);
  g_rand_free (random);
}

static void
test_gaps (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (Expected));
  g_autoptr (GArray) found = NULL;
  GanderChunk chunk = { .lane_kind = GANDER_LANE_PROC, .has_gaps = TRUE };

  for (guint i = 0; i < 100; i++)
    {
      Expected span = { .begin = i * 10, .end = i * 10 + (i % 3 == 0 ? 10 : 5) };
      span.kind = make_kind (fixture, i % 4);
      gander_chunks_append (&fixture->chunks, &chunk, span.begin, span.kind, 0);
      if (i % 3 != 0)
        gander_chunks_end_span (&chunk, span.end);
      g_array_append_val (expected, span);
    }
  gander_chunks_finish (&fixture->chunks, &chunk, 1000, FALSE);
  found = read_back (fixture, GANDER_LANE_PROC, 2);
  assert_same (found, expected);
}

/* Exact numbers of spans around the sizes of chunks. */
static void
test_sizes (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const guint sizes[] = { 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 127, 128, 129 };
  guint n_blocks = 0;
  guint n_spans = 0;
  g_autoptr (GArray) found = NULL;

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      GanderChunk chunk = { .lane_kind = GANDER_LANE_GOROUTINE };
      for (guint i = 0; i < sizes[s]; i++)
        gander_chunks_append (&fixture->chunks, &chunk, i * 2, make_kind (fixture, 1), 0);
      gander_chunks_finish (&fixture->chunks, &chunk, sizes[s] * 2, FALSE);
      g_assert_cmpuint (gander_chunk_get_n_spans (&chunk), ==, sizes[s]);
      g_assert_cmpuint (chunk.n_blocks, ==, (sizes[s] + 63) / 64);
      n_blocks += chunk.n_blocks;
      n_spans += sizes[s];
    }
  found = read_back (fixture, GANDER_LANE_GOROUTINE, n_blocks);
  g_assert_cmpuint (found->len, ==, n_spans);
}

/* A span that would be empty is replaced by the next, and dropped at the end. */
static void
test_empty_spans (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  GanderChunk chunk = { .lane_kind = GANDER_LANE_GOROUTINE };
  g_autoptr (GArray) found = NULL;
  guint32 a = make_kind (fixture, 1);
  guint32 b = make_kind (fixture, 2);

  gander_chunks_append (&fixture->chunks, &chunk, 0, a, 0);
  gander_chunks_append (&fixture->chunks, &chunk, 0, b, 0);
  gander_chunks_append (&fixture->chunks, &chunk, 9, a, 0);
  gander_chunks_finish (&fixture->chunks, &chunk, 9, FALSE);
  found = read_back (fixture, GANDER_LANE_GOROUTINE, 1);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpuint (g_array_index (found, Expected, 0).kind, ==, b);
  g_assert_cmpint (g_array_index (found, Expected, 0).end, ==, 9);
}

static void
test_row_file (void)
{
  GanderRowFile file;
  const guint64 *rows = NULL;
  g_autoptr (GError) error = NULL;

  gander_row_file_init (&file, sizeof (guint64), NULL);
  for (guint64 i = 0; i < 500000; i++)
    gander_row_file_add (&file, &i);
  g_assert_cmpuint (gander_row_file_get_n (&file), ==, 500000);
  g_assert_cmpint (file.fd, >=, 0);
  rows = gander_row_file_map (&file, &error);
  g_assert_no_error (error);
  for (guint64 i = 0; i < 500000; i++)
    g_assert_cmpuint (rows[i], ==, i);
  gander_row_file_clear (&file);
}

/* One that was never set up owns no file: descriptor 0 stays open. */
static void
test_row_file_zeroed (void)
{
  GanderRowFile file = { 0 };
  int flags = fcntl (0, F_GETFD);

  gander_row_file_clear (&file);
  g_assert_cmpint (fcntl (0, F_GETFD), ==, flags);
}

/* Emptied, it takes rows again. */
static void
test_row_file_emptied (void)
{
  GanderRowFile file;
  g_autoptr (GError) error = NULL;

  gander_row_file_init (&file, sizeof (guint64), NULL);
  for (guint64 round = 0; round < 3; round++)
    {
      guint64 n = round == 1 ? 10 : 3000000;
      const guint64 *rows = NULL;
      for (guint64 i = 0; i < n; i++)
        gander_row_file_add (&file, &(guint64){ i + round });
      g_assert_cmpuint (gander_row_file_get_n (&file), ==, n);
      rows = gander_row_file_map (&file, &error);
      g_assert_no_error (error);
      for (guint64 i = 0; i < n; i++)
        g_assert_cmpuint (rows[i], ==, i + round);
      gander_row_file_empty (&file);
      g_assert_cmpuint (gander_row_file_get_n (&file), ==, 0);
    }
  gander_row_file_clear (&file);
}

static gint64
value_at (const GanderCounterBins *bins, GanderTime time)
{
  gint64 value = 0;

  for (guint32 i = 0; i < bins->n && gander_counter_bins_get (bins, i).time <= time; i++)
    value = (gint64)gander_counter_bins_get (bins, i).value;
  return value;
}

/* Exact while the points are few. */
static void
test_counter_exact (void)
{
  GanderCounterBins bins;

  gander_counter_bins_init (&bins);
  bins.base = 2;
  gander_counter_bins_add (&bins, 10, 3);
  gander_counter_bins_add (&bins, 11, -1);
  gander_counter_bins_add (&bins, 50, -4);
  g_assert_cmpint (value_at (&bins, 9), ==, 2);
  g_assert_cmpint (value_at (&bins, 10), ==, 5);
  g_assert_cmpint (value_at (&bins, 49), ==, 4);
  g_assert_cmpint (value_at (&bins, 50), ==, 0);
  gander_counter_bins_clear (&bins);
}

/* Bounded beyond: never less than what was true, and true again in long quiet stretches. */
static void
test_counter_bounded (void)
{
  GanderCounterBins bins;
  GRand *random = g_rand_new_with_seed (5);
  g_autofree gint64 *truth = g_new0 (gint64, 2000000);
  gint64 value = 0;
  GanderTime time = 0;

  gander_counter_bins_init (&bins);
  for (guint i = 0; i < 200000; i++)
    {
      gint64 change = value == 0 || g_rand_boolean (random) ? 1 : -1;
      GanderTime next = time + g_rand_int_range (random, 1, 10);
      for (; time < next; time++)
        truth[time] = value;
      value += change;
      gander_counter_bins_add (&bins, time, change);
      g_assert_cmpuint (bins.n, <=, GANDER_COUNTER_LIMIT);
    }
  for (guint32 i = 0; i < bins.n; i++)
    {
      GanderTime from = bins.points[i].time;
      GanderTime to = i + 1 < bins.n ? bins.points[i + 1].time : time;
      for (GanderTime t = from; t < to; t++)
        g_assert_cmpint (bins.points[i].value, >=, truth[t]);
    }
  gander_counter_bins_add (&bins, time + 1000000, 1);
  g_assert_cmpint (value_at (&bins, time + 999999), ==, value);
  gander_counter_bins_clear (&bins);
  g_rand_free (random);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/reader/blocks/widths", Fixture, NULL, set_up, test_widths, tear_down);
  g_test_add ("/reader/blocks/gaps", Fixture, NULL, set_up, test_gaps, tear_down);
  g_test_add ("/reader/blocks/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/reader/blocks/empty-spans", Fixture, NULL, set_up, test_empty_spans, tear_down);
  g_test_add_func ("/reader/blocks/row-file", test_row_file);
  g_test_add_func ("/reader/blocks/row-file-zeroed", test_row_file_zeroed);
  g_test_add_func ("/reader/blocks/row-file-emptied", test_row_file_emptied);
  g_test_add_func ("/reader/blocks/counter-exact", test_counter_exact);
  g_test_add_func ("/reader/blocks/counter-bounded", test_counter_bounded);
  return g_test_run ();
}
