/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/describe-goroutine.h"

#include "analysis/describe.h"
#include "analysis/duration.h"

static const char *const part_labels[GANDER_N_PARTS] = {
  [GANDER_PART_RUNNING] = "Running", [GANDER_PART_RUNNABLE] = "Waiting for a processor",
  [GANDER_PART_SYNC] = "Sync",       [GANDER_PART_CHANNEL] = "Channel and select",
  [GANDER_PART_NETWORK] = "Network", [GANDER_PART_SYSCALL] = "System call",
  [GANDER_PART_SLEEP] = "Sleep",     [GANDER_PART_GC] = "Garbage collection",
  [GANDER_PART_OTHER] = "Other",     [GANDER_PART_UNKNOWN] = "Unknown",
};

static const GanderPart wait_parts[GANDER_N_WAITS] = {
  [GANDER_WAIT_NONE] = GANDER_PART_OTHER,
  [GANDER_WAIT_SYNC] = GANDER_PART_SYNC,
  [GANDER_WAIT_COND] = GANDER_PART_SYNC,
  [GANDER_WAIT_CHAN_SEND] = GANDER_PART_CHANNEL,
  [GANDER_WAIT_CHAN_RECEIVE] = GANDER_PART_CHANNEL,
  [GANDER_WAIT_SELECT] = GANDER_PART_CHANNEL,
  [GANDER_WAIT_NETWORK] = GANDER_PART_NETWORK,
  [GANDER_WAIT_SLEEP] = GANDER_PART_SLEEP,
  [GANDER_WAIT_GC] = GANDER_PART_GC,
  [GANDER_WAIT_FOREVER] = GANDER_PART_OTHER,
  [GANDER_WAIT_OTHER] = GANDER_PART_OTHER,
};

const char *
gander_part_get_label (GanderPart part)
{
  g_return_val_if_fail (part < GANDER_N_PARTS, "");
  return part_labels[part];
}

static void
split_life (GanderGoroutineFacts *facts)
{
  const GanderTimes *times = &facts->times;
  GanderTime *parts = facts->parts;

  parts[GANDER_PART_RUNNING] = times->running - times->gc_work - times->gc_assist;
  parts[GANDER_PART_GC] = times->gc_work + times->gc_assist;
  parts[GANDER_PART_RUNNABLE] = times->runnable;
  parts[GANDER_PART_SYSCALL] = times->syscall + times->syscall_blocked;
  parts[GANDER_PART_UNKNOWN] = times->unknown;
  for (guint wait = 0; wait < GANDER_N_WAITS; wait++)
    parts[wait_parts[wait]] += times->waiting[wait];
}

/* What is added up under one key: a stack, or a goroutine. */
typedef struct
{
  guint32 key;
  GanderWaker waker; /* of those who are no goroutine */
  GanderTopRow row;
} Account;

/* Keys beyond 32 bits' worth of lanes: those who woke without being a goroutine. */
#define KEY_OF_WAKER(waker) (G_MAXUINT32 - 1 - (guint32)(waker))

static Account *
account_of (GHashTable *accounts, guint32 key)
{
  Account *account = g_hash_table_lookup (accounts, GUINT_TO_POINTER (key));

  if (account == NULL)
    {
      account = g_new0 (Account, 1);
      account->key = key;
      account->row.lane = GANDER_LANE_NONE;
      g_hash_table_insert (accounts, GUINT_TO_POINTER (key), account);
    }
  return account;
}

static void
add_to (Account *account, GanderTime length)
{
  account->row.count++;
  account->row.total += length;
  account->row.longest = MAX (account->row.longest, length);
}

static int
by_total (gconstpointer a, gconstpointer b)
{
  const Account *x = *(Account *const *)a, *y = *(Account *const *)b;

  if (x->row.total != y->row.total)
    return x->row.total < y->row.total ? 1 : -1;
  return x->key < y->key ? -1 : 1;
}

static int
by_count (gconstpointer a, gconstpointer b)
{
  const Account *x = *(Account *const *)a, *y = *(Account *const *)b;

  if (x->row.count != y->row.count)
    return x->row.count < y->row.count ? 1 : -1;
  return x->key < y->key ? -1 : 1;
}

static void
take_top (const GanderIndex *index, GHashTable *accounts, GCompareFunc order, GanderTop *top)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, accounts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (all, value);
  g_ptr_array_sort (all, order);
  for (guint i = 0; i < MIN (all->len, GANDER_MAX_TOP); i++)
    {
      const Account *account = g_ptr_array_index (all, i);
      GanderTopRow *row = &top->rows[top->n++];

      *row = account->row;
      if (row->lane != GANDER_LANE_NONE)
        row->text = gander_describe_lane (index, row->lane);
      else if (row->stack != 0)
        row->text = gander_describe_place (index, row->stack);
      else
        row->text = g_strdup (gander_waker_get_words (account->waker));
    }
}

static void
add_wait_place (GHashTable *places, const GanderSpan *span)
{
  Account *account;

  if (span->stack == 0)
    return;
  account = account_of (places, span->stack);
  account->row.stack = span->stack;
  add_to (account, span->end - span->begin);
}

static void
add_waker (const GanderIndex *index, GHashTable *wakers, const GanderSpan *wait)
{
  GanderSpan wake;
  GanderWaker waker;
  Account *account;

  if (!gander_query_wake (index, wait, &wake))
    return;
  waker = wake.link == GANDER_LANE_NONE
              ? gander_waker_of_wait (gander_index_get_wait (index, wait->reason))
              : GANDER_WAKER_GOROUTINE;
  account = account_of (wakers, wake.link == GANDER_LANE_NONE ? KEY_OF_WAKER (waker) : wake.link);
  account->row.lane = wake.link;
  account->waker = waker;
  add_to (account, wait->end - wait->begin);
}

static void
find_waits (const GanderIndex *index, GanderLaneId lane, GanderGoroutineFacts *out)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) wakers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, index, lane, out->lane.begin, out->lane.end);
  while (gander_span_iter_next (&iter, &span))
    if (span.state == GANDER_STATE_BLOCKED)
      {
        add_wait_place (places, &span);
        add_waker (index, wakers, &span);
      }
  take_top (index, places, by_total, &out->waits);
  take_top (index, wakers, by_count, &out->woken_by);
}

static void
find_wakes (const GanderIndex *index, GanderLaneId lane, GanderGoroutineFacts *out)
{
  g_autoptr (GHashTable) accounts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  guint32 first, n;

  gander_query_wakeups (index, lane, out->lane.begin, out->lane.end, &first, &n);
  for (guint32 row = first; row < first + n; row++)
    {
      GanderWakeup wakeup;
      Account *account;

      gander_query_wakeup (index, row, &wakeup);
      if (wakeup.created)
        continue;
      account = account_of (accounts, wakeup.wakee);
      account->row.lane = wakeup.wakee;
      add_to (account, 0);
    }
  take_top (index, accounts, by_count, &out->wakes);
}

static char *
life_words (const GanderLane *lane)
{
  g_autofree char *begin = gander_duration_to_short (lane->begin);
  g_autofree char *end = gander_duration_to_short (lane->end);
  gboolean existed = (lane->flags & GANDER_LANE_EXISTED) != 0;
  gboolean alive = (lane->flags & GANDER_LANE_ALIVE) != 0;

  if (existed)
    return alive ? g_strdup ("there during the whole trace")
                 : g_strdup_printf ("there when the trace began, ended at %s", end);
  return alive ? g_strdup_printf ("created at %s, alive when the trace ended", begin)
               : g_strdup_printf ("created at %s, ended at %s", begin, end);
}

void
gander_describe_goroutine (const GanderIndex *index, GanderLaneId lane, GanderGoroutineFacts *out)
{
  g_autoptr (GanderTally) tally = gander_tally_new (index, FALSE);

  *out = (GanderGoroutineFacts){ 0 };
  gander_index_get_lane (index, lane, &out->lane);
  out->title = gander_describe_lane (index, lane);
  out->created_by = out->lane.creator == GANDER_LANE_NONE
                        ? g_strdup ("")
                        : gander_describe_lane (index, out->lane.creator);
  out->created_at = gander_describe_place (index, out->lane.creation_stack);
  out->life = life_words (&out->lane);
  out->lifetime = out->lane.end - out->lane.begin;
  gander_tally_add_piece (tally, &(GanderPiece){ lane, out->lane.begin, out->lane.end });
  out->times = *gander_tally_get_times (tally);
  split_life (out);
  find_waits (index, lane, out);
  find_wakes (index, lane, out);
}

static void
clear_top (GanderTop *top)
{
  for (guint i = 0; i < top->n; i++)
    g_free (top->rows[i].text);
}

void
gander_goroutine_facts_clear (GanderGoroutineFacts *self)
{
  g_free (self->title);
  g_free (self->created_by);
  g_free (self->created_at);
  g_free (self->life);
  clear_top (&self->waits);
  clear_top (&self->woken_by);
  clear_top (&self->wakes);
  *self = (GanderGoroutineFacts){ 0 };
}
