/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a window shows while no trace is open: Open, the samples, recent files, how to record.
 * Its rows and buttons activate "win.open", "win.open-uri" and "win.compare".
 */

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_START_PAGE (gander_start_page_get_type ())
G_DECLARE_FINAL_TYPE (GanderStartPage, gander_start_page, GANDER, START_PAGE, AdwBin)

G_END_DECLS
