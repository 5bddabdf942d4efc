/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers for the tables of an index. No number in a row is used as an index without being compared
 * first, so that a file that is forged, or changes below us, is harmless.
 */
#include "reader/index-data.h"

#include "reader/map-guard.h"
#include "reader/query.h"

#include <string.h>
#include <sys/mman.h>

GanderIndex *
gander_index_ref (GanderIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
gander_index_unref (GanderIndex *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->map != NULL)
    {
      gander_map_guard_remove (self->map);
      munmap ((gpointer)self->map, self->map_size);
    }
  g_free (self->checked);
  g_free (self->states);
  g_free (self->path);
  g_free (self->cache_trouble);
  g_free (self);
}

gboolean
gander_index_is_broken (const GanderIndex *self)
{
  return g_atomic_int_get (&self->broken) != 0;
}

const char *
gander_index_get_cache_trouble (const GanderIndex *self)
{
  return self->cache_trouble;
}

const GanderFacts *
gander_index_get_facts (const GanderIndex *self)
{
  return &self->facts;
}

guint32
gander_index_get_n_lanes (const GanderIndex *self)
{
  return self->blocks.n_lanes;
}

static GanderLaneKind
kind_of_lane (const GanderIndex *self, GanderLaneId lane)
{
  return lane < self->first_lane[GANDER_LANE_PROC]     ? GANDER_LANE_GOROUTINE
         : lane < self->first_lane[GANDER_LANE_THREAD] ? GANDER_LANE_PROC
                                                       : GANDER_LANE_THREAD;
}

static GanderStringId
name_of_lane (const GanderIndex *self, const GanderLaneRow *row)
{
  if (row->group >= gander_index_n (self, GROUPS))
    return 0;
  return gander_index_rows (self, GROUPS, GanderGroupRow)[row->group].name;
}

gint64
gander_index_get_lane_id (const GanderIndex *self, GanderLaneId lane)
{
  g_return_val_if_fail (lane < self->blocks.n_lanes || lane == GANDER_LANE_NONE, -1);
  return lane == GANDER_LANE_NONE ? -1 : gander_index_lane (self, lane)->id;
}

void
gander_index_get_life (const GanderIndex *self, GanderLaneId lane, GanderLane *out)
{
  const GanderLaneRow *row = NULL;

  g_return_if_fail (lane < self->blocks.n_lanes);
  row = gander_index_lane (self, lane);
  *out = (GanderLane){ .kind = kind_of_lane (self, lane),
                       .flags = row->flags,
                       .id = row->id,
                       .life = row->life,
                       .creator = gander_index_clamp_lane (self, row->creator),
                       .creation_stack = row->creation_stack,
                       .name = name_of_lane (self, row),
                       .begin = row->begin,
                       .end = row->end,
                       .n_spans = row->n_spans };
}

void
gander_index_get_lane (const GanderIndex *self, GanderLaneId lane, GanderLane *out)
{
  g_return_if_fail (lane < self->blocks.n_lanes);
  gander_index_get_life (self, lane, out);
  gander_blocks_get_total (&self->blocks, gander_index_lane (self, lane), &out->total);
}

void
gander_index_get_lanes_of (const GanderIndex *self,
                           GanderLaneKind kind,
                           GanderLaneId *first,
                           guint32 *n)
{
  g_return_if_fail (kind < GANDER_N_LANE_KINDS);
  *first = self->first_lane[kind];
  *n = self->first_lane[kind + 1] - *first;
}

const GanderLaneId *
gander_index_get_lanes_by_id (const GanderIndex *self, GanderLaneKind kind, guint32 *n)
{
  GanderLaneId first = 0;

  *n = 0;
  g_return_val_if_fail (kind < GANDER_N_LANE_KINDS, NULL);
  gander_index_get_lanes_of (self, kind, &first, n);
  return gander_index_run (self, LANES_BY_ID, GanderLaneId, first, *n);
}

GanderLaneId
gander_index_find_lane (const GanderIndex *self, GanderLaneKind kind, gint64 id)
{
  guint32 low = 0;
  guint32 high = 0;
  GanderLaneId lane = GANDER_LANE_NONE;

  g_return_val_if_fail (kind < GANDER_N_LANE_KINDS, GANDER_LANE_NONE);
  low = self->first_lane[kind];
  high = self->first_lane[kind + 1];
  /* The last of the lanes with ids up to the wanted one: its last life. */
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      GanderLaneId candidate =
          gander_index_clamp_lane (self, *gander_index_row (self, LANES_BY_ID, guint32, middle));
      if (candidate != GANDER_LANE_NONE && gander_index_lane (self, candidate)->id <= id)
        {
          lane = candidate;
          low = middle + 1;
        }
      else
        high = middle;
    }
  return lane != GANDER_LANE_NONE && gander_index_lane (self, lane)->id == id ? lane
                                                                              : GANDER_LANE_NONE;
}

guint32
gander_index_get_n_groups (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, GROUPS);
}

void
gander_index_get_group (const GanderIndex *self, guint32 group, GanderGroup *out)
{
  const GanderGroupRow *row = NULL;

  g_return_if_fail (group < gander_index_n (self, GROUPS));
  row = &gander_index_rows (self, GROUPS, GanderGroupRow)[group];
  *out = (GanderGroup){ .name = row->name, .n_lanes = row->n_lanes, .system = row->system != 0 };
  memcpy (out->total.time, row->total, sizeof row->total);
}

const GanderLaneId *
gander_index_get_group_lanes (const GanderIndex *self, guint32 group, guint32 *n)
{
  const GanderGroupRow *row = NULL;
  guint32 first = 0;

  *n = 0;
  g_return_val_if_fail (group < gander_index_n (self, GROUPS), NULL);
  row = &gander_index_rows (self, GROUPS, GanderGroupRow)[group];
  first = (guint32)MIN (row->first_lane, gander_index_n (self, GROUP_LANES));
  *n = (guint32)MIN (row->n_lanes, gander_index_n (self, GROUP_LANES) - first);
  return gander_index_run (self, GROUP_LANES, GanderLaneId, first, *n);
}

guint32
gander_index_get_group_of (const GanderIndex *self, GanderLaneId goroutine)
{
  g_return_val_if_fail (goroutine < self->first_lane[GANDER_LANE_PROC], G_MAXUINT32);
  return gander_index_lane (self, goroutine)->group;
}

guint32
gander_index_get_n_totals (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, TOTALS);
}

void
gander_index_get_totals_of (const GanderIndex *self, guint32 group, guint32 *first, guint32 *n)
{
  const GanderGroupRow *row = NULL;

  *first = *n = 0;
  g_return_if_fail (group < gander_index_n (self, GROUPS));
  row = &gander_index_rows (self, GROUPS, GanderGroupRow)[group];
  *first = (guint32)MIN (row->first_total, gander_index_n (self, TOTALS));
  *n = (guint32)MIN (row->n_totals, gander_index_n (self, TOTALS) - *first);
}

static GanderTotal
get_empty_total (const GanderIndex *self, guint32 kind)
{
  const GanderKindRow *row = gander_blocks_get_kind (&self->blocks, kind);

  return (GanderTotal){ .state = row->state,
                        .cause = MIN (row->cause, GANDER_CAUSE_SWITCHED),
                        .flags = row->flags,
                        .reason = row->reason,
                        .stack = row->stack };
}

void
gander_index_get_total (const GanderIndex *self, guint32 row, GanderTotal *out)
{
  const GanderTotalRow *total = NULL;

  g_return_if_fail (row < gander_index_n (self, TOTALS));
  total = gander_index_row (self, TOTALS, GanderTotalRow, row);
  *out = get_empty_total (self, total->kind);
  out->count = total->count;
  out->open = total->open;
  out->total = total->total;
  out->longest = total->longest;
}

gboolean
gander_index_has_label_totals (const GanderIndex *self)
{
  return self->facts_row.has_label_totals != 0;
}

guint32
gander_index_get_n_label_totals (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, LABEL_TOTALS);
}

void
gander_index_get_label_total (const GanderIndex *self, guint32 row, GanderLabelTotal *out)
{
  const GanderLabelTotalRow *total = NULL;

  g_return_if_fail (row < gander_index_n (self, LABEL_TOTALS));
  total = gander_index_row (self, LABEL_TOTALS, GanderLabelTotalRow, row);
  *out = (GanderLabelTotal){ .lane = GANDER_LANE_NONE,
                             .group = total->owner,
                             .task = total->task,
                             .region = total->region,
                             .total = get_empty_total (self, total->kind) };
  out->total.count = total->count;
  out->total.total = total->total;
  if (self->first_lane[GANDER_LANE_PROC] > GANDER_FEW_GOROUTINES)
    return;
  out->lane = gander_index_clamp_goroutine (self, total->owner);
  if (out->lane != GANDER_LANE_NONE)
    out->group = gander_index_lane (self, out->lane)->group;
}

const char *
gander_index_get_string (const GanderIndex *self, GanderStringId id)
{
  guint64 offset = 0;

  if (id >= gander_index_n (self, STRING_OFFSETS))
    return "";
  offset = gander_index_rows (self, STRING_OFFSETS, guint64)[id];
  /* Bytes that are not as they were written need not be UTF-8. */
  if (offset >= gander_index_n (self, STRING_BYTES) ||
      gander_index_check (self, GANDER_SECTION_STRING_BYTES) == GANDER_SECTION_BROKEN)
    return "";
  return (const char *)self->sections[GANDER_SECTION_STRING_BYTES].rows + offset;
}

guint32
gander_index_get_n_strings (const GanderIndex *self)
{
  return (guint32)gander_index_n (self, STRING_OFFSETS);
}

GanderWait
gander_index_get_wait (const GanderIndex *self, GanderStringId reason)
{
  guint8 wait = GANDER_WAIT_OTHER;

  if (reason < gander_index_n (self, WAITS))
    wait = gander_index_rows (self, WAITS, guint8)[reason];
  return MIN (wait, GANDER_WAIT_OTHER);
}

static const guint32 *
get_stack (const GanderIndex *self, GanderStackId stack, guint *n)
{
  const guint64 *offsets = gander_index_rows (self, STACK_OFFSETS, guint64);
  guint64 n_frames = gander_index_n (self, STACK_FRAMES);
  guint64 first = 0;
  guint64 last = 0;

  *n = 0;
  if ((guint64)stack + 1 >= gander_index_n (self, STACK_OFFSETS))
    return NULL;
  first = MIN (offsets[stack], n_frames);
  last = MIN (offsets[stack + 1], n_frames);
  *n = last > first ? (guint)MIN (last - first, G_MAXUINT) : 0;
  return gander_index_rows (self, STACK_FRAMES, guint32) + first;
}

guint
gander_index_get_stack_depth (const GanderIndex *self, GanderStackId stack)
{
  guint n = 0;

  get_stack (self, stack, &n);
  return n;
}

void
gander_index_get_frame (const GanderIndex *self, GanderStackId stack, guint level, GanderFrame *out)
{
  guint n = 0;
  const guint32 *frames = get_stack (self, stack, &n);

  *out = (GanderFrame){ 0 };
  if (level < n && frames[level] < gander_index_n (self, FRAMES))
    *out = gander_index_rows (self, FRAMES, GanderFrame)[frames[level]];
}
