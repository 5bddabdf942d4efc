/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that changes a list of rows. */
#include "widgets/draw/rows-private.h"

static guint64
section_key (const GanderRows *self, GanderSection section)
{
  return gander_rows_make_key (GANDER_ROW_SECTION, section, self->options.group_by, 0);
}

void
gander_rows_set_options (GanderRows *self, const GanderRowOptions *options)
{
  gboolean same =
      self->options.group_by == options->group_by && self->options.sort == options->sort &&
      self->options.reverse == options->reverse &&
      self->options.no_runtime == options->no_runtime && self->options.at == options->at;

  self->options = *options;
  if (!same)
    gander_rows_regroup (self);
  gander_rows_rebuild (self);
}

static void
add_to_set (GHashTable *set, guint64 key)
{
  g_hash_table_add (set, g_memdup2 (&key, sizeof key));
}

static void
note_open (GanderRows *self, guint64 key, gboolean open)
{
  g_hash_table_insert (self->open, g_memdup2 (&key, sizeof key), GINT_TO_POINTER (open != FALSE));
}

void
gander_rows_set_open (GanderRows *self, guint64 key, gboolean open)
{
  note_open (self, key, open);
  gander_rows_rebuild (self);
}

/* Returns: (nullable) the heading of @self that is called like @row. Groups are numbered by what
 * they cost, so that their keys differ between indexes. */
static const GanderRow *
find_namesake (const GanderRows *self, const GanderRow *row)
{
  for (guint32 i = 0; i < gander_rows_get_n (self); i++)
    {
      const GanderRow *own = gander_rows_get (self, i);
      if (own->kind == row->kind && own->section == row->section && own->openable &&
          g_str_equal (own->name, row->name))
        return own;
    }
  return NULL;
}

void
gander_rows_follow (GanderRows *self, const GanderRows *other)
{
  gander_rows_set_options (self, &other->options);
  for (guint32 i = 0; i < gander_rows_get_n (other); i++)
    {
      const GanderRow *row = gander_rows_get (other, i);
      const GanderRow *own = row->openable ? find_namesake (self, row) : NULL;
      if (own != NULL && own->open != row->open)
        gander_rows_set_open (self, own->key, row->open);
    }
  for (guint32 i = 0; i < gander_rows_get_n_pinned (other); i++)
    {
      const GanderRow *row = gander_rows_get (other, i);
      GanderLane lane;
      if (row->lane == GANDER_LANE_NONE)
        continue;
      gander_index_get_lane (other->index, row->lane, &lane);
      /* Goroutines come first and keep their numbers when more of a trace is read. */
      if (lane.kind == GANDER_LANE_GOROUTINE)
        gander_rows_set_pinned (self, row->lane, TRUE);
    }
}

void
gander_rows_show_all (GanderRows *self, guint64 key)
{
  guint32 more = gander_rows_find_key (self, key);
  const GanderRow *row;

  if (more == GANDER_ROW_NONE)
    return;
  row = gander_rows_get (self, more);
  if (row->kind != GANDER_ROW_MORE)
    return;
  add_to_set (self->all,
              gander_rows_make_key (row->section == GANDER_SECTION_TASKS ? GANDER_ROW_TASK_TYPE
                                                                         : GANDER_ROW_GROUP,
                                    row->section,
                                    self->options.group_by,
                                    (guint32)row->key));
  gander_rows_rebuild (self);
}

void
gander_rows_set_all_open (GanderRows *self, gboolean open)
{
  for (guint32 i = 0; i < self->rows->len; i++)
    {
      const GanderRow *row = &g_array_index (self->rows, GanderRow, i);

      if (row->openable && row->kind != GANDER_ROW_LANE)
        note_open (self, row->key, open);
    }
  gander_rows_rebuild (self);
}

guint32
gander_rows_reveal (GanderRows *self, GanderLaneId lane)
{
  static const GanderSection sections[GANDER_N_LANE_KINDS] = {
    [GANDER_LANE_GOROUTINE] = GANDER_SECTION_GOROUTINES,
    [GANDER_LANE_PROC] = GANDER_SECTION_PROCS,
    [GANDER_LANE_THREAD] = GANDER_SECTION_THREADS,
  };
  guint32 row = gander_rows_find_lane (self, lane);
  const GanderHeading *heading;
  GanderLane details;

  if (lane >= gander_index_get_n_lanes (self->index))
    return GANDER_ROW_NONE;
  if (row != GANDER_ROW_NONE && gander_rows_get (self, row)->kind == GANDER_ROW_LANE)
    return row;

  g_hash_table_remove (self->hidden, GUINT_TO_POINTER (lane + 1));
  gander_index_get_lane (self->index, lane, &details);
  note_open (self, section_key (self, sections[details.kind]), TRUE);
  heading = gander_rows_find_heading (self, lane);
  if (heading != NULL)
    note_open (self, gander_rows_heading_key (self, heading), TRUE);
  gander_rows_rebuild (self);
  row = gander_rows_find_lane (self, lane);
  if (heading == NULL || row == GANDER_ROW_NONE ||
      gander_rows_get (self, row)->kind == GANDER_ROW_LANE)
    return row;

  add_to_set (self->all, gander_rows_heading_key (self, heading));
  gander_rows_rebuild (self);
  return gander_rows_find_lane (self, lane);
}

void
gander_rows_set_pinned (GanderRows *self, GanderLaneId lane, gboolean pinned)
{
  if (pinned == gander_rows_get_pinned (self, lane) ||
      lane >= gander_index_get_n_lanes (self->index))
    return;
  if (pinned)
    g_array_append_val (self->pinned, lane);
  else
    for (guint i = 0; i < self->pinned->len; i++)
      if (g_array_index (self->pinned, GanderLaneId, i) == lane)
        {
          g_array_remove_index (self->pinned, i);
          break;
        }
  gander_rows_rebuild (self);
}

void
gander_rows_set_hidden (GanderRows *self, GanderLaneId lane, gboolean hidden)
{
  if (lane >= gander_index_get_n_lanes (self->index))
    return;
  if (hidden)
    g_hash_table_add (self->hidden, GUINT_TO_POINTER (lane + 1));
  else
    g_hash_table_remove (self->hidden, GUINT_TO_POINTER (lane + 1));
  gander_rows_rebuild (self);
}

void
gander_rows_show_hidden (GanderRows *self)
{
  g_hash_table_remove_all (self->hidden);
  gander_rows_rebuild (self);
}

void
gander_rows_set_filter (GanderRows *self, const GanderLaneId *lanes, guint32 n)
{
  g_clear_pointer (&self->filter, g_array_unref);
  if (lanes != NULL)
    {
      /* Room for one keeps the data of an empty filter from being NULL, which is none. */
      self->filter = g_array_sized_new (FALSE, FALSE, sizeof *lanes, MAX (n, 1));
      g_array_append_vals (self->filter, lanes, n);
    }
  gander_rows_regroup (self);
  gander_rows_rebuild (self);
}

static void
apply (GanderRows *self, const GanderRowChange *change)
{
  switch (change->kind)
    {
    case GANDER_ROW_CHANGE_OPTIONS:
      gander_rows_set_options (self, &change->options);
      break;
    case GANDER_ROW_CHANGE_OPEN:
      gander_rows_set_open (self, change->key, change->on);
      break;
    case GANDER_ROW_CHANGE_ALL_OPEN:
      gander_rows_set_all_open (self, change->on);
      break;
    case GANDER_ROW_CHANGE_SHOW_ALL:
      gander_rows_show_all (self, change->key);
      break;
    case GANDER_ROW_CHANGE_REVEAL:
      gander_rows_reveal (self, change->lane);
      break;
    case GANDER_ROW_CHANGE_PINNED:
      gander_rows_set_pinned (self, change->lane, change->on);
      break;
    case GANDER_ROW_CHANGE_HIDDEN:
      gander_rows_set_hidden (self, change->lane, change->on);
      break;
    case GANDER_ROW_CHANGE_SHOW_HIDDEN:
      gander_rows_show_hidden (self);
      break;
    case GANDER_ROW_CHANGE_COMPLETE:
      gander_rows_complete (self);
      break;
    case GANDER_N_ROW_CHANGES:
    default:
      break;
    }
}

GanderRows *
gander_rows_new_changed (const GanderRows *self, const GanderRowChange *changes, guint n)
{
  GanderRows *changed = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  changed = gander_rows_copy (self);
  for (guint i = 0; i < n; i++)
    apply (changed, &changes[i]);
  return changed;
}
