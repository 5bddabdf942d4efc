/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The options of all commands, from the one table cli-options.def, and how they are read. Long
 * options take one dash or two, as those of Go's tools do.
 */

#include "reader/reader.h"

G_BEGIN_DECLS

#define GANDER_OPTION_TYPE_FLAG   gboolean
#define GANDER_OPTION_TYPE_TEXT   char *
#define GANDER_OPTION_TYPE_NUMBER int
#define GANDER_OPTION_TYPE_LIST   char **

/* What was given; NULL, 0 and FALSE when it was not. */
typedef struct
{
#define OPTION(member, type, name, letter, argument, help) GANDER_OPTION_TYPE_##type member;
#include "app/cli/cli-options.def"
#undef OPTION
} GanderCliOptions;

typedef struct
{
  const char *name;
  char letter;          /* 0 = none */
  const char *argument; /* NULL = a flag */
  const char *help;
} GanderOptionSpec;

/* Returns: (transfer none) (nullable) the option with this long name. */
const GanderOptionSpec *gander_cli_options_find (const char *name);

/* Takes the options listed in @names (blank-separated) out of @args, which keeps the rest.
 * @args is changed in place, argv[0] included. */
gboolean gander_cli_options_parse (GanderCliOptions *self,
                                   const char *names,
                                   char ***args,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) (nullable) the text that was given to option @name, or NULL; NULL for
 * what is no text. */
const char *gander_cli_options_get_text (const GanderCliOptions *self, const char *name);

void gander_cli_options_clear (GanderCliOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderCliOptions, gander_cli_options_clear)

/* Reads --range; without one it is [0, @duration). The range is cut at the borders of the trace.
 * @duration of G_MAXINT64: not known yet. */
gboolean gander_cli_options_get_range (const GanderCliOptions *self,
                                       GanderTime duration,
                                       GanderTime *begin,
                                       GanderTime *end,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads --goroutine.
 *
 * Returns: (transfer full) (nullable) the ids, of gint64; NULL with a usage error. */
GArray *gander_cli_options_get_goroutines (const GanderCliOptions *self,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads one of "auto", "always", "never"; @automatic is the answer to auto.
 *
 * Returns: FALSE and a usage error for anything else. */
gboolean gander_cli_options_get_when (const char *name,
                                      const char *value,
                                      gboolean automatic,
                                      gboolean *out,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
