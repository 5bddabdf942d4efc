/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/source.h"
#include "reader/trace.h"

#include <string.h>

/* Traces of the corpus, cut at every byte, and with single bytes changed: reading ends, soon, and
 * what is not hurt is kept. By default every 32nd of them; GANDER_TEST_FULL=1 tries all.
 */

#define N_CHANGES  20000
#define SAMPLED    32
#define EVENT_SIZE 64 /* no event is longer */

static const char *const names[] = { "v122-cgo", "v125-allocfree", "v126-syscalls" };

typedef struct
{
  guint8 *bytes;
  gsize size;
  GArray *offsets; /* guint64, of all events on the wire, in order of the file */
  guint64 n_events;
} Trace;

static Trace traces[G_N_ELEMENTS (names)];

typedef struct
{
  GArray *offsets;
  GanderTime last;
  guint64 n_events;
  guint64 n_gaps;
  guint64 n_damage;
  guint64 n_strings; /* the highest id used */
  GanderDictionary *dictionary;
} Run;

static void
check_ids (Run *run, const GanderEvent *event)
{
  g_assert_cmpuint (event->name, <, gander_dictionary_get_n_strings (run->dictionary));
  g_assert_cmpuint (event->text, <, gander_dictionary_get_n_strings (run->dictionary));
  g_assert_cmpuint (event->stack, <, gander_dictionary_get_n_stacks (run->dictionary));
  g_assert_cmpuint (event->resource_stack, <, gander_dictionary_get_n_stacks (run->dictionary));
}

static void
event_cb (gpointer data, const GanderEvent *event)
{
  Run *run = data;

  g_assert_cmpint (event->time, >, run->last);
  run->last = event->time;
  check_ids (run, event);
  if (event->kind == GANDER_EVENT_GAP)
    run->n_gaps++;
  else
    run->n_events++;
  if (event->wire != 0)
    g_array_append_val (run->offsets, event->offset);
}

static void
generation_cb (gpointer data G_GNUC_UNUSED, const GanderGeneration *generation G_GNUC_UNUSED)
{
}

static void
damage_cb (gpointer data, const GanderDamage *damage)
{
  Run *run = data;

  run->n_damage += damage->count;
}

static gint
compare_offsets (gconstpointer a, gconstpointer b)
{
  guint64 left = *(const guint64 *)a;
  guint64 right = *(const guint64 *)b;

  return left < right ? -1 : left > right;
}

/* Some events on the wire become several. */
static void
drop_doubles (GArray *offsets)
{
  guint n = 0;

  for (guint i = 0; i < offsets->len; i++)
    if (n == 0 || g_array_index (offsets, guint64, n - 1) != g_array_index (offsets, guint64, i))
      g_array_index (offsets, guint64, n++) = g_array_index (offsets, guint64, i);
  g_array_set_size (offsets, n);
}

static void
run_clear (Run *run)
{
  g_array_unref (run->offsets);
  gander_dictionary_free (run->dictionary);
}

/* Returns: whether anything could be read. */
static gboolean
run_bytes (Run *run, const guint8 *bytes, gsize size)
{
  static const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };
  g_autoptr (GError) error = NULL;
  GanderTraceInfo info;
  gboolean ok;

  *run = (Run){ .offsets = g_array_new (FALSE, FALSE, sizeof (guint64)),
                .dictionary = gander_dictionary_new (),
                .last = -1 };
  ok = gander_trace_read_bytes (bytes, size, run->dictionary, &sink, run, &info, &error);
  g_assert_true (ok == (error == NULL));
  g_array_sort (run->offsets, compare_offsets);
  drop_doubles (run->offsets);
  return ok;
}

static guint
step (void)
{
  return g_getenv ("GANDER_TEST_FULL") != NULL ? 1 : SAMPLED;
}

static guint64
n_before (const GArray *offsets, guint64 end)
{
  guint64 n = 0;

  while (n < offsets->len && g_array_index (offsets, guint64, n) + EVENT_SIZE <= end)
    n++;
  return n;
}

/* Every event that is whole before the cut is there, but for one in a thousand: those of which
 * the trace does not tell any more whom they are about. */
static void
test_prefixes (gconstpointer data)
{
  const Trace *trace = data;
  gsize first = step () == 1 ? 0 : (gsize)g_test_rand_int_range (0, SAMPLED);
  guint64 n_whole = 0;
  guint64 n_kept = 0;

  for (gsize size = first; size < trace->size; size += step ())
    {
      /* A copy of its own, so that a sanitizer sees one byte too far. */
      g_autofree guint8 *bytes = g_memdup2 (trace->bytes, size);
      Run run;

      run_bytes (&run, bytes, size);
      n_whole += n_before (trace->offsets, size);
      n_kept += n_before (run.offsets, size);
      run_clear (&run);
    }
  g_test_message ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " events kept", n_kept, n_whole);
  g_assert_cmpuint (n_kept * 1000, >=, n_whole * 999);
}

/* What stands before the change in the order of events is as it was: at least the generations
 * before it. */
static void
test_changes (gconstpointer data)
{
  const Trace *trace = data;
  guint n = N_CHANGES / G_N_ELEMENTS (names) / step () + 1;
  guint64 n_kept = 0;
  guint64 n_all = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree guint8 *bytes = g_memdup2 (trace->bytes, trace->size);
      gsize at = (gsize)g_test_rand_int_range (0, (gint32)trace->size);
      Run run;

      bytes[at] ^= (guint8)g_test_rand_int_range (1, 256);
      run_bytes (&run, bytes, trace->size);
      n_kept += MIN (run.offsets->len, trace->offsets->len);
      n_all += trace->offsets->len;
      run_clear (&run);
    }
  g_test_message ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " events kept", n_kept, n_all);
  g_assert_cmpuint (n_kept * 100, >=, n_all * 90);
}

/* Changes of several bytes, blocks moved, doubled and blanked. */
static void
test_blocks (gconstpointer data)
{
  const Trace *trace = data;
  guint n = N_CHANGES / G_N_ELEMENTS (names) / step () + 1;

  for (guint i = 0; i < n; i++)
    {
      g_autofree guint8 *bytes = g_memdup2 (trace->bytes, trace->size);
      gsize size = (gsize)g_test_rand_int_range (2, 2000);
      gsize from = (gsize)g_test_rand_int_range (0, (gint32)(trace->size - size));
      gsize to = (gsize)g_test_rand_int_range (0, (gint32)(trace->size - size));
      Run run;

      switch (g_test_rand_int_range (0, 3))
        {
        case 0:
          memmove (bytes + to, bytes + from, size);
          break;
        case 1:
          memset (bytes + to, g_test_rand_bit () ? 0 : 0xff, size);
          break;
        default:
          for (gsize k = 0; k < size; k += 37)
            bytes[to + k] = (guint8)g_test_rand_int_range (0, 256);
          break;
        }
      run_bytes (&run, bytes, trace->size);
      run_clear (&run);
    }
}

static void
load (Trace *trace, const char *name)
{
  g_autofree char *path =
      g_strconcat (g_test_get_dir (G_TEST_DIST), "/corpus/", name, ".trace.zst", NULL);
  g_autoptr (GanderSource) source =
      gander_source_open (path, GANDER_UNPACK_LIMIT_DEFAULT, NULL, NULL, NULL);
  const guint8 *bytes;
  gsize got;
  Run run;

  g_assert_nonnull (source);
  trace->size = (gsize)gander_source_get_size (source);
  g_assert_cmpuint (trace->size, <=, 65536);
  trace->bytes = g_malloc (trace->size);
  bytes = gander_source_get (source, 0, trace->size, trace->bytes, &got);
  g_assert_cmpuint (got, ==, trace->size);
  if (bytes != trace->bytes)
    memcpy (trace->bytes, bytes, got);

  g_assert_true (run_bytes (&run, trace->bytes, trace->size));
  g_assert_cmpuint (run.n_damage, ==, 0);
  g_assert_cmpuint (run.n_gaps, ==, 0);
  trace->offsets = g_array_ref (run.offsets);
  trace->n_events = run.n_events;
  run_clear (&run);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *prefixes = g_strconcat ("/reader/hostile/prefixes/", names[i], NULL);
      g_autofree char *changes = g_strconcat ("/reader/hostile/changes/", names[i], NULL);
      g_autofree char *blocks = g_strconcat ("/reader/hostile/blocks/", names[i], NULL);

      load (&traces[i], names[i]);
      g_test_add_data_func (prefixes, &traces[i], test_prefixes);
      g_test_add_data_func (changes, &traces[i], test_changes);
      g_test_add_data_func (blocks, &traces[i], test_blocks);
    }

  return g_test_run ();
}
