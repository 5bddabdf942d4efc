/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Whether strings of an index match a regular expression: each string is asked once, however many
 * rows have it.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

typedef struct
{
  const GanderIndex *index;
  const GRegex *regex; /* NULL matches everything */
  guint8 *answers;
} GanderMatcher;

void gander_matcher_init (GanderMatcher *self, const GanderIndex *index, const GRegex *regex);
gboolean gander_matcher_matches (GanderMatcher *self, GanderStringId id);
void gander_matcher_clear (GanderMatcher *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderMatcher, gander_matcher_clear)

G_END_DECLS
