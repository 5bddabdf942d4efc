/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The page that stands where a trace would, when it could not be opened. Its buttons activate
 * "win.open" and "win.reload".
 */

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_TROUBLE_VIEW (gander_trouble_view_get_type ())
G_DECLARE_FINAL_TYPE (GanderTroubleView, gander_trouble_view, GANDER, TROUBLE_VIEW, AdwBin)

/* Shows what @error says about @file. */
void gander_trouble_view_show (GanderTroubleView *self, GFile *file, const GError *error);

G_END_DECLS
