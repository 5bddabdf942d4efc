/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-json.h"
#include "app/cli/report-private.h"

/* Garbage collection, mutator utilisation and processors. */

/* Longer lists are cut here; the counts are of all. */
#define MAX_PAUSES 10000

static void
add_assists (GanderJsonStream *stream, const GanderGc *gc)
{
  gander_json_stream_begin_object (stream, "assist");
  gander_json_stream_add_unsigned (stream, "count", gc->assists.count);
  gander_json_stream_add_unsigned (stream, "goroutines", gc->n_assisting);
  gander_json_stream_add_integer (stream, "running_ns", gc->assist_running);
  gander_json_stream_add_integer (stream, "total_ns", gc->assists.total);
  gander_json_stream_end (stream);
}

static void
add_cycles (GanderJsonStream *stream, const GanderGc *gc)
{
  gander_json_stream_begin_array (stream, "cycle_list");
  for (guint i = 0; i < gc->cycle_list->len; i++)
    {
      const GanderGcCycle *cycle = &g_array_index (gc->cycle_list, GanderGcCycle, i);

      gander_json_stream_begin_object (stream, NULL);
      gander_json_stream_add_integer (stream, "end", cycle->end);
      gander_json_stream_add_boolean (stream,
                                      "open_end",
                                      (cycle->flags & GANDER_SPAN_OPEN_END) != 0);
      gander_json_stream_add_boolean (stream,
                                      "open_start",
                                      (cycle->flags & GANDER_SPAN_OPEN_BEGIN) != 0);
      gander_json_stream_add_integer (stream, "start", cycle->begin);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
  gander_json_stream_add_unsigned (stream, "cycles", gc->cycles.count);
  gander_json_stream_add_integer (stream, "mark_max_ns", gc->cycles.longest);
  gander_json_stream_add_integer (stream, "mark_ns", gc->cycles.total);
}

static void
add_pauses (GanderJsonStream *stream, const GanderIndex *index, const GanderGc *gc)
{
  gander_json_add_range_sum (stream, "stw", &gc->pauses);
  gander_json_stream_begin_object (stream, "stw_by_kind");
  for (guint i = 0; i < gc->kinds->len; i++)
    {
      const GanderGcPauseKind *kind = &g_array_index (gc->kinds, GanderGcPauseKind, i);
      gander_json_add_range_sum (stream, kind->name, &kind->sum);
    }
  gander_json_stream_end (stream);
  gander_json_stream_begin_array (stream, "stw_list");
  for (guint i = 0; i < MIN (gc->pause_list->len, MAX_PAUSES); i++)
    {
      const GanderGcPause *pause = &g_array_index (gc->pause_list, GanderGcPause, i);

      gander_json_stream_begin_object (stream, NULL);
      gander_json_stream_add_integer (stream, "dur_ns", pause->end - pause->begin);
      gander_json_stream_add_integer (stream,
                                      "g",
                                      gander_index_get_lane_id (index, pause->goroutine));
      gander_json_stream_add_string (stream,
                                     "kind",
                                     g_array_index (gc->kinds, GanderGcPauseKind, pause->kind)
                                         .name);
      gander_json_stream_add_boolean (stream, "open", (pause->flags & GANDER_SPAN_OPEN_END) != 0);
      gander_json_stream_add_integer (stream, "start", pause->begin);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

static void
add_sweeps (GanderJsonStream *stream, const GanderGc *gc)
{
  gander_json_stream_begin_object (stream, "sweep");
  gander_json_stream_add_unsigned (stream, "bytes_reclaimed", gc->reclaimed);
  gander_json_stream_add_unsigned (stream, "bytes_swept", gc->swept);
  gander_json_stream_add_unsigned (stream, "count", gc->sweeps.count);
  gander_json_stream_add_integer (stream, "goroutine_ns", gc->sweep_goroutine);
  gander_json_stream_add_integer (stream, "total_ns", gc->sweeps.total);
  gander_json_stream_end (stream);
}

/* The labels are in the order of their names. */
static void
add_workers (GanderJsonStream *stream, const GanderGc *gc)
{
  gander_json_stream_begin_object (stream, "workers");
  for (guint work = GANDER_GC_WORK_DEDICATED; work < GANDER_N_GC_WORKS; work++)
    {
      const GanderRangeSum *sum = &gc->workers[work];

      if (sum->count == 0 && sum->total == 0)
        continue;
      gander_json_stream_begin_object (stream, gander_gc_work_get_label ((GanderGcWork)work));
      gander_json_stream_add_unsigned (stream, "count", sum->count);
      gander_json_stream_add_integer (stream, "total_ns", sum->total);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
}

gboolean
gander_report_json_add_gc (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  g_auto (GanderGc) gc = { 0 };

  if (!gander_gc_compute (self->index,
                          gander_scope_get_begin (self->scope),
                          gander_scope_get_end (self->scope),
                          &gc,
                          self->cancellable,
                          error))
    return FALSE;
  gander_json_stream_begin_object (stream, "gc");
  add_assists (stream, &gc);
  add_cycles (stream, &gc);
  add_pauses (stream, self->index, &gc);
  add_sweeps (stream, &gc);
  add_workers (stream, &gc);
  gander_json_stream_end (stream);
  return TRUE;
}

gboolean
gander_report_json_add_mmu (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  g_autoptr (GanderMmu) mmu = gander_mmu_new (self->index,
                                              gander_scope_get_begin (self->scope),
                                              gander_scope_get_end (self->scope),
                                              self->cancellable,
                                              error);

  if (mmu == NULL)
    return FALSE;
  gander_json_stream_begin_object (stream, "mmu");
  gander_json_stream_add_string (stream, "flags", GANDER_MMU_FLAGS);
  gander_json_stream_add_double (stream, "mean", gander_mmu_get_mean (mmu));
  gander_json_stream_add_unsigned (stream, "points", gander_mmu_get_n_points (mmu));
  gander_json_stream_begin_object (stream, "windows");
  /* 1 us to 1 s. */
  for (GanderTime window = 1000; window <= 1000000000; window *= 10)
    {
      g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, window);
      gander_json_stream_add_double (stream, name, gander_mmu_get (mmu, window, NULL));
    }
  gander_json_stream_end (stream);
  gander_json_stream_end (stream);
  return TRUE;
}

static void
add_histogram (GanderJsonStream *stream, const GanderSchedProcs *procs)
{
  g_autoptr (GArray) counts = gander_report_counts_new ();

  for (guint n = 0; n < procs->histogram->len; n++)
    gander_report_counts_add (counts,
                              g_strdup_printf ("%u", n),
                              (guint64)g_array_index (procs->histogram, GanderTime, n));
  gander_report_json_add_counts (stream, "running_histogram_ns", counts);
}

gboolean
gander_report_json_add_procs (const GanderReport *self, GanderJsonStream *stream, GError **error)
{
  g_auto (GanderSchedProcs) procs = { 0 };

  if (!gander_sched_compute_procs (self->index,
                                   gander_scope_get_begin (self->scope),
                                   gander_scope_get_end (self->scope),
                                   &procs,
                                   self->cancellable,
                                   error))
    return FALSE;
  gander_json_stream_begin_object (stream, "procs");
  gander_json_stream_begin_array (stream, "per_p");
  for (guint i = 0; i < procs.procs->len; i++)
    {
      const GanderSchedProc *proc = &g_array_index (procs.procs, GanderSchedProc, i);

      gander_json_stream_begin_object (stream, NULL);
      gander_json_stream_add_unsigned (stream, "go_intervals", proc->go_intervals);
      gander_json_stream_add_integer (stream, "go_running_ns", proc->go_running);
      gander_json_stream_add_integer (stream, "go_syscall_ns", proc->go_syscall);
      gander_json_stream_add_integer (stream, "id", proc->id);
      gander_json_stream_add_integer (stream, "running_ns", proc->running);
      gander_json_stream_add_unsigned (stream, "starts", proc->starts);
      gander_json_stream_add_integer (stream, "sweep_ns", proc->sweep);
      gander_json_stream_add_unsigned (stream, "sweeps", proc->sweeps);
      gander_json_stream_end (stream);
    }
  gander_json_stream_end (stream);
  add_histogram (stream, &procs);
  gander_json_stream_add_integer (stream, "running_total_ns", procs.running);
  gander_json_stream_add_unsigned (stream, "syscalls_that_lost_their_p", procs.syscalls_lost);
  gander_json_stream_end (stream);
  return TRUE;
}
