/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/write-at.h"

#include "reader/map-use.h"

#include <errno.h>
#include <unistd.h>

int
gander_write_at (int fd, gconstpointer data, gsize size, guint64 offset)
{
  const guint8 *bytes = data;

  while (size > 0)
    {
      gsize piece = MIN (size, GANDER_MAP_WINDOW - offset % GANDER_MAP_WINDOW);
      gssize n = pwrite (fd, bytes, piece, (off_t)offset);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 ? errno : ENOSPC;
      bytes += n;
      size -= (gsize)n;
      offset += (guint64)n;
    }
  return 0;
}
