/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Everything that is known of a trace, in one document: for programs, for an issue, for a browser.
 * The formats say the same figures; only the one for programs has every row.
 */

#include "analysis/analysis.h"
#include "app/cli/cli-output.h"

G_BEGIN_DECLS

/* What a report is made from. */
typedef struct
{
  GanderIndex *index;        /* (unowned) */
  const GanderScope *scope;  /* (unowned) the whole trace */
  GCancellable *cancellable; /* (unowned) */
} GanderReport;

/* Each writes the whole document, and returns FALSE with G_IO_ERROR_CANCELLED. */
gboolean gander_report_write_json (const GanderReport *self,
                                   GanderOutput *output,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gander_report_write_markdown (const GanderReport *self,
                                       GanderOutput *output,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean gander_report_write_html (const GanderReport *self,
                                   GanderOutput *output,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
