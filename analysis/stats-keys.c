/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groupings in which a goroutine belongs to one row for its whole life. */
#include "analysis/stats-private.h"

#include <string.h>

guint32 *
gander_stats_order (const guint32 *keys, guint32 n, guint32 n_keys, guint32 *starts)
{
  guint32 *order = g_new (guint32, MAX (n, 1));

  memset (starts, 0, sizeof *starts * ((gsize)n_keys + 1));
  for (guint32 i = 0; i < n; i++)
    starts[keys[i]]++;
  for (guint32 key = 0, sum = 0; key <= n_keys; key++)
    {
      guint32 count = starts[key];
      starts[key] = sum;
      sum += count;
    }
  for (guint32 i = 0; i < n; i++)
    order[starts[keys[i]]++] = i;
  /* Each start is now where the next one was. */
  memmove (starts + 1, starts, sizeof *starts * n_keys);
  starts[0] = 0;
  return order;
}

void
gander_stats_keys_sort (GanderStatsKeys *self)
{
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (GanderKeyedPiece), self->pieces->len);
  g_autofree guint32 *place = g_new0 (guint32, (gsize)self->n_keys + 1);

  g_array_set_size (sorted, self->pieces->len);
  for (guint i = 0; i < self->pieces->len; i++)
    place[g_array_index (self->pieces, GanderKeyedPiece, i).key + 1]++;
  for (guint32 key = 0; key < self->n_keys; key++)
    place[key + 1] += place[key];
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const GanderKeyedPiece *piece = &g_array_index (self->pieces, GanderKeyedPiece, i);
      g_array_index (sorted, GanderKeyedPiece, place[piece->key]++) = *piece;
    }
  g_array_unref (self->pieces);
  self->pieces = sorted;
}

/* Keys by text, numbered as they are met. */
static guint32
get_key (GanderStatsKeys *self, GHashTable *keys, const char *text)
{
  gpointer key = NULL;
  char *kept = NULL;

  if (g_hash_table_lookup_extended (keys, text, NULL, &key))
    return GPOINTER_TO_UINT (key);
  kept = g_string_chunk_insert (self->texts, text);
  g_ptr_array_add (self->names, kept);
  g_hash_table_insert (keys, kept, GUINT_TO_POINTER (self->n_keys));
  return self->n_keys++;
}

/* The package in the name of a function, as a linker writes it: what is before the first dot of the
 * last part of the path, where %2e stands for a dot. */
static void
append_package (const char *function, GString *out)
{
  gsize length = strcspn (function, "[(");
  const char *slash = g_strrstr_len (function, (gssize)length, "/");
  const char *dot = memchr (slash == NULL ? function : slash,
                            '.',
                            length - (gsize)(slash == NULL ? 0 : slash - function));

  if (dot != NULL)
    length = (gsize)(dot - function);
  for (gsize i = 0; i < length; i++)
    {
      gboolean escaped = length - i >= 3 && function[i] == '%' &&
                         g_ascii_isxdigit (function[i + 1]) && g_ascii_isxdigit (function[i + 2]);
      char byte = function[i];
      if (escaped)
        {
          byte = (char)(g_ascii_xdigit_value (function[i + 1]) * 16 +
                        g_ascii_xdigit_value (function[i + 2]));
          /* Texts stay valid UTF-8. */
          escaped = g_ascii_isprint (byte);
          byte = escaped ? byte : function[i];
        }
      g_string_append_c (out, byte);
      i += escaped ? 2 : 0;
    }
}

static void
init_packages (GanderStatsKeys *self, const GanderIndex *index)
{
  guint32 n = gander_index_get_n_groups (index);
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) package = g_string_new (NULL);

  self->key_of_group = g_new (guint32, MAX (n, 1));
  for (guint32 i = 0; i < n; i++)
    {
      GanderGroup group;
      gander_index_get_group (index, i, &group);
      g_string_truncate (package, 0);
      append_package (gander_index_get_string (index, group.name), package);
      self->key_of_group[i] = get_key (self, keys, package->str);
    }
}

static void
init_functions (GanderStatsKeys *self, const GanderIndex *index)
{
  self->n_keys = gander_index_get_n_groups (index);
  self->key_of_group = g_new (guint32, MAX (self->n_keys, 1));
  for (guint32 i = 0; i < self->n_keys; i++)
    {
      GanderGroup group;
      gander_index_get_group (index, i, &group);
      g_ptr_array_add (self->names, (gpointer)gander_index_get_string (index, group.name));
      self->key_of_group[i] = i;
    }
}

static void
init_all (GanderStatsKeys *self, const GanderIndex *index)
{
  self->n_keys = 1;
  g_ptr_array_add (self->names, (gpointer) "");
  self->key_of_group = g_new0 (guint32, MAX (gander_index_get_n_groups (index), 1));
}

void
gander_stats_keys_init (GanderStatsKeys *self,
                        const GanderIndex *index,
                        const GanderScope *scope,
                        GanderStatsBy by)
{
  *self = (GanderStatsKeys){ .names = g_ptr_array_new (), .texts = g_string_chunk_new (4096) };
  if (by == GANDER_STATS_BY_FUNCTION)
    init_functions (self, index);
  else if (by == GANDER_STATS_BY_PACKAGE)
    init_packages (self, index);
  else if (by == GANDER_STATS_BY_ALL)
    init_all (self, index);
  else if (by == GANDER_STATS_BY_TASK)
    gander_stats_keys_add_tasks (self, index, scope);
  else if (by == GANDER_STATS_BY_REGION)
    gander_stats_keys_add_regions (self, index, scope);
}

void
gander_stats_keys_clear (GanderStatsKeys *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->key_of_group, g_free);
  g_clear_pointer (&self->pieces, g_array_unref);
}

/* Returns: (transfer full) the key of each goroutine: its group's. */
static guint32 *
keys_by_group (const GanderStatsKeys *self, const GanderIndex *index, guint32 n)
{
  guint32 n_groups = gander_index_get_n_groups (index);
  guint32 *keys = g_new0 (guint32, MAX (n, 1));

  for (guint32 lane = 0; lane < n; lane++)
    {
      guint32 group = gander_index_get_group_of (index, lane);
      keys[lane] = group < n_groups ? self->key_of_group[group] : 0;
    }
  return keys;
}

/* Returns: (transfer full) the key of each goroutine: its place in the order of ids. */
static guint32 *
keys_by_id (GanderStatsKeys *self, const GanderIndex *index, guint32 n)
{
  const GanderLaneId *lanes = gander_index_get_lanes_by_id (index, GANDER_LANE_GOROUTINE, &n);
  guint32 *keys = g_new0 (guint32, MAX (n, 1));

  for (guint32 i = 0; i < n; i++)
    if (lanes[i] < n)
      keys[lanes[i]] = i;
  self->n_keys = n;
  return keys;
}

/* "main.run (cmd/tool/main.go:12)": the whole path, since short names are shared. */
static guint32
add_creator (GanderStatsKeys *self,
             const GanderIndex *index,
             GHashTable *keys,
             GanderStackId stack,
             GString *text)
{
  GanderFrame leaf;

  g_string_truncate (text, 0);
  if (gander_index_get_stack_depth (index, stack) > 0)
    {
      gander_index_get_frame (index, stack, 0, &leaf);
      g_string_printf (text,
                       "%s (%s:%" G_GUINT64_FORMAT ")",
                       gander_index_get_string (index, leaf.function),
                       gander_index_get_string (index, leaf.file),
                       leaf.line);
    }
  return get_key (self, keys, text->str);
}

/* Returns: (transfer full) the key of each goroutine: the place that created it. */
static guint32 *
keys_by_creator (GanderStatsKeys *self, const GanderIndex *index, guint32 n)
{
  guint32 *keys = g_new0 (guint32, MAX (n, 1));
  g_autoptr (GHashTable) by_stack = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) by_text = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint32 lane = 0; lane < n; lane++)
    {
      GanderLane life;
      gpointer key = NULL;
      gander_index_get_life (index, lane, &life);
      if (!g_hash_table_lookup_extended (by_stack,
                                         GUINT_TO_POINTER (life.creation_stack),
                                         NULL,
                                         &key))
        {
          key = GUINT_TO_POINTER (add_creator (self, index, by_text, life.creation_stack, text));
          g_hash_table_insert (by_stack, GUINT_TO_POINTER (life.creation_stack), key);
        }
      keys[lane] = GPOINTER_TO_UINT (key);
    }
  return keys;
}

void
gander_stats_keys_need_pieces (GanderStatsKeys *self,
                               const GanderIndex *index,
                               const GanderScope *scope,
                               GanderStatsBy by)
{
  guint32 n = gander_index_get_facts (index)->n_goroutines;
  g_autofree guint32 *keys = NULL;
  GanderScopeIter iter;
  GanderPiece piece;

  if (self->pieces != NULL)
    return;
  if (self->key_of_group != NULL)
    keys = keys_by_group (self, index, n);
  else if (by == GANDER_STATS_BY_CREATOR)
    keys = keys_by_creator (self, index, n);
  else
    keys = keys_by_id (self, index, n);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (GanderKeyedPiece));
  gander_scope_iter_init (&iter, scope);
  while (gander_scope_iter_next (&iter, &piece))
    {
      GanderKeyedPiece keyed = { piece.lane, keys[piece.lane], piece.begin, piece.end };
      g_array_append_val (self->pieces, keyed);
    }
  gander_stats_keys_sort (self);
}
