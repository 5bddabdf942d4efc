/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/report-private.h"

/* Goroutines, groups and occupancy. All have the same times; the members come in the order of their
 * names, which is why the times of a row are written in two parts.
 */

static void
add_waiting (GanderJsonStream *stream, const GanderIndex *index, const GanderStatsRow *row)
{
  gander_json_stream_begin_object (stream, "waiting");
  for (guint i = 0; i < row->n_reasons; i++)
    {
      const GanderReasonTimes *reason = &row->reasons[i];

      gander_json_stream_begin_object (stream, gander_index_get_string (index, reason->reason));
      gander_json_stream_add_unsigned (stream, "count", reason->count);
      gander_json_stream_add_integer (stream, "ns", reason->total);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

static void
add_counts (GanderJsonStream *stream, const GanderTimes *times)
{
  gander_json_stream_add_unsigned (stream, "n_runnable", times->n_runnable);
  gander_json_stream_add_unsigned (stream, "n_running", times->n_running);
  gander_json_stream_add_unsigned (stream, "n_syscall", times->n_syscall);
  gander_json_stream_add_unsigned (stream, "n_syscall_nop", times->n_syscall_blocked);
}

static void
add_goroutine (GanderJsonStream *stream, const GanderIndex *index, const GanderStatsRow *row)
{
  const GanderTimes *times = row->times;
  g_auto (GanderGoroutineLife) life = { 0 };

  gander_stats_get_life (index, row->lane, &life);
  gander_json_stream_begin_object (stream, NULL);
  gander_json_stream_add_integer (stream, "assist_ns", row->assist);
  gander_json_stream_add_integer (stream, "assist_running_ns", times->gc_assist);
  gander_json_stream_add_unsigned (stream, "assists", row->n_assists);
  gander_json_stream_add_unsigned (stream, "cpu_samples", row->cpu_samples);
  gander_json_stream_add_integer (stream, "created_at", life.created);
  gander_json_stream_add_unsigned (stream, "created_goroutines", row->created_goroutines);
  gander_json_stream_add_string (stream, "creator", life.creator);
  gander_json_stream_add_integer (stream, "ended_at", life.ended);
  gander_json_stream_add_boolean (stream, "existed_before", life.existed);
  gander_json_stream_add_integer (stream, "id", life.id);
  if (life.life > 1)
    gander_json_stream_add_unsigned (stream, "life", life.life);
  gander_json_stream_add_integer (stream, "longest_runnable_ns", times->longest_runnable);
  gander_json_stream_add_integer (stream, "longest_wait_ns", times->longest_wait);
  add_counts (stream, times);
  gander_json_stream_add_string (stream, "name", life.name);
  gander_json_stream_add_integer (stream, "parent", life.parent);
  gander_json_stream_add_integer (stream, "runnable_ns", times->runnable);
  gander_json_stream_add_integer (stream, "running_ns", times->running);
  gander_json_stream_add_string (stream, "state_at_end", life.state);
  gander_json_stream_add_integer (stream, "stw_caused_ns", row->stw_caused);
  gander_json_stream_add_integer (stream, "stw_overlap_ns", row->stw_overlap);
  gander_json_stream_add_integer (stream, "sweep_ns", row->sweep);
  gander_json_stream_add_integer (stream, "syscall_nop_ns", times->syscall_blocked);
  gander_json_stream_add_integer (stream, "syscall_p_ns", times->syscall);
  gander_json_stream_add_integer (stream, "total_ns", times->total);
  gander_json_stream_add_unsigned (stream, "transitions", times->n_transitions);
  gander_json_stream_add_integer (stream, "unknown_ns", times->unknown);
  add_waiting (stream, index, row);
  gander_json_stream_add_unsigned (stream, "wakeups", times->n_wakeups);
  gander_json_stream_end (stream);
}

static void
add_group (GanderJsonStream *stream, const GanderIndex *index, const GanderStatsRow *row)
{
  const GanderTimes *times = row->times;

  gander_json_stream_begin_object (stream, NULL);
  gander_json_stream_add_integer (stream, "assist_ns", row->assist);
  gander_json_stream_add_integer (stream, "blocking_syscall_ns", times->syscall_blocked);
  gander_json_stream_add_unsigned (stream, "count", times->n_lanes);
  gander_json_stream_add_unsigned (stream, "created", times->created);
  gander_json_stream_add_unsigned (stream, "ended", times->ended);
  gander_json_stream_add_integer (stream, "execution_ns", times->running);
  gander_json_stream_add_integer (stream, "longest_wait_ns", times->longest_wait);
  add_counts (stream, times);
  gander_json_stream_add_string (stream, "name", row->name);
  gander_json_stream_add_integer (stream, "network_wait_ns", times->waiting[GANDER_WAIT_NETWORK]);
  gander_json_stream_add_integer (stream, "runnable_ns", times->runnable);
  gander_json_stream_add_integer (stream, "running_ns", times->running);
  gander_json_stream_add_integer (stream, "sched_wait_ns", times->runnable);
  gander_json_stream_add_integer (stream, "sweep_ns", row->sweep);
  gander_json_stream_add_integer (stream, "sync_block_ns", times->sync_block);
  gander_json_stream_add_integer (stream, "syscall_execution_ns", times->syscall);
  gander_json_stream_add_integer (stream, "syscall_nop_ns", times->syscall_blocked);
  gander_json_stream_add_integer (stream, "syscall_p_ns", times->syscall);
  gander_json_stream_add_boolean (stream, "system", row->system);
  gander_json_stream_add_integer (stream, "total_ns", times->total);
  gander_json_stream_add_unsigned (stream, "transitions", times->n_transitions);
  gander_json_stream_add_integer (stream, "unknown_ns", times->unknown);
  add_waiting (stream, index, row);
  gander_json_stream_add_unsigned (stream, "wakeups", times->n_wakeups);
  gander_json_stream_end (stream);
}

static void
add_all (GanderJsonStream *stream, const GanderIndex *index, const GanderStatsRow *row)
{
  const GanderTimes *times = row->times;

  gander_json_stream_add_unsigned (stream, "count", times->n_lanes);
  add_counts (stream, times);
  gander_json_stream_add_integer (stream, "runnable_ns", times->runnable);
  gander_json_stream_add_integer (stream, "running_ns", times->running);
  gander_json_stream_add_integer (stream, "syscall_nop_ns", times->syscall_blocked);
  gander_json_stream_add_integer (stream, "syscall_p_ns", times->syscall);
  gander_json_stream_add_integer (stream, "total_ns", times->total);
  gander_json_stream_add_unsigned (stream, "transitions", times->n_transitions);
  gander_json_stream_add_integer (stream, "unknown_ns", times->unknown);
  add_waiting (stream, index, row);
}

/* How a row is written. */
typedef void (*AddRow) (GanderJsonStream *stream,
                        const GanderIndex *index,
                        const GanderStatsRow *row);

static gboolean
add_rows (const GanderReport *self,
          GanderJsonStream *stream,
          GanderStatsBy by,
          GanderStatsParts parts,
          AddRow add,
          GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GanderStats) stats =
      gander_stats_new (self->index, self->scope, by, parts, self->cancellable, error);
  GanderStatsRow row;

  if (stats == NULL)
    return FALSE;
  while (gander_stats_next (stats, &row, self->cancellable, &failure))
    add (stream, self->index, &row);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
gander_report_json_add_goroutines (const GanderReport *self,
                                   GanderJsonStream *stream,
                                   GError **error)
{
  gander_json_stream_begin_array (stream, "goroutines");
  if (!add_rows (self,
                 stream,
                 GANDER_STATS_BY_GOROUTINE,
                 GANDER_STATS_RANGES,
                 add_goroutine,
                 error))
    return FALSE;
  gander_json_stream_end (stream);
  gander_json_stream_begin_array (stream, "groups");
  if (!add_rows (self, stream, GANDER_STATS_BY_FUNCTION, GANDER_STATS_RANGES, add_group, error))
    return FALSE;
  gander_json_stream_end (stream);
  return TRUE;
}

gboolean
gander_report_json_add_occupancy (const GanderReport *self,
                                  GanderJsonStream *stream,
                                  GError **error)
{
  g_autoptr (GanderTally) tally = gander_tally_new (self->index, FALSE);
  GanderStatsRow row = { 0 };

  if (!gander_tally_add_scope (tally, self->scope, self->cancellable, error))
    return FALSE;
  row.times = gander_tally_get_times (tally);
  row.reasons = gander_tally_get_reasons (tally, &row.n_reasons);
  gander_json_stream_begin_object (stream, "occupancy");
  add_all (stream, self->index, &row);
  gander_json_stream_end (stream);
  return TRUE;
}
