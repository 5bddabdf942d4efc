/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/rows.h"

#include "widgets/draw/rows-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Log rows are in the order of time; a counting sort by lane keeps that order within a lane. */
static void
sort_logs (GanderLogOrder *self, const GanderIndex *index)
{
  guint32 n = gander_index_get_n_logs (index);
  guint32 n_lanes = gander_index_get_n_lanes (index);
  GanderRowCursor logs;

  if (n == 0)
    return;
  gander_row_cursor_init (&logs, index);
  self->rows = g_new0 (guint32, n);
  self->first = g_new0 (guint32, (gsize)n_lanes + 2);
  for (guint32 i = 0; i < n; i++)
    self->first[MIN (gander_row_cursor_get_log (&logs, i)->lane, n_lanes) + 1]++;
  for (guint32 lane = 0; lane <= n_lanes; lane++)
    self->first[lane + 1] += self->first[lane];
  for (guint32 i = 0; i < n; i++)
    self->rows[self->first[MIN (gander_row_cursor_get_log (&logs, i)->lane, n_lanes)]++] = i;
  /* Now first[lane] is where the lane ends. */
  memmove (self->first + 1, self->first, ((gsize)n_lanes + 1) * sizeof *self->first);
  self->first[0] = 0;
}

static void
log_order_clear (gpointer data)
{
  GanderLogOrder *self = data;

  g_free (self->rows);
  g_free (self->first);
}

static GanderRows *
new_empty (GanderIndex *index)
{
  GanderRows *self = g_new0 (GanderRows, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->index = gander_index_ref (index);
  self->rows = g_array_new (FALSE, FALSE, sizeof (GanderRow));
  self->tops = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->all = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->hidden = g_hash_table_new (NULL, NULL);
  return self;
}

GanderRows *
gander_rows_new_quick (GanderIndex *index)
{
  GanderRows *self = NULL;

  g_return_val_if_fail (index != NULL, NULL);

  self = new_empty (index);
  self->pinned = g_array_new (FALSE, FALSE, sizeof (GanderLaneId));
  gander_rows_regroup (self);
  gander_rows_rebuild (self);
  return self;
}

void
gander_rows_complete (GanderRows *self)
{
  if (self->tasks != NULL)
    return;
  self->tasks = gander_task_types_new (self->index);
  self->logs = g_atomic_rc_box_new0 (GanderLogOrder);
  sort_logs (self->logs, self->index);
  gander_rows_rebuild (self);
}

GanderRows *
gander_rows_new (GanderIndex *index)
{
  GanderRows *self = gander_rows_new_quick (index);

  if (self != NULL)
    gander_rows_complete (self);
  return self;
}

gboolean
gander_rows_is_complete (const GanderRows *self)
{
  return self->tasks != NULL;
}

static void
copy_set (GHashTable *from, GHashTable *to, gboolean of_keys)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer copy = of_keys ? g_memdup2 (key, sizeof (guint64)) : key;

      g_hash_table_insert (to, copy, of_keys && value == key ? copy : value);
    }
}

/* Shares what is never changed in place: headings, tasks, logs, the filter. */
GanderRows *
gander_rows_copy (const GanderRows *other)
{
  GanderRows *self = new_empty (other->index);

  self->options = other->options;
  g_array_append_vals (self->rows, other->rows->data, other->rows->len);
  g_array_append_vals (self->tops, other->tops->data, other->tops->len);
  self->n_pinned = other->n_pinned;
  self->headings = g_array_ref (other->headings);
  self->tasks = other->tasks != NULL ? g_array_ref (other->tasks) : NULL;
  self->filter = other->filter != NULL ? g_array_ref (other->filter) : NULL;
  self->pinned = g_array_copy (other->pinned);
  copy_set (other->hidden, self->hidden, FALSE);
  copy_set (other->open, self->open, TRUE);
  copy_set (other->all, self->all, TRUE);
  self->logs = other->logs != NULL ? g_atomic_rc_box_acquire (other->logs) : NULL;
  return self;
}

GanderRows *
gander_rows_ref (const GanderRows *self)
{
  GanderRows *rows = (GanderRows *)self;

  g_atomic_ref_count_inc (&rows->ref_count);
  return rows;
}

void
gander_rows_unref (GanderRows *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->rows);
  g_array_unref (self->tops);
  g_array_unref (self->headings);
  g_clear_pointer (&self->tasks, g_array_unref);
  g_array_unref (self->pinned);
  g_clear_pointer (&self->filter, g_array_unref);
  g_hash_table_unref (self->hidden);
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->all);
  if (self->logs != NULL)
    g_atomic_rc_box_release_full (self->logs, log_order_clear);
  gander_index_unref (self->index);
  g_free (self);
}

GanderIndex *
gander_rows_get_index (const GanderRows *self)
{
  return self->index;
}

const GanderRowOptions *
gander_rows_get_options (const GanderRows *self)
{
  return &self->options;
}

guint32
gander_rows_get_n (const GanderRows *self)
{
  return self->rows->len;
}

guint32
gander_rows_get_n_pinned (const GanderRows *self)
{
  return self->n_pinned;
}

const GanderRow *
gander_rows_get (const GanderRows *self, guint32 row)
{
  g_return_val_if_fail (row < self->rows->len, NULL);
  return &g_array_index (self->rows, GanderRow, row);
}

gint64
gander_rows_get_y (const GanderRows *self, guint32 row)
{
  g_return_val_if_fail (row < self->tops->len, 0);
  return g_array_index (self->tops, gint64, row);
}

gint64
gander_rows_get_height (const GanderRows *self)
{
  return g_array_index (self->tops, gint64, self->rows->len);
}

guint32
gander_rows_find_y (const GanderRows *self, gint64 y)
{
  guint32 low = 0;
  guint32 high = self->rows->len;

  if (y < 0 || y >= gander_rows_get_height (self))
    return GANDER_ROW_NONE;
  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;

      if (g_array_index (self->tops, gint64, middle) <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

guint32
gander_rows_find_key (const GanderRows *self, guint64 key)
{
  for (guint32 i = 0; i < self->rows->len; i++)
    if (g_array_index (self->rows, GanderRow, i).key == key)
      return i;
  return GANDER_ROW_NONE;
}

GanderHeading *
gander_rows_find_heading (const GanderRows *self, GanderLaneId lane)
{
  for (guint i = 0; i < self->headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (self->headings, GanderHeading, i);

      for (guint32 j = 0; j < heading->n; j++)
        if (heading->lanes[j] == lane)
          return heading;
    }
  return NULL;
}

guint64
gander_rows_heading_key (const GanderRows *self, const GanderHeading *heading)
{
  return gander_rows_make_key (GANDER_ROW_GROUP,
                               GANDER_SECTION_GOROUTINES,
                               self->options.group_by,
                               heading->id);
}

guint32
gander_rows_find_lane (const GanderRows *self, GanderLaneId lane)
{
  const GanderHeading *heading;

  for (guint32 i = self->n_pinned; i < self->rows->len; i++)
    {
      const GanderRow *row = &g_array_index (self->rows, GanderRow, i);

      if (row->kind == GANDER_ROW_LANE && row->lane == lane)
        return i;
    }
  heading = gander_rows_find_heading (self, lane);
  return heading != NULL ? gander_rows_find_key (self, gander_rows_heading_key (self, heading))
                         : GANDER_ROW_NONE;
}

gboolean
gander_rows_get_pinned (const GanderRows *self, GanderLaneId lane)
{
  for (guint i = 0; i < self->pinned->len; i++)
    if (g_array_index (self->pinned, GanderLaneId, i) == lane)
      return TRUE;
  return FALSE;
}

const GanderLaneId *
gander_rows_get_members (const GanderRows *self, guint32 row, guint32 *n)
{
  const GanderRow *details = gander_rows_get (self, row);
  const GanderLaneId *sorted = NULL;

  *n = 0;
  if (details == NULL || details->kind != GANDER_ROW_GROUP)
    return NULL;
  for (guint i = 0; i < self->headings->len; i++)
    {
      GanderHeading *heading = &g_array_index (self->headings, GanderHeading, i);

      if (gander_rows_heading_key (self, heading) != details->key)
        continue;
      *n = heading->n;
      sorted = g_atomic_pointer_get (&heading->sorted);
      return sorted != NULL ? sorted : heading->lanes;
    }
  return NULL;
}

gconstpointer
gander_rows_get_grouping (const GanderRows *self)
{
  return self->headings;
}

const guint32 *
gander_rows_get_logs (const GanderRows *self, GanderLaneId lane, guint32 *n)
{
  const GanderLogOrder *logs = self->logs;

  *n = 0;
  if (logs == NULL || logs->rows == NULL || lane >= gander_index_get_n_lanes (self->index))
    return NULL;
  *n = logs->first[lane + 1] - logs->first[lane];
  return logs->rows + logs->first[lane];
}

static GanderTaskType *
find_tasks (const GanderRows *self, const GanderRow *row)
{
  if (row == NULL || row->section != GANDER_SECTION_TASKS)
    return NULL;
  if (row->kind == GANDER_ROW_SECTION)
    return &g_array_index (self->tasks, GanderTaskType, 0);
  if (row->kind == GANDER_ROW_TASK_TYPE)
    for (guint i = 1; i < self->tasks->len; i++)
      if (g_array_index (self->tasks, GanderTaskType, i).type == (guint32)row->key)
        return &g_array_index (self->tasks, GanderTaskType, i);
  return NULL;
}

const GanderTaskType *
gander_rows_get_tasks (const GanderRows *self, guint32 row)
{
  GanderTaskType *type = find_tasks (self, gander_rows_get (self, row));

  if (type != NULL)
    gander_task_type_complete (type, self->index);
  return type;
}

void
gander_rows_get_task_time (const GanderRows *self,
                           const GanderTask *task,
                           GanderTime *begin,
                           GanderTime *end)
{
  *begin = MAX (task->begin, 0);
  *end = MAX (task->end < 0 ? gander_index_get_facts (self->index)->duration : task->end, *begin);
}

static void
lane_title (const GanderRows *self, const GanderRow *row, char *out, gsize size)
{
  static const char letters[GANDER_N_LANE_KINDS] = { 'G', 'P', 'M' };
  GanderLane lane;
  const char *name = "";
  const char *last;
  char life[16] = "";

  gander_index_get_lane (self->index, row->lane, &lane);
  if (row->group >= GANDER_GROUP_OTHER && lane.kind == GANDER_LANE_GOROUTINE)
    name = gander_index_get_string (self->index, lane.name);
  last = strrchr (name, '/');
  if (lane.life > 1)
    g_snprintf (life, sizeof life, "(%u)", lane.life);
  g_snprintf (out,
              size,
              "%c%" G_GINT64_FORMAT "%s%s%s",
              letters[lane.kind],
              lane.id,
              life,
              name[0] != '\0' ? " " : "",
              last != NULL ? last + 1 : name);
}

const char *
gander_rows_get_title (const GanderRows *self, guint32 row, char *out, gsize size)
{
  const GanderRow *details = gander_rows_get (self, row);

  g_return_val_if_fail (details != NULL, "");

  switch (details->kind)
    {
    case GANDER_ROW_LANE:
      lane_title (self, details, out, size);
      break;
    case GANDER_ROW_TASK:
      {
        GanderTask task;

        gander_index_get_task (self->index, details->task, &task);
        g_snprintf (out, size, "%s #%" G_GUINT64_FORMAT, details->name, task.id);
        break;
      }
    case GANDER_ROW_MORE:
      g_snprintf (out,
                  size,
                  ngettext ("%u more \u2014 show all", "%u more \u2014 show all", details->n),
                  details->n);
      break;
    case GANDER_ROW_HIDDEN:
      g_snprintf (out,
                  size,
                  ngettext ("%u lane hidden \u2014 show",
                            "%u lanes hidden \u2014 show",
                            details->n),
                  details->n);
      break;
    default:
      g_strlcpy (out, details->name, size);
      break;
    }
  return out;
}
