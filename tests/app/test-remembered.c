/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/remembered.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
fixture_set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("gander-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "window.ini", NULL);
}

static void
fixture_tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static void
test_defaults (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GanderRemembered remembered;

  gander_remembered_load (&remembered, self->path);
  g_assert_cmpint (remembered.width, ==, 1280);
  g_assert_cmpint (remembered.height, ==, 800);
  g_assert_false (remembered.maximized);
  g_assert_null (remembered.folder);
  g_assert_cmpint (remembered.appearance, ==, GANDER_APPEARANCE_SYSTEM);
  gander_remembered_clear (&remembered);
}

static void
test_round_trip (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GanderRemembered saved = {
    .width = 1024,
    .height = 700,
    .maximized = TRUE,
    .folder = g_strdup ("file:///tmp/two%20words"),
    .appearance = GANDER_APPEARANCE_DARK,
  };
  GanderRemembered loaded;
  g_autoptr (GError) error = NULL;

  g_assert_true (gander_remembered_save (&saved, self->path, &error));
  g_assert_no_error (error);
  gander_remembered_load (&loaded, self->path);
  g_assert_cmpint (loaded.width, ==, saved.width);
  g_assert_cmpint (loaded.height, ==, saved.height);
  g_assert_true (loaded.maximized);
  g_assert_cmpstr (loaded.folder, ==, saved.folder);
  g_assert_cmpint (loaded.appearance, ==, saved.appearance);
  gander_remembered_clear (&saved);
  gander_remembered_clear (&loaded);
}

static void
test_nonsense (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const texts[] = {
    "[window]\nwidth=-5\nheight=999999999\nappearance=green\n",
    "[window]\nwidth=wide\nheight=1\n",
    "not a key file\n",
    "[window]\nwidth=99999999999999999999\nheight=",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GanderRemembered remembered;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (self->path, texts[i], -1, &error));
      gander_remembered_load (&remembered, self->path);
      g_assert_cmpint (remembered.width, ==, 1280);
      g_assert_cmpint (remembered.height, ==, 800);
      g_assert_cmpint (remembered.appearance, ==, GANDER_APPEARANCE_SYSTEM);
      gander_remembered_clear (&remembered);
    }
}

static void
test_cannot_write (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  GanderRemembered remembered = { .width = 1280, .height = 800 };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (self->path, "below", "window.ini", NULL);

  /* A file where the folder should be. */
  g_assert_true (g_file_set_contents (self->path, "", 0, NULL));
  g_assert_false (gander_remembered_save (&remembered, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

static void
test_appearances (void)
{
  for (guint i = 0; i < GANDER_N_APPEARANCES; i++)
    g_assert_cmpint (gander_appearance_from_id (gander_appearance_get_id ((GanderAppearance)i)),
                     ==,
                     i);
  g_assert_cmpint (gander_appearance_from_id (NULL), ==, GANDER_APPEARANCE_SYSTEM);
}

#define ADD(path, func) \
  g_test_add ("/remembered/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("defaults", test_defaults);
  ADD ("round-trip", test_round_trip);
  ADD ("nonsense", test_nonsense);
  ADD ("cannot-write", test_cannot_write);
  g_test_add_func ("/remembered/appearances", test_appearances);
  return g_test_run ();
}
