/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one process behind all windows. */

#include "app/loader.h"
#include "app/remembered.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_APPLICATION (gander_application_get_type ())
G_DECLARE_FINAL_TYPE (GanderApplication, gander_application, GANDER, APPLICATION, AdwApplication)

/* Returns: (transfer full) the application; run it with g_application_run (). */
GanderApplication *gander_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Says before the application runs that @file will be opened: it is begun to be read while GTK
 * starts, if this process is the one to show it. */
void gander_application_expect (GanderApplication *self, GFile *file);

/* Returns: (transfer full) the loader of @file that was begun ahead, or a new one. */
GanderLoader *gander_application_take_loader (GanderApplication *self,
                                              GFile *file) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) what the next start should find; free to change. */
GanderRemembered *gander_application_get_remembered (GanderApplication *self);

/* Writes it to disk now. */
void gander_application_remember (GanderApplication *self);

G_END_DECLS
