/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The events of one thread in one generation, decoded one by one out of its batches. Holds one
 * batch at a time.
 */

#include "reader/bytes.h"
#include "reader/tables.h"
#include "reader/wire.h"

G_BEGIN_DECLS

/* One event as it stands on the wire. */
typedef struct
{
  gint64 time; /* ns of the trace clock */
  guint64 args[GANDER_ARGUMENTS_MAX];
  guint64 offset;
  guint8 code;
} GanderWireEvent;

typedef struct
{
  gint64 thread;
  guint32 order_thread; /* number in the order, GANDER_ID_NONE for thread -1 */
  guint32 batch;        /* the next one to read */
  guint32 last_batch;   /* while the list is made */
  GanderBytes bytes;    /* of the present batch */
  guint8 *buffer;       /* (nullable) */
  gsize capacity;
  gint64 latest;         /* that an event of the present batch can be */
  GanderWireEvent event; /* the one at the front */
  gboolean has_lost;     /* part of a batch was left out since the event before */

  /* For whoever merges streams. */
  gboolean waits;
  guint64 wait_key;
  guint32 next_waiting;
  gint64 parked_time; /* of its event when that is parked, else -1 */
} GanderStream;

void gander_stream_clear (GanderStream *self);

/* Moves on to the next event.
 *
 * Returns: FALSE at the end of the stream. */
gboolean gander_stream_next (GanderStream *self,
                             GanderSource *source,
                             GanderTables *tables,
                             const GArray *batches);

G_END_DECLS
