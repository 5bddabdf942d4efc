/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/page-sums.h"

#include "reader/crc32c.h"

static gboolean
check_page (const GanderPageSums *self, guint64 page)
{
  guint64 offset = page * GANDER_INDEX_PAGE;
  gsize size = (gsize)MIN (GANDER_INDEX_PAGE, self->size - offset);

  if (__atomic_load_n (&self->checked[page], __ATOMIC_RELAXED) != 0)
    return TRUE;
  if (gander_crc32c (0, self->bytes + offset, size) != self->sums[page])
    return FALSE;
  __atomic_store_n (&self->checked[page], 1, __ATOMIC_RELAXED);
  return TRUE;
}

gboolean
gander_page_sums_check_all (const GanderPageSums *self, guint64 offset, guint64 size)
{
  gboolean good = offset <= self->size && size <= self->size - offset;

  if (self->checked == NULL)
    return TRUE;
  if (good && size > 0)
    for (guint64 page = offset / GANDER_INDEX_PAGE; page <= (offset + size - 1) / GANDER_INDEX_PAGE;
         page++)
      good &= check_page (self, page);
  if (!good)
    g_atomic_int_set (self->broken, 1);
  return good;
}
