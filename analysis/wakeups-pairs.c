/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/wakeups-pairs.h"

#include <stdlib.h>

#define FIRST_SLOTS 256
#define BURST       (1000 * G_GINT64_CONSTANT (1000)) /* ns */

/* One wake-up by a goroutine. */
typedef struct
{
  GanderTime time;
  GanderLaneId waker;
  guint32 pair;
} Event;

void
gander_wake_pairs_init (GanderWakePairs *self)
{
  *self = (GanderWakePairs){
    .pairs = g_array_new (FALSE, FALSE, sizeof (GanderWakePair)),
    .events = g_array_new (FALSE, FALSE, sizeof (Event)),
    .slots = g_new0 (guint32, FIRST_SLOTS),
    .mask = FIRST_SLOTS - 1,
  };
}

void
gander_wake_pairs_clear (GanderWakePairs *self)
{
  g_clear_pointer (&self->pairs, g_array_unref);
  g_clear_pointer (&self->events, g_array_unref);
  g_clear_pointer (&self->slots, g_free);
}

static inline guint32
hash (GanderWaker kind, GanderSide waker, GanderSide wakee)
{
  guint64 key = ((guint64)waker << 32 | wakee) + kind;

  key *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint32)(key >> 32);
}

static inline gboolean
is_pair (const GanderWakePair *pair, GanderWaker kind, GanderSide waker, GanderSide wakee)
{
  return pair->waker == waker && pair->wakee == wakee && pair->kind == kind;
}

static void
put (GanderWakePairs *self, guint32 number)
{
  const GanderWakePair *pair = &g_array_index (self->pairs, GanderWakePair, number);
  guint32 slot = hash (pair->kind, pair->waker, pair->wakee) & self->mask;

  while (self->slots[slot] != 0)
    slot = (slot + 1) & self->mask;
  self->slots[slot] = number + 1;
}

static void
grow (GanderWakePairs *self)
{
  self->mask = self->mask * 2 + 1;
  g_free (self->slots);
  self->slots = g_new0 (guint32, (gsize)self->mask + 1);
  for (guint32 i = 0; i < self->pairs->len; i++)
    put (self, i);
}

/* Returns: the number of the pair, new if it was not there. */
static guint32
find (GanderWakePairs *self, GanderWaker kind, GanderSide waker, GanderSide wakee)
{
  GanderWakePair *pairs = (GanderWakePair *)(gpointer)self->pairs->data;
  GanderWakePair fresh = { .waker = waker, .wakee = wakee, .kind = kind, .seen = GANDER_LANE_NONE };

  if (self->last < self->pairs->len && is_pair (&pairs[self->last], kind, waker, wakee))
    return self->last;
  for (guint32 slot = hash (kind, waker, wakee) & self->mask; self->slots[slot] != 0;
       slot = (slot + 1) & self->mask)
    if (is_pair (&pairs[self->slots[slot] - 1], kind, waker, wakee))
      return self->last = self->slots[slot] - 1;
  g_array_append_val (self->pairs, fresh);
  self->last = self->pairs->len - 1;
  if (self->pairs->len > self->mask / 2)
    grow (self);
  else
    put (self, self->last);
  return self->last;
}

void
gander_wake_pairs_add (GanderWakePairs *self,
                       GanderWaker kind,
                       GanderSide waker,
                       GanderSide wakee,
                       GanderLaneId lane,
                       GanderTime time,
                       GanderTime waited)
{
  guint32 number = find (self, kind, waker, wakee);
  GanderWakePair *pair = &g_array_index (self->pairs, GanderWakePair, number);
  Event event = { time, lane, number };

  pair->count++;
  pair->waited += waited;
  pair->longest = MAX (pair->longest, waited);
  if (lane != GANDER_LANE_NONE)
    g_array_append_val (self->events, event);
}

void
gander_wake_pairs_merge (GanderWakePairs *self,
                         const GanderWakePairs *other,
                         GanderSideFunc convert,
                         gpointer data)
{
  g_autofree guint32 *numbers = g_new (guint32, MAX (other->pairs->len, 1));
  guint first = self->events->len;

  for (guint i = 0; i < other->pairs->len; i++)
    {
      const GanderWakePair *from = &g_array_index (other->pairs, GanderWakePair, i);
      GanderSide waker = from->kind == GANDER_WAKER_GOROUTINE ? convert (from->waker, data) : 0;
      guint32 number = find (self, from->kind, waker, convert (from->wakee, data));
      GanderWakePair *pair = &g_array_index (self->pairs, GanderWakePair, number);

      pair->count += from->count;
      pair->waited += from->waited;
      pair->longest = MAX (pair->longest, from->longest);
      numbers[i] = number;
    }
  g_array_append_vals (self->events, other->events->data, other->events->len);
  for (guint i = first; i < self->events->len; i++)
    {
      Event *event = &g_array_index (self->events, Event, i);

      event->pair = numbers[event->pair];
    }
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *x = a, *y = b;

  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->pair < y->pair ? -1 : x->pair > y->pair;
}

/* Returns: (transfer full) the events by waker. Those of waker i begin at @first[i]. */
static Event *
group_events (const GArray *events, guint32 *first, guint32 n_lanes)
{
  Event *grouped = g_new (Event, MAX (events->len, 1));

  for (guint i = 0; i < events->len; i++)
    first[g_array_index (events, Event, i).waker + 1]++;
  for (guint32 i = 0; i < n_lanes; i++)
    first[i + 1] += first[i];
  for (guint i = events->len; i > 0; i--)
    {
      const Event *event = &g_array_index (events, Event, i - 1);

      grouped[--first[event->waker + 1]] = *event;
    }
  /* Each element now holds the begin of the lane before it. */
  return grouped;
}

/* Slides a window over the wake-ups of one goroutine, for all its pairs at once: those of a pair
 * are linked, the oldest in the window first. */
static void
slide (GanderWakePairs *self, const Event *events, guint32 begin, guint32 end, guint32 *links)
{
  for (guint32 i = begin; i < end; i++)
    {
      GanderWakePair *pair = &g_array_index (self->pairs, GanderWakePair, events[i].pair);

      if (pair->seen != events[i].waker)
        {
          pair->seen = events[i].waker;
          pair->oldest = i;
          pair->together = 0;
        }
      else
        links[pair->newest] = i;
      pair->newest = i;
      pair->together++;
      for (; events[i].time - events[pair->oldest].time >= BURST; pair->together--)
        pair->oldest = links[pair->oldest];
      pair->burst = MAX (pair->burst, pair->together);
    }
}

void
gander_wake_pairs_find_bursts (GanderWakePairs *self, guint32 n_lanes)
{
  g_autofree guint32 *first = g_new0 (guint32, (gsize)n_lanes + 2);
  g_autofree Event *events = group_events (self->events, first, n_lanes);
  g_autofree guint32 *links = g_new (guint32, MAX (self->events->len, 1));

  for (guint32 lane = 0; lane < n_lanes; lane++)
    {
      guint32 begin = first[lane + 1];
      guint32 end = lane + 1 < n_lanes ? first[lane + 2] : self->events->len;

      if (end - begin > 1)
        qsort (&events[begin], end - begin, sizeof (Event), compare_events);
      slide (self, events, begin, end, links);
    }
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const GanderWakePair *x = a, *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  if (x->waited != y->waited)
    return x->waited > y->waited ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->waker != y->waker)
    return x->waker < y->waker ? -1 : 1;
  return x->wakee < y->wakee ? -1 : x->wakee > y->wakee;
}

void
gander_wake_pairs_sort (GanderWakePairs *self)
{
  g_array_sort (self->pairs, compare_pairs);
}
