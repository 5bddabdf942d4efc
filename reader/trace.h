/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reads a trace once from end to end and hands its ordered events to a sink. Plain, .gz and
 * .zst files, from a path or standard input. The bytes are read, never mapped: a file that
 * shrinks meanwhile is a truncated trace, not a signal.
 */

#include "reader/damage.h"
#include "reader/dictionary.h"
#include "reader/event.h"
#include "reader/progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define GANDER_UNPACK_LIMIT_DEFAULT (G_GUINT64_CONSTANT (8) << 30)

typedef struct
{
  guint64 unpack_limit; /* bytes that a compressed file may unpack to; 0 = the default */
  guint64 n_events;     /* read only about the first so many; 0 = all */
} GanderTraceOptions;

typedef struct
{
  guint version;      /* number in the header: 22, 23, 25, 26, or newer */
  gboolean newer;     /* newer than this program knows; read as the newest known */
  guint64 bytes;      /* unpacked size */
  guint64 file_bytes; /* size of the file */
  guint64 events;     /* ordered events handed out, SYNC included, GAP not */
  guint64 n_generations;
  guint64 experimental_batches;
  gint64 start_clock_ns; /* trace clock at time 0 */
  GanderTime duration;   /* time of the last event */
} GanderTraceInfo;

/* Who wants the events. Every pointer is valid during the call only, but for the dictionary. */
typedef struct
{
  void (*event) (gpointer self, const GanderEvent *event);
  void (*generation) (gpointer self, const GanderGeneration *generation); /* before its events */
  void (*damage) (gpointer self, const GanderDamage *damage);
  /* (nullable) Called instead of @event. Returns: (nullable) where the next GANDER_EVENTS_AT_ONCE
   * events may be put; the next call is about the first of them, or about one that is elsewhere. */
  GanderEvent *(*take) (gpointer self, const GanderEvent *event);
} GanderSink;

/* Reads all of @path ("-" is standard input) into @sink. The dictionary is @dictionary, filled
 * generation by generation, each before its first event.
 *
 * Returns: TRUE when anything could be read, with @info filled; damage is not an error. On FALSE
 * @error is a GANDER_READER_ERROR, G_FILE_ERROR or G_IO_ERROR (cancelled among them). */
gboolean gander_trace_read (const char *path,
                            const GanderTraceOptions *options,
                            GanderDictionary *dictionary,
                            const GanderSink *sink,
                            gpointer sink_data,
                            GanderTraceInfo *info,
                            GanderProgress *progress,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same from memory; @size bytes at @data, not compressed. For tests and fuzzing. */
gboolean gander_trace_read_bytes (const guint8 *data,
                                  gsize size,
                                  GanderDictionary *dictionary,
                                  const GanderSink *sink,
                                  gpointer sink_data,
                                  GanderTraceInfo *info,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
