/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/remembered.h"

#include <errno.h>
#include <glib/gstdio.h>

#define GROUP          "window"
#define DEFAULT_WIDTH  1280
#define DEFAULT_HEIGHT 800
#define MIN_WIDTH      720
#define MIN_HEIGHT     480
#define MAX_LENGTH     16384 /* no screen is larger, a broken file may say anything */

static const char *const appearance_ids[GANDER_N_APPEARANCES] = {
  [GANDER_APPEARANCE_SYSTEM] = "system",
  [GANDER_APPEARANCE_LIGHT] = "light",
  [GANDER_APPEARANCE_DARK] = "dark",
};

const char *
gander_appearance_get_id (GanderAppearance appearance)
{
  g_return_val_if_fail ((guint)appearance < GANDER_N_APPEARANCES, NULL);

  return appearance_ids[appearance];
}

GanderAppearance
gander_appearance_from_id (const char *id)
{
  for (guint i = 0; i < GANDER_N_APPEARANCES; i++)
    if (g_strcmp0 (id, appearance_ids[i]) == 0)
      return (GanderAppearance)i;
  return GANDER_APPEARANCE_SYSTEM;
}

static int
get_length (GKeyFile *file, const char *key, int fallback, int min)
{
  int length = g_key_file_get_integer (file, GROUP, key, NULL);

  return length >= min && length <= MAX_LENGTH ? length : fallback;
}

void
gander_remembered_load (GanderRemembered *self, const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *appearance = NULL;

  /* Not there on the first start; unreadable is as good as not there. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);

  appearance = g_key_file_get_string (file, GROUP, "appearance", NULL);
  *self = (GanderRemembered){
    .width = get_length (file, "width", DEFAULT_WIDTH, MIN_WIDTH),
    .height = get_length (file, "height", DEFAULT_HEIGHT, MIN_HEIGHT),
    .maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL),
    .folder = g_key_file_get_string (file, GROUP, "folder", NULL),
    .appearance = gander_appearance_from_id (appearance),
  };
}

gboolean
gander_remembered_save (const GanderRemembered *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error,
                   G_FILE_ERROR,
                   (int)g_file_error_from_errno (code),
                   "%s: %s",
                   folder,
                   g_strerror (code));
      return FALSE;
    }

  g_key_file_set_integer (file, GROUP, "width", self->width);
  g_key_file_set_integer (file, GROUP, "height", self->height);
  g_key_file_set_boolean (file, GROUP, "maximized", self->maximized);
  g_key_file_set_string (file, GROUP, "appearance", gander_appearance_get_id (self->appearance));
  if (self->folder != NULL)
    g_key_file_set_string (file, GROUP, "folder", self->folder);

  return g_key_file_save_to_file (file, path, error);
}

void
gander_remembered_clear (GanderRemembered *self)
{
  g_free (self->folder);
  *self = (GanderRemembered){ 0 };
}

char *
gander_remembered_get_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "gander", "window.ini", NULL);
}
