/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The commands: one table that feeds the parser, --help, help, and the test of the manual page. A
 * command is added by its row in commands.c and its function in a cmd-*.c.
 */

#include "app/cli/cli-call.h"

G_BEGIN_DECLS

struct _GanderCommand
{
  const char *name;
  const char *arguments; /* "FILE…" */
  const char *summary;   /* one line for the list of commands */
  const char *details;   /* what --help adds */
  const char *options;   /* blank-separated names, without those that every command has */
  const char *formats;   /* blank-separated, the first is usual; "" = none */
  const char *choices;   /* what options can be set to, "by:func,goroutine type:net,sync", or NULL:
                            the names of cli-options.def, or anything */
  guint min_files;
  guint max_files;
  gboolean (*run) (GanderCall *call, GError **error);
};

/* Returns: (transfer none) (array length=n) */
const GanderCommand *gander_commands_get (guint *n);

/* Returns: (transfer none) (nullable) the command with this name. */
const GanderCommand *gander_commands_find (const char *name);

/* Returns: (transfer none) blank-separated names of the options that every command has. */
const char *gander_commands_get_common_options (void);

/* Returns: (transfer full) (nullable) all that option @name of @self can be set to, or NULL when
 * that cannot be listed. */
char **gander_command_get_choices (const GanderCommand *self,
                                   const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The functions of the table. Each does one command with what @call says, and returns FALSE with an
 * error when it cannot. */
gboolean gander_command_summary (GanderCall *call, GError **error);
gboolean gander_command_stats (GanderCall *call, GError **error);
gboolean gander_command_events (GanderCall *call, GError **error);
gboolean gander_command_diff (GanderCall *call, GError **error);
gboolean gander_command_report (GanderCall *call, GError **error);
gboolean gander_command_render (GanderCall *call, GError **error);
gboolean gander_command_index (GanderCall *call, GError **error);
gboolean gander_command_version (GanderCall *call, GError **error);
gboolean gander_command_help (GanderCall *call, GError **error);

G_END_DECLS
