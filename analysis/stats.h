/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Statistics of goroutines: one row per goroutine, or per start function, place of the go
 * statement, package, type of task, type of region, for all of a trace or any part of it. The rows
 * are made a few thousand at a time, by several threads, so that memory does not grow with the
 * number of goroutines, and are the same whatever the number of threads; stats-table.h makes
 * tables of them.
 */

#include "analysis/stats-times.h"
#include "reader/reader.h"

G_BEGIN_DECLS

/* Rows come in this order, the lives of one goroutine id one after the other. */
typedef enum
{
  GANDER_STATS_BY_FUNCTION,  /* start function: as the groups of the index, largest running first */
  GANDER_STATS_BY_GOROUTINE, /* by id, then life */
  GANDER_STATS_BY_CREATOR,   /* place of the go statement; by first appearance */
  GANDER_STATS_BY_PACKAGE,   /* of the start function; by first appearance */
  GANDER_STATS_BY_TASK,      /* type of task: goroutines while they work on one, as a scope keeps
                                them; by name */
  GANDER_STATS_BY_REGION,    /* type of region: every region in full, nested ones too; by name */
  GANDER_STATS_BY_ALL,       /* one row: occupancy */
  GANDER_N_STATS_BY,
} GanderStatsBy;

/* Returns: (transfer none) "func", "goroutine", "creator", "package", "task", "region" or "all". */
const char *gander_stats_by_get_id (GanderStatsBy by);

/* What a row is to have besides its times and reasons. */
typedef enum
{
  GANDER_STATS_RANGES = 1 << 0, /* assists, sweeps, pauses, creations, CPU samples */
  GANDER_STATS_DELAYS = 1 << 1, /* percentiles: needs all spans and 8 bytes a wait */
} GanderStatsParts;

/* Behind each member what reports call it. Times are those inside the scope. */
typedef struct
{
  const char *name;  /* name; "" where there is none */
  gboolean system;   /* system: by function and goroutine, belongs to the Go runtime */
  GanderLaneId lane; /* by goroutine, else NONE */
  guint64 count;     /* goroutines; by task and region: how many of these */
  const GanderTimes *times;
  const GanderReasonTimes *reasons; /* waiting, ordered by text */
  guint n_reasons;

  /* With RANGES. */
  guint64 n_assists;          /* assists: mark assists that touch the scope */
  GanderTime assist;          /* assist_ns; assist_running_ns is times->gc_assist */
  GanderTime sweep;           /* sweep_ns: sweeps that began and ended on it */
  GanderTime stw_overlap;     /* stw_overlap_ns: while the world was stopped */
  GanderTime stw_caused;      /* stw_caused_ns: it stopped the world itself */
  guint64 created_goroutines; /* created_goroutines */
  guint64 cpu_samples;        /* cpu_samples */

  GanderQuantiles delays[GANDER_N_DELAYS]; /* with DELAYS */
} GanderStatsRow;

typedef struct _GanderStats GanderStats;

/* Begins a walk. Both must outlive it.
 *
 * Returns: (nullable) NULL with G_IO_ERROR_CANCELLED. */
GanderStats *gander_stats_new (const GanderIndex *index,
                               const GanderScope *scope,
                               GanderStatsBy by,
                               GanderStatsParts parts,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gander_stats_free (GanderStats *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderStats, gander_stats_free)

/* The next row that has a part in the scope; what it points to is valid until the next call.
 *
 * Returns: FALSE after the last one, and when cancelled: then with G_IO_ERROR_CANCELLED. */
gboolean gander_stats_next (GanderStats *self,
                            GanderStatsRow *out,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rows with no more than @floor in total are of no use from now on: they may be left out. What the
 * columns of a row call a time is at most its total. */
void gander_stats_set_floor (GanderStats *self, GanderTime floor);

/* Who a goroutine is, for the rows by goroutine. */
typedef struct
{
  gint64 id;          /* id */
  guint32 life;       /* life */
  gint64 parent;      /* parent: id of the goroutine that created it, or -1 */
  const char *name;   /* name */
  gboolean existed;   /* existed_before */
  GanderTime created; /* created_at, or -1 */
  GanderTime ended;   /* ended_at, or -1 */
  char *creator;      /* creator: "func@file:line" of the go statement, or "" */
  char *state;        /* state_at_end: "ended", "running", "waiting: sync" … */
} GanderGoroutineLife;

/* Fills @out, to be cleared after use. @lane must be a goroutine's. */
void gander_stats_get_life (const GanderIndex *index, GanderLaneId lane, GanderGoroutineLife *out);
void gander_goroutine_life_clear (GanderGoroutineLife *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderGoroutineLife, gander_goroutine_life_clear)

G_END_DECLS
