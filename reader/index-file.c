/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/index-file.h"

#include "reader/crc32c.h"

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

void
gander_index_file_init (GanderIndexFile *self, int fd)
{
  *self = (GanderIndexFile){ .fd = fd,
                             .buffer = g_malloc (BUFFER_SIZE),
                             .flushed = GANDER_INDEX_HEADER_SIZE,
                             .section = GANDER_N_SECTIONS,
                             .page_sums = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  for (guint32 i = 0; i < GANDER_N_SECTIONS; i++)
    self->entries[i].kind = i;
}

void
gander_index_file_clear (GanderIndexFile *self)
{
  g_clear_pointer (&self->buffer, g_free);
  g_clear_pointer (&self->page_sums, g_array_unref);
  g_clear_error (&self->error);
}

static void
write_at (GanderIndexFile *self, gconstpointer data, gsize size, guint64 offset)
{
  const guint8 *bytes = data;

  while (size > 0 && self->error == NULL)
    {
      gssize n = pwrite (self->fd, bytes, size, (off_t)offset);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int saved = n < 0 ? errno : ENOSPC;
          g_set_error (&self->error,
                       G_FILE_ERROR,
                       g_file_error_from_errno (saved),
                       "writing the index: %s",
                       g_strerror (saved));
          return;
        }
      bytes += n;
      size -= (gsize)n;
      offset += (guint64)n;
    }
}

void
gander_index_file_flush (GanderIndexFile *self)
{
  write_at (self, self->buffer, self->n_buffered, self->flushed);
  self->flushed += self->n_buffered;
  self->n_buffered = 0;
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
  self->entries[section].offset = self->flushed + self->n_buffered;
}

/* Each page of the blocks has a checksum of its own, for whoever reads only some. */
static void
sum_pages (GanderIndexFile *self, const guint8 *bytes, gsize size)
{
  gsize filled = self->entries[GANDER_SECTION_BLOCKS].size % GANDER_BLOCK_PAGE;

  while (size > 0)
    {
      gsize n = MIN (size, GANDER_BLOCK_PAGE - filled);
      self->page_crc = gander_crc32c (self->page_crc, bytes, n);
      bytes += n;
      size -= n;
      filled += n;
      if (filled < GANDER_BLOCK_PAGE)
        return;
      g_array_append_val (self->page_sums, self->page_crc);
      self->page_crc = 0;
      filled = 0;
    }
}

void
gander_index_file_append (GanderIndexFile *self, gconstpointer data, gsize size)
{
  GanderSectionEntry *entry = &self->entries[self->section];

  entry->crc = gander_crc32c (entry->crc, data, size);
  if (self->section == GANDER_SECTION_BLOCKS)
    sum_pages (self, data, size);
  entry->size += size;
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

  if (self->section == GANDER_SECTION_BLOCKS && entry->size % GANDER_BLOCK_PAGE != 0)
    g_array_append_val (self->page_sums, self->page_crc);
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

gboolean
gander_index_file_finish (GanderIndexFile *self, const GanderIdentity *identity, GError **error)
{
  g_autofree guint8 *page = g_malloc0 (GANDER_INDEX_HEADER_SIZE);
  GanderIndexHeader *header = (GanderIndexHeader *)page;
  GanderIndexFooter footer = { .magic = GANDER_INDEX_MAGIC, .complete = GANDER_INDEX_COMPLETE };

  memcpy (header->magic, GANDER_INDEX_MAGIC, sizeof header->magic);
  header->version = GANDER_INDEX_VERSION;
  header->endianness = GANDER_INDEX_ENDIANNESS;
  g_strlcpy (header->program, GANDER_VERSION, sizeof header->program);
  header->identity = *identity;
  header->n_sections = GANDER_N_SECTIONS;
  memcpy (header->sections, self->entries, sizeof header->sections);
  header->crc = gander_crc32c (0, page, GANDER_INDEX_HEADER_SIZE);

  align (self);
  footer.size = self->flushed + self->n_buffered + sizeof footer;
  footer.header_crc = header->crc;
  append_raw (self, &footer, sizeof footer);
  gander_index_file_flush (self);
  write_at (self, page, GANDER_INDEX_HEADER_SIZE, 0);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    return TRUE;
  return FALSE;
}
