/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* JSON that is written while it is made: for documents too large to hold in memory. The caller
 * names the members of an object in their sorted order, as all documents have them. What is inside
 * a list takes a line per element, all else a line per member.
 */

#include "analysis/analysis.h"
#include "app/cli/cli-output.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  GanderOutput *output; /* (unowned) */
  GString *text;        /* not yet written */
  guint depth;
  guint in_line;   /* depth at which all comes on one line, or 0 */
  guint64 arrays;  /* a bit per depth: it is a list */
  guint64 started; /* a bit per depth: it has an element */
} GanderJsonStream;

/* Begins a document on @output, which must stay. */
void gander_json_stream_init (GanderJsonStream *self, GanderOutput *output);

/* Writes what is left. */
void gander_json_stream_clear (GanderJsonStream *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderJsonStream, gander_json_stream_clear)

/* @name is NULL for an element of a list, and for the document itself. */
void gander_json_stream_begin_object (GanderJsonStream *self, const char *name);
void gander_json_stream_begin_array (GanderJsonStream *self, const char *name);
/* Ends what was begun last. */
void gander_json_stream_end (GanderJsonStream *self);

void gander_json_stream_add_integer (GanderJsonStream *self, const char *name, gint64 value);
void gander_json_stream_add_unsigned (GanderJsonStream *self, const char *name, guint64 value);
/* A number that is not finite is written as null. */
void gander_json_stream_add_double (GanderJsonStream *self, const char *name, double value);
void gander_json_stream_add_boolean (GanderJsonStream *self, const char *name, gboolean value);
/* @text is valid UTF-8; NULL is written as null. */
void gander_json_stream_add_string (GanderJsonStream *self, const char *name, const char *text);
/* For small parts that are there already; its members are in order. */
void gander_json_stream_add_node (GanderJsonStream *self, const char *name, JsonNode *node);

/* An object per row of @table, members in order. */
void
gander_json_stream_add_table (GanderJsonStream *self, const char *name, const GanderTable *table);

/* The members "damage" and "trace", which documents about one trace have. */
void gander_json_stream_add_damage (GanderJsonStream *self, const GanderIndex *index);
void gander_json_stream_add_trace (GanderJsonStream *self, const GanderIndex *index);

G_END_DECLS
