/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extreme waits: long, and either far above what is usual in their lane or among the longest of the
 * trace. Lanes without a candidate, which are nearly all where there are many, are not walked.
 */
#include "reader/index-write-private.h"

#include <stdlib.h>
#include <string.h>

#define EXTREME_SHARE 1000 /* the longest 1 in so many */

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

gboolean
gander_longest_init (GanderLongest *self, guint64 n_waits, GError **error)
{
  *self = (GanderLongest){ .capacity = n_waits / EXTREME_SHARE + (n_waits % EXTREME_SHARE != 0) };
  self->values = gander_index_writer_allocate (self->capacity, sizeof (gint64), error);
  return self->values != NULL;
}

void
gander_longest_clear (GanderLongest *self)
{
  g_clear_pointer (&self->values, g_free);
}

void
gander_longest_add (GanderLongest *self, gint64 value)
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

void
gander_longest_merge (GanderLongest *self, const GanderLongest *other)
{
  for (gsize i = 0; i < other->n; i++)
    gander_longest_add (self, other->values[i]);
}

gint64
gander_longest_get_threshold (const GanderLongest *self)
{
  return self->n == self->capacity && self->n > 0 ? self->values[0] : GANDER_LONG_WAIT;
}

/* A long wait, until it is known what is usual in its lane. */
typedef struct
{
  gint64 length;
  guint32 ordinal;
  int wait;
} Candidate;

typedef struct
{
  GArray *lengths[2]; /* gint64 */
  GArray *candidates; /* Candidate */
} Extremes;

static void
collect (const GanderIndexWriter *self, const GanderLaneRow *lane, Extremes *extremes)
{
  GanderBlockView view;
  guint32 n = gander_blocks_get_n (&self->blocks, lane);

  g_array_set_size (extremes->lengths[0], 0);
  g_array_set_size (extremes->lengths[1], 0);
  g_array_set_size (extremes->candidates, 0);
  for (guint32 block = 0; block < n; block++)
    {
      gander_blocks_view_states (&self->blocks, lane, block, &view);
      for (guint i = 0; i < view.n; i++)
        {
          GanderState state = gander_blocks_get_kind (&self->blocks, view.kind[i])->state;
          Candidate candidate = { .length = view.end[i] - view.begin[i],
                                  .ordinal = block * GANDER_BLOCK_SPANS + i,
                                  .wait = gander_long_wait_kind (state) };
          if (candidate.wait < 0)
            continue;
          g_array_append_val (extremes->lengths[candidate.wait], candidate.length);
          if (candidate.length >= GANDER_LONG_WAIT)
            g_array_append_val (extremes->candidates, candidate);
        }
    }
}

static guint32
write_lane (GanderIndexWriter *self, const GanderLaneRow *lane, Extremes *extremes)
{
  gint64 medians[2];
  guint32 n = 0;

  collect (self, lane, extremes);
  for (guint wait = 0; wait < 2; wait++)
    medians[wait] = gander_long_wait_median ((gint64 *)(gpointer)extremes->lengths[wait]->data,
                                             extremes->lengths[wait]->len);
  for (guint i = 0; i < extremes->candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (extremes->candidates, Candidate, i);
      if (candidate->length < self->thresholds[candidate->wait] &&
          !gander_long_wait_stands_out (candidate->length, medians[candidate->wait]))
        continue;
      gander_index_file_append (self->file, &candidate->ordinal, sizeof candidate->ordinal);
      n++;
    }
  return n;
}

/* Whether a wait of the lane can be extreme. */
static gboolean
is_worth_a_look (const GanderIndexWriter *self, const GanderChunk *chunk)
{
  if (chunk->stands_out)
    return TRUE;
  for (guint wait = 0; wait < 2; wait++)
    if (chunk->long_wait[wait] != 0 &&
        chunk->long_wait[wait] >= gander_long_wait_bucket (self->thresholds[wait]))
      return TRUE;
  return FALSE;
}

gboolean
gander_index_write_extremes (GanderIndexWriter *self, GError **error)
{
  Extremes extremes = { 0 };
  gboolean good = TRUE;

  extremes.lengths[0] = g_array_new (FALSE, FALSE, sizeof (gint64));
  extremes.lengths[1] = g_array_new (FALSE, FALSE, sizeof (gint64));
  extremes.candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  gander_index_file_begin (self->file, GANDER_SECTION_EXTREMES);
  for (guint32 i = 0; i < self->n_goroutines && good; i++)
    {
      GanderGo *go = gander_pages_get (&self->spans->goroutines, i);
      GanderLaneRow lane;
      good = !gander_index_writer_cancelled (self, i, error);
      if (!is_worth_a_look (self, &go->chunk))
        continue;
      gander_index_writer_get_goroutine (self, i, &lane);
      go->n_extremes = write_lane (self, &lane, &extremes);
    }
  gander_index_file_end (self->file);
  g_array_unref (extremes.lengths[0]);
  g_array_unref (extremes.lengths[1]);
  g_array_unref (extremes.candidates);
  return good;
}
