/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The folder of indexes as a whole: what is in it, and how it is kept from growing without end.
 * Only files that Gander itself has put there are listed or removed. An index that is in use may be
 * removed: who has it open keeps it.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the folder may grow to before the indexes that were not used for longest are removed. */
#define GANDER_CACHE_LIMIT_DEFAULT (G_GUINT64_CONSTANT (4) << 30)

#define GANDER_CACHE_TRACE_ATTRIBUTE "user.gander.trace"

typedef struct
{
  char *name;         /* of the file, without folder */
  char *trace;        /* where the trace lay, or NULL when that is not known */
  guint64 bytes;      /* on the disk */
  guint64 trace_size; /* bytes of the trace file; 0 = not known */
  gint64 used_s;      /* Unix time in seconds when it was last used */
  gboolean stale;     /* of another version, or damaged: nobody will use it */
} GanderCacheEntry;

void gander_cache_entry_free (GanderCacheEntry *self);

/* @directory NULL is the user's own.
 *
 * Returns: (transfer full) (element-type GanderCacheEntry) all indexes, the stale first, then by
 * last use, oldest first; a folder that is not there is empty. NULL with a G_FILE_ERROR when the
 * folder cannot be read or trusted. */
GPtrArray *gander_cache_list (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  guint n_removed;
  guint64 bytes_removed;
  guint n_left;
  guint64 bytes_left;
} GanderCacheTrim;

/* Removes what killed processes have left, then indexes in the order of gander_cache_list () until
 * the rest takes at most @limit bytes; 0 removes all. @keep (nullable) is the name of an index that
 * stays. @out may be NULL.
 *
 * Returns: FALSE with a G_FILE_ERROR when the folder cannot be read or trusted. */
gboolean gander_cache_trim (const char *directory,
                            guint64 limit,
                            const char *keep,
                            GanderCacheTrim *out,
                            GError **error);

G_END_DECLS
