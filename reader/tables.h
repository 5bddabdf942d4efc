/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the events of one generation refer to: strings and stacks (by the numbers of this
 * generation, which mean nothing in the next), the clock, and the CPU samples.
 */

#include "reader/batch.h"
#include "reader/clock.h"
#include "reader/damage-log.h"
#include "reader/dictionary.h"
#include "reader/idmap.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 time; /* ns of the trace clock */
  gint64 thread, proc, goroutine;
  guint64 stack; /* number in the generation */
  guint64 offset;
} GanderTableSample;

typedef struct
{
  GanderDictionary *dictionary; /* (unowned) */
  GanderDamageLog *log;         /* (unowned) */
  GanderIdMap strings;
  GanderIdMap stacks;
  GanderIdMap frames; /* by PC */
  GanderClock clock;
  GArray *samples; /* GanderTableSample, by time */
  guint8 *buffer;  /* one batch */
  gint64 latest;   /* ns of the trace clock that no event of the generation can be after */
  gboolean has_frequency;
  gboolean has_snapshot;
  guint64 frequency;
  guint64 snapshot_units; /* trace clock */
  guint64 mono_ns;
  gint64 wall_ns;
} GanderTables;

void gander_tables_init (GanderTables *self, GanderDictionary *dictionary, GanderDamageLog *log);
void gander_tables_clear (GanderTables *self);

/* Reads all that is no event out of @batches (of one generation) of a trace of @version. */
void
gander_tables_read (GanderTables *self, GanderSource *source, const GArray *batches, guint version);

/* Returns: TRUE when @batch holds events. */
gboolean gander_batch_has_events (const GanderBatch *batch, guint version);

/* Returns: the string that the generation calls @id, "<string N>" when there is none; that is
 * damage at @offset. */
GanderStringId gander_tables_string (GanderTables *self, guint64 id, guint64 offset);

/* Returns: the stack that the generation calls @id, none when there is none (damage as above). */
GanderStackId gander_tables_stack (GanderTables *self, guint64 id, guint64 offset);

G_END_DECLS
