/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The real traces of tests/corpus and what Go says of them. */

#include "reader/reader.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) the names of all traces, sorted, without folder and suffix. */
GStrv test_corpus_get_names (void) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) where the trace @name lies. */
char *test_corpus_get_path (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (array length=size) the trace @name. */
guint8 *test_corpus_unpack (const char *name, gsize *size) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the index of the trace @name; kept nowhere. */
GanderIndex *test_corpus_load (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the index of a trace that is in memory; kept nowhere. */
GanderIndex *test_corpus_load_bytes (const void *bytes, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the first @percent of the bytes of the trace @name, loaded. */
GanderIndex *test_corpus_load_part (const char *name, guint percent) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the reference report of the trace @name, an object. */
JsonNode *test_corpus_load_figures (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
