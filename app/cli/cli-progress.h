/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A line on standard error that tells how far a load is. It appears when a load takes longer than
 * a moment, and goes away at its end.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct _GanderProgressLine GanderProgressLine;

/* Begins to watch @progress, which must outlive the line. */
GanderProgressLine *gander_progress_line_new (GanderProgress *progress) G_GNUC_WARN_UNUSED_RESULT;

void gander_progress_line_free (GanderProgressLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderProgressLine, gander_progress_line_free)

G_END_DECLS
