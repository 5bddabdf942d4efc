/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/reader-error.h"
#include "reader/trace.h"
#include "tests/support/trace-builder.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Hand-made traces with one fault each: what is said about it, and how much is kept. Every damage
 * code must come up here, and every error of the reader of traces in test-source.c.
 */

#define NONE       TRACE_BUILDER_NO_THREAD
#define NS         1000000000u /* a frequency at which a unit is a nanosecond */
#define CODE(name) GANDER_DAMAGE_##name

typedef struct
{
  guint64 n_kinds[GANDER_N_EVENT_KINDS];
  guint64 n_damage[GANDER_N_DAMAGE_CODES];
  guint64 n_lost;
  GanderTime last;
  guint64 offset; /* of the last damage */
  GString *story; /* transitions and gaps, one word each */
} Outcome;

static gboolean seen[GANDER_N_DAMAGE_CODES];

static void
event_cb (gpointer data, const GanderEvent *event)
{
  Outcome *outcome = data;

  g_assert_cmpint (event->time, >, outcome->last);
  outcome->last = event->time;
  outcome->n_kinds[event->kind]++;
  if (outcome->story == NULL)
    return;
  if (event->kind == GANDER_EVENT_TRANSITION || event->kind == GANDER_EVENT_GAP)
    g_string_append_printf (outcome->story,
                            "%s%c%" G_GINT64_FORMAT ":",
                            outcome->story->len > 0 ? " " : "",
                            "-gpm"[event->resource],
                            event -> id);
  if (event->kind == GANDER_EVENT_GAP)
    g_string_append_c (outcome->story, '?');
  if (event->kind == GANDER_EVENT_TRANSITION)
    g_string_append_printf (outcome->story, "%c%c", "unrRwsi"[event->from], "unrRwsi"[event->to]);
}

static void
generation_cb (gpointer data G_GNUC_UNUSED, const GanderGeneration *generation G_GNUC_UNUSED)
{
}

static void
damage_cb (gpointer data, const GanderDamage *damage)
{
  Outcome *outcome = data;

  g_assert_cmpuint (damage->count, >=, 1);
  g_assert_nonnull (gander_damage_get_id (damage->code));
  g_assert_nonnull (gander_damage_get_sentence (damage->code));
  outcome->n_damage[damage->code] += damage->count;
  outcome->n_lost += damage->events_lost;
  outcome->offset = damage->offset;
  seen[damage->code] = TRUE;
}

static const GanderSink sink = { event_cb, generation_cb, damage_cb, NULL };

static gboolean
read_bytes (const guint8 *bytes, gsize size, Outcome *outcome, GError **error)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  GanderTraceInfo info;

  outcome->last = -1;
  return gander_trace_read_bytes (bytes, size, dictionary, &sink, outcome, &info, error);
}

/* G1 runs on thread 100 and P0 in generation @generation, from unit @time on. Leaves the batch
 * open. */
static void
begin_running (TraceBuilder *b, guint64 generation, guint64 time)
{
  trace_builder_begin (b, generation, 100, time);
  PUT (b, 13, 1, 0, 1);      /* P0 running */
  PUT (b, 25, 1, 1, 100, 2); /* G1 running */
}

/* The same with what a complete trace needs. */
static void
begin_trace (TraceBuilder *b, guint version)
{
  trace_builder_init (b, version);
  trace_builder_clock (b, 1, 1000, NS);
  begin_running (b, 1, 1000);
}

static void
end_trace (TraceBuilder *b)
{
  trace_builder_end (b);
  trace_builder_end_generation (b);
}

/* G1 blocks: an event that tells whether reading went on. */
static void
put_block (TraceBuilder *b)
{
  PUT (b, 20, 1, 0, 0);
}

typedef struct
{
  const char *name;
  void (*build) (TraceBuilder *b);
  GanderDamageCode code;
  guint64 count;
  const char *story;
} Case;

static void
build_cut (TraceBuilder *b)
{
  begin_trace (b, 23);
  put_block (b);
  end_trace (b);
  g_byte_array_set_size (b->bytes, b->bytes->len - 1);
}

static void
build_cut_header (TraceBuilder *b)
{
  begin_trace (b, 23);
  put_block (b);
  end_trace (b);
  trace_builder_raw (b, "\x01\x01\x80", 3);
}

static void
build_before_header (TraceBuilder *b)
{
  g_autoptr (GByteArray) trace = NULL;

  begin_trace (b, 23);
  put_block (b);
  end_trace (b);
  trace = g_steal_pointer (&b->bytes);
  b->bytes = g_byte_array_new ();
  trace_builder_raw (b, "hello from main\n", 16);
  trace_builder_raw (b, trace->data, trace->len);
}

static void
build_newer (TraceBuilder *b)
{
  begin_trace (b, 27);
  put_block (b);
  end_trace (b);
}

static void
build_second (TraceBuilder *b)
{
  begin_trace (b, 23);
  put_block (b);
  end_trace (b);
  trace_builder_raw (b, "go 1.23 trace\0\0", 16);
}

/* A line of the program's own output between two batches. */
static void
build_framing (TraceBuilder *b)
{
  begin_trace (b, 23);
  end_trace (b);
  trace_builder_raw (b, "starting up\n", 12);
  trace_builder_begin (b, 1, 100, 1010);
  put_block (b);
  end_trace (b);
}

static void
build_huge_batch (TraceBuilder *b)
{
  begin_trace (b, 23);
  end_trace (b);
  trace_builder_raw (b, "\x01\x01\x64\xe8\x07\x81\x80\x04", 8);
  trace_builder_begin (b, 1, 100, 1010);
  put_block (b);
  end_trace (b);
}

static void
build_stray (TraceBuilder *b)
{
  begin_trace (b, 23);
  end_trace (b);
  trace_builder_begin (b, 9, 100, 1005);
  put_block (b);
  end_trace (b);
  trace_builder_begin (b, 1, 100, 1010);
  put_block (b);
  end_trace (b);
}

/* Generations 1 and 3. */
static void
build_generation_lost (TraceBuilder *b)
{
  begin_trace (b, 23);
  end_trace (b);
  trace_builder_clock (b, 3, 2000, NS);
  begin_running (b, 3, 2000);
  put_block (b);
  end_trace (b);
}

static void
build_unfinished (TraceBuilder *b)
{
  begin_trace (b, 26);
  put_block (b);
  trace_builder_end (b);
}

static void
build_no_frequency (TraceBuilder *b)
{
  trace_builder_init (b, 23);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
build_zero_frequency (TraceBuilder *b)
{
  trace_builder_init (b, 23);
  trace_builder_clock (b, 1, 1000, 0);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
build_two_frequencies (TraceBuilder *b)
{
  trace_builder_init (b, 23);
  trace_builder_clock (b, 1, 1000, NS);
  trace_builder_clock (b, 1, 1000, 2 * (guint64)NS);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
build_no_snapshot (TraceBuilder *b)
{
  trace_builder_init (b, 25);
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, 50);
  PUT (b, 8, NS);
  trace_builder_end (b);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
build_two_snapshots (TraceBuilder *b)
{
  trace_builder_init (b, 25);
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, 50);
  PUT (b, 8, NS);
  PUT (b, 51, 0, 1, 2, 3);
  PUT (b, 51, 0, 1, 2, 3);
  trace_builder_end (b);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
build_bad_sync (TraceBuilder *b)
{
  trace_builder_init (b, 25);
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, 50);
  PUT (b, 8, NS);
  PUT (b, 51, 0, 1, 2, 3);
  PUT (b, 77);
  trace_builder_end (b);
  begin_running (b, 1, 1000);
  put_block (b);
  end_trace (b);
}

static void
begin_table (TraceBuilder *b, guint8 kind)
{
  begin_trace (b, 23);
  put_block (b);
  trace_builder_end (b);
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, kind);
}

static void
build_long_string (TraceBuilder *b)
{
  begin_table (b, 4);
  trace_builder_string (b, 1, "good");
  PUT (b, 5, 2, 1025);
  end_trace (b);
}

static void
build_string_claim (TraceBuilder *b)
{
  begin_table (b, 4);
  PUT (b, 5, 2, G_GUINT64_CONSTANT (1) << 32);
  end_trace (b);
}

static void
build_string_twice (TraceBuilder *b)
{
  begin_table (b, 4);
  trace_builder_string (b, G_MAXUINT64, "one");
  trace_builder_string (b, G_MAXUINT64, "two");
  end_trace (b);
}

static void
build_string_unknown (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 20, 1, 7, 0);
  end_trace (b);
}

static void
build_deep_stack (TraceBuilder *b)
{
  begin_table (b, 2);
  PUT (b, 3, 1, 129);
  end_trace (b);
}

static void
build_stack_twice (TraceBuilder *b)
{
  begin_table (b, 2);
  PUT (b, 3, 1, 0);
  PUT (b, 3, 1, 0);
  end_trace (b);
}

static void
build_stack_unknown (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 20, 1, 0, 7);
  end_trace (b);
}

static void
build_frame_string (TraceBuilder *b)
{
  begin_table (b, 2);
  PUT (b, 3, 1, 1, 0x401000, 8, 9, 10);
  end_trace (b);
}

static void
build_bad_samples (TraceBuilder *b)
{
  begin_table (b, 6);
  PUT (b, 7, 1000, 100, 0, 1, 0);
  PUT (b, 7, 1000);
  end_trace (b);
}

/* The rest of the batch is lost, and with it what the thread does; its next batch goes on. */
static void
build_unknown_event (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 99);
  put_block (b);
  trace_builder_end (b);
  trace_builder_begin (b, 1, 100, 1020);
  put_block (b);
  PUT (b, 16, 1, 1, 5);
  end_trace (b);
}

static void
build_event_cut (TraceBuilder *b)
{
  begin_trace (b, 23);
  trace_builder_raw (b, "\x14\x01\x80", 3);
  end_trace (b);
}

static void
build_time_range (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 20, G_MAXUINT64, 0, 0);
  end_trace (b);
}

/* A time far in the future between two batches of one thread. */
static void
build_time_order (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 38, (guint64)1 << 50, 5);
  trace_builder_end (b);
  trace_builder_begin (b, 1, 100, 1500);
  put_block (b);
  end_trace (b);
}

/* A batch that claims to be from long ago, and one from far ahead. */
static void
build_batch_order (TraceBuilder *b)
{
  begin_trace (b, 23);
  trace_builder_end (b);
  trace_builder_begin (b, 1, 100, 7);
  PUT (b, 38, 1, 5);
  trace_builder_end (b);
  trace_builder_begin (b, 1, 100, (guint64)1 << 50);
  PUT (b, 38, 1, 5);
  trace_builder_end (b);
  trace_builder_begin (b, 1, 100, 1500);
  put_block (b);
  end_trace (b);
}

/* G9 is started with number 4, but nobody made it. */
static void
build_stuck (TraceBuilder *b)
{
  begin_trace (b, 23);
  put_block (b);
  PUT (b, 16, 1, 9, 4);
  put_block (b);
  end_trace (b);
}

/* G1 leaves a system call it is not in. */
static void
build_state (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 24, 1);
  end_trace (b);
}

static void
build_dropped (TraceBuilder *b)
{
  begin_trace (b, 23);
  put_block (b);
  put_block (b);
  end_trace (b);
}

static void
build_bad_status (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 25, 1, 5, 100, 0);
  PUT (b, 13, 1, 5, 5);
  put_block (b);
  end_trace (b);
}

static void
build_range (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 36, 1);       /* assist ends that never began */
  PUT (b, 26, 1, 0, 0); /* two stops of the world */
  PUT (b, 26, 1, 0, 0);
  put_block (b);
  end_trace (b);
}

static void
build_regions (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 42, 1, 0, 1, 0);
  PUT (b, 42, 1, 0, 2, 0);
  PUT (b, 43, 1, 0, 1, 0);
  PUT (b, 43, 1, 0, 2, 0);
  trace_builder_end (b);
  trace_builder_begin (b, 1, NONE, 1000);
  PUT (b, 4);
  trace_builder_string (b, 1, "outer");
  trace_builder_string (b, 2, "inner");
  end_trace (b);
}

static void
build_task_twice (TraceBuilder *b)
{
  begin_trace (b, 23);
  PUT (b, 40, 1, 7, 0, 0, 0);
  PUT (b, 40, 1, 7, 0, 0, 0);
  end_trace (b);
}

#define RUNS "p0:uR g1:uR"

/* clang-format off */
static const Case cases[] = {
  { "cut", build_cut, CODE (TRACE_CUT), 1, RUNS " m100:? g1:? p0:?" },
  { "cut-header", build_cut_header, CODE (TRACE_CUT), 1, RUNS " g1:Rw" },
  { "bytes-before-header", build_before_header, CODE (BYTES_BEFORE_HEADER), 1, RUNS " g1:Rw" },
  { "newer-version", build_newer, CODE (NEWER_VERSION), 1, RUNS " g1:Rw" },
  { "second-trace", build_second, CODE (SECOND_TRACE), 1, RUNS " g1:Rw" },
  { "framing", build_framing, CODE (BATCH_FRAMING), 1, RUNS " g1:Rw" },
  { "huge-batch", build_huge_batch, CODE (BATCH_FRAMING), 1, RUNS " g1:Rw" },
  { "stray", build_stray, CODE (BATCH_STRAY), 1, RUNS " g1:Rw" },
  { "generation-lost", build_generation_lost, CODE (GENERATION_ORDER), 1, RUNS " --1:? " RUNS " g1:Rw" },
  { "unfinished", build_unfinished, CODE (GENERATION_UNFINISHED), 1, RUNS " g1:Rw" },
  { "no-frequency", build_no_frequency, CODE (FREQUENCY_MISSING), 1, RUNS " g1:Rw" },
  { "zero-frequency", build_zero_frequency, CODE (FREQUENCY_BAD), 1, RUNS " g1:Rw" },
  { "two-frequencies", build_two_frequencies, CODE (FREQUENCY_TWICE), 1, RUNS " g1:Rw" },
  { "no-snapshot", build_no_snapshot, CODE (SNAPSHOT_MISSING), 1, RUNS " g1:Rw" },
  { "two-snapshots", build_two_snapshots, CODE (SNAPSHOT_TWICE), 1, RUNS " g1:Rw" },
  { "bad-sync", build_bad_sync, CODE (SYNC_BATCH), 1, RUNS " g1:Rw" },
  { "long-string", build_long_string, CODE (STRINGS_BATCH), 1, RUNS " g1:Rw" },
  { "string-claim", build_string_claim, CODE (STRINGS_BATCH), 1, RUNS " g1:Rw" },
  { "string-twice", build_string_twice, CODE (STRING_TWICE), 1, RUNS " g1:Rw" },
  { "string-unknown", build_string_unknown, CODE (STRING_UNKNOWN), 1, RUNS " g1:Rw" },
  { "deep-stack", build_deep_stack, CODE (STACKS_BATCH), 1, RUNS " g1:Rw" },
  { "stack-twice", build_stack_twice, CODE (STACK_TWICE), 1, RUNS " g1:Rw" },
  { "stack-unknown", build_stack_unknown, CODE (STACK_UNKNOWN), 1, RUNS " g1:Rw" },
  { "frame-string", build_frame_string, CODE (FRAME_STRING), 2, RUNS " g1:Rw" },
  { "bad-samples", build_bad_samples, CODE (SAMPLES_BATCH), 1, RUNS " g1:Rw" },
  { "unknown-event", build_unknown_event, CODE (EVENT_TYPE), 1, RUNS " m100:? g1:? p0:? g1:rR" },
  { "event-cut", build_event_cut, CODE (EVENT_CUT), 1, RUNS " m100:? g1:? p0:?" },
  { "time-range", build_time_range, CODE (TIME_RANGE), 1, RUNS " g1:Rw" },
  { "time-order", build_time_order, CODE (TIME_ORDER), 1, RUNS " g1:Rw" },
  { "batch-order", build_batch_order, CODE (TIME_ORDER), 3, RUNS " g1:Rw" },
  { "stuck", build_stuck, CODE (ORDER_STUCK), 1, RUNS " g1:Rw g9:? g9:rR g9:Rw" },
  { "state", build_state, CODE (ORDER_STATE), 1, RUNS " g1:? p0:? g1:sr" },
  { "dropped", build_dropped, CODE (EVENT_DROPPED), 1, RUNS " g1:Rw" },
  { "bad-status", build_bad_status, CODE (STATUS_BAD), 2, RUNS " g1:Rw" },
  { "range", build_range, CODE (RANGE_MISMATCH), 2, RUNS " g1:Rw" },
  { "regions", build_regions, CODE (REGION_MISMATCH), 1, RUNS },
  { "task-twice", build_task_twice, CODE (TASK_TWICE), 1, RUNS },
};
/* clang-format on */

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) story = g_string_new (NULL);
  Outcome outcome = { .story = story };
  TraceBuilder b = { 0 };
  gboolean ok;

  c->build (&b);
  ok = read_bytes (b.bytes->data, b.bytes->len, &outcome, &error);
  trace_builder_clear (&b);

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpstr (story->str, ==, c->story);
  g_assert_cmpuint (outcome.n_damage[c->code], ==, c->count);
  if (c->code == CODE (TIME_ORDER))
    g_assert_cmpint (outcome.last, <, 1600);
}

static char *
make_file (const guint8 *bytes, gsize size)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "gander-XXXXXX", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, (const char *)bytes, (gssize)size, NULL));
  return g_steal_pointer (&path);
}

static void
read_file (const char *path, const GanderSink *with, Outcome *outcome)
{
  g_autoptr (GanderDictionary) dictionary = gander_dictionary_new ();
  g_autoptr (GError) error = NULL;
  GanderTraceInfo info;
  gboolean ok;

  outcome->last = -1;
  ok = gander_trace_read (path, NULL, dictionary, with, outcome, &info, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
}

/* A compressed trace that breaks off: what came out of it is shown. */
static void
test_cut_archive (void)
{
  g_autofree char *packed =
      g_test_build_filename (G_TEST_DIST, "corpus", "v126-file.trace.zst", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *path = NULL;
  gsize size;
  Outcome outcome = { 0 };

  g_assert_true (g_file_get_contents (packed, &contents, &size, NULL));
  path = make_file ((const guint8 *)contents, size - size / 4);
  read_file (path, &sink, &outcome);
  g_remove (path);
  g_assert_cmpuint (outcome.n_damage[CODE (UNPACK_FAILED)], ==, 1);
  g_assert_cmpuint (outcome.n_kinds[GANDER_EVENT_TRANSITION], >, 10000);
}

static const char *shrinking_path;

static void
shrink_cb (gpointer data, const GanderEvent *event)
{
  if (shrinking_path != NULL)
    g_assert_cmpint (truncate (shrinking_path, 200), ==, 0);
  shrinking_path = NULL;
  event_cb (data, event);
}

/* The file is written anew while it is read: no signal, the first batches are kept. */
static void
test_shrinking_file (void)
{
  const GanderSink shrinking = { shrink_cb, generation_cb, damage_cb, NULL };
  g_autofree char *path = NULL;
  Outcome outcome = { 0 };
  TraceBuilder b = { 0 };

  begin_trace (&b, 23);
  put_block (&b);
  end_trace (&b);
  for (guint i = 0; i < 100; i++)
    {
      trace_builder_begin (&b, 1, 100, 2000 + 10 * i);
      PUT (&b, 16, 1, 1, 2 * i + 1);
      put_block (&b);
      PUT (&b, 21, 1, 1, 2 * i + 2, 0);
      end_trace (&b);
    }
  path = make_file (b.bytes->data, b.bytes->len);
  trace_builder_clear (&b);

  shrinking_path = path;
  read_file (path, &shrinking, &outcome);
  g_remove (path);
  g_assert_cmpuint (outcome.n_damage[CODE (READ_FAILED)], >=, 1);
  g_assert_cmpuint (outcome.n_kinds[GANDER_EVENT_TRANSITION], >=, 3);
}

/* Of many faults of a kind the first come one by one, the rest as a count. */
static void
test_many (void)
{
  Outcome outcome = { 0 };
  TraceBuilder b = { 0 };

  trace_builder_init (&b, 23);
  trace_builder_clock (&b, 1, 1000, NS);
  begin_running (&b, 1, 1000);
  trace_builder_end (&b);
  for (guint i = 0; i < 5000; i++)
    {
      trace_builder_begin (&b, 1, 200, 2000);
      PUT (&b, 99);
      trace_builder_end (&b);
    }
  g_assert_true (read_bytes (b.bytes->data, b.bytes->len, &outcome, NULL));
  trace_builder_clear (&b);
  g_assert_cmpuint (outcome.n_damage[CODE (EVENT_TYPE)], ==, 5000);
  g_assert_cmpuint (outcome.n_lost, ==, 5000);
}

/* A generation that lasts long, on a machine that is busy: its strings begin with its first event,
 * its stacks come when all is over, and every event keeps its time. */
static void
test_long_generation (void)
{
  TraceBuilder b;
  Outcome outcome = { 0 };
  g_autoptr (GError) error = NULL;

  begin_trace (&b, 25);
  PUT (&b, 38, (guint64)7 * NS, 5);
  put_block (&b);
  trace_builder_end (&b);
  trace_builder_begin (&b, 1, NONE, 2000);
  PUT (&b, 4);
  trace_builder_string (&b, 1, "chan receive");
  trace_builder_end (&b);
  trace_builder_begin (&b, 1, NONE, (guint64)7 * NS + 5000);
  PUT (&b, 2);
  end_trace (&b);
  g_assert_true (read_bytes (b.bytes->data, b.bytes->len, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (outcome.n_damage[CODE (TIME_ORDER)], ==, 0);
  g_assert_cmpint (outcome.last, >, (GanderTime)7 * NS);
  trace_builder_clear (&b);
}

static void
test_every_code (void)
{
  for (guint code = 0; code < GANDER_N_DAMAGE_CODES; code++)
    {
      if (!seen[code])
        g_test_message ("no test for %s", gander_damage_get_id (code));
      g_assert_true (seen[code]);
    }
}

int
main (int argc, char *argv[])
{
  gboolean all = argc == 1;

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/reader/damage/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/reader/damage/cut-archive", test_cut_archive);
  g_test_add_func ("/reader/damage/shrinking-file", test_shrinking_file);
  g_test_add_func ("/reader/damage/many", test_many);
  g_test_add_func ("/reader/damage/long-generation", test_long_generation);
  if (all)
    g_test_add_func ("/reader/damage/every-code", test_every_code);

  return g_test_run ();
}
