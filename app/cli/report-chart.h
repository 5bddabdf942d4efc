/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Pictures of the HTML report, as SVG elements whose colours come from its style sheet. Each is as
 * large for a long trace as for a short one.
 */

#include "analysis/analysis.h"

G_BEGIN_DECLS

/* Part of a bar, coloured by its class. */
typedef struct
{
  const char *style; /* "running" */
  GanderTime length;
} GanderReportPart;

/* Appends a bar in which @whole is as wide as it can be. @words say what it shows. */
void gander_report_append_bar (GString *out,
                               const GanderReportPart *parts,
                               guint n,
                               GanderTime whole,
                               const char *words);

/* Appends the live heap, its goal, and when marking ran; nothing if the trace does not tell. */
void gander_report_append_heap (GString *out, const GanderIndex *index, const GanderGc *gc);

/* Appends the minimum mutator utilisation by window; nothing if the trace does not tell. */
void gander_report_append_mmu (GString *out, const GanderMmu *mmu);

/* Appends the timeline, light and dark, as the window draws it. */
void gander_report_append_timeline (GString *out, GanderIndex *index);

G_END_DECLS
