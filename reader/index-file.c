/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-file.h"

#include "reader/crc32c.h"
#include "reader/write-at.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (1u << 20)

gsize
gander_section_get_row_size (GanderSection section)
{
  static const gsize sizes[GANDER_N_SECTIONS] = {
#define SECTION(NAME, id, type) sizeof (type),
#include "reader/schema.def"
#undef SECTION
  };
  return sizes[section];
}

/* Where the sections of a part begin: 0 is that of those which it has not. */
#define PART_BEGIN GANDER_INDEX_ALIGNMENT

static void
init (GanderIndexFile *self, int fd, guint64 offset)
{
  *self = (GanderIndexFile){ .fd = fd,
                             .buffer = g_malloc (BUFFER_SIZE),
                             .flushed = offset,
                             .section = GANDER_N_SECTIONS,
                             .page_sums = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  for (guint32 i = 0; i < GANDER_N_SECTIONS; i++)
    self->entries[i].kind = i;
}

void
gander_index_file_init (GanderIndexFile *self, int fd)
{
  init (self, fd, GANDER_INDEX_HEADER_SIZE);
}

void
gander_index_file_init_part (GanderIndexFile *self, int fd)
{
  init (self, fd, PART_BEGIN);
}

static void
write_at (int fd, gconstpointer data, gsize size, guint64 offset, GError **error)
{
  int failed = gander_write_at (fd, data, size, offset);

  if (failed != 0)
    g_set_error (error,
                 G_FILE_ERROR,
                 g_file_error_from_errno (failed),
                 "writing the index: %s",
                 g_strerror (failed));
}

/* Each page of a section has a checksum of its own, for whoever reads only some. */
static void
sum (GanderIndexFile *self, const guint8 *bytes, gsize size)
{
  while (size > 0)
    {
      gsize n = MIN (size, GANDER_INDEX_PAGE - self->page_filled);
      self->page_crc = gander_crc32c (self->page_crc, bytes, n);
      bytes += n;
      size -= n;
      self->page_filled += n;
      if (self->page_filled < GANDER_INDEX_PAGE)
        return;
      g_array_append_val (self->page_sums, self->page_crc);
      self->page_crc = 0;
      self->page_filled = 0;
    }
}

/* Takes the checksum of what the present section has in the buffer. That of the checksums is in the
 * header. */
static void
sum_buffered (GanderIndexFile *self)
{
  if (self->section != GANDER_N_SECTIONS && self->section != GANDER_SECTION_PAGE_SUMS)
    sum (self, self->buffer + self->n_summed, self->n_buffered - self->n_summed);
  self->n_summed = self->n_buffered;
}

void
gander_index_file_clear (GanderIndexFile *self)
{
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->page_sums, g_array_unref);
  g_clear_error (&self->error);
}

void
gander_index_file_flush (GanderIndexFile *self)
{
  sum_buffered (self);
  if (self->error == NULL)
    write_at (self->fd, self->buffer, self->n_buffered, self->flushed, &self->error);
  self->flushed += self->n_buffered;
  self->n_buffered = 0;
  self->n_summed = 0;
}

static void
append_raw (GanderIndexFile *self, gconstpointer data, gsize size)
{
  const guint8 *bytes = data;

  while (size > 0)
    {
      gsize n = MIN (size, BUFFER_SIZE - self->n_buffered);
      memcpy (self->buffer + self->n_buffered, bytes, n);
      self->n_buffered += n;
      bytes += n;
      size -= n;
      if (self->n_buffered == BUFFER_SIZE)
        gander_index_file_flush (self);
    }
}

static void
align (GanderIndexFile *self)
{
  static const guint8 zeros[GANDER_INDEX_ALIGNMENT] = { 0 };
  guint64 position = self->flushed + self->n_buffered;

  append_raw (self, zeros, (gsize)(-position & (GANDER_INDEX_ALIGNMENT - 1)));
}

void
gander_index_file_begin (GanderIndexFile *self, GanderSection section)
{
  align (self);
  self->section = section;
  self->n_summed = self->n_buffered;
  self->entries[section].offset = self->flushed + self->n_buffered;
  self->entries[section].first_sum = self->page_sums->len;
}

void
gander_index_file_append (GanderIndexFile *self, gconstpointer data, gsize size)
{
  self->entries[self->section].size += size;
  append_raw (self, data, size);
}

guint64
gander_index_file_get_size (const GanderIndexFile *self)
{
  return self->entries[self->section].size;
}

void
gander_index_file_end (GanderIndexFile *self)
{
  GanderSectionEntry *entry = &self->entries[self->section];

  sum_buffered (self);
  if (self->page_filled > 0)
    g_array_append_val (self->page_sums, self->page_crc);
  self->page_crc = 0;
  self->page_filled = 0;
  entry->count = entry->size / gander_section_get_row_size (self->section);
  self->section = GANDER_N_SECTIONS;
}

void
gander_index_file_put (GanderIndexFile *self, GanderSection section, gconstpointer rows, gsize n)
{
  gander_index_file_begin (self, section);
  if (n > 0)
    gander_index_file_append (self, rows, n * gander_section_get_row_size (section));
  gander_index_file_end (self);
}

void
gander_index_file_adopt (GanderIndexFile *self, GanderIndexFile *part)
{
  guint64 begin = 0;

  align (self);
  begin = self->flushed + self->n_buffered;
  for (guint section = 0; section < GANDER_N_SECTIONS; section++)
    if (part->entries[section].offset != 0)
      {
        self->entries[section] = part->entries[section];
        self->entries[section].offset += begin - PART_BEGIN;
        self->entries[section].first_sum += self->page_sums->len;
      }
  g_array_append_vals (self->page_sums, part->page_sums->data, part->page_sums->len);
  if (self->error == NULL)
    self->error = g_steal_pointer (&part->error);
  part->n_copied = PART_BEGIN;
}

/* Fills the buffer with what @part has in its file. */
static void
copy_file (GanderIndexFile *self, GanderIndexFile *part)
{
  gsize n = (gsize)MIN (part->flushed - part->n_copied, BUFFER_SIZE - self->n_buffered);
  gssize got = pread (part->fd, self->buffer + self->n_buffered, n, (off_t)part->n_copied);

  if (got < 0 && errno == EINTR)
    return;
  if (got <= 0)
    {
      int saved = got < 0 ? errno : EIO;
      g_set_error (&self->error,
                   G_FILE_ERROR,
                   g_file_error_from_errno (saved),
                   "writing the index: %s",
                   g_strerror (saved));
      return;
    }
  self->n_buffered += (gsize)got;
  part->n_copied += (guint64)got;
  if (self->n_buffered == BUFFER_SIZE)
    gander_index_file_flush (self);
}

gboolean
gander_index_file_copy (GanderIndexFile *self, GanderIndexFile *part)
{
  if (self->error != NULL)
    return FALSE;
  if (part->n_copied < part->flushed)
    {
      copy_file (self, part);
      return TRUE;
    }
  append_raw (self, part->buffer, part->n_buffered);
  return FALSE;
}

gboolean
gander_index_file_finish (GanderIndexFile *self, const GanderIdentity *identity, GError **error)
{
  g_autofree guint8 *page = g_malloc0 (GANDER_INDEX_HEADER_SIZE);
  GanderIndexHeader *header = (GanderIndexHeader *)page;
  GanderIndexFooter footer = { .magic = GANDER_INDEX_MAGIC, .complete = GANDER_INDEX_COMPLETE };

  gander_index_file_put (self,
                         GANDER_SECTION_PAGE_SUMS,
                         self->page_sums->data,
                         self->page_sums->len);
  memcpy (header->magic, GANDER_INDEX_MAGIC, sizeof header->magic);
  header->version = GANDER_INDEX_VERSION;
  header->endianness = GANDER_INDEX_ENDIANNESS;
  g_strlcpy (header->program, GANDER_VERSION, sizeof header->program);
  header->identity = *identity;
  header->n_sections = GANDER_N_SECTIONS;
  header->sums_crc =
      gander_crc32c (0, self->page_sums->data, self->page_sums->len * sizeof (guint32));
  memcpy (header->sections, self->entries, sizeof header->sections);
  header->crc = gander_crc32c (0, page, GANDER_INDEX_HEADER_SIZE);

  align (self);
  footer.size = self->flushed + self->n_buffered + sizeof footer;
  footer.header_crc = header->crc;
  append_raw (self, &footer, sizeof footer);
  gander_index_file_flush (self);
  if (self->error == NULL)
    write_at (self->fd, page, GANDER_INDEX_HEADER_SIZE, 0, &self->error);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    return TRUE;
  return FALSE;
}
