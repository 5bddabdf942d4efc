/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the next start should find as it was: the window's size, the folder last opened from,
 * light or dark. A key file in the user's state folder; none of it is a setting worth a schema,
 * which would have to be compiled and found before the program may start.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GANDER_APPEARANCE_SYSTEM,
  GANDER_APPEARANCE_LIGHT,
  GANDER_APPEARANCE_DARK,
  GANDER_N_APPEARANCES,
} GanderAppearance;

/* Returns: (transfer none) "system", "light" or "dark". */
const char *gander_appearance_get_id (GanderAppearance appearance);

/* Returns: the appearance called @id, SYSTEM for any other word. */
GanderAppearance gander_appearance_from_id (const char *id);

/* Free with gander_remembered_clear (). */
typedef struct
{
  int width; /* application pixels */
  int height;
  gboolean maximized;
  char *folder; /* (nullable) URI of the folder that a file was last opened from */
  GanderAppearance appearance;
} GanderRemembered;

/* Fills @self from the key file at @path; what is missing, unreadable or out of bounds gets its
 * default. */
void gander_remembered_load (GanderRemembered *self, const char *path);

/* Writes @self to @path, whose folder is made when it is missing.
 *
 * Returns: FALSE with a G_FILE_ERROR when it cannot be written. */
gboolean gander_remembered_save (const GanderRemembered *self, const char *path, GError **error);

void gander_remembered_clear (GanderRemembered *self);

/* Returns: (transfer full) where the user's key file is. */
char *gander_remembered_get_path (void);

G_END_DECLS
