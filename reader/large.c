/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/large.h"

#include <stdlib.h>
#include <sys/mman.h>

#define LARGE_PAGE ((gsize)2 << 20)

gpointer
gander_large_try_new (gsize size)
{
  gpointer memory = NULL;

  if (size < LARGE_PAGE / 2)
    return g_try_malloc (size);
  if (size > G_MAXSIZE - LARGE_PAGE)
    return NULL;
  size = (size + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
  if (posix_memalign (&memory, LARGE_PAGE, size) != 0)
    return NULL;
  (void)madvise (memory, size, MADV_HUGEPAGE);
  return memory;
}
