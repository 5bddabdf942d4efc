/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens an index file. What is looked at does not grow with the file: header and footer, the bounds
 * of all sections, the checksums of the small ones, and the numbers of rows that belong together.
 * All other pages are seen to when something in them is first read.
 */
#include "reader/index-data.h"

#include "reader/crc32c.h"
#include "reader/map-guard.h"
#include "reader/reader-error.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Sections up to this size are small. */
#define EAGER_SIZE ((guint64)256 << 10)

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

static guint64
count_pages (guint64 size)
{
  return size / GANDER_INDEX_PAGE + (size % GANDER_INDEX_PAGE != 0);
}

static gboolean
check_sections (GanderIndex *self, GError **error)
{
  const GanderIndexHeader *header = (const GanderIndexHeader *)self->map;
  const GanderSectionEntry *sums = &header->sections[GANDER_SECTION_PAGE_SUMS];

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
    }
  if (gander_crc32c (0, self->map + sums->offset, sums->size) != header->sums_crc)
    return fail (error, "the checksums of the index are damaged");
  self->sections[GANDER_SECTION_PAGE_SUMS].health = GANDER_SECTION_GOOD;
  return TRUE;
}

/* Rows that everything else refers to. */
static gboolean
is_eager (GanderSection section, guint64 size)
{
  return size <= EAGER_SIZE || section == GANDER_SECTION_KINDS || section == GANDER_SECTION_PROCS;
}

static gboolean
check_pages (GanderIndex *self, GError **error)
{
  const GanderIndexHeader *header = (const GanderIndexHeader *)self->map;
  const guint32 *sums = self->sections[GANDER_SECTION_PAGE_SUMS].rows;
  guint64 n_sums = gander_index_n (self, PAGE_SUMS);

  self->checked = g_try_malloc0 (n_sums + 1);
  if (self->checked == NULL)
    return fail (error, "not enough memory for the index");
  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    {
      const GanderSectionEntry *entry = &header->sections[i];
      const GanderPackedShape *shape = gander_section_get_shape (i);
      if (i == GANDER_SECTION_PAGE_SUMS)
        continue;
      if (entry->first_sum > n_sums || count_pages (entry->size) > n_sums - entry->first_sum)
        return fail (error, "the index lacks checksums");
      self->sections[i].pages = (GanderPageSums){ .bytes = self->map + entry->offset,
                                                  .size = entry->size,
                                                  .sums = sums + entry->first_sum,
                                                  .checked = self->checked + entry->first_sum,
                                                  .broken = &self->broken };
      if (is_eager (i, entry->size) && gander_index_check (self, i) == GANDER_SECTION_BROKEN)
        return fail (error, "a section of the index is damaged");
      if (shape != NULL &&
          (!gander_packed_init (&self->packed[i], shape, &self->sections[i].pages) ||
           self->packed[i].n > G_MAXUINT32))
        return fail (error, "a packed table of the index is damaged");
    }
  return TRUE;
}

GanderSectionHealth
gander_index_check (const GanderIndex *self, GanderSection section)
{
  GanderSectionView *view = (GanderSectionView *)&self->sections[section];
  gint health = g_atomic_int_get (&view->health);

  if (health == GANDER_SECTION_UNSEEN)
    {
      health = gander_page_sums_check (&view->pages, 0, view->pages.size) ? GANDER_SECTION_GOOD
                                                                          : GANDER_SECTION_BROKEN;
      g_atomic_int_set (&view->health, health);
    }
  return health;
}

static gboolean
check_tables (GanderIndex *self, GError **error)
{
  GanderFactsRow *facts = &self->facts_row;
  guint64 n_strings = gander_index_n (self, STRING_OFFSETS);
  guint64 n_bytes = gander_index_n (self, STRING_BYTES);
  const char *bytes = self->sections[GANDER_SECTION_STRING_BYTES].rows;
  guint64 n_lanes = 0;

  if (gander_index_n (self, FACTS) != 1 || gander_index_n (self, COUNTS) != 1)
    return fail (error, "the index states no facts");
  *facts = *gander_index_rows (self, FACTS, GanderFactsRow);
  if (facts->duration < 0 || (guint64)facts->duration > GANDER_INDEX_TIME_MAX)
    return fail (error, "the index states an impossible duration");
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
  if (facts->first_range[GANDER_N_RANGE_KINDS] > gander_index_packed_n (self, RANGES) ||
      facts->first_point[GANDER_N_COUNTERS] > gander_index_n (self, POINTS))
    return fail (error, "the tables of the index do not fit together");
  for (guint i = 0; i < GANDER_N_RANGE_KINDS; i++)
    if (facts->first_range[i] > facts->first_range[i + 1])
      return fail (error, "the ranges of the index are out of order");
  for (guint i = 0; i < GANDER_N_COUNTERS; i++)
    if (facts->first_point[i] > facts->first_point[i + 1])
      return fail (error, "the counters of the index are out of order");
  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    if (gander_section_get_shape (i) == NULL && i != GANDER_SECTION_BLOCKS &&
        i != GANDER_SECTION_STRING_BYTES && i != GANDER_SECTION_GRID_CELLS &&
        i != GANDER_SECTION_SUMMARIES && self->sections[i].n > G_MAXUINT32)
      return fail (error, "a table of the index has too many rows");
  return TRUE;
}

static void
set_up_blocks (GanderIndex *self)
{
  const GanderFactsRow *facts = &self->facts_row;

  self->first_lane[GANDER_LANE_PROC] = facts->n_goroutines;
  self->first_lane[GANDER_LANE_THREAD] = facts->n_goroutines + facts->n_procs;
  self->first_lane[GANDER_N_LANE_KINDS] = (guint32)(gander_index_n (self, LANES) - 1);
  self->blocks = (GanderBlocks){
    .blocks = self->sections[GANDER_SECTION_BLOCKS].rows,
    .blocks_size = gander_index_n (self, BLOCKS),
    .kinds = self->sections[GANDER_SECTION_KINDS].rows,
    .n_kinds = gander_index_n (self, KINDS),
    .summaries = self->sections[GANDER_SECTION_SUMMARIES].rows,
    .n_summaries = gander_index_n (self, SUMMARIES),
    .lanes = self->sections[GANDER_SECTION_LANES].rows,
    .n_lanes = self->first_lane[GANDER_N_LANE_KINDS],
    .n_goroutines = facts->n_goroutines,
    .procs = self->sections[GANDER_SECTION_PROCS].rows,
    .n_procs = gander_index_n (self, PROCS),
    .block_pages = &self->sections[GANDER_SECTION_BLOCKS].pages,
    .summary_pages = &self->sections[GANDER_SECTION_SUMMARIES].pages,
    .broken = &self->broken,
  };
  self->states = gander_blocks_new_states (&self->blocks);
  self->blocks.states = self->states;
}

static void
set_up_facts (GanderIndex *self)
{
  const GanderFactsRow *row = &self->facts_row;

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
  (void)gander_map_guard_add (self->map, self->map_size, &self->broken);
  if (!check_header (self, identity, error) || !check_sections (self, error) ||
      !check_pages (self, error) || !check_tables (self, error))
    return NULL;
  set_up_blocks (self);
  set_up_facts (self);
  if (gander_index_is_broken (self))
    {
      fail (error, "the index cannot be read");
      return NULL;
    }
  return g_steal_pointer (&self);
}
