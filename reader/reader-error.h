/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Errors that end a load, with the byte where the fault is. What does not end a load is
 * damage (damage.h).
 */

#include <glib.h>

G_BEGIN_DECLS

#define GANDER_READER_ERROR (gander_reader_error_quark ())
GQuark gander_reader_error_quark (void);

/* What the user could do differently, not where it was noticed. */
typedef enum
{
  GANDER_READER_ERROR_NOT_A_TRACE,         /* the message names what the file looks like */
  GANDER_READER_ERROR_EMPTY,               /* no bytes at all */
  GANDER_READER_ERROR_UNSUPPORTED_VERSION, /* Go 1.21 and older, for now */
  GANDER_READER_ERROR_NOTHING_READABLE,    /* a trace, but not one event can be saved */
  GANDER_READER_ERROR_TRUNCATED,           /* a value runs past the end of its bytes */
  GANDER_READER_ERROR_CORRUPT,             /* a value that the format forbids */
  GANDER_READER_ERROR_TOO_LARGE,           /* a limit was reached; the message names it */
  GANDER_READER_ERROR_BAD_INDEX,           /* an index file that is not ours, old or broken */
} GanderReaderError;

/* Sets a GANDER_READER_ERROR whose message begins "byte @offset: ". */
void gander_reader_error_set (GError **error,
                              GanderReaderError code,
                              guint64 offset,
                              const char *format,
                              ...) G_GNUC_PRINTF (4, 5);

/* Returns: the byte of the fault, or -1 when @error carries none. */
gint64 gander_reader_error_get_offset (const GError *error);

G_END_DECLS
