/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/crc32c.h"
#include "reader/index-data.h"
#include "reader/map-guard.h"
#include "reader/reader.h"
#include "tests/support/forge.h"
#include "tests/support/random-trace.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* An index file that is cut, changed or forged opens with an error or answers something; it never
 * makes a query read outside of itself. Run under the address sanitizer this has teeth.
 */

#define N_FLIPS  4000
#define N_FORGED 3000

static guint8 *
make_index_of (GanderRandomTrace *trace, gsize *size)
{
  int fd = memfd_create ("index", 0);
  g_autoptr (GanderIndex) index G_GNUC_UNUSED = gander_random_trace_build (trace, fd);
  guint8 *bytes = NULL;

  *size = (gsize)lseek (fd, 0, SEEK_END);
  bytes = g_malloc (*size);
  g_assert_cmpint (pread (fd, bytes, *size, 0), ==, *size);
  close (fd);
  return bytes;
}

static guint8 *
make_index (gsize *size)
{
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (7, 30, 6000);

  return make_index_of (trace, size);
}

/* Large enough that much of it is not looked at when it is opened. Made once: it takes a while. */
static guint8 *
make_large_index (gsize *size)
{
  static guint8 *bytes;
  static gsize n_bytes;

  if (bytes == NULL)
    {
      g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (8, 60, 200000);
      bytes = make_index_of (trace, &n_bytes);
    }
  *size = n_bytes;
  return g_memdup2 (bytes, n_bytes);
}

static void
assert_refused (const guint8 *bytes, gsize size)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (test_open_index (bytes, size, NULL, &error));
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_BAD_INDEX);
}

static void
ask_lane (const GanderIndex *index, GanderLaneId id, GanderTime duration)
{
  GanderTime edges[] = { -5, 0, duration / 3, duration / 2, duration, G_MAXINT64 / 8 };
  GanderMix mixes[5];
  guint32 spans[5];
  GanderLane lane;
  GanderSpanIter iter;
  GanderSpan span;
  GanderFrame frame;
  guint32 first = 0, n = 0;

  gander_index_get_lane (index, id, &lane);
  gander_query_mixes (index, id, edges, 5, mixes, spans);
  gander_span_iter_init (&iter, index, id, duration / 3, duration);
  for (guint i = 0; i < 1000 && gander_span_iter_next (&iter, &span); i++)
    {
      GanderSpan wake;
      (void)gander_query_wake (index, &span, &wake);
      gander_index_get_frame (index, span.stack, 0, &frame);
      (void)strlen (gander_index_get_string (index, frame.function));
      (void)strlen (gander_index_get_string (index, span.reason));
      (void)gander_index_get_wait (index, span.reason);
    }
  gander_index_get_regions_of (index, id, &first, &n);
  for (guint32 i = first; i < first + n; i++)
    {
      GanderRegion region;
      gander_index_get_region (index, i, &region);
    }
  gander_query_wakeups (index, id, 0, duration, &first, &n);
  for (guint32 i = first; i < first + n; i++)
    {
      GanderWakeup wakeup;
      gander_query_wakeup (index, i, &wakeup);
    }
  (void)gander_query_extremes (index, id, &n);
  if (lane.kind == GANDER_LANE_GOROUTINE)
    (void)gander_index_get_group_of (index, id);
  (void)gander_index_find_lane (index, lane.kind, lane.id);
}

static void
ask_everything (const GanderIndex *index)
{
  GanderTime duration = gander_index_get_facts (index)->duration;
  GanderTime edges[] = { 0, duration / 7, duration, G_MAXINT64 / 4 };
  GanderMix mixes[3];
  guint64 value = 0;
  guint32 n = gander_index_get_n_lanes (index);

  for (GanderLaneId lane = 0; lane < n; lane++)
    ask_lane (index, lane, duration);
  gander_query_group_mixes (index, G_MAXUINT32, edges, 3, mixes);
  for (guint32 i = 0; i < gander_index_get_n_groups (index); i++)
    gander_query_group_mixes (index, i, edges, 3, mixes);
  for (guint kind = 0; kind < GANDER_N_RANGE_KINDS; kind++)
    {
      GanderRange range;
      (void)gander_query_find_range (index, kind, duration / 2);
      for (guint32 i = 0; i < gander_index_get_n_ranges (index, kind); i++)
        gander_index_get_range (index, kind, i, &range);
    }
  for (guint counter = 0; counter < GANDER_N_COUNTERS; counter++)
    (void)gander_query_counter (index, counter, duration / 2, &value);
}

static void
test_cut (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);

  for (gsize cut = 0; cut < size; cut += 1 + cut / 50)
    assert_refused (bytes, cut);
  assert_refused (bytes, size - 1);
}

static void
test_longer (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);
  g_autofree guint8 *longer = g_malloc0 (size + 64);

  memcpy (longer, bytes, size);
  assert_refused (longer, size + 64);
}

/* One changed byte: it is noticed unless it lies between the sections. */
static void
test_changed (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);
  const GanderIndexHeader *header = (const GanderIndexHeader *)(gpointer)bytes;
  GRand *random = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_FLIPS; i++)
    {
      gsize at = (gsize)g_rand_int_range (random, 0, (gint32)size);
      guint8 mask = (guint8)(1u << g_rand_int_range (random, 0, 8));
      gboolean covered = at < GANDER_INDEX_HEADER_SIZE || at >= size - sizeof (GanderIndexFooter);
      for (guint s = 0; s < GANDER_N_SECTIONS; s++)
        covered |= at >= header->sections[s].offset &&
                   at < header->sections[s].offset + header->sections[s].size;
      bytes[at] ^= mask;
      if (covered)
        assert_refused (bytes, size);
      bytes[at] ^= mask;
    }
  g_rand_free (random);
}

static void
forge (guint8 *bytes, gsize size, GRand *random)
{
  const GanderIndexHeader *header = (const GanderIndexHeader *)(gpointer)bytes;
  guint section = (guint)g_rand_int_range (random, 0, GANDER_N_SECTIONS + 1);
  gsize begin = section < GANDER_N_SECTIONS ? header->sections[section].offset : 0;
  gsize length =
      section < GANDER_N_SECTIONS ? header->sections[section].size : GANDER_INDEX_HEADER_SIZE;
  static const guint8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

  for (gint32 i = g_rand_int_range (random, 1, 9); i > 0 && length > 0; i--)
    {
      gsize at = begin + (gsize)g_rand_int_range (random, 0, (gint32)length);
      gsize n = (gsize)g_rand_int_range (random, 1, 9);
      guint8 value = values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
      if (at + n <= size)
        memset (bytes + at, value, n);
    }
}

static void
test_forged (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);
  GRand *random = g_rand_new_with_seed (2);
  guint n_opened = 0;

  for (guint i = 0; i < N_FORGED; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GanderIndex) index = NULL;
      forge (copy, size, random);
      test_sign_index (copy, size);
      index = test_open_index (copy, size, NULL, NULL);
      if (index == NULL)
        continue;
      n_opened++;
      ask_everything (index);
    }
  g_test_message ("%u of %u forged files opened", n_opened, N_FORGED);
  g_assert_cmpuint (n_opened, >, N_FORGED / 2);
  g_rand_free (random);
}

/* A block that went bad after the index was opened reads as nothing, and is told. */
static void
test_bad_block (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);
  const GanderIndexHeader *header = (const GanderIndexHeader *)(gpointer)bytes;
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GError) error = NULL;

  /* The number of spans of the first block. */
  bytes[header->sections[GANDER_SECTION_BLOCKS].offset + G_STRUCT_OFFSET (GanderBlockHeader, n)] =
      255;
  test_sign_index (bytes, size);
  index = test_open_index (bytes, size, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (gander_index_is_broken (index));
  ask_everything (index);
  g_assert_true (gander_index_is_broken (index));
}

static guint
count_checked (const GanderIndex *index)
{
  guint n = 0;

  for (guint64 i = 0; i < gander_index_n (index, PAGE_SUMS); i++)
    n += index->checked[i];
  return n;
}

/* What is looked at follows what is asked for, not what is there. */
static void
test_lazy (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_large_index (&size);
  g_autoptr (GanderIndex) index = test_open_index (bytes, size, NULL, NULL);
  guint n_lanes = gander_index_get_n_lanes (index);
  guint n_opened = count_checked (index);
  GanderLane lane;

  g_assert_cmpuint (gander_index_n (index, PAGE_SUMS), >, 2 * n_opened);
  gander_index_get_life (index, n_lanes / 2, &lane);
  g_assert_cmpuint (count_checked (index), ==, n_opened + 1);
  gander_index_get_life (index, n_lanes / 2, &lane);
  g_assert_cmpuint (count_checked (index), ==, n_opened + 1);
  ask_everything (index);
  g_assert_cmpuint (count_checked (index), >, n_opened + 1);
  g_assert_false (gander_index_is_broken (index));
}

/* A bit that flipped in a part that opening does not look at is found when the part is used. */
static void
test_late (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_large_index (&size);
  const GanderIndexHeader *header = (const GanderIndexHeader *)(gpointer)bytes;
  guint n_late = 0;

  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    {
      const GanderSectionEntry *entry = &header->sections[i];
      guint8 *byte = bytes + entry->offset + entry->size / 2;
      g_autoptr (GanderIndex) index = NULL;
      if (entry->size == 0)
        continue;
      *byte ^= 8;
      index = test_open_index (bytes, size, NULL, NULL);
      *byte ^= 8;
      if (index == NULL)
        continue;
      g_assert_false (gander_index_is_broken (index));
      ask_everything (index);
      g_assert_true (gander_index_is_broken (index));
      n_late++;
    }
  /* Blocks, lanes, cells of grids, points. */
  g_assert_cmpuint (n_late, >=, 4);
}

/* Runs @work in a process of its own. Returns: its status. */
static int
run_apart (void (*work) (gpointer), gpointer data)
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      struct rlimit none = { 0, 0 };
      (void)setrlimit (RLIMIT_CORE, &none);
      work (data);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

typedef struct
{
  const guint8 *bytes;
  gsize size;
  gsize cut;
} Cut;

/* The file of an index that is in use is cut short: what is gone reads as zeros. */
static void
cut_below (gpointer data)
{
  Cut *self = data;
  int fd = memfd_create ("cut", 0);
  g_autoptr (GanderIndex) index = NULL;

  if (write (fd, self->bytes, self->size) != (gssize)self->size)
    _exit (2);
  index = gander_index_open_fd (fd, "cut", NULL, NULL);
  if (index == NULL || gander_index_is_broken (index) || ftruncate (fd, (off_t)self->cut) != 0)
    _exit (3);
  ask_everything (index);
  if (!gander_index_is_broken (index))
    _exit (4);
}

static void
test_cut_below (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_large_index (&size);

  for (guint i = 0; i < 5; i++)
    {
      Cut cut = { bytes, size, size * i / 5 };
      g_assert_cmpint (run_apart (cut_below, &cut), ==, 0);
    }
}

/* A map that is nobody's concern here. */
static void
read_lost_page (G_GNUC_UNUSED gpointer data)
{
  int fd = memfd_create ("lost", 0);
  volatile const char *map = NULL;

  if (ftruncate (fd, 8192) != 0)
    _exit (2);
  map = mmap (NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED || ftruncate (fd, 0) != 0)
    _exit (3);
  _exit (map[5000] == 0 ? 4 : 5);
}

static void
exit_cb (G_GNUC_UNUSED int number)
{
  _exit (42);
}

/* @data: what SIGBUS did before an index was opened for the first time in the process. */
static void
read_guarded (gpointer data)
{
  g_autofree guint8 *map = g_malloc (4096);
  void (**before) (int) = data;
  gint broken = 0;

  (void)signal (SIGBUS, *before);
  if (!gander_map_guard_add (map, 4096, &broken))
    _exit (6);
  read_lost_page (NULL);
}

/* SIGBUS elsewhere is what it was. */
static void
test_not_ours (void)
{
  void (*before) (int) = SIG_DFL;
  int status = run_apart (read_guarded, &before);

  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGBUS);
  before = exit_cb;
  status = run_apart (read_guarded, &before);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 42);
}

static void
test_other (void)
{
  gsize size = 0;
  g_autofree guint8 *bytes = make_index (&size);
  GanderIndexHeader *header = (GanderIndexHeader *)(gpointer)bytes;
  GanderIdentity identity = { .size = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (test_open_index (bytes, size, &identity, &error));
  g_assert_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_BAD_INDEX);
  header->version++;
  test_sign_index (bytes, size);
  assert_refused (bytes, size);
  header->version--;
  header->endianness = GUINT32_SWAP_LE_BE (header->endianness);
  test_sign_index (bytes, size);
  assert_refused (bytes, size);
}

static void
test_crc (void)
{
  guint8 zeros[32] = { 0 };
  guint8 ascending[32];

  /* RFC 3720, B.4. */
  g_assert_cmphex (gander_crc32c (0, zeros, 32), ==, 0x8a9136aa);
  for (guint8 i = 0; i < 32; i++)
    ascending[i] = i;
  g_assert_cmphex (gander_crc32c (0, ascending, 32), ==, 0x46dd794e);
  for (gsize split = 0; split <= 32; split++)
    g_assert_cmphex (gander_crc32c (gander_crc32c (0, ascending, split),
                                    ascending + split,
                                    32 - split),
                     ==,
                     0x46dd794e);
}

/* Long data in one go, which is taken in parts, is what it is byte by byte. */
static void
test_crc_long (void)
{
  g_autofree guint8 *bytes = g_malloc (20000);
  guint32 crc = 0;

  for (guint i = 0; i < 20000; i++)
    bytes[i] = (guint8)g_test_rand_int ();
  for (gsize size = 0; size < 20000; size++)
    {
      if (size % 61 == 0 || size % 1360 < 9)
        g_assert_cmphex (gander_crc32c (0, bytes, size), ==, crc);
      crc = gander_crc32c (crc, bytes + size, 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* First: a process remembers what SIGBUS did before it opened an index. */
  g_test_add_func ("/reader/index/not-ours", test_not_ours);
  g_test_add_func ("/reader/index/crc", test_crc);
  g_test_add_func ("/reader/index/crc-long", test_crc_long);
  g_test_add_func ("/reader/index/cut", test_cut);
  g_test_add_func ("/reader/index/longer", test_longer);
  g_test_add_func ("/reader/index/changed", test_changed);
  g_test_add_func ("/reader/index/forged", test_forged);
  g_test_add_func ("/reader/index/bad-block", test_bad_block);
  g_test_add_func ("/reader/index/lazy", test_lazy);
  g_test_add_func ("/reader/index/late", test_late);
  g_test_add_func ("/reader/index/cut-below", test_cut_below);
  g_test_add_func ("/reader/index/other", test_other);
  return g_test_run ();
}
