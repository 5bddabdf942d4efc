/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The time from the start of a process to the first picture of a trace in Gander's own window. */

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The first word of a process that measures itself. */
#define BENCH_FIRST_PICTURE "--measure-first-picture"

/* Such a process: @argv is its name, BENCH_FIRST_PICTURE, the time of its start in ns, and perhaps
 * a trace. It prints one number for each phase. Returns: its exit status. */
int bench_first_picture_run (int argc, char *argv[]);

/* Starts @program as such a process, @runs times for each of an empty window, of @trace with its
 * index in @cache, and of @trace without one, in turns. Prints the medians and adds them to @json.
 */
void bench_first_picture (const char *program,
                          const char *trace,
                          const char *cache,
                          guint runs,
                          JsonBuilder *json);

G_END_DECLS
