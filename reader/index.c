/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens an index file and answers for its tables. The checks at open are total: bounds of every
 * section, all checksums (but those of blocks beyond EAGER_BLOCKS, which are seen to on first
 * touch). They defend against accidents; a file forged with good checksums is harmless because
 * no number in a row is used as an index without being compared first.
 */
#include "reader/index-data.h"

#include "reader/crc32c.h"
#include "reader/query.h"
#include "reader/reader-error.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define EAGER_BLOCKS ((guint64)32 << 20)

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, GANDER_READER_ERROR, GANDER_READER_ERROR_BAD_INDEX, "%s", what);
  return FALSE;
}

static gboolean
check_header (const GanderIndex *self, const GanderIdentity *identity, GError **error)
{
  g_autofree guint8 *page = g_memdup2 (self->map, GANDER_INDEX_HEADER_SIZE);
  GanderIndexHeader *header = (GanderIndexHeader *)page;
  GanderIndexFooter footer = { 0 };
  guint32 crc = header->crc;

  memcpy (&footer, self->map + self->map_size - sizeof footer, sizeof footer);
  if (memcmp (header->magic, GANDER_INDEX_MAGIC, sizeof header->magic) != 0)
    return fail (error, "not an index file");
  if (header->version != GANDER_INDEX_VERSION || header->endianness != GANDER_INDEX_ENDIANNESS ||
      header->n_sections != GANDER_N_SECTIONS)
    return fail (error, "an index of another version or machine");
  if (strncmp (header->program, GANDER_VERSION, sizeof header->program) != 0)
    return fail (error, "an index of another version of the program");
  header->crc = 0;
  if (gander_crc32c (0, page, GANDER_INDEX_HEADER_SIZE) != crc)
    return fail (error, "the header of the index is damaged");
  if (memcmp (footer.magic, GANDER_INDEX_MAGIC, sizeof footer.magic) != 0 ||
      footer.size != self->map_size || footer.header_crc != crc ||
      footer.complete != GANDER_INDEX_COMPLETE)
    return fail (error, "the index is not complete");
  if (identity != NULL && memcmp (identity, &header->identity, sizeof *identity) != 0)
    return fail (error, "the index of another trace");
  return TRUE;
}

static gboolean
check_sections (GanderIndex *self, GError **error)
{
  const GanderIndexHeader *header = (const GanderIndexHeader *)self->map;

  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    {
      const GanderSectionEntry *entry = &header->sections[i];
      gsize row_size = gander_section_get_row_size (i);
      if (entry->kind != i || entry->offset % GANDER_INDEX_ALIGNMENT != 0 ||
          entry->offset < GANDER_INDEX_HEADER_SIZE || entry->offset > self->map_size ||
          entry->size > self->map_size - entry->offset || entry->size % row_size != 0 ||
          entry->count != entry->size / row_size)
        return fail (error, "a section of the index is out of bounds");
      self->sections[i].rows = self->map + entry->offset;
      self->sections[i].n = entry->count;
      if (i == GANDER_SECTION_BLOCKS && entry->size > EAGER_BLOCKS)
        continue;
      if (gander_crc32c (0, self->sections[i].rows, entry->size) != entry->crc)
        return fail (error, "a section of the index is damaged");
    }
  return TRUE;
}

static gboolean
check_tables (const GanderIndex *self, GError **error)
{
  const GanderFactsRow *facts = gander_index_rows (self, FACTS, GanderFactsRow);
  guint64 n_strings = gander_index_n (self, STRING_OFFSETS);
  guint64 n_bytes = gander_index_n (self, STRING_BYTES);
  const char *bytes = gander_index_rows (self, STRING_BYTES, char);
  guint64 n_lanes = 0;

  if (gander_index_n (self, FACTS) != 1 || gander_index_n (self, COUNTS) != 1)
    return fail (error, "the index states no facts");
  n_lanes = (guint64)facts->n_goroutines + facts->n_procs + facts->n_threads;
  if (gander_index_n (self, LANES) != n_lanes + 1 || n_lanes >= GANDER_LANE_NONE)
    return fail (error, "the index has another number of lanes than it says");
  if (gander_index_n (self, LANES_BY_ID) != n_lanes ||
      gander_index_n (self, PROCS) != facts->n_procs)
    return fail (error, "the index does not list all lanes");
  if (n_strings == 0 || n_strings > G_MAXUINT32 || n_bytes == 0 || bytes[n_bytes - 1] != '\0' ||
      gander_index_n (self, WAITS) != n_strings || gander_index_n (self, STACK_OFFSETS) == 0 ||
      gander_index_n (self, STACK_OFFSETS) > G_MAXUINT32)
    return fail (error, "the texts of the index are damaged");
  if (gander_index_n (self, RANGES) != gander_index_n (self, RANGE_ENDS) ||
      facts->first_range[GANDER_N_RANGE_KINDS] > gander_index_n (self, RANGES) ||
      facts->first_point[GANDER_N_COUNTERS] > gander_index_n (self, POINTS))
    return fail (error, "the tables of the index do not fit together");
  if (gander_index_n (self, BLOCK_SUMS) * GANDER_BLOCK_PAGE < gander_index_n (self, BLOCKS) ||
      facts->wakeup_time_width < 4 || facts->wakeup_time_width > 8 ||
      gander_index_n (self, WAKEUPS) < GANDER_BLOCK_SLACK)
    return fail (error, "the blocks or wake-ups of the index are cut");
  for (guint i = 0; i < GANDER_N_RANGE_KINDS; i++)
    if (facts->first_range[i] > facts->first_range[i + 1])
      return fail (error, "the ranges of the index are out of order");
  for (guint i = 0; i < GANDER_N_COUNTERS; i++)
    if (facts->first_point[i] > facts->first_point[i + 1])
      return fail (error, "the counters of the index are out of order");
  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    if (i != GANDER_SECTION_BLOCKS && i != GANDER_SECTION_STRING_BYTES &&
        i != GANDER_SECTION_GRID_CELLS && i != GANDER_SECTION_WAKEUPS &&
        i != GANDER_SECTION_SUMMARIES && self->sections[i].n > G_MAXUINT32)
      return fail (error, "a table of the index has too many rows");
  return TRUE;
}

static void
set_up_blocks (GanderIndex *self)
{
  const GanderFactsRow *facts = self->facts_row;
  guint64 blocks_size = gander_index_n (self, BLOCKS);

  self->first_lane[GANDER_LANE_PROC] = facts->n_goroutines;
  self->first_lane[GANDER_LANE_THREAD] = facts->n_goroutines + facts->n_procs;
  self->first_lane[GANDER_N_LANE_KINDS] = (guint32)(gander_index_n (self, LANES) - 1);
  if (blocks_size > EAGER_BLOCKS)
    self->checked = g_try_malloc0 (blocks_size / GANDER_BLOCK_PAGE / 8 + 1);
  self->blocks = (GanderBlocks){
    .blocks = gander_index_rows (self, BLOCKS, guint8),
    .blocks_size = blocks_size,
    .kinds = gander_index_rows (self, KINDS, GanderKindRow),
    .n_kinds = gander_index_n (self, KINDS),
    .summaries = gander_index_rows (self, SUMMARIES, gint64),
    .n_summaries = gander_index_n (self, SUMMARIES),
    .lanes = gander_index_rows (self, LANES, GanderLaneRow),
    .n_lanes = self->first_lane[GANDER_N_LANE_KINDS],
    .n_goroutines = facts->n_goroutines,
    .procs = gander_index_rows (self, PROCS, guint32),
    .n_procs = gander_index_n (self, PROCS),
    .sums = gander_index_rows (self, BLOCK_SUMS, guint32),
    .checked = self->checked,
    .broken = &self->broken,
  };
}

static void
set_up_facts (GanderIndex *self)
{
  const GanderFactsRow *row = self->facts_row;

  self->facts = (GanderFacts){ .path = self->path,
                               .go_version = row->go_version,
                               .newer_format = row->newer_format != 0,
                               .bytes = row->bytes,
                               .n_events = row->n_events,
                               .n_transitions = row->n_transitions,
                               .duration = row->duration,
                               .start_clock_ns = row->start_clock_ns,
                               .wall_ns = row->wall_ns,
                               .n_goroutines = row->n_goroutines,
                               .n_procs = row->n_procs,
                               .n_threads = row->n_threads,
                               .gomaxprocs = row->gomaxprocs,
                               .starts_midway = row->starts_midway != 0 };
}

GanderIndex *
gander_index_open_fd (int fd, const char *path, const GanderIdentity *identity, GError **error)
{
  g_autoptr (GanderIndex) self = g_new0 (GanderIndex, 1);
  struct stat info;

  g_atomic_ref_count_init (&self->references);
  self->path = g_strdup (path);
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) ||
      info.st_size < (off_t)(GANDER_INDEX_HEADER_SIZE + sizeof (GanderIndexFooter)))
    {
      fail (error, "too short for an index file");
      return NULL;
    }
  self->map_size = (gsize)info.st_size;
  self->map = mmap (NULL, self->map_size, PROT_READ, MAP_SHARED, fd, 0);
  if (self->map == MAP_FAILED)
    {
      self->map = NULL;
      fail (error, "the index cannot be mapped");
      return NULL;
    }
  if (!check_header (self, identity, error) || !check_sections (self, error) ||
      !check_tables (self, error))
    return NULL;
  self->facts_row = gander_index_rows (self, FACTS, GanderFactsRow);
  set_up_blocks (self);
  set_up_facts (self);
  return g_steal_pointer (&self);
}

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
    munmap ((gpointer)self->map, self->map_size);
  g_free (self->checked);
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
  return lane == GANDER_LANE_NONE ? -1 : self->blocks.lanes[lane].id;
}

void
gander_index_get_life (const GanderIndex *self, GanderLaneId lane, GanderLane *out)
{
  const GanderLaneRow *row = NULL;

  g_return_if_fail (lane < self->blocks.n_lanes);
  row = &self->blocks.lanes[lane];
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
  gander_blocks_get_total (&self->blocks, &self->blocks.lanes[lane], &out->total);
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
  return gander_index_rows (self, LANES_BY_ID, GanderLaneId) + first;
}

GanderLaneId
gander_index_find_lane (const GanderIndex *self, GanderLaneKind kind, gint64 id)
{
  const guint32 *by_id = gander_index_rows (self, LANES_BY_ID, guint32);
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
      GanderLaneId candidate = gander_index_clamp_lane (self, by_id[middle]);
      if (candidate != GANDER_LANE_NONE && self->blocks.lanes[candidate].id <= id)
        {
          lane = candidate;
          low = middle + 1;
        }
      else
        high = middle;
    }
  return lane != GANDER_LANE_NONE && self->blocks.lanes[lane].id == id ? lane : GANDER_LANE_NONE;
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
  return gander_index_rows (self, GROUP_LANES, GanderLaneId) + first;
}

guint32
gander_index_get_group_of (const GanderIndex *self, GanderLaneId goroutine)
{
  g_return_val_if_fail (goroutine < self->first_lane[GANDER_LANE_PROC], G_MAXUINT32);
  return self->blocks.lanes[goroutine].group;
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

void
gander_index_get_total (const GanderIndex *self, guint32 row, GanderTotal *out)
{
  const GanderTotalRow *total = NULL;
  const GanderKindRow *kind = NULL;

  g_return_if_fail (row < gander_index_n (self, TOTALS));
  total = &gander_index_rows (self, TOTALS, GanderTotalRow)[row];
  kind = gander_blocks_get_kind (&self->blocks, total->kind);
  *out = (GanderTotal){ .state = kind->state,
                        .cause = MIN (kind->cause, GANDER_CAUSE_SWITCHED),
                        .flags = kind->flags,
                        .reason = kind->reason,
                        .stack = kind->stack,
                        .count = total->count,
                        .open = total->open,
                        .total = total->total,
                        .longest = total->longest };
}

const char *
gander_index_get_string (const GanderIndex *self, GanderStringId id)
{
  guint64 offset = 0;

  if (id >= gander_index_n (self, STRING_OFFSETS))
    return "";
  offset = gander_index_rows (self, STRING_OFFSETS, guint64)[id];
  if (offset >= gander_index_n (self, STRING_BYTES))
    return "";
  return gander_index_rows (self, STRING_BYTES, char) + offset;
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
