/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Which part of a trace a question is about: a stretch of time, and within it all goroutines, or
 * some, or some only while they work on a task or are inside a region. Statistics, profiles and
 * tables all take one, so that the same restriction means the same everywhere.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* A goroutine between two instants. */
typedef struct
{
  GanderLaneId lane;
  GanderTime begin;
  GanderTime end;
} GanderPiece;

typedef struct _GanderScope GanderScope;

/* Returns: (transfer full) all goroutines within [begin, end), cut at the borders of the trace. */
GanderScope *gander_scope_new (const GanderIndex *index,
                               GanderTime begin,
                               GanderTime end) G_GNUC_WARN_UNUSED_RESULT;

void gander_scope_free (GanderScope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderScope, gander_scope_free)

/* Each keeps what was there and also fits. Several restrictions of one kind are alternatives when
 * given in one call, and must all hold in several calls.
 *
 * Goroutines with one of these ids, every life of them. */
void gander_scope_keep_goroutines (GanderScope *self, const gint64 *ids, guint n);

/* Goroutines whose start function matches. */
void gander_scope_keep_functions (GanderScope *self, const GRegex *name);

/* Goroutines while they work on a task, or on a task below it: inside a region that belongs to it,
 * and the goroutine that both began and ended it in between. The task has this @id when @type is
 * NULL, else its type matches. */
void gander_scope_keep_tasks (GanderScope *self, const GRegex *type, guint64 id);

/* Goroutines while they are inside a region whose type matches. */
void gander_scope_keep_regions (GanderScope *self, const GRegex *type);

GanderTime gander_scope_get_begin (const GanderScope *self);
GanderTime gander_scope_get_end (const GanderScope *self);

/* Returns: whether it is all goroutines for the whole trace: answers may come from totals. */
gboolean gander_scope_is_whole (const GanderScope *self);

/* Walks the pieces: lanes ascending, the pieces of a lane by time, disjoint, none empty, each
 * within the life of its goroutine. */
typedef struct
{
  const GanderScope *scope;
  guint32 next;
} GanderScopeIter;

void gander_scope_iter_init (GanderScopeIter *self, const GanderScope *scope);
gboolean gander_scope_iter_next (GanderScopeIter *self, GanderPiece *out);

G_END_DECLS
