/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A critical path in words and as tables. */
#include "analysis/critical.h"

#define N_(text) text

static const struct
{
  const char *id;
  const char *words;
} ends[GANDER_N_PATH_ENDS] = {
  [GANDER_PATH_BEGIN] = { "begin", "this is where what was asked about begins" },
  [GANDER_PATH_TIMER] = { "timer", "only a timer ends this wait" },
  [GANDER_PATH_NETWORK] = { "network", "it waits for the network" },
  [GANDER_PATH_SYSCALL] = { "syscall", "it is in a system call" },
  [GANDER_PATH_GC] = { "gc", "it waits for the garbage collector" },
  [GANDER_PATH_RUNTIME] = { "runtime", "the runtime ended this wait, no goroutine did" },
  [GANDER_PATH_WAITING] = { "waiting", "this wait lasts on" },
  [GANDER_PATH_BORDER] = { "border", "the trace begins here" },
  [GANDER_PATH_NOBODY] = { "nobody", "no goroutine created it" },
  [GANDER_PATH_UNKNOWN] = { "unknown", "the trace does not tell" },
  [GANDER_PATH_LIMIT] = { "limit", "the walk was long enough" },
};

const char *
gander_path_end_get_id (GanderPathEnd end)
{
  g_return_val_if_fail (end < GANDER_N_PATH_ENDS, "");
  return ends[end].id;
}

const char *
gander_path_end_get_words (GanderPathEnd end)
{
  g_return_val_if_fail (end < GANDER_N_PATH_ENDS, "");
  return ends[end].words;
}

char *
gander_hop_describe (const GanderIndex *index, const GanderHop *hop)
{
  static const char *const words[] = {
    [GANDER_NEXT_BEFORE] = "",
    [GANDER_NEXT_WAKER] = "woken by ",
    [GANDER_NEXT_CREATOR] = "created by ",
    [GANDER_NEXT_SERVED] = "rested; back to ",
    [GANDER_NEXT_END] = "",
  };
  g_autofree char *who = NULL;

  if (hop->to != GANDER_LANE_NONE)
    {
      who = gander_describe_lane (index, hop->to);
      return g_strconcat (words[hop->next], who, NULL);
    }
  if (hop->waker == GANDER_WAKER_UNSEEN)
    return g_strdup ("waits on");
  if (hop->waker != GANDER_WAKER_NONE && hop->waker != GANDER_WAKER_GOROUTINE)
    return g_strconcat ("ended by ", gander_waker_get_words (hop->waker), NULL);
  return g_strdup ("");
}

static const GanderColumn hop_columns[] = {
  { "hop", N_ ("#"), GANDER_COLUMN_ID, FALSE },
  { "goroutine", N_ ("G"), GANDER_COLUMN_ID, FALSE },
  { "life", N_ ("Life"), GANDER_COLUMN_COUNT, TRUE },
  { "at", N_ ("At"), GANDER_COLUMN_TIME, FALSE },
  { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, FALSE },
  { "added", N_ ("Adds"), GANDER_COLUMN_DURATION, FALSE },
  { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  { "state", N_ ("State"), GANDER_COLUMN_TEXT, FALSE },
  { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
  { "where", N_ ("Where"), GANDER_COLUMN_TEXT, FALSE },
  { "why", N_ ("Why"), GANDER_COLUMN_TEXT, FALSE },
};

static double
share_of (GanderTime part, const GanderPath *self)
{
  return self->end == self->begin ? 0 : (double)part / (double)(self->end - self->begin);
}

static void
set_goroutine (GanderTable *table, guint row, const GanderIndex *index, const GanderHop *hop)
{
  g_autofree char *state = gander_describe_span_state (index, &hop->span);
  g_autofree char *where = gander_describe_place (index, hop->stack);
  GanderLane lane;

  gander_index_get_lane (index, hop->span.lane, &lane);
  gander_table_set_integer (table, row, 1, lane.id);
  gander_table_set_integer (table, row, 2, lane.life);
  gander_table_set_text (table, row, 7, state);
  gander_table_set_text (table, row, 8, gander_index_get_string (index, lane.name));
  gander_table_set_text (table, row, 9, where);
}

static void
set_why (GanderTable *table,
         guint row,
         const GanderIndex *index,
         const GanderPath *self,
         const GanderHop *hop)
{
  g_autofree char *why = gander_hop_describe (index, hop);
  const char *end = row + 1 == self->hops->len ? gander_path_end_get_words (self->why_end) : "";
  g_autofree char *both = g_strconcat (why, *why != '\0' && *end != '\0' ? "; " : "", end, NULL);

  gander_table_set_text (table, row, 10, both);
}

GanderTable *
gander_path_get_table (const GanderIndex *index, const GanderPath *self)
{
  GanderTable *table = gander_table_new (hop_columns, G_N_ELEMENTS (hop_columns));

  for (guint i = 0; i < self->hops->len; i++)
    {
      const GanderHop *hop = &g_array_index (self->hops, GanderHop, i);
      guint row = gander_table_append (table);

      gander_table_set_integer (table, row, 0, i);
      gander_table_set_integer (table, row, 1, -1);
      gander_table_set_integer (table, row, 3, hop->begin);
      gander_table_set_integer (table, row, 4, hop->end - hop->begin);
      gander_table_set_integer (table, row, 5, hop->added);
      gander_table_set_share (table, row, 6, share_of (hop->added, self));
      if (hop->span.lane != GANDER_LANE_NONE)
        set_goroutine (table, row, index, hop);
      set_why (table, row, index, self, hop);
    }
  return table;
}

static const GanderColumn part_columns[] = {
  { "added", N_ ("Adds"), GANDER_COLUMN_DURATION, FALSE },
  { "share", N_ ("Share"), GANDER_COLUMN_SHARE, FALSE },
  { "hops", N_ ("Hops"), GANDER_COLUMN_COUNT, FALSE },
  { "longest", N_ ("Longest"), GANDER_COLUMN_DURATION, FALSE },
  { "state", N_ ("State"), GANDER_COLUMN_TEXT, FALSE },
  { "function", N_ ("Start function"), GANDER_COLUMN_TEXT, FALSE },
};

/* Returns: the row of what is like @hop, new if there was none. */
static guint
find_part (GanderTable *table, GHashTable *rows, const GanderIndex *index, const GanderHop *hop)
{
  g_autofree char *state = NULL;
  g_autofree char *key = NULL;
  const char *function = "";
  gpointer found;
  GanderLane lane;
  guint row;

  if (hop->span.lane == GANDER_LANE_NONE)
    state = g_strdup (gander_describe_state (hop->span.state));
  else
    {
      gander_index_get_lane (index, hop->span.lane, &lane);
      function = gander_index_get_string (index, lane.name);
      state = gander_describe_span_state (index, &hop->span);
    }
  key = g_strconcat (state, "\n", function, NULL);
  if (g_hash_table_lookup_extended (rows, key, NULL, &found))
    return GPOINTER_TO_UINT (found);
  row = gander_table_append (table);
  gander_table_set_text (table, row, 4, state);
  gander_table_set_text (table, row, 5, function);
  g_hash_table_insert (rows, g_steal_pointer (&key), GUINT_TO_POINTER (row));
  return row;
}

GanderTable *
gander_path_get_parts (const GanderIndex *index, const GanderPath *self)
{
  GanderTable *table = gander_table_new (part_columns, G_N_ELEMENTS (part_columns));
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->hops->len; i++)
    {
      const GanderHop *hop = &g_array_index (self->hops, GanderHop, i);
      GanderTime added;
      guint row;

      if (hop->added == 0)
        continue;
      row = find_part (table, rows, index, hop);
      added = gander_table_get_integer (table, row, 0) + hop->added;
      gander_table_set_integer (table, row, 0, added);
      gander_table_set_share (table, row, 1, share_of (added, self));
      gander_table_set_integer (table, row, 2, gander_table_get_integer (table, row, 2) + 1);
      gander_table_set_integer (table,
                                row,
                                3,
                                MAX (gander_table_get_integer (table, row, 3), hop->added));
    }
  gander_table_sort (table, 0, TRUE);
  return table;
}
