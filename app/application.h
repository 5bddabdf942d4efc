/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one process behind all windows. */

#include "app/remembered.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_APPLICATION (gander_application_get_type ())
G_DECLARE_FINAL_TYPE (GanderApplication, gander_application, GANDER, APPLICATION, AdwApplication)

/* Returns: (transfer full) the application; run it with g_application_run (). */
GanderApplication *gander_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) what the next start should find; free to change. */
GanderRemembered *gander_application_get_remembered (GanderApplication *self);

/* Writes it to disk now. */
void gander_application_remember (GanderApplication *self);

G_END_DECLS
