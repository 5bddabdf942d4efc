/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From a path to an index: finds it in the cache, or reads the trace and builds it. Blocks;
 * call it from a worker.
 */

#include "reader/index.h"
#include "reader/progress.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean no_cache;     /* leave no file behind: the index lives in an unlinked file */
  gboolean rebuild;      /* do not use a cached index, but replace it */
  guint n_threads;       /* that may work on it; 0 = as many as there are processors */
  guint64 unpack_limit;  /* bytes a compressed trace may unpack to; 0 = 8 GiB */
  const char *cache_dir; /* (nullable) instead of the user's cache folder */
  guint64 n_events;      /* read only about the first so many, which is no damage, and keep nothing;
                            0 = all */
  guint64 cache_limit;   /* bytes that the folder may hold; 0 = the usual 4 GiB */
} GanderLoadOptions;

/* @path may be "-" for standard input. @options and @progress may be NULL.
 *
 * Returns: (transfer full) an index, or NULL with a GANDER_READER_ERROR, G_FILE_ERROR or G_IO_ERROR
 * (G_IO_ERROR_CANCELLED among them; nothing is left behind then). A cache that cannot be written is
 * no error: gander_index_get_cache_trouble () tells. */
GanderIndex *gander_load (const char *path,
                          const GanderLoadOptions *options,
                          GanderProgress *progress,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the index that is kept of @path, which turned out to be broken while it was in use: the
 * next load builds it anew.
 *
 * Returns: whether it is gone. */
gboolean gander_load_forget (const char *path, const GanderLoadOptions *options);

/* Returns: (transfer full) an index of a trace in memory. For tests. */
GanderIndex *
gander_load_bytes (const guint8 *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) where the index of @path is or would be kept, or NULL when the user
 * has no cache folder. */
char *gander_load_get_cache_path (const char *path, const GanderLoadOptions *options);

G_END_DECLS
