/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The first look at a trace, taken on a thread of its own while GTK starts and the window is built:
 * the rows, and a layout of what a window of a given size is going to show. Whatever of the index
 * the first picture needs has then been read, checked and summed up.
 */

#include "widgets/draw/draw.h"

G_BEGIN_DECLS

typedef struct _GanderFirstLook GanderFirstLook;

/* Takes a reference on @index. @width and @height (px) are those of the window, as far as they are
 * known; @scale is device pixels per px. Of another size than the window gets, the layout is of no
 * use but for what was read.
 *
 * Returns: (transfer full) a look whose thread has begun. */
GanderFirstLook *gander_first_look_new (GanderIndex *index, int width, int height, double scale)
    G_GNUC_WARN_UNUSED_RESULT;
GanderFirstLook *gander_first_look_ref (GanderFirstLook *self);
void gander_first_look_unref (GanderFirstLook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderFirstLook, gander_first_look_unref)

/* Waits for the rows, which come first.
 *
 * Returns: (transfer full) the rows. */
GanderRows *gander_first_look_dup_rows (GanderFirstLook *self) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the layout, if it is of the same pixels as @frame.
 *
 * Returns: (transfer full) (nullable) the layout, for gander_timeline_take_memory (); NULL when it
 * is of other pixels, or was taken. */
GanderTimeline *
gander_first_look_take_timeline (GanderFirstLook *self,
                                 const GanderTimelineFrame *frame) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the rows to begin with: without what takes long to find in a large
 * trace. */
GanderRows *gander_first_look_make_rows (GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: whether the first picture of @index is a rough one. */
gboolean gander_first_look_is_rough (const GanderIndex *index);

G_END_DECLS
