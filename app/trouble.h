/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Why a file could not be opened, in words for people: first a fact, then what can be done.
 * Pure text; the page that shows it is trouble-view.h.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* Free with gander_trouble_clear (). */
typedef struct
{
  const char *icon;  /* name of a symbolic icon */
  char *title;       /* "trace.out is empty" */
  char *description; /* a sentence or two */
  char *details;     /* path, place and the reader's own message, for a bug report */
} GanderTrouble;

/* Fills @self with what @error says about @file. */
void gander_trouble_init (GanderTrouble *self, GFile *file, const GError *error);

void gander_trouble_clear (GanderTrouble *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GanderTrouble, gander_trouble_clear)

G_END_DECLS
