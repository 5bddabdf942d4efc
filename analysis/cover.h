/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How much of a list of stretches is covered by at least one of very many others. What is added
 * costs a search and no memory unless it covers a stretch in part. Private to analysis/.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  GanderTime begin;
  GanderTime end;
} GanderStretch;

typedef struct
{
  const GanderStretch *stretches; /* ascending, disjoint; not owned */
  guint n;
  guint hint;      /* where the last one was found: what is added is often near */
  gint32 *changes; /* n + 1: of the number that covers a stretch whole, stretch by stretch */
  GArray *parts;   /* of GanderStretch: covered in part */
  guint limit;     /* of @parts, before those that overlap are joined */
} GanderCover;

/* @stretches must outlive @self. */
void gander_cover_init (GanderCover *self, const GanderStretch *stretches, guint n);
void gander_cover_clear (GanderCover *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCover, gander_cover_clear)

/* Covers [begin, end). */
void gander_cover_add (GanderCover *self, GanderTime begin, GanderTime end);

/* Covers what @other covers; both are about the same stretches. */
void gander_cover_add_all (GanderCover *self, const GanderCover *other);

/* Returns: (transfer full) an array of GanderStretch: what is covered of the stretches, ascending,
 * disjoint; those that touch are joined. Nothing may be added any more. */
GArray *gander_cover_finish (GanderCover *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
