/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A number that steps up and down over time: how many processors run, how many pieces of work
 * cover an instant. Add the changes in any order, finish, then ask. Private to analysis/.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* From @time on, until the next step. */
typedef struct
{
  GanderTime time;
  gint64 value;
  GanderTime area; /* value times ns from the first step to this one */
} GanderStepPoint;

typedef struct
{
  GArray *points; /* of GanderStepPoint; before gander_steps_finish () of changes */
} GanderSteps;

void gander_steps_init (GanderSteps *self);
void gander_steps_clear (GanderSteps *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderSteps, gander_steps_clear)

/* One more within [begin, end); nothing when that is empty. */
void gander_steps_add (GanderSteps *self, GanderTime begin, GanderTime end);

/* @change from @time on. */
void gander_steps_change (GanderSteps *self, GanderTime time, gint64 change);

/* Orders the changes and sums them up; none may be added any more. */
void gander_steps_finish (GanderSteps *self);

/* Returns: value times ns within [begin, end). Binary search. */
GanderTime gander_steps_get_area (const GanderSteps *self, GanderTime begin, GanderTime end);

G_END_DECLS
