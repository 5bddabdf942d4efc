/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The blocking profiles of every trace in tests/corpus, by the sound rule and by Go's, equal the
 * reference reports in tests/corpus/figures: every figure of every stack. Then laws: a profile says
 * what statistics say, for any part of a trace.
 */

/* The program of this trace has 13 threads: Go's own order of its events with equal times is an
 * accident of an unstable sort, ours is the documented one, and every wait may differ by 2 ns. */
#define MANY_THREADS "v125-file"

#define SHOWN 8 /* differences that are printed per trace */

static guint n_agree, n_traces;

typedef struct
{
  GanderIndex *index;
  gboolean loose;
  guint n_wrong;
} Case;

static GanderProfile *
compute (GanderIndex *index,
         GanderTime begin,
         GanderTime end,
         GanderProfileKind kind,
         GanderProfileRule rule,
         gboolean percentiles,
         GanderProfileLabels labels)
{
  const GanderProfileOptions options = { kind, rule, percentiles, labels };
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GError) error = NULL;
  GanderProfile *profile = gander_profile_compute (index, scope, &options, NULL, &error);

  g_assert_no_error (error);
  return profile;
}

static GanderProfile *
compute_whole (GanderIndex *index, GanderProfileKind kind)
{
  return compute (index, 0, G_MAXINT64, kind, GANDER_PROFILE_SOUND, TRUE, 0);
}

/* Members that are zero may be left out. */
static gint64
get_int (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static void
same (Case *test, const char *who, const char *what, gint64 slack, gint64 ours, gint64 theirs)
{
  if (ABS (ours - theirs) > (test->loose ? slack : 0) && test->n_wrong++ < SHOWN)
    g_test_message ("%s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                    who,
                    what,
                    ours,
                    theirs);
}

static void
compare_figures (Case *test, const char *who, const GanderProfileFigures *ours, JsonObject *theirs)
{
  gint64 n = (gint64)ours->count;

  same (test, who, "count", 0, n, get_int (theirs, "count"));
  same (test, who, "open", 0, (gint64)ours->open, get_int (theirs, "open"));
  same (test, who, "total_ns", 2 * n, ours->total, get_int (theirs, "total_ns"));
  same (test, who, "max_ns", 2, ours->max, get_int (theirs, "max_ns"));
  same (test, who, "p50_ns", 2, ours->p50, get_int (theirs, "p50_ns"));
  same (test, who, "p95_ns", 2, ours->p95, get_int (theirs, "p95_ns"));
  same (test, who, "p99_ns", 2, ours->p99, get_int (theirs, "p99_ns"));
}

static char *
join_stack (JsonArray *frames)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (frames); i++)
    g_string_append_printf (text,
                            "%s%s",
                            i == 0 ? "" : "\n",
                            json_array_get_string_element (frames, i));
  return g_string_free (text, FALSE);
}

/* The record with this stack among the @n of @records; the one at @hint when the order is the
 * same. */
static const GanderProfileRecord *
find_record (Case *test, const GanderProfileRecord *records, guint n, guint hint, const char *stack)
{
  for (guint i = 0; i < n; i++)
    {
      guint at = (hint + i) % n;
      g_autofree char *text = gander_stack_format (test->index, records[at].stack, "\n");
      if (g_str_equal (text, stack))
        {
          if (i > 0)
            same (test, stack, "place in the order", (gint64)n, at, hint);
          return &records[at];
        }
    }
  return NULL;
}

static void
compare_profile (Case *test, const GanderProfile *profile, const char *who, JsonObject *theirs)
{
  JsonArray *list = json_object_get_array_member (theirs, "records");
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (profile, &n);

  compare_figures (test, who, gander_profile_get_sum (profile), theirs);
  same (test, who, "records", 0, n, json_array_get_length (list));
  for (guint i = 0; i < json_array_get_length (list) && n > 0; i++)
    {
      JsonObject *object = json_array_get_object_element (list, i);
      g_autofree char *stack = join_stack (json_object_get_array_member (object, "stack"));
      g_autofree char *where = g_strdup_printf ("%s %s", who, stack);
      const GanderProfileRecord *record = find_record (test, records, n, i, stack);
      if (record == NULL)
        same (test, where, "records", 0, 0, 1);
      else
        compare_figures (test, where, &record->figures, object);
    }
}

/* A profile without percentiles is made another way where it can be. */
static void
compare_quick (Case *test, const char *who, const GanderProfile *profile, gboolean labels)
{
  const GanderProfileOptions *options = gander_profile_get_options (profile);
  g_autoptr (GanderProfile) quick =
      compute (test->index,
               0,
               G_MAXINT64,
               options->kind,
               options->rule,
               FALSE,
               labels ? GANDER_LABEL_STATE | GANDER_LABEL_REASON | GANDER_LABEL_FUNCTION : 0);
  guint n = 0, n_quick = 0, n_samples = 0;
  const GanderProfileRecord *records = gander_profile_get_records (profile, &n);
  const GanderProfileRecord *others = gander_profile_get_records (quick, &n_quick);
  const GanderProfileSample *samples = gander_profile_get_samples (quick, &n_samples);
  g_autofree GanderProfileFigures *sums = g_new0 (GanderProfileFigures, n + 1);

  same (test, who, "records of the quick way", 0, n_quick, n);
  for (guint i = 0; i < MIN (n, n_quick); i++)
    {
      same (test,
            who,
            "quick count",
            0,
            (gint64)others[i].figures.count,
            (gint64)records[i].figures.count);
      same (test,
            who,
            "quick open",
            0,
            (gint64)others[i].figures.open,
            (gint64)records[i].figures.open);
      same (test, who, "quick total", 0, others[i].figures.total, records[i].figures.total);
      same (test, who, "quick max", 0, others[i].figures.max, records[i].figures.max);
    }
  for (guint i = 0; i < n_samples; i++)
    {
      g_assert_cmpuint (samples[i].record, <, n);
      sums[samples[i].record].count += samples[i].count;
      sums[samples[i].record].total += samples[i].total;
    }
  for (guint i = 0; i < n; i++)
    {
      same (test, who, "sum of samples", 0, sums[i].total, records[i].figures.total);
      same (test,
            who,
            "count of samples",
            0,
            (gint64)sums[i].count,
            (gint64)records[i].figures.count);
    }
}

static void
test_trace (gconstpointer name)
{
  static const char *const rules[] = {
    [GANDER_PROFILE_SOUND] = "sound", [GANDER_PROFILE_GO] = "go"
  };
  g_autoptr (JsonNode) report = test_corpus_load_figures (name);
  JsonObject *profiles = json_object_get_object_member (json_node_get_object (report), "profiles");
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  Case test = { index, g_str_equal (name, MANY_THREADS), 0 };

  for (guint rule = 0; rule < G_N_ELEMENTS (rules); rule++)
    for (guint kind = 0; kind < GANDER_PROFILE_WAKER; kind++)
      {
        const char *id = gander_profile_kind_get_id ((GanderProfileKind)kind);
        JsonObject *theirs =
            json_object_get_object_member (json_object_get_object_member (profiles, rules[rule]),
                                           id);
        g_autofree char *who = g_strdup_printf ("%s %s", rules[rule], id);
        g_autoptr (GanderProfile) profile = compute (index,
                                                     0,
                                                     G_MAXINT64,
                                                     (GanderProfileKind)kind,
                                                     (GanderProfileRule)rule,
                                                     TRUE,
                                                     0);
        compare_profile (&test, profile, who, theirs);
        compare_quick (&test, who, profile, FALSE);
        compare_quick (&test, who, profile, TRUE);
      }
  n_traces++;
  n_agree += test.n_wrong == 0;
  if (test.n_wrong > 0)
    g_test_fail_printf ("%u differences", test.n_wrong);
}

static void
test_tally (void)
{
  g_test_message ("agree %u of %u", n_agree, n_traces);
  g_assert_cmpuint (n_agree, ==, n_traces);
}

/* Traces with all that profiles are about. */
static const char *const law_traces[] = { "v126-http", "v126-syscalls", "v126-tasks", "v126-cgo",
                                          "v126-coro", "v126-locks",    "v126-file" };

static GanderTime
get_total (GanderIndex *index, GanderTime begin, GanderTime end, GanderProfileKind kind)
{
  g_autoptr (GanderProfile) profile =
      compute (index, begin, end, kind, GANDER_PROFILE_SOUND, FALSE, 0);

  return gander_profile_get_sum (profile)->total;
}

/* What the statistics of all goroutines say. */
static void
get_stats (GanderIndex *index, GanderTime begin, GanderTime end, GanderTime *out)
{
  g_autoptr (GanderScope) scope = gander_scope_new (index, begin, end);
  g_autoptr (GanderTally) tally = gander_tally_new (index, FALSE);
  const GanderTimes *times = NULL;

  g_assert_true (gander_tally_add_scope (tally, scope, NULL, NULL));
  times = gander_tally_get_times (tally);
  out[GANDER_PROFILE_NET] = times->waiting[GANDER_WAIT_NETWORK];
  out[GANDER_PROFILE_SYNC] = times->sync_block;
  out[GANDER_PROFILE_SYSCALL] = times->syscall + times->syscall_blocked;
  out[GANDER_PROFILE_SCHED] = times->runnable;
}

/* Profiles say what statistics say, and the profiles of two parts add up. */
static void
test_ranges (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  GanderTime duration = gander_index_get_facts (index)->duration;

  for (guint round = 0; round < 20; round++)
    {
      GanderTime at[3];
      GanderTime stats[GANDER_N_PROFILES] = { 0 };
      for (guint i = 0; i < 3; i++)
        at[i] = (GanderTime)(g_test_rand_double () * (double)duration);
      at[0] = MIN (at[0], MIN (at[1], at[2]));
      at[2] = MAX (at[2], at[1]);
      at[1] = MAX (at[1], at[0]);
      if (round == 0)
        {
          at[0] = 0;
          at[2] = duration;
        }
      get_stats (index, at[0], at[2], stats);
      for (guint kind = 0; kind < GANDER_N_PROFILES; kind++)
        {
          GanderTime both = get_total (index, at[0], at[2], (GanderProfileKind)kind);
          g_assert_cmpint (get_total (index, at[0], at[1], (GanderProfileKind)kind) +
                               get_total (index, at[1], at[2], (GanderProfileKind)kind),
                           ==,
                           both);
          if (kind != GANDER_PROFILE_WAKER)
            g_assert_cmpint (both, ==, stats[kind]);
        }
    }
}

/* Every wait that a goroutine ended, and its waker's stack, as one query a span tells it. */
static void
test_waker (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);
  g_autoptr (GanderProfile) profile = compute_whole (index, GANDER_PROFILE_WAKER);
  g_autoptr (GanderStackSet) stacks = gander_stack_set_new (index);
  g_autoptr (GHashTable) totals =
      g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (profile, &n);

  for (guint32 lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderSpanIter iter;
      GanderSpan span, wake;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        if (span.state == GANDER_STATE_BLOCKED && gander_query_wake (index, &span, &wake) &&
            wake.link != GANDER_LANE_NONE)
          {
            gpointer key = GUINT_TO_POINTER (gander_stack_set_get_number (stacks, wake.stack));
            gint64 *total = g_hash_table_lookup (totals, key);
            if (total == NULL)
              {
                total = g_new0 (gint64, 1);
                g_hash_table_insert (totals, key, total);
              }
            *total += span.end - span.begin;
          }
    }
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, ==, g_hash_table_size (totals));
  for (guint i = 0; i < n; i++)
    {
      guint number = gander_stack_set_get_number (stacks, records[i].stack);
      const gint64 *total = g_hash_table_lookup (totals, GUINT_TO_POINTER (number));
      g_assert_nonnull (total);
      g_assert_cmpint (records[i].figures.total, ==, *total);
    }
}

/* Parts by goroutine, and by label, add up to the whole. */
static void
test_parts (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);

  for (guint kind = 0; kind < GANDER_N_PROFILES; kind++)
    {
      const GanderProfileOptions options = { (GanderProfileKind)kind,
                                             GANDER_PROFILE_SOUND,
                                             FALSE,
                                             GANDER_LABEL_GOROUTINE | GANDER_LABEL_STATE |
                                                 GANDER_LABEL_TASK | GANDER_LABEL_REGION };
      g_autoptr (GanderScope) all = gander_scope_new (index, 0, G_MAXINT64);
      g_autoptr (GError) error = NULL;
      g_autoptr (GanderProfile) whole = gander_profile_compute (index, all, &options, NULL, &error);
      guint n = 0;
      const GanderProfileSample *samples = gander_profile_get_samples (whole, &n);
      g_autofree GanderTime *labelled =
          g_new0 (GanderTime, gander_index_get_facts (index)->n_goroutines + 1);
      GanderTime sum = 0;
      g_assert_no_error (error);
      for (guint i = 0; i < n; i++)
        labelled[samples[i].goroutine] += samples[i].total;
      for (guint32 i = 0; i < gander_index_get_facts (index)->n_goroutines; i++)
        {
          g_autoptr (GanderScope) scope = gander_scope_new (index, 0, G_MAXINT64);
          g_autoptr (GanderProfile) one = NULL;
          GanderLane lane;
          GanderTime total = 0;
          gander_index_get_lane (index, i, &lane);
          if (lane.id == 0 || lane.life != 1 ||
              gander_index_find_lane (index, GANDER_LANE_GOROUTINE, lane.id) != i)
            {
              sum += labelled[i];
              continue;
            }
          if (i % 16 != 0) /* one by one takes long */
            {
              sum += labelled[i];
              continue;
            }
          gander_scope_keep_goroutines (scope, &lane.id, 1);
          one = gander_profile_compute (index, scope, &options, NULL, &error);
          g_assert_no_error (error);
          total = gander_profile_get_sum (one)->total;
          g_assert_cmpint (total, ==, labelled[i]);
          sum += total;
        }
      g_assert_cmpint (sum, ==, gander_profile_get_sum (whole)->total);
    }
}

/* The smallest complete trace (Go 1.23): goroutine 1 creates 5 and waits for it. */
static const guint8 small_trace[] = {
  0x67, 0x6f, 0x20, 0x31, 0x2e, 0x32, 0x33, 0x20, 0x74, 0x72, 0x61, 0x63, 0x65, 0x00, 0x00, 0x00,
  0x01, 0x01, 0x64, 0xe8, 0x07, 0x25, 0x0d, 0x00, 0x00, 0x01, 0x19, 0x01, 0x01, 0x64, 0x02, 0x09,
  0x01, 0x02, 0x01, 0x0e, 0x02, 0x05, 0x02, 0x01, 0x14, 0x0a, 0x03, 0x01, 0x10, 0x01, 0x05, 0x01,
  0x15, 0x64, 0x01, 0x01, 0x03, 0x11, 0x02, 0x10, 0x01, 0x01, 0x02, 0x01, 0x01, 0xff, 0xff, 0xff,
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xb0, 0x09, 0x05, 0x08, 0xa8, 0xd6, 0xb9, 0x07, 0x01,
  0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xb1, 0x09, 0x1f, 0x02, 0x03,
  0x01, 0x01, 0x80, 0xa0, 0x80, 0x02, 0x01, 0x02, 0x07, 0x03, 0x02, 0x01, 0x81, 0xc0, 0x80, 0x02,
  0x04, 0x02, 0x0c, 0x03, 0x03, 0x01, 0xa0, 0xc0, 0x80, 0x02, 0x04, 0x02, 0x0e, 0x01, 0x01, 0xff,
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xe8, 0x07, 0x2d, 0x04, 0x05, 0x01, 0x09,
  0x6d, 0x61, 0x69, 0x6e, 0x2e, 0x6d, 0x61, 0x69, 0x6e, 0x05, 0x02, 0x05, 0x2f, 0x6d, 0x2e, 0x67,
  0x6f, 0x05, 0x03, 0x0c, 0x63, 0x68, 0x61, 0x6e, 0x20, 0x72, 0x65, 0x63, 0x65, 0x69, 0x76, 0x65,
  0x05, 0x04, 0x06, 0x6d, 0x61, 0x69, 0x6e, 0x2e, 0x66,
};

static GanderIndex *
load_small (void)
{
  const GanderLoadOptions options = { .no_cache = TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  GanderIndex *index = NULL;
  int fd = g_file_open_tmp ("gander-XXXXXX.trace", &path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, small_trace, sizeof small_trace), ==, sizeof small_trace);
  close (fd);
  index = gander_load (path, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return index;
}

static void
check_small (GanderIndex *index,
             GanderProfileKind kind,
             GanderProfileRule rule,
             const char *stack,
             guint record,
             GanderTime total)
{
  g_autoptr (GanderProfile) profile = compute (index, 0, G_MAXINT64, kind, rule, TRUE, 0);
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (profile, &n);
  g_autofree char *text = NULL;

  g_assert_cmpuint (record, <, n);
  text = gander_stack_format (index, records[record].stack, "\n");
  g_assert_cmpstr (text, ==, stack);
  g_assert_cmpint (records[record].figures.total, ==, total);
  g_assert_cmpint (records[record].figures.p50, ==, total);
  g_assert_cmpuint (records[record].figures.count, ==, 1);
}

/* Worked by hand: Go leaves out the wait before goroutine 5 first ran. */
static void
test_small (void)
{
  g_autoptr (GanderIndex) index = load_small ();
  g_autoptr (GanderProfile) go =
      compute (index, 0, G_MAXINT64, GANDER_PROFILE_SCHED, GANDER_PROFILE_GO, FALSE, 0);

  check_small (index, GANDER_PROFILE_SYNC, GANDER_PROFILE_SOUND, "main.main@/m.go:7", 0, 6464);
  check_small (index, GANDER_PROFILE_SYNC, GANDER_PROFILE_GO, "main.main@/m.go:7", 0, 6464);
  check_small (index, GANDER_PROFILE_SCHED, GANDER_PROFILE_SOUND, "main.main@/m.go:7", 0, 704);
  check_small (index, GANDER_PROFILE_SCHED, GANDER_PROFILE_SOUND, "main.f@/m.go:14", 1, 192);
  check_small (index, GANDER_PROFILE_SCHED, GANDER_PROFILE_GO, "main.f@/m.go:14", 0, 192);
  check_small (index, GANDER_PROFILE_WAKER, GANDER_PROFILE_SOUND, "main.f@/m.go:14", 0, 6464);
  g_assert_cmpuint (gander_profile_get_sum (go)->count, ==, 1);
}

/* The type of the innermost region that holds @time, by looking at all. */
static GanderStringId
find_region (const GanderIndex *index, GanderLaneId lane, GanderTime time)
{
  GanderStringId type = 0;
  guint32 deepest = 0;

  for (guint32 i = 0; i < gander_index_get_n_regions (index); i++)
    {
      GanderRegion region;
      gander_index_get_region (index, i, &region);
      if (region.lane == lane && region.begin <= time && time < region.end &&
          region.depth >= deepest)
        {
          type = region.type;
          deepest = region.depth;
        }
    }
  return type;
}

/* What samples say of regions is so. */
static void
test_regions (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-regions");
  g_autoptr (GanderProfile) profile = compute (index,
                                               0,
                                               G_MAXINT64,
                                               GANDER_PROFILE_SCHED,
                                               GANDER_PROFILE_SOUND,
                                               FALSE,
                                               GANDER_LABEL_REGION);
  guint32 n_strings = gander_index_get_n_strings (index);
  g_autofree GanderTime *totals = g_new0 (GanderTime, n_strings);
  guint n = 0, n_types = 0;
  const GanderProfileSample *samples = gander_profile_get_samples (profile, &n);

  for (guint32 lane = 0; lane < gander_index_get_facts (index)->n_goroutines; lane++)
    {
      GanderSpanIter iter;
      GanderSpan span;
      gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
      while (gander_span_iter_next (&iter, &span))
        if (span.state == GANDER_STATE_RUNNABLE)
          totals[find_region (index, lane, span.begin)] += span.end - span.begin;
    }
  for (guint i = 0; i < n; i++)
    totals[samples[i].region] -= samples[i].total;
  for (guint32 i = 0; i < n_strings; i++)
    g_assert_cmpint (totals[i], ==, 0);
  for (guint i = 0; i < n; i++)
    n_types += samples[i].region != 0;
  g_assert_cmpuint (n_types, >, 1);
}

static void
test_cancelled (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-http");
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, 1000000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const GanderProfileOptions options = { .kind = GANDER_PROFILE_SCHED };

  g_cancellable_cancel (cancellable);
  g_assert_null (gander_profile_compute (index, scope, &options, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_table (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-locks");
  g_autoptr (GanderProfile) profile = compute_whole (index, GANDER_PROFILE_SYNC);
  g_autoptr (GanderTable) table = gander_profile_to_table (profile);
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (profile, &n);
  gint64 total = 0, count = 0;

  g_assert_cmpuint (gander_table_get_n_rows (table), ==, n);
  for (guint i = 0; i < n; i++)
    {
      gint64 own =
          gander_table_get_integer (table, i, (guint)gander_table_find_column (table, "total"));
      g_assert_cmpint (own, ==, records[i].figures.total);
      total += own;
      count +=
          gander_table_get_integer (table, i, (guint)gander_table_find_column (table, "count"));
    }
  g_assert_cmpint (total, ==, gander_profile_get_sum (profile)->total);
  g_assert_cmpint (count, ==, (gint64)gander_profile_get_sum (profile)->count);
}

static void
add_law (const char *law, const char *name, GTestDataFunc test)
{
  g_autofree char *path = g_strdup_printf ("/analysis/profile/%s/%s", law, name);

  g_test_add_data_func (path, name, test);
}

int
main (int argc, char *argv[])
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = test_corpus_get_names ();
  for (guint i = 0; names[i] != NULL; i++)
    add_law ("figures", names[i], test_trace);
  g_test_add_func ("/analysis/profile/figures/tally", test_tally);
  for (gsize i = 0; i < G_N_ELEMENTS (law_traces); i++)
    {
      add_law ("ranges", law_traces[i], test_ranges);
      add_law ("waker", law_traces[i], test_waker);
      add_law ("parts", law_traces[i], test_parts);
    }
  g_test_add_func ("/analysis/profile/small", test_small);
  g_test_add_func ("/analysis/profile/regions", test_regions);
  g_test_add_func ("/analysis/profile/cancelled", test_cancelled);
  g_test_add_func ("/analysis/profile/table", test_table);
  return g_test_run ();
}
