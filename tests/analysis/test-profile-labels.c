/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis.h"
#include "tests/support/corpus.h"
#include "tests/support/random-trace.h"

#include <string.h>

/* Profiles of a whole trace are made from sums that the index keeps, those with percentiles by a
 * walk over all spans: both say the same of every sample, whatever the labels, on real traces,
 * damaged ones and simulated runs with tasks and regions at all odd moments.
 */

#define N_SEEDS    60
#define N_DAMAGED  8
#define N_STRAY    20 /* bytes that are changed in a damaged trace */
#define USER_EVENT 4  /* one of so many events is the user's */

static guint n_told;

static const GanderProfileLabels label_sets[] = {
  GANDER_LABEL_TASK,
  GANDER_LABEL_REGION,
  GANDER_LABEL_GOROUTINE,
  GANDER_LABEL_STATE | GANDER_LABEL_REASON | GANDER_LABEL_FUNCTION | GANDER_LABEL_TASK |
      GANDER_LABEL_REGION,
  GANDER_LABEL_STATE | GANDER_LABEL_REASON | GANDER_LABEL_FUNCTION | GANDER_LABEL_TASK |
      GANDER_LABEL_REGION | GANDER_LABEL_GOROUTINE,
};

static GanderProfile *
compute (GanderIndex *index,
         GanderTime end,
         GanderProfileKind kind,
         GanderProfileLabels labels,
         gboolean percentiles)
{
  const GanderProfileOptions options = { kind, GANDER_PROFILE_SOUND, percentiles, labels };
  g_autoptr (GanderScope) scope = gander_scope_new (index, 0, end);
  g_autoptr (GError) error = NULL;
  GanderProfile *profile = gander_profile_compute (index, scope, &options, NULL, &error);

  g_assert_no_error (error);
  return profile;
}

static void
assert_same_records (const GanderProfile *ours, const GanderProfile *theirs)
{
  guint n = 0, n_theirs = 0;
  const GanderProfileRecord *a = gander_profile_get_records (ours, &n);
  const GanderProfileRecord *b = gander_profile_get_records (theirs, &n_theirs);

  g_assert_cmpuint (n, ==, n_theirs);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (a[i].stack, ==, b[i].stack);
      g_assert_cmpuint (a[i].figures.count, ==, b[i].figures.count);
      g_assert_cmpuint (a[i].figures.open, ==, b[i].figures.open);
      g_assert_cmpint (a[i].figures.total, ==, b[i].figures.total);
      g_assert_cmpint (a[i].figures.max, ==, b[i].figures.max);
    }
}

static void
assert_same (const GanderProfile *ours, const GanderProfile *theirs)
{
  guint n = 0, n_theirs = 0;
  const GanderProfileSample *a = gander_profile_get_samples (ours, &n);
  const GanderProfileSample *b = gander_profile_get_samples (theirs, &n_theirs);

  assert_same_records (ours, theirs);
  for (guint i = 0; i < MIN (n, n_theirs); i++)
    {
      g_assert_cmpuint (a[i].record, ==, b[i].record);
      g_assert_cmpuint (a[i].state, ==, b[i].state);
      g_assert_cmpuint (a[i].cause, ==, b[i].cause);
      g_assert_cmpuint (a[i].reason, ==, b[i].reason);
      g_assert_cmpuint (a[i].function, ==, b[i].function);
      g_assert_cmpuint (a[i].task, ==, b[i].task);
      g_assert_cmpuint (a[i].region, ==, b[i].region);
      g_assert_cmpuint (a[i].goroutine, ==, b[i].goroutine);
      g_assert_cmpuint (a[i].count, ==, b[i].count);
      g_assert_cmpint (a[i].total, ==, b[i].total);
    }
  g_assert_cmpuint (n, ==, n_theirs);
}

static void
check (GanderIndex *index)
{
  for (guint kind = 0; kind < GANDER_N_PROFILES; kind++)
    for (gsize i = 0; i < G_N_ELEMENTS (label_sets); i++)
      {
        g_autoptr (GanderProfile) quick =
            compute (index, G_MAXINT64, (GanderProfileKind)kind, label_sets[i], FALSE);
        g_autoptr (GanderProfile) walked =
            compute (index, G_MAXINT64, (GanderProfileKind)kind, label_sets[i], TRUE);
        assert_same (quick, walked);
      }
}

static void
test_corpus (gconstpointer name)
{
  g_autoptr (GanderIndex) index = test_corpus_load (name);

  check (index);
  n_told += gander_index_has_label_totals (index);
}

/* Real traces have sums that can be told. */
static void
test_told (void)
{
  g_auto (GStrv) names = test_corpus_get_names ();

  g_test_message ("%u of %u", n_told, g_strv_length (names));
  g_assert_cmpuint (2 * n_told, >, g_strv_length (names));
}

/* A part of a trace is not what is summed. */
static void
test_range (void)
{
  g_autoptr (GanderIndex) index = test_corpus_load ("v126-tasks");
  GanderTime half = gander_index_get_facts (index)->duration / 2;

  for (guint kind = 0; kind < GANDER_N_PROFILES; kind++)
    for (gsize i = 0; i < G_N_ELEMENTS (label_sets); i++)
      {
        g_autoptr (GanderProfile) quick =
            compute (index, half, (GanderProfileKind)kind, label_sets[i], FALSE);
        g_autoptr (GanderProfile) walked =
            compute (index, half, (GanderProfileKind)kind, label_sets[i], TRUE);
        assert_same (quick, walked);
      }
}

static void
test_damaged (gconstpointer name)
{
  for (guint32 seed = 0; seed < N_DAMAGED; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      gsize size = 0;
      g_autofree guint8 *bytes = test_corpus_unpack (name, &size);
      g_autoptr (GanderIndex) index = NULL;
      for (guint i = 0; i < N_STRAY; i++)
        bytes[g_rand_int_range (random, 16, (gint32)size)] = (guint8)g_rand_int (random);
      index = test_corpus_load_bytes (bytes, size);
      g_test_message ("seed %u", seed);
      check (index);
    }
}

/* What the user's program does in a simulated run. */
typedef struct
{
  GanderRandomTrace *trace;
  GRand *random;
  GArray *events;
  GHashTable *regions; /* goroutine id to GArray of GanderEvent: those that are open */
  GArray *alive;       /* goroutine ids */
  guint64 n_tasks;
  guint odd; /* ODD_… */
} Play;

/* What a program, or a trace of it, should not do. */
enum
{
  ODD_CROSSING = 1 << 0,  /* regions end in any order */
  ODD_LATE = 1 << 1,      /* tasks begin when they are used already */
  ODD_UNMATCHED = 1 << 2, /* regions end that have not begun */
};

static GanderStringId
random_type (Play *self, const char *kind)
{
  g_autofree char *text = g_strdup_printf ("%s %d", kind, g_rand_int_range (self->random, 0, 2));

  return gander_dictionary_intern_string (self->trace->dictionary, text, strlen (text));
}

static GArray *
get_regions (Play *self, gint64 id)
{
  GArray *open = g_hash_table_lookup (self->regions, &id);

  if (open == NULL)
    {
      open = g_array_new (FALSE, FALSE, sizeof (GanderEvent));
      g_hash_table_insert (self->regions, g_memdup2 (&id, sizeof id), open);
    }
  return open;
}

static void
follow (Play *self, const GanderEvent *event)
{
  if (event->kind != GANDER_EVENT_TRANSITION || event->resource != GANDER_RESOURCE_GOROUTINE)
    return;
  if (event->from == GANDER_GO_NOT_EXIST || event->to == GANDER_GO_NOT_EXIST)
    g_array_set_size (get_regions (self, event->id), 0);
  for (guint i = 0; i < self->alive->len; i++)
    if (g_array_index (self->alive, gint64, i) == event->id)
      g_array_remove_index_fast (self->alive, i--);
  if (event->to != GANDER_GO_NOT_EXIST)
    g_array_append_val (self->alive, event->id);
}

/* Any task so far, now and then one that does not begin here. */
static gint64
random_task (Play *self)
{
  guint64 n = self->n_tasks + ((self->odd & ODD_LATE) != 0 ? 3 : 0);

  return n == 0 ? 0 : g_rand_int_range (self->random, 0, (gint32)n + 1);
}

static void
add_region_event (Play *self, GanderEvent *event)
{
  GArray *open = get_regions (self, event->goroutine);

  event->kind = GANDER_EVENT_REGION_BEGIN;
  if (open->len > 0 && g_rand_boolean (self->random))
    {
      guint at = (self->odd & ODD_CROSSING) != 0
                     ? (guint)g_rand_int_range (self->random, 0, (gint32)open->len)
                     : open->len - 1;
      const GanderEvent *begin = &g_array_index (open, GanderEvent, at);
      event->kind = GANDER_EVENT_REGION_END;
      event->id = begin->id;
      event->name = begin->name;
      g_array_remove_index (open, at);
      return;
    }
  event->id = g_rand_boolean (self->random) ? random_task (self) : 0;
  event->name = random_type (self, "region");
  if ((self->odd & ODD_UNMATCHED) != 0 && g_rand_int_range (self->random, 0, 20) == 0)
    event->kind = GANDER_EVENT_REGION_END;
  else
    g_array_append_val (open, *event);
}

static void
add_user_event (Play *self, GanderTime time)
{
  GanderEvent event = { .time = time, .thread = -1, .proc = -1 };
  gint32 n = (gint32)self->alive->len;

  if (n == 0)
    return;
  event.goroutine = g_array_index (self->alive, gint64, g_rand_int_range (self->random, 0, n));
  if (g_rand_boolean (self->random))
    add_region_event (self, &event);
  else if (g_rand_boolean (self->random))
    {
      event.kind = GANDER_EVENT_TASK_BEGIN;
      event.id = (gint64)++self->n_tasks;
      event.name = random_type (self, "task");
    }
  else
    {
      event.kind = GANDER_EVENT_TASK_END;
      event.id = random_task (self);
    }
  g_array_append_val (self->events, event);
}

static GanderIndex *
play (guint32 seed, guint n_goroutines, guint n_steps, guint odd)
{
  g_autoptr (GanderRandomTrace) trace = gander_random_trace_new (seed, n_goroutines, n_steps);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GArray) events = g_array_new (FALSE, FALSE, sizeof (GanderEvent));
  g_autoptr (GArray) alive = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) regions =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
  Play self = { .trace = trace,
                .random = random,
                .events = events,
                .regions = regions,
                .alive = alive,
                .odd = odd };

  for (guint i = 0; i < trace->events->len; i++)
    {
      const GanderEvent *event = &g_array_index (trace->events, GanderEvent, i);
      /* Its own regions would not be nested with these. */
      if (event->kind == GANDER_EVENT_REGION_BEGIN || event->kind == GANDER_EVENT_REGION_END)
        continue;
      g_array_append_val (events, *event);
      follow (&self, event);
      if (i + 1 < trace->events->len && g_rand_int_range (random, 0, USER_EVENT) == 0)
        add_user_event (&self, event->time);
    }
  return gander_build_events (trace->dictionary,
                              (const GanderEvent *)(gpointer)events->data,
                              events->len,
                              -1);
}

/* Regions that have begun and tasks that have, too: their sums are always there. */
static void
test_played (void)
{
  for (guint32 seed = 0; seed < N_SEEDS; seed++)
    {
      g_autoptr (GanderIndex) index =
          play (seed, 3 + seed / 10, 1000 + seed * 20, seed % 2 != 0 ? ODD_CROSSING : 0);
      g_test_message ("seed %u", seed);
      g_assert_true (gander_index_has_label_totals (index));
      check (index);
    }
}

static void
test_many (void)
{
  g_autoptr (GanderIndex) index = play (1, 400, 300000, 0);

  g_assert_cmpuint (gander_index_get_facts (index)->n_goroutines, >, GANDER_FEW_GOROUTINES);
  g_assert_true (gander_index_has_label_totals (index));
  check (index);
}

static void
test_wild (void)
{
  for (guint32 seed = 0; seed < N_SEEDS; seed++)
    {
      g_autoptr (GanderIndex) index = play (seed, 3 + seed / 2, 200 + seed * 10, seed % 8);
      g_test_message ("seed %u", seed);
      check (index);
    }
}

int
main (int argc, char *argv[])
{
  g_auto (GStrv) names = NULL;

  g_test_init (&argc, &argv, NULL);
  names = test_corpus_get_names ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("/analysis/profile-labels/corpus/%s", names[i]);
      g_test_add_data_func (path, names[i], test_corpus);
    }
  g_test_add_func ("/analysis/profile-labels/corpus/told", test_told);
  g_test_add_func ("/analysis/profile-labels/range", test_range);
  g_test_add_data_func ("/analysis/profile-labels/damaged/tasks", "v126-tasks", test_damaged);
  g_test_add_data_func ("/analysis/profile-labels/damaged/regions", "v126-regions", test_damaged);
  g_test_add_data_func ("/analysis/profile-labels/damaged/syscalls", "v126-syscalls", test_damaged);
  g_test_add_func ("/analysis/profile-labels/played", test_played);
  g_test_add_func ("/analysis/profile-labels/many", test_many);
  g_test_add_func ("/analysis/profile-labels/wild", test_wild);
  return g_test_run ();
}
