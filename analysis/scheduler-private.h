/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the scheduler's figures share. */

#include "analysis/scheduler.h"
#include "analysis/steps.h"

G_BEGIN_DECLS

/* More than any machine has; a damaged trace may tell any number. */
#define GANDER_SCHED_MAX_PROCS (1 << 20)

void gander_sched_procs_init (GanderSchedProcs *self, GanderTime begin, GanderTime end);

/* Fills @out, and @running with how many processors run when.
 *
 * Returns: FALSE when cancelled. */
gboolean gander_sched_compute_running (const GanderIndex *index,
                                       GanderSchedProcs *out,
                                       GanderSteps *running,
                                       GCancellable *cancellable);

/* Adds GOMAXPROCS within [begin, end) to @steps. */
void gander_sched_add_gomaxprocs (const GanderIndex *index,
                                  GanderTime begin,
                                  GanderTime end,
                                  GanderSteps *steps);

G_END_DECLS
