/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"

#include "analysis/analysis.h"
#include "reader/reader.h"

#include <string.h>

/* More differences than these are another word. */
#define MAX_SLIPS 2

/* clang-format off */
G_DEFINE_QUARK (gander-cli-error-quark, gander_cli_error)
/* clang-format on */

static const GanderExitMeaning meanings[] = {
  { GANDER_EXIT_DONE, "done; a damaged trace included, with a warning" },
  { GANDER_EXIT_GATE, "a gate that was asked for tripped" },
  { GANDER_EXIT_USAGE, "wrong usage" },
  { GANDER_EXIT_NOT_A_TRACE, "not a Go execution trace, or nothing readable in it" },
  { GANDER_EXIT_DAMAGED, "the trace is damaged, and --strict was given" },
  { GANDER_EXIT_FILE, "trouble with a file, the disk, memory or permissions" },
  { GANDER_EXIT_BUG, "a bug in Gander" },
  { GANDER_EXIT_INTERRUPTED, "interrupted" },
};

const GanderExitMeaning *
gander_exit_get_list (guint *n)
{
  *n = G_N_ELEMENTS (meanings);
  return meanings;
}

/* A limit that was reached and a cache that cannot be used are matters of this machine; everything
 * else that the reader refuses is the trace's fault. */
static GanderExit
exit_from_reader_error (int code)
{
  return code == GANDER_READER_ERROR_TOO_LARGE || code == GANDER_READER_ERROR_BAD_INDEX
             ? GANDER_EXIT_FILE
             : GANDER_EXIT_NOT_A_TRACE;
}

GanderExit
gander_exit_from_error (const GError *error)
{
  if (g_error_matches (error, GANDER_CLI_ERROR, GANDER_CLI_ERROR_DAMAGED))
    return GANDER_EXIT_DAMAGED;
  if (g_error_matches (error, GANDER_CLI_ERROR, GANDER_CLI_ERROR_GATE))
    return GANDER_EXIT_GATE;
  if (error->domain == GANDER_CLI_ERROR || error->domain == GANDER_ANALYSIS_ERROR ||
      error->domain == G_OPTION_ERROR)
    return GANDER_EXIT_USAGE;
  if (error->domain == GANDER_READER_ERROR)
    return exit_from_reader_error (error->code);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return GANDER_EXIT_INTERRUPTED;
  if (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR)
    return GANDER_EXIT_FILE;
  return GANDER_EXIT_BUG;
}

gboolean
gander_cli_error_set_usage (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, GANDER_CLI_ERROR, GANDER_CLI_ERROR_USAGE, message);
  return FALSE;
}

/* How many bytes must be put in, left out or changed to get from one word to the other. */
static gsize
count_slips (const char *a, const char *b)
{
  gsize size = strlen (b);
  g_autofree gsize *row = g_new (gsize, size + 1);

  for (gsize k = 0; k <= size; k++)
    row[k] = k;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      gsize diagonal = i;

      row[0] = i + 1;
      for (gsize k = 0; k < size; k++)
        {
          gsize change = diagonal + (a[i] != b[k]);

          diagonal = row[k + 1];
          row[k + 1] = MIN (change, MIN (row[k], row[k + 1]) + 1);
        }
    }
  return row[size];
}

char *
gander_cli_error_suggest (const char *word, const char *const *words)
{
  const char *best = NULL;
  gsize least = MAX_SLIPS + 1;

  /* What is that long was not typed. */
  if (strlen (word) > 64)
    return g_strdup ("");
  for (gsize i = 0; words[i] != NULL; i++)
    {
      gsize slips = count_slips (word, words[i]);

      if (slips < least && slips < strlen (words[i]))
        {
          least = slips;
          best = words[i];
        }
    }
  return best == NULL ? g_strdup ("") : g_strdup_printf ("; did you mean “%s”?", best);
}
