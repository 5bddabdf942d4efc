/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Opens one trace on a worker thread. The main thread hears of it through "changed", at every
 * change of state, ten times a second while the worker is busy, and when an index that is in use
 * turns out to be broken.
 */

#include "reader/reader.h"
#include "widgets/widgets.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_LOADER_IDLE,
  GANDER_LOADER_BUSY,
  GANDER_LOADER_READY,
  GANDER_LOADER_FAILED,
  GANDER_LOADER_CANCELLED,
} GanderLoaderState;

#define GANDER_TYPE_LOADER (gander_loader_get_type ())
G_DECLARE_FINAL_TYPE (GanderLoader, gander_loader, GANDER, LOADER, GObject)

/* Returns: (transfer full) an idle loader of @file. */
GanderLoader *gander_loader_new (GFile *file) G_GNUC_WARN_UNUSED_RESULT;

/* Says how large a window will show the trace, px, and its device pixels per px: when the trace is
 * read, a first look is taken at once. */
void gander_loader_set_window_size (GanderLoader *self, int width, int height, double scale);

/* Returns: (transfer full) (nullable) the first look at the index, to whoever asks first in the
 * state READY. */
GanderFirstLook *gander_loader_steal_first_look (GanderLoader *self);

/* Starts to read, from the beginning when it had been read before. A broken index is not used
 * again.
 */
void gander_loader_start (GanderLoader *self);

/* Leaves the busy state at once; the worker notices a little later and its answer is dropped. */
void gander_loader_cancel (GanderLoader *self);

/* Returns: (transfer none) what is opened. */
GFile *gander_loader_get_file (GanderLoader *self);

GanderLoaderState gander_loader_get_state (GanderLoader *self);

/* Returns: (transfer none) (nullable) the index, in the state READY only. */
GanderIndex *gander_loader_get_index (GanderLoader *self);

/* Returns: (transfer none) (nullable) an index of the beginning of the trace, to look at while the
 * whole is read; another one as more of it is there. In the state BUSY only, and only of large
 * traces. */
GanderIndex *gander_loader_get_preview (GanderLoader *self);

/* Returns: (transfer none) (nullable) what went wrong, in the state FAILED only. */
const GError *gander_loader_get_error (GanderLoader *self);

/* How far the worker is; all zero while it is not busy. */
typedef struct
{
  GanderPhase phase;
  double fraction; /* 0 to 1 */
  guint64 events;
  gint64 elapsed_us; /* since the start */
} GanderLoaderProgress;

void gander_loader_get_progress (GanderLoader *self, GanderLoaderProgress *out);

G_END_DECLS
