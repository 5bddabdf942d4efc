/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The checksums of a section's pages, each seen to when something in the page is first read: what
 * opening an index costs does not grow with it. Any thread may ask; two may both take the sum of a
 * page, which does no harm.
 */

#include "reader/schema.h"

G_BEGIN_DECLS

typedef struct
{
  const guint8 *bytes; /* of the section */
  guint64 size;
  const guint32 *sums; /* one for each page */
  guint8 *checked;     /* (nullable) one for each page: its sum is right; NULL = no need to check */
  gint *broken;        /* set when a page is not as it was written */
} GanderPageSums;

/* As gander_page_sums_check (), without a short cut. */
gboolean gander_page_sums_check_all (const GanderPageSums *self, guint64 offset, guint64 size);

/* Bytes [offset, offset + size) of the section are about to be read.
 *
 * Returns: FALSE when a page of them is not as it was written, or they are not all there. */
static inline gboolean
gander_page_sums_check (const GanderPageSums *self, guint64 offset, guint64 size)
{
  guint64 page = offset / GANDER_INDEX_PAGE;

  if (G_LIKELY (
          self->checked == NULL ||
          (offset < self->size && __atomic_load_n (&self->checked[page], __ATOMIC_RELAXED) != 0 &&
           size <= GANDER_INDEX_PAGE - offset % GANDER_INDEX_PAGE && size <= self->size - offset)))
    return TRUE;
  return gander_page_sums_check_all (self, offset, size);
}

G_END_DECLS
