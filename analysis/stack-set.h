/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Stacks as people tell them apart: by function, file and line of their frames. An index holds a
 * stack once for every list of program counters, so several of its stacks may read the same.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

/* Deeper frames are left out; the runtime writes no more. */
#define GANDER_STACK_FRAMES 128

/* The frames of @stack, leaf first. Those that say nothing (no program counter and no name) are
 * left out.
 *
 * Returns: how many there are, at most GANDER_STACK_FRAMES. */
guint gander_stack_get_frames (const GanderIndex *index, GanderStackId stack, GanderFrame *out);

/* Returns: (transfer full) "func@file:line". */
char *gander_stack_format_frame (const GanderIndex *index,
                                 const GanderFrame *frame) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the frames of @stack as above, leaf first, with @separator between them.
 */
char *gander_stack_format (const GanderIndex *index,
                           GanderStackId stack,
                           const char *separator) G_GNUC_WARN_UNUSED_RESULT;

/* Orders stacks by their text: frame by frame, leaf first, each as its function, file and line.
 *
 * Returns: less than 0, 0 or more, as strcmp () does. */
int gander_stack_compare (const GanderIndex *index, GanderStackId a, GanderStackId b);

/* Numbers stacks of the same text alike. */
typedef struct _GanderStackSet GanderStackSet;

GanderStackSet *gander_stack_set_new (const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;
void gander_stack_set_free (GanderStackSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderStackSet, gander_stack_set_free)

/* Returns: the number of what @stack reads, from 0 in the order of first asking. */
guint gander_stack_set_get_number (GanderStackSet *self, GanderStackId stack);

guint gander_stack_set_get_n (const GanderStackSet *self);

/* Returns: the first stack that was given this number. */
GanderStackId gander_stack_set_get_stack (const GanderStackSet *self, guint number);

G_END_DECLS
