/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extreme waits: long, and either far above what is usual in their lane or among the longest of the
 * trace. Lanes without a candidate, which are nearly all where there are many, are told by their
 * chunk. What is usual in a lane is known when it has been walked, the longest of the trace when
 * all have been: until then a wait is kept as not yet sure.
 */
#include "reader/index-write-private.h"

#include <string.h>

#define EXTREME_SHARE 1000 /* the longest 1 in so many */

typedef struct
{
  guint32 lane;
  guint32 ordinal;
  gint64 length;
  guint8 wait; /* as gander_long_wait_kind () says */
  guint8 sure;
} Extreme;

/* The longest of many waits: the shortest of them first (a binary heap). */

static void
sift_down (GanderLongest *self, gsize i)
{
  for (gsize child = 2 * i + 1; child < self->n; child = 2 * i + 1)
    {
      gint64 value = self->values[i];
      if (child + 1 < self->n && self->values[child + 1] < self->values[child])
        child++;
      if (self->values[child] >= value)
        return;
      self->values[i] = self->values[child];
      self->values[child] = value;
      i = child;
    }
}

static void
add_longest (GanderLongest *self, gint64 value)
{
  gsize i = self->n;

  if (self->n == self->capacity)
    {
      if (self->n > 0 && value > self->values[0])
        {
          self->values[0] = value;
          sift_down (self, 0);
        }
      return;
    }
  self->values[self->n++] = value;
  for (; i > 0 && self->values[(i - 1) / 2] > self->values[i]; i = (i - 1) / 2)
    {
      gint64 parent = self->values[(i - 1) / 2];
      self->values[(i - 1) / 2] = self->values[i];
      self->values[i] = parent;
    }
}

static gint64
get_threshold (const GanderLongest *self)
{
  return self->n == self->capacity && self->n > 0 ? self->values[0] : GANDER_LONG_WAIT;
}

/* Returns: the bucket of the shortest of the longest. */
static guint8
find_bucket (const guint64 *long_waits, guint64 n)
{
  guint bucket = GANDER_N_WAIT_BUCKETS - 1;
  guint64 longer = 0;

  for (; bucket > 1; bucket--)
    {
      longer += long_waits[bucket];
      if (longer >= n)
        break;
    }
  return (guint8)bucket;
}

gboolean
gander_extremes_init (GanderExtremes *self, const GanderIndexWriter *writer, GError **error)
{
  for (guint wait = 0; wait < 2; wait++)
    {
      GanderLongest *longest = &self->longest[wait];
      guint64 n = writer->n_waits[wait];
      *longest = (GanderLongest){ .capacity = n / EXTREME_SHARE + (n % EXTREME_SHARE != 0) };
      longest->values = gander_index_writer_allocate (longest->capacity, sizeof (gint64), error);
      if (longest->values == NULL)
        return FALSE;
      self->buckets[wait] =
          find_bucket (writer->spans->chunks.sealer.long_waits[wait], longest->capacity);
    }
  self->waits = gander_index_writer_allocate (2, sizeof *self->waits, error);
  self->lane = g_array_new (FALSE, FALSE, sizeof (Extreme));
  gander_row_file_init (&self->found, sizeof (Extreme), writer->spans->directory);
  return self->waits != NULL;
}

void
gander_extremes_clear (GanderExtremes *self)
{
  for (guint wait = 0; wait < 2; wait++)
    g_clear_pointer (&self->longest[wait].values, g_free);
  g_clear_pointer (&self->waits, g_free);
  g_clear_pointer (&self->lane, g_array_unref);
  gander_row_file_clear (&self->found);
}

gboolean
gander_extremes_begin_lane (GanderExtremes *self, const GanderLife *life)
{
  if (!life->stands_out && (life->long_wait[0] == 0 || life->long_wait[0] < self->buckets[0]) &&
      (life->long_wait[1] == 0 || life->long_wait[1] < self->buckets[1]))
    return FALSE;
  for (guint wait = 0; wait < 2; wait++)
    gander_waits_reset (&self->waits[wait]);
  g_array_set_size (self->lane, 0);
  return TRUE;
}

void
gander_extremes_add (GanderExtremes *self,
                     guint32 lane,
                     guint32 ordinal,
                     GanderState state,
                     gint64 length)
{
  Extreme extreme = { .lane = lane, .ordinal = ordinal, .length = length };
  int wait = gander_long_wait_kind (state);

  if (wait < 0)
    return;
  gander_waits_add (&self->waits[wait], length);
  if (length < GANDER_LONG_WAIT)
    return;
  extreme.wait = (guint8)wait;
  g_array_append_val (self->lane, extreme);
}

void
gander_extremes_end_lane (GanderExtremes *self)
{
  gint64 medians[2];

  for (guint wait = 0; wait < 2; wait++)
    medians[wait] = gander_waits_get_median (&self->waits[wait]);
  for (guint i = 0; i < self->lane->len; i++)
    {
      Extreme *extreme = &g_array_index (self->lane, Extreme, i);
      gboolean long_one = gander_long_wait_bucket (extreme->length) >= self->buckets[extreme->wait];
      extreme->sure = gander_long_wait_stands_out (extreme->length, medians[extreme->wait]) ? 1 : 0;
      if (long_one)
        add_longest (&self->longest[extreme->wait], extreme->length);
      if (long_one || extreme->sure)
        gander_row_file_add (&self->found, extreme);
    }
}

gboolean
gander_extremes_merge (GanderExtremes *self, GanderExtremes *other, GError **error)
{
  const Extreme *found = gander_row_file_map (&other->found, error);

  if (found == NULL)
    return FALSE;
  for (guint wait = 0; wait < 2; wait++)
    for (gsize i = 0; i < other->longest[wait].n; i++)
      add_longest (&self->longest[wait], other->longest[wait].values[i]);
  for (guint64 i = 0; i < gander_row_file_get_n (&other->found); i++)
    gander_row_file_add (&self->found, &found[i]);
  gander_row_file_empty (&other->found);
  return TRUE;
}

/* Whether it is sure, or long enough after all. */
static gboolean
counts (const GanderExtremes *self, const Extreme *extreme)
{
  return extreme->sure || extreme->length >= get_threshold (&self->longest[extreme->wait]);
}

/* By lane; those of one lane were found in their order. */
gboolean
gander_extremes_write (GanderIndexWriter *self, GanderExtremes *extremes, GError **error)
{
  const Extreme *found = gander_row_file_map (&extremes->found, error);
  guint64 n_found = gander_row_file_get_n (&extremes->found);
  g_autofree guint32 *ordinals = NULL;
  g_autofree guint32 *next = NULL;
  guint32 n = 0;

  if (found != NULL)
    next = gander_index_writer_allocate (self->n_goroutines, sizeof *next, error);
  if (next == NULL)
    return FALSE;
  for (guint64 i = 0; i < n_found; i++)
    if (counts (extremes, &found[i]))
      self->lives[found[i].lane].n_extremes++;
  for (guint32 i = 0; i < self->n_goroutines; i++)
    {
      next[i] = n;
      n += self->lives[i].n_extremes;
      if (!gander_index_writer_go_on (self, 1, error))
        return FALSE;
    }
  ordinals = gander_index_writer_allocate (n, sizeof *ordinals, error);
  if (ordinals == NULL)
    return FALSE;
  for (guint64 i = 0; i < n_found; i++)
    if (counts (extremes, &found[i]))
      ordinals[next[found[i].lane]++] = found[i].ordinal;
  gander_index_file_put (self->file, GANDER_SECTION_EXTREMES, ordinals, n);
  return TRUE;
}
