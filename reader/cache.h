/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where indexes are kept between runs: one file per trace in a folder that only its owner can
 * read or write. A folder that is not as it should be is not used: no cache then, never an error.
 */

#include "reader/index.h"
#include "reader/progress.h"
#include "reader/schema.h"

G_BEGIN_DECLS

/* Fills @identity from the file's size, time and first and last 64 KiB. Returns: FALSE when @fd is
 * no regular file or cannot be read at a place. */
gboolean gander_cache_identify (int fd, GanderIdentity *identity);

/* Returns: (transfer full) @directory, or the user's own when NULL. With @create it is made with
 * mode 0700 if it is missing, and must be a folder that nobody else can write to: else NULL with a
 * G_FILE_ERROR. */
char *gander_cache_dup_directory (const char *directory, gboolean create, GError **error);

/* Returns: (transfer full) the index of @identity, opened and marked as used now; NULL when there
 * is none that is sound. @path is kept as that of the trace. */
GanderIndex *gander_cache_open (const char *directory,
                                const char *path,
                                const GanderIdentity *identity) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the name of the index of @identity, without a folder. */
char *gander_cache_dup_name (const GanderIdentity *identity);

/* A file under a temporary name, to be published or dropped. */
typedef struct
{
  int directory_fd; /* -1 = the file has no name at all */
  int fd;
  char *temporary;
} GanderCacheFile;

/* Opens a new empty file in @directory and holds a lock on it: as long as that holds, nobody takes
 * it for one that a killed process has left. Returns: FALSE with errno; nothing is left then. */
gboolean gander_cache_file_open (GanderCacheFile *self, const char *directory);

/* A new empty file without a name. Returns: FALSE with errno. */
gboolean gander_cache_file_open_unlinked (GanderCacheFile *self, const char *directory);

/* Gives the file the name @name, whatever had that name before. @trace is noted beside it for
 * people. Nobody waits for the disk: should the power go before the kernel has written it all, the
 * checksums tell, and the index is made again. Returns: FALSE with errno when that was not
 * possible: it has no name then, but is still good for this process. */
gboolean gander_cache_file_publish (GanderCacheFile *self, const char *name, const char *trace);

/* Removes what was not published and closes. */
void gander_cache_file_clear (GanderCacheFile *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCacheFile, gander_cache_file_clear)

G_END_DECLS
