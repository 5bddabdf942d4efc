/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A goroutine in words and numbers: who made it, where its time went, what it waits for most
 * and whom it works with. Walks its spans once.
 */

#include "analysis/stats-times.h"

G_BEGIN_DECLS

/* The parts of a goroutine's life. Together they are its lifetime. */
typedef enum
{
  GANDER_PART_RUNNING,
  GANDER_PART_RUNNABLE,
  GANDER_PART_SYNC,
  GANDER_PART_CHANNEL, /* and select */
  GANDER_PART_NETWORK,
  GANDER_PART_SYSCALL,
  GANDER_PART_SLEEP,
  GANDER_PART_GC, /* waits for it and work for it */
  GANDER_PART_OTHER,
  GANDER_PART_UNKNOWN,
  GANDER_N_PARTS,
} GanderPart;

/* Returns: (transfer none) "Running", "Waiting for a processor", "Sync", … */
const char *gander_part_get_label (GanderPart part);

/* A place, or another goroutine, with what it cost. */
typedef struct
{
  char *text;          /* "main.worker (main.go:12)", "G34 main.producer", "a timer" */
  GanderLaneId lane;   /* or NONE */
  GanderStackId stack; /* or 0 */
  GanderTime total;
  GanderTime longest;
  guint64 count;
} GanderTopRow;

#define GANDER_MAX_TOP 5

typedef struct
{
  GanderTopRow rows[GANDER_MAX_TOP]; /* largest first */
  guint n;
} GanderTop;

typedef struct
{
  GanderLane lane;
  char *title;         /* "G37 main.worker" */
  char *created_by;    /* "G1 main.main", or "" when it existed before the trace */
  char *created_at;    /* place of the go statement, or "" */
  char *life;          /* "created at 1.2 ms, ended at 5.6 ms" */
  GanderTime lifetime; /* inside the trace */
  GanderTime parts[GANDER_N_PARTS];
  GanderTimes times;
  GanderTop waits;    /* places where it waits most, by total */
  GanderTop woken_by; /* by count */
  GanderTop wakes;    /* by count */
} GanderGoroutineFacts;

/* Fills @out, to be cleared after use. @lane must be a goroutine's. */
void
gander_describe_goroutine (const GanderIndex *index, GanderLaneId lane, GanderGoroutineFacts *out);

void gander_goroutine_facts_clear (GanderGoroutineFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderGoroutineFacts, gander_goroutine_facts_clear)

G_END_DECLS
