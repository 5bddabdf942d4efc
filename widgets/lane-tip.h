/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The dark card that says in a few lines what is under the pointer. Words first, then paint: the
 * lines are plain text, so that they can be read out as well.
 */

#include "widgets/trace-session.h"

G_BEGIN_DECLS

#define GANDER_TIP_MAX_LINES 6

typedef struct
{
  char *title;                       /* bold */
  char *value;                       /* bold, right-aligned; "" = none */
  char *lines[GANDER_TIP_MAX_LINES]; /* secondary */
  guint n_lines;
} GanderTip;

/* Returns: (transfer full) (nullable) the words on @hit; NULL when there is nothing to say. */
GanderTip *gander_tip_new (GanderTraceSession *session, const GanderHit *hit);
void gander_tip_free (GanderTip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderTip, gander_tip_free)

/* Returns: (transfer full) all of it as one text. */
char *gander_tip_to_text (const GanderTip *self);

/* Paints the card near (@x, @y), inside the widget and never over @avoid. */
void gander_tip_snapshot (const GanderTip *self,
                          GtkWidget *widget,
                          GtkSnapshot *snapshot,
                          double x,
                          double y,
                          const GdkRectangle *avoid);

G_END_DECLS
