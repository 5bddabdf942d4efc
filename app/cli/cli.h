/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The command line: everything that answers without a window. The same code serves gander-cli,
 * which links no GTK, and the headless subcommands of gander.
 */

#include "app/cli/examples.h"

G_BEGIN_DECLS

/* Runs one command line, argv[0] being the name of the program. Results go to standard output, all
 * else to standard error.
 *
 * Returns: the exit status, see gander_exit_get_list () in cli-error.h. */
int gander_cli_run (int argc, char **argv);

/* Returns: whether @word is the name of a subcommand. */
gboolean gander_cli_is_command (const char *word);

G_END_DECLS
