/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/load.h"

#include "reader/cache-folder.h"
#include "reader/cache.h"
#include "reader/event-queue.h"
#include "reader/index-data.h"
#include "reader/index-write.h"
#include "reader/spans.h"
#include "reader/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What fewer events left is freed in no time. */
#define EVENTS_SOON_FREED 200000

/* What is being read: a path, or bytes. */
typedef struct
{
  const char *path;
  const guint8 *bytes;
  gsize size;
  guint64 unpack_limit;
  guint64 n_events;
  guint n_threads;
} Source;

/* The sink of the trace: passes events on to another thread, which makes spans of them, and stops
 * the reading when the index cannot be written any more. Everything else that the reading does to
 * what that thread uses it does while the queue is empty. */
typedef struct
{
  GanderSpans spans;
  GanderIndexFile file;
  GanderEventQueue queue;
  GanderDictionary *dictionary;
  GCancellable *stop;
} Build;

static Build *
build_new (int fd, const char *directory)
{
  Build *self = g_new0 (Build, 1);

  self->dictionary = gander_dictionary_new ();
  self->stop = g_cancellable_new ();
  gander_index_file_init (&self->file, fd);
  gander_spans_init (&self->spans, &self->file, self->dictionary, directory);
  return self;
}

/* What does not touch the file. */
static gpointer
free_rest (gpointer data)
{
  Build *self = data;

  gander_spans_clear (&self->spans);
  gander_dictionary_free (self->dictionary);
  g_object_unref (self->stop);
  g_free (self);
  return NULL;
}

/* A million goroutines, and the files of what was put aside, take up to a second to free: nobody
 * waits for that, least of all who has cancelled. */
static void
build_free (Build *self)
{
  GThread *thread = NULL;

  gander_spans_stop (&self->spans);
  gander_index_file_clear (&self->file);
  if (self->spans.n_events > EVENTS_SOON_FREED)
    thread = g_thread_try_new ("free", free_rest, self, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    free_rest (self);
}

static GanderEvent *
push_event (gpointer data, const GanderEvent *event)
{
  Build *build = data;

  return gander_event_queue_push (&build->queue, event);
}

static void
wait_for_queue (gpointer data)
{
  Build *build = data;

  gander_event_queue_drain (&build->queue);
}

static void
build_events (gpointer data, const GanderEvent *events, guint n)
{
  Build *build = data;

  for (guint i = 0; i < n; i++)
    gander_spans_add (&build->spans, &events[i]);
  if (G_UNLIKELY (gander_sealer_has_failed (&build->spans.chunks.sealer) || build->spans.no_memory))
    g_cancellable_cancel (build->stop);
}

static void
build_generation (gpointer data, const GanderGeneration *generation)
{
  Build *build = data;

  gander_event_queue_drain (&build->queue);
  gander_spans_sink.generation (&build->spans, generation);
}

static void
build_damage (gpointer data, const GanderDamage *damage)
{
  Build *build = data;

  gander_event_queue_drain (&build->queue);
  gander_spans_sink.damage (&build->spans, damage);
}

static void
cancel_cb (G_GNUC_UNUSED GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

static gboolean
send_source (Build *build,
             const Source *source,
             GanderTraceInfo *info,
             GanderProgress *progress,
             GError **error)
{
  static const GanderSink sink = { .take = push_event,
                                   .generation = build_generation,
                                   .damage = build_damage };
  GanderTraceOptions options = { .unpack_limit = source->unpack_limit,
                                 .n_events = source->n_events };

  if (source->path == NULL)
    return gander_trace_read_bytes (source->bytes,
                                    source->size,
                                    build->dictionary,
                                    &sink,
                                    build,
                                    info,
                                    error);
  return gander_trace_read (source->path,
                            &options,
                            build->dictionary,
                            &sink,
                            build,
                            info,
                            progress,
                            build->stop,
                            error);
}

static gboolean
read_source (Build *build,
             const Source *source,
             GanderTraceInfo *info,
             GanderProgress *progress,
             GError **error)
{
  gboolean good = FALSE;

  gander_event_queue_start (&build->queue,
                            source->n_threads > 1,
                            &build->spans.chores,
                            build_events,
                            build);
  gander_dictionary_set_guard (build->dictionary, wait_for_queue, build);
  good = send_source (build, source, info, progress, error);
  gander_dictionary_set_guard (build->dictionary, NULL, NULL);
  gander_event_queue_stop (&build->queue);
  return good;
}

static gboolean
run_build (Build *build,
           const Source *source,
           const GanderIdentity *identity,
           GanderProgress *progress,
           GCancellable *cancellable,
           GError **error)
{
  GanderTraceInfo info = { 0 };
  g_autoptr (GError) local = NULL;
  GanderTime duration = 0;

  if (!read_source (build, source, &info, progress, &local))
    {
      /* Our own stop: the reason is the one to tell. */
      gander_spans_stop (&build->spans);
      if (build->file.error != NULL && !g_cancellable_is_cancelled (cancellable))
        g_propagate_error (error, g_steal_pointer (&build->file.error));
      else if ((!build->spans.no_memory && !build->spans.chunks.no_memory) ||
               g_cancellable_is_cancelled (cancellable))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      else
        g_set_error_literal (error,
                             G_FILE_ERROR,
                             G_FILE_ERROR_NOMEM,
                             "not enough memory for this trace");
      return FALSE;
    }
  duration = gander_spans_finish (&build->spans);
  return gander_index_write (&build->spans,
                             duration,
                             &info,
                             identity,
                             source->n_threads,
                             progress,
                             cancellable,
                             error);
}

/* Reads @source and writes its index to @fd. */
static gboolean
build_index (const Source *source,
             int fd,
             const char *directory,
             const GanderIdentity *identity,
             GanderProgress *progress,
             GCancellable *cancellable,
             GError **error)
{
  Build *build = build_new (fd, directory);
  gulong handler = 0;
  gboolean good = FALSE;

  gander_index_file_begin (&build->file, GANDER_SECTION_BLOCKS);
  if (source->n_threads > 1)
    gander_spans_start (&build->spans, source->n_threads > 2);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), build->stop, NULL);
  good = run_build (build, source, identity, progress, cancellable, error);
  g_cancellable_disconnect (cancellable, handler);
  build_free (build);
  return good;
}

static gboolean
identify_path (const char *path, GanderIdentity *identity)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  gboolean good = FALSE;

  memset (identity, 0, sizeof *identity);
  if (fd < 0)
    return FALSE;
  good = gander_cache_identify (fd, identity);
  close (fd);
  return good;
}

static gboolean
is_write_error (const GError *error)
{
  return g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ||
         g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_IO) ||
         g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
}

/* Where an index is to go. */
typedef struct
{
  const char *directory; /* NULL = it is not to be kept */
  guint64 limit;
  GanderIdentity identity;
  GError *trouble; /* why it is not kept after all */
} Place;

static void
set_trouble (Place *place, int number)
{
  if (place->trouble == NULL)
    place->trouble = g_error_new (G_FILE_ERROR,
                                  g_file_error_from_errno (number),
                                  "%s: %s",
                                  place->directory,
                                  g_strerror (number));
}

static gboolean
open_file (GanderCacheFile *file, Place *place, GError **error)
{
  if (place->directory != NULL)
    {
      if (gander_cache_file_open (file, place->directory))
        return TRUE;
      set_trouble (place, errno);
    }
  if (gander_cache_file_open_unlinked (file, place->directory))
    return TRUE;
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (errno),
               "no place for the index: %s",
               g_strerror (errno));
  return FALSE;
}

/* Keeps a finished index, unless the trace has changed meanwhile, and makes room for it. */
static void
publish (GanderCacheFile *file, const char *path, Place *place)
{
  g_autofree char *name = gander_cache_dup_name (&place->identity);
  GanderIdentity after;

  if (file->temporary == NULL || !identify_path (path, &after) ||
      memcmp (&after, &place->identity, sizeof after) != 0)
    return;
  if (gander_cache_file_publish (file, name, path))
    (void)gander_cache_trim (place->directory, place->limit, name, NULL, NULL);
  else
    set_trouble (place, errno);
}

/* Builds into the cache, or into a file without a name: when no cache is wanted or to be had, and
 * once more when the cache's disk is full. */
static GanderIndex *
build_and_open (const Source *source,
                Place *place,
                GanderProgress *progress,
                GCancellable *cancellable,
                GError **error)
{
  g_auto (GanderCacheFile) file = { .fd = -1, .directory_fd = -1 };
  g_autoptr (GError) local = NULL;
  GanderIndex *index = NULL;

  if (!open_file (&file, place, error))
    return NULL;
  if (!build_index (source,
                    file.fd,
                    place->directory,
                    &place->identity,
                    progress,
                    cancellable,
                    &local))
    {
      if (place->directory == NULL || !is_write_error (local) || g_strcmp0 (source->path, "-") == 0)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      if (place->trouble == NULL)
        place->trouble = g_steal_pointer (&local);
      place->directory = NULL;
      gander_cache_file_clear (&file);
      return build_and_open (source, place, progress, cancellable, error);
    }
  if (place->directory != NULL)
    publish (&file, source->path, place);
  gander_progress_report (progress, GANDER_PHASE_DONE, 1, 1);
  index = gander_index_open_fd (file.fd, source->path, NULL, error);
  if (index != NULL && place->trouble != NULL)
    index->cache_trouble = g_strdup (place->trouble->message);
  return index;
}

GanderIndex *
gander_load (const char *path,
             const GanderLoadOptions *options,
             GanderProgress *progress,
             GCancellable *cancellable,
             GError **error)
{
  GanderLoadOptions defaults = { 0 };
  Source source = { .path = path };
  Place place = { .limit = GANDER_CACHE_LIMIT_DEFAULT };
  g_autofree char *directory = NULL;
  GanderIndex *index = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  if (options == NULL)
    options = &defaults;
  source.unpack_limit = options->unpack_limit;
  source.n_events = options->n_events;
  if (options->cache_limit > 0)
    place.limit = options->cache_limit;
  source.n_threads = options->n_threads != 0 ? options->n_threads : g_get_num_processors ();
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (!g_str_equal (path, "-") && identify_path (path, &place.identity) && !options->no_cache &&
      options->n_events == 0)
    directory = gander_cache_dup_directory (options->cache_dir, TRUE, &place.trouble);
  if (directory != NULL && !options->rebuild)
    index = gander_cache_open (directory, path, &place.identity);
  if (index != NULL)
    {
      gander_progress_report (progress, GANDER_PHASE_DONE, 1, 1);
      return index;
    }
  place.directory = directory;
  index = build_and_open (&source, &place, progress, cancellable, error);
  g_clear_error (&place.trouble);
  return index;
}

GanderIndex *
gander_load_bytes (const guint8 *data, gsize size, GError **error)
{
  Source source = { .bytes = data, .size = size, .n_threads = 1 };
  Place place = { .identity = { .size = size } };

  return build_and_open (&source, &place, NULL, NULL, error);
}

char *
gander_load_get_cache_path (const char *path, const GanderLoadOptions *options)
{
  g_autofree char *directory =
      gander_cache_dup_directory (options != NULL ? options->cache_dir : NULL, FALSE, NULL);
  g_autofree char *name = NULL;
  GanderIdentity identity;

  g_return_val_if_fail (path != NULL, NULL);
  if (directory == NULL || g_str_equal (path, "-") || !identify_path (path, &identity))
    return NULL;
  name = gander_cache_dup_name (&identity);
  return g_build_filename (directory, name, NULL);
}

gboolean
gander_load_forget (const char *path, const GanderLoadOptions *options)
{
  g_autofree char *kept = gander_load_get_cache_path (path, options);

  return kept != NULL && (unlink (kept) == 0 || errno == ENOENT);
}
