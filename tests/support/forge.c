/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/forge.h"

#include "reader/crc32c.h"
#include "reader/schema.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
sign_section (guint8 *bytes,
              gsize size,
              const GanderSectionEntry *entry,
              const GanderSectionEntry *sums)
{
  guint64 n = entry->size / GANDER_INDEX_PAGE + (entry->size % GANDER_INDEX_PAGE != 0);

  /* Whatever is out of bounds is found before any checksum matters. */
  if (entry->offset > size || entry->size > size - entry->offset || sums->offset > size ||
      sums->size > size - sums->offset || entry->first_sum > sums->size / sizeof (guint32) ||
      n > sums->size / sizeof (guint32) - entry->first_sum)
    return;
  for (guint64 i = 0; i < n; i++)
    {
      guint64 offset = i * GANDER_INDEX_PAGE;
      guint32 crc = gander_crc32c (0,
                                   bytes + entry->offset + offset,
                                   (gsize)MIN (GANDER_INDEX_PAGE, entry->size - offset));
      memcpy (bytes + sums->offset + (entry->first_sum + i) * sizeof crc, &crc, sizeof crc);
    }
}

void
test_sign_index (guint8 *bytes, gsize size)
{
  GanderIndexHeader *header = (GanderIndexHeader *)(gpointer)bytes;
  const GanderSectionEntry *sums = &header->sections[GANDER_SECTION_PAGE_SUMS];
  GanderIndexFooter footer;

  for (guint i = 0; i < GANDER_N_SECTIONS; i++)
    if (i != GANDER_SECTION_PAGE_SUMS)
      sign_section (bytes, size, &header->sections[i], sums);
  if (sums->offset <= size && sums->size <= size - sums->offset)
    header->sums_crc = gander_crc32c (0, bytes + sums->offset, sums->size);
  header->crc = 0;
  header->crc = gander_crc32c (0, bytes, GANDER_INDEX_HEADER_SIZE);
  memcpy (&footer, bytes + size - sizeof footer, sizeof footer);
  footer.header_crc = header->crc;
  memcpy (bytes + size - sizeof footer, &footer, sizeof footer);
}

GanderIndex *
test_open_index (const guint8 *bytes, gsize size, const GanderIdentity *identity, GError **error)
{
  int fd = memfd_create ("copy", MFD_CLOEXEC);
  GanderIndex *index = NULL;

  g_assert_cmpint (write (fd, bytes, size), ==, size);
  index = gander_index_open_fd (fd, "copy", identity, error);
  close (fd);
  return index;
}
