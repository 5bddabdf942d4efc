/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Errors of questions: what was asked cannot be answered. Trouble with a trace never comes
 * from here, that is reader/reader-error.h and reader/damage.h.
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_ANALYSIS_ERROR (gander_analysis_error_quark ())
GQuark gander_analysis_error_quark (void);

typedef enum
{
  GANDER_ANALYSIS_ERROR_BAD_DURATION,  /* a text is no duration in Go's form, or out of bounds */
  GANDER_ANALYSIS_ERROR_BAD_CONDITION, /* no condition of condition.h */
  GANDER_ANALYSIS_ERROR_UNKNOWN_NAME,  /* a name of a condition or figure means nothing */
} GanderAnalysisError;

G_END_DECLS
