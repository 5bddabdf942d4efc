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
  const char *arguments;  /* "FILE…" */
  const char *summary;    /* one line for the list of commands */
  const char *details;    /* what --help adds */
  const char *options;    /* blank-separated names, without those that every command has */
  const char *formats;    /* blank-separated, the first is usual; "" = none */
  const char *choices;    /* what options can be set to, "by:func,goroutine type:net,sync", or NULL:
                             the names of cli-options.def, or anything */
  const char *example;    /* what --help shows after the name of the command */
  char **(*words) (void); /* (nullable) what the first argument can be, when it is no file:
                             (transfer full) */
  guint min_files;
  guint max_files;
  gboolean (*run) (GanderCall *call, GError **error);
};

/* Returns: (transfer none) (array length=n) */
const GanderCommand *gander_commands_get (guint *n);

/* Returns: (transfer none) (nullable) the command with this name. */
const GanderCommand *gander_commands_find (const char *name);

/* Returns: (transfer full) blank-separated names of the options that @self has in common with all
 * commands; --format and --json only when it has formats. NULL: all there are. */
char *gander_command_get_common_options (const GanderCommand *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (nullable) all that option @name of @self can be set to, or NULL when
 * that cannot be listed. */
char **gander_command_get_choices (const GanderCommand *self,
                                   const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The functions of the table. Each does one command with what @call says, and returns FALSE with an
 * error when it cannot. */
gboolean gander_command_summary (GanderCall *call, GError **error);
gboolean gander_command_stats (GanderCall *call, GError **error);
gboolean gander_command_tasks (GanderCall *call, GError **error);
gboolean gander_command_wakeups (GanderCall *call, GError **error);
gboolean gander_command_gc (GanderCall *call, GError **error);
gboolean gander_command_sched (GanderCall *call, GError **error);
gboolean gander_command_assert (GanderCall *call, GError **error);
gboolean gander_command_events (GanderCall *call, GError **error);
gboolean gander_command_diff (GanderCall *call, GError **error);
gboolean gander_command_report (GanderCall *call, GError **error);
gboolean gander_command_profile (GanderCall *call, GError **error);
gboolean gander_command_render (GanderCall *call, GError **error);
gboolean gander_command_index (GanderCall *call, GError **error);
gboolean gander_command_cache (GanderCall *call, GError **error);
gboolean gander_command_sample (GanderCall *call, GError **error);
gboolean gander_command_completion (GanderCall *call, GError **error);
gboolean gander_command_version (GanderCall *call, GError **error);
gboolean gander_command_help (GanderCall *call, GError **error);

/* Returns: (transfer full) what the first argument of these commands can be. */
char **gander_command_sample_words (void) G_GNUC_WARN_UNUSED_RESULT;
char **gander_command_completion_words (void) G_GNUC_WARN_UNUSED_RESULT;
char **gander_command_help_words (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
