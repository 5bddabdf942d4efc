/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* JSON for programs. Every document has the same head: "schema", "generator", and for documents
 * about one trace "trace" and "damage". Times are integer nanoseconds in members that end in _ns,
 * members are sorted, and within a schema's number members are only added (data/schema/).
 */

#include "analysis/analysis.h"
#include "app/cli/cli-output.h"
#include "app/cli/json-stream.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) an object with "schema": "gander/@schema/1" and "generator". */
JsonObject *gander_json_new (const char *schema) G_GNUC_WARN_UNUSED_RESULT;

/* Adds "trace" and "damage". */
void gander_json_set_trace (JsonObject *object, const GanderIndex *index);

/* Adds an object with "count", "max_ns" and "total_ns". */
void
gander_json_add_range_sum (GanderJsonStream *stream, const char *name, const GanderRangeSum *sum);

/* Returns: (transfer full) the facts of a trace, its members in order. */
JsonObject *gander_json_from_facts (const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) an object per damage, its members in order. */
JsonArray *gander_json_from_damage (const GanderIndex *index) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) what a member for cells of @column is called: "sched_wait_ns" for
 * "sched-wait". */
char *gander_json_name_of (const GanderColumn *column) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) an object per row; "sched-wait" becomes "sched_wait_ns". */
JsonArray *gander_json_from_table (const GanderTable *table) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @object (transfer full) with sorted members; pretty, or as one line. */
void gander_json_write (GanderOutput *output, JsonObject *object, gboolean pretty);

G_END_DECLS
