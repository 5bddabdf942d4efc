/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Sentences of the window that are made from figures. All texts are translated and owned by
 * the caller.
 */

#include "app/loader.h"

G_BEGIN_DECLS

/* Returns: "Reading events — 61 % · 251,000 events · 2 s left". The time left is an estimate,
 * and left out while there is too little to estimate from. */
char *gander_words_progress (const GanderLoaderProgress *progress);

/* Returns: "1.842 s · Go 1.24 · 4 processors · 1,284 goroutines", the line under a window's
 * title. */
char *gander_words_facts (const GanderFacts *facts);

/* Returns: path, size, Go version, duration and events, a line each, as plain text. @index may
 * be NULL: then only the path. */
char *gander_words_tooltip (GFile *file, const GanderIndex *index);

G_END_DECLS
