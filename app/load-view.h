/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* How far the reading of one trace is: name, size, bar, numbers. */

#include "app/loader.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define GANDER_TYPE_LOAD_VIEW (gander_load_view_get_type ())
G_DECLARE_FINAL_TYPE (GanderLoadView, gander_load_view, GANDER, LOAD_VIEW, AdwBin)

/* Returns: (transfer floating) a view that follows @loader. */
GtkWidget *gander_load_view_new (GanderLoader *loader);

G_END_DECLS
