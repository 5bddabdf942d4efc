/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The words behind "gander" on the command line. Needs no display. */

#include <gio/gio.h>

G_BEGIN_DECLS

#define GANDER_COMMAND_LINE_ERROR (gander_command_line_error_quark ())
GQuark gander_command_line_error_quark (void);

typedef enum
{
  GANDER_COMMAND_LINE_ERROR_USAGE, /* options that do not go together */
} GanderCommandLineError;

/* Zero-initialised with = { 0 }; free with gander_command_line_clear (). */
typedef struct
{
  gboolean compare;
  gboolean new_window;
  gboolean version;
  gboolean help;
  char **files; /* (nullable) as they were written */
} GanderCommandLine;

void gander_command_line_clear (GanderCommandLine *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCommandLine, gander_command_line_clear)

/* Fills @self from @argv, the program's name first. Prints nothing and never exits.
 *
 * Returns: FALSE with a G_OPTION_ERROR or GANDER_COMMAND_LINE_ERROR when the words make no
 * sense; @self is then empty. */
gboolean gander_command_line_parse (GanderCommandLine *self,
                                    const char *const *argv,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) the text of --help. */
char *gander_command_line_get_help (void);

G_END_DECLS
