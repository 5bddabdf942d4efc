/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One decoded event as a line of text, or as JSON. */

#include "reader/reader.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Appends time, thread, processor, goroutine, name and arguments, and where it happened: the first
 * frame that is not the runtime's, or with @stacks every frame on a line of its own. */
void gander_event_text_append (GString *out,
                               const GanderEvent *event,
                               const GanderDictionary *dictionary,
                               gboolean stacks);

/* Returns: (transfer full) the event with every field that its kind has. */
JsonObject *gander_event_text_to_json (const GanderEvent *event, const GanderDictionary *dictionary)
    G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) what the event is called: Go's name on the wire ("GoBlock"), else that
 * of its kind. */
const char *gander_event_text_get_name (const GanderEvent *event);

G_END_DECLS
