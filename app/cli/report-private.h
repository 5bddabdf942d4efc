/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parts of the report for programs, a function for each member or for members that follow each
 * other. FALSE is G_IO_ERROR_CANCELLED.
 */

#include "app/cli/json-stream.h"
#include "app/cli/report.h"

G_BEGIN_DECLS

/* Counts by name, for members of an object that are known only when the trace is. */
GArray *gander_report_counts_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @name is transfer full. Nothing of a kind is left out. */
void gander_report_counts_add (GArray *counts, char *name, guint64 value);
/* Writes an object with a member for each, in the order of their names. */
void gander_report_json_add_counts (GanderJsonStream *stream, const char *name, GArray *counts);

/* "gc". */
gboolean gander_report_json_add_gc (const GanderReport *self,
                                    GanderJsonStream *stream,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "goroutines", "groups". */
gboolean gander_report_json_add_goroutines (const GanderReport *self,
                                            GanderJsonStream *stream,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "logs", "logs_total". */
void gander_report_json_add_logs (const GanderReport *self, GanderJsonStream *stream);

/* "mmu". */
gboolean gander_report_json_add_mmu (const GanderReport *self,
                                     GanderJsonStream *stream,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "occupancy". */
gboolean gander_report_json_add_occupancy (const GanderReport *self,
                                           GanderJsonStream *stream,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "procs". */
gboolean gander_report_json_add_procs (const GanderReport *self,
                                       GanderJsonStream *stream,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "profiles". */
gboolean gander_report_json_add_profiles (const GanderReport *self,
                                          GanderJsonStream *stream,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "region_types", "regions". */
gboolean gander_report_json_add_regions (const GanderReport *self,
                                         GanderJsonStream *stream,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "task_types", "tasks". */
gboolean gander_report_json_add_tasks (const GanderReport *self,
                                       GanderJsonStream *stream,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
