/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Strings, frames and stacks of a whole trace, merged by content: the ids that the wire
 * format starts anew in each generation become one numbering. Ids are dense and in order of
 * first appearance, so the same file always gives the same ids.
 */

#include "reader/types.h"

G_BEGIN_DECLS

typedef struct _GanderDictionary GanderDictionary;

GanderDictionary *gander_dictionary_new (void) G_GNUC_WARN_UNUSED_RESULT;
void gander_dictionary_free (GanderDictionary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderDictionary, gander_dictionary_free)

/* @guard (nullable) is called before what there is moves to make room for more, so that another
 * thread that reads what it was told of can be made to wait. */
void
gander_dictionary_set_guard (GanderDictionary *self, void (*guard) (gpointer data), gpointer data);

/* Returns: the id of these bytes, new or known; "" is always 0. */
GanderStringId
gander_dictionary_intern_string (GanderDictionary *self, const char *bytes, gsize size);

/* Returns: the id of this list of frames, leaf first; an empty one is 0. */
GanderStackId
gander_dictionary_intern_stack (GanderDictionary *self, const GanderFrame *frames, guint n_frames);

/* The same in two steps, for a reader that meets a frame many times: each frame's number, then
 * the list of numbers. */
guint32 gander_dictionary_intern_frame (GanderDictionary *self, const GanderFrame *frame);
GanderStackId
gander_dictionary_intern_frames (GanderDictionary *self, const guint32 *numbers, guint n_frames);

guint32 gander_dictionary_get_n_strings (const GanderDictionary *self);
guint32 gander_dictionary_get_n_stacks (const GanderDictionary *self);

/* Returns: (transfer none) the bytes, NUL-terminated; they may hold NUL and need not be UTF-8. */
const char *
gander_dictionary_get_string (const GanderDictionary *self, GanderStringId id, gsize *size);

/* Frames are shared between stacks: a stack is a list of frame numbers. */
guint32 gander_dictionary_get_n_frames (const GanderDictionary *self);
const GanderFrame *gander_dictionary_get_frame (const GanderDictionary *self, guint32 frame);

/* Returns: (transfer none) (array length=n_frames) frame numbers, leaf first. */
const guint32 *
gander_dictionary_get_stack (const GanderDictionary *self, GanderStackId id, guint *n_frames);

G_END_DECLS
