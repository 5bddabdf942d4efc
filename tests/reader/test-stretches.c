/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-data.h"
#include "reader/reader.h"
#include "tests/support/forge.h"
#include "tests/support/random-trace.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A thread that holds a processor shares its blocks: the lane shows what the thread did all the
 * same, is not stored twice, and no forged piece of it does harm.
 */

#define N_SEEDS  20
#define N_RANGES 200

typedef struct
{
  GanderDictionary *dictionary;
  GArray *events;
} Play;

/* The spans that a thread should have. */
static GArray *
list_truth (const GanderRandomTrace *trace, guint thread)
{
  const GArray *shows = trace->threads[thread];
  GArray *spans = g_array_new (FALSE, TRUE, sizeof (GanderSpan));

  for (guint i = 0; i < shows->len; i++)
    {
      const GanderTrueShow *show = &g_array_index (shows, GanderTrueShow, i);
      GanderSpan span = { .ordinal = spans->len, .begin = show->begin, .state = show->state };
      span.end = i + 1 < shows->len ? show[1].begin : trace->duration;
      span.link = (guint32)show->goroutine;
      if (show->state != GANDER_STATE_NONE && span.end > span.begin)
        g_array_append_val (spans, span);
    }
  return spans;
}

static void
check_span (const GanderIndex *index, const GanderSpan *span, const GanderSpan *truth)
{
  g_assert_cmpuint (span->ordinal, ==, truth->ordinal);
  g_assert_cmpint (span->begin, ==, truth->begin);
  g_assert_cmpint (span->end, ==, truth->end);
  g_assert_cmpint (span->state, ==, truth->state);
  g_assert_cmpint (gander_index_get_lane_id (index, span->link), ==, (gint32)truth->link);
}

/* Ranges begin and end within spans, and at their ends. */
static void
check_mixes (const GanderIndex *index, GanderLaneId lane, const GArray *truth, GRand *random)
{
  const GanderSpan *spans = (const GanderSpan *)(gpointer)truth->data;

  for (guint i = 0; i < N_RANGES && truth->len > 0; i++)
    {
      guint32 first = (guint32)g_rand_int_range (random, 0, (gint32)truth->len);
      guint32 more = (guint32)g_rand_int_range (random, 0, i % 2 ? 5 : 1000);
      guint32 last = MIN (truth->len - 1, first + more);
      GanderTime begin = spans[first].begin + (i % 3 == 0 ? 1 : 0);
      GanderTime end = MAX (begin, spans[last].end - (i % 5 == 0 ? 1 : 0));
      GanderMix found, expected = { 0 };
      GanderTime rest = end - begin;
      for (guint32 k = first; k <= last; k++)
        {
          GanderTime part = MAX (0, MIN (spans[k].end, end) - MAX (spans[k].begin, begin));
          expected.time[spans[k].state] += part;
          rest -= part;
        }
      expected.time[GANDER_STATE_NONE] = rest;
      gander_query_mix (index, lane, begin, end, &found);
      g_assert_cmpmem (&found, sizeof found, &expected, sizeof expected);
    }
}

static void
check_thread (const GanderIndex *index, const GanderRandomTrace *trace, guint thread, GRand *random)
{
  g_autoptr (GArray) truth = list_truth (trace, thread);
  gint64 id = GANDER_RANDOM_FIRST_THREAD + thread;
  GanderLaneId lane = gander_index_find_lane (index, GANDER_LANE_THREAD, id);
  GanderSpanIter iter;
  GanderSpan span;

  if (lane == GANDER_LANE_NONE)
    {
      g_assert_cmpuint (truth->len, ==, 0);
      return;
    }
  gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
  for (guint i = 0; i < truth->len; i++)
    {
      const GanderSpan *expected = &g_array_index (truth, GanderSpan, i);
      g_assert_true (gander_span_iter_next (&iter, &span));
      check_span (index, &span, expected);
      gander_query_span (index, lane, i, &span);
      check_span (index, &span, expected);
      g_assert_cmpuint (gander_query_find (index, lane, expected->begin), ==, i);
      g_assert_cmpuint (gander_query_find (index, lane, expected->end - 1), ==, i);
    }
  g_assert_false (gander_span_iter_next (&iter, &span));
  check_mixes (index, lane, truth, random);
}

static void
test_truth (void)
{
  for (guint32 seed = 0; seed < N_SEEDS; seed++)
    {
      g_autoptr (GanderRandomTrace) trace = seed % 4 == 0
                                                ? gander_random_trace_new (seed, 40, 10000)
                                                : gander_random_trace_new_steady (seed, 40, 20000);
      g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      g_test_message ("seed %u", seed);
      for (guint thread = 0; thread < GANDER_RANDOM_THREADS; thread++)
        check_thread (index, trace, thread, random);
      g_assert_false (gander_index_is_broken (index));
    }
}

static guint64
count_pieces (const GanderIndex *index, const GanderLaneRow *row)
{
  return gander_lane_row_has_pieces (row) ? (guint64)index->blocks.summaries[row->block] : 1;
}

/* What a thread shares takes no room: of a steady run nearly all blocks of threads are shared. */
static void
test_size (void)
{
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new_steady (5, 40, 200000);
  g_autoptr (GanderIndex) index = gander_random_trace_build (trace, -1);
  guint64 n_pieces = 0;
  guint64 n_blocks = 0;
  GanderLaneId first = 0;
  guint32 n = 0;

  gander_index_get_lanes_of (index, GANDER_LANE_THREAD, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderLaneRow *row = gander_index_lane (index, first + i);
      n_pieces += count_pieces (index, row);
      n_blocks += gander_blocks_get_n (&index->blocks, row);
    }
  g_test_message ("%" G_GUINT64_FORMAT " blocks in %" G_GUINT64_FORMAT " pieces",
                  n_blocks,
                  n_pieces);
  g_assert_cmpuint (n_blocks, >, 8 * n_pieces);
}

static void
play_init (Play *play)
{
  play->dictionary = gander_dictionary_new ();
  play->events = g_array_new (FALSE, FALSE, sizeof (GanderEvent));
}

static void
play_clear (Play *play)
{
  g_array_unref (play->events);
  gander_dictionary_free (play->dictionary);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Play, play_clear)

static void
add (Play *play,
     GanderTime time,
     GanderResource resource,
     gint64 id,
     GanderGoState from,
     GanderGoState to,
     gint64 thread,
     gint64 proc)
{
  GanderEvent event = { .time = time,
                        .kind = GANDER_EVENT_TRANSITION,
                        .thread = thread,
                        .proc = proc,
                        .goroutine = -1,
                        .resource = (guint8)resource,
                        .id = id,
                        .from = (guint8)from,
                        .to = (guint8)to };

  g_array_append_val (play->events, event);
}

static void
add_sync (Play *play, GanderTime time)
{
  GanderEvent event = {
    .time = time, .kind = GANDER_EVENT_SYNC, .thread = -1, .proc = -1, .goroutine = -1, .id = -1
  };

  g_array_append_val (play->events, event);
}

/* Goroutine 5 runs and waits @n times, 10 ns each, on @thread and @proc. */
static void
run_often (Play *play, GanderTime time, guint n, gint64 thread, gint64 proc)
{
  for (guint i = 0; i < n; i++, time += 20)
    {
      add (play,
           time,
           GANDER_RESOURCE_GOROUTINE,
           5,
           GANDER_GO_RUNNABLE,
           GANDER_GO_RUNNING,
           thread,
           proc);
      add (play,
           time + 10,
           GANDER_RESOURCE_GOROUTINE,
           5,
           GANDER_GO_RUNNING,
           GANDER_GO_RUNNABLE,
           thread,
           proc);
    }
}

static GanderIndex *
build (Play *play)
{
  return gander_build_events (play->dictionary,
                              (const GanderEvent *)(gpointer)play->events->data,
                              play->events->len,
                              -1);
}

static guint32
count_spans (const GanderIndex *index, GanderLaneKind kind, gint64 id)
{
  GanderLane lane;

  gander_index_get_lane (index, gander_index_find_lane (index, kind, id), &lane);
  return lane.n_spans;
}

/* A thread is said to hold two processors, then another takes the first one: what it does on the
 * second goes on. */
static void
test_two_at_once (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (GanderIndex) index = NULL;
  GanderSpan span;
  GanderLaneId lane = 0;

  play_init (&play);
  add_sync (&play, 0);
  add (&play, 1, GANDER_RESOURCE_PROC, 0, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 100, -1);
  add (&play, 2, GANDER_RESOURCE_PROC, 1, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 100, -1);
  run_often (&play, 10, 100, 100, 1);
  add (&play, 2005, GANDER_RESOURCE_PROC, 0, GANDER_GO_RUNNING, GANDER_GO_RUNNING, 101, -1);
  add (&play, 2006, GANDER_RESOURCE_PROC, 0, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 101, -1);
  run_often (&play, 2010, 100, 100, 1);
  add_sync (&play, 5000);
  index = build (&play);
  lane = gander_index_find_lane (index, GANDER_LANE_THREAD, 100);
  g_assert_cmpuint (count_spans (index, GANDER_LANE_THREAD, 100), ==, 401);
  for (guint i = 1; i <= 400; i++)
    {
      gander_query_span (index, lane, i, &span);
      g_assert_cmpint (span.begin, ==, 10 + (i - 1) * 10);
      g_assert_cmpint (span.state, ==, i % 2 ? GANDER_STATE_RUNNING : GANDER_STATE_SCHEDULING);
    }
}

/* Thread 101 has the processor for exactly one block, and nothing else. */
static void
test_one_block (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (GanderIndex) index = NULL;
  const GanderLaneRow *row = NULL;
  GanderLaneId lane = 0;
  GanderSpan span;
  GanderMix mix;

  play_init (&play);
  add_sync (&play, 0);
  add (&play, 1, GANDER_RESOURCE_PROC, 0, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 100, -1);
  run_often (&play, 1, 32, 100, 0);
  add (&play, 641, GANDER_RESOURCE_PROC, 0, GANDER_GO_RUNNING, GANDER_PROC_IDLE, 100, -1);
  add (&play, 1000, GANDER_RESOURCE_PROC, 0, GANDER_PROC_IDLE, GANDER_GO_RUNNING, 101, -1);
  run_often (&play, 1000, 33, 101, 0);
  /* One more span begins and ends when the block is full, and so does the thread. */
  g_array_index (play.events, GanderEvent, play.events->len - 1).time = 1640;
  add (&play, 1640, GANDER_RESOURCE_PROC, 0, GANDER_GO_RUNNING, GANDER_PROC_IDLE, 101, -1);
  add_sync (&play, 5000);
  index = build (&play);
  lane = gander_index_find_lane (index, GANDER_LANE_THREAD, 101);
  row = gander_index_lane (index, lane);
  g_assert_true (gander_lane_row_has_pieces (row));
  g_assert_cmpuint (row->n_spans, ==, 64);
  for (guint i = 0; i < 64; i++)
    {
      gander_query_span (index, lane, i, &span);
      g_assert_cmpint (span.begin, ==, 1000 + i * 10);
      g_assert_cmpint (span.end, ==, span.begin + 10);
    }
  gander_query_mix (index, lane, 0, 5000, &mix);
  g_assert_cmpint (mix.time[GANDER_STATE_RUNNING], ==, 320);
  g_assert_cmpint (mix.time[GANDER_STATE_SCHEDULING], ==, 320);
}

/* Returns: spans that could be walked. */
static guint64
ask_all (const GanderIndex *index, GanderLaneId lane)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime edges[65];
  GanderMix mixes[64];
  guint32 begun[64];
  GanderLane info;
  GanderSpanIter iter;
  GanderSpan span;
  guint64 n = 0;

  gander_index_get_lane (index, lane, &info);
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    edges[i] = duration / 60 * i;
  gander_query_mixes (index, lane, edges, 64, mixes, begun);
  gander_query_mixes_about (index, lane, edges, 64, duration / 20, mixes, begun);
  for (gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
       gander_span_iter_next (&iter, &span);)
    n++;
  for (guint32 i = 0; i < info.n_spans; i += 17)
    {
      gander_query_span (index, lane, i, &span);
      (void)gander_query_find (index, lane, span.begin);
    }
  return n;
}

/* Whatever the numbers of a piece say, asking ends, and what cannot be there is told. */
static void
test_forged (void)
{
  static const guint64 values[] = { 0,
                                    1,
                                    64,
                                    0x7fffffff,
                                    0xffffffff,
                                    0x100000000,
                                    G_GUINT64_CONSTANT (1) << 48,
                                    G_GUINT64_CONSTANT (0xffff) << 48,
                                    (G_GUINT64_CONSTANT (0xffff) << 48) + 0xffffffff,
                                    G_MAXINT64,
                                    G_MAXUINT64 };
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new_steady (3, 40, 20000);
  int fd = memfd_create ("index", MFD_CLOEXEC);
  g_autoptr (GanderIndex) index = gander_random_trace_build (trace, fd);
  gsize size = (gsize)lseek (fd, 0, SEEK_END);
  g_autofree guint8 *bytes = g_malloc (size);
  const GanderIndexHeader *header = (const GanderIndexHeader *)(gpointer)bytes;
  guint n_broken = 0;
  GanderLaneId first = 0;
  guint32 n = 0;

  g_assert_cmpint (pread (fd, bytes, size, 0), ==, size);
  close (fd);
  gander_index_get_lanes_of (index, GANDER_LANE_THREAD, &first, &n);
  for (guint32 i = 0; i < n; i++)
    {
      const GanderLaneRow *row = gander_index_lane (index, first + i);
      guint64 n_numbers = 1 + count_pieces (index, row) * 8;
      if (!gander_lane_row_has_pieces (row))
        continue;
      for (guint k = 0; k < 60; k++)
        {
          g_autofree guint8 *copy = g_memdup2 (bytes, size);
          g_autoptr (GanderIndex) forged = NULL;
          guint64 number = row->block + (k < 20 ? k : (k * 7919) % n_numbers);
          memcpy (copy + header->sections[GANDER_SECTION_SUMMARIES].offset + number * 8,
                  &values[(i + k) % G_N_ELEMENTS (values)],
                  8);
          test_sign_index (copy, size);
          forged = test_open_index (copy, size, NULL, NULL);
          if (forged == NULL)
            continue;
          g_assert_cmpuint (ask_all (forged, first + i), <=, row->n_spans);
          n_broken += gander_index_is_broken (forged);
        }
    }
  g_test_message ("%u forged files were found out", n_broken);
  g_assert_cmpuint (n_broken, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/stretches/truth", test_truth);
  g_test_add_func ("/reader/stretches/size", test_size);
  g_test_add_func ("/reader/stretches/two-at-once", test_two_at_once);
  g_test_add_func ("/reader/stretches/one-block", test_one_block);
  g_test_add_func ("/reader/stretches/forged", test_forged);
  return g_test_run ();
}
