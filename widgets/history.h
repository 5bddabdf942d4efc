/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The views a person has looked at, to walk back and forward. Holds plain states; when a view
 * counts as looked at is decided by the session. At most 100 are kept, the oldest go first.
 */

#include "widgets/selection.h"

G_BEGIN_DECLS

#define GANDER_HISTORY_MAX 100

/* What is needed to show a view again. */
typedef struct
{
  GanderTime begin;
  GanderTime end;
  double scroll; /* pixels above the first visible row */
  GanderSelected selected;
} GanderViewState;

#define GANDER_TYPE_HISTORY (gander_history_get_type ())
G_DECLARE_FINAL_TYPE (GanderHistory, gander_history, GANDER, HISTORY, GObject)

/* Returns: (transfer full) an empty history. */
GanderHistory *gander_history_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Makes @state the newest view and forgets what was ahead; nothing when it is the present one. */
void gander_history_record (GanderHistory *self, const GanderViewState *state);

gboolean gander_history_can_go (GanderHistory *self, int step);

/* Moves by @step (-1 back, 1 forward).
 *
 * Returns: TRUE and the view to show, or FALSE at the end. */
gboolean gander_history_go (GanderHistory *self, int step, GanderViewState *out);

/* Returns: (transfer none) (nullable) the view that gander_history_go () would give. */
const GanderViewState *gander_history_peek (GanderHistory *self, int step);

G_END_DECLS
