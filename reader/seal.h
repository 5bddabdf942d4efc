/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Seals chunks of spans into blocks of the index file, sums them up, and keeps notes aside of the
 * blocks of a lane that has several: begin, place, and the time in each state before it. That takes
 * a third of the time of making the spans: it can be left to others.
 */

#include "reader/chores.h"
#include "reader/chunk.h"
#include "reader/index-file.h"
#include "reader/long-wait.h"
#include "reader/row-file.h"

G_BEGIN_DECLS

#define GANDER_SEAL_BUFFERS 8

/* What a note consists of; the times of the states in the mask follow. */
enum
{
  GANDER_NOTE_BEFORE, /* the lane's note before, as last_note */
  GANDER_NOTE_BEGIN,
  GANDER_NOTE_OFFSET,
  GANDER_NOTE_STATES, /* a mask */
  GANDER_NOTE_SIZE,
};

/* A chunk to seal, as it is now. */
typedef struct
{
  GanderChunk *chunk; /* stays where it is until the job is done */
  const GanderOpenSpan *spans;
  const GanderChunkGaps *gaps; /* (nullable) */
  const GanderKindRow *kinds;  /* must live as long; those of the spans do not change */
  gint64 end;                  /* of the last span, unless the gaps say otherwise */
  guint32 owner;               /* of its totals */
  guint8 n;                    /* spans; 0 = only the end of the lane is told */
  guint8 is_first;             /* block of the lane */
  guint8 counted;              /* in the totals */
  guint8 open;                 /* the last span was still open when the trace ended */
} GanderSealJob;

typedef struct GanderSealer GanderSealer;

/* Jobs that are sealed together. */
typedef struct
{
  GanderSealer *sealer;
  guint8 *bytes;
  gsize n;
  GanderChore chore;
} GanderSealBuffer;

struct GanderSealer
{
  GanderIndexFile *file; /* its present section is BLOCKS */
  GanderTotals totals;   /* of goroutines */
  guint64 long_waits[2][GANDER_N_WAIT_BUCKETS];
  GanderRowFile notes; /* guint64 */
  gint failed;         /* the index cannot be written any more */
  guint n_added;       /* jobs so far; wraps */
  guint n_done;        /* of them; touched with atomics */
  GanderChores *chores;
  GanderChoreSeries series;
  guint8 *bytes; /* of all buffers; NULL = jobs are done as they are added */
  GanderSealBuffer buffers[GANDER_SEAL_BUFFERS];
  guint filling; /* one of them */
};

/* @directory (nullable, must outlive @self) is where notes are put aside. */
void gander_sealer_init (GanderSealer *self, GanderIndexFile *file, const char *directory);
void gander_sealer_clear (GanderSealer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSealer, gander_sealer_clear)

/* From here to gander_sealer_stop () sealing is one of @chores, which may be done by other threads:
 * all else of @self, the file and what is the sealer's of the chunks is not to be touched. Without
 * memory nothing changes. */
void gander_sealer_start (GanderSealer *self, GanderChores *chores);

/* Seals what is still to be sealed. */
void gander_sealer_stop (GanderSealer *self);

/* Seals a chunk, or copies it for later. */
void gander_sealer_add (GanderSealer *self, const GanderSealJob *job);

/* Returns: whether all jobs are done that were added when n_added was @n: what is the sealer's of
 * their chunks is final. */
static inline gboolean
gander_sealer_has_done (GanderSealer *self, guint n)
{
  return (gint)((guint)g_atomic_int_get (&self->n_done) - n) >= 0;
}

/* Returns: whether it is of no use to go on. */
static inline gboolean
gander_sealer_has_failed (GanderSealer *self)
{
  return g_atomic_int_get (&self->failed);
}

G_END_DECLS
