/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where results go: standard output or a file that appears whole or not at all. Writing never fails
 * by itself: the first trouble is kept, the rest is dropped, and closing tells.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanderOutput GanderOutput;

/* @path NULL or "-" is standard output. A file that is one of @inputs (NULL-terminated), or that
 * holds a trace or something compressed but a profile, is refused without @force. */
GanderOutput *gander_output_open (const char *path,
                                  const char *const *inputs,
                                  gboolean force,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says whether what was written holds; if not, sets an error. */
typedef gboolean (*GanderOutputGuard) (gpointer data, GError **error);

/* @guard is asked before the last of it is written: when it says FALSE, a file is not put in place,
 * and of standard output what is still held is thrown away. */
void gander_output_set_guard (GanderOutput *self, GanderOutputGuard guard, gpointer data);

/* Frees @self; what was written to a file and not closed is thrown away. */
void gander_output_free (GanderOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderOutput, gander_output_free)

gboolean gander_output_is_terminal (const GanderOutput *self);

void gander_output_write (GanderOutput *self, const char *text, gssize size);
void gander_output_printf (GanderOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Returns: whether something could not be written; the reader has gone, the disk is full. */
gboolean gander_output_has_failed (const GanderOutput *self);

/* Writes what is left and puts the file in place. A reader that has gone is no error.
 *
 * Returns: FALSE with a G_IO_ERROR, or the guard's error. */
gboolean gander_output_close (GanderOutput *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @path is a file that must not be overwritten by accident: one of @inputs, a trace, or
 * something compressed. */
gboolean gander_output_check (const char *path,
                              const char *const *inputs,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
