/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Folders that a test makes for itself. */

#include <glib.h>

G_BEGIN_DECLS

/* Returns: how many files and folders are in @path itself; 0 when it is not there. */
guint test_folder_count (const char *path);

/* Removes @path with all that is in it, whatever its mode. Links are not followed. */
void test_folder_remove (const char *path);

G_END_DECLS
