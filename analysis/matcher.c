/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/matcher.h"

enum
{
  NOT_ASKED,
  NO,
  YES,
};

void
gander_matcher_init (GanderMatcher *self, const GanderIndex *index, const GRegex *regex)
{
  *self = (GanderMatcher){ .index = index, .regex = regex };
  if (regex != NULL)
    self->answers = g_malloc0 (MAX (gander_index_get_n_strings (index), 1));
}

gboolean
gander_matcher_matches (GanderMatcher *self, GanderStringId id)
{
  const char *text = NULL;

  if (self->regex == NULL)
    return TRUE;
  if (id >= gander_index_get_n_strings (self->index))
    return FALSE;
  if (self->answers[id] == NOT_ASKED)
    {
      text = gander_index_get_string (self->index, id);
      self->answers[id] = g_regex_match (self->regex, text, 0, NULL) ? YES : NO;
    }
  return self->answers[id] == YES;
}

void
gander_matcher_clear (GanderMatcher *self)
{
  g_clear_pointer (&self->answers, g_free);
}
