/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Every number that can be asserted of a trace, by name: "sched.p99", "gc.stw.max",
 * "goroutines.leaked", task("order").p99. The list is measures.def. A number is computed when it is
 * asked for; those that come from one walk are computed together.
 */

#include "analysis/table.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *group;   /* "", "sched", "task" */
  gboolean selects;    /* the group takes a name: task("order") */
  const char *id;      /* "p99" */
  const char *about;   /* what the group is about, or "": "waits for a processor"; untranslated */
  const char *meaning; /* untranslated, marked */
  GanderColumnType type;
} GanderMeasureSpec;

/* Calls @visit for every measure there is, in the order of a list for people. */
void gander_measures_foreach (void (*visit) (const GanderMeasureSpec *spec, gpointer data),
                              gpointer data);

/* Returns: (transfer full) how a measure is written, "sched.p99"; @selector is the name that its
 * group takes. */
char *gander_measure_spec_get_name (const GanderMeasureSpec *spec,
                                    const char *selector) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _GanderMeasures GanderMeasures;

/* Returns: (transfer full) the measures of [begin, end) of a trace; @index must outlive them. */
GanderMeasures *gander_measures_new (GanderIndex *index,
                                     GanderTime begin,
                                     GanderTime end,
                                     GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

void gander_measures_free (GanderMeasures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderMeasures, gander_measures_free)

/* Returns: the number of the measure with this name, always the same, and its type; or -1. */
int gander_measures_find (GanderMeasures *self, const char *name, GanderColumnType *type);

/* Computes a measure. What is asked of a task, region or function that the trace does not have is
 * not known: @known is FALSE then, and @out zero.
 *
 * Returns: FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_measures_get (GanderMeasures *self,
                              int number,
                              GanderValue *out,
                              gboolean *known,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
