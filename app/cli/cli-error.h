/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Errors of the command line itself, and the exit statuses that all errors lead to. */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_CLI_ERROR (gander_cli_error_quark ())
GQuark gander_cli_error_quark (void);

typedef enum
{
  GANDER_CLI_ERROR_USAGE,   /* the command line says something that cannot be done */
  GANDER_CLI_ERROR_GATE,    /* what was asked to fail on is so */
  GANDER_CLI_ERROR_DAMAGED, /* --strict, and the trace is damaged */
} GanderCliError;

typedef enum
{
  GANDER_EXIT_DONE = 0,
  GANDER_EXIT_GATE = 1,
  GANDER_EXIT_USAGE = 2,
  GANDER_EXIT_NOT_A_TRACE = 3,
  GANDER_EXIT_DAMAGED = 4,
  GANDER_EXIT_FILE = 5,
  GANDER_EXIT_BUG = 70,
  GANDER_EXIT_INTERRUPTED = 130,
} GanderExit;

typedef struct
{
  GanderExit status;
  const char *meaning;
} GanderExitMeaning;

/* Returns: (transfer none) (array length=n) every status with its meaning, ascending. */
const GanderExitMeaning *gander_exit_get_list (guint *n);

/* Sets a GANDER_CLI_ERROR_USAGE.
 *
 * Returns: FALSE, so that one line both tells and gives up. */
gboolean gander_cli_error_set_usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Finds what @word was probably meant to be: the one of @words (NULL-terminated) that is one or two
 * slips of the finger away.
 *
 * Returns: (transfer full) "; did you mean “stats”?", or "". */
char *gander_cli_error_suggest (const char *word,
                                const char *const *words) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: the status that @error ends the program with. */
GanderExit gander_exit_from_error (const GError *error);

G_END_DECLS
